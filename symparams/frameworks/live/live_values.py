"""What the code of a live module gets in place of tensors and of sizes with symbols."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NoReturn

import torch

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_condition, is_symbolic
from ..graph.traced_tensors import sizes_in_words
from ..python.code_objects import NotRead
from ..python.code_tensors import CodeTensor
from ..python.interpreting import shown
from ..python.numbers_read import is_number, rounded, whole
from ..python.python_modules import NAMED_OPERATORS
from ..python.tensor_functions import ValuesAndPlaces

Decide = Callable[[Any], bool]


class NoPart(SymparamsError):
    """A parameter is used that torch does not count."""


class StandInTensor(torch.Tensor):
    """A tensor of the graph as the code of a module has it: it holds no values, and what is done to it is recorded.

    `own` is the parameter or the buffer that it stands for.
    """

    code: CodeTensor
    own: torch.Tensor | None
    kind: torch.dtype

    @staticmethod
    def __new__(cls, code: Any, dtype: torch.dtype, device: Any = "cpu", own: Any = None) -> Any:
        made = torch.Tensor._make_wrapper_subclass(cls, (0,), dtype=dtype, device=device)
        made.code = code
        made.own = own
        made.kind = dtype
        made._is_param = isinstance(own, torch.nn.Parameter)
        return made

    def __repr__(self) -> str:  # type: ignore[override]
        return f"a tensor of shape {sizes_in_words(self.code.sizes)}"

    def __format__(self, form: str) -> str:
        return repr(self)

    def __deepcopy__(self, memo: Any) -> StandInTensor:
        return self

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> NoReturn:
        raise NotRead(f"{getattr(func, '__name__', func)} is called while nothing is traced")

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> NoReturn:
        raise NotRead(f"{func} is called from compiled code")


class LiveSize(torch.SymInt):
    """A size with symbols, or that of the batch."""

    def __init__(self, value: Quantity, interpreter: Any, decide: Decide):
        self.value = value
        self.interpreter = interpreter
        self.decide = decide

    def like(self, value: Any) -> Any:
        """A number as this one; a condition is decided."""
        if is_symbolic(value):
            return LiveSize(value, self.interpreter, self.decide)
        return self.decide(value) if is_condition(value) else value

    def __bool__(self) -> bool:
        return self.decide(domain.compare("!=", self.value, 0))

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return shown(self.value)

    __str__ = __repr__

    def _needed(self, *ignored: Any) -> NoReturn:
        raise NotRead(f"Python needs {shown(self.value)} as a number")

    __int__ = __index__ = __float__ = _needed


class LiveUnknown:
    """A value that is not traced, such as the weights that an attention gives back: nothing may be done with it."""

    def __init__(self, what: str):
        self.what = what

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotRead(f"{self.what} is used, and is not read")


class LiveValuesAndPlaces(ValuesAndPlaces):
    """The largest values along an axis, and their places, as torch gives them back."""

    values = property(lambda self: self[0])
    indices = property(lambda self: self[1])


def _operator(kind: type[ast.operator], reverse: bool) -> Callable[..., Any]:
    def work(self: LiveSize, other: Any) -> Any:
        value = other.value if isinstance(other, LiveSize) else other
        if not is_number(value):
            return NotImplemented
        ends = (value, self.value) if reverse else (self.value, value)
        return self.like(self.interpreter.operation(kind, *ends))

    return work


def _comparison(kind: type[ast.cmpop]) -> Callable[..., Any]:
    def work(self: LiveSize, other: Any) -> Any:
        value = other.value if isinstance(other, LiveSize) else other
        if not is_number(value):
            return kind is ast.NotEq if kind in (ast.Eq, ast.NotEq) else NotImplemented
        return self.like(self.interpreter.compared(kind(), self.value, value))

    return work


def _function(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *more: self.like(function(self.value, *more))


_COMPARISONS = {"eq": ast.Eq, "ne": ast.NotEq, "lt": ast.Lt, "le": ast.LtE, "gt": ast.Gt, "ge": ast.GtE}
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "neg": lambda value: domain.multiply(-1, value),
    "pos": lambda value: value,
    "abs": domain.absolute,
    "floor": domain.floor,
    "ceil": domain.ceiling,
    "trunc": whole,
    "round": rounded,
}
for _name, _kind in NAMED_OPERATORS.items():
    setattr(LiveSize, f"__{_name}__", _operator(_kind, False))
    setattr(LiveSize, f"__r{_name}__", _operator(_kind, True))
for _name, _compared in _COMPARISONS.items():
    setattr(LiveSize, f"__{_name}__", _comparison(_compared))
for _name, _work in _FUNCTIONS.items():
    setattr(LiveSize, f"__{_name}__", _function(_work))
