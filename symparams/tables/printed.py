"""Tables for the terminal: wide and in colour on one, aligned and whole in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ..closed_forms.polynomial import Quantity, multiply, product
from ..core.layer import CoreLayer, Counts
from ..core.network import CoreNetwork
from ..errors import display_width
from ..evaluate.figures import FIGURES, LOOKED, MACS, MEMORY, OUTPUT, PARAMS
from ..evaluate.model import Tensor
from ..formula import text
from ..formula.textbook_order import tree
from ..formula.tree import Add, Div, ModOf
from ..language.zoo_files import names, source
from .byte_units import in_units
from .counted_by import counted_by
from .record import shown_counts

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Terminals with fewer columns are not shown the formulas, which would fold letter by letter.
NARROW = 70
MAX_OPAQUE = 12


class Column(NamedTuple):
    title: str
    right: bool = False


LAYER_COLUMNS = (
    Column("layer"),
    Column("kind"),
    Column(OUTPUT.name),
    Column(PARAMS.name, True),
    Column("formula"),
)
TENSOR_COLUMNS = (Column("tensor"), Column("shape"), Column("count", True), Column("trainable"))


Shown = tuple[Sequence[Column], Sequence[Sequence[str]]]


def show_network(net: CoreNetwork, depth: int | None, asked: Sequence[str] = ()) -> None:
    """Print the table of a network, its totals, and the conditions under which they hold; `asked` are more columns."""
    heading = f"{net.name or 'network'} ({net.dialect})"
    layers = list(net.rows(depth))
    columns = _with_more(LAYER_COLUMNS, [Column(FIGURES[name].title, True) for name in asked])
    before = [_with_more(row, [""] * len(asked)) for row in _inputs(net)]
    rows = [_with_more(_layer_cells(row, net), [figure_text(row, name, net) for name in asked]) for row in layers]
    table = columns, [*before, *rows]
    show_table(heading, *(_with_shares(net, layers, *table) if sys.stdout.isatty() else table))
    print()
    for name, value in totals(net, asked):
        print(f"{name:<14} {value}")


def _with_more(row: Sequence[Any], more: Sequence[Any]) -> tuple[Any, ...]:
    """A row, or the columns, with more before the last, which is the formula."""
    return (*row[:-1], *more, row[-1])


def _with_shares(
    net: CoreNetwork, layers: Sequence[CoreLayer], columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> Shown:
    """The table with a bar for the share of each layer in the parameters, as long as the terminal has room for one."""
    from .bars import LENGTHS, share_text, shares

    with_bars = (*columns, Column("share"))
    parts = shares(net, layers)
    before = [""] * (len(rows) - len(layers))
    for length in LENGTHS if parts else ():
        bars = before + [share_text(part, length, sys.stdout.encoding or "ascii") for part in parts or ()]
        wider = [(*row, bar) for row, bar in zip(rows, bars)]
        if _fits(with_bars, wider):
            return with_bars, wider
    return columns, rows


def show_rows(net: CoreNetwork, inputs: int, layers: int) -> None:
    """Print the rows of what comes after so many inputs and layers; nothing where there is nothing."""
    new = (_layer_cells(layer, net) for layer in islice(net.rows(0), layers, None))
    rows = [*islice(_inputs(net), inputs, None), *new]
    if rows:
        show_table("", LAYER_COLUMNS, rows)


def _inputs(net: CoreNetwork) -> Iterator[tuple[str, ...]]:
    for name, shape in net.input_shapes.items():
        yield name, "input", text.shape(shape, net.order), "", ""


def _layer_cells(layer: CoreLayer, net: CoreNetwork) -> tuple[str, ...]:
    times = layer.count_quantity
    name = layer.name if times == 1 else f"{layer.name} ×{times_text(times, net)}"
    params = layer.quantity(PARAMS.name)
    products = formula(layer, net)
    shown = text.total(params, net.order)
    output = "" if layer.is_unused else text.shape(layer.output_shape, net.order)
    return name, layer.layer, output, shown, "" if products == shown else products


def times_text(times: Quantity, net: CoreNetwork) -> str:
    return text.number(times) if isinstance(times, int) else size_as_factor(times, net)


def formula(layer: CoreLayer, net: CoreNetwork) -> str:
    """The parameters as the sum of the products of the tensors' sizes."""
    counted = [t for t in layer.tensors if t.counts_as(PARAMS.name, net.dialect)]
    ties = [f"tied to {t.tied}" for t in layer.tensors if t.tied]
    products = " + ".join("·".join(size_as_factor(size, net) for size in t.factors) or "1" for t in counted)
    return "; ".join(part for part in (products, *ties) if part)


def size_as_factor(size: Quantity, net: CoreNetwork) -> str:
    shown = text.inline(size, net.order)
    return f"({shown})" if isinstance(tree(size), (Add, Div, ModOf)) else shown


def figure_text(counts: Counts, name: str, net: CoreNetwork) -> str:
    if name in LOOKED:
        return text.shape(counts.along_axes(name), net.order)
    return text.total(counts.quantity(name), net.order)


def totals(net: CoreNetwork, asked: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """The figures under the table, each with its name; further conditions have none."""
    for name, value in shown_counts(net, asked):
        units = in_units(value) if name == MEMORY.title else ""
        yield name, text.total(value, net.order, net.output_shape) + (f" bytes ({units})" if units else "")
    for name in asked:
        if name in LOOKED:
            yield FIGURES[name].title, figure_text(net, name, net)
    if net.tool:
        yield "counted by", counted_by(net, MACS.name)
    yield OUTPUT.name, text.shapes(net.output_shapes, net.order) if net.output_shapes else "not seen: nothing flows"
    for number, name in enumerate(net.opaque[:MAX_OPAQUE]):
        yield "" if number else "not read", f"{name}: its tensors are counted, its work is not"
    if len(net.opaque) > MAX_OPAQUE:
        yield "", "and other parts"
    for number, condition in enumerate(net.guards_for(asked)):
        yield "valid when" if number == 0 else "", text.condition(condition, net.order)


def show_tensors(net: CoreNetwork) -> None:
    """Print every tensor: name, shape, number of elements, whether it is trained."""
    rows = [tensor_cells(layer, tensor, net) for layer in net.rows() for tensor in layer.tensors]
    show_table(net.name or "", TENSOR_COLUMNS, rows)


def tensor_cells(layer: CoreLayer, tensor: Tensor, net: CoreNetwork) -> tuple[str, ...]:
    times = multiply(layer.count_quantity, tensor.times)
    name = f"{layer.name}.{tensor.name}" + ("" if times == 1 else f" ×{times_text(times, net)}")
    shape = text.shape(tensor.shape, net.order)
    count = f"tied to {tensor.tied}" if tensor.tied else text.total(product(tensor.shape), net.order)
    return name, shape, count, trained_text(tensor)


def trained_text(tensor: Tensor) -> str:
    return "yes" if tensor.trainable else "no" if tensor.is_weight else "no (state)"


def show_table(heading: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, without its empty columns: by rich on a terminal, in plain aligned columns elsewhere."""
    shown = _without_empty_columns(columns, list(rows))
    if sys.stdout.isatty():
        console = _console()
        console.print(_rich_table(heading, console.width, *shown))
    else:
        _show_plain(heading, *shown)


def _without_empty_columns(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Shown:
    return _kept([any(row[i] for row in rows) for i in range(len(columns))], columns, rows)


def _kept(which: Sequence[bool], columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Shown:
    return list(compress(columns, which)), [tuple(compress(row, which)) for row in rows]


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto")


def _fits(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the terminal shows the table without folding a cell."""
    console = _console()
    table = _rich_table("", console.width, *_without_empty_columns(columns, rows))
    roomy = console.options.update(max_width=10 * console.width)
    return console.measure(table, options=roomy).maximum <= console.width


def _rich_table(heading: str, width: int, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    from rich import box
    from rich.table import Table

    if width < NARROW:
        columns, rows = _kept([column.title != "formula" for column in columns], columns, rows)
    table = Table(title=heading or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        style = {PARAMS.name: "bold", "formula": "dim", "kind": "dim", "share": "cyan"}.get(column.title)
        table.add_column(column.title, justify="right" if column.right else "left", overflow="fold", style=style)
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    return table


def _show_plain(heading: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    if heading:
        print(heading)
    for line in plain_lines(columns, rows):
        print(line)


def plain_lines(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table in aligned columns, its titles first."""
    lines = [tuple(column.title for column in columns), *rows]
    widths = [max(display_width(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        padded = (_padded(cell, width, column.right) for cell, width, column in zip(line, widths, columns))
        yield "  ".join(padded).rstrip()


def _padded(cell: str, width: int, right: bool) -> str:
    gap = " " * (width - display_width(cell))
    return gap + cell if right else cell + gap


def show_zoo() -> None:
    """Print the networks of the zoo with their counts."""
    columns = (Column("network"), Column("symbols"), Column(PARAMS.name, True))
    nets = [(name, CoreNetwork.from_source(source(name))) for name in names()]
    show_table(
        "", columns, [(name, ", ".join(n.symbols), text.total(n.quantity(PARAMS.name), n.order)) for name, n in nets]
    )
