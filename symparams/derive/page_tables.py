"""The tables of a page: layer by layer, how each size and each count comes about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..closed_forms.polynomial import Quantity
from ..closed_forms.powers import meant
from ..evaluate.figures import DERIVED, PARAMS
from ..formula.textbook_order import total_tree
from ..formula.tree import Add, Numeral
from .document import Line, Math, Table
from .page_rows import PageRow, Rows
from .prose import Prose

# A total of more summands stands in a table without them.
MAX_SUMMANDS = 12


class Tables:
    """Tables of rows, one for each figure that is counted; the first of them has the sizes."""

    def __init__(self, prose: Prose, rows: Rows):
        self.prose = prose
        self.reader = rows.reader
        self.name = rows.name
        self.say = prose.say

    def of(self, rows: Sequence[PageRow], totals: dict[str, Quantity] | None = None) -> Iterator[Table]:
        counted = [what for what in self.reader.summed if any(row.values[what] != 0 for row in rows)]
        for place, what in enumerate(counted or [PARAMS.name]):
            total = (totals or {}).get(what)
            yield self.table(rows, what, place == 0, total if isinstance(total, int) else None)

    def table(self, rows: Sequence[PageRow], what: str, sizes: bool, total: int | None) -> Table:
        sized = sizes and 3 * sum(bool(row.sizes) for row in rows) >= len(rows)
        kept = [row for row in rows if sizes or row.values[what] != 0]
        header = [self.say("table.layer"), *self.headings(sizes, sized)]
        header += [self.say(f"table.{DERIVED[what].message}"), self.say("page.count")]
        body = [(self.name(row), *self.sizes(row, sizes, sized), *self.count(row, what)) for row in kept]
        if total is not None:
            empty: list[Line] = [()] * (len(header) - 3)
            body.append((self.say("total.heading"), *empty, self.summed(rows, what), (Math(Numeral(total)),)))
        return Table(tuple(header), tuple(body), frozenset({len(header) - 1}), total is not None)

    def headings(self, sizes: bool, sized: bool) -> Iterator[Line]:
        if sized:
            yield self.say("page.size")
        if sizes:
            yield self.say("table.output")

    def sizes(self, row: PageRow, sizes: bool, sized: bool) -> Iterator[Line]:
        """How the sizes come about, in a column of their own where many rows have them, and what is put out."""
        shape = self.prose.shape(row.output)
        if sized:
            yield self.prose.listed(row.sizes)
        if sizes:
            yield (shape,) if sized else self.prose.listed([*row.sizes, shape])

    def count(self, row: PageRow, what: str) -> Iterator[Line]:
        yield row.cells.get(what, ("–",))
        yield (Math(total_tree(meant(row.values[what]), self.reader.net.order)),)

    def summed(self, rows: Sequence[PageRow], what: str) -> Line:
        """The counts of the rows with a plus between, where they are few."""
        values = [row.values[what] for row in rows if row.values[what] != 0]
        if not 1 < len(values) <= MAX_SUMMANDS or not all(isinstance(value, int) for value in values):
            return ()
        return (Math(Add(tuple((False, Numeral(value)) for value in values))),)  # type: ignore[arg-type]
