"""The text of a summary as lines: its title, a line for each layer with the cells of its row, the totals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_LINES = 100_000
# What a terminal, a page or a chat puts around a text.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*[┏┡├└╭┠┗+╞=_━─-][┏┡├└╭┠┗┓┩┤┘┳╇┼┴+=_━─-]+\s*")
_BARS = re.compile("[│┃|║]")
_TREE = re.compile(r"\s*[├└│]")
_GAP = re.compile(r"\s{2,}")
_TITLE = re.compile(r'Model: "(.*)"')
_TOTALS = re.compile(r"\W*(Total|Trainable|Non-trainable) (params|mult)")
_HEAD = re.compile(r"Layer \(type", re.IGNORECASE)


class TableRow(NamedTuple):
    """A row of a table: its cells, the number of its line, and the line where it is one."""

    cells: tuple[str, ...]
    number: int
    line: str = ""

    @property
    def text(self) -> str:
        return self.line or "   ".join(self.cells)


class SummaryText(NamedTuple):
    """A table: the title before it, the names of its columns, its rows, and the lines after it."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[TableRow]
    after: Sequence[str]


def looks_like_summary(text: str) -> bool:
    """Whether a text has the head of a summary's table."""
    return any(map(_is_head, text.split("\n", 400)[:400]))


def begins_as_summary(text: str) -> bool:
    """Whether the first line of a text is that of a summary."""
    first = next((line for line in text.split("\n", 40) if line.strip()), "")
    return _TITLE.match(first.strip()) is not None or _is_head(first) or (len(first) > 20 and _is_rule(first))


def _is_head(line: str) -> bool:
    return _HEAD.search(line) is not None and ("Param" in line or "Output" in line)


def summary_texts(text: str) -> Iterator[SummaryText]:
    """The tables in a text."""
    lines = [_plain(line) for line in text.split("\n", MAX_LINES)[:MAX_LINES]]
    heads = [i for i, line in enumerate(lines) if _is_head(line)]
    for head, end in zip(heads, [*heads[1:], len(lines)]):
        titles = [found[1] for line in lines[max(head - 3, 0) : head] if (found := _TITLE.search(line))]
        inside = range(head + 1, end)
        first = next((i for i in inside if _TOTALS.match(lines[i])), end)
        body = [TableRow((lines[i],), i + 1) for i in range(head + 1, first) if not _FENCE.match(lines[i])]
        is_barred = bool(_BARS.search(lines[head]))
        columns = _cells(lines[head]) if is_barred else [c for c in _GAP.split(lines[head].strip()) if c]
        starts = [] if is_barred else [lines[head].index(column) for column in columns]
        rows = _of_bars(body) if is_barred else _of_columns(body, starts)
        yield SummaryText(next(iter(titles), ""), tuple(columns), list(rows), lines[first:end])


def _plain(line: str) -> str:
    line = _COLOURS.sub("", line.rstrip("\r")).expandtabs()
    return "".join(unicodedata.normalize("NFKC", c) if unicodedata.east_asian_width(c) == "F" else c for c in line)


def _cells(line: str) -> list[str]:
    return [part.strip() for part in _BARS.split(line.strip())[1:-1]]


def _of_bars(lines: Sequence[TableRow]) -> Iterator[TableRow]:
    """The rows of a table with bars, whose cells go over several lines between its rules."""
    cells: list[str] = []
    number = 0
    for line in [*lines, TableRow(("",), 0)]:
        if _is_rule(line.text):
            if any(cells):
                yield TableRow(tuple(cells), number)
            cells = []
            continue
        parts = _cells(line.text)
        if not cells:
            cells, number = [""] * len(parts), line.number
        cells = [f"{cell} {part}".strip() for cell, part in zip(cells, parts)]


def _of_columns(lines: Sequence[TableRow], starts: Sequence[int]) -> Iterator[TableRow]:
    """The rows of a table without bars; what follows a row without a count of its own goes on with its cells."""
    bounds = list(zip([0, *starts[1:]], [*starts[1:], None]))
    row: TableRow | None = None
    for line in [*lines, TableRow(("",), 0)]:
        cells = tuple(line.text[start:end].strip() for start, end in bounds)
        is_rule = _is_rule(line.text)
        if row and not is_rule and line.text[:1] == " " and len(cells) > 2 and not cells[2]:
            row = TableRow(tuple(map("".join, zip(row.cells, cells))), row.number)
            continue
        if row:
            yield row
        row = None if is_rule else TableRow(cells, line.number, line.text)


def _is_rule(line: str) -> bool:
    return not line.strip() or _RULE.fullmatch(line) is not None
