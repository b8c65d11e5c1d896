"""A layer from first principles: what it is given, what comes out and why, the window that slides, an example."""

from __future__ import annotations

from collections.abc import Iterator

from ..formula.tree import Add, Div, FloorOf, Numeral, Related, Tree
from .block_catalogue import Catalogue
from .document import Document, Element, Line, Listing, Math, Windows
from .general_layers import General
from .outline import Reader
from .page import Page
from .page_rows import Rows
from .page_rules import RulesSection
from .page_tables import Tables

# The rows of the picture, the padding at each end, the window, its steps.
PICTURE = Windows(9, 1, 3, 2)


class GeneralPage(Page):
    """Writes the page of one layer in letters; `example` is the same with numbers."""

    layer: str
    general: General
    example: Reader

    def document(self) -> Document:
        elements: list[Element] = [self.begun("page.network", *self.symbols()), Listing(self.general.program)]
        elements.append(self.result())
        layers = [row.part.first for row in self.rows]
        elements += RulesSection(self.net, self.messages, self.reader).told(layers)
        if self.general.window:
            elements += [
                self.begun("general.window", self.say("general.picture", windows=Math(self.windows()))),
                PICTURE,
            ]
        elements += self.conditions()
        elements += self.section("general.example", self.numbers())
        kind = RulesSection(self.net, self.messages, self.reader).title_of(self.layer)
        title: Line = self.say("general.title", kind=kind.removesuffix(self.messages["page.stop"]))
        return Document(title, tuple(elements), self.messages["language"])

    def windows(self) -> Tree:
        """How many windows fit into the rows of the picture."""
        steps = Add(((False, Numeral(PICTURE.all_rows)), (True, Numeral(PICTURE.kernel))))
        count = Add(((False, FloorOf(Div(steps, Numeral(PICTURE.stride)))), (False, Numeral(1))))
        return Related("=", (count, Numeral(len(PICTURE.starts))))

    def numbers(self) -> Iterator[Element]:
        outline = self.example.outline()
        maker = Rows(self, Catalogue(self.example, outline), self.example)
        yield from Tables(self, maker).of(maker.of(outline.parts))
