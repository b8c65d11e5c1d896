"""Equations at the prompt: solved by sympy, else by trying whole numbers; "none" is said only where it is proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sympy

from ..errors import SymparamsError, listing

MOST_TRIED = 10_000


class Tried(tuple[Any, ...]):
    """The whole numbers up to MOST_TRIED that solve an equation; there may be others beyond."""


def solve(
    equation: Any, symbol: Any = None, conditions: Iterable[Any] = (), otherwise: Callable[[], Any] = lambda: None
) -> Any:
    """The values of a symbol, positive or of its domain from 0, for which an equation holds or a formula is 0.

    The symbols are any such numbers here, not only whole ones: a width of 333.3 is an answer too. Where no closed
    form is known, `otherwise` is asked for whole numbers, and if it has no answer those within the conditions are
    tried. Raises SymparamsError where that finds none.
    """
    if symbol is not None and not symbol.is_Symbol:
        raise TypeError(f"{symbol} is no symbol")
    difference = _difference(equation)
    unknown = difference.free_symbols if symbol is None else {symbol}
    if len(unknown) != 1:
        raise SymparamsError("solve has to know for which symbol", None, "solve(params == 1e6, M)")
    (symbol,) = unknown
    named = difference.expand().free_symbols
    if named and symbol not in named:
        hint = f"it is about {listing(sorted(other.name for other in named))}"
        raise SymparamsError(f"whether this holds does not depend on {symbol}", None, hint)
    closed = _in_closed_form(difference, symbol)
    if closed is not None:
        return closed
    answer = otherwise()
    if answer is not None:
        return answer
    others = sorted(other.name for other in difference.free_symbols - unknown)
    if others:
        hint = f"whole numbers are tried where {' and '.join(others)} {'have values' if others[1:] else 'has a value'}"
        raise SymparamsError(f"no closed form is known for {symbol}", None, hint)
    found = Tried(_whole_solutions(difference, symbol, conditions))
    if not found:
        raise SymparamsError(f"no closed form is known for {symbol}, and no whole number up to {MOST_TRIED:,} fits")
    return found


def _difference(equation: Any) -> Any:
    """What has to be 0."""
    if isinstance(equation, tuple) or (equation.is_Relational and not isinstance(equation, sympy.Eq)):
        raise SymparamsError(
            "'solve' takes one equation, or a formula that is to be 0", None, "solve(params == 1e6, M)"
        )
    difference = equation.lhs - equation.rhs if equation.is_Relational else equation
    if difference in (sympy.true, sympy.false) or difference.expand() == 0:
        raise SymparamsError(f"this holds for {'no' if difference is sympy.false else 'every'} value")
    return difference


def _in_closed_form(difference: Any, unknown: Any) -> tuple[Any, ...] | None:
    """Those in the domain: an empty tuple where none is proved to be there, None where no closed form is known."""
    if any(unknown in part.free_symbols for part in difference.atoms(*_STEPPED)):
        return None
    real = {name: _any_number_of_its_sign(name) for name in difference.free_symbols | {unknown}}
    back = {dummy: name for name, dummy in real.items()}
    difference = difference.xreplace(real).rewrite(sympy.log)
    over, _ = difference.as_numer_denom()
    try:
        found = [] if _is_mixed(difference, real[unknown]) else sympy.solve(difference, real[unknown])
    except NotImplementedError:
        found = []
    found = [solution for solution in found if not solution.has(sympy.LambertW)]
    roots = _roots(over, real[unknown])
    if roots is not None and len(roots) != len(found):
        found = roots
    if found:
        return tuple(solution.xreplace(back) for solution in found)
    is_proved = roots is not None or over.is_positive or over.is_negative
    return () if is_proved else None


def _is_mixed(value: Any, unknown: Any) -> bool:
    """Whether the unknown is in an exponent and elsewhere, as in k**k and k*2**k: no closed form is known then.

    Sympy may search for one in whole numbers of any length, which nothing interrupts.
    """
    raised = {p: sympy.Dummy() for p in value.atoms(sympy.Pow) if unknown in p.exp.free_symbols}
    within = any(unknown in p.base.free_symbols for p in raised)
    return within or (bool(raised) and unknown in value.xreplace(raised).free_symbols)


def _any_number_of_its_sign(symbol: Any) -> Any:
    """A real symbol, from 0 where the given one is, else positive."""
    from_zero = symbol.is_nonnegative and not symbol.is_positive
    return sympy.Dummy(symbol.name, nonnegative=True) if from_zero else sympy.Dummy(symbol.name, positive=True)


def _roots(value: Any, unknown: Any) -> list[Any] | None:
    """All of them in the domain of the unknown, where the value is a polynomial with rational coefficients."""
    if value.free_symbols != {unknown} or not value.is_polynomial(unknown):
        return None
    polynomial = sympy.Poly(value, unknown)
    if not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
        return None
    roots = [root for root, _ in sympy.real_roots(polynomial, multiple=False)]
    return [root for root in roots if root.is_positive or (root.is_zero and not unknown.is_positive)]


def _whole_solutions(difference: Any, unknown: Any, conditions: Iterable[Any]) -> Iterator[Any]:
    """Those within the conditions on the unknown alone, each verified by putting it in."""
    asked = [condition for condition in conditions if condition.free_symbols == {unknown}]
    over = sympy.lambdify(unknown, difference.as_numer_denom()[0], "math")
    for number in range(1 if unknown.is_positive else 0, MOST_TRIED + 1):
        if _may_be_zero(over, number):
            at = {unknown: sympy.Integer(number)}
            if difference.xreplace(at) == 0 and all(condition.xreplace(at) for condition in asked):
                yield at[unknown]


def _may_be_zero(function: Any, number: int) -> bool:
    """Whether a function is 0 at a number, as far as floats can tell where roots and logarithms are in it."""
    try:
        value = function(number)
    except (ArithmeticError, ValueError):
        return False
    return abs(value) < 1e-6 if isinstance(value, float) else value == 0


_STEPPED = (sympy.floor, sympy.ceiling, sympy.Mod, sympy.Max, sympy.Min, sympy.Abs, sympy.Sum)
