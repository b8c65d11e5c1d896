"""Chains of equal expressions: the formula, the numbers put in, the arithmetic, the result, each proved."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..closed_forms.conditions import Condition, as_meant, with_values
from ..closed_forms.equality import equal
from ..closed_forms.polynomial import Quantity, symbols_of
from ..closed_forms.polynomial import Symbol as Unknown
from ..closed_forms.powers import meant, substitute
from ..errors import NOWHERE, Span, SymparamsError
from ..formula.textbook_order import total_tree, tree
from ..formula.tree import (
    Add,
    CeilingOf,
    Div,
    FloorOf,
    FunctionOf,
    Identifier,
    Indexed,
    ModOf,
    Mul,
    Numeral,
    Order,
    SumOver,
    Tree,
    mapped,
)
from ..formula.tree_values import Values

BRIEF, NORMAL, FULL = DETAILS = ("brief", "normal", "full")


class WrongStep(AssertionError):
    """An equality of a derivation that does not hold: a fault of this package, never of a program."""


class Place(NamedTuple):
    """Where a step belongs: the layer's full name, "" for the whole network, and its rule, or a block's place."""

    layer: str
    span: Span


class Step(NamedTuple):
    """One equality: what stood before, what stands now, why they are equal, and where it belongs."""

    previous: Tree
    next: Tree
    reason: str
    place: Place


class Chain(NamedTuple):
    """What is derived, the steps to it, and its value."""

    target: tuple[Tree, ...]
    steps: tuple[Step, ...]
    value: Quantity

    @property
    def rows(self) -> tuple[Tree, ...]:
        return tuple(step.next for step in self.steps)


class Deriver:
    """Makes chains in the symbols of one program; `place` is where those that are made now belong."""

    def __init__(
        self, detail: str, order: Order, program: Callable[[str], Quantity], conditions: Iterable[Condition] = ()
    ):
        self.detail = detail
        self.order = order
        self.program = program
        self.conditions = tuple(map(as_meant, conditions))
        self.place = Place("", NOWHERE)

    def values(self) -> Values:
        return Values(self.program)

    def chain(
        self, target: tuple[Tree, ...], formula: Tree, values: Values, result: Quantity, is_size: bool = False
    ) -> Chain:
        """The steps from a formula to its value; those of a size are few. Raises WrongStep where one is not equal.

        Each row is proved to be equal to the formula; one whose proof the algebra does not find is left out.
        """
        value, result = meant(values.of(formula)), meant(result)
        if not self.proved(formula, value, result):
            result = value
        rows: list[tuple[str, Tree]] = [("formula", formula)]
        put_in = self.put_in(formula, values)
        if self.detail != BRIEF or formula == put_in:
            rows.append(("substitute", put_in))
        if self.detail != BRIEF:
            inner = self.inner(put_in, values)
            rows.append(("simplify", inner))
            if isinstance(inner, Add) and not is_size:
                rows.append(("multiply", self.terms(inner, values)))
        rows.append(("add", total_tree(result, self.order)))
        steps: list[Step] = []
        for reason, row in without_repetitions(rows):
            if self.proved(row, values.of(row), result):
                steps.append(Step(steps[-1].next if steps else target[-1], row, reason, self.place))
        return Chain(target, tuple(steps), result)

    def proved(self, row: Tree, value: Quantity, result: Quantity) -> bool:
        """Whether the two are seen to be equal. Raises WrongStep where they differ at some values of the symbols."""
        if equal(value, result):
            return True
        value, result = meant(value), meant(result)
        names = sorted(symbols_of(value) | symbols_of(result), key=lambda symbol: symbol.name)
        choice = random.Random(1)
        for _ in range(200):
            point: dict[Unknown, Quantity] = {s: choice.randint(s.lower or 0, 40) for s in names}
            if self.is_admitted(point) and substitute(value, point) != substitute(result, point):
                raise WrongStep(f"{row} is {value}, not {result}, at {point}")
        return False

    def is_admitted(self, point: dict[Unknown, Quantity]) -> bool:
        """Whether no condition is broken by the values; one that divides by 0 is."""
        try:
            return all(with_values(condition, point) is not False for condition in self.conditions)
        except SymparamsError:
            return False

    def put_in(self, node: Tree, values: Values) -> Tree:
        """The formula with values in place of its own symbols, and times signs between them."""
        if isinstance(node, Indexed) or (isinstance(node, Identifier) and node.local):
            return total_tree(meant(values.of(node)), self.order)
        if isinstance(node, SumOver):
            return node
        node = mapped(node, lambda part: self.put_in(part, values))
        if isinstance(node, Add):
            return Add(tuple(_opened(node.terms)))
        return Mul(node.factors, crossed=True) if isinstance(node, Mul) else node

    def evaluated(self, node: Tree, values: Values) -> Tree:
        return tree(values.of(node), self.order)

    def inner(self, node: Tree, values: Values) -> Tree:
        """The expression with its brackets, and what stands inside floors, worked out."""
        if isinstance(node, Add):
            return mapped(node, lambda term: self.inner(term, values))
        if isinstance(node, Mul):
            return mapped(node, lambda f: self.evaluated(f, values) if isinstance(f, Add) else self.inner(f, values))
        if isinstance(node, (Div, FunctionOf, ModOf)):
            return mapped(node, lambda part: self.evaluated(part, values))
        if isinstance(node, (FloorOf, CeilingOf)):
            inside = node.value
            if isinstance(inside, Div):
                return mapped(node, lambda part: self.inner(part, values))
            return mapped(node, lambda part: self.evaluated(part, values))
        return node

    def terms(self, node: Tree, values: Values) -> Tree:
        """The expression with each term of its sum worked out."""
        if not isinstance(node, Add):
            return self.evaluated(node, values)
        terms: list[tuple[bool, Tree]] = []
        for minus, term in node.terms:
            value = self.evaluated(term, values)
            if isinstance(value, Add) and not minus:
                terms += value.terms
            elif value != Numeral(0):
                terms.append((minus, value))
        return Add(tuple(terms)) if terms else Numeral(0)


def without_repetitions(rows: list[tuple[str, Tree]]) -> list[tuple[str, Tree]]:
    """The rows without detours: where one says the same as one before it, but for the order, those between go too."""
    kept: list[tuple[str, Tree]] = []
    said: list[Tree] = []
    for reason, row in rows:
        same = _sorted(row)
        if same not in said:
            kept.append((reason, row))
            said.append(same)
            continue
        place = said.index(same)
        del kept[place + 1 :], said[place + 1 :]
        if kept[place][0] != "formula":
            kept[place] = (kept[place][0], row)
    return kept


def _opened(terms: Iterable[tuple[bool, Tree]]) -> Iterator[tuple[bool, Tree]]:
    for minus, term in terms:
        if isinstance(term, Add) and not minus:
            yield from _opened(term.terms)
        else:
            yield minus, term


def _sorted(node: Tree) -> Tree:
    """The expression in an order of its own, without times signs: what differs in these alone says the same."""
    node = mapped(node, _sorted)
    if isinstance(node, Add):
        return Add(tuple(sorted(_opened(node.terms), key=repr)))
    if isinstance(node, Mul):
        factors: list[Tree] = []
        for factor in node.factors:
            factors += factor.factors if isinstance(factor, Mul) else (factor,)
        return Mul(tuple(sorted(factors, key=repr)))
    return node
