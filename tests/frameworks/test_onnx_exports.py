"""What torch's two exporters write is read as torch has it: every parameter, and the sizes of what comes out."""

from __future__ import annotations

import contextlib
import io
import warnings
from math import prod
from pathlib import Path
from typing import Any

import pytest
from onnx_models import MODELS, Exported
from oracle import demand

import symparams as sp

torch = demand("torch")
onnx = demand("onnx")
SYMBOL = "T"
WITH_TOKEN = ("vit", "vit of one layer")


def _ready(name: str) -> tuple[Any, Exported]:
    """The model with numbers of its own in each tensor: those that are equal would be one in the file."""
    torch.manual_seed(0)
    exported = MODELS[name]
    model = exported.make().eval()
    with torch.no_grad():
        for tensor in (*model.parameters(), *(b for b in model.buffers() if b.is_floating_point() and b.dim() == 1)):
            tensor.copy_(torch.rand_like(tensor) + 0.5)
    return model, exported


def _inputs(exported: Exported, samples: int) -> tuple[Any, ...]:
    kind = torch.long if exported.of_words else torch.float
    return tuple(torch.zeros(samples, *shape, dtype=kind) for shape in exported.shapes)


def _exported(model: Any, inputs: Any, axes: list[dict[int, str]], **more: Any) -> bytes:
    """The file of torch's first exporter."""
    names = [f"x{place}" for place in range(len(inputs))]
    target = io.BytesIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        dynamic = {name: each for name, each in zip(names, axes) if each}
        torch.onnx.export(model, inputs, target, input_names=names, dynamic_axes=dynamic, dynamo=False, **more)
    return target.getvalue()


def _in_file(whole: bytes, of_state: bool = False) -> int:
    """The real numbers in a file: its moving means and variances, or all others."""
    tensors = onnx.load_model_from_string(whole).graph.initializer
    real = [t for t in tensors if t.data_type == onnx.TensorProto.FLOAT and t.dims]
    return sum(prod(tensor.dims) for tensor in real if ("running_" in tensor.name) == of_state)


def _is_like(net: sp.Network, model: Any, inputs: Any, whole: bytes, exported: Exported) -> None:
    """Torch's counts; others only with a note, where the exporter has merged layers, or worked weights out."""
    ours = sum(parameter.numel() for parameter in model.parameters())
    assert net.params == net.trainable
    assert net.params == ours or (net.params == _in_file(whole) and net.warnings)
    assert net.state == _in_file(whole, of_state=True)
    with torch.no_grad():
        made = model(*inputs)
    shapes = [tuple(t.shape[1:]) for t in (made if isinstance(made, tuple) else (made,))]
    sizes = [shape[axis - 1] for shape in exported.shapes if (axis := exported.open_axis)]
    at = net(**dict.fromkeys(map(str, net.symbols), sizes[0])) if net.symbols else net
    assert ([tuple(shape) for shape in at.output_shapes], net.opaque) == (shapes, ())


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("samples", [1, 2])
def test_for_a_number_of_samples(name: str, samples: int) -> None:
    if name in WITH_TOKEN and samples == 2:
        pytest.skip("a token that is expanded to two samples is refused")
    model, exported = _ready(name)
    inputs = _inputs(exported, samples)
    whole = _exported(model, inputs, [{} for _ in inputs])
    net = sp.from_onnx(whole)
    assert not net.symbols
    _is_like(net, model, inputs, whole, exported)


@pytest.mark.parametrize("name", MODELS)
def test_for_any_number_of_samples(name: str) -> None:
    model, exported = _ready(name)
    inputs = _inputs(exported, 2)
    whole = _exported(model, inputs, [{0: "batch"} for _ in inputs])
    _is_like(sp.from_onnx(whole), model, inputs, whole, exported)


@pytest.mark.parametrize("name", [name for name, exported in MODELS.items() if exported.open_axis])
def test_with_an_open_size(name: str) -> None:
    model, exported = _ready(name)
    inputs = _inputs(exported, 2)
    whole = _exported(model, inputs, [{0: "batch", exported.open_axis or 1: SYMBOL} for _ in inputs])
    net = sp.from_onnx(whole)
    assert [*map(str, net.symbols)] == [SYMBOL]
    _is_like(net, model, inputs, whole, exported)


@pytest.mark.parametrize("name", MODELS)
def test_as_the_model_is_trained(name: str) -> None:
    """Nothing merged or worked out: torch's own counts, its moving means and variances as state."""
    model, exported = _ready(name)
    inputs = _inputs(exported, 2)
    mode = torch.onnx.TrainingMode.PRESERVE
    whole = _exported(model, inputs, [{0: "batch"} for _ in inputs], training=mode, do_constant_folding=False)
    net = sp.from_onnx(whole)
    _is_like(net, model, inputs, whole, exported)
    assert net.params == sum(parameter.numel() for parameter in model.parameters())
    assert net.state == sum(b.numel() for n, b in model.named_buffers() if "running_" in n)


@pytest.mark.parametrize("opset", [9, 11, 13])
@pytest.mark.parametrize("name", ["chain", "residual", "excited", "unet", "lstm", "several", "pools"])
def test_older_operators(name: str, opset: int) -> None:
    model, exported = _ready(name)
    inputs = _inputs(exported, 2)
    more = {"opset_version": opset, "keep_initializers_as_inputs": True}
    whole = _exported(model, inputs, [{0: "batch"} for _ in inputs], **more)
    _is_like(sp.from_onnx(whole), model, inputs, whole, exported)


@pytest.mark.parametrize("name", MODELS)
def test_the_exporter_of_programs(name: str, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    if name in (*WITH_TOKEN, "rnn"):
        pytest.skip("where the batch of two stands is not seen in what this exporter writes of it")
    model, exported = _ready(name)
    inputs = _inputs(exported, 2)
    file = str(tmp_path / "net.onnx")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(model, inputs, file, dynamo=True, external_data=False, verbose=False)
    _is_like(sp.load(file), model, inputs, Path(file).read_bytes(), exported)


def test_the_layers_are_called_as_the_modules_are() -> None:
    model, exported = _ready("residual")
    inputs = _inputs(exported, 2)
    names = {name for name, module in model.named_modules() if not [*module.children()] and [*module.parameters()]}
    mode = torch.onnx.TrainingMode.PRESERVE
    as_trained = _exported(model, inputs, [{0: "batch"}], training=mode, do_constant_folding=False)
    assert names <= {*sp.from_onnx(as_trained).layers}
    merged = sp.from_onnx(_exported(model, inputs, [{0: "batch"}]))
    assert {name for name in names if isinstance(model.get_submodule(name), torch.nn.Conv2d)} <= {*merged.layers}
    (note,) = merged.warnings
    assert "merged a batch norm into" in note.message


def test_a_weight_that_is_shared() -> None:
    class Tied(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words, self.mix = torch.nn.Embedding(50, 12), torch.nn.Linear(12, 12)

        def forward(self, x: Any) -> Any:
            return torch.tanh(self.mix(self.words(x))) @ self.words.weight.t()

    inputs = (torch.zeros(2, 9, dtype=torch.long),)
    once = sp.from_onnx(_exported(Tied(), inputs, [{0: "batch"}], do_constant_folding=False))
    assert (once.params, once.output, once.warnings) == (50 * 12 + 12 * 12 + 12, (9, 50), [])
    twice = sp.from_onnx(_exported(Tied(), inputs, [{0: "batch"}]))
    assert twice.params == once.params + 50 * 12
    assert "have the same numbers" in twice.warnings[0].message


def test_equal_tensors_of_the_file_count_for_each_layer() -> None:
    """An exporter writes equal tensors once: the biases of zeros of a new model."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 5), nn.Linear(5, 1))
    for layer in (model[0], model[2]):
        nn.init.zeros_(layer.bias)
    net = sp.from_onnx(_exported(model.eval(), (torch.zeros(2, 5),), [{0: "batch"}]))
    assert net.params == sum(p.numel() for p in model.parameters())
