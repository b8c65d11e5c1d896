"""LaTeX: a fragment to \\input, and a document that compiles as it is."""

from __future__ import annotations

import re

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
    Paragraph,
    Table,
)
from ..errors import display_width
from ..formula.latex import LatexNotation
from ..formula.spelling import spelled
from ..formula.tree import ShapeOf
from .layout import Layout

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
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
# The width in points of a place to write in.
BLANK = 62.0
# Longer tables may break over pages, for which LaTeX has to run twice.
MAX_ROWS = 34
# Widths in points: of a formula in a line of text, and of a table.
LINE, PAGE = 360.0, 445.0
# From this width on, a column of names may have several lines in a row.
WIDE = 70.0
# What is left out of a table to make it fit on a page, how much narrower its type then is, the gap
# between its columns, and what says so.
_FITS: tuple[tuple[set[int], float, float, str], ...] = (
    (set(), 1, 12, ""),
    ({1}, 1, 12, ""),
    ({1}, 0.92, 8, r"\small\setlength{\tabcolsep}{4pt}"),
    ({1}, 0.85, 8, r"\footnotesize\setlength{\tabcolsep}{4pt}"),
    ({1, 4}, 1, 12, ""),
    ({1, 2, 4}, 1, 12, ""),
)
# What ctex's fonts hold beyond ASCII: Latin letters with accents, Chinese and Japanese, wide punctuation.
_SET = re.compile("[\u00c0-\u017f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
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
    blank = rf"\rule{{0pt}}{{16pt}}\rule{{{BLANK:.0f}pt}}{{0.4pt}}"

    def __init__(self, notation: LatexNotation):
        self.notation = notation

    def render(self, document: Document) -> str:
        note = "% Needs the packages amsmath, amssymb, booktabs, longtable and array."
        return f"{note}\n{{\\raggedright\n\n{self.elements(document)}\n}}\n"

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
        if width > LINE:
            return f"${self.notation.within(node, LINE)}$"
        if not isinstance(node, ShapeOf) or width < 100:
            return f"${self.notation.show(node)}$"
        sizes = ["$" + self.notation.between_commas().show(size) for size in node.items]
        return "$(" + ",$ ".join(sizes).removeprefix("$") + ")$"

    def code(self, text: str) -> str:
        return rf"\texttt{{{re.sub(r'([._])', breakable, escaped(text))}}}"

    def prose(self, text: str) -> str:
        return escaped(text)

    def heading(self, element: Heading) -> str:
        return rf"\{_LEVELS[min(element.level, 5)]}*{{{self.line(element.line)}}}"

    def bullets(self, element: Bullets) -> str:
        items = "\n".join(rf"\item {self.line(line)}" for line in element.lines)
        return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}"

    def display(self, element: Display) -> str:
        return f"\\[\n{self.notation.display(element.chain)}\n\\]"

    def listing(self, element: Listing) -> str:
        """The lines of a program; one that is too long goes on below, further to the right."""
        lines = [rf"\hangindent=4em {indented(line)}\par" for line in element.text.splitlines()]
        return "\n".join(["{\\small\\setlength{\\parskip}{0pt}", *lines, "}"])

    def table(self, element: Table) -> str:
        kept, widths, size = self.columns_that_fit(element)
        columns = "".join("r" if i in element.right else self.column(widths[i], element) for i in kept)
        rows = [" & ".join(self.cell(row[i], widths[i]) for i in kept) + r" \\" for row in element.rows]
        if any(r"\frac" in row for row in rows):
            rows = [part for row in rows for part in (r"\addlinespace[3pt]", row)]
        if element.totals:
            rows.insert(-1, r"\midrule")
        head = " & ".join(self.line(element.header[i]) for i in kept) + r" \\"
        body = [r"\toprule", head, r"\midrule", *rows, r"\bottomrule"]
        if len(rows) <= MAX_ROWS:
            table = [rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}", *body, r"\end{tabular}"]
            return "\n".join([rf"\medskip{{\centering{size}", *table, r"\par}\medskip"])
        body.insert(3, r"\endhead")
        return "\n".join([rf"{{{size}\begin{{longtable}}{{@{{}}{columns}@{{}}}}", *body, r"\end{longtable}}"])

    def column(self, width: float, element: Table) -> str:
        return "l" if element.totals or width < WIDE else rf">{{\raggedright\arraybackslash}}p{{{width:.0f}pt}}"

    def shrunk(self, widths: list[float], element: Table) -> list[float]:
        """The widths of columns, those that are wide made as narrow as the page needs."""
        wide = [i for i, width in enumerate(widths) if width >= WIDE]
        room = PAGE - sum(width + 12 for i, width in enumerate(widths) if i not in wide) - 12 * len(wide)
        fitted = list(widths)
        for place, i in enumerate(sorted(wide, key=lambda i: widths[i])):
            fitted[i] = min(widths[i], room / (len(wide) - place))
            room -= fitted[i]
        return fitted

    def cell(self, line: Line, room: float) -> str:
        """A cell, with a formula that is wider than the column in several lines."""
        if len(line) == 1 and isinstance(line[0], Math) and self.notation.line_width(line[0].node) > room:
            return f"${self.notation.within(line[0].node, room)}$"
        return self.line(line)

    def columns_that_fit(self, element: Table) -> tuple[list[int], list[float], str]:
        """The columns that go on a page, their widths and the size of the type.

        The kind goes first; then the type gets smaller; then the running total and the output go.
        """
        rows = (element.header, *element.rows)
        widths = [max(self.line_width(row[i]) for row in rows) for i in range(len(element.header))]
        every = list(range(len(widths)))
        if not element.totals:
            return every, self.shrunk(widths, element), ""
        for unneeded, scale, gap, size in _FITS:
            kept = [i for i in every if i not in unneeded]
            if sum(widths[i] * scale + gap for i in kept) <= PAGE:
                return kept, widths, size
        others = sum(widths[i] + 12 for i in kept if i != 3)
        widths[3] = min(widths[3], max(PAGE - others - 12, 150))
        return kept, widths, ""

    def line_width(self, line: Line) -> float:
        width = 0.0
        for part in line:
            if isinstance(part, Math):
                width += self.notation.line_width(part.node)
            elif isinstance(part, Blank):
                width += BLANK
            else:
                text = part.text if isinstance(part, Code) else part
                width += sum(5.4 * (6 if _escaped(c).startswith("U+") else display_width(c)) for c in text)
        return width


def indented(line: str) -> str:
    words = line.lstrip()
    code = " ".join(rf"\texttt{{{escaped(word)}}}" for word in words.split(" "))
    return rf"\hspace*{{{(len(line) - len(words)) / 2:g}em}}{code}"


def breakable(match: re.Match[str]) -> str:
    return match.group() + r"\allowbreak{}"


class LatexDocument(LatexPage):
    """A complete document; Chinese, and names in other scripts, need xelatex with ctex."""

    def render(self, document: Document) -> str:
        body = self.elements(document)
        title = self.line(document.title)
        engine = "" if (title + body).isascii() else "% !TEX program = xelatex\n"
        fonts = "\\usepackage[T1]{fontenc}\n\\usepackage{lmodern}\n" if not engine else "\\usepackage{ctex}\n"
        return (
            f"{engine}\\documentclass[a4paper,10pt,fleqn]{{article}}\n{fonts}\\usepackage[margin=2.5cm]{{geometry}}\n"
            f"{_PACKAGES}\n\\allowdisplaybreaks\n\\setlength{{\\parindent}}{{0pt}}\n"
            f"\\setlength{{\\parskip}}{{0.4\\baselineskip}}\n\\setlength{{\\mathindent}}{{2em}}\n\\raggedright\n"
            "\\begin{document}\n\n"
            f"\\begin{{center}}\n{{\\LARGE {title}}}\n\\end{{center}}\n\n{body}\n\\end{{document}}\n"
        )
