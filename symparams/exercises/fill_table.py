"""The question for the output and the parameters of each layer: tables with places to write in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ..closed_forms.polynomial import Quantity, total
from ..derive.document import Code, Element, Heading, Line, Math, Table
from ..derive.parts import OutlinePart, walk
from ..derive.prose import MAX_NAMES
from ..derive.writing import Entry
from ..evaluate.figures import PARAMS
from ..evaluate.model import Shape
from ..formula.tree import Identifier
from .question import NoQuestion, Setting, Task

# Tables of more rows leave out the layers in which there is nothing to find.
FEW_ROWS = 20
# What stands in a column: a line for each of the answers in it.
Cells = Callable[[Sequence["Quantity | Shape"]], "list[Line]"]


def table_question(setting: Setting) -> Task:
    """All tables with blanks, and filled in. Raises NoQuestion for a network without layers."""
    if not setting.outline.parts:
        raise NoQuestion("a table takes a network with layers")
    tables = FilledTables(setting)
    sentences = [setting.say("exercise.task")]
    if any(part.parts is not None and not part.stage.is_block for part in walk(setting.outline.parts)):
        sentences.append(setting.say("exercise.task.times"))
    if setting.net.symbols:
        symbols = setting.formulas(map(Identifier, setting.net.symbols))
        sentences.append(setting.say("exercise.task.symbols", symbols=symbols))
    task = (setting.sentences_of(*sentences), *tables.of(tables.blanks))
    return Task(tables.asked, task, tuple(tables.of(tables.answers)))


class FilledTables:
    """A table for each kind of block, inner ones first, and one for the whole network; `asked` counts their rows."""

    def __init__(self, setting: Setting):
        self.setting = setting
        self.say = setting.say
        self.asked = 0

    def blanks(self, values: Sequence[Quantity | Shape]) -> list[Line]:
        self.asked += len(values)
        return [(self.setting.blank(*values),)] * len(values)

    def answers(self, values: Sequence[Quantity | Shape]) -> list[Line]:
        setting = self.setting
        return [(setting.shape(v),) if isinstance(v, tuple) else setting.count(v) for v in values]

    def of(self, cells: Cells) -> Iterator[Element]:
        groups: dict[str, list[OutlinePart]] = {}
        definitions = {definition.name for definition in self.setting.net.program.definitions}
        for part in _blocks(self.setting.outline.parts):
            kind = part.stage.kind
            groups.setdefault(f"def {kind}" if kind in definitions else part.name, []).append(part)
        for alike in groups.values():
            first = max(alike, key=lambda part: len(part.parts or ()))
            yield Heading(3, self.say("exercise.block", name=Code(first.name)))
            names = [name for part in alike for name in (part.name, *part.also) if name != first.name]
            if 0 < len(names) <= MAX_NAMES and cells == self.blanks:
                yield self.setting.sentences_of(self.say("exercise.block.also", names=self.setting.names(names)))
            yield from self.table(first.parts or [], cells)
        if groups:
            yield Heading(3, self.say("exercise.whole"))
        yield from self.table(self.setting.outline.parts, cells)

    def table(self, parts: list[OutlinePart], cells: Cells) -> Iterator[Element]:
        entries: list[Entry] = list(self.setting.rows(PARAMS.name, parts, lambda value: value, ()))
        if len(entries) > FEW_ROWS:
            told = [entry for entry in entries if not _keeps_all(entry.part)]
            if len(told) < len(entries):
                yield self.setting.sentences_of(self.say("exercise.left.out"))
            entries = told
        for index in dict.fromkeys(part.stage.index for part in walk(parts) if part.stage.index):
            yield self.setting.sentences_of(self.say("repeat.index", index=Math(Identifier(index.name))))
        outputs = cells([entry.part.stage.output for entry in entries])
        counts = cells([*(entry.value for entry in entries), total(entry.value for entry in entries)])
        kinds = [self.setting.kind(entry.part.stage.kind) for entry in entries]
        rows = list(zip((entry.name for entry in entries), kinds, outputs, counts))
        rows.append((self.say("exercise.sum"), (), (), counts[-1]))
        keys = ("table.layer", "table.kind", "table.output", "table.parameters")
        yield Table(tuple(map(self.say, keys)), tuple(rows), frozenset({3}), totals=True)


def _blocks(parts: list[OutlinePart]) -> Iterator[OutlinePart]:
    """The blocks that are told apart, inner ones first."""
    for part in parts:
        if part.parts is not None:
            yield from _blocks(part.parts)
            if part.stage.is_block:
                yield part


def _keeps_all(part: OutlinePart) -> bool:
    first = part.first
    return first.is_quiet and bool(first.input) and first.input == (first.stage.output,)
