"""Repeats in closed form.

A body that keeps its shape is worked out once, however often it runs. Where each turn changes the shape, a few turns
are worked out, a general term is guessed from them, and the guess is proved by one turn with a symbolic number: the
body takes the shape of turn i to that of turn i + 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity, Symbol
from ..closed_forms.recurrences import IRREGULAR
from ..closed_forms.sums import NoClosedForm
from ..errors import LimitError, SymparamsError
from ..formula import text
from ..language import ir
from ..language.kinds import FROM_ZERO, POSITIVE, WHOLE, Numbers
from .axes import Interval
from .carried import Carried, TurnState
from .domain import (
    compare,
    conjuncts,
    divisors,
    for_every_turn,
    general_terms,
    is_integer,
    is_not_zero,
    is_symbolic,
    next_term,
    same_size,
    substitute,
    symbols_of,
)
from .figures import AMOUNTS
from .fitting import belongs
from .following import Following
from .frames import Frame
from .model import Guard, Result, Shape, Stage
from .output_names import OutputName

MAX_UNROLLED = 1_000
MAX_IRREGULAR_TURNS = 2
TRIAL_TURNS = MAX_IRREGULAR_TURNS + 3

Turn = Callable[[Quantity, "Shape | None", Frame], Result]


def repeat(flow: Following, item: ir.Repeat, count: Quantity, frame: Frame, shape: Shape | None) -> Result:
    """The stages of `repeat(count) { ... }`. Raises SymparamsError where no closed form is known."""
    if (isinstance(count, int) and count < 0) or not (isinstance(count, int) or is_symbolic(count)):
        raise SymparamsError(f"a repeat runs a whole number of times, not {text.inline(count)}", item.count.span)

    def turn(index: Quantity, before: Shape | None, inner: Frame) -> Result:
        return flow.item_body(item, inner, before)

    after, stages = _Turns(flow, item, frame, turn).run(count, shape)
    if item.label and stages:
        name = frame.name_for(item.label, "repeat")
        stages = [Stage(name, "repeat", after or (), item.span, children=tuple(stages), is_block=True)]
    return after, stages


def sweep(flow: Following, item: ir.Loop, ends: Interval, frame: Frame, shape: Shape | None) -> Result:
    """The stages of `for i in a..b { ... }` with a symbolic end."""
    name = item.targets[0]
    if any(belongs(end, WHOLE) is False for end in ends):
        raise SymparamsError("the ends of this range must be whole numbers", item.values.span)

    def turn(index: Quantity, before: Shape | None, inner: Frame) -> Result:
        inner.scope.names[name] = ends.start + index
        return flow.item_body(item, inner, before)

    turns = _Turns(flow, item, frame, turn, each_differs=True)
    turns.guards = _guards(belongs(ends.start, WHOLE))
    return turns.run(ends.stop - ends.start, shape)


class _Turns:
    """The turns of one repeat: `turn(index, shape, frame)` works one out."""

    def __init__(
        self, flow: Following, item: ir.Repeat | ir.Loop, frame: Frame, turn: Turn, each_differs: bool = False
    ):
        self.flow = flow
        self.item = item
        self.frame = frame
        self.turn = turn
        self.each_differs = each_differs
        self.carried = Carried(item.body, frame, flow.reads)
        self.guards: tuple[Guard, ...] = ()

    def run(self, count: Quantity, shape: Shape | None) -> Result:
        """All turns: alike from the first turn that keeps its state on, one by one before that, or in closed form."""
        if isinstance(count, int) and count <= MAX_UNROLLED:
            return self.one_by_one(count, shape)
        states, reason = self.trial(shape)
        if self.settles(*states[-2:]):
            return self.one_by_one(count, shape)
        for start in range(min(len(states) - 1, MAX_IRREGULAR_TURNS + 1)):
            try:
                return self.in_closed_form(count, states, start)
            except NoClosedForm as error:
                reason = reason or str(error)
        if isinstance(count, int):
            self.flow.set_state(self.carried, states[0])
            return self.one_by_one(count, shape)
        hint = "give the number of turns a value"
        shown = f"{text.inline(count)} turns of this"
        raise SymparamsError(f"no closed form is known for {shown}: {reason}", self.item.span, hint)

    def settles(self, before: TurnState, after: TurnState) -> bool:
        """Whether a turn hands on what it took over, so that all that follow are like it."""
        if self.each_differs or self.carried.form(before) != self.carried.form(after):
            return False
        return self.carried.sizes(before) == self.carried.sizes(after)

    def one_by_one(self, count: Quantity, shape: Shape | None) -> Result:
        stages: list[Stage] = []
        state = self.carried.state(shape)
        done = 0
        while count != done:
            known = self.known_behind(count)
            after, made = self.one(done, state)
            if self.flow.shares_turns(self.carried, count) and self.settles(state, after):
                at_least = FROM_ZERO if self.known_behind(count) == known else POSITIVE
                return after.shape, [*stages, *self.alike(made, count - done, after.shape, at_least)]
            stages += made
            state, done = after, done + 1
        return state.shape, stages

    def known_behind(self, count: Quantity) -> set[str]:
        """The outputs that may be read behind the loop, where it matters whether a turn is run at all."""
        return set() if isinstance(count, int) else self.carried.outputs_read()

    def one(self, index: Quantity, state: TurnState) -> tuple[TurnState, list[Stage]]:
        """One turn, from a state to the next."""
        self.flow.set_state(self.carried, state)
        inner = self.frame.inner()
        inner.turn = symbols_of(index)
        shape, made = self.turn(index, state.shape, inner)
        return self.carried.state(shape), made

    def alike(self, made: list[Stage], count: Quantity, shape: Shape | None, at_least: Numbers) -> list[Stage]:
        """A turn as often as it is run; once at least where it names what is known behind the loop, too."""
        guards = self.guards + _enough(count, at_least)
        if count == 1 or not (made or guards):
            return made
        return [Stage("", "repeat", shape or (), self.item.span, children=tuple(made), count=count, guards=guards)]

    @contextmanager
    def on_trial(self) -> Iterator[None]:
        """Whatever is worked out inside leaves no name behind."""
        state = self.carried.state(None)
        premises, symbols = self.flow.scope.work.premises, self.flow.symbols
        with self.frame.names_kept(), self.frame.outputs_kept(), symbols.deciding(), premises.apart():
            try:
                yield
            finally:
                self.flow.set_state(self.carried, state)

    def trial(self, shape: Shape | None) -> tuple[list[TurnState], str]:
        """The states before the first turns and after the last of them, and the fault that ended the trial, if any."""
        states = [self.carried.state(shape)]
        with self.on_trial():
            for done in range(TRIAL_TURNS):
                try:
                    after, _ = self.one(done, states[-1])
                except LimitError:
                    raise
                except SymparamsError as error:
                    if not done:
                        raise
                    return states, f"turn {done + 1} fails: {error.message}"
                states.append(after)
                if self.settles(*states[-2:]):
                    break
        return states, ""

    def in_closed_form(self, count: Quantity, states: list[TurnState], start: int) -> Result:
        """The first `start` turns as they are, the others as formulas in the turn's number. Raises NoClosedForm."""
        with self.flow.symbols.turn_number() as index:
            before = self.general_state(states[start:], index, start)
            after = self.attempt(index, start, before)
            following = (next_term(term, index) for term in self.carried.sizes(before))
            regular = self.carried.form(after) == self.carried.form(before)
            if not regular or not all(map(same_size, self.carried.sizes(after), following)):
                raise NoClosedForm(IRREGULAR)
            self.flow.set_state(self.carried, states[0])
            _, stages = self.one_by_one(start, states[0].shape)
            with self.flow.symbols.deciding() as decided:
                _, made = self.one(self.flow.symbols.domain.expression(index) + start, before)
        left = count - start
        terms = self.carried.sizes(before)
        last = self.carried.with_sizes(before, (substitute(term, {index: left}) for term in terms))
        self.flow.set_state(self.carried, last)
        if not made:
            return states[-1].shape, stages
        output, children = last.shape or (), tuple(made)
        guards = tuple(Guard(compare(">=", part, 1), "repeat") for part in divisors(terms))
        guards += self.guards + _enough(left)
        guards += tuple(Guard(c, "repeat") for part in decided for c in for_every_turn(part, index, left))
        turns = Stage("", "repeat", output, self.item.span, children=children, count=left, index=index, guards=guards)
        known = set(divisors(map(turns.amount, AMOUNTS)))
        sums = [part for part in divisors(map(turns.in_all_turns, AMOUNTS)) if part not in known]
        turns.guards += tuple(Guard(is_not_zero(part), "repeat") for part in sums)
        turns.all_guards  # noqa: B018  they must hold in every turn without its number
        return last.shape, [*stages, turns]

    def attempt(self, index: Symbol, start: int, before: TurnState) -> TurnState:
        """The state after the turn with this number, as a trial. Raises NoClosedForm where it cannot be worked out."""
        known, indexed = self.carried.outputs_around(), self.frame.indexed
        moment = indexed.moment
        try:
            with self.on_trial():
                after, _ = self.one(self.flow.symbols.domain.expression(index) + start, before)
                if self.carried.outputs_around() != known:
                    raise NoClosedForm("a name with an index is known behind the loop, too")
                named = indexed.set_since(moment)
            if named:
                self.check_reads(index, start, before, named)
            return after
        except LimitError:
            raise
        except SymparamsError as error:
            raise NoClosedForm(
                f"in turn {text.inline(self.flow.symbols.domain.expression(index) + start + 1)}, {error.message}"
            ) from None

    def check_reads(self, index: Symbol, start: int, before: TurnState, named: Sequence[OutputName]) -> None:
        """Raise SymparamsError where a turn reads an output that may be one that an earlier turn has named."""
        earlier: dict[Symbol, Quantity] = {index: self.flow.symbols.domain.expression(Symbol("earlier turn", 0))}
        with self.on_trial():
            for name in named:
                self.frame.indexed.note(name.substituted(earlier))
            self.one(self.flow.symbols.domain.expression(index) + start, before)

    def general_state(self, states: list[TurnState], index: Symbol, start: int) -> TurnState:
        """The state before the turn with this number: from what a turn does to places for the sizes that change."""
        if len({self.carried.form(state) for state in states}) > 1:
            raise NoClosedForm("the number of axes changes")
        first = states[0]
        sizes = self.carried.sizes(first)
        changing = {k for k, each in enumerate(zip(*map(self.carried.sizes, states))) if len(set(each)) > 1}
        while changing:
            places = {k: Symbol(f"size {index.name} {k}", 1, is_integer(sizes[k])) for k in changing}
            unknown = {k: self.flow.symbols.domain.expression(place) for k, place in places.items()}
            after = self.attempt(index, start, self.with_changed(first, unknown))
            if self.carried.form(after) != self.carried.form(first):
                raise NoClosedForm(IRREGULAR)
            steps = self.carried.sizes(after)
            missed = {k for k, size in enumerate(sizes) if k not in changing and steps[k] != size}
            if not missed:
                starts, following = ({place: each[k] for k, place in places.items()} for each in (sizes, steps))
                terms = general_terms(starts, following, index)
                return self.with_changed(first, {k: terms[place] for k, place in places.items()})
            changing |= missed
        return first

    def with_changed(self, state: TurnState, changed: Mapping[int, Quantity]) -> TurnState:
        sizes = enumerate(self.carried.sizes(state))
        return self.carried.with_sizes(state, (changed.get(k, size) for k, size in sizes))


def _enough(count: Quantity, at_least: Numbers = FROM_ZERO) -> tuple[Guard, ...]:
    """The conditions that there are as many turns as have been worked out apart, and a whole number of them."""
    condition = belongs(count, at_least)
    if condition is False:
        raise SymparamsError(f"a repeat cannot run {text.inline(count)} times")
    return _guards(condition)


def _guards(condition: Condition) -> tuple[Guard, ...]:
    return tuple(Guard(part, "repeat") for part in conjuncts(condition) if part is not True)
