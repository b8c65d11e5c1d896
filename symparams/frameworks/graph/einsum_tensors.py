"""Einstein sums of tensors, by the matrix product that they come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import product
from .combined_tensors import multiplied, reduced
from .traced_tensors import TracedTensor, permuted


def einsum(equation: str, tensors: Sequence[TracedTensor]) -> Any:
    """What `torch.einsum` gives for one tensor or two. Raises SymparamsError for other equations."""
    *terms, out = _terms(equation, len(tensors))
    tensors = [_summed(t, term, out + "".join(terms[:i] + terms[i + 1 :])) for i, (t, term) in _placed(tensors, terms)]
    terms = [_kept(term, out + "".join(terms[:i] + terms[i + 1 :])) for i, term in enumerate(terms)]
    if len(tensors) == 1:
        return permuted(tensors[0], [terms[0].index(letter) for letter in out])
    (one, other), (left, right) = tensors, terms
    sizes = {**dict(zip(right, other.sizes)), **dict(zip(left, one.sizes))}
    both = [letter for letter in left if letter in right]
    shared = [letter for letter in both if letter in out]
    summed = [letter for letter in both if letter not in out]
    rows = [letter for letter in left if letter not in right]
    columns = [letter for letter in right if letter not in left]
    first = _matrices(one, left, (shared, rows, summed), sizes)
    second = _matrices(other, right, (shared, summed, columns), sizes)
    letters = [*shared, *rows, *columns]
    whole = multiplied(first, second).reshaped([sizes[letter] for letter in letters])
    return permuted(whole, [letters.index(letter) for letter in out])


def _terms(equation: str, count: int) -> list[str]:
    """The letters of each tensor, and of the result."""
    text = "".join(equation.split())
    left, arrow, out = text.partition("->")
    terms = left.split(",")
    letters = left.replace(",", "")
    if not arrow:
        out = "".join(sorted(letter for letter in letters if letters.count(letter) == 1))
    plain = (letters + out).isalpha() and not set(out) - set(letters)
    if not plain or any(len(set(term)) < len(term) for term in [*terms, out]) or count not in (1, 2):
        raise SymparamsError(f"the einsum {equation!r} is not read")
    if len(terms) != count:
        raise SymparamsError(f"the einsum {equation!r} takes {len(terms)} tensors, not {count}")
    return [*terms, out]


def _placed(tensors: Sequence[TracedTensor], terms: Sequence[str]) -> Any:
    for tensor, term in zip(tensors, terms):
        if len(tensor.sizes) != len(term):
            raise SymparamsError(f"{term!r} does not name the {len(tensor.sizes)} axes of a tensor")
    return enumerate(zip(tensors, terms))


def _kept(term: str, elsewhere: str) -> str:
    return "".join(letter for letter in term if letter in elsewhere)


def _summed(tensor: TracedTensor, term: str, elsewhere: str) -> Any:
    """The sum over axes that stand nowhere else."""
    gone = [axis for axis, letter in enumerate(term) if letter not in elsewhere]
    return reduced(tensor, gone) if gone else tensor


def _matrices(tensor: TracedTensor, term: str, groups: Sequence[Sequence[str]], sizes: dict[str, Quantity]) -> Any:
    """The axes of the first group in front, those of each other one as one axis."""
    shared, *others = groups
    order = [term.index(letter) for group in groups for letter in group]
    merged = [product(sizes[letter] for letter in group) for group in others]
    return permuted(tensor, order).reshaped([*(sizes[letter] for letter in shared), *merged])
