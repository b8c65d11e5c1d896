"""A graph of operations as a program of the language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ...closed_forms.conditions import Condition
from ...errors import SourceParts
from ...formula import text
from .graph_parts import GraphPart, parts_of
from .graph_writer import GraphWriter
from .growing_program import GraphNode, GrowingProgram, with_signs

# Signs between what stands left and right of them that a program says in other words.
_IN_WORDS = {" | ": "({1}) % ({0}) == 0", " ∤ ": "({1}) % ({0}) != 0", " ∈ ℤ": "floor({0}) == {0}"}


class RecordedNetwork(NamedTuple):
    """A network as its operations were recorded in a program.

    `paths` are the names of what owns layers, `frozen` those owners that are not trained, `tied` those whose weight is
    another's. `made` are the nodes of one run of the network, whose weights and inputs count whether the outputs are
    made of them or not. `unused` are paths and calls, set aside, of layers that nothing flows through.
    """

    program: GrowingProgram
    name: str
    outputs: Sequence[GraphNode] = ()
    paths: Mapping[Any, str] = MappingProxyType({})
    frozen: Collection[Any] = ()
    tied: Mapping[Any, Any] = MappingProxyType({})
    unused: Sequence[tuple[str, str]] = ()
    made: Sequence[GraphNode] = ()

    @property
    def nodes(self) -> list[GraphNode]:
        return needed(self.program, self.outputs, self.made)

    def writer(self) -> GraphWriter:
        return GraphWriter(self.program, self.paths, self.frozen, self.tied)


def written(network: RecordedNetwork) -> tuple[str, dict[str, str]]:
    """The program's text, and what its labels are called in the code."""
    writer = network.writer()
    body = writer.body(GraphPart(None, network.nodes), network.outputs, network.unused)
    return _text(network, body), writer.labels.shown


def in_parts(network: RecordedNetwork) -> SourceParts:
    """The same program with the parts of the code in braces; `paths` are those of its modules as well."""
    writer = network.writer()
    parts = parts_of(network.nodes, network.outputs, network.tied)
    return SourceParts(_text(network, writer.body(parts, network.outputs, network.unused)), writer.titles)


def _text(network: RecordedNetwork, body: Sequence[str]) -> str:
    program = network.program
    title = re.sub(r"[^0-9A-Za-z_]+", "_", network.name) or "network"
    lines = [f"net {title if title.isidentifier() else f'_{title}'}", f"dialect {program.dialect.name}"]
    lines += [f"assume {condition_in_words(condition)}" for condition in program.assumed]
    return "\n".join([*lines, *body]) + "\n"


def condition_in_words(condition: Condition) -> str:
    """A condition as a program has it."""
    said = with_signs(text.condition(condition)).replace(" = ", " == ")
    for sign, form in _IN_WORDS.items():
        left, found, right = said.partition(sign)
        if found:
            return form.format(left, right)
    return said


def needed(program: GrowingProgram, outputs: Sequence[GraphNode], made: Sequence[GraphNode]) -> list[GraphNode]:
    """What the outputs are made of, inputs, and whatever has weights, in the order in which it was made."""
    wanted: set[int] = set()
    waiting = [*outputs, *(n for n in made if n.operation is None or n.has_tensors)]
    while waiting:
        node = waiting.pop()
        if id(node) not in wanted:
            wanted.add(id(node))
            waiting += node.reads
    return [node for node in program.nodes if id(node) in wanted]
