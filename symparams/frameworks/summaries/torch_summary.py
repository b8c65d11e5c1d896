"""What torchinfo and torchsummary print, as a graph: the layers in the order in which they ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from math import prod
from typing import NamedTuple

from ...closed_forms.polynomial import Quantity
from ...evaluate.domain import product
from ...evaluate.model import Shape
from ..graph.growing_program import GraphNode, GraphOperation, in_words
from .layer_search import FittingCall
from .shown_layers import OpenShape
from .summary_graph import SummaryGraph
from .summary_tables import SummaryRow

_INPUT_SIZE = "Input size (MB)"
_BYTES = 4
_MOST_EARLIER = 8
_DEEPEST = 100
# Layers of which torchsummary counts no weights.
_NOT_COUNTED = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell", "MultiheadAttention")
_CHAINS = ("Sequential", "ModuleList", "ModuleDict")
_IN_ORDER = "the summary prints no sums and joins between layers: each is read after the one before that has its sizes"
_CHANGED = "the sizes change before it, by what is not shown: they are taken as they are printed"


class _Module(NamedTuple):
    """A row, and the rows of what is inside of it."""

    row: SummaryRow
    inside: list[_Module]

    def all_in(self) -> Iterator[_Module]:
        yield self
        for module in self.inside:
            yield from module.all_in()


class TorchSummary:
    """Puts the rows of a summary into a graph, one behind the other, with what changes the sizes in between."""

    def __init__(self, graph: SummaryGraph, entry: OpenShape | None):
        self.graph = graph
        self.table = graph.table
        self.entry = entry
        self.made: list[tuple[SummaryRow, GraphNode, FittingCall | None]] = []
        self.latest: dict[Shape, GraphNode] = {}

    def outputs(self) -> list[GraphNode]:
        modules = self.modules()
        flow = self.first_input([part.row for module in modules for part in module.all_in()])
        self.put_out(flow)
        for module in modules:
            flow = self.add(module, "", flow)
        around = {part.row.layer.kind for module in modules for part in module.all_in() if part.inside}
        if not around or not around <= {*_CHAINS}:
            self.graph.notes.append(self.table.fault(_IN_ORDER, self.table.rows[0].line))
        return [flow]

    def modules(self) -> list[_Module]:
        """The rows by what is inside of what. Raises SymparamsError where that is too deep."""
        found: list[_Module] = []
        around: list[_Module] = []
        for row in self.table.rows:
            while around and around[-1].row.layer.depth >= row.layer.depth:
                around.pop()
            if len(around) > _DEEPEST:
                raise self.table.fault("the modules are nested too deeply", row.line)
            module = _Module(row, [])
            (around[-1].inside if around else found).append(module)
            around.append(module)
        return found

    def first_input(self, rows: Sequence[SummaryRow]) -> GraphNode:
        """What flows in: as it is shown, as it is asked for, or as the first layer may have it."""
        shown = next((row.inputs[0][1:] for row in rows if row.inputs), self.entry)
        if shown is not None:
            return self.graph.input("x", shown)
        first = next((row for row in rows if row.outputs and self.kinds(row)), rows[0])
        return self.graph.guessed_input(first, self.kinds(first), self.has_input_size(first))

    def has_input_size(self, row: SummaryRow) -> Callable[[OpenShape], bool]:
        """Whether sizes have as many bytes as the summary says of its input."""
        printed = self.table.totals.get(_INPUT_SIZE)
        unit = 2**20 if self.table.is_flat else 10**6
        batch = row.outputs[0][0] or 1

        def holds(sizes: OpenShape) -> bool:
            size = prod(size or 0 for size in sizes) * batch * _BYTES / unit
            return printed is not None and abs(size - printed.number) <= 0.00501

        return holds

    def kinds(self, row: SummaryRow) -> list[str]:
        known = self.graph.search.is_known(row.layer.kind, self.graph.framework)
        return [row.layer.kind] if known else []

    def path(self, row: SummaryRow, around: str) -> str:
        """What a module is called: by the attributes that lead to it, else by its class and its place."""
        layer = row.layer
        if layer.name and layer.depth:
            return f"{around}.{layer.name}" if around else layer.name
        return f"{layer.kind}_{layer.place.replace('-', '_')}".rstrip("_")

    def add(self, module: _Module, around: str, flow: GraphNode) -> GraphNode:
        """The flow behind a module."""
        row = module.row
        path = self.path(row, around)
        if row.inputs:
            flow = self.brought(flow, row.inputs[0][1:], path)
        if not module.inside:
            flow = self.leaf(row, path, flow)
        elif row.layer.depth == 0:
            flow = self.whole(module, path, "", flow)
        else:
            self.graph.paths[row.line] = path
            with self.graph.program.within(row.line, row.layer.kind):
                flow = self.whole(module, path, path if row.layer.name else "", flow)
        self.put_out(flow)
        return flow

    def put_out(self, flow: GraphNode) -> None:
        """Note the latest flow of its sizes, behind those of others."""
        self.latest.pop(flow.shape, None)
        self.latest[flow.shape] = flow

    def whole(self, module: _Module, path: str, around: str, flow: GraphNode) -> GraphNode:
        """A module by what is inside of it, and what parameters it has itself."""
        row = module.row
        for part in module.inside:
            flow = self.add(part, around, flow)
        if row.outputs:
            flow = self.brought(flow, row.outputs[0][1:], path)
        return self.graph.opaque(row, f"{path}_own", flow, flow.shape) if row.counted.number else flow

    def leaf(self, row: SummaryRow, path: str, flow: GraphNode) -> GraphNode:
        if not row.outputs:
            return self.graph.opaque(row, path, flow, flow.shape) if row.counted.number else flow
        output = row.outputs[0][1:]
        if row.counted.is_again:
            return self.again(row, path, flow, output)
        kinds = self.kinds(row)
        if not kinds and self.table.is_flat and not row.counted.number:
            return self.brought(flow, output, path)
        flow, calls = self.fitting(row, kinds, flow, output, path)
        node = self.graph.layer(row, path, calls, flow) if calls else self.graph.opaque(row, path, flow, output)
        if kinds and not calls:
            self.say_why(row, path)
        self.made.append((row, node, calls[0] if calls else None))
        return node

    def say_why(self, row: SummaryRow, path: str) -> None:
        if self.table.is_flat and row.layer.kind in _NOT_COUNTED and not row.counted.number:
            self.graph.guess(f"torchsummary counts no weights of {row.layer.kind}: they are missing here as well", path)
        else:
            self.graph.unread.append(row)

    def fitting(
        self, row: SummaryRow, kinds: Sequence[str], flow: GraphNode, output: OpenShape, path: str
    ) -> tuple[GraphNode, list[FittingCall]]:
        """What a layer reads, and the calls that it may be: after the one before it, else after an earlier one."""
        calls = self.graph.fitting(row, kinds, flow.shape, output)
        if row.inputs or not kinds or (calls and not _is_odd(calls[0])):
            return flow, calls
        for earlier in self.earlier(flow):
            found = self.graph.fitting(row, kinds, earlier.shape, output)
            if found and not _is_odd(found[0]):
                return earlier, found
        if calls:
            return flow, calls
        likely = self.graph.likely_inputs(row, kinds[0], output)
        for sizes in sorted(likely, key=lambda sizes: prod(size or 0 for size in sizes) != product(flow.shape)):
            found = self.graph.fitting(row, kinds, self.graph.entering(sizes), output)
            if found:
                return self.brought(flow, sizes, path), found
        return flow, []

    def earlier(self, flow: GraphNode) -> list[GraphNode]:
        """What was put out before, the latest of each shape."""
        others = (node for node in reversed(self.latest.values()) if node.shape != flow.shape)
        return list(islice(others, _MOST_EARLIER))

    def brought(self, flow: GraphNode, sizes: Sequence[Quantity | None], path: str) -> GraphNode:
        """The flow with these sizes: itself, the same values in another shape, an earlier one, or one not shown."""
        wanted = tuple(self.graph.sizes(sizes, flow))
        if flow.shape == wanted:
            return flow
        is_same = product(flow.shape) == product(wanted)
        earlier = self.latest.get(wanted)
        if earlier is not None and not (is_same and len(wanted) != len(flow.shape)):
            return earlier
        if is_same and wanted:
            words = () if len(wanted) == 1 else tuple(map(in_words, wanted))
            return self.graph.program.add(GraphOperation("reshape" if words else "flatten", words), flow)
        self.graph.guess(_CHANGED, path)
        self.graph.paths[before := ("before", path)] = f"before_{path}"
        return self.graph.unknown(flow, wanted, 0, before)

    def again(self, row: SummaryRow, path: str, flow: GraphNode, output: OpenShape) -> GraphNode:
        """A layer that came before, with the same weights."""
        for first, node, call in reversed(self.made):
            if first.layer.kind == row.layer.kind and first.layer.name == row.layer.name and call is not None:
                assert node.flows_in is not None
                entry = flow if row.inputs else self.brought(flow, node.flows_in.shape, path)
                operation = call.operation(self.graph.framework)
                if self.graph.program.worked_out(operation, entry)[0] == output:
                    return self.graph.program.add(operation, entry, first.line)
        return self.graph.unknown(flow, self.graph.sizes(output, flow))


def _is_odd(call: FittingCall) -> bool:
    """Whether a layer goes over its channels in groups, which are not single ones."""
    return call.arguments.get("groups", "1") not in ("1", call.arguments.get("in_channels"))
