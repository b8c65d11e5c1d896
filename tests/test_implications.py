"""Conditions as few: what is left says the same as all of them, and none of it follows from the rest."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from symparams.closed_forms.bounds import never_negative
from symparams.closed_forms.conditions import Condition, Relation, any_of, compare, conjuncts, divides, with_values
from symparams.closed_forms.floors import floor_divide
from symparams.closed_forms.polynomial import Quantity, Symbol, expression, multiply
from symparams.closed_forms.powers import power
from symparams.closed_forms.reduction import simplified

SYMBOLS = [Symbol("a"), Symbol("b"), Symbol("p", 0), Symbol("r", 0, integer=False)]


@st.composite
def terms(draw: st.DrawFn) -> Quantity:
    """A small whole expression, with a floor or a symbolic power in it at times."""
    whole = [expression(symbol) for symbol in SYMBOLS[:3]]
    value: Quantity = draw(st.integers(-6, 6))
    for _ in range(draw(st.integers(1, 3))):
        part = multiply(draw(st.sampled_from(whole)), draw(st.sampled_from([1, *whole])))
        if draw(st.integers(0, 3)) == 0:
            part = floor_divide(part + draw(st.integers(-3, 3)), draw(st.integers(2, 4)))
        if draw(st.integers(0, 5)) == 0:
            part = power(2, whole[1])
        value = value + multiply(draw(st.sampled_from([-2, -1, 1, 1, 2, 3])), part)
    return value


@st.composite
def some_conditions(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from([">=", ">=", ">=", "divides", "divides", "real", "any", "=="]))
    if kind == "divides":
        divisor = draw(st.one_of(st.integers(2, 6), st.sampled_from(SYMBOLS[:2]).map(expression)))
        dividend = draw(st.one_of(terms(), st.integers(1, 12)))
        return divides(divisor, dividend)
    if kind == "real":
        return compare(">=", multiply(expression(SYMBOLS[3]), draw(st.integers(1, 4))), draw(st.integers(1, 9)))
    if kind == "any":
        return any_of([draw(some_conditions()), draw(some_conditions())])
    return compare(kind, draw(terms()), draw(terms()))


def hold(conditions: tuple[Condition, ...], values: dict[Symbol, Quantity]) -> bool:
    return all(with_values(condition, values) is True for condition in conditions)


POINTS = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 12), st.integers(0, 40))


@given(st.lists(some_conditions(), min_size=1, max_size=8), st.lists(POINTS, min_size=20, max_size=20))
def test_fewer_conditions_say_the_same(conditions: list[Condition], points: list[tuple[int, ...]]) -> None:
    parts = tuple(part for condition in conditions for part in conjuncts(condition))
    if False in parts:
        return
    few = simplified(parts)
    for *whole, quarter in points:
        values: dict[Symbol, Quantity] = dict(zip(SYMBOLS, [*whole, Fraction(quarter, 4)]))
        assert hold(few, values) == hold(parts, values)


@given(st.lists(some_conditions(), min_size=1, max_size=8))
def test_no_bound_that_is_left_follows_from_another(conditions: list[Condition]) -> None:
    """Every pair is tried here, as slowly as can be."""
    few = simplified(part for condition in conditions for part in conjuncts(condition) if part is not False)
    bounds = [c for c in few if isinstance(c, Relation) and c.operator == ">="]
    for one in bounds:
        for other in bounds:
            assert one is other or not never_negative(one.difference - other.difference)


@given(st.lists(some_conditions(), min_size=2, max_size=6), st.randoms())
def test_the_order_decides_only_between_conditions_that_say_the_same(conditions: list[Condition], random) -> None:
    parts = [p for condition in conditions for p in conjuncts(condition) if p not in (True, False)]
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert len(simplified(parts)) == len(simplified(shuffled))
