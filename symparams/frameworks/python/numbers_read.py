"""Arithmetic of the code that is read: Python's on numbers, the closed forms' where symbols are in it."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ...errors import LimitError, SymparamsError
from ...evaluate import domain
from ...evaluate.domain import is_symbolic

MAX_BITS = 10_000
MAX_ITEMS = 1_000_000

_SYMBOLIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: domain.total((a, b)),
    ast.Sub: lambda a, b: domain.total((a, domain.multiply(-1, b))),
    ast.Mult: domain.multiply,
    ast.Div: domain.divide,
    ast.FloorDiv: domain.floor_divide,
    ast.Mod: domain.remainder,
    ast.Pow: domain.power,
}
_PLAIN: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}
_PLAIN_TYPES = (int, float, str, list, tuple, dict, set, frozenset, complex, bytes, bool)
SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Fraction)) or is_symbolic(value)


def is_below(value: Any, limit: int) -> bool:
    """Whether a number is surely below a limit."""
    return domain.compare("<", value, limit) is True


def exact(value: Any) -> Any:
    """A number for the closed forms: a float as the decimal that it is written as."""
    return domain.normal(Fraction(repr(value))) if isinstance(value, float) else int(value) if value is True else value


def operate(kind: type[ast.operator], a: Any, b: Any) -> Any:
    """`a kind b` for numbers, texts and lists. Raises SymparamsError, and what Python raises."""
    if is_symbolic(a) or is_symbolic(b):
        if kind not in _SYMBOLIC or not (is_number(a) and is_number(b)):
            raise SymparamsError("this is not worked out with symbols")
        if kind in (ast.Div, ast.FloorDiv, ast.Mod) and b == 0:
            raise ZeroDivisionError("division by zero")
        return domain.normal(_SYMBOLIC[kind](exact(a), exact(b)))
    if not isinstance(a, _PLAIN_TYPES) or not isinstance(b, _PLAIN_TYPES):
        raise TypeError("unsupported operand types")
    _check_size(kind, a, b)
    return _PLAIN[kind](a, b)


def _check_size(kind: type[ast.operator], a: Any, b: Any) -> None:
    """Raises LimitError for a number, a list or a text that would be too long."""
    if isinstance(a, int) and isinstance(b, int):
        power = a.bit_length() * max(b, 0) if kind is ast.Pow else b if kind is ast.LShift else 0
        if power > MAX_BITS or (kind is ast.Mult and a.bit_length() + b.bit_length() > MAX_BITS):
            raise LimitError("the number is too long")
    length = 0
    if kind is ast.Mult:
        length = max((len(m) * t for m, t in ((a, b), (b, a)) if _has_length(m) and isinstance(t, int)), default=0)
    elif kind is ast.Add and _has_length(a) and _has_length(b):
        length = len(a) + len(b)
    if length > MAX_ITEMS:
        raise LimitError(f"a list of {length:,} values is too long")
    widths = b if isinstance(b, tuple) else (b,)
    is_text = kind is ast.Mod and isinstance(a, (str, bytes))
    if is_text and (re.search(r"\d{7}", str(a)) or any(isinstance(n, int) and abs(n) > MAX_ITEMS for n in widths)):
        raise LimitError("the text is too long")


def _has_length(value: Any) -> bool:
    return isinstance(value, (str, list, tuple, bytes))


def whole(value: Any) -> Any:
    """What `int(value)` is: towards 0."""
    if is_symbolic(value):
        return domain.floor(value)
    return int(value)


def rounded(value: Any, digits: Any = None) -> Any:
    if is_symbolic(value):
        if digits is not None:
            raise SymparamsError("a symbol is not rounded to digits")
        return domain.rounded(value)
    if isinstance(digits, int) and abs(digits) > MAX_BITS:
        raise LimitError("so many digits are too many")
    return round(value) if digits is None else round(value, digits)
