"""Numbers of a program turned into symbols, wherever they are widths and what follows from these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import NamedTuple

from ..errors import Source, SymparamsError, listing
from ..evaluate.expressions import Scope, evaluate
from ..language import ir, syntax
from ..language.parser import parse_question
from ..language.syntax import Node
from ..language.unparse import unparse
from ..pipeline import compile_source, evaluate_program
from .rebuilding import rebuilt

# Arguments that are widths, or as many as a width has, and layers whose sizes are made of widths.
_WIDTHS = frozenset(["out", "dim", "ff", "inner", "g", "count"])
_SIZED = frozenset(["reshape", "parameter", "constant", "broadcast", "position_grid", "slice", "unflatten"])

Place = tuple[int, int]
# As many ways as are tried to say the sizes of one layer.
_MOST_TRIED = 70


class Lift(NamedTuple):
    """A number, and what it is said by."""

    number: int
    said: Node

    def times(self, factor: int) -> Node:
        if factor == 1:
            return self.said
        return syntax.Multiplication(syntax.Number(factor, False), (("*", self.said),))


def lifts(text: str) -> list[Lift]:
    """What `64=w, 128=2*w` asks for. Raises SymparamsError."""
    found = []
    for part in text.split(","):
        number, equals, said = part.partition("=")
        if not equals or not number.strip().isdigit() or not said.strip():
            raise SymparamsError(f"{part.strip()!r} lifts nothing", None, "--lift 64=w,128=2*w")
        found.append(Lift(int(number), parse_question(Source("--lift", said.strip()))))
    return found


def lifted(program: ir.Program, wanted: list[Lift]) -> ir.Program:
    """The program with symbols for these numbers. Raises SymparamsError where that would be another network."""
    names = {node.name for lift in wanted for node in lift.said.walk() if isinstance(node, syntax.Name)}
    taken = sorted(names & program.names)
    if taken:
        raise SymparamsError(f"{listing(taken)} is a symbol of the network already", None, "take another name")
    own = own_values(wanted)
    tried: Counter[Place] = Counter()
    while True:
        trial = _with_symbols(program, wanted, tried).replaced(names=program.names | names)
        if not any(isinstance(node, syntax.Name) and node.name in names for node in trial.walk()):
            raise SymparamsError(f"no width is {listing([str(lift.number) for lift in wanted], 'or')}")
        stopped = _where_it_stops(trial, own)
        if stopped is None:
            return compile_source(Source("the lifted program", unparse(trial)))[0]
        place, said = stopped
        tried[place] += 1
        if tried[place] >= _MOST_TRIED or tried.total() > 4 * _MOST_TRIED:
            raise SymparamsError(f"{_said(wanted)} does not carry through: {said}")


def _said(wanted: list[Lift]) -> str:
    return listing([f"{lift.number} = {unparse(lift.said)}" for lift in wanted])


def own_values(wanted: Sequence[Lift]) -> dict[str, int]:
    """The values by which the symbols are the numbers. Raises SymparamsError where there are none."""
    found: dict[str, int] = {}
    for lift in wanted:
        names = sorted({node.name for node in lift.said.walk() if isinstance(node, syntax.Name)} - found.keys())
        if len(names) > 1:
            raise SymparamsError(f"{unparse(lift.said)} has several symbols", None, f"--lift {lift.number}={names[0]}")
        for value in range(1, lift.number + 1):
            if evaluate(lift.said, Scope({**found, **dict.fromkeys(names, value)})) == lift.number:
                found.update((name, value) for name in names)
                break
        else:
            raise SymparamsError(f"{unparse(lift.said)} is {lift.number} for no whole number", None, "--lift 64=w")
    return found


def _where_it_stops(program: ir.Program, own: Mapping[str, int]) -> tuple[Place, str] | None:
    """The layer at which the network is none: with the symbols, or where they have other values than their own."""
    for factor in (None, 1, 2, 3):
        try:
            evaluate_program(program, {name: factor * value for name, value in own.items()} if factor else {}, ())
        except SymparamsError as error:
            if error.span is None:
                raise
            return (error.span.start, error.span.end), error.message
    return None


def _with_symbols(program: ir.Program, wanted: list[Lift], tried: Mapping[Place, int]) -> ir.Program:
    def change(node: Node) -> Node:
        if isinstance(node, ir.Aside):
            return node.replaced(shape=tuple(_said_by(size, wanted, False) or size for size in node.shape))
        if not isinstance(node, ir.LayerCall) or node.spelled is not None:
            return node
        places = _numbers(node, wanted)
        chosen = _choice(places, tried.get((node.span.start, node.span.end), 0))
        numbers = iter(range(len(places)))

        def said(value: Node) -> Node:
            by = _said_by(value, wanted, node.rule in _SIZED)
            return by if by is not None and next(numbers) in chosen else value

        given = tuple(
            (name, rebuilt(value, said)) if _is_of_widths(node, name) else (name, value)
            for name, value in node.arguments
        )
        return node.replaced(arguments=given)

    return rebuilt(program, change)


def _is_of_widths(layer: ir.LayerCall, name: str) -> bool:
    return name in _WIDTHS or layer.rule in _SIZED


def _numbers(layer: ir.LayerCall, wanted: list[Lift]) -> list[Node]:
    """The numbers of a layer that symbols may stand for, in their order."""
    found: list[Node] = []

    def note(value: Node) -> Node:
        if _said_by(value, wanted, layer.rule in _SIZED) is not None:
            found.append(value)
        return value

    for name, value in layer.arguments:
        if _is_of_widths(layer, name):
            rebuilt(value, note)
    return found


def _choice(places: list[Node], which: int) -> frozenset[int]:
    """Which of these numbers are lifted at a trial: all at first, then ever fewer."""
    several = (c for size in range(len(places), -1, -1) for c in combinations(range(len(places)), size))
    return frozenset(next(islice(several, which, None), ()))


def _said_by(value: Node, wanted: list[Lift], multiples: bool) -> Node | None:
    """What a number is said by: itself where it is lifted, else the multiple of the largest that it is one of."""
    if not isinstance(value, syntax.Number) or value.decimal or not isinstance(value.value, int) or not value.value:
        return None
    for lift in sorted(wanted, key=lambda lift: (lift.number != value.value, -lift.number)):
        if value.value == lift.number or (multiples and lift.number > 3 and value.value % lift.number == 0):
            return lift.times(value.value // lift.number)
    return None


def proposals(program: ir.Program, name: str = "w") -> Iterator[Lift]:
    """The widths that are multiples of one that most of them are multiples of, the smallest first."""
    widths = Counter(_widths(program))
    bases = [base for base in widths if base > 3]
    if not bases:
        return
    base = max(bases, key=lambda base: (sum(n for width, n in widths.items() if width % base == 0), base))
    one = Lift(base, syntax.Name(name))
    for width in sorted(width for width in widths if width % base == 0):
        yield Lift(width, one.times(width // base))


def _widths(program: ir.Program) -> Iterator[int]:
    for stage in program.body:
        for node in stage.walk():
            given = dict(node.arguments) if isinstance(node, ir.LayerCall) else {}
            width = given.get("out")
            if isinstance(width, syntax.Number) and isinstance(width.value, int):
                yield width.value
