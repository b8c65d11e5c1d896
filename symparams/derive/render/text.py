"""Plain text for the terminal."""

from __future__ import annotations

from ...errors import display_width
from ..document import Bullets, Display, Heading, Line, Listing, Math, Table
from .layout import Layout
from .text_notation import TextNotation


class Text(Layout):
    notation: TextNotation
    blank = "_" * 14

    def __init__(self, notation: TextNotation):
        self.notation = notation

    def title(self, line: Line) -> str:
        return self.underlined(self.line(line), "=")

    def underlined(self, text: str, mark: str) -> str:
        return f"{text}\n{mark * display_width(text)}"

    def inline(self, formula: Math) -> str:
        return self.notation.show(formula.node)

    def code(self, text: str) -> str:
        return text

    def heading(self, element: Heading) -> str:
        text = self.line(element.line)
        return self.underlined(text, "-") if element.level == 2 else text

    def bullets(self, element: Bullets) -> str:
        return "\n".join(f"  {self.line(line)}" for line in element.lines)

    def display(self, element: Display) -> str:
        target = self.notation.target(element.chain)
        margin = " " * (display_width(target) + 2)
        lines: list[str] = []
        for row in self.notation.rows(element.chain):
            start = f"  {target}" if not lines else margin
            lines += [f"{start} = {row[0]}", *(f"{margin}     {line}" for line in row[1:])]
        return "\n".join(lines)

    def listing(self, element: Listing) -> str:
        return "\n".join(f"  {line}" for line in element.text.splitlines())

    def table(self, element: Table) -> str:
        rows = [[self.line(cell) for cell in row] for row in (element.header, *element.rows)]
        widths = [max(display_width(row[i]) for row in rows) for i in range(len(element.header))]
        lines = ["  ".join(_cell(c, w, i in element.right) for i, (c, w) in enumerate(zip(r, widths))) for r in rows]
        rule = "  ".join("-" * width for width in widths)
        lines.insert(1, rule)
        if element.totals:
            lines.insert(-1, rule)
        return "\n".join("  " + line.rstrip() for line in lines)


def _cell(text: str, width: int, right: bool) -> str:
    gap = " " * (width - display_width(text))
    return gap + text if right else text + gap
