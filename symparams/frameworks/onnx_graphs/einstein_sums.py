"""Sums of products in the notation of Einstein, as products of matrices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from ...evaluate.domain import product
from ..graph.combined_tensors import multiplied, reduced
from ..graph.traced_tensors import TracedTensor, has_batch, permuted, view

_EQUATION = re.compile(r"([A-Za-z]+)(?:,([A-Za-z]+))?(?:->([A-Za-z]*))?")


class EinsteinSum(NamedTuple):
    """The letters of what is multiplied, and of what comes out."""

    terms: tuple[str, ...]
    result: str


def parsed(equation: str) -> EinsteinSum | None:
    """One of one term or two, in which each letter stands once in a term; None for any other."""
    found = _EQUATION.fullmatch(equation.replace(" ", ""))
    if found is None:
        return None
    terms = tuple(term for term in found.groups()[:2] if term)
    if any(len(set(term)) != len(term) for term in terms):
        return None
    letters = "".join(terms)
    result = found[3] if found[3] is not None else "".join(sorted(x for x in letters if letters.count(x) == 1))
    return EinsteinSum(terms, result) if set(result) <= set(letters) and len(set(result)) == len(result) else None


def sum_of(equation: EinsteinSum, tensors: Sequence[TracedTensor]) -> Any:
    """The sum, of tensors that have as many axes as their terms have letters."""
    if any(len(term) != len(tensor.sizes) for term, tensor in zip(equation.terms, tensors)):
        return NotImplemented
    terms, parts = list(equation.terms), list(tensors)
    for place, term in enumerate(terms):
        others = "".join(terms[:place] + terms[place + 1 :]) + equation.result
        gone = [axis for axis, letter in enumerate(term) if letter not in others]
        parts[place] = reduced(parts[place], gone) if gone else parts[place]
        terms[place] = "".join(letter for letter in term if letter in others)
    if len(terms) == 1:
        return permuted(parts[0], [terms[0].index(letter) for letter in equation.result])
    return _product(terms, parts, equation.result)


def _product(terms: Sequence[str], parts: Sequence[TracedTensor], result: str) -> Any:
    (one, other), (left, right) = terms, parts
    sizes = dict(zip(other, right.sizes)) | dict(zip(one, left.sizes))
    is_batch = lambda letter: not has_batch(sizes[letter])
    kept = sorted((x for x in one if x in other and x in result), key=is_batch)
    summed = [x for x in one if x in other and x not in result]
    own_left = sorted((x for x in one if x not in other), key=is_batch)
    own_right = sorted((x for x in other if x not in one), key=is_batch)
    matrices = []
    for term, part, groups in ((one, left, (kept, own_left, summed)), (other, right, (kept, summed, own_right))):
        order = [letter for group in groups for letter in group]
        ordered = permuted(part, [term.index(letter) for letter in order])
        matrices.append(view(ordered, [product(sizes[letter] for letter in group) for group in groups]))
    made = multiplied(*matrices)
    apart = [*kept, *own_left, *own_right]
    return permuted(view(made, [sizes[letter] for letter in apart]), [apart.index(letter) for letter in result])
