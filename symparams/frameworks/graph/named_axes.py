"""Tensors by patterns that name their axes: in the notation of einops, and of einsum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError, listing
from ...evaluate import rearrange
from ...evaluate.domain import product
from . import combined_tensors as combining
from . import traced_tensors as shaping
from .traced_tensors import TracedTensor, has_batch

MOST_NAMES = 50


def rearranged(tensor: TracedTensor, pattern: str, given: Mapping[str, Quantity]) -> Any:
    """Axes split, merged and reordered; those whose names are lost go, and new ones come of the sizes that are given.

    Raises SymparamsError where the pattern does not fit.
    """
    left, right = rearrange.sides(_without_dots(pattern, len(tensor.sizes)))
    known = dict(given)
    if len(left) != len(tensor.sizes):
        raise SymparamsError(f"the pattern {pattern!r} has {len(left)} axes on its left, not {len(tensor.sizes)}")
    for group, size in zip(left, tensor.sizes):
        tensor.program.assume(rearrange.split(group, size, known, pattern))
    names = [name for group in left for name in group if name != "1"]
    wanted = [name for group in right for name in group if name != "1"]
    twice = [name for side in (names, wanted) for name in side if side.count(name) > 1]
    unknown = [name for name in wanted if name not in known]
    if twice or unknown:
        raise SymparamsError(f"in the pattern {pattern!r}, {listing(twice or unknown)} must stand once on each side")
    made = shaping.view(tensor, [known[name] for name in names])
    made, names = _reduced(made, names, wanted)
    for name in wanted:
        if name not in names:
            made, names = shaping.unsqueezed(made, -1), [*names, name]
    made = combining.expanded(made, [known[name] for name in names])
    made = shaping.permuted(made, [names.index(name) for name in wanted])
    return shaping.view(made, [product(known[name] for name in group if name != "1") for group in right])


def _without_dots(pattern: str, rank: int) -> str:
    """The pattern with names for the axes that its dots stand for."""
    if not isinstance(pattern, str) or len(pattern) > rearrange.MAX_PATTERN:
        raise SymparamsError("a pattern is a text, and not too long")
    groups = len(rearrange.sides(pattern.replace("...", "dots"))[0])
    return pattern.replace("...", " ".join(f"dots{i}" for i in range(rank - groups + 1)))


def _reduced(tensor: Any, names: Sequence[str], kept: Iterable[str]) -> tuple[Any, list[str]]:
    kept = set(kept)
    gone = [axis for axis, name in enumerate(names) if name not in kept]
    reduced = combining.reduced(tensor, gone) if gone else tensor
    return reduced, [name for name in names if name in kept]


def summed_product(tensors: Sequence[TracedTensor], operands: Sequence[Sequence[str]], result: Sequence[str]) -> Any:
    """The product of tensors whose axes are named, summed over the names that the result does not have."""
    if len(tensors) != len(operands):
        raise SymparamsError(f"{len(operands)} tensors are named, and {len(tensors)} are given")
    for tensor, names in zip(tensors, operands):
        if len(names) != len(tensor.sizes):
            raise SymparamsError(f"{len(names)} axes are named, and the tensor has {len(tensor.sizes)}")
        if len(set(names)) < len(names):
            raise SymparamsError("the diagonal of a tensor is not read")
    made, own = tensors[0], list(operands[0])
    for place, (tensor, names) in enumerate(zip(tensors[1:], operands[1:]), 2):
        later = {name for operand in operands[place:] for name in operand}
        made, own = _multiplied(made, own, tensor, list(names), later.union(result))
    made, own = _reduced(made, own, result)
    if set(own) != set(result) or len(own) != len(result):
        raise SymparamsError("the result names axes that no tensor has")
    return shaping.permuted(made, [own.index(name) for name in result])


def _multiplied(one: Any, own: list[str], other: Any, names: list[str], kept: set[str]) -> tuple[Any, list[str]]:
    """The product of two tensors, summed over what they share and is not kept."""
    if one.batch_axis is None and other.batch_axis is not None:
        one, own, other, names = other, names, one, own
    one, own = _reduced(one, own, kept.union(names))
    other, names = _reduced(other, names, kept.union(own))
    both = [name for name in own if name in names and name in kept]
    summed = [name for name in own if name in names and name not in kept]
    left = [name for name in own if name not in names]
    right = [name for name in names if name not in own]
    if any(has_batch(one.sizes[own.index(name)]) for name in summed):
        raise SymparamsError("this adds up over the batch: each sample is on its own")
    sizes = {**dict(zip(names, other.sizes)), **{n: s for n, s in zip(own, one.sizes) if s != 1 or n not in names}}
    lead = [one.sizes[own.index(name)] for name in both]
    lead_of_other = [other.sizes[names.index(name)] for name in both]
    one = shaping.permuted(one, [own.index(name) for name in (*both, *left, *summed)])
    other = shaping.permuted(other, [names.index(name) for name in (*both, *summed, *right)])
    result = [*both, *left, *right]
    if not summed:
        one = shaping.view(one, [*lead, *(sizes[n] for n in left), *[1] * len(right)])
        other = shaping.view(other, [*lead_of_other, *[1] * len(left), *(sizes[n] for n in right)])
        return combining.combined("mul", one, other), result
    length = product(sizes[name] for name in summed)
    one = shaping.view(one, [*lead, product(sizes[n] for n in left), length])
    other = shaping.view(other, [*lead_of_other, length, product(sizes[n] for n in right)])
    made = combining.multiplied(one, other)
    return shaping.view(made, [*made.sizes[: len(both)], *(sizes[n] for n in (*left, *right))]), result


def einsum_axes(equation: str, ranks: Sequence[int], by_words: bool) -> tuple[list[list[str]], list[str]]:
    """The names of the axes of each tensor, and of the result: letters, or words with spaces between them."""
    before, arrow, after = equation.partition("->")
    texts = before.split(",")
    if len(texts) != len(ranks) or len(equation) > rearrange.MAX_PATTERN:
        raise SymparamsError(f"the equation {equation!r} names {len(texts)} tensors, and {len(ranks)} are given")
    operands = [_names(text, by_words) for text in texts]
    lengths = [rank - len(names) + 1 for names, rank in zip(operands, ranks) if "..." in names]
    most = min(max(lengths, default=0), MOST_NAMES)
    dots = [f"dots{i}" for i in range(most)]
    several = [_with_dots(names, dots[most - max(rank - len(names) + 1, 0) :]) for names, rank in zip(operands, ranks)]
    if arrow:
        return several, _with_dots(_names(after, by_words), dots)
    found = [name for names in several for name in names if name not in dots]
    return several, [*dots, *sorted(name for name in found if found.count(name) == 1)]


def _names(text: str, by_words: bool) -> list[str]:
    spaced = text.replace("...", " ... ")
    words = spaced.split()
    return words if by_words else [name for word in words for name in ([word] if word == "..." else word)]


def _with_dots(names: Sequence[str], dots: Sequence[str]) -> list[str]:
    return [name for one in names for name in (dots if one == "..." else [one])]
