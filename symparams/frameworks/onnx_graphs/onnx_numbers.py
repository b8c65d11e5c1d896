"""What ONNX's operators do to numbers that are known: the sizes that a graph works out on its way."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from math import ceil, floor, prod
from typing import Any

from ...errors import LimitError, SymparamsError
from ...evaluate import domain
from ...evaluate.domain import ceiling, compare, divide, is_symbolic, multiply, total
from ..graph.traced_tensors import TracedTensor
from ..python.numbers_read import exact, operate, whole
from .file_tensors import MAX_NUMBERS, FileTensor
from .onnx_values import KnownNumbers, known, value_of

Work = Callable[..., Any]


def _arrays(work: Callable[[Any], Any], *, is_real: bool | None = None) -> Work:
    """An operator that puts numbers in other places, which numpy does."""

    def run(call: Any, first: KnownNumbers, *more: Any) -> KnownNumbers:
        return KnownNumbers(work(first.array), first.is_real if is_real is None else is_real)

    return run


def _each(work: Callable[..., Any], *, truth: bool = False) -> Work:
    """An operator that works out each number from those in the same place."""

    def run(call: Any, *given: KnownNumbers) -> KnownNumbers:
        import numpy as np

        is_real = any(numbers.is_real for numbers in given)
        of_reals = lambda *numbers: work(is_real, *numbers)
        if prod(np.broadcast_shapes(*(numbers.array.shape for numbers in given))) > MAX_NUMBERS:
            raise LimitError(f"more than {MAX_NUMBERS:,} numbers are worked out")
        made = np.frompyfunc(of_reals, len(given), 1)(*(numbers.array for numbers in given))
        return KnownNumbers(np.asarray(made, dtype=object), is_real and not truth)

    return run


def _arithmetic(kind: type[ast.operator]) -> Callable[[bool, Any, Any], Any]:
    return lambda is_real, a, b: operate(kind, a, b)


def _quotient(is_real: bool, a: Any, b: Any) -> Any:
    if is_real or is_symbolic(a) or is_symbolic(b):
        return operate(ast.Div if is_real else ast.FloorDiv, a, b)
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _remainder(is_real: bool, a: Any, b: Any) -> Any:
    return operate(ast.Mod, a, b)


def _compared(sign: str) -> Callable[[bool, Any, Any], bool]:
    def holds(is_real: bool, a: Any, b: Any) -> bool:
        found = compare(sign, exact(a), exact(b))
        if not isinstance(found, bool):
            raise SymparamsError("which way the graph goes depends on a symbol")
        return found

    return holds


def _largest(is_real: bool, *numbers: Any) -> Any:
    return domain.largest(*numbers) if any(map(is_symbolic, numbers)) else max(numbers)


def _smallest(is_real: bool, *numbers: Any) -> Any:
    return domain.smallest(*numbers) if any(map(is_symbolic, numbers)) else min(numbers)


def _floor(is_real: bool, a: Any) -> Any:
    return whole(a) if is_symbolic(a) else floor(a)


def _ceiling(is_real: bool, a: Any) -> Any:
    return ceiling(a) if is_symbolic(a) else ceil(a)


def _chosen(is_real: bool, holds: Any, a: Any, b: Any) -> Any:
    return a if holds else b


def _axes(call: Any, axes: KnownNumbers | None, rank: int) -> tuple[int, ...]:
    return tuple(int(axis) % rank for axis in call.listed("axes", axes) or [])


def _unsqueezed(call: Any, a: KnownNumbers, axes: KnownNumbers | None = None) -> KnownNumbers:
    import numpy as np

    rank = len(a.sizes) + len(call.listed("axes", axes) or [])
    return KnownNumbers(np.expand_dims(a.array, _axes(call, axes, rank)), a.is_real)


def _squeezed(call: Any, a: KnownNumbers, axes: KnownNumbers | None = None) -> KnownNumbers:
    return KnownNumbers(a.array.squeeze(_axes(call, axes, len(a.sizes) or 1) or None), a.is_real)


def _concatenated(call: Any, *parts: KnownNumbers) -> KnownNumbers:
    import numpy as np

    made = np.concatenate([part.array for part in parts], axis=call.attributes["axis"])
    return KnownNumbers(made, any(part.is_real for part in parts))


def _gathered(call: Any, a: KnownNumbers, places: KnownNumbers) -> KnownNumbers:
    import numpy as np

    if a.array.size * places.array.size > MAX_NUMBERS**2:
        raise LimitError(f"more than {MAX_NUMBERS:,} numbers are worked out")
    made = np.take(a.array, places.array.astype(int), axis=call.attributes.get("axis", 0))
    return KnownNumbers(np.asarray(made, dtype=object), a.is_real)


def _sliced(call: Any, a: KnownNumbers, *given: KnownNumbers) -> Any:
    key = [slice(None)] * a.array.ndim
    for axis, start, end, step in call.cuts(given):
        if is_symbolic(start) or is_symbolic(end):
            return NotImplemented
        key[axis] = slice(start, end, step)
    return KnownNumbers(a.array[tuple(key)], a.is_real)


def _split(call: Any, a: KnownNumbers, lengths: KnownNumbers | None = None) -> list[KnownNumbers]:
    import numpy as np

    axis = call.attributes.get("axis", 0)
    ends = np.cumsum(call.split_lengths(lengths, a.sizes[axis]))[:-1]
    return [KnownNumbers(part, a.is_real) for part in np.split(a.array, ends.astype(int), axis)]


def _constant(call: Any) -> Any:
    given = call.attributes
    for name in ("value_int", "value_float", "value_ints", "value_floats"):
        if name in given:
            return known(list(given[name]) if name.endswith("s") else given[name], "float" in name)
    if "value" not in given:
        raise SymparamsError("a constant of this kind is not read")
    tensor = FileTensor(call.reader.onnx, given["value"], call.node.output[0], is_initializer=False)
    return value_of(tensor, call.reader.is_of_torch)


def _filled(call: Any, sizes: KnownNumbers) -> Any:
    import numpy as np

    value = call.attributes.get("value")
    tensor = FileTensor(call.reader.onnx, value, "value", is_initializer=False) if value is not None else None
    return _of_sizes(call, sizes.all(), lambda s: np.full(s, tensor.array().reshape(-1)[0] if tensor else 0.0, object))


def _of_sizes(call: Any, sizes: list[Any], work: Callable[[list[Any]], Any]) -> Any:
    """Numbers of these sizes, or a tensor that is only computed where they are too many, or sizes are symbols."""
    if all(isinstance(size, int) for size in sizes) and prod(sizes) <= MAX_NUMBERS:
        array = work(sizes)
        return KnownNumbers(array, isinstance(next(iter(array.reshape(-1)), 0), float))
    return TracedTensor(call.reader.program, None, sizes)


def _ranged(call: Any, start: KnownNumbers, stop: KnownNumbers, step: KnownNumbers) -> Any:
    first, last, by = (part.one() for part in (start, stop, step))
    if by == 0:
        raise SymparamsError("a range with a step of 0 has no end")
    length = ceiling(divide(total((exact(last), multiply(-1, exact(first)))), exact(by)))
    if isinstance(length, int) and length <= MAX_NUMBERS:
        return known([first + i * by for i in range(max(length, 0))], start.is_real)
    return TracedTensor(call.reader.program, None, (length,))


def _expanded(call: Any, a: KnownNumbers, sizes: KnownNumbers) -> Any:
    import numpy as np

    wanted = sizes.all()
    if not all(isinstance(size, int) for size in wanted):
        return NotImplemented
    shape = np.broadcast_shapes(a.array.shape, tuple(wanted))  # type: ignore[arg-type]
    return _of_sizes(call, list(shape), lambda s: np.broadcast_to(a.array, s).copy())


def _reshaped(call: Any, a: KnownNumbers, sizes: KnownNumbers) -> Any:
    wanted = sizes.all()
    if not all(isinstance(size, int) for size in wanted):
        return NotImplemented
    kept = call.attributes.get("allowzero")
    return KnownNumbers(a.array.reshape([a.sizes[i] if s == 0 and not kept else s for i, s in enumerate(wanted)]))


def _transposed(call: Any, a: KnownNumbers) -> KnownNumbers:
    return KnownNumbers(a.array.transpose(call.attributes.get("perm")), a.is_real)


def _reduced(work: Callable[[bool, Any, Any], Any]) -> Work:
    def run(call: Any, a: KnownNumbers, axes: KnownNumbers | None = None) -> Any:
        if a.array.ndim != 1:
            return NotImplemented
        numbers = a.all()
        if not numbers:
            return NotImplemented
        found = numbers[0]
        for number in numbers[1:]:
            found = work(a.is_real, found, number)
        return known([found] if call.attributes.get("keepdims", 1) else found, a.is_real)

    return run


def _cast(call: Any, a: KnownNumbers) -> KnownNumbers:
    types = call.reader.onnx.TensorProto
    to = call.attributes.get("to")
    if to in (types.FLOAT, types.DOUBLE, types.FLOAT16, types.BFLOAT16):
        return KnownNumbers(a.array, True)
    if to in (types.INT64, types.INT32):
        made: KnownNumbers = _each(lambda is_real, n: whole(n))(call, a)
        return KnownNumbers(made.array)
    return KnownNumbers(a.array)


def _same(call: Any, a: KnownNumbers, *more: Any) -> KnownNumbers:
    return a


# What is NotImplemented here is left to the same operators on tensors.
NUMBERS: Mapping[str, Work] = {
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "Range": _ranged,
    "Add": _each(_arithmetic(ast.Add)),
    "Sub": _each(_arithmetic(ast.Sub)),
    "Mul": _each(_arithmetic(ast.Mult)),
    "Div": _each(_quotient),
    "Mod": _each(_remainder),
    "Pow": _each(_arithmetic(ast.Pow)),
    "Min": _each(_smallest),
    "Max": _each(_largest),
    "Equal": _each(_compared("=="), truth=True),
    "Greater": _each(_compared(">"), truth=True),
    "GreaterOrEqual": _each(_compared(">="), truth=True),
    "Less": _each(_compared("<"), truth=True),
    "LessOrEqual": _each(_compared("<="), truth=True),
    "And": _each(lambda is_real, a, b: bool(a) and bool(b)),
    "Or": _each(lambda is_real, a, b: bool(a) or bool(b)),
    "Not": _each(lambda is_real, a: not a),
    "Neg": _each(lambda is_real, a: operate(ast.Mult, -1, a)),
    "Abs": _each(lambda is_real, a: a if is_symbolic(a) else abs(a)),
    "Sqrt": _each(lambda is_real, a: operate(ast.Pow, a, 0.5)),
    "Floor": _each(_floor),
    "Ceil": _each(_ceiling),
    "Where": _each(_chosen),
    "Cast": _cast,
    "CastLike": _same,
    "Identity": _same,
    "Concat": _concatenated,
    "Gather": _gathered,
    "Slice": _sliced,
    "Split": _split,
    "Squeeze": _squeezed,
    "Unsqueeze": _unsqueezed,
    "Reshape": _reshaped,
    "Expand": _expanded,
    "Transpose": _transposed,
    "ReduceProd": _reduced(lambda is_real, a, b: operate(ast.Mult, a, b)),
    "ReduceSum": _reduced(lambda is_real, a, b: operate(ast.Add, a, b)),
    "ReduceMax": _reduced(_largest),
    "ReduceMin": _reduced(_smallest),
}
