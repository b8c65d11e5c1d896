"""Pages of the web as text with formulas in LaTeX, line for line, so that they are read as notes are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_IS_PAGE = re.compile(r"\s*(?:<!DOCTYPE html|<html\b)", re.I)
_MATHEMATICS = re.compile(r"<math\b.*?</math\s*>", re.DOTALL | re.I)
_HIDDEN = re.compile(r"<(?P<tag>style|script|head|svg|annotation)\b.*?</(?P=tag)\s*>|<!--.*?-->", re.DOTALL | re.I)
_MAX_DEPTH = 200
# What is written where an element starts and where it ends.
_OPENED = {"tr": "|", "code": "`", "br": " ", "li": "- "}
_CLOSED = {"td": "|", "th": "|", "code": "`"}


def is_page(text: str) -> bool:
    """Whether a text is a page of the web."""
    return bool(_IS_PAGE.match(text))


def page_as_text(text: str) -> str:
    """A page as Markdown with as many lines: its formulas between dollars, the rows of its tables between bars."""
    text = _HIDDEN.sub(lambda found: "\n" * found.group().count("\n"), text)
    text = _MATHEMATICS.sub(_formula, text)
    reader = _Page()
    reader.feed(text)
    reader.close()
    return "".join(reader.written)


def _formula(found: re.Match[str]) -> str:
    reader = _MathML()
    reader.feed(found.group())
    reader.close()
    written = " ".join(_latex(reader.root, 0).split())
    return f"${written}$" + "\n" * found.group().count("\n") if written else ""


class _Page(HTMLParser):
    """Writes what stands outside formulas."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.written.append(_OPENED.get(tag, ""))
        self.written.append("\n" * (self.get_starttag_text() or "").count("\n"))

    def handle_endtag(self, tag: str) -> None:
        self.written.append(_CLOSED.get(tag, ""))

    def handle_data(self, data: str) -> None:
        self.written.append(data)


@dataclass
class _Element:
    tag: str
    parts: list[_Element] = field(default_factory=list)
    text: str = ""


class _MathML(HTMLParser):
    """The tree of a formula."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("mrow")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag)
        self.open[-1].parts.append(element)
        if len(self.open) < _MAX_DEPTH:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].parts.append(_Element(tag))

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].text += data


_BRACES = "\u23df\u23de"
_UNSEEN = re.compile("[\u2061-\u2064]")


def _latex(element: _Element, depth: int) -> str:
    inner = [_latex(part, depth + 1) for part in element.parts]
    text = _UNSEEN.sub(" ", element.text).strip()
    if element.tag == "mtext" or (element.tag == "mi" and len(text) > 1):
        return f"\\text{{{text}}}" if text else ""
    if element.tag in ("munder", "mover") and len(inner) == 2 and element.parts[1].text.strip() in tuple(_BRACES):
        return f"\\underbrace{{{inner[0]}}}"
    written = _FORMS.get(element.tag, "")
    if element.tag == "msup" and element.parts and element.parts[0].tag in ("mo", "mi", "mn"):
        written = "%s^{%s}"
    if written and inner and len(inner) == written.count("%s"):
        return written % tuple(inner)
    joined = _BETWEEN.get(element.tag, " ").join(filter(None, inner) if element.tag != "mtr" else inner)
    return f"{text}{joined}" if element.tag in ("mn", "mi", "mo") else joined


_FORMS = {
    "mfrac": "\\frac{%s}{%s}",
    "msub": "%s_{%s}",
    "msup": "{%s}^{%s}",
    "msubsup": "{%s_{%s}}^{%s}",
    "munder": "%s_{%s}",
    "msqrt": "\\sqrt{%s}",
}
_BETWEEN = {"mtable": " \\\\ ", "mtr": " & "}
