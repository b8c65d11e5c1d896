"""The part of each layer in a figure of the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..closed_forms.quotients import divide
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..evaluate.figures import PARAMS


class LayerShare(NamedTuple):
    """A layer with its amount of a figure, all its occurrences together, and the part that is of the network's.

    The share is a formula where it depends on symbols, and None where the network has nothing of the figure.
    """

    layer: CoreLayer
    amount: Quantity
    share: Quantity | None


def layer_shares(net: CoreNetwork, layers: Iterable[CoreLayer], figure: str = PARAMS.name) -> Iterator[LayerShare]:
    """The layers with their shares of a count."""
    whole = net.quantity(figure)
    for layer in layers:
        amount = layer.in_all(figure)
        share = divide(amount, whole) if whole != 0 else None
        yield LayerShare(layer, amount, Fraction(share) if isinstance(share, int) else share)
