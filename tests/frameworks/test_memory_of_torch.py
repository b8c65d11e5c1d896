"""Bytes of weights, gradients, an optimizer's numbers and the KV cache, against torch's and transformers' tensors."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from oracle import demand

import symparams as sp

torch = demand("torch")

from counting_tools import module_of  # noqa: E402

PROGRAMS = (
    "input(3, 9, 9) -> conv(5, 3, p=1, bias=false) -> bn -> relu -> maxpool(2) -> flatten -> linear(7)",
    "input(6, 8) -> lstm(5, layers=2, bidirectional=true) -> layernorm -> linear(3)",
    "input(5, 12) -> repeat(2) { residual { attention(4) } -> layernorm } -> linear(4)",
    "input(5, 12) -> attention(4, kv_heads=2, bias=false) -> rmsnorm -> gru(3)",
    "input(8) -> a: linear(8) -> relu -> freeze { linear(6) } -> linear(8) -> reuse(a)",
    "input(4) -> e: embedding(11, 6) -> linear(11, bias=false, tied=e)",
)
OPTIMIZERS: dict[str, Callable[[Iterable[Any]], Any]] = {
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.1),
    "momentum": lambda weights: torch.optim.SGD(weights, lr=0.1, momentum=0.9),
    "adam": lambda weights: torch.optim.Adam(weights),
    "adamw": lambda weights: torch.optim.AdamW(weights),
    "rmsprop": lambda weights: torch.optim.RMSprop(weights),
    "adagrad": lambda weights: torch.optim.Adagrad(weights),
}


def size(tensors: Iterable[Any]) -> int:
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64", "bfloat16"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_one_step_of_training(program: str, dtype: str, optimizer: str) -> None:
    net = sp.parse(program)
    module, inputs = module_of(net)
    real = getattr(torch, dtype)
    module = module.to(real).train()
    trained = [weight for weight in module.parameters() if weight.requires_grad]
    step = OPTIMIZERS[optimizer](trained)
    rows = [torch.cat([x, x]) for x in inputs]
    module(*(x.to(real) if x.is_floating_point() else x for x in rows)).float().sum().backward()
    step.step()
    used = net.memory_use(dtype=dtype, optimizer=optimizer)
    state = [buffer for name, buffer in module.named_buffers() if "num_batches" not in name]
    assert used.weights == size([*module.parameters(), *state])
    assert used.gradients == size(weight.grad for weight in trained)
    kept = [value for held in step.state.values() for name, value in held.items() if name != "step"]
    assert used.optimizer == size(value for value in kept if torch.is_tensor(value))


def keys_and_values(cache: Any) -> list[Any]:
    return [tensor for layer in cache.layers for tensor in (layer.keys, layer.values)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_gpt2(seed: int, dtype: str) -> None:
    library = demand("transformers")
    r = random.Random(seed)
    heads, layers, length, batch = r.choice((1, 2, 4)), r.randint(1, 3), r.randint(2, 9), r.randint(1, 3)
    width = heads * r.choice((4, 8))
    config = library.GPT2Config(n_layer=layers, n_embd=width, n_head=heads, vocab_size=50, n_positions=length)
    model = library.GPT2LMHeadModel(config).to(getattr(torch, dtype)).eval()
    with torch.no_grad():
        made = model(torch.zeros(batch, length, dtype=torch.long), use_cache=True)
    net = sp.load("zoo:gpt2")(L=layers, d=width, h=heads, V=50, T=length)
    used = net.memory_use(dtype=dtype, batch=batch)
    assert used.kv_cache == size(keys_and_values(made.past_key_values))
    assert used.weights == size(model.parameters())
    symbolic = sp.load("zoo:gpt2").free("T")(L=layers, d=width, h=heads, V=50).memory_use(dtype=dtype, batch="B")
    assert symbolic.kv_cache.subs({s: {"B": batch, "T": length}[s.name] for s in symbolic.kv_cache.free_symbols}) == (
        used.kv_cache
    )


@pytest.mark.parametrize("seed", range(3))
def test_llama_with_groups(seed: int) -> None:
    library = demand("transformers")
    r = random.Random(seed)
    groups, each, size_of_head = r.choice((1, 2)), r.choice((1, 2, 4)), r.choice((4, 8))
    layers, length, batch = r.randint(1, 3), r.randint(2, 9), r.randint(1, 3)
    heads = groups * each
    config = library.LlamaConfig(
        hidden_size=heads * size_of_head,
        intermediate_size=24,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=groups,
        vocab_size=50,
    )
    model = library.LlamaForCausalLM(config).eval()
    with torch.no_grad():
        made = model(torch.zeros(batch, length, dtype=torch.long), use_cache=True)
    net = sp.load("zoo:llama2")(L=layers, d=heads * size_of_head, h=heads, g=groups, f=24, V=50, T=length)
    used = net.memory_use(batch=batch)
    assert used.kv_cache == size(keys_and_values(made.past_key_values))
    assert used.weights == size(model.parameters())


def test_attention_to_a_memory() -> None:
    """T5's decoder keeps its own keys and values, and those of what the encoder puts out, as long as that is."""
    library = demand("transformers")
    config = library.T5Config(
        d_model=12, d_kv=5, d_ff=16, num_layers=2, num_heads=3, vocab_size=50, decoder_start_token_id=0
    )
    model = library.T5ForConditionalGeneration(config).eval()
    source, target = (torch.zeros(2, length, dtype=torch.long) for length in (7, 4))
    with torch.no_grad():
        made = model(input_ids=source, decoder_input_ids=target, use_cache=True).past_key_values
    net = sp.load("zoo:t5")(L=2, d=12, d_kv=5, d_ff=16, h=3, V=50, S=7, T=4)
    rows = [layer for layer in net.layers.values() if layer.layer == "attention"]
    encoder, *decoder = rows
    assert encoder.count == 2 and len(decoder) == 2
    kept = sum(2 * layer.count * layer.kv_cache for layer in decoder)
    caches = made.self_attention_cache, made.cross_attention_cache
    assert kept == sum(tensor.numel() for cache in caches for tensor in keys_and_values(cache))
