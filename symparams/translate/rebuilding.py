"""Trees of a program, taken apart and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..language import ir, syntax
from ..language.syntax import Node
from ..language.unparse import unparse

Body = tuple[Node, ...]


def rebuilt(value: Any, change: Callable[[Node], Any]) -> Any:
    """The tree with every node changed, those inside of it first."""
    if isinstance(value, tuple):
        return tuple([rebuilt(item, change) for item in value])
    if not isinstance(value, Node):
        return value
    return change(type(value)(*rebuilt(value.contents(), change), span=value.span))


def with_bodies(node: Node, change: Callable[[Body], Body]) -> Node:
    """The node with the stages in its braces changed, each body on its own."""
    if isinstance(node, ir.Merge):
        return node.replaced(branches=tuple(map(change, node.branches)))
    if isinstance(node, (ir.Group, ir.Freeze, ir.Repeat, ir.Loop, ir.Aside)):
        return node.replaced(body=change(node.body))
    return node


def bodies(node: Node) -> list[Body]:
    """What stands in the braces of a stage."""
    found: list[Body] = []

    def noted(body: Body) -> Body:
        found.append(body)
        return body

    with_bodies(node, noted)
    return found


def label_of(node: Node) -> str | None:
    """The name of what a stage puts out."""
    label = getattr(node, "label", None)
    if label is None and isinstance(node, ir.Freeze) and len(node.body) == 1:
        return label_of(node.body[0])
    return label


def without_label(node: Node) -> Node:
    if getattr(node, "label", None) is None and isinstance(node, ir.Freeze):
        return node.replaced(body=tuple(map(without_label, node.body)))
    return node.replaced(label=None) if hasattr(node, "label") else node


def names_read(nodes: Sequence[Any]) -> Iterator[str]:
    """The outputs that are read by their names, whatever braces that is in."""
    for node in nodes:
        for inner in node.walk():
            yield from _read_by(inner)


def _read_by(node: Node) -> Iterator[str]:
    read: list[Any] = []
    if isinstance(node, (ir.From, ir.Reuse)):
        read.append(node.output)
    elif isinstance(node, ir.Merge):
        read += node.others
    elif isinstance(node, (ir.LayerCall, ir.Block)):
        read += [output for _, output in node.memories]
        read += [node.tied] if isinstance(node, ir.LayerCall) and node.tied else []
    yield from (unparse(output) for output in read if isinstance(output, (syntax.Name, syntax.Index)))
