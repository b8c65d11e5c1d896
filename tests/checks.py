"""What the property tests ask again and again of a network."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

from brute_force import Measured

from symparams import Network, SymparamsError
from symparams.api import Counts, Layer, from_source
from symparams.closed_forms.conditions import Condition, with_values
from symparams.closed_forms.polynomial import Quantity, Symbol, product, symbols_of
from symparams.closed_forms.powers import meant, substitute
from symparams.closed_forms.quotients import divide
from symparams.errors import Source
from symparams.evaluate.figures import FROZEN_ELEMENTS, STATE_ELEMENTS, TRAINABLE_ELEMENTS, WORK

# Whether everything is tried, as where what is missing is a failure; else a part that shows most faults.
THOROUGH = os.environ.get("SYMPARAMS_REQUIRE_ENGINES") == "1"


COUNTS = ("params", "trainable", "non_trainable", "state", "macs")
ELEMENTS_AND_WORK = (TRAINABLE_ELEMENTS, FROZEN_ELEMENTS, STATE_ELEMENTS, WORK)


def symbolic(text: str, freed: Iterable[str] = ()) -> Network:
    """The network of a program, with the parameters `freed` as symbols."""
    return from_source(Source("<test>", text), None, {}, freed)


def at(value: Quantity, values: dict[str, int]) -> Quantity:
    """A closed form at values of its symbols."""
    return substitute(value, {symbol: values[symbol.name] for symbol in symbols_of(value)})


def shape_at(shape: Iterable[Quantity], values: dict[str, int]) -> tuple[Quantity, ...]:
    return tuple(at(size, values) for size in shape)


def counts_at(counts: Counts, values: dict[str, int]) -> dict[str, Quantity]:
    return {name: at(counts.quantity(name), values) for name in COUNTS}


def holds_at(condition: Condition, values: dict[str, int]) -> bool:
    """Whether a condition holds at values for all of its symbols; one that divides by 0 does not."""
    if isinstance(condition, bool):
        return condition
    unknown = {symbol.name for symbol in condition.symbols} - values.keys()
    assert not unknown, f"the condition {condition!r} is about {unknown}, which no program names"
    try:
        decided = with_values(condition, {symbol: values[symbol.name] for symbol in condition.symbols})
    except SymparamsError:
        return False
    assert isinstance(decided, bool), f"{condition!r} is not decided by {values}"
    return decided


def in_domain(net: Network, values: dict[str, int]) -> bool:
    return all(holds_at(condition, values) for condition in net.guards)


def put_in(net: Network, values: dict[str, int]) -> Network:
    """The network at the values of those names that it knows."""
    known = {p.name for p in net.program.parameters} | net.program.names
    return net(**{name: value for name, value in values.items() if name in known})


def layers_at(net: Network, values: dict[str, int]) -> dict[str, tuple[Any, ...]]:
    """Each row of a network at values: what it is, how often it occurs, its output, figures and kinds of tensors.

    The tensors' shapes may differ: torch keeps the query, key and value of attention in one where their sizes agree.
    """
    return {
        name: (
            layer.layer,
            at(layer.count_quantity, values),
            shape_at(layer.output_shape, values),
            counts_at(layer, values),
            elements_at(layer, values),
        )
        for name, layer in net.layers.items()
        if at(layer.count_quantity, values) != 0
    }


def assert_alike(net: Network, other: Network, values: dict[str, int]) -> None:
    """The rows of a network at values are those of the network with the values put in, by their names too.

    The names are others where turns are worked out apart that are alike at these values, or that there are none of.
    """
    assert occurrences_at(net, values) == occurrences_at(other, {})
    if not any(layer.turns for layer in net.layers.values()):
        rows, others = layers_at(net, values), layers_at(other, {})
        assert rows == others or rows.keys() != others.keys()


def occurrences_at(net: Network, values: dict[str, int]) -> Counter[tuple[Any, ...]]:
    """How often each layer occurs at values, with its output and its figures."""
    found: Counter[tuple[Any, ...]] = Counter()
    for layer in net.layers.values():
        each = divide(layer.row.times, product(n for _, n in layer.row.turns)) if layer.row.times != 0 else 0
        for point in _turns_at(layer.row.turns, values):
            counts = tuple(counts_at(layer, point).items())
            found[layer.layer, shape_at(layer.output_shape, point), counts] += at(meant(each), point)  # type: ignore[assignment]
    return +found


def _turns_at(turns: tuple[tuple[Symbol, Quantity], ...], values: dict[str, int]) -> Iterator[dict[str, int]]:
    if not turns:
        yield values
        return
    (index, count), *inner = turns
    for turn in range(at(meant(count), values)):  # type: ignore[arg-type]
        yield from _turns_at(tuple(inner), {**values, index.name: turn})


def elements_at(layer: Layer, values: dict[str, int]) -> dict[tuple[Any, ...], int]:
    """The elements of a row's tensors by what they are; a symbol may keep apart what a framework puts in one tensor."""
    elements: Counter[tuple[Any, ...]] = Counter()
    for tensor in layer.tensors:
        elements[tensor.kind, tensor.trainable, tensor.tied is None] += prod(shape_at(tensor.factors, values))  # type: ignore[arg-type]
    return elements


def assert_values(net: Network, number: Network, values: dict[str, int]) -> None:
    """The closed forms of a network are the figures of the network with the values put in."""
    assert shape_at(net.output_shape, values) == number.output_shape
    assert counts_at(net, values) == counts_at(number, {})


def occurrences(net: Network) -> Counter[tuple[Any, ...]]:
    """The layers of a network without symbols as the brute-force count lists them."""
    found: Counter[tuple[Any, ...]] = Counter()
    for layer in net.layers.values():
        row = (layer.layer, layer.output_shape, *map(layer.amount, ELEMENTS_AND_WORK))
        found[row] += layer.count_quantity  # type: ignore[assignment]
    return +found


def assert_is(net: Network, expected: Measured) -> None:
    """A network without symbols is what the brute-force count says, in total and layer by layer."""
    assert net.output_shape == expected.output
    assert counts_at(net, {}) == {name: getattr(expected, name) for name in COUNTS}
    assert occurrences(net) == expected.layers


def assert_becomes(net: Network, expected: Measured, values: dict[str, int]) -> None:
    """The closed forms of a network give the brute-force count at the values."""
    assert shape_at(net.output_shape, values) == expected.output
    assert counts_at(net, values) == {name: getattr(expected, name) for name in COUNTS}
