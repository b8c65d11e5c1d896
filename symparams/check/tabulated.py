"""What tables say without a sign of equality: totals below columns, counts behind their arithmetic, summaries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ..errors import LimitError, SymparamsError
from .amounts import Arithmetic, amount
from .comparing import compared
from .findings import Equality, Used
from .formula_signs import formula
from .numerals import WrittenNumber, is_percent, read, unit_of
from .passages import CellTable, Note, Passage, Stretch, TableRow
from .prose_signs import prose
from .reading import Literal, Tree, literals, names, read_side
from .tokens import EQUAL, LINE, MATH, OPERATORS, RELATIONS, Mark

_COUNTED = (
    r"(?:\s*(?:of|all|in|number|count|counts|the|for|trainable|learnable|params?|parameters?|weights|layers|model|net"
    r"|network|per layer|per block|der|aller|parameter"
    r"|可训练|可学习|参数|参数量|参数总量|参数个数|数量|个数|权重|[:：()（）#]))*"
)
TOTAL = re.compile(
    rf"{_COUNTED}\s*(?:(?:grand\s+|sub-?)?totals?|sum|overall|altogether|all together|in all|insgesamt|gesamt|summe|Σ|∑"
    rf"|总计|合计|总和|总数|总|总共|总量|共计|小计|累计|求和){_COUNTED}",
    re.I,
)
_SUBTOTAL = re.compile(r"sub-?total|小计|zwischensumme|therein|of which|其中|davon|thereof", re.I)
_NOT_ADDED = re.compile(
    r"size|shape|output|kernel|stride|accuracy|top-?\d|ratio|factor|mean|average|rate|尺寸|形状|输出|步幅|准确|平均|比例|倍|field|depth|width|#$|no\.?$"
    r"|speed|latency|fps|year|epoch|map\b",
    re.I,
)
_REPEATED = re.compile(r"[×x*]\s*\d+|\d+\s*[×x*](?!\d)|\beach\b|\bper\b|每|各|└|├|\btimes\b|个", re.I)
_EMPTY = re.compile(r"[\s\-–—−/.*$`|]*(?:n/?a|none|无)?[\s*$`]*", re.I)


_MOST_TOTALS = 40


class Cell(NamedTuple):
    """A cell as a number: its token, what it says, and the tree before it where it shows how it comes about."""

    sign: Mark
    number: WrittenNumber
    tree: Tree


def judged_tables(document: Note) -> Iterator[Equality]:
    """The equalities that tables and summaries imply, judged. What may be meant otherwise is left out."""
    for passage in document.passages:
        if passage.table:
            yield from _Columns(document, passage, passage.table).equalities()


class _Columns:
    def __init__(self, document: Note, passage: Passage, table: CellTable):
        self.document, self.passage, self.table = document, passage, table
        self.text = document.text
        self.width = max((len(row.cells) for row in table.rows), default=0)
        self.cells = {
            (r, c): self._cell(stretches)
            for r, row in enumerate(table.rows)
            if r >= table.heads
            for c, stretches in enumerate(row.cells)
        }

    def equalities(self) -> Iterator[Equality]:
        totals = [row for row, cells in enumerate(self.table.rows) if TOTAL.fullmatch(self._label(cells))]
        for row, cells in enumerate(self.table.rows if len(totals) <= _MOST_TOTALS else ()):
            if row >= self.table.heads and TOTAL.fullmatch(self._label(cells)):
                for column in range(1, len(cells.cells)):
                    yield from self._total(row, column)
        for column in range(self.width - 1):
            yield from self._counts(column)

    def _label(self, row: TableRow) -> str:
        texts = [self._text(cell).strip(" *_`$") for cell in row.cells]
        label = next((text for text in texts if text), "")
        return "" if re.search(r"\d", label) else label

    def _text(self, stretches: tuple[Stretch, ...]) -> str:
        return " ".join(self.text[a:b].strip() for a, b in stretches)

    def _signs(self, stretches: tuple[Stretch, ...]) -> list[Mark]:
        """The tokens of a cell, those of its formulas among them."""
        signs: list[Mark] = []
        for a, b in stretches:
            for sign in prose(self.document.region, a, b):
                if sign.type != MATH:
                    signs.append(sign)
                    continue
                try:
                    signs += formula(self.document.region, *sign.inner)
                except LimitError:
                    return []
        return [sign for sign in signs if sign.type != LINE and str(sign) != "\\textbf"]

    def _cell(self, stretches: tuple[Stretch, ...]) -> Cell | None:
        """What a cell says last, where that can be read and has no names."""
        signs = self._signs(stretches)
        signs = [s for s in signs if not (s.type == "OTHER" and str(s) in ("`", "\\textbf", "{", "}", "_"))]
        places = [at for at, sign in enumerate(signs) if sign.type in RELATIONS]
        last = signs[places[-1] + 1 :] if places else signs
        if not last or any(sign.type in ("WORD", "OTHER", "STOP", "COMMA") for sign in last):
            return None
        try:
            tree = read_side(last)
            if any(True for _ in names(tree)):
                return None
            value = amount(tree, Arithmetic())
        except SymparamsError:
            return None
        if isinstance(value, tuple):
            return None
        number = read(str(tree.sign)) if isinstance(tree, Literal) else WrittenNumber(value, None, False)
        return Cell(last[0] if len(last) == 1 else last[-1], number, tree)

    # Totals

    def _total(self, row: int, column: int) -> Iterator[Equality]:
        total = self.cells.get((row, column))
        if total is None or not isinstance(total.tree, Literal):
            return
        totals = [r for r, cells in enumerate(self.table.rows) if TOTAL.fullmatch(self._label(cells))]
        earlier = [r for r in totals if self.table.heads <= r < row]
        above = [r for r in range(self.table.heads, row) if r not in earlier]
        since = [r for r in above if not earlier or r > earlier[-1]]
        parts = [r for r in above if not _SUBTOTAL.search(self._label(self.table.rows[r]))]
        ways = [rows for rows in (since, above, parts, earlier) if rows]
        sums = [self._sum(rows, column) for rows in ways]
        if not sums or sums[0] is None or len(sums[0]) < 2:
            return
        for cells in sums:
            if cells and self._adds_up(cells, total):
                yield self._equality(cells, total, True)
                return
        header = (
            self._text(self.table.rows[0].cells[column])
            if self.table.heads and column < len(self.table.rows[0].cells)
            else ""
        )
        labels = [" ".join(map(self._text, self.table.rows[r].cells)) for r in since]
        repeated = any(
            _REPEATED.search(re.sub(r"[\d.,{}]+\s*(?:\\times|[×x*])\s*\d", "", self._text(self.table.rows[r].cells[0])))
            for r in since
        )
        whole = abs(sum((cell.number.value for cell in sums[0]), Fraction(-1))) < Fraction(1, 200)
        percent = is_percent(unit_of(str(total.sign))) and total.number.value != 1 and not whole
        if (
            _NOT_ADDED.search(header)
            or repeated
            or percent
            or len(set(labels)) < len(labels)
            or any("…" in label or "..." in label for label in labels)
        ):
            return
        yield self._equality(sums[0], total, False)

    def _sum(self, rows: list[int], column: int) -> list[Cell] | None:
        found = []
        for row in rows:
            cells = self.table.rows[row].cells
            cell = self.cells.get((row, column))
            if cell is not None:
                found.append(cell)
            elif column < len(cells) and not _EMPTY.fullmatch(self._text(cells[column])):
                return None
        return found

    def _adds_up(self, cells: list[Cell], total: Cell) -> bool:
        half = sum((c.number.step or Fraction(0) for c in [*cells, total]), Fraction(0)) / 2
        return abs(sum(c.number.value for c in cells) - total.number.value) <= half

    def _equality(self, cells: list[Cell], total: Cell, holds: bool) -> Equality:
        value = sum((c.number.value for c in cells), Fraction(0))
        return implied(
            self.document,
            " + ".join(_bare(c.sign, self.text) for c in cells),
            value,
            total.sign,
            total.number.value,
            holds,
            cells,
        )

    # Counts behind their arithmetic

    def _counts(self, column: int) -> Iterator[Equality]:
        """A column of arithmetic with its results in the next: where the rows agree, one that does not is false."""
        right: list[tuple[bool, Equality]] = []
        for row in range(self.table.heads, len(self.table.rows)):
            left, count = self.cells.get((row, column)), self._next_count(row, column)
            if left is None or count is None or (isinstance(left.tree, Literal) and not self._has_steps(row, column)):
                continue
            holds = compared(left.tree, count.tree, EQUAL).holds
            if not holds and self._is_multiple(left, count):
                continue
            made = implied(
                self.document,
                self._text(self.table.rows[row].cells[column]).strip(" $`"),
                left.number.value,
                count.sign,
                count.number.value,
                holds,
                [Cell(number.sign, read(str(number.sign)), number) for number in literals(left.tree)],
            )
            right.append((holds, made))
        good = sum(holds for holds, _ in right)
        if good >= 2 and good >= 2 * (len(right) - good):
            yield from (made for _, made in right)

    def _has_steps(self, row: int, column: int) -> bool:
        signs = self._signs(self.table.rows[row].cells[column])
        return any(s.type in RELATIONS for s in signs) and any(s.type in OPERATORS for s in signs)

    def _next_count(self, row: int, column: int) -> Cell | None:
        cell = self.cells.get((row, column + 1))
        return cell if cell and isinstance(cell.tree, Literal) and not is_percent(unit_of(str(cell.sign))) else None

    def _is_multiple(self, left: Cell, count: Cell) -> bool:
        """Whether the count may be that of several equal layers."""
        if not left.number.value:
            return False
        times = count.number.value / left.number.value
        return times.denominator == 1 and times > 1


def _bare(sign: Mark, text: str) -> str:
    return text[sign.start : sign.end]


def implied(
    document: Note, left: str, value: Fraction, sign: Mark, claimed: Fraction, holds: bool, cells: list[Cell]
) -> Equality:
    text = document.text
    line = document.line_of(sign.start)
    column = sign.start - (text.rfind("\n", 0, sign.start) + 1) + 1
    inputs = [Used(c.sign.start, c.sign.end, c.number.value) for c in cells if isinstance(c.tree, Literal)]
    result = [Used(sign.start, sign.end, claimed)]
    return Equality(
        line,
        column,
        sign.start,
        sign.end,
        left,
        text[sign.start : sign.end],
        value,
        claimed,
        holds,
        {},
        inputs,
        result,
        None,
        True,
    )
