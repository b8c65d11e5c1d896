"""What functions of torch and numpy make of known numbers.

What comes out of a logarithm or a power is known up to the last digits of the framework: where a rounding could go
either way because of them, the code is not read.
"""

from __future__ import annotations

import ast
import math
import operator
import struct
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from ...errors import SymparamsError
from .code_objects import MISSING
from .numbers_read import operate

# How numbers are kept: true or false, whole, and with the digits of a framework's decimal numbers.
TRUTH, WHOLE, SINGLE, DOUBLE = "truth", "whole", "single", "double"
_FORMS = (TRUTH, WHOLE, SINGLE, DOUBLE)
# How far a number that is known up to its last digits may be off, in parts of it.
_UNSURE = {SINGLE: 1e-5, DOUBLE: 1e-12}


class ArrayOfNumbers(NamedTuple):
    """The numbers of a tensor in the order of its axes, and how they are kept."""

    values: Sequence[Any]
    sizes: tuple[int, ...]
    form: str
    decimals: str
    is_sure: bool = True

    @property
    def has_point(self) -> bool:
        return self.form in (SINGLE, DOUBLE)


def spread(start: Any, end: Any, steps: int, decimals: str) -> ArrayOfNumbers:
    """So many numbers from the start to the end, with equal steps between them."""
    ends = [Fraction(end if isinstance(end, int) else float(end)) for end in (start, end)]
    step = (ends[1] - ends[0]) / max(steps - 1, 1)
    exact = [ends[0] + step * i for i in range(steps)]
    values = [float(value) for value in exact]
    sure = all(Fraction(*as_single(float(v)).as_integer_ratio()) == v for v in (*exact, step))
    return ArrayOfNumbers(values, (steps,), decimals, decimals, sure)


def as_single(value: float) -> float:
    """The nearest number with the digits that torch keeps."""
    found: float = struct.unpack("f", struct.pack("f", value))[0]
    return found


def _each(work: Callable[[Any], Any], form: str | None = None, to_decimals: bool = False, sure: bool = True) -> Any:
    """A function of every number: in the form that it has, or in another one, or with a point."""

    def apply(numbers: ArrayOfNumbers) -> ArrayOfNumbers:
        kept = form or (numbers.decimals if to_decimals and not numbers.has_point else numbers.form)
        values = [_defined(work, value) for value in numbers.values]
        return numbers._replace(values=values, form=kept, is_sure=numbers.is_sure and sure)

    return apply


def _defined(work: Callable[..., Any], *values: Any) -> Any:
    """What the work makes of numbers; None where there is nothing, or nothing finite."""
    try:
        return work(*values)
    except (ValueError, OverflowError, ZeroDivisionError):
        return None


def _rounding(work: Callable[[Any], Any], edge: float, form: str | None = None) -> Any:
    """A rounding, whose result jumps at every whole number and `edge`."""

    def apply(numbers: ArrayOfNumbers) -> ArrayOfNumbers:
        if not numbers.is_sure:
            for value in numbers.values:
                if abs((value - edge) - round(value - edge)) <= _UNSURE[numbers.form] * max(1.0, abs(value)):
                    raise SymparamsError(f"which whole number {value!r} is rounded to depends on its last digits")
        values = [work(value) for value in numbers.values]
        return numbers._replace(values=values, form=form or numbers.form, is_sure=True)

    return apply


def _always(*operands: Any) -> bool:
    return True


def _both(
    work: Callable[[Any, Any], Any],
    form: str | None = None,
    to_decimals: bool = False,
    exact: Callable[[Any, Any], bool] = _always,
) -> Any:
    """A function of two numbers each; `exact` says of two whether every digit of the result is the framework's."""

    def apply(one: Any, other: Any) -> Any:
        tensors = [n for n in (one, other) if isinstance(n, ArrayOfNumbers)]
        longest = max(tensors, key=lambda n: len(n.sizes))
        if any(n.sizes not in ((), longest.sizes) for n in tensors):
            return MISSING
        common = _common_form(tensors, [n for n in (one, other) if not isinstance(n, ArrayOfNumbers)])
        if to_decimals and common in (TRUTH, WHOLE):
            common = longest.decimals
        lists = [_as_many(n, len(longest.values), common) for n in (one, other)]
        values = [_defined(work, a, b) for a, b in zip(*lists)]
        sure = all(n.is_sure for n in tensors) and all(map(exact, *lists))
        return longest._replace(values=values, form=form or common, is_sure=sure)

    return apply


def _common_form(tensors: Sequence[ArrayOfNumbers], numbers: Sequence[Any]) -> str:
    form = max((n.form for n in tensors), key=_FORMS.index)
    if form in (TRUTH, WHOLE) and any(isinstance(n, float) for n in numbers):
        return tensors[0].decimals
    return WHOLE if form == TRUTH and any(not isinstance(n, bool) for n in numbers) else form


def _as_many(value: Any, count: int, form: str) -> list[Any]:
    values = list(value.values) if isinstance(value, ArrayOfNumbers) else [value]
    if form == SINGLE:
        values = [as_single(v) for v in values]
    return values * count if len(values) == 1 else values


def _power(a: Any, b: Any) -> Any:
    """A power; whole numbers have no negative ones."""
    if isinstance(a, int) and isinstance(b, int) and b < 0:
        raise ValueError
    found = operate(ast.Pow, a, b)
    return None if isinstance(found, complex) else found


def _has_exact_power(a: Any, b: Any) -> bool:
    """Whether a power is a number with few digits, which comes out as it is."""
    if isinstance(a, int) and isinstance(b, int):
        return True
    if b != int(b) or not 0 <= b <= 32:
        return False
    power = Fraction(a) ** int(b)
    return abs(power) < 1e30 and Fraction(as_single(float(power))) == power


def _of_all(work: Callable[[Sequence[Any]], Any], exact: bool = False) -> Any:
    """A function of all the numbers together; the order counts for those with a point where it is not exact."""

    def apply(numbers: ArrayOfNumbers) -> Any:
        if not numbers.values:
            return MISSING
        form = WHOLE if numbers.form == TRUTH and not exact else numbers.form
        sure = numbers.is_sure and (exact or not numbers.has_point)
        return numbers._replace(values=[work(numbers.values)], sizes=(), form=form, is_sure=sure)

    return apply


def _in_a_row(work: Callable[[Sequence[Any]], list[Any]], exact: bool = False) -> Any:
    def apply(numbers: ArrayOfNumbers) -> Any:
        if len(numbers.sizes) != 1:
            return MISSING
        values = work(numbers.values)
        sure = numbers.is_sure and (exact or not numbers.has_point)
        return numbers._replace(values=values, sizes=(len(values),), is_sure=sure)

    return apply


def _running(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        found.append(value + (found[-1] if found else 0))
    return found


def _check_leaving(numbers: ArrayOfNumbers) -> None:
    """Raises SymparamsError for numbers that the code may go on with to another whole number than the framework."""
    for value in () if numbers.is_sure else numbers.values:
        if not numbers.has_point or (
            value and abs(value - round(value)) <= _UNSURE[numbers.form] * max(1.0, abs(value))
        ):
            raise SymparamsError(f"whether this is {value!r} depends on the last digits that the framework keeps")


def _listed(numbers: ArrayOfNumbers) -> Any:
    _check_leaving(numbers)
    found = list(numbers.values)
    for size in reversed(numbers.sizes[1:]):
        found = [found[i : i + size] for i in range(0, len(found), size)] if size else []
    return found if numbers.sizes else found[0]


def _number(numbers: ArrayOfNumbers) -> Any:
    _check_leaving(numbers)
    return numbers.values[0] if len(numbers.values) == 1 else MISSING


# By name: how many values it takes, and what it makes of them.
FUNCTIONS_OF_NUMBERS: dict[str, tuple[int, Callable[..., Any]]] = {
    "round": (1, _rounding(round, 0.5)),
    "floor": (1, _rounding(math.floor, 0.0)),
    "ceil": (1, _rounding(math.ceil, 0.0)),
    **dict.fromkeys(("int", "long"), (1, _rounding(int, 0.0, WHOLE))),
    "float": (1, _each(float, SINGLE)),
    "double": (1, _each(float, DOUBLE)),
    "abs": (1, _each(abs)),
    "neg": (1, _each(operator.neg)),
    "sqrt": (1, _each(math.sqrt, to_decimals=True)),
    "exp": (1, _each(math.exp, to_decimals=True, sure=False)),
    "log": (1, _each(math.log, to_decimals=True, sure=False)),
    "log2": (1, _each(math.log2, to_decimals=True, sure=False)),
    **dict.fromkeys(("contiguous", "clone", "detach", "cpu", "cuda"), (1, _each(lambda value: value))),
    "add": (2, _both(operator.add)),
    "sub": (2, _both(operator.sub)),
    **dict.fromkeys(("mul", "multiply"), (2, _both(operator.mul))),
    **dict.fromkeys(("div", "divide", "true_divide"), (2, _both(operator.truediv, to_decimals=True))),
    **dict.fromkeys(("pow", "power"), (2, _both(_power, exact=_has_exact_power))),
    "eq": (2, _both(operator.eq, TRUTH)),
    "ne": (2, _both(operator.ne, TRUTH)),
    "lt": (2, _both(operator.lt, TRUTH)),
    "le": (2, _both(operator.le, TRUTH)),
    "gt": (2, _both(operator.gt, TRUTH)),
    "ge": (2, _both(operator.ge, TRUTH)),
    "sum": (1, _of_all(sum)),
    "prod": (1, _of_all(math.prod)),
    "max": (1, _of_all(max, exact=True)),
    "min": (1, _of_all(min, exact=True)),
    "diff": (1, _in_a_row(lambda values: [b - a for a, b in pairwise(values)], exact=True)),
    "cumsum": (1, _in_a_row(_running)),
    "tolist": (1, _listed),
    "item": (1, _number),
}
OF_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
}
OF_COMPARISONS = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
