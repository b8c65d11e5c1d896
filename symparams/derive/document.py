"""A derivation as a document: headings, paragraphs, formulas and tables, whatever it is rendered to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Union

from ..formula.tree import Tree
from .steps import Chain


@dataclass(frozen=True)
class Code:
    """A name of the program: a layer, a block, the network."""

    text: str


@dataclass(frozen=True)
class Strong:
    """The words with which a part of the page begins."""

    text: str


@dataclass(frozen=True)
class Math:
    """A formula in a line of text; one that is `listed` stands between commas that are not its own."""

    node: Tree
    listed: bool = False


@dataclass(frozen=True)
class Blank:
    """A place in which a figure is to be written, so many characters wide."""

    width: int = 12


Inline = Union[str, Code, Strong, Math, Blank]
Line = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    line: Line


@dataclass(frozen=True)
class Paragraph:
    line: Line


@dataclass(frozen=True)
class Bullets:
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Display:
    """A chain of equal expressions, one to a row."""

    chain: Chain


@dataclass(frozen=True)
class Table:
    """Columns are left-aligned but for those in `right`; where `totals`, the last row stands apart."""

    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    right: frozenset[int] = frozenset()
    totals: bool = False


@dataclass(frozen=True)
class Listing:
    """A program."""

    text: str


@dataclass(frozen=True)
class NewPage:
    """What follows stands on a page of its own, under a title."""

    title: Line


@dataclass(frozen=True)
class Windows:
    """A picture of a window that slides over rows, some of them padding at each end."""

    rows: int
    padding: int
    kernel: int
    stride: int

    @property
    def starts(self) -> range:
        return range(0, self.rows + 2 * self.padding - self.kernel + 1, self.stride)

    @property
    def all_rows(self) -> int:
        return self.rows + 2 * self.padding


@dataclass(frozen=True)
class Shares:
    """A picture of how much of the whole each layer has: names, shares from 0 to 1, and these as they are written."""

    bars: tuple[tuple[str, float, str], ...]


Element = Union[Heading, Paragraph, Bullets, Display, Table, Listing, NewPage, Windows, Shares]


@dataclass(frozen=True)
class Document:
    """What is rendered; `language` is that of its prose."""

    title: Line
    elements: tuple[Element, ...]
    language: str


def flat(parts: Iterable[Any]) -> Line:
    """One line of what may be nested lines, with neighbouring texts joined."""
    found: list[Inline] = []
    for part in parts:
        for inline in flat(part) if isinstance(part, (tuple, list)) else (part,):
            if isinstance(inline, str) and found and isinstance(found[-1], str):
                found[-1] += inline
            else:
                found.append(inline)
    return tuple(found)


def separated(lines: Sequence[Any], separator: str) -> Line:
    parts: list[Any] = []
    for line in lines:
        parts += [separator, line] if parts else [line]
    return flat(parts)


def plain(line: Line) -> str:
    """The text of a line without its formulas."""
    return "".join(part if isinstance(part, str) else part.text if isinstance(part, Code) else "" for part in line)
