"""One HTML page: native MathML, no script, nothing from the network; for phones, paper, light and dark."""

from __future__ import annotations

from html import escape

from ..derive.document import (
    Blank,
    Bullets,
    Display,
    Document,
    Heading,
    Line,
    Listing,
    Math,
    NewPage,
    Paragraph,
    Shares,
    Table,
    Windows,
    plain,
)
from ..formula.latex import LatexNotation
from .layout import MOST_OF_A_BLANK, Layout
from .mathml import mathml
from .share_bars import bars_svg
from .sliding_windows import window_svg

_STYLE = """
:root { color-scheme: light dark; --text: #1a1a1a; --page: #fdfdfb; --soft: #6b6b6b; --line: #c9c9c4; --code: #f0efe9; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e4df; --page: #16181b; --soft: #a0a09a; --line: #45484d; --code: #24272b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 46rem; background: var(--page); color: var(--text);
  font: 1.05rem/1.6 "Latin Modern Roman", "STIX Two Text", Georgia, "Noto Serif CJK SC", "Songti SC", serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0.5rem 0 1.5rem; }
h2 { font-size: 1.3rem; margin: 2.4rem 0 0.8rem; border-bottom: 1px solid var(--line); padding-bottom: 0.2rem; }
h3 { font-size: 1.1rem; margin: 1.8rem 0 0.4rem; }
h4, h5 { font-size: 1rem; margin: 1.3rem 0 0.3rem; }
p, ul { margin: 0.5rem 0; overflow-x: auto; overflow-y: hidden; }
code { font: 0.88em ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: var(--code); padding: 0.08em 0.3em;
  border-radius: 0.25em; overflow-wrap: anywhere; }
h1 code, h2 code, h3 code, h4 code { background: none; padding: 0; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", math; }
.wide { overflow-x: auto; overflow-y: hidden; margin: 0.6rem 0; padding: 0.1rem 0; }
.wide > math { margin: 0; width: max-content; }
mtd { padding: 0.25em 0.15em; text-align: left; }
mtd:first-child { text-align: right; }
table { border-collapse: collapse; font-size: 0.95em; border-top: 2px solid; border-bottom: 2px solid; }
th, td { padding: 0.25rem 0.7rem; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid; font-weight: 600; }
td code { white-space: nowrap; }
pre.wide { font: 0.85em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; background: var(--code);
  padding: 0.6rem 0.8rem; border-radius: 0.25em; }
.blank { display: inline-block; height: 1.5em; border-bottom: 1px solid var(--soft); }
.r { text-align: right; white-space: nowrap; }
.total td { border-top: 1px solid; font-weight: 600; }
.page { margin-top: 4rem; border-top: 1px solid var(--line); padding-top: 2rem; }
@media print { .page { break-before: page; border: none; margin: 0; padding: 0; } }
@media print { body { max-width: none; font-size: 10.5pt; padding: 0; } h2, h3, h4 { break-after: avoid; }
  .wide { overflow: visible; break-inside: avoid; } tr { break-inside: avoid; } }
@page { size: A4; margin: 2.2cm; }
"""


class Html(Layout):
    notation: LatexNotation

    def __init__(self, notation: LatexNotation):
        self.notation = notation

    def render(self, document: Document) -> str:
        body = self.joined([self.title(document.title), *map(self.element, document.elements)])
        return (
            f'<!DOCTYPE html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(plain(document.title))}</title>\n<style>{_STYLE}</style>\n</head>\n"
            f"<body>\n{body}</body>\n</html>\n"
        )

    def title(self, line: Line) -> str:
        return f"<h1>{self.line(line)}</h1>"

    def inline(self, formula: Math) -> str:
        return mathml(self.formula(formula))

    def code(self, text: str) -> str:
        return f"<code>{escape(text)}</code>"

    def strong(self, text: str) -> str:
        return f"<strong>{self.prose(text)}</strong>"

    def prose(self, text: str) -> str:
        return escape(text)

    def heading(self, element: Heading) -> str:
        level = min(element.level, 6)
        return f"<h{level}>{self.line(element.line)}</h{level}>"

    def blank(self, part: Blank) -> str:
        width = 0.55 * min(part.width, MOST_OF_A_BLANK) + 1
        return f'<span class="blank" style="min-width: {width:.1f}em"></span>'

    def new_page(self, element: NewPage) -> str:
        return f'<h1 class="page">{self.line(element.title)}</h1>'

    def paragraph(self, element: Paragraph) -> str:
        return f"<p>{self.line(element.line)}</p>"

    def bullets(self, element: Bullets) -> str:
        items = "".join(f"<li>{self.line(line)}</li>" for line in element.lines)
        return f"<ul>{items}</ul>"

    def display(self, element: Display) -> str:
        return f'<div class="wide">{mathml(self.notation.display(element.chain), True)}</div>'

    def shares(self, element: Shares) -> str:
        return f'<div class="wide">{bars_svg(element)}</div>'

    def windows(self, element: Windows) -> str:
        return f'<div class="wide">{window_svg(element)}</div>'

    def listing(self, element: Listing) -> str:
        return f'<pre class="wide">{escape(element.text.rstrip())}</pre>'

    def table(self, element: Table) -> str:
        head = self.row(element.header, "th", element)
        rows = [f"<tr>{self.row(row, 'td', element)}</tr>" for row in element.rows]
        if element.totals:
            rows[-1] = rows[-1].replace("<tr>", '<tr class="total">', 1)
        body = "\n".join(rows)
        return f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>'

    def row(self, row: tuple[Line, ...], tag: str, element: Table) -> str:
        marks = [' class="r"' if i in element.right else "" for i in range(len(row))]
        return "".join(f"<{tag}{mark}>{self.line(cell)}</{tag}>" for mark, cell in zip(marks, row))


class HtmlFragment(Html):
    """What stands on the page, to be put into another."""

    render = Layout.render
