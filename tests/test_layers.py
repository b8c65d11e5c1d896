"""Every layer of the standard library: reached by a program, alike under all its names, right with values put in."""

from __future__ import annotations

import re

import pytest
from checks import at, counts_at, holds_at, layers_at, put_in, shape_at, symbolic
from examples_of_layers import EXAMPLES, VALUES

import symparams as sp
from symparams.language.library import standard_library

PROGRAMS = [(layer, text) for layer, texts in EXAMPLES.items() for text in texts]


def test_every_rule_is_reached_by_a_program() -> None:
    """The rules of the library are those that the examples use. A new layer needs a line in examples_of_layers.py."""
    used = {layer.layer for _, text in PROGRAMS for layer in sp.parse(text).layers.values()}
    assert used >= set(standard_library().entries)
    assert set(EXAMPLES) == set(standard_library().entries)


@pytest.mark.parametrize(("layer", "text"), PROGRAMS)
def test_closed_form_at_values_is_the_program_at_values(layer: str, text: str) -> None:
    """A layer in symbols, with values put in, is the layer with those values from the start, tensor by tensor."""
    net = symbolic(text)
    assert layer in {row.layer for row in net.layers.values()}
    concrete = put_in(net, VALUES)
    assert not concrete.symbols
    assert all(holds_at(condition, VALUES) for condition in net.guards)
    assert layers_at(net, VALUES) == layers_at(concrete, {})
    assert counts_at(net, VALUES) == counts_at(concrete, {})
    assert shape_at(net.output_shape, VALUES) == concrete.output_shape


@pytest.mark.parametrize(("layer", "text"), PROGRAMS)
def test_counts_are_the_products_of_the_tensors(layer: str, text: str) -> None:
    """Trainable, frozen and state are the elements of the tensors, and nothing else."""
    for row in put_in(sp.parse(text), VALUES).layers.values():
        counted = {"weight": 0, "state": 0}
        for tensor in row.tensors:
            elements = 1
            for size in tensor.shape:
                assert isinstance(size, int)
                assert size >= 1
                elements *= size
            counted[tensor.kind] += elements
        assert (row.quantity("trainable"), row.quantity("state")) == (counted["weight"], counted["state"])


@pytest.mark.parametrize(("layer", "text"), PROGRAMS)
def test_every_alias_is_the_layer(layer: str, text: str) -> None:
    """A layer under another name has the same IR."""
    net = sp.parse(text)
    library = standard_library()
    own = [name for name, rule in library.names.items() if rule == layer and name not in library.calls]
    for alias in own:
        renamed = re.sub(rf"(-> |^){layer}\b", rf"\g<1>{alias}", text, flags=re.M)
        assert alias in renamed
        assert sp.parse(renamed).program == net.program


@pytest.mark.parametrize(("layer", "text"), PROGRAMS)
def test_printed_program_is_the_same(layer: str, text: str) -> None:
    net = sp.parse(text)
    assert sp.parse(str(net)).program == net.program


@pytest.mark.parametrize(("layer", "text"), PROGRAMS)
def test_both_dialects_take_the_layer_or_say_why_not(layer: str, text: str) -> None:
    """The other dialect gives a network with the same output, or an error in words."""
    net = sp.parse(text)
    other = "torch" if net.dialect == "keras" else "keras"
    try:
        twin = put_in(sp.parse(text, dialect=other), VALUES)
    except sp.SymparamsError as error:
        assert error.message
    else:
        assert twin.dialect == other
        assert at(twin.quantity("params"), {}) >= at(twin.quantity("trainable"), {})
