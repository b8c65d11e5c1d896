"""The part of a page that derives each block once, in letters of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..closed_forms.conditions import negate
from ..closed_forms.polynomial import Symbol, expression
from ..closed_forms.powers import meant
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..evaluate.expressions import Scope, truth
from ..evaluate.figures import DERIVED
from ..formula.textbook_order import condition_tree, factored_tree, total_tree
from ..formula.tree import Add, Braced, Identifier, Tree
from ..language.parameters import names_in
from .block_catalogue import Catalogue
from .document import Code, Display, Element, Line, Math, Paragraph
from .lettered import BlockUse, Lettered
from .messages import Messages
from .outline import Reader
from .page_rows import MAX_PARTS, PageRow, Rows, called, closed_form, parts_of
from .page_tables import Tables
from .prose import Prose
from .steps import Chain, Step

# A sum of more summands is not written with a name under each.
MAX_BRACES = 6


class BlocksSection(Prose):
    """Tells the blocks in letters: what flows in, their layers, and their figures as formulas of the letters."""

    def __init__(self, net: CoreNetwork, messages: Messages, catalogue: Catalogue):
        super().__init__(net, messages)
        self.catalogue = catalogue
        self.makers = {id(block): Rows(self, catalogue, block.reader) for block in catalogue.blocks}
        self.rows = {id(block): self.makers[id(block)].of(block.part.parts or ()) for block in catalogue.blocks}

    def told(self) -> Iterator[Element]:
        for block in self.catalogue.blocks:
            rows = self.rows[id(block)]
            yield Paragraph(self.sentences([(Code(block.definition.name),), *self.introduction(block)]))
            yield from Tables(self, self.makers[id(block)]).of(rows)
            counted = [what for what in block.reader.summed if block.reader.figure(what, block.part.stage) != 0]
            for what in counted:
                if len(counted) > 1:
                    yield Paragraph(self.say(f"block.{DERIVED[what].message}"))
                yield Display(self.chain(block, what, rows))

    def introduction(self, block: Lettered) -> Iterator[Line]:
        conditions = list(self.decided(block))
        if conditions:
            yield self.say("page.case", conditions=self.listed(conditions))
        renamed = {name: key for name, key in block.letters.items() if not key.is_size and name != key.name}
        for name, key in renamed.items():
            yield self.say("page.block.letter", letter=Math(Identifier(name)), name=Code(key.name))
        uses = dict.fromkeys(self.place_of(use) for use in block.uses)
        yield self.say("page.block", input=self.shape(block.part.input[0]), names=self.names(list(uses)))

    def place_of(self, use: BlockUse) -> str:
        """The name of what is used, or the block in letters that it is used in."""
        around = (block.definition.name for block in self.catalogue.blocks if block.reader is use.reader)
        return next(around, use.part.name)

    def decided(self, block: Lettered) -> Iterator[Line]:
        """The conditions that the branches of the block met, those that are of numbers."""
        for condition, held in block.decided:
            letters = {node.name: expression(Symbol(node.name)) for node in names_in(condition)}
            try:
                said = truth(condition, Scope({**letters, **block.words}, block.reader.tracer.scope))
            except SymparamsError:
                continue
            said = said if held else negate(said)
            if not isinstance(said, bool):
                yield (Math(condition_tree(said, self.net.order)),)

    def chain(self, block: Lettered, what: str, rows: Sequence[PageRow]) -> Chain:
        """P_block(C, F) as the sum over its layers, collected, and with what the terms share before a bracket."""
        value = block.reader.figure(what, block.part.stage)
        written = [self.summands(what, rows, block.reader), closed_form(block, what)]
        factored = factored_tree(value, block.reader.net.order)
        written += [factored] if parts_of(factored) <= MAX_PARTS else []
        target: Tree = called(self.catalogue, block, what)
        steps: list[Step] = []
        for reason, node in zip(("add", "simplify", "factor"), written):
            if all(node != step.next for step in steps):
                previous = steps[-1].next if steps else target
                steps.append(Step(previous, node, reason, block.reader.deriver.place))
        return Chain((target,), tuple(steps), value)

    def summands(self, what: str, rows: Sequence[PageRow], reader: Reader) -> Tree:
        counted = [row for row in rows if row.values.get(what, 0) != 0]
        nodes = [total_tree(meant(row.values[what]), reader.net.order) for row in counted]
        if len(nodes) == 1:
            return nodes[0]
        names = [row.part.stage.name for row in counted]
        braced = all(name.isascii() and name.isalnum() for name in names) and max(map(parts_of, nodes)) <= MAX_PARTS
        if braced and len(nodes) <= MAX_BRACES:
            nodes = [Braced(node, name) for node, name in zip(nodes, names)]
        return Add(tuple((False, node) for node in nodes))
