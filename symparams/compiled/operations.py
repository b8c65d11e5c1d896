"""What compiled functions compute with, beyond operators: exact for whole numbers and, element by element, for arrays.

Numbers go the way of the package's own algebra, so that a function gives what the network with the values gives.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial, reduce, wraps
from typing import Any

from ..closed_forms import floors
from ..closed_forms.conditions import compare
from ..closed_forms.powers import power
from ..closed_forms.quotients import divide
from ..errors import LimitError
from ..evaluate.domain import is_number

MAX_TURNS = 100_000


def is_array(value: Any) -> bool:
    return not (is_number(value) or isinstance(value, bool))


def elementwise(work: Callable[..., Any], fast: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """The function for arrays too; `fast` is one for arrays of machine integers that may decline, by None."""

    @wraps(work)
    def applied(*values: Any) -> Any:
        if not any(map(is_array, values)):
            return work(*values)
        found = None
        if fast and not any(is_array(value) and value.dtype.kind == "O" for value in values):
            found = fast(*values)
        if found is not None:
            return found
        import numpy

        return numpy.frompyfunc(work, len(values), 1)(*values)

    return applied


def _fast_quotient(a: Any, b: Any) -> Any:
    quotient = a // b
    return quotient if (quotient * b == a).all() else None


def _fast_power(base: Any, exponent: Any) -> Any:
    return base**exponent if (exponent >= 0 if isinstance(exponent, int) else (exponent >= 0).all()) else None


def _extreme(name: str) -> Callable[..., Any]:
    def fast(*values: Any) -> Any:
        import numpy

        return reduce(numpy.minimum if name == "min" else numpy.maximum, values)

    return elementwise(floors.FUNCTIONS[name], fast)


def series(term: Callable[[Any], Any], turns: Any) -> Any:
    """The sum of term(0), ..., term(turns - 1)."""
    if not is_array(turns):
        return sum(map(term, range(_few(turns))))
    import numpy

    total = turns * 0
    for i in range(_few(int(numpy.max(turns, initial=0)))):
        total = total + numpy.where(i < turns, term(numpy.minimum(i, turns - 1)), 0)
    return total


def _few(turns: int) -> int:
    if turns > MAX_TURNS:
        raise LimitError(f"a sum of {turns:,} terms is too long to be added up")
    return turns


def either(*conditions: Callable[[], Any]) -> Any:
    """Whether one of them holds; the later ones are asked only where those before do not decide."""
    return _joined(conditions, lambda a, b: a | b, True)


def both(*conditions: Callable[[], Any]) -> Any:
    return _joined(conditions, lambda a, b: a & b, False)


def _joined(conditions: tuple[Callable[[], Any], ...], join: Callable[[Any, Any], Any], decided: bool) -> Any:
    result: Any = not decided
    for condition in conditions:
        result = join(result, condition())
        if result is decided:
            break
    return result


RELATIONS = {">=": "at_least", "<": "less", "==": "equal", "!=": "unequal"}
_FAST_RELATIONS = {">=": operator.ge, "<": operator.lt, "==": operator.eq, "!=": operator.ne}

OPERATIONS: dict[str, Callable[..., Any]] = {
    "over": elementwise(divide, _fast_quotient),
    "floor": elementwise(floors.floor_divide),
    "rest": elementwise(floors.remainder),
    "power": elementwise(power, _fast_power),
    "max": _extreme("max"),
    "min": _extreme("min"),
    "abs": elementwise(floors.absolute, abs),
    "sqrt": elementwise(floors.square_root),
    "log2": elementwise(floors.logarithm),
    "series": series,
    **{word: elementwise(partial(compare, sign), _FAST_RELATIONS[sign]) for sign, word in RELATIONS.items()},
    "either": either,
    "both": both,
    "sum": sum,
}
