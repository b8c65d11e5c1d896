"""Repeats in closed form.

A body that keeps its shape is worked out once, however often it runs. Where each turn changes the shape, a few turns
are worked out, a general term is guessed from them, and the guess is proved by one turn with a symbolic number: the
body takes the shape of turn i to that of turn i + 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import ir
from ..algebra.conditions import compare
from ..algebra.polynomial import Expr, Quantity, Sum, Symbol, expression
from ..algebra.powers import substitute
from ..algebra.series import NoClosedForm, general_term, next_term, same_size
from ..errors import LimitError, SymparamsError
from ..notation import text
from .expressions import Interval
from .model import Guard, Shape, Stage

if TYPE_CHECKING:
    from .flow import Flow, Result
    from .frames import Frame

MAX_UNROLLED = 1_000
MAX_IRREGULAR_TURNS = 2
TRIAL_TURNS = MAX_IRREGULAR_TURNS + 3

Turn = Callable[[Quantity, "Shape | None", "Frame"], "Result"]


def repeat(flow: Flow, item: ir.Repeat, count: Quantity, frame: Frame, shape: Shape | None) -> Result:
    """The stages of `repeat(count) { ... }`. Raises SymparamsError where no closed form is known."""
    if (isinstance(count, int) and count < 0) or not isinstance(count, (int, Expr)):
        raise SymparamsError(f"a repeat runs a whole number of times, not {text.inline(count)}", item.count.span)

    def turn(index: Quantity, before: Shape | None, inner: Frame) -> Result:
        return flow.item_body(item, inner, before)

    after, stages = _Turns(flow, item, frame, turn).run(count, shape)
    if item.label and stages:
        name = frame.name_for(item.label, "repeat")
        stages = [Stage(name, "repeat", after or (), item.span, children=tuple(stages), is_block=True)]
    return after, stages


def sweep(flow: Flow, item: ir.Loop, ends: Interval, frame: Frame, shape: Shape | None) -> Result:
    """The stages of `for i in a..b { ... }` with a symbolic end."""
    name = item.targets[0]

    def turn(index: Quantity, before: Shape | None, inner: Frame) -> Result:
        inner.scope.names[name] = ends.start + index
        return flow.item_body(item, inner, before)

    return _Turns(flow, item, frame, turn, each_differs=True).run(ends.stop - ends.start, shape)


class _Turns:
    """The turns of one repeat: `turn(index, shape, frame)` works one out."""

    def __init__(self, flow: Flow, item: ir.Repeat | ir.Loop, frame: Frame, turn: Turn, each_differs: bool = False):
        self.flow = flow
        self.item = item
        self.frame = frame
        self.turn = turn
        self.each_differs = each_differs

    def run(self, count: Quantity, shape: Shape | None) -> Result:
        """All turns: alike from the first turn that keeps the shape on, one by one before that, or in closed form."""
        if isinstance(count, int) and count <= MAX_UNROLLED:
            return self.one_by_one(count, shape)
        shapes, reason = self.trial(shape)
        first = len(shapes) - 1
        if not self.each_differs and first and shapes[-1] == shapes[-2]:
            return self.one_by_one(count, shape)
        for start in range(min(first, MAX_IRREGULAR_TURNS + 1)):
            try:
                return self.in_closed_form(count, shapes, start)
            except NoClosedForm as error:
                reason = reason or str(error)
        if isinstance(count, int):
            return self.one_by_one(count, shape)
        hint = "give the number of turns a value"
        shown = f"{text.inline(count)} turns of this"
        raise SymparamsError(f"no closed form is known for {shown}: {reason}", self.item.span, hint)

    def one_by_one(self, count: Quantity, shape: Shape | None) -> Result:
        stages: list[Stage] = []
        done = 0
        while count != done:
            after, made = self.one(done, shape)
            if after == shape and self.flow.shares_blocks and not self.each_differs:
                return after, [*stages, *self.alike(made, count - done, after)]
            stages += made
            shape, done = after, done + 1
        return shape, stages

    def one(self, index: Quantity, shape: Shape | None) -> Result:
        return self.turn(index, shape, self.frame.inner())

    def alike(self, made: list[Stage], count: Quantity, shape: Shape | None) -> list[Stage]:
        if not made or count == 1:
            return made
        body = tuple(made)
        return [Stage("", "repeat", shape or (), self.item.span, children=body, count=count, guards=_enough(count))]

    def trial(self, shape: Shape | None) -> tuple[list[Shape | None], str]:
        """The shapes before the first turns and after the last of them, and the fault that ended the trial, if any."""
        shapes = [shape]
        with self.frame.names_kept():
            for done in range(TRIAL_TURNS):
                try:
                    after, _ = self.one(done, shapes[-1])
                except LimitError:
                    raise
                except SymparamsError as error:
                    if not done:
                        raise
                    return shapes, f"turn {done + 1} fails: {error.message}"
                shapes.append(after)
                if after == shapes[-2] and not self.each_differs:
                    break
        return shapes, ""

    def in_closed_form(self, count: Quantity, shapes: list[Shape | None], start: int) -> Result:
        """The first `start` turns as they are, the others as formulas in the turn's number. Raises NoClosedForm."""
        index = Symbol(self.flow.symbols.unused_name("ijtuvq"), 0)
        before = self.general_shape(shapes[start:], index)
        with self.frame.names_kept():
            after, _ = self.one(expression(index) + start, before)
        proved = (
            after is not None
            and len(after) == len(before)
            and all(same_size(size, next_term(term, index)) for size, term in zip(after, before))
        )
        if not proved:
            raise NoClosedForm("the size changes in no regular way")
        _, stages = self.one_by_one(start, shapes[0])
        after, made = self.one(expression(index) + start, before)
        left = count - start
        output = tuple(substitute(term, {index: left}) for term in before)
        guards = tuple(Guard(compare(">=", part, 1), "repeat") for part in _divisors(before)) + _enough(left)
        turns = Stage(
            "", "repeat", output, self.item.span, children=tuple(made), count=left, index=index, guards=guards
        )
        turns.all_guards  # noqa: B018  they must hold in every turn without its number
        return output, [*stages, turns]

    def general_shape(self, shapes: list[Shape | None], index: Symbol) -> Shape:
        """The shape before the turn with this number, guessed from the first ones."""
        known = [shape for shape in shapes if shape is not None]
        if len(known) < len(shapes) or len({len(shape) for shape in known}) > 1:
            raise NoClosedForm("the number of axes changes")
        if len(known) < 3:
            raise NoClosedForm("too few turns can be worked out to see a rule")
        try:
            return _fit(known, index)
        except NoClosedForm:
            return self.general_shape_of_numbers(known, index)

    def general_shape_of_numbers(self, known: list[Shape], index: Symbol) -> Shape:
        """The general shape, found with symbols in place of the numbers that change: 50, 25, 13 alone show no rule.

        Raises NoClosedForm.
        """
        values: dict[Symbol, Quantity] = {}
        shape: list[Quantity] = []
        for axis, (size, later) in enumerate(zip(*known[:2])):
            place = Symbol(f"size {axis}")
            if isinstance(size, int) and size != later:
                values[place], size = size, expression(place)
            shape.append(size)
        shapes, _ = self.trial(tuple(shape))
        if not values or None in shapes or len(shapes) < 3:
            raise NoClosedForm("the size changes in no regular way")
        return tuple(substitute(term, values) for term in _fit([s for s in shapes if s is not None], index))


def _fit(shapes: list[Shape], index: Symbol) -> Shape:
    return tuple(general_term(sizes, index) for sizes in zip(*shapes))


def _enough(count: Quantity) -> tuple[Guard, ...]:
    """The condition that there are as many turns as have been worked out apart."""
    condition = compare(">=", count, 0)
    if condition is False:
        raise SymparamsError(f"a repeat cannot run {text.inline(count)} times")
    return () if condition is True else (Guard(condition, "repeat"),)


def _divisors(shape: Shape) -> list[Quantity]:
    """Sums that stand below a fraction bar in the sizes, such as s - 1."""
    found: dict[Quantity, None] = {}
    pending = [size for size in shape if isinstance(size, Expr)]
    while pending:
        for atom in pending.pop().atoms():
            parts = [part for part in atom.parts() if isinstance(part, Expr)]
            if isinstance(atom, Sum):
                found.update(dict.fromkeys(parts))
            pending += parts
    return list(found)
