"""What a text says of the layers of a network, beside what the network has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from ..closed_forms.polynomial import is_integer, symbols_of
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..evaluate.figures import NON_TRAINABLE, PARAMS, STATE, TRAINABLE
from .amounts import Arithmetic, amount
from .chains import EqualityChain
from .findings import Claim
from .numerals import NUMBER, is_percent, read, unit_of
from .passages import CellTable, Note
from .reading import Literal, read_side
from .tabulated import TOTAL
from .tokens import EQUAL

_COUNTED = re.compile(r"param|weights|参数|权重数|^数量$|^count$|trainable", re.I)
_SHAPED = re.compile(r"output|shape|输出|形状|^size$", re.I)
_MARKS = re.compile(r"[*_`$\\{}()\[\]\s:：,，.-]|textbf|texttt|text")
_SAID = re.compile(
    r"(?P<what>total|all together|altogether|in all|总|共|合计)[^.。;；\n|=]{0,60}?(?P<number>(?<![\w.,])\d[\d,{}]*\d)"
    r"(?![\w.,]*\d)"
    r"(?P<behind>[^.。;；\n|=]{0,40})",
    re.I,
)
_OF_PARAMETERS = re.compile(r"param|参数", re.I)
_OTHERWISE = re.compile(
    r"\b(?:not|non|without|instead of|was|wrong|mult|flop|mac|size|mb|layers?|images?|without)\b|不|非|错|而不是", re.I
)
_LABEL = re.compile(r"(?:#{1,6}\s*|\d+[.)]\s*|[-*+]\s*)*[*_`]*(?P<label>[A-Za-z][\w.]*)[*_`]*\s*[:：(（]")


class KnownLayer(NamedTuple):
    """What a network has of a layer: every count that it may be said to have, the usual one first, and its output."""

    name: str
    counts: tuple[int, ...]
    shape: tuple[int, ...] | None


def claims(document: Note, chains: list[EqualityChain], network: CoreNetwork) -> list[Claim]:
    """The claims that differ from the network, in the order of the text."""
    known = _known(network)
    total = _whole(network)
    found = [*_of_tables(document, known, total), *_of_totals(document, total), *_of_chains(document, chains, known)]
    return sorted(dict.fromkeys(found))


def _known(network: CoreNetwork) -> dict[str, KnownLayer]:
    """The layers and blocks of a network by their names, and by the last part of them where that is one layer's."""
    found: dict[str, KnownLayer] = {}
    short: dict[str, list[KnownLayer]] = {}
    for depth in (None, 3, 2, 1, 0):
        for layer in network.rows(depth):
            counts = [_int(layer.quantity(PARAMS.name)), _int(layer.in_all(PARAMS.name))]
            with_state = _int(layer.quantity(PARAMS.name) + layer.quantity(STATE.name))
            shape = tuple(map(_int, layer.output_shape)) if not layer.is_unused else None
            made = KnownLayer(
                layer.name,
                tuple(dict.fromkeys(c for c in (*counts, with_state) if c is not None)),
                shape if shape and None not in shape else None,  # type: ignore[arg-type]
            )
            if made.counts:
                found[_folded(layer.name)] = made
                if "." in layer.name:
                    short.setdefault(_folded(layer.name.rsplit(".")[-1]), []).append(made)
    for name, layers in short.items():
        if len({layer.name for layer in layers}) == 1 and name not in found:
            found[name] = layers[0]
    return found


def _whole(network: CoreNetwork) -> tuple[int, ...]:
    params, state = network.quantity(PARAMS.name), network.quantity(STATE.name)
    counts = (params, params + state, network.quantity(TRAINABLE.name), network.quantity(NON_TRAINABLE.name))
    return tuple(dict.fromkeys(c for c in map(_int, counts) if c is not None))


def _int(value: Any) -> int | None:
    return int(value) if not symbols_of(value) and is_integer(value) else None


def _folded(name: str) -> str:
    return _MARKS.sub("", name).lower()


def _of_tables(document: Note, known: dict[str, KnownLayer], total: tuple[int, ...]) -> Iterator[Claim]:
    for passage in document.passages:
        if passage.table and passage.table.heads:
            yield from _of_table(document, passage.table, known, total)


def _of_table(
    document: Note, table: CellTable, known: dict[str, KnownLayer], total: tuple[int, ...]
) -> Iterator[Claim]:
    heads = [" ".join(document.text[a:b] for a, b in cell) for cell in table.rows[table.heads - 1].cells]
    counted = [c for c, head in enumerate(heads) if _COUNTED.search(head.strip(" *`"))]
    if not counted:
        return
    if counted[0] + 1 == len(heads) - 1 and not heads[-1].strip(" *"):
        counted = [counted[0] + 1]
    shaped = next((c for c, head in enumerate(heads) if _SHAPED.search(head.strip(" *`"))), None)
    for row in table.rows[table.heads :]:
        if len(row.cells) <= counted[0]:
            continue
        label = " ".join(document.text[a:b] for a, b in row.cells[0]).strip()
        layer = known.get(_folded(label)) or known.get(_folded(re.split(r"[:：(（,，\s]", label.strip("*` "))[0]))
        claimed = _last_number(document, row.cells[counted[0]])
        if claimed is not None:
            line = document.line_of(claimed[1])
            if layer and claimed[0] not in layer.counts:
                yield Claim(line, layer.name, claimed[0], layer.counts[0])
            elif not layer and TOTAL.fullmatch(label.strip(" *`_$")) and total and claimed[0] not in total:
                yield Claim(line, "total", claimed[0], total[0])
        if layer and layer.shape and shaped is not None and shaped < len(row.cells):
            yield from _shape(document, row.cells[shaped], layer)


def _last_number(document: Note, cell: tuple[tuple[int, int], ...]) -> tuple[int, int] | None:
    """The whole number that a cell ends with, and where it stands."""
    text = document.text
    found = [
        (m, a) for a, b in cell for m in re.finditer(rf"(?<![\w.])(?:{NUMBER})(?P<rest>[^\d]*)$", text[a:b].rstrip())
    ]
    if not found:
        return None
    match, offset = found[-1]
    number = match.group()[: len(match.group()) - len(match["rest"])]
    whole = " ".join(text[a:b] for a, b in cell)
    is_sum = re.search(r"[=＝]", whole) is None and re.search(r"\d\s*(?:[+*×·/]|\\times|\\cdot)\s*\d", whole)
    if is_sum or re.search(r"[A-Za-z%]{2,}|%", match["rest"].replace("textbf", "")):
        return None
    value = read(number).value
    return (value.numerator, offset + match.start()) if value.denominator == 1 else None


def _shape(document: Note, cell: tuple[tuple[int, int], ...], layer: KnownLayer) -> Iterator[Claim]:
    """A shape that is said, without its batch; the channels may stand first or last."""
    text = " ".join(document.text[a:b] for a, b in cell)
    match = re.search(r"[(\[]([\d\s,{}\\None?-]+)[)\]]", text)
    if not match or layer.shape is None:
        return
    sizes = [
        int(size)
        for size in re.findall(r"(?<![\d-])\d+", re.sub(r"\{,\}|(?<=\d),(?=\d{3}\b)(?!\d{3},)", "", match.group(1)))
    ]
    if len(sizes) == len(layer.shape) and sorted(sizes) != sorted(layer.shape):
        line = document.line_of(cell[0][0])
        yield Claim(line, layer.name, tuple(sizes), layer.shape)  # type: ignore[arg-type]


def _of_totals(document: Note, total: tuple[int, ...]) -> Iterator[Claim]:
    if not total:
        return
    for passage in document.passages:
        if passage.table:
            continue
        for match in _SAID.finditer(document.text, passage.start, passage.end):
            said = match.group()
            if not _OF_PARAMETERS.search(said) or _OTHERWISE.search(said):
                continue
            value = read(match["number"]).value
            unit = unit_of(match["number"] + re.match(r"\s*\S*", match["behind"]).group()) if match["behind"] else None  # type: ignore[union-attr]
            if value.denominator == 1 and value >= 1000 and not is_percent(unit) and int(value) not in total:
                yield Claim(document.line_of(match.start("number")), "total", int(value), total[0])


def _of_chains(document: Note, chains: list[EqualityChain], known: dict[str, KnownLayer]) -> Iterator[Claim]:
    """Derivations below the name of a layer that end with its count."""
    for chain in chains:
        if chain.cell is not None or chain.relations[-1].type != EQUAL or not chain.last:
            continue
        passage = document.passages[chain.passage]
        label = _LABEL.match(document.text, passage.start, passage.end)
        layer = known.get(_folded(label["label"])) if label else None
        named = chain.first[0][0] if chain.first and len(chain.first[0]) == 1 else None
        if not layer or named is None or not (_OF_PARAMETERS.search(named) or named == "P"):
            continue
        try:
            tree = read_side(chain.last[0])
            value = amount(tree, Arithmetic())
        except SymparamsError:
            continue
        if (
            isinstance(tree, Literal)
            and isinstance(value, (int, Fraction))
            and value.denominator == 1
            and value not in layer.counts
        ):
            yield Claim(document.line_of(chain.last[0][0].start), layer.name, int(value), layer.counts[0])
