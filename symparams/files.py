"""Where results go: the format that a file's name asks for, and files that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Union

from .errors import SymparamsError, UsageFault, did_you_mean, listing

# What goes into a file; one that is too long to be held is a function that writes it to a file of that name.
Content = Union[str, bytes, Callable[[str], None]]


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


def put_out_all(contents: Sequence[tuple[str | None, str | bytes]]) -> None:
    """Write several files, all of them or none; those for standard output come after the files.

    Raises SymparamsError where two are one file, and where one cannot be written.
    """
    files = [(path, content) for path, content in contents if path and path != "-"]
    places = [os.path.realpath(path) for path, _ in files]
    if len(set(places)) < len(places):
        raise UsageFault(f"{files[-1][0]!r} is to be two files at once", None, "give each a name of its own")
    with ExitStack() as waiting:
        for turn in [waiting.enter_context(_written(path, content)) for path, content in files]:
            turn()
    for path, content in contents:
        if not path or path == "-":
            put_out(path, content)


def replace_file(path: str, content: Content) -> None:
    """Write a file whole or not at all, a text in UTF-8; a link stays one, and a pipe or a device is written to.

    Raises SymparamsError where it cannot be written.
    """
    with _written(path, content) as turn:
        turn()


@contextmanager
def _written(path: str, content: Content) -> Iterator[Callable[[], None]]:
    """What puts the file there, which is written beside it already; nothing stays behind where that is not called."""
    target = os.path.realpath(path)
    try:
        if os.path.isdir(target):
            raise IsADirectoryError(21, "it is a folder")
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(13, "it may not be changed")
        if os.path.exists(target) and not os.path.isfile(target):
            yield lambda: _pour(target, content)
            return
        with _beside(target, content) as temporary:
            yield lambda: os.replace(temporary, target)
    except OSError as error:
        folder = os.path.dirname(path)
        hint = f"there is no folder {folder!r}" if folder and not os.path.isdir(folder) else None
        raise SymparamsError(f"cannot write {path!r}: {error.strerror or error}", None, hint) from None


@contextmanager
def _beside(path: str, content: Content) -> Iterator[str]:
    """A new file beside an old one, with its permissions; it is gone in the end, unless it has another name by then."""
    mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".symparams-")
    os.close(handle)
    try:
        _fill(temporary, content)
        os.chmod(temporary, mode)
        yield temporary
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _fill(path: str, content: Content) -> None:
    if callable(content):
        content(path)
        return
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def _pour(path: str, content: Content) -> None:
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
