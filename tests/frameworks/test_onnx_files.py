"""Graphs of ONNX that are made by hand, read as networks; what torch exports is in `test_onnx_exports.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import symparams as sp
from symparams.errors import SymparamsError

onnx = pytest.importorskip("onnx")


def _graph(nodes: list[Any], weights: dict[str, tuple[int, ...]], shape: list[Any], result: list[Any]) -> Any:
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    tensors = []
    for name, sizes in weights.items():
        count = 1
        for size in sizes:
            count *= size
        tensors.append(helper.make_tensor(name, kind, sizes, [0.5] * count))
    graph = helper.make_graph(
        nodes,
        "made",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info("y", kind, result)],
        tensors,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("own", 1)])


def test_names_of_sizes_are_symbols() -> None:
    node = onnx.helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[3, 3], strides=[2, 2])
    net = sp.from_onnx(_graph([node], {"w": (4, 3, 3, 3)}, ["N", 3, "rows", "W"], ["N", 4, "a", "b"]))
    assert net(rows=9, W=12).output == (4, 4, 5)
    assert net.params == 108


def test_an_operator_that_is_not_known_is_one_part_with_its_weights() -> None:
    nodes = [
        onnx.helper.make_node("Magic", ["x", "w"], ["h"], domain="own", name="/spell/Magic"),
        onnx.helper.make_node("Relu", ["h"], ["y"]),
    ]
    model = _graph(nodes, {"w": (4, 3)}, ["N", 3], ["N", 4])
    with pytest.raises(SymparamsError, match="Magic"):
        sp.from_onnx(model)
    model.graph.value_info.append(onnx.helper.make_tensor_value_info("h", onnx.TensorProto.FLOAT, ["N", 4]))
    net = sp.from_onnx(model)
    assert (net.params, net.output, net.opaque) == (12, (4,), ("spell",))


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"",
        lambda whole: b"no model at all",
        lambda whole: whole.replace(b"Conv", b"Conw"),
        lambda whole: whole.replace(b"strides", b"stripes"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(spoilt: Any, tmp_path: Path) -> None:
    node = onnx.helper.make_node("Conv", ["x", "w"], ["y"], kernel_shape=[3, 3], strides=[2, 2])
    whole = _graph([node], {"w": (4, 3, 3, 3)}, ["N", 3, 9, 9], ["N", 4, 4, 4]).SerializeToString()
    try:
        net = sp.from_onnx(spoilt(whole))
        assert net.opaque or net.output == (4, 7, 7)
    except SymparamsError as error:
        assert "\n" not in error.message
    (tmp_path / "net.onnx").write_bytes(whole)
    assert sp.load(str(tmp_path / "net.onnx")).params == 108


def _branch() -> Any:
    node = onnx.helper.make_node("Identity", ["x"], ["b"])
    return onnx.helper.make_graph([node], "branch", [], [onnx.helper.make_empty_tensor_value_info("b")])


@pytest.mark.parametrize(
    ("nodes", "weights", "said"),
    [
        ([("Conv", ["x", "gone"], {"kernel_shape": [3, 3]})], {}, "gone"),
        ([("Conv", ["x", "w"], {"kernel_shape": [3, 3], "group": 7})], {"w": (4, 3, 3, 3)}, "Conv"),
        ([("Gemm", ["x", "w"], {})], {"w": (5, 4)}, "Gemm"),
        ([("Reshape", ["x", "x"], {})], {}, "Reshape"),
        ([("Concat", ["x", "x"], {})], {}, "Concat"),
        ([("If", ["x"], {"then_branch": _branch(), "else_branch": _branch()})], {}, "depends on what flows in"),
    ],
)
def test_an_operator_that_does_not_fit_is_named(nodes: Any, weights: Any, said: str) -> None:
    made = [onnx.helper.make_node(kind, inputs, ["y"], **more) for kind, inputs, more in nodes]
    with pytest.raises(SymparamsError, match=said) as raised:
        sp.from_onnx(_graph(made, weights, ["N", 3, 9, 9], ["N", 4, 4, 4]))
    assert "\n" not in raised.value.message
