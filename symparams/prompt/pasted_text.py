"""Text at the prompt that is no program: code, a printed model, a summary; and where it goes on and ends."""

from __future__ import annotations

from ..frameworks.recognition import CELL, FENCES, TYPED, begins_as_python, calls_what_is_in, is_python, kind_of
from ..frameworks.summaries.summary_text import begins_as_summary, looks_like_summary

_LAST_TOTAL = "Non-trainable params"


def is_foreign(text: str) -> bool:
    """Whether a text is read as what it shows, not as a program or a question."""
    begins = begins_as_python(text) or begins_as_summary(text) or _is_wrapped(text)
    return begins or kind_of(text) is not None


def _is_wrapped(text: str) -> bool:
    """Whether a text stands in the fence of a page, or behind the prompt of a session."""
    return text.lstrip().startswith(FENCES) or text.startswith(TYPED[0])


def is_cell_mark(text: str) -> bool:
    """Whether a line is the number of a notebook's cell, which is copied along with it."""
    return CELL.fullmatch(text.strip()) is not None


def goes_on(text: str) -> bool | None:
    """Whether such a text goes on: a block of code up to an empty line, a table up to its totals; None for another."""
    lines = text.split("\n")
    if text.lstrip().startswith(FENCES):
        return len(lines) < 2 or not lines[-1].lstrip().startswith(FENCES)
    if begins_as_summary(text) or looks_like_summary(text):
        return bool(lines[-1].strip()) and not lines[-1].strip().startswith(_LAST_TOTAL)
    if begins_as_python(text) or (len(lines) > 1 and is_python(text)):
        last = lines[-1]
        in_block = last.rstrip().endswith((":", ",", "(", "[", "{")) or last[:1].isspace() or last.startswith("@")
        return bool(last.strip()) and in_block
    return None


def indent_after(text: str) -> str:
    """The blanks that the next line of code begins with."""
    last = text.split("\n")[-1]
    own = last[: len(last) - len(last.lstrip())]
    return own + "    " * last.rstrip().endswith(":")


def continues(before: str, line: str) -> bool:
    """Whether a line of a script belongs to the code or the table before it."""
    if line.lstrip()[:1] in (":", "?") and not line[:1].isspace():
        return False
    if before.startswith(TYPED[0]):
        return line.startswith(TYPED)
    if begins_as_summary(before) or looks_like_summary(before):
        return _LAST_TOTAL not in before
    if not (begins_as_python(before) or is_python(before)):
        return False
    is_more = not line.strip() or line[:1].isspace() or line[:1] in ")]}" or line.startswith("self.")
    return is_more or begins_as_python(line) or is_python(line) or calls_what_is_in(before, line)
