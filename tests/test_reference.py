"""The layer reference: a page for every layer, with an example that runs in the dialects that have the layer."""

from __future__ import annotations

import pytest

import symparams as sp
from symparams import SymparamsError
from symparams.language.library import standard_library
from symparams.language.unparse import signature
from symparams.tables.reference import documentation, example, find, layer_list, layer_page

LAYERS = sorted(standard_library().entries)


@pytest.mark.parametrize("name", LAYERS)
def test_page(name: str) -> None:
    """The page states the signature, the sentence of the rule, formulas and an example; the example runs."""
    rule = find(name)
    page = layer_page(name)
    assert documentation(rule) and documentation(rule) in page
    assert signature(rule.name, rule.parameters) in page
    assert "output" in page
    program = example(rule)
    assert program and program in page
    runs = []
    for dialect in ("torch", "keras"):
        try:
            runs.append(sp.parse(program, dialect=dialect))
        except SymparamsError as error:
            assert "torch" in str(error) or "Keras" in str(error)
    assert any(layer.layer == name for net in runs for layer in net.layers.values())


def test_every_layer_is_listed() -> None:
    listed = {line.split()[0] for line in layer_list().splitlines() if line.startswith("  ")}
    assert listed == set(LAYERS)


def test_no_alias_names_two_layers() -> None:
    library = standard_library()
    for name, source in library.entries.items():
        assert library.names[name] == name, source.name
