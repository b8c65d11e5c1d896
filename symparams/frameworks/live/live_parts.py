"""Parts of a live module whose code is not read: opaque layers, with the tensors that only they use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ..graph.growing_program import GraphOperation, GrowingProgram, in_words
from ..graph.traced_tensors import flow_sizes
from ..python.code_objects import NotRead, PyObject
from ..python.code_parameters import CodeParameter
from ..python.code_tensors import CodeTensor
from .live_functions import LiveFunctions
from .live_mirror import Mirror
from .live_opaque import Runs, SizedTensor, in_brackets, of_function, stand_ins


class OpaquePart:
    """What owns the tensors of a part that was not read: they are all trained."""

    def __init__(self, path: str):
        self.path = path
        self.weights: dict[str, Any] = {}


class HasOpaqueParts:
    """Adds parts to the graph of which only the tensors and the output are known."""

    program: GrowingProgram
    functions: LiveFunctions
    mirror: Mirror
    runs: Runs
    torch: Any
    module_paths: dict[Any, str]
    opaque_parts: dict[Any, str]

    def opaque_module(self, made: PyObject, values: Any, named: Any, error: SymparamsError) -> Any:
        path = self.module_paths.get(made, "")
        try:
            with self.functions.pause():
                found = self.runs.of_module(path, values, named)
        except Exception as fault:
            raise _not_known(path or made.kind.name, error, fault) from None
        loose = [p for _, p in self.torch.parameters(made) if p in self.mirror.loose and p.trained]
        mine = [p for p in loose if p.node is None and p.beside is None]
        return self.opaque(path or made.kind.name, values, named, found, mine)

    def opaque_function(self, func: Any, values: Any, named: Any, error: SymparamsError) -> Any:
        name = getattr(func, "__name__", str(func)).removesuffix(".default")
        around = self.module_paths.get(self.program.scopes[-1].thing, "") if self.program.scopes else ""
        path = f"{around}.{name}" if around else name
        flows = [t for t in stand_ins((values, named)) if t.code is not None]
        try:
            found = of_function(func, values, named)
        except SymparamsError as fault:
            raise _not_known(path, error, fault) from None
        except Exception:
            raise error from None
        if not any(t.code.node is not None or isinstance(t.code, CodeParameter) for t in flows):
            return self.given_back(found, lambda out: CodeTensor(self.program, None, out.sizes))
        mine = [t.code for t in flows if isinstance(t.code, CodeParameter) and t.code.owner is None]
        for parameter in mine:
            parameter.used()
        return self.opaque(path, values, named, found, [])

    def opaque(self, path: str, values: Any, named: Any, found: Any, own: list[CodeParameter]) -> Any:
        """The outputs of a part that is not read: the first has its tensors."""
        owner = OpaquePart(path)
        flows = [t.code for t in stand_ins((values, named)) if t.code.node is not None]
        waiting = [in_brackets(p.sizes for p in own)] if own else []
        for parameter in own:
            parameter.beside = owner  # type: ignore[assignment]

        def made(out: SizedTensor) -> CodeTensor:
            learned = [f"learned={waiting.pop()}"] if waiting else []
            sizes = ", ".join(map(in_words, flow_sizes(out.sizes)))
            operation = GraphOperation("opaque", (f"({sizes},)" if sizes else "()", *learned))
            first = flows[0] if flows else CodeTensor(self.program, self.program.nodes[0], ())
            whole = OpaquePart(path) if self.opaque_parts.get(owner) else owner
            self.opaque_parts[whole] = path
            return CodeTensor(self.program, self.program.add(operation, first.flowing(), whole), out.sizes)

        return self.given_back(found, made)

    def given_back(self, found: Any, made: Callable[[SizedTensor], CodeTensor]) -> Any:
        if isinstance(found, SizedTensor):
            return self.functions.shown(made(found), found.dtype)
        if isinstance(found, dict):
            return {key: self.given_back(part, made) for key, part in found.items()}
        return tuple(self.given_back(part, made) for part in found) if isinstance(found, tuple) else found


def _not_known(path: str, error: SymparamsError, fault: Exception) -> SymparamsError:
    """Why a part is neither read nor run, which is what the innermost part says."""
    if isinstance(error, _NotKnown):
        return error
    if not isinstance(fault, SymparamsError):
        return _NotKnown(raised(path, fault))
    return _NotKnown(f"{path}: {error.message.removeprefix(f'{path}: ')}; {fault.message}", None, fault.hint)


def raised(path: str, error: Exception) -> str:
    """What is said of an exception in the code of a module."""
    said = str(error).strip().split("\n")[0]
    return f"forward of {path} raises {type(error).__name__}{f': {said}' if said else ''}"


class _NotKnown(NotRead):
    """A part is neither read, nor is it known what it puts out."""
