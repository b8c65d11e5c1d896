"""The table in a text that holds a summary: its rows by their cells, whichever way its columns are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...errors import LimitError, Source, Span, SymparamsError
from .summary_cells import (
    CONNECTED,
    COUNT,
    OUTPUT,
    TRAINED,
    Connection,
    CountCell,
    LayerCell,
    ShownShape,
    Title,
    read_cell,
)
from .summary_text import SummaryLine, lines_of

MAX_ROWS = 20_000
_INPUT = "Input Shape"
# What stands between the cells of a row, by what stands between the titles.
_BARS = {"┃": "│┃", "│": "│", "|": "|", "\t": "\t"}
_WEIGHT_MARKS = ("├", "└", "|", "+")
WIDER = "summary(line_length=200) prints whole names and shapes"


class SummaryRow(NamedTuple):
    """What a row says of a layer; `line` is where it stands."""

    line: int
    layer: LayerCell
    outputs: tuple[ShownShape, ...]
    inputs: tuple[ShownShape, ...]
    counted: CountCell
    connections: tuple[Connection, ...]
    is_frozen: bool


class PrintedTotal(NamedTuple):
    """A number below the table, and its line."""

    number: float
    line: int


class SummaryTable(NamedTuple):
    """A summary: the name of the model, its rows, and what is printed below them, by its title.

    Of torch's modules `is_torch` is said, and `is_flat` where each has a row without those that it is in.
    """

    source: Source
    name: str | None
    rows: Sequence[SummaryRow]
    totals: Mapping[str, PrintedTotal]
    is_torch: bool
    is_flat: bool

    def span(self, line: int) -> Span:
        return _span(self.source, line)

    def fault(self, message: str, line: int, hint: str | None = None) -> SymparamsError:
        return SymparamsError(message, self.span(line), hint)


def table_in(source: Source) -> SummaryTable:
    """The summary in a text. Raises SymparamsError for none, for several, and for one that is not whole."""
    lines = lines_of(source.text)
    headers = [line for line in lines if line.is_header]
    if len(headers) > 1:
        places = ", ".join(str(line.number + 1) for line in headers)
        raise SymparamsError(f"the text has {len(headers)} summaries, in lines {places}", None, "keep one of them")
    header = headers[0]
    below = lines[header.number + 1 :]
    is_flat = _is_flat(below)
    above = lines[header.number - 1].text if header.number else ""
    reader = _FlatRows(source) if is_flat else _Columns(source, above, header, below)
    rows = list(reader.rows(below))
    if not rows:
        raise SymparamsError("the summary has no rows", _span(source, header.number))
    return SummaryTable(
        source,
        _name(lines[max(0, header.number - 4) : header.number]),
        rows,
        _totals(below),
        reader.is_torch,
        is_flat,
    )


def _span(source: Source, line: int) -> Span:
    lines = source.text.split("\n")
    start = sum(len(before) + 1 for before in lines[:line])
    text = lines[line].rstrip()
    return Span(source, start + len(text) - len(text.lstrip()), start + len(text))


def _name(before: Sequence[SummaryLine]) -> str | None:
    titles = [line.text.partition("Model:")[2].strip(' "_') for line in before if "Model:" in line.text]
    return titles[-1] if titles and titles[-1] else None


def _totals(below: Sequence[SummaryLine]) -> dict[str, PrintedTotal]:
    found: dict[str, PrintedTotal] = {}
    for line in below:
        if "params:" in line.text or "Input size" in line.text:
            try:
                title, number = read_cell("total", line.text)
            except SymparamsError:
                continue
            found.setdefault(title, PrintedTotal(number, line.number))
    return found


def _ends(line: SummaryLine) -> bool:
    return line.text.lstrip().startswith(("Total params", "```"))


def _is_flat(below: Sequence[SummaryLine]) -> bool:
    first = next((line for line in below if not line.parts_rows), None)
    try:
        return first is not None and bool(read_cell("flat_layer", first.text))
    except SymparamsError:
        return False


class _FlatRows:
    """The rows of torchsummary, each with its three cells in one line."""

    is_torch = True

    def __init__(self, source: Source):
        self.source = source

    def rows(self, below: Sequence[SummaryLine]) -> Iterator[SummaryRow]:
        for number, line in enumerate(below):
            if _ends(line) or number > MAX_ROWS:
                return
            if not line.parts_rows:
                try:
                    layer, outputs, count = read_cell("flat_layer", line.text)
                except SymparamsError as error:
                    raise error.located(_span(self.source, line.number)) from None
                yield SummaryRow(line.number, layer, tuple(outputs), (), count, (), False)


class _Columns:
    """The cells of rows below the titles of their columns, between bars or from where a title begins."""

    def __init__(self, source: Source, above: str, header: SummaryLine, below: Sequence[SummaryLine]):
        self.source = source
        self.bar = next((bar for bar in _BARS if bar in header.text), None)
        at = _span(source, header.number)
        self.titles: list[Title] = read_cell("titles", self._joined(above, header.text))
        if not any(title.text == COUNT for title in self.titles):
            raise SymparamsError(f"the summary is cut off: it has no column {COUNT!r}", at, WIDER)
        gaps = [b.start - a.start - len(a.text) for a, b in zip(self.titles, self.titles[1:])]
        if self.bar is None and 1 in gaps:
            raise SymparamsError("the columns of the summary are not apart", at, "paste it with all its spaces")
        self.is_torch = "depth-idx" in header.text or "var_name" in header.text or self._has_lists(below)

    def _joined(self, above: str, header: str) -> str:
        """The titles, of which some may begin in the line above."""
        if self.bar is None or above.count(self.bar) != header.count(self.bar):
            return header
        return self.bar.join(f"{a.strip()} {b.strip()}" for a, b in zip(above.split(self.bar), header.split(self.bar)))

    def _has_lists(self, below: Sequence[SummaryLine]) -> bool:
        """Whether shapes are written as lists, which torch's are."""
        first = next((line for line in below if not line.parts_rows), None)
        shape = self.cells(first).get(OUTPUT, "").replace(" ", "") if first else ""
        return shape[:1] == "[" and shape[1:2] != "("

    def cells(self, line: SummaryLine) -> dict[str, str]:
        names = [title.text for title in self.titles]
        if self.bar is not None:
            text = line.text
            for other in _BARS[self.bar]:
                text = text.replace(other, self.bar)
            parts = text.split(self.bar) if self.bar == "\t" else text.strip().strip(self.bar).split(self.bar)
        else:
            starts = [0, *(title.start for title in self.titles[1:])]
            parts = [line.text[a:b] for a, b in zip(starts, [*starts[1:], None])]
            parts[-1] = parts[-1].rstrip().rstrip("|")
        return dict(zip(names, map(str.strip, parts)))

    def rows(self, below: Sequence[SummaryLine]) -> Iterator[SummaryRow]:
        begun: list[dict[str, str]] = []
        at = 0
        found = 0
        for line in below:
            if _ends(line):
                break
            cells = {} if line.parts_rows else self.cells(line)
            count = cells.get(COUNT, "")
            if count[:1] in _WEIGHT_MARKS and count:
                continue
            if begun and (not any(cells.values()) or count):
                yield self.row(at, begun)
                begun = []
            if count and not self._is_row(cells, line, found):
                return
            if count:
                found += 1
                begun, at = [cells], line.number
            elif begun:
                begun.append(cells)
            elif any(cells.values()):
                return
            if found > MAX_ROWS:
                raise LimitError(f"the summary has more than {MAX_ROWS:,} rows")
        if begun:
            yield self.row(at, begun)

    def _is_row(self, cells: Mapping[str, str], line: SummaryLine, found: int) -> bool:
        """Whether this is a row, and no text behind the table. Raises SymparamsError for a row with a wrong count."""
        try:
            read_cell("count", cells[COUNT])
            return True
        except SymparamsError as error:
            if found and not cells.get(OUTPUT, "").startswith(("(", "[")):
                return False
            raise error.located(_span(self.source, line.number)) from None

    def row(self, at: int, pieces: Sequence[Mapping[str, str]]) -> SummaryRow:
        """A row of the pieces of its cells, which stand one below the other."""
        whole = {title.text: "".join(piece.get(title.text, "") for piece in pieces) for title in self.titles}
        listed = whole.get(CONNECTED, "")
        if not listed.startswith("["):
            listed = "\n".join(piece.get(CONNECTED, "") for piece in pieces)
        try:
            return SummaryRow(
                at,
                read_cell("torch_layer" if self.is_torch else "keras_layer", whole[self.titles[0].text]),
                tuple(read_cell("shapes", whole[OUTPUT])) if whole.get(OUTPUT) else (),
                tuple(read_cell("shapes", whole[_INPUT])) if whole.get(_INPUT) else (),
                count := read_cell("count", whole[COUNT]),
                tuple(read_cell("connections", listed)),
                count.is_frozen or whole.get(TRAINED) in ("N", "False"),
            )
        except SymparamsError as error:
            error.hint = None if self.is_torch else WIDER
            raise error.located(_span(self.source, at)) from None
