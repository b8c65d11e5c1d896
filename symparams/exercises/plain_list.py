"""A network as a plain list: its layers in words, with what they read where that is not what stands before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..closed_forms.powers import meant
from ..core.trace import Origin, origin_behind, origin_of
from ..derive.document import Code, Element, Line, Math, Paragraph, Table, flat, separated
from ..derive.lettered import BlockUse, Lettered
from ..derive.page_blocks import BlocksSection
from ..derive.parts import OutlinePart
from ..derive.textbook_names import TEXTBOOK, neutral
from ..errors import SymparamsError
from ..evaluate.axes import Value
from ..evaluate.expressions import evaluate
from ..evaluate.model import Stage
from ..evaluate.rules import shown
from ..formula.textbook_order import total_tree, tree
from ..formula.tree import Add, Identifier, Related
from .lone_layer import arguments_of_layer
from .question import Setting

# These are always said, whatever they are by default.
_SAID = ("k",)
# Arguments that are said by a word of their own where they have this value.
_BY_A_WORD = {"bias": False, "bidirectional": True, "ceil_mode": True, "affine": False}


class PlainList:
    """Lists the blocks once each, in letters, and then the layers of the network."""

    def __init__(self, setting: Setting):
        self.setting = setting
        self.say = setting.say
        self.catalogue = setting.catalogue
        self.opened: dict[int, str] = {}

    def told(self) -> Iterator[Element]:
        blocks = BlocksSection(self.setting.net, self.setting.messages, self.catalogue)
        for block in self.catalogue.blocks:
            name: Line = (Code(block.definition.name),)
            yield Paragraph(self.setting.sentences([name, *blocks.introduction(block)]))
            yield self.table(block.part.parts or ())
        if self.catalogue.blocks:
            yield self.setting.sentences_of(self.say("exercise.whole.list"))
        yield self.table(self.setting.outline.parts)

    def table(self, parts: Sequence[OutlinePart]) -> Table:
        rows = list(self.rows(parts, "", ()))
        header = [self.say("table.layer"), self.say("table.kind"), self.say("exercise.reads")]
        if not any(row[2] for row in rows):
            rows, header = [row[:2] for row in rows], header[:2]
        return Table(tuple(header), tuple(rows))

    def rows(self, parts: Sequence[OutlinePart], prefix: str, times: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
        names: dict[int, str] = {}
        before: Origin | None = None
        for place, part in enumerate(parts):
            stage, first = part.stage, part.first
            origin = origin_of(stage)
            name = prefix + stage.name
            case = self.catalogue.case(part)
            reads = self.reads(origin, before, names, place == 0)
            if first.parts is None:
                yield flat(((Code(name),), *times)), self.layer(stage, origin), reads
            elif case:
                yield flat(((Code(name),), *times)), self.block(*case), reads
            elif stage.is_block and id(first) in self.opened:
                as_before = self.say("page.as", name=Code(self.opened[id(first)]))
                yield flat(((Code(name),), *times)), as_before, reads
            elif stage.is_block:
                self.opened[id(first)] = name
                yield from self.rows(first.parts, f"{name}.", times)
            else:
                yield from self.rows(first.parts, prefix, (*times, self.repeated(stage)))
            before = origin_behind(stage.output)
            if before is not None and stage.name:
                names[id(before)] = name

    def repeated(self, stage: Stage) -> Line:
        node = tree(meant(stage.count), self.setting.net.order)
        return flat((" × ", ("(", Math(node), ")") if isinstance(node, Add) else Math(node)))

    def reads(self, origin: Origin | None, before: Origin | None, names: dict[int, str], is_first: bool) -> Line:
        """What flows in, where that is not what the one before puts out."""
        sources = [origin_behind(shape) for shape in origin.inputs] if origin else []
        if len(sources) < 2 and (is_first or sources == [before] or not sources):
            return ()
        told = [(Code(names[id(s)]),) if id(s) in names else self.say("exercise.flows.in") for s in sources]
        return self.setting.listed(told)

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
        return self.setting.listed([self.setting.kind(stage.kind), *arguments])

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
