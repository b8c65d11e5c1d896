"""Whether a quantity is never 0: by what all its terms share, by residues, by its range, by trying the few that fit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import product
from math import gcd, prod

from .bounds import never_negative
from .floors import Remainder
from .polynomial import Atom, Expr, Monomial, Quantity, Symbol, is_at_least, is_integer, terms_of

MODULI = (3, 4, 5, 7)
MAX_RESIDUES = 64
MAX_TRIED = 400


def never_zero(value: Expr) -> bool:
    """Whether a quantity is seen not to be 0 for any admissible values of its symbols. False means "not seen"."""
    if not is_integer(value):
        return False
    if never_negative(value - 1) or never_negative(-value - 1):
        return True
    terms = _whole_terms(value)
    if terms is None:
        return False
    constant = int(value.constant)
    if constant % reduce(gcd, terms.values(), 0):
        return True
    atoms = value.atoms()
    if len(atoms) == 1 and isinstance(atoms[0], Remainder) and set(terms) == {((atoms[0], 1),)}:
        return _never_leaves(atoms[0], -constant // terms[((atoms[0], 1),)])
    return _never_by_residues(value) or _never_among_few(value)


def _whole_terms(value: Quantity) -> dict[Monomial, int] | None:
    """The terms without the constant, where all have whole coefficients."""
    terms = {m: c for m, c in terms_of(value) if m}
    return terms if all(isinstance(c, int) for c in terms.values()) else None  # type: ignore[return-value]


def _never_leaves(atom: Remainder, rest: int) -> bool:
    """Whether a division never leaves this rest, which all that divides the divisor has in common with the dividend."""
    dividend, divisor = atom.parts()
    if rest < 0 and is_at_least(divisor, 1):
        return True
    if never_negative(rest - divisor) and is_at_least(divisor, 1):
        return True
    shared = reduce(gcd, (c.numerator for _, c in terms_of(divisor)), 0)
    free = _whole_terms(dividend)
    if shared > 1 and free is not None and is_integer(divisor):
        constant = int(dividend.constant) if isinstance(dividend, Expr) else int(dividend)
        if (constant - rest) % reduce(gcd, free.values(), shared):
            return True
    if isinstance(dividend, Expr) or not isinstance(divisor, Expr):
        return False
    whole = int(dividend) - rest
    tried = _values_up_to(divisor, abs(whole)) if whole else None
    return tried is not None and all(number == 0 or whole % number for number in tried)


def _never_by_residues(value: Expr) -> bool:
    """Whether a polynomial is no multiple of some small number, whatever whole numbers its atoms are."""
    atoms = value.atoms()
    if max(sum(e for _, e in m) for m in value.terms) < 2:
        return False
    for modulus in MODULI:
        if modulus ** len(atoms) > MAX_RESIDUES:
            return False
        residues = (dict(zip(atoms, r)) for r in product(range(modulus), repeat=len(atoms)))
        if all(_at(value, point) % modulus for point in residues):
            return True
    return False


def _never_among_few(value: Expr) -> bool:
    """Whether none of the few points is a root where all atoms but none of their multiples are bounded by a number."""
    bound = -int(value.constant)
    growing = value + bound
    if bound < 0:
        bound, growing = -bound, -growing
    if not isinstance(growing, Expr) or _takes_every_value(growing):
        return False
    tried = _values_up_to(growing, bound)
    return tried is not None and bound not in tried


def _takes_every_value(growing: Expr) -> bool:
    """Whether a symbol stands alone in it, so that from some number on it can be any."""
    return any(
        len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Symbol) and c == 1 for m, c in growing.terms.items()
    )


def _values_up_to(growing: Expr, most: int) -> set[int] | None:
    """All values up to a bound of a polynomial that grows with each atom; None where it does not, or they are many."""
    atoms = growing.atoms()
    if any(a.lower is None or a.lower < 0 for a in atoms):
        return None
    if any(not isinstance(c, int) or (m and c < 0) for m, c in growing.terms.items()):
        return None
    lowest = {atom: int(atom.lower or 0) for atom in atoms}
    found: set[int] = set()
    for tried, number in enumerate(_grown(growing, atoms, lowest, most)):
        if tried > MAX_TRIED:
            return None
        found.add(number)
    return found


def _grown(value: Expr, atoms: list[Atom], point: dict[Atom, int], most: int) -> Iterator[int]:
    if not atoms:
        yield _at(value, point)
        return
    atom, *others = atoms
    point = dict(point)
    while _at(value, point) <= most:
        yield from _grown(value, others, point, most)
        point[atom] += 1


def _at(value: Expr, point: dict[Atom, int]) -> int:
    return sum(int(c) * prod(point[a] ** e for a, e in m) for m, c in value.terms.items())
