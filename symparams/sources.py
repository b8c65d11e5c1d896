"""Program files."""

from __future__ import annotations

import os

from .errors import Source, Span, SymparamsError, nearest
from .parsing import MAX_SOURCE


def read(path: str, span: Span | None = None) -> Source:
    """The text of a program file. Raises SymparamsError where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return Source(path, file.read(MAX_SOURCE + 1))
    except FileNotFoundError:
        raise SymparamsError(f"there is no file {path}", span, _file_like(path)) from None
    except UnicodeDecodeError:
        raise SymparamsError(f"{path} is not text in UTF-8", span) from None
    except (OSError, ValueError) as error:
        raise SymparamsError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}", span) from None


def _file_like(path: str) -> str | None:
    folder, name = os.path.split(path)
    try:
        others = [other for other in os.listdir(folder or ".") if other.endswith(".arch")]
    except OSError:
        return None
    close = nearest(name.removesuffix(".arch"), (other.removesuffix(".arch") for other in others))
    return f"did you mean {os.path.join(folder, close + '.arch')!r}?" if close else None
