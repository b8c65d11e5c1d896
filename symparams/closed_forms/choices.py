"""Maxima, minima and absolute values in a comparison, by cases: where which of their parts is the greater one."""

from __future__ import annotations

from typing import NamedTuple

from .conditions import Condition, Relation, compare
from .floors import FUNCTIONS, Function
from .polynomial import Atom, Quantity, Symbol, expression, terms_of
from .powers import map_atoms


class Cases(NamedTuple):
    """A condition on the symbol, and what the comparison is where that holds, and where it does not."""

    condition: Condition
    where_it_holds: Condition
    elsewhere: Condition


def choice(relation: Relation, symbol: Symbol) -> Cases | None:
    """The two cases of an innermost maximum, minimum or absolute value; None where there is none."""
    atom = _innermost(relation.difference, symbol)
    if atom is None:
        return None
    first, *others = atom.parts()
    if atom.name == "abs":
        condition, kept, other = compare(">=", first, 0), first, -first
    else:
        second, *rest = others
        condition = compare(">=" if atom.name == "max" else "<=", first, second)
        kept, other = (FUNCTIONS[atom.name](part, *rest) for part in (first, second))
    cases = (compare(relation.operator, _put(relation.difference, atom, value), 0) for value in (kept, other))
    return Cases(condition, *cases)


def _innermost(value: Quantity, symbol: Symbol) -> Function | None:
    for monomial, _ in terms_of(value):
        for atom, _ in monomial:
            if symbol not in atom.symbols:
                continue
            for part in atom.parts():
                found = _innermost(part, symbol)
                if found is not None:
                    return found
            if isinstance(atom, Function) and atom.name in ("max", "min", "abs"):
                return atom
    return None


def _put(value: Quantity, old: Atom, new: Quantity) -> Quantity:
    """The value with a quantity in the place of an atom, however deep that is."""

    def changed(atom: Atom) -> Quantity:
        if atom is old:
            return new
        parts = tuple(_put(part, old, new) for part in atom.parts())
        return expression(atom) if parts == atom.parts() else atom.rebuild(parts)

    return map_atoms(value, changed)
