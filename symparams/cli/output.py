"""What is printed, whatever becomes of it: characters that a stream has not, a full disk, a reader that is gone."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

_SIGNS = {
    **{"·": "*", "×": "x", "−": "-", "→": "->", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∣": "|", "…": "..."},
    **{"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "√": "sqrt ", "∞": "oo", "–": "-", "—": "-"},
}
_RAISED = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_LOWERED = str.maketrans("".join(_RAISED), "0123456789+-")
_EXPONENT = re.compile(f"[{''.join(_RAISED)}]+")


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """What a stream cannot show in what every stream has: a sign as programs write it, a letter by its number."""
    assert isinstance(error, UnicodeEncodeError)
    missing = error.object[error.start : error.end]
    if error.object[error.start - 1 : error.start] not in _RAISED:
        missing = _EXPONENT.sub(lambda found: f"^{found.group().translate(_LOWERED)}", missing)
    return "".join(_SIGNS.get(c, c) for c in missing).encode("ascii", "backslashreplace").decode(), error.end


SPELLED = "symparams.spelled"
codecs.register_error(SPELLED, _spelled)


def echo(text: str, err: bool = False, nl: bool = True) -> None:
    """Print a text on standard output or standard error."""
    click.echo(text, sys.stderr if err else sys.stdout, nl)


@contextmanager
def streams() -> Iterator[None]:
    """Standard output and standard error made safe; what cannot be written at all ends the program with status 1."""
    sys.stdout, sys.stderr = (stream or _nowhere() for stream in (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SPELLED)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        sys.stdout = _nowhere()
        if not isinstance(error, BrokenPipeError):
            echo(f"error: cannot write: {error.strerror or error}", err=True)
        sys.exit(1)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
