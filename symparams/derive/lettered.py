"""Blocks in letters of their own: one that is used with several arguments or inputs is worked out once for all.

What a use decides, the ways that its branches go, is kept; so uses of one block that are decided differently are told
apart. A block in letters is a network of its own, and each use is proved to be a case of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from ..closed_forms.conditions import is_equation
from ..closed_forms.equality import equal
from ..closed_forms.polynomial import Quantity, symbols_of
from ..closed_forms.polynomial import Symbol as Unknown
from ..closed_forms.powers import meant, substitute
from ..closed_forms.quotients import divide
from ..core.network import CoreNetwork
from ..core.trace import Origin, origin_of
from ..core.values import literal
from ..errors import SymparamsError
from ..evaluate.axes import Value
from ..evaluate.domain import is_number, is_symbolic
from ..evaluate.expressions import Scope, evaluate
from ..evaluate.model import Shape
from ..formula.textbook_order import total_tree
from ..formula.tree import FunctionOf, children
from ..language import ir, syntax
from ..language.layouts import CHANNELS_LAST
from .outline import Outline, Reader
from .parts import OutlinePart

# A name of no more characters is a letter of the formulas; letters for what has none of its own.
SHORT = 2
OTHERS = ("F", "M", "K", "q", "r", "u", "v")
_AXES = {1: ("N",), 2: ("T", "d"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}


class Key(NamedTuple):
    """Something that a block is given: the size of an axis of what flows in, or an argument."""

    name: str
    is_size: bool


class BlockUse(NamedTuple):
    """A place where a block stands, and what it is given there."""

    part: OutlinePart
    reader: Reader
    origin: Origin
    given: dict[Key, Value]

    @property
    def definition(self) -> syntax.Definition:
        return self.reader.tracer.definitions[self.origin.item.definition]  # type: ignore[attr-defined]


@dataclass
class Lettered:
    """A block worked out for letters: `nodes` are what it is given, `letters` what each letter stands for."""

    definition: syntax.Definition
    reader: Reader
    outline: Outline
    nodes: dict[Key, syntax.Node]
    letters: dict[str, Key]
    decided: list[tuple[syntax.Node, bool]]
    words: dict[str, Value]
    uses: list[BlockUse] = field(default_factory=list)

    @property
    def part(self) -> OutlinePart:
        return self.outline.parts[0]

    @property
    def symbols(self) -> dict[str, Unknown]:
        known = self.reader.net.symbols_
        return {name: next(iter(symbols_of(known.value(name)))) for name in self.letters}  # type: ignore[arg-type]

    def values(self, use: BlockUse) -> dict[str, Quantity]:
        """What the letters are worth in a use."""
        return {name: use.given[key] for name, key in self.letters.items()}  # type: ignore[misc]

    def is_case(self, use: BlockUse, sizes: bool = True) -> bool:
        """Whether what is counted in a use, and the sizes that it puts out, are what the letters give."""
        if not all(is_number(value) for value in self.values(use).values()):
            return False
        symbols = self.symbols
        put = {symbols[name]: meant(value) for name, value in self.values(use).items()}
        pairs = [
            (self.reader.figure(what, self.part.stage), use.reader.figure(what, use.part.stage))
            for what in self.reader.summed
        ]
        if sizes:
            pairs += zip(self.part.stage.output, use.part.stage.output)
        return all(equal(substitute(meant(a), put), meant(b)) for a, b in pairs)


def use_of(part: OutlinePart, reader: Reader) -> BlockUse | None:
    """What a block is given where it stands; None for one that reads more than one flow, or has no definition."""
    origin = origin_of(part.stage)
    if origin is None or not isinstance(origin.item, ir.Block) or origin.item.memories or len(origin.inputs) != 1:
        return None
    definition = reader.tracer.definitions[origin.item.definition]
    sizes = dict(zip(_axes(definition, origin.inputs[0], reader.tracer.layout), map(meant, origin.inputs[0])))
    scope = Scope({**sizes, **dict(origin.arguments)}, reader.tracer.scope)
    try:
        for parameter in definition.parameters:
            if parameter.name not in dict(origin.arguments):
                assert parameter.default is not None
                scope.names[parameter.name] = evaluate(parameter.default, scope)
    except SymparamsError:
        return None
    given: dict[Key, Value] = {Key(name, True): size for name, size in sizes.items()}
    given |= {Key(parameter.name, False): scope.names[parameter.name] for parameter in definition.parameters}
    return BlockUse(part, reader, origin, given)


def _axes(definition: syntax.Definition, shape: Shape, layout: str) -> tuple[str, ...]:
    """Names for the sizes that flow in: those of the block's pattern, else the usual ones."""
    pattern = definition.pattern
    names = _AXES.get(len(shape)) or tuple(f"n_{i + 1}" for i in range(len(shape)))
    if pattern and len(pattern.axes) == len(shape) and not any(axis.variadic for axis in pattern.axes):
        names = tuple(axis.name for axis in pattern.axes)
    return (*names[1:], names[0]) if layout == CHANNELS_LAST and len(shape) > 2 else names


def in_letters(uses: Sequence[BlockUse], what: Iterable[str], detail: str) -> list[Lettered]:
    """The blocks in letters of which the uses of one definition are cases; a use may be a case of none."""
    groups: dict[object, list[BlockUse]] = {}
    for use in uses:
        words = tuple((key, value) for key, value in use.given.items() if not _is_count(value))
        groups.setdefault((tuple(use.origin.ways.items()), words, tuple(use.given)), []).append(use)
    found = [block for group in groups.values() for block in _Group(group, tuple(what), detail).solved()]
    told = {id(use.part) for block in found for use in block.uses}
    for use in uses:
        block = next((b for b in found if id(use.part) not in told and _fits(b, use)), None)
        if block:
            block.uses.append(use)
    return found


def _fits(block: Lettered, use: BlockUse) -> bool:
    """Whether a use that was decided otherwise has the same counts all the same."""
    same = block.decided == list(_ways(use))
    return same and block.letters.keys() <= {key.name for key in use.given} and block.is_case(use, sizes=False)


def _is_count(value: Value) -> bool:
    return is_number(value) and not isinstance(value, bool)


class _Group:
    """Uses that are decided alike, and that may differ in numbers."""

    def __init__(self, uses: list[BlockUse], what: tuple[str, ...], detail: str):
        self.uses = uses
        self.what = what
        self.detail = detail
        self.first = uses[0]
        self.definition = self.first.definition
        self.program = self.first.reader.net.program

    def solved(self) -> Iterator[Lettered]:
        if len(self.uses) < 2 or None in self.first.origin.ways.values():
            return
        found = self.worked_out(related=False) or self.worked_out(related=True)
        if found:
            yield found
            return
        for part in self.split():
            yield from part.solved()

    def split(self) -> Iterator[_Group]:
        """The uses apart by what has the fewest values."""
        columns = [[use.given[key] for use in self.uses] for key in self.first.given]
        counted = [(len(set(column)), i) for i, column in enumerate(columns) if len(set(column)) > 1]
        if counted:
            column = columns[min(counted)[1]]
            for value in dict.fromkeys(column):
                uses = [use for use, own in zip(self.uses, column) if own == value]
                yield _Group(uses, self.what, self.detail)

    def worked_out(self, related: bool) -> Lettered | None:
        """The block for letters, where that can be worked out and all uses are cases of it."""
        nodes: dict[Key, syntax.Node] = {}
        letters: dict[str, Key] = {}
        for key in sorted(self.first.given, key=lambda key: key.is_size):
            nodes[key] = self.node(key, letters, related)
        try:
            net = self.network(nodes, tuple(letters))
            reader = Reader(net, self.what, self.detail)
            outline = reader.outline()
        except SymparamsError:
            return None
        if len(outline.parts) != 1 or net.settled or any(map(is_equation, net.guards)):
            return None
        if any(_is_involved(reader.figure(what, outline.parts[0].stage)) for what in reader.summed):
            return None
        found = Lettered(
            self.definition, reader, outline, nodes, letters, list(_ways(self.first)), self.words(), list(self.uses)
        )
        return found if all(map(found.is_case, self.uses)) else None

    def words(self) -> dict[str, Value]:
        return {key.name: value for key, value in self.first.given.items() if not _is_count(value)}

    def column(self, key: Key) -> list[Value]:
        return [use.given[key] for use in self.uses]

    def node(self, key: Key, letters: dict[str, Key], related: bool) -> syntax.Node:
        """What stands for an argument or a size: its value, a letter, or a multiple of another letter."""
        column = self.column(key)
        if not is_symbolic(column[0]) and all(value == column[0] for value in column):
            return literal(column[0])
        for letter, other in letters.items():
            ratio = _ratio(column, self.column(other))
            square = ratio == 1 and key.is_size and other.is_size and other.name != "C"
            if ratio is not None and (related or square):
                return _multiple(ratio, letter)
        letter = self.letter(key, letters)
        letters[letter] = key
        return syntax.Name(letter)

    def letter(self, key: Key, letters: Iterable[str]) -> str:
        """A letter that the program does not have: the block's own name where it is one, or its first letter."""
        program = self.program
        taken = {*program.names, *(p.name for p in program.parameters), *letters}
        taken |= {item.name for item in program.body if isinstance(item, ir.Let)}
        if key.is_size:
            words = [key.name, f"{key.name}_in"]
        else:
            taken |= {other.name for other in self.first.given if other.is_size}
            words = [*([key.name] if len(key.name) <= SHORT else []), key.name[0], key.name[0].upper(), *OTHERS]
        return next(word for word in (*words, *(f"{key.name}_{i}" for i in range(1000))) if word not in taken)

    def network(self, nodes: Mapping[Key, syntax.Node], letters: tuple[str, ...]) -> CoreNetwork:
        """The block alone, as a network: its sizes flow in, and it has its arguments."""
        program, net = self.program, self.first.reader.net
        body = _taken(self.definition.body, self.first.origin.ways)
        definitions = tuple(d.replaced(body=body) if d is self.definition else d for d in program.definitions)
        kept = tuple(item for item in program.body if isinstance(item, (ir.Let, ir.Assume)))
        shape = tuple(nodes[key] for key in self.first.given if key.is_size)
        arguments = tuple((key.name, nodes[key]) for key in self.first.given if not key.is_size)
        block = self.first.origin.item.replaced(label=None, arguments=arguments)
        stages = (*kept, ir.Input(None, shape, self.first.reader.tracer.layout), block)
        names = program.names | set(letters)
        alone = program.replaced(definitions=definitions, body=stages, outputs=(), names=names, shown=())
        return CoreNetwork(alone, net.values, net.freed)


def _is_involved(value: Quantity) -> bool:
    """Whether a formula says less than the numbers do: it has largest and smallest values in it."""
    pending = [total_tree(meant(value))]
    while pending:
        node = pending.pop()
        if isinstance(node, FunctionOf):
            return True
        pending += children(node)
    return False


def _ratio(column: Sequence[Value], others: Sequence[Value]) -> Fraction | int | None:
    """How many times as large the one is as the other, in every place."""
    if any(other == 0 for other in others):
        return None
    ratios = [divide(meant(a), meant(b)) for a, b in zip(column, others)]  # type: ignore[arg-type]
    return ratios[0] if isinstance(ratios[0], (int, Fraction)) and all(r == ratios[0] for r in ratios) else None


def _multiple(ratio: Fraction | int, letter: str) -> syntax.Node:
    name = syntax.Name(letter)
    return name if ratio == 1 else syntax.Multiplication(literal(ratio), (("*", name),))


def _taken(value: Any, ways: Mapping[int, bool | None]) -> Any:
    """A node, or nodes, with what was taken in the place of each branch."""
    if isinstance(value, tuple):
        items: list[Any] = []
        for item in value:
            way = ways.get(id(item)) if isinstance(item, ir.Branch) else None
            items += [_taken(item, ways)] if way is None else _taken(item.then if way else item.otherwise, ways)
        return tuple(items)
    if isinstance(value, syntax.Node):
        return value.replaced(**{name: _taken(getattr(value, name), ways) for name in value.fields})
    return value


def _ways(use: BlockUse) -> Iterator[tuple[syntax.Node, bool]]:
    """The conditions of a block's branches, and how they were decided."""
    for node in use.definition.body.walk():
        if isinstance(node, ir.Branch):
            way = use.origin.ways.get(id(node))
            if way is not None:
                yield node.condition, way
