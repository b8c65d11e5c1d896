"""The order in which a textbook would write a quantity or a condition.

Terms stand with their signs, highest degree first, those that are taken away after the others, the constant last. What
all terms of a total share stands before a bracket. A floor has the smallest constant inside and the rest behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from ..closed_forms.conditions import AllOf, AnyOf, Condition, Relation, as_meant, divisibility
from ..closed_forms.floors import Floor, Function, Remainder, absorbed, whole_part
from ..closed_forms.polynomial import (
    Atom,
    Expr,
    Monomial,
    Number,
    Quantity,
    Sum,
    Symbol,
    collected,
    expression,
    inverse,
    magnitude,
    multiply,
    times,
)
from ..closed_forms.powers import Power, meant
from ..closed_forms.quotients import common_monomial, content, divide, exact_quotient, numerator_and_denominator
from ..closed_forms.sums import Series
from .tree import (
    Add,
    CeilingOf,
    Div,
    FloorOf,
    FunctionOf,
    Identifier,
    Joined,
    ModOf,
    Mul,
    Numeral,
    Order,
    Pow,
    Related,
    SumOver,
    Tree,
    product_of,
)

# From here on a power of 2 is written as one.
_LONG_NUMBER = 2**64
Signed = tuple[bool, Tree]
FactorRank = tuple[bool, list[tuple[int, str]], tuple[Any, ...]]


def total_tree(value: Quantity, order: Order | None = None, sizes: Iterable[Quantity] = ()) -> Tree:
    """A count as it is written: sizes that divide it, and what every term has to the same power, before a bracket."""
    if is_of_sympy(value):
        return tree(value, order)
    value = meant(value)
    if not isinstance(value, Expr) or len(value.terms) < 2:
        return tree(value, order)
    over, under = numerator_and_denominator(value)
    brackets: list[Quantity] = []
    for size in sizes:
        quotient = exact_quotient(over, size) if isinstance(size, Expr) and len(size.terms) > 1 else None
        if quotient is not None:
            over, brackets = quotient, [*brackets, size]
    outside, inside = _shared_factor(divide(over, under))
    if _turns_sign(outside):
        inside = multiply(inside, -1)
    number, inside = (inside, 1) if not isinstance(inside, Expr) else (1, inside)
    above, below = _fraction(outside, number, _Rank(order))
    factors = [f for f in above if f != Numeral(1)]
    if inside != 1 or not (factors or brackets):
        factors.append(tree(inside, order))
    return _quotient(_coefficient_first([*factors, *(tree(size, order) for size in brackets)]), below)


def factored_tree(value: Quantity, order: Order | None = None) -> Tree:
    """A count with all that its terms share before a bracket: F(10C + 9F + 3), 2F(9F + 1)."""
    value = meant(value)
    if not isinstance(value, Expr) or len(value.terms) < 2:
        return tree(value, order)
    outside = tuple(sorted((f for f in common_monomial(value) if f[1] > 0), key=lambda factor: factor[0].order))
    inside = multiply(value, collected({inverse(outside): 1}))
    number = content(inside) if isinstance(inside, Expr) else 1
    return product_of((tree(collected({outside: number}), order), tree(divide(inside, number), order)))


def _shared_factor(value: Quantity) -> tuple[Monomial, Quantity]:
    """What every term has to the same power, and the rest."""
    if not isinstance(value, Expr):
        return (), value
    first, *others = [dict(m) for m in value.terms]
    shared = [(atom, e) for atom, e in first.items() if all(m.get(atom) == e for m in others)]
    outside = tuple(sorted(shared, key=lambda factor: factor[0].order))
    return outside, multiply(value, collected({inverse(outside): 1}))


def _coefficient_first(factors: list[Tree]) -> list[Tree]:
    return sorted(factors, key=lambda factor: not isinstance(factor, Numeral))


def tree(value: Quantity, order: Order | None = None) -> Tree:
    """A quantity as it is written."""
    if is_of_sympy(value):
        return _of_sympy(value, order)
    value = absorbed(meant(value))
    if isinstance(value, Expr) and len(value.terms) > 1 and all(isinstance(c, Fraction) for c in value.terms.values()):
        over, under = numerator_and_denominator(value)
        if isinstance(under, int):
            return Div(tree(over, order), _whole(under))
    signed = _signed_terms(value, _Rank(order))
    if not signed:
        return Numeral(0)
    if len(signed) == 1 and not signed[0][0]:
        return signed[0][1]
    return Add(tuple(signed))


def condition_tree(condition: Condition, order: Order | None = None) -> Tree:
    """A condition as it is written, with nothing taken away on either side."""
    if is_of_sympy(condition):
        return _of_sympy(condition, order)
    condition = as_meant(condition)
    if isinstance(condition, (AnyOf, AllOf)):
        word = "or" if isinstance(condition, AnyOf) else "and"
        return Joined(word, tuple(condition_tree(c, order) for c in condition.conditions))
    assert isinstance(condition, Relation)
    found = divisibility(condition if condition.operator == "==" else condition.negated())
    if found and found[0] == 1:
        return Related("in Z" if condition.operator == "==" else "not in Z", (tree(found[1], order),))
    if found:
        return Related("|" if condition.operator == "==" else "not |", (tree(found[0], order), tree(found[1], order)))
    signed = _signed_terms(condition.difference, _Rank(order))
    left = [(False, term) for negative, term in signed if not negative]
    right = [(False, term) for negative, term in signed if negative]
    compared = [_sum(left), _sum(right)]
    operator = condition.operator
    if isinstance(compared[0], Numeral):
        compared.reverse()
        operator = {">=": "<=", "<": ">"}.get(operator, operator)
    return Related({"==": "="}.get(operator, operator), tuple(compared))


def is_of_sympy(value: object) -> bool:
    """Whether a value, or a condition, holds an object of sympy."""
    return hasattr(value, "held")


def _of_sympy(value: Any, order: Order | None) -> Tree:
    from .sympy_tree import tree_of

    return tree_of(value.held, order or {})


# Terms


class _Rank:
    """The order of factors: symbols as the program first names them, then what is built from them."""

    def __init__(self, order: Order | None):
        self.order = order or {}

    def __call__(self, atom: Atom) -> FactorRank:
        if isinstance(atom, Symbol):
            return False, [self.place(atom)], atom.order
        return True, sorted(map(self.place, atom.symbols)), atom.order

    def place(self, symbol: Symbol) -> tuple[int, str]:
        return self.order.get(symbol.name, len(self.order)), symbol.name

    def degree(self, monomial: Monomial) -> int:
        return sum(exponent for _, exponent in monomial if exponent > 0)

    def term(self, monomial: Monomial) -> tuple[int, list[tuple[FactorRank, int]]]:
        ranked = sorted((self(atom), -exponent) for atom, exponent in monomial)
        return -self.degree(monomial), ranked


def _signed_terms(value: Quantity, rank: _Rank) -> list[Signed]:
    """The terms with their signs, in order."""
    if not isinstance(value, Expr):
        return [(value < 0, _number(magnitude(value)))] if value else []
    constant = value.constant
    pairs, singles = _pairs({m: c for m, c in value.terms.items() if m}, rank)
    entries = [
        (rank.term(times(m, ((atom, 1),))), _is_negative(m, c), _bracketed(m, atom, magnitude(c), rank))
        for m, atom, c in pairs
    ]
    entries += [(rank.term(m), _is_negative(m, c), _term(m, magnitude(c), rank)) for m, c in singles.items()]
    entries.sort(key=lambda entry: (entry[1], entry[0]))
    signed = [(negative, term) for _, negative, term in entries]
    if not constant:
        return signed
    last = (constant < 0, _number(magnitude(constant)))
    return [last, *signed] if constant > 0 and all(negative for negative, _ in signed) else [*signed, last]


def _is_negative(monomial: Monomial, coefficient: Number) -> bool:
    """Whether a term is written with a minus."""
    return (coefficient < 0) != _turns_sign(monomial)


def _turns_sign(monomial: Monomial) -> bool:
    """Whether the factors as they are written, with ceilings, are the negative of what they are."""
    return sum(exponent for atom, exponent in monomial if _is_ceiling(atom)) % 2 == 1


def _is_ceiling(atom: Atom) -> bool:
    """Whether a floor is written as a ceiling: that of what is taken away from 0 as a whole."""
    if not isinstance(atom, Floor):
        return False
    over, _ = whole_part(atom)
    return isinstance(over, Expr) and all(coefficient < 0 for coefficient in over.terms.values())


Pair = tuple[Monomial, Atom, Number]


def _pairs(terms: dict[Monomial, Number], rank: _Rank) -> tuple[list[Pair], dict[Monomial, Number]]:
    """Terms c*m*x - c*m, which are written c*m*(x - 1), and the others."""
    pairs: list[Pair] = []
    if len(terms) > 12:
        return pairs, terms
    singles = dict(terms)
    for longer in sorted(terms, key=rank.term):
        for atom, exponent in longer:
            shorter = times(longer, ((atom, -1),))
            whole = longer in singles and shorter in singles and exponent >= 1 and isinstance(atom, (Symbol, Power))
            if whole and shorter and singles[shorter] == -singles[longer]:
                pairs.append((shorter, atom, singles.pop(longer)))
                del singles[shorter]
                break
    return pairs, singles


def _bracketed(monomial: Monomial, atom: Atom, coefficient: Number, rank: _Rank) -> Tree:
    over, under = _fraction(monomial, coefficient, rank)
    bracket = Add(((False, _atom(atom, 1, rank)), (True, Numeral(1))))
    return _quotient([*over, bracket], under)


def _term(monomial: Monomial, coefficient: Number, rank: _Rank) -> Tree:
    return _quotient(*_fraction(monomial, coefficient, rank))


def _fraction(monomial: Monomial, coefficient: Number, rank: _Rank) -> tuple[list[Tree], list[Tree]]:
    """The factors of a term above and below the bar."""
    ranked = sorted(monomial, key=lambda factor: rank(factor[0]))
    ranked, powers, coefficient = _joined_powers(ranked, coefficient, rank)
    over = [_atom(atom, exponent, rank) for atom, exponent in ranked if exponent > 0] + powers
    under = [_atom(atom, -exponent, rank) for atom, exponent in ranked if exponent < 0]
    if coefficient.numerator != 1 or not over:
        over.insert(0, _whole(coefficient.numerator))
    if over[0] == Numeral(1) and len(over) > 1:
        del over[0]
    if coefficient.denominator != 1:
        under.insert(0, _whole(coefficient.denominator))
    return over, under


def _joined_powers(
    ranked: list[tuple[Atom, int]], coefficient: Number, rank: _Rank
) -> tuple[list[tuple[Atom, int]], list[Tree], Number]:
    """Powers of a number with what the coefficient holds of that number: 2*2**i is 2**(i + 1)."""
    exponents = dict(ranked)
    powers: list[Tree] = []
    for atom, exponent in ranked:
        if not isinstance(atom, Power) or exponent < 0:
            continue
        base, turns = atom.parts()
        shift = 0
        if isinstance(base, int):
            while coefficient.numerator % base == 0:
                coefficient, shift = Fraction(coefficient) / base, shift + 1
            while coefficient.denominator % base == 0:
                coefficient, shift = Fraction(coefficient) * base, shift - 1
        elif isinstance(base, Expr):
            shift = sum(exponents.pop(a) for a in base.symbols if base == expression(a) and a in exponents)
        elif not isinstance(base, int):
            continue
        del exponents[atom]
        powers.append(Pow(tree(base, rank.order), tree(multiply(turns, exponent) + shift, rank.order)))
    return list(exponents.items()), powers, coefficient


def _quotient(over: list[Tree], under: list[Tree]) -> Tree:
    return Div(_product(over), _product(under)) if under else _product(over)


def _product(factors: list[Tree]) -> Tree:
    return factors[0] if len(factors) == 1 else Mul(tuple(factors))


def _sum(terms: list[Signed]) -> Tree:
    if not terms:
        return Numeral(0)
    return terms[0][1] if len(terms) == 1 and not terms[0][0] else Add(tuple(terms))


def _number(value: Number) -> Tree:
    if isinstance(value, Fraction) and value.denominator != 1:
        return Div(_whole(value.numerator), _whole(value.denominator))
    return _whole(int(value))


def _whole(value: int) -> Tree:
    """A whole number; a power of 2 that no line would hold as one."""
    if value < _LONG_NUMBER or value & (value - 1):
        return Numeral(value)
    return Pow(Numeral(2), Numeral(value.bit_length() - 1))


def _atom(atom: Atom, exponent: int, rank: _Rank) -> Tree:
    if isinstance(atom, Power):
        base, power = atom.parts()
        return Pow(tree(base, rank.order), tree(multiply(power, exponent), rank.order))
    base_tree = _base(atom, rank)
    return base_tree if exponent == 1 else Pow(base_tree, Numeral(exponent))


def _base(atom: Atom, rank: _Rank) -> Tree:
    order = rank.order
    if isinstance(atom, Symbol):
        return Identifier(atom.name)
    if isinstance(atom, Floor):
        over, behind = whole_part(atom)
        rounded: type[FloorOf] | type[CeilingOf] = FloorOf
        if _is_ceiling(atom):
            over, behind, rounded = multiply(over, -1), multiply(behind, -1), CeilingOf
        inside = tree(over, order)
        floor = rounded(inside if atom.denominator == 1 else Div(inside, tree(atom.denominator, order)))
        after = sorted(_signed_terms(behind, rank), key=lambda term: isinstance(term[1], Numeral))
        return _sum([(False, floor), *after]) if after else floor
    if isinstance(atom, Series):
        term, turns = atom.parts()
        return SumOver(tree(term, order), atom.index.name, tree(turns - 1, order))
    if isinstance(atom, Remainder):
        return ModOf(*(tree(part, order) for part in atom.parts()))
    if isinstance(atom, Function):
        return FunctionOf(atom.name, tuple(tree(part, order) for part in atom.parts()))
    assert isinstance(atom, Sum)
    return tree(atom.parts()[0], order)
