"""Markdown: for notebooks, MyST, Quarto and VS Code with $$ blocks, for GitHub with math fences."""

from __future__ import annotations

import re

from ..derive.document import Blank, Bullets, Display, Heading, Line, Listing, Math, NewPage, Table
from ..formula.latex import LatexNotation
from .layout import MOST_OF_A_BLANK, Layout


class Markdown(Layout):
    """Displays between $$ on lines of their own, with blank lines around and none inside."""

    notation: LatexNotation

    def __init__(self, notation: LatexNotation):
        self.notation = notation

    def title(self, line: Line) -> str:
        return f"# {self.line(line)}"

    def inline(self, formula: Math) -> str:
        return f"${self.formula(formula)}$"

    def code(self, text: str) -> str:
        return f"`{text}`"

    def strong(self, text: str) -> str:
        return f"**{self.prose(text)}**"

    def prose(self, text: str) -> str:
        return re.sub(r"([*_`<>|$\[\]\\])", r"\\\1", text)

    def blank(self, part: Blank) -> str:
        return r"\_" * min(part.width, MOST_OF_A_BLANK)

    def new_page(self, element: NewPage) -> str:
        return f"---\n\n{self.title(element.title)}"

    def heading(self, element: Heading) -> str:
        return f"{'#' * min(element.level, 6)} {self.line(element.line)}"

    def bullets(self, element: Bullets) -> str:
        return "\n".join(f"- {self.line(line)}" for line in element.lines)

    def display(self, element: Display) -> str:
        return f"$$\n{self.notation.display(element.chain)}\n$$"

    def listing(self, element: Listing) -> str:
        return f"```text\n{element.text.rstrip()}\n```"

    def table(self, element: Table) -> str:
        marks = ["---:" if i in element.right else "---" for i in range(len(element.header))]
        rows = [element.header, *element.rows]
        lines = ["| " + " | ".join(self.cell(cell) for cell in row) + " |" for row in rows]
        lines.insert(1, "| " + " | ".join(marks) + " |")
        return "\n".join(lines)

    def cell(self, line: Line) -> str:
        return self.line(line)


class GitHub(Markdown):
    """Displays in fences, formulas in a line between $` and `$: nothing in them is read as Markdown."""

    def inline(self, formula: Math) -> str:
        return f"$`{self.formula(formula)}`$"

    def display(self, element: Display) -> str:
        return f"```math\n{self.notation.display(element.chain)}\n```"
