"""Where a function of a whole number is negative, 0 and positive: one that only grows, and any polynomial."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import comb, lcm

from ..errors import LimitError
from .polynomial import Number
from .whole_runs import Run

LONGEST_STEP = 4_200

# From a number to another one, without an end where that is None, and the sign of the function there.
Stretch = tuple[int, "int | None", int]
Sign = Callable[[int], int]


def where_growing(sign: Sign, domain: Run) -> list[Stretch] | None:
    """The stretches of a function that never shrinks within the domain.

    None where it is not seen to leave a sign, though it may. Raises LimitError where numbers become too long.
    """
    found: list[Stretch] = []
    start, end = domain
    at = sign(start)
    while at < 1:
        last = _last_not_above(sign, at, start, end)
        if last is None:
            return None if end is None else [*found, (start, end, at)]
        found.append((start, last, at))
        if last == end:
            return found
        start = last + 1
        at = sign(start)
    return [*found, (start, end, 1)]


def _last_not_above(sign: Sign, at: int, start: int, end: int | None) -> int | None:
    """The last number up to the end with no greater sign; None where it is not found without an end."""
    low, high = start, None if end is None else end + 1
    step, too_long = 1, None
    while high is None or high - low > 1:
        tried = low + step if high is None or low + step < high else (low + high) // 2
        if high is None and step.bit_length() > LONGEST_STEP:
            return None
        try:
            above, fault = sign(tried) > at, None
        except LimitError as error:
            above, fault = True, error
        if above:
            high, too_long = tried, fault
        else:
            low, step = tried, 2 * step
    if too_long is not None:
        raise too_long
    return low


def of_polynomial(coefficients: Sequence[Number], domain: Run) -> list[Stretch]:
    """The stretches of a polynomial, whose coefficients are in the order of the powers from 0."""
    scale = lcm(*(Fraction(c).denominator for c in coefficients))
    return _stretches([int(c * scale) for c in coefficients], domain)


def _stretches(coefficients: list[int], domain: Run) -> list[Stretch]:
    """Between the changes of sign of p(x + 1) - p(x), a polynomial of a lower degree, p grows or shrinks."""
    while len(coefficients) > 1 and not coefficients[-1]:
        coefficients = coefficients[:-1]
    if len(coefficients) == 1:
        return [(*domain, _sign(coefficients[0]))]
    found: list[Stretch] = []
    for first, last, direction in _stretches(_difference(coefficients), domain):
        turned = -1 if direction < 0 else 1
        signed = [turned * c for c in coefficients]
        within = where_growing(lambda x: _sign(_at(signed, x)), (first, last))  # noqa: B023
        assert within is not None
        found += [(a, b, turned * s) for a, b, s in within]
    return _together(found)


def _difference(coefficients: list[int]) -> list[int]:
    result = [0] * (len(coefficients) - 1)
    for degree, coefficient in enumerate(coefficients):
        for lower in range(degree):
            result[lower] += coefficient * comb(degree, lower)
    return result


def _at(coefficients: Iterable[int], x: int) -> int:
    result = 0
    for coefficient in reversed(list(coefficients)):
        result = result * x + coefficient
    return result


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _together(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Neighbours of one sign as one."""
    found: list[Stretch] = []
    for first, last, sign in stretches:
        if found and found[-1][2] == sign:
            found[-1] = (found[-1][0], last, sign)
        else:
            found.append((first, last, sign))
    return found
