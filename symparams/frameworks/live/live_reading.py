"""A live module of torch to the program of its network: its code is run on stand-ins, which hold no values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from ...errors import LimitError, Source, SymparamsError
from ...language.dialects import TORCH
from ..graph.growing_program import GrowingProgram, in_words
from ..python import builtin_names
from ..python.code_objects import NotRead, PyObject
from ..python.code_tensors import CodeTensor
from ..python.flowing_weights import FlowingWeights
from ..python.interpreter import Interpreter
from ..python.torch_layers import is_layer
from ..python.torch_modules import TorchModules
from ..python.torch_names import torch_modules
from ..python.torch_networks import RunsTorch
from .live_copies import copied
from .live_decisions import CodeRaised, Decisions, Way
from .live_functions import LiveFunctions
from .live_mirror import Mirror
from .live_opaque import Runs, stand_ins, with_batch
from .live_parts import HasOpaqueParts, raised
from .live_values import NoPart, StandInTensor

# Layers that take numbers of things, not their values.
_OF_TOKENS = ("Embedding", "EmbeddingBag")


class TokensFound(BaseException):
    """An input turns out to hold whole numbers."""

    def __init__(self, name: str):
        self.name = name


class _Interpreter(Interpreter):
    def span(self, node: Any, source: Source | None = None) -> Any:
        return None


class LiveReading(HasOpaqueParts, RunsTorch):
    """One run of a module on stand-ins.

    `tokens` are the inputs that hold whole numbers, `planned` the first decisions, `batch_axis` where the inputs have
    their batch. `written` is the program that is read.
    """

    written: Source

    def __init__(
        self,
        module: nn.Module,
        runs: Runs,
        tokens: set[str],
        planned: list[Way],
        batch_axis: int,
        training: bool = False,
    ):
        self.live = module
        self.training = training
        self.runs = runs
        self.tokens = tokens
        self.batch_axis = batch_axis
        self.source_name = f"<{type(module).__name__}>"
        self.values: Mapping[str, Any] = {}
        self.taken: set[str] = set()
        self.loose: dict[str, Any] = {}
        self.module_paths: dict[Any, str] = {}
        self.called: tuple[list[Any], list[str]] = ([], [])
        self.opaque_parts: dict[Any, str] = {}
        self.program = GrowingProgram(TORCH.name)
        self.interpreter = _Interpreter(self.program, {}, lambda name, level: None)
        self.interpreter.builtins.update(builtin_names.builtins(self.interpreter))
        self.interpreter.strict = 1
        self.decisions = Decisions(self.program, self.interpreter, planned)
        self.torch = TorchModules(self.interpreter, self.program)
        self.torch.counts_buffers = True
        self.device = next((t.device for t in module.parameters()), torch.device("cpu"))
        self.functions = LiveFunctions(
            self.interpreter, torch_modules(self.torch), self.decisions.decide, self.device, self.opaque_function
        )

    def read(self, inputs: Sequence[str]) -> None:
        """Run the module on inputs of these shapes. Raises SymparamsError."""
        self.copy = copied(self.live, self.stand_in_of, training=self.training)
        self.mirror = Mirror(self.torch, self.copy)
        self.torch.root = self.mirror.root
        for tensor in (*self.copy.parameters(), *self.copy.buffers()):
            self.functions.known(tensor)
        self.module_paths = {inner: path for path, inner in self.torch.walk(self.mirror.root)}
        for module, made in self.mirror.objects.items():
            module.__dict__["forward"] = self.followed(module.forward, made)
        self.written = self.torch_program(type(self.live).__name__, self.mirror.root, inputs)

    def stand_in_of(self, tensor: torch.Tensor) -> StandInTensor:
        code = None if isinstance(tensor, nn.Parameter) else CodeTensor(self.program, None, tuple(tensor.shape))
        return StandInTensor(code, tensor.dtype, tensor.device, tensor)

    # The inputs and the outputs

    def takes(self, forward: Any) -> list[tuple[str, bool]]:
        found = []
        if isinstance(self.live, torch.jit.ScriptModule):
            arguments = self.live.forward.schema.arguments[1:]
            return [(argument.name, not argument.has_default_value()) for argument in arguments]
        for parameter in inspect.signature(self.live.forward).parameters.values():
            if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                found.append((parameter.name, parameter.default is parameter.empty))
            elif parameter.kind == parameter.VAR_POSITIONAL:
                found.append(("x", True))
        return found

    def without_batch(self, shape: list[Any], first: Sequence[Any] | None) -> list[Any]:
        """As it is given where the first layer takes any number of axes: one of size 1 may be meant."""
        return super().without_batch(shape, first if first is not None and len(first) > 1 else None)

    def input(self, name: str, shape: Sequence[Any]) -> CodeTensor:
        return CodeTensor(self.program, self.program.input(name, shape), with_batch(shape, self.batch_axis))

    def result(self, module: PyObject, values: list[Any], named: dict[str, Any]) -> Any:
        def shown(value: CodeTensor) -> Any:
            return self.functions.shown(value, self.dtype(value.flowing().name))

        self.called = [value.flowing().name for value in values], list(named)
        with self.functions:
            result = self.copy(*map(shown, values), **{name: shown(value) for name, value in named.items()})
        return self.functions.plain(_opened(result))

    def dtype(self, name: str | None) -> torch.dtype:
        """The type of an input: what it holds, tokens or numbers as those that are learned."""
        own = (tensor.dtype for tensor in self.live.parameters() if tensor.is_floating_point())
        return torch.int64 if name in self.tokens else next(own, torch.get_default_dtype())

    def put_out(self, result: Any) -> list[CodeTensor]:
        found = list(_codes(result))
        for tensor in found:
            tensor.flowing()
        return found

    # Calls of modules

    def followed(self, forward: Callable[..., Any], made: PyObject) -> Callable[..., Any]:
        """What a module of the copy does when it is called: it is part of the graph, as far as it is read."""

        def called(*values: Any, **named: Any) -> Any:
            before = self.functions.before()
            try:
                return self.layer(made, values, named) if is_layer(made) else self.inside(forward, made, values, named)
            except (LimitError, NoPart):
                raise
            except RecursionError:
                raise LimitError("the modules of the network call each other too deeply") from None
            except Exception as error:
                if not isinstance(error, (SymparamsError, NotImplementedError)) and self.decisions.made:
                    raise CodeRaised(self.fault(made, error)) from None
                self.functions.back_to(before)
                return self.opaque_module(made, values, named, self.fault(made, error))

        return called

    def inside(self, forward: Callable[..., Any], made: PyObject, values: Any, named: Any) -> Any:
        if made is self.mirror.root:
            return forward(*values, **named)
        with self.program.within(made, made.kind.name):
            return forward(*values, **named)

    def layer(self, made: PyObject, values: Any, named: Any) -> Any:
        self.check_call(made, values, named)
        plain = self.functions.plain
        return self.functions.shown(self.torch.run(made, *plain(values), **plain(named)), _dtype_of(values))

    def check_call(self, made: PyObject, values: Any, named: Any) -> None:
        """Raises TokensFound where a layer of tokens is called on an input that has been taken for another."""
        first = next(stand_ins((values, named)), None)
        name = made.layer  # type: ignore[attr-defined]
        if name in _OF_TOKENS and first is not None and first.kind.is_floating_point and first.code.node is not None:
            node = first.code.node
            while node.flows_in is not None:
                node = node.flows_in
            raise TokensFound(node.name or "")
        if named.get("output_size") is not None:
            raise NotRead("output_size is given as the layer is called")

    def fault(self, made: PyObject, error: Exception) -> SymparamsError:
        if isinstance(error, SymparamsError):
            return error
        return SymparamsError(raised(self.module_paths.get(made) or made.kind.name, error))

    # The program

    def torch_paths(self, module: PyObject) -> dict[Any, str]:
        called = {node.owner for node in self.program.nodes}
        return {
            **super().torch_paths(module),
            **{part: path for part, path in self.opaque_parts.items() if part in called},
        }

    def unused(self, module: PyObject, flowing: FlowingWeights | None = None) -> list[tuple[str, str]]:
        found = super().unused(module, flowing)
        for path, sizes in self.mirror.buffers.items():
            shape = ", ".join(map(in_words, sizes)) or "()"
            found.append((path, f"aside(_) {{ LABEL: buffer({shape}) }}"))
        return found


def _opened(value: Any) -> Any:
    """What forward returns, with the fields of objects as dicts."""
    if isinstance(value, dict):
        return {key: _opened(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_opened(part) for part in value]
    if hasattr(value, "__dataclass_fields__"):
        return [_opened(getattr(value, name)) for name in value.__dataclass_fields__]
    return value


def _codes(value: Any) -> Any:
    if isinstance(value, CodeTensor):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _codes(part)


def _dtype_of(values: Any) -> Any:
    found = [t.kind for t in stand_ins(values)]
    return next((dtype for dtype in found if dtype.is_floating_point), torch.get_default_dtype())
