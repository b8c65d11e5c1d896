"""Parts in braces that are alike, as blocks with parameters."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..language import ir, syntax
from ..language.free_names import free_name
from ..language.library import standard_library
from ..language.syntax import Node, Parameter
from .alike import SKIP, Alike, Hole, Unlike, filled, form
from .rebuilding import Body, bodies, label_of, names_read, with_bodies

# Classes that hold what is in them together, and do nothing of their own.
# The argument that a parameter is called after where it is also others.
_WIDTH = "out"
# As many further flows as a block takes; a layer that takes more, as in a dense block, stays where it is.
_MOST_SKIPS = 2
_CONTAINERS = frozenset(["Sequential", "ModuleList", "ModuleDict", "Functional"])


class Blocks:
    """The definitions of a program, made of its parts in braces, which are called so by the labels that lead there."""

    def __init__(self, program: ir.Program, titles: Mapping[str, str]):
        self.program = program
        self.titles = titles
        self.definitions: dict[str, syntax.Definition] = {d.name: d for d in program.definitions}

    def defined(self) -> ir.Program:
        """The program with a block for the parts that are alike, those inside of others first."""
        body = self.program.body
        for title in self._by_height(body):
            parts = [group for its, group in self._parts(body) if its == title]
            blocks: dict[int, ir.Block] = {}
            for alike in _alike(parts, form):
                found = self._block(title, alike)
                for equal in [] if found else _alike(alike, lambda body: body):
                    found.update(self._block(title, equal))
                blocks.update(found)
            if blocks:
                body = _replaced(body, blocks)
        return self.program.replaced(definitions=tuple(self.definitions.values()), body=body)

    def _by_height(self, body: Body) -> list[str]:
        heights: dict[str, int] = defaultdict(int)
        for title, group in self._parts(body):
            heights[title] = max(heights[title], _height(group.body))
        return sorted((t for t in heights if t not in _CONTAINERS), key=lambda title: heights[title])

    def _parts(self, body: Body, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ir.Group]]:
        for node in body:
            at = (*place, node.label) if isinstance(node, ir.Group) and node.label else place
            if isinstance(node, ir.Group) and ".".join(at) in self.titles:
                yield self.titles[".".join(at)], node
            for inside in bodies(node):
                yield from self._parts(inside, at)

    def _block(self, title: str, parts: Sequence[ir.Group]) -> dict[int, ir.Block]:
        """A block for each of the parts, of a new definition; none where they differ in more than arguments."""
        parameters = {name: definition.parameters for name, definition in self.definitions.items()}
        try:
            alike = Alike([part.body for part in parts], parameters)
        except Unlike:
            return {}
        if set(names_read(alike.common)) - {label_of(n) for node in alike.common for n in node.walk()}:
            return {}
        holes = Holes(alike.common, self.program.names | self.definitions.keys())
        memories = tuple(holes.memories())
        if len(memories) > _MOST_SKIPS:
            return {}
        pattern = _any_shape("S") if memories else None
        name = self._free_name(title)
        self.definitions[name] = syntax.Definition(
            name, tuple(holes.parameters()), pattern, memories, syntax.Body(holes.body)
        )
        return {
            id(part): ir.Block(part.label, name, tuple(holes.given(i)), tuple(holes.outputs(i)), span=part.span)
            for i, part in enumerate(parts)
        }

    def _free_name(self, title: str) -> str:
        library = standard_library()
        taken = {*self.definitions, *library.names, *library.calls, *self.program.names}
        return free_name(re.sub(r"\W", "_", title).lstrip("_") or "part", taken)


class Holes:
    """The parameters of a block: one for all places that have the same arguments in each of its uses."""

    def __init__(self, tree: Any, taken: frozenset[str]):
        self.taken = set(taken)
        self.names: dict[tuple[Node, ...], str] = {}
        self.skips: dict[tuple[Node, ...], str] = {}
        self.usual: dict[tuple[Node, ...], Node | None] = {}
        self.words: dict[tuple[Node, ...], set[str]] = defaultdict(set)
        for hole in _holes_in(tree):
            self.words[hole.values].add(hole.argument)
            self.usual.setdefault(hole.values, hole.usual)
        self.body = filled(tree, self.place)

    def place(self, hole: Hole) -> Node:
        known = self.skips if hole.argument == SKIP else self.names
        if hole.values not in known:
            multiple = _multiple(hole.values, known) if known is self.names else None
            if multiple is not None:
                return multiple
            known[hole.values] = self._free(_WIDTH if _WIDTH in self.words[hole.values] else hole.argument)
        return syntax.Name(known[hole.values])

    def _free(self, argument: str) -> str:
        name = free_name(argument, self.taken, "")
        self.taken.add(name)
        return name

    def _in_order(self) -> list[tuple[tuple[Node, ...], str]]:
        """Those without a default first."""
        return sorted(self.names.items(), key=lambda parameter: self._default(parameter[0]) is not None)

    def _default(self, values: tuple[Node, ...]) -> Node | None:
        return self.usual[values] if self.usual[values] in values else None

    def parameters(self) -> Iterator[Parameter]:
        for values, name in self._in_order():
            yield Parameter(name, None, self._default(values), False)

    def given(self, use: int) -> Iterator[tuple[str, Node]]:
        for values, name in self._in_order():
            if values[use] != self._default(values):
                yield name, values[use]

    def memories(self) -> Iterator[syntax.Memory]:
        for number, name in enumerate(self.skips.values(), 1):
            yield syntax.Memory(name, _any_shape(f"S{number}"))

    def outputs(self, use: int) -> Iterator[tuple[str, Node]]:
        for values, name in self.skips.items():
            yield name, values[use]


def _holes_in(tree: Any) -> Iterator[Hole]:
    if isinstance(tree, Hole):
        yield tree
    elif isinstance(tree, tuple):
        for item in tree:
            yield from _holes_in(item)
    elif isinstance(tree, Node):
        yield from _holes_in(tree.contents())


def _any_shape(name: str) -> syntax.Pattern:
    return syntax.Pattern((syntax.Axis(name, True),))


def _multiple(values: Sequence[Node], known: Mapping[tuple[Node, ...], str]) -> Node | None:
    """The values as a multiple of those of a parameter."""
    for others, name in known.items():
        factors = {_factor(value, other) for value, other in zip(values, others)}
        factor = next(iter(factors))
        if len(factors) == 1 and factor is not None:
            return syntax.Multiplication(syntax.Number(factor, False), (("*", syntax.Name(name)),))
    return None


def _factor(value: Node, other: Node) -> int | None:
    numbers = [node.value for node in (value, other) if isinstance(node, syntax.Number)]
    if len(numbers) < 2 or any(not isinstance(n, int) for n in numbers) or numbers[1] < 2 or numbers[0] % numbers[1]:
        return None
    return int(numbers[0] // numbers[1])


def _alike(parts: Sequence[ir.Group], kind: Callable[[Body], Any]) -> list[list[ir.Group]]:
    """The parts of the same kind, where there are several."""
    found: dict[Any, list[ir.Group]] = defaultdict(list)
    for part in parts:
        found[kind(part.body)].append(part)
    return [alike for alike in found.values() if len(alike) > 1]


def _height(body: Body) -> int:
    return max((isinstance(node, ir.Group) + _height(inside) for node in body for inside in bodies(node)), default=0)


def _replaced(body: Body, blocks: Mapping[int, ir.Block]) -> Body:
    return tuple(blocks.get(id(node)) or with_bodies(node, lambda inside: _replaced(inside, blocks)) for node in body)
