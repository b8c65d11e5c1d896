"""The command, its faults, its files, its languages, and what stands in a derivation."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main
from symparams.derive.derivation import FORMATS
from symparams.derive.messages import languages

CIFAR = (
    "input(3, 32, 32)\nconv1: conv(32, 3, p=1) -> relu -> maxpool(2)\nconv2: conv(64, 3, p=1) -> relu -> maxpool(2)\n"
)
CIFAR += "flatten\nfc1: linear(128) -> relu\nfc2: linear(10)"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["derive", *arguments])
    return done.exit_code, done.output


def test_steps_are_those_of_the_blackboard() -> None:
    text = sp.parse(CIFAR).derive().markdown()
    steps = [
        r"P_{\mathrm{conv2}} &= k_{h} k_{w} C_{\mathrm{in}} C_{\mathrm{out}} + C_{\mathrm{out}} \\",
        r"&= 3 \times 3 \times 32 \times 64 + 64 \\",
        r"&= 18{,}432 + 64 \\",
        "&= 18{,}496",
    ]
    assert "\n".join(steps) in text
    assert "P &= P_{\\mathrm{conv1}} + P_{\\mathrm{conv2}} + P_{\\mathrm{fc1}} + P_{\\mathrm{fc2}}" in text
    assert "&= 545{,}098" in text


def test_sizes_leave_out_what_says_nothing() -> None:
    net = sp.parse("input(3, 32, 32) -> conv(8, 3, p=1)")
    assert "H_out = W_out = H_in + 2p − k + 1" in net.derive().text()
    assert "⌊(H_in + 2p − d·(k − 1) − 1)/s⌋ + 1" in net.derive(detail="full").text()
    assert "d·(k − 1)" in sp.parse("input(3, 32, 32) -> conv(8, 3, d=2)").derive().text()


def test_symbols_stay_symbols() -> None:
    text = sp.parse("input(C, H, W) -> conv(64, 3)").derive().text()
    assert "= 3 × 3 × C × 64 + 64\n" in text
    assert "= 576C + 64\n" in text


def test_equal_layers_are_derived_once() -> None:
    text = sp.parse("input(8, 9, 9)\nconv(8, 3, p=1)\nconv(8, 3, p=1)\nconv(8, kernel_size=3, p=1)").derive().text()
    assert text.count("P[conv1] =") == 1 and "Equal to it: conv2, conv3." in text
    assert "P = 3·P[conv1]" in text


def test_depth_is_a_factor_or_a_sum() -> None:
    assert (
        "L·(12d² + 13d)"
        in sp.parse(
            "input(T, d)\nrepeat(L) {\n residual { attention(1) } -> layernorm\n"
            " residual { linear(4*d) -> gelu -> linear(d) } -> layernorm\n}"
        )
        .derive()
        .text()
    )
    dense = sp.parse("input(C, H, W)\nrepeat(n) { concat { id } { conv(g, 3, p=1, bias=false) } }")
    assert r"\sum_{i=0}^{n - 1}" in dense.derive().markdown()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_format_in_every_language(detail: str, language: str) -> None:
    derivation = sp.zoo.resnet50().derive(("params", "output", "macs"), detail=detail, lang=language)
    assert all("bn1" in derivation.to(target) for target in FORMATS)


def test_json_holds_steps_with_reasons() -> None:
    record = json.loads(sp.parse(CIFAR).derive().json())
    conv = record["parts"][0]
    assert [step["reason"] for step in conv["params"]["steps"]] == ["formula", "substitute", "multiply", "add"]
    assert conv["params"]["steps"][-1]["next"]["text"] == "896"
    first = conv["params"]["steps"][0]
    assert first["layer"] == "conv1" and first["rule"]["source"].endswith("convolution.arch")


def test_one_layer_alone() -> None:
    status, output = run("-e", CIFAR, "--layer", "fc1")
    assert status == 0 and "P[fc1]" in output and "conv1" not in output
