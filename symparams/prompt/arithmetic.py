"""Arithmetic and functions on sympy's expressions, within limits: no number grows beyond what can be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

import sympy
from sympy.logic.boolalg import BooleanAtom, BooleanFunction

from ..api import Layer
from ..closed_forms.sympy_bridge import symbol, to_sympy
from ..closed_forms.sympy_functions import ExactAbs, ExactFloor, ExactLog2, ExactMax, ExactMin
from ..errors import LimitError, SymparamsError
from ..evaluate.domain import is_number
from ..evaluate.sympy_arithmetic import ceiling, divide, power, remainder
from ..questions.shown_numbers import OneUnknown
from .solving import Tried, solve

MAX_PRECISION = 1_000
MOST_LISTED = 10_000


def as_sympy(value: Any) -> Any:
    """A value as sympy has it, tuples element by element. Raises SymparamsError for a layer or a word."""
    if isinstance(value, tuple):
        return value if isinstance(value, Tried) else tuple(map(as_sympy, value))
    if isinstance(value, bool):
        return sympy.true if value else sympy.false
    if is_number(value):
        return sympy.sympify(to_sympy(value))
    if isinstance(value, (sympy.Basic, sympy.logic.boolalg.Boolean)):
        return value
    if isinstance(value, OneUnknown):
        return tuple(map(sympy.Integer, islice(value, MOST_LISTED)))
    if isinstance(value, Layer):
        raise SymparamsError(f"{value.name} is a layer; its figures are numbers", None, f"{value.name}.params")
    raise SymparamsError(f"a number is needed here, not {value}")


def floor_divide(a: Any, b: Any) -> Any:
    return ExactFloor(divide(a, b))


def counter(name: str) -> Any:
    """The index of a sum."""
    return symbol(name, 0)


def series(term: Any, index: Any, first: Any, last: Any) -> Any:
    found = sympy.Sum(term, (index, first, last))
    return found if found.free_symbols else found.doit()


def equation(a: Any, b: Any) -> Any:
    """a == b: decided for numbers, kept for formulas, so that it can be solved."""
    return sympy.Eq(a, b, evaluate=not (a.free_symbols or b.free_symbols))


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": divide,
    "//": floor_divide,
    "%": remainder,
    "**": power,
    "==": equation,
    "!=": sympy.Ne,
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
}


CONNECTIVES: dict[str, Callable[..., Any]] = {
    "and": sympy.And,
    "or": sympy.Or,
    "not": sympy.Not,
    "if": sympy.And,
}


def connected(connective: str, conditions: Sequence[Any]) -> Any:
    """Conditions joined by a connective. Raises TypeError for what is no condition, a symbol too."""
    for condition in conditions:
        if not (condition.is_Relational or isinstance(condition, (BooleanFunction, BooleanAtom))):
            raise TypeError(f"{condition} is no condition")
    return CONNECTIVES[connective](*conditions)


def substituted(value: Any, replacements: Mapping[Any, Any]) -> Any:
    """The value with others in place of symbols, its powers within the limit."""
    if value in replacements:
        return replacements[value]
    if not value.args or value.free_symbols.isdisjoint(replacements):
        return value
    parts = [substituted(part, replacements) for part in value.args]
    return power(*parts) if value.is_Pow else exponential(*parts) if value.func is sympy.exp else value.func(*parts)


def exponential(value: Any) -> Any:
    return power(sympy.E, value)


def logarithm(value: Any, base: Any = None) -> Any:
    return sympy.log(value) if base is None else sympy.log(value, base)


def numeric(value: Any, digits: Any = 7) -> Any:
    if not (digits.is_Integer if hasattr(digits, "is_Integer") else True) or not 0 < digits <= MAX_PRECISION:
        raise LimitError(f"N takes 1 to {MAX_PRECISION:,} digits")
    return sympy.N(value, int(digits))


def limit(value: Any, symbol: Any, point: Any) -> Any:
    if point.is_number and point.is_finite:
        substituted(value, {symbol: point})
    return sympy.limit(value, symbol, point)


def total(*values: Any) -> Any:
    return sympy.Add(*_elements(values))


def product(*values: Any) -> Any:
    return sympy.Mul(*_elements(values))


def _elements(values: tuple[Any, ...]) -> tuple[Any, ...]:
    elements = values[0] if len(values) == 1 and isinstance(values[0], tuple) else values
    if any(isinstance(element, tuple) for element in elements):
        raise SymparamsError("these are several shapes", None, "output[0] is the first of them")
    return elements


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(sympy, name)
        for name in (
            *("diff", "expand", "factor", "simplify", "collect", "together", "apart", "cancel", "gcd", "lcm"),
            *("degree", "numer", "denom", "sqrt"),
        )
    },
    "solve": solve,
    "limit": limit,
    "N": numeric,
    "log": logarithm,
    "ln": logarithm,
    "log2": lambda value: ExactLog2(value) if value.free_symbols else logarithm(value, sympy.Integer(2)),
    "exp": exponential,
    "abs": ExactAbs,
    "Abs": ExactAbs,
    "floor": ExactFloor,
    "ceil": ceiling,
    "ceiling": ceiling,
    "round": lambda value: ExactFloor(value + sympy.Rational(1, 2)),
    "min": lambda *values: ExactMin(*_elements(values)),
    "max": lambda *values: ExactMax(*_elements(values)),
    "Min": ExactMin,
    "Max": ExactMax,
    "sum": total,
    "prod": product,
    "len": lambda values: sympy.Integer(len(values)),
}

CONSTANTS = {"pi": sympy.pi, "E": sympy.E, "oo": sympy.oo}
