"""A document in pieces: paragraphs with the formulas in them, tables, code with its comments."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..cached import cached_property
from .columns import boxed_cells, markdown_cells, ruled_columns, ruled_table, tabular_cells
from .surroundings import Region, letters_of

Stretch = tuple[int, int]

MATH_ENVIRONMENTS = (
    "equation|align|aligned|gather|gathered|multline|flalign|alignat|eqnarray|displaymath|math|split|dmath|alignedat"
)
PROSE, CODE, ASSERTED, LINES = "prose", "code", "asserted", "lines"


class TableRow(NamedTuple):
    """A row of a table: for each cell the stretches that it is made of, one for each line."""

    cells: tuple[tuple[Stretch, ...], ...]


@dataclass
class CellTable:
    """Rows of cells; the first `heads` of them are the header."""

    rows: list[TableRow]
    heads: int = 0


@dataclass
class Passage:
    """A piece of a document that is read by itself."""

    kind: str
    start: int
    end: int
    table: CellTable | None = None
    language: str = ""


@dataclass
class Note:
    """A text that is checked, in its pieces."""

    name: str
    text: str
    region: Region
    passages: list[Passage] = field(default_factory=list)

    def line_of(self, offset: int) -> int:
        return bisect_left(self._line_ends, offset) + 1

    @cached_property
    def _line_ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.text)]


def document(name: str, text: str) -> Note:
    """The pieces of a text. What it is, LaTeX, code or Markdown, its name says, or how it begins."""
    is_tex = name.lower().endswith((".tex", ".ltx")) or bool(_TEX.search(text[:20_000]))
    region = Region(text, letters_of(text), {}, is_tex)
    made = Note(name, text, region)
    if os.path.splitext(name)[1].lower() in (".py", ".pyw", ".pyi"):
        made.passages.append(Passage(CODE, 0, len(text), language="python"))
        return made
    for start, end, language in _outside_and_inside_fences(text, is_tex):
        if language is None:
            _find_formulas(region, start, end)
            made.passages += _Blocks(region, start, end).passages
        elif language == "math" or language in ("latex", "tex"):
            region.formulas[start] = (end, start, end)
            made.passages.append(Passage(PROSE, start, end))
        elif language in _PLAIN_LANGUAGES:
            made.passages += _Blocks(region, start, end, plain=True).passages
        else:
            made.passages.append(Passage(CODE, start, end, language=language))
    return made


_TEX = re.compile(
    r"\\documentclass|\\begin\{document\}|^\\(?:sub)*section\*?\{|^\\(?:usepackage|chapter)\b", re.MULTILINE
)
_PLAIN_LANGUAGES = ("", "text", "txt", "plain", "plaintext", "output", "console", "none", "ascii", "log")
_FENCE = re.compile(
    r"^[ \t>]*(?:[-*+]\s+|\d+[.)]\s+)?(?P<mark>`{3,}|~{3,})[ \t]*\{?\.?(?P<language>[\w+-]*)[^`\n]*$", re.M
)
_VERBATIM = re.compile(r"\\begin\{(?P<name>verbatim\*?|lstlisting|minted|Verbatim|alltt|tikzpicture)\}")


def _outside_and_inside_fences(text: str, is_tex: bool) -> Iterator[tuple[int, int, str | None]]:
    """Stretches of the text, each with the language of the fence that it stands in, None outside."""
    at = 0
    while at < len(text):
        opened = (_VERBATIM if is_tex else _FENCE).search(text, at)
        if not opened:
            break
        yield at, opened.start(), None
        if is_tex:
            mark = f"\\end{{{opened['name']}}}"
            inside, end = opened.end(), text.find(mark, opened.end())
            end = end if end >= 0 else len(text)
            if opened["name"] == "tikzpicture":
                yield inside, end, None
            else:
                yield inside, end, ""
            at = min(len(text), end + len(mark))
            continue
        inside = min(len(text), opened.end() + 1)
        mark = opened["mark"]
        closed = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*$", re.M).search(text, inside)
        end = closed.start() if closed else len(text)
        yield inside, max(inside, end), opened["language"].lower()
        at = closed.end() if closed else len(text)
    if at < len(text):
        yield at, len(text), None


_OPENED = re.compile(
    r"(?P<comment><!--|(?<!\\)(?P<percent>%))|(?P<code>`+)|\\\\|\\(?P<escaped>[$`\\])|(?P<display>\$\$)|(?P<inline>\$)"
    rf"|(?P<bracket>\\\[)|(?P<round>\\\()|\\begin\{{(?P<environment>(?:{MATH_ENVIRONMENTS})\*?)\}}"
)
_FAR, _NEAR = 50_000, 3_000
_LOOKS_LIKE_MATHS = re.compile(r"[\\=^_+*/<>≈×·−⌊]|^\s*-?[\d.,{}]+\s*$|^\s*[A-Za-z]\s*$")
_ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")


def _find_formulas(region: Region, start: int, end: int) -> None:
    """Note where formulas stand in a stretch of Markdown, LaTeX or plain text."""
    text, at = region.text, start
    ahead = _Ahead(text, end)
    while True:
        found = _OPENED.search(text, at, end)
        if not found:
            return
        at = _formula_at(region, found, ahead)


class _Ahead:
    """Where the next of some marks stands; each stretch of the text is searched once for each mark."""

    def __init__(self, text: str, end: int):
        self.text, self.end = text, end
        self._known: dict[str, int] = {}

    def find(self, mark: str, at: int, far: int | None = None) -> int:
        """The offset of the next mark; -1 where there is none, or none within `far`."""
        known = self._known.get(mark, -1)
        if known < at:
            found = self.text.find(mark, at, self.end)
            known = self._known[mark] = found if found >= 0 else len(self.text) + 1
        return known if known < self.end and (far is None or known <= at + far) else -1


def _formula_at(region: Region, found: re.Match[str], ahead: _Ahead) -> int:
    start, inside, end = found.start(), found.end(), ahead.end
    if found["comment"]:
        if found["percent"]:
            line = ahead.find("\n", inside)
            return (line if line >= 0 else end) if region.is_tex else inside
        closed = ahead.find("-->", inside)
        return closed + 3 if closed >= 0 else inside
    if found["code"]:
        return _inline_code(region, found, ahead)
    if found["display"]:
        return _until(region, start, inside, "$$", ahead, _FAR)
    if found["inline"]:
        return _inline(region, start, inside, end)
    if found["bracket"]:
        return _until(region, start, inside, "\\]", ahead, _FAR)
    if found["round"]:
        return _until(region, start, inside, "\\)", ahead, _NEAR)
    if found["environment"]:
        return _until(region, start, inside, f"\\end{{{found['environment']}}}", ahead, _FAR)
    return inside


def _until(region: Region, start: int, inside: int, mark: str, ahead: _Ahead, far: int) -> int:
    closed = ahead.find(mark, inside, far)
    if closed < 0:
        return inside
    region.formulas[start] = (closed + len(mark), inside, closed)
    return closed + len(mark)


def _inline_code(region: Region, found: re.Match[str], ahead: _Ahead) -> int:
    """Code in a line is prose of its own; the mathematics of GitHub in $`...`$ is met at its dollar."""
    mark, inside = found.group(), found.end()
    if region.is_tex:
        return inside
    closed = ahead.find(mark, inside, _NEAR)
    return closed + len(mark) if closed >= 0 else inside


def _inline(region: Region, start: int, inside: int, end: int) -> int:
    text = region.text
    stop = min(end, inside + _NEAR)
    blank = _BLANK_LINE.search(text, inside, stop)
    stop = blank.start() if blank else stop
    if text[inside : inside + 1] == "`":
        closed = text.find("`$", inside + 1, stop)
        if closed >= 0:
            region.formulas[start] = (closed + 2, inside + 1, closed)
            return closed + 2
    closed = inside
    while True:
        closed = text.find("$", closed, stop)
        if closed < 0:
            return inside
        if text[closed - 1] != "\\":
            break
        closed += 1
    content = text[inside:closed]
    strict = not content[:1].isspace() and not content[-1:].isspace() and not text[closed + 1 : closed + 2].isdigit()
    looks = _LOOKS_LIKE_MATHS.search(content) and not _ENGLISH.search(re.sub(r"\\\w+\s*\{[^{}]*\}", "", content))
    if not content.strip() or not (region.is_tex or (strict and "\n\n" not in content) or looks):
        return inside
    if not region.is_tex and not looks and _ENGLISH.search(content):
        return inside
    region.formulas[start] = (closed + 1, inside, closed)
    return closed + 1


_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_TABULAR = re.compile(r"\\begin\{(?P<name>tabularx?\*?|longtable|tabulary|array|supertabular|xltabular)\}")
_BULLET = re.compile(
    r"[ \t>]*(?:(?:[-*•◦▪‣●○]|\+)[ \t]+(?:\[[ xX]\][ \t]+)?|\(?\d{1,3}[.)、）]"
    r"(?:[ \t]+|(?=[^\d\s]))|\(?[a-zA-Z][.)][ \t]+|#{1,6}[ \t]+|>[ \t]?)+"
)
_RULE = re.compile(r"[ \t>]*(?:[-=_*~═─━]{3,}[ \t]*)+$|[ \t]*[┏┡├└╞╘┌╒+╔╠╚][━─┳╇┼┴┬═╤╪╧+\-=┓┩┤┘┐╕╡╛╦╬╩╗╣╝\s]+$")
_ENDS_WITH_SUM = re.compile(r"=[^=\n]*$|^\s*\+")


class _Blocks:
    """The paragraphs and tables of a stretch, line after line."""

    def __init__(self, region: Region, start: int, end: int, plain: bool = False):
        self.region, self.text, self.end, self.plain = region, region.text, end, plain
        self.passages: list[Passage] = []
        self.opened = -1
        self.before: Stretch = (start, start)
        at = start
        while at < end:
            at = self._line(at)
        self._close(end)

    def _line(self, at: int) -> int:
        text, end = self.text, self.end
        stop = text.find("\n", at, end)
        stop = stop if stop >= 0 else end
        line = text[at:stop]
        if not line.strip(" \t\r>") or _RULE.fullmatch(line):
            columns = ruled_columns(line)
            if columns and not (self.opened < 0 and self._previous_is_blank(at)):
                return self._ruled(at, stop, columns)
            if columns and self.passages and self.opened < 0:
                pass
            self._close(at)
            return stop + 1
        if self.region.is_tex and (found := _TABULAR.search(line)):
            return self._tabular(at, at + found.start(), found["name"])
        cells = markdown_cells(self.region, at, stop)
        if cells and not self.region.is_tex and self._is_table(at, stop):
            return self._markdown(at)
        if boxed_cells(text, at, stop):
            return self._boxed(at)
        bullet = _BULLET.match(text, at, stop)
        if bullet and not self._continues_sum(bullet):
            self._close(at)
            self.opened = bullet.end()
        elif self.opened < 0:
            self.opened = at
        self.before = (at, stop)
        return self._past_formula(at, stop)

    def _previous_is_blank(self, at: int) -> bool:
        return not self.text[self.text.rfind("\n", 0, max(0, at - 1)) + 1 : max(0, at - 1)].strip()

    def _continues_sum(self, bullet: re.Match[str]) -> bool:
        """Whether a line that begins with a plus goes on with the sum of the line above."""
        above = self.text[slice(*self.before)]
        return bullet.group().strip() == "+" and self.opened >= 0 and bool(_ENDS_WITH_SUM.search(above))

    def _past_formula(self, at: int, stop: int) -> int:
        """The start of the next line that is not inside a formula which starts on this one."""
        formulas = self.region.formulas
        while at < stop:
            if at in formulas:
                at = formulas[at][0]
                if at > stop:
                    after = self.text.find("\n", at, self.end)
                    stop = after if after >= 0 else self.end
            else:
                at += 1
        return stop + 1

    def _close(self, end: int) -> None:
        if self.opened >= 0 and self.opened < end:
            self.passages.append(Passage(LINES if self.plain else PROSE, self.opened, end))
        self.opened = -1

    def _is_table(self, at: int, stop: int) -> bool:
        """Whether a line with bars belongs to a table: it starts with one, or the next line is a rule of bars."""
        following = self.text[stop + 1 : self.end].split("\n", 1)[0]
        return self.text[at:stop].lstrip(" \t>").startswith("|") or bool(_BAR_RULE.fullmatch(following))

    def _markdown(self, at: int) -> int:
        self._close(at)
        table, first = CellTable([]), at
        while at < self.end:
            stop = self.text.find("\n", at, self.end)
            stop = stop if stop >= 0 else self.end
            cells = markdown_cells(self.region, at, stop)
            if not cells:
                break
            if _BAR_RULE.fullmatch(self.text[at:stop]):
                table.heads = table.heads or len(table.rows)
            else:
                table.rows.append(TableRow(tuple((cell,) for cell in cells)))
            at = stop + 1
        return self._finish(table, first, min(at, self.end))

    def _boxed(self, at: int) -> int:
        """A table of box-drawing signs; a row that has no number in its last cell goes on the one above."""
        self._close(at)
        table, first, ruled = CellTable([]), at, True
        while at < self.end:
            stop = self.text.find("\n", at, self.end)
            stop = stop if stop >= 0 else self.end
            cells = boxed_cells(self.text, at, stop)
            line = self.text[at:stop]
            if not cells and not _RULE.fullmatch(line):
                break
            if not cells:
                if table.rows and not table.heads:
                    table.heads = len(table.rows)
                ruled = True
            elif ruled or len(table.rows[-1].cells) != len(cells) or self.text[slice(*cells[-1])].strip():
                table.rows.append(TableRow(tuple((cell,) for cell in cells)))
                ruled = False
            else:
                table.rows[-1] = TableRow(tuple((*old, new) for old, new in zip(table.rows[-1].cells, cells)))
            at = stop + 1
        return self._finish(table, first, min(at, self.end))

    def _tabular(self, at: int, start: int, name: str) -> int:
        self._close(start)
        closed = self.text.find(f"\\end{{{name}}}", start, self.end)
        end = closed if closed >= 0 else self.end
        found = list(tabular_cells(self.region, start, end))
        rows = [TableRow(tuple((cell,) for cell in cells)) for cells, _ in found]
        self._finish(CellTable(rows, 1 if len(rows) > 1 and found[0][1] else 0), start, end)
        stop = self.text.find("\n", end, self.end)
        return stop + 1 if stop >= 0 else self.end

    def _ruled(self, at: int, stop: int, columns: list[Stretch]) -> int:
        """A table of plain text whose columns a rule of dashes marks; its header is the paragraph above."""
        heads = (self.opened, at) if self.opened >= 0 else None
        self.opened = -1
        rows, end = ruled_table(self.text, stop + 1, self.end, columns)
        table = CellTable([TableRow(cells) for cells in rows])
        if heads:
            self.passages.append(Passage(LINES, *heads))
        return self._finish(table, at, end)

    def _finish(self, table: CellTable, start: int, end: int) -> int:
        if not table.heads and len(table.rows) > 1 and not any(map(self._has_digits, table.rows[0].cells)):
            table.heads = 1
        self.passages.append(Passage("table", start, end, table))
        self.before = (end, end)
        return end

    def _has_digits(self, cell: tuple[Stretch, ...]) -> bool:
        return any(re.search(r"\d", self.text[a:b]) for a, b in cell)


_BAR_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t\r]*")
