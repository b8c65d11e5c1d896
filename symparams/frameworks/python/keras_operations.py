"""The functions of keras.ops, of the backend of Keras, and of TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ...evaluate.domain import is_symbolic, multiply
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import GraphOperation, GrowingProgram, in_words
from . import einops_names
from .code_objects import MISSING, Native, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .known_tensors import lifted, nested, tensor_of
from .tensor_functions import FUNCTIONS, concatenated, stacked

# Other names of functions that torch has.
_AS_IN_TORCH = {
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "amax",
    "reduce_min": "amin",
    "reduce_prod": "prod",
    "max": "amax",
    "min": "amin",
    "expand_dims": "unsqueeze",
    "swapaxes": "transpose",
    "moveaxis": "movedim",
    "broadcast_to": "expand",
    "subtract": "sub",
    "logical_and": "mul",
    "less": "lt",
    "greater": "gt",
    "equal": "eq",
    "not_equal": "ne",
    "invert": "logical_not",
    **dict.fromkeys(
        ("cast", "stop_gradient", "identity", "convert_to_tensor", "l2_normalize", "normalize", "dropout", "cumsum"),
        "contiguous",
    ),
}
_AXES = {"axis": "dim", "keepdims": "keepdim", "axes": "dim", "keep_dims": "keepdim"}


class KerasOperations:
    """Functions over one graph; where a list says how to split, it is of places, or of lengths."""

    def __init__(self, program: GrowingProgram, splits_at_places: bool):
        self.program = program
        self.splits_at_places = splits_at_places
        self.own: dict[str, Callable[..., Any]] = {
            "reshape": lambda x, shape=None, newshape=None, **k: shaping.view(
                self.flowing(x), shape if shape is not None else newshape
            ),
            **dict.fromkeys(("concat", "concatenate"), self.joined),
            **dict.fromkeys(("stack", "pack"), lambda values, axis=0, **k: stacked(values, axis)),
            **dict.fromkeys(("transpose", "permute_dimensions"), self.transposed),
            "shape": lambda x, **k: x if isinstance(x, Unknown) else x.sizes,
            "split": self.split,
            **dict.fromkeys(("matmul", "dot", "batch_dot"), self.multiplied),
            "einsum": lambda equation, *tensors, **k: einops_names.einsum(equation, *tensors),
            **dict.fromkeys(("arange", "range"), self.places),
            **dict.fromkeys(("zeros", "ones"), lambda shape, *ignored, **k: self.computed(shape)),
            **dict.fromkeys(("zeros_like", "ones_like"), lambda x, *ignored, **k: x.like(None, x.sizes)),
            "fill": lambda shape, *value, **k: self.computed(shape),
            **dict.fromkeys(("constant", "array"), self.constant),
            **dict.fromkeys(("take", "gather"), self.taken),
            "one_hot": lambda x, n=None, **k: x.like(None, (*x.sizes, k.get("depth", k.get("num_classes", n)))),
            **dict.fromkeys(("tile",), lambda x, *times, **k: FUNCTIONS["repeat"](x, *times, *k.values())),
            "repeat": lambda x, n, axis=None: FUNCTIONS["repeat_interleave"](x, n, axis),
            "pad": self.padded,
            "squeeze": lambda x, axis=None, **k: shaping.squeezed(self.flowing(x), axis),
        }

    def get(self, word: str) -> Any:
        if word in self.own:
            return Native(self.own[word], word)
        work = FUNCTIONS.get(_AS_IN_TORCH.get(word, word))
        if work is None:
            return MISSING
        return lifted(self.program, word, lambda *v, **named: work(*v, **_as_torch_says(named)))

    def flowing(self, x: Any) -> Any:
        if isinstance(x, Unknown):
            raise x.fault("a function of tensors gets a value")
        return x.as_tensor if isinstance(x, CodeParameter) else x

    def joined(self, values: Any, axis: Any = -1, **named: Any) -> Any:
        if isinstance(values, int):
            values, axis = axis, values
        return concatenated([self.flowing(value) for value in values], axis)

    def transposed(self, x: Any, perm: Any = None, axes: Any = None, **named: Any) -> Any:
        order = perm if perm is not None else axes
        return shaping.permuted(self.flowing(x), range(len(x.sizes))[::-1] if order is None else order)

    def split(self, x: Any, parts: Any = None, axis: Any = None, **named: Any) -> Any:
        """Into as many parts, or as a list says."""
        parts = named.get("num_or_size_splits", named.get("indices_or_sections", parts))
        dim = named.get("dim", 0 if axis is None else axis)
        if isinstance(parts, int):
            return FUNCTIONS["chunk"](x, parts, dim)
        if not isinstance(parts, (list, tuple)):
            raise SymparamsError("how many parts there are is not known")
        return FUNCTIONS["tensor_split" if self.splits_at_places else "split"](x, list(parts), dim)

    def multiplied(self, a: Any, b: Any, transpose_b: bool = False, **named: Any) -> Any:
        other = self.flowing(b)
        if named.get("axes") is not None or named.get("transpose_a"):
            raise SymparamsError("a product over other axes than the last two is not read")
        return combining.multiplied(self.flowing(a), shaping.swapped(other, -1, -2) if transpose_b else other)

    def places(self, *ends: Any, **named: Any) -> Any:
        start, stop = named.get("start", 0), named.get("stop", named.get("limit"))
        ends = ends if stop is None else (*ends[:1], start, stop)[-2:]
        if any(isinstance(end, Unknown) for end in ends) or named.get("step", named.get("delta", 1)) != 1:
            return Unknown("arange")
        if all(isinstance(end, int) for end in ends):
            return tensor_of(self.program, range(*ends))
        start, stop = (0, ends[0]) if len(ends) == 1 else ends[:2]
        if len(ends) > 2 or not (is_symbolic(stop) or isinstance(stop, int)):
            return Unknown("arange")
        return CodeTensor(self.program, None, (stop if start == 0 else stop + multiply(-1, start),))

    def computed(self, shape: Any) -> Any:
        sizes = list(shape) if isinstance(shape, (tuple, list)) else [shape]
        return next((s for s in sizes if isinstance(s, Unknown)), None) or CodeTensor(self.program, None, sizes)

    def constant(self, values: Any, *ignored: Any, **named: Any) -> Any:
        if isinstance(values, (CodeTensor, Unknown)):
            return values
        level, shape = nested(values)
        return tensor_of(self.program, level, named.get("shape", shape))

    def taken(self, x: Any, places: Any, axis: Any = None, **named: Any) -> Any:
        x = self.flowing(x)
        if isinstance(places, int):
            return shaping.indexed(x, (slice(None),) * (axis or 0) + (places,))
        if not isinstance(places, CodeTensor):
            places = self.constant(places)
        return shaping.taken(x, x.axis(axis or 0), places.sizes)

    def padded(self, x: Any, amounts: Any = None, *ignored: Any, **named: Any) -> Any:
        pairs = named.get("paddings", named.get("pad_width", amounts))
        if isinstance(pairs, CodeTensor):
            pairs = pairs.attribute("tolist").work()
        if not isinstance(pairs, (list, tuple)):
            raise SymparamsError("how much is padded is not known")
        pairs = [tuple(pair) if isinstance(pair, (list, tuple)) else (pair, pair) for pair in pairs]
        return shaping.padded(self.flowing(x), pairs)


def resized(x: Any, size: Any = None, *ignored: Any, **named: Any) -> Any:
    """An image in another size."""
    if not isinstance(size, (tuple, list)):
        raise SymparamsError("the size of an image is not known")
    return x.after(GraphOperation("layers.Resizing", tuple(map(in_words, size))))


def _as_torch_says(named: dict[str, Any]) -> dict[str, Any]:
    return {_AXES.get(key, key): value for key, value in named.items() if key not in ("name", "dtype")}
