"""ONNX's operators that have weights, as layers of the language; what is none of them is NotImplemented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any

from ...errors import SymparamsError
from ...evaluate.domain import multiply, total
from ...language.dialects import KERAS
from ..graph.combined_tensors import combined
from ..graph.traced_tensors import TracedTensor, permuted, same, view
from .einstein_sums import parsed
from .onnx_recurrent import recurrent
from .onnx_values import KnownNumbers, OnnxWeight
from .onnx_windows import each, windows

_KERAS_CALL = KERAS.prefixes[0]


def _conv(call: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    held = call.learned(weight)
    if held is None or not held.is_whole or not isinstance(x, TracedTensor):
        return NotImplemented
    out, each_group, *kernel = held.sizes
    groups = call.attributes.get("group", 1)
    _check_kernel(call, kernel)
    found = windows(call, x, kernel)
    call.expect(x.sizes[1], multiply(each_group, groups))
    shift = _bias(call, bias, out)
    made_up = shift is not None and held.sources[0].is_made_up and shift.sources[0].is_made_up
    if made_up or call.is_merged:
        call.note_merged(held)
    more = [f"g={groups}"] if groups != 1 else []
    if found.is_same and set(found.strides) != {1}:
        words = in_keras(found, filters=out, groups=groups, use_bias=shift is not None)
        return call.layer(x, f"{_KERAS_CALL}.Conv{len(kernel)}D", words, [held, shift])
    more += ["p=same"] if found.is_same else []
    return call.layer(x, "conv", [str(out), *found.words, *more, *_without(shift)], [held, shift])


def in_keras(found: Any, **more: Any) -> list[str]:
    """As much padding as a stride needs, which torch does not have, in a call of Keras."""
    size = "kernel_size" if "filters" in more else "pool_size"
    words = {size: each(found.kernel), "strides": each(found.strides), **more}
    words |= {"dilation_rate": each(found.dilations)} if set(found.dilations) != {1} else {}
    return [f"{k}={v}" for k, v in words.items()] + ['padding="same"', 'data_format="channels_first"']


def _check_kernel(call: Any, kernel: list[int]) -> None:
    if list(call.attributes.get("kernel_shape", kernel)) != kernel:
        raise SymparamsError(f"its kernel_shape is {call.attributes['kernel_shape']}, and its weight is for {kernel}")


def _bias(call: Any, bias: Any, out: int) -> OnnxWeight | None:
    """A bias with a number for each output. Raises SymparamsError for another."""
    weight = call.learned(bias) if bias is not None else None
    if weight is not None and weight.sizes != (out,):
        raise SymparamsError(f"its bias has the sizes {weight.sizes}, and it puts out {out}")
    return weight  # type: ignore[no-any-return]


def _without(bias: OnnxWeight | None) -> list[str]:
    return ["bias=false"] if bias is None else []


def _transposed(call: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    held = call.learned(weight)
    if held is None or not held.is_whole or not isinstance(x, TracedTensor):
        return NotImplemented
    each_group, *kernel = held.sizes[1:]
    groups = call.attributes.get("group", 1)
    out = each_group * groups
    _check_kernel(call, kernel)
    call.expect(x.sizes[1], held.sizes[0])
    found = windows(call, x, kernel)
    more = tuple(call.attributes.get("output_padding", [0] * len(kernel)))
    if found.is_same or call.attributes.get("auto_pad") == "SAME_LOWER" or "output_shape" in call.attributes:
        found = _cut_to_size(call, x, found, more)
    words = [str(out), *found.words, f"op={each(more)}", *([f"g={groups}"] if groups != 1 else [])]
    shift = _bias(call, bias, out)
    return call.layer(x, "convT", [*words, *_without(shift)], [held, shift])


def _cut_to_size(call: Any, x: TracedTensor, found: Any, more: tuple[int, ...]) -> Any:
    """With the padding that leaves the size that is asked for: `output_shape`, else as many as the strides give."""
    lower = call.attributes.get("auto_pad") == "SAME_LOWER"
    before, behind = [], []
    for axis, (n, s, r, op) in enumerate(zip(x.sizes[2:], found.strides, found.reach, more)):
        wanted = call.attributes["output_shape"][axis] if "output_shape" in call.attributes else multiply(n, s)
        cut = total((multiply(n, s), -s, op, r, multiply(-1, wanted)))
        if not isinstance(cut, int) or cut < 0:
            raise SymparamsError("a padding by the size that comes out is not read")
        less, rest = cut // 2, cut - cut // 2
        before.append(rest if lower else less)
        behind.append(less if lower else rest)
    return found._replace(before=tuple(before), behind=tuple(behind), is_same=False)


def _gemm(call: Any, x: Any, weight: Any, bias: Any = None) -> Any:
    held = call.learned(weight)
    if call.attributes.get("transA") or held is None or not held.is_whole or len(held.sizes) != 2:
        return NotImplemented
    out, width = held.sizes if call.attributes.get("transB") else held.sizes[::-1]
    x = call.tensor(x)
    shift = call.learned(bias) if bias is not None else None
    if shift is not None and prod(shift.sizes) == out:
        return _linear(call, x, held, shift, out, width)
    made = _linear(call, x, held, None, out, width)
    return made if bias is None else combined("add", made, call.tensor(bias))


def _linear(call: Any, x: TracedTensor, held: OnnxWeight, bias: OnnxWeight | None, out: int, width: int) -> Any:
    call.expect(x.sizes[-1], width)
    return call.layer(x, "linear", [str(out), *_without(bias)], [held, bias], (*x.sizes[:-1], out))


def _matmul(call: Any, x: Any, weight: Any) -> Any:
    held = call.learned(weight)
    if not isinstance(x, TracedTensor) or not x.sizes or held is None or not held.is_whole:
        return NotImplemented
    if len(held.sizes) == 1:
        made = _linear(call, x, held, None, 1, held.sizes[0])
        return made.reshaped(x.sizes[:-1])
    if len(held.sizes) != 2:
        return NotImplemented
    width, out = held.sizes
    return _linear(call, x, held, _bias_after(call, held, out), out, width)


def _bias_after(call: Any, weight: OnnxWeight, out: int) -> OnnxWeight | None:
    """The bias that is added to a product, where that is all that reads it."""
    result = call.node.output[0]
    then = call.reader.only_reader(result)
    if then is None or then.op_type != "Add":
        return None
    names = [name for name in then.input if name != result]
    bias = call.learned(call.reader.values.get(names[0])) if len(names) == 1 else None
    if bias is None or bias.sizes != (out,) or bias.flows or not call.reader.weights.are_free([weight, bias]):
        return None
    call.reader.absorbed[then.output[0]] = result
    return bias  # type: ignore[no-any-return]


def _batch_norm(call: Any, x: TracedTensor, scale: Any, shift: Any, mean: Any = None, variance: Any = None) -> Any:
    if call.attributes.get("spatial", 1) == 0:
        return NotImplemented
    held = [call.affine(scale), call.affine(shift)]
    for weight in filter(None, held):
        call.expect(x.sizes[1], weight.sizes[0])
    return call.layer(x, "bn", _affine_words(held), held, state=[mean, variance])


def _affine_words(held: list[Any]) -> list[str]:
    scale, shift = held
    if scale is None and shift is None:
        return ["affine=false"]
    return [*([] if scale else ["scale=false"]), *([] if shift else ["center=false"])]


def _layer_norm(rule: str) -> Callable[..., Any]:
    def run(call: Any, x: TracedTensor, scale: Any = None, shift: Any = None) -> Any:
        axes = len(x.sizes) - x.axis(call.attributes.get("axis", -1))
        held = [call.affine(scale), call.affine(shift)]
        words = [f"axes={axes}"] if axes != 1 else []
        if rule == "layernorm":
            words += _affine_words(held)
        elif held[0] is None:
            words.append("affine=false")
        if any(weight is not None and prod(weight.sizes) == 1 != _size_of(x, axes) for weight in held):
            return NotImplemented
        return call.layer(x, rule, words, held, x.sizes)

    return run


def _size_of(x: TracedTensor, axes: int) -> Any:
    sizes = x.sizes[len(x.sizes) - axes :]
    return prod(sizes) if all(isinstance(size, int) for size in sizes) else None


def _instance_norm(call: Any, x: TracedTensor, scale: Any, shift: Any) -> Any:
    held = [call.affine(scale), call.affine(shift)]
    for weight in filter(None, held):
        call.expect(x.sizes[1], weight.sizes[0])
    words = ["affine=true"] if any(held) else []
    return call.layer(x, "instancenorm", words + (_affine_words(held) if any(held) else []), held, x.sizes)


def _group_norm(call: Any, x: TracedTensor, scale: Any, shift: Any) -> Any:
    held = [call.affine(scale), call.affine(shift)]
    if any(weight is not None and not same(weight.sizes[0], x.sizes[1]) for weight in held):
        return NotImplemented
    words = [str(call.attributes["num_groups"]), *_affine_words(held)]
    return call.layer(x, "groupnorm", words, held, x.sizes)


def _prelu(call: Any, x: TracedTensor, slope: Any) -> Any:
    held = call.learned(slope)
    if held is None or not held.is_whole or prod(held.sizes) != max(held.sizes, default=1):
        return NotImplemented
    count = prod(held.sizes)
    if count > 1 and (len(x.sizes) < 2 or not same(x.sizes[1], count)):
        return NotImplemented
    return call.layer(x, "prelu", [str(count)] if count > 1 else [], [held], x.sizes)


def _gather(call: Any, data: Any, places: Any) -> Any:
    """A row of a table for each number that flows in, or is worked out."""
    held = call.learned(data)
    if held is None or not held.is_whole or not held.sizes or call.attributes.get("axis", 0) != 0:
        return NotImplemented
    if isinstance(places, KnownNumbers) and not (places.sizes and len(held.sizes) == 2):
        return NotImplemented
    vocab, *rest = held.sizes
    dim = prod(rest)
    places = call.tensor(places)
    made = call.layer(places, "embedding", [str(vocab), str(dim)], [held], (*places.sizes, dim))
    return made if len(rest) == 1 else made.reshaped((*places.sizes, *rest))


def _einsum(call: Any, *given: Any) -> Any:
    """A sum over a weight, as a linear map of what flows in; any other is left to the products of tensors."""
    equation = parsed(call.attributes.get("equation", ""))
    if equation is None or len(given) != 2 or len(equation.terms) != 2:
        return NotImplemented
    held = [call.learned(value) for value in given]
    if (held[0] is None) == (held[1] is None):
        return NotImplemented
    place = 0 if held[0] is not None else 1
    weight, x = held[place], call.tensor(given[1 - place])
    flowing, stored = equation.terms[1 - place], equation.terms[place]
    shared = [letter for letter in stored if letter in flowing]
    out = [letter for letter in stored if letter not in flowing]
    kept = [letter for letter in flowing if letter not in shared]
    if not weight.is_whole or {*kept, *out} != set(equation.result) or not shared:
        return NotImplemented
    sizes = dict(zip(stored, weight.sizes)) | dict(zip(kept, (x.sizes[flowing.index(letter)] for letter in kept)))
    x = permuted(x, [flowing.index(letter) for letter in (*kept, *shared)])
    width, count = (prod(weight.sizes[stored.index(letter)] for letter in letters) for letters in (shared, out))
    x = view(x, [*(sizes[letter] for letter in kept), width])
    made = _linear(call, x, weight, None, count, width)
    apart = view(made, [sizes[letter] for letter in (*kept, *out)])
    return permuted(apart, [(*kept, *out).index(letter) for letter in equation.result])


LAYERS: Mapping[str, Callable[..., Any]] = {
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "Gemm": _gemm,
    "MatMul": _matmul,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm("layernorm"),
    "RMSNormalization": _layer_norm("rmsnorm"),
    "InstanceNormalization": _instance_norm,
    "GroupNormalization": _group_norm,
    "PRelu": _prelu,
    "Gather": _gather,
    "Einsum": _einsum,
    "LSTM": recurrent("lstm"),
    "GRU": recurrent("gru"),
    "RNN": recurrent("rnn"),
}
# Those that what flows in, or is worked out, need not come first to.
TAKE_ANY = frozenset(["Gather", "Einsum"])
