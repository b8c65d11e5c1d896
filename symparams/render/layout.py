"""What the renderers of documents share: elements one after the other, lines of text with formulas in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..derive.document import (
    Blank,
    Bullets,
    Code,
    Display,
    Document,
    Element,
    Heading,
    Line,
    Listing,
    Math,
    NewPage,
    Paragraph,
    Shares,
    Strong,
    Table,
    Windows,
)
from ..formula.printer import Notation
from ..formula.tree import Add, Called, Mul, Related, ShapeOf, Tree, children
from .share_bars import bars_text
from .sliding_windows import window_text

# A place to write in is no wider, in characters.
MOST_OF_A_BLANK = 40


class Layout:
    """Renders a document element by element; a target says how each looks, its notation how formulas do."""

    notation: Notation

    def render(self, document: Document) -> str:
        return self.joined([self.title(document.title), *map(self.element, document.elements)])

    def body(self, document: Document) -> str:
        """The document without its title."""
        return self.joined(list(map(self.element, document.elements)))

    def joined(self, blocks: list[str]) -> str:
        return "\n\n".join(block for block in blocks if block) + "\n"

    def element(self, element: Element) -> str:
        return _ELEMENTS[type(element)](self, element)

    def line(self, line: Line) -> str:
        shown: list[str] = []
        for part in line:
            if isinstance(part, Math):
                shown.append(self.inline(part))
            elif isinstance(part, Blank):
                shown.append(self.blank(part))
            elif isinstance(part, Strong):
                shown.append(self.strong(part.text))
            else:
                shown.append(self.code(part.text) if isinstance(part, Code) else self.prose(part))
        return "".join(shown)

    def formula(self, part: Math) -> str:
        """The formula as its notation writes it, without commas in numbers where there are others around it."""
        return (self.notation.between_commas() if part.listed else self.notation).show(part.node)

    def title(self, line: Line) -> str:
        raise NotImplementedError

    def inline(self, formula: Math) -> str:
        raise NotImplementedError

    def code(self, text: str) -> str:
        raise NotImplementedError

    def strong(self, text: str) -> str:
        return self.prose(text)

    def blank(self, part: Blank) -> str:
        return "_" * min(part.width, MOST_OF_A_BLANK)

    def prose(self, text: str) -> str:
        return text

    def heading(self, element: Heading) -> str:
        raise NotImplementedError

    def paragraph(self, element: Paragraph) -> str:
        return self.line(element.line)

    def bullets(self, element: Bullets) -> str:
        raise NotImplementedError

    def display(self, element: Display) -> str:
        raise NotImplementedError

    def table(self, element: Table) -> str:
        raise NotImplementedError

    def listing(self, element: Listing) -> str:
        raise NotImplementedError

    def new_page(self, element: NewPage) -> str:
        return self.title(element.title)

    def shares(self, element: Shares) -> str:
        """The picture in characters, as a listing."""
        return self.listing(Listing(bars_text(element)))

    def windows(self, element: Windows) -> str:
        """The picture in characters, as a listing."""
        return self.listing(Listing(window_text(element)))


_ELEMENTS: dict[type, Callable[[Layout, Any], str]] = {
    Heading: lambda layout, e: layout.heading(e),
    Paragraph: lambda layout, e: layout.paragraph(e),
    Bullets: lambda layout, e: layout.bullets(e),
    Display: lambda layout, e: layout.display(e),
    Table: lambda layout, e: layout.table(e),
    Listing: lambda layout, e: layout.listing(e),
    NewPage: lambda layout, e: layout.new_page(e),
    Windows: lambda layout, e: layout.windows(e),
    Shares: lambda layout, e: layout.shares(e),
}


def fitted(widths: Sequence[float], least: Sequence[float], room: float) -> list[float]:
    """The widths of columns, the widest of them as much narrower as the room needs, none below what it must have."""
    if sum(widths) <= room:
        return list(widths)
    low, high = 0.0, max(widths)
    for _ in range(40):
        limit = (low + high) / 2
        if sum(min(w, max(limit, m)) for w, m in zip(widths, least)) > room:
            high = limit
        else:
            low = limit
    return [min(width, max(low, most)) for width, most in zip(widths, least)]


def pieces(node: Tree) -> Iterator[Tree]:
    """The parts of a formula between which a line of text may break; what stands in brackets stays together."""
    if isinstance(node, (Related, ShapeOf, Called, Add)):
        for part in children(node):
            yield from pieces(part)
    elif isinstance(node, Mul) and node.crossed:
        yield from node.factors
    else:
        yield node
