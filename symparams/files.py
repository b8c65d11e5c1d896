"""Where results go: the format that a file's name asks for, and files that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping

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


def replace_file(path: str, content: str | bytes | Callable[[str], None]) -> None:
    """Write a file whole or not at all, a text in UTF-8; a link stays one, and a pipe or a device is written to.

    A content that is too long to be held is a function that writes it to a file of that name. Raises SymparamsError
    where it cannot be written.
    """
    target = os.path.realpath(path)
    try:
        if os.path.isdir(target):
            raise IsADirectoryError(21, "it is a folder")
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(13, "it may not be changed")
        if os.path.exists(target) and not os.path.isfile(target):
            _pour(target, content)
        else:
            _swap(target, content)
    except OSError as error:
        folder = os.path.dirname(path)
        hint = f"there is no folder {folder!r}" if folder and not os.path.isdir(folder) else None
        raise SymparamsError(f"cannot write {path!r}: {error.strerror or error}", None, hint) from None


def _swap(path: str, content: str | bytes | Callable[[str], None]) -> None:
    """Put a new file in place of an old one, with its permissions; leave nothing behind where that is interrupted."""
    mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".symparams-")
    os.close(handle)
    try:
        _fill(temporary, content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _fill(path: str, content: str | bytes | Callable[[str], None]) -> None:
    if callable(content):
        content(path)
        return
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def _pour(path: str, content: str | bytes | Callable[[str], None]) -> None:
    """Write to a pipe or a device, what has to be a file before from one beside."""
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, "whole")
        _fill(whole, content)
        with open(whole, "rb") as source, open(path, "wb") as file:
            shutil.copyfileobj(source, file)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
