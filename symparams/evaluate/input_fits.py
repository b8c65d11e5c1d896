"""Which images fit a layer that names another size than what flows in, as a linear map behind a flatten does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import SymparamsError, listing
from ..language import ir, syntax
from ..language.layouts import CHANNELS_LAST
from ..language.library import Library
from ..language.unparse import unparse
from .domain import symbols_in, with_values
from .flow import Flow
from .spelled import Misfit
from .symbols import Symbols

LARGEST_SIDE = 1_024
_SIDE = "side of the image"


def with_sizes_that_fit(error: Misfit, program: ir.Program, library: Library, values: Mapping[str, Any]) -> Misfit:
    """The error with the square images that would fit in its hint, if there are any."""
    fitting = _fitting(program, library, values, error)
    if fitting:
        error.hint = f"{error.hint}; it fits an input of {listing(fitting, 'or')}"
    return error


def _fitting(program: ir.Program, library: Library, values: Mapping[str, Any], error: Misfit) -> list[str]:
    inputs = [(place, item) for place, item in enumerate(program.body) if isinstance(item, ir.Input)]
    if len(inputs) != 1 or len(inputs[0][1].shape) != 3:
        return []
    place, item = inputs[0]
    channels = 2 if item.layout == CHANNELS_LAST else 0
    side = syntax.Name(_SIDE)
    square = item.replaced(shape=tuple(size if axis == channels else side for axis, size in enumerate(item.shape)))
    body = (*program.body[:place], square, *program.body[place + 1 :])
    flow = Flow(program.replaced(body=body), library, Symbols({*program.names, _SIDE}, program.paddings, values, ()))
    try:
        _, stages = flow.run()
    except SymparamsError:
        return []
    guards = [guard.condition for stage in stages for guard in stage.all_guards]
    symbols = {symbol for symbol in symbols_in(guards) if symbol.name == _SIDE}
    if not symbols or symbols_in(guards) != symbols:
        return []
    (symbol,) = symbols
    sides = (n for n in range(1, LARGEST_SIDE) if all(with_values(guard, {symbol: n}) is True for guard in guards))
    found = [next(sides, None) for _ in range(3)]
    return [_shape(item, channels, n) for n in found if n is not None]


def _shape(item: ir.Input, channels: int, side: int) -> str:
    sizes = [unparse(size) if axis == channels else str(side) for axis, size in enumerate(item.shape)]
    return f"({', '.join(sizes)})"
