"""The files of packages: where a module is, and which file of a package binds a name, without running the package."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from importlib.util import find_spec

# Packages whose files are read where they are installed; they are not imported.
READ_WHERE_INSTALLED = ("torchvision",)


def file_of_module(place: str) -> str | None:
    """The file of the module, or of the package, of this path without an ending."""
    return next((p for p in (f"{place}.py", os.path.join(place, "__init__.py")) if os.path.isfile(p)), None)


def is_package(path: str) -> bool:
    return os.path.basename(path) == "__init__.py"


def top_of_package(folder: str) -> str | None:
    """The outermost folder of the package that a folder belongs to; None where it is of none."""
    top = None
    while os.path.isfile(os.path.join(folder, "__init__.py")) and os.path.dirname(folder) != folder:
        top, folder = folder, os.path.dirname(folder)
    return top


def installed(package: str) -> str | None:
    """The folder of a package that may be read where it is installed."""
    try:
        found = find_spec(package) if package in READ_WHERE_INSTALLED else None
    except (ImportError, ValueError):
        return None
    places = found.submodule_search_locations if found is not None else None
    return os.path.realpath(places[0]) if places else None


def imports_of(tree: ast.Module, word: str) -> Iterator[tuple[str, int, str]]:
    """What a package takes a name from, as module, level and the name there; "*" where it takes all of a module."""
    for node in reversed(list(ast.walk(tree))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if word in (alias.asname or alias.name, alias.name) or alias.name == "*":
                    yield node.module or "", node.level, alias.name


def binds(tree: ast.Module, word: str) -> bool:
    """Whether a file gives a name its value, other than by taking it from another file."""
    return any(
        (isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == word)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == word)
        for node in ast.walk(tree)
    )
