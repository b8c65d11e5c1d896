"""Where a derivation goes: the format that a file's name asks for, and files that are replaced whole."""

from __future__ import annotations

import os
import sys
import tempfile

from ..errors import SymparamsError, listing
from .derivation import FORMATS, SUFFIXES, WHAT


def format_for(target: str | None, path: str | None) -> str:
    """The format that is asked for, or that of the file's suffix. Raises SymparamsError where there is none."""
    if target is None:
        suffix = os.path.splitext(path or "-")[1].lstrip(".").lower()
        if path in (None, "-"):
            return "text"
        if suffix not in SUFFIXES:
            hint = f"give --format, or a suffix: {listing(['.' + s for s in SUFFIXES])}"
            raise SymparamsError(f"the name {path!r} does not say which format to write", None, hint)
        return SUFFIXES[suffix]
    if target not in FORMATS:
        raise SymparamsError(f"there is no format {target!r}", None, f"the formats are {listing(FORMATS)}")
    return target


def wanted(what: str) -> tuple[str, ...]:
    """The figures named in a list with commas; `all` is all of them. Raises SymparamsError for another word."""
    words = [word.strip() for word in what.split(",") if word.strip()]
    for word in words:
        if word not in (*WHAT, "all"):
            raise SymparamsError(f"{word!r} cannot be derived", None, f"choose from {listing((*WHAT, 'all'))}")
    return WHAT if "all" in words or not words else tuple(words)


def put_out(path: str | None, text: str) -> None:
    """Write to a file, or to standard output. Raises SymparamsError where the file cannot be written."""
    if path and path != "-":
        replace_file(path, text)
    else:
        sys.stdout.write(text)


def replace_file(path: str, text: str) -> None:
    """Write a file whole or not at all. Raises SymparamsError where it cannot be written."""
    folder = os.path.dirname(os.path.abspath(path))
    temporary = None
    try:
        if os.path.isdir(path):
            raise IsADirectoryError(21, "it is a folder")
        mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".symparams-")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise SymparamsError(f"cannot write {path!r}: {error.strerror or error}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
