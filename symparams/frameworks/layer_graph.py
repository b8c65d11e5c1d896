"""The network as the graph of its layers, every block opened and every turn of a repeat on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..core.network import CoreNetwork
from ..core.trace import Origin, Tracer, maker
from ..errors import SymparamsError
from ..evaluate.carried import Carried
from ..evaluate.expressions import evaluate
from ..evaluate.frames import Frame, Label
from ..evaluate.model import Result, Shape, Stage, Tensor
from ..evaluate.rules import Applied
from ..language import ir
from ..language.syntax import Node
from .allocated_names import RESERVED, AllocatedNames
from .templates import constructor_of


class LayerGraph(NamedTuple):
    """The operations of a network in order, and those whose outputs are the network's."""

    operations: list[Operation]
    outputs: list[Operation]


class Operation(NamedTuple):
    """A layer, a merge or an input: what it reads, what it puts out, and the layer whose weights it uses."""

    name: str
    kind: str
    inputs: tuple[str, ...]
    output: tuple[int, ...]
    tensors: tuple[Tensor, ...]
    build: str | None
    axis: int | None
    module: str


def graph(net: CoreNetwork, target: str, wholly: bool = True) -> LayerGraph:
    """The graph of a network without symbols; unless it is to be whole, without what nothing flows through.

    Raises SymparamsError where a symbol is left, or where a part would be left out of a whole graph.
    """
    net.check_flows(wholly)
    if net.symbols:
        names = ", ".join(net.symbols)
        raise SymparamsError(f"a model has numbers, and {names} are symbols", None, "put values in with --set")
    tracer = _Operations(net, target)
    shapes, _ = tracer.run()
    by_name = {op.name: op for op in tracer.operations}
    return LayerGraph(tracer.operations, [by_name[tracer.names[maker(shape)]] for shape in shapes])


class _Operations(Tracer):
    """Follows the flow stage by stage, and notes each operation."""

    shares_blocks = False

    def __init__(self, net: CoreNetwork, target: str):
        super().__init__(net)
        self.target = target
        self.operations: list[Operation] = []
        self.names: dict[Origin | None, str] = {}
        self.made_by: dict[int, tuple[int, int]] = {}
        self.free = AllocatedNames(RESERVED[target])

    def shares_turns(self, carried: Carried, count: Quantity) -> bool:
        return False

    def item(self, item: Node, frame: Frame, shape: Shape | None) -> Result:
        start = len(self.operations)
        after, made = super().item(item, frame, shape)
        if isinstance(item, ir.Aside):
            del self.operations[start:]
        elif made and getattr(item, "label", None):
            self.made_by[id(made[-1])] = start, len(self.operations)
        return after, made

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        name = self.free.give(getattr(item, "label", None), stage.kind)
        sources = tuple(self.names.get(maker(shape), "") for shape in inputs)
        axis = None
        if stage.kind == "concat":
            given = evaluate(item.axis, self.frame.scope) if isinstance(item, ir.Merge) and item.axis else None
            grown = self.grown_axis(inputs, stage.output) if given is None else int(given)  # type: ignore[arg-type]
            axis = grown % len(stage.output)
        build = constructor_of(applied, self.target) if applied else None
        if build and applied and applied.flips and self.target == "torch":
            build = f"ChannelsLast({build})"
        output = tuple(int(size) for size in stage.output)  # type: ignore[arg-type]
        tensors = stage.tensors
        self.operations.append(Operation(name, stage.kind, sources, output, tensors, build, axis, name))
        put_out = super().record(stage, inputs, item, applied)
        self.names[maker(put_out)] = name
        return put_out

    @staticmethod
    def grown_axis(inputs: Sequence[Shape], output: Shape) -> int:
        return next((i for i, size in enumerate(output) if size != inputs[0][i]), 0)

    def tie(self, item: ir.LayerCall, tensors: tuple[Tensor, ...], target: Label) -> tuple[Tensor, ...]:
        """The tensors, tied to those of an operation by the name that it has here."""
        first, *others = super().tie(item, tensors, target)
        made = self.operations[slice(*self.made_by[id(target.stage)])]
        owner = next(op.module for op in made if any(t.kind == "weight" for t in op.tensors))
        return (first._replace(tied=owner), *others)

    def reuse(self, item: ir.Reuse, frame: Frame, shape: Shape | None) -> Result:
        target = self.label(item.output, frame)
        old = self.made_by[id(target.stage)]
        start = len(self.operations)
        result = super().reuse(item, frame, shape)
        for i, place in zip(range(start, len(self.operations)), range(*old)):
            self.operations[i] = self.operations[i]._replace(module=self.operations[place].module)
        return result


def token_inputs(operations: Sequence[Operation]) -> set[str]:
    """The operations whose values are indices into an embedding."""
    tokens: set[str] = set()
    for op in reversed(operations):
        if op.kind in ("embedding", "embeddingbag") or (op.name in tokens and not op.tensors):
            tokens.update(op.inputs)
    return tokens


def stand_in(op: Operation, *options: str) -> str:
    """The constructor of a layer that the framework does not have: its tensors, and an output of the right shape."""
    shapes, states = ([tuple(t.shape) for t in op.tensors if t.kind == kind] for kind in ("weight", "state"))
    return f"Own({', '.join([repr(shapes), repr(states), repr(op.output), *options])})"
