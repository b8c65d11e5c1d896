"""What an evaluated network is made of: stages, with their tensors, their work and their conditions."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ..cached import cached_property
from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity, Symbol
from ..errors import Span, SymparamsError
from ..language.dialects import DIALECTS
from .domain import for_every_turn, multiply, product, sum_over, symbols_in, total, unless_fewer
from .figures import FIGURES, FLOPS, MACS, Amount, Counted

Shape = tuple[Quantity, ...]

# The kind of a part whose tensors and output are known, and not what it computes.
OPAQUE = "opaque"


class Flowing(tuple):  # type: ignore[type-arg]
    """A shape with more that the flow carries along: all the numbers of both, and all but the numbers."""

    def numbers(self) -> Shape:
        raise NotImplementedError

    def renewed(self, numbers: Sequence[Quantity]) -> Flowing:
        raise NotImplementedError

    def form(self) -> tuple[object, ...]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Flowing):
            return tuple.__eq__(self, other)
        return (self.form(), self.numbers()) == (other.form(), other.numbers())

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return tuple.__hash__(self)


def numbers_of(shape: Shape) -> Shape:
    return shape.numbers() if isinstance(shape, Flowing) else shape


def form_of(shape: Shape) -> object:
    return shape.form() if isinstance(shape, Flowing) else len(shape)


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

    @property
    def is_weight(self) -> bool:
        return self.kind == "weight"

    def counts_as(self, figure: str, dialect: str) -> bool:
        """Whether its elements are counted here, in this dialect, in this figure."""
        counts = FIGURES[figure].tensors
        return self.tied is None and counts is not None and counts(self, DIALECTS[dialect])


class Guard(NamedTuple):
    """A condition under which a formula holds, with the layer that asks for it."""

    condition: Condition
    layer: str


class Stage:
    """A layer, a merge, a block or the turns of a repeat, with the shape that it puts out.

    `count` is how often it runs, one after the other. Where each turn differs, `index` is the symbol for the number of
    the turn, from 0, and all that is inside is a formula in it. A block opens a name of its own, turns do not. Nothing
    flows through one that `is_unused`: it has tensors, and no output.
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
        cached: Quantity = 0,
        guards: tuple[Guard, ...] = (),
        children: tuple[Stage, ...] | None = None,
        is_block: bool = False,
        count: Quantity = 1,
        index: Symbol | None = None,
        is_unused: bool = False,
    ):
        self.name = name
        self.kind = kind
        self.output: Shape = output
        self.span = span
        self.tensors = tensors
        self.macs: Quantity = macs
        self.idle: Quantity = idle
        self.cached: Quantity = cached
        self.guards = guards
        self.children = children
        self.is_block = is_block
        self.count = count
        self.index = index
        self.is_unused = is_unused

    @cached_property
    def flops(self) -> Quantity | SymparamsError:
        """Two for each multiply-accumulate; what a tool counts, where its counts are asked for, or that it does not."""
        return multiply(2, self.macs)

    def elements(self, holds: Callable[[Tensor], bool]) -> Quantity:
        """The elements of its own tensors for which this holds, but for those that are counted elsewhere."""
        return total(t.elements for t in self.tensors if t.tied is None and holds(t))

    def amount(self, what: Amount) -> Quantity:
        """How much of something one turn has."""
        known = self._amounts.get(what)
        if known is None:
            known = self._amounts[what] = (
                what.in_layer(self) if self.children is None else total(c.in_all_turns(what) for c in self.children)
            )
        return known

    def in_all_turns(self, what: Amount) -> Quantity:
        """How much of something all turns have."""
        if self.count == 1 and self.index is None:
            return self.amount(what)
        known = self._in_all_turns.get(what)
        if known is None:
            one = self.amount(what)
            known = sum_over(one, self.index, self.count) if self.index else multiply(one, self.count)
            self._in_all_turns[what] = known
        return known

    @cached_property
    def _amounts(self) -> dict[Amount, Quantity]:
        return {}

    @cached_property
    def _in_all_turns(self) -> dict[Amount, Quantity]:
        return {}

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

    def unused(self, any_sizes: Container[str]) -> Stage:
        """The same stage with its tensors alone; what asks for sizes that may be any does not hold of it."""
        guards = tuple(g for g in self.guards if not any(s.name in any_sizes for s in symbols_in([g.condition])))
        children = None if self.children is None else tuple(child.unused(any_sizes) for child in self.children)
        return self._copy(
            tensors=self.tensors, guards=guards, children=children, macs=0, idle=0, cached=0, is_unused=True
        )

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
        stale = {"tensors": ("_amounts", "_in_all_turns"), "guards": ("all_guards",), MACS.name: (FLOPS.name,)}
        dropped = {name for change in changes for name in stale.get(change, ())}
        kept = {k: v for k, v in vars(self).items() if k not in dropped}
        copy.__dict__.update(kept, **changes)
        return copy


# What flows on, and the stages that have been made.
Result = tuple["Shape | None", list[Stage]]


def figure_of(counted: Counted, figure: str, dialect: str) -> Quantity:
    """A figure of what has these amounts, as a dialect counts."""
    terms = FIGURES[figure].terms
    assert terms is not None
    return total(terms(counted, DIALECTS[dialect]))


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


def named_where(stages: Iterable[Stage], is_meant: Callable[[Stage], bool], most: int) -> tuple[str, ...]:
    """The full names of the layers that are meant, `most` of them; a block without any is looked through once."""
    inside: dict[int, bool] = {}

    def holds(stage: Stage) -> bool:
        if stage.children is None:
            return is_meant(stage)
        if id(stage.children) not in inside:
            inside[id(stage.children)] = any(map(holds, stage.children))
        return inside[id(stage.children)]

    def names(stages: Iterable[Stage], prefix: str) -> Iterator[str]:
        for stage in filter(holds, stages):
            if stage.children is None:
                yield prefix + stage.name
            else:
                yield from names(stage.children, f"{prefix}{stage.name}." if stage.is_block else prefix)

    return tuple(islice(names(stages, ""), most))
