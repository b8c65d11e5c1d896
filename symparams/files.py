"""Where results go: the format that a file's name asks for, and files that are written whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Collection, Mapping

from .errors import SymparamsError, UsageFault, did_you_mean, listing


def format_of(
    target: str | None, path: str | None, formats: Collection[str], suffixes: Mapping[str, str], default: str
) -> str:
    """The format that is asked for, or that of the file's suffix, or the default for standard output.

    Raises SymparamsError where there is none.
    """
    if target is None:
        suffix = os.path.splitext(path or "-")[1].lstrip(".").lower()
        if path in (None, "-"):
            return default
        if suffix not in suffixes:
            hint = f"give --format, or a suffix: {listing(['.' + s for s in suffixes], 'or')}"
            raise UsageFault(f"the name {path!r} does not say which format to write", None, hint)
        return suffixes[suffix]
    if target not in formats:
        hint = did_you_mean(target, formats) or f"the formats are {listing(formats)}"
        raise UsageFault(f"there is no format {target!r}", None, hint)
    return target


def put_out(path: str | None, content: str | bytes) -> None:
    """Write to a file, or to standard output. Raises SymparamsError where the file cannot be written."""
    if path and path != "-":
        replace_file(path, content)
    elif isinstance(content, str):
        sys.stdout.write(content)
    else:
        sys.stdout.buffer.write(content)


def replace_file(path: str, content: str | bytes) -> None:
    """Write a file whole or not at all, a text in UTF-8; a link stays one, and a pipe or a device is written to.

    Raises SymparamsError where it cannot be written.
    """
    target = os.path.realpath(path)
    written = content.encode() if isinstance(content, str) else content
    try:
        if os.path.isdir(target):
            raise IsADirectoryError(21, "it is a folder")
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(13, "it may not be changed")
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as file:
                file.write(written)
        else:
            _swap(target, written)
    except OSError as error:
        folder = os.path.dirname(path)
        hint = f"there is no folder {folder!r}" if folder and not os.path.isdir(folder) else None
        raise SymparamsError(f"cannot write {path!r}: {error.strerror or error}", None, hint) from None


def _swap(path: str, content: bytes) -> None:
    """Put a new file in place of an old one, with its permissions; leave nothing behind where that is interrupted."""
    mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".symparams-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
