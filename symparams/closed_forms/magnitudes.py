"""How large the numbers become in working out a formula: whether machine integers hold them, and conditions do."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import LimitError
from .conditions import Condition, Relation, relations
from .floors import Floor
from .polynomial import MAX_BITS, Atom, Quantity, Symbol, terms_of
from .powers import Power
from .quotients import numerator_and_denominator
from .sums import Series


def largest_number(value: Quantity, tops: Mapping[str, int]) -> int:
    """A bound on all numbers that occur, where no symbol is greater than its top. Raises LimitError beyond measure."""
    return max(_sum(part, tops) for part in numerator_and_denominator(value))


def largest_in(condition: Condition, tops: Mapping[str, int]) -> int:
    """A bound on all numbers that occur in working out a condition. Raises LimitError beyond measure."""
    return max((largest_number(relation.difference, tops) for relation in relations([condition])), default=0)


def _sum(value: Quantity, tops: Mapping[str, int]) -> int:
    result = 0
    for monomial, coefficient in terms_of(value):
        bound = abs(int(coefficient))
        for atom, exponent in monomial:
            bound *= _atom(atom, tops) ** exponent
        result += bound
    return result


def _atom(atom: Atom, tops: Mapping[str, int]) -> int:
    if isinstance(atom, Symbol):
        return max(1, tops[atom.name])
    if isinstance(atom, Series):
        term, turns = atom.parts()
        times = largest_number(turns, tops)
        return times * largest_number(term, {**tops, atom.index.name: times})
    parts = [largest_number(part, tops) for part in atom.parts()]
    if isinstance(atom, Power):
        if parts[1] * parts[0].bit_length() > MAX_BITS:
            raise LimitError(f"a number would have more than {MAX_BITS * 3 // 10:,} digits")
        return max(1, parts[0] ** parts[1])
    return max(1, *parts) + isinstance(atom, Floor)


Span = tuple[int, int]


def surely_holds(condition: Condition, spans: Mapping[str, Span]) -> bool:
    """Whether a condition holds for all whole numbers within the spans of its symbols; False means "not seen"."""
    if not isinstance(condition, Relation) or condition.operator not in (">=", "<", "!="):
        return condition is True
    ends = _span(condition.difference, spans)
    if ends is None:
        return False
    low, high = ends
    return {">=": low >= 0, "<": high < 0, "!=": low > 0 or high < 0}[condition.operator]


def _span(value: Quantity, spans: Mapping[str, Span]) -> Span | None:
    """Whole numbers between which a sum of products of whole symbols and floors lies; None for what is another."""
    low = high = 0
    for monomial, coefficient in terms_of(value):
        if not isinstance(coefficient, int):
            return None
        ends = coefficient, coefficient
        for atom, exponent in monomial:
            factor = _atom_span(atom, spans)
            if factor is None or exponent < 0:
                return None
            for _ in range(exponent):
                ends = _product(ends, factor)
        low, high = low + ends[0], high + ends[1]
    return low, high


def _atom_span(atom: Atom, spans: Mapping[str, Span]) -> Span | None:
    if isinstance(atom, Symbol):
        return spans.get(atom.name)
    if not isinstance(atom, Floor):
        return None
    over, under = (_span(part, spans) for part in atom.parts())
    if over is None or under is None or under[0] < 1:
        return None
    ends = [a // b for a in over for b in under]
    return min(ends), max(ends)


def _product(a: Span, b: Span) -> Span:
    ends = [x * y for x in a for y in b]
    return min(ends), max(ends)
