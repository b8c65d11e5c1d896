"""What the cells of a summary say: layers, shapes, counts, connections; by a grammar of their own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from lark import Lark, Transformer
from lark.exceptions import UnexpectedInput, VisitError

from ...errors import SymparamsError

_GRAMMAR = r"""
titles: (TITLE | CUT_TITLE)+
TITLE.2: /Layer \(type( \(var_name\))?(:depth-idx)?\)|(Output|Input|Kernel) Shape|Param [#%]|Mult-Adds/
    | "Trainable" | "Connected to"
CUT_TITLE: /[A-Z][^…|┃│\t]*…/
_BAR: /[|┃│\t]/
%ignore _BAR

keras_layer: MARK* NAME [CUT] ["(" [NAME] [CUT] [CLOSED]]
torch_layer: MARK* NAME ["(" NAME CLOSED] [":" INT "-" INT]
flat_layer: FLAT shapes count
MARK: /[│|└├─+]+/
CUT: "…"
CLOSED: ")"
NAME: /[^\s()\[\]{}│|└├─+…,:']+/
FLAT.2: /[^\W\d]\w*-\d+/

shapes: _UNKNOWN | shape | "[" shape ("," shape)* ","? "]"? | "{" _key shape ("," _key shape)* "}"?
shape: "(" (_size ("," _size)* ","?)? ")" | "[" (_size ("," _size)* ","?)? "]"
_size: INT | OPEN
_key: "'" _KEY "'" ":"
_UNKNOWN: /--?|\?|multiple/
OPEN: "None"
_KEY: /[^']+/
INT: /-?\d+/

count: NUMBER ["(" NAME CLOSED] | "(" NUMBER ")" -> frozen_count | "(" "recursive" ")" -> again | _UNKNOWN -> no_count
NUMBER: /\d[\d,]*(\.\d+)?/

connections: "-"? | connection (","? connection)* ","? | "[" (connection ("," connection)* ","?)? "]"?
connection: "'"? SOURCE index* [OPEN_INDEX] [CUT] "'"?
index: "[" INT "]"
OPEN_INDEX: /\[\d+(?=…|\s|$)|\[(?=…)/
SOURCE: /[^\s\[\](),'…]*[^\s\[\](),'…\-][^\s\[\](),'…]*(\[(?=\s|$))?/

total: WORDS ":" NUMBER [REST]
REST: /\(.*/
WORDS: /(Total|Trainable|Non-trainable|Optimizer) params|Input size \(MB\)/

%ignore /\s+/
"""
# The columns that may be cut off, by their titles.
COLUMNS = LAYER, OUTPUT, COUNT, CONNECTED, TRAINED = (
    "Layer (type)",
    "Output Shape",
    "Param #",
    "Connected to",
    "Trainable",
)
_LONGEST_NUMBER = 20
_STARTS = ["titles", "keras_layer", "torch_layer", "flat_layer", "shapes", "count", "connections", "total"]

# A shape as it is printed, with the batch; None is a size that is open.
ShownShape = tuple["int | None", ...]


class Title(NamedTuple):
    """The title of a column, and where it begins."""

    text: str
    start: int


class LayerCell(NamedTuple):
    """A layer by its name and its class, either of which may be cut off; `depth` is how deep it is inside of others."""

    name: str
    kind: str
    name_is_cut: bool
    kind_is_cut: bool
    depth: int
    place: str


class CountCell(NamedTuple):
    """How many parameters: None where none are shown, those of a layer that came before among them."""

    number: int | None
    is_frozen: bool = False
    is_again: bool = False
    remark: str = ""


class Connection(NamedTuple):
    """What a layer reads: a layer by its name, which of its calls, which of its tensors; None for what is cut off."""

    name: str
    is_cut: bool
    call: int | None
    tensor: int | None


def read_cell(kind: str, text: str) -> Any:
    """What a cell says, by a rule of the grammar. Raises SymparamsError."""
    try:
        return _Meanings().transform(_parser().parse(text, start=kind))
    except (UnexpectedInput, VisitError) as error:
        raise SymparamsError(f"{text.strip()!r} is no {_IN_WORDS.get(kind, kind)}") from error


_IN_WORDS = {
    **dict.fromkeys(("keras_layer", "torch_layer", "flat_layer"), "layer"),
    "shapes": "shape",
    "connections": "list of layers",
}


@lru_cache(maxsize=1)
def _parser() -> Any:
    return Lark(_GRAMMAR, parser="lalr", start=_STARTS, maybe_placeholders=True)


class _Meanings(Transformer[Any, Any]):
    """The trees of the grammar as values."""

    def titles(self, found: Any) -> list[Title]:
        return [Title(_whole_title(str(token)), token.start_pos) for token in found]

    def keras_layer(self, found: Any) -> LayerCell:
        marks, (name, name_cut, kind, kind_cut, closed) = _after_marks(found)
        is_cut = kind_cut is not None or closed is None
        return LayerCell(str(name), str(kind or ""), name_cut is not None or kind is None, is_cut, marks, "")

    def torch_layer(self, found: Any) -> LayerCell:
        marks, (kind, name, _, depth, place) = _after_marks(found)
        shown = f"{depth}-{place}" if depth is not None else ""
        return LayerCell(str(name or ""), str(kind), False, False, marks, shown)

    def flat_layer(self, found: Any) -> tuple[LayerCell, list[ShownShape], CountCell]:
        kind, _, place = str(found[0]).rpartition("-")
        return LayerCell("", kind, False, False, 0, place), found[1], found[2]

    def shapes(self, found: Any) -> list[ShownShape]:
        return list(found)

    def shape(self, found: Any) -> ShownShape:
        return tuple(None if size in ("None", "-1") else _whole(size) for size in found)

    def count(self, found: Any) -> CountCell:
        number, remark, _ = found
        return CountCell(_whole(number), remark=str(remark or ""))

    def frozen_count(self, found: Any) -> CountCell:
        return CountCell(_whole(found[0]), is_frozen=True)

    def again(self, found: Any) -> CountCell:
        return CountCell(None, is_again=True)

    def no_count(self, found: Any) -> CountCell:
        return CountCell(None)

    def connections(self, found: Any) -> list[Connection]:
        return [part for part in found if part is not None]

    def connection(self, found: Any) -> Connection:
        name, *indices, begun, _ = found
        last = [int(begun[1:])] if begun is not None and len(begun) > 1 else []
        call, tensor = [*indices, *last, None, None][:2]
        return Connection(str(name).rstrip("["), not indices and begun is None and name[-1] != "[", call, tensor)

    def index(self, found: Any) -> int:
        return int(found[0])

    def total(self, found: Any) -> tuple[str, float]:
        return str(found[0]), float(str(found[1]).replace(",", ""))


def _whole_title(text: str) -> str:
    return next((title for title in COLUMNS if title.startswith(text.rstrip("…"))), text)


def _after_marks(found: Any) -> tuple[int, Any]:
    marks = [part for part in found if part is not None and part.type == "MARK"]
    depth = sum(sum(character in "│|├└+" for character in mark) for mark in marks)
    return depth, found[len(marks) :]


def _whole(number: Any) -> int:
    if len(number) > _LONGEST_NUMBER:
        raise ValueError("a number of a summary is not so long")
    return int(float(str(number).replace(",", ""))) if "." in number else int(str(number).replace(",", ""))
