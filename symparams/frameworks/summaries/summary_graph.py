"""The graph that the layers of a summary are put into: with the calls that they most likely are, and what is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...closed_forms.polynomial import Quantity
from ...errors import Source, SourceParts, SymparamsError, listing
from ...evaluate.domain import is_symbolic
from ...evaluate.model import Shape
from ...language.dialects import KERAS, TORCH
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram, in_words
from ..graph.written_graph import RecordedNetwork, in_parts, written
from ..keras_config import LETTERS as KERAS_LETTERS
from .layer_search import FittingCall, LayerSearch
from .likely_inputs import likely_inputs
from .shown_layers import OpenShape, ShownLayer
from .summary_tables import SummaryRow, SummaryTable

_MOST_NAMED = 3
_INPUTS = {KERAS.name: "28,28,1", TORCH.name: "3,224,224"}
# Letters for sizes that are open, by how many axes there are.
_LETTERS = {KERAS.name: KERAS_LETTERS, TORCH.name: {1: "N", 2: "TN", 3: "CHW", 4: "CDHW"}}


class FrozenParts(NamedTuple):
    """What is frozen without being shown as such: layers by their lines, and how much of those that are not read."""

    lines: frozenset[int] = frozenset()
    amounts: Mapping[int, int] = {}


class SummaryGraph:
    """A graph that grows by the rows of a summary.

    `unread` are the rows of known layers whose numbers no arguments give, `guesses` what is noted of several layers.
    """

    def __init__(self, table: SummaryTable, layout: str, search: LayerSearch, frozen: FrozenParts):
        self.table = table
        self.framework = TORCH.name if table.is_torch else KERAS.name
        self.search = search
        self.program = GrowingProgram(self.framework, layout)
        self.hidden = frozen
        self.paths: dict[Any, str] = {}
        self.frozen: list[Any] = []
        self.unread: list[SummaryRow] = []
        self.guesses: dict[str, list[str]] = {}
        self.notes: list[SymparamsError] = []

    def input(self, name: str, sizes: OpenShape, suffix: str = "") -> GraphNode:
        return self.program.input(name, self.entering(sizes, suffix))

    def entering(self, sizes: OpenShape, suffix: str = "") -> Shape:
        """The sizes of an input, with a letter for each that is open."""
        letters = _LETTERS[self.framework].get(len(sizes), "")
        named = [letters[place] if letters else f"n{place + 1}" for place in range(len(sizes))]
        return tuple(self.program.symbol(f"{n}{suffix}") if size is None else size for n, size in zip(named, sizes))

    def guessed_input(
        self, row: SummaryRow, kinds: Sequence[str], holds: Callable[[OpenShape], bool] | None = None
    ) -> GraphNode:
        """What flows into the first layer, where no input is shown. Raises SymparamsError where nothing fits."""
        output = row.outputs[0][1:]
        if not kinds:
            fault = "the summary shows no input, and its first layer is not read: the sizes of the input are left open"
            self.notes.append(self.table.fault(fault, row.line, f"--input {_INPUTS[self.framework]} says them"))
            return self.input("x", (None,) * max(len(output), 1))
        found = [
            sizes
            for kind in kinds
            for sizes in self.likely_inputs(row, kind, output)
            if self.fitting(row, [kind], self.entering(sizes), output)
        ]
        usual = list(dict.fromkeys([*filter(holds, found)] or found))
        if not usual:
            name = row.layer.name or row.layer.kind
            fault = f"the summary shows no input, and what {name} takes cannot be found out"
            raise self.table.fault(fault, row.line, f"--input {_INPUTS[self.framework]} says it, with its sizes")
        if len(usual) > 1:
            others = " or ".join(map(_shape, usual[1 : 1 + _MOST_NAMED]))
            fault = f"the summary shows no input: {_shape(usual[0])} is taken; {others} would fit as well"
            self.notes.append(self.table.fault(fault, row.line, f"--input {_shape(usual[1])[1:-1]} takes another"))
        return self.input("x", usual[0])

    def likely_inputs(self, row: SummaryRow, kind: str, output: OpenShape) -> list[OpenShape]:
        """What may flow into a layer, by what comes out of it."""
        shown = self.shown(row, kind, self.entering(output), output)
        return [] if shown.is_empty else likely_inputs(self.search.rule_of(kind, self.framework), shown)

    def shown(
        self, row: SummaryRow, kind: str, flow: Shape, output: OpenShape, others: Sequence[Shape] = ()
    ) -> ShownLayer:
        layout, count = self.program.layout, row.counted.number or 0
        return ShownLayer(self.framework, layout, kind, flow, output, count, tuple(others))

    def fitting(
        self, row: SummaryRow, kinds: Sequence[str], flow: Shape, output: OpenShape, others: Sequence[Shape] = ()
    ) -> list[FittingCall]:
        """The calls of these classes that the layer of a row may be."""
        return [call for kind in kinds for call in self.search.fitting(self.shown(row, kind, flow, output, others))]

    def layer(
        self, row: SummaryRow, path: str, calls: Sequence[FittingCall], flow: GraphNode, *others: GraphNode
    ) -> GraphNode:
        """The layer of a row as the first of the calls; the others are noted."""
        taken = calls[0]
        self.own(row, path)
        if len(calls) > 1:
            self.note_guess(taken, calls[1:], path)
        further = self.search.further(taken.kind, self.framework, others)
        return self.program.add(taken.operation(self.framework, further), flow, row.line)

    def note_guess(self, taken: FittingCall, others: Sequence[FittingCall], path: str) -> None:
        shown = [call for call in others if call.kind == taken.kind][:_MOST_NAMED]
        names = dict.fromkeys(name for call in shown for name in taken.unlike(call))
        said = " or ".join(call.said(call.unlike(taken)) for call in shown)
        more = ", among others" if len(others) > _MOST_NAMED else ""
        if shown:
            self.guess(f"{taken.said(names)} is taken; {said} would fit as well{more}", path)

    def guess(self, said: str, path: str) -> None:
        """Note something of a layer; layers of which the same is said have one note."""
        self.guesses.setdefault(said, []).append(path)

    def own(self, row: SummaryRow, path: str) -> None:
        self.paths[row.line] = path
        around = [scope.thing for scope in self.program.scopes]
        if row.is_frozen or not self.hidden.lines.isdisjoint((row.line, *around)):
            self.frozen.append(row.line)

    def opaque(self, row: SummaryRow, path: str, flow: GraphNode, output: Sequence[Quantity | None]) -> GraphNode:
        """A part of which only the parameters and the output are known; a part of those may be frozen."""
        sizes = self.sizes(output, flow)
        count = row.counted.number or 0
        still = self.hidden.amounts.get(row.line, 0)
        if still:
            kept = (row.line, "frozen")
            self.paths[kept] = f"{path}_frozen"
            self.frozen.append(kept)
            flow = self.unknown(flow, sizes, still, kept)
        self.own(row, path)
        return self.unknown(flow, sizes, count - still, row.line)

    def unknown(self, flow: GraphNode, sizes: Sequence[Quantity], count: int = 0, owner: Any = None) -> GraphNode:
        learned = [f"learned=(({count},),)"] if count else []
        return self.program.add(GraphOperation("opaque", (_tuple(sizes), *learned)), flow, owner)

    def sizes(self, output: Sequence[Quantity | None], flow: GraphNode) -> list[Quantity]:
        """Sizes that are shown; an open one is that which flows in along its axis."""
        open_sizes = [size for size in flow.shape if is_symbolic(size)]
        like = flow.shape if len(flow.shape) == len(output) else ()
        found: list[Quantity] = []
        for place, size in enumerate(output):
            same = like[place] if like and is_symbolic(like[place]) else next(iter(open_sizes), None)
            found.append(size if size is not None else same if same is not None else self.program.symbol("N"))
        return found

    def set_aside(self, name: str) -> Source:
        """The program of a summary that shows no sizes: its layers by their parameters, with nothing that flows."""
        unused = []
        for row in self.table.rows:
            if row.counted.number:
                frozen = "freeze { %s }" if row.is_frozen else "%s"
                call = frozen % f"opaque((1,), learned=(({row.counted.number},),))"
                unused.append((row.layer.name or row.layer.kind, f"aside(_) {{ LABEL: {call} }}"))
        text, shown = written(RecordedNetwork(self.program, name, unused=unused))
        return Source(self.table.source.name, text, shown, self.all_notes(), SourceParts(text, {}))

    def source(self, name: str, outputs: Sequence[GraphNode]) -> Source:
        network = RecordedNetwork(self.program, name, outputs, self.paths, self.frozen, made=self.program.nodes)
        text, shown = written(network)
        return Source(self.table.source.name, text, shown, self.all_notes(), in_parts(network))

    def all_notes(self) -> list[SymparamsError]:
        guesses = [SymparamsError(f"{_named(paths)}: {said}") for said, paths in self.guesses.items()]
        return [*self.notes, *guesses]


def _shape(sizes: OpenShape) -> str:
    return f"({','.join('None' if size is None else str(size) for size in sizes)})"


def _named(paths: Sequence[str]) -> str:
    shown = list(dict.fromkeys(paths))
    if len(shown) > _MOST_NAMED + 1:
        shown = [*shown[:_MOST_NAMED], f"{len(shown) - _MOST_NAMED} others"]
    return listing(shown)


def _tuple(sizes: Sequence[Quantity]) -> str:
    return f"({', '.join(map(in_words, sizes))}{',' * (len(sizes) == 1)})"
