"""A Python file, or code as text, to the program of the network in it. Nothing is executed, no framework is needed."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ...errors import Source, Span, SymparamsError, did_you_mean
from ...evaluate.axes import Value
from ...language.dialects import KERAS, TORCH
from ...language.program_files import read
from ..graph.growing_program import GrowingProgram
from . import builtin_names, python_modules
from .code_modules import FindsModules, parsed
from .code_names import is_loose
from .code_objects import MISSING, PYTHON_ERRORS, CodeFunction, Environment, PyClass, PyObject, Raised, Unknown
from .code_tensors import CodeTensor
from .interpreter import Interpreter
from .network_choice import ChoosesNetwork, NoNetworkThere, NotOpen
from .torch_modules import TorchModules
from .torch_names import torch_modules
from .torch_networks import RunsTorch

Result = TypeVar("Result")

# What code raises whatever flows in.
_NOT_OF_SHAPES = ("TypeError", "NameError")
_TARGET = re.compile(r"(.+?\.py)(?::(.*))?", re.DOTALL)


def source_of_file(name: str, inputs: Sequence[str] = (), values: Mapping[str, Value] | None = None) -> Source:
    """The program of `net.py`, `net.py:Net` or `net.py:Net(w)`. Raises SymparamsError."""
    return source_of_code(*code_and_target(name), inputs, values)


def code_and_target(name: str) -> tuple[Source, str | None]:
    """The code that such a name means, and what of it. Raises SymparamsError for a file that cannot be read."""
    found = _TARGET.fullmatch(name)
    assert found is not None
    return read(found[1]), found[2] or None


def source_of_code(
    code: Source,
    target: str | None = None,
    inputs: Sequence[str] = (),
    values: Mapping[str, Value] | None = None,
    since: int = 0,
) -> Source:
    """The program of the network that the code has under a name, else of the one behind the place `since`.

    Raises SymparamsError.
    """
    return _carried_out(code, values, since, lambda reading: reading.network(target, inputs))


def runs(code: Source) -> bool:
    """Whether the statements of code can be carried out, whatever network is in them."""
    try:
        _carried_out(code, None, 0, _Reading.run_main)
    except SymparamsError:
        return False
    return True


def _carried_out(
    code: Source, values: Mapping[str, Value] | None, since: int, work: Callable[[_Reading], Result]
) -> Result:
    """What is made of a reading of code; errors of the code become ours. Raises SymparamsError."""
    reading = _Reading(code, values or {}, since)
    try:
        return work(reading)
    except (Raised, *PYTHON_ERRORS) as error:
        kind, message = (error.kind, error.message) if isinstance(error, Raised) else (type(error).__name__, str(error))
        fault = f"the code raises {kind}{f': {message}' if message else ''}"
        may_lack_shape = not reading.asked_for and kind not in _NOT_OF_SHAPES
        hint = "--input gives the shape of the input, without the batch" if may_lack_shape else None
        raise SymparamsError(fault, reading.last, hint) from None
    except SymparamsError as error:
        if error.span is not None and error.span.source.name == "<call>":
            error.span = None
        raise
    except RecursionError:
        raise SymparamsError("the code nests too deeply") from None


class _Interpreter(Interpreter):
    last: Span | None = None
    # The expression that was carried out last as a statement, with its value.
    shown: Mapping[ast.Expr, Any] = {}

    def do_Expr(self, node: ast.Expr, env: Environment) -> None:
        self.shown = {node: self.value(node.value, env)}

    def statement(self, node: ast.stmt, env: Environment) -> None:
        try:
            super().statement(node, env)
        except Raised as error:
            if not hasattr(error, "span"):
                error.span = self.span(node)  # type: ignore[attr-defined]
                self.last = error.span  # type: ignore[attr-defined]
            raise


class _Reading(FindsModules, ChoosesNetwork, RunsTorch):
    """One reading of one source."""

    def __init__(self, code: Source, values: Mapping[str, Value], since: int = 0):
        self.code = code
        self.values = values
        self.source_name = code.name
        self.since = since
        self.asked_for: Sequence[str] = ()
        self.tree = parsed(code)
        self.everything = list(ast.walk(self.tree))
        imports = _imported(self.everything)
        calls = {
            n.func.attr if isinstance(n.func, ast.Attribute) else getattr(n.func, "id", "")
            for n in self.everything
            if isinstance(n, ast.Call)
        }
        self.is_keras = "torch" not in imports and (
            bool(imports & {"keras", "tensorflow"}) or bool(calls & {"Input", "Conv2D", "Dense"})
        )
        self.program = GrowingProgram(KERAS.name if self.is_keras else TORCH.name, None, values)
        self.interpreter = _Interpreter(self.program, {}, self.imported)
        self.interpreter.builtins.update(builtin_names.builtins(self.interpreter))
        self.torch = TorchModules(self.interpreter, self.program)
        self.tables = {**python_modules.modules(self.interpreter), **torch_modules(self.torch)}
        if self.is_keras:
            from .keras_names import keras_modules

            self.keras, tables = keras_modules(self.interpreter, self.program)
            self.tables.update(tables)
        self.modules: dict[str, Any] = {}
        self.taken: set[str] = set()
        self.globals: dict[str, Any] = {"__name__": "__read__", "__file__": code.name}
        self.loose: dict[str, Any] = {}
        self.module_paths: dict[Any, str] = {}

    @property
    def last(self) -> Span | None:
        return self.interpreter.last

    def network(self, target: str | None, inputs: Sequence[str]) -> Source:
        self.asked_for = inputs
        if self.is_keras:
            self.keras.asked = [self.shape(text.rpartition("=")[2]) for text in inputs]
        self.run_main()
        self.interpreter.source = self.code
        self.interpreter.strict = 1
        name, value = self.chosen(target)
        read = self.built(name, value, inputs)
        self.check_values()
        return read

    def offer_usual_names(self) -> None:
        """Names that pasted code has without importing them, unless it binds them."""
        names = {n.id for n in self.everything if isinstance(n, ast.Name)}
        classes = {name: self.tables["torch.nn"](name) for name in names if name[:1].isupper()}
        table: dict[str, Any] = {
            **{name: found for name, found in classes.items() if found is not MISSING},
            "nn": self.known("torch.nn"),
            "torch": self.known("torch"),
            "F": self.known("torch.nn.functional"),
            "math": self.known("math"),
        }
        if self.is_keras:
            table = {
                "layers": self.known("keras.layers"),
                "keras": self.known("keras"),
                "tf": self.known("tensorflow"),
                "math": self.known("math"),
                **self.keras.usual(),
            }
        table["OrderedDict"] = self.known("collections").get("OrderedDict")
        if any(map(is_loose, self.tree.body)):
            table["self"] = PyObject(self.torch.module)
            self.loose = table
        self.interpreter.builtins = {**table, **self.interpreter.builtins}

    def run_main(self) -> None:
        """The file's statements; one that fails and binds nothing that counts is left out."""
        self.interpreter.source = self.code
        self.interpreter.sources[id(self.globals)] = self.code
        self.offer_usual_names()
        env = Environment(None, self.globals)
        for statement in self.tree.body:
            defines = isinstance(statement, (ast.FunctionDef, ast.ClassDef))
            try:
                self.interpreter.statement(statement, env)
            except Raised as error:
                if defines or not _binds(statement):
                    raise
                fault = SymparamsError(f"the code raises {error.kind}: {error.message}", self.last)
                self.given_up(statement, env, fault)
            except SymparamsError as error:
                if defines or self.loose or not _binds(statement):
                    raise
                self.given_up(statement, env, error)

    def given_up(self, statement: ast.stmt, env: Environment, fault: SymparamsError) -> None:
        """What a statement binds that fails is not known, nor what one of several steps may have left half done."""
        unknown = Unknown(fault.message, fault)
        self.interpreter.forget([statement], env, unknown)
        if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            names = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
            for name in names & self.globals.keys():
                if isinstance(self.globals[name], (PyObject, list, dict)):
                    self.globals[name] = unknown

    def check_values(self) -> None:
        """Raises SymparamsError for a value that is put in for a name that the code does not leave open."""
        for name in self.values:
            if name not in self.program.symbols.bound and name not in self.taken:
                hint = did_you_mean(name, {*self.taken, *self.program.symbols.bound, *self.program.symbols.order})
                raise NotOpen(f"the code leaves no {name!r} open", None, hint)

    def built(self, name: str, value: Any, inputs: Sequence[str]) -> Source:
        """The program of what was chosen: a class is made, a function called, with symbols for what is not given."""
        if isinstance(value, Unknown):
            raise value.fault(f"{name!r}")
        if isinstance(value, (PyClass, CodeFunction)):
            value = self.interpreter.call(value, *self.arguments(value))
        if isinstance(value, CodeTensor):
            return self.program_of(name, [value], {}, [])
        if isinstance(value, PyObject) and self.torch.is_module(value):
            return self.torch_program(name, value, inputs)
        if self.is_keras:
            return self.keras.written_program(self, name, value, inputs)
        raise NoNetworkThere(f"{name!r} is no network")

    def frozen(self, paths: Mapping[Any, str]) -> Collection[Any]:
        return self.keras.frozen(paths) if self.is_keras else super().frozen(paths)


def _binds(statement: ast.stmt) -> bool:
    """Whether a statement gives names their values."""
    return any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) for n in ast.walk(statement))


def _imported(nodes: Iterable[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
