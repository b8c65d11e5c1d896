"""ONNX's operators that have weights, as layers of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...errors import SymparamsError
from ...language.dialects import KERAS
from ..graph.combined_tensors import combined, multiplied
from ..graph.growing_program import GraphOperation
from ..graph.traced_tensors import TracedTensor
from .onnx_operators import taken
from .onnx_values import Known, OnnxWeight
from .onnx_windows import SAME, each, padded, windowed


def _weight(value: Any, what: str) -> OnnxWeight:
    if not isinstance(value, OnnxWeight):
        raise SymparamsError(f"{what} does not come from the file's weights: this is not read")
    return value


def _conv(reader: Any, x: TracedTensor, weight: Any, bias: Any = None) -> Any:
    weight = _weight(weight, "the kernel")
    kernel, groups = weight.sizes[2:], reader.attributes.get("group", 1)
    x, padding = padded(reader, x, len(kernel))
    if padding == SAME and any(stride != 1 for stride in reader.attributes.get("strides", [])):
        return _conv_of_keras(reader, x, weight, bias)
    words = [str(weight.sizes[0]), each(kernel), *windowed(reader, len(kernel)), *padding]
    words += [f"g={groups}"] if groups != 1 else []
    words += [] if isinstance(bias, OnnxWeight) else ["bias=false"]
    return reader.layer(x, "conv", words, [weight, bias])


def _conv_of_keras(reader: Any, x: TracedTensor, weight: OnnxWeight, bias: Any) -> Any:
    """As much padding as a stride needs, which torch does not have."""
    words = {
        "filters": weight.sizes[0],
        "kernel_size": each(weight.sizes[2:]),
        "padding": '"same"',
        "data_format": '"channels_first"',
    }
    words |= {"strides": each(reader.attributes["strides"]), "groups": reader.attributes.get("group", 1)}
    words |= {} if isinstance(bias, OnnxWeight) else {"use_bias": False}
    name = f"{KERAS.prefixes[0]}.Conv{len(weight.sizes) - 2}D"
    return reader.layer(x, name, [f"{word}={value}" for word, value in words.items()], [weight, bias])


def _transposed(reader: Any, x: TracedTensor, weight: Any, bias: Any = None) -> Any:
    weight = _weight(weight, "the kernel")
    kernel, groups = weight.sizes[2:], reader.attributes.get("group", 1)
    if reader.attributes.get("auto_pad", "NOTSET") not in ("NOTSET", "VALID") or "output_shape" in reader.attributes:
        raise SymparamsError("a padding by the size that comes out is not read")
    pads = list(reader.attributes.get("pads", [0] * 2 * len(kernel)))
    if pads[: len(kernel)] != pads[len(kernel) :]:
        raise SymparamsError("a padding that is not the same on both sides is not read")
    more = reader.attributes.get("output_padding", [0] * len(kernel))
    words = [str(weight.sizes[1] * groups), each(kernel), *windowed(reader, len(kernel))]
    words += [f"p={each(pads[: len(kernel)])}"] if any(pads) else []
    words += [f"op={each(more)}", *([f"g={groups}"] if groups != 1 else [])]
    words += [] if isinstance(bias, OnnxWeight) else ["bias=false"]
    return reader.layer(x, "convT", words, [weight, bias])


def _gemm(reader: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    if reader.attributes.get("transA"):
        raise SymparamsError("a product with what flows in turned round is not read")
    if not isinstance(weight, OnnxWeight):
        product = multiplied(reader.tensor(x), reader.tensor(weight))
        return product if bias is None else combined("add", product, reader.tensor(bias))
    out = weight.sizes[0] if reader.attributes.get("transB") else weight.sizes[1]
    return _linear(reader, reader.tensor(x), weight, bias, out)


def _linear(reader: Any, x: TracedTensor, weight: OnnxWeight, bias: Any, out: int) -> Any:
    words = [str(out), *([] if isinstance(bias, OnnxWeight) else ["bias=false"])]
    return reader.layer(x, "linear", words, [weight, bias], (*x.sizes[:-1], out))


def _matmul(reader: Any, x: Any, weight: Any) -> Any:
    if isinstance(weight, OnnxWeight) and len(weight.sizes) == 2 and isinstance(x, TracedTensor):
        return _linear(reader, x, weight, _bias_after(reader, weight.sizes[1]), weight.sizes[1])
    return multiplied(reader.tensor(x), reader.tensor(weight))


def _bias_after(reader: Any, out: int) -> OnnxWeight | None:
    """The bias that is added to a product, where that is all that reads it."""
    result = reader.node.output[0]
    then = reader.next_of(result)
    if then is None or then.op_type != "Add":
        return None
    names = [name for name in then.input if name != result]
    bias = reader.values.get(names[0]) if len(names) == 1 else None
    if not isinstance(bias, OnnxWeight) or bias.sizes != (out,) or bias.name in reader.owners:
        return None
    reader.absorbed[then.output[0]] = result
    return bias


def _batch_norm(reader: Any, x: TracedTensor, scale: Any, shift: Any, mean: Any, variance: Any) -> Any:
    held = [value for value in (scale, shift) if isinstance(value, OnnxWeight)]
    words = [] if len(held) == 2 else ["affine=false"]
    return reader.layer(x, "bn", words, [*held, mean, variance])


def _layer_norm(reader: Any, x: TracedTensor, scale: Any = None, shift: Any = None) -> Any:
    axis = reader.attributes.get("axis", -1)
    axes = len(x.sizes) - x.axis(axis)
    words = [f"axes={axes}"] if axes != 1 else []
    words += [] if isinstance(scale, OnnxWeight) else ["scale=false"]
    words += [] if isinstance(shift, OnnxWeight) else ["center=false"]
    return reader.layer(x, "layernorm", words, [scale, shift], x.sizes)


def _instance_norm(reader: Any, x: TracedTensor, scale: Any, shift: Any) -> Any:
    held = [value for value in (scale, shift) if isinstance(value, OnnxWeight) and not _is_made_up(value)]
    return reader.layer(x, "instancenorm", ["affine=true"] if held else [], held, x.sizes)


def _is_made_up(weight: OnnxWeight) -> bool:
    """Whether an exporter has put a weight there for a layer without one."""
    return "::" in weight.name or "/" in weight.name


def _group_norm(reader: Any, x: TracedTensor, scale: Any, shift: Any) -> Any:
    return reader.layer(x, "groupnorm", [str(reader.attributes["num_groups"])], [scale, shift], x.sizes)


def _prelu(reader: Any, x: TracedTensor, slope: Any) -> Any:
    if isinstance(slope, Known):
        return reader.layer(x, "leaky_relu", [], [], x.sizes)
    slope = _weight(slope, "the slope")
    count = max(slope.sizes)
    return reader.layer(x, "prelu", [str(count)] if count > 1 else [], [slope], x.sizes)


def _gather(reader: Any, data: Any, places: Any) -> Any:
    """A row of a table for each number that flows in, or the parts at places that are known."""
    axis = reader.attributes.get("axis", 0)
    if isinstance(data, OnnxWeight) and isinstance(places, TracedTensor) and len(data.sizes) == 2 and axis == 0:
        vocab, dim = data.sizes
        if places.node is not None:
            return reader.layer(places, "embedding", [str(vocab), str(dim)], [data], (*places.sizes, dim))
    return taken(reader, reader.tensor(data), places, axis)


def _recurrent(rule: str) -> Callable[..., Any]:
    def run(
        reader: Any, x: TracedTensor, kernel: Any, recurrent: Any, bias: Any = None, lengths: Any = None, *states: Any
    ) -> Any:
        if any(isinstance(state, OnnxWeight) for state in states):
            raise SymparamsError("a state that is learned is not read")
        if reader.attributes.get("layout", 0):
            raise SymparamsError("the layout with the batch in front is not read")
        kernel, recurrent = _weight(kernel, "the kernel"), _weight(recurrent, "the recurrent kernel")
        out, ways = reader.attributes["hidden_size"], kernel.sizes[0]
        words = [str(out), *(["bidirectional=true"] if ways == 2 else [])]
        words += [] if isinstance(bias, OnnxWeight) else ["bias=false"]
        steps, batch, _ = x.sizes
        made = reader.layer(x, rule, words, [kernel, recurrent, bias], (steps, batch, ways * out))
        state = made.after(GraphOperation("final_state", (str(ways), str(out))), (ways, batch, out))
        several = made.reshaped((steps, ways, batch, out)) if ways == 1 else _in_ways(made, ways, out)
        return [several, state, state]

    return run


def _in_ways(made: TracedTensor, ways: int, out: int) -> Any:
    """The outputs of both directions on an axis of their own, before that of the batch."""
    steps, batch, _ = made.sizes
    apart = made.reshaped((steps, batch, ways, out))
    return apart.after(GraphOperation("reshape", (str(steps), str(ways), str(out))), (steps, ways, batch, out))


LAYERS: Mapping[str, Callable[..., Any]] = {
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "PRelu": _prelu,
    "Gather": _gather,
    "LSTM": _recurrent("lstm"),
    "GRU": _recurrent("gru"),
    "RNN": _recurrent("rnn"),
}
