"""Formulas with what textbooks leave out, and the numbers in them."""

from __future__ import annotations

from collections.abc import Iterable

from ..language import syntax
from .rule_formulas import Shown, Word


def as_taught(shape: tuple[syntax.Node, ...]) -> list[syntax.Node]:
    """A weight's sizes as a teacher names them: the kernel's sizes, what comes in, what goes out."""
    spread = [node for node in shape if isinstance(node, syntax.Splat)]
    others = [node for node in shape if not isinstance(node, syntax.Splat)]
    if len(others) > 1 and isinstance(others[0], syntax.Name) and others[0].name == "out":
        others = [*others[1:], others[0]]
    return spread + others


def leaves(shown: Shown) -> Iterable[Shown]:
    if isinstance(shown, tuple) and not isinstance(shown, Word):
        for part in shown:
            yield from leaves(part)
    else:
        yield shown
