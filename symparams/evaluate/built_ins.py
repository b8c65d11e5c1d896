"""The functions that the language has from the start."""

from __future__ import annotations

from collections.abc import Callable

from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError
from .arguments import (
    MAX_ITEMS,
    BuiltIn,
    is_anything,
    is_few,
    is_numbers,
    is_padding,
    is_row,
    is_sizes,
    is_text,
    is_tuple,
)
from .axes import Value, as_quantity, axiswise, flat
from .domain import (
    absolute,
    ceiling,
    floor,
    largest,
    logarithm,
    rounded,
    size_product,
    smallest,
    square_root,
    total,
)
from .einsum import einsum, einsums
from .rearrange import rearranged, rearranges, reshaped, reshapes


def _elementwise(function: Callable[..., Quantity]) -> Callable[[Value], Value]:
    def apply(value: Value) -> Value:
        return tuple(map(apply, value)) if isinstance(value, tuple) else function(as_quantity(value))

    return apply


def _extreme(function: Callable[..., Quantity]) -> Callable[..., Value]:
    def apply(*values: Value) -> Value:
        if len(values) == 1 and isinstance(values[0], tuple):
            values = values[0]
        if not values:
            raise SymparamsError("there is no least or largest of no values")
        result = values[0]
        for value in values[1:]:
            result = axiswise(lambda a, b: function(as_quantity(a), as_quantity(b)), result, value)
        return result

    return apply


def _sides(padding: Value, axes: int) -> tuple[Value, ...]:
    """What a padding adds before each axis, and what it adds after it: a word adds nothing.

    A padding is one number, or one for each axis, or a pair for each axis, or both numbers for each axis in one list,
    the last axis first, as torch writes them.
    """
    if isinstance(padding, str):
        padding = 0
    each = padding if isinstance(padding, tuple) else (padding,) * axes
    if len(each) == 2 * axes and not any(isinstance(side, tuple) for side in each):
        each = tuple(zip(each[::2], each[1::2]))[::-1]
    pairs = [side if isinstance(side, tuple) else (side, side) for side in each]
    if len(pairs) != axes:
        hint = "write p, or one number for each axis, or ((before, after), ...)"
        raise SymparamsError(f"the padding does not fit {axes} axes", hint=hint)
    return tuple(before for before, _ in pairs), tuple(after for _, after in pairs)


def _surely(value: Value) -> bool:
    """Whether a condition is known to hold, for every axis, whatever the symbols stand for."""
    return all(map(_surely, value)) if isinstance(value, tuple) else value is True


_SHAPE = "a shape, a pattern in quotes and the sizes of axes by name"
_EQUATION = "a shape, an equation in quotes, sizes"
BUILT_INS: dict[str, BuiltIn] = {
    "min": BuiltIn(_extreme(smallest), "one number or more", is_numbers, more=is_numbers),
    "max": BuiltIn(_extreme(largest), "one number or more", is_numbers, more=is_numbers),
    "floor": BuiltIn(_elementwise(floor), "one number", is_numbers),
    "ceil": BuiltIn(_elementwise(ceiling), "one number", is_numbers),
    "round": BuiltIn(_elementwise(rounded), "one number", is_numbers),
    "abs": BuiltIn(_elementwise(absolute), "one number", is_numbers),
    "sqrt": BuiltIn(_elementwise(square_root), "one number", is_numbers),
    "log2": BuiltIn(_elementwise(logarithm), "one number", is_numbers),
    "len": BuiltIn(len, "one tuple", is_tuple),
    "sum": BuiltIn(total, "one tuple of numbers", is_row),
    "prod": BuiltIn(size_product, "one tuple of numbers", is_row),
    "rearrange": BuiltIn(rearranged, _SHAPE, is_row, is_anything, more=is_anything),
    "rearranges": BuiltIn(rearranges, _SHAPE, is_row, is_anything, more=is_anything),
    "reshape": BuiltIn(reshaped, "two tuples of numbers", is_row, is_row),
    "reshapes": BuiltIn(reshapes, "two tuples of numbers", is_row, is_row),
    "einsum": BuiltIn(einsum, f"{_EQUATION}, and the axes of the bias", is_row, is_text, is_sizes, is_text),
    "einsums": BuiltIn(einsums, _EQUATION, is_row, is_text, is_sizes),
    "sides": BuiltIn(_sides, f"a padding and a number of axes up to {MAX_ITEMS:,}", is_padding, is_few),
    "flat": BuiltIn(lambda *values: tuple(flat(values)), "any values", more=is_anything),
    "surely": BuiltIn(_surely, "one condition", is_anything),
}
