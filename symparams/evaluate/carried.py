"""What the turns of a loop hand on: the shape of the flow, and the outputs and values whose names are set again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..language import ir, syntax
from ..language.syntax import Node
from .axes import Value, as_quantity
from .domain import is_number
from .fitting import parts
from .frames import Frame, Label
from .model import Flowing, Shape, Stage, form_of, numbers_of


class Reads(NamedTuple):
    """The names of outputs that a program reads, without their indices: all, and those whose weights are used again."""

    outputs: frozenset[str]
    weights: frozenset[str]


def reads(program: ir.Program) -> Reads:
    outputs: set[ir.OutputName] = set(program.outputs)
    weights: set[ir.OutputName] = set()
    for item in _all((*program.body, *program.definitions)):
        if isinstance(item, ir.From):
            outputs.add(item.output)
        elif isinstance(item, ir.Merge):
            outputs.update(item.others)
        elif isinstance(item, ir.Reuse):
            weights.add(item.output)
        elif isinstance(item, (ir.LayerCall, ir.Block)):
            outputs.update(output for _, output in item.memories)
            weights.update(filter(None, (getattr(item, "tied", None),)))
    return Reads(frozenset(map(base_name, outputs | weights)), frozenset(map(base_name, weights)))


def base_name(output: ir.OutputName) -> str:
    """The name of an output without its indices."""
    while not isinstance(output, syntax.Name):
        output = output.value  # type: ignore[assignment]
    return output.name


def _all(items: Iterable[Node]) -> Iterator[Node]:
    for item in items:
        yield item
        yield from _all(item.children())


class TurnState(NamedTuple):
    """What one turn takes over from the one before: its shape, and what the names that are set again stand for."""

    shape: Shape | None
    labels: tuple[Label, ...]
    values: tuple[Value, ...]


class Carried:
    """The names that the body of a loop sets again, in the frame around the loop."""

    def __init__(self, body: Sequence[Node], frame: Frame, read: Reads):
        inside = list(_all(body))
        labels = {label for item in inside if (label := getattr(item, "label", None))}
        labels |= {base_name(item.output) for item in inside if isinstance(item, ir.Numbered)}
        values = {item.name for item in inside if isinstance(item, ir.Let)}
        self.frame = frame
        self.read = read
        self.labels = sorted(n for n in self.outputs_around() if n.partition("[")[0] in labels & read.outputs)
        self.values = sorted(n for n in values if any(n in around.scope.names for around in frame.run()))

    def outputs_around(self) -> set[str]:
        """The names of all outputs that this run of a block has so far."""
        return {name for around in self.frame.run() for name in around.labels}

    def outputs_read(self) -> set[str]:
        """Those of them that the program reads somewhere."""
        return {name for name in self.outputs_around() if name.partition("[")[0] in self.read.outputs}

    def uses_weights(self, name: str) -> bool:
        return name.partition("[")[0] in self.read.weights

    def state(self, shape: Shape | None) -> TurnState:
        """What is handed on now, with the shape that flows."""
        return TurnState(
            shape,
            tuple(label for name in self.labels if (label := self.frame.find(name))),
            tuple(self.frame.value(name) for name in self.values),
        )

    def set(self, state: TurnState) -> None:
        """Let the names stand for what they stand for in this state."""
        for name, label in zip(self.labels, state.labels):
            self.frame.set_label(name, label)
        for name, value in zip(self.values, state.values):
            self.frame.set_value(name, value)

    def form(self, state: TurnState) -> Hashable:
        """All of a state but its sizes."""
        return (
            None if state.shape is None else form_of(state.shape),
            tuple(self._label_form(name, label) for name, label in zip(self.labels, state.labels)),
            tuple(map(_value_form, state.values)),
        )

    def _label_form(self, name: str, label: Label) -> Hashable:
        if not self.uses_weights(name):
            return form_of(label.stage.output)
        tensors = tuple((t.name, t.kind, t.trainable, t.tied is None, len(t.shape)) for t in label.stage.all_tensors())
        return form_of(label.stage.output), id(label.item), tensors

    def sizes(self, state: TurnState) -> tuple[Quantity, ...]:
        """The sizes in a state: of what flows, of the outputs that are named, and the values that are numbers."""
        sizes = list(numbers_of(state.shape or ()))
        for name, label in zip(self.labels, state.labels):
            sizes += numbers_of(label.stage.output)
            if self.uses_weights(name):
                sizes += (size for tensor in label.stage.all_tensors() for size in tensor.shape)
        return (*sizes, *(as_quantity(part) for part in parts(state.values) if is_number(part)))

    def with_sizes(self, state: TurnState, sizes: Iterable[Quantity]) -> TurnState:
        """A state of the same form with other sizes; it knows no layers that a turn has made."""
        left = iter(sizes)

        def renewed(shape: Shape) -> Shape:
            numbers = tuple(next(left) for _ in numbers_of(shape))
            return shape.renewed(numbers) if isinstance(shape, Flowing) else numbers

        def label(name: str, old: Label) -> Label:
            output = renewed(old.stage.output)
            tensors = tuple(old.stage.all_tensors()) if self.uses_weights(name) else ()
            tensors = tuple(t._replace(shape=renewed(t.shape)) for t in tensors)
            stage = Stage(old.stage.name, old.stage.kind, output, old.stage.span, tensors=tensors)
            item = old.item if old.frame in self.frame.run() else None
            return Label(name, item, old.frame, stage)

        def value(old: Value) -> Value:
            if isinstance(old, tuple):
                return tuple(map(value, old))
            return next(left) if is_number(old) else old

        shape = None if state.shape is None else renewed(state.shape)
        labels = tuple(label(name, old) for name, old in zip(self.labels, state.labels))
        return TurnState(shape, labels, tuple(map(value, state.values)))


def _value_form(value: Value) -> Hashable:
    if isinstance(value, tuple):
        return tuple(map(_value_form, value))
    return "number" if is_number(value) else value
