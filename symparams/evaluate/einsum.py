"""Dense layers in the notation of Einstein sums, as Keras has them: `"abc,cd->abd"`, the batch as the first axis."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError, listing
from ..formula import text
from .domain import all_of, compare, size_product

Shape = tuple[Quantity, ...]

_EQUATION = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")
_EXAMPLE = 'einsum_dense("abc,cd->abd", (T, 64))'


class _Sum(NamedTuple):
    """The letters of an equation, without the batch, and their sizes; `before` and `after` stand for its dots."""

    flowing: str
    kernel: str
    output: str
    before: Shape
    after: Shape
    sizes: dict[str, Quantity]
    met: Condition


def einsum(shape: Shape, equation: str, sizes: Any, bias_axes: str) -> tuple[Any, ...]:
    """The shapes of the kernel, of the bias and of the output, the sizes of the axes that it names, and the products.

    Raises SymparamsError where the equation is none, or does not fit the shape that flows in or the sizes.
    """
    found = _read(shape, equation, sizes)
    unknown = [letter for letter in bias_axes if letter not in found.output]
    if unknown:
        raise SymparamsError(f"the bias has the axis {listing(map(repr, unknown))}, which is none of the output's")
    first = min((found.output.index(letter) for letter in bias_axes), default=len(found.output))
    bias = tuple(found.sizes[letter] if letter in bias_axes else 1 for letter in found.output[first:])
    named = tuple(found.sizes[letter] for letter in found.output)
    work = size_product([*found.before, *found.sizes.values(), *found.after])
    kernel = tuple(found.sizes[letter] for letter in found.kernel)
    return kernel, (*bias, *(1 for _ in found.after)), (*found.before, *named, *found.after), named, work


def einsums(shape: Shape, equation: str, sizes: Any) -> Condition:
    """The condition under which the sizes that are given for axes that flow in are those that flow in."""
    return _read(shape, equation, sizes).met


def _read(shape: Shape, equation: str, given: Any) -> _Sum:
    match = _EQUATION.fullmatch(equation.replace(" ", ""))
    if not match:
        raise SymparamsError(f"{equation!r} is no equation such as 'abc,cd->abd' or '...x,xy->...y'", None, _EXAMPLE)
    left, flowing, right, kernel, left_out, output, right_out = match.groups()
    if (left, right) != (left_out, right_out) or (left and right):
        raise SymparamsError(f"in {equation!r}, '...' stands once on both sides of the arrow, at the same end")
    for letters in (flowing, kernel, output):
        if len(set(letters)) < len(letters):
            raise SymparamsError(f"in {equation!r}, {letters!r} names an axis twice")
    more = len(shape) + 1 - len(flowing)
    if more < 0 or (more and not left and not right):
        raise SymparamsError(f"{equation!r} names {len(flowing)} axes with the batch, the input has {len(shape) + 1}")
    before, after = (shape[: more - 1] if left and more else ()), (shape[len(shape) - more :] if right else ())
    if not (left and more):
        if flowing[:1] != output[:1] or flowing[0] in kernel:
            raise SymparamsError(
                f"in {equation!r}, the batch {flowing[0]!r} is the first axis, and none of the kernel's"
            )
        flowing, output = flowing[1:], output[1:]
    known = dict(zip(flowing, shape[len(before) : len(shape) - len(after)]))
    return _sized(_Sum(flowing, kernel, output, before, after, known, True), equation, given)


def _sized(found: _Sum, equation: str, given: Any) -> _Sum:
    """The sizes of the axes that do not flow in, out of those that are given for the output."""
    sizes = given if isinstance(given, tuple) else (given,)
    if len(sizes) != len(found.output):
        raise SymparamsError(f"the output of {equation!r} has {len(found.output)} sizes, not {len(sizes)}")
    lost = [letter for letter in found.kernel if letter not in found.flowing + found.output]
    made = [letter for letter in found.output if letter not in found.flowing + found.kernel]
    if lost or made:
        raise SymparamsError(f"in {equation!r}, {listing(map(repr, lost or made))} stands on one side alone")
    known, met = dict(found.sizes), []
    for letter, size in zip(found.output, sizes):
        if letter in known:
            met.append(size == -1 or compare("==", known[letter], size))
        elif size == -1:
            raise SymparamsError(f"the axis {letter!r} of {equation!r} does not flow in, and needs a size")
        if met and met[-1] is False:
            fault = f"the axis {letter!r} is {text.inline(known[letter])} where it flows in, not {text.inline(size)}"
            raise SymparamsError(fault, None, "a size that flows in may be -1")
        known.setdefault(letter, size)
    return found._replace(sizes=known, met=all_of(met))
