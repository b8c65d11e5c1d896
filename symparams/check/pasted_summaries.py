"""Summaries of torch and Keras that are pasted into a text: their totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from .findings import Equality, Used
from .numerals import WrittenNumber
from .passages import Note
from .reading import Literal
from .tabulated import Cell, implied
from .tokens import Mark

_TOTAL_PARAMS = re.compile(
    r"^[ \t│┃|>#]*(?P<kind>(?:Total|Trainable|Non-trainable|Optimizer) params):?\s*(?P<number>\d[\d,]*)",
    re.M,
)


def judged_summaries(document: Note) -> Iterator[Equality]:
    """The totals of pasted summaries: the sum of their column, and of what is trained and what is not."""
    blocks: list[dict[str, re.Match[str]]] = []
    for match in _TOTAL_PARAMS.finditer(document.text):
        if match["kind"] == "Total params":
            blocks.append({})
        if blocks:
            blocks[-1].setdefault(match["kind"], match)
    at = 0
    for block in blocks:
        total = block["Total params"]
        yield from _summary(document, block, total, at)
        at = total.end()


def _summary(document: Note, block: dict[str, re.Match[str]], total: re.Match[str], since: int) -> Iterator[Equality]:
    value = _count(total)
    optimizer = block.get("Optimizer params")
    kept = [block[kind] for kind in ("Trainable params", "Non-trainable params") if kind in block]
    rows = _rows_above(document.text, since, total.start())
    sign = Mark("NUM", total["number"], *total.span("number"))
    of_optimizer = _count(optimizer) if optimizer else Fraction(0)
    if rows is not None and len(rows) > 1:
        counted = sum((row.value for row in rows), Fraction(0))
        holds = value in (counted, counted + of_optimizer)
        cells = [_as_cell(document.text, row) for row in rows]
        yield implied(
            document, " + ".join(str(c.sign) for c in cells), Fraction(counted), sign, Fraction(value), holds, cells
        )
    if len(kept) == 2:
        counted = Fraction(sum(_count(match) for match in kept))
        holds = value in (counted, counted + of_optimizer)
        cells = [_as_cell(document.text, Used(*m.span("number"), Fraction(_count(m)))) for m in kept]
        left = " + ".join(m["number"] for m in kept)
        yield implied(document, left, Fraction(counted), sign, Fraction(value), holds, cells)


def _count(match: re.Match[str] | None) -> int:
    return int(match["number"].replace(",", "")) if match else 0


def _as_cell(text: str, used: Used) -> Cell:
    sign = Mark("NUM", text[used.start : used.end], used.start, used.end)
    return Cell(sign, WrittenNumber(used.value, None, False), Literal(sign))


def _rows_above(text: str, since: int, end: int) -> list[Used] | None:
    """The numbers below the header of the counts; None where there is no header, or something was left out."""
    heads = list(re.finditer(r"Param #", text[since:end]))
    if not heads:
        return None
    head = since + heads[-1].start()
    line_start = text.rfind("\n", 0, head) + 1
    line_end = text.find("\n", head)
    column = head - line_start
    boxed = [at for at in range(line_start, line_end) if text[at] in "│┃║"]
    number = sum(at < head for at in boxed)
    found: list[Used] = []
    at = line_end + 1
    while at < end:
        stop = text.find("\n", at, end)
        stop = stop if stop >= 0 else end
        line = text[at:stop]
        if "..." in line or "…" in line or "recursive" in line:
            return None
        if boxed:
            bars = [at + i for i, c in enumerate(line) if c in "│┃║"]
            if len(bars) > number:
                cell = re.compile(r"\s*(\d[\d,]*)").match(text, bars[number - 1] + 1, bars[number])
                if cell:
                    found.append(_number_at(text, *cell.span(1)))
        else:
            for word in re.finditer(r"(?<!\S)\d[\d,]*(?!\S)", line):
                if word.start() < column + 8 and word.end() > column - 1:
                    found.append(_number_at(text, at + word.start(), at + word.end()))
        at = stop + 1
    return found


def _number_at(text: str, start: int, end: int) -> Used:
    return Used(start, end, Fraction(text[start:end].replace(",", "")))
