"""Small models of the transformers package as they live, against what torch counts of them and puts out."""

from __future__ import annotations

from typing import Any

import pytest

import symparams as sp

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

SMALL: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "vocab_size": 100,
    "max_position_embeddings": 64,
}
GPT: dict[str, Any] = {"n_embd": 32, "n_layer": 2, "n_head": 4, "vocab_size": 100, "n_positions": 64}
GPT.update(bos_token_id=1, eos_token_id=2)
# The model, its configuration, and what of it is not read.
MODELS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "BertModel": ("BertConfig", SMALL, ()),
    "BertForMaskedLM": ("BertConfig", SMALL, ()),
    "GPT2LMHeadModel": ("GPT2Config", GPT, ()),
    "LlamaForCausalLM": ("LlamaConfig", {**SMALL, "num_key_value_heads": 2}, ()),
}


def _outputs(found: Any) -> list[tuple[int, ...]]:
    if isinstance(found, torch.Tensor):
        return [tuple(found.shape[1:])]
    several = found.values() if isinstance(found, dict) else found if isinstance(found, (tuple, list)) else ()
    return [shape for one in several for shape in _outputs(one)]


@pytest.mark.parametrize("name", MODELS)
def test_counts_and_outputs_for_any_length(name: str) -> None:
    config, given, opaque = MODELS[name]
    model = getattr(transformers, name)(getattr(transformers, config)(**given)).eval()
    net = sp.from_torch(model, ("T",))
    kept = sum(buffer.numel() for buffer in model.buffers())
    assert (net.params, net.state, net.opaque) == (sum(p.numel() for p in model.parameters()), kept, opaque)
    for length in (5, 12):
        with torch.no_grad():
            wanted = _outputs(model(torch.zeros(2, length, dtype=torch.long)))
        assert list(net(T=length).output_shapes) == wanted


def test_what_depends_on_values_is_opaque() -> None:
    config = transformers.MixtralConfig(**SMALL, num_key_value_heads=2, num_local_experts=4)
    model = transformers.MixtralForCausalLM(config)
    net = sp.from_torch(model, (12,))
    assert net.params == sum(p.numel() for p in model.parameters())
    assert net.opaque == ("model.layers.0.mlp.experts", "model.layers.1.mlp.experts")
    assert net.output == (12, 100)
