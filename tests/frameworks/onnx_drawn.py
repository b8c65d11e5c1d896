"""Graphs of ONNX's operators that hypothesis draws, with what the reference evaluator of onnx makes of them."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from hypothesis import strategies as st
from oracle import demand

onnx = demand("onnx")
Evaluator = demand("onnx.reference").ReferenceEvaluator
np = demand("numpy")
helper, FLOAT, INT = onnx.helper, onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
OPSET = 18
# Numbers of samples with which graphs are evaluated: where they make a size another, the batch is in it.
SAMPLES = (2, 5)

Draw = Callable[[Any], Any]


class DrawnGraph:
    """A graph that grows by one operator at a time, from an image or a sequence of vectors.

    `learned` are the elements of its weights, `state` those of moving means and variances.
    """

    def __init__(self, draw: Draw, shape: tuple[int, ...]):
        self.draw = draw
        self.input = shape
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []
        self.learned = self.state = 0
        self.values = {"x": shape}
        self.current = "x"

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of what flows now, with the first number of samples."""
        return self.values[self.current]

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def weight(self, *sizes: int) -> str:
        self.learned += prod(sizes)
        return self.stored(np.linspace(0.5, 1.5, prod(sizes)).reshape(sizes).astype(np.float32), "w")

    def numbers(self, values: Any) -> str:
        return self.stored(np.array(values, dtype=np.int64), "k")

    def stored(self, array: Any, letter: str) -> str:
        name = f"{letter}{len(self.tensors)}"
        self.tensors.append(onnx.numpy_helper.from_array(array, name))
        return name

    def then(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        """The results of an operator, of which the first flows on where it is of numbers of the samples."""
        names = [f"v{len(self.values) + i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        for name, found in zip(names, self.evaluated(SAMPLES[0], names)):
            self.values[name] = found.shape
        self.current = names[0]
        return names

    def model(self, outputs: list[str], dims: list[Any] | None = None) -> Any:
        dims = ["N", *self.input[1:]] if dims is None else dims
        graph = helper.make_graph(
            self.nodes,
            "drawn",
            [helper.make_tensor_value_info("x", FLOAT, dims)],
            [helper.make_empty_tensor_value_info(name) for name in outputs],
            self.tensors,
        )
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)

    def evaluated(self, samples: int, outputs: list[str]) -> list[Any]:
        x = np.ones((samples, *self.input[1:]), dtype=np.float32)
        return Evaluator(self.model(outputs)).run(None, {"x": x})  # type: ignore[no-any-return]

    def expected(self, name: str) -> tuple[int, ...]:
        """The sizes of a value for each sample."""
        few, many = (self.evaluated(samples, [name])[0].shape for samples in SAMPLES)
        each = [a if a == b else a // SAMPLES[0] for a, b in zip(few, many)]
        return tuple(size for size, a, b in zip(each, few, many) if size != 1 or a == b)


def _windows(graph: DrawnGraph, rank: int) -> dict[str, Any]:
    """Windows that fit into the image."""
    kernel = [graph.number(1, min(3, size)) for size in graph.shape[2:]]
    auto = graph.draw(st.sampled_from(["NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]))
    found: dict[str, Any] = {"kernel_shape": kernel, "strides": [graph.number(1, 3) for _ in kernel]}
    if auto != "NOTSET":
        return {**found, "auto_pad": auto}
    return {**found, "pads": [graph.number(0, k // 2) for k in kernel * 2]}


def conv(graph: DrawnGraph) -> None:
    rank = len(graph.shape) - 2
    found = _windows(graph, rank)
    channels = graph.shape[1]
    groups = graph.draw(st.sampled_from([g for g in (1, 2, channels) if channels % g == 0]))
    out = groups * graph.number(1, 3)
    weight = graph.weight(out, channels // groups, *found["kernel_shape"])
    bias = [graph.weight(out)] if graph.draw(st.booleans()) else []
    graph.then("Conv", graph.current, weight, *bias, group=groups, **found)


def transposed_conv(graph: DrawnGraph) -> None:
    kernel = [graph.number(1, 3) for _ in graph.shape[2:]]
    strides = [graph.number(1, 3) for _ in kernel]
    weight = graph.weight(graph.shape[1], graph.number(1, 3), *kernel)
    graph.then("ConvTranspose", graph.current, weight, kernel_shape=kernel, strides=strides)


def pool(graph: DrawnGraph) -> None:
    kind = graph.draw(st.sampled_from(["MaxPool", "AveragePool"]))
    kernel = [graph.number(1, min(3, size)) for size in graph.shape[2:]]
    graph.then(kind, graph.current, kernel_shape=kernel, strides=[graph.number(1, 3) for _ in kernel])


def pooled_whole(graph: DrawnGraph) -> None:
    graph.then(graph.draw(st.sampled_from(["GlobalAveragePool", "GlobalMaxPool"])), graph.current)


def batch_norm(graph: DrawnGraph) -> None:
    c = graph.shape[1]
    names = [graph.weight(c) for _ in range(4)]
    graph.learned, graph.state = graph.learned - 2 * c, graph.state + 2 * c
    graph.then("BatchNormalization", graph.current, *names)


def instance_norm(graph: DrawnGraph) -> None:
    c = graph.shape[1]
    graph.then("InstanceNormalization", graph.current, graph.weight(c), graph.weight(c))


def layer_norm(graph: DrawnGraph) -> None:
    axis = graph.number(1, len(graph.shape) - 1)
    sizes = graph.shape[axis:]
    shift = [graph.weight(*sizes)] if graph.draw(st.booleans()) else []
    graph.then("LayerNormalization", graph.current, graph.weight(*sizes), *shift, axis=axis)


def function(graph: DrawnGraph) -> None:
    kinds = ["Relu", "Tanh", "Sigmoid", "Softplus", "Elu", "Exp", "Neg", "Identity", "LeakyRelu", "Abs", "HardSigmoid"]
    graph.then(graph.draw(st.sampled_from(kinds)), graph.current)


def softmax(graph: DrawnGraph) -> None:
    graph.then("Softmax", graph.current, axis=graph.number(1, len(graph.shape) - 1))


def linear(graph: DrawnGraph) -> None:
    n, out = graph.shape[-1], graph.number(1, 4)
    product = graph.then("MatMul", graph.current, graph.weight(n, out))[0]
    if graph.draw(st.booleans()):
        graph.then("Add", *graph.draw(st.permutations([product, graph.weight(out)])))


def fully_connected(graph: DrawnGraph) -> None:
    graph.then("Flatten", graph.current)
    n, out, turned = graph.shape[1], graph.number(1, 4), graph.draw(st.booleans())
    weight = graph.weight(*((out, n) if turned else (n, out)))
    bias = [graph.weight(out)] if graph.draw(st.booleans()) else []
    graph.then("Gemm", graph.current, weight, *bias, transB=int(turned))


def operand(graph: DrawnGraph) -> None:
    """A weight that is added, or multiplies, along some of the axes."""
    sizes = [graph.draw(st.sampled_from([1, size])) for size in graph.shape[1:]]
    sizes = sizes[graph.number(0, len(sizes) - 1) :]
    if prod(sizes) > 1:
        graph.then(graph.draw(st.sampled_from(["Add", "Mul", "Sub"])), graph.current, graph.weight(*sizes))


def earlier(graph: DrawnGraph) -> None:
    """What flows now together with a value from before of the same sizes."""
    alike = [name for name, shape in graph.values.items() if shape == graph.shape]
    other = graph.draw(st.sampled_from(alike))
    if graph.draw(st.booleans()):
        graph.then("Concat", graph.current, other, axis=graph.number(1, len(graph.shape) - 1))
    else:
        graph.then(graph.draw(st.sampled_from(["Add", "Mul", "Max"])), graph.current, other)


def transpose(graph: DrawnGraph) -> None:
    own = graph.draw(st.permutations(range(1, len(graph.shape))))
    graph.then("Transpose", graph.current, perm=[0, *own])


def reshape(graph: DrawnGraph) -> None:
    """Two axes as one, or one as two."""
    axis = graph.number(1, len(graph.shape) - 1)
    size = graph.shape[axis]
    sizes = [*([0] * axis), *_factors(graph, size), *graph.shape[axis + 1 :]]
    if axis + 1 < len(graph.shape) and graph.draw(st.booleans()):
        sizes = [*([0] * axis), -1, *graph.shape[axis + 2 :]]
    graph.then("Reshape", graph.current, graph.numbers(sizes))


def _factors(graph: DrawnGraph, size: int) -> list[int]:
    one = graph.draw(st.sampled_from([n for n in range(1, size + 1) if size % n == 0]))
    return [one, size // one]


def squeezed(graph: DrawnGraph) -> None:
    ones = [axis for axis, size in enumerate(graph.shape) if size == 1 and axis]
    if ones and len(graph.shape) > 2:
        graph.then("Squeeze", graph.current, graph.numbers([graph.draw(st.sampled_from(ones))]))
    elif len(graph.shape) < 5:
        graph.then("Unsqueeze", graph.current, graph.numbers([graph.number(1, len(graph.shape))]))


def cut(graph: DrawnGraph) -> None:
    axis = graph.number(1, len(graph.shape) - 1)
    start = graph.number(0, graph.shape[axis] - 1)
    end = graph.number(start + 1, graph.shape[axis] + 2)
    names = [graph.numbers([value]) for value in (start, end, axis, graph.number(1, 2))]
    graph.then("Slice", graph.current, *names)


def split(graph: DrawnGraph) -> None:
    axis = graph.number(1, len(graph.shape) - 1)
    size = graph.shape[axis]
    if size > 1:
        first = graph.number(1, size - 1)
        graph.then("Split", graph.current, graph.numbers([first, size - first]), outputs=2, axis=axis)


def picked(graph: DrawnGraph) -> None:
    axis = graph.number(1, len(graph.shape) - 1)
    places = graph.draw(st.lists(st.integers(-graph.shape[axis], graph.shape[axis] - 1), min_size=1, max_size=4))
    places = places[0] if len(graph.shape) > 2 and graph.draw(st.booleans()) else places
    graph.then("Gather", graph.current, graph.numbers(places), axis=axis)


def reduced(graph: DrawnGraph) -> None:
    kind = graph.draw(st.sampled_from(["ReduceMean", "ReduceMax", "ReduceL2"]))
    axes = graph.draw(st.sets(st.integers(1, len(graph.shape) - 1), min_size=1))
    kept = len(axes) == len(graph.shape) - 1 or graph.draw(st.booleans())
    graph.then(kind, graph.current, graph.numbers(sorted(axes)), keepdims=int(kept))


def padded(graph: DrawnGraph) -> None:
    amounts = [0 if axis % len(graph.shape) == 0 else graph.number(0, 2) for axis in range(2 * len(graph.shape))]
    graph.then("Pad", graph.current, graph.numbers(amounts))


def tiled(graph: DrawnGraph) -> None:
    graph.then("Tile", graph.current, graph.numbers([1, *(graph.number(1, 2) for _ in graph.shape[1:])]))


def resized(graph: DrawnGraph) -> None:
    scales = np.array([1, 1, *(graph.number(1, 2) for _ in graph.shape[2:])], dtype=np.float32)
    graph.then("Resize", graph.current, "", graph.stored(scales, "s"), mode="nearest")


def recurrent(graph: DrawnGraph) -> None:
    """A recurrent layer over the sequence, its outputs with those of both directions side by side."""
    kind, gates = graph.draw(st.sampled_from([("LSTM", 4), ("GRU", 3), ("RNN", 1)]))
    _, _steps, n = graph.shape
    out = graph.number(1, 3)
    graph.then("Transpose", graph.current, perm=[1, 0, 2])
    held = [graph.weight(1, gates * out, n), graph.weight(1, gates * out, out)]
    bias = [graph.weight(1, 2 * gates * out)] if graph.draw(st.booleans()) else []
    graph.then(kind, graph.current, *held, *bias, hidden_size=out)
    graph.then("Squeeze", graph.current, graph.numbers([1]))
    graph.then("Transpose", graph.current, perm=[1, 0, 2])


def einsum(graph: DrawnGraph) -> None:
    _, _, n = graph.shape
    h, k = graph.number(1, 3), graph.number(1, 3)
    result = graph.draw(st.sampled_from(["bhtk", "bthk", "btkh"]))
    graph.then("Einsum", graph.current, graph.weight(n, h, k), equation=f"btd,dhk->{result}")


ANY = (
    *(function, softmax, linear, fully_connected, operand, earlier, transpose, reshape, squeezed, cut, split, picked),
    *(reduced, padded, tiled, layer_norm),
)
BY_AXES = {3: (recurrent, einsum), 4: (conv, transposed_conv, pool, pooled_whole, resized)}
OF_CHANNELS = (batch_norm, instance_norm)


@st.composite
def graphs(draw: Draw, most: int = 6) -> DrawnGraph:
    sizes = draw(st.sampled_from([(4,), (3, 4), (4, 6, 5), (2, 7, 8), (2, 3, 4)]))
    graph = DrawnGraph(draw, (SAMPLES[0], *sizes))
    function(graph)
    for _ in range(draw(st.integers(1, most))):
        axes = len(graph.shape)
        if axes == 1 or prod(graph.shape) > 4000:
            break
        choice = [*ANY, *BY_AXES.get(axes, ())]
        choice += OF_CHANNELS if axes in (3, 4) and prod(graph.shape[2:]) > 1 else ()
        draw(st.sampled_from(choice))(graph)
    return graph
