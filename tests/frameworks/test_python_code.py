"""Python code that is read, against the same code run by torch: counts, weights and output."""

from __future__ import annotations

import json
import os
import random
import re
import sys
from pathlib import Path

import pytest
from code_styles import HEAD, REFUSED, SHORT, WRITTEN, drawn, module_of

import symparams as sp
from symparams.api import from_source
from symparams.errors import Source, SymparamsError
from symparams.frameworks.python.reader import source_of_code, source_of_file
from symparams.translate.program import translated

torch = pytest.importorskip("torch")


def _agrees(text: str, made: str, shape: tuple[int, ...]) -> None:
    names: dict[str, object] = {"__name__": "code"}
    exec(HEAD + text, names)
    module = eval(made, names).eval()
    whole = len(shape) == 1 and "nn.Embedding" in text
    given = torch.zeros(2, *shape, dtype=torch.long) if whole else torch.zeros(2, *shape)
    put_out = module(given)
    shapes = [tuple(t.shape[1:]) for t in (put_out if isinstance(put_out, tuple) else [put_out])]
    wanted = tuple(shapes) if len(shapes) > 1 else shapes[0]
    source = source_of_code(Source("code.py", HEAD + text), made, [",".join(map(str, shape))])
    net = from_source(source)
    params = sum(p.numel() for p in module.parameters())
    trained = sum(p.numel() for p in module.parameters() if p.requires_grad)
    assert (net.params, net.trainable, net.output) == (params, trained, wanted), source.text
    ours = sorted(sorted(t.shape) for layer in net.rows() for t in layer.tensors if t.is_weight and not t.tied)
    assert not net.symbols
    assert ours == sorted(sorted(p.shape or (1,)) for p in module.parameters()), source.text
    again = sp.parse(translated(source))
    assert (again.params, again.trainable, again.state, again.macs) == (params, trained, net.state, net.macs)
    assert again.output == wanted


@pytest.mark.parametrize("name", WRITTEN)
def test_code_as_people_write_it(name: str) -> None:
    _agrees(*WRITTEN[name])


@pytest.mark.parametrize("name", SHORT)
def test_short_code(name: str) -> None:
    made, runs, shape = SHORT[name]
    _agrees(module_of(made, runs), "Net()", shape)


def _sections(file: str) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Networks in one file, behind lines with their names and the shapes that go in."""
    found = {}
    for section in (Path(__file__).parent / "networks" / file).read_text(encoding="utf-8").split("# --- ")[1:]:
        head, _, text = section.partition("\n")
        name, _, shape = head.partition(" <- ")
        found[name] = text, tuple(map(int, shape.split(",")))
    return found


READ = {**_sections("short_of_tensors.txt"), **_sections("short_of_python.txt")}
NOT_READ = _sections("not_read.txt")


@pytest.mark.parametrize("name", READ)
def test_short_networks(name: str) -> None:
    text, shape = READ[name]
    _agrees(text, "Net()", shape)


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_not_read_is_refused(name: str) -> None:
    text, shape = NOT_READ[name]
    names: dict[str, object] = {"__name__": "code"}
    exec(HEAD + text, names)
    eval("Net()", names)(torch.zeros(2, *shape))
    with pytest.raises(SymparamsError):
        source_of_code(Source("code.py", HEAD + text), "Net()", [",".join(map(str, shape))])


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_counted_otherwise_is_refused(name: str) -> None:
    made, runs, shape = REFUSED[name]
    names: dict[str, object] = {"__name__": "code"}
    exec(HEAD + module_of(made, runs), names)
    eval("Net()", names)(torch.zeros(2, *shape))
    with pytest.raises(SymparamsError):
        source_of_code(Source("code.py", HEAD + module_of(made, runs)), "Net()", [",".join(map(str, shape))])


@pytest.mark.parametrize("seed", range(40))
def test_drawn_code(seed: int) -> None:
    _agrees(*drawn(random.Random(seed)))


# With all that their classes make by default: torchvision's own counts leave out the heads that help training.
TORCHVISION = {
    "alexnet.py:alexnet()": 61100840, "vgg.py:vgg16()": 138357544, "resnet.py:resnet50()": 25557032,
    "densenet.py:densenet121()": 7978856, "squeezenet.py:squeezenet1_1()": 1235496,
    "mobilenetv2.py:mobilenet_v2()": 3504872, "mobilenetv3.py:mobilenet_v3_large()": 5483032,
    "googlenet.py:googlenet(aux_logits=False)": 6624904, "inception.py:inception_v3()": 27161264,
    "shufflenetv2.py:shufflenet_v2_x1_0()": 2278604, "mnasnet.py:mnasnet1_0()": 4383312,
    "efficientnet.py:efficientnet_b0()": 5288548, "efficientnet.py:efficientnet_v2_s()": 21458488,
    "convnext.py:convnext_tiny()": 28589128, "vision_transformer.py:vit_b_16()": 86567656,
    "regnet.py:regnet_y_400mf()": 4344144, "regnet.py:regnet_x_400mf()": 5495976, "regnet.py:regnet_y_800mf()": 6432512,
    "regnet.py:regnet_x_1_6gf()": 9190136, "regnet.py:regnet_y_16gf()": 83590140, "maxvit.py:maxvit_t()": 30919624,
    "swin_transformer.py:swin_t()": 28288354, "swin_transformer.py:swin_s()": 49606258,
    "swin_transformer.py:swin_b()": 87768224, "swin_transformer.py:swin_v2_t()": 28351570,
}  # fmt: skip


# For other things than one class of one image: what goes in, and what comes out.
OF_TORCHVISION = {
    "video/resnet.py:r3d_18()": (33371472, "3,16,112,112", [400]),
    "video/resnet.py:r2plus1d_18()": (31505325, "3,16,112,112", [400]),
    "video/s3d.py:s3d()": (8320048, "3,16,224,224", [400]),
    "video/swin_transformer.py:swin3d_t()": (28158070, "3,16,112,112", [400]),
    "segmentation/lraspp.py:lraspp_mobilenet_v3_large(weights_backbone=None)": (3221538, "3,96,96", [21, 96, 96]),
    "segmentation/fcn.py:fcn_resnet50(weights_backbone=None, aux_loss=True)": (
        35322218, "3,64,64", [[21, 64, 64], [21, 64, 64]],
    ),
    "segmentation/deeplabv3.py:deeplabv3_resnet50(weights_backbone=None, aux_loss=True)": (
        42004074, "3,64,64", [[21, 64, 64], [21, 64, 64]],
    ),
    "quantization/resnet.py:resnet18()": (11689512, "3,224,224", [1000]),
}  # fmt: skip


def _folder_of_torchvision() -> Path:
    sources = os.environ.get("SYMPARAMS_MODEL_SOURCES")
    if not sources:
        assert not os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS"), "SYMPARAMS_MODEL_SOURCES names no folder"
        pytest.skip("SYMPARAMS_MODEL_SOURCES names no folder with the models of torchvision")
    return Path(sources)


def test_a_backbone_is_read_where_torchvision_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """from torchvision.models import resnet18, ResNet18_Weights
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.backbone = resnet18(weights=ResNet18_Weights.DEFAULT)
        for p in self.backbone.parameters():
            p.requires_grad = False
        self.backbone.fc = nn.Linear(self.backbone.fc.in_features, n)
    def forward(self, x):
        return self.backbone(x)
"""
    with pytest.raises(SymparamsError) as caught:
        source_of_code(Source("code.py", HEAD + text), "Net(n)", ["3,64,64"])
    assert caught.value.hint == "install torchvision: its files are read, not run"
    monkeypatch.syspath_prepend(str(_folder_of_torchvision().parent.parent))
    net = from_source(source_of_code(Source("code.py", HEAD + text), "Net(n)", ["3,64,64"]))
    assert (str(net.params), str(net.trainable)) == ("513*n + 11176512", "513*n")
    assert "torchvision" not in sys.modules


@pytest.mark.parametrize("name", OF_TORCHVISION)
def test_other_sources_of_torchvision(name: str) -> None:
    params, shape, output = OF_TORCHVISION[name]
    net = from_source(source_of_file(str(_folder_of_torchvision() / name), [shape]))
    assert (net.params, json.loads(json.dumps(net.output))) == (params, output)


@pytest.mark.parametrize("name", TORCHVISION)
def test_sources_of_torchvision(name: str) -> None:
    folder = _folder_of_torchvision()
    size = "299" if "inception" in name else "224"
    source = source_of_file(str(folder / name), [f"3,{size},{size}"])
    net = from_source(source)
    recorded = re.findall(r'"num_params": (\d+)', (folder / name.partition(":")[0]).read_text(encoding="utf-8"))
    assert net.params == TORCHVISION[name]
    assert str(TORCHVISION[name]) in recorded
    assert json.dumps(list(map(int, net.output))) == "[1000]"
    again = sp.parse(translated(source))
    assert (again.params, again.macs, again.output) == (net.params, net.macs, net.output)
