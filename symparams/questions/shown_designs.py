"""Comparisons and growth as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import zip_longest

from ..closed_forms.polynomial import Quantity
from ..closed_forms.powers import opened
from ..core.layer import CoreLayer, brief
from ..errors import display_width
from ..evaluate.figures import PARAMS
from ..formula import text
from ..formula.tree import Order
from .growth import Growing, Growth
from .side_by_side import Pair, SideBySide

MOST_LAYERS = 40
WIDEST = 72


class ShownGrowth(Growing):
    """Growth that is printed as text."""

    def __str__(self) -> str:
        return growth_text(self)

    __repr__ = __str__


class ShownComparison(SideBySide):
    """A comparison that is printed as text."""

    def __str__(self) -> str:
        return comparison_text(self)

    __repr__ = __str__


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as columns, each as wide as it has to be."""
    widths = [max(map(display_width, column)) for column in zip_longest(*rows, fillvalue="")]
    padded = ([cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths)] for row in rows)
    return ["  ".join(row).rstrip() for row in padded]


def times(factor: Fraction | None) -> str:
    """A factor: whole, or with three digits."""
    if factor is None:
        return ""
    return f"× {factor.numerator:,}" if factor.denominator == 1 else f"× {float(factor):.3g}"


# Growth


def growth_text(growing: Growing) -> str:
    lines: list[str] = []
    order = growing.net.order
    figures = dict.fromkeys(row.figure for row in growing.rows)
    if not figures:
        return "no figure depends on a symbol or a parameter"
    head = ["", "doubled", "in the end", "leading term", "share"]
    for figure in figures:
        rows = [row for row in growing.rows if row.figure == figure]
        lines.append(f"{figure} = {brief(text.total(rows[0].value, order), WIDEST)}")
        lines += aligned([head, *(_growth_row(row, order) for row in rows)])
        lines.append("")
    point = ", ".join(f"{symbol.name} = {text.number(value)}" for symbol, value in growing.free.point.items())
    return "\n".join([*lines, f"doubled and share: at {point}"] if point else lines[:-1])


def _growth_row(row: Growth, order: Order) -> list[str]:
    if row.lead is None:
        return [f"  {row.symbol.name}", times(row.doubled), "not seen", "", ""]
    end = "squared" if row.in_the_end is None else times(row.in_the_end)
    term = brief(text.total(opened(row.lead.term(row.symbol), row.symbol), order), WIDEST)
    term += "".join(f", where {text.condition(c, order)}" for c in [row.lead.condition] if c is not True)
    share = "" if row.share is None else f"{float(100 * row.share):.1f} %"
    return [f"  {row.symbol.name}", times(row.doubled), end, term, share]


# SideBySide


def comparison_text(found: SideBySide) -> str:
    first, second = found.names
    lines: list[str] = []
    numeric = [pair for pair in found.pairs if not pair.symbols]
    if numeric:
        head = ["", first, second, "difference", "ratio"]
        lines += aligned([head, *(_numbers(pair) for pair in numeric), _outputs(found)])
    else:
        lines += aligned([["", first, second], _outputs(found)])
    for pair in found.pairs:
        if pair.symbols:
            lines += ["", pair.name, *_formulas(found, pair)]
    differing = list(_layers(found))
    return "\n".join([*lines, *(["", *differing] if differing else [])])


def _numbers(pair: Pair) -> list[str]:
    ratio = pair.ratio
    shown = f"{float(ratio):.5g}" if isinstance(ratio, (int, Fraction)) else ""
    return [pair.name, text.total(pair.first), text.total(pair.second), signed(pair.gap), shown]


def signed(value: Quantity) -> str:
    shown = text.total(value).replace("-", "−")
    return shown if shown.startswith("−") or value == 0 else f"+{shown}"


def _outputs(found: SideBySide) -> list[str]:
    return ["output", *(text.shapes(net.output_shapes, found.order) for net in (found.first, found.second))]


def _formulas(found: SideBySide, pair: Pair) -> Iterator[str]:
    first, second = found.names
    order = found.order
    width = max(len(first), len(second), len("difference"))

    def line(name: str, value: str) -> str:
        return f"  {name.ljust(width)}  {value}"

    if pair.gap == 0:
        yield line("both", text.total(pair.first, order))
        return
    yield line(first, text.total(pair.first, order))
    yield line(second, text.total(pair.second, order))
    yield line("difference", text.total(pair.gap, order))
    ratio = pair.ratio
    if isinstance(ratio, (int, Fraction)):
        yield line("ratio", str(ratio))
    else:
        for faster in pair.trends:
            if faster.limit is not None:
                limit = faster.limit if isinstance(faster.limit, str) else text.total(faster.limit, order)
                limit += "".join(f" (where {text.condition(c, order)})" for c in faster.conditions)
                which = {"first": f"; {first} grows faster", "second": f"; {second} grows faster"}
                yield line("ratio", f"→ {limit} for {faster.symbol.name} → ∞{which.get(faster.winner or '', '')}")
    for crossing in found.crossing(pair):
        yield line(second, crossing)


def _layers(found: SideBySide) -> Iterator[str]:
    differing = found.layers
    if not differing:
        yield "the layers are the same"
        return
    yield "layers that differ"
    yield from aligned([_layer(side, row, found.order) for side, row in differing[:MOST_LAYERS]])
    if len(differing) > MOST_LAYERS:
        yield f"and {len(differing) - MOST_LAYERS:,} others"


def _layer(side: str, row: CoreLayer, order: Order) -> list[str]:
    times = "" if row.count_quantity == 1 else f" ×{text.inline(row.count_quantity, order)}"
    params = text.total(row.in_all(PARAMS.name), order)
    return [f"  {side}", f"{row.name}{times}", row.layer, text.shape(row.output_shape, order), params]
