"""ONNX's functions of each value: activations, sums and products of tensors, comparisons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from ...evaluate.domain import product
from ..graph.combined_tensors import broadcast, combined, expanded
from ..graph.growing_program import GraphOperation
from ..graph.traced_tensors import TracedTensor
from .batch_places import of_samples
from .onnx_values import BellCurve, KnownNumbers, OnnxWeight

# Activations that are one times another activation of the same.
_TIMES_ITSELF = {"sigmoid": "silu", "hardsigmoid": "hardswish"}


def _function(
    rule: str, attribute: str | None = None, usual: float | None = None, word: str = "slope"
) -> Callable[..., Any]:
    """A function of each value that the language has, and the attribute that it takes."""

    def run(call: Any, x: Any, *more: Any) -> Any:
        x = call.tensor(x)
        if x.node is None:
            return x
        value = call.attributes.get(attribute, usual)
        words = (f"{word}={value!r}",) if attribute and isfinite(value) and value > 0 else ()
        return x.after(GraphOperation(rule, words), x.sizes)

    return run


def _along(rule: str) -> Callable[..., Any]:
    def run(call: Any, x: Any) -> Any:
        x = call.tensor(x)
        axis = x.axis(call.attributes.get("axis", -1 if call.reader.opset >= 13 else 1))
        if x.node is None:
            return x
        return x.after(GraphOperation(rule, (f"axis={x.flow_axis(axis)}",)), x.sizes)

    return run


def as_it_is(call: Any, x: Any, *more: Any) -> Any:
    """A function of each value that the language does not have."""
    return x


def _error_function(call: Any, x: Any) -> Any:
    x = call.tensor(x)
    return BellCurve(x.program, x.node, x.sizes)


def _clip(call: Any, x: Any, *ends: Any) -> Any:
    x = call.tensor(x)
    low, high = ends if len(ends) == 2 else (*ends, None, None)[:2]
    low = call.attributes.get("min") if low is None else _one(call, low)
    high = call.attributes.get("max") if high is None else _one(call, high)
    if x.node is None:
        return x
    if low == 0 and (high == 6 or high is None):
        return x.after(GraphOperation("relu6" if high == 6 else "relu"), x.sizes)
    if low is None or high is None or not (isfinite(low) and isfinite(high) and low < high):
        return x
    return x.after(GraphOperation("hardtanh", (f"low={low!r}", f"high={high!r}")), x.sizes)


def _one(call: Any, value: Any) -> float | None:
    """A number, where it is known, and is no symbol."""
    if not isinstance(value, (KnownNumbers, OnnxWeight)) or product(value.sizes) != 1:
        return None
    (number,) = call.numbers(value)
    return float(number) if isinstance(number, (int, float)) else None


def _together(word: str) -> Callable[..., Any]:
    """Tensors put together value by value."""

    def run(call: Any, first: Any, *others: Any) -> Any:
        made = call.tensor(first)
        for other in map(call.tensor, others):
            one = of_samples(made, other.sizes, call.reader.plan.size)
            made = _two(word, one, of_samples(other, made.sizes, call.reader.plan.size))
        return made

    return run


def _two(word: str, one: TracedTensor, other: TracedTensor) -> Any:
    """Two tensors; one that is only computed changes the other by its sizes alone."""
    for x, y in ((one, other), (other, one)):
        if word == "mul" and x.node is not None and x.sizes == y.sizes and y.node is not None:
            if isinstance(y, BellCurve) and y.node is x.node:
                return x.after(GraphOperation("gelu"), x.sizes)
            operation = y.node.operation
            if operation and operation.name in _TIMES_ITSELF and y.node.flows_in is x.node:
                return x.after(GraphOperation(_TIMES_ITSELF[operation.name]), x.sizes)
    for x, y in ((one, other), (other, one)):
        if y.node is None:
            sizes = broadcast(x, y)
            if len(sizes) == len(x.sizes) and sizes == x.sizes:
                return x
    return combined(word, one, other)


def _chosen(call: Any, holds: Any, one: Any, other: Any) -> Any:
    """One of two tensors for each value: of the sizes that all three have together."""
    made = _two("add", call.tensor(one), call.tensor(other))
    condition = call.tensor(holds)
    sizes = broadcast(made, condition)
    if made.node is None and condition.node is not None:
        return _two("add", condition, made)
    return made if sizes == made.sizes else expanded(made, sizes)


def _quantized(call: Any, x: Any, *scales: Any) -> Any:
    """Whole numbers for real ones or the other way round; those of the file stand for its weights."""
    for value in scales:
        if isinstance(value, OnnxWeight):
            call.reader.weights.only_numbers.update(source.name for source in value.sources)
    tensor = getattr(x, "tensor", None)
    if tensor is not None and tensor.is_initializer and tensor.elements > 1:
        return OnnxWeight((tensor,), tensor.sizes)
    return x


_NAMED = {
    **{"Relu": "relu", "Selu": "selu", "Gelu": "gelu", "Mish": "mish", "HardSwish": "hardswish", "Swish": "silu"},
    **{"HardSigmoid": "hardsigmoid", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus"},
    **{"Softsign": "softsign", "Dropout": "dropout"},
}
_SUMS = ("Add", "Sub", "Max", "Min", "Sum", "Mean", "Mod", "BitShift", "BitwiseAnd", "BitwiseOr")
# What is true or not of numbers: whatever they are, they are not learned by it.
COMPARISONS = ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor", "Not", "IsNaN", "IsInf")
_ALIKE = (
    *("Identity", "Cast", "CastLike", "Exp", "Log", "Sqrt", "Reciprocal", "Neg", "Abs", "Floor", "Ceil", "Round"),
    *("Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh", "Sign"),
    *("CumSum", "Hardmax", "LpNormalization", "MeanVarianceNormalization", "Trilu", "Shrink", "BitwiseNot"),
)
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{name: _function(rule) for name, rule in _NAMED.items()},
    "LeakyRelu": _function("leaky_relu", "alpha", 0.01),
    "Elu": _function("elu", "alpha", 1.0),
    "Celu": _function("celu", "alpha", 1.0),
    "ThresholdedRelu": _function("relu"),
    "LRN": lambda call, x: x.after(GraphOperation("lrn", (str(call.attributes["size"]),)), x.sizes),
    "Clip": _clip,
    "Erf": _error_function,
    "Softmax": _along("softmax"),
    "LogSoftmax": _along("log_softmax"),
    **dict.fromkeys(_ALIKE, as_it_is),
    **dict.fromkeys((*_SUMS, *COMPARISONS), _together("add")),
    **dict.fromkeys(("Mul", "Div", "Pow"), _together("mul")),
    "Where": _chosen,
    **dict.fromkeys(("QuantizeLinear", "DequantizeLinear"), _quantized),
}
