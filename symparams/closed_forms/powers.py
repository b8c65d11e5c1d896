"""Powers of quantities, with whole, fractional and symbolic exponents, and what needs them: substitution."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import isqrt, prod

from ..errors import LimitError, SymparamsError
from .irrational import simplest
from .polynomial import (
    MAX_BITS,
    MAX_TERMS,
    Atom,
    Expr,
    Monomial,
    Part,
    Quantity,
    Sum,
    Symbol,
    collected,
    expression,
    is_at_least,
    is_integer,
    multiply,
    product,
    symbols_of,
    terms_of,
    total,
    whole,
)
from .quotients import divide
from .signs import is_positive


class Power(Atom):
    """base**exponent with a symbolic exponent: a prime or an expression, to a monomial or what is whole as a sum."""

    __slots__ = ()

    def describe(self, base: Quantity, exponent: Expr) -> None:
        grows = is_at_least(exponent, 0)
        self.lower = 1 if is_at_least(base, 1) and grows else 0 if is_at_least(base, 0) else None
        self.integer = is_integer(base) and is_integer(exponent) and grows
        self.symbols = symbols_of(base) | exponent.symbols

    def parts(self) -> tuple[Quantity, ...]:
        return self.key

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        return power(*parts)


def power(base: Quantity, exponent: Quantity) -> Quantity:
    """base**exponent. Raises SymparamsError where it is not exact, LimitError where it is too large to write down."""
    if isinstance(exponent, Expr):
        return _symbolic_power(base, exponent)
    if isinstance(exponent, Fraction):
        return _root(base, exponent)
    if exponent < 0:
        return divide(1, power(base, -exponent))
    if not isinstance(base, Expr):
        bits = max(abs(base.numerator), base.denominator).bit_length()
        if bits > 1 and bits * exponent > MAX_BITS:
            raise LimitError(f"a power would have more than {MAX_BITS * 3 // 10:,} digits")
        return whole(base**exponent)
    if len(base.terms) == 1:
        ((monomial, coefficient),) = base.terms.items()
        if exponent == 0:
            return 1
        squares = [(a.square, e * exponent // 2) for a, e in monomial if a.square is not None]
        rest = tuple((a, e * exponent if a.square is None else e * exponent % 2) for a, e in monomial)
        scaled = collected({tuple(factor for factor in rest if factor[1]): power(coefficient, exponent)})  # type: ignore[dict-item]
        return product([scaled, *(power(square, turns) for square, turns in squares)]) if squares else scaled
    if exponent > 60:
        raise LimitError(f"a sum to the power {exponent} would have too many terms")
    return product([base] * exponent)


def _symbolic_power(base: Quantity, exponent: Expr) -> Quantity:
    if base == 1:
        return 1
    if not isinstance(base, Expr):
        if base <= 0:
            raise SymparamsError(f"{base} to a symbolic power has no closed form here")
        factors = [(p, e) for p, e in _primes(base.numerator)] + [(p, -e) for p, e in _primes(base.denominator)]
        return product(_atomic_power(p, exponent * e) for p, e in factors)
    if not is_positive(base):
        return expression(Power(base, exponent))
    if len(base.terms) == 1:
        ((monomial, coefficient),) = base.terms.items()
        powers = [_atomic_power(expression(a), exponent * e) for a, e in monomial]
        return multiply(_symbolic_power(coefficient, exponent), product(powers))
    return _atomic_power(base, exponent)


def _atomic_power(base: Quantity, exponent: Quantity) -> Quantity:
    """The power of what is positive, over the whole terms of the exponent, so that 2**(n + 1) is 2 times 2**n.

    The others stay together: 2**(n*(n + 1)/2) is whole, 2**(n/2) is not.
    """
    whole_terms = {m: c.numerator // c.denominator for m, c in terms_of(exponent) if is_integer(collected({m: 1}))}
    others = collected({m: c - whole_terms.get(m, 0) for m, c in terms_of(exponent)})
    result: Quantity = power(base, whole_terms.pop((), 0))
    for monomial, turns in whole_terms.items():
        if turns:
            result = multiply(result, Expr({((Power(base, Expr({monomial: 1})), turns),): 1}))
    if isinstance(others, Expr):
        return multiply(result, expression(Power(base, others)))
    return multiply(result, power(base, others))


def _primes(number: int) -> Iterator[tuple[int, int]]:
    """Prime factors with their exponents; what is left above a million counts as one factor."""
    divisor = 2
    while divisor * divisor <= number and divisor < 1000:
        exponent = 0
        while number % divisor == 0:
            number //= divisor
            exponent += 1
        if exponent:
            yield divisor, exponent
        divisor += 1
    if number > 1:
        yield number, 1


def _root(base: Quantity, exponent: Fraction) -> Quantity:
    if exponent.denominator == 2 and not isinstance(base, Expr) and base >= 0:
        over, under = isqrt(base.numerator), isqrt(base.denominator)
        if over * over == base.numerator and under * under == base.denominator:
            return power(whole(Fraction(over, under)), exponent.numerator)
    if isinstance(base, Expr) and len(base.terms) == 1:
        ((monomial, coefficient),) = base.terms.items()
        if all((e * exponent).denominator == 1 and is_at_least(expression(a), 0) for a, e in monomial):
            powers = {tuple((a, int(e * exponent)) for a, e in monomial): 1}
            return multiply(power(coefficient, exponent), Expr(powers))  # type: ignore[arg-type]
    raise SymparamsError(f"a power with the exponent {exponent} of this value is not exact")


def substitute(value: Quantity, values: dict[Symbol, Quantity]) -> Quantity:
    """The value with other quantities in place of symbols, in normal form again."""
    if not isinstance(value, Expr) or value.symbols.isdisjoint(values):
        return value
    done: dict[Atom, Quantity] = {}
    results = []
    for monomial, coefficient in value.terms.items():
        factors: list[Quantity] = [coefficient]
        for atom, exponent in monomial:
            if atom not in done:
                done[atom] = _substitute_atom(atom, values)
            factors.append(power(done[atom], exponent))
        results.append(product(factors))
    return simplest(total(results))


def _substitute_atom(atom: Atom, values: dict[Symbol, Quantity]) -> Quantity:
    if isinstance(atom, Symbol):
        return values.get(atom, expression(atom))
    if atom.symbols.isdisjoint(values):
        return expression(atom)
    return atom.rebuild(tuple(substitute(part, values) for part in atom.parts()))


def meant(value: Quantity) -> Quantity:
    """The value in the symbols that a program names."""
    parts = [s for s in symbols_of(value) if isinstance(s, Part)]
    return substitute(value, {part: part.meaning for part in parts}) if parts else value


def opened(value: Quantity, symbol: Symbol | None = None) -> Quantity:
    """The value with its sums multiplied out where they are factors: all of them, or those that hold a symbol."""
    while isinstance(value, Expr):
        opens = {
            atom
            for monomial in value.terms
            for atom, exponent in monomial
            if isinstance(atom, Sum) and exponent > 0 and (symbol is None or symbol in atom.symbols)
        }
        if not opens:
            break
        value = total(
            product([c, *(power(a.parts()[0] if a in opens and e > 0 else expression(a), e) for a, e in m)])
            for m, c in value.terms.items()
        )
    return value


def shortest(value: Quantity) -> Quantity:
    """The value as it is or with its sums multiplied out, whichever has fewer terms; what is long stays as it is."""
    if not isinstance(value, Expr) or len(value.terms) < 2 or sum(map(_length, value.terms)) > MAX_TERMS:
        return value
    other = opened(value)
    return other if len(list(terms_of(other))) < len(value.terms) else value


def _length(monomial: Monomial) -> int:
    """How many terms a product has when the sums in it are multiplied out."""
    return prod(len(list(terms_of(a.parts()[0]))) ** min(e, 9) for a, e in monomial if isinstance(a, Sum) and e > 0)


def map_atoms(value: Quantity, change: Callable[[Atom], Quantity]) -> Quantity:
    """The value with each of its outermost atoms changed."""
    if not isinstance(value, Expr):
        return value
    return total(product([c, *(power(change(a), e) for a, e in m)]) for m, c in value.terms.items())
