"""The tree of an expression that is printed: it keeps the order in which a rule, or a teacher, writes a formula.

The functions `sum_of`, `product_of`, `quotient_of` and `floor_of` leave out what says nothing: + 0, times 1, over 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

# The rank of each symbol by its name.
Order = Mapping[str, int]


class Tree:
    """An expression."""

    __slots__ = ()


@dataclass(frozen=True)
class Numeral(Tree):
    value: int


@dataclass(frozen=True)
class Identifier(Tree):
    """A name: one of the formula's own where `local` is true, else a symbol of the program."""

    name: str
    local: bool = False


@dataclass(frozen=True)
class Indexed(Tree):
    """A figure of a layer, such as P with the layer's name as its index."""

    letter: str
    name: str


@dataclass(frozen=True)
class Called(Tree):
    """A figure of a block for given letters: P_block(C, F)."""

    letter: str
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class Braced(Tree):
    """An expression with what it is written under it."""

    value: Tree
    label: str


@dataclass(frozen=True)
class Add(Tree):
    """Terms with their signs; True is minus."""

    terms: tuple[tuple[bool, Tree], ...]


@dataclass(frozen=True)
class Mul(Tree):
    """Factors; `crossed` ones have a times sign between them."""

    factors: tuple[Tree, ...]
    crossed: bool = False


@dataclass(frozen=True)
class Div(Tree):
    over: Tree
    under: Tree


@dataclass(frozen=True)
class Pow(Tree):
    base: Tree
    exponent: Tree


@dataclass(frozen=True)
class FloorOf(Tree):
    value: Tree


@dataclass(frozen=True)
class CeilingOf(Tree):
    value: Tree


@dataclass(frozen=True)
class ModOf(Tree):
    dividend: Tree
    divisor: Tree


@dataclass(frozen=True)
class FunctionOf(Tree):
    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True)
class SumOver(Tree):
    """The sum of a term for an index from 0 to `last`."""

    term: Tree
    index: str
    last: Tree


@dataclass(frozen=True)
class ShapeOf(Tree):
    """A shape."""

    items: tuple[Tree, ...]


@dataclass(frozen=True)
class Related(Tree):
    """Sides with a relation between each two: =, >=, <=, <, >, !=, divides, not divides, in Z, not in Z."""

    operator: str
    sides: tuple[Tree, ...]


@dataclass(frozen=True)
class Joined(Tree):
    """Conditions joined by "and" or "or"."""

    word: str
    parts: tuple[Tree, ...]


ZERO, ONE = Numeral(0), Numeral(1)


# Making


def sum_of(terms: Iterable[tuple[bool, Tree]]) -> Tree:
    """The sum, with sums in it opened, equal terms collected and numbers that cancel left out."""
    signed: dict[Tree, tuple[int, int]] = {}
    numbers: list[int] = []
    place = 0
    for place, (minus, term) in enumerate(_flat(terms)):
        sign = -1 if minus else 1
        if isinstance(term, Numeral):
            numbers.append(sign * term.value)
            continue
        count, inner = _counted(term)
        known = signed.get(inner, (0, place))
        signed[inner] = known[0] + sign * count, known[1]
    kept = [(c < 0, product_of((Numeral(abs(c)), inner))) for inner, (c, _) in signed.items() if c]
    number = sum(numbers)
    if number:
        kept.append((number < 0, Numeral(abs(number))))
    if kept and kept[0][0]:
        kept.sort(key=lambda term: term[0])
    if not kept:
        return ZERO
    return kept[0][1] if len(kept) == 1 and not kept[0][0] else Add(tuple(kept))


def _flat(terms: Iterable[tuple[bool, Tree]]) -> Iterator[tuple[bool, Tree]]:
    for minus, term in terms:
        if isinstance(term, Add):
            yield from ((minus != inner, t) for inner, t in _flat(term.terms))
        else:
            yield minus, term


def _counted(term: Tree) -> tuple[int, Tree]:
    if isinstance(term, Mul) and isinstance(term.factors[0], Numeral):
        return term.factors[0].value, product_of(term.factors[1:])
    return 1, term


def product_of(factors: Iterable[Tree]) -> Tree:
    """The product, with its numbers in front."""
    number, others = 1, []
    pending = list(factors)
    while pending:
        factor = pending.pop(0)
        if isinstance(factor, Mul):
            pending = [*factor.factors, *pending]
        elif isinstance(factor, Numeral):
            number *= factor.value
        else:
            others.append(factor)
    if number == 0:
        return ZERO
    counts = Counter(factor for factor in others if isinstance(factor, Identifier) and factor.local)
    if any(count > 1 for count in counts.values()):
        powers = {symbol: power_of(symbol, Numeral(count)) for symbol, count in counts.items()}
        firsts = [f for i, f in enumerate(others) if f not in others[:i] or f not in counts]
        others = [powers.get(factor, factor) for factor in firsts]  # type: ignore[call-overload]
    kept = ([Numeral(number)] if number != 1 or not others else []) + others
    return kept[0] if len(kept) == 1 else Mul(tuple(kept))


def quotient_of(over: Tree, under: Tree) -> Tree:
    if under == ONE:
        return over
    return ONE if over == under else ZERO if over == ZERO else Div(over, under)


def power_of(base: Tree, exponent: Tree) -> Tree:
    return base if exponent == ONE else ONE if exponent == ZERO else Pow(base, exponent)


def floor_of(value: Tree, ceiling: bool = False) -> Tree:
    """The floor, or the ceiling, of what may have a fraction in it; whole terms are left as they are."""
    if not has_fraction(value):
        return value
    return CeilingOf(value) if ceiling else FloorOf(value)


def has_fraction(node: Tree) -> bool:
    if isinstance(node, (FloorOf, CeilingOf, Numeral)):
        return False
    return isinstance(node, (Div, FunctionOf)) or any(map(has_fraction, children(node)))


def children(node: Tree) -> Iterator[Tree]:
    if isinstance(node, Add):
        yield from (term for _, term in node.terms)
        return
    for value in vars(node).values():
        if isinstance(value, Tree):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Tree))


def mapped(node: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The node with each of its parts changed."""
    if isinstance(node, Add):
        return Add(tuple((minus, change(term)) for minus, term in node.terms))
    changes: dict[str, Any] = {}
    for name, value in vars(node).items():
        if isinstance(value, Tree):
            changes[name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Tree):
            changes[name] = tuple(map(change, value))
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def remade(node: Tree, put: Mapping[Tree, Tree]) -> Tree:
    """The node with other nodes put in, and what then says nothing left out."""
    if node in put:
        return put[node]
    node = mapped(node, lambda part: remade(part, put))
    if isinstance(node, Add):
        return sum_of(node.terms)
    if isinstance(node, Mul):
        return product_of(node.factors)
    if isinstance(node, Div):
        return quotient_of(node.over, node.under)
    if isinstance(node, (FloorOf, CeilingOf)):
        return floor_of(node.value, isinstance(node, CeilingOf))
    return power_of(node.base, node.exponent) if isinstance(node, Pow) else node


def locals_in(node: Tree) -> dict[str, None]:
    """The formula's own symbols, in the order in which they stand."""
    found: dict[str, None] = {}
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, Identifier) and current.local:
            found.setdefault(current.name)
        pending += reversed(list(children(current)))
    return found
