"""Faults of a program as values: where, what, and what would be right."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

PACKAGE = os.path.join(os.path.dirname(__file__), "")


class SourceParts(NamedTuple):
    """A program with braces, and what stands in them is called elsewhere, by the labels that lead there, with dots."""

    text: str
    titles: Mapping[str, str]


class Source:
    """A text with a name to show: a file, a command line, a rule of the standard library.

    `shown` are what labels of a program are called in tables, where it was written from another text; `notes` are what
    was noted while that was read; `parts` is the same program with the parts of the other text in braces, and `settled`
    are names that already have the values that a user gives them.
    """

    def __init__(
        self,
        name: str,
        text: str,
        shown: Mapping[str, str] | None = None,
        notes: Sequence[SymparamsError] = (),
        parts: SourceParts | Callable[[], SourceParts] | None = None,
        settled: Collection[str] = (),
    ):
        self.name = name
        self.text = text
        self.shown = shown or {}
        self.notes = notes
        self._parts = parts
        self.settled = settled

    @property
    def parts(self) -> SourceParts | None:
        if callable(self._parts):
            self._parts = self._parts()
        return self._parts

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_parts": self.parts}

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        before = self.text[:offset]
        line = before.count("\n") + 1
        return line, offset - (before.rfind("\n") + 1) + 1

    def line(self, number: int) -> str:
        return self.text.split("\n")[number - 1].rstrip("\r")


class Span:
    """A stretch of a source: offsets, the end not included."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int):
        self.source = source
        self.start = start
        self.end = end

    def __reduce__(self) -> Any:
        return "NOWHERE" if self is NOWHERE else (Span, (self.source, self.start, self.end))

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


NOWHERE = Span(Source("", ""), 0, 0)


class SymparamsError(Exception):
    """A fault in a program, in the values given to it, or in how the tool was called.

    `message` says what is wrong, `hint` what would be right, `span` where; `notes` lead from the place to its cause.
    """

    # The exit status of a command that ends with the error.
    status = 1

    def __init__(self, message: str, span: Span | None = None, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.span = span
        self.notes: list[str] = []

    @property
    def position(self) -> tuple[int, int] | None:
        """Line and column of the fault, both counted from 1."""
        if self.span is None or self.span is NOWHERE:
            return None
        return self.span.source.position(self.span.start)

    def located(self, span: Span) -> SymparamsError:
        """This error, shown at `span` unless a place is known already."""
        if self.span is None or self.span is NOWHERE:
            self.span = span
        return self

    def as_dict(self) -> dict[str, Any]:
        line, column = self.position or (None, None)
        return {"message": self.message, "line": line, "column": column, "hint": self.hint}

    def show(self, word: str = "error") -> str:
        """The error, or the "warning", as a person reads it: the place, the line with a caret under it, the hint."""
        lines = [f"{word}: {self.message}"]
        if self.position and self.span:
            number, column = self.position
            source = self.span.source
            text = source.line(number)
            lines[0] = f"{source.name}:{number}:{column}: {lines[0]}"
            lines += _excerpt(text, number, column, self.span.end - self.span.start)
        lines += [f"  note: {note}" for note in self.notes]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return printable("\n".join(lines))

    def __str__(self) -> str:
        return self.show()

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the user's line that met the fault, and the error, not the way through this package."""
        from traceback import extract_tb

        before = list(takewhile(lambda step: not step.filename.startswith(PACKAGE), extract_tb(self.__traceback__)))
        met = [f"line {before[-1].lineno}: {before[-1].line}"] if before else []
        return [*met, *self.show().split("\n")]


class UsageFault(SymparamsError):
    """An option with a value that does not exist."""

    status = 2


class LimitError(SymparamsError):
    """A program that asks for more than the tool is willing to compute."""


# Controls but for tabs and line breaks, marks that turn the direction of a text, halves of characters.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """The text with the escapes of Python in place of what would command a terminal, turn a line round or be unseen."""
    return UNPRINTABLE.sub(lambda found: ascii(found.group())[1:-1], text)


_WIDEST = 100


def _excerpt(text: str, number: int, column: int, length: int) -> list[str]:
    """The source line, cut around the fault where it is long, and carets under the fault."""
    start = max(0, column - 1 - _WIDEST // 2) if len(text) > _WIDEST else 0
    shown = "".join(c if c.isprintable() else " " for c in text[start : start + _WIDEST])
    before = column - 1 - start
    carets = max(1, min(length, len(shown) - before))
    margin = f"{number:5} | "
    gap = display_width(shown[:before])
    under = display_width(shown[before : before + carets]) or carets
    return [margin + shown, " " * (len(margin) - 2) + "| " + " " * gap + "^" * under]


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal: East Asian wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word a user most likely meant: at most a third of its letters away, ties to the first in the alphabet."""
    known = sorted(set(words))
    folded = [w for w in known if w.casefold() == word.casefold()]
    if folded:
        return folded[0]
    from difflib import get_close_matches

    found = get_close_matches(word, known, n=1, cutoff=0.7)
    if found:
        return found[0]
    starts = [w for w in known if len(w) > 1 and (w.startswith(word) or word.startswith(w))]
    return min(starts, key=len) if starts else None


def did_you_mean(word: str, words: Iterable[str]) -> str | None:
    close = nearest(word, words)
    return f"did you mean {close!r}?" if close else None


def meant_or_known(word: str, words: Iterable[str], known_as: str) -> str | None:
    """The hint for an unknown word: the one that was likely meant, else what there is."""
    known = list(dict.fromkeys(words))
    shown = listing(known) if len(known) <= _MOST_LISTED else f"{', '.join(known[:_MOST_LISTED])}, …"
    return did_you_mean(word, known) or (f"{known_as} {shown}" if known else None)


_MOST_LISTED = 12


def listing(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
