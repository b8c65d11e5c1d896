"""The command, its faults, its files, its languages, and what stands in a derivation."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main
from symparams.derive.messages import languages
from symparams.errors import display_width
from symparams.evaluate.figures import DERIVED
from symparams.render.derivation import FORMATS

CIFAR = (
    "input(3, 32, 32)\nconv1: conv(32, 3, p=1) -> relu -> maxpool(2)\nconv2: conv(64, 3, p=1) -> relu -> maxpool(2)\n"
)
CIFAR += "flatten\nfc1: linear(128) -> relu\nfc2: linear(10)"


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["derive", *arguments])
    return done.exit_code, done.output


def test_steps_are_those_of_the_blackboard() -> None:
    text = sp.parse(CIFAR).derive(detail="full").markdown()
    steps = [
        r"P_{\mathrm{conv2}} &= k_{h} k_{w} \frac{C_{\mathrm{in}}}{G}\, C_{\mathrm{out}} + C_{\mathrm{out}} \\",
        r"&= 3 \times 3 \times \frac{32}{1} \times 64 + 64 \\",
        r"&= 18{,}432 + 64 \\",
        "&= 18{,}496",
    ]
    assert "\n".join(steps) in text
    assert "P &= P_{\\mathrm{conv1}} + P_{\\mathrm{conv2}} + P_{\\mathrm{fc1}} + P_{\\mathrm{fc2}}" in text
    assert "&= 545{,}098" in text


def test_sizes_leave_out_what_says_nothing() -> None:
    net = sp.parse("input(3, 32, 32) -> conv(8, 3, p=1)")
    assert "Where s = 1: H_out = H_in + 2p − k + 1." in net.derive().text()
    assert "⌊(H_in + 2p − d·(k − 1) − 1)/s⌋ + 1" in net.derive(detail="full").text()
    assert "d·(k − 1)" in sp.parse("input(3, 32, 32) -> conv(8, 3, d=2)").derive().text()


def test_symbols_stay_symbols() -> None:
    text = sp.parse("input(C, H, W) -> conv(64, 3)").derive(layer="conv1").text()
    assert "= 3 × 3 × C × 64 + 64\n" in text
    assert "= 576C + 64\n" in text


def test_equal_layers_are_derived_once() -> None:
    text = (
        sp.parse("input(8, 9, 9)\nconv(8, 3, p=1)\nconv(8, 3, p=1)\nconv(8, kernel_size=3, p=1)")
        .derive(detail="full")
        .text()
    )
    assert text.count("P[conv1] =") == 1 and "The same holds for conv2, conv3." in text
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
    assert r"\sum_{i=0}^{n - 1}" in dense.derive(detail="full").markdown()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_format_in_every_language(detail: str, language: str) -> None:
    derivation = sp.zoo.resnet50().derive(("params", "output", "macs"), detail=detail, lang=language)
    assert all("bn1" in derivation.to(target) for target in FORMATS if target != "formula")


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


@pytest.mark.parametrize("target", ["text", "latex"])
def test_numbers_between_commas_have_no_commas_of_their_own(target: str) -> None:
    rule = "layer odd(n) on (C) {\n weight w(max(n, C, 5), abs(C - 9))\n output (1234*n, max(n, C))\n}\n"
    text = sp.parse(f"{rule}input(2345)\nodd(1234*m)").derive().to(target).replace("{,}", ",")
    comma = re.compile(r"\d,\d{3}")
    assert "2345" in text and comma.search(text)
    for arguments in re.findall(r"(?:max|output|Input)\b[^()]*\(([^()]*)\)", text.replace("\\left", "")):
        assert not comma.search(arguments), arguments


def test_functions_of_several_arguments_are_not_nested() -> None:
    rule = "layer odd(n) on (C) {\n weight w(max(n, C, 5))\n output (n,)\n}\n"
    assert "P[odd1] = max(n, C, 5)\n" in sp.parse(f"{rule}input(d)\nodd(m)").derive(detail="full").text()


def test_a_fraction_that_is_multiplied_has_brackets_in_text() -> None:
    text = sp.parse("input(16, 9, 9) -> conv(32, 3, g=4)").derive().text()
    assert "k²·(C_in/G)·C_out [weights]" in text
    assert (
        "= 3 × 3 × (16/4) × 32 + 32\n" in sp.parse("input(16, 9, 9) -> conv(32, 3, g=4)").derive(layer="conv1").text()
    )


def test_a_chain_does_not_come_back_to_where_it_was() -> None:
    net = sp.parse("input(c, 8, 8)\nfor i in 0..n { concat { id } { conv(g, 3, p=1) } }\ngap -> linear(10)")
    steps = json.loads(net.derive(["macs"]).json())["macs"]["steps"]
    rows = [step["next"]["text"] for step in steps]
    assert rows == ["M[repeat1] + M[linear1]", "288n·g²·(n − 1) + 576c·n·g + 10·(n·g + c)"]


BLOCKS = (
    "def unit(c) { conv(c, 3, p=1) -> bn }\ndef pair(c) { unit(c) -> unit(c) }\n"
    "input(8, 9, 9)\nfirst: unit(8)\nmiddle: pair(8)\nlast: pair(4)\ngap"
)


def test_a_block_that_is_met_again_is_not_opened_again() -> None:
    doubled = "\n".join(f"def f{i + 1} {{ f{i} -> f{i} }}" for i in range(40))
    text = sp.parse(f"{doubled}\ndef f0 {{ relu }}\ninput(3) -> f40").derive().text()
    assert (
        len(text) < 10_000 and sp.parse("def f { linear(9) }\ninput(9) -> f -> f").derive().text().count("9 × 9") == 1
    )


def test_what_is_derived_elsewhere_says_where() -> None:
    text = sp.parse(BLOCKS).derive(detail="full").text()
    assert (
        "2  middle: block pair\n\nInput and output: (8, 9, 9).\n\nDerived above: middle.unit1, middle.unit2 (see 1).\n"
        in text
    )
    assert "Input (8, 9, 9), output (4, 9, 9)." in text
    assert "Without parameters: gap1 with output (4)." in text


def test_one_block_alone_has_what_its_sum_is_made_of() -> None:
    text = sp.parse(BLOCKS).derive(layer="middle").text()
    assert "P[middle] = 2·P[first]" in text and text.count("P[first] = ") == 1 and "last" not in text


def test_layers_with_nothing_to_derive_are_not_said_to_have_no_parameters() -> None:
    text = sp.parse("input(8, 9, 9) -> conv(8, 3) -> bn -> relu").derive(["macs"], detail="full").text()
    assert "Nothing to derive here: bn1." in text and "with the shape kept: relu1." in text


def test_weights_of_a_layer_that_is_used_again_are_said_once() -> None:
    text = sp.parse("input(9) -> a: linear(9) -> reuse(a)").derive().text()
    assert text.count("with which they are counted") == 1 and "The weights are those of a, with which" in text


def test_a_network_without_layers_has_no_tables() -> None:
    text = sp.parse("input(3, 8, 8)").derive().text()
    assert text.endswith("The network has no layers.\n") and "-----" not in text


def test_a_number_of_turns_that_is_a_sum_has_brackets() -> None:
    text = sp.parse("input(4)\nfor i in 0..n { linear(i + 1) }").derive(detail="full").text()
    assert re.search(r"linear2 × .*\n +\(n − 1\)", text)


@pytest.mark.parametrize("language", languages())
def test_prose_and_formulas_in_text_are_80_columns_wide(language: str) -> None:
    net = sp.zoo.resnet50()
    for text in (net.derive(DERIVED, lang=language).text(), net.exercise(lang=language, solutions=True).text()):
        prose = [line for block in text.split("\n\n") if "  ---" not in block for line in block.split("\n")]
        assert len(prose) > 50 and max(map(display_width, prose)) <= 80
    assert "\xa0" not in text


def test_a_long_shape_in_text_breaks_between_its_sizes() -> None:
    net = sp.parse("input(c, H, W) -> conv(24, 3, s=2, p=1)\nfor i in 0..n { concat { id } { conv(g, 3, p=1) } }")
    lines = net.derive(detail="full").text().split("All layers")[0].split("\n")
    assert "⌊(H − 1)/2⌋ + 1, ⌊(W − 1)/2⌋ + 1)." in lines
    assert not [line for line in lines if line.count("⌊") != line.count("⌋")]


def test_a_wide_table_in_text_has_rows_of_several_lines() -> None:
    assert re.search(r"max pooling +\(32, 16, 16\)", sp.parse(CIFAR).derive(detail="full").text())
    for detail, column in (("normal", "count"), ("full", "running")):
        lines = sp.zoo.resnet50().derive(detail=detail).text().split("\n")
        assert max(map(display_width, lines)) <= 82 and any(column in line for line in lines)
