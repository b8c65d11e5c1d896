"""Sentences of a language, with names and formulas put in, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..closed_forms.polynomial import Quantity
from ..closed_forms.powers import meant, shortest
from ..core.network import CoreNetwork
from ..evaluate.model import Shape
from ..formula.textbook_order import total_tree, tree
from ..formula.tree import ShapeOf, Tree
from .document import Code, Element, Line, Math, Paragraph, flat, separated
from .messages import Messages

MAX_NAMES = 12


class Prose:
    """What is said of one network, in one language; `elements` is what has been said."""

    def __init__(self, net: CoreNetwork, messages: Messages):
        self.net = net
        self.messages = messages
        self.elements: list[Element] = []

    def say(self, key: str, **values: Any) -> Line:
        return flat(self.messages.parts(key, **values))

    def paragraph(self, *sentences: Line) -> None:
        line = self.sentences(sentences)
        if line:
            self.elements.append(Paragraph(line))

    def sentences(self, sentences: Iterable[Line]) -> Line:
        return separated([sentence for sentence in sentences if sentence], self.messages["sentence.separator"])

    def names(self, names: Sequence[str]) -> Line:
        return self.some([Code(name) for name in names])

    def some(self, things: Sequence[Any]) -> Line:
        """Things one after the other, the first of them where there are many."""
        left = len(things) - MAX_NAMES
        more = [self.say("list.more", count=str(left))] if left > 0 else []
        return separated([*things[:MAX_NAMES], *more], self.messages["list.separator"])

    def formulas(self, nodes: Iterable[Tree]) -> Line:
        return self.listed([Math(node) for node in nodes])

    def listed(self, parts: Sequence[Any]) -> Line:
        return separated(parts, self.messages["comma"])

    def enumerated(self, parts: Sequence[Any]) -> Line:
        """Things one after the other, with a word before the last."""
        *first, last = parts
        return flat([self.listed(first), self.messages["list.last"], last]) if first else flat([last])

    def shape(self, sizes: Shape) -> Math:
        return Math(ShapeOf(tuple(tree(meant(size), self.net.order) for size in sizes)))

    def kind(self, kind: str) -> Line:
        key = f"kind.{kind}"
        return (self.messages[key],) if self.messages.has(key) else (Code(kind),)

    def count(self, value: Quantity) -> Line:
        value = shortest(meant(value))
        return (Math(total_tree(value, self.net.order)),)
