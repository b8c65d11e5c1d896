"""Problem sheets: a network with numbers for its symbols and blanks for what is to be found, and the solution."""

from __future__ import annotations

import random
from typing import Any

from .. import syntax
from ..algebra.conditions import with_values
from ..algebra.polynomial import Quantity, Symbol
from ..errors import SymparamsError
from ..network import Network
from .derivation import Derivation
from .document import Code, Document, Element, Heading, Line, Math, Paragraph, Table
from .render.notation import Notation
from .tree import Number, Relation
from .tree import Symbol as Name
from .writing import Writer

ATTEMPTS = 5_000
BLANK = "." * 12


class Exercise(Derivation):
    """A problem sheet, in every format of a derivation but JSON."""

    def __init__(self, net: Network, values: dict[str, int], solutions: bool, lang: str):
        super().__init__(net, lang=lang)
        self.values = values
        self.solutions = solutions

    def to(self, target: str) -> str:
        if target == "json":
            raise SymparamsError("an exercise has no JSON", None, "'symparams derive --format json' has the solution")
        return super().to(target)

    def document(self, notation: Notation) -> Document:
        """The problem, and with `solutions` the derivation after it."""
        writer = self.writer(notation)
        elements: list[Element] = [Paragraph(writer.say("exercise.task"))]
        inputs = [writer.shape(shape) for shape in self.net.input_shapes.values()]
        values = {**defaults(self.net), **self.values}
        given: list[Any] = [Math(Relation("=", (Name(n), Number(v)))) for n, v in values.items()]
        elements.append(Paragraph(writer.say("exercise.input", input=writer.listed(inputs))))
        if given:
            elements.append(Paragraph(writer.say("exercise.values", values=writer.listed(given))))
        elements.append(self.blanks(writer))
        if self.solutions:
            elements.append(Heading(2, writer.say("exercise.solution")))
            elements += writer.document().elements
        name: Any = Code(self.net.name) if self.net.name else self.messages["untitled"]
        return Document(writer.say("exercise.title", name=name), tuple(elements), self.messages.language)

    def blanks(self, writer: Writer) -> Table:
        rows: list[tuple[Line, ...]] = []
        for layer in self.net.rows():
            source = " ".join(layer.row.stage.span.text.split()).removeprefix(f"{layer.row.stage.name}: ")
            shown = Code(source) if len(source) <= 40 else Code(layer.layer)
            name: Line = (Code(layer.name),)
            if layer.count_quantity != 1:
                name = (Code(layer.name), f" × {layer.count_quantity}")
            rows.append((name, (shown,), (BLANK,), (BLANK,)))
        rows.append((writer.say("total.heading"), (), (), (BLANK,)))
        keys = ("table.layer", "exercise.program", "table.output", "table.parameters")
        return Table(tuple(map(writer.say, keys)), tuple(rows), frozenset({3}))


def exercise(net: Network, seed: int = 1, solutions: bool = False, lang: str = "en") -> Exercise:
    """A problem sheet for a network, with numbers drawn for the symbols that it has within its conditions.

    Raises SymparamsError where no numbers are found.
    """
    values = drawn(net, seed)
    return Exercise(net(**values) if values else net, values, solutions, lang)


def defaults(net: Network) -> dict[str, int]:
    """The numbers that the network's parameters have, as far as its first line tells them."""
    found: dict[str, int] = {}
    for parameter in net.program.parameters:
        default = parameter.default.value if isinstance(parameter.default, syntax.Number) else None
        value = net.values.get(parameter.name, default)
        if isinstance(value, int) and parameter.name not in net.symbols:
            found[parameter.name] = value
    return found


def drawn(net: Network, seed: int) -> dict[str, int]:
    """Numbers for the symbols of a network that meet its conditions, the same for the same seed."""
    symbols: dict[str, Symbol] = net.symbols._symbols
    choice = random.Random(seed)
    for _ in range(ATTEMPTS if symbols else 0):
        values = {name: _number(symbol, choice) for name, symbol in symbols.items()}
        put: dict[Symbol, Quantity] = {symbol: values[name] for name, symbol in symbols.items()}
        if all(with_values(condition, put) is True for condition in net.guards):
            try:
                net(**values)
            except SymparamsError:
                continue
            return values
    if symbols:
        raise SymparamsError("no numbers were found that meet the conditions", None, "give some symbols a value: --set")
    return {}


def _number(symbol: Symbol, choice: random.Random) -> int:
    """A number as it stands in exercises: small, or one that computers like."""
    least = symbol.lower or 0
    if least == 0:
        return choice.randint(0, 3)
    small = symbol.name[0].islower()
    return max(least, choice.choice((1, 2, 3, 4, 5, 8) if small else (3, 8, 12, 16, 20, 24, 28, 32, 48, 64)))
