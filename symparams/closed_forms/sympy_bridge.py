"""Quantities and conditions as sympy objects, for whoever goes on computing with them."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy

from .conditions import AllOf, AnyOf, Condition, Relation
from .floors import Floor, Function, Remainder, whole_part
from .polynomial import Atom, Expr, Monomial, Number, Quantity, Sum, Symbol, collected, magnitude, terms_of
from .powers import Power
from .sums import Series
from .sympy_functions import ExactAbs, ExactFloor, ExactLog2, ExactMax, ExactMin, ExactMod, ExactSum


def to_sympy(value: Quantity) -> Any:
    """The sympy expression; a whole number stays an int."""
    if isinstance(value, int):
        return value
    if not isinstance(value, Expr):
        return sympy.Rational(value.numerator, value.denominator)
    terms = (
        sympy.Mul(sympy.Rational(c.numerator, c.denominator), *(_atom(a) ** e for a, e in m))
        for m, c in value.terms.items()
    )
    return sympy.Add(*terms)


@cache
def symbol(name: str, lower: int | None = 1, integer: bool = True, positive: bool | None = None) -> Any:
    """The sympy symbol of a name, with what the program assumes of it."""
    assumed = {"integer": True} if integer else {"real": True} if lower is None else {}
    if Symbol(name, lower, integer, positive).positive:
        assumed["positive"] = True
    elif lower is not None:
        assumed["nonnegative"] = True
    return sympy.Symbol(name, **assumed)


def condition_to_sympy(condition: Condition) -> Any:
    if isinstance(condition, bool):
        return sympy.true if condition else sympy.false
    if isinstance(condition, (AllOf, AnyOf)):
        join = sympy.And if isinstance(condition, AllOf) else sympy.Or
        return join(*map(condition_to_sympy, condition.conditions))
    assert isinstance(condition, Relation)
    added: dict[Monomial, Number] = {}
    taken: dict[Monomial, Number] = {}
    for monomial, coefficient in terms_of(condition.difference):
        (added if coefficient > 0 else taken)[monomial] = magnitude(coefficient)
    relation = {">=": sympy.Ge, "<": sympy.Lt, "==": sympy.Eq, "!=": sympy.Ne}[condition.operator]
    return relation(to_sympy(collected(added)), to_sympy(collected(taken)))


def _atom(atom: Atom) -> Any:
    if isinstance(atom, Symbol):
        return symbol(*atom.key)
    if isinstance(atom, Floor):
        over, behind = whole_part(atom)
        return ExactFloor(sympy.sympify(to_sympy(over)) / to_sympy(atom.denominator)) + to_sympy(behind)
    parts = [sympy.sympify(to_sympy(part)) for part in atom.parts()]
    if isinstance(atom, Power):
        return parts[0] ** parts[1]
    if isinstance(atom, Series):
        return ExactSum(parts[0], (symbol(*atom.index.key), 0, parts[1] - 1))
    if isinstance(atom, Remainder):
        return ExactMod(*parts)
    if isinstance(atom, Sum):
        return parts[0]
    assert isinstance(atom, Function)
    return _FUNCTIONS[atom.name](*parts)


_FUNCTIONS = {
    "max": ExactMax,
    "min": ExactMin,
    "abs": ExactAbs,
    "sqrt": sympy.sqrt,
    "log2": ExactLog2,
}
