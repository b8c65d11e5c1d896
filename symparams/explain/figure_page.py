"""Why a figure is what it is: what each kind of layer adds to a sum, how each layer changes what is carried along."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, total
from ..core.layer import CoreLayer, brief
from ..core.network import CoreNetwork
from ..evaluate.figures import EXPLAINED, JUMP, LOOKED, RECEPTIVE_FIELD, START
from ..evaluate.model import Shape
from ..formula import text
from ..tables.printed import Column, plain_lines
from .makeup import count_text, layers_text
from .occurrences import contributions

MOST_ROWS = 16
LOOK_COLUMNS = (Column("layer"), *(Column(figure.title.replace("-", " "), True) for figure in LOOKED.values()))


class Addend(NamedTuple):
    """Layers of one kind, with what they add to a figure, all their occurrences together."""

    layers: tuple[CoreLayer, ...]
    amount: Quantity


def addends(net: CoreNetwork, name: str) -> list[Addend]:
    """What each kind of layer adds to a figure that is a sum, the most first where these are numbers."""
    kinds: dict[str, list[CoreLayer]] = {}
    for layer in (added.layer for added in contributions(net)):
        kinds.setdefault(layer.layer, []).append(layer)
    found = [Addend(tuple(layers), total(layer.in_all(name) for layer in layers)) for layers in kinds.values()]
    found = [addend for addend in found if addend.amount != 0]
    if all(isinstance(addend.amount, int) for addend in found):
        found.sort(key=lambda addend: addend.amount, reverse=True)  # type: ignore[arg-type,return-value]
    return found


def figure_page(net: CoreNetwork, name: str) -> Iterator[str]:
    """Why a figure is what it is. Raises SymparamsError where it is not known."""
    return _look_page(net) if name in LOOKED else _sum_page(net, name)


def _sum_page(net: CoreNetwork, name: str) -> Iterator[str]:
    figure, found = EXPLAINED[name], addends(net, name)
    if not found:
        yield f"The network has no {figure.unit}."
        return
    whole = net.quantity(name)
    owners = layers_text([layer for addend in found for layer in addend.layers], net)
    yield f"The {count_text(whole, net)} {figure.unit} are those of {owners}."
    if len(found) > 1:
        share = (Column("share", True),) if isinstance(whole, int) else ()
        columns = (Column("layers"), Column(figure.title, True), *share)
        yield "\n".join(plain_lines(columns, [_cells(addend, whole, net) for addend in found]))


def _cells(addend: Addend, whole: Quantity, net: CoreNetwork) -> tuple[str, ...]:
    share = (f"{float(Fraction(addend.amount, whole)):.1%}",) if isinstance(whole, int) else ()  # type: ignore[arg-type]
    return layers_text(addend.layers, net), brief(count_text(addend.amount, net)), *share


# What is carried along


def changes(net: CoreNetwork) -> list[tuple[CoreLayer, tuple[Shape, ...]]]:
    """The layers after which another part of the input is seen, with the figures of what they see then."""
    found: list[tuple[CoreLayer, tuple[Shape, ...]]] = []
    for layer in (added.layer for added in contributions(net)):
        seen = tuple(layer.along_axes(name) for name in LOOKED)
        if not found or seen != found[-1][1]:
            found.append((layer, seen))
    return found


def _look_page(net: CoreNetwork) -> Iterator[str]:
    size, jump, start = (_axes(net.along_axes(figure.name), net) for figure in (RECEPTIVE_FIELD, JUMP, START))
    if all(look.is_whole for look in net.looks):
        yield f"The output sees all {size} places of the input."
    else:
        yield (
            f"One place of the output sees {size} places of the input. Its neighbour looks {jump} further on, "
            f"and the first begins at {start}, counted from 0."
        )
    yield "A layer that looks at k places of what flows in sees (k − 1) times the jump before it more of the input."
    found = changes(net)
    rows = [(layer.name, *(_axes(shape, net) for shape in seen)) for layer, seen in found]
    if len(rows) > MOST_ROWS:
        left_out = len(rows) - MOST_ROWS + 1
        rows[MOST_ROWS // 2 : -(MOST_ROWS // 2 - 1)] = [(f"… ({left_out} layers)", *[""] * len(LOOKED))]
    yield "\n".join(plain_lines(LOOK_COLUMNS, rows))


def _axes(shape: Shape, net: CoreNetwork) -> str:
    """A value for each axis: one where all are the same."""
    written = [text.inline(value, net.order) for value in shape]
    return written[0] if len(set(written)) == 1 else f"({', '.join(written)})"
