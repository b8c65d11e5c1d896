"""What each layer or block adds to the parameters or the work of a network: the rows of a plot."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, symbols_of
from ..closed_forms.powers import substitute
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..errors import SymparamsError, listing
from ..evaluate.figures import PLOTTED
from ..language import syntax
from ..language.layouts import CHANNELS_LAST
from ..sampling import admissible
from ..tables.printed import times_text
from ..tables.shares import layer_shares


class Share(NamedTuple):
    """A layer or block in all its occurrences; `layers` is how many rows of the table it stands for."""

    name: str
    kind: str
    amount: Quantity
    share: Fraction
    layers: int = 1


class Sizes(NamedTuple):
    """A layer's output: its sizes by the letters of their axes, and all elements together."""

    name: str
    axes: dict[str, int]
    elements: int


def shares(net: CoreNetwork, what: str, depth: int = 0) -> list[Share]:
    """The layers in order, with their parts of the whole. Raises SymparamsError where these depend on symbols."""
    whole = net.quantity(what)
    if whole == 0:
        raise SymparamsError(f"there is nothing to plot: the network has no {PLOTTED[what].unit}")
    rows = []
    for layer, amount, share in layer_shares(net, net.rows(depth), what):
        if not isinstance(share, Fraction):
            raise _needs_values(net, symbols_of(amount) | symbols_of(whole), f"the shares of the {PLOTTED[what].unit}")
        rows.append(Share(_name(layer, net), layer.layer, amount, share))
    return rows


def folded(rows: Sequence[Share], most: int, least: float, other: str) -> list[Share]:
    """At most so many rows with at least such a share, in their order, and one for all the others at the end.

    Rows without a share go there too, and it is called `other`, with their number for {count}.
    """
    largest = set(
        sorted((i for i, row in enumerate(rows) if row.share and row.share >= least), key=lambda i: -rows[i].share)[
            :most
        ]
    )
    kept = [row for i, row in enumerate(rows) if i in largest]
    rest = [row for i, row in enumerate(rows) if i not in largest]
    if len(rest) < 2:
        return list(rows)
    count = sum((row.amount for row in rest[1:]), rest[0].amount)
    layers = sum(row.layers for row in rest)
    share = sum((row.share for row in rest), Fraction(0))
    return [*kept, Share(other.replace("{count}", f"{layers:,}"), "", count, share, layers)]


def sizes(net: CoreNetwork, depth: int = 0) -> list[Sizes]:
    """The inputs and the outputs of the layers in order, those of the last turn of a repeat.

    Raises SymparamsError where a size depends on a symbol.
    """
    is_last = net.evaluated.layout == CHANNELS_LAST
    rows = list(net.input_shapes.items())
    for layer in net.rows(depth):
        shape = layer.output_shape
        for index, turns in reversed(layer.row.turns):
            shape = tuple(substitute(size, {index: turns - 1}) for size in shape)
        rows.append((_name(layer, net), shape))
    symbols = {symbol for _, shape in rows for size in shape for symbol in symbols_of(size)}
    if symbols:
        raise _needs_values(net, symbols, "the sizes")
    found = []
    has_windows = any(layer.layer in _WINDOWS for layer in net.rows(depth))
    for name, shape in rows:
        letters = _LETTERS.get(len(shape), ()) if len(shape) != 2 or not has_windows else ("C", "L")
        letters = (*letters[1:], letters[0]) if is_last and "C" in letters else letters
        whole = [int(size) for size in shape]  # type: ignore[arg-type]
        found.append(Sizes(name, dict(zip(letters, whole)), prod(whole)))
    return found


_LETTERS = {2: ("T", "d"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}
_WINDOWS = {"conv", "dwconv", "separable", "convT", "maxpool", "avgpool", "gap", "gmp"}


def _name(layer: CoreLayer, net: CoreNetwork) -> str:
    times = layer.count_quantity
    return layer.name if times == 1 else f"{layer.name} × {times_text(times, net)}"


def _needs_values(net: CoreNetwork, symbols: Iterable[object], what: str) -> SymparamsError:
    """The fault that something depends on symbols, with what puts values in for them."""
    found = {str(symbol) for symbol in symbols}
    names = [name for name in net.symbols if name in found]
    defaults = {p.name: p.default.value for p in net.program.parameters if isinstance(p.default, syntax.Number)}
    values = [f"{name}={number}" for name, number in {**_fitting(net), **defaults}.items() if name in names]
    put_in = f": --set {','.join(values)}, in Python net({', '.join(values)})" if values else ""
    hint = f"put values in{put_in}"
    verb = "is a symbol" if len(names) == 1 else "are symbols"
    return SymparamsError(f"{what} depend on {listing(names)}, which {verb}", None, hint)


def _fitting(net: CoreNetwork) -> dict[str, object]:
    """Numbers that meet the conditions, as far as some are found."""
    try:
        return dict(admissible(net, random.Random(1))[0])
    except SymparamsError:
        return {}
