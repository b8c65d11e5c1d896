"""A graph of operations as a program of the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...closed_forms.conditions import Condition
from ...errors import SourceParts
from ...formula import text
from .graph_parts import GraphPart, parts_of
from .graph_writer import GraphWriter
from .growing_program import GraphNode, GrowingProgram, with_signs

# Signs between what stands left and right of them that a program says in other words.
_IN_WORDS = {" | ": "({1}) % ({0}) == 0", " ∤ ": "({1}) % ({0}) != 0", " ∈ ℤ": "floor({0}) == {0}"}


def written(
    program: GrowingProgram,
    name: str,
    outputs: Sequence[GraphNode],
    paths: Mapping[Any, str],
    frozen: Iterable[Any],
    tied: Mapping[Any, Any],
    unused: Sequence[tuple[str, str]],
    made: Sequence[GraphNode],
) -> tuple[str, dict[str, str]]:
    """The program's text, and what its labels are called in the code.

    `paths` are the names of what owns layers, `frozen` those owners that are not trained, `tied` those whose weight is
    another's. `made` are the nodes of one run of the network, whose weights and inputs count whether the outputs are
    made of them or not. `unused` are paths and calls, set aside, of layers that nothing flows through.
    """
    writer = GraphWriter(program, paths, frozen, tied)
    body = writer.body(GraphPart(None, needed(program, outputs, made)), outputs, unused)
    return _text(program, name, body), writer.labels.shown


def in_parts(
    program: GrowingProgram,
    name: str,
    outputs: Sequence[GraphNode],
    paths: Mapping[Any, str],
    frozen: Iterable[Any],
    tied: Mapping[Any, Any],
    unused: Sequence[tuple[str, str]],
    made: Sequence[GraphNode],
) -> SourceParts:
    """The same program with the parts of the code in braces; `paths` are those of its modules as well."""
    writer = GraphWriter(program, paths, frozen, tied)
    body = writer.body(parts_of(needed(program, outputs, made), outputs, tied), outputs, unused)
    return SourceParts(_text(program, name, body), writer.titles)


def _text(program: GrowingProgram, name: str, body: Sequence[str]) -> str:
    title = re.sub(r"[^0-9A-Za-z_]+", "_", name) or "network"
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
