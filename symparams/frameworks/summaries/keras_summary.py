"""The summary of a Keras model as a graph: what each layer reads, and what calls of Keras the layers are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...errors import SymparamsError, listing
from ..graph.growing_program import GraphNode, GraphOperation
from ..keras_config import MERGES
from .layer_search import ACTIVATION, FittingCall, prefix_of
from .shown_layers import OpenShape
from .summary_cells import Connection
from .summary_graph import SummaryGraph
from .summary_tables import WIDER, SummaryRow

INPUT_LAYER = "InputLayer"
# What a layer may be whose class is cut off, the most likely first.
_CLASSES = (
    "BatchNormalization",
    *("Conv2D", "Dense", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "Conv1D", "Embedding", "LSTM", "GRU"),
    *("LayerNormalization", "Activation", "ZeroPadding2D", "MaxPooling2D", "Flatten", "GlobalAveragePooling2D"),
    *("UpSampling2D", "MaxPooling1D", "Reshape"),
)


class MadeLayer(NamedTuple):
    """A layer that is in the graph: its row, and what each of its calls puts out."""

    row: SummaryRow
    calls: list[GraphNode]


class KerasSummary:
    """Puts the rows of a summary into a graph, in the order in which they are."""

    def __init__(self, graph: SummaryGraph, entry: OpenShape | None):
        self.graph = graph
        self.table = graph.table
        self.entry = entry
        self.made: list[MadeLayer] = []
        self.by_name: dict[str, list[MadeLayer]] = {}
        self.cut: list[MadeLayer] = []
        self.read: set[GraphNode] = set()
        self.parts: dict[tuple[int, int], GraphNode] = {}
        self.many = sum(row.layer.kind == INPUT_LAYER for row in self.table.rows) > 1

    def outputs(self) -> list[GraphNode]:
        """What the model puts out: what no layer reads."""
        for row, inside in _with_what_is_inside(self.table.rows):
            self.add(row, inside)
        ends = [node for layer in self.made for node in layer.calls if node not in self.read]
        return [node for node in ends if node.operation is not None] or ends[-1:]

    def add(self, row: SummaryRow, inside: Sequence[SummaryRow]) -> None:
        if not row.outputs:
            raise self.table.fault(f"no output shape is shown of {row.layer.name}", row.line)
        output = row.outputs[0][1:]
        if row.layer.kind == INPUT_LAYER:
            node = self.graph.input(row.layer.name, output, f"_{row.layer.name}" if self.many else "")
            self.keep(row, [node])
            return
        kinds = self.kinds(row)
        flows = self.flows(row, kinds)
        self.read.update(flows)
        if self.is_shared(row, kinds, flows):
            first = self.layer(row, kinds, flows[:1], output, inside)
            assert first.operation is not None
            rest = [self.graph.program.add(first.operation, flow, row.line) for flow in flows[1:]]
            self.keep(row, [first, *rest])
        else:
            self.keep(row, [self.layer(row, kinds, flows, output, inside)])

    def keep(self, row: SummaryRow, calls: list[GraphNode]) -> None:
        layer = MadeLayer(row, calls)
        self.made.append(layer)
        self.by_name.setdefault(row.layer.name, []).append(layer)
        if row.layer.name_is_cut:
            self.cut.append(layer)

    def kinds(self, row: SummaryRow) -> list[str]:
        """The classes that a layer may have: one, but where it is cut off."""
        kind, framework = row.layer.kind, self.graph.framework
        if not row.layer.kind_is_cut:
            return [kind] if self.graph.search.is_known(kind, framework) else []
        begun = [*self.graph.search.kinds_from(kind, framework), *(word for word in MERGES if word.startswith(kind))]
        return [known for known in _CLASSES if known in begun] if not kind else begun

    def is_merge(self, row: SummaryRow, flows: Sequence[GraphNode]) -> bool:
        kind = row.layer.kind
        whole = kind in MERGES or (row.layer.kind_is_cut and any(word.startswith(kind) for word in MERGES if kind))
        return whole or (not kind and len(flows) > 1)

    def is_shared(self, row: SummaryRow, kinds: Sequence[str], flows: Sequence[GraphNode]) -> bool:
        """Whether the layer is called on each of the flows, and not on all together."""
        if len(flows) < 2 or self.is_merge(row, flows) or len({node.shape for node in flows}) > 1:
            return False
        takes_one = not any(self.graph.search.further(kind, self.graph.framework, flows[1:]) for kind in kinds)
        return len(self.called(row)) > 1 or (bool(kinds) and takes_one)

    def called(self, row: SummaryRow) -> list[int]:
        """Which calls of a layer are read, by the numbers that they have in the model."""
        reading = (c for other in self.table.rows for c in other.connections if c.name == row.layer.name)
        return sorted({c.call for c in reading if c.call is not None})

    def layer(
        self,
        row: SummaryRow,
        kinds: Sequence[str],
        flows: Sequence[GraphNode],
        output: OpenShape,
        inside: Sequence[SummaryRow],
    ) -> GraphNode:
        """What a row is, of what flows in."""
        name = row.layer.name
        if self.is_merge(row, flows):
            merged = self.merge(row, flows, output)
            if merged is not None:
                return merged
        opened = self.opened(row, flows[0], inside) if inside else None
        if opened is not None:
            return opened
        others = [node for node in flows[1:] if len(node.shape) == len(flows[0].shape)]
        others = [] if all(node is flows[0] for node in others) else others
        for further in (others, []) if others else ([],):
            calls = self.graph.fitting(row, kinds, flows[0].shape, output, [node.shape for node in further])
            if calls:
                if row.layer.kind_is_cut and len(kinds) > 1:
                    self.note_class(row, calls)
                if calls[0].kind == ACTIVATION:
                    self.graph.guess("which function of each value it is, is not shown: relu is taken", name)
                return self.graph.layer(row, name, calls, flows[0], *further)
        if kinds:
            self.graph.unread.append(row)
        return self.graph.opaque(row, name, flows[0], output)

    def note_class(self, row: SummaryRow, calls: Sequence[FittingCall]) -> None:
        others = dict.fromkeys(call.kind for call in calls if call.kind != calls[0].kind)
        if not row.layer.kind or others:
            more = f"; {listing(others, 'or')} would fit as well" if others else ""
            self.graph.guess(f"its class is cut off, and {calls[0].kind} is taken{more}", row.layer.name)

    def merge(self, row: SummaryRow, flows: Sequence[GraphNode], output: OpenShape) -> GraphNode | None:
        """Flows put together, in the way that gives what is shown."""
        shown = self.graph.shown(row, row.layer.kind, flows[0].shape, output)
        if shown.parameters:
            return None
        kinds = [kind for kind in MERGES if kind.startswith(row.layer.kind)]
        for word in dict.fromkeys(MERGES[kind] for kind in kinds):
            others = tuple((None, node) for node in flows[1:])
            for words in [(f"axis={axis}",) for axis in range(len(output))] if word == "concat" else [()]:
                operation = GraphOperation(word, words, others)
                if not others:
                    operation = GraphOperation(f"{prefix_of(self.graph.framework)}.Identity")
                try:
                    node = self.graph.program.add(operation, flows[0], row.line)
                except SymparamsError:
                    continue
                if shown.shows(node.shape, 0):
                    self.graph.own(row, row.layer.name)
                    return node
        return None

    def opened(self, row: SummaryRow, flow: GraphNode, inside: Sequence[SummaryRow]) -> GraphNode | None:
        """A model inside of the model, where its layers follow one another."""
        layers = [part for part, more in _with_what_is_inside(inside) if part.layer.kind != INPUT_LAYER and not more]
        whole = layers if len(layers) + sum(part.layer.kind == INPUT_LAYER for part in inside) == len(inside) else []
        if not whole or len(row.outputs) > 1 or whole[-1].outputs[:1] != row.outputs[:1]:
            return None
        with self.graph.program.within(row.line, row.layer.kind):
            self.graph.paths[row.line] = row.layer.name
            for part in whole:
                output = part.outputs[0][1:] if part.outputs else ()
                calls = self.graph.fitting(part, self.kinds(part), flow.shape, output)
                if not calls:
                    return None
                flow = self.graph.layer(part, f"{row.layer.name}.{part.layer.name}", calls, flow)
        return flow

    def flows(self, row: SummaryRow, kinds: Sequence[str]) -> list[GraphNode]:
        """What flows into a layer: what it is connected to, else what the one before it puts out."""
        if row.connections:
            return [self.source(row, connection) for connection in row.connections]
        if self.made:
            return [self.made[-1].calls[-1]]
        if self.entry is not None:
            return [self.graph.input("x", self.entry)]
        return [self.graph.guessed_input(row, kinds)]

    def source(self, row: SummaryRow, connection: Connection) -> GraphNode:
        """What a layer reads. Raises SymparamsError for what is not shown, and for what may be several layers."""
        name = connection.name
        whole = [] if connection.is_cut else self.by_name.get(name, [])
        found = whole or [
            layer for layer in (self.made if connection.is_cut else self.cut) if _is_begun(connection, layer.row)
        ]
        if not found:
            fault = f"{row.layer.name} reads {name!r}, which the summary does not show before it"
            raise self.table.fault(fault, row.line, "the summary has to begin with the model's inputs")
        if len(found) > 1:
            names = listing([layer.row.layer.name for layer in found[-4:]], "or")
            raise self.table.fault(f"{row.layer.name} reads {name!r}, which may be {names}", row.line, WIDER)
        return self.tensor(row, found[0], connection)

    def tensor(self, row: SummaryRow, layer: MadeLayer, connection: Connection) -> GraphNode:
        node = layer.calls[0]
        if len(layer.calls) > 1:
            places = self.called(layer.row)
            place = connection.call or 0
            place = places.index(place) if len(places) == len(layer.calls) else place
            if connection.call is None or place >= len(layer.calls):
                fault = f"which call of {layer.row.layer.name} {row.layer.name} reads is cut off"
                raise self.table.fault(fault, row.line, WIDER)
            node = layer.calls[place]
        shapes = layer.row.outputs
        if len(shapes) == 1 or connection.tensor == 0:
            return node
        if connection.tensor is None or connection.tensor >= len(shapes):
            fault = f"which output of {layer.row.layer.name} {row.layer.name} reads is cut off"
            raise self.table.fault(fault, row.line, WIDER)
        return self.part(layer.row, node, connection.tensor)

    def part(self, row: SummaryRow, node: GraphNode, place: int) -> GraphNode:
        """A further tensor that a layer puts out, of which the sizes are known alone."""
        self.read.add(node)
        key = (row.line, place)
        if key not in self.parts:
            self.graph.paths[key] = f"{row.layer.name}_{place}"
            sizes = self.graph.sizes(row.outputs[place][1:], node)
            self.parts[key] = self.graph.unknown(node, sizes, 0, key)
        return self.parts[key]


def _is_begun(connection: Connection, row: SummaryRow) -> bool:
    name = row.layer.name
    return (connection.is_cut and name.startswith(connection.name)) or (
        row.layer.name_is_cut and connection.name.startswith(name)
    )


def _with_what_is_inside(rows: Sequence[SummaryRow]) -> Iterator[tuple[SummaryRow, list[SummaryRow]]]:
    """Each row of the least depth, with those deeper behind it."""
    least = min(row.layer.depth for row in rows)
    begun: list[SummaryRow] = []
    for row in rows:
        if begun and row.layer.depth == least:
            yield begun[0], begun[1:]
            begun = []
        begun.append(row)
    yield begun[0], begun[1:]
