"""Where symparams and a framework differ on purpose, each with its reason. A difference not listed here is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Known(NamedTuple):
    layers: str
    dialect: str
    reason: str
    applies: Callable[[dict[str, Any], tuple[int, ...]], bool]

    def covers(self, layer: str, dialect: str, arguments: dict[str, Any], shape: tuple[int, ...]) -> bool:
        return layer in self.layers.split() and dialect == self.dialect and self.applies(arguments, shape)


KNOWN: list[Known] = [
    Known(
        "lppool",
        "torch",
        "LPPool1d computes with its kernel size as a number, and fails for a tuple of one, which MaxPool1d takes",
        lambda arguments, shape: len(shape) == 2 and isinstance(arguments["k"], tuple),
    ),
    Known(
        "avgpool",
        "keras",
        "on the torch backend Keras pads in torch's 3-D average pooling, which wants the window in the input itself",
        lambda arguments, shape: len(shape) == 4 and arguments.get("p") == "same",
    ),
]
