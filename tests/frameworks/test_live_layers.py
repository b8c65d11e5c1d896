"""Layers of torch as they live, with random arguments: their weights and outputs are torch's, or they are refused."""

from __future__ import annotations

from typing import Any

import pytest
from call_texts import declared, drawn_call, drawn_shape
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from oracle import Draw, demand

import symparams as sp

torch = demand("torch")

CALLS = declared("torch")
# Those that have no shapes yet, or whose arguments rarely fit what is drawn. How many flows some take, not one.
APART = {"Bilinear", "Fold"} | {name for name in CALLS if name.startswith("Lazy")}
FLOWS = {"Bilinear": 2, "Transformer": 2, "TransformerDecoderLayer": 2, "MultiheadAttention": 3}


def _tensors(found: Any) -> list[Any]:
    return [t for part in found for t in _tensors(part)] if isinstance(found, tuple) else [found]


@pytest.mark.parametrize("name", sorted(CALLS.keys() - APART))
@settings(max_examples=12, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_a_layer_is_that_of_torch(name: str, data: st.DataObject) -> None:
    d = Draw(data)
    shape = drawn_shape(d, CALLS[name], last=False)
    call = drawn_call(d, CALLS[name], shape, last=False)
    note(f"{call} on {shape}")
    kind = torch.long if "Embedding" in name else None
    flows = FLOWS.get(name, 1)
    try:
        layer = eval(f"nn.{call}", {"nn": torch.nn}).eval()
        with torch.no_grad():
            real = _tensors(layer(*[torch.zeros(2, *shape, dtype=kind)] * flows))
    except Exception:
        assume(False)
    try:
        net = sp.from_torch(layer, *[shape] * flows)
    except sp.SymparamsError as error:
        note(error.message)
        assert "misread" not in error.message
        return
    assert net.params == sum(p.numel() for p in layer.parameters())
    if not getattr(layer, "batch_first", True):
        with torch.no_grad():
            real = _tensors(layer(*[torch.zeros(shape[0], 2, *shape[1:])] * flows))
    assert len(net.output_shapes) == len(real)
    for ours, tensor in zip(net.output_shapes, real):
        shape = tuple(tensor.shape)
        assert ours in [shape[:axis] + shape[axis + 1 :] for axis, size in enumerate(shape) if size == 2]
