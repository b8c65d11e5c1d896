"""Plain text for the terminal."""

from __future__ import annotations

import re
from itertools import zip_longest

from ..derive.document import Bullets, Display, Heading, Line, Listing, Math, NewPage, Paragraph, Table
from ..errors import display_width
from ..formula.text import TextNotation
from ..formula.tree import ShapeOf
from .layout import Layout, fitted

WIDTH = 80
# A column of a table is no wider for a single word than this.
MOST_OF_A_WORD = 24
_CLOSING = "[,.;:)\uff0c\u3002\uff1b\uff1a\u3001\uff09]"
_WIDE = "\u3000-\u9fff\uff00-\uffef"
# What stays on one line: a word with the mark that closes it, in Chinese one character.
_WORD = re.compile(rf"[{_WIDE}]{_CLOSING}* *|[^ {_WIDE}]+{_CLOSING}* *")
# The space within a formula in a line of text.
_FIXED = "\xa0"


class TextPage(Layout):
    notation: TextNotation

    def __init__(self, notation: TextNotation):
        self.notation = notation

    def title(self, line: Line) -> str:
        return self.underlined(self.line(line), "=")

    def new_page(self, element: NewPage) -> str:
        return f"{'-' * WIDTH}\n\n{self.title(element.title)}"

    def underlined(self, text: str, mark: str) -> str:
        return f"{text}\n{mark * display_width(text)}"

    def inline(self, formula: Math) -> str:
        """A formula, which stays on one line where it is not too long; a long shape breaks between its sizes."""
        text = self.formula(formula)
        if isinstance(formula.node, ShapeOf) and not _is_short(text):
            return self.notation.brackets(", ".join(map(_together, self.notation.items(formula.node.items))))
        return _together(text)

    def paragraph(self, element: Paragraph) -> str:
        return wrapped(self.line(element.line))

    def code(self, text: str) -> str:
        return text

    def heading(self, element: Heading) -> str:
        text = self.line(element.line).replace(_FIXED, " ")
        return self.underlined(text, "-") if element.level == 2 else text

    def bullets(self, element: Bullets) -> str:
        return "\n".join(wrapped(self.line(line), "  ") for line in element.lines)

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
        rows = [[self.line(cell).replace(_FIXED, " ") for cell in row] for row in (element.header, *element.rows)]
        every = range(len(element.header))
        widths = [max(display_width(row[i]) for row in rows) for i in every]
        words = [[display_width(word) for row in rows for word in row[i].split(" ")] for i in every]
        least = [w if i in element.right else min(max(words[i]), MOST_OF_A_WORD) for i, w in enumerate(widths)]
        columns = [int(width) for width in fitted(widths, least, WIDTH - 2 * len(widths))]
        folded = [[wrapped(cell, "", width).split("\n") for cell, width in zip(row, columns)] for row in rows]
        lines = [_row(cells, columns, element) for cells in folded]
        rule = "  ".join("-" * width for width in columns)
        lines.insert(1, rule)
        if element.totals:
            lines.insert(-1, rule)
        return "\n".join(f"  {line}".rstrip() for text in lines for line in text.split("\n"))


def _row(cells: list[list[str]], widths: list[int], element: Table) -> str:
    """The cells of a row side by side, each in its lines."""
    shown = zip_longest(*cells, fillvalue="")
    return "\n".join(
        "  ".join(_cell(cell, width, i in element.right) for i, (cell, width) in enumerate(zip(line, widths)))
        for line in shown
    )


def _is_short(text: str) -> bool:
    return display_width(text) < WIDTH // 2


def _together(text: str) -> str:
    return text.replace(" ", _FIXED) if _is_short(text) else text


def _cell(text: str, width: int, right: bool) -> str:
    gap = " " * (width - display_width(text))
    return gap + text if right else text + gap


def wrapped(text: str, margin: str = "", width: int = WIDTH) -> str:
    """The text in lines of no more than so many columns, where its words allow it."""
    lines = [""]
    for word in _WORD.findall(text):
        if lines[-1] and display_width(margin + lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    return "\n".join(margin + line.rstrip(" ").replace(_FIXED, " ") for line in lines)
