"""Where a formula's own name would be written like another symbol of the program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..formula.tree import Identifier, Related, Tree, children
from .outline import Outline
from .parts import Derived, OutlinePart

Written = Callable[[Identifier], str]


def clashes(outline: Outline, written: Written, names: Iterable[str]) -> frozenset[str]:
    """The formulas' own names that are written like a symbol of the program, out of `names`, with another value."""
    others = {written(Identifier(name)): Identifier(name) for name in names}
    found: set[str] = set()
    for derived in _all_derived(outline):
        rows = derived.chain.rows
        symbols = _symbols((*rows, *derived.given))
        values: dict[Identifier, Tree | None] = {symbol: None for symbol in symbols if symbol.local}
        for end in (Related("=", (*derived.chain.target, rows[-1])), *derived.given):
            values |= {side: end.sides[-1] for side in end.sides[:-1] if isinstance(side, Identifier)}
        for symbol, value in values.items():
            other = others.get(written(symbol))
            if other is not None and other != value:
                found.add(symbol.name)
    return frozenset(found)


def said(given: Iterable[Related], written: Written) -> Iterator[Related]:
    """What names stand for, without what is written alike on both sides."""
    for relation in given:
        shown = {written(side) if isinstance(side, Identifier) else side: side for side in reversed(relation.sides)}
        if len(shown) > 1:
            yield Related(relation.operator, tuple(reversed(shown.values())))


def _all_derived(outline: Outline) -> Iterator[Derived]:
    yield from _within(outline.parts)
    yield from (Derived([], chain) for chain in outline.sums.values())


def _within(parts: Iterable[OutlinePart]) -> Iterator[Derived]:
    for part in parts:
        yield from (*part.sums.values(), *part.outputs)
        yield from _within(part.parts or ())


def _symbols(nodes: Iterable[Tree]) -> Iterator[Identifier]:
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, Identifier):
            yield node
        pending += children(node)
