"""A network that grows out of the rows of a summary: each layer with arguments that lead to what the row shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError, listing
from ...evaluate.model import OPAQUE, Stage
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram, in_words
from .summary_rows import Sizes, SummaryRow

Arguments = Mapping[str, object]
# As many ways to read a row as are tried, and as are named.
_MOST_TRIED = 400
_MOST_NAMED = 3


class Reconstruction:
    """The network so far; `frozen` are the rows that are not trained, `doubts` what might as well be, for whom."""

    def __init__(self, dialect: str, prefix: str, counts_state: bool):
        self.program = GrowingProgram(dialect)
        self.prefix = prefix
        self.counts_state = counts_state
        self.names: dict[Any, str] = {}
        self.frozen: list[Any] = []
        self.unused: list[tuple[str, str]] = []
        self.doubts: dict[str, list[str]] = defaultdict(list)

    def outputs(self) -> list[GraphNode]:
        """What the network puts out. Raises SymparamsError."""
        raise NotImplementedError

    def layer(
        self, row: SummaryRow, kind: str, candidates: Iterable[Arguments], flows: Sequence[GraphNode], leaving: Sizes
    ) -> GraphNode | None:
        """The layer with the first arguments that lead to the row's sizes and count; None where none do."""
        fitting = self.fitting(kind, candidates, flows, leaving, row.parameters)
        first = next(fitting, None)
        if first is None:
            return None
        arguments, operation = first
        self.doubt(row, arguments, [others for others, _ in islice(fitting, _MOST_NAMED)])
        return self.added(row, operation, flows[0])

    def doubt(self, row: SummaryRow, taken: Arguments, others: Sequence[Arguments]) -> None:
        """Note by what other arguments a row may be."""
        names = {name for other in others for name in {**taken, **other} if other.get(name) != taken.get(name)}
        if names:
            own = _said({name: value for name, value in taken.items() if name in names}) or "its defaults"
            rest = [_said({n: v for n, v in other.items() if v != taken.get(n)}) or "less" for other in others]
            self.doubts[f"read with {own}; {listing(rest, 'or')} would show the same"].append(row.name)

    def fitting(
        self, kind: str, candidates: Iterable[Arguments], flows: Sequence[GraphNode], leaving: Sizes, count: int
    ) -> Iterator[tuple[Arguments, GraphOperation]]:
        """The arguments by which the layer's rule gives these sizes and so many parameters."""
        seen = set()
        for arguments in islice(candidates, _MOST_TRIED):
            operation = self.operation(kind, arguments, flows[1:])
            if operation.arguments in seen:
                continue
            seen.add(operation.arguments)
            try:
                shape, stages = self.program.worked_out(operation, flows[0])
            except SymparamsError:
                continue
            if is_of(shape, leaving) and self.counted(stages) == count:
                yield arguments, operation

    def operation(self, kind: str, arguments: Arguments, others: Sequence[GraphNode] = ()) -> GraphOperation:
        words = tuple(f"{name}={_written(value)}" for name, value in arguments.items())
        return GraphOperation(f"{self.prefix}.{kind}", words, tuple((None, flow) for flow in others))

    def count_of(self, kind: str, arguments: Arguments, flow: GraphNode) -> int:
        """The parameters of a layer, 0 for one that does not fit."""
        try:
            count = self.counted(self.program.worked_out(self.operation(kind, arguments), flow)[1])
        except SymparamsError:
            return 0
        return count if isinstance(count, int) else 0

    def widths(
        self, kind: str, candidates: Iterable[Arguments], around: Sizes, count: int, sizes: Any
    ) -> Iterator[Sizes]:
        """The sizes by which the count grows to this one: it grows evenly with the last of them."""
        flows = [self.program.input("input", sizes((*around, width))) for width in (1, 2)]
        for arguments in candidates:
            one, two = (self.count_of(kind, arguments, flow) for flow in flows)
            more, rest = divmod(count - one, two - one) if two > one > 0 else (0, 1)
            if not rest and more >= 0:
                yield (*around, more + 1)

    def counted(self, stages: Sequence[Stage]) -> Quantity:
        tensors = [tensor for stage in stages for tensor in stage.all_tensors()]
        return sum(t.elements for t in tensors if t.is_weight or self.counts_state)  # type: ignore[misc]

    def added(self, row: SummaryRow, operation: GraphOperation, flow: GraphNode) -> GraphNode:
        self.names.setdefault(row, row.name)
        if row.is_frozen:
            self.frozen.append(row)
        return self.program.add(operation, flow, row)

    def opaque(self, row: SummaryRow, flow: GraphNode, leaving: Sizes, state: int = 0) -> GraphNode:
        """A part of which the sizes and the count are known."""
        sizes = ", ".join(map(in_words, self.sizes_after(leaving, flow)))
        words = [f"({sizes},)" if len(leaving) == 1 else f"({sizes})"]
        words += [f"learned=({row.parameters - state},)"] if row.parameters > state else []
        words += [f"state=({state},)"] if state else []
        return self.added(row, GraphOperation(OPAQUE, tuple(words)), flow)

    def sizes_after(self, leaving: Sizes, flow: GraphNode) -> list[Quantity]:
        """The sizes of a row, with those of the flow where it leaves them open. Raises SymparamsError."""
        before = dict(enumerate(flow.shape))
        found = [before.get(axis) if size is None else size for axis, size in enumerate(leaving)]
        if None in found:
            raise SymparamsError("the sizes of a part that is not read are not shown")
        return found  # type: ignore[return-value]

    def note_doubts(self) -> None:
        for said, names in self.doubts.items():
            self.program.note(f"{_some(names)}: {said}")


def is_of(shape: Sequence[Quantity], sizes: Sizes) -> bool:
    """Whether these are the sizes that are shown, as far as they are."""
    return len(shape) == len(sizes) and all(size is None or size == known for known, size in zip(shape, sizes))


def _written(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return f"({', '.join(map(_written, value))}{',' * (len(value) == 1)})"
    return str(value)


def _said(arguments: Arguments) -> str:
    return ", ".join(f"{name}={_written(value)}" for name, value in arguments.items())


def _some(names: Sequence[str]) -> str:
    return (
        listing(names) if len(names) < 5 else f"{listing(names[:3]).replace(' and ', ', ')} and {len(names) - 3} more"
    )
