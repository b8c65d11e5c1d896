"""Many conditions as few: without those that another implies, for all turns of a repeat, with the values they force."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd, lcm

from .conditions import AllOf, AnyOf, Condition, Relation, compare, divides, divisibility, never_negative, with_values
from .division import Floor, floor_divide
from .polynomial import Expr, Quantity, Symbol, divide, expression, is_integer, multiply, symbols_of, terms_of
from .powers import substitute
from .series import NoClosedForm


def simplified(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions without those that another implies, in the order in which they were met."""
    unique = list(dict.fromkeys(_with_common_divisors([c for c in conditions if c is not True])))
    unique = [c for c in unique if not _is_product_of_divisible(c, unique)]
    return tuple(c for c in unique if not any(other is not c and _implies(other, c, unique) for other in unique))


def _is_product_of_divisible(condition: Condition, others: list[Condition]) -> bool:
    """Whether 6 | x*y follows from 2 | x and 3 | y."""
    pair = divisibility(condition)
    if pair is None or not isinstance(pair[0], int) or not isinstance(pair[1], Expr) or len(pair[1].terms) != 1:
        return False
    ((monomial, coefficient),) = pair[1].terms.items()
    if sum(e for _, e in monomial) < 2 or not isinstance(coefficient, int):
        return False
    known = {d[1]: d[0] for c in others if (d := divisibility(c)) and isinstance(d[0], int)}
    for atom, exponent in monomial:
        coefficient *= known.get(expression(atom), 1) ** exponent
    return coefficient % pair[0] == 0


def _with_common_divisors(conditions: list[Condition]) -> list[Condition]:
    """The conditions with those on the same divisor or dividend as one.

    G | 6 and G | 4 is G | 2, and G | 1 is G = 1; 4 | C and 6 | C is 12 | C; 2 | H and 2 | floor(H/2) is 4 | H.
    """
    result = list(conditions)
    for i, condition in enumerate(result):
        for j in range(i):
            joined = _joined(result[j], condition)
            if joined is not None:
                return _with_common_divisors([*result[:j], joined, *result[j + 1 : i], *result[i + 1 :]])
    return result


def _joined(a: Condition, b: Condition) -> Condition | None:
    first, second = divisibility(a), divisibility(b)
    if first is None or second is None:
        return None
    (divisor, dividend), (other_divisor, other_dividend) = first, second
    numbers = isinstance(divisor, int) and isinstance(other_divisor, int)
    if divisor == other_divisor and isinstance(dividend, int) and isinstance(other_dividend, int):
        common = gcd(dividend, other_dividend)
        return compare("==", divisor, 1) if common == 1 else divides(divisor, common)
    if numbers and dividend == other_dividend:
        return divides(lcm(divisor, other_divisor), dividend)  # type: ignore[arg-type]
    if numbers and other_dividend == floor_divide(dividend, divisor):
        return divides(multiply(divisor, other_divisor), dividend)
    return None


def implied_values(conditions: Iterable[Condition]) -> dict[str, int]:
    """Symbols that simplified conditions leave one value for: G = 1 where G divides both 3 and 64."""
    values: dict[str, int] = {}
    for condition in conditions:
        if isinstance(condition, Relation) and condition.operator == "==":
            for symbol in condition.symbols:
                rest = condition.difference - expression(symbol)
                if isinstance(rest, int):
                    values[symbol.name] = -rest
    return values


def _implies(stronger: Condition, weaker: Condition, order: list[Condition]) -> bool:
    if not (isinstance(stronger, Relation) and isinstance(weaker, Relation)):
        return isinstance(weaker, AnyOf) and stronger in weaker.conditions
    pair, other = divisibility(stronger), divisibility(weaker)
    if pair and other and _floor_divides(pair, other):
        return True
    if pair and other and pair[0] == other[0] and is_integer(divide(other[1], pair[1])):
        return not is_integer(divide(pair[1], other[1])) or order.index(stronger) < order.index(weaker)
    if pair and weaker.operator == ">=" and never_negative(pair[1] - 1):
        return never_negative(weaker.difference - (pair[1] - pair[0]))
    if stronger.operator != ">=" or weaker.operator != ">=":
        return False
    if not stronger.symbols & weaker.symbols or not never_negative(weaker.difference - stronger.difference):
        return False
    mutual = never_negative(stronger.difference - weaker.difference)
    return not mutual or order.index(stronger) < order.index(weaker)


def _floor_divides(stronger: tuple[Quantity, Quantity], weaker: tuple[Quantity, Quantity]) -> bool:
    """Whether 2 | floor(H/8) follows from 16 | H."""
    (divisor, dividend), (other, floor) = stronger, weaker
    atoms = list(floor.atoms()) if isinstance(floor, Expr) else []
    if len(atoms) != 1 or not isinstance(atoms[0], Floor) or floor != expression(atoms[0]):
        return False
    atom = atoms[0]
    return atom.numerator == dividend and is_integer(divide(divisor, multiply(other, atom.denominator)))


def for_every_turn(condition: Condition, index: Symbol, turns: Quantity) -> tuple[Condition, ...]:
    """Conditions without the index that make the condition hold for every index from 0 to turns - 1."""
    if isinstance(condition, bool) or index not in condition.symbols:
        return (condition,)
    if isinstance(condition, AllOf):
        return tuple(c for part in condition.conditions for c in for_every_turn(part, index, turns))
    first, last = with_values(condition, {index: 0}), with_values(condition, {index: turns - 1})
    if isinstance(condition, Relation) and condition.operator == ">=":
        later = substitute(condition.difference, {index: expression(index) + 1})
        step = later - condition.difference
        if never_negative(step):
            return (first,)
        if never_negative(-step):
            return (last,)
        if index not in symbols_of(step) or _is_about_one_size(condition, index):
            return first, last
    if isinstance(condition, Relation) and (parts := _divisible_steps(condition, index)) is not None:
        return parts
    raise NoClosedForm("a condition changes irregularly with the turns")


def _is_about_one_size(condition: Relation, index: Symbol) -> bool:
    """Whether a condition bounds one rounded size from below.

    Sizes that a monotone map x -> floor((x + a)/b) takes from turn to turn only grow or only shrink, so that it holds
    in every turn where it holds in the first and in the last.
    """
    difference = condition.left - condition.right
    held = [(m, c) for m, c in terms_of(difference) if any(index in atom.symbols for atom, _ in m)]
    if len(held) != 1:
        return False
    ((monomial, coefficient),) = held
    return coefficient > 0 and len(monomial) == 1 and isinstance(monomial[0][0], Floor) and monomial[0][1] == 1


def _divisible_steps(condition: Relation, index: Symbol) -> tuple[Condition, ...] | None:
    """For m | a + b*i at every i: m | a and m | b."""
    pair = divisibility(condition)
    if pair is None:
        return None
    divisor, dividend = pair
    start = substitute(dividend, {index: 0})
    step = substitute(dividend, {index: expression(index) + 1}) - dividend
    if index in symbols_of(step) or index in symbols_of(divisor):
        return None
    return divides(divisor, start), divides(divisor, step)
