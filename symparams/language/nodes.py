"""What the nodes of the syntax tree have in common: their fields, their place, and what is inside of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ..errors import NOWHERE, Span


class Node:
    """A node with the fields that its class annotates, in that order, and the span that it was read from."""

    fields: ClassVar[tuple[str, ...]] = ()
    span: Span

    def __init_subclass__(cls) -> None:
        cls.fields = tuple(name for name in cls.__annotations__ if name != "fields")

    def __init__(self, *values: Any, span: Span = NOWHERE):
        for name, value in zip(self.fields, values, strict=True):
            setattr(self, name, value)
        self.span = span

    def contents(self) -> tuple[Any, ...]:
        return tuple([getattr(self, name) for name in self.fields])

    def replaced(self, **values: Any) -> Any:
        """The same node with other values in some of its fields."""
        return type(self)(*(values.get(name, getattr(self, name)) for name in self.fields), span=self.span)

    def children(self) -> list[Node]:
        found: list[Node] = []
        _gather(self.contents(), found)
        return found

    def walk(self) -> Iterator[Node]:
        """The node and all that is inside of it, in the order of the text."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending += reversed(node.children())

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.contents() == other.contents()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.contents()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.contents()))})"


def _gather(values: tuple[Any, ...], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, tuple):
            _gather(value, found)
        elif isinstance(value, Node):
            found.append(value)
