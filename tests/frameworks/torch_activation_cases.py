"""Random activations, and torch's own of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oracle import Case, Draw
from torch import nn
from torch_cases import values


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

ACTIVATIONS: dict[str, Callable[[Draw], Case]] = {
    **{name: activation(name, getattr(nn, real), *GIVEN.get(name, ())) for name, real in PLAIN.items()},
    "threshold": activation("threshold", lambda *values: nn.Threshold(*(values or (0, 0))), "limit", "value"),
    **{"softmax": along("softmax", nn.Softmax), "softmin": along("softmin", nn.Softmin)},
    **{"log_softmax": along("log_softmax", nn.LogSoftmax), "glu": along("glu", nn.GLU)},
    **{"softmax2d": softmax2d, "prelu": prelu},
}
