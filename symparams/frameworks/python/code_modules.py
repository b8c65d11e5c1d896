"""The modules that code imports: those that are offered, those beside the file, and those that are not known."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from typing import Any

from ...cached import cached_property
from ...errors import Source, Span, SymparamsError
from ...language.program_files import read
from . import attributes
from .code_objects import MISSING, Environment, Namespace, PyClass, PyObject, Unknown
from .package_files import binds, file_of_module, imports_of, installed, is_package, top_of_package

# The table of names that packages take from elsewhere in themselves, where no file has them.
OF_OTHER_PACKAGES = "other packages"
# Packages of which code may be a part: their own files come first.
_BESIDE_FIRST = {"torchvision", "timm"}
# Parts of packages that prepare data, or write files: no network is in them.
_WITHOUT_NETWORKS = {"torchvision": ("transforms", "datasets", "io", "tv_tensors")}


class FindsModules:
    """Finds modules by their names."""

    tables: dict[str, Any]
    modules: dict[str, Any]
    code: Source
    interpreter: Any

    def imported(self, name: str, level: int) -> Any:
        """A module: one that is offered, one that stands beside the file, or what is not known."""
        package = name.partition(".")[0]
        if level == 0 and package in self.offered and package not in _BESIDE_FIRST:
            return self.known(name)
        beside = self.beside(name, level)
        if beside is not None:
            return beside
        return self.known(name) if level == 0 else Namespace(name, self.tables[OF_OTHER_PACKAGES])

    @cached_property
    def offered(self) -> set[str]:
        """The packages of which something is offered."""
        return {table.partition(".")[0] for table in self.tables}

    def known(self, name: str) -> Any:
        if name not in self.modules:
            table = self.tables.get(name)

            def find(word: str) -> Any:
                found = table(word) if table else MISSING
                if found is MISSING and f"{name}.{word}" in self.tables:
                    return self.known(f"{name}.{word}")
                return found

            made = self.modules[name] = Namespace(name, find)
            package = name.partition(".")[0]
            made.is_not_here = table is None and package not in self.offered and package not in sys.stdlib_module_names
        return self.modules[name]

    def beside(self, name: str, level: int) -> Any:
        """A module of the folder, or of the package, of the file that is read; or one that is installed and may be."""
        path = self.file_of(name, level)
        if path is None:
            return None
        return self.package_at(path) if is_package(path) else self.module_of(path)

    def file_of(self, name: str, level: int) -> str | None:
        folder = os.path.realpath(os.path.dirname(self.interpreter.source.name))
        for _ in range(max(level - 1, 0)):
            folder = os.path.dirname(folder)
        parts = name.split(".") if name else []
        root = os.path.realpath(os.path.dirname(self.code.name))
        around = top_of_package(folder) or (os.path.dirname(root) if level > 1 else root)
        places = [(os.path.join(folder, *parts), around)]
        if level == 0:
            places = [(os.path.join(folder, *parts[start:]), root) for start in range(len(parts))]
            top = top_of_package(folder)
            is_own = top is not None and os.path.basename(top) == parts[0]
            package = top if is_own else installed(parts[0])
            if package is not None:
                places.insert(0 if is_own else len(places), (os.path.join(package, *parts[1:]), package))
        for place, inside in places:
            path = os.path.realpath(file_of_module(place) or os.sep)
            if path.startswith(os.path.join(inside, "")):
                return path if _may_have_networks(path, inside) else None
        return None

    def package_at(self, path: str) -> Namespace:
        """A package, of which only the files are run that a name is taken from."""
        key = os.path.dirname(path)
        if key not in self.modules:
            source = read(path)
            tree = parsed(source)

            def find(word: str) -> Any:
                before, self.interpreter.source = self.interpreter.source, source
                try:
                    return self.found_in_package(path, tree, word)
                finally:
                    self.interpreter.source = before

            self.modules[key] = Namespace(os.path.basename(key), find)
        return self.modules[key]  # type: ignore[no-any-return]

    def found_in_package(self, path: str, tree: ast.Module, word: str) -> Any:
        if binds(tree, word) or word == "*":
            names = self.module_of(path).names
            return names if word == "*" else names.get(word, MISSING)
        for name, level, taken in imports_of(tree, word):
            inner = self.file_of(name, level)
            if inner == path:
                continue
            if inner is not None and (taken != "*" or is_package(inner) or binds(parsed(read(inner)), word)):
                found = attributes.get(self.interpreter, self.beside(name, level), word if taken == "*" else taken)
                if taken != "*" or not isinstance(found, Unknown):
                    return found
        inner = file_of_module(os.path.join(os.path.dirname(path), word))
        if inner is None:
            return MISSING
        return self.package_at(inner) if is_package(inner) else self.module_of(inner)

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


def _may_have_networks(path: str, package: str) -> bool:
    part = os.path.relpath(path, package).partition(os.sep)[0]
    return part not in _WITHOUT_NETWORKS.get(os.path.basename(package), ())


def parsed(source: Source, mode: str = "exec") -> Any:
    """The syntax tree of a source. Raises SymparamsError where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source.text, mode=mode)
    except SyntaxError as error:
        lines = source.text.split("\n")
        line = min(max(error.lineno or 1, 1), len(lines))
        start = sum(len(text) + 1 for text in lines[: line - 1]) + max((error.offset or 1) - 1, 0)
        raise SymparamsError(f"this is no Python: {error.msg}", Span(source, start, start + 1)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SymparamsError(f"this is no Python that can be read: {error}") from None
