"""The table of an architecture as authors print it: stages in order, equal ones folded, with sizes and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..closed_forms.polynomial import Quantity, total
from ..closed_forms.powers import meant
from ..core.network import CoreNetwork
from ..evaluate.figures import DERIVED
from ..formula.textbook_order import total_tree
from .block_catalogue import Catalogue
from .document import Code, Line, Math, Table, flat
from .messages import Messages
from .outline import Reader
from .page_rows import PageRow, Rows, Turns
from .parts import OutlinePart
from .prose import Prose


class StageRows(Rows):
    """The rows of an architecture: blocks are opened so many deep, and not told in letters."""

    depth = 0

    def made(
        self, parts: Iterable[OutlinePart], prefix: str, turns: Turns, times: tuple[OutlinePart, ...]
    ) -> Iterator[PageRow]:
        for part in parts:
            folded = part.stage.is_block and prefix.count(".") >= self.depth
            if part.first.parts is None or folded:
                yield self.row(part, prefix, turns, times, {})
            else:
                yield from super().made([part], prefix, turns, times)


class Architecture(Prose):
    """Makes the table, for the figures that are asked for besides the parameters."""

    def __init__(self, net: CoreNetwork, messages: Messages, figures: Sequence[str], depth: int):
        super().__init__(net, messages)
        reader = Reader(net, figures, "brief")
        outline = reader.outline()
        maker = StageRows(self, Catalogue(reader, outline, lettered=False), reader)
        maker.depth = depth
        self.figures = reader.summed
        self.rows = maker.of(outline.parts)

    def table(self) -> Table:
        header = [self.say("table.layer"), self.say("table.output")]
        header += [self.say(f"table.{DERIVED[what].message}") for what in self.figures]
        body = [(self.layer(row), (self.shape(row.output),), *self.counts(row.values)) for row in self.rows]
        whole = {what: total(row.values[what] for row in self.rows) for what in self.figures}
        body.append((self.say("total.heading"), (), *self.counts(whole)))
        return Table(tuple(header), tuple(body), frozenset(range(2, len(header))), totals=True)

    def layer(self, row: PageRow) -> Line:
        """The stage with its arguments, how often it follows itself, and the layers behind it that only pass on."""
        again = f" × {len(row.names)}" if len(row.names) > 1 else ""
        passing = [(" → ", Code(kind)) for kind in dict.fromkeys(name.rstrip("0123456789_") for name in row.passing)]
        return flat((row.call, again, *passing))

    def counts(self, values: dict[str, Quantity]) -> Iterator[Line]:
        for what in self.figures:
            yield (Math(total_tree(meant(values[what]), self.net.order)),)
