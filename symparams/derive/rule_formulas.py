"""What a rule says of one layer, as formulas."""

from __future__ import annotations

from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..formula.tree import (
    Identifier,
    Tree,
    remade,
)


class Term(NamedTuple):
    """A tensor's number of elements as a product, and what a reader calls the tensor."""

    tensor: str
    kind: str
    node: Tree
    label: str | None


class Formulas:
    """What a rule says of one layer: terms of its parameters, sizes of its output, its work; `values` of the names.

    `reasons` are sentences, by the figure that they are for, `definitions` are names that the rule defines by a
    formula; `neutral` those that have a value that changes nothing.
    """

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.terms: list[Term] = []
        self.sizes: list[tuple[Identifier, Tree]] = []
        self.work: list[Tree] = []
        self.values: dict[str, Quantity] = {}
        self.definitions: dict[str, Tree] = {}
        self.neutral: dict[Tree, Tree] = {}
        self.reasons: dict[str, str] = {}

    def short(self, node: Tree) -> Tree:
        """The formula without what changes nothing."""
        return remade(node, self.neutral) if self.neutral else node
