"""Quantities: exact numbers and polynomials in atoms."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import lcm
from threading import Lock
from typing import Any, ClassVar, Union
from weakref import WeakValueDictionary

from ..errors import LimitError

Number = Union[int, Fraction]
Quantity = Union[int, Fraction, "Expr"]
Monomial = tuple[tuple["Atom", int], ...]

MAX_TERMS = 2_000
MAX_DEPTH = 30
MAX_FACTORS = 300
MAX_BITS = 14_000


class Atom:
    """What a polynomial is made of. Equal atoms are one object; `order` sorts them by what they are made of.

    `lower` is the largest known integer that the atom is never less than, None where none is known; `integer` tells
    that its values are whole numbers; `symbols` are the symbols in it.
    """

    __slots__ = ("__weakref__", "integer", "key", "lower", "order", "symbols")
    order: tuple[Any, ...]
    lower: int | None
    integer: bool
    symbols: frozenset[Symbol]
    key: tuple[Any, ...]

    _known: ClassVar[WeakValueDictionary[tuple[Any, ...], Atom]] = WeakValueDictionary()
    _entering: ClassVar[Any] = Lock()

    def __new__(cls, *key: Any) -> Any:
        known_as = (cls, *key)
        known = Atom._known.get(known_as)
        if known is not None:
            return known
        atom = super().__new__(cls)
        atom.key = key
        depth = atom.depth()
        if depth > MAX_DEPTH:
            raise LimitError(f"a formula would nest floors and functions more than {MAX_DEPTH} deep")
        atom.order = (depth, cls.__name__, *map(by_structure, key))
        atom.describe(*key)
        with Atom._entering:
            return Atom._known.setdefault(known_as, atom)

    def describe(self, *key: Any) -> None:
        """Set what is known of the atom's values."""
        raise NotImplementedError

    def depth(self) -> int:
        """How deep floors and functions are nested in the atom."""
        parts = (part for part in self.parts() if isinstance(part, Expr))
        return 1 + max((atom.order[0] for part in parts for m in part.terms for atom, _ in m), default=-1)

    def parts(self) -> tuple[Quantity, ...]:
        """The quantities that the atom is built from."""
        return ()

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        """The atom's value where its parts have become others."""
        raise NotImplementedError

    @property
    def square(self) -> Quantity | None:
        """What the square of the atom is, where that is simpler than the atom."""
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.key

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.key}"


class Symbol(Atom):
    """A name with one set of assumptions: a number that is at least `lower`, and whole where `integer` says so.

    One that is not whole and may be 0 has `positive` as False.
    """

    __slots__ = ("name", "positive")
    name: str
    positive: bool

    def __new__(cls, name: str, lower: int | None = 1, integer: bool = True, positive: bool | None = None) -> Symbol:
        said = () if positive is None else (positive,)
        symbol: Symbol = super().__new__(cls, name, lower, integer, *said)
        return symbol

    def describe(self, name: str, lower: int | None, integer: bool, positive: bool | None = None) -> None:
        self.name, self.lower, self.integer = name, lower, integer
        self.positive = (lower is not None and lower >= 1) or (not integer if positive is None else positive)
        self.symbols = frozenset((self,))

    def __repr__(self) -> str:
        return self.name


class Part(Symbol):
    """A symbol for a quantity of other symbols that is known to be whole, such as H/2 where H is even."""

    __slots__ = ("meaning",)
    meaning: Quantity

    def __new__(cls, meaning: Quantity, lower: int) -> Part:
        part: Part = Atom.__new__(cls, meaning, lower)
        return part

    def describe(self, meaning: Quantity, lower: int) -> None:  # type: ignore[override]
        super().describe(str(meaning), lower, True)
        self.meaning = meaning


class Sum(Atom):
    """A sum with several terms that stands as one factor, below a fraction bar."""

    __slots__ = ()

    def describe(self, terms: Expr) -> None:
        self.integer = is_integer(terms)
        self.lower = lower_bound(terms)
        self.symbols = terms.symbols

    def depth(self) -> int:
        return super().depth() - 1

    def parts(self) -> tuple[Quantity, ...]:
        return self.key

    def rebuild(self, parts: tuple[Quantity, ...]) -> Quantity:
        return parts[0]


class Size(Sum):
    """A size that stands as one factor of a product. Sizes are never less than 1: a condition of its own says so."""

    __slots__ = ()

    def describe(self, terms: Expr) -> None:
        super().describe(terms)
        self.lower = max(1, self.lower or 1)


class Expr:
    """A sum of monomials with exact coefficients; never a plain number."""

    __slots__ = ("_hash", "_symbols", "terms")
    terms: dict[Monomial, Number]

    def __init__(self, terms: dict[Monomial, Number]):
        self.terms = terms
        self._hash: int | None = None
        self._symbols: frozenset[Symbol] | None = None

    @property
    def symbols(self) -> frozenset[Symbol]:
        if self._symbols is None:
            self._symbols = frozenset(s for m in self.terms for atom, _ in m for s in atom.symbols)
        return self._symbols

    def atoms(self) -> list[Atom]:
        return sorted({atom for monomial in self.terms for atom, _ in monomial}, key=by_structure)

    @property
    def constant(self) -> Number:
        return self.terms.get((), 0)

    def __add__(self, other: Quantity) -> Quantity:
        terms = dict(self.terms)
        for monomial, coefficient in terms_of(other):
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return collected(terms)

    __radd__ = __add__

    def __neg__(self) -> Expr:
        return Expr({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Quantity) -> Quantity:
        return self + -other

    def __rsub__(self, other: Quantity) -> Quantity:
        return -self + other

    def __mul__(self, other: Quantity) -> Quantity:
        if not isinstance(other, Expr):
            return Expr({m: whole(c * other) for m, c in self.terms.items()}) if other else 0
        if len(self.terms) * len(other.terms) > MAX_TERMS * 20:
            raise LimitError(f"a product would have more than {MAX_TERMS:,} terms")
        terms: dict[Monomial, Number] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = times(left, right)
                terms[monomial] = terms.get(monomial, 0) + a * b
        return collected(terms)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expr) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return Expr, (self.terms,)

    def __repr__(self) -> str:
        def factor(atom: Atom, exponent: int) -> str:
            return f"{atom}" if exponent == 1 else f"{atom}**{exponent}"

        return " + ".join("*".join([str(c), *(factor(*f) for f in m)]) for m, c in self.terms.items())


def by_structure(part: Any) -> Any:
    """The key that sorts atoms, and what they are made of: equal for equal ones, whatever was met before them."""
    if isinstance(part, (Expr, int, Fraction)):
        terms = ((tuple([(atom.order, e) for atom, e in m]), magnitude(c), c > 0) for m, c in terms_of(part))
        return sorted(terms, reverse=True)
    return part.order if isinstance(part, Atom) else [] if part is None else part


def symbol(name: str, lower: int = 1, integer: bool = True) -> Expr:
    return expression(Symbol(name, lower, integer))


def expression(atom: Atom) -> Expr:
    return Expr({((atom, 1),): 1})


def whole(number: Number) -> Number:
    """An int where the number is one."""
    return number.numerator if type(number) is Fraction and number.denominator == 1 else number


def magnitude(number: Number) -> Number:
    return number if number >= 0 else -number


def terms_of(value: Quantity) -> Collection[tuple[Monomial, Number]]:
    if isinstance(value, Expr):
        return value.terms.items()
    return (((), value),) if value else ()


def symbols_of(value: Quantity) -> frozenset[Symbol]:
    return value.symbols if isinstance(value, Expr) else frozenset()


def collected(terms: dict[Monomial, Number]) -> Quantity:
    """The quantity with these terms: zeros dropped, a plain number where no atom is left."""
    kept = {m: c if type(c) is int else whole(c) for m, c in terms.items() if c}
    if not kept:
        return 0
    if len(kept) == 1 and () in kept:
        return kept[()]
    if len(kept) > MAX_TERMS:
        raise LimitError(f"a formula would have more than {MAX_TERMS:,} terms")
    return Expr(kept)


def times(left: Monomial, right: Monomial) -> Monomial:
    if not left:
        return right
    if not right:
        return left
    exponents = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, 0) + exponent
    if len(exponents) > MAX_FACTORS:
        raise LimitError(f"a product would have more than {MAX_FACTORS} different factors")
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=by_order))


def by_order(factor: tuple[Atom, int]) -> tuple[Any, ...]:
    return factor[0].order


def inverse(monomial: Monomial) -> Monomial:
    return tuple((atom, -exponent) for atom, exponent in monomial)


def size_product(sizes: Iterable[Quantity]) -> Quantity:
    """The product of sizes, in which each stays a factor: (H - 2)*(W - 2) is not multiplied out."""
    return product(map(_as_factor, sizes))


def _as_factor(size: Quantity) -> Quantity:
    return expression(Sum(size)) if isinstance(size, Expr) and len(size.terms) > 1 and is_integer(size) else size


def total(values: Iterable[Quantity]) -> Quantity:
    """The sum, built once for the many short sums that totals are."""
    terms: dict[Monomial, Number] = {}
    for value in values:
        for monomial, coefficient in terms_of(value):
            terms[monomial] = terms.get(monomial, 0) + coefficient
    return collected(terms)


def product(values: Iterable[Quantity]) -> Quantity:
    result: Quantity = 1
    for value in values:
        result = multiply(result, value)
    return result


def multiply(a: Quantity, b: Quantity) -> Quantity:
    if isinstance(a, Expr) or isinstance(b, Expr):
        result = a * b
        if any(c.numerator.bit_length() > MAX_BITS for _, c in terms_of(result)):
            raise LimitError(f"a number would have more than {MAX_BITS * 3 // 10:,} digits")
        return result
    if a.numerator.bit_length() + b.numerator.bit_length() > MAX_BITS:
        raise LimitError(f"a number would have more than {MAX_BITS * 3 // 10:,} digits")
    return whole(a * b)


def lower_bound(value: Quantity) -> int | None:
    """The largest integer that is seen at once to be no greater than the value, None where none is."""
    if not isinstance(value, Expr):
        return value.numerator // value.denominator
    bound: Number = 0
    for monomial, coefficient in value.terms.items():
        if monomial and coefficient < 0:
            return None
        least: Number = coefficient
        for atom, exponent in monomial:
            if atom.lower is None or atom.lower < 0:
                return None
            least = least * atom.lower**exponent if exponent > 0 else 0
        bound += least
    return bound.numerator // bound.denominator


def is_at_least(value: Quantity, bound: int) -> bool:
    """Whether the value is seen at once to be no less than the bound."""
    least = lower_bound(value)
    return least is not None and least >= bound


def is_integer(value: Quantity) -> bool:
    """Whether the value is a whole number for all whole values of its symbols."""
    if not isinstance(value, Expr):
        return value.denominator == 1
    denominators = [c.denominator for c in value.terms.values() if type(c) is Fraction]
    for monomial in value.terms:
        for atom, exponent in monomial:
            if exponent < 0 or not atom.integer:
                return False
    return not denominators or _integer_valued(value, lcm(*denominators))


def _integer_valued(value: Expr, denominator: int) -> bool:
    """Whether a polynomial with this common denominator is whole at every residue of its atoms, as n(n - 1)/2 is."""
    atoms = value.atoms()
    if denominator ** len(atoms) > 2_000:
        return False
    scaled = [(m, int(c * denominator)) for m, c in value.terms.items()]

    def at(residues: dict[Atom, int]) -> int:
        result = 0
        for monomial, coefficient in scaled:
            for atom, exponent in monomial:
                coefficient *= residues[atom] ** exponent
            result += coefficient
        return result

    def every(index: int, residues: dict[Atom, int]) -> bool:
        if index == len(atoms):
            return at(residues) % denominator == 0
        return all(every(index + 1, {**residues, atoms[index]: r}) for r in range(denominator))

    return every(0, {})
