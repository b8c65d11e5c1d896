"""Text at the prompt that is no program: code, a printed model, a summary; and where it goes on and ends."""

from __future__ import annotations

import re
from textwrap import dedent

from ..frameworks.pasted_texts import without_marks
from ..frameworks.python.code_names import follows
from ..frameworks.python.code_texts import code_goes_on, is_code, is_meant_as_code
from ..frameworks.summaries.summary_text import begins_as_summary, looks_like_summary

# What is longer is not looked at with every key.
MAX_TYPED = 200_000
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CELL = re.compile(r"\s*(?:In|Out) ?\[[\d ]*\]:\s*")


def is_cell_mark(text: str) -> bool:
    """Whether a line is the number of a notebook's cell, which is copied along with it."""
    return _CELL.fullmatch(text) is not None


def goes_on(text: str) -> bool | None:
    """Whether such a text goes on: code as Python has it, a table up to an empty line, a page up to its second fence.

    None for what is a program, or may become one.
    """
    lines = text.split("\n")
    if len(text) > MAX_TYPED or text.lstrip()[:1] in (":", "?"):
        return None
    if _FENCE.match(text):
        return len(lines) < 2 or not _FENCE.match(lines[-1])
    if begins_as_summary(text):
        is_over = not lines[-1].strip() and (looks_like_summary(text) or not "".join(lines[-2:]).strip())
        return not is_over
    said = without_marks(text)
    if code_goes_on(said):
        return True
    return False if _is_code(said) else None


def continues(before: str, line: str) -> bool:
    """Whether a line of a script belongs to the code or the table that stands before it and some empty lines."""
    if begins_as_summary(before):
        return begins_as_summary(line) or line.lstrip().startswith("Total")
    if not _is_code(without_marks(before)):
        return False
    code = without_marks(line)
    return line[:1].isspace() or code_goes_on(code) or _is_code(code) or follows(without_marks(before), code)


def _is_code(text: str) -> bool:
    moved = dedent(text)
    return is_code(moved) or ("\n" in text and is_meant_as_code(moved))
