"""Shapes rewritten: `rearrange` in the notation of einops, and `reshape`."""

from __future__ import annotations

import re
from typing import Any

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import LimitError, SymparamsError, listing
from ..formula import text
from ..language.characters import as_read
from .domain import all_of, compare, divide, is_number, is_whole, product, size_product

Group = tuple[str, ...]
MAX_PATTERN = 1_000

_PART = re.compile(r"\s*(?:\(([^()]*)\)|([^\s()]+))")


def rearranged(shape: tuple[Any, ...], pattern: str, *sizes: Any) -> tuple[Quantity, ...]:
    """The shape after `rearrange("c (h p) w -> (c p) h w")`; `sizes` are (name, size) pairs for split axes.

    Raises SymparamsError where the pattern does not fit the shape or a split axis has two unknown parts.
    """
    known, _, right = _matched(shape, pattern, sizes)
    return tuple(size_product(known[name] for name in group if name != "1") for group in right)


def rearranges(shape: tuple[Any, ...], pattern: str, *sizes: Any) -> Condition:
    """The condition under which each axis splits as the pattern says."""
    return _matched(shape, pattern, sizes)[1]


def _matched(
    shape: tuple[Any, ...], pattern: str, sizes: tuple[Any, ...]
) -> tuple[dict[str, Quantity], Condition, list[Group]]:
    """The size of each named axis, the condition under which that is so, and the groups of the result."""
    if not isinstance(pattern, str):
        raise SymparamsError("a pattern is a text in quotes", None, 'rearrange("c h w -> (h w) c")')
    if len(pattern) > MAX_PATTERN:
        raise LimitError(f"a pattern has at most {MAX_PATTERN:,} characters")
    named = [size for size in sizes if isinstance(size, tuple) and len(size) == 2]
    if len(named) < len(sizes):
        raise SymparamsError("the sizes of axes are given by name", None, 'rearrange("c (h p) w -> (c p) h w", p=2)')
    left, right = sides(as_read(pattern))
    if len(left) != len(shape):
        raise SymparamsError(f"the pattern {pattern!r} has {len(left)} axes on its left, the input has {len(shape)}")
    met = [_is_size(size) for _, size in sizes]
    for (name, _), fits in zip(sizes, met):
        if fits is False:
            raise SymparamsError(f"the size of the axis {name!r} must be a whole number from 1")
    known: dict[str, Quantity] = {str(name): size for name, size in sizes}
    used = [name for group in left for name in group]
    unknown = [name for group in right for name in group if name not in used and name != "1"]
    repeated = sorted({name for name in used if used.count(name) > 1 and name != "1"})
    lost = [name for name in used if name != "1" and not any(name in group for group in right)]
    if unknown or repeated or lost:
        fault = f"{listing(unknown or repeated or lost)} must stand once on each side"
        raise SymparamsError(f"in the pattern {pattern!r}, {fault}")
    unused = [name for name in known if name not in used]
    if unused:
        raise SymparamsError(f"the pattern {pattern!r} has no axis {unused[0]!r} on its left")
    met += [split(group, size, known, pattern) for group, size in zip(left, shape)]
    return known, all_of(met), right


def _is_size(size: Any) -> Condition:
    if not is_number(size):
        return False
    return all_of((is_whole(size), compare(">=", size, 1)))


def sides(pattern: str) -> tuple[list[Group], list[Group]]:
    """The groups of axes left and right of the arrow. Raises SymparamsError for what is no pattern."""
    if pattern.count("->") != 1:
        raise SymparamsError(f"a pattern such as {pattern!r} needs one '->'", hint='rearrange("c h w -> (h w) c")')
    left, right = (_groups(side, pattern) for side in pattern.split("->"))
    return left, right


def _groups(side: str, pattern: str) -> list[Group]:
    groups, position = [], 0
    side = side.rstrip()
    while position < len(side):
        match = _PART.match(side, position)
        if not match:
            raise SymparamsError(f"the brackets of the pattern {pattern!r} do not match")
        inner = match.group(1)
        names = tuple(inner.split()) if inner is not None else (match.group(2),)
        bad = [n for n in names if n != "1" and not n.isidentifier()]
        if bad:
            raise SymparamsError(f"{bad[0]!r} in the pattern {pattern!r} is no name of an axis")
        groups.append(names)
        position = match.end()
    return groups


def split(group: Group, size: Quantity, known: dict[str, Quantity], pattern: str) -> Condition:
    """Find the sizes of the axes that one axis is made of, and the condition under which they make it up."""
    names = [name for name in group if name != "1"]
    open_names = [name for name in names if name not in known]
    if len(open_names) > 1:
        raise SymparamsError(
            f"the pattern {pattern!r} splits an axis into {listing(open_names)}: give the size of all but one",
            hint=f"rearrange({pattern!r}, {open_names[0]}=2)",
        )
    inside = product(known[name] for name in names if name in known)
    if open_names:
        known[open_names[0]] = divide(size, inside)
        met = is_whole(known[open_names[0]])
    else:
        met = compare("==", size, inside)
    if met is False:
        raise SymparamsError(f"in the pattern {pattern!r}, an axis of {size} does not split into {' '.join(group)}")
    return met


def reshaped(shape: tuple[Any, ...], sizes: tuple[Any, ...]) -> tuple[Quantity, ...]:
    """The shape with the same number of elements; one size may be -1 and is worked out.

    Raises SymparamsError where the numbers of elements differ.
    """
    return _filled(shape, sizes)[0]


def reshapes(shape: tuple[Any, ...], sizes: tuple[Any, ...]) -> Condition:
    """The condition under which the elements of the shape are those of the sizes."""
    return _filled(shape, sizes)[1]


def _filled(shape: tuple[Any, ...], sizes: tuple[Any, ...]) -> tuple[tuple[Quantity, ...], Condition]:
    """The sizes without a -1, and the condition under which they hold all elements."""
    open_axes = [i for i, size in enumerate(sizes) if size == -1]
    if len(open_axes) > 1:
        raise SymparamsError("only one size may be -1")
    elements = product(shape)
    others = product(size for size in sizes if size != -1)
    rest = divide(elements, others)
    met = is_whole(rest) if open_axes else compare("==", elements, others)
    if met is False:
        raise SymparamsError(f"{text.inline(elements)} elements do not fit the shape {text.shape(sizes)}")
    return tuple(rest if i in open_axes else size for i, size in enumerate(sizes)), met
