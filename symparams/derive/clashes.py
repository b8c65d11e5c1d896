"""Where a formula's own name would be written like another symbol of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .formula_tree import Node, Relation, Symbol, children
from .outline import Derived, Outline, Part

Written = Callable[[Symbol], str]


def clashes(outline: Outline, written: Written, names: Iterable[str]) -> frozenset[str]:
    """The formulas' own names that are written like a symbol of the program, out of `names`, with another value."""
    others = {written(Symbol(name)): Symbol(name) for name in names}
    found: set[str] = set()
    for derived in _all_derived(outline):
        rows = derived.chain.rows
        symbols = _symbols((*rows, *derived.given))
        values: dict[Symbol, Node | None] = {symbol: None for symbol in symbols if symbol.local}
        for end in (Relation("=", (*derived.chain.target, rows[-1])), *derived.given):
            values |= {side: end.sides[-1] for side in end.sides[:-1] if isinstance(side, Symbol)}
        for symbol, value in values.items():
            other = others.get(written(symbol))
            if other is not None and other != value:
                found.add(symbol.name)
    return frozenset(found)


def said(given: Iterable[Relation], written: Written) -> Iterator[Relation]:
    """What names stand for, without what is written alike on both sides."""
    for relation in given:
        shown = {written(side) if isinstance(side, Symbol) else side: side for side in reversed(relation.sides)}
        if len(shown) > 1:
            yield Relation(relation.operator, tuple(reversed(shown.values())))


def _all_derived(outline: Outline) -> Iterator[Derived]:
    yield from _within(outline.parts)
    yield from (Derived([], chain) for chain in outline.sums.values())


def _within(parts: Iterable[Part]) -> Iterator[Derived]:
    for part in parts:
        yield from (*part.sums.values(), *part.outputs)
        yield from _within(part.parts or ())


def _symbols(nodes: Iterable[Node]) -> Iterator[Symbol]:
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, Symbol):
            yield node
        pending += children(node)
