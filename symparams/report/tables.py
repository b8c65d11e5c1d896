"""Tables for the terminal: wide and in colour on one, aligned and whole in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..algebra.polynomial import Expr, Quantity
from ..errors import display_width
from ..evaluate.model import Tensor
from ..network import Layer, Network
from ..notation import text
from ..notation.tree import Add, Div, Mod, tree
from .record import is_trained

# Terminals with fewer columns are not shown the formulas, which would fold letter by letter.
NARROW = 70


class Column(NamedTuple):
    title: str
    right: bool = False


LAYER_COLUMNS = (Column("layer"), Column("kind"), Column("output"), Column("params", True), Column("formula"))
TENSOR_COLUMNS = (Column("tensor"), Column("shape"), Column("count", True), Column("trainable"))


def show_network(net: Network, depth: int | None) -> None:
    """Print the table of a network, its totals, and the conditions under which they hold."""
    heading = f"{net.name or 'network'} ({net.dialect})"
    show_table(heading, LAYER_COLUMNS, [*_inputs(net), *(_layer_cells(layer, net) for layer in net.rows(depth))])
    print()
    for name, value in _totals(net):
        print(f"{name:<14} {value}")


def _inputs(net: Network) -> Iterator[tuple[str, ...]]:
    for name, shape in net.input_shapes.items():
        yield name, "input", text.shape(shape, net.order), "", ""


def _layer_cells(layer: Layer, net: Network) -> tuple[str, ...]:
    times = layer.count_quantity
    name = layer.name if times == 1 else f"{layer.name} ×{times_text(times, net)}"
    params = layer.quantity("params")
    written = formula(layer, net)
    shown = text.total(params, net.order)
    return name, layer.layer, text.shape(layer.output_shape, net.order), shown, "" if written == shown else written


def times_text(times: Quantity, net: Network) -> str:
    return text.number(times) if isinstance(times, int) else size_as_factor(times, net)


def formula(layer: Layer, net: Network) -> str:
    """The parameters as the sum of the products of the tensors' sizes."""
    counted = [t for t in layer.tensors if t.tied is None and (t.kind == "weight" or net.dialect == "keras")]
    ties = [f"tied to {t.tied}" for t in layer.tensors if t.tied]
    products = " + ".join("·".join(size_as_factor(size, net) for size in t.shape) for t in counted)
    return "; ".join(part for part in (products, *ties) if part)


def size_as_factor(size: Quantity, net: Network) -> str:
    shown = text.inline(size, net.order)
    return f"({shown})" if isinstance(tree(size), (Add, Div, Mod)) else shown


def _totals(net: Network) -> Iterator[tuple[str, str]]:
    sizes = [size for size in net.output_shape if isinstance(size, Expr)]
    for name in ("params", "active", "trainable", "non_trainable", "state", "macs"):
        value = net.quantity(name)
        expected = net.quantity("params") if name in ("active", "trainable") else 0
        if name == "params" or value != expected:
            yield name.replace("_", "-"), text.total(value, net.order, sizes)
    yield "output", text.shape(net.output_shape, net.order)
    for number, condition in enumerate(net.guards):
        yield "valid when" if number == 0 else "", text.condition(condition, net.order)


def show_tensors(net: Network) -> None:
    """Print every tensor: name, shape, number of elements, whether it is trained."""
    rows = [tensor_cells(layer, tensor, net) for layer in net.rows() for tensor in layer.tensors]
    show_table(net.name or "", TENSOR_COLUMNS, rows)


def tensor_cells(layer: Layer, tensor: Tensor, net: Network) -> tuple[str, ...]:
    times = layer.count_quantity
    name = f"{layer.name}.{tensor.name}" + ("" if times == 1 else f" ×{times_text(times, net)}")
    shape = text.shape(tensor.shape, net.order)
    count = f"tied to {tensor.tied}" if tensor.tied else text.total(tensor.elements, net.order)
    return name, shape, count, "yes" if is_trained(tensor) else "no" if tensor.kind == "weight" else "no (state)"


def show_table(heading: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, without its empty columns: by rich on a terminal, in plain aligned columns elsewhere."""
    cells = [tuple(row) for row in rows]
    used = [i for i in range(len(columns)) if any(row[i] for row in cells)]
    kept = [columns[i] for i in used]
    cells = [tuple(row[i] for i in used) for row in cells]
    if sys.stdout.isatty():
        _show_rich(heading, kept, cells)
    else:
        _show_plain(heading, kept, cells)


def _show_rich(heading: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, color_system=None if os.environ.get("NO_COLOR") else "auto")
    table = Table(title=heading or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    if console.width < NARROW:
        kept = [i for i, column in enumerate(columns) if column.title != "formula"]
        columns, rows = [columns[i] for i in kept], [[row[i] for i in kept] for row in rows]
    for column in columns:
        style = {"params": "bold", "formula": "dim", "kind": "dim"}.get(column.title)
        table.add_column(column.title, justify="right" if column.right else "left", overflow="fold", style=style)
    for row in rows:
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    console.print(table)


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
    from .. import zoo
    from ..network import load

    columns = (Column("network"), Column("symbols"), Column("params", True))
    nets = [(name, load(f"zoo:{name}")) for name in zoo.names()]
    show_table(
        "", columns, [(name, ", ".join(n.symbols), text.total(n.quantity("params"), n.order)) for name, n in nets]
    )
