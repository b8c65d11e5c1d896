"""Whether a quantity grows or shrinks with a symbol, seen from its parts."""

from __future__ import annotations

from collections.abc import Iterable

from .floors import Floor, Function, whole_part
from .polynomial import Atom, Monomial, Quantity, Sum, Symbol, expression, is_at_least, terms_of
from .powers import Power


def trend(value: Quantity, index: Symbol) -> int | None:
    """1 for a quantity that never shrinks as the index grows, -1 for one that never grows, 0 for one without it.

    None where neither is seen.
    """
    return _joined((_of_monomial(m, index), 1 if c > 0 else -1) for m, c in terms_of(value))


def _joined(trends: Iterable[tuple[int | None, int]]) -> int | None:
    """The trend of what has several parts, each with the sign with which it counts."""
    found = 0
    for one, sign in trends:
        if one is None or one * sign * found < 0:
            return None
        found = found or one * sign
    return found


def _of_monomial(monomial: Monomial, index: Symbol) -> int | None:
    if all(index not in atom.symbols for atom, _ in monomial):
        return 0
    if not all(is_at_least(expression(atom), 0) for atom, _ in monomial):
        return None
    return _joined((_of_atom(atom, index), 1 if exponent > 0 else -1) for atom, exponent in monomial)


def _of_atom(atom: Atom, index: Symbol) -> int | None:
    if index not in atom.symbols:
        return 0
    if atom is index:
        return 1
    if isinstance(atom, Floor):
        over, behind = whole_part(atom)
        if not is_at_least(over, 0) or not is_at_least(atom.denominator, 1):
            return None
        return _joined(((trend(over, index), 1), (trend(atom.denominator, index), -1), (trend(behind, index), 1)))
    if isinstance(atom, Power):
        base, exponent = atom.parts()
        if not is_at_least(base, 1):
            return None
        grown = trend(base, index)
        if grown and not is_at_least(exponent, 0):
            return None
        return _joined(((grown, 1), (trend(exponent, index), 1)))
    if isinstance(atom, Sum):
        return trend(atom.parts()[0], index)
    if isinstance(atom, Function) and atom.name in ("max", "min"):
        return _joined((trend(part, index), 1) for part in atom.parts())
    if isinstance(atom, Function) and atom.name in ("sqrt", "log2"):
        return trend(atom.parts()[0], index)
    return None
