"""The modules that code imports: those that are offered, those beside the file, and those that are not known."""

from __future__ import annotations

import ast
import os
from typing import Any

from ...errors import Source, Span, SymparamsError
from ...language.program_files import read
from .code_objects import MISSING, Environment, Namespace, PyClass, PyObject

# The table of names that packages take from elsewhere in themselves, where no file has them.
OF_OTHER_PACKAGES = "other packages"
# Packages of which code may be a part: their own files come first.
_BESIDE_FIRST = {"torchvision", "timm"}


class FindsModules:
    """Finds modules by their names."""

    tables: dict[str, Any]
    modules: dict[str, Any]
    code: Source
    interpreter: Any

    def imported(self, name: str, level: int) -> Any:
        """A module: one that is offered, one that stands beside the file, or what is not known."""
        package = name.partition(".")[0]
        offered = {table.partition(".")[0] for table in self.tables} - _BESIDE_FIRST
        if level == 0 and (name in self.tables or package in offered):
            return self.known(name)
        beside = self.beside(name, level)
        if beside is not None:
            return beside
        return self.known(name) if level == 0 else Namespace(name, self.tables[OF_OTHER_PACKAGES])

    def known(self, name: str) -> Any:
        if name not in self.modules:
            table = self.tables.get(name)

            def find(word: str) -> Any:
                found = table(word) if table else MISSING
                if found is MISSING and f"{name}.{word}" in self.tables:
                    return self.known(f"{name}.{word}")
                return found

            self.modules[name] = Namespace(name, find)
        return self.modules[name]

    def beside(self, name: str, level: int) -> Any:
        here = self.interpreter.source.name
        folder = os.path.realpath(os.path.dirname(here))
        root = os.path.realpath(os.path.dirname(self.code.name))
        for _ in range(max(level - 1, 0)):
            folder = os.path.dirname(folder)
        parts = name.split(".") if name else []
        for start in range(len(parts) + 1 if level == 0 else 1):
            place = os.path.join(folder, *parts[start:])
            for path in (f"{place}.py", os.path.join(place, "__init__.py")):
                inside = os.path.realpath(path).startswith(
                    os.path.join(os.path.dirname(root) if level > 1 else root, "")
                )
                if parts[start:] and inside and os.path.isfile(path):
                    return self.module_of(path)
            if level:
                break
        return None

    def module_of(self, path: str) -> PyObject:
        path = os.path.realpath(path)
        if path not in self.modules:
            made = self.modules[path] = PyObject(PyClass("module", (), {}))
            source = read(path)
            made.names.update(__name__=os.path.basename(path).removesuffix(".py"), __file__=path)
            self.run(source, made.names)
        return self.modules[path]

    def run(self, source: Source, names: dict[str, Any]) -> None:
        before = self.interpreter.source
        self.interpreter.sources[id(names)] = source
        self.interpreter.source = source
        try:
            self.interpreter.run(parsed(source).body, Environment(None, names))
        finally:
            self.interpreter.source = before


def parsed(source: Source, mode: str = "exec") -> Any:
    """The syntax tree of a source. Raises SymparamsError where it is no Python."""
    try:
        return ast.parse(source.text, mode=mode)
    except SyntaxError as error:
        lines = source.text.split("\n")
        line = min(max(error.lineno or 1, 1), len(lines))
        start = sum(len(text) + 1 for text in lines[: line - 1]) + max((error.offset or 1) - 1, 0)
        raise SymparamsError(f"this is no Python: {error.msg}", Span(source, start, start + 1)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SymparamsError(f"this is no Python that can be read: {error}") from None
