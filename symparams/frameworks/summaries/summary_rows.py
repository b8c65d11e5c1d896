"""The rows of a summary: what is called how, of which class, of which sizes, with how many parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from ...errors import Source, Span, SymparamsError
from .summary_text import SummaryText, TableRow

# A size, None where it is any, without the batch.
Sizes = tuple["int | None", ...]

_GAP = re.compile(r"\s{2,}")
_KERAS = r"""
label: NESTED? NAME ["(" NAME ")"?]
shapes: "["? shape ("," shape)* "]"? | "{" /.+/ -> nothing | NAME -> nothing | "-" -> nothing
shape: "(" dim ("," dim)* ","? ")"? | "(" ")"
dim: SIZE | "None" | "?"
count: COUNT
links: (LINK | "-" | "," | "[" | "]" | "'")*
NESTED: /[└|>]+/
NAME: /[^\s()\[\],'|└>{}\-][^\s()\[\],']*/
LINK: /[^\s,'\[\]\-][^\s,'\[\]]*(\[[^\s,']*)?/
COUNT: /\d{1,3}(,\d{3})+|\d+/
SIZE: /\d+/
%ignore /\s+/
"""
_TORCH = r"""
start: TREE? NAME ["(" LABEL ")"] [":" SIZE "-" SIZE] cell*
cell: list | "--" -> nothing | COUNT -> count | "(" COUNT ")" -> frozen | "(recursive)" -> again | PERCENT -> nothing
    | WORD -> nothing
list: "[" [item ("," item)* ","?] "]"
item: list | SIZE | MINUS | WORD
TREE: /[\s│├└─]+/
NAME: /[^\W\d][\w.]*(-\d+)?/
LABEL.3: /[\w.]+/
COUNT.2: /\d{1,3}(,\d{3})+|\d+/
SIZE: /\d+/
MINUS: /-\d+/
WORD: /[^\W\d]\w*/
PERCENT.3: /\d+(\.\d+)?%/
%ignore /\s+/
"""


class SummaryRow(NamedTuple):
    """A row: its name, the class, the output's sizes, the parameters, and what else the columns say.

    `links` are the names of the rows that it reads, `depth` how deep it is in others, `input` and `kernel` the sizes of
    the columns of these names. What it has `again` is counted by an earlier row.
    """

    name: str
    kind: str
    outputs: Sequence[Sizes]
    parameters: int
    number: int
    links: Sequence[str] = ()
    depth: int = 0
    input: Sizes | None = None
    kernel: Sizes | None = None
    is_frozen: bool = False
    is_again: bool = False


def keras_rows(printed: Source, table: SummaryText) -> Iterator[SummaryRow]:
    """The rows of Keras's table. Raises SymparamsError."""
    trains = bool(table.columns) and table.columns[-1].startswith("Trai")
    for row, (label, shapes, count, links) in _read(printed, table.rows, _keras_row):
        names = [str(child) for child in label.children if child is not None]
        nested = label.children[0].type == "NESTED"
        name, kind = (*names[nested:], "")[:2]
        yield SummaryRow(
            name,
            kind,
            tuple(_keras_sizes(shape) for shape in shapes.children if shapes.data == "shapes"),
            int(count.children[0].replace(",", "")),
            row.number,
            tuple(str(link).partition("[")[0] for link in links.children),
            int(nested),
            is_frozen=trains and row.cells[-1] == "N",
        )


def _keras_row(row: TableRow) -> tuple[Any, ...]:
    cells = row.cells if len(row.cells) > 1 else tuple(_GAP.split(row.text.strip()))
    if len(cells) < 3:
        raise UnexpectedInput
    parts = (*cells[:3], cells[3] if len(cells) > 3 else "")
    parser = _parser(_KERAS, ("label", "shapes", "count", "links"))
    return tuple(parser.parse(cell, start) for cell, start in zip(parts, ("label", "shapes", "count", "links")))


def _keras_sizes(shape: Any) -> Sizes:
    return tuple(int(dim.children[0]) if dim.children else None for dim in shape.children[1:] if dim is not None)


def torch_rows(printed: Source, table: SummaryText) -> Iterator[SummaryRow]:
    """The rows of the tables of torchinfo and torchsummary. Raises SymparamsError."""
    for row, tree in _read(printed, table.rows, lambda row: _parser(_TORCH, ("start",)).parse(row.text)):
        children = [child for child in tree.children if child is not None]
        words = [str(c) for c in children if isinstance(c, Token) and c.type in ("NAME", "LABEL")]
        index = [int(c) for c in children if isinstance(c, Token) and c.type == "SIZE"]
        cells = [c for c in children if not isinstance(c, Token)]
        known = dict(zip([column.lower() for column in table.columns[1:]], cells))
        kind, _, number = words[0].partition("-")
        name = words[1] if len(words) > 1 else (number and words[0]) or kind
        counted = known.get("param #")
        yield SummaryRow(
            name,
            kind,
            tuple(_torch_outputs(known.get("output shape"))),
            int(counted.children[0].replace(",", "")) if counted is not None and counted.children else 0,
            row.number,
            depth=index[0] if index else (1 if number else 0),
            input=next(iter(_torch_outputs(known.get("input shape"))), None),
            kernel=next(iter(_torch_outputs(known.get("kernel shape"), 0)), None),
            is_frozen=counted is not None and counted.data == "frozen",
            is_again=counted is not None and counted.data == "again",
        )


def _torch_outputs(cell: Any, batch: int = 1) -> list[Sizes]:
    """The sizes in a cell, of several tensors where lists stand in a list, without those of the batch."""
    if cell is None or cell.data != "cell" or cell.children[0].data != "list":
        return []
    items = [item.children[0] for item in cell.children[0].children if item is not None]
    if items and all(not isinstance(item, Token) for item in items):
        return [sizes for item in items for sizes in _sizes_of_list(item, batch)]
    return list(_sizes_of_list(cell.children[0], batch))


def _sizes_of_list(tree: Any, batch: int) -> Iterator[Sizes]:
    items = [item.children[0] for item in tree.children if item is not None]
    if all(isinstance(item, Token) and item.type in ("SIZE", "MINUS") for item in items):
        yield tuple(int(item) if item.type == "SIZE" else None for item in items[batch:])


def _read(printed: Source, rows: Sequence[TableRow], read: Callable[[TableRow], Any]) -> Iterator[tuple[TableRow, Any]]:
    """What is read of rows; text after the last of them is none. Raises SymparamsError for one among them."""
    found: list[tuple[TableRow, Any]] = []
    for row in rows:
        try:
            found.append((row, read(row)))
        except UnexpectedInput:
            found.append((row, None))
    while found and found[-1][1] is None and not _counts(found[-1][0]):
        found.pop()
    for row, tree in found:
        if tree is None:
            raise SymparamsError("this is no row of a summary's table", place(printed, row.number))
        yield row, tree


def _counts(row: TableRow) -> bool:
    """Whether a row has a number at the place of the parameters."""
    return len(row.cells) > 2 and any(c.isdigit() for c in row.cells[2])


def place(printed: Source, number: int) -> Span:
    """The line of this number, counted from 1."""
    lines = printed.text.split("\n")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    return Span(printed, start, start + len(lines[number - 1].rstrip()))


@lru_cache(maxsize=2)
def _parser(grammar: str, starts: tuple[str, ...]) -> Any:
    return Lark(grammar, parser="lalr", start=list(starts), maybe_placeholders=True)
