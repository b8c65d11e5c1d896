"""What einops, and torch.einsum, offer to the code that is read."""

from __future__ import annotations

from typing import Any

from ...errors import SymparamsError
from ..graph import named_axes
from ..graph.combined_tensors import multiplied
from ..graph.traced_tensors import swapped
from .code_objects import Native, PyClass, PyObject, Unknown
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor
from .tensor_functions import stacked
from .torch_modules import TorchModules


def tensors_among(values: Any) -> list[CodeTensor]:
    """The tensors that a function gets, flowing. Raises SymparamsError for what is none."""
    for value in values:
        if isinstance(value, Unknown):
            raise value.fault("a pattern is for tensors")
        if not isinstance(value, CodeTensor):
            raise SymparamsError("a pattern is for tensors")
    return [value.as_tensor if isinstance(value, CodeParameter) else value for value in values]


def einsum(equation: Any, *operands: Any) -> Any:
    """`torch.einsum`, whose axes are letters."""
    if not isinstance(equation, str):
        raise SymparamsError("einsum without an equation is not read")
    several = operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    return _product(equation, several, by_words=False)


def _product(equation: str, operands: Any, by_words: bool) -> Any:
    tensors = tensors_among(operands)
    names, result = named_axes.einsum_axes(equation, [len(t.sizes) for t in tensors], by_words)
    return named_axes.summed_product(tensors, names, result)


def _dotted(a: Any, b: Any, dims: Any = 2, **named: Any) -> Any:
    """`torch.tensordot`: over the last axes of one and the first of the other, or over pairs of axes."""
    one, other = tensors_among([a, b])
    rank = len(one.sizes)
    lists = dims if not isinstance(dims, int) else (range(rank - dims, rank), range(dims))
    pairs = zip(*([places] if isinstance(places, int) else places for places in lists))
    summed = {other.axis(theirs): one.axis(ours) for ours, theirs in pairs}
    names = [f"a{axis}" for axis in range(rank)]
    others = [names[summed[axis]] if axis in summed else f"b{axis}" for axis in range(len(other.sizes))]
    kept = [name for name in (*names, *others) if (name in names) != (name in others)]
    return named_axes.summed_product([one, other], [names, others], kept)


def _distances(a: Any, b: Any, *ignored: Any, **named: Any) -> Any:
    """`torch.cdist`: one for each pair of vectors."""
    one, other = tensors_among([a, b])
    return multiplied(one, swapped(other, -1, -2))


def products() -> dict[str, Native]:
    """The products of torch that are no plain matrix products."""
    return {
        "einsum": Native(einsum, "einsum"),
        "tensordot": Native(_dotted, "tensordot"),
        "outer": Native(lambda a, b: einsum("i,j->ij", a, b), "outer"),
        "cdist": Native(_distances, "cdist"),
    }


def _rearranged(x: Any, pattern: Any, *ignored: Any, **sizes: Any) -> Any:
    """`rearrange`, `reduce` and `repeat`; a list of tensors is stacked first."""
    several = tensors_among(x if isinstance(x, (list, tuple)) else [x])
    unknown = next((size for size in sizes.values() if isinstance(size, Unknown)), None)
    if unknown is not None:
        raise unknown.fault("the size of an axis")
    if isinstance(x, (list, tuple)):
        several = [stacked(several)]
    return named_axes.rearranged(several[0], pattern, sizes)


def _size_of_named(x: Any, pattern: str) -> Any:
    """`parse_shape`: the sizes of the axes by their names."""
    tensor = tensors_among([x])[0]
    return {name: size for name, size in zip(pattern.split(), tensor.sizes) if name != "_"}


def modules(torch: TorchModules) -> dict[str, dict[str, Any]]:
    """The functions of einops, and its layers."""
    functions = {
        **{name: Native(_rearranged, name) for name in ("rearrange", "reduce", "repeat")},
        "einsum": Native(lambda *values: _product(values[-1], values[:-1], by_words=True), "einsum"),
        "parse_shape": Native(_size_of_named, "parse_shape"),
    }

    def init(layer: PyObject, pattern: Any, *ignored: Any, **sizes: Any) -> None:
        layer.names.update(pattern=pattern, sizes=sizes)

    def forward(layer: PyObject, x: Any) -> Any:
        return _rearranged(x, layer.names["pattern"], **layer.names["sizes"])

    methods = {"__init__": Native(init), "forward": Native(forward)}
    layers = {name: PyClass(name, (torch.module,), dict(methods)) for name in ("Rearrange", "Reduce")}
    return {"einops": functions, "einops.layers.torch": layers, "einops.layers": {}}
