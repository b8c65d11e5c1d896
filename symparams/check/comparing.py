"""Whether two sides without names are equal, as people write numbers: exact, or rounded where they are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from ..errors import SymparamsError
from .amounts import Arithmetic, Between, RoundedRange, amount
from .numerals import PLAIN, Usage, digits_of, is_percent, measures_something, read, unit_of, usages
from .reading import JoinedParts, Literal, Operated, Tree, Unreadable, literals, parts_of
from .tokens import APPROX

ROUGHLY = Fraction(1, 10**12)


class ComparedSides(NamedTuple):
    """What both sides come to, and whether that is the same."""

    left: Any
    right: Any
    holds: bool


def compared(left: Tree, right: Tree, relation: str, names: dict[str, Any] | None = None) -> ComparedSides:
    """Two sides under each way to read their numbers; the values are those of the usual one.

    Raises Unreadable, UnknownName and LimitError.
    """
    first: ComparedSides | None = None
    texts = [str(literal.sign) for side in (left, right) for literal in literals(side)]
    problem: SymparamsError | None = None
    for usage in usages(texts, divides_by_thousands(left)):
        try:
            found = _compared(left, right, relation, names or {}, usage)
        except SymparamsError as error:
            problem = problem or error
            continue
        if found.holds:
            return found
        first = first or found
    if first is None:
        raise problem or Unreadable("it has no value")
    return first


def _compared(left: Tree, right: Tree, relation: str, names: dict[str, Any], usage: Usage) -> ComparedSides:
    domain = Arithmetic(names, usage)
    a, b = amount(left, domain), amount(right, domain)
    if type(a) is tuple or type(b) is tuple:
        if type(a) is not type(b) or len(a) != len(b):
            raise Unreadable("a shape is compared with a number, or with one of another length")
        return ComparedSides(a, b, a == b)
    if a == b or (domain.rough and abs(a - b) <= ROUGHLY * max(1, abs(a), abs(b))):
        return ComparedSides(a, b, True)
    return ComparedSides(a, b, _is_rounded(left, right, a, b, relation, usage, names))


def _is_rounded(
    left: Tree, right: Tree, a: Fraction, b: Fraction, relation: str, usage: Usage, names: dict[str, Any]
) -> bool:
    """Whether one side is the other, rounded to the digits that are written."""
    about = relation == APPROX
    for side, value, exact in ((right, b, a), (left, a, b)):
        half = _half_step(side, usage, about)
        if half is not None and abs(exact - value) <= half:
            return True
    if names:
        return False
    try:
        one, other = _interval(left, usage, about), _interval(right, usage, about)
    except SymparamsError:
        return False
    return one.low <= other.high and other.low <= one.high


def _half_step(side: Tree, usage: Usage, about: bool) -> Fraction | None:
    """How far a number that stands alone, perhaps times a power of ten, may be from the exact value."""
    scale = Fraction(1)
    if isinstance(side, Operated) and side.operation == "negative":
        side = side.parts[0]
    if isinstance(side, JoinedParts) and len(side.rest) == 1 and side.rest[0][0] == "TIMES":
        power = side.rest[0][1]
        if isinstance(side.first, Literal) and _is_power_of_ten(power):
            scale, side = amount(power, Arithmetic({}, usage)), side.first
    if not isinstance(side, Literal):
        return None
    number = read(str(side.sign), usage)
    if number.step is not None:
        return number.step * scale / 2
    if scale != 1:
        return scale / 2
    if not about or number.value.denominator != 1:
        return None
    zeros = len(str(number.value.numerator)) - len(str(number.value.numerator).rstrip("0")) if number.value else 0
    return Fraction(10) ** zeros - Fraction(1, 10**9) if zeros else Fraction(1, 2)


def _is_power_of_ten(tree: Tree) -> bool:
    if not isinstance(tree, Operated) or tree.operation != "power":
        return False
    base = tree.parts[0]
    return isinstance(base, Literal) and str(base.sign) == "10"


def _interval(side: Tree, usage: Usage, about: bool) -> RoundedRange:
    half = _half_step(side, usage, about)
    if half is not None:
        value = amount(side, Arithmetic({}, usage))
        return RoundedRange(value - half, value + half)
    return amount(side, Between(usage, about))


_THOUSANDS = frozenset(base**power for base in (1000, 1024) for power in range(1, 5))


def divides_by_thousands(tree: Tree) -> bool:
    """Whether a thousand, or a power of it, divides in a side, so that what it comes to has a unit of its own."""
    divisors = []
    if isinstance(tree, JoinedParts):
        divisors = [part for kind, part in tree.rest if kind == "OVER"]
    elif isinstance(tree, Operated) and tree.operation == "divided":
        divisors = [tree.parts[1]]
    return any(_is_thousands(part) for part in divisors) or any(map(divides_by_thousands, parts_of(tree)))


def _is_thousands(tree: Tree) -> bool:
    try:
        return amount(tree, Arithmetic()) in _THOUSANDS
    except SymparamsError:
        return False


def is_bare(tree: Tree) -> bool:
    """Whether a side is a number by itself."""
    if isinstance(tree, Operated) and tree.operation == "negative":
        tree = tree.parts[0]
    return isinstance(tree, Literal)


def says_little(left: Tree, right: Tree) -> bool:
    """Whether two numbers by themselves claim nothing: `64 = 63` in prose names things, `96 % = 523` has two kinds."""
    texts = [str(literal.sign) for side in (left, right) for literal in literals(side)]
    units = [unit_of(text) for text in texts]
    measures = [unit is not None and measures_something(unit) for unit in units]
    return not any(units) or any(is_percent(unit) for unit in units) or any(measures) != all(measures)


# Pages, layers and rooms are numbered below this.
_LARGEST_IN_RANGE = 1_000


def is_a_range(tree: Tree) -> bool:
    """Whether a difference may be a range: 2-4, 10 - 20."""
    if not isinstance(tree, JoinedParts) or [kind for kind, _ in tree.rest] != ["MINUS"]:
        return False
    first, last = tree.first, tree.rest[0][1]
    if not (isinstance(first, Literal) and isinstance(last, Literal)):
        return False
    ends = [read(str(end.sign), PLAIN).value for end in (first, last)]
    return ends[0] < ends[1] < _LARGEST_IN_RANGE and digits_of(str(first.sign)).isdigit()
