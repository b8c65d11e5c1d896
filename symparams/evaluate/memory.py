"""How many bytes a network takes: its weights, a run through it, a step of training."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError, did_you_mean, listing
from .domain import ceiling, multiply, total

# Bytes of a number.
DTYPES = {
    "float32": Fraction(4),
    "float64": Fraction(8),
    "float16": Fraction(2),
    "bfloat16": Fraction(2),
    "int8": Fraction(1),
    "int4": Fraction(1, 2),
}
# Numbers that an optimizer keeps for each weight that is trained.
OPTIMIZERS = {"adam": 2, "adamw": 2, "rmsprop": 1, "adagrad": 1, "momentum": 1, "sgd": 0}


# How a network is used where nothing is said.
USUAL: dict[str, Any] = {"dtype": "float32", "batch": 1, "optimizer": "adam"}


class Elements(NamedTuple):
    """What a network holds, in elements: all its weights and state, the weights that are trained, the outputs of all
    layers for one sample, the keys and values that attention keeps of one, and the most that are alive at one step of a
    run of one."""

    weights: Quantity
    trained: Quantity
    activations: Quantity
    cached: Quantity
    alive: Quantity


class MemoryUse(NamedTuple):
    """Bytes: of weights and state; of the gradients of what is trained; of what the optimizer keeps of it; of the
    outputs of all layers; of the keys and values that attention keeps; of weights and what is alive at one step of a
    run; of weights, gradients, what the optimizer keeps and outputs, in training."""

    weights: Quantity
    gradients: Quantity
    optimizer: Quantity
    activations: Quantity
    kv_cache: Quantity
    inference: Quantity
    training: Quantity


def memory_use(held: Elements, dtype: str, batch: Quantity, optimizer: str) -> MemoryUse:
    """The bytes, with so many samples at once and each number of that type. Raises SymparamsError for another word."""
    size = Fraction(_known(dtype, DTYPES, "type of numbers"))
    kept = _known(optimizer, OPTIMIZERS, "optimizer")
    weights, gradients = _bytes(held.weights, size), _bytes(held.trained, size)
    moments = _bytes(multiply(kept, held.trained), size)
    alive, activations, cached = (
        _bytes(multiply(batch, part), size) for part in (held.alive, held.activations, held.cached)
    )
    training = total((weights, gradients, moments, activations))
    return MemoryUse(weights, gradients, moments, activations, cached, total((weights, alive)), training)


def _bytes(elements: Quantity, size: Fraction) -> Quantity:
    found = multiply(elements, size)
    return ceiling(found) if size < 1 else found


def _known(word: str, table: dict[str, Fraction] | dict[str, int], what: str) -> Fraction | int:
    if word not in table:
        hint = did_you_mean(str(word), table) or f"choose from {listing(table)}"
        raise SymparamsError(f"there is no {what} {word!r}", None, hint)
    return table[word]
