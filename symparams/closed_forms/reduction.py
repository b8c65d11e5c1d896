"""Many conditions as few: without those that another implies, for all turns of a repeat, with the values they force."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd, lcm

from .conditions import Condition, Relation, compare, divides, divisibility
from .floors import floor_divide
from .implications import without_implied
from .polynomial import Expr, Quantity, expression, is_integer, multiply


def simplified(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions without those that another implies, in the order in which they were met."""
    unique = list(dict.fromkeys(_with_common_divisors([c for c in conditions if c is not True])))
    divisors = _numeric_divisors(unique)
    return without_implied([c for c in unique if not _is_product_of_divisible(c, divisors)])


def _numeric_divisors(conditions: Iterable[Condition]) -> dict[Quantity, int]:
    """The numbers that are known to divide quantities, by the quantity."""
    pairs = filter(None, map(divisibility, conditions))
    return {dividend: divisor for divisor, dividend in pairs if isinstance(divisor, int)}


def _is_product_of_divisible(condition: Condition, known: dict[Quantity, int]) -> bool:
    """Whether 6 | x*y follows from 2 | x and 3 | y, for whole x and y."""
    pair = divisibility(condition)
    if pair is None or not isinstance(pair[0], int) or not isinstance(pair[1], Expr) or len(pair[1].terms) != 1:
        return False
    ((monomial, coefficient),) = pair[1].terms.items()
    if not is_integer(pair[1]) or sum(e for _, e in monomial) < 2 or not isinstance(coefficient, int):
        return False
    for atom, exponent in monomial:
        coefficient *= known.get(expression(atom), 1) ** exponent
    return coefficient % pair[0] == 0


def _with_common_divisors(conditions: list[Condition]) -> list[Condition]:
    """The conditions with those on the same divisor or dividend as one, where the first of them stood.

    G | 6 and G | 4 is G | 2, and G | 1 is G = 1; 4 | C and 6 | C is 12 | C; 2 | H and 2 | floor(H/2) is 4 | H.
    """
    result: list[Condition | None] = list(conditions)
    numbers: dict[Quantity, tuple[int, int]] = {}
    divided: dict[Quantity, tuple[int, int]] = {}
    for place, condition in enumerate(conditions):
        divisor, dividend = divisibility(condition) or (0, 0)
        if isinstance(divisor, int) and isinstance(dividend, Expr):
            first, other = divided.get(dividend, (place, divisor))
            divided[dividend] = first, lcm(divisor, other)
        elif isinstance(dividend, int) and isinstance(divisor, Expr):
            first, other = numbers.get(divisor, (place, dividend))
            numbers[divisor] = first, gcd(dividend, other)
        else:
            continue
        result[place] = None
    for dividend in list(divided):
        _join_floors(dividend, divided)
    for divisor, (place, common) in numbers.items():
        result[place] = compare("==", divisor, 1) if common == 1 else divides(divisor, common)
    for dividend, (place, divisor) in divided.items():
        result[place] = divides(divisor, dividend)
    return [condition for condition in result if condition is not None]


def _join_floors(dividend: Quantity, divided: dict[Quantity, tuple[int, int]]) -> None:
    """Join what divides floor(H/2) to what divides H, where 2 does."""
    while dividend in divided:
        place, divisor = divided[dividend]
        inner = floor_divide(dividend, divisor)
        if inner == dividend or inner not in divided:
            return
        other_place, other = divided.pop(inner)
        divided[dividend] = min(place, other_place), multiply(divisor, other)  # type: ignore[assignment]


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
