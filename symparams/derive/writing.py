"""The derivation of a network written out: which sentence, formula or table stands where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from ..closed_forms.polynomial import Quantity, symbols_of, total
from ..closed_forms.powers import meant
from ..closed_forms.quotients import divide
from ..core.network import CoreNetwork
from ..evaluate.figures import DERIVED, LETTERS, PARAMS
from ..evaluate.model import Stage
from ..formula import text
from ..formula.spelling import spelled
from ..formula.textbook_order import condition_tree, total_tree, tree
from ..formula.tree import Add, Identifier, Related
from .clashes import Written, said
from .document import Bullets, Code, Display, Document, Element, Heading, Line, Math, Paragraph, Table, flat, separated
from .layer_notes import of_weights
from .messages import Messages
from .outline import Outline, Reader
from .parts import Derived, OutlinePart, walk
from .prose import Prose
from .shown_symbols import is_share, symbols_shown
from .textbook_names import TEXTBOOK


class Entry(NamedTuple):
    """A line of a table: the name, with how often it occurs, and the count in all turns."""

    name: Line
    part: OutlinePart
    value: Quantity


class Writer(Prose):
    """Writes one document; `written` says how a symbol looks, `only` is the one part that is wanted, None for all."""

    def __init__(
        self,
        net: CoreNetwork,
        reader: Reader,
        outline: Outline,
        messages: Messages,
        written: Written,
        only: OutlinePart | None = None,
    ):
        super().__init__(net, messages)
        self.reader = reader
        self.outline = outline
        self.what = reader.what
        self.written = written
        self.only = only
        self.stated = dict.fromkeys(net.guards)
        self.told: set[str] = set()

    # The whole

    def document(self) -> Document:
        name: Any = Code(self.net.name) if self.net.name else self.messages["untitled"]
        title = self.say("title", name=name)
        if self.only:
            self.part(self.only, 2)
            return Document(title, (*self.symbols(), *self.elements), self.messages["language"])
        inputs = separated([self.shape(s) for s in self.net.input_shapes.values()], self.messages["comma"])
        self.paragraph(
            self.say(
                "summary",
                dialect=self.messages[f"dialect.{self.net.dialect}"],
                input=inputs,
                output=separated([self.shape(s) for s in self.net.output_shapes], self.messages["comma"]),
            )
        )
        self.elements += self.conditions()
        if self.outline.parts:
            self.elements.append(Heading(2, self.say("layers.heading")))
            self.parts(self.outline.parts, 3)
            self.where()
            self.summary()
        else:
            self.paragraph(self.say("no.layers"))
        self.elements[1:1] = self.symbols()
        return Document(title, tuple(self.elements), self.messages["language"])

    def symbols(self) -> list[Element]:
        """The table of the symbols that the elements hold; one for each name, with all that it means."""
        used = symbols_shown(self.elements)
        meanings: dict[str, dict[Line, Identifier]] = {}
        for symbol, meaning in [*self.program_symbols(), *self.figure_symbols(), *self.formula_symbols()]:
            if symbol in used:
                meanings.setdefault(self.written(symbol), {}).setdefault(meaning, symbol)
        separator = self.messages["semicolon"]
        pairs = [((Math(next(iter(m.values()))),), separated(list(m), separator)) for m in meanings.values()]
        if not pairs:
            return []
        header = (self.say("symbols.symbol"), self.say("symbols.meaning"))
        return [Heading(2, self.say("symbols.heading")), Table(header, tuple(pairs))]

    def program_symbols(self) -> Iterator[tuple[Identifier, Line]]:
        parameters = {p.name for p in self.net.program.parameters}
        sizes = [size for shape in self.net.input_shapes.values() for size in shape]
        inputs = {symbol.name for size in sizes for symbol in symbols_of(size)}
        for name in self.reader.unknowns:
            role = "parameter" if name in parameters else "input" if name in inputs else "program"
            if name not in self.reader.turns:
                yield Identifier(name), self.meaning(name, self.say(f"symbol.{role}"))
        for name in self.reader.turns:
            yield Identifier(name), self.say("symbol.index")

    def meaning(self, name: str, role: Line) -> Line:
        """What a symbol of the program is, with its name where that cannot be seen."""
        seen = self.written(Identifier(name)) in (name, spelled(name))
        return role if seen else self.say("symbol.typed", role=role, name=Code(name))

    def figure_symbols(self) -> Iterator[tuple[Identifier, Line]]:
        for letter in LETTERS:
            yield Identifier(letter, True), self.say(f"symbol.{letter}")

    def formula_symbols(self) -> Iterator[tuple[Identifier, Line]]:
        for symbol, rule in self.outline.symbols:
            key = f"symbol.{symbol.name}"
            known = self.messages.has(key) and (rule in TEXTBOOK or symbol.name.endswith(("_in", "_out")))
            yield symbol, self.say(key) if known else self.say("symbol.own", name=Code(symbol.name), rule=Code(rule))

    def conditions(self) -> Iterator[Element]:
        if self.net.guards:
            yield Paragraph(self.say("conditions"))
            yield Bullets(tuple((Math(condition_tree(c, self.net.order)),) for c in self.net.guards))

    # Parts

    def parts(self, parts: Sequence[OutlinePart], level: int) -> None:
        """The parts one after the other; at the end those of which there is little to say, each in one sentence."""
        here = {part.name for part in parts}
        before: dict[str, list[str]] = {}
        still, reshaping, others = [], [], []
        for part in parts:
            first = part.first
            if first.is_quiet:
                shape = first.stage.output
                if first.stage.tensors:
                    others.append(part.name)
                elif shape in (first.input or (shape,)):
                    still.append(part.name)
                else:
                    reshaping.append(self.say("quiet.output", name=Code(part.name), output=self.shape(shape)))
            elif first.name not in self.told:
                here.add(first.name)
                self.part(first, level)
            elif first.name not in here:
                before.setdefault(first.number, []).append(part.name)
        seen = [self.say("derived.as", names=self.names(names), number=n) for n, names in before.items()]
        self.remark("derived.before", separated(seen, self.messages["semicolon"]))
        self.remark("quiet", self.names(still))
        self.remark("quiet.reshaping", self.some(reshaping))
        self.remark("quiet.others", self.names(others))

    def remark(self, key: str, names: Line) -> None:
        if names:
            self.paragraph(self.say(key, names=names))

    def part(self, part: OutlinePart, level: int) -> None:
        self.told.add(part.name)
        number = f"{part.number}  " if part.number else ""
        if part.parts is None:
            self.heading(level, number, Code(part.name), self.kind(part.stage.kind))
            self.layer(part)
            return
        stage = part.stage
        if stage.is_block:
            self.heading(level, number, Code(part.name), self.say("block.heading", kind=Code(stage.kind)))
            self.paragraph(self.flow(part), self.equals(part, "also.block"))
        else:
            count = Math(tree(meant(stage.count), self.net.order))
            self.heading(level, number, Code(part.name), self.say("repeat.heading", count=count))
            if stage.index is not None:
                self.paragraph(self.say("repeat.index", index=Math(Identifier(stage.index.name))))
        self.parts(part.parts, min(level + 1, 5))
        word = "block" if stage.is_block else "repeat"
        for what, derived in part.sums.items():
            self.paragraph(self.say(f"{word}.{DERIVED[what].message}"))
            self.elements.append(Display(derived.chain))

    def heading(self, level: int, number: str, name: Code, kind: Line) -> None:
        self.elements.append(Heading(level, self.say("heading", number=number, name=name, kind=kind)))

    def layer(self, part: OutlinePart) -> None:
        self.paragraph(
            self.flow(part),
            self.say("no.parameters") if PARAMS.name in self.what and not part.stage.tensors else (),
            *self.notes(part.stage),
            self.equals(part, "also"),
        )
        self.sums_of(part, PARAMS.name)
        for output in part.outputs:
            if output.likewise:
                sides = (*output.chain.target, output.chain.rows[-1])
                self.paragraph(self.say("size.likewise", size=Math(Related("=", sides))))
            else:
                self.derived(output, "size.given", "size")
        self.sums_of(part, *(what for what in part.sums if what != PARAMS.name))

    def sums_of(self, part: OutlinePart, *figures: str) -> None:
        for what in figures:
            if what in part.sums:
                message = DERIVED[what].message
                self.derived(part.sums[what], f"{message}.given", message)

    def derived(self, derived: Derived, given: str, plain: str) -> None:
        values = self.formulas(said(derived.given, self.written))
        self.paragraph(self.say(given, values=values) if values else self.say(plain))
        self.elements.append(Display(derived.chain))

    def flow(self, part: OutlinePart) -> Line:
        output = self.shape(part.stage.output)
        if not part.input:
            return self.say("flow.out", output=output)
        if part.input == (part.stage.output,):
            return self.say("flow.same", output=output)
        inputs = separated([self.shape(shape) for shape in part.input], self.messages["comma"])
        return self.say("flow", input=inputs, output=output)

    def equals(self, part: OutlinePart, key: str) -> Line:
        return self.say(key, names=self.names(part.also)) if part.also else ()

    def notes(self, stage: Stage) -> Iterator[Line]:
        here = [g.condition for g in stage.guards if g.condition in self.stated]
        if here:
            nodes = [condition_tree(c, self.net.order) for c in dict.fromkeys(here)]
            yield self.say("condition.here", conditions=self.formulas(nodes))
        states = [t.name for t in stage.tensors if not t.is_weight and not t.tied]
        if states and PARAMS.name in self.what:
            yield self.say(f"state.{self.net.dialect}", names=self.names(states))
        yield from of_weights(self, stage)

    # Tables and totals

    def where(self) -> None:
        """The table of the blocks that occur more than once."""
        rows: list[tuple[Line, ...]] = []
        for part in walk(self.outline.parts):
            if part.parts is not None and part.stage.is_block and part.also:
                count = total_tree(meant(self.reader.figure(PARAMS.name, part.stage)), self.net.order)
                each = (Math(count),)
                names = self.names([part.name, *part.also])
                rows.append(((Code(part.stage.kind),), (Code(part.name),), names, each))
        if rows:
            keys = ("where.block", "where.first", "where.all", "where.parameters")
            self.elements.append(Heading(2, self.say("where.heading")))
            self.elements.append(Table(tuple(map(self.say, keys)), tuple(rows), frozenset({3})))

    def summary(self) -> None:
        """The tables of all layers, and the totals as sums."""
        chains = self.outline.sums
        self.elements.append(Heading(2, self.say("table.heading")))
        counted = {what: chain for what, chain in chains.items() if chain.value != 0}
        for what, chain in counted.items():
            self.table(what, f"table.{DERIVED[what].message}", chain.value)
        if not counted:
            self.outputs()
        if any(is_share(chain.value) for chain in counted.values()):
            self.paragraph(self.say("table.rounded"))
        if chains:
            self.elements.append(Heading(2, self.say("total.heading")))
        for what, chain in chains.items():
            message = DERIVED[what].message
            self.paragraph(self.say(f"total.{message}" if what in counted else f"total.no.{message}"))
            if what in counted:
                self.elements.append(Display(chain))

    def outputs(self) -> None:
        """The table of all layers where nothing is counted."""
        stages = [(entry.name, entry.part.stage) for entry in self.lines(PARAMS.name)]
        rows = [(name, self.kind(stage.kind), (self.shape(stage.output),)) for name, stage in stages]
        header = tuple(map(self.say, ("table.layer", "table.kind", "table.output")))
        self.elements.append(Table(header, tuple(rows)))

    def lines(self, what: str) -> list[Entry]:
        """The lines of a table; those of a long one without what counts nothing."""
        lines = list(self.rows(what, self.outline.parts, lambda value: value, ()))
        return [line for line in lines if line.value != 0] if len(lines) > 30 and what in self.what else lines

    def table(self, what: str, title: str, whole: Quantity) -> None:
        rows: list[tuple[Line, ...]] = []
        running: Quantity = 0
        numeric = is_share(whole)
        for entry in self.lines(what):
            stage, value = entry.part.stage, entry.value
            running = total((running, value))
            row = [
                entry.name,
                self.kind(stage.kind),
                (self.shape(stage.output),),
                self.count(value),
                self.count(running),
            ]
            if numeric:
                share = divide(value, whole)
                assert isinstance(share, (int, Fraction))
                row.append((text.percent(share),))
            rows.append(tuple(row))
        keys = ["table.layer", "table.kind", "table.output", title, "table.running"]
        last = [self.say("total.heading"), (), (), self.count(whole), ()]
        if numeric:
            keys.append("table.share")
            last.append(("100 %",))
        rows.append(tuple(last))
        self.elements.append(Table(tuple(map(self.say, keys)), tuple(rows), frozenset({3, 4, 5}), True))

    def rows(
        self,
        what: str,
        parts: Sequence[OutlinePart],
        turns: Callable[[Quantity], Quantity],
        times: tuple[Quantity, ...],
    ) -> Iterator[Entry]:
        """The lines of a table of parts: repeats are opened, blocks are not."""
        for part in parts:
            stage = part.stage
            if part.first.parts is not None and not stage.is_block:

                def outer(value: Quantity, stage: Stage = stage) -> Quantity:
                    from ..closed_forms.polynomial import multiply
                    from ..closed_forms.sums import sum_over

                    inside = sum_over(value, stage.index, stage.count) if stage.index else multiply(value, stage.count)
                    return turns(inside)

                yield from self.rows(what, part.first.parts, outer, (*times, stage.count))
                continue
            value = turns(self.reader.figure(what, stage, all_turns=True))
            name: Line = (Code(stage.name),)
            for count in times:
                node = tree(meant(count), self.net.order)
                factor = ("(", Math(node), ")") if isinstance(node, Add) else Math(node)
                name = flat((name, " × ", factor))
            yield Entry(name, part, value)
