"""Mistakes that people make in a derivation: each makes one line of it false, and goes on from what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..derive.steps import Deriver
from ..formula.tree import Add, CeilingOf, Div, FloorOf, Mul, Numeral, Tree, children, mapped
from ..formula.tree_values import Values

Rows = tuple[Tree, ...]


class Worked(NamedTuple):
    """The rows of a derivation, all equal but where a mistake is planted; `is_size` for that of a size."""

    target: Tree
    rows: Rows
    values: Values
    is_size: bool = False
    has_biases: bool = False


class Planted(NamedTuple):
    """A derivation with a row that is not equal to the one before: which, by what mistake, and what is right."""

    worked: Worked
    place: int
    kind: str
    right: Tree


Mistake = Callable[[Worked], Iterator[tuple[int, Tree]]]


def planted(worked: Worked, deriver: Deriver) -> Iterator[Planted]:
    """Every way to make one row false, with the rows behind it worked out anew from there."""
    for kind, mistake in MISTAKES.items():
        for place, wrong in mistake(worked):
            before = worked.values.of(worked.rows[place - 1])
            value = worked.values.of(wrong)
            if place < 1 or not isinstance(value, int) or value == before or value <= 0:
                continue
            rows = (*worked.rows[:place], *_going_on(wrong, value, worked, deriver))
            yield Planted(worked._replace(rows=rows), place, kind, worked.rows[place])


def _going_on(wrong: Tree, value: Quantity, worked: Worked, deriver: Deriver) -> Rows:
    """A false row, and what follows from it as it would from a true one."""
    chain = deriver.chain((worked.target,), wrong, worked.values, value, worked.is_size)
    return chain.rows if chain.rows[0] == wrong else (wrong, *chain.rows)


def _without_the_bias(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """The last term, the biases, is left out where the numbers are put in."""
    for place, row in enumerate(worked.rows[:2]):
        if place and worked.has_biases and isinstance(row, Add) and len(row.terms) > 1:
            kept = row.terms[:-1]
            yield place, Add(kept) if len(kept) > 1 else kept[0][1]


def _with_a_factor_lost(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """One of two equal factors is left out of a product: k in place of its square."""
    for place, row in enumerate(worked.rows):
        if not place:
            continue
        for factor in _repeated_factors(row):
            yield place, factor


def _repeated_factors(row: Tree) -> Iterator[Tree]:
    """The row with one of two equal neighbours in a product left out, once for each product that has such."""
    for product in dict.fromkeys(_products(row)):
        for i, (one, other) in enumerate(pairwise(product.factors)):
            if one == other:
                left = (*product.factors[:i], *product.factors[i + 1 :])
                fewer = Mul(left, product.crossed) if len(left) > 1 else left[0]
                yield _with(row, product, fewer)
                break


def _products(node: Tree) -> Iterator[Mul]:
    if isinstance(node, Mul):
        yield node
    for part in children(node):
        yield from _products(part)


def _with(node: Tree, old: Tree, new: Tree) -> Tree:
    return new if node == old else mapped(node, lambda part: _with(part, old, new))


def _rounded_up(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """A fraction is rounded the other way, or to the nearest whole number, in the row that works it out."""
    for place, row in enumerate(worked.rows):
        before = worked.rows[place - 1] if place else None
        if before is None or isinstance(row, (FloorOf, CeilingOf)) or not isinstance(row, Numeral):
            continue
        for rounded in _rounded(before):
            other = CeilingOf(rounded.value) if isinstance(rounded, FloorOf) else FloorOf(rounded.value)
            value = worked.values.of(_with(before, rounded, other))
            if isinstance(value, int):
                yield place, Numeral(value)


def _rounded(node: Tree) -> Iterator[FloorOf | CeilingOf]:
    if isinstance(node, (FloorOf, CeilingOf)):
        yield node
    for part in children(node):
        yield from _rounded(part)


def is_rounded(node: Tree) -> bool:
    """Whether a fraction of numbers is rounded in a formula."""
    fractions = [rounded.value for rounded in _rounded(node) if isinstance(rounded.value, Div)]
    pairs = [(fraction.over, fraction.under) for fraction in fractions]
    return any(
        isinstance(over, Numeral) and isinstance(under, Numeral) and over.value % under.value != 0
        for over, under in pairs
    )


def _without_the_one(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """The first window is not counted: the + 1 behind a size is left out."""
    for place, row in enumerate(worked.rows):
        if place and worked.is_size and isinstance(row, Add) and row.terms[-1] == (False, Numeral(1)):
            kept = row.terms[:-1]
            yield place, Add(kept) if len(kept) > 1 else kept[0][1]
            return


def _padded_once(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """The padding is counted at one side alone: p in place of 2p."""
    for place, row in enumerate(worked.rows[:2]):
        for product in _products(row) if place and worked.is_size else ():
            if product.factors[0] == Numeral(2) and len(product.factors) == 2:
                yield place, _with(row, product, product.factors[1])


def _digits_swapped(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """Two neighbouring digits of the result change places."""
    last = worked.rows[-1]
    if len(worked.rows) > 1 and isinstance(last, Numeral):
        digits = str(last.value)
        for i, (one, other) in enumerate(pairwise(digits)):
            if one != other and (i or other != "0"):
                yield len(worked.rows) - 1, Numeral(int(digits[:i] + other + one + digits[i + 2 :]))


def _one_left_out(worked: Worked) -> Iterator[tuple[int, Tree]]:
    """A term of a sum is forgotten in its result."""
    last = worked.rows[-1]
    before = worked.rows[-2] if len(worked.rows) > 1 else None
    if isinstance(last, Numeral) and isinstance(before, Add) and len(before.terms) > 2:
        for minus, term in before.terms:
            value = worked.values.of(term)
            if not minus and isinstance(value, int):
                yield len(worked.rows) - 1, Numeral(last.value - value)


# By the key of the sentence that says what is wrong.
MISTAKES: dict[str, Mistake] = {
    "bias": _without_the_bias,
    "factor": _with_a_factor_lost,
    "rounding": _rounded_up,
    "one": _without_the_one,
    "padding": _padded_once,
    "digits": _digits_swapped,
    "term": _one_left_out,
}
