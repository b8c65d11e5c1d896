"""The programs that ship with the package, `zoo:NAME` by name, and where a program that is named comes from."""

from __future__ import annotations

import os

from ..errors import Source, SymparamsError, did_you_mean
from .program_files import read

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "zoo")


def names() -> list[str]:
    return sorted(name.removesuffix(".arch") for name in os.listdir(FOLDER) if name.endswith(".arch"))


def source(name: str) -> Source:
    """The program of a network in the zoo. Raises SymparamsError for a name that is not there."""
    if name not in names():
        hint = did_you_mean(name, names()) or "'symparams zoo' lists them"
        raise SymparamsError(f"there is no network {name!r} in the zoo", None, hint)
    with open(os.path.join(FOLDER, f"{name}.arch"), encoding="utf-8") as file:
        return Source(f"zoo:{name}", file.read())


def source_of(name: str) -> Source:
    """The text of a program file, or of `zoo:NAME`. Raises SymparamsError."""
    if name.startswith("zoo:"):
        return source(name[4:])
    try:
        return read(name)
    except SymparamsError as error:
        if name in names():
            error.hint = f"did you mean 'zoo:{name}'?"
        raise
