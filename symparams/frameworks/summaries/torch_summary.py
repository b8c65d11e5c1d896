"""The summaries of torchinfo and torchsummary as a network.

They show the layers in the order in which they run, and not how they are connected: where what flows out of one is
not what the next one takes, that begins with the sizes that are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod

from ...errors import Source, SymparamsError
from ...evaluate.model import Shape, Stage
from ...language.dialects import TORCH
from ..graph.growing_program import GraphNode, GraphOperation
from .reconstruction import Reconstruction, is_of
from .shown_layer import ShownLayer
from .summary_rows import Sizes, SummaryRow, place
from .summary_text import SummaryText
from .torch_arguments import FIRST_WINDOWS, TORCH_LAYERS

_INPUT_SIZE = re.compile(r"Input size \(MB\):\s*([\d.]+)")
_BYTES = 4
# The channels that images mostly have.
_COLOURS = (1, 3, 4)


class TorchSummary(Reconstruction):
    """Reads the rows of one table; a row that is deeper than the one before it is a part of that."""

    def __init__(self, printed: Source, rows: Sequence[SummaryRow], table: SummaryText):
        super().__init__(TORCH.name, TORCH.prefixes[0], False)
        self.printed = printed
        self.rows = rows
        self.input_bytes = next((float(m[1]) for line in table.after if (m := _INPUT_SIZE.search(line))), None)
        self.current: GraphNode | None = None
        self.seen: list[Sizes] = []
        self.apart = 0

    def outputs(self) -> list[GraphNode]:
        """What the network puts out. Raises SymparamsError."""
        whole = self.rows[0] if self.rows and self.has_parts(0) else None
        if all(not row.outputs for row in self.rows):
            self.layers_alone()
            return []
        for at, row in enumerate(self.rows):
            if row is whole:
                self.own_parameters(row)
                continue
            if self.is_inside_of_known(at):
                continue
            try:
                self.run(at, row)
            except SymparamsError as error:
                where = error.span or place(self.printed, row.number)
                raise SymparamsError(error.message, where, error.hint) from None
        self.end(whole)
        self.note_doubts()
        return [self.current] if self.current else []

    def has_parts(self, at: int) -> bool:
        return at + 1 < len(self.rows) and self.rows[at + 1].depth > self.rows[at].depth

    def parts(self, at: int) -> Iterator[SummaryRow]:
        """What is inside of a row."""
        for row in self.rows[at + 1 :]:
            if row.depth <= self.rows[at].depth:
                return
            yield row

    def is_inside_of_known(self, at: int) -> bool:
        """Whether a row is part of a layer that is read as a whole."""
        depth = self.rows[at].depth
        for row in reversed(self.rows[:at]):
            if row.depth < depth:
                if row.kind in TORCH_LAYERS:
                    return True
                depth = row.depth
        return False

    def run(self, at: int, row: SummaryRow) -> None:
        """What one row adds: a layer, or a part that is not shown any deeper."""
        if row.kind not in TORCH_LAYERS and self.has_parts(at):
            self.own_parameters(row)
            return
        if not row.outputs:
            if row.parameters:
                self.own_parameters(row)
            return
        leaving = row.outputs[0]
        whole = row._replace(parameters=row.parameters + sum(part.parameters for part in self.parts(at)))
        made = self.again(whole, leaving) if row.is_again else self.known(whole, leaving)
        if made is None and (
            row.parameters or row.is_again or self.current is None or not is_of(self.current.shape, leaving)
        ):
            made = self.opaque(whole, self.flow(whole, leaving), leaving)
        if made is not None:
            self.current = made
            self.seen.append(leaving)

    def known(self, row: SummaryRow, leaving: Sizes) -> GraphNode | None:
        """A layer of torch, on the first of the sizes that it may take by which it is what is shown."""
        find = TORCH_LAYERS.get(row.kind)
        for flow in self.flows(row, leaving) if find else ():
            entering = tuple(size if isinstance(size, int) else None for size in flow.shape)
            seen = ShownLayer([entering], leaving, row.parameters, row.kernel)  # type: ignore[arg-type]
            assert find is not None
            made = self.layer(row, row.kind, find(seen), [flow], leaving)
            if made is not None:
                if flow is not self.current and self.current is not None:
                    self.apart += 1
                return made
        return None

    def again(self, row: SummaryRow, leaving: Sizes) -> GraphNode | None:
        """A layer that has run before, which has the same tensors on what flows in now."""
        for flow in self.flows(row, leaving):
            for node in self.program.nodes:
                owner, operation = node.owner, node.operation
                if not isinstance(owner, SummaryRow) or owner.kind != row.kind or not node.has_tensors:
                    continue
                assert operation is not None
                try:
                    shape, stages = self.program.worked_out(operation, flow)
                except SymparamsError:
                    continue
                if is_of(shape, leaving) and _tensors(stages) == _tensors(node.stages):
                    return self.program.add(operation, flow, owner)
        return None

    def flows(self, row: SummaryRow, leaving: Sizes) -> Iterator[GraphNode]:
        """What may flow into a row: what does, and, where it does not show, what has flowed before."""
        if self.current is None:
            for sizes in self.first_sizes(row, leaving):
                yield self.program.input("input", [size or 1 for size in sizes])
            return
        if row.input is not None:
            yield self.current if is_of(self.current.shape, row.input) else self.begun(row.input)
            return
        yield self.current
        for sizes in list(dict.fromkeys([leaving, *reversed(self.seen)]))[:12]:
            if not is_of(self.current.shape, sizes):
                yield self.begun(sizes)
        yield from (self.begun(sizes) for sizes in self.first_sizes(row, leaving))

    def flow(self, row: SummaryRow, leaving: Sizes) -> GraphNode:
        """What flows into a part that is not read."""
        return self.current if self.current is not None else next(self.flows(row, leaving))

    def begun(self, sizes: Sizes) -> GraphNode:
        """A flow of these sizes, in place of one that is not shown."""
        assert self.current is not None
        words = tuple(str(size) for size in self.sizes_after(sizes, self.current))
        return self.program.add(GraphOperation("constant", words), self.current)

    def first_sizes(self, row: SummaryRow, leaving: Sizes) -> Iterator[Sizes]:
        """The sizes that a row may take, the likeliest first; those of as many bytes as the input has before others."""
        if row.input is not None:
            yield row.input
            return
        found = list(_first_sizes(row, leaving))
        if row.kind in _GROWING:
            seen = ShownLayer([(*leaving[:-1], 1)], leaving, row.parameters)
            find = TORCH_LAYERS[row.kind]
            found = [*self.widths(row.kind, find(seen), leaving[:-1], row.parameters, list), *found]
        yield from sorted(found, key=lambda sizes: (not self.has_the_bytes(sizes), sizes[0] not in _COLOURS))

    def has_the_bytes(self, sizes: Sizes) -> bool:
        """Whether an input of these sizes is as large as is printed: torchsummary counts by 1024."""
        size = prod(size or 1 for size in sizes) * _BYTES
        return self.input_bytes is None or any(abs(size / mega - self.input_bytes) <= 0.0051 for mega in (10**6, 2**20))

    def own_parameters(self, row: SummaryRow) -> None:
        """Parameters of a module itself, which no layer has."""
        if row.parameters:
            call = f"LABEL: parameter({row.parameters})"
            self.unused.append((row.name, f"aside(_) {{ {f'freeze {{ {call} }}' if row.is_frozen else call} }}"))

    def layers_alone(self) -> None:
        """The parameters of all rows where no sizes are shown."""
        for row in self.rows:
            if not row.is_again:
                self.own_parameters(row)

    def end(self, whole: SummaryRow | None) -> None:
        leaving = whole.outputs[0] if whole is not None and len(whole.outputs) == 1 else None
        if self.current is None:
            raise SymparamsError("the summary shows no layer", place(self.printed, 1))
        if leaving is not None and not is_of(self.current.shape, leaving):
            self.current = self.begun(leaving)
            self.apart += 1
        if self.apart:
            self.program.note(
                f"how the layers are connected is not shown: {self.apart} of them begin with the sizes that are printed"
            )


_GROWING = ("Linear", "LSTM", "GRU", "RNN")


def _tensors(stages: Sequence[Stage]) -> list[Shape]:
    return [tensor.shape for stage in stages for tensor in stage.all_tensors()]


def _first_sizes(row: SummaryRow, leaving: Sizes) -> Iterator[Sizes]:
    """The sizes that a first layer may take by its window and stride, or those that it puts out."""
    channels, *around = leaving or (None,)
    if row.kind.startswith("Conv") and channels and None not in around:
        for side, stride in FIRST_WINDOWS:
            for bias in (1, 0):
                width, rest = divmod(row.parameters - bias * channels, channels * side ** len(around))
                if width > 0 and not rest:
                    yield (width, *((size or 1) * stride for size in around))
    yield leaving
    if len(leaving) > 1:
        yield leaving[:-1]
