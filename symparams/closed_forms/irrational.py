"""Numbers with square roots and logarithms in them, compared and rounded exactly.

Such a number is a sum of fractions times roots of numbers without square factors times logarithms of primes: so it is
seen whether it is rational. If it is not, it lies strictly between two fractions, which are found with more and more
digits until they tell what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Context, Decimal
from fractions import Fraction
from itertools import product
from math import floor, gcd, isqrt
from typing import NamedTuple

from ..errors import SymparamsError
from .polynomial import Atom, Expr, Number, Quantity, Sum, terms_of, whole

DIGITS = (30, 100, 400)
MAX_SQUARE = 10_000


class _Basis(NamedTuple):
    """A root of a number without square factors, times powers of logarithms of primes and of what stays whole."""

    radicand: int
    others: tuple[tuple[Atom | int, int], ...]


_Sum = dict[_Basis, Fraction]
_Bounds = tuple[Fraction, Fraction]
_ONE = _Basis(1, ())


def rational(value: Quantity) -> Number | None:
    """A value without symbols as a fraction, None where it is not rational."""
    if not isinstance(value, Expr):
        return value
    found = _taken_apart(value)
    if any(basis != _ONE for basis in found):
        return None
    return whole(found.get(_ONE, Fraction(0)))


def simplest(value: Quantity) -> Quantity:
    """The value, as a number where it has no symbols and is rational."""
    if not isinstance(value, Expr) or value.symbols:
        return value
    number = rational(value)
    return value if number is None else number


def sign(value: Quantity) -> int:
    """-1, 0 or 1, as a value without symbols is negative, 0 or positive. Raises SymparamsError where it is not seen."""
    number = rational(value)
    if number is not None:
        return (number > 0) - (number < 0)
    return _told_apart(value, lambda low, high: 1 if low > 0 else -1 if high < 0 else None)


def whole_below(value: Quantity) -> int:
    """The floor of a value without symbols. Raises SymparamsError where it is not seen."""
    number = rational(value)
    if number is not None:
        return floor(number)
    return _told_apart(value, lambda low, high: floor(low) if floor(low) == floor(high) else None)


def _told_apart(value: Quantity, tell: Callable[[Fraction, Fraction], int | None]) -> int:
    for digits in DIGITS:
        told = tell(*_bounds(value, digits))
        if told is not None:
            return told
    raise SymparamsError(f"this number is not told from a rational one within {DIGITS[-1]} digits")


# The form in which rational numbers are seen


def _taken_apart(value: Quantity) -> _Sum:
    result: _Sum = {}
    for monomial, coefficient in terms_of(value):
        factors = [_power(atom, exponent) for atom, exponent in monomial]
        for parts in product(*(factor.items() for factor in factors)):
            number, basis = Fraction(coefficient), _ONE
            for other, factor in parts:
                shared, basis = _times(basis, other)
                number *= factor * shared
            result[basis] = result.get(basis, Fraction(0)) + number
    return {basis: number for basis, number in result.items() if number}


def _times(a: _Basis, b: _Basis) -> tuple[int, _Basis]:
    shared = gcd(a.radicand, b.radicand)
    exponents = dict(a.others)
    for other, exponent in b.others:
        exponents[other] = exponents.get(other, 0) + exponent
    others = sorted(exponents.items(), key=lambda item: repr(item[0]))
    return shared, _Basis(a.radicand * b.radicand // shared**2, tuple((o, e) for o, e in others if e))


def _power(atom: Atom, exponent: int) -> _Sum:
    name, argument = _function(atom)
    number = rational(argument) if name else None
    if number is not None and name == "sqrt":
        square, radicand = _without_squares(number.numerator * number.denominator)
        half, odd = divmod(exponent, 2)
        outside = Fraction(square, number.denominator) ** odd * Fraction(number) ** half
        return {_Basis(radicand if odd else 1, ()): outside}
    if number is not None and name == "log2" and exponent == 1:
        found: _Sum = {}
        for prime, turns in _prime_powers(number):
            basis = _ONE if prime == 2 else _Basis(1, ((prime, 1),))
            found[basis] = found.get(basis, Fraction(0)) + turns
        return found
    return {_Basis(1, ((atom, exponent),)): Fraction(1)}


def _without_squares(number: int) -> tuple[int, int]:
    """The number as a square times a rest, by their roots; a square factor above a limit may be left in the rest."""
    square, rest = 1, number
    for factor in range(2, MAX_SQUARE):
        if factor * factor > rest:
            break
        while rest % (factor * factor) == 0:
            square, rest = square * factor, rest // (factor * factor)
    root = isqrt(rest)
    return (square * root, 1) if root * root == rest else (square, rest)


def _prime_powers(number: Number) -> Iterator[tuple[int, int]]:
    for part, way in ((number.numerator, 1), (number.denominator, -1)):
        for factor in range(2, MAX_SQUARE):
            if factor * factor > part:
                break
            while part % factor == 0:
                yield factor, way
                part //= factor
        if part > 1:
            yield part, way


# Bounds


def _bounds(value: Quantity, digits: int) -> _Bounds:
    low = high = Fraction(0)
    for monomial, coefficient in terms_of(value):
        ends = Fraction(coefficient), Fraction(coefficient)
        for atom, exponent in monomial:
            ends = _product(ends, _power_bounds(_atom_bounds(atom, digits), exponent))
        low, high = low + ends[0], high + ends[1]
    return low, high


def _product(a: _Bounds, b: _Bounds) -> _Bounds:
    ends = [x * y for x in a for y in b]
    return min(ends), max(ends)


def _power_bounds(ends: _Bounds, exponent: int) -> _Bounds:
    if exponent < 0:
        if ends[0] <= 0 <= ends[1]:
            raise SymparamsError("this number is divided by what is not told from 0")
        ends = 1 / ends[1], 1 / ends[0]
    result = ends
    for _ in range(abs(exponent) - 1):
        result = _product(result, ends)
    return result


def _function(atom: Atom) -> tuple[str | None, Quantity]:
    """The name and the argument of a root or a logarithm; no name where it is something else."""
    return (atom.key[0], atom.key[1]) if atom.key[0] in _FUNCTIONS else (None, 0)


def _atom_bounds(atom: Atom, digits: int) -> _Bounds:
    if isinstance(atom, Sum):
        return _bounds(atom.parts()[0], digits)
    name, argument = _function(atom)
    if name is None:
        raise SymparamsError("this number is not rational, and too involved to compare exactly")
    number = rational(argument)
    low, high = (Fraction(number),) * 2 if number is not None else _bounds(argument, digits)
    if low < 0 or (low == 0 and name == "log2"):
        raise SymparamsError(f"{name} of what is not known to be positive has no value")
    decimals = Context(prec=digits + 10)
    ends = [decimals.divide(Decimal(end.numerator), Decimal(end.denominator)) for end in (low, high)]
    slack = Fraction(1, 10**digits)
    least, greatest = (Fraction(_FUNCTIONS[name](end, decimals)) for end in ends)
    return least - slack * (1 + abs(least)), greatest + slack * (1 + abs(greatest))


_FUNCTIONS: dict[str, Callable[[Decimal, Context], Decimal]] = {
    "sqrt": lambda number, decimals: decimals.sqrt(number),
    "log2": lambda number, decimals: decimals.divide(decimals.ln(number), decimals.ln(Decimal(2))),
}
