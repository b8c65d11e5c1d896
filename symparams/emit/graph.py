"""The network as the graph of its layers, every block opened and every turn of a repeat on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from .. import ir
from ..errors import Source, SymparamsError
from ..evaluate.expressions import evaluate
from ..evaluate.flow import Result
from ..evaluate.frames import Frame
from ..evaluate.model import Shape, Stage, Tensor
from ..evaluate.rules import Applied
from ..network import Network
from ..parsing import parse_expression
from ..syntax import Node
from ..trace import Origin, Tracer, maker


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


def graph(net: Network, target: str) -> list[Operation]:
    """The operations of a network without symbols, in order. Raises SymparamsError where a symbol is left."""
    if net.symbols:
        names = ", ".join(net.symbols)
        raise SymparamsError(f"a model has numbers, and {names} are symbols", None, "put values in with --set")
    tracer = _Operations(net, target)
    tracer.run()
    return tracer.operations


class _Operations(Tracer):
    """Follows the flow stage by stage, and notes each operation."""

    shares_blocks = False

    def __init__(self, net: Network, target: str):
        super().__init__(net)
        self.target = target
        self.operations: list[Operation] = []
        self.names: dict[Origin | None, str] = {}
        self.made_by: dict[tuple[int, str], tuple[int, int]] = {}
        self.given: dict[str, int] = {}

    def item(self, item: Node, frame: Frame, shape: Shape | None) -> Result:
        start = len(self.operations)
        result = super().item(item, frame, shape)
        label = getattr(item, "label", None)
        if label:
            self.made_by[id(frame), label] = start, len(self.operations)
        return result

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        name = self.unique(getattr(item, "label", None), stage.kind)
        sources = tuple(self.names.get(maker(shape), "") for shape in inputs)
        axis = None
        if stage.kind == "concat":
            given = evaluate(item.axis, self.frame.scope) if isinstance(item, ir.Merge) and item.axis else None
            grown = self.grown_axis(inputs, stage.output) if given is None else int(given)  # type: ignore[arg-type]
            axis = grown % len(stage.output)
        build = formatted(applied, self.target) if applied else None
        output = tuple(int(size) for size in stage.output)  # type: ignore[arg-type]
        tensors = stage.tensors
        self.operations.append(Operation(name, stage.kind, sources, output, tensors, build, axis, name))
        put_out = super().record(stage, inputs, item, applied)
        self.names[maker(put_out)] = name
        return put_out

    @staticmethod
    def grown_axis(inputs: Sequence[Shape], output: Shape) -> int:
        return next((i for i, size in enumerate(output) if size != inputs[0][i]), 0)

    def unique(self, label: str | None, kind: str) -> str:
        """An attribute's name: the label where it is free, else the label or the kind with a number."""
        base = re.sub(r"\W", "_", label or kind)
        if label and base not in self.given:
            self.given[base] = 1
            return base
        while True:
            self.given[base] = self.given.get(base, 0) + 1
            name = f"{base}{self.given[base]}"
            if name not in self.given:
                self.given[name] = 1
                return name

    def reuse(self, item: ir.Reuse, frame: Frame, shape: Shape | None) -> Result:
        target = self.label(item.output, frame)
        made = id(target.frame), target.name
        old = self.made_by[made]
        start = len(self.operations)
        result = super().reuse(item, frame, shape)
        for i, place in zip(range(start, len(self.operations)), range(*old)):
            self.operations[i] = self.operations[i]._replace(module=self.operations[place].module)
        self.made_by[made] = old
        return result


_BRACES = re.compile(r"\{([^{}]*)\}")


def formatted(applied: Applied, target: str) -> str | None:
    """A rule's `build` for a target, with the values of the expressions between its braces."""
    template = applied.builds.get(target)
    if template is None:
        return None

    def value(match: re.Match[str]) -> str:
        return repr(_python(evaluate(parse_expression(Source("build", match.group(1))), applied.scope)))

    return _BRACES.sub(value, template)


def _python(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_python, value))
    return float(value) if isinstance(value, Fraction) else value


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
