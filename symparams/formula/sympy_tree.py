"""Sympy's expressions and conditions as the tree that is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from .tree import (
    Add,
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
)


def tree_of(value: Any, order: Order) -> Tree:
    """The tree that is printed. What has no place in one is a name: the text that sympy gives it."""
    if value.is_Add:
        return _sum(value, order)
    if value.is_Rational and not value.is_Integer:
        return Div(Numeral(int(value.p)), Numeral(int(value.q)))
    if value.is_Integer:
        return Numeral(int(value))
    if value.is_Symbol:
        return Identifier(value.name)
    if value.is_Mul:
        return _product(value, order)
    if value.is_Pow:
        return _power(value, order)
    convert = _KINDS.get(value.func.__name__)
    if convert:
        return convert(value, order)
    if value.is_Function:
        return FunctionOf(value.func.__name__.lower(), tuple(tree_of(part, order) for part in value.args))
    return Identifier(str(value))


def _sum(value: Any, order: Order) -> Tree:
    """The terms by their degree, what is taken away after the others, and numbers last, as closed forms have them.

    Where each term has a denominator, they have one together.
    """
    denominators = [term.as_coeff_Mul()[0].q for term in value.args if term.as_coeff_Mul()[0].is_Rational]
    if len(denominators) == len(value.args) and all(denominator > 1 for denominator in denominators):
        common = sympy.ilcm(*denominators)
        return Div(tree_of(value * common, order), Numeral(int(common)))
    ordered = value.as_ordered_terms("grlex")
    signed = sorted((_signed(term, order) for term in ordered if not term.is_Rational), key=lambda term: term[0])
    numbers = [_signed(term, order) for term in ordered if term.is_Rational]
    first = all(minus for minus, _ in signed) and not any(minus for minus, _ in numbers)
    return Add((*numbers, *signed) if first else (*signed, *numbers))


def _signed(term: Any, order: Order) -> tuple[bool, Tree]:
    negative = term.could_extract_minus_sign()
    return negative, tree_of(-term if negative else term, order)


def _product(value: Any, order: Order) -> Tree:
    if value.as_coeff_Mul()[0].is_negative:
        return Add(((True, tree_of(-value, order)),))
    over, under = sympy.fraction(value)
    if under != 1:
        return Div(tree_of(over, order), tree_of(under, order))
    factors = sorted(value.args, key=lambda factor: _rank(factor, order))
    return Mul(tuple(tree_of(factor, order) for factor in factors))


def _rank(factor: Any, order: Order) -> tuple[int, int, str]:
    """Numbers first, then symbols as the program orders them, then the rest."""
    base = factor.as_base_exp()[0]
    if factor.is_number:
        return 0, 0, str(factor)
    return (1, order.get(base.name, len(order)), base.name) if base.is_Symbol else (2, 0, str(factor))


def _power(value: Any, order: Order) -> Tree:
    base, exponent = value.as_base_exp()
    if exponent.is_number and exponent.is_negative:
        return Div(Numeral(1), tree_of(1 / value, order))
    if exponent == sympy.Rational(1, 2):
        return FunctionOf("sqrt", (tree_of(base, order),))
    return Pow(tree_of(base, order), tree_of(exponent, order))


def _relation(operator: str) -> Callable[[Any, Order], Tree]:
    return lambda value, order: Related(operator, (tree_of(value.lhs, order), tree_of(value.rhs, order)))


def _parts(make: Callable[..., Tree], *first: str) -> Callable[[Any, Order], Tree]:
    """The node with all parts in it, after a word that says what it is."""
    return lambda value, order: make(*first, tuple(tree_of(part, order) for part in value.args))


def _series(value: Any, order: Order) -> Tree:
    (turn, first, last), *more = value.limits
    if more or first != 0:
        return Identifier(str(value))
    return SumOver(tree_of(value.function, order), turn.name, tree_of(last, order))


_KINDS: dict[str, Callable[[Any, Order], Tree]] = {
    "floor": lambda value, order: FloorOf(tree_of(value.args[0], order)),
    "Mod": lambda value, order: ModOf(*(tree_of(part, order) for part in value.args)),
    "Max": _parts(FunctionOf, "max"),
    "Min": _parts(FunctionOf, "min"),
    "And": _parts(Joined, "and"),
    "Or": _parts(Joined, "or"),
    "Sum": _series,
    "BooleanTrue": lambda value, order: Identifier("true"),
    "BooleanFalse": lambda value, order: Identifier("false"),
    **{
        name: _relation(operator)
        for name, operator in (
            ("Equality", "="),
            ("Unequality", "!="),
            ("GreaterThan", ">="),
            ("LessThan", "<="),
            ("StrictGreaterThan", ">"),
            ("StrictLessThan", "<"),
        )
    },
}
