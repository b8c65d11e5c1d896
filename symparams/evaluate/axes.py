"""Values axis by axis: one number for all axes, or a tuple with one for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, Union

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import Span, SymparamsError
from .domain import compare, divide, floor_divide, is_condition, is_number, multiply, normal, power, remainder

Shape = tuple[Quantity, ...]
Value = Union[Quantity, bool, str, Condition, tuple[Any, ...]]


class Interval(NamedTuple):
    """The whole numbers from `start` up to `stop`, which is not one of them."""

    start: Quantity
    stop: Quantity


def as_quantity(value: Value, span: Span | None = None) -> Quantity:
    if is_number(value):
        return value
    raise SymparamsError(f"a number is needed here, not {describe(value)}", span)


def describe(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the word {value!r}"
    if isinstance(value, Interval):
        return "a range"
    if isinstance(value, tuple):
        return f"{len(value)} values"
    if is_condition(value):
        return "a condition"
    return "a number"


def axiswise(operation: Callable[[Any, Any], Value], a: Value, b: Value) -> Value:
    """The operation on two values, or on each axis of tuples; what is no tuple stands for every axis."""
    if isinstance(a, tuple) or isinstance(b, tuple):
        if not isinstance(a, tuple):
            return tuple(axiswise(operation, a, y) for y in b)  # type: ignore[union-attr]
        if not isinstance(b, tuple):
            return tuple(axiswise(operation, x, b) for x in a)
        if len(a) != len(b):
            raise SymparamsError(f"{len(a)} values do not go with {len(b)} values")
        return tuple(axiswise(operation, x, y) for x, y in zip(a, b))
    return operation(a, b)


def _arithmetic(operation: Callable[[Any, Any], Quantity]) -> Callable[[Value, Value], Value]:
    def apply(a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return operation(a, b)
        return axiswise(lambda x, y: operation(as_quantity(x), as_quantity(y)), a, b)

    return apply


def _compare(operator: str) -> Callable[[Value, Value], Value]:
    def one(a: Value, b: Value) -> Value:
        if isinstance(a, (str, bool)) or isinstance(b, (str, bool)):
            if operator not in ("==", "!="):
                raise SymparamsError(f"{describe(a)} and {describe(b)} have no order")
            return (type(a) is type(b) and a == b) == (operator == "==")
        return compare(operator, as_quantity(a), as_quantity(b))

    def apply(a: Value, b: Value) -> Value:
        if isinstance(a, str) or isinstance(b, str):
            return one("" if isinstance(a, tuple) else a, "" if isinstance(b, tuple) else b)
        return axiswise(one, a, b)

    return apply


OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _arithmetic(lambda a, b: normal(a + b)),
    "-": _arithmetic(lambda a, b: normal(a - b)),
    "*": _arithmetic(lambda a, b: normal(multiply(a, b))),
    "/": _arithmetic(lambda a, b: normal(divide(a, b))),
    "//": _arithmetic(floor_divide),
    "%": _arithmetic(remainder),
    "**": _arithmetic(lambda a, b: normal(power(a, b))),
    **{operator: _compare(operator) for operator in ("==", "!=", "<=", ">=", "<", ">")},
}


def flat(values: Iterable[Value]) -> Iterable[Condition]:
    for value in values:
        if isinstance(value, tuple):
            yield from flat(value)
        else:
            yield value  # type: ignore[misc]
