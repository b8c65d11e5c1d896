"""ONNX files that torch exports, and graphs made by hand, read as networks."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import pytest

import symparams as sp
from symparams.errors import SymparamsError

onnx = pytest.importorskip("onnx")


def _models() -> dict[str, tuple[Any, tuple[tuple[int, ...], ...], bool]]:
    """Models by name, with the shapes of a sample's inputs, and whether these are numbers of words."""
    torch = pytest.importorskip("torch")
    nn, F = torch.nn, torch.nn.functional

    class Residual(nn.Module):
        def __init__(self, c: int) -> None:
            super().__init__()
            self.a, self.b = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c)
            self.c = nn.Conv2d(c, c, 3, padding=1, groups=c)

        def forward(self, x: Any) -> Any:
            return F.relu(self.c(F.relu(self.b(self.a(x)))) + x)

    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.down, self.deep = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
            self.up, self.out = nn.ConvTranspose2d(16, 8, 2, 2), nn.Conv2d(16, 2, 1)

        def forward(self, x: Any) -> Any:
            skip = F.relu(self.down(x))
            return self.out(torch.cat([skip, self.up(F.gelu(self.deep(F.max_pool2d(skip, 2))))], 1))

    class ViT(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.patch = nn.Conv2d(3, 16, 4, 4)
            self.token, self.place = nn.Parameter(torch.randn(1, 1, 16)), nn.Parameter(torch.randn(1, 17, 16))
            self.norm, self.qkv, self.proj = nn.LayerNorm(16), nn.Linear(16, 48), nn.Linear(16, 16)
            self.head = nn.Linear(16, 10)

        def forward(self, x: Any) -> Any:
            x = self.patch(x).flatten(2).transpose(1, 2)
            x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
            q, k, v = self.qkv(self.norm(x)).reshape(-1, 17, 3, 4, 4).permute(2, 0, 3, 1, 4).unbind(0)
            y = (torch.softmax(q @ k.transpose(-2, -1) / 2, -1) @ v).transpose(1, 2).reshape(-1, 17, 16)
            return self.head((x + self.proj(y))[:, 0])

    class Words(nn.Module):
        def __init__(self, kind: Any, **more: Any) -> None:
            super().__init__()
            self.words, self.rnn = nn.Embedding(50, 12), kind(12, 7, batch_first=True, **more)
            self.head = nn.Linear(7 * (2 if more.get("bidirectional") else 1), 3)

        def forward(self, x: Any) -> Any:
            return self.head(self.rnn(self.words(x))[0][:, -1])

    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words, self.mix = nn.Embedding(50, 12), nn.Linear(12, 12)
            self.head = nn.Linear(12, 50, bias=False)
            self.head.weight = self.words.weight

        def forward(self, x: Any) -> Any:
            return self.head(torch.tanh(self.mix(self.words(x))))

    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one = nn.Sequential(nn.Linear(6, 6), nn.ReLU())

        def forward(self, x: Any) -> Any:
            return self.one(self.one(x))

    image = ((3, 16, 16),)
    return {
        "chain": (nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU6(), nn.Flatten(), nn.Linear(512, 4)), image, False),
        "residual": (
            nn.Sequential(nn.Conv2d(3, 8, 5), Residual(8), Residual(8), nn.AdaptiveAvgPool2d(1)),
            image,
            False,
        ),
        "pools": (nn.Sequential(nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2, ceil_mode=True), nn.PReLU(3)), image, False),
        "norms": (
            nn.Sequential(nn.Conv2d(3, 8, 1), nn.GroupNorm(4, 8), nn.InstanceNorm2d(8, affine=True), nn.SiLU()),
            image,
            False,
        ),
        "one axis": (
            nn.Sequential(nn.Conv1d(5, 8, 3, dilation=2), nn.BatchNorm1d(8), nn.Hardswish()),
            ((5, 20),),
            False,
        ),
        "three axes": (
            nn.Sequential(nn.Conv3d(2, 4, 3), nn.ELU(), nn.Upsample(scale_factor=2)),
            ((2, 6, 7, 8),),
            False,
        ),
        "padded": (nn.Sequential(nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(3, 4, 3)), image, False),
        "unet": (UNet(), image, False),
        "vit": (ViT(), image, False),
        "lstm": (Words(nn.LSTM, num_layers=2), ((9,),), True),
        "both ways": (Words(nn.LSTM, bidirectional=True), ((9,),), True),
        "gru": (Words(nn.GRU, bidirectional=True, num_layers=2), ((9,),), True),
        "rnn": (Words(nn.RNN, bias=False), ((9,),), True),
        "tied": (Tied(), ((9,),), True),
        "twice": (Twice(), ((6,),), False),
    }


NAMES = (
    *("chain", "residual", "pools", "norms", "one axis", "three axes", "padded", "unet", "vit", "lstm", "both ways"),
    *("gru", "rnn", "tied", "twice"),
)


# The exporter merges batch norms into convolutions, and writes a tied weight twice.
MERGED = ("residual", "one axis", "tied")


def _exported(model: Any, inputs: Any, dynamic: bool) -> bytes:
    torch = pytest.importorskip("torch")
    axes = {"x": {0: "batch"}} if dynamic else None
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, inputs, target, input_names=["x"], dynamic_axes=axes, dynamo=False)
    return target.getvalue()


@pytest.mark.parametrize("dynamic", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_what_torch_exports(name: str, dynamic: bool) -> None:
    torch = pytest.importorskip("torch")
    model, shapes, of_words = _models()[name]
    model.eval()
    for buffer in model.buffers():
        if buffer.is_floating_point():
            buffer.uniform_(0.5, 2)  # tensors that are equal would be one in the file
    inputs = tuple(
        torch.zeros(1 if not dynamic else 2, *s, dtype=torch.long if of_words else torch.float) for s in shapes
    )
    whole = _exported(model, inputs, dynamic)
    net = sp.from_onnx(whole)
    held = {t.name: t for t in onnx.load_model_from_string(whole).graph.initializer if t.data_type == 1}
    elements = {name: int(onnx.numpy_helper.to_array(t).size) for name, t in held.items()}
    state = sum(count for name, count in elements.items() if "running_" in name)
    assert net.params == net.trainable == sum(elements.values()) - state
    if name not in MERGED:
        assert net.params == sum(p.numel() for p in model.parameters())
    assert net.output == tuple(model(*inputs).shape[1:])
    assert (net.state, net.opaque) == (state, ())


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


def test_equal_tensors_of_the_file_count_for_each_layer() -> None:
    """An exporter writes equal tensors once: the biases of zeros of a new model."""
    torch = pytest.importorskip("torch")
    nn = torch.nn
    model = nn.Sequential(nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 5), nn.Linear(5, 1))
    for layer in (model[0], model[2]):
        nn.init.zeros_(layer.bias)
    net = sp.from_onnx(_exported(model.eval(), (torch.zeros(2, 5),), True))
    assert net.params == sum(p.numel() for p in model.parameters())
