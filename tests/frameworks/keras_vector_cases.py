"""Random layers on vectors and sequences, normalisation and activations, and how Keras itself makes each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from keras import layers
from keras_cases import long
from keras_cases import plain_values as values
from oracle import Case, Draw, Shape, misfit, written


def linear(d: Draw) -> Case:
    shape, out, options = d.shape(), d.number(0 if d.rarely() else 1, 6), d.some(bias=d.flag())
    make = lambda: (layers.Dense(out, **long(options)), (values(*shape),))
    return Case("linear", {"out": out, **options}, shape, make)


def einsum_dense(d: Draw) -> Case:
    equation, shape, arguments, _, _ = d.einsum()
    sizes = tuple(None if size == -1 else size for size in arguments["shape"])
    bias_axes = arguments["bias_axes"].strip("'") if "bias_axes" in arguments else None
    make = lambda: (layers.EinsumDense(equation, sizes, bias_axes=bias_axes), (values(*shape),))
    return Case("einsum_dense", arguments, shape, make)


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
            return (layers.Bidirectional(one, modes.get("mode", "concat")) if both else one), (values(*shape),)

        ways = {"bidirectional": both} if both or d.flag() else {}
        modes = d.some(mode=d.one_of("concat", "sum", "mul", "ave")) if both else {}
        merge = {"merge": repr(modes["mode"])} if modes else {}
        return Case(layer, {"out": out, **arguments, **ways, **merge}, shape, make)

    return draw


class Step:
    """A cell at its first step."""

    def __init__(self, cell: Any):
        self.cell = cell
        self.trainable_weights, self.non_trainable_weights = [], []

    def __call__(self, x: Any) -> Any:
        output, _ = self.cell(x, self.cell.get_initial_state(len(x)))
        self.trainable_weights = self.cell.trainable_weights
        return output


def cell(layer: str, real: Any) -> Callable[[Draw], Case]:
    def draw(d: Draw) -> Case:
        shape, out, options = d.shape(1, 1), d.number(1, 5), d.some(bias=d.flag())
        if layer == "gru_cell" and d.flag():
            options["reset_after"] = d.flag()
        return Case(
            layer, {"out": out, **options}, shape, lambda: (Step(real(out, **long(options))), (values(*shape),))
        )

    return draw


# Attention


def attention(d: Draw) -> Case:
    heads = d.number(1, 4)
    grouped = d.flag()
    more = () if grouped else d.shape(0, 1)
    shape = (*more, d.number(1, 5), heads * d.number(1, 3) if not d.rarely() else d.number(1, 9))
    arguments = d.some(bias=d.flag(), key_dim=d.number(1, 5), gate=d.flag())
    size = arguments.get("key_dim", shape[-1] // heads)
    kv_heads = d.divisor(heads)
    if grouped:
        arguments["kv_heads"] = kv_heads
    else:
        arguments |= d.some(value_dim=d.number(1, 5), out=d.number(1, 9), axes=d.number(1, len(shape) - 1))
    before, named, inputs = memories(d, shape, arguments.get("axes", len(shape) - 1))

    def make() -> Any:
        if "key_dim" not in arguments and shape[-1] % heads:
            raise ValueError("the width of a head is no whole number")
        options = {"use_bias": arguments.get("bias", True), "use_gate": arguments.get("gate", False)}
        if grouped:
            real = layers.GroupQueryAttention(size, heads, kv_heads, **options)
        else:
            over = tuple(range(len(shape) - arguments["axes"], len(shape))) if "axes" in arguments else None
            options |= {"output_shape": arguments.get("out"), "attention_axes": over}
            real = layers.MultiHeadAttention(heads, size, arguments.get("value_dim"), **options)
        return real, tuple(values(*each) for each in inputs)

    return Case("attention", {"heads": heads, **arguments, **named}, shape, make, before)


def memories(d: Draw, shape: Shape, axes: int = 1) -> tuple[str, dict[str, Any], list[Shape]]:
    """Inputs beside the flow: lines of the program, arguments that name them; the shapes of query, value and key."""
    alike = len(shape) - 1 - axes
    keys = (*shape[:alike], *(d.number(1, 5) for _ in range(axes)), d.number(1, 9))
    if d.flag():
        return "", {}, [shape, shape]
    if d.flag():
        return f"y: input{written(keys)}\n", {"memory": "y"}, [shape, keys]
    each = (*keys[:-1], d.number(1, 9)) if not d.rarely() else misfit(d, keys)
    lines = f"y: input{written(keys)}\nz: input{written(each)}\n"
    return lines, {"memory": "y", "value": "z"}, [shape, each, keys]


def weighing(layer: str, real: Any, **options: Any) -> Callable[[Draw], Case]:
    """Attention that projects nothing; `options` are what its arguments are drawn from."""

    def draw(d: Draw) -> Case:
        shape = d.shape(2, 2)
        arguments = d.some(**{name: d.one_of(*each) for name, each in options.items()})
        before, named, (_, *read) = memories(d, shape)
        if named and (not d.rarely() or 1 in (shape[1], read[-1][1])):
            keys = (read[-1][0], shape[1])
            before = before.replace(written(read[-1]), written(keys), 1)
            read = [*read[:-1], keys]
        named_so = {"scaled": "use_scale", "mode": "score_mode"}
        given = {named_so[name]: value for name, value in arguments.items()}
        stated = {name: repr(value) if name == "mode" else value for name, value in arguments.items()}
        make = lambda: (real(**given), ([values(*n) for n in (shape, *read)],))
        return Case(layer, {**stated, **named}, shape, make, before)

    return draw


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
    **{"rnn_cell": cell("rnn_cell", layers.SimpleRNNCell), "lstm_cell": cell("lstm_cell", layers.LSTMCell)},
    **{"gru_cell": cell("gru_cell", layers.GRUCell), "einsum_dense": einsum_dense},
    "dot_attention": weighing("dot_attention", layers.Attention, scaled=(True, False), mode=("dot", "concat")),
    "additive_attention": weighing("additive_attention", layers.AdditiveAttention, scaled=(True, False)),
    **{name: activation(name, name) for name in SAME_NAME},
    **{name: activation(name, other) for name, other in OTHER_NAME.items()},
    **{"leaky_relu": plain("leaky_relu", layers.LeakyReLU), "elu": plain("elu", layers.ELU)},
    **{"prelu": prelu, "softmax": softmax, "id": plain("id", layers.Identity)},
    "dropout": plain("dropout", lambda: layers.Dropout(0.5)),
    "noise": plain("noise", lambda: layers.GaussianNoise(1.0)),
    "rescale": plain("rescale", lambda: layers.Rescaling(1)),
}
