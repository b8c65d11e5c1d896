"""Program files: regular ones of a bounded size; those that a program names lie below its folder."""

from __future__ import annotations

import os
import re
import stat

from ..errors import LimitError, Source, Span, SymparamsError, nearest
from .parser import MAX_SOURCE, parse
from .syntax import Node

# No character of UTF-8 takes more than four bytes.
MAX_BYTES = 4 * MAX_SOURCE
_OPEN_STREAM = re.compile(r"/dev/stdin|(?:/dev|/proc/self)/fd/(\d+)")
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read(path: str, span: Span | None = None, place: str | None = None) -> Source:
    """The text of a program file, or of a stream that is open already; `place` is where the file really is.

    Raises SymparamsError where it cannot be read.
    """
    try:
        return Source(path, _content(path, place or path).decode("utf-8-sig"))
    except FileNotFoundError:
        raise SymparamsError(f"there is no file {path}", span, _file_like(path)) from None
    except UnicodeDecodeError:
        raise SymparamsError(f"{path} is not text in UTF-8", span) from None
    except SymparamsError as error:
        raise error.located(span) if span else error from None
    except (OSError, ValueError) as error:
        raise SymparamsError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", span) from None


def parse_unseen(source: Source, span: Span) -> tuple[Node, ...]:
    """The statements of a file that a program names. What is no program may be anything, and is not shown."""
    try:
        return parse(source)
    except SymparamsError as error:
        if os.path.realpath(source.name).endswith(".arch") or not error.position:
            raise
        fault = f"{source.name} is no program: its line {error.position[0]} is not in the language"
        raise SymparamsError(fault, span, "in a file named *.arch the place is shown") from None


def folder_of(source: Source) -> str:
    """The folder that a program stands in; that of the process for a text that is no file."""
    return os.path.realpath(os.path.dirname(source.name))


def place_below(folder: str, path: str, span: Span) -> str:
    """Where a file is that a program names. Raises SymparamsError where that is not below the program's folder."""
    try:
        place = os.path.realpath(path)
    except (OSError, ValueError):
        place = ""
    if not place.startswith(os.path.join(folder, "")):
        hint = f"it may be anywhere below {folder}"
        raise SymparamsError("a program reads files in its own folder alone", span, hint)
    return place


def _content(path: str, place: str) -> bytes:
    stream = _OPEN_STREAM.fullmatch(place)
    if stream:
        handle = os.dup(int(stream[1] or 0))
    else:
        _check_is_small_file(path, os.stat(place))
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if not stream:
            _check_is_small_file(path, os.fstat(handle))
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _too_large(path)
    return content


def _check_is_small_file(path: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SymparamsError(f"{path} is no file but {_KINDS.get(stat.S_IFMT(status.st_mode), 'something else')}")
    if status.st_size > MAX_BYTES:
        raise _too_large(path)


def _too_large(path: str) -> SymparamsError:
    return LimitError(f"{path} is too large for a program; at most {MAX_SOURCE:,} characters are read")


def _file_like(path: str) -> str | None:
    folder, name = os.path.split(path)
    try:
        others = [other for other in os.listdir(folder or ".") if other.endswith(".arch")]
    except OSError:
        return None
    close = nearest(name.removesuffix(".arch"), (other.removesuffix(".arch") for other in others))
    return f"did you mean {os.path.join(folder, close + '.arch')!r}?" if close else None
