"""Functions of torch, on tensors of the graph: the same as for code that is read."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from ...errors import LimitError, SymparamsError
from ..graph import traced_tensors as shaping
from ..python.code_objects import MISSING, NotRead
from ..python.code_tensors import CodeTensor
from .live_conversions import LiveConversions
from .live_values import LiveSize, LiveUnknown, NoPart, StandInTensor

# Operators, by torch's names for them.
_OPERATORS: dict[str, tuple[type[ast.operator], bool]] = {
    "__matmul__": (ast.MatMult, False),
    "__rmatmul__": (ast.MatMult, True),
    **{f"__{name}__": (ast.Add, False) for name in ("and", "or", "xor", "rsub", "floordiv", "mod", "pow", "rpow")},
    **{f"__r{name}__": (ast.Mult, True) for name in ("div", "truediv", "floordiv", "mod")},
    **{f"__{name}__": (ast.Add, False) for name in ("eq", "ne", "lt", "le", "gt", "ge")},
    **dict.fromkeys(("sub", "remainder", "fmod", "floor_divide", "pow", "bitwise_and"), (ast.Add, False)),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "bitwise_or", "logical_and"), (ast.Add, False)),
    **dict.fromkeys(("true_divide", "__itruediv__"), (ast.Mult, False)),
}
# What a stand-in says itself, of which the values are those of the tensor that it stands for.
_OF_ITSELF = frozenset(
    """dtype device layout is_cuda is_cpu is_meta is_sparse is_quantized is_nested is_mps is_xpu is_mkldnn is_leaf
    grad_fn itemsize is_floating_point is_complex is_signed element_size get_device is_contiguous is_inference is_neg
    is_conj""".split()  # noqa: SIM905
)
_OF_TRUTH = frozenset("eq ne lt le gt ge logical_not logical_and logical_or isnan isinf isfinite".split())  # noqa: SIM905
_OF_PLACES = frozenset("argmax argmin argsort long".split())  # noqa: SIM905
_CASTS = {
    "float": torch.float32,
    "double": torch.float64,
    "half": torch.float16,
    "bfloat16": torch.bfloat16,
    "int": torch.int32,
    "bool": torch.bool,
}
_METHODS = (type(torch.Tensor.add), type(torch.Tensor.__add__))
Opaque = Callable[[Any, tuple[Any, ...], dict[str, Any], SymparamsError], Any]


class LiveFunctions(LiveConversions, TorchFunctionMode):
    """Answers what the code of a module asks of torch, where a stand-in is in it.

    `opaque` is asked for what is not in the tables, which are those of the code that is read.
    """

    def __init__(self, interpreter: Any, tables: Any, decide: Callable[[Any], bool], device: Any, opaque: Opaque):
        LiveConversions.__init__(self, interpreter, decide, device)
        TorchFunctionMode.__init__(self)
        self.tables = [tables["torch"], tables["torch.nn.functional"]]
        self.opaque = opaque
        self.paused = False

    @contextmanager
    def pause(self) -> Any:
        """Meanwhile torch does what it does."""
        before, self.paused = self.paused, True
        try:
            yield
        finally:
            self.paused = before

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        named = kwargs or {}
        if self.paused or not _any_stand_in((args, named)):
            return func(*args, **named)
        name = getattr(func, "__name__", str(func)).removesuffix(".default")
        if name in ("__get__", "__set__"):
            return self.attribute(func, name, args)
        if name in _OF_ITSELF:
            return _of_itself(func, args, named)
        asked = getattr(self, f"do_{name.strip('_')}", None) if name.startswith("__") else None
        if asked is not None:
            return asked(*self.plain(args), **self.plain(named))
        work = self.work(func, name, args)
        if work is None:
            return self.opaque(func, args, named, NotRead(f"torch's {name} is not read"))
        before = self.before()
        try:
            return self.worked(work, name, args, named)
        except (NoPart, LimitError):
            raise
        except SymparamsError as error:
            self.back_to(before)
            return self.opaque(func, args, named, error)

    def worked(self, work: Callable[..., Any], name: str, args: Any, named: Any) -> Any:
        """What a function gives back: a tensor of its own, unless it works in place."""
        given = self.plain(args)
        found = work(*given, **self.plain(named))
        if type(found) is CodeTensor and not name.endswith("_") and any(found is value for value in given):
            found = CodeTensor(self.program, found.node, found.sizes)
        return self.shown(found, _dtype(name, args, named))

    def work(self, func: Any, name: str, args: Any) -> Callable[..., Any] | None:
        """What the tables have for a function, or a method of a tensor."""
        if name in _OPERATORS:
            kind, reverse = _OPERATORS[name]
            return lambda one, other, *more, **named: self.operation(kind, one, other, reverse)
        if name == "__getitem__":
            return _item if _are_places(args[1]) else CodeTensor.item
        if isinstance(func, _METHODS) or getattr(func, "__qualname__", "").startswith("Tensor."):
            return self.method(name)
        for table in self.tables[:: -1 if "functional" in str(getattr(func, "__module__", "")) else 1]:
            found = table(name)
            if found is not MISSING and hasattr(found, "work"):
                return found.work
        return None

    def method(self, name: str) -> Callable[..., Any] | None:
        def work(tensor: Any, *more: Any, **named: Any) -> Any:
            if not isinstance(tensor, CodeTensor):
                raise NotRead(f"{name} of a value that is no tensor")
            if name.endswith("_"):
                self.changed.append((tensor, tensor.node, tensor.sizes))
            return tensor.attribute(name).work(*more, **named)

        try:
            CodeTensor(self.program, None, ()).attribute(name)
        except AttributeError:
            return None
        return work

    def operation(self, kind: Any, one: Any, other: Any, reverse: bool) -> Any:
        if not isinstance(one, CodeTensor):
            one, other, reverse = other, one, not reverse
        return one.operate(kind, other, reverse)

    def attribute(self, func: Any, name: str, args: Any) -> Any:
        """What an attribute of a tensor is, or that it is set."""
        tensor: StandInTensor = args[0]
        word = func.__self__.__name__
        if name == "__set__":
            if word not in ("requires_grad", "grad"):
                raise NotRead(f"the {word} of a tensor is set")
            return None
        if word in _OF_ITSELF:
            return _of_itself(func, args, {})
        if word == "requires_grad":
            return tensor.own is not None and tensor.own.requires_grad
        if word == "grad":
            return None
        return self.shown(tensor.code.attribute("T" if word in ("mT", "H", "mH") else word), tensor.kind)

    # What Python asks of a tensor

    def do_len(self, tensor: CodeTensor) -> Any:
        return tensor.sizes[0]

    def do_bool(self, tensor: CodeTensor) -> Any:
        raise NotRead("which way the code goes depends on the values of a tensor")

    do_int = do_float = do_index = do_contains = do_array = do_bool

    def do_iter(self, tensor: CodeTensor) -> Any:
        return iter(self.shown(tensor.rows(), None))

    def do_repr(self, tensor: CodeTensor, **named: Any) -> Any:
        return repr(self.shown(tensor, None))

    def do_format(self, tensor: CodeTensor, form: str) -> Any:
        return repr(self.shown(tensor, None))

    def do_hash(self, tensor: CodeTensor) -> Any:
        return id(tensor)

    def do_setitem(self, tensor: CodeTensor, key: Any, value: Any) -> None:
        if isinstance(value, CodeTensor) and value.node is not None:
            raise NotRead("a tensor that flows is put into a part of another")


def _item(tensor: CodeTensor, key: Any) -> Any:
    """What stands at the places that a tensor names, on one axis."""
    keys = key if isinstance(key, tuple) else (key,)
    place = next(place for place, part in enumerate(keys) if isinstance(part, CodeTensor))
    if not all(part is None or isinstance(part, slice) for number, part in enumerate(keys) if number != place):
        raise NotRead("an index that is a tensor, beside other places, is not read")
    tensor.used()
    whole = tensor.item((*keys[:place], slice(None), *keys[place + 1 :]))
    return shaping.taken(whole, place, keys[place].sizes)


def _are_places(key: Any) -> bool:
    """Whether one part of an index is a tensor of whole numbers, and no other a tensor."""
    tensors = [part for part in (key if isinstance(key, tuple) else (key,)) if isinstance(part, torch.Tensor)]
    kinds = [part.kind if isinstance(part, StandInTensor) else part.dtype for part in tensors]
    return len(kinds) == 1 and kinds[0] in (torch.int64, torch.int32)


def _of_itself(func: Any, args: Any, named: Any) -> Any:
    with torch._C.DisableTorchFunction():
        return func(*args, **named)


def _any_stand_in(value: Any) -> bool:
    if isinstance(value, (StandInTensor, LiveSize, LiveUnknown)):
        return True
    if isinstance(value, dict):
        return any(map(_any_stand_in, value.values()))
    if isinstance(value, slice):
        return _any_stand_in((value.start, value.stop, value.step))
    return isinstance(value, (list, tuple)) and any(map(_any_stand_in, value))


def _dtype(name: str, args: Any, named: Any) -> torch.dtype | None:
    """The type of what a function gives back."""
    given = [named.get("dtype"), *(a for a in args if isinstance(a, torch.dtype))]
    chosen = next((dtype for dtype in given if dtype is not None), None)
    bare = name.strip("_")
    if chosen is not None or bare in _CASTS:
        return chosen or _CASTS[bare]
    if bare in _OF_TRUTH:
        return torch.bool
    if bare in _OF_PLACES or name in ("arange", "randint"):
        return torch.int64
    found = [a.kind if isinstance(a, StandInTensor) else a.dtype for a in _tensors(args)]
    return next((dtype for dtype in found if dtype.is_floating_point), found[0] if found else None)


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for part in value for t in _tensors(part)] if isinstance(value, (list, tuple)) else []
