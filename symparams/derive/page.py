"""The page that is handed out: network and result, rules with reasons, blocks in letters, the table, the sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from ..closed_forms.conditions import Condition, as_meant
from ..closed_forms.polynomial import Quantity
from ..closed_forms.powers import meant
from ..closed_forms.quotients import divide
from ..core.network import CoreNetwork
from ..errors import printable
from ..evaluate.figures import DERIVED, OUTPUT, PARAMS
from ..formula.spelling import spelled
from ..formula.text import percent
from ..formula.textbook_order import condition_tree, total_tree
from ..formula.tree import Add, Identifier, Numeral, Related
from .block_catalogue import Catalogue
from .clashes import Written
from .document import Bullets, Code, Display, Document, Element, Line, Listing, Math, Paragraph, Shares, Strong
from .layer_notes import of_weights
from .messages import Messages
from .page_blocks import BlocksSection
from .page_remarks import remarks
from .page_rows import PageRow, Rows
from .page_rules import RulesSection
from .page_tables import MAX_SUMMANDS, Tables
from .parts import walk
from .prose import Prose
from .shown_symbols import is_share
from .steps import BRIEF, Chain, Step

# A program of more lines is not shown.
MAX_LINES = 60
# A condition names no more layers that ask for it.
MAX_OWNERS = 3
# A picture has no more bars.
MAX_BARS = 12


class Page(Prose):
    """Writes the page of one network; in brief, only the result and the table."""

    def __init__(self, net: CoreNetwork, catalogue: Catalogue, messages: Messages, written: Written, pictures: bool):
        super().__init__(net, messages)
        self.pictures = pictures
        self.written = written
        self.reader, self.outline = catalogue.reader, catalogue.outline
        self.what = self.reader.what
        self.catalogue = catalogue
        self.maker = Rows(self, catalogue, self.reader)
        self.rows = self.maker.of(self.outline.parts)
        self.blocks = BlocksSection(net, messages, catalogue)

    def document(self) -> Document:
        brief = self.reader.detail == BRIEF
        if not brief:
            self.elements += self.given()
        self.elements.append(self.result())
        if not brief:
            layers = (row.part.first for row in self.in_order(self.rows))
            self.elements += self.section("page.rules", RulesSection(self.net, self.messages, self.reader).told(layers))
        if self.catalogue.blocks:
            self.elements += self.section("page.blocks", self.blocks.told())
        self.elements += self.layers()
        self.elements += self.conditions()
        self.elements += self.section("page.sum", self.sums())
        return Document(self.title(), tuple(self.elements), self.messages["language"])

    def title(self) -> Line:
        name: Line = (Code(self.net.name),) if self.net.name else (self.messages["untitled"],)
        figures = [(self.messages[f"figure.{name}"],) for name in DERIVED if name in self.what]
        return self.say("page.title", name=name, figures=self.enumerated(figures))

    def section(self, key: str, elements: Iterable[Element]) -> Iterator[Element]:
        """Words that say what follows, and that, where there is anything."""
        found = list(elements)
        if found:
            yield self.begun(key)
            yield from found

    def begun(self, key: str, *sentences: Line) -> Paragraph:
        """A paragraph that begins with the words that say what it is about."""
        return Paragraph(self.sentences([(Strong(self.messages[key]),), *sentences]))

    def in_order(self, rows: Iterable[PageRow]) -> Iterator[PageRow]:
        """All rows in the order of the program, those of a block where it is used."""
        for row in rows:
            yield row
            case = self.catalogue.case(row.part)
            if case:
                yield from self.in_order(self.blocks.rows[id(case[0])])

    # Network and result

    def given(self) -> Iterator[Element]:
        inputs = self.listed([self.shape(shape) for shape in self.net.input_shapes.values()])
        counting = self.say(f"page.counting.{self.net.dialect}") if PARAMS.name in self.what else ()
        yield self.begun("page.network", self.say("page.input", input=inputs), counting, *self.symbols())
        yield from self.listing()

    def symbols(self) -> Iterator[Line]:
        """The values put in, and the symbols that are left."""
        values = {name: value for name, value in self.net.values.items() if isinstance(value, int)}
        if values:
            pairs = [Math(Related("=", (Identifier(name), Numeral(int(value))))) for name, value in values.items()]
            yield self.say("page.values", values=self.some(pairs))
        unknowns = list(map(self.symbol, self.net.symbols))
        if unknowns:
            key = "page.symbols.conditions" if self.net.guards else "page.symbols"
            yield self.say(key, symbols=self.some(unknowns))

    def symbol(self, name: str) -> Line:
        """A symbol of the program, with what is typed for it where that cannot be seen."""
        shown = (Math(Identifier(name)),)
        seen = self.written(Identifier(name)) in (name, spelled(name))
        return shown if seen else self.say("symbol.typed", role=shown, name=Code(name))

    def listing(self) -> Iterator[Element]:
        """The program as it was written, without comments, where it is no longer than a page."""
        written = map(printable, self.net.program.body[0].span.source.text.split("\n"))
        lines = [line for line in (line.partition("#")[0].rstrip() for line in written) if line]
        if len(lines) <= MAX_LINES:
            yield Listing("\n".join(line for line in lines if not line.startswith("latex ")))

    def result(self) -> Paragraph:
        facts: list[Line] = []
        for what, chain in self.outline.sums.items():
            letter, value = Identifier(DERIVED[what].letter, True), total_tree(chain.value, self.net.order)
            facts.append(self.say(f"page.result.{what}", value=Math(Related("=", (letter, value)))))
        if OUTPUT.name in self.what and self.net.output_shapes:
            outputs = self.listed([self.shape(shape) for shape in self.net.output_shapes])
            facts.append(self.say("page.result.output", output=outputs))
        if PARAMS.name in self.outline.sums:
            facts += remarks(self, self.rows, self.outline.sums[PARAMS.name].value)
        return self.begun("page.result", *facts)

    # The layers, the conditions, the sum

    def layers(self) -> Iterator[Element]:
        if not self.rows:
            yield Paragraph(self.say("no.layers"))
            return
        totals = {what: chain.value for what, chain in self.outline.sums.items()}
        yield from self.section("page.layers", Tables(self, self.maker).of(self.rows, totals))
        yield from self.shares()
        for row in self.rows:
            notes = list(of_weights(self, row.part.first.stage))
            if notes and PARAMS.name in self.what:
                yield Paragraph(self.say("page.note", name=self.names(row.names), note=self.sentences(notes)))

    def shares(self) -> Iterator[Element]:
        """Pictures of the shares of numbers, where pictures are wanted."""
        for what, chain in self.outline.sums.items() if self.pictures else ():
            if is_share(chain.value) and len(self.rows) > 1:
                yield Paragraph(self.say("page.shares", unit=self.messages[f"figure.{what}"]))
                yield Shares(tuple(self.bars(what, chain.value)))

    def bars(self, what: str, whole: Quantity) -> Iterator[tuple[str, float, str]]:
        """The layers that have most, and what is left for the others."""
        shares = {", ".join(row.names): Fraction(str(divide(row.values[what], whole))) for row in self.rows}
        largest = sorted(shares, key=shares.__getitem__, reverse=True)[:MAX_BARS]
        kept = {name: share for name, share in shares.items() if name in largest and share}
        kept[self.messages["page.others"]] = Fraction(1) - sum(kept.values(), Fraction(0))
        yield from ((name, float(share), percent(share)) for name, share in kept.items() if share)

    def conditions(self) -> Iterator[Element]:
        if self.net.guards:
            yield self.begun("page.conditions", self.say("conditions"))
            yield Bullets(tuple(self.condition(guard) for guard in self.net.guards))

    def condition(self, guard: Condition) -> Line:
        """A condition with the layers that ask for it, and the reason where one is known."""
        owners = {
            part.name: part.stage.kind
            for part in walk(self.outline.parts)
            if part.parts is None and any(as_meant(g.condition) == guard for g in part.stage.guards)
        }
        shown: Line = (Math(condition_tree(guard, self.net.order)),)
        if not owners:
            return shown
        return self.say("page.condition", condition=shown, owners=self.names(list(owners)[:MAX_OWNERS]))

    def sums(self) -> Iterator[Element]:
        """The sum of symbolic counts; that of numbers stands under the table, unless there are many."""
        for what, chain in self.outline.sums.items():
            counted = [row for row in self.rows if row.values[what] != 0]
            numbers = all(isinstance(row.values[what], int) for row in counted)
            if len(counted) < 2 or (numbers and len(counted) <= MAX_SUMMANDS):
                continue
            terms = Add(tuple((False, total_tree(meant(row.values[what]), self.net.order)) for row in counted))
            target, whole = Identifier(DERIVED[what].letter, True), total_tree(chain.value, self.net.order)
            place = self.reader.deriver.place
            steps = (Step(target, terms, "add", place), Step(terms, whole, "add", place))
            if len(self.outline.sums) > 1:
                yield Paragraph(self.say(f"total.{DERIVED[what].message}"))
            yield Display(Chain((target,), steps[: 1 if terms == whole else 2], chain.value))
