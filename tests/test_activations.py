"""Activations: the elements that all layers put out, against PyTorch's own modules and against sums over turns."""

from __future__ import annotations

import json
import random
from math import prod

import pytest
from checks import at
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main

# Rows that end a chain in (C, H, W), as the program and as torch have them; `c` are the channels that flow in.
LAYERS = (
    ("conv(6, 3, s=2, p=1)", "nn.Conv2d({c}, 6, 3, 2, 1)", 6),
    ("conv(4, 1)", "nn.Conv2d({c}, 4, 1)", 4),
    ("relu", "nn.ReLU(inplace=True)", None),
    ("bn", "nn.BatchNorm2d({c})", None),
    ("maxpool(2)", "nn.MaxPool2d(2)", None),
    ("dropout(0.1)", "nn.Dropout(0.1)", None),
    ("convT(5, 2, s=2)", "nn.ConvTranspose2d({c}, 5, 2, 2)", 5),
    ("upsample(2)", "nn.Upsample(scale_factor=2)", None),
)


@pytest.mark.parametrize("seed", range(12))
def test_activations_are_what_hooks_on_torch_modules_see(seed: int) -> None:
    torch = pytest.importorskip("torch")
    draw = random.Random(seed)
    channels, words, modules = 3, [], []
    for word, module, out in draw.choices(LAYERS, k=7):
        words.append(word)
        modules.append(eval(module.format(c=channels), {"nn": torch.nn}))
        channels = out or channels
    words.append("flatten")
    modules.append(torch.nn.Flatten())
    seen = []
    for module in modules:
        module.register_forward_hook(lambda module, given, made: seen.append(made[0].numel()))
    torch.nn.Sequential(*modules).eval()(torch.zeros(1, 3, 40, 36))
    net = sp.parse(f"input(3, H, W) -> {' -> '.join(words)}")
    assert net(H=40, W=36).activations == sum(seen)
    assert at(net.quantity("activations"), {"H": 40, "W": 36}) == sum(seen)
    assert [layer.activations for layer in net(H=40, W=36).layers.values()] == seen


@pytest.mark.parametrize(
    "program",
    [
        "input(3, H, H) -> conv(8, 3, p=1) -> repeat(n) { conv(8, 3, p=1) -> relu } -> gap",
        "input(3, H, H) -> conv(8, 3, p=1) -> for i in 0..n { conv(8*(i + 1), 3, p=1) } -> gap",
        "input(T, 4) -> repeat(n) { residual { ln -> linear(16) -> gelu -> linear(4) } }",
        "input(2, H, H) -> repeat(n) { upsample(2) } -> concat { conv(3, 1) } { id } -> gap",
        "input(4) -> repeat(n) { add { linear(4) } { linear(4) } }",
        "input(4) -> repeat(n) { mul { linear(4) } { linear(4) -> sigmoid } }",
    ],
)
def test_turns_are_counted_one_by_one(program: str) -> None:
    net = sp.parse(program)
    for turns in (1, 2, 5):
        values = {name: turns if name == "n" else 6 for name in net.symbols}
        number = net(**values)
        rows = number.layers.values()
        assert number.activations == sum(prod(row.output) * row.count for row in rows if not row.turns)
        assert at(net.quantity("activations"), values) == number.activations


def test_they_are_asked_for_everywhere() -> None:
    program = "input(3, H, W) -> c: conv(8, 3) -> gap -> linear(10)"
    net = sp.parse(program)
    assert net.activations == net.layers["c"].activations + 18
    assert net.function("activations")(H=10, W=10) == 8 * 8 * 8 + 18

    def said(*words: str) -> str:
        done = CliRunner().invoke(main, [*words, "-e", program])
        assert done.exit_code == 0, done.output
        return done.output

    assert said("activations").strip() == "8H·W − 16H − 16W + 50"
    assert json.loads(said("activations", "--json", "--set", "H=10,W=10")) == {"activations": 530}
    assert "activations" not in said("show")
    assert "8H·W − 16H − 16W + 32" in said("show", "--columns", "activations")
    record = json.loads(said("show", "--columns", "activations", "--json", "--set", "H=10,W=10"))
    assert (record["activations"], record["layers"][0]["activations"]) == (530, 512)


def test_a_symbol_that_only_activations_hold_is_one_of_the_network() -> None:
    net = sp.parse("input(C, H, W) -> upsample(r) -> gap")
    assert list(net.symbols) == ["C", "H", "W", "r"]
    assert "only in the activations" in str(net.why("r"))
