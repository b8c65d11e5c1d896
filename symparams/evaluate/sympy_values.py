"""Sympy objects among the values of a program: numbers with symbols in them, and conditions on symbols."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from math import inf
from threading import current_thread, local, main_thread
from time import monotonic
from typing import Any

import sympy

from ..closed_forms.polynomial import Symbol
from ..closed_forms.sympy_bridge import symbol
from ..errors import LimitError, SymparamsError
from .sympy_arithmetic import as_one_fraction, expanded


class Held:
    """A sympy object among the values of a program."""

    __slots__ = ("held",)

    def __init__(self, held: Any):
        self.held = held

    @property
    def symbols(self) -> frozenset[Symbol]:
        return frozenset(_KNOWN[found] for found in self.held.free_symbols if found in _KNOWN)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.held == other.held

    def __hash__(self) -> int:
        return hash(self.held)

    def __repr__(self) -> str:
        return str(self.held)

    def _sympy_(self) -> Any:
        return self.held


class SympyValue(Held):
    """A number with symbols in it."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        return as_value(self.held + held(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return as_value(self.held - held(other))

    def __rsub__(self, other: Any) -> Any:
        return as_value(held(other) - self.held)

    def __neg__(self) -> Any:
        return as_value(-self.held)

    def __mul__(self, other: Any) -> Any:
        return as_value(self.held * held(other))

    __rmul__ = __mul__


class SympyCondition(Held):
    """A condition on symbols."""

    __slots__ = ()


# The symbols that have been made, by those of sympy.
_KNOWN: dict[Any, Symbol] = {}


def expression(atom: Symbol) -> SympyValue:
    made = symbol(*atom.key)
    _KNOWN.setdefault(made, atom)
    return SympyValue(made)


def held(value: Any) -> Any:
    """The sympy object of a value; numbers become sympy's."""
    if isinstance(value, Held):
        return value.held
    return sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else sympy.sympify(value)


class _Clock(local):
    """Until when sympy may work in this thread."""

    ends = inf


_CLOCK = _Clock()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raises LimitError where sympy works for longer: at the next value, in the main thread even within sympy."""
    before, _CLOCK.ends = _CLOCK.ends, min(_CLOCK.ends, monotonic() + seconds)
    alarm = current_thread() is main_thread() and hasattr(signal, "setitimer")
    alarm = alarm and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    handler = signal.signal(signal.SIGALRM, _ring) if alarm else None
    if alarm:
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        _CLOCK.ends = before
        if alarm:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, handler)


def _ring(number: int, frame: Any) -> None:
    raise _too_long()


def _too_long() -> LimitError:
    return LimitError("sympy takes too long for this program", None, "leave the engine out: closed forms are fast")


def as_value(found: Any) -> Any:
    """What sympy found, as a value: a number of Python's where it is rational. Raises LimitError when time is over."""
    if monotonic() > _CLOCK.ends:
        raise _too_long()
    if found.is_Integer:
        return int(found)
    if found.is_Rational:
        return Fraction(int(found.p), int(found.q))
    if found.has(sympy.nan, sympy.zoo):
        raise SymparamsError("division by 0")
    return SympyValue(found)


def as_condition(found: Any) -> Any:
    return True if found == sympy.true else False if found == sympy.false else SympyCondition(found)


def substitute(value: Any, values: Mapping[Symbol, Any]) -> Any:
    if not isinstance(value, Held):
        return value
    put_in = {symbol(*atom.key): held(number) for atom, number in values.items()}
    found = value.held.xreplace(put_in)
    return as_condition(found) if isinstance(value, SympyCondition) else as_value(found)


@cache
def never_negative(value: Any) -> bool:
    """Whether a value is seen to be 0 at least, each whole symbol being as much as it is at least, and some more."""
    if value.is_number:
        return bool(value >= 0)
    if value.is_nonnegative:
        return True
    over, under = as_one_fraction(value)
    if not under.is_positive:
        return False
    more = {
        found: sympy.Dummy(found.name, integer=True, nonnegative=True) + 1
        for found in over.free_symbols
        if found.is_integer and found.is_positive
    }
    return bool(expanded(over.xreplace(more)).is_nonnegative)


def symbols_of(value: Any) -> frozenset[Symbol]:
    return value.symbols if isinstance(value, Held) else frozenset()
