"""Conditions that are sympy's: decided where sympy, or the least values of the symbols, decide them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..closed_forms.sympy_functions import ExactMod
from ..closed_forms.sympy_proofs import is_whole as proved_whole
from .sympy_arithmetic import as_one_fraction, expanded
from .sympy_values import SympyCondition, as_condition, as_value, held, never_negative

_RELATIONS = {">=": sympy.Ge, "<": sympy.Lt, "==": sympy.Eq, "!=": sympy.Ne}
_NEGATED = {">=": "<", "<": ">=", "==": "!=", "!=": "=="}


def compare(operator: str, a: Any, b: Any) -> Any:
    if operator in ("<=", ">"):
        operator, a, b = {"<=": ">=", ">": "<"}[operator], b, a
    left, right = held(a), held(b)
    known = _decided(operator, left, right)
    if known is not None:
        return known
    if operator in ("==", "!="):
        left, right = sorted((left, right), key=sympy.default_sort_key, reverse=True)
    return as_condition(_RELATIONS[operator](left, right))


def _decided(operator: str, left: Any, right: Any) -> bool | None:
    """Whether the comparison holds for all values of the symbols, or for none; None where neither is seen."""
    if operator in ("<", "!="):
        opposite = _decided(_NEGATED[operator], left, right)
        return None if opposite is None else not opposite
    difference = left - right
    if difference.is_number:
        return bool(difference == 0 if operator == "==" else difference >= 0)
    least = 1 if proved_whole(difference) else None
    above = never_negative(difference - least) if least else bool(difference.is_positive)
    below = never_negative(-difference - least) if least else bool(difference.is_negative)
    if operator == ">=":
        return True if above or never_negative(difference) else False if below else None
    return True if expanded(difference) == 0 else False if above or below else None


def negate(condition: Any) -> Any:
    return not condition if isinstance(condition, bool) else as_condition(sympy.Not(condition.held))


def all_of(conditions: Iterable[Any]) -> Any:
    return as_condition(sympy.And(*map(held, conditions), evaluate=True))


def any_of(conditions: Iterable[Any]) -> Any:
    return as_condition(sympy.Or(*map(held, conditions)))


def conjuncts(condition: Any) -> tuple[Any, ...]:
    if isinstance(condition, SympyCondition) and isinstance(condition.held, sympy.And):
        return tuple(map(as_condition, condition.held.args))
    return (condition,)


def is_whole(value: Any) -> Any:
    found = held(value)
    if found.is_number:
        return bool(found.is_integer)
    if proved_whole(found):
        return True
    over, under = as_one_fraction(found)
    return compare("==", as_value(ExactMod(over, under)), 0)


def positive_conditions(size: Any) -> tuple[Any, ...]:
    return (compare(">=", size, 1),)


def decided_by(facts: Iterable[Any], condition: Any) -> Any:
    """The condition, decided where a fact says it, denies it, or bounds what it bounds."""
    if isinstance(condition, bool):
        return condition
    asked = condition.held
    for fact in facts:
        known = held(fact)
        if known == asked:
            return True
        if known == sympy.Not(asked):
            return False
        if isinstance(known, sympy.Ge) and isinstance(asked, Relational):
            slack = (asked.lhs - asked.rhs) - (known.lhs - known.rhs)
            if isinstance(asked, sympy.Ge) and never_negative(slack):
                return True
            if isinstance(asked, sympy.Lt) and never_negative(slack):
                return False
    return condition


def simplified(conditions: Iterable[Any]) -> tuple[Any, ...]:
    """The conditions, each once, without those that hold anyway."""
    return tuple(dict.fromkeys(part for c in conditions for part in conjuncts(c) if part is not True))


def implied_values(conditions: Iterable[Any]) -> dict[str, int]:
    """The numbers that conditions force symbols to be."""
    found: dict[str, int] = {}
    for condition in conditions:
        for part in conjuncts(condition):
            if isinstance(part, SympyCondition) and isinstance(part.held, sympy.Eq):
                left, right = part.held.args
                if left.is_Symbol and right.is_Integer:
                    found[left.name] = int(right)
    return found


def is_not_zero(value: Any) -> Any:
    return compare("!=", value, 0)
