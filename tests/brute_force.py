"""A second opinion: networks counted by brute force, in plain integers, by code that shares nothing with symparams.

A network is a small tree of the nodes below. Windows are counted one by one, transposed convolutions are laid out place
by place, and work is added up over what a layer really multiplies. `Refused` says that the network cannot be built.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple, Union

from layers_by_hand import APPLY, Figures, Refused, Setting, Shape

__all__ = ["Refused", "Shape", "measure"]

# The tree


class Formula(NamedTuple):
    """A number as the program writes it, in the names around it. Its value is what Python makes of the text."""

    text: str


Size = Union[int, Formula]


@dataclass
class Layer:
    """A layer by the name of its rule, with arguments by their short names; `spelled` is how the program calls it."""

    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)
    label: str | None = None
    spelled: str | None = None
    tied: str | None = None
    memory: str | None = None


@dataclass
class Merge:
    """`residual`, `add`, `mul` or `concat` of branches; a residual with one branch adds what flows in."""

    operator: str
    branches: list[Body]
    axis: int | None = None
    label: str | None = None


@dataclass
class Join:
    """`add`, `mul` or `concat` of the flow and named outputs."""

    operator: str
    names: list[str]
    axis: int | None = None


@dataclass
class Repeat:
    count: Size
    body: Body


@dataclass
class Loop:
    """`for target in start..stop`, or over a list."""

    target: str
    values: list[Size] | tuple[Size, Size]
    body: Body


@dataclass
class Choice:
    """`if condition { } else { }`."""

    condition: Formula
    then: Body
    otherwise: Body


@dataclass
class Definition:
    """A `def`: its parameters, the names that it gives to the sizes flowing in, its body."""

    name: str
    parameters: list[str]
    pattern: list[str]
    body: Body


@dataclass
class Block:
    """A call of a `def`."""

    definition: Definition
    arguments: list[Size]
    label: str | None = None


@dataclass
class Group:
    """Stages under one name."""

    label: str
    body: Body


@dataclass
class Freeze:
    body: Body


@dataclass
class Reuse:
    name: str


@dataclass
class From:
    name: str


Node = Union[Layer, Merge, Join, Repeat, Loop, Choice, Block, Group, Freeze, Reuse, From]
Body = list[Node]


@dataclass
class Network:
    shape: tuple[Size, ...]
    body: Body
    dialect: str = "torch"
    channels_last: bool = False


# What it comes to


class Measured(NamedTuple):
    """The totals of a network, and each of its layers as often as it occurs."""

    output: Shape
    params: int
    trainable: int
    non_trainable: int
    state: int
    macs: int
    layers: Counter[tuple[Any, ...]]


def measure(network: Network, values: dict[str, int] | None = None) -> Measured:
    """Count a network at values of its symbols. Raises Refused where it cannot be built."""
    run = _Run(network)
    output = run.body(network.body, run.start(values or {}), run.top)
    trainable, frozen, state = (sum(getattr(f, name) for f in run.figures) for name in ("trainable", "frozen", "state"))
    counted_state = state if network.dialect == "keras" else 0
    macs = sum(f.macs for f in run.figures)
    params = trainable + frozen + counted_state
    return Measured(output, params, trainable, frozen + counted_state, state, macs, Counter(run.rows))


class Scope:
    """Names and their values, named outputs, and what made them; `around` is the scope that this is a part of."""

    def __init__(self, values: dict[str, int], parent: Scope | None = None, around: Scope | None = None):
        self.parent = parent
        self.around = around
        self.values = values
        self.shapes: dict[str, Shape] = {}
        self.makers: dict[str, tuple[Node, Scope]] = {}

    def find(self, table: str, name: str) -> Any:
        scope: Scope | None = self
        while scope is not None:
            if name in getattr(scope, table):
                return getattr(scope, table)[name]
            scope = scope.parent
        raise Refused(f"nothing is named {name}")

    def inner(self, **values: int) -> Scope:
        return Scope(values, self, self)

    def called(self, **values: int) -> Scope:
        """The scope of a block, which sets no names of the program."""
        return Scope(values, self)

    def name(self, label: str, shape: Shape, maker: tuple[Node, Scope]) -> None:
        """Name an output: again where there is one of that name around, up to the block."""
        holder: Scope | None = self
        while holder is not None and label not in holder.shapes:
            holder = holder.around
        holder = holder or self
        holder.shapes[label], holder.makers[label] = shape, maker

    @property
    def known(self) -> dict[str, int]:
        """All names in scope."""
        return {**(self.parent.known if self.parent else {}), **self.values}

    def value(self, size: Any) -> Any:
        if isinstance(size, Formula):
            return eval(size.text, {"__builtins__": {"min": min, "max": max, "abs": abs}}, self.known)
        if isinstance(size, tuple):
            return tuple(map(self.value, size))
        return size


class _Run:
    def __init__(self, network: Network):
        self.network = network
        self.setting = Setting(network.dialect, network.channels_last)
        self.figures: list[Figures] = []
        self.rows: list[tuple[Any, ...]] = []
        self.frozen = False
        self.again = False
        self.idle = False

    def start(self, values: dict[str, int]) -> Shape:
        self.top = Scope(values)
        shape = self.top.value(tuple(self.network.shape))
        if any(size < 1 for size in shape):
            raise Refused("a size of the input is less than 1")
        return shape

    def body(self, body: Body, shape: Shape, scope: Scope) -> Shape:
        for node in body:
            shape = self.node(node, shape, scope)
            label = getattr(node, "label", None)
            if label:
                scope.name(label, shape, (node, scope))
        return shape

    def node(self, node: Node, shape: Shape, scope: Scope) -> Shape:
        match node:
            case Layer():
                return self.layer(node, shape, scope)
            case Merge():
                outputs = [self.body(branch, shape, scope) for branch in node.branches]
                if node.operator == "residual" and len(outputs) == 1:
                    outputs.append(shape)
                return self.merged("add" if node.operator == "residual" else node.operator, outputs, node.axis)
            case Join():
                return self.merged(node.operator, [shape, *(scope.find("shapes", n) for n in node.names)], node.axis)
            case Repeat():
                count = scope.value(node.count)
                if count < 0:
                    raise Refused("a repeat runs a number of times")
                self.idle = self.idle or count == 0
                for _ in range(count):
                    shape = self.body(node.body, shape, scope.inner())
                return shape
            case Loop():
                values = scope.value(tuple(node.values))
                turns = values if isinstance(node.values, list) else range(*values)
                self.idle = self.idle or not turns
                for value in turns:
                    shape = self.body(node.body, shape, scope.inner(**{node.target: value}))
                return shape
            case Choice():
                return self.body(node.then if scope.value(node.condition) else node.otherwise, shape, scope)
            case Block():
                return self.body(node.definition.body, shape, self.called(node, shape, scope))
            case Group():
                return self.body(node.body, shape, scope.inner())
            case Freeze():
                was, self.frozen = self.frozen, True
                shape = self.body(node.body, shape, scope)
                self.frozen = was
                return shape
            case Reuse():
                maker, home = scope.find("makers", node.name)
                was, self.again = self.again, True
                shape = self.node(maker, shape, home)
                self.again = was
                return shape
            case From():
                return scope.find("shapes", node.name)
        raise TypeError(node)

    def called(self, node: Block, shape: Shape, scope: Scope) -> Scope:
        """What a block has in scope: the program's names, its parameters, the sizes that flow in."""
        definition = node.definition
        values = dict(zip(definition.parameters, map(scope.value, node.arguments)))
        if definition.pattern:
            if len(definition.pattern) != len(shape):
                raise Refused("the pattern has other axes")
            first = shape[-1:] + shape[:-1] if self.network.channels_last and len(shape) > 2 else shape
            values.update(zip(definition.pattern, first))
        return self.top.called(**values)

    def layer(self, layer: Layer, shape: Shape, scope: Scope) -> Shape:
        arguments = {name: scope.value(value) for name, value in layer.arguments.items()}
        if layer.memory:
            arguments["memory"] = scope.find("shapes", layer.memory)
        output, tensors, macs = APPLY[layer.kind](self.setting, shape, **arguments)
        if any(size < 1 for size in output) or any(size < 1 for t in tensors for size in t.shape):
            raise Refused(f"{layer.kind}: a size is less than 1")
        if layer.tied:
            tensors = tensors[1:]
        counted = [] if self.again else tensors
        weights = sum(prod(t.shape) for t in counted if t.trained)
        state = sum(prod(t.shape) for t in counted if not t.trained)
        figures = Figures(0 if self.frozen else weights, weights if self.frozen else 0, state, macs)
        self.figures.append(figures)
        self.rows.append((layer.kind, output, *figures))
        return output

    def merged(self, operator: str, shapes: list[Shape], axis: int | None) -> Shape:
        if len({len(shape) for shape in shapes}) != 1:
            raise Refused("the numbers of axes differ")
        rank = len(shapes[0])
        if operator == "concat":
            joined = axis % rank if axis is not None else rank - 1 if self.setting.channels_last else 0
            if any(len(set(sizes)) > 1 for i, sizes in enumerate(zip(*shapes)) if i != joined):
                raise Refused("the other axes differ")
            output = tuple(sum(sizes) if i == joined else sizes[0] for i, sizes in enumerate(zip(*shapes)))
        else:
            output = tuple(max(sizes) for sizes in zip(*shapes))
            fitting = (1,) if operator == "mul" else ()  # a gate of one channel or one place stretches
            if any(size not in (whole, *fitting) for shape in shapes for size, whole in zip(shape, output)):
                raise Refused("the sizes differ")
        self.figures.append(Figures(0, 0, 0, 0))
        self.rows.append((operator, output, 0, 0, 0, 0))
        return output


def shape_after(network: Network, node: Node, shape: Shape, scope: Scope) -> Shape:
    """The shape that a node makes of `shape`; its label is noted in the scope. Raises Refused."""
    run = _Run(network)
    run.top = scope
    while run.top.parent:
        run.top = run.top.parent
    return run.body([node], shape, scope)


def at_the_edge(network: Network, values: dict[str, int]) -> bool:
    """Whether a network can be built though its formulas need not hold: a 1 stretches, a repeat is idle."""
    run = _Run(network)
    run.body(network.body, run.start(values), run.top)
    products = any(kind == "mul" for kind, *_ in run.rows)
    return run.idle or (products and any(1 in output for _, output, *_ in run.rows))
