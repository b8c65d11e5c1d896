"""The functions of torch that make tensors, are layers, or are called with weights of the code's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import SymparamsError
from ...evaluate.domain import ceiling, divide, is_symbolic, multiply, total
from ...language.dialects import TORCH
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import GraphOperation
from .code_objects import Native, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .dry_runs import is_dry, run_dry
from .folded_batches import goes_part_by_part, part_by_part
from .known_functions import SINGLE, spread
from .known_tensors import MAX_VALUES, made_of, nested, tensor_of
from .numbers_read import exact, is_below
from .torch_layers import in_code, is_layer
from .torch_modules import TorchModules

# Layers whose output has the shape of the input along whatever axis they work.
_ALONG_AN_AXIS = ("Softmax", "LogSoftmax", "Softmin")


class TorchFunctions:
    """Functions over the graph of the modules."""

    def __init__(self, modules: TorchModules):
        self.modules = modules
        self.program = modules.program
        self.library = modules.library

    # Tensors that are only computed

    def computed(self, *sizes: Any, **named: Any) -> Any:
        shape = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)) else sizes
        if any(isinstance(s, Unknown) for s in shape):
            return Unknown("a tensor of sizes that are not known")
        return CodeTensor(self.program, None, named.get("size") or shape)

    def filled(self, size: Any, *value: Any, **named: Any) -> Any:
        return self.computed(size)

    def like(self, tensor: Any, *ignored: Any, **named: Any) -> Any:
        return tensor if isinstance(tensor, Unknown) else CodeTensor(self.program, None, tensor.sizes)

    def places(self, *ends: Any, **named: Any) -> Any:
        """`torch.arange`: as many places as there are steps from the start to the end."""
        if not ends or any(isinstance(end, Unknown) for end in ends):
            return Unknown("torch.arange")
        start, stop, step = (0, ends[0], 1) if len(ends) == 1 else (*ends, 1)[:3]
        if all(isinstance(end, int) for end in (start, stop, step)):
            return tensor_of(self.program, range(start, stop, step))
        if not any(map(is_symbolic, (start, stop, step))):
            return CodeTensor(self.program, None, (math.ceil((stop - start) / step),))
        length = ceiling(divide(total((exact(stop), multiply(-1, exact(start)))), exact(step)))
        return CodeTensor(self.program, None, (length,))

    def spread(self, start: Any, end: Any, steps: Any = None, **named: Any) -> Any:
        """`torch.linspace`."""
        if isinstance(steps, Unknown):
            return steps
        known = (
            isinstance(steps, int) and steps <= MAX_VALUES and all(isinstance(e, (int, float)) for e in (start, end))
        )
        return (
            made_of(self.program, spread(start, end, steps, SINGLE))
            if known
            else CodeTensor(self.program, None, (steps,))
        )

    def tensor(self, values: Any = (), **named: Any) -> Any:
        """`torch.tensor`: of a number, or of lists of as many each."""
        level, shape = nested(values)
        unknown = next((value for value in level if isinstance(value, Unknown)), None)
        if unknown is not None or isinstance(values, CodeTensor):
            return unknown or values
        return tensor_of(self.program, level, shape) if not named else CodeTensor(self.program, None, shape)

    def parameter(self, data: Any = None, requires_grad: Any = True) -> Any:
        if isinstance(data, Unknown):
            raise data.fault("a parameter is made of a value")
        if not isinstance(data, CodeTensor):
            raise SymparamsError("a parameter without a shape is not read")
        made = CodeParameter(self.program, data.sizes)
        made.trained = requires_grad is not False
        return made

    # Layers without weights

    def as_layer(self, name: str) -> Native:
        """A function that does what a layer does, with its arguments."""
        _, spelling = self.library.spelling(name, TORCH.name)
        parameters = [p.name for p in spelling.parameters]
        counted = {p.name for p in spelling.parameters if p.kind}

        def work(x: Any, *values: Any, **named: Any) -> Any:
            if not isinstance(x, CodeTensor):
                return x
            given = {**dict(zip(parameters, values)), **named}
            if given.get("dim") is not None and (x.batch_axis != 0 or name in _ALONG_AN_AXIS):
                if name not in _ALONG_AN_AXIS:
                    raise SymparamsError(
                        f"F.{name.lower()} along an axis of a tensor that begins with another than the batch"
                    )
                given.pop("dim")
            words = {k: v for k, v in given.items() if k in counted and v is not None}
            return self.applied(x, name, words)

        return Native(work, name)

    def applied(self, x: CodeTensor, name: str, given: Mapping[str, Any], owner: Any = None) -> Any:
        """What a layer of torch makes of a tensor."""
        if is_dry(self.program, [x]):
            return run_dry(self.program, lambda t: self.applied(t, name, given, owner), [x])
        if goes_part_by_part(x, name, self.library.spelling(name, TORCH.name)[0]):
            return part_by_part(lambda part: self.applied(part, name, given, owner), [x])
        words = tuple(f"{key}={in_code(value, name, key)}" for key, value in given.items())
        made = x.after(GraphOperation(f"nn.{name}", words), (), owner)
        return self.modules.results(name, PyObject(self.modules.module), x, made)

    def interpolate(self, x: CodeTensor, size: Any = None, scale_factor: Any = None, **named: Any) -> Any:
        if size is None:
            return self.applied(x, "Upsample", {"scale_factor": scale_factor})
        sizes = tuple(size) if isinstance(size, (tuple, list)) else (size,) * (len(x.sizes) - 2)
        return self.applied(x, "Upsample", {"size": sizes})

    def pad(self, x: CodeTensor, pad: Any = (), mode: Any = "constant", value: Any = 0) -> Any:
        amounts = list(pad)
        pairs = [(amounts[i], amounts[i + 1]) for i in range(0, len(amounts), 2)]
        for axis, pair in enumerate(pairs, 1):
            x = shaping.cut(x, len(x.sizes) - axis, pair)
        pairs = [(0 if is_below(a, 0) else a, 0 if is_below(b, 0) else b) for a, b in pairs]
        return shaping.padded(x, [(0, 0)] * (len(x.sizes) - len(pairs)) + pairs[::-1])

    def attention(self, query: Any, key: Any, value: Any, *more: Any, **named: Any) -> Any:
        if named.get("enable_gqa"):
            key, value = (combining.repeated(t, -3, query.sizes[-3]) for t in (key, value))
        return combining.multiplied(combining.multiplied(query, shaping.swapped(key, -1, -2)), value)

    def grid(self, theta: Any, size: Any, align_corners: Any = None) -> Any:
        """`affine_grid`: a place for each place of an image of that size, by a matrix for each sample."""
        *_, height, width = size
        places = CodeTensor(self.program, None, (1, multiply(height, width), 3))
        made = combining.multiplied(places, shaping.swapped(tensor_here(theta), -1, -2))
        return shaping.view(made, [made.sizes[0], height, width, 2])

    def sampled(self, x: Any, grid: Any, *ignored: Any, **named: Any) -> Any:
        """`grid_sample`: the values of an image at the places of a grid."""
        return shaping.taken(shaping.flattened(x, 2), 2, tensor_here(grid).sizes[1:-1])

    # Layers that the code calls with tensors of its own

    def linear(self, x: Any, weight: Any, bias: Any = None) -> Any:
        if not isinstance(weight, CodeParameter):
            return self.with_added(combining.multiplied(x, shaping.swapped(tensor_here(weight), -1, -2)), bias)
        out, width = weight.sizes
        given = {"in_features": width, "out_features": out, "bias": bias is not None}
        return self.weighted(x, "Linear", given, weight, bias)

    def convolution(self, axes: int) -> Callable[..., Any]:
        def work(
            x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Any = 1
        ) -> Any:
            moves = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
            if not isinstance(weight, CodeParameter):
                return self.with_added(self.convolved(x, tensor_here(weight), moves), bias, axes)
            out, each, *kernel = weight.sizes
            given = {"in_channels": multiply(each, groups), "out_channels": out, "kernel_size": tuple(kernel)}
            return self.weighted(x, f"Conv{axes}d", {**given, **moves, "bias": bias is not None}, weight, bias)

        return work

    def convolved(self, x: CodeTensor, kernels: CodeTensor, moves: Mapping[str, Any]) -> Any:
        """A convolution whose kernels flow."""
        if kernels.batch_axis is not None:
            raise SymparamsError("kernels that are another's for each sample are not read")
        words = tuple(f"{name[0]}={in_code(value, 'conv', name)}" for name, value in moves.items())
        return x.after(GraphOperation("convolve", words, (("kernels", kernels.flowing()),)))

    def with_added(self, x: Any, bias: Any, axes: int = 0) -> Any:
        if bias is None:
            return x
        return combining.combined("add", x, shaping.view(tensor_here(bias), [-1, *[1] * axes]))

    def transposed_convolution(self, axes: int) -> Callable[..., Any]:
        def work(
            x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0, output_padding: Any = 0,
            groups: Any = 1, dilation: Any = 1,
        ) -> Any:  # fmt: skip
            width, each, *kernel = self.checked(weight, f"F.conv_transpose{axes}d").sizes
            given = {
                "in_channels": width,
                "out_channels": multiply(each, groups),
                "kernel_size": tuple(kernel),
                "stride": stride,
                "padding": padding,
                "output_padding": output_padding,
                "groups": groups,
                "bias": bias is not None,
                "dilation": dilation,
            }
            return self.weighted(x, f"ConvTranspose{axes}d", given, weight, bias)

        return work

    def layer_norm(self, x: Any, shape: Any = None, weight: Any = None, bias: Any = None, eps: Any = 0) -> Any:
        if weight is None:
            return self.applied(x, "LayerNorm", {"normalized_shape": tuple(shape), "elementwise_affine": False})
        self.checked(weight, "F.layer_norm")
        return self.weighted(x, "LayerNorm", {"normalized_shape": tuple(shape), "bias": bias is not None}, weight, bias)

    def embedding(self, x: Any, weight: Any, *ignored: Any, **named: Any) -> Any:
        count, width = self.checked(weight, "F.embedding").sizes
        return self.weighted(x, "Embedding", {"num_embeddings": count, "embedding_dim": width}, weight, None)

    def checked(self, weight: Any, caller: str) -> CodeParameter:
        if not isinstance(weight, CodeParameter):
            raise SymparamsError(f"{caller} by a tensor that is no parameter is not read")
        return weight

    def weighted(self, x: Any, name: str, given: Mapping[str, Any], weight: CodeParameter, bias: Any) -> Any:
        """A layer with a weight, and maybe a bias, that belong to the code or to another layer.

        A layer of the same class whose own tensors these are is called again; else the weight is tied to the layer
        that it belongs to. Raises SymparamsError where one of them would count twice, or not at all.
        """
        layer = weight.owner
        if layer is None and isinstance(bias, CodeParameter) and bias.trained != weight.trained:
            return self.with_added(self.applied(x, name, {**given, "bias": False}, weight), bias, _axes_of(name))
        if layer is None:
            return self.applied(x, name, given, self.with_bias(weight, bias))
        own = self.modules.weights(layer)
        if is_layer(layer) and vars(layer)["layer"] == name and set(map(id, own.values())) == _ids(weight, bias):
            return self.applied(x, name, given, layer)
        if isinstance(bias, CodeParameter) and bias.owner is None:
            return self.with_added(self.weighted(x, name, {**given, "bias": False}, weight, None), bias, _axes_of(name))
        if bias is not None:
            raise SymparamsError(f"a {name} with the weight of one layer and the bias of another is not read")
        tie = object()
        self.modules.tied[tie] = weight
        return self.applied(x, name, given, tie)

    def with_bias(self, weight: CodeParameter, bias: Any) -> CodeParameter:
        """The weight, with the bias counted beside it."""
        if bias is None:
            return weight
        self.checked(bias, "a bias")
        if bias.owner is not None or bias.beside not in (None, weight) or bias.trained != weight.trained:
            raise SymparamsError("a bias that belongs to another weight, or is trained otherwise, is not read")
        bias.beside, weight.bias = weight, bias
        return weight


def tensor_here(value: Any) -> CodeTensor:
    """A tensor that flows, if it is learned. Raises SymparamsError for what is no tensor."""
    if isinstance(value, Unknown):
        raise value.fault("a layer is called with a tensor of the code's own")
    if not isinstance(value, CodeTensor):
        raise SymparamsError("a layer is called with what is no tensor")
    return value.as_tensor if isinstance(value, CodeParameter) else value


def _ids(*tensors: Any) -> set[int]:
    return {id(tensor) for tensor in tensors if tensor is not None}


def _axes_of(name: str) -> int:
    """How many axes a layer has behind that of its channels."""
    return int(name[-2]) if name.startswith("Conv") else 0
