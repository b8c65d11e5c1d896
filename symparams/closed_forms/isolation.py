"""A symbol alone on its side of a comparison with other symbols in it: through sums, floors and squares."""

from __future__ import annotations

from typing import NamedTuple

from .conditions import Condition, Relation
from .floors import Floor, ceiling, floor, single_floor, square_root
from .polynomial import (
    Expr,
    Quantity,
    Symbol,
    collected,
    is_at_least,
    is_integer,
    multiply,
    symbols_of,
    terms_of,
    times,
)
from .powers import opened
from .quotients import divide
from .signs import is_positive


class Isolated(NamedTuple):
    """The whole numbers from one quantity to another, both included, without an end where one is None.

    Where both are the same, the symbol is that quantity, if it is a whole number.
    """

    least: Quantity | None
    greatest: Quantity | None


def isolated(relation: Condition, symbol: Symbol) -> Isolated | None:
    """The numbers for which a comparison holds, where it has a form that is known to be solved for the symbol."""
    if not isinstance(relation, Relation):
        return None
    for turned, operator in ((relation.difference, relation.operator), _mirrored(relation)):
        difference = opened(turned)
        for solve in (_of_sum, _of_floor, _of_square):
            found = solve(operator, difference, symbol)
            if found is not None:
                return found
    return None


def _mirrored(relation: Relation) -> tuple[Quantity, str]:
    operators = {">=": "<=", "<": ">", "==": "==", "!=": "!="}
    return -relation.difference, operators[relation.operator]


def _of_sum(operator: str, difference: Quantity, symbol: Symbol) -> Isolated | None:
    """a*x + b with a > 0, compared with 0."""
    parts = _by_powers(difference, symbol)
    if parts is None or set(parts) - {0, 1} or not is_positive(parts.get(1, 0)):
        return None
    return _compared(operator, divide(-parts.get(0, 0), parts[1]))


def _of_square(operator: str, difference: Quantity, symbol: Symbol) -> Isolated | None:
    """a*x**2 + b*x + c with a > 0 and b >= 0, which grows with x."""
    parts = _by_powers(difference, symbol)
    if parts is None or set(parts) - {0, 1, 2} or not is_positive(parts.get(2, 0)):
        return None
    c, b, a = (parts.get(power, 0) for power in range(3))
    if not is_at_least(b, 0):
        return None
    root = square_root(multiply(b, b) - 4 * multiply(a, c))
    return _compared(operator, divide(root - b, 2 * a))


def _compared(operator: str, border: Quantity) -> Isolated | None:
    """What compares so with the border."""
    if operator == "==":
        return Isolated(border, border)
    if operator in (">=", ">"):
        return Isolated(ceiling(border) if operator == ">=" else floor(border) + 1, None)
    if operator in ("<=", "<"):
        return Isolated(None, floor(border) if operator == "<=" else ceiling(border) - 1)
    return None


def _of_floor(operator: str, difference: Quantity, symbol: Symbol) -> Isolated | None:
    """floor(n/d) + e = 0, with n a sum that grows with x: n is from -e*d to -e*d + d - 1."""
    atom = single_floor(difference)
    if operator != "==" or atom is None:
        return None
    value = -(difference - collected({((atom, 1),): 1}))
    if symbol in symbols_of(value) or symbol in symbols_of(atom.denominator) or not _is_countable(atom, value):
        return None
    parts = _by_powers(opened(atom.numerator), symbol)
    if parts is None or set(parts) - {0, 1} or not is_positive(parts.get(1, 0)):
        return None
    first = multiply(value, atom.denominator) - parts.get(0, 0)
    last = first + atom.denominator - 1
    return Isolated(ceiling(divide(first, parts[1])), floor(divide(last, parts[1])))


def _is_countable(atom: Floor, value: Quantity) -> bool:
    return is_integer(atom.numerator) and is_integer(value) and is_at_least(atom.denominator, 1)


def _by_powers(value: Quantity, symbol: Symbol) -> dict[int, Quantity] | None:
    """The coefficients of the powers of a symbol, which is in nothing else."""
    found: dict[int, Quantity] = {}
    for monomial, coefficient in terms_of(value):
        exponent = next((e for atom, e in monomial if atom is symbol), 0)
        rest = times(monomial, ((symbol, -exponent),)) if exponent else monomial
        if exponent < 0 or any(symbol in atom.symbols for atom, _ in rest):
            return None
        found[exponent] = (
            found.get(exponent, 0) + Expr({rest: coefficient}) if rest else (found.get(exponent, 0) + coefficient)
        )
    return found
