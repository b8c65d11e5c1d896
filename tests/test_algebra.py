"""The integer algebra against plain integers: normal forms keep their values, and what is decided is so."""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from symparams.closed_forms.bounds import never_negative
from symparams.closed_forms.conditions import Relation, compare, divides, is_whole, negate, with_values
from symparams.closed_forms.floors import (
    absolute,
    ceiling,
    floor,
    floor_divide,
    largest,
    logarithm,
    remainder,
    smallest,
    square_root,
)
from symparams.closed_forms.polynomial import (
    Expr,
    Quantity,
    Symbol,
    expression,
    is_integer,
    lower_bound,
    multiply,
    product,
    symbols_of,
    total,
)
from symparams.closed_forms.powers import power, substitute
from symparams.closed_forms.quotients import divide, numerator_and_denominator
from symparams.closed_forms.recurrences import general_terms
from symparams.closed_forms.reduction import simplified
from symparams.closed_forms.sums import NoClosedForm, sum_over
from symparams.errors import SymparamsError

SYMBOLS = {"a": Symbol("a"), "b": Symbol("b"), "c": Symbol("c"), "p": Symbol("p", 0), "q": Symbol("q", 0)}
INDEX = Symbol("i", 0)


class Undefined(Exception):
    """The plain value divides by 0."""


class Formula(NamedTuple):
    """An expression in the package's algebra and what Python makes of it at values."""

    quantity: Quantity
    text: str

    def at(self, values: dict[str, int]) -> Fraction:
        try:
            names = {"F": Fraction, "floor": lambda x: x.__floor__(), "ceil": lambda x: x.__ceil__()}
            return Fraction(eval(self.text, {**names, "min": min, "max": max, "abs": abs}, values))
        except ZeroDivisionError:
            raise Undefined from None


def symbolic_at(value: Quantity, values: dict[str, int]) -> Fraction:
    try:
        found = substitute(value, {symbol: values[symbol.name] for symbol in symbols_of(value)})
    except SymparamsError:
        raise Undefined from None
    assert not isinstance(found, Expr), f"{value} is not decided by {values}"
    return Fraction(found)


def joined(form: str, function: Any, *parts: Formula) -> Formula:
    try:
        quantity = function(*(p.quantity for p in parts))
    except SymparamsError:
        assume(False)
    return Formula(quantity, form.format(*(p.text for p in parts)))


def grown(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    """Sums, products, floors and remainders; divisors are positive, as sizes, strides and groups are."""
    numbers = st.integers(1, 12).map(lambda n: Formula(n, f"F({n})"))
    divisors = st.one_of(numbers, positive)
    return st.one_of(
        st.builds(lambda x, y: joined("({} + {})", operator.add, x, y), inner, inner),
        st.builds(lambda x, y: joined("({} - {})", operator.sub, x, y), inner, inner),
        st.builds(lambda x, y: joined("({} * {})", multiply, x, y), inner, inner),
        st.builds(lambda x, y: joined("F({} // {})", floor_divide, x, y), inner, divisors),
        st.builds(lambda x, y: joined("F({} // {})", floor_divide, x, y), inner, divisors),
        st.builds(lambda x, y: joined("({} % {})", remainder, x, y), inner, divisors),
        st.builds(lambda x, y: joined("({} / {})", divide, x, y), inner, divisors),
        st.builds(lambda x: joined("F(floor({}))", floor, x), inner),
        st.builds(lambda x: joined("F(ceil({}))", ceiling, x), inner),
        st.builds(lambda x, n: joined(f"({{}}**{n})", lambda v: power(v, n), x), inner, st.integers(0, 3)),
        st.builds(lambda x, y: joined("max({}, {})", largest, x, y), inner, inner),
        st.builds(lambda x, y: joined("min({}, {})", smallest, x, y), inner, inner),
        st.builds(lambda x: joined("abs({})", absolute, x), inner),
    )


names = st.sampled_from(sorted(SYMBOLS)).map(lambda n: Formula(expression(SYMBOLS[n]), f"F({n})"))
positive = st.sampled_from("abc").map(lambda n: Formula(expression(SYMBOLS[n]), f"F({n})"))
constants = st.integers(-9, 9).map(lambda n: Formula(n, f"F({n})"))
formulas = st.recursive(st.one_of(names, names, constants), grown, max_leaves=7)
values = st.fixed_dictionaries(
    {name: st.one_of(st.integers(s.lower, 6), st.integers(s.lower, 400)) for name, s in SYMBOLS.items()}
)
RELATIONS = {
    **{">=": operator.ge, "<": operator.lt, "==": operator.eq, "!=": operator.ne},
    **{"<=": operator.le, ">": operator.gt},
}


@given(formulas, values)
def test_a_normal_form_has_the_value_of_its_expression(formula: Formula, at: dict[str, int]) -> None:
    assert symbolic_at(formula.quantity, at) == formula.at(at)


@given(formulas, formulas, values)
def test_floor_and_remainder_are_those_of_integers(x: Formula, y: Formula, at: dict[str, int]) -> None:
    """a = b*(a // b) + a % b, with divisors that may be negative too, wherever they are not 0."""
    assume(y.at(at) != 0)
    quotient, rest = joined("", floor_divide, x, y).quantity, joined("", remainder, x, y).quantity
    assert symbolic_at(quotient, at) == x.at(at) // y.at(at)
    assert symbolic_at(rest, at) == x.at(at) % y.at(at)


@given(formulas, values)
def test_values_may_go_in_one_after_the_other(formula: Formula, at: dict[str, int]) -> None:
    """Substituting symbol by symbol, in whatever order, is substituting all of them at once."""
    value = formula.quantity
    for name, number in at.items():
        try:
            value = substitute(value, {SYMBOLS[name]: number})
        except SymparamsError:
            raise AssertionError(f"{formula.text} has a value at {at}") from None
    assert value == symbolic_at(formula.quantity, at)


@given(formulas, formulas, values)
def test_an_expression_may_go_in_for_a_symbol(outer: Formula, inner: Formula, at: dict[str, int]) -> None:
    """f(g) at a point is f at the value of g there."""
    inside = inner.at(at)
    assume(inside.denominator == 1 and inside >= 1 and is_integer(inner.quantity))
    try:
        composed = substitute(outer.quantity, {SYMBOLS["a"]: inner.quantity})
    except SymparamsError:
        return
    assert symbolic_at(composed, at) == outer.at({**at, "a": int(inside)})


@given(formulas, values)
def test_what_is_never_negative_is_not_negative(formula: Formula, at: dict[str, int]) -> None:
    assert not never_negative(formula.quantity) or formula.at(at) >= 0


@given(formulas, values)
def test_a_lower_bound_is_a_bound(formula: Formula, at: dict[str, int]) -> None:
    least = lower_bound(formula.quantity)
    assert least is None or formula.at(at) >= least


@given(formulas, values)
def test_what_is_whole_has_whole_values(formula: Formula, at: dict[str, int]) -> None:
    """`is_integer` is right wherever it says yes, and `is_whole` says just where the value is whole."""
    value = formula.at(at)
    assert not is_integer(formula.quantity) or value.denominator == 1
    over, _ = numerator_and_denominator(formula.quantity)
    if is_integer(over):
        assert holds(is_whole(formula.quantity), at) == (value.denominator == 1)


@given(formulas, values)
def test_a_fraction_is_its_numerator_over_its_denominator(formula: Formula, at: dict[str, int]) -> None:
    over, under = numerator_and_denominator(formula.quantity)
    assert symbolic_at(over, at) == formula.at(at) * symbolic_at(under, at)


def holds(condition: Any, at: dict[str, int]) -> bool:
    if isinstance(condition, bool):
        return condition
    found = with_values(condition, {symbol: at[symbol.name] for symbol in condition.symbols})
    assert isinstance(found, bool)
    return found


@given(formulas, formulas, st.sampled_from(sorted(RELATIONS)), values)
@example(Formula(expression(SYMBOLS["a"]), "a"), Formula(5, "5"), "!=", {"a": 3, "b": 1, "c": 1, "p": 0, "q": 0})
def test_a_comparison_says_what_is_so(x: Formula, y: Formula, sign: str, at: dict[str, int]) -> None:
    """A decided comparison is so at every point; an undecided one decides at each point what is so there."""
    condition = compare(sign, x.quantity, y.quantity)
    expected = RELATIONS[sign](x.at(at), y.at(at))
    assert holds(condition, at) == expected
    assert holds(negate(condition), at) != expected
    if isinstance(condition, Relation) and isinstance(condition.difference, Expr):
        difference = symbolic_at(condition.difference, at)
        assert RELATIONS[condition.operator](difference, 0) == expected, "the difference tells something else"


@given(st.lists(st.tuples(formulas, formulas, st.sampled_from([">=", "==", ">=", "!="])), max_size=5), values)
def test_simplified_conditions_say_the_same(parts: list[Any], at: dict[str, int]) -> None:
    """Conditions without those that others imply hold where all of them hold."""
    conditions = [compare(sign, x.quantity, y.quantity) for x, y, sign in parts]
    assert all(holds(c, at) for c in conditions) == all(holds(c, at) for c in simplified(conditions))


@given(st.lists(st.tuples(st.integers(1, 12), formulas), min_size=1, max_size=4), values)
def test_simplified_divisibility_says_the_same(parts: list[Any], at: dict[str, int]) -> None:
    """Several divisors of several dividends, numbers and symbols, collected."""
    conditions = []
    for number, formula in parts:
        assume(is_integer(formula.quantity))
        conditions += [divides(number, formula.quantity), divides(expression(SYMBOLS["b"]), number)]
    assert all(holds(c, at) for c in conditions) == all(holds(c, at) for c in simplified(conditions))


@given(formulas, values)
def test_sympy_has_the_same_value(formula: Formula, at: dict[str, int]) -> None:
    sympy = pytest.importorskip("sympy")
    from symparams.closed_forms.sympy_bridge import to_sympy

    expected = formula.at(at)
    made = sympy.sympify(to_sympy(formula.quantity))
    found = made.subs({symbol: at[symbol.name] for symbol in made.free_symbols})
    assert sympy.nsimplify(found) == sympy.Rational(expected.numerator, expected.denominator)


# Sums and sequences


indexed = st.recursive(
    st.one_of(
        names,
        constants,
        st.just(Formula(expression(INDEX), "F(i)")),
        st.sampled_from([2, 3]).map(lambda n: Formula(power(n, expression(INDEX)), f"F({n})**i")),
        st.just(Formula(power(expression(SYMBOLS["a"]) + 1, expression(INDEX)), "(F(a) + 1)**i")),
    ),
    lambda inner: st.one_of(
        st.builds(lambda x, y: joined("({} + {})", operator.add, x, y), inner, inner),
        st.builds(lambda x, y: joined("({} * {})", multiply, x, y), inner, inner),
        st.builds(lambda x, n: joined(f"F({{}} // {n})", lambda v: floor_divide(v, n), x), inner, st.integers(2, 4)),
    ),
    max_leaves=5,
)


@given(indexed, st.one_of(st.integers(0, 6), st.just(None)), values, st.integers(1, 6))
def test_a_sum_is_its_terms_added(formula: Formula, turns: int | None, at: dict[str, int], n: int) -> None:
    """The closed form of a sum over i < turns, with turns a number or a symbol, is the sum of the terms."""
    at = {name: value % 7 or 1 for name, value in at.items()}
    symbol = Symbol("n")
    try:
        closed = sum_over(formula.quantity, INDEX, expression(symbol) if turns is None else turns)
    except (NoClosedForm, SymparamsError):
        return
    times = n if turns is None else turns
    added = sum((formula.at({**at, "i": i}) for i in range(times)), Fraction(0))
    assert symbolic_at(closed, {**at, "n": times, "i": 99}) == added


PLACE = expression(Symbol("x"))
ADDED = {
    "nothing": lambda i, c: 0,
    "a constant": lambda i, c: c,
    "a rounded size": lambda i, c: floor_divide(c, 10) + 9,
    "a line": lambda i, c: c * i - 2,
    "a square": lambda i, c: multiply(i, i) * c + i,
    "a power": lambda i, c: c * power(2, i),
    "a power of 3, times the turn": lambda i, c: multiply(i, power(3, i)) - c,
}


@given(st.sampled_from(sorted(ADDED)), st.integers(1, 4), st.integers(1, 4), st.booleans(), values)
def test_a_general_term_is_right_for_every_turn(
    name: str, factor: int, divisor: int, symbolic: bool, at: dict[str, int]
) -> None:
    """What x -> factor*x + f(i), and x -> floor((x + f(i))/divisor), make of a size, turn by turn."""
    a, b = expression(SYMBOLS["a"]), expression(SYMBOLS["b"])

    def step(x: Quantity, i: Quantity) -> Quantity:
        added = ADDED[name](i, b if symbolic else 3)
        return floor_divide(x + added, divisor) if factor == 1 else multiply(x, factor) + added

    place = Symbol("x")
    term = general_terms({place: a}, {place: step(PLACE, expression(INDEX))}, INDEX)[place]
    value: Quantity = at["a"]
    for i in range(7):
        assert symbolic_at(substitute(term, {INDEX: i}), at) == value
        value = symbolic_at(step(value, i), at)


# Functions without a polynomial form, and the edges


@given(st.integers(0, 10**12), st.integers(0, 60))
def test_roots_and_logarithms_of_numbers_are_exact(number: int, exponent: int) -> None:
    assert square_root(number * number) == number
    assert logarithm(2**exponent) == exponent


@given(st.lists(formulas, min_size=1, max_size=4), values)
def test_totals_and_products(parts: list[Formula], at: dict[str, int]) -> None:
    expected_sum, expected_product = Fraction(0), Fraction(1)
    for part in parts:
        expected_sum += part.at(at)
        expected_product *= part.at(at)
    assert symbolic_at(total(p.quantity for p in parts), at) == expected_sum
    assert symbolic_at(product(p.quantity for p in parts), at) == expected_product


@pytest.mark.parametrize("function", [floor_divide, remainder, divide])
def test_division_by_0_is_an_error(function: Any) -> None:
    for dividend in (0, 7, Fraction(1, 2), expression(SYMBOLS["a"])):
        with pytest.raises(SymparamsError):
            function(dividend, 0)


def test_equal_polynomials_are_equal_objects() -> None:
    a, b = expression(SYMBOLS["a"]), expression(SYMBOLS["b"])
    assert multiply(a + b, a - b) == power(a, 2) - power(b, 2)
    assert divide(multiply(a, b), b) == a
    assert floor_divide(floor_divide(a, 2), 3) == floor_divide(a, 6)
    assert floor_divide(multiply(a, b) + b, b) == a + 1
    assert hash(a + b) == hash(b + a)
