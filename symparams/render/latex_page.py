"""LaTeX: a fragment to \\input, and a document that compiles as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import ceil, inf
from typing import Any

from ..derive.document import (
    Blank,
    Bullets,
    Code,
    Display,
    Document,
    Element,
    Heading,
    Inline,
    Line,
    Listing,
    Math,
    NewPage,
    Paragraph,
    Shares,
    Table,
    Windows,
)
from ..errors import display_width
from ..formula.latex import LatexNotation
from ..formula.spelling import spelled
from ..formula.tree import Called, Related, ShapeOf
from .layout import MOST_OF_A_BLANK, Layout, fitted, pieces
from .share_bars import bars_tikz
from .sliding_windows import window_tikz
from .typesetting import PLAIN, WIDTHS, Typesetting

_LEVELS = {2: "section", 3: "subsection", 4: "subsubsection", 5: "subsubsection"}
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "×": r"$\times$",
    "→": r"$\to$",
    "–": "--",
    "\u2003": r"\quad{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
# The width in points of a character in a place to write in, and of its ends.
WRITTEN, ENDS = 5.5, 8.0
# Longer tables may break over pages, for which LaTeX has to run twice.
MAX_ROWS = 16
# How much of the width a formula in a line of text takes at most; what a displayed one does not have of it.
LINE, INDENT = 0.85, 15.0
# A text that is narrower has no tables.
TABLES = 380.0
# The sizes of type that a table may have to fit on a page, and what sets them.
_TYPES = ((1.0, ""), (0.93, r"\small"), (0.86, r"\footnotesize"), (0.8, r"\scriptsize"))
# The gap between two columns.
GAP = 7.0
# What a table leaves free, as widths are estimates.
SPARE = 7.0
# A shape that is wider may break behind its commas.
TOGETHER = 100.0
# The width that the name before brackets may have.
NAME = 70.0
# How much wider than estimated a formula in a table may be.
CARE = 1.1
# How much of a column a formula in several lines may take, as words and commas stand beside it.
ROOM = 0.66
# A table that fills more of the page than this is set in columns of fixed widths, but for those narrower than that.
LOOSE, NARROW = 0.7, 60.0
# The letters with accents that pdflatex sets; others need xelatex.
_LAST_OF_T1 = "\u017f"
# What ctex's fonts hold beyond ASCII: Latin letters with accents, Chinese and Japanese, wide punctuation.
_SET = re.compile("[\u00c0-\u017f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
# What stays on one line in a name or a call.
_WORDS = re.compile(r" *[^ ._(]*[._(]?")
# The space around formulas.
_SKIPS = (
    r"\abovedisplayskip=4pt plus 2pt\belowdisplayskip=4pt plus 2pt"
    r"\abovedisplayshortskip=2pt\belowdisplayshortskip=4pt plus 2pt"
)
_PACKAGES = r"\usepackage{amsmath,amssymb,booktabs,longtable,array}"


def escaped(text: str) -> str:
    """Text for LaTeX. Letters of scripts that the fonts of a Chinese document lack are written as their numbers."""
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isascii() or _SET.match(character):
        return character
    greek = spelled(character)
    return f"${greek}$" if greek.isascii() else f"U+{ord(character):04X}"


class LatexPage(Layout):
    """A fragment: what stands between \\begin{document} and \\end{document}."""

    notation: LatexNotation

    def __init__(self, notation: LatexNotation, typesetting: Typesetting = PLAIN):
        self.notation = notation
        self.typesetting = typesetting
        self.page = typesetting.width
        self.labels: dict[str, int] = {}
        notation.limit = self.page - INDENT

    def render(self, document: Document) -> str:
        tikz = ", tikz" if _has_pictures(document) else ""
        note = f"% Needs the packages amsmath, amssymb, booktabs, longtable{tikz} and array."
        return f"{note}\n{{\\raggedright\n{_SKIPS}\n\n{self.elements(document)}\n}}\n"

    def elements(self, document: Document) -> str:
        """The elements, formulas in the paragraph that speaks of them: so no page breaks between the two.

        Nor does one between the first paragraph below a heading and a paragraph or a table after it.
        """
        text = ""
        before: list[type[Element]] = []
        for element in document.elements:
            joint = "\n\n" if text else ""
            if before[-1:] == [Paragraph] and isinstance(element, Display):
                joint = "\n"
            elif before[-2:] == [Heading, Paragraph] and isinstance(element, (Paragraph, Table)):
                joint = "\n\n\\nopagebreak\n"
            text += joint + self.element(element)
            before.append(type(element))
        return text + "\n"

    def inline(self, formula: Math) -> str:
        node = formula.node
        width = self.notation.width(node)
        if isinstance(node, (ShapeOf, Called)) and width > 100:
            return self.listed(node, LINE * self.page)
        if width > LINE * self.page:
            return f"${self.notation.within(node, LINE * self.page)}$"
        return f"${self.formula(formula)}$"

    def listed(self, node: ShapeOf | Called, room: float) -> str:
        """A shape, or a figure of what stands in brackets, that may break at commas and before a wide first part."""
        items = node.items if isinstance(node, ShapeOf) else node.arguments
        name = self.notation.figure(node) if isinstance(node, Called) else ""
        inside = self.notation.between_commas()
        shown = [
            inside.show(i) if CARE * inside.line_width(i) + 12 < room else inside.within(i, ROOM * room) for i in items
        ]
        apart = bool(name) and CARE * inside.line_width(items[0]) + NAME > room
        return f"${name}(" + "$ $" * apart + ",$ $".join(shown) + ")$"

    def code(self, text: str) -> str:
        return rf"\texttt{{{re.sub(r'([._(])', breakable, escaped(text))}}}"

    def strong(self, text: str) -> str:
        return rf"\textbf{{{self.prose(text)}}}"

    def prose(self, text: str) -> str:
        return escaped(text)

    def blank(self, part: Blank) -> str:
        return rf"\rule{{0pt}}{{16pt}}\rule{{{blank_width(part):.0f}pt}}{{0.4pt}}"

    def new_page(self, element: NewPage) -> str:
        return f"\\clearpage\n{self.title(element.title)}"

    def title(self, line: Line) -> str:
        return f"\\begin{{center}}\n{{\\LARGE {self.line(line)}}}\n\\end{{center}}"

    def heading(self, element: Heading) -> str:
        return rf"\{_LEVELS[min(element.level + self.typesetting.level, 5)]}*{{{self.line(element.line)}}}"

    def bullets(self, element: Bullets) -> str:
        items = "\n".join(rf"\item {self.line(line)}" for line in element.lines)
        return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"

    def display(self, element: Display) -> str:
        formula = self.notation.display(element.chain)
        if not self.typesetting.numbered:
            return f"\\[\n{formula}\n\\]"
        return f"\\begin{{equation}}\n\\label{{{self.label(element)}}}\n{formula}\n\\end{{equation}}"

    def label(self, element: Display) -> str:
        """A name for a formula, no two alike: eq:P-conv1, eq:P-conv1-2."""
        target = re.sub(r"\\[a-z]+|\(.*", " ", self.notation.target(element.chain))
        name = "eq:" + "-".join(re.findall(r"\w+", target.replace("_", " ")))
        self.labels[name] = self.labels.get(name, 0) + 1
        return name if self.labels[name] == 1 else f"{name}-{self.labels[name]}"

    def shares(self, element: Shares) -> str:
        return f"\\medskip\\noindent\n{bars_tikz(element, escaped)}\n\\medskip"

    def windows(self, element: Windows) -> str:
        return f"\\medskip\\noindent\n{window_tikz(element)}\n\\medskip"

    def listing(self, element: Listing) -> str:
        """The lines of a program; one that is too long goes on below, further to the right."""
        lines = [rf"\hangindent=4em {indented(line)}\par" for line in element.text.splitlines()]
        return "\n".join(["{\\small\\ttfamily\\setlength{\\parskip}{0pt}", *lines, "}"])

    def table(self, element: Table) -> str:
        """A table on one page, or one that breaks over pages; in a narrow text a paragraph for each row."""
        if self.page < TABLES:
            return self.paragraphs(element)
        widths, columns, scale, size = self.columns(element)
        rows = [" & ".join(map(self.cell, row, columns)) + r" \\" for row in element.rows]
        high = sum(self.lines(row, columns) for row in element.rows)
        if any(r"\frac" in row for row in rows):
            rows = [rf"\addlinespace[1.5pt]{row}" for row in rows]
        if element.totals:
            rows[-1] = rf"\midrule {rows[-1]}"
        head = [r"\toprule", " & ".join(map(self.line, element.header)) + r" \\", r"\midrule"]
        pairs = zip(widths, columns)
        kinds = "".join(self.column(width, room, scale, i in element.right) for i, (width, room) in enumerate(pairs))
        setting = rf"{size}\setlength{{\tabcolsep}}{{{GAP / 2:.0f}pt}}"
        if high <= MAX_ROWS:
            table = [rf"\begin{{tabular}}{{@{{}}{kinds}@{{}}}}", *head, *rows, r"\bottomrule", r"\end{tabular}"]
            return "\n".join([rf"\medskip{{\centering{setting}", *table, r"\par}\medskip"])
        body = [*head, r"\endhead", *rows, r"\bottomrule"]
        return "\n".join([rf"{{{setting}\begin{{longtable}}{{@{{}}{kinds}@{{}}}}", *body, r"\end{longtable}}"])

    def paragraphs(self, element: Table) -> str:
        """The rows one below the other, what stands in the columns with the words of the header before it."""
        room = 0.8 * self.page
        told = []
        for row in element.rows:
            first, *others = (self.cell(cell, room) for cell in row)
            words = [f"{self.line(name)}: {cell}" for name, cell in zip(element.header[1:], others) if cell]
            told.append(rf"\hangindent=1em {first}. {'; '.join(words)}.\par")
        return "\n".join(["{\\small", *told, "}"])

    def column(self, width: float, room: float, scale: float, right: bool) -> str:
        if width <= room:
            return "r" if right else "l"
        side = "left" if right else "right"
        return rf">{{\ragged{side}\arraybackslash}}p{{{room * scale:.0f}pt}}"

    def columns(self, element: Table) -> tuple[list[float], list[float], float, str]:
        """The widths of what stands in the columns, those that they get, how the type is scaled, and what sets it."""
        rows = (element.header, *element.rows)
        widths = [max(self.line_width(row[i]) for row in rows) for i in range(len(element.header))]
        least = [max(self.least(row[i]) for row in rows) for i in range(len(widths))]
        room = self.page - SPARE - GAP * (len(widths) - 1)
        ways = [(fitted(widths, least, room / scale), scale, size) for scale, size in _TYPES]
        fitting = [way for way in ways if sum(least) * way[1] <= room] or ways[-1:]
        heights = [way[1] * sum(self.lines(row, way[0]) for row in element.rows) for way in fitting]
        columns, scale, size = next(way for way, high in zip(fitting, heights) if high <= 1.08 * min(heights))
        if sum(widths) * scale > LOOSE * room:
            columns = [column * room / (scale * sum(columns)) for column in columns]
            widths = [inf if width > NARROW else width for width in widths]
        return widths, columns, scale, size

    def lines(self, row: Sequence[Line], columns: list[float]) -> int:
        """How many lines a row takes in columns of these widths."""
        return max(ceil(0.95 * self.line_width(cell) / room) for cell, room in zip(row, columns) if room)

    def least(self, line: Line) -> float:
        """The width of the widest piece of a line that no line can break."""
        widest = width = 0.0
        for part in line:
            for piece, follows in self.pieces(part):
                width = width + piece if follows else piece
                widest = max(widest, width)
        return min(widest, 0.28 * self.page)

    def pieces(self, part: Inline) -> Iterator[tuple[float, bool]]:
        """The widths of what stays in one piece, and whether it stays with what stands before it."""
        if isinstance(part, Math):
            yield from (
                (CARE * self.notation.line_width(node) + 14 * (i > 0), i == 0)
                for i, node in enumerate(pieces(part.node))
            )
        elif isinstance(part, Blank):
            yield blank_width(part), True
        else:
            for i, word in enumerate(_WORDS.findall(_text(part))):
                yield self.text_width(word.strip(" ")), i == 0 and not word.startswith(" ")
            if _text(part).endswith((" ", "(", "_", ".")):
                yield 0.0, False

    def text_width(self, text: str) -> float:
        return sum(5.4 * (6 if _escaped(c).startswith("U+") else display_width(c)) for c in text)

    def cell(self, line: Line, room: float) -> str:
        """A cell; a formula with pieces that are wider than the column is set in several lines."""
        return "".join(self.cell_part(part, room) for part in line)

    def cell_part(self, part: Inline, room: float) -> str:
        if not isinstance(part, Math):
            return self.line((part,))
        if isinstance(part.node, (ShapeOf, Called)) and CARE * self.notation.line_width(part.node) > min(
            room, TOGETHER
        ):
            return self.listed(part.node, room)
        if not isinstance(part.node, Related) or part.node.operator != "=":
            return self.side(part, room)
        return " $=$ ".join(self.side(Math(side, part.listed), room) for side in part.node.sides)

    def side(self, part: Math, room: float) -> str:
        """A formula that breaks by itself where its pieces fit the room, else one that is set in several lines."""
        if CARE * max(map(self.notation.line_width, pieces(part.node)), default=0.0) > room:
            return f"${self.notation.within(part.node, ROOM * room)}$"
        return f"${self.formula(part)}$"

    def line_width(self, line: Line) -> float:
        width = 0.0
        for part in line:
            if isinstance(part, Math):
                width += self.notation.line_width(part.node)
            elif isinstance(part, Blank):
                width += blank_width(part)
            else:
                width += self.text_width(_text(part))
        return width


def blank_width(part: Blank) -> float:
    return WRITTEN * min(part.width, MOST_OF_A_BLANK) + ENDS


def _has_pictures(document: Document) -> bool:
    return any(isinstance(element, (Shares, Windows)) for element in document.elements)


def _text(part: Any) -> str:
    return part.text if isinstance(part, Code) else str(part)


def indented(line: str) -> str:
    """A line of a program; what its words have between them, where that is more than a space, is as wide as typed."""
    words = line.lstrip()
    code = re.sub(" ( +)", lambda gap: r"\ " + r"\ " * len(gap.group(1)), escaped(words))
    return rf"\hspace*{{{(len(line) - len(words)) / 2:g}em}}{code}"


def breakable(match: re.Match[str]) -> str:
    return match.group() + r"\allowbreak{}"


class LatexDocument(LatexPage):
    """A complete document; Chinese, and names in other scripts, need xelatex with ctex."""

    def render(self, document: Document) -> str:
        body = self.elements(document)
        title = self.title(document.title)
        tikz = (
            "\\usepackage{tikz}\n"
            if any(isinstance(element, (Shares, Windows)) for element in document.elements)
            else ""
        )
        engine = "" if max(title + body) <= _LAST_OF_T1 else "% !TEX program = xelatex\n"
        fonts = "\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n" if not engine else "\\usepackage{ctex}\n"
        return (
            f"{engine}\\documentclass[a4paper,10pt,fleqn]{{article}}\n{fonts}\\usepackage[{self.geometry()}]{{geometry}}\n"
            f"{_PACKAGES}\n{tikz}\\allowdisplaybreaks\n\\setlength{{\\parindent}}{{0pt}}\n"
            f"\\setlength{{\\parskip}}{{0.4\\baselineskip}}\n\\setlength{{\\mathindent}}{{2em}}\n\\raggedright\n"
            f"\\begin{{document}}\n{_SKIPS}\n\n"
            f"{title}\n\n{body}\n\\end{{document}}\n"
        )

    def geometry(self) -> str:
        return (
            "hmargin=2cm,top=1.2cm,bottom=1.6cm"
            if self.page == WIDTHS["page"]
            else f"textwidth={self.page + 2 * INDENT:.0f}pt"
        )
