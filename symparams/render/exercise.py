"""Problem sheets: a network, what is given, tables with blanks for what is to be found, and the solution."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..closed_forms.polynomial import Quantity, total
from ..core.network import CoreNetwork
from ..core.trace import call_of
from ..core.values import literal
from ..derive.document import Blank, Code, Document, Element, Heading, Line, Listing, Math, Paragraph, Table
from ..derive.parts import OutlinePart, walk
from ..derive.writing import Writer
from ..errors import UsageFault
from ..evaluate.axes import Value
from ..evaluate.domain import is_symbolic
from ..evaluate.figures import PARAMS
from ..formula.printer import Notation
from ..formula.textbook_order import total_tree
from ..formula.tree import Identifier, Related
from ..language import ir, syntax
from ..language.unparse import signature, unparse
from ..sampling import admissible
from .derivation import Derivation

# Tables of more rows leave out the layers in which there is nothing to find.
FEW_ROWS = 20


class Exercise(Derivation):
    """A problem sheet, in every format of a derivation but JSON. `values` are the numbers that were drawn."""

    def __init__(
        self,
        net: CoreNetwork,
        values: Mapping[str, Any] | Iterable[tuple[str, Any]],
        solutions: bool,
        lang: str,
        thousands: str,
    ):
        super().__init__(net, lang=lang, thousands=thousands)
        self.values = dict(values)
        self.solutions = solutions

    def json(self) -> str:
        raise UsageFault("an exercise has no JSON", None, "'symparams derive --format json' has the solution")

    def formula(self) -> str:
        raise UsageFault(
            "an exercise has no formula of its own", None, "'symparams derive --format formula' has the answer"
        )

    def _repr_latex_(self) -> None:
        """A sheet is no formula."""

    def document(self, notation: Notation) -> Document:
        """The problem, and with `solutions` the answers and the derivation after it."""
        writer = self.writer(notation)
        sheet = _Sheet(writer)
        elements = [*sheet.problem(), Heading(2, writer.say("exercise.tables")), *sheet.tables(sheet.blank)]
        if self.solutions:
            elements += [Heading(2, writer.say("exercise.answers")), *sheet.tables(sheet.answer)]
            elements += [Heading(2, writer.say("exercise.solution")), *map(_deeper, writer.document().elements)]
        name: Any = Code(self.net.name) if self.net.name else self.messages["untitled"]
        return Document(writer.say("exercise.title", name=name), tuple(elements), self.messages["language"])

    def _made_from(self) -> tuple[Any, ...]:
        return self.net, tuple(self.values.items()), self.solutions, self.lang, self.thousands


def exercise(
    net: CoreNetwork, seed: int | None = None, solutions: bool = False, lang: str = "en", thousands: str = "comma"
) -> Exercise:
    """A problem sheet for a network: with a seed, numbers are drawn for its symbols within its conditions.

    Without a seed symbols stay symbols, and the answers are formulas. Raises SymparamsError where no numbers are found.
    """
    values, concrete = ({}, net) if seed is None else admissible(net, random.Random(seed))
    return Exercise(concrete, values, solutions, lang, thousands)


class _Sheet:
    """The elements of a problem sheet."""

    def __init__(self, writer: Writer):
        self.writer = writer
        self.net = writer.net
        self.parts = writer.outline.parts
        self.say = writer.say
        self.definitions = {definition.name: definition for definition in writer.net.program.definitions}

    # What is given

    def problem(self) -> Iterator[Element]:
        writer, net = self.writer, self.net
        task = [self.say("exercise.task")]
        if any(part.parts is not None and not part.stage.is_block for part in walk(self.parts)):
            task.append(self.say("exercise.task.times"))
        if net.symbols:
            symbols = writer.formulas(Identifier(name) for name in net.symbols)
            task.append(self.say("exercise.task.symbols", symbols=symbols))
        yield self.paragraph(*task)
        inputs = writer.listed([writer.shape(shape) for shape in net.input_shapes.values()])
        values = writer.formulas(
            Related("=", (Identifier(name), total_tree(value, net.order))) for name, value in self.numbers().items()
        )
        given = [self.say("exercise.values", values=values)] if values else []
        if any(not tensor.is_weight for stage in net.stages for tensor in stage.all_tensors()):
            given.append(self.say(f"exercise.counting.{net.dialect}"))
        yield Heading(2, self.say("exercise.given"))
        yield self.paragraph(self.say("exercise.input", input=inputs), *given)
        yield from writer.conditions()
        yield Heading(2, self.say("exercise.network"))
        yield Listing(unparse(self.program()))
        if signatures := self.signatures():
            layers = writer.listed([Code(text) for text in signatures])
            yield self.paragraph(self.say("exercise.defaults", layers=layers))

    def paragraph(self, *sentences: Line) -> Paragraph:
        return Paragraph(self.writer.sentences(sentences))

    def numbers(self) -> dict[str, int | Fraction]:
        """The numbers that the parameters of the network and its symbols have."""
        bound: dict[str, Value] = {**self.net.values, **self.writer.reader.tracer.scope.names}
        names = dict.fromkeys((*(p.name for p in self.net.program.parameters), *self.net.values))
        found = {name: bound.get(name) for name in names}
        return {n: v for n, v in found.items() if isinstance(v, (int, Fraction)) and not isinstance(v, bool)}

    def program(self) -> ir.Program:
        """The program with the values of its parameters as their defaults, and without what is for LaTeX."""
        program, parameters = self.net.program, tuple(map(self.parameter, self.net.program.parameters))
        return program.replaced(parameters=parameters, spellings=())

    def parameter(self, parameter: syntax.Parameter) -> syntax.Parameter:
        value = self.writer.reader.tracer.scope.names[parameter.name]
        if is_symbolic(value):
            default = None if parameter.name in self.net.symbols else parameter.default
        else:
            default = literal(value)
        return syntax.Parameter(parameter.name, None, default, parameter.variadic)

    def signatures(self) -> list[str]:
        """The standard layers with their arguments and defaults, those that have any."""
        own = {rule.name for rule in self.net.program.rules}
        rules = {part.rule.name: part.rule for part in walk(self.parts) if part.rule and part.rule.name not in own}
        used = [rule for rule in rules.values() if any(p.default for p in rule.parameters)]
        return [signature(rule.name, rule.parameters) for rule in used]

    # Tables

    def blank(self, value: Any) -> Line:
        return (Blank(),)

    def answer(self, value: Any) -> Line:
        return (self.writer.shape(value),) if isinstance(value, tuple) else self.writer.count(value)

    def tables(self, cell: Any) -> Iterator[Element]:
        """A table for each kind of block, inner ones first, and one for the whole network."""
        groups: dict[str, list[OutlinePart]] = {}
        for part in _blocks(self.parts):
            kind = part.stage.kind
            groups.setdefault(f"def {kind}" if kind in self.definitions else part.name, []).append(part)
        for alike in groups.values():
            first = max(alike, key=lambda part: len(part.parts or ()))
            yield Heading(3, self.say("exercise.block", name=Code(first.name)))
            names = [name for part in alike for name in (part.name, *part.also) if name != first.name]
            if names and cell == self.blank:
                yield self.paragraph(self.say("exercise.block.also", names=self.writer.names(names)))
            assert first.parts is not None
            yield from self.table(first.parts, cell, running=False)
        yield Heading(3, self.say("exercise.whole"))
        yield from self.table(self.parts, cell, running=True)

    def table(self, parts: list[OutlinePart], cell: Any, running: bool) -> Iterator[Element]:
        entries = list(self.writer.rows(PARAMS.name, parts, lambda value: value, ()))
        if len(entries) > FEW_ROWS:
            told = [entry for entry in entries if not _keeps_all(entry.part)]
            if len(told) < len(entries):
                yield self.paragraph(self.say("exercise.left.out"))
            entries = told
        for index in dict.fromkeys(part.stage.index for part in walk(parts) if part.stage.index):
            yield self.paragraph(self.say("repeat.index", index=Math(Identifier(index.name))))
        rows: list[tuple[Line, ...]] = []
        sum_: Quantity = 0
        for entry in entries:
            sum_ = total((sum_, entry.value))
            stage = entry.part.stage
            row = (entry.name, (Code(call_of(stage, brief=True)),), cell(stage.output), cell(entry.value))
            rows.append((*row, cell(sum_)) if running else row)
        rows.append((self.say("exercise.sum"), (), (), cell(sum_), *(((),) if running else ())))
        keys = ["table.layer", "exercise.program", "table.output", "table.parameters", "table.running"][: 4 + running]
        yield Table(tuple(map(self.say, keys)), tuple(rows), frozenset({3, 4}))


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


def _deeper(element: Element) -> Element:
    return replace(element, level=element.level + 1) if isinstance(element, Heading) else element
