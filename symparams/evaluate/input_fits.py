"""What fits where sizes do not meet: images for a linear map behind a flatten, paddings for branches that are added."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..errors import SymparamsError, listing
from ..language import ir, syntax
from ..language.layouts import CHANNELS_LAST
from ..language.library import Library
from ..language.unparse import unparse
from .changed_arguments import changes
from .domain import symbols_in, with_values
from .flow import Flow
from .misfit import Misfit
from .symbols import Symbols

LARGEST_SIDE = 1_024
MOST_SHOWN = 3
OPERATORS = ("add", "mul", "concat")
_SIDE = "side of the image"


def with_sizes_that_fit(error: Misfit, program: ir.Program, library: Library, values: Mapping[str, Any]) -> Misfit:
    """The error with what would fit in its hint, if there is anything: square images, and arguments of layers."""
    plain = error.hint

    def fuller() -> str | None:
        try:
            fitting = _fitting(program, library, values, error)
            ways = [f"it fits an input of {listing(fitting, 'or')}"] if fitting else []
            ways += _arguments_that_fit(program, library, values, error)
        except RecursionError:
            return plain
        return "; ".join(filter(None, [plain, "; or ".join(ways)])) or None

    return error.with_hint(fuller)


def _arguments_that_fit(program: ir.Program, library: Library, values: Mapping[str, Any], error: Misfit) -> list[str]:
    """For paddings, strides and output paddings, the changes of one of them with which the program has no fault."""
    found: dict[str, list[str]] = {}
    after = error.span.start if error.span else None
    for change in changes(program, library, after):
        said = found.setdefault(change.kind.noun, [])
        if len(said) < MOST_SHOWN and _runs(change.program, library, values):
            said.append(str(change))
    return [listing(said, "or") for said in found.values() if said]


def _runs(program: ir.Program, library: Library, values: Mapping[str, Any]) -> bool:
    try:
        _, stages = Flow(program, library, Symbols(program.names, program.paddings, values, ())).run()
    except SymparamsError:
        return False
    # Branches of symbolic sizes that are equal for some numbers alone do not fit.
    return not any(guard.layer in OPERATORS for stage in stages for guard in stage.all_guards)


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
    sides = (n for n in _near(item, channels) if all(with_values(guard, {symbol: n}) is True for guard in guards))
    return [_shape(item, channels, n) for n in sorted(islice(sides, MOST_SHOWN))]


def _near(item: ir.Input, channels: int) -> list[int]:
    """The sides that are tried, those next to what the image has first."""
    present = next(
        (s.value for axis, s in enumerate(item.shape) if axis != channels and isinstance(s, syntax.Number)), 1
    )
    return sorted(range(1, LARGEST_SIDE), key=lambda n: (abs(n - present), n))


def _shape(item: ir.Input, channels: int, side: int) -> str:
    sizes = [unparse(size) if axis == channels else str(side) for axis, size in enumerate(item.shape)]
    return f"({', '.join(sizes)})"
