"""Which symbols a page shows, and which tables have shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import is_dataclass
from typing import Any

from ..closed_forms.polynomial import Quantity
from ..formula.tree import Add, Identifier, Indexed, SumOver, Tree
from .document import Element
from .steps import Chain


def symbols_shown(elements: Iterable[Element]) -> set[Tree]:
    """The symbols in the formulas of a document; for a figure of a layer its letter."""
    pending: list[Any] = list(elements)
    found: set[Tree] = set()
    while pending:
        item = pending.pop()
        if isinstance(item, Identifier):
            found.add(item)
        elif isinstance(item, Indexed):
            found.add(Identifier(item.letter, True))
        elif isinstance(item, SumOver):
            pending += [Identifier(item.index), item.term, item.last]
        elif isinstance(item, Add):
            pending += [term for _, term in item.terms]
        elif isinstance(item, Chain):
            pending += [*item.target, *item.rows]
        elif is_dataclass(item):
            pending += vars(item).values()
        elif isinstance(item, tuple):
            pending += item
    return found


def is_share(whole: Quantity) -> bool:
    """Whether parts of it are shown as shares: of numbers only."""
    return isinstance(whole, int) and whole > 0
