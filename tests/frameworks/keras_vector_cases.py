"""Random layers on vectors and sequences, normalisation and activations, and how Keras itself makes each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from keras import layers
from keras_cases import long
from keras_cases import plain_values as values
from oracle import Case, Draw


def linear(d: Draw) -> Case:
    shape, out, options = d.shape(), d.number(0 if d.rarely() else 1, 6), d.some(bias=d.flag())
    make = lambda: (layers.Dense(out, **long(options)), (values(*shape),))
    return Case("linear", {"out": out, **options}, shape, make)


def embedding(d: Draw) -> Case:
    shape, sizes = d.shape(1, 3), (d.number(1, 9), d.number(1, 9))
    make = lambda: (layers.Embedding(*sizes), (torch.zeros(2, *shape, dtype=torch.long),))
    return Case("embedding", {"vocab": sizes[0], "dim": sizes[1]}, shape, make)


# Normalisation


def layernorm(d: Draw) -> Case:
    shape = d.shape()
    axes = d.number(1, len(shape))
    options = d.some(scale=d.flag(), center=d.flag())
    axis = -1 if axes == 1 else list(range(-axes, 0))
    arguments = {**({"axes": axes} if axes > 1 or d.flag() else {}), **options}
    make = lambda: (layers.LayerNormalization(axis=axis, **options), (values(*shape),))
    return Case("layernorm", arguments, shape, make)


def rmsnorm(d: Draw) -> Case:
    shape = d.shape()
    axes = d.number(1, len(shape))
    axis = -1 if axes == 1 else list(range(-axes, 0))
    return Case("rmsnorm", {"axes": axes}, shape, lambda: (layers.RMSNormalization(axis=axis), (values(*shape),)))


def plain(layer: str, make: Callable[[], Any]) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.shape()
        return Case(layer, {}, shape, lambda: (make(), (values(*shape),)))

    return draw


# Recurrence


def recurrent(layer: str, real: Any) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape = d.shape(2, 2)
        out, both = d.number(1, 5), d.flag()
        arguments = d.some(bias=d.flag(), sequences=d.flag())
        if layer == "gru" and d.flag():
            arguments["reset_after"] = d.flag()

        def make() -> Any:
            one = real(out, **long(arguments))
            return (layers.Bidirectional(one) if both else one), (values(*shape),)

        ways = {"bidirectional": both} if both or d.flag() else {}
        return Case(layer, {"out": out, **arguments, **ways}, shape, make)

    return draw


# Attention


def attention(d: Draw) -> Case:
    heads = d.number(1, 4)
    shape = (d.number(1, 5), heads * d.number(1, 3) if not d.rarely() else d.number(1, 9))
    arguments = d.some(bias=d.flag(), key_dim=d.number(1, 5))
    size = arguments.get("key_dim", shape[1] // heads)
    memory = (d.number(1, 5), d.number(1, 9)) if d.flag() else shape
    before = f"y: input({memory[0]}, {memory[1]})\n" if memory is not shape else ""
    grouped = d.flag()
    kv_heads = d.divisor(heads)
    if grouped:
        arguments["kv_heads"] = kv_heads
    elif d.flag():
        arguments["value_dim"] = d.number(1, 5)

    def make() -> Any:
        if "key_dim" not in arguments and shape[1] % heads:
            raise ValueError("the width of a head is no whole number")
        bias = {"use_bias": arguments.get("bias", True)}
        if grouped:
            real = layers.GroupQueryAttention(size, heads, kv_heads, **bias)
        else:
            real = layers.MultiHeadAttention(heads, size, arguments.get("value_dim"), **bias)
        return real, (values(*shape), values(*memory))

    named = {"memory": "y"} if before else {}
    return Case("attention", {"heads": heads, **arguments, **named}, shape, make, before)


# Activations


def activation(layer: str, name: str) -> Callable[[Draw], Case]:
    return plain(layer, lambda: layers.Activation(name))


def prelu(d: Draw) -> Case:
    shape = d.shape()
    shared = tuple(axis for axis in range(1, len(shape) + 1) if d.flag())
    arguments = {"shared": shared} if shared else {}
    return Case("prelu", arguments, shape, lambda: (layers.PReLU(shared_axes=shared or None), (values(*shape),)))


def softmax(d: Draw) -> Case:
    shape = d.shape()
    axis = d.number(-len(shape), len(shape) - 1)
    make = lambda: (layers.Softmax(axis + 1 if axis >= 0 else axis), (values(*shape),))
    return Case("softmax", {"axis": axis}, shape, make)


SAME_NAME = ["relu", "relu6", "celu", "gelu", "silu", "mish", "sigmoid", "tanh", "softplus", "softsign", "log_softmax"]
SAME_NAME += ["sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "exponential", "selu", "glu"]
OTHER_NAME = {"hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid", "hardtanh": "hard_tanh"}
OTHER_NAME |= {"logsigmoid": "log_sigmoid", "tanhshrink": "tanh_shrink", "softshrink": "soft_shrink"}
OTHER_NAME |= {"hardshrink": "hard_shrink"}

VECTORS: dict[str, Callable[[Draw], Case]] = {
    **{f.__name__: f for f in (linear, embedding, layernorm, rmsnorm)},
    **{"unitnorm": plain("unitnorm", layers.UnitNormalization)},
    "standardize": plain("standardize", lambda: layers.Normalization(axis=1)),
    "rnn": recurrent("rnn", layers.SimpleRNN),
    **{"lstm": recurrent("lstm", layers.LSTM), "gru": recurrent("gru", layers.GRU), "attention": attention},
    **{name: activation(name, name) for name in SAME_NAME},
    **{name: activation(name, other) for name, other in OTHER_NAME.items()},
    **{"leaky_relu": plain("leaky_relu", layers.LeakyReLU), "elu": plain("elu", layers.ELU)},
    **{"prelu": prelu, "softmax": softmax, "id": plain("id", layers.Identity)},
    "dropout": plain("dropout", lambda: layers.Dropout(0.5)),
    "rescale": plain("rescale", lambda: layers.Rescaling(1)),
}
