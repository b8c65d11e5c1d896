"""Random recurrent layers, attention and transformers, and torch's own of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from oracle import Case, Draw, Shape, misfit, written
from torch import nn
from torch_cases import long, values

# Recurrence


def recurrent(layer: str, real: Any) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.shape(2, 2)
        out = d.number(1, 5)
        arguments = d.some(layers=d.number(1, 3), bidirectional=d.flag(), bias=d.flag())
        if layer == "lstm" and d.flag():
            arguments["proj"] = d.number(0, 5)
        ends = {"sequences": d.flag()} if d.flag() else {}

        def make() -> Any:
            net = real(shape[1], out, batch_first=True, **long(arguments))
            return (net if ends.get("sequences", True) else LastOf(net)), (values(*shape),)

        return Case(layer, {"out": out, **arguments, **ends}, shape, make)

    return draw


class LastOf(nn.Module):
    def __init__(self, net: nn.Module):
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)[0][:, -1]


def cell(layer: str, real: Any) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape, out, options = d.shape(1, 1), d.number(1, 5), d.some(bias=d.flag())
        make = lambda: (real(shape[0], out, **options), (values(*shape),))
        return Case(layer, {"out": out, **options}, shape, make)

    return draw


# Attention


def attention(d: Draw) -> Case:
    heads = d.number(1, 4)
    shape = (d.number(1, 5), heads * d.number(1, 3) if not d.rarely() else d.number(1, 9))
    options = d.some(bias=d.flag(), add_bias_kv=d.flag(), add_zero_attn=d.flag())
    before, named, others = memories(d, shape)
    widths = {"kdim": others[0][-1], "vdim": others[1][-1]}

    def make() -> Any:
        real = nn.MultiheadAttention(shape[1], heads, batch_first=True, **widths, **options)
        return Attends(real), tuple(values(*each) for each in (shape, *others))

    return Case("attention", {"heads": heads, **options, **named}, shape, make, before)


def memories(d: Draw, shape: Shape) -> tuple[str, dict[str, Any], tuple[Shape, Shape]]:
    """Inputs of keys and values: lines of the program, arguments that name them, and their shapes."""
    keys = (*shape[:-2], d.number(1, 5), d.number(1, 9))
    if d.flag():
        return "", {}, (shape, shape)
    if d.flag():
        return f"y: input{written(keys)}\n", {"memory": "y"}, (keys, keys)
    each = (*keys[:-1], d.number(1, 9)) if not d.rarely() else misfit(d, keys)
    lines = f"y: input{written(keys)}\nz: input{written(each)}\n"
    return lines, {"memory": "y", "value": "z"}, (keys, each)


class Attends(nn.Module):
    def __init__(self, real: nn.Module):
        super().__init__()
        self.real = real

    def forward(self, x: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        return self.real(x, key, value)[0]


def grouped(d: Draw) -> Case:
    """Attention as linear maps, as models write it that group heads, or leave biases out, or have more axes."""
    kv_heads = d.number(1, 3)
    heads = kv_heads * d.number(1, 3)
    shape = (*d.shape(0, 2), d.number(1, 5), heads * d.number(1, 3))
    sizes = {"key_dim": d.number(1, 5), **d.some(value_dim=d.number(1, 5), out=d.number(1, 9))}
    biases = d.some(bias=d.flag(), qkv_bias=d.flag(), key_bias=d.flag(), out_bias=d.flag())
    gates = d.some(gate=d.flag())
    before, named, others = memories(d, shape)
    size = sizes["key_dim"]
    rest = sizes.get("value_dim", size)
    plain = biases.get("bias", True)
    bias = biases.get("qkv_bias", plain)

    def make() -> Any:
        query = nn.Linear(shape[-1], heads * size, bias)
        key = nn.Linear(others[0][-1], kv_heads * size, biases.get("key_bias", bias))
        value = nn.Linear(others[1][-1], kv_heads * rest, bias)
        out = nn.Linear(heads * rest, sizes.get("out", shape[-1]), biases.get("out_bias", plain))
        gate = nn.Linear(shape[-1], heads * rest, bias) if gates.get("gate") else None
        inputs = tuple(values(*each) for each in (shape, *others))
        return Mixes(query, key, value, out, gate, (heads, kv_heads)), inputs

    arguments = {"heads": heads, "kv_heads": kv_heads, **sizes, **biases, **gates, **named}
    return Case("attention", arguments, shape, make, before)


class Mixes(nn.Module):
    def __init__(self, query: Any, key: Any, value: Any, out: Any, gate: Any, heads: tuple[int, int]):
        super().__init__()
        self.query, self.key, self.value, self.out, self.gate, self.heads = query, key, value, out, gate, heads

    def forward(self, x: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        heads, groups = self.heads
        queries = self.query(x).reshape(*x.shape[:-1], heads, -1)
        keys = self.key(key).reshape(*key.shape[:-1], groups, -1).repeat_interleave(heads // groups, -2)
        held = self.value(value).reshape(*value.shape[:-1], groups, -1).repeat_interleave(heads // groups, -2)
        weights = torch.einsum("...qhs,...khs->...hqk", queries, keys).softmax(-1)
        mixed = torch.einsum("...hqk,...khv->...qhv", weights, held).flatten(-2)
        return self.out(mixed if self.gate is None else mixed * self.gate(x))


def dot_attention(d: Draw) -> Case:
    shape = d.shape(2, 2)
    before, named, others = memories(d, shape)
    keys = (others[0][0], shape[1]) if not d.rarely() else others[0]
    before = before.replace(written(others[0]), written(keys), 1)
    each = others[1] if "value" in named else keys
    attend = nn.functional.scaled_dot_product_attention
    make = lambda: (attend, tuple(values(*n) for n in (shape, keys if named else shape, each if named else shape)))
    return Case("dot_attention", named, shape, make, before)


def encoder(d: Draw) -> Case:
    heads, options, stack = d.number(1, 4), d.some(bias=d.flag(), ff=d.number(1, 9)), stacked(d)
    shape = (d.number(1, 5), heads * d.number(1, 3) if not d.rarely() else d.number(1, 9))

    def make() -> Any:
        one = nn.TransformerEncoderLayer(shape[1], heads, batch_first=True, **wide(options))
        last = nn.LayerNorm(shape[1], bias=options.get("bias", True)) if stack.get("last_norm") else None
        return nn.TransformerEncoder(one, stack["layers"], last) if stack else one, (values(*shape),)

    return Case("transformer_encoder", {"heads": heads, **options, **stack}, shape, make)


def decoder(d: Draw) -> Case:
    heads, options, stack = d.number(1, 4), d.some(bias=d.flag(), ff=d.number(1, 9)), stacked(d)
    shape = (d.number(1, 5), heads * d.number(1, 3) if not d.rarely() else d.number(1, 9))
    memory = (d.number(1, 5), shape[1] if not d.rarely() else d.number(1, 9))

    def make() -> Any:
        one = nn.TransformerDecoderLayer(shape[1], heads, batch_first=True, **wide(options))
        last = nn.LayerNorm(shape[1], bias=options.get("bias", True)) if stack.get("last_norm") else None
        real = nn.TransformerDecoder(one, stack["layers"], last) if stack else one
        return real, (values(*shape), values(*memory))

    before = f"y: input({memory[0]}, {memory[1]})\n"
    return Case("transformer_decoder", {"heads": heads, **options, **stack, "memory": "y"}, shape, make, before)


def stacked(d: Draw) -> dict[str, Any]:
    """Arguments of a stack of layers; none for one layer."""
    return {"layers": d.number(1, 3), **d.some(last_norm=d.flag())} if d.flag() else {}


def transformer(d: Draw) -> Case:
    heads, options = d.number(1, 4), d.some(bias=d.flag(), ff=d.number(1, 9))
    numbers = {name: d.number(0 if d.rarely() else 1, 2) for name in ("encoders", "decoders")}
    shape = (d.number(1, 5), heads * d.number(1, 3) if not d.rarely() else d.number(1, 9))
    target = (d.number(1, 5), shape[1] if not d.rarely() else d.number(1, 9))

    def make() -> Any:
        real = nn.Transformer(shape[1], heads, *numbers.values(), batch_first=True, **wide(options))
        return real, (values(*shape), values(*target))

    before = f"y: input({target[0]}, {target[1]})\n"
    return Case("transformer", {"heads": heads, **options, **numbers, "target": "y"}, shape, make, before)


def wide(options: dict[str, Any]) -> dict[str, Any]:
    return {{"ff": "dim_feedforward"}.get(name, name): value for name, value in options.items()}


SEQUENCES: dict[str, Callable[[Draw], Case]] = {
    **{"rnn": recurrent("rnn", nn.RNN), "lstm": recurrent("lstm", nn.LSTM), "gru": recurrent("gru", nn.GRU)},
    **{"rnn_cell": cell("rnn_cell", nn.RNNCell), "lstm_cell": cell("lstm_cell", nn.LSTMCell)},
    **{"gru_cell": cell("gru_cell", nn.GRUCell)},
    **{"attention": attention, "grouped": grouped, "dot_attention": dot_attention},
    **{"transformer_encoder": encoder, "transformer_decoder": decoder, "transformer": transformer},
}
