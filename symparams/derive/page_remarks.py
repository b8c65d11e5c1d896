"""What is worth saying of a result: which layer holds most, and what the size of the image changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..closed_forms.polynomial import Quantity, Symbol, symbols_of
from ..closed_forms.quotients import divide
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..evaluate.figures import PARAMS
from ..formula import text
from ..language import ir, syntax
from .document import Code, Line
from .page_rows import PageRow
from .prose import Prose
from .shown_symbols import is_share

LARGE = Fraction(1, 5)


def remarks(prose: Prose, rows: Sequence[PageRow], whole: Quantity) -> Iterator[Line]:
    """Sentences about the parameters, where they are counted."""
    largest = max(rows, key=lambda row: _share(row, whole), default=None)
    if largest and len(rows) > 2 and LARGE <= _share(largest, whole) < 1:
        yield prose.say("page.largest", name=Code(largest.names[0]), share=text.percent(_share(largest, whole)))
    yield from _of_the_image(prose)


def _share(row: PageRow, whole: Quantity) -> Fraction:
    part = row.values.get(PARAMS.name, 0)
    if not is_share(whole) or not isinstance(part, (int, Fraction)):
        return Fraction(0)
    return Fraction(divide(part, whole))  # type: ignore[arg-type]


def _of_the_image(prose: Prose) -> Iterator[Line]:
    """Through which layers the height and the width of an image come into the count."""
    net = prose.net
    if len(net.input_shapes) != 1 or len(next(iter(net.input_shapes.values()))) != 3 or not net.output_shapes:
        return
    try:
        free, sizes = _with_free_sizes(net)
    except SymparamsError:
        return
    if len(sizes) < 2:
        return  # the conditions leave one size alone
    layers = [layer for layer in free.rows(0) if not symbols_of(layer.quantity(PARAMS.name)).isdisjoint(sizes)]
    if not layers:
        yield prose.say("page.image.free")
    elif len(layers) <= 3:
        yield prose.say("page.image.through", names=prose.listed([Code(layer.name) for layer in layers]))


def _with_free_sizes(net: CoreNetwork) -> tuple[CoreNetwork, set[Symbol]]:
    """The network for an image of any size, and the symbols of its height and width. Raises SymparamsError."""
    program = net.program
    taken = program.names | {parameter.name for parameter in program.parameters}
    names = [next(word for word in (axis, f"{axis}_image") if word not in taken) for axis in ("height", "width")]
    body = list(program.body)
    place, inflow = next((i, item) for i, item in enumerate(body) if isinstance(item, ir.Input))
    channels = 2 if net.evaluated.layout != "channels_first" else 0
    axes = iter(map(syntax.Name, names))
    shape = tuple(size if i == channels else next(axes) for i, size in enumerate(inflow.shape))
    body[place] = inflow.replaced(shape=shape)
    free = CoreNetwork(program.replaced(body=tuple(body), names=program.names | set(names)), net.values, net.freed)
    known = free.symbols_
    return free, {symbol for name in names for symbol in symbols_of(known.value(name))}  # type: ignore[arg-type]
