"""Which tensors are alive at each step of one run through a network, and the most that they hold together.

A tensor is alive from the step that makes it to the last one that reads it; at a step what it reads and what it makes
are alive together, and so is whatever is read later. The input is a tensor, too; what is put out is alive to the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, Symbol
from ..errors import Span, SymparamsError
from ..language import ir
from ..language.syntax import Node
from .carried import Carried
from .domain import (
    is_at_least,
    largest,
    multiply,
    product,
    smallest,
    substitute,
    symbols_of,
    total,
    trend,
)
from .flow import Flow
from .frames import Frame
from .model import Flowing, Result, Shape, Stage
from .rules import Applied


class LiveTensor:
    """A tensor that flows. What a turn of a loop takes over has as its `origin` what that is before the first turn,
    and the place of the loop; what turns hand on without a layer that is known has an origin alone.
    """

    __slots__ = ("elements", "loop", "origin")

    def __init__(self, elements: Quantity, origin: LiveTensor | None = None, loop: Span | None = None):
        self.elements = elements
        self.origin = origin
        self.loop = loop

    def chain(self) -> Iterator[LiveTensor]:
        held: LiveTensor | None = self
        while held is not None:
            yield held
            held = held.origin


class LiveShape(Flowing):
    """A shape that knows which tensor has it."""

    held: LiveTensor

    def __new__(cls, shape: Iterable[Quantity], held: LiveTensor) -> LiveShape:
        made = super().__new__(cls, shape)
        made.held = held
        return made

    def numbers(self) -> Shape:
        return tuple(self)

    def renewed(self, numbers: Sequence[Quantity]) -> LiveShape:
        return LiveShape(numbers, LiveTensor(product(numbers), self.held))

    def form(self) -> tuple[object, ...]:
        return (len(self),)


class RunStep(NamedTuple):
    """A layer or a merge: the tensor that it makes and those that it reads."""

    makes: LiveTensor
    reads: tuple[LiveTensor, ...]


class RunTurns(NamedTuple):
    """So many turns of the same steps, formulas in the number of the turn where that is given.

    `entering` is what each turn takes over, None where it reads nothing of that.
    """

    steps: tuple[RunStep | RunTurns, ...]
    times: Quantity
    turn: Symbol | None
    entering: LiveTensor | None

    @property
    def makes(self) -> LiveTensor | None:
        """What the last turn hands on, as each turn makes it."""
        return self.steps[-1].makes if self.steps else None

    def reads_from_around(self) -> Iterator[LiveTensor]:
        own = {step.makes for step in self.steps} | {self.entering}
        for step in self.steps:
            for held in step.reads if isinstance(step, RunStep) else step.reads_from_around():
                if own.isdisjoint(held.chain()):
                    if held.origin is not None and held.loop is None:
                        raise _unknown()
                    yield held


# Turns worked out as one: whether they are the first, and the last; from which up to which; how many there must be.
_Case = tuple[bool, bool, Quantity, Quantity, int]


class Liveness(Flow):
    """One evaluation of a program that notes what each stage reads."""

    shares_blocks = False

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        reads = tuple(dict.fromkeys(flow.held for flow in inputs if isinstance(flow, LiveShape)))
        made = LiveTensor(product(stage.output))
        vars(stage)["step"] = RunStep(made, reads)
        stage.output = LiveShape(stage.output, made)
        return stage.output

    def aside(self, item: ir.Aside, frame: Frame, shape: Shape | None) -> Result:
        """What nothing flows through makes nothing."""
        return shape, []

    def shares_turns(self, carried: Carried, count: Quantity) -> bool:
        if carried.labels and not isinstance(count, int):
            raise _unknown()
        return not carried.labels

    def item_body(self, item: ir.Loop | ir.Repeat, inner: Frame, shape: Shape | None) -> Result:
        if isinstance(shape, LiveShape):
            shape = LiveShape(shape, LiveTensor(shape.held.elements, shape.held, item.span))
        return super().item_body(item, inner, shape)

    def most_alive(self) -> Quantity:
        """The largest number of elements that are alive at one step. Raises SymparamsError where that is not known."""
        outputs, stages = self.run()
        inputs = [shape.held for shape in self.inputs.values() if isinstance(shape, LiveShape)]
        present = {held: held.elements for held in inputs}
        put_out = [shape.held for shape in outputs if isinstance(shape, LiveShape)]
        return largest(*_Run(tuple(_steps(stages)), present, put_out, {}).sums())


def _steps(stages: Iterable[Stage]) -> Iterator[RunStep | RunTurns]:
    """The steps in order, with blocks opened."""
    for stage in stages:
        if stage.children is None:
            yield vars(stage)["step"]
        elif stage.is_block or (stage.count == 1 and stage.index is None):
            yield from _steps(stage.children)
        elif steps := tuple(_steps(stage.children)):
            around = (held for step in steps for read in _reads(step) for held in read.chain())
            entering = next((held for held in around if held.loop == stage.span), None)
            yield RunTurns(steps, stage.count, stage.index, entering)


def _reads(step: RunStep | RunTurns) -> Iterator[LiveTensor]:
    """All that is read in a step, and in the turns in it."""
    if isinstance(step, RunStep):
        yield from step.reads
    else:
        for inner in step.steps:
            yield from _reads(inner)


class _Run:
    """Steps one after the other, of what is `present` before them; what is `put_out` is alive behind them, too.

    `around` are tensors that are alive around the steps and counted there, by what stands for them.
    """

    def __init__(
        self,
        steps: Sequence[RunStep | RunTurns],
        present: Mapping[LiveTensor, Quantity],
        put_out: Iterable[LiveTensor],
        around: Mapping[LiveTensor, LiveTensor],
    ):
        self.steps = steps
        self.known = {**around, **{held: held for held in present}}
        self.alive = dict(present)
        self.last: dict[LiveTensor, int] = {}
        self.before: list[LiveTensor | None] = []
        self.around: list[dict[LiveTensor, LiveTensor]] = []
        self.read: list[set[LiveTensor]] = []
        for place, step in enumerate(steps):
            self.note(place, step)
        for held in put_out:
            self.last[self.meant(held)] = len(steps)

    def note(self, place: int, step: RunStep | RunTurns) -> None:
        """Note what a step reads, and what stands for what behind it."""
        reads = step.reads if isinstance(step, RunStep) else tuple(step.reads_from_around())
        origin = step.entering.origin if isinstance(step, RunTurns) and step.entering else None
        before = self.meant(origin, place) if origin else None
        self.read.append(set(map(self.meant, reads)))
        self.last.update(dict.fromkeys((*self.read[-1], *([before] if before else ())), place))
        self.before.append(before)
        self.around.append(dict(self.known))
        if step.makes is not None:
            self.known[step.makes] = step.makes
            if origin is not None and origin not in self.around[-1]:
                self.known[origin] = step.makes

    def meant(self, held: LiveTensor, place: int | None = None) -> LiveTensor:
        """The tensor that stands for one that is read. Raises SymparamsError where it is not seen which that is."""
        for one in held.chain():
            if one in self.known:
                return self.known[one]
        made = self.steps[place - 1].makes if place else None
        if made is None:
            raise _unknown()
        return made

    def sums(self) -> Iterator[Quantity]:
        """How many elements are alive at each step."""
        if not self.steps:
            yield total(self.alive.values())
        for place, step in enumerate(self.steps):
            alive = {held: size for held, size in self.alive.items() if self.last.get(held, -1) >= place}
            if isinstance(step, RunStep):
                yield total((*alive.values(), step.makes.elements))
                self.alive = {**alive, step.makes: step.makes.elements}
            else:
                yield from self.in_turns(place, step, alive)
                if step.makes is not None:
                    ends = {step.turn: step.times - 1} if step.turn else {}
                    self.alive = {**alive, step.makes: substitute(step.makes.elements, ends)}

    def in_turns(self, place: int, turns: RunTurns, alive: Mapping[LiveTensor, Quantity]) -> Iterator[Quantity]:
        """The sums in the turns: in the first, what it takes over is what is before it; behind the last, nothing that
        the turns alone have read is alive."""
        before, times = self.before[place], turns.times
        dying = {held for held in self.read[place] if self.last[held] == place}
        kept = before is not None and (before in self.read[place] or self.last[before] > place)
        cases: tuple[_Case, ...]
        if kept and dying:
            cases = (
                (True, True, 0, 1, 1),
                (True, False, 0, 1, 2),
                (False, False, 1, times - 1, 3),
                (False, True, times - 1, times, 2),
            )
        elif dying:
            cases = ((False, False, 0, times - 1, 2), (False, True, times - 1, times, 1))
        elif kept:
            cases = ((True, False, 0, 1, 1), (False, False, 1, times, 2))
        else:
            cases = ((False, False, 0, times, 1),)
        for first, last, start, stop, least in cases:
            run, others = self.turn(place, turns, alive, dying if last else set(), first, kept)
            for value in run.sums():
                yield from _largest(value + others, turns, start, stop, least)

    def turn(
        self,
        place: int,
        turns: RunTurns,
        alive: Mapping[LiveTensor, Quantity],
        dying: set[LiveTensor],
        first: bool,
        kept: bool,
    ) -> tuple[_Run, Quantity]:
        """One turn, with those that die in it among its own, and how much the others hold."""
        before, entering = self.before[place], turns.entering
        around = dict(self.around[place])
        others = {held: size for held, size in alive.items() if held is not before}
        present = {held: others.pop(held) for held in dying if held in others}
        put_out = [turns.makes] if turns.makes else []
        if entering is not None:
            present[entering] = entering.elements
        if kept and before is not None and entering is not None:
            if first:
                around = {name: entering if held is before else held for name, held in around.items()}
                put_out += [] if before in dying else [entering]
            else:
                (present if before in dying else others)[before] = alive[before]
        return _Run(turns.steps, present, put_out, around), total(others.values())


def _largest(value: Quantity, turns: RunTurns, start: Quantity, stop: Quantity, least: int) -> Iterator[Quantity]:
    """The largest of a formula over the turns from `start` up to `stop`, where there are so many turns at least.

    Raises SymparamsError where that is not seen.
    """
    if isinstance(turns.times, int) and turns.times < least:
        return
    spare = turns.times - (least - 1)
    there = 1 if is_at_least(spare, 1) else smallest(1, spare)
    if least > 1 and there != 1:
        there = largest(0, there)
    if turns.turn is None or turns.turn not in symbols_of(value):
        yield multiply(value, there)
        return
    grows = trend(value, turns.turn)
    if grows is None:
        fault = "in which turn of a loop most is alive is not known in closed form"
        raise SymparamsError(fault, None, "give the number of turns a value")
    yield multiply(substitute(value, {turns.turn: stop - 1 if grows > 0 else start}), there)


def _unknown() -> SymparamsError:
    fault = "what is alive in a loop is not known where its turns hand on named outputs"
    return SymparamsError(fault, None, "give the number of turns a value")
