"""Floors and remainders of integer expressions, in a normal form in which nested floors are one.

A size that went through any number of strided layers is a single floor of a linear expression: with b, c > 0 and
integers inside, floor((floor((x + a)/b) + e)/c) = floor((x + a + b*e)/(b*c)).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from math import gcd, isqrt, log2

from ..errors import SymparamsError
from .irrational import sign, whole_below
from .polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    by_structure,
    collected,
    expression,
    inverse,
    is_at_least,
    is_integer,
    lower_bound,
    magnitude,
    multiply,
    symbols_of,
    terms_of,
    times,
    whole,
)
from .powers import power
from .quotients import common_monomial, divide, exact_quotient, numerator_and_denominator
from .signs import divides_positively


class Floor(Atom):
    """floor(numerator/denominator): in lowest terms where both are known to be whole and the denominator positive."""

    __slots__ = ()

    def describe(self, numerator: Quantity, denominator: Quantity) -> None:
        least = lower_bound(numerator)
        if least is None or not divides_positively(denominator):
            self.lower = None
        elif isinstance(denominator, int):
            self.lower = least // denominator
        else:
            self.lower = 0 if least >= 0 else least if is_at_least(denominator, 1) else None
        self.integer = True
        self.symbols = symbols_of(numerator) | symbols_of(denominator)

    @property
    def numerator(self) -> Quantity:
        return self.key[0]

    @property
    def denominator(self) -> Quantity:
        return self.key[1]

    def parts(self) -> tuple[Quantity, ...]:
        return self.key

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        return floor_divide(*parts)


class Remainder(Atom):
    """dividend % divisor, with the sign of the divisor."""

    __slots__ = ()

    def describe(self, dividend: Quantity, divisor: Quantity) -> None:
        self.integer = is_integer(dividend) and is_integer(divisor)
        self.lower = 0 if divides_positively(divisor) else None
        self.symbols = symbols_of(dividend) | symbols_of(divisor)

    def parts(self) -> tuple[Quantity, ...]:
        return self.key

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        return remainder(*parts)


class Function(Atom):
    """A function of quantities that has no polynomial form: min, max, abs, log2, sqrt."""

    __slots__ = ()

    def describe(self, name: str, *arguments: Quantity) -> None:
        bounds = [lower_bound(a) for a in arguments]
        known = [b for b in bounds if b is not None]
        self.integer = name in ("min", "max", "abs") and all(map(is_integer, arguments))
        if name == "max":
            self.lower = max(known, default=None)
        elif name == "min":
            self.lower = min(known) if len(known) == len(bounds) else None
        elif name == "log2":
            self.lower = known[0].bit_length() - 1 if known and known[0] >= 1 else None
        else:
            self.lower = isqrt(max([0, *known])) if name == "sqrt" else 0
        self.symbols = frozenset().union(*map(symbols_of, arguments))

    @property
    def name(self) -> str:
        return self.key[0]

    def parts(self) -> tuple[Quantity, ...]:
        return self.key[1:]

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        function: Callable[..., Quantity] = FUNCTIONS[self.name]
        return function(*parts)

    @property
    def square(self) -> Quantity | None:
        return self.key[1] if self.name == "sqrt" else None


# Floors


def floor_divide(a: Quantity, b: Quantity) -> Quantity:
    """floor(a/b). Raises SymparamsError for a divisor of 0."""
    if b == 0:
        raise SymparamsError("division by 0")
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        return whole(a // b)
    if b == 1 and is_integer(a):
        return a
    over, under = numerator_and_denominator(divide(a, b)) if not _plain(a, b) else (a, b)
    if isinstance(under, int) and under < 0:
        over, under = -over, -under
    if not symbols_of(over) and not symbols_of(under) and (isinstance(over, Expr) or isinstance(under, Expr)):
        return whole_below(divide(over, under))
    if _is_whole_fraction(over, under):
        over, under = _merged(over, under)
    return _floor(over, under) if over == 0 or _is_whole_fraction(over, under) else expression(Floor(over, under))


def _is_whole_fraction(over: Quantity, under: Quantity) -> bool:
    return is_integer(over) and is_integer(under) and is_at_least(under, 1)


def _plain(a: Quantity, b: Quantity) -> bool:
    """Whether a and b are sums without fractions below a fraction bar already."""
    if isinstance(b, int) and b < 0:
        return False
    return all(isinstance(c, int) and all(e > 0 for _, e in m) for value in (a, b) for m, c in terms_of(value))


def _merged(over: Quantity, under: Quantity) -> tuple[Quantity, Quantity]:
    """The fraction with no floor in it: floor((floor(n/d) + e)/c) is floor((n + d*e)/(d*c)) for whole e and c."""
    atom = single_floor(over)
    if atom is None:
        return over, under
    rest = over - expression(atom)
    inner = atom.numerator + multiply(atom.denominator, rest), multiply(atom.denominator, under)
    return _merged(*inner) if _is_whole_fraction(*inner) else numerator_and_denominator(divide(*inner))


def single_floor(value: Quantity) -> Floor | None:
    """The floor in a sum, where there is one alone and it is no factor of anything."""
    inner = [(atom, m, c) for m, c in terms_of(value) for atom, _ in m if isinstance(atom, Floor)]
    if len(inner) != 1:
        return None
    atom, monomial, coefficient = inner[0]
    return atom if coefficient == 1 and monomial == ((atom, 1),) else None


def _floor(over: Quantity, under: Quantity) -> Quantity:
    if isinstance(over, Expr):
        over, under = lowest_terms(over, under)
    if under == 1:
        return over
    if not isinstance(over, Expr) and not isinstance(under, Expr):
        return over // under
    quotient, rest = _split(over, under)
    if rest == 0 or _between_zero_and(rest, under):
        return quotient
    return expression(Floor(over, under))


def absorbed(value: Quantity) -> Quantity:
    """A size as one floor: floor(n/d) + e with a whole e is floor((n + d*e)/d). Equal sizes are then equal objects."""
    if not isinstance(value, Expr) or len(value.terms) < 2:
        return value
    floors = [(m, c) for m, c in value.terms.items() if any(isinstance(a, Floor) for a, _ in m)]
    if len(floors) != 1:
        return value
    ((monomial, coefficient),) = floors
    atom = monomial[0][0]
    if coefficient != 1 or monomial != ((atom, 1),) or not isinstance(atom, Floor):
        return value
    beside = value - expression(atom)
    if not is_integer(beside):
        return value
    return floor_divide(atom.numerator + multiply(atom.denominator, beside), atom.denominator)


def whole_part(atom: Floor) -> tuple[Quantity, Quantity]:
    """A floor as a textbook has it: the numerator without multiples of the denominator, and those behind the floor."""
    if isinstance(atom.numerator, Expr) and isinstance(atom.denominator, int):
        constant, under = atom.numerator.constant, atom.denominator
        turns = max(0, (2 * constant.numerator + under) // (2 * under)) if isinstance(constant, int) else 0
        return atom.numerator - turns * under, turns
    quotient, rest = _split(atom.numerator, atom.denominator)
    return (rest, quotient) if rest != 0 else (atom.numerator, 0)


def _between_zero_and(rest: Quantity, under: Quantity) -> bool:
    return is_at_least(rest, 0) and is_at_least(under - rest, 1)


def _split(over: Quantity, under: Quantity) -> tuple[Quantity, Quantity]:
    """Whole quotient and rest: over = quotient*under + rest, every coefficient of the rest as small as it can be."""
    if isinstance(under, Expr) and len(under.terms) > 1:
        quotient = exact_quotient(over, under)
        return (quotient, 0) if quotient is not None and is_integer(quotient) else (0, over)
    if isinstance(over, Expr):
        quotient = divide(over, under)
        if is_integer(quotient):
            return quotient, 0
    ((below, divisor),) = terms_of(under)
    quotients: dict[Monomial, Number] = {}
    rests: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(over):
        above = times(monomial, inverse(below))
        if isinstance(coefficient, Fraction) or any(e < 0 for _, e in above):
            rests[monomial] = coefficient
        else:
            quotients[above], rests[monomial] = divmod(coefficient, divisor)
    return collected(quotients), collected(rests)


def lowest_terms(over: Expr, under: Quantity) -> tuple[Quantity, Quantity]:
    """The fraction divided by what its terms share; a constant that is no multiple of it is rounded down."""
    if not isinstance(under, Expr):
        shared = reduce(gcd, (c.numerator for m, c in over.terms.items() if m), under.numerator)
        if shared > 1:
            constant = over.constant // shared
            over_terms = {m: whole(Fraction(c, shared)) for m, c in over.terms.items() if m}
            return collected({**over_terms, (): constant}), under // shared
        return over, under
    common = dict(common_monomial(over))
    below = dict(common_monomial(under))
    shared_atoms = tuple((a, min(e, below[a])) for a, e in common.items() if a in below)
    scale = reduce(gcd, (int(c) for _, c in [*terms_of(over), *terms_of(under)]))
    factor = collected({shared_atoms: scale})
    return divide(over, factor), divide(under, factor)


def remainder(a: Quantity, b: Quantity) -> Quantity:
    """a - b*floor(a/b). Raises SymparamsError for a divisor of 0."""
    if not isinstance(a, Expr) and not isinstance(b, Expr):
        if b == 0:
            raise SymparamsError("division by 0")
        return whole(a % b)
    if b == 0:
        raise SymparamsError("division by 0")
    if not symbols_of(a) and not symbols_of(b):
        return a - multiply(b, floor_divide(a, b))
    if not is_integer(a) or not is_integer(b) or not is_at_least(b, 1) or not _plain(a, b):
        return expression(Remainder(a, b))
    _, rest = _split(a, b)
    if rest == 0 or _between_zero_and(rest, b):
        return rest
    return expression(Remainder(rest, b))


# Other functions


def ceiling(a: Quantity) -> Quantity:
    over, under = numerator_and_denominator(a)
    if _is_whole_fraction(over, under):
        return floor_divide(over + under - 1, under)
    return -floor_divide(-a, 1)


def floor(a: Quantity) -> Quantity:
    return floor_divide(a, 1)


def rounded(a: Quantity) -> Quantity:
    """The nearest whole number, of two the even one, as Python rounds."""
    if not isinstance(a, Expr):
        return round(a)
    nearest = floor(a + Fraction(1, 2))
    over, under = numerator_and_denominator(a)
    if is_integer(a) or (isinstance(under, int) and under % 2 and is_integer(over)):
        return nearest
    quarter = divide(2 * a - 1, 4)
    return nearest + ceiling(quarter) - floor(quarter) - 1


def absolute(a: Quantity) -> Quantity:
    if not isinstance(a, Expr):
        return magnitude(a)
    if not a.symbols:
        return multiply(sign(a), a)
    if is_at_least(a, 0):
        return a
    if is_at_least(-a, 0):
        return -a
    return expression(Function("abs", a))


def largest(*values: Quantity) -> Quantity:
    return _extreme("max", values)


def smallest(*values: Quantity) -> Quantity:
    return _extreme("min", values)


def _extreme(name: str, values: Iterable[Quantity]) -> Quantity:
    """The values without those that another is known to beat; a function of them where several are left."""
    values = [inner for value in values for inner in _compared(name, value)]
    numbers = [v for v in values if not isinstance(v, Expr)]
    kept: list[Quantity] = []
    if numbers:
        kept.append(max(numbers) if name == "max" else min(numbers))
    for value in sorted({v for v in values if isinstance(v, Expr)}, key=by_structure):
        if any(_beats(name, other, value) for other in kept):
            continue
        kept = [other for other in kept if not _beats(name, value, other)] + [value]
    return kept[0] if len(kept) == 1 else expression(Function(name, *kept))


def _compared(name: str, value: Quantity) -> Iterable[Quantity]:
    """What a maximum is the maximum of, and a minimum the minimum of."""
    atoms = value.atoms() if isinstance(value, Expr) and len(value.terms) == 1 else []
    nested = len(atoms) == 1 and isinstance(atoms[0], Function) and atoms[0].name == name
    return atoms[0].parts() if nested and value == expression(atoms[0]) else (value,)


def _beats(name: str, a: Quantity, b: Quantity) -> bool:
    ahead = a - b if name == "max" else b - a
    return is_at_least(ahead, 0) if symbols_of(ahead) else sign(ahead) >= 0


def square_root(a: Quantity) -> Quantity:
    try:
        return power(a, Fraction(1, 2))
    except SymparamsError:
        if not isinstance(a, Expr) and a < 0:
            raise
        return expression(Function("sqrt", a))


def logarithm(a: Quantity) -> Quantity:
    """The logarithm to base 2."""
    if not isinstance(a, Expr):
        if a <= 0:
            raise SymparamsError(f"log2({a}) is not a number")
        exponent = round(log2(a)) if a < 2**1000 else a.numerator.bit_length() - 1
        if power(2, exponent) == a:
            return exponent
    return expression(Function("log2", a))


FUNCTIONS: dict[str, Callable[..., Quantity]] = {
    "max": largest,
    "min": smallest,
    "abs": absolute,
    "sqrt": square_root,
    "log2": logarithm,
}
