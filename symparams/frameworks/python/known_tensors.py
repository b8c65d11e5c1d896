"""Small tensors of known numbers, which are worked out as torch and numpy work them out."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from typing import Any

from ...evaluate.domain import is_symbolic
from ..graph.growing_program import GrowingProgram
from .code_objects import MISSING, Native, PyObject, Unknown
from .code_tensors import CodeTensor
from .known_functions import (
    FUNCTIONS_OF_NUMBERS,
    OF_COMPARISONS,
    OF_SIGNS,
    SINGLE,
    TRUTH,
    WHOLE,
    ArrayOfNumbers,
    as_single,
)

MAX_VALUES = 1_000


class Kept:
    """The numbers of a tensor and of its views; none any more once one of them is changed in place."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]):
        self.values: Sequence[Any] | None = values


class KnownTensor(CodeTensor):
    """A tensor of known numbers.

    `form` is how they are kept, `decimals` how its framework keeps those with a point, and `is_sure` whether every
    digit is the framework's.
    """

    __slots__ = ("chosen", "decimals", "form", "is_sure", "kept")

    def __init__(self, program: GrowingProgram, sizes: Sequence[int], kept: Kept, form: str, decimals: str):
        super().__init__(program, None, sizes)
        self.kept = kept
        self.form = form
        self.decimals = decimals
        self.is_sure = True
        self.chosen: Sequence[int] = range(math.prod(sizes))

    @property
    def numbers(self) -> ArrayOfNumbers | None:
        kept = self.kept.values
        if kept is None:
            return None
        values = [kept[place] for place in self.chosen]
        return ArrayOfNumbers(values, self.sizes, self.form, self.decimals, self.is_sure)  # type: ignore[arg-type]

    @property
    def is_whole(self) -> bool:
        return self.form == WHOLE

    @property
    def forgotten(self) -> CodeTensor:
        """A tensor of the same sizes, of which the numbers are not known."""
        return CodeTensor(self.program, self.node, self.sizes)

    def attribute(self, name: str) -> Any:
        if name in ("data", "grad"):
            return self
        if name not in FUNCTIONS_OF_NUMBERS and name != "astype":
            found = self.forgotten.attribute(name)
            if not isinstance(found, Native):
                return found
        return Native(lambda *values, **named: self.called(name, values, named), name)

    def called(self, name: str, values: Sequence[Any], named: Any) -> Any:
        found = _as_asked(self.program, name, (self, *values), named)
        if found is not MISSING:
            return found
        made = self.forgotten.attribute(name).work(*values, **named)
        return self.became(made) if name.endswith("_") else made

    def became(self, other: CodeTensor) -> CodeTensor:
        self.kept.values = None
        return super().became(other)

    def changed(self) -> None:
        self.kept.values = None

    def item(self, key: Any) -> Any:
        keys = key if isinstance(key, tuple) else (key,)
        plain = all(isinstance(k, (int, slice)) and not isinstance(k, bool) for k in keys)
        if self.kept.values is None or not plain or len(keys) > len(self.sizes):
            return self.forgotten.item(key)
        places, sizes = _chosen(self.chosen, self.sizes, keys)
        made = KnownTensor(self.program, sizes, self.kept, self.form, self.decimals)
        made.is_sure, made.chosen = self.is_sure, places
        return made

    def operate(self, kind: type[ast.operator], other: Any, reverse: bool) -> Any:
        operands = (other, self) if reverse else (self, other)
        found = worked_out(self.program, OF_SIGNS.get(kind, ""), operands, {})
        return self.forgotten.operate(kind, other, reverse) if found is MISSING else found

    def compared(self, sign: str, other: Any, reverse: bool) -> Any:
        operands = (other, self) if reverse else (self, other)
        found = worked_out(self.program, OF_COMPARISONS[sign], operands, {})
        return self.forgotten.compared(sign, other, reverse) if found is MISSING else found


def tensor_of(
    program: GrowingProgram, values: Sequence[Any], sizes: Sequence[int] | None = None, decimals: str = SINGLE
) -> CodeTensor:
    """A tensor of these numbers, of one axis without sizes."""
    numbers = isinstance(values, range) or all(isinstance(value, (int, float)) for value in values)
    shape = (len(values),) if sizes is None else tuple(sizes)
    if not numbers or len(values) > MAX_VALUES or len(values) != math.prod(shape):
        return CodeTensor(program, None, shape)
    form = decimals if any(isinstance(value, float) for value in values) else WHOLE
    if values and all(isinstance(value, bool) for value in values):
        form = TRUTH
    return made_of(program, ArrayOfNumbers(values, shape, form, decimals))


def nested(values: Any) -> tuple[list[Any], list[int]]:
    """The numbers in lists of lists, the first of them where they are too many; and the sizes of a tensor of them."""
    shape: list[int] = []
    level = [values]
    while level and all(isinstance(row, (list, tuple, range)) for row in level):
        shape.append(len(level[0]))
        most = MAX_VALUES if sum(map(len, level)) <= MAX_VALUES else 1
        level = [value for row in level[:most] for value in row[:most]]
    return level, shape


def made_of(program: GrowingProgram, numbers: ArrayOfNumbers) -> CodeTensor:
    """A tensor of numbers; one without them where they are too many, or a framework does not keep one of them."""
    kept = [_as_kept(value, numbers.form) for value in numbers.values] if len(numbers.values) <= MAX_VALUES else [None]
    if None in kept:
        return CodeTensor(program, None, numbers.sizes)
    made = KnownTensor(program, numbers.sizes, Kept(kept), numbers.form, numbers.decimals)
    made.is_sure = numbers.is_sure
    return made


def worked_out(program: GrowingProgram, name: str, values: Sequence[Any], named: Any = ()) -> Any:
    """What a function of this name makes of known numbers; MISSING where it is none, or some are not known."""
    if name not in FUNCTIONS_OF_NUMBERS or named:
        return MISSING
    arguments = [v.numbers if isinstance(v, KnownTensor) else v for v in values]
    if not any(isinstance(a, ArrayOfNumbers) for a in arguments):
        return MISSING
    if not all(isinstance(a, (ArrayOfNumbers, int, float)) for a in arguments):
        return MISSING
    count, work = FUNCTIONS_OF_NUMBERS[name]
    made = work(*arguments) if len(arguments) == count else MISSING
    return made_of(program, made) if isinstance(made, ArrayOfNumbers) else made


def _as_asked(program: GrowingProgram, name: str, values: Sequence[Any], named: Any) -> Any:
    """What a method makes of a known tensor; some name the type that its numbers get."""
    if name in ("to", "astype", "type") and len(values) == 2 and not named:
        kind = str(getattr(values[1], "name", "") or getattr(values[1], "what", ""))
        return worked_out(program, _TO_TYPES.get(kind.rpartition(".")[2], ""), values[:1])
    return worked_out(program, name, values, named)


_TO_TYPES = {
    **dict.fromkeys(("int", "int32", "int64", "long"), "long"),
    "float32": "float",
    **dict.fromkeys(("float", "float64", "double"), "double"),
}


def _as_kept(value: Any, form: str) -> Any:
    """The number as it is kept; None for one that is not."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or abs(value) > 2**53:
        return None
    if form in (WHOLE, TRUTH):
        return int(value) if form == WHOLE else bool(value)
    return as_single(value) if form == SINGLE else float(value)


def _chosen(places: Sequence[int], sizes: Sequence[Any], keys: Sequence[Any]) -> tuple[list[int], list[int]]:
    """The places, and the sizes, of what keys take."""
    if not keys:
        return list(places), list(sizes)
    step = len(places) // sizes[0] if sizes[0] else 0
    taken = range(sizes[0])[keys[0]]
    rows = [taken] if isinstance(taken, int) else taken
    parts = [_chosen(places[row * step : (row + 1) * step], sizes[1:], keys[1:]) for row in rows]
    inner = parts[0][1] if parts else list(sizes[1:])
    found = [place for part, _ in parts for place in part]
    return found, inner if isinstance(taken, int) else [len(taken), *inner]


def lifted(program: GrowingProgram, name: str, work: Callable[..., Any]) -> Native:
    """A function on tensors, which is worked out for numbers, and not known where it gets what is not."""

    def either(*values: Any, **named: Any) -> Any:
        named.pop("out", None)
        if "input" in named:
            values = (named.pop("input"), *values)
        first = values[0] if values else MISSING
        if isinstance(first, Unknown):
            return first
        found = worked_out(program, name, values, named)
        if found is not MISSING:
            return found
        values = tuple(v.forgotten if isinstance(v, KnownTensor) else v for v in values)
        first = values[0] if values else MISSING
        if len(values) > 1 and isinstance(values[1], CodeTensor) and not isinstance(first, CodeTensor):
            values, first = (values[1], first, *values[2:]), values[1]
        if is_symbolic(first) or isinstance(first, (int, float, PyObject)):
            return first
        if isinstance(first, CodeTensor):
            first.used()
        return work(*values, **named)

    return Native(either, name)
