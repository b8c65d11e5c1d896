"""A graph of operations as a program of the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...closed_forms.conditions import Condition
from ...formula import text
from ...language.layouts import CHANNELS_FIRST
from ...language.structure import STRUCTURE
from .growing_program import GraphNode, GrowingProgram, in_words, with_signs

_WORDS = frozenset(
    """for if else in and or not true false let assume def net dialect layer fn use words latex call same valid causal
    auto torch keras from""".split()  # noqa: SIM905
) | frozenset(STRUCTURE)


# Signs between what stands left and right of them that a program says in other words.
_IN_WORDS = {" | ": "({1}) % ({0}) == 0", " ∤ ": "({1}) % ({0}) != 0", " ∈ ℤ": "floor({0}) == {0}"}


class Labels:
    """Labels that are names of the language, one for each thing that has a path in the code."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*taken}
        self.shown: dict[str, str] = {}

    def of(self, path: str) -> str:
        name = re.sub(r"\W+", "_", path).strip("_") or "x"
        if not name.isidentifier() or name in _WORDS or name[0] == "_":
            name = f"_{name}"
        label, number = name, 1
        while label in self.taken:
            number += 1
            label = f"{name}_{number}"
        self.taken.add(label)
        if label != path and number == 1:
            self.shown[label] = path
        return label


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
    needed = _needed(program, outputs, made)
    labels = Labels()
    names: dict[GraphNode, str] = {}
    owners: dict[Any, GraphNode] = {}
    first_of: dict[Any, GraphNode] = {}
    shared = set(tied.values())
    read_later = _read_later(needed, outputs)
    frozen = set(frozen)
    lines = [f"net {re.sub(r'[^0-9A-Za-z_]+', '_', name) or 'network'}", f"dialect {program.dialect.name}"]
    lines += [f"assume {condition_in_words(condition)}" for condition in program.assumed]
    current: GraphNode | None = None
    for node in needed:
        label = _label(node, labels, paths, owners, read_later)
        if label:
            names[node] = label
        if node.operation is None:
            sizes = ", ".join(map(in_words, node.shape))
            layout = "" if program.layout == CHANNELS_FIRST else f", layout={program.layout}"
            lines.append(f"{label}: input({sizes}{layout})")
        else:
            if node.flows_in is not current:
                assert node.flows_in is not None
                lines.append(f"from {names[node.flows_in]}")
            first = owners.get(node.owner) if node.has_tensors else None
            call = f"reuse({names[first]})" if first is not None else node.operation.written(names)
            root = tied.get(node.owner, node.owner)
            other = first_of.get(root) if root in shared else None
            if first is None and other is not None:
                call = f"{call[:-1]}, tied={names[other]})" if call.endswith(")") else f"{call}(tied={names[other]})"
            line = f"{label}: {call}" if label else call
            lines.append(f"freeze {{ {line} }}" if node.owner in frozen and first is None else line)
            if node.owner is not None:
                owners.setdefault(node.owner, node)
                first_of.setdefault(root, node)
        current = node
    lines += [call.replace("LABEL", labels.of(path)) for path, call in unused]
    if len(outputs) > 1:
        lines.append(f"output({', '.join(names[node] for node in outputs)})")
    elif outputs and outputs[0] is not current:
        lines.append(f"from {names[outputs[0]]}")
    return "\n".join(lines) + "\n", labels.shown


def condition_in_words(condition: Condition) -> str:
    """A condition as a program has it."""
    said = with_signs(text.condition(condition)).replace(" = ", " == ")
    for sign, form in _IN_WORDS.items():
        left, found, right = said.partition(sign)
        if found:
            return form.format(left, right)
    return said


def _needed(program: GrowingProgram, outputs: Sequence[GraphNode], made: Sequence[GraphNode]) -> list[GraphNode]:
    """What the outputs are made of, inputs, and whatever has weights, in the order in which it was made."""
    wanted: set[int] = set()
    waiting = [*outputs, *(n for n in made if n.operation is None or n.has_tensors)]
    while waiting:
        node = waiting.pop()
        if id(node) not in wanted:
            wanted.add(id(node))
            waiting += node.reads
    return [node for node in program.nodes if id(node) in wanted]


def _read_later(needed: Sequence[GraphNode], outputs: Sequence[GraphNode]) -> set[int]:
    """The nodes that are read other than by the next one."""
    found: set[int] = set()
    before: GraphNode | None = None
    for node in needed:
        if node.flows_in is not None and node.flows_in is not before:
            found.add(id(node.flows_in))
        found.update(id(other) for other in node.reads[1:])
        before = node
    if len(outputs) > 1 or (outputs and outputs[0] is not before):
        found.update(map(id, outputs))
    return found


def _label(
    node: GraphNode, labels: Labels, paths: Mapping[Any, str], owners: Mapping[Any, GraphNode], read_later: set[int]
) -> str | None:
    path = paths.get(node.owner) if node.owner is not None else node.name
    if path and node.owner not in owners:
        return labels.of(path)
    if id(node) in read_later or node.operation is None:
        return labels.of(
            node.name or f"{node.operation.name.rpartition('.')[2].lower()}_out" if node.operation else "x"
        )
    return None
