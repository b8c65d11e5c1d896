"""Random layers on vectors and sequences, normalisation, activations and changes of shape, and torch's own of each."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from oracle import Case, Draw, Shape, misfit, written
from torch import nn
from torch_cases import long, module, values


def tokens(*shape: int) -> torch.Tensor:
    return torch.zeros(2, *shape, dtype=torch.long)


# Dense layers and embeddings


def linear(d: Draw) -> Case:
    shape, out, options = d.shape(), d.number(0 if d.rarely() else 1, 6), d.some(bias=d.flag())
    make = lambda: (nn.Linear(shape[-1], out, **options), (values(*shape),))
    return Case("linear", {"out": out, **options}, shape, make)


def bilinear(d: Draw) -> Case:
    shape, out, options = d.shape(1, 3), d.number(1, 6), d.some(bias=d.flag())
    other = (*shape[:-1], d.number(1, 6))
    if d.rarely():
        other = d.shape(len(shape), len(shape))
    before = f"y: input({', '.join(map(str, other))})\n"
    make = lambda: (nn.Bilinear(shape[-1], other[-1], out, **options), (values(*shape), values(*other)))
    return Case("bilinear", {"out": out, **options, "other": "y"}, shape, make, before)


def einsum_dense(d: Draw) -> Case:
    equation, shape, arguments, kernel, bias = d.einsum()

    def make() -> Any:
        known = dict(zip(equation.partition("->")[2].strip("a."), arguments["shape"]))
        flowing = equation.partition(",")[0].strip(".").lstrip("a")
        flows = dict(zip(reversed(flowing), reversed(shape))) if equation[0] == "." else dict(zip(flowing, shape))
        if any(known.get(letter, -1) not in (-1, size) for letter, size in flows.items()):
            raise ValueError("a size that flows in is another one")
        return Einsum(equation, kernel, bias), (values(*shape),)

    return Case("einsum_dense", arguments, shape, make)


class Einsum(nn.Module):
    def __init__(self, equation: str, kernel: Shape, bias: Shape | None):
        super().__init__()
        self.equation, self.weight = equation, nn.Parameter(torch.zeros(kernel))
        self.bias = nn.Parameter(torch.zeros(bias)) if bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out = torch.einsum(self.equation, x, self.weight)
        assert self.bias is None or torch.broadcast_shapes(out.shape, self.bias.shape) == out.shape
        return out


def embedding(d: Draw) -> Case:
    shape, sizes = d.shape(1, 3), (d.number(1, 9), d.number(1, 9))
    make = lambda: (nn.Embedding(*sizes), (tokens(*shape),))
    return Case("embedding", {"vocab": sizes[0], "dim": sizes[1]}, shape, make)


def embeddingbag(d: Draw) -> Case:
    shape, sizes = d.shape(1, 2), (d.number(1, 9), d.number(1, 9))
    make = lambda: (nn.EmbeddingBag(*sizes), (tokens(*shape),))
    return Case("embeddingbag", {"vocab": sizes[0], "dim": sizes[1]}, shape, make)


# Normalisation


def bn(d: Draw) -> Case:
    shape = d.shape(1, 4)
    options = d.some(affine=d.flag(), track=d.flag(), bias=d.flag())
    make = lambda: (module("BatchNorm", max(len(shape) - 1, 1))(shape[0], **long(options)), (values(*shape),))
    return Case("bn", options, shape, make)


def layernorm(d: Draw) -> Case:
    shape = d.shape()
    arguments = d.some(axes=d.number(1, len(shape)), affine=d.flag(), center=d.flag())
    kept = shape[len(shape) - arguments.get("axes", 1) :]
    options = {"affine": "elementwise_affine", "center": "bias"}
    named = {options[name]: value for name, value in arguments.items() if name in options}
    return Case("layernorm", arguments, shape, lambda: (nn.LayerNorm(kept, **named), (values(*shape),)))


def rmsnorm(d: Draw) -> Case:
    shape = d.shape()
    arguments = d.some(axes=d.number(1, len(shape)), affine=d.flag())
    kept = shape[len(shape) - arguments.get("axes", 1) :]
    make = lambda: (nn.RMSNorm(kept, elementwise_affine=arguments.get("affine", True)), (values(*shape),))
    return Case("rmsnorm", arguments, shape, make)


def groupnorm(d: Draw) -> Case:
    shape = (d.number(1, 6), *d.shape(1, 3)) if d.flag() else d.shape(1, 1)
    groups, options = d.divisor(shape[0]), d.some(affine=d.flag(), bias=d.flag())
    make = lambda: (nn.GroupNorm(groups, shape[0], **options), (values(*shape),))
    return Case("groupnorm", {"g": groups, **options}, shape, make)


def instancenorm(d: Draw) -> Case:
    shape = d.shape(2, 4)
    options = d.some(affine=d.flag(), track=d.flag(), bias=d.flag())
    make = lambda: (module("InstanceNorm", len(shape) - 1)(shape[0], **long(options)).eval(), (values(*shape),))
    return Case("instancenorm", options, shape, make)


def lrn(d: Draw) -> Case:
    shape, size = d.shape(1, 4), d.number(1, 7)
    return Case("lrn", {"size": size}, shape, lambda: (nn.LocalResponseNorm(size), (values(*shape),)))


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


# Activations


def activation(layer: str, real: Any, *given: str) -> Callable[[Draw], Case]:
    """An activation; `given` are the arguments that are drawn."""

    def draw(d: Draw) -> Case:
        shape = d.shape()
        options = d.some(**{name: d.one_of(0.25, 0.5, 1, 2) for name in given})
        make = lambda: (real(*options.values()) if len(options) == len(given) else real(), (values(*shape),))
        return Case(layer, options if len(options) == len(given) else {}, shape, make)

    return draw


def along(layer: str, real: Any) -> Callable[[Draw], Case]:
    """A layer that works along one axis, counted without the batch."""

    def draw(d: Draw) -> Case:
        shape = d.shape()
        axis = d.number(-len(shape) - d.rarely(), len(shape) - 1 + d.rarely())
        counted = axis + 1 if axis >= 0 else axis if axis >= -len(shape) else axis - 1
        return Case(layer, {"axis": axis}, shape, lambda: (real(dim=counted), (values(*shape),)))

    return draw


def softmax2d(d: Draw) -> Case:
    shape = d.shape(3, 3)
    return Case("softmax2d", {}, shape, lambda: (nn.Softmax2d(), (values(*shape),)))


def prelu(d: Draw) -> Case:
    shape = d.shape()
    slopes = d.one_of(1, shape[0], d.number(1, 6))
    return Case("prelu", {"slopes": slopes}, shape, lambda: (nn.PReLU(slopes), (values(*shape),)))


# Shapes


def operation(d: Draw, layer: str, arguments: dict[str, Any], shape: Shape, act: Callable[..., torch.Tensor]) -> Case:
    return Case(layer, arguments, shape, lambda: (act, (values(*shape),)))


def reshape(d: Draw) -> Case:
    shape = d.shape()
    sizes = list(d.data.draw(permuted(shape)))
    if len(sizes) > 1 and d.flag():
        sizes[:2] = [sizes[0] * sizes[1]]
    if d.flag():
        sizes[d.number(0, len(sizes) - 1)] = -1
    if d.rarely():
        sizes[0] = d.number(1, 5)
    return operation(d, "reshape", {"*": tuple(sizes)}, shape, lambda x: x.reshape(2, *sizes))


def permuted(values_: Any) -> Any:
    from hypothesis import strategies as st

    return st.permutations(list(values_))


def permute(d: Draw) -> Case:
    shape = d.shape()
    order = d.data.draw(permuted(range(len(shape))))
    if d.rarely():
        order[0] = d.number(-1, len(shape))
    counted = [axis + 1 if axis >= 0 else axis for axis in order]
    return operation(d, "permute", {"*": tuple(order)}, shape, lambda x: x.permute(0, *counted))


def flatten(d: Draw) -> Case:
    shape = d.shape()
    arguments = d.some(start=d.number(-len(shape), len(shape) - 1), end=d.number(-len(shape), len(shape) - 1))
    counted = {f"{name}_dim": axis + 1 if axis >= 0 else axis for name, axis in arguments.items()}
    return Case("flatten", arguments, shape, lambda: (nn.Flatten(**counted), (values(*shape),)))


def unflatten(d: Draw) -> Case:
    parts = d.shape(1, 3)
    before, after = d.shape(0, 1), d.shape(0, 1)
    shape = (*before, math.prod(parts) + d.rarely(), *after)
    axis = len(before) - (len(shape) if d.flag() else 0)
    sizes = list(parts)
    if d.flag():
        sizes[d.number(0, len(sizes) - 1)] = -1
    make = lambda: (nn.Unflatten(axis + 1 if axis >= 0 else axis, tuple(sizes)), (values(*shape),))
    return Case("unflatten", {"*": (axis, *sizes)}, shape, make)


def cut(d: Draw) -> Case:
    shape = d.shape()
    axis = d.number(-len(shape), len(shape) - 1)
    size = shape[axis]
    start, stop = d.number(-size, size), d.number(-size, size)
    where = [slice(None)] * (len(shape) + 1)
    where[axis + 1 if axis >= 0 else axis] = slice(start, stop)
    arguments = {"axis": axis, "start": start, "stop": stop}
    return operation(d, "slice", arguments, shape, lambda x: x[tuple(where)])


def stack(d: Draw) -> Case:
    shape = d.shape(1, 3)
    other = shape if not d.rarely() else d.shape(1, 3)
    axis = d.number(-len(shape) - 1, len(shape))
    counted = axis + 1 if axis >= 0 else axis
    make = lambda: (lambda a, b: torch.stack([a, b], counted), (values(*shape), values(*other)))
    before = f"y: input({', '.join(map(str, other))})\n"
    return Case("stack", {"axis": axis, "other": "y"}, shape, make, before)


PLAIN = {
    **{"relu": "ReLU", "relu6": "ReLU6", "selu": "SELU", "gelu": "GELU", "silu": "SiLU", "mish": "Mish"},
    **{"hardswish": "Hardswish", "hardsigmoid": "Hardsigmoid", "sigmoid": "Sigmoid", "logsigmoid": "LogSigmoid"},
    **{"tanh": "Tanh", "tanhshrink": "Tanhshrink", "softplus": "Softplus", "softsign": "Softsign", "id": "Identity"},
    **{"elu": "ELU", "celu": "CELU", "leaky_relu": "LeakyReLU", "softshrink": "Softshrink", "hardshrink": "Hardshrink"},
    **{"hardtanh": "Hardtanh", "rrelu": "RReLU", "dropout": "Dropout"},
}
GIVEN = {
    **dict.fromkeys(["elu", "celu", "leaky_relu"], ("slope",)),
    **dict.fromkeys(["softshrink", "hardshrink"], ("limit",)),
    **{"hardtanh": ["low", "high"], "rrelu": ["lower", "upper"], "dropout": ["rate"]},
}

VECTORS: dict[str, Callable[[Draw], Case]] = {
    **{f.__name__: f for f in (linear, bilinear, embedding, embeddingbag)},
    **{f.__name__: f for f in (bn, layernorm, rmsnorm, groupnorm, instancenorm, lrn)},
    **{"rnn": recurrent("rnn", nn.RNN), "lstm": recurrent("lstm", nn.LSTM), "gru": recurrent("gru", nn.GRU)},
    **{"rnn_cell": cell("rnn_cell", nn.RNNCell), "lstm_cell": cell("lstm_cell", nn.LSTMCell)},
    **{"gru_cell": cell("gru_cell", nn.GRUCell), "einsum_dense": einsum_dense, "dot_attention": dot_attention},
    **{
        "attention": attention,
        "grouped": grouped,
        "transformer_encoder": encoder,
        "transformer_decoder": decoder,
        "transformer": transformer,
    },
    **{name: activation(name, getattr(nn, real), *GIVEN.get(name, ())) for name, real in PLAIN.items()},
    "threshold": activation("threshold", lambda *values: nn.Threshold(*(values or (0, 0))), "limit", "value"),
    **{"softmax": along("softmax", nn.Softmax), "softmin": along("softmin", nn.Softmin)},
    **{"log_softmax": along("log_softmax", nn.LogSoftmax), "glu": along("glu", nn.GLU)},
    **{"softmax2d": softmax2d, "prelu": prelu},
    **{
        "reshape": reshape,
        "permute": permute,
        "flatten": flatten,
        "unflatten": unflatten,
        "slice": cut,
        "stack": stack,
    },
}
