"""A network as a plain list: its layers in words, with what they read where that is not what stands before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..closed_forms.powers import meant
from ..core.trace import Origin, origin_behind, origin_of
from ..derive.document import Code, Element, Line, Listing, Math, Paragraph, Table, flat, separated
from ..derive.lettered import BlockUse, Lettered
from ..derive.page_blocks import BlocksSection
from ..derive.parts import OutlinePart
from ..derive.textbook_names import TEXTBOOK, neutral
from ..errors import SymparamsError
from ..evaluate.axes import Value
from ..evaluate.expressions import evaluate
from ..evaluate.model import Shape, Stage
from ..evaluate.rules import shown
from ..formula.textbook_order import total_tree, tree
from ..formula.tree import Add, Identifier, Related
from ..language.unparse import unparse
from .lone_layer import arguments_of_layer
from .question import Setting

# These are always said, whatever they are by default.
_SAID = ("k",)
# Arguments that are said by a word of their own where they have this value.
_BY_A_WORD = {"bias": False, "bidirectional": True, "ceil_mode": True, "affine": False}


class Unclear(Exception):
    """A network whose flow a list does not show."""


@dataclass
class _Place:
    """Where a list has come to: what outputs are called, what flows in there, and what the line before puts out."""

    known: dict[int, Line]
    inflow: Origin | None
    before: Origin | None


class PlainList:
    """Lists the blocks once each, in letters, and then the layers of the network."""

    def __init__(self, setting: Setting):
        self.setting = setting
        self.say = setting.say
        self.catalogue = setting.catalogue
        self.opened: dict[int, str] = {}

    def told(self) -> Iterator[Element]:
        """Raises Unclear for a flow that a list does not show."""
        blocks = BlocksSection(self.setting.net, self.setting.messages, self.catalogue)
        for block in self.catalogue.blocks:
            name: Line = (Code(block.definition.name),)
            yield Paragraph(self.setting.sentences([name, *blocks.introduction(block)]))
            entry = origin_of(block.part.stage)
            yield self.table(block.part.parts or (), entry.entry if entry else None)
        if self.catalogue.blocks:
            yield self.setting.sentences_of(self.say("exercise.whole.list"))
        entrances = self.setting.reader.tracer.entrances
        yield self.table(self.setting.outline.parts, origin_of(entrances[0]) if len(entrances) == 1 else None)
        yield from self.own_layers()

    def own_layers(self) -> Iterator[Element]:
        """The rules of layers that only the program knows."""
        rules = self.setting.net.program.rules
        if rules:
            yield self.setting.sentences_of(self.say("exercise.own", names=self.setting.names([r.name for r in rules])))
            yield Listing("\n".join(map(unparse, rules)))

    def table(self, parts: Sequence[OutlinePart], inflow: Origin | None) -> Table:
        known = {} if inflow is None else {id(inflow): self.say("exercise.flows.in")}
        for entrance in () if inflow is not None else self.setting.reader.tracer.entrances:
            known[id(origin_of(entrance))] = (Code(entrance.name),)
        rows = list(self.rows(parts, "", _Place(known, inflow, inflow)))
        header = [self.say("table.layer"), self.say("table.kind"), self.say("exercise.reads")]
        if not any(row[2] for row in rows):
            rows, header = [row[:2] for row in rows], header[:2]
        return Table(tuple(header), tuple(rows))

    def rows(self, parts: Sequence[OutlinePart], prefix: str, place: _Place) -> Iterator[tuple[Line, ...]]:
        for part in parts:
            origin = origin_of(part.stage)
            sources = [place.inflow if source is None else source for source in map(origin_behind, _inputs(origin))]
            if None in sources:
                raise Unclear("a list does not say what flows in there")
            reads: Line = ()
            if part.stage.is_block or part.first.parts is None:
                reads = (
                    () if sources == [place.before] else self.setting.listed([self.source(s, place) for s in sources])
                )
            name: Line = (Code(prefix + part.stage.name),)
            for row in self.of_part(part, origin, prefix, reads, place):
                name = row[0] or name
                yield row
            place.before = origin_behind(part.stage.output)
            place.known[id(place.before)] = name

    def of_part(
        self, part: OutlinePart, origin: Origin | None, prefix: str, reads: Line, place: _Place
    ) -> Iterator[tuple[Line, ...]]:
        """A layer, or a block in letters or one that was opened before, in a line; what others hold."""
        stage, first = part.stage, part.first
        name = prefix + stage.name
        case = self.catalogue.case(part)
        if first.parts is None:
            yield (Code(name),), self.layer(stage, origin), reads
        elif case:
            yield (Code(name),), self.block(*case), reads
        elif stage.is_block and id(first) in self.opened:
            yield (Code(name),), self.say("page.as", name=Code(self.opened[id(first)])), reads
        elif stage.is_block:
            self.opened[id(first)] = name
            entry = origin.entry if origin else None
            within = _Place({**place.known, id(entry): reads or self.source(place.before, place)}, None, entry)
            within.before = None if reads else entry
            yield from self.rows(first.parts, f"{name}.", within)
        else:
            yield from self.turns(stage, first.parts, prefix, place)

    def turns(
        self, stage: Stage, parts: Sequence[OutlinePart], prefix: str, place: _Place
    ) -> Iterator[tuple[Line, ...]]:
        """What is repeated: a line with the number of turns, and one before them where they are more."""
        inside = {**place.known, id(place.before): self.say("exercise.flows.in")}
        rows = list(self.rows(parts, prefix, _Place(inside, place.before, place.before)))
        count = tree(meant(stage.count), self.setting.net.order)
        factor = ("(", Math(count), ")") if isinstance(count, Add) else (Math(count),)
        if len(rows) == 1 and stage.index is None:
            (name, what, reads) = rows[0]
            yield flat((name, " × ", factor)), what, reads
            return
        index: Line = ()
        if stage.index is not None:
            last = Math(tree(meant(stage.count - 1), self.setting.net.order))
            index = self.say("page.turns", index=Math(Identifier(stage.index.name)), last=last)
        told = self.say("exercise.list.turns", lines=str(len(rows)))
        yield flat((factor, " ×")), flat((told, index)), ()
        yield from rows

    def source(self, origin: Origin | None, place: _Place) -> Line:
        """What puts out what flows from there. Raises Unclear where that has no line."""
        while origin is not None:
            if id(origin) in place.known:
                return place.known[id(origin)]
            origin = origin.exit
        raise Unclear("a layer reads what has no line in a list")

    # In words

    def block(self, block: Lettered, use: BlockUse) -> Line:
        """The block with what its letters stand for."""
        order = self.setting.net.order
        pairs = {Identifier(name): use.given[key] for name, key in block.letters.items() if not key.is_size}
        sides = {letter: total_tree(meant(value), order) for letter, value in pairs.items()}  # type: ignore[arg-type]
        given = [Math(side if side == letter else Related("=", (letter, side))) for letter, side in sides.items()]
        return self.setting.listed([self.say("exercise.a.block", name=Code(block.definition.name)), *given])

    def layer(self, stage: Stage, origin: Origin | None) -> Line:
        arguments = self.arguments(stage, origin) if origin and origin.rule and origin.applied else ()
        owners = dict.fromkeys(tensor.tied for tensor in stage.tensors if tensor.tied)
        tied = [self.say("exercise.list.tied", name=Code(owner)) for owner in owners]
        return self.setting.listed([self.setting.kind(stage.kind), *arguments, *tied])

    def arguments(self, stage: Stage, origin: Origin) -> Iterator[Line]:
        defaults = {parameter.name: parameter.default for parameter in origin.parameters}
        for name, value in arguments_of_layer(origin).items():
            default = defaults[name]
            plain = neutral(stage.kind, name)
            if (
                name in _SAID
                or default is None
                or (plain is not None and value != plain)
                or (plain is None and value != self.default(origin, name))
            ):
                yield self.argument(stage.kind, name, value)

    def default(self, origin: Origin, name: str) -> Value | None:
        default = next(p.default for p in origin.parameters if p.name == name)
        assert default is not None and origin.applied is not None
        try:
            return evaluate(default, origin.applied.scope)
        except SymparamsError:
            return None

    def argument(self, kind: str, name: str, value: Value) -> Line:
        key = f"symbol.{TEXTBOOK.get(kind, {}).get(name, '')}"
        if isinstance(value, bool) and _BY_A_WORD.get(name) is value:
            return self.say(f"exercise.list.{name}")
        if isinstance(value, (bool, str)) or not self.setting.messages.has(key):
            return (Code(f"{name}={shown(value)}"),)
        sizes = value if isinstance(value, tuple) else (value,)
        if any(isinstance(size, (bool, str, tuple)) for size in sizes):
            return (Code(f"{name}={shown(value)}"),)
        numbers = [meant(size) for size in sizes]
        formulas = [Math(total_tree(number, self.setting.net.order)) for number in numbers]
        size = separated(formulas[: 1 if len(set(numbers)) == 1 else None], " × ")
        return self.say("exercise.list.argument", meaning=self.say(key), value=size)


def _inputs(origin: Origin | None) -> tuple[Shape, ...]:
    return origin.inputs if origin else ()
