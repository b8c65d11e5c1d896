"""Programs that are written from code: the same network, in blocks with parameters, branches and turns."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main
from symparams.errors import Source, SourceParts
from symparams.frameworks.python.reader import source_of_code
from symparams.translate import program as translating

RESNET = """
import torch.nn as nn
import torch.nn.functional as F

class Basic(nn.Module):
    def __init__(self, c, out, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(c, out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.down = nn.Conv2d(c, out, 1, stride) if stride > 1 or c != out else None

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.down is None else self.down(x)))

class Net(nn.Module):
    def __init__(self, w=16, n=3):
        super().__init__()
        self.stem = nn.Conv2d(3, w, 3, padding=1)
        self.layer1 = nn.Sequential(*[Basic(w, w) for _ in range(n)])
        self.layer2 = nn.Sequential(Basic(w, 2 * w, 2), Basic(2 * w, 2 * w))
        self.layer3 = nn.Sequential(Basic(2 * w, 4 * w, 2), Basic(4 * w, 4 * w))
        self.fc = nn.Linear(4 * w, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(self.stem(x))))
        return self.fc(x.mean((2, 3)))
"""
WRITTEN = """
net Net
dialect torch

def Basic(out) {
  residual {
    conv1: conv(out, 3, p=1, bias=false)
    bn1: bn
    relu
    conv2: conv(out, 3, p=1, bias=false)
    bn2: bn
  }
  relu
}

def Basic_2(out) {
  residual {
    conv1: conv(out, 3, s=2, p=1, bias=false)
    bn1: bn
    relu
    conv2: conv(out, 3, p=1, bias=false)
    bn2: bn
  } { down: conv(out, 1, s=2) }
  relu
}

x: input(3, 32, 32)
stem: conv(w, 3, p=1)
layer1: { repeat(3) { Basic(w) } }
layer2: {
  Basic_2(2 * w)
  Basic(2 * w)
}
layer3: {
  Basic_2(4 * w)
  Basic(4 * w)
}
reduce(1, 2)
fc: linear(10)
"""


def test_classes_are_blocks_and_neighbours_turns() -> None:
    source = source_of_code(Source("net.py", RESNET), "Net(w)", ["3,32,32"])
    assert translating.translated(source) == WRITTEN.lstrip()


def test_the_command_writes_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "net.py").write_text(RESNET)
    result = CliRunner().invoke(main, ["translate", f"{tmp_path / 'net.py'}:Net(w)", "--input", "3,32,32"])
    assert result.output == WRITTEN.lstrip()


def test_a_program_of_the_language_stays_as_it_is() -> None:
    text = "input(3, 8, 8)  # an image\nconv(4, 3) -> conv(4, 3)\n"
    assert translating.translated(Source("net.arch", text)) == text


class _Drawn:
    """Draws the graph of code with classes: parts in braces, skips, layers that are equal or differ in numbers."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.titles: dict[str, str] = {}
        self.kinds: dict[str, Callable[[int], list[str]]] = {}

    def layer(self, width: int) -> str:
        return self.random.choice(
            [
                f"nn.Conv2d(in_channels={width}, out_channels={width}, kernel_size=3, padding=1)",
                f"nn.Conv2d(in_channels={width}, out_channels={width}, kernel_size=1, bias=False)",
                f"nn.Conv2d({width}, {width}, 3, 1, 1, groups={width})",
                f"nn.BatchNorm2d({width})",
                "nn.ReLU",
                "nn.GELU()",
            ]
        )

    def stages(self, width: int, depth: int, place: tuple[str, ...]) -> list[str]:
        """Lines that keep the width."""
        found: list[str] = []
        for number in range(self.random.randint(1, 4)):
            kind = self.random.randrange(5 if depth else 3)
            if kind < 2:
                found += [self.layer(width)] * self.random.randint(1, 3)
            elif kind == 2:
                found += ["start: id", self.layer(width), self.layer(width), self.random.choice(_MERGES)]
            else:
                label = self.random.choice([f"_{number}", f"part{number}"])
                title = self.random.choice(["Block", "Sequential", f"Kind{depth}"])
                self.titles[".".join((*place, label))] = title
                inside = self.stages(width, depth - 1, (*place, label))
                found += [f"{label}: {{", *(f"  {line}" for line in inside), "}"]
        return found

    def source(self) -> Source:
        lines = ["net drawn", "dialect torch", "x: input(4, 8, 8)"]
        for number in range(3):
            width = self.random.choice([4, 8, 16])
            lines.append(f"nn.Conv2d(out_channels={width}, kernel_size=1)")
            body = self.stages(width, 2, (f"stage{number}",))
            for again in range(self.random.randint(1, 3)):
                label = f"stage{number}" if not again else f"stage{number}_{again}"
                self.titles.update(
                    (label + path[len(f"stage{number}") :], title)
                    for path, title in [*self.titles.items()]
                    if path.startswith(f"stage{number}.")
                )
                self.titles[label] = "Stage"
                lines += [f"{label}: {{", *(f"  {line}" for line in body), "}"]
        text = "\n".join(lines) + "\n"
        return Source("drawn", text, parts=SourceParts(text, self.titles))


_MERGES = ["add(start)", "mul(start)"]


@pytest.mark.parametrize("seed", range(60))
def test_drawn_parts_stand_for_the_same_network(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every form that is tried holds: none is left out because it would be another network."""
    held: list[bool] = []
    monkeypatch.setattr(translating, "is_the_same", _noting(translating.is_the_same, held))
    source = _Drawn(seed).source()
    text = translating.translated(source)
    assert held == [True] * 4, text
    ours, theirs = sp.parse(text), sp.parse(source.text)
    assert sorted(_sizes(ours)) == sorted(_sizes(theirs))
    assert len(text.splitlines()) <= len(source.text.splitlines()) + 10


def _noting(work: Callable[..., bool], held: list[bool]) -> Callable[..., bool]:
    def noted(*arguments: object) -> bool:
        held.append(work(*arguments))
        return held[-1]

    return noted


def _sizes(net: sp.Network) -> list[tuple[str, ...]]:
    return [
        (layer.layer, str(layer.output_shape), str(t.shape))
        for layer in net.rows()
        for t in layer.tensors
        for _ in range(int(layer.count))
    ]


def test_a_layer_with_an_activation_is_two_in_own_words() -> None:
    text = (
        'net A\ndialect keras\nInput(shape=(8, 8, 3)) -> Conv2D(4, 3, activation="relu", name="first") -> Flatten()\n'
    )
    written = "net A\ndialect keras\n\ninput(8, 8, 3, layout=channels_last)\nfirst: conv(4, 3)\nrelu\nflatten\n"
    assert translating.translated(Source("a.json", text, parts=SourceParts(text, {}))) == written
