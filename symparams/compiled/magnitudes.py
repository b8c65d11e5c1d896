"""How large the numbers become in working out a formula: whether machine integers hold them."""

from __future__ import annotations

from collections.abc import Mapping

from ..closed_forms.floors import Floor
from ..closed_forms.polynomial import MAX_BITS, Atom, Quantity, Symbol, numerator_and_denominator, terms_of
from ..closed_forms.powers import Power
from ..closed_forms.sums import Series
from ..errors import LimitError


def largest_number(value: Quantity, tops: Mapping[str, int]) -> int:
    """A bound on all numbers that occur, where no symbol is greater than its top. Raises LimitError beyond measure."""
    return max(_sum(part, tops) for part in numerator_and_denominator(value))


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
