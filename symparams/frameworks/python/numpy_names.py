"""What numpy offers to the code that is read: numbers, and small tensors of them."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

from ...evaluate import domain
from ...evaluate.domain import is_symbolic
from ..graph.growing_program import GrowingProgram
from .code_objects import MISSING, Native, Unknown
from .code_tensors import CodeTensor
from .known_functions import DOUBLE, spread
from .known_tensors import MAX_VALUES, made_of, nested, tensor_of, worked_out
from .numbers_read import exact, operate, rounded
from .python_modules import product_of

_OF_ONE: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any] | None]] = {
    "sqrt": (math.sqrt, domain.square_root),
    "log2": (math.log2, domain.logarithm),
    "log": (math.log, None),
    "exp": (math.exp, None),
    "ceil": (math.ceil, domain.ceiling),
    "floor": (math.floor, domain.floor),
    "round": (rounded, domain.rounded),
    "abs": (abs, domain.absolute),
}
_OF_TWO: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "subtract": ast.Sub,
    "multiply": ast.Mult,
    "divide": ast.Div,
    "power": ast.Pow,
}
_OF_SEVERAL = ("sum", "max", "min", "cumsum", "diff", *_OF_TWO)


def numpy_names(program: GrowingProgram, interpreter: Any) -> dict[str, Any]:
    """The names of numpy that are worked out; others are not known."""

    def array(values: Any, *ignored: Any, **named: Any) -> Any:
        if isinstance(values, CodeTensor):
            return values
        level, shape = nested(values)
        known = not named and not ignored and not any(isinstance(v, Unknown) for v in level)
        return tensor_of(program, level, shape, DOUBLE) if known else Unknown("an array of numpy")

    def listed(value: Any) -> Any:
        return array(value) if isinstance(value, (list, tuple, range)) else value

    def of_one(name: str) -> Callable[..., Any]:
        work, symbolic = _OF_ONE[name]

        def apply(value: Any, *more: Any, **named: Any) -> Any:
            value = listed(value)
            if isinstance(value, Unknown) or more or named:
                return value if isinstance(value, Unknown) else Unknown(f"numpy.{name}")
            if isinstance(value, CodeTensor):
                found = worked_out(program, name, (value,))
                return Unknown(f"numpy.{name}") if found is MISSING else found
            if is_symbolic(value):
                return symbolic(exact(value)) if symbolic else Unknown(f"numpy.{name} of symbols")
            return work(value)

        return apply

    def of_several(name: str) -> Callable[..., Any]:
        def apply(*values: Any, **named: Any) -> Any:
            if name in _OF_TWO and not named and not any(isinstance(v, (CodeTensor, list, tuple)) for v in values):
                return operate(_OF_TWO[name], *values)
            found = worked_out(program, _AS_IN_TORCH.get(name, name), [listed(v) for v in values], named)
            return Unknown(f"numpy.{name}") if found is MISSING else found

        return apply

    def prod(values: Any, *ignored: Any, **named: Any) -> Any:
        if isinstance(values, (list, tuple, range)) and not ignored and not named:
            return product_of(interpreter.items(values))
        found = worked_out(program, "prod", (values,), named)
        return Unknown("numpy.prod") if found is MISSING else found

    def between(start: Any, end: Any, steps: Any = 50, **named: Any) -> Any:
        count = named.pop("num", steps)
        known = all(isinstance(v, (int, float)) for v in (start, end)) and isinstance(count, int)
        if named or not known or not 0 < count <= MAX_VALUES:
            return Unknown("numpy.linspace")
        return made_of(program, spread(start, end, count, DOUBLE))

    def places(*ends: Any, **named: Any) -> Any:
        whole = not named and ends and all(isinstance(end, int) for end in ends)
        return tensor_of(program, range(*ends), None, DOUBLE) if whole else Unknown("numpy.arange")

    def computed(size: Any, *more: Any, **named: Any) -> Any:
        sizes = size if isinstance(size, (tuple, list)) else (size,)
        known = not any(isinstance(s, Unknown) for s in sizes)
        return CodeTensor(program, None, sizes) if known else Unknown("an array of numpy")

    worked: dict[str, Callable[..., Any]] = {
        "array": array,
        "asarray": array,
        "arange": places,
        "linspace": between,
        "prod": prod,
        **dict.fromkeys(("zeros", "ones", "empty", "full"), computed),
        "eye": lambda n, **k: computed((n, n)),
        **{name: of_one(name) for name in _OF_ONE},
        **{name: of_several(name) for name in _OF_SEVERAL},
    }
    return {"pi": math.pi, "inf": math.inf, **{name: Native(work, name) for name, work in worked.items()}}


_AS_IN_TORCH = {"subtract": "sub"}
