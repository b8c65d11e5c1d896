"""What ONNX's operators do to numbers that are known: the sizes that a graph works out on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import LimitError, SymparamsError
from ...evaluate.domain import compare, divide, floor_divide, multiply, total
from .onnx_values import MAX_NUMBERS, Known, OnnxConstant, known, value_of


def _numpy() -> Any:
    import numpy

    return numpy


def _each(work: Callable[[Any, Any], Any]) -> Callable[..., Known]:
    def run(reader: Any, a: Known, b: Known) -> Known:
        np = _numpy()
        left, right = np.broadcast_arrays(a.array, b.array)
        made = np.empty(left.shape, dtype=object)
        for place in np.ndindex(left.shape):
            made[place] = work(left[place], right[place])
        return Known(made)

    return run


def _quotient(a: Any, b: Any) -> Any:
    return a / b if isinstance(a, float) or isinstance(b, float) else floor_divide(a, b)


def _truth(sign: str) -> Callable[[Any, Any], Any]:
    def holds(a: Any, b: Any) -> bool:
        found = compare(sign, a, b)
        if not isinstance(found, bool):
            raise SymparamsError("which way the graph goes depends on a symbol")
        return found

    return holds


def _alone(work: Callable[[Any], Any]) -> Callable[..., Known]:
    def run(reader: Any, a: Known, *more: Any) -> Known:
        np = _numpy()
        made = np.empty(a.array.shape, dtype=object)
        for place in np.ndindex(a.array.shape):
            made[place] = work(a.array[place])
        return Known(made)

    return run


def _axes(reader: Any, axes: Known | None) -> list[int]:
    return list(axes.numbers()) if axes is not None else list(reader.attributes.get("axes", []))  # type: ignore[arg-type]


def _unsqueezed(reader: Any, a: Known, axes: Known | None = None) -> Known:
    array = a.array
    for axis in sorted(_axes(reader, axes)):
        array = _numpy().expand_dims(array, axis)
    return Known(array)


def _squeezed(reader: Any, a: Known, axes: Known | None = None) -> Known:
    found = _axes(reader, axes)
    return Known(a.array.squeeze(tuple(found) if found else None))


def _concatenated(reader: Any, *parts: Known) -> Known:
    return Known(_numpy().concatenate([part.array for part in parts], axis=reader.attributes["axis"]))


def _gathered(reader: Any, a: Known, places: Known) -> Known:
    return Known(_numpy().take(a.array, places.array.astype(int), axis=reader.attributes.get("axis", 0)))


def _sliced(reader: Any, a: Known, *given: Known) -> Known:
    given = given or tuple(
        known(list(reader.attributes[n])) for n in ("starts", "ends", "axes") if n in reader.attributes
    )
    starts, ends = (part.numbers() for part in given[:2])
    axes = given[2].numbers() if len(given) > 2 else range(len(starts))
    steps = given[3].numbers() if len(given) > 3 else [1] * len(starts)
    key = [slice(None)] * a.array.ndim
    for axis, start, end, step in zip(axes, starts, ends, steps):
        key[axis] = slice(start, end, step)  # type: ignore[index]
    return Known(a.array[tuple(key)])


def _constant(reader: Any) -> Any:
    given = reader.attributes
    if "value" in given:
        return value_of(reader.onnx, given["value"])
    for name in ("value_int", "value_float", "value_ints", "value_floats"):
        if name in given:
            return known(list(given[name]) if name.endswith("s") else given[name])
    raise SymparamsError("a constant of this kind is not read")


def _filled(reader: Any, sizes: Known) -> Any:
    numbers = sizes.numbers()
    count = 1
    for size in numbers:
        count = count * size if isinstance(size, int) else MAX_NUMBERS + 1  # type: ignore[assignment]
    if count > MAX_NUMBERS:
        return OnnxConstant(tuple(numbers))  # type: ignore[arg-type]
    value = reader.attributes.get("value")
    first = reader.onnx.numpy_helper.to_array(value).reshape(-1).tolist()[0] if value is not None else 0.0
    return Known(_numpy().full(numbers, first, dtype=object))


def _ranged(reader: Any, start: Known, stop: Known, step: Known) -> Any:
    ends = [part.number() for part in (start, stop, step)]
    if not all(isinstance(end, int) for end in ends):
        length = total((ends[1], multiply(-1, ends[0])))
        return OnnxConstant((length if ends[2] == 1 else divide(length, ends[2]),))  # type: ignore[arg-type]
    if len(range(*ends)) > MAX_NUMBERS:  # type: ignore[arg-type]
        raise LimitError(f"more than {MAX_NUMBERS:,} numbers are worked out")
    return known(list(range(*ends)))  # type: ignore[arg-type]


def _reshaped(reader: Any, a: Known, sizes: Known) -> Known:
    return Known(a.array.reshape([int(size) for size in sizes.numbers()]))  # type: ignore[arg-type]


def _transposed(reader: Any, a: Known) -> Known:
    return Known(a.array.transpose(reader.attributes.get("perm")))


def _product(reader: Any, a: Known, axes: Known | None = None) -> Known:
    found: Quantity = 1
    for number in a.numbers():
        found = multiply(found, number)
    return known([found] if reader.attributes.get("keepdims", 1) else found)


def _chosen(reader: Any, holds: Known, a: Known, b: Known) -> Known:
    np = _numpy()
    return Known(np.where(holds.array.astype(bool), a.array, b.array))


def _same(reader: Any, a: Known, *more: Any) -> Known:
    return a


def _cast(reader: Any, a: Known) -> Known:
    types = reader.onnx.TensorProto
    whole = reader.attributes.get("to") in (types.INT64, types.INT32)
    return _alone(lambda n: int(n) if whole and isinstance(n, float) else n)(reader, a)


NUMBERS: Mapping[str, Callable[..., Any]] = {
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "Range": _ranged,
    "Add": _each(lambda a, b: total((a, b)) if not isinstance(a, float) else a + b),
    "Sub": _each(lambda a, b: total((a, multiply(-1, b))) if not isinstance(a, float) else a - b),
    "Mul": _each(lambda a, b: a * b if isinstance(a, float) or isinstance(b, float) else multiply(a, b)),
    "Div": _each(_quotient),
    "Mod": _each(lambda a, b: a % b),
    "Min": _each(min),
    "Max": _each(max),
    "Equal": _each(_truth("==")),
    "Greater": _each(_truth(">")),
    "Less": _each(_truth("<")),
    "And": _each(lambda a, b: bool(a) and bool(b)),
    "Or": _each(lambda a, b: bool(a) or bool(b)),
    "Not": _alone(lambda a: not a),
    "Neg": _alone(lambda a: multiply(-1, a)),
    "Sqrt": _alone(lambda a: a**0.5),
    "Floor": _alone(lambda a: float(int(a // 1)) if isinstance(a, float) else a),
    "Cast": _cast,
    "CastLike": _same,
    "Identity": _same,
    "Concat": _concatenated,
    "Gather": _gathered,
    "Slice": _sliced,
    "Squeeze": _squeezed,
    "Unsqueeze": _unsqueezed,
    "Reshape": _reshaped,
    "Transpose": _transposed,
    "ReduceProd": _product,
    "Where": _chosen,
}
