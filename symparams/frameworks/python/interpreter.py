"""The interpreter of Python code: its statements and expressions within limits, and its calls."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from typing import Any

from ...errors import LimitError, Source, Span, SymparamsError, did_you_mean
from ...evaluate.domain import is_symbolic
from ...formula import text
from ..graph.growing_program import GrowingProgram
from .code_calls import RunsCalls
from .code_expressions import RunsExpressions
from .code_objects import (
    MISSING,
    PYTHON_ERRORS,
    BoundFunction,
    CodeFunction,
    CodeIterator,
    Environment,
    Namespace,
    Native,
    PyClass,
    PyObject,
    Raised,
    Unknown,
)
from .code_patterns import MatchesPatterns
from .code_statements import RunsStatements
from .code_values import KnowsValues
from .interpreting import Returned, shown

MAX_STEPS = 2_000_000
MAX_SECONDS = 10
MAX_DEPTH = 80
MAX_KEPT = 50_000_000
# Functions that are what a call of a module does.
_PART_OF_A_CALL = ("forward", "call", "__call__", "<lambda>")


class Interpreter(RunsStatements, MatchesPatterns, RunsCalls, RunsExpressions, KnowsValues):
    """Carries out the code of one source, and of the modules that it imports from beside it."""

    def __init__(self, program: GrowingProgram, builtins: dict[str, Any], imported: Callable[[str, int], Any]):
        self.program = program
        self.builtins = builtins
        self.imported = imported
        self.steps = 0
        self.kept = 0
        self.depth = 0
        self.began = time.monotonic()
        self.sources: dict[int, Source] = {}
        self.source = Source("<code>", "")
        self.yielded: list[list[Any]] = []
        self.handled: list[Any] = []
        self.strict = 0
        self.without_packages = 0

    def span(self, node: Any, source: Source | None = None) -> Span:
        source = source or self.source
        lines = source.text.split("\n")

        def at(line: int, column: int) -> int:
            before = sum(len(text) + 1 for text in lines[: line - 1])
            return before + len(lines[line - 1].encode()[:column].decode(errors="ignore"))

        return Span(source, at(node.lineno, node.col_offset), at(node.end_lineno, node.end_col_offset))

    def keep(self, count: int) -> None:
        """Take note of so many values that are kept. Raises LimitError where they are too many."""
        self.kept += count
        if self.kept > MAX_KEPT:
            raise LimitError(f"the code keeps more than {MAX_KEPT:,} values")

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS or (self.steps % 1000 == 0 and time.monotonic() - self.began > MAX_SECONDS):
            raise LimitError(f"the code takes more than {MAX_STEPS:,} steps, or {MAX_SECONDS} seconds")

    def located(self, error: SymparamsError, node: Any) -> SymparamsError:
        """The error at a place of the code, unless it has one there already."""
        if error.span is None or error.span.source not in self.sources.values():
            error.span = self.span(node)
            error.notes = [note for note in error.notes if "in the rule" not in note]
        return error

    def statement(self, node: ast.stmt, env: Environment) -> None:
        self.step()
        work = getattr(self, f"do_{type(node).__name__}", None)
        if work is None:
            raise SymparamsError(f"this statement is not read: {type(node).__name__}", self.span(node))
        try:
            work(node, env)
        except SymparamsError as error:
            raise self.located(error, node) from None
        except PYTHON_ERRORS as error:
            raise Raised(type(error).__name__, str(error)) from None

    def value(self, node: Any, env: Environment) -> Any:
        self.step()
        work = getattr(self, f"of_{type(node).__name__}", None)
        if work is None:
            raise SymparamsError(f"this expression is not read: {type(node).__name__}", self.span(node))
        try:
            return work(node, env)
        except SymparamsError as error:
            raise self.located(error, node) from None

    def call(self, function: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        if isinstance(function, BoundFunction):
            return self.call(function.function, [function.first, *arguments], named)
        if isinstance(function, Native):
            return function.work(*arguments, **named)
        if isinstance(function, CodeFunction):
            if function.name in _PART_OF_A_CALL:
                return self.run_function(function, arguments, named)
            with self.program.within(function, function.name):
                return self.run_function(function, arguments, named)
        if isinstance(function, PyClass):
            return self.made(function, arguments, named)
        if isinstance(function, Unknown):
            if any(hasattr(a, "sizes") for a in [*arguments, *named.values()]) and self.strict:
                raise function.fault("a tensor goes into a function")
            return function
        if isinstance(function, PyObject):
            method = function.kind.find("__call__")
            if method is not MISSING:
                return self.call(method, [function, *arguments], named)
            if function.kind.unknown is not None:
                return function.kind.unknown
        if isinstance(function, Namespace):
            return Unknown(function.name)
        if is_symbolic(function):
            raise SymparamsError(
                f"there is no function {text.inline(function)!r}",
                None,
                did_you_mean(text.inline(function), self.builtins),
            )
        raise TypeError(f"{shown(function)} is no function")

    def made(self, kind: PyClass, arguments: list[Any], named: dict[str, Any]) -> Any:
        """An object of a class."""
        new = kind.find("__new__")
        is_own = "__new__" in kind.names or kind.find("__members__") is not MISSING
        if isinstance(new, Native) and is_own:
            return new.work(kind, *arguments, **named)
        made = PyObject(kind)
        if isinstance(new, Native):
            made.held = new.work(kind, *(arguments if kind.find("__init__") is MISSING else ()))
        init = kind.find("__init__")
        if init is not MISSING:
            self.call(init, [made, *arguments], named)
        elif (
            arguments
            and made.held is None
            and kind.unknown is None
            and not kind.derives_from(self.builtins.get("Exception"))
        ):
            raise TypeError(f"{kind.name}() takes no arguments")
        return made

    def run_function(self, function: CodeFunction, arguments: list[Any], named: dict[str, Any]) -> Any:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitError("functions call each other too deeply")
        inner = Environment(function.around, function.around.globals, function)
        self.bind_arguments(function, arguments, named, inner)
        source = self.source
        self.source = self.sources.get(id(function.around.globals), source)
        if function.is_generator:
            self.yielded.append([])
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body, inner)
            self.run(function.node.body, inner)
            result = None
        except Returned as ended:
            result = ended.value
        finally:
            self.depth -= 1
            self.source = source
            produced = self.yielded.pop() if function.is_generator else None
        return CodeIterator(produced or ()) if function.is_generator else result

    def bind_arguments(
        self, function: CodeFunction, arguments: list[Any], named: dict[str, Any], env: Environment
    ) -> None:
        takes = function.node.args
        in_order = [a.arg for a in (*takes.posonlyargs, *takes.args)]
        names = env.names
        names.update(zip(in_order, arguments))
        if len(arguments) > len(in_order) and takes.vararg is None:
            raise TypeError(f"{function.name}() takes {len(in_order)} arguments, not {len(arguments)}")
        if takes.vararg is not None:
            names[takes.vararg.arg] = tuple(arguments[len(in_order) :])
        known = {*in_order, *(a.arg for a in takes.kwonlyargs)}
        more = {key: value for key, value in named.items() if key not in known}
        twice = [key for key in named if key in in_order[: len(arguments)]]
        if (more and takes.kwarg is None) or twice:
            wrong = next(iter(more), None) or twice[0]
            hint = did_you_mean(wrong, known)
            raise TypeError(
                f"{function.name}() has no argument {wrong!r}{f': {hint}' if hint else ''}"
                if more
                else f"{function.name}() gets its argument {wrong!r} twice"
            )
        names.update((key, value) for key, value in named.items() if key in known)
        if takes.kwarg is not None:
            names[takes.kwarg.arg] = more
        for name in known:
            if name not in names:
                if name not in function.defaults:
                    names[name] = self.absent(function, name)
                else:
                    names[name] = function.defaults[name]

    def absent(self, function: CodeFunction, name: str) -> Any:
        raise TypeError(f"{function.name}() needs its argument {name!r}")
