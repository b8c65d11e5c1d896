"""Where the program of a command comes from: a file, standard input, the command line, the zoo."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from ..errors import Source, SymparamsError

MAX_INPUT = 8_000_000


def program_source(
    file: str | None, text: str | None, inputs: Sequence[str] = (), values: Mapping[str, Any] | None = None
) -> Source:
    if (file is None) == (text is None):
        raise click.UsageError("give one program: a FILE, `-` for standard input, or -e PROGRAM")
    if text is not None:
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise SymparamsError("the program is not text in UTF-8")
        return Source("-e", text)
    assert file is not None
    if file == "-":
        from ..frameworks.recognition import source_of_text

        try:
            typed = sys.stdin.buffer.read(MAX_INPUT).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SymparamsError("standard input is not text in UTF-8") from None
        return source_of_text(Source("<stdin>", typed), inputs, values)
    from ..api import source_of

    return source_of(file, inputs, values)
