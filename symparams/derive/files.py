"""Where a derivation goes: the format that a file's name asks for, and files that are replaced whole."""

from __future__ import annotations

import os
import sys
import tempfile

from ..errors import SymparamsError, UsageFault, did_you_mean, listing
from .derivation import FORMATS, SUFFIXES, WHAT


def format_for(target: str | None, path: str | None) -> str:
    """The format that is asked for, or that of the file's suffix. Raises SymparamsError where there is none."""
    if target is None:
        suffix = os.path.splitext(path or "-")[1].lstrip(".").lower()
        if path in (None, "-"):
            return "text"
        if suffix not in SUFFIXES:
            hint = f"give --format, or a suffix: {listing(['.' + s for s in SUFFIXES], 'or')}"
            raise UsageFault(f"the name {path!r} does not say which format to write", None, hint)
        return SUFFIXES[suffix]
    if target not in FORMATS:
        hint = did_you_mean(target, FORMATS) or f"the formats are {listing(FORMATS)}"
        raise UsageFault(f"there is no format {target!r}", None, hint)
    return target


def wanted(what: str) -> tuple[str, ...]:
    """The figures named in a list with commas; `all` is all of them. Raises SymparamsError for another word."""
    known = (*WHAT, "all")
    words = [word.strip() for word in what.split(",") if word.strip()]
    for word in words:
        if word not in known:
            hint = did_you_mean(word, known) or f"choose from {listing(known)}"
            raise UsageFault(f"{word!r} cannot be derived", None, hint)
    if not words:
        raise UsageFault("--what names no figure", None, f"choose from {listing(known)}")
    return WHAT if "all" in words else tuple(words)


def put_out(path: str | None, text: str) -> None:
    """Write to a file, or to standard output. Raises SymparamsError where the file cannot be written."""
    if path and path != "-":
        replace_file(path, text)
    else:
        sys.stdout.write(text)


def replace_file(path: str, text: str) -> None:
    """Write a file whole or not at all; a link stays one, and a pipe or a device is written to.

    Raises SymparamsError where it cannot be written.
    """
    target = os.path.realpath(path)
    try:
        if os.path.isdir(target):
            raise IsADirectoryError(21, "it is a folder")
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(13, "it may not be changed")
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        else:
            _swap(target, text)
    except OSError as error:
        folder = os.path.dirname(path)
        hint = f"there is no folder {folder!r}" if folder and not os.path.isdir(folder) else None
        raise SymparamsError(f"cannot write {path!r}: {error.strerror or error}", None, hint) from None


def _swap(path: str, text: str) -> None:
    """Put a new file in place of an old one, with its permissions; leave nothing behind where that is interrupted."""
    mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".symparams-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
