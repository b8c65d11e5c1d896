"""What a tree comes to: exactly, as an interval where its numbers are rounded, or as a closed form."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, NamedTuple

from ..closed_forms import floors, powers, quotients
from ..closed_forms.polynomial import Quantity, multiply
from ..errors import LimitError, SymparamsError
from .numerals import PLAIN, Usage, read
from .reading import JoinedParts, Literal, Noted, Operated, Quoted, Tree, Unreadable

MAX_BITS = 14_000


class UnknownName(SymparamsError):
    """A name without a value."""


class RoundedRange(NamedTuple):
    low: Fraction
    high: Fraction


class Arithmetic:
    """Exact numbers; `names` are the values of names. `rough` tells afterwards that a root was not exact."""

    def __init__(self, names: Mapping[str, Any] | None = None, usage: Usage = PLAIN):
        self.names = names or {}
        self.usage = usage
        self.rough = False

    def literal(self, tree: Literal) -> Any:
        return read(str(tree.sign), self.usage).value

    def name(self, tree: Quoted) -> Any:
        if tree.name not in self.names:
            raise UnknownName(tree.name)
        return self.names[tree.name]

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def negative(self, a: Any) -> Any:
        return -a

    def times(self, a: Any, b: Any) -> Any:
        if a.numerator.bit_length() + b.numerator.bit_length() > MAX_BITS:
            raise LimitError("a number would be too long")
        return a * b

    def divided(self, a: Any, b: Any) -> Any:
        if b == 0:
            raise Unreadable("it divides by 0")
        return Fraction(a) / b

    def floor(self, a: Any) -> Any:
        return Fraction(math.floor(a))

    def ceil(self, a: Any) -> Any:
        return Fraction(math.ceil(a))

    def modulo(self, a: Any, b: Any) -> Any:
        return self.add(a, self.negative(self.times(b, self.floor(self.divided(a, b)))))

    def power(self, a: Any, b: Any) -> Any:
        if b.denominator != 1:
            return self._root(a, b)
        if max(a.numerator.bit_length(), a.denominator.bit_length()) * abs(b.numerator) > MAX_BITS and a not in (
            0,
            1,
            -1,
        ):
            raise LimitError("a number would be too long")
        if a == 0 and b < 0:
            raise Unreadable("it divides by 0")
        return Fraction(a) ** b.numerator

    def _root(self, a: Fraction, b: Fraction) -> Fraction:
        if a < 0:
            raise Unreadable("a root of a negative number")
        if b.denominator == 2:
            over, under = math.isqrt(a.numerator), math.isqrt(a.denominator)
            if over * over == a.numerator and under * under == a.denominator:
                return self.power(Fraction(over, under), Fraction(b.numerator))
        self.rough = True
        with localcontext() as context:
            context.prec = 40
            base = Decimal(a.numerator) / Decimal(a.denominator)
            return Fraction(base ** (Decimal(b.numerator) / Decimal(b.denominator))) if a else Fraction(0)

    def function(self, name: str, parts: list[Any]) -> Any:
        if name not in FUNCTIONS:
            raise Unreadable(f"'{name}' is no function that is known here")
        return FUNCTIONS[name](self, *parts)


def _logarithm(domain: Arithmetic, a: Fraction) -> Fraction:
    if a <= 0:
        raise Unreadable("a logarithm of no positive number")
    if a.denominator == 1 and not a.numerator & (a.numerator - 1):
        return Fraction(a.numerator.bit_length() - 1)
    domain.rough = True
    return Fraction(math.log2(a))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "floor": lambda domain, a: domain.floor(a),
    "int": lambda domain, a: domain.floor(a) if a >= 0 else domain.ceil(a),
    "ceil": lambda domain, a: domain.ceil(a),
    "sqrt": lambda domain, a: domain.power(a, Fraction(1, 2)),
    "max": lambda domain, *values: max(values),
    "min": lambda domain, *values: min(values),
    "abs": lambda domain, a: abs(a),
    "round": lambda domain, a: Fraction(round(a)),
    "log2": _logarithm,
}


class Between(Arithmetic):
    """Numbers that may be rounded, as intervals: those that are measured, or all that have digits behind the point."""

    def __init__(self, usage: Usage = PLAIN, all_rounded: bool = False):
        super().__init__({}, usage)
        self.all_rounded = all_rounded

    def literal(self, tree: Literal) -> Any:
        number = read(str(tree.sign), self.usage)
        half = number.step / 2 if number.step and (number.measured or self.all_rounded) else Fraction(0)
        return RoundedRange(number.value - half, number.value + half)

    def add(self, a: RoundedRange, b: RoundedRange) -> RoundedRange:
        return RoundedRange(a.low + b.low, a.high + b.high)

    def negative(self, a: RoundedRange) -> RoundedRange:
        return RoundedRange(-a.high, -a.low)

    def times(self, a: RoundedRange, b: RoundedRange) -> RoundedRange:
        ends = [super(Between, self).times(x, y) for x in a for y in b]
        return RoundedRange(min(ends), max(ends))

    def divided(self, a: RoundedRange, b: RoundedRange) -> RoundedRange:
        if b.low <= 0 <= b.high:
            raise Unreadable("it divides by 0")
        return self.times(a, RoundedRange(1 / Fraction(b.high), 1 / Fraction(b.low)))

    def floor(self, a: RoundedRange) -> RoundedRange:
        return RoundedRange(Fraction(math.floor(a.low)), Fraction(math.floor(a.high)))

    def ceil(self, a: RoundedRange) -> RoundedRange:
        return RoundedRange(Fraction(math.ceil(a.low)), Fraction(math.ceil(a.high)))

    def power(self, a: RoundedRange, b: RoundedRange) -> RoundedRange:
        if b.low != b.high or a.low < 0:
            return RoundedRange(*(2 * [super().power(a.low, b.low)])) if a.low == a.high else _no_interval()
        ends = [super(Between, self).power(x, b.low) for x in a]
        return RoundedRange(min(ends), max(ends))

    def function(self, name: str, parts: list[Any]) -> Any:
        if any(part.low != part.high for part in parts) and name not in ("floor", "ceil"):
            return _no_interval()
        if name in ("floor", "ceil"):
            return getattr(self, name)(*parts)
        value = Arithmetic.function(Arithmetic(), name, [part.low for part in parts])
        return RoundedRange(value, value)


def _no_interval() -> Any:
    raise Unreadable("its numbers are rounded")


class ClosedForms(Arithmetic):
    """Closed forms in the symbols of a document."""

    def literal(self, tree: Literal) -> Any:
        value = super().literal(tree)
        return value.numerator if value.denominator == 1 else value

    def times(self, a: Quantity, b: Quantity) -> Quantity:
        return multiply(a, b)

    def divided(self, a: Quantity, b: Quantity) -> Quantity:
        return quotients.divide(a, b)

    def floor(self, a: Quantity) -> Quantity:
        return floors.floor(a)

    def ceil(self, a: Quantity) -> Quantity:
        return floors.ceiling(a)

    def modulo(self, a: Quantity, b: Quantity) -> Quantity:
        return floors.remainder(a, b)

    def power(self, a: Quantity, b: Quantity) -> Quantity:
        return powers.power(a, b)

    def function(self, name: str, parts: list[Any]) -> Any:
        if name in ("floor", "ceil"):
            return getattr(self, name)(*parts)
        if name not in floors.FUNCTIONS:
            raise Unreadable(f"'{name}' is no function that is known here")
        return floors.FUNCTIONS[name](*parts)


def amount(tree: Tree, domain: Arithmetic) -> Any:
    """What a tree comes to in an arithmetic; a tuple for a shape.

    Raises UnknownName, Unreadable, and what the arithmetic raises.
    """
    if isinstance(tree, Literal):
        return domain.literal(tree)
    if isinstance(tree, Quoted):
        return domain.name(tree)
    if isinstance(tree, Noted):
        return amount(tree.inside, domain)
    if isinstance(tree, JoinedParts):
        value = _number(tree.first, domain)
        for kind, part in tree.rest:
            value = _JOINED[kind](domain, value, _number(part, domain))
        return value
    assert isinstance(tree, Operated)
    if tree.operation == "tuple":
        return tuple(_number(part, domain) for part in tree.parts)
    parts = [_number(part, domain) for part in tree.parts]
    if tree.operation in _METHODS:
        return getattr(domain, tree.operation)(*parts)
    try:
        return domain.function(tree.operation, parts)
    except TypeError:
        raise Unreadable(f"'{tree.operation}' does not take {len(parts)} values") from None


_METHODS = ("negative", "floor", "ceil", "divided", "power")
_JOINED: dict[str, Callable[..., Any]] = {
    "PLUS": lambda domain, a, b: domain.add(a, b),
    "MINUS": lambda domain, a, b: domain.add(a, domain.negative(b)),
    "TIMES": lambda domain, a, b: domain.times(a, b),
    "OVER": lambda domain, a, b: domain.divided(a, b),
    "WHOLE": lambda domain, a, b: domain.floor(domain.divided(a, b)),
    "MOD": lambda domain, a, b: domain.modulo(a, b),
}


def _number(tree: Tree, domain: Arithmetic) -> Any:
    value = amount(tree, domain)
    if type(value) is tuple:
        raise Unreadable("a shape is no number")
    return value
