"""The cells of tables in Markdown, in LaTeX, in box-drawing signs and in columns of plain text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from ..errors import display_width
from .surroundings import Region

Stretch = tuple[int, int]

_BAR_OR_CODE = re.compile(r"\\\||`+|\|")
_BOX = "│┃║|"
_BETWEEN_BLANKS = re.compile(r"\S+(?: \S+)*")
_DASHES = re.compile(r"[-─]{2,}")


def markdown_cells(region: Region, start: int, stop: int) -> list[Stretch]:
    """The cells of a line of Markdown; none where it has no bar outside formulas and code."""
    text, bars, at = region.text, [], start
    while True:
        found = _BAR_OR_CODE.search(text, at, stop)
        if not found:
            break
        inside = next((f for f in range(at, found.start() + 1) if f in region.formulas), None)
        if inside is not None and region.formulas[inside][0] > found.start():
            at = region.formulas[inside][0]
            continue
        at = found.end()
        if found.group().startswith("`"):
            closed = text.find(found.group(), at, stop)
            at = closed + len(found.group()) if closed >= 0 else at
        elif found.group() == "|":
            bars.append(found.start())
    if not bars:
        return []
    edges = [start - 1, *bars, stop]
    cells = [(left + 1, right) for left, right in pairwise(edges)]
    first, last = cells[0], cells[-1]
    if not text[slice(*first)].strip(" \t>"):
        cells = cells[1:]
    if cells and not text[slice(*last)].strip():
        cells = cells[:-1]
    return cells


def boxed_cells(text: str, start: int, stop: int) -> list[Stretch]:
    """The cells of a line between vertical box-drawing signs."""
    line = text[start:stop].strip()
    if not line or line[0] not in _BOX[:3] or line[-1] not in _BOX[:3]:
        return []
    bars = [at for at in range(start, stop) if text[at] in _BOX[:3]]
    return [(left + 1, right) for left, right in pairwise(bars)]


_ROW_END = re.compile(
    r"\\\\\*?(?:\[[^\]\n]{0,20}\])?|\\tabularnewline|\\endhead|\\endfoot|\\endlastfoot|\\endfirsthead"
)
_TABLE_RULE = re.compile(
    r"(?:\s|\\(?:toprule|midrule|bottomrule|hline|addlinespace|specialrule)(?:\[[^\]]*\])?|\\(?:cmidrule|cline)(?:\([^)]*\))?\{[^}]*\})+"
)
_CELL_SIGN = re.compile(r"\\\\|\\.|[{}&]|(?<!\\)%[^\n]*", re.DOTALL)


def tabular_cells(region: Region, start: int, end: int) -> Iterator[tuple[list[Stretch], bool]]:
    """The cells of each row of a LaTeX table, from its \\begin to its \\end, and whether a rule stands below it."""
    text = region.text
    at = _past_arguments(text, start, end)
    row: list[Stretch] = []
    first, depth, position = at, 0, at
    while position < end:
        if position in region.formulas:
            position = region.formulas[position][0]
            continue
        found = _CELL_SIGN.match(text, position, end)
        ended = _ROW_END.match(text, position, end) if depth == 0 else None
        if ended:
            ruled = _TABLE_RULE.match(text, ended.end(), end)
            yield [*row, (first, position)], bool(ruled and ruled.group().strip())
            row, position = [], ruled.end() if ruled else ended.end()
            first = position
        elif found:
            depth += {"{": 1, "}": -1}.get(found.group(), 0)
            if found.group() == "&" and depth == 0:
                row.append((first, found.start()))
                first = found.end()
            position = found.end()
        else:
            position += 1
    if row:
        yield [*row, (first, end)], False


def _past_arguments(text: str, start: int, end: int) -> int:
    """Where the first row starts: behind the name of the environment, its arguments and the rules."""
    at = text.find("}", start, end) + 1
    while text[at : at + 1] in ("{", "["):
        closing, depth = {"{": "}", "[": "]"}[text[at]], 0
        opening = text[at]
        while at < end:
            depth += (text[at] == opening) - (text[at] == closing)
            at += 1
            if depth == 0:
                break
    ruled = _TABLE_RULE.match(text, at, end)
    return ruled.end() if ruled else at


def ruled_columns(line: str) -> list[Stretch]:
    """The columns that a rule of dashes marks, in the widths of a terminal; none where it marks fewer than two."""
    found = [match.span() for match in _DASHES.finditer(line)]
    return found if len(found) > 1 and not line.strip(" -─") else []


def ruled_table(
    text: str, at: int, end: int, columns: list[Stretch]
) -> tuple[list[tuple[tuple[Stretch, ...], ...]], int]:
    """The rows below a rule, up to a blank line, and their end. A line without a last cell belongs to the row above."""
    rows: list[tuple[tuple[Stretch, ...], ...]] = []
    while at < end:
        stop = text.find("\n", at, end)
        stop = stop if stop >= 0 else end
        line = text[at:stop]
        if not line.strip():
            break
        if not ruled_columns(line):
            cells = tuple((cell,) for cell in _cut(text, at, stop, columns))
            if rows and not text[slice(*cells[-1][0])].strip():
                rows[-1] = tuple((*old, *new) for old, new in zip(rows[-1], cells))
            else:
                rows.append(cells)
        at = stop + 1
    return rows, min(at, end)


def _cut(text: str, start: int, stop: int, columns: list[Stretch]) -> Iterator[Stretch]:
    """The stretches of a line below each column; East Asian signs are two columns wide."""
    places = [0]
    for at in range(start, stop):
        places.append(places[-1] + (1 if text[at] < "\u1100" else display_width(text[at])))
    edges = [start + bisect_left(places, left) for left, _ in columns]
    if any(start < edge < stop and text[edge - 1] != " " for edge in edges[1:]):
        words = [match.span() for match in _BETWEEN_BLANKS.finditer(text, start, stop)]
        if len(words) == len(columns):
            yield from words
            return
    for number, edge in enumerate(edges):
        following = edges[number + 1] if number + 1 < len(edges) else stop
        yield (edge if number else start), min(following, stop)
