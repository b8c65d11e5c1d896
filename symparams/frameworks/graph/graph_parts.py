"""The calls of a graph's modules and functions as parts, each of which one flow leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Union

from .growing_program import GraphNode, GraphScope

Item = Union[GraphNode, "GraphPart"]


class GraphPart:
    """What one call has made, operations and further parts in order, and what it puts out; the whole is no call's."""

    def __init__(self, scope: GraphScope | None, items: Sequence[Item], end: GraphNode | None = None):
        self.scope = scope
        self.items = tuple(items)
        self.end = end

    def nodes(self) -> Iterator[GraphNode]:
        for item in self.items:
            if isinstance(item, GraphPart):
                yield from item.nodes()
            else:
                yield item

    def parts(self) -> Iterator[GraphPart]:
        """The parts in it, whatever they are in."""
        for item in self.items:
            if isinstance(item, GraphPart):
                yield item
                yield from item.parts()

    @property
    def entry(self) -> GraphNode | None:
        """What flows into the first operation that depends on it."""
        nodes = list(self.nodes())
        inside = set(nodes)
        from_outside = (n for n in nodes if n.takes_the_flow and n.flows_in not in inside)
        return next(from_outside, nodes[0]).flows_in

    def form(self) -> tuple[Any, ...]:
        """What it does to what flows in, equal for calls that do the same with the same weights."""
        labels: dict[GraphNode | None, str] = {self.entry: "entry"}
        found: list[Any] = []
        for number, node in enumerate(self.nodes()):
            others = [other for other in node.reads if other not in labels]
            labels.update((other, "other") for other in others)
            called = node.operation.written(labels) if node.operation else ""  # type: ignore[arg-type]
            found.append((called, labels[node.flows_in], node.owner, *others))
            labels[node] = f"n{number}"
        return tuple(found)

    def with_parts(self, ends: Mapping[GraphScope | None, GraphNode]) -> GraphPart:
        """The part with those in it that have an end, and what is in others as its own."""
        items: list[Item] = []
        for item in self.items:
            if isinstance(item, GraphPart):
                inner = item.with_parts(ends)
                items += [inner] if item.scope in ends else inner.items
            else:
                items.append(item)
        return GraphPart(self.scope, items, ends.get(self.scope))


def parts_of(nodes: Sequence[GraphNode], outputs: Sequence[GraphNode], roots: Mapping[Any, Any]) -> GraphPart:
    """The graph as a tree of calls; `roots` are the owners of the weights of others, by these.

    No part is a call of a single operation, or of all, one that goes on after an input, and one of which more than its
    output is read elsewhere. Where a call is none, what it does once more is read by each of its operations.
    """
    whole = _tree(nodes, 0, None)
    calls = Counter(part.scope for part in whole.parts())
    operations = sum(node.operation is not None for node in nodes)
    left = None
    while left is None or len(list(whole.parts())) < left:
        left = len(list(whole.parts()))
        read = _read_elsewhere(nodes, outputs, roots, repeated(whole))
        ends = {}
        for part in whole.parts():
            inside = set(part.nodes())
            if calls[part.scope] == 1 and 2 <= len(inside) < operations and (end := _end(inside, read)):
                ends[part.scope] = end
        whole = whole.with_parts(ends)
    return whole


def repeated(whole: GraphPart) -> dict[GraphScope | None, GraphScope | None]:
    """The calls that do once more what an earlier one does, with the same weights, by the later one's scope."""
    first: dict[int, GraphPart] = {}
    found = {}
    for part in whole.parts():
        before = first.setdefault(id(part.scope and part.scope.thing), part)
        if before is not part and any(node.has_tensors for node in part.nodes()) and before.form() == part.form():
            found[part.scope] = before.scope
    return found


Reads = dict[GraphNode, list[tuple[GraphNode, bool]]]


def _read_elsewhere(
    nodes: Sequence[GraphNode],
    outputs: Sequence[GraphNode],
    roots: Mapping[Any, Any],
    again: Collection[GraphScope | None],
) -> Reads:
    """Who reads each node, and whether by its weights; the outputs are read by None."""
    found: Any = {}
    first: dict[Any, GraphNode] = {}
    for node in nodes:
        for other in node.reads if node.takes_the_flow else ():
            found.setdefault(other, []).append((node, False))
        root = roots.get(node.owner, node.owner)
        if node.owner is not None and root is not None:
            owner = first.setdefault(root, node)
            if owner is not node and node.has_tensors and not any(scope in again for scope in node.scopes):
                found.setdefault(owner, []).append((node, True))
    for node in outputs:
        found.setdefault(node, []).append((None, False))
    return found  # type: ignore[no-any-return]


def _end(inside: set[GraphNode], read: Reads) -> GraphNode | None:
    """The only node that is read elsewhere, and for what it puts out."""
    found = {(node, by_weights) for node in inside for reader, by_weights in read.get(node, ()) if reader not in inside}
    node, by_weights = next(iter(found), (None, False))
    return node if len(found) == 1 and not by_weights else None


def _tree(nodes: Sequence[GraphNode], depth: int, scope: GraphScope | None) -> GraphPart:
    items: list[Item] = []
    begun: list[GraphNode] = []
    around: GraphScope | None = None
    for node in nodes:
        its = node.scopes[depth] if len(node.scopes) > depth else None
        if begun and its is not around:
            items.append(_tree(begun, depth + 1, around))
            begun = []
        around = its
        if its is not None:
            begun.append(node)
        else:
            items.append(node)
    if begun:
        items.append(_tree(begun, depth + 1, around))
    return GraphPart(scope, items)
