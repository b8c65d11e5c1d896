"""What an evaluated network is made of: stages, with their tensors, their work and their conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from ..algebra import series
from ..algebra.conditions import Condition
from ..algebra.polynomial import Quantity, Symbol, multiply, product, total
from ..algebra.turns import for_every_turn, unless_fewer
from ..errors import Span

Shape = tuple[Quantity, ...]


class Tensor(NamedTuple):
    """A layer's tensor. `kind` is "weight" or "state", never trained; one that is tied is counted elsewhere.

    `times` is how many there are of it, where a layer has a symbolic number of parts that are alike.
    """

    name: str
    shape: Shape
    kind: str
    trainable: bool
    tied: str | None = None
    times: Quantity = 1

    @property
    def factors(self) -> Shape:
        """What the number of elements is the product of."""
        return self.shape if self.times == 1 else (self.times, *self.shape)

    @property
    def elements(self) -> Quantity:
        return product(self.factors)

    def counts_as(self, part: str, dialect: str) -> bool:
        """Whether it is counted here, in this dialect, in "params", "trainable", "non_trainable" or "state"."""
        counted = self.kind == "weight" or dialect == "keras"
        parts = {
            "params": counted,
            "trainable": self.trainable,
            "non_trainable": counted and not self.trainable,
            "state": self.kind == "state",
        }
        return self.tied is None and parts[part]


class Guard(NamedTuple):
    """A condition under which a formula holds, with the layer that asks for it."""

    condition: Condition
    layer: str


class Figures(NamedTuple):
    """Numbers of elements (trainable, frozen, state; idle ones of those) and of multiply-accumulates (macs)."""

    trainable: Quantity = 0
    frozen: Quantity = 0
    state: Quantity = 0
    macs: Quantity = 0
    idle: Quantity = 0

    @staticmethod
    def sum(items: Iterable[Figures]) -> Figures:
        columns = list(zip(*items))
        return Figures(*map(total, columns)) if columns else Figures()

    def over(self, index: Symbol, turns: Quantity) -> Figures:
        return Figures(*(series.sum_over(value, index, turns) for value in self))

    def times(self, count: Quantity) -> Figures:
        return self if count == 1 else Figures(*(multiply(value, count) for value in self))


class Stage:
    """A layer, a merge, a block or the turns of a repeat, with the shape that it puts out.

    `count` is how often it runs, one after the other. Where each turn differs, `index` is the symbol for the number of
    the turn, from 0, and all that is inside is a formula in it. A block opens a name of its own, turns do not.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        output: Shape,
        span: Span,
        *,
        tensors: tuple[Tensor, ...] = (),
        macs: Quantity = 0,
        idle: Quantity = 0,
        guards: tuple[Guard, ...] = (),
        children: tuple[Stage, ...] | None = None,
        is_block: bool = False,
        count: Quantity = 1,
        index: Symbol | None = None,
    ):
        self.name = name
        self.kind = kind
        self.output = output
        self.span = span
        self.tensors = tensors
        self.macs = macs
        self.idle = idle
        self.guards = guards
        self.children = children
        self.is_block = is_block
        self.count = count
        self.index = index

    @cached_property
    def figures(self) -> Figures:
        """The figures of one turn."""
        if self.children is not None:
            return Figures.sum(child.all_turns for child in self.children)
        counted = [t for t in self.tensors if t.tied is None]
        return Figures(
            total(t.elements for t in counted if t.trainable),
            total(t.elements for t in counted if t.kind == "weight" and not t.trainable),
            total(t.elements for t in counted if t.kind == "state"),
            self.macs,
            self.idle,
        )

    @cached_property
    def all_turns(self) -> Figures:
        """The figures of all turns."""
        return self.figures.over(self.index, self.count) if self.index else self.figures.times(self.count)

    @cached_property
    def size(self) -> int:
        """How many layers the stage lists."""
        return 1 if self.children is None else sum(child.size for child in self.children)

    @cached_property
    def all_guards(self) -> tuple[Guard, ...]:
        """The conditions of everything inside, for all turns: without the number of a turn, and where there is one."""
        inside = dict.fromkeys(guard for child in self.children or () for guard in child.all_guards)
        held = [
            Guard(condition, guard.layer)
            for guard in inside
            for condition in self._in_every_turn(guard.condition)
            if condition is not True
        ]
        return tuple(dict.fromkeys((*self.guards, *held)))

    def _in_every_turn(self, condition: Condition) -> tuple[Condition, ...]:
        if self.index is None:
            return (unless_fewer(condition, self.count, 1),)
        return for_every_turn(condition, self.index, self.count)

    def guarded(self, conditions: Iterable[Condition]) -> Stage:
        """The same stage under further conditions."""
        further = tuple(Guard(condition, self.kind) for condition in conditions)
        return self._copy(guards=(*self.guards, *further)) if further else self

    def renamed(self, name: str, span: Span) -> Stage:
        """The same stage under another name."""
        return self._copy(name=name, span=span)

    def tied_to(self, label: str) -> Stage:
        """The same stage with the weights of another, which count there."""
        tensors = tuple(t._replace(tied=f"{label}.{t.name}") for t in self.tensors)
        children = None if self.children is None else tuple(c.tied_to(f"{label}.{c.name}") for c in self.children)
        return self._copy(tensors=tensors, children=children)

    def all_tensors(self) -> Iterator[Tensor]:
        yield from self.tensors
        for child in self.children or ():
            yield from child.all_tensors()

    def _copy(self, **changes: object) -> Stage:
        copy = Stage.__new__(Stage)
        stale = {"tensors": ("figures", "all_turns"), "guards": ("all_guards",)}
        dropped = {name for change in changes for name in stale.get(change, ())}
        kept = {k: v for k, v in vars(self).items() if k not in dropped}
        copy.__dict__.update(kept, **changes)
        return copy


class Row(NamedTuple):
    """A stage as a line of a table: its full name, how often it occurs, and the turns that it is a formula in."""

    name: str
    stage: Stage
    times: Quantity
    turns: tuple[tuple[Symbol, Quantity], ...]


def rows(stages: Iterable[Stage], depth: int | None = None, prefix: str = "") -> Iterator[Row]:
    """The stages in order; blocks are opened `depth` deep, wholly where that is None."""
    return _rows(stages, depth, prefix, 1, ())


def _rows(
    stages: Iterable[Stage],
    depth: int | None,
    prefix: str,
    count: Quantity,
    turns: tuple[tuple[Symbol, Quantity], ...],
) -> Iterator[Row]:
    for stage in stages:
        times = multiply(count, stage.count)
        inside = (*turns, (stage.index, stage.count)) if stage.index else turns
        if stage.children is None or (stage.is_block and depth == 0):
            yield Row(prefix + stage.name, stage, times, inside)
        elif stage.is_block:
            deeper = None if depth is None else depth - 1
            yield from _rows(stage.children, deeper, f"{prefix}{stage.name}.", times, inside)
        else:
            yield from _rows(stage.children, depth, prefix, times, inside)
