"""The stored figures of the sequence networks are those of the frameworks' model code that is installed here."""

from __future__ import annotations

import os

import figures_sequence as reference
import pytest

if os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS") != "1":
    pytest.importorskip("torch")
    pytest.importorskip("transformers")

CASES = list(reference.cases())
STORED = {(entry["name"], str(entry["set"])): entry for entry in reference.stored()}


def test_every_figure_has_a_case():
    assert {(case.name, str(case.values)) for case in CASES} == set(STORED)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}{case.values or ''}")
def test_figures_are_those_of_the_model_code(case: reference.Case):
    assert reference.of_framework(case) == STORED[case.name, str(case.values)]


def stages_of_model(case: reference.Case) -> list[tuple[int, ...]]:
    """The shapes of the hidden states after each stage of a transformers model, without the batch; no stage twice."""
    import torch

    with torch.device("meta"):
        model = case.model.build().eval()
        inputs = {n: torch.zeros(1, *shape, dtype=getattr(torch, kind)) for n, (shape, kind) in case.inputs.items()}
        with torch.no_grad():
            result = model(**inputs, output_hidden_states=True)
    names = ("hidden_states", "encoder_hidden_states", "decoder_hidden_states")
    states = [state for name in names for state in getattr(result, name, None) or ()]
    return without_repetition(tuple(state.shape[1:]) for state in states)


def without_repetition(shapes):
    kept: list[tuple[int, ...]] = []
    for shape in shapes:
        if not kept or kept[-1] != shape:
            kept.append(shape)
    return kept


def as_sequence(shape):
    """A grid of vectors, (H, W, C), as the sequence that it is in transformers."""
    return (shape[0] * shape[1], shape[2]) if len(shape) == 3 else shape


def in_this_order(few, many) -> bool:
    remaining = iter(many)
    return all(any(shape == other for other in remaining) for shape in few)


@pytest.mark.parametrize("case", [c for c in CASES if c.model.configuration], ids=lambda c: f"{c.name}{c.values or ''}")
def test_every_stage_puts_out_what_the_model_puts_out(case: reference.Case):
    """The sizes after the stages of the model are, in this order, sizes that the network's layers put out."""
    import symparams

    net = symparams.load(f"zoo:{case.name}")(**case.values)
    ours = without_repetition(as_sequence(layer.output_shape) for layer in net.rows())
    theirs = stages_of_model(case)
    assert theirs and in_this_order(theirs, ours), (theirs, ours)
