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
    from ..frameworks.recognition import source_of_text
    from ..frameworks.sources import source_of

    if text is not None:
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise SymparamsError("the program is not text in UTF-8")
        return source_of_text(Source("-e", text), inputs, values)
    assert file is not None
    return source_of_text(_standard_input(), inputs, values) if file == "-" else source_of(file, inputs, values)


def _standard_input() -> Source:
    try:
        return Source("<stdin>", sys.stdin.buffer.read(MAX_INPUT).decode("utf-8-sig"))
    except UnicodeDecodeError:
        hint = "a model that was saved is read from its file"
        raise SymparamsError("standard input is not text in UTF-8", None, hint) from None
