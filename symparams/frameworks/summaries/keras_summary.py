"""Keras's `summary()` as a network: the graph by the column of connections, else a chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import Source, SymparamsError, listing
from ...language.dialects import KERAS
from ..graph.growing_program import GraphNode, GraphOperation
from ..keras_config import LETTERS, MERGES
from .keras_arguments import FUNCTIONS, GROWING, KERAS_LAYERS
from .reconstruction import Reconstruction, is_of
from .shown_layer import ShownLayer
from .summary_rows import Sizes, SummaryRow, place

_INPUT = "InputLayer"
_SEVERAL = frozenset(["MultiHeadAttention", "Attention", "AdditiveAttention", *MERGES])
_CUT = "…"


class KerasSummary(Reconstruction):
    """Reads the rows of one table; `state` are the parameters of its unread parts that are never trained."""

    def __init__(self, printed: Source, rows: Sequence[SummaryRow], state: int = 0):
        super().__init__(KERAS.name, KERAS.prefixes[0], True)
        self.printed = printed
        self.rows = [row for row in rows if not row.depth]
        self.state = state
        self.unread: list[SummaryRow] = []
        self.nodes: dict[SummaryRow, GraphNode] = {}
        self.read: set[SummaryRow] = set()

    def outputs(self) -> list[GraphNode]:
        """What the network puts out: the rows that no other reads. Raises SymparamsError."""
        linked = any(row.links for row in self.rows)
        before: SummaryRow | None = None
        for row in self.rows:
            try:
                sources = self.sources(row, before, linked)
                self.nodes[row] = self.node(row, [self.nodes[source] for source in sources])
            except SymparamsError as error:
                raise (
                    error
                    if error.span
                    else SymparamsError(f"{row.name}: {error.message}", place(self.printed, row.number), error.hint)
                ) from None
            self.read.update(sources)
            before = row
        self.note_doubts()
        return [node for row, node in self.nodes.items() if row not in self.read]

    def sources(self, row: SummaryRow, before: SummaryRow | None, linked: bool) -> list[SummaryRow]:
        if linked:
            return [self.linked(link, row) for link in row.links]
        return [before] if before and row.kind != _INPUT else []

    def linked(self, link: str, row: SummaryRow) -> SummaryRow:
        """The row before this one that a name means, which may be cut off. Raises SymparamsError."""
        wanted = link.rstrip(_CUT)
        known = [r for r in self.nodes if r.name == wanted]
        cut = [r for r in self.nodes if r.name.startswith(wanted) or wanted.startswith(r.name.rstrip(_CUT))]
        found = known[-1:] or (cut if link.endswith(_CUT) else [r for r in cut if r.name.rstrip(_CUT) in wanted])
        unread = [r for r in found if r not in self.read]
        if len(found) > 1 and len(unread) == 1:
            self.doubts[f"reads {unread[0].name}, for the name is cut off"].append(row.name)
            return unread[0]
        if len(found) != 1:
            fault = (
                f"{link!r} may be {listing([r.name for r in found], 'or')}"
                if found
                else f"there is no {link!r} before it"
            )
            raise SymparamsError(fault, None, "summary(line_length=200) cuts no names off")
        return found[0]

    def node(self, row: SummaryRow, flows: Sequence[GraphNode]) -> GraphNode:
        leaving = row.outputs[0] if row.outputs else None
        if leaving is None:
            raise SymparamsError("its sizes are not shown")
        if not flows and row.kind.rstrip(_CUT) and _INPUT.startswith(row.kind.rstrip(_CUT)):
            return self.program.input(row.name, self.opened(leaving, row.name))
        if not flows:
            flows = [self.entering(row, leaving)]
        if len(flows) > 1 and row.kind.rstrip(_CUT) not in _SEVERAL and not self.kinds(row, _SEVERAL):
            raise SymparamsError("it is called several times: what a summary shows of that is not read")
        return self.merged(row, flows, leaving) or self.known(row, flows, leaving) or self.unknown(row, flows, leaving)

    def opened(self, sizes: Sizes, name: str) -> list[Quantity]:
        """The sizes of an input, with symbols for those that are open."""
        letters = LETTERS.get(len(sizes), "".join(f"N{axis}" for axis in range(len(sizes))))
        several = sum(row.kind == _INPUT for row in self.rows) > 1
        return [
            self.program.symbol(f"{letter}_{name}" if several else letter) if size is None else size
            for letter, size in zip(letters, sizes)
        ]

    def merged(self, row: SummaryRow, flows: Sequence[GraphNode], leaving: Sizes) -> GraphNode | None:
        kind = next(iter(self.kinds(row, MERGES)), None)
        if kind is None or len(flows) < 2:
            return None
        word = MERGES[kind]
        axes = [None, *range(len(leaving) - 1)] if word == "concat" else [None]
        for axis in axes:
            words = () if axis is None else (f"axis={axis}",)
            operation = GraphOperation(word, words, tuple((None, flow) for flow in flows[1:]))
            try:
                shape, _ = self.program.worked_out(operation, flows[0])
            except SymparamsError:
                continue
            if is_of(shape, leaving):
                return self.added(row, operation, flows[0])
        return None

    def known(self, row: SummaryRow, flows: Sequence[GraphNode], leaving: Sizes) -> GraphNode | None:
        """A layer of Keras, of the first class that its row can be of."""
        entering = [tuple(s if isinstance(s, int) else None for s in flow.shape) for flow in flows]
        seen = ShownLayer(entering, leaving, row.parameters)
        if self.kinds(row, FUNCTIONS) and row.parameters == 0 and entering[0] == leaving:
            self.doubts["which function of each value it is, is not shown"].append(row.name)
            return self.added(row, GraphOperation(f"{self.prefix}.Identity"), flows[0])
        for kind in self.kinds(row, KERAS_LAYERS):
            made = self.layer(row, kind, KERAS_LAYERS[kind](seen), flows, leaving)
            if made is not None:
                if kind != row.kind:
                    self.doubts[f"read as {kind}, for the class is cut off"].append(row.name)
                return made
        return None

    def kinds(self, row: SummaryRow, known: Any) -> list[str]:
        """The classes that a row may be of, which may be cut off."""
        written = row.kind.rstrip(_CUT)
        if row.kind in known:
            return [row.kind]
        if row.kind and not row.kind.endswith(_CUT) and len(row.name) + len(row.kind) < 20:
            return []
        return [kind for kind in known if kind.startswith(written)]

    def unknown(self, row: SummaryRow, flows: Sequence[GraphNode], leaving: Sizes) -> GraphNode:
        self.unread.append(row)
        return self.opaque(row, flows[0], leaving, min(self.state, row.parameters))

    def entering(self, row: SummaryRow, leaving: Sizes) -> GraphNode:
        """The input of a network whose first row is a layer: of the sizes by which that layer can be."""
        for sizes in (*_before(leaving), *self.by_width(row, leaving)):
            seen = ShownLayer([sizes], leaving, row.parameters)
            flow = self.program.input("input", self.opened(sizes, "input"))
            for kind in self.kinds(row, KERAS_LAYERS):
                fits = next(self.fitting(kind, KERAS_LAYERS[kind](seen), [flow], leaving, row.parameters), None)
                if fits is not None and _is_usual(fits[0]):
                    self.program.note(f"the input is not shown: by {row.name} it may be {_shown(sizes)}")
                    return flow
        raise SymparamsError("the input is not shown, and cannot be told from it", None, "put a row of it first")

    def by_width(self, row: SummaryRow, leaving: Sizes) -> Iterator[Sizes]:
        for around in dict.fromkeys((leaving[:-1], (None, *leaving[:-1]))):
            seen = ShownLayer([(*around, 1)], leaving, row.parameters)
            for kind in self.kinds(row, GROWING):
                sizes = partial(self.opened, name="input")
                yield from self.widths(kind, GROWING[kind](seen), around, row.parameters, sizes)


def _before(leaving: Sizes) -> Iterator[Sizes]:
    """Sizes that a first layer may take, the usual ones first."""
    *around, _ = leaving
    spatial = [size for size in around if size is not None]
    if len(spatial) == len(around) and len(around) in (2, 3):
        for factor, grown in ((1, 0), (1, 2), (1, 4), (1, 6), (1, 10), (2, 0), (2, 1), (4, 0)):
            for channels in (3, 1, 4, 2):
                yield (*(size * factor + grown for size in spatial), channels)
    yield leaving
    yield tuple(around)


def _is_usual(arguments: Any) -> bool:
    kernel = arguments.get("kernel_size", (1,))
    strides = arguments.get("strides", (1,))
    return len(set(kernel)) == 1 and (max(kernel) > 1 or max(strides) == 1)


def _shown(sizes: Sizes) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in sizes)})"
