"""Values that know the formula that they are written as: every operation works out the value and writes the formula.

The value is one of another domain, or a number of Python. What has no formula of its own, such as a size that no
operation has made, is written as its value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from ..closed_forms.polynomial import Symbol
from ..formula.textbook_order import tree
from ..formula.tree import (
    ZERO,
    FunctionOf,
    Identifier,
    ModOf,
    Numeral,
    SumOver,
    Tree,
    floor_of,
    power_of,
    product_of,
    quotient_of,
    remade,
    sum_of,
)
from . import domain
from .domain import OPERATIONS, Domain, add_domain


class Written:
    """A number with its formula; `axes` are those of single axes, where a number for all of them has one for each."""

    formula: Tree
    axes: tuple[Any, ...] = ()

    def __add__(self, other: Any) -> Any:
        return written(plain(self) + plain(other), _sum(self, other))

    def __radd__(self, other: Any) -> Any:
        return written(plain(other) + plain(self), _sum(other, self))

    def __sub__(self, other: Any) -> Any:
        return written(plain(self) - plain(other), _difference(self, other))

    def __rsub__(self, other: Any) -> Any:
        return written(plain(other) - plain(self), _difference(other, self))

    def __neg__(self) -> Any:
        return written(-plain(self), _difference(0, self))


class WrittenInt(Written, int):
    """A whole number with its formula."""


class WrittenFraction(Written, Fraction):
    """A fraction with its formula."""


class WrittenForm(Written):
    """A symbolic value with its formula; it equals what has the same value."""

    def __init__(self, value: Any):
        self.value = value

    def __eq__(self, other: object) -> bool:
        return bool(self.value == plain(other))

    def __hash__(self) -> int:
        return hash(self.value)


class WrittenShape(tuple):  # type: ignore[type-arg]
    """Sizes, with the formula that their product is written as."""

    formula: Tree

    def __new__(cls, sizes: Iterable[Any], formula: Tree) -> WrittenShape:
        shape = super().__new__(cls, sizes)
        shape.formula = formula
        return shape


_MADE = {int: WrittenInt, Fraction: WrittenFraction}


def written(value: Any, formula: Tree, axes: tuple[Any, ...] = ()) -> Any:
    """The value as one that is written by this formula."""
    made = _MADE.get(type(value), WrittenForm)(value)
    made.formula, made.axes = formula, axes
    return made


def plain(value: Any) -> Any:
    """The value without its formula."""
    if isinstance(value, WrittenForm):
        return value.value
    if isinstance(value, Written):
        return int(value) if isinstance(value, int) else Fraction(value)  # type: ignore[call-overload]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


def formula_of(value: Any) -> Tree:
    return value.formula if isinstance(value, Written) else tree(value)


# Formulas of operations


def _sum(a: Any, b: Any) -> Tree:
    return sum_of(((False, formula_of(a)), (False, formula_of(b))))


def _difference(a: Any, b: Any) -> Tree:
    return sum_of(((False, formula_of(a)), (True, formula_of(b))))


def _floored(a: Tree, b: Tree) -> Tree:
    if isinstance(a, Numeral) and isinstance(b, Numeral):
        return Numeral(a.value // b.value)
    return floor_of(quotient_of(a, b))


def _function(name: str) -> Callable[[Tree], Tree]:
    return lambda value: FunctionOf(name, (value,))


def _extreme(name: str) -> Callable[[Tree, Tree], Tree]:
    def join(a: Tree, b: Tree) -> Tree:
        before = a.arguments if isinstance(a, FunctionOf) and a.name == name else (a,)
        return a if b in before else FunctionOf(name, (*before, b))

    return join


_FORMULAS: dict[str, Callable[..., Tree]] = {
    "multiply": lambda a, b: product_of((a, b)),
    "divide": quotient_of,
    "power": power_of,
    "floor_divide": _floored,
    "remainder": ModOf,
    "floor": floor_of,
    "ceiling": lambda value: floor_of(value, ceiling=True),
    "absolute": _function("abs"),
    "square_root": _function("sqrt"),
    "logarithm": _function("log2"),
    "largest": _extreme("max"),
    "smallest": _extreme("min"),
}
_OF_MANY: dict[str, Callable[[list[Tree]], Tree]] = {
    "total": lambda terms: sum_of((False, term) for term in terms),
    "product": product_of,
}
_KEPT = ("normal", "absorbed", "meant", "shortest")


def _with_formula(name: str, formula: Callable[..., Tree]) -> Callable[..., Any]:
    work = getattr(domain, name)
    return lambda *values: written(work(*map(plain, values)), formula(*map(formula_of, values)))


def _with_formula_of_many(name: str, formula: Callable[[list[Tree]], Tree]) -> Callable[..., Any]:
    work = getattr(domain, name)

    def apply(values: Iterable[Any]) -> Any:
        values = list(values)
        return written(work(map(plain, values)), formula(list(map(formula_of, values))))

    return apply


def _without_formula(name: str) -> Callable[..., Any]:
    """The operation on the values alone; one that is of many has them in its only argument."""
    work = getattr(domain, name)

    def apply(*values: Any) -> Any:
        if len(values) == 1 and isinstance(values[0], tuple):
            return work(tuple(map(plain, values[0])))
        return work(*map(plain, values))

    return apply


def _size_product(sizes: tuple[Any, ...]) -> Any:
    product = domain.size_product(tuple(map(plain, sizes)))
    return written(product, sizes.formula if isinstance(sizes, WrittenShape) else product_of(map(formula_of, sizes)))


def _closed_sum(value: Any, number: Symbol, turns: Any) -> Any:
    """What is summed over the turns, or as often counted where it is the same in all of them."""
    result = domain.closed_sum(plain(value), number, plain(turns))
    formula = formula_of(value)
    if remade(formula, {Identifier(number.name): ZERO}) != formula:
        return written(result, SumOver(formula, number.name, tree(plain(turns) - 1)))
    return written(result, product_of((formula_of(turns), formula)))


def _for_each_axis(value: Any, axes: int) -> tuple[Any, ...]:
    return value.axes or (value,) * axes


def _unmade(*_: Any) -> Any:
    raise AssertionError("values are made in another domain, and written here")


WITH_FORMULAS = Domain(
    "formulas", _unmade, _unmade, frozenset({WrittenForm}), frozenset(), frozenset({WrittenInt, WrittenFraction})
)

add_domain(
    WITH_FORMULAS,
    {name: _without_formula(name) for name in OPERATIONS}
    | {name: _with_formula(name, formula) for name, formula in _FORMULAS.items()}
    | {name: _with_formula_of_many(name, formula) for name, formula in _OF_MANY.items()}
    | dict.fromkeys(_KEPT, lambda value: value)
    | {"size_product": _size_product, "closed_sum": _closed_sum, "for_each_axis": _for_each_axis},
)
