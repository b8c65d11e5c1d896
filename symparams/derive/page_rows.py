"""The rows of a page's tables: one for each layer, in the order of the program, one for each use of a block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..closed_forms.polynomial import Quantity, multiply, symbols_of
from ..closed_forms.powers import meant
from ..closed_forms.sums import sum_over
from ..core.trace import arguments_of, text_of_argument
from ..evaluate.axes import as_quantity
from ..evaluate.domain import is_symbolic
from ..evaluate.expressions import evaluate
from ..evaluate.figures import DERIVED, PARAMS
from ..evaluate.model import Shape, Stage
from ..evaluate.rules import shown
from ..formula.textbook_order import factored_tree, total_tree, tree
from ..formula.tree import Add, Called, Identifier, Related, Tree, children, locals_in, remade
from .block_catalogue import Catalogue
from .document import Code, Inline, Line, Math, flat
from .lettered import BlockUse, Key, Lettered
from .outline import Reader
from .parts import Derived, OutlinePart
from .prose import Prose

# A formula of more parts is not put into numbers, and not written with its factors.
MAX_PARTS = 24
# An argument that is a longer formula is shown as the program has it.
MAX_OF_ARGUMENT = 12

Turns = Callable[[Quantity], Quantity]


@dataclass
class PageRow:
    """A layer, or several that follow each other and are alike, with the layers behind it that only pass on."""

    names: list[str]
    call: Line
    part: OutlinePart
    times: tuple[OutlinePart, ...]
    output: Shape
    sizes: list[Line] = field(default_factory=list)
    cells: dict[str, Line] = field(default_factory=dict)
    values: dict[str, Quantity] = field(default_factory=dict)

    passing: list[str] = field(default_factory=list)

    @property
    def counts_nothing(self) -> bool:
        return all(value == 0 for value in self.values.values())


class Rows:
    """Makes the rows of one network, or of one block in letters; `layers` are the layers that they show."""

    def __init__(self, prose: Prose, catalogue: Catalogue, reader: Reader):
        self.prose = prose
        self.catalogue = catalogue
        self.reader = reader
        self.figures = reader.summed
        self.layers: list[OutlinePart] = []
        self.opened: dict[int, str] = {}

    def of(self, parts: Iterable[OutlinePart], prefix: str = "") -> list[PageRow]:
        rows: list[PageRow] = []
        for row in self.made(parts, prefix, lambda value: value, ()):
            before = rows[-1] if rows else None
            if before and before.times == row.times and self.passes_on(row, before):
                before.passing += row.names
            elif before and before.times == row.times and before.part.first is row.part.first and not before.passing:
                if len(before.names) == 1 and not before.times:
                    before.cells = {what: self.ended(before, what) for what in before.cells}
                before.names += row.names
                before.values = {what: before.values[what] + row.values[what] for what in row.values}
            else:
                rows.append(row)
        return rows

    def passes_on(self, row: PageRow, before: PageRow) -> bool:
        stage = row.part.first.stage
        return row.counts_nothing and not stage.tensors and not row.sizes and row.output == before.output

    def made(
        self, parts: Iterable[OutlinePart], prefix: str, turns: Turns, times: tuple[OutlinePart, ...]
    ) -> Iterator[PageRow]:
        for part in parts:
            first, stage = part.first, part.stage
            case = self.catalogue.case(part)
            if first.parts is None:
                self.layers.append(first)
                yield self.row(part, prefix, turns, times, self.cells_of_layer(first))
            elif case:
                yield self.row(part, prefix, turns, times, self.cells_of_case(part, *case))
            elif stage.is_block and id(first) in self.opened:
                as_before = self.prose.say("page.as", name=Code(self.opened[id(first)]))
                yield self.row(part, prefix, turns, times, dict.fromkeys(self.figures, as_before))
            elif stage.is_block:
                self.opened[id(first)] = prefix + stage.name
                yield from self.made(first.parts, f"{prefix}{stage.name}.", turns, times)
            else:
                yield from self.made(first.parts, prefix, _in_all_turns(stage, turns), (*times, part))

    def row(
        self, part: OutlinePart, prefix: str, turns: Turns, times: tuple[OutlinePart, ...], cells: dict[str, Line]
    ) -> PageRow:
        stage = part.stage
        call = flat((self.call(stage), *map(self.repeated, times)))
        values = {what: turns(self.reader.figure(what, stage, all_turns=True)) for what in self.figures}
        row = PageRow(
            [prefix + stage.name], call, part, times, stage.output, self.sizes(part.first.outputs), cells, values
        )
        if times:
            row.cells = {what: self.ended(row, what) for what in cells}
        return row

    def name(self, row: PageRow) -> Line:
        """The layer with its arguments, and the layers behind it that only pass on."""
        each = self.prose.say("page.each") if len(row.names) > 1 else ()
        passing = [(" → ", Code(name)) for name in row.passing]
        return flat((self.prose.names(row.names), ": ", row.call, each, *passing))

    def repeated(self, repeat: OutlinePart) -> Line:
        """How often a row stands for what it says, or the numbers of the turns that it is a formula of."""
        stage, order = repeat.stage, self.reader.net.order
        if stage.index is not None:
            last = Math(tree(meant(stage.count - 1), order))
            return self.prose.say("page.turns", index=Math(Identifier(stage.index.name)), last=last)
        node = tree(meant(stage.count), order)
        return flat((" × ", ("(", Math(node), ")") if isinstance(node, Add) else Math(node)))

    def call(self, stage: Stage) -> Line:
        """The layer with its arguments, symbols in them as formulas."""
        found: list[Inline] = []
        text = stage.kind
        for i, (name, value, is_plain) in enumerate(arguments_of(stage, brief=True)):
            text += f"{', ' if i else '('}{'' if is_plain else name + '='}"
            node = tree(meant(value), self.reader.net.order) if is_symbolic(value) else None
            if node is None:
                text += shown(value)
            elif parts_of(node) > MAX_OF_ARGUMENT:
                text += text_of_argument(stage, name)
            else:
                found += [Code(text), Math(node, True)]
                text = ""
        return (*found, Code(text + ")" * ("(" in text or bool(found))))

    def ended(self, row: PageRow, what: str) -> Line:
        """The arithmetic with its result, where the count is that of several."""
        return flat((row.cells[what], " ", self.equal_to(self.reader.figure(what, row.part.stage, all_turns=True))))

    def equal_to(self, value: Quantity) -> Line:
        return ("= ", Math(total_tree(meant(value), self.reader.net.order)))

    # Cells

    def cells_of_layer(self, part: OutlinePart) -> dict[str, Line]:
        return {what: self.arithmetic(derived) for what, derived in part.sums.items()}

    def arithmetic(self, derived: Derived) -> Line:
        """The numbers put in and what comes of them, up to the result, which stands in a column of its own."""
        sides = [row for row in derived.chain.rows if not locals_in(row)]
        kept = sides[:-1] or sides
        return (Math(Related("=", tuple(kept))),) if len(kept) > 1 else (Math(kept[0]),)

    def sizes(self, outputs: Sequence[Derived]) -> list[Line]:
        """How each size comes about; its name stands there where the axes differ."""
        found: list[Line] = []
        outputs = [d for d in outputs if not d.likewise or isinstance(d.chain.value, int)]
        for derived in outputs:
            sides = [row for row in derived.chain.rows if not locals_in(row)]
            ends = (sides[0], sides[-1]) if len(sides) > 1 else tuple(sides)
            named = derived.chain.target[-1:] if len(outputs) > 1 else ()
            if len(ends) > 1:
                found.append((Math(Related("=", (*named, *ends))),))
        return found

    def cells_of_case(self, part: OutlinePart, block: Lettered, use: BlockUse) -> dict[str, Line]:
        """The figures of a block that is derived in letters: these put in."""
        cells: dict[str, Line] = {}
        for what in self.figures:
            total = self.reader.figure(what, part.stage)
            if total == 0:
                continue
            formula = factored_tree(block.reader.figure(what, block.part.stage), block.reader.net.order)
            values = self.reader.deriver.values()
            values.local = dict(block.values(use))
            put: dict[Tree, Tree] = {Identifier(name): Identifier(name, True) for name in block.letters}
            call = self.put_in(called(self.catalogue, block, what), block, use)
            chain = self.reader.deriver.chain((call,), remade(formula, put), values, total)
            worked = [row for row in chain.rows if not locals_in(row)][:-1] if what == PARAMS.name else []
            worked = worked if isinstance(total, int) else worked[:1]
            sides = tuple(row for row in worked if parts_of(row) <= MAX_PARTS)
            numbers = Related("=", sides) if len(sides) > 1 else sides[0] if sides else None
            cells[what] = (Math(call), " = ", Math(numbers)) if numbers else (Math(call),)
        return cells

    def put_in(self, call: Called, block: Lettered, use: BlockUse) -> Called:
        """The figure of a block for the numbers of a use."""
        order = self.reader.net.order
        values = block.values(use).items()
        given: dict[Tree, Tree] = {Identifier(name): total_tree(meant(value), order) for name, value in values}
        return Called(call.letter, call.name, tuple(self.worked_out(remade(a, given)) for a in call.arguments))

    def worked_out(self, node: Tree) -> Tree:
        return total_tree(meant(self.reader.deriver.values().of(node)), self.reader.net.order)


def closed_form(block: Lettered, what: str) -> Tree:
    return total_tree(meant(block.reader.figure(what, block.part.stage)), block.reader.net.order)


def called(catalogue: Catalogue, block: Lettered, what: str) -> Called:
    """P_block(C, F): the figure of a block, for what it depends on in any of the ways that it is decided."""
    keys = {key for other in catalogue.alike(block) for key in _decisive(other, what)}
    order, scope = block.reader.net.order, block.reader.tracer.scope
    nodes = [node for key, node in sorted(block.nodes.items(), key=lambda item: not item[0].is_size) if key in keys]
    arguments = tuple(total_tree(as_quantity(evaluate(node, scope)), order) for node in nodes)
    return Called(DERIVED[what].letter, block.definition.name, arguments)


def _decisive(block: Lettered, what: str) -> Iterator[Key]:
    """What is given to a block that its figure depends on; the sizes that flow in go first."""
    used = symbols_of(block.reader.figure(what, block.part.stage))
    symbols = block.symbols
    yield from (key for name, key in block.letters.items() if symbols[name] in used)


def parts_of(node: Tree) -> int:
    """How many parts a formula has."""
    return 1 + sum(map(parts_of, children(node)))


def _in_all_turns(stage: Stage, turns: Turns) -> Turns:
    def inside(value: Quantity) -> Quantity:
        return turns(sum_over(value, stage.index, stage.count) if stage.index else multiply(value, stage.count))

    return inside
