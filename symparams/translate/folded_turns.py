"""Equal neighbours as the turns of a repeat, and those that differ in numbers as the turns of a loop over these."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from ..language import ir, syntax
from ..language.syntax import Node
from .alike import Alike, Unlike, form
from .blocks_of_parts import Holes
from .rebuilding import Body, label_of, names_read, with_bodies, without_label

# A place in a list, or what a function puts out, where the code gives no name.
_UNNAMED = re.compile(r"_\d+|\w+_out(_\d+)?")
# As few turns as are worth a loop, and as many arguments as are told apart in its head.
_LEAST_TURNS = 3
_MOST_ARGUMENTS = 4


class Run(NamedTuple):
    """Turns that are alike: how many stages they take together, and what stands for them."""

    length: int
    stage: Node


class Turns:
    """Folds the stages of a program; `taken` are the names that it has."""

    def __init__(self, program: ir.Program):
        self.definitions = {d.name: d.parameters for d in program.definitions}
        self.taken = frozenset(program.names | self.definitions.keys() | {p.name for p in program.parameters})
        self.program = program

    def folded(self) -> ir.Program:
        definitions = []
        for definition in self.program.definitions:
            own = {p.name for p in definition.parameters} | {m.name for m in definition.memories}
            body = self.of_body(definition.body.items, self.taken | own)
            definitions.append(definition.replaced(body=syntax.Body(body)))
        outputs = {str(output.name) for output in self.program.outputs if isinstance(output, syntax.Name)}
        return self.program.replaced(
            definitions=tuple(definitions), body=self.of_body(self.program.body, self.taken, outputs)
        )

    def of_body(self, body: Body, taken: frozenset[str], read: Collection[str] = ()) -> Body:
        """The stages with their turns folded, in braces first: equal ones, those that differ in numbers, equal runs."""
        read = {*read, *names_read(body)}
        named = [_named(with_bodies(node, lambda inside: self.of_body(inside, taken, read)), read) for node in body]
        stages: Body = tuple(named)
        for period in range(1, len(stages) // 2 + 1):
            stages = _with_runs(stages, [period], lambda ahead, p: _repeat(ahead, p))
        stages = _with_runs(stages, None, lambda ahead, p: self.loop(ahead, p, taken))
        return _with_runs(stages, None, lambda ahead, p: _repeat(ahead, p, True))

    def loop(self, stages: Sequence[Node], period: int, taken: frozenset[str]) -> Run | None:
        """The turns of so many stages that the stages begin with, as far as they differ in arguments alone."""
        turns = _turns(stages, period, form)
        if len(turns) < _LEAST_TURNS:
            return None
        try:
            alike = Alike(turns, self.definitions)
        except Unlike:
            return None
        holes = Holes(alike.common, taken)
        names = list(holes.names.values())
        if holes.skips or not 0 < len(names) <= _MOST_ARGUMENTS:
            return None
        columns = list(holes.names)
        rows = [
            columns[0][i] if len(columns) == 1 else syntax.Tuple(tuple(column[i] for column in columns))
            for i in range(len(turns))
        ]
        return Run(len(turns) * period, ir.Loop(tuple(names), syntax.List(tuple(rows)), holes.body))


def _with_runs(
    stages: Sequence[Node], periods: Sequence[int] | None, run_at: Callable[[Sequence[Node], int], Run | None]
) -> Body:
    """The stages with each run, the longest of those that begin at a place, as what stands for it."""
    found: list[Node] = []
    at = 0
    while at < len(stages):
        ahead = stages[at:]
        runs = [run_at(ahead, period) for period in periods or range(1, len(ahead) // 2 + 1)]
        longest = max((run for run in runs if run is not None), key=lambda run: run.length, default=None)
        found.append(longest.stage if longest else stages[at])
        at += longest.length if longest else 1
    return tuple(found)


def _repeat(stages: Sequence[Node], period: int, has_runs: bool = False) -> Run | None:
    turns = _turns(stages, period, lambda turn: turn)
    if len(turns) < 2 or (not has_runs and any(isinstance(stage, ir.Repeat) for stage in turns[0])):
        return None
    return Run(len(turns) * period, ir.Repeat(None, syntax.Number(len(turns), False), turns[0]))


def _turns(stages: Sequence[Node], period: int, kind: Callable[[Body], Any]) -> list[Body]:
    """The turns without names that the stages begin with, all of the kind of the first."""
    found: list[Body] = []
    for at in range(0, len(stages) - period + 1, period):
        turn = tuple(stages[at : at + period])
        if any(label_of(stage) or isinstance(stage, (ir.Input, ir.From, ir.Aside)) for stage in turn):
            break
        if found and kind(turn) != kind(found[0]):
            break
        found.append(turn)
    return found


def _named(stage: Node, read: Collection[str]) -> Node:
    """The stage without a name that the code does not give, where nothing reads it."""
    label = label_of(stage)
    is_plain = not isinstance(stage, (ir.Group, ir.Input))
    return without_label(stage) if is_plain and label and label not in read and _UNNAMED.fullmatch(label) else stage
