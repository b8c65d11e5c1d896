"""What the kinds of questions share: the network that they are about, and what a question consists of."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..closed_forms.polynomial import Quantity
from ..core.trace import Origin, origin_of
from ..derive.block_catalogue import Catalogue
from ..derive.clashes import Written
from ..derive.document import Blank, Element, Line, Math, Paragraph, separated
from ..derive.messages import Messages
from ..derive.outline import Outline, Reader
from ..derive.parts import OutlinePart, walk
from ..derive.writing import Writer
from ..errors import SymparamsError, display_width
from ..evaluate.model import Shape
from ..formula import text
from ..formula.tree import Identifier, Numeral, Related

# So much wider than an answer is the place for it.
ROOM = 3


class NoQuestion(SymparamsError):
    """A kind of question that makes no sense for a network."""


@dataclass(frozen=True)
class Task:
    """A task with its points, and its solution."""

    points: int
    task: tuple[Element, ...]
    solution: tuple[Element, ...]


class Setting(Writer):
    """One network with its derivation, about which questions are asked; `seed` decides which."""

    def __init__(
        self, reader: Reader, outline: Outline, catalogue: Catalogue, messages: Messages, written: Written, seed: int
    ):
        super().__init__(reader.net, reader, outline, messages, written)
        self.catalogue = catalogue
        self.seed = seed

    def choice(self, key: str) -> random.Random:
        """Chances of a question of its own: what else is asked does not matter."""
        return random.Random(f"{self.seed} {key}")

    def sentences_of(self, *sentences: Line) -> Paragraph:
        return Paragraph(self.sentences(sentences))

    def layers(self) -> Iterator[tuple[OutlinePart, Origin]]:
        """The layers that have a rule, each once."""
        for part in walk(self.outline.parts):
            origin = origin_of(part.stage)
            if part.parts is None and not part.like and origin is not None and origin.rule is not None:
                yield part, origin

    def layer_name(self, part: OutlinePart) -> Line:
        return self.names([part.name])

    def shown_width(self, value: Quantity | Shape) -> int:
        """How wide an answer is."""
        order = self.net.order
        shown = text.shapes([value], order) if isinstance(value, tuple) else text.total(value, order)
        return display_width(shown)

    def values(self, name: str, numbers: Sequence[int]) -> Line:
        """One of these values, in order: p = 3, p = 3 or p = 4, 3 <= p <= 8."""
        symbol = Identifier(name)
        first, last = numbers[0], numbers[-1]
        if len(numbers) > 2 and last - first == len(numbers) - 1:
            return (Math(Related("<=", (Numeral(first), symbol, Numeral(last)))),)
        equations = [Math(Related("=", (symbol, Numeral(number)))) for number in numbers]
        return separated(equations, self.messages["exercise.or"])

    def blank(self, *answers: Quantity | Shape) -> Blank:
        """A place for any of these answers."""
        return Blank(max(map(self.shown_width, answers)) + ROOM)

    def numbers_only(self, what: str) -> None:
        """Raises NoQuestion for a network in which symbols are left."""
        if self.net.symbols:
            fault = f"{what} takes a network of numbers, and {', '.join(self.net.symbols)} are symbols"
            raise NoQuestion(fault, None, "--seed draws numbers, --set puts them in")


def lettered(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Lines with (a), (b), (c) before them."""
    for place, line in enumerate(lines):
        yield (f"({chr(ord('a') + place)})",), line
