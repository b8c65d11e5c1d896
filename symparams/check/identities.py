"""Whether two sides with names are equal: for all values, or for those that the document speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from ..closed_forms.equality import equal
from ..closed_forms.polynomial import symbol
from ..errors import SymparamsError
from .amounts import Arithmetic, ClosedForms, amount
from .reading import Tree, names
from .stated import Condition

Values = dict[str, Fraction]

# Values that are tried for a name: small ones, and some that have no common factors.
_TRIED = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 16, 27, 32, 35)
_POINTS = 60
_SIMPLE = (1, 0, 2, 3, 4, 5, 7, 8, 16)


def proved(left: Tree, right: Tree, meanings: Mapping[str, Tree]) -> bool:
    """Whether the closed forms of both sides are proved equal, with what some names stand for put in."""
    try:
        known = {name: symbol(name) for name in {*names(left), *names(right)} - set(meanings)}
        for tree in meanings.values():
            known |= {inner: symbol(inner) for inner in names(tree) if inner not in known}
        for name, tree in meanings.items():
            known[name] = amount(tree, ClosedForms(known))
        return equal(amount(left, ClosedForms(known)), amount(right, ClosedForms(known)))
    except (SymparamsError, TypeError, AttributeError):
        return False


def difference(left: Tree, right: Tree, meanings: Mapping[str, Tree], conditions: Sequence[Condition]) -> Values | None:
    """Values of the names at which the sides differ, within the conditions; None where none is found.

    Raises SymparamsError where there is no point at which both have a value.
    """
    free = _free(left, right, meanings)
    met = 0
    for point in _points(free, conditions):
        pair = _at(left, right, meanings, point)
        if pair is None:
            continue
        met += 1
        if not _same(*pair):
            return point
        if met >= _POINTS:
            break
    if not met:
        raise SymparamsError("no values were found at which both sides can be worked out")
    return None


def constant(side: Tree) -> Fraction | None:
    """The number that a side is whatever its names are; None where it is none, or where that is not seen."""
    found: Any = None
    for point in _spread(sorted({*names(side)})):
        try:
            value = amount(side, Arithmetic(point))
        except SymparamsError:
            return None
        if isinstance(value, tuple) or (found is not None and value != found):
            return None
        found = value
    return found


def may_hold(left: Tree, right: Tree, meanings: Mapping[str, Tree], open_names: set[str]) -> bool:
    """Whether simple values of some names make both sides equal, whatever the others are."""
    others = sorted(_free(left, right, meanings) - open_names)
    settings = sorted(open_names)
    if len(settings) > 4:
        return True
    for chosen in product(_SIMPLE, repeat=len(settings)):
        fixed = {name: Fraction(value) for name, value in zip(settings, chosen)}
        met = 0
        for values in _spread(others):
            pair = _at(left, right, meanings, {**fixed, **values})
            if pair is None:
                continue
            if not _same(*pair):
                break
            met += 1
        else:
            if met:
                return True
    return False


def _free(left: Tree, right: Tree, meanings: Mapping[str, Tree]) -> set[str]:
    found = {*names(left), *names(right)}
    for name, tree in meanings.items():
        if name in found:
            found |= set(names(tree))
    return found - set(meanings)


def _at(left: Tree, right: Tree, meanings: Mapping[str, Tree], point: Values) -> tuple[Any, Any] | None:
    try:
        known: dict[str, Any] = dict(point)
        for name, tree in meanings.items():
            known[name] = amount(tree, Arithmetic(known))
        domain = Arithmetic(known)
        return amount(left, domain), amount(right, domain)
    except SymparamsError:
        return None


def _same(a: Any, b: Any) -> bool:
    if a == b:
        return True
    if isinstance(a, tuple) or isinstance(b, tuple):
        return False
    return abs(a - b) <= Fraction(1, 10**10) * max(1, abs(a), abs(b)) and (
        a.denominator > 10**9 or b.denominator > 10**9
    )


def _points(free: set[str], conditions: Sequence[Condition]) -> Iterator[Values]:
    """Points with whole numbers within the conditions: a walk that gives each name each value in turn."""
    order = sorted(free)
    steps = (1, 4, 7, 2, 8, 11, 13, 14)
    allowed = {name: _allowed(name, conditions) for name in order}
    for turn in range(_POINTS * 6):
        point = {}
        for place, name in enumerate(order):
            values = allowed[name]
            point[name] = Fraction(
                values[(turn * steps[place % len(steps)] + 3 * place + turn // len(values)) % len(values)]
            )
        for condition in conditions:
            if condition.kind == "divides" and condition.about[0] in point and condition.about[1] in point:
                divisor, multiple = condition.about
                point[multiple] *= point[divisor]
        if all(_fulfilled(condition, point) for condition in conditions):
            yield point


def _allowed(name: str, conditions: Sequence[Condition]) -> list[int]:
    values = list(_TRIED)
    for condition in conditions:
        if condition.kind == "divides" and condition.about[1] == name and condition.about[0].isdigit():
            values = [value * int(condition.about[0]) for value in values]
        elif condition.kind == "even" and name in condition.about:
            values = [2 * value for value in values]
        elif condition.kind == "odd" and name in condition.about:
            values = [2 * value - 1 for value in values]
    return values


def _fulfilled(condition: Condition, point: Values) -> bool:
    if condition.kind == "divides":
        divisor, multiple = (Fraction(n) if n.isdigit() else point.get(n) for n in condition.about)
        return divisor is None or multiple is None or (multiple / divisor).denominator == 1
    known = [point[name] for name in condition.about if name in point]
    return all(value % 2 == (condition.kind == "odd") for value in known)


def _spread(others: list[str]) -> Iterator[Values]:
    for turn in range(12):
        yield {
            name: Fraction(_TRIED[(turn * 5 + place * 7 + 5) % len(_TRIED)] + 2 * place)
            for place, name in enumerate(others)
        }
