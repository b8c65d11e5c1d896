"""Operations as tools count them: symbolic as they are, said where they are shown, refused where they are not known."""

from __future__ import annotations

import json
import pickle

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams import SymparamsError
from symparams.cli import main
from symparams.evaluate.conventions import TOOLS

RESIDUAL = "input(C, H, W) -> repeat(n) { residual { conv(C, 3, p=1) -> bn -> relu } } -> flatten -> linear(10)"
BY_HAND = {
    "torchinfo": "n*(H*W*(9*C**2 + C) + 2*C) + 10*C*H*W + 10",
    "fvcore": "n*(H*W*9*C**2 + 2*C*H*W) + 10*C*H*W",
    "ptflops": "n*(H*W*(9*C**2 + C) + 4*C*H*W) + 10*C*H*W + 10",
    "thop": "n*(H*W*9*C**2 + 4*C*H*W) + 10*C*H*W",
    "deepspeed": "n*H*W*9*C**2 + 10*C*H*W",
}


def said(*words: str) -> str:
    return CliRunner().invoke(main, [*words]).output


def _at(net: sp.Network, values: dict[str, int]) -> int:
    return net.macs.subs({net.symbols[name]: value for name, value in values.items()})


@pytest.mark.parametrize("tool", TOOLS)
def test_symbols_stay(tool: str) -> None:
    net = sp.parse(RESIDUAL).counted_as(tool)
    for values in ({"C": 3, "H": 5, "W": 7, "n": 2}, {"C": 8, "H": 1, "W": 4, "n": 5}):
        assert _at(net, values) == net(**values).macs == eval(BY_HAND[tool], {}, dict(values))
    assert net.params == sp.parse(RESIDUAL).params


def test_flops_are_two_for_each_multiply_accumulate() -> None:
    net = sp.parse(RESIDUAL)
    assert (net.flops - 2 * net.macs).expand() == 0 and net.layers["conv1"].flops == 2 * net.layers["conv1"].macs
    assert said("flops", "-e", "input(d) -> linear(4)").strip() == "8d"
    used = sp.parse("input(8) -> a: linear(8) -> reuse(a)")
    assert used.flops == 256


def test_the_tool_is_kept() -> None:
    net = sp.zoo.resnet50(H=32, W=32).counted_as("ptflops")
    assert net.free("w")(w=64).macs == net.macs == pickle.loads(pickle.dumps(net)).macs
    assert net != net.counted_as("") and net.counted_as("").macs == sp.zoo.resnet50(H=32, W=32).macs
    assert net.closed.tool == "ptflops" and net.function("macs")() == net.macs


def test_both_engines_count_alike() -> None:
    numbers = {"C": 3, "H": 5, "W": 7, "n": 2}
    for tool in TOOLS:
        slow = sp.parse(RESIDUAL, engine="sympy").counted_as(tool)
        assert _at(slow, numbers) == sp.parse(RESIDUAL).counted_as(tool)(**numbers).macs


@pytest.mark.parametrize(
    ("program", "tool", "fault"),
    [
        ("input(8) -> linear(8)", "fvcor", "did you mean 'fvcore'"),
        ("input(8) -> linear(8)", "keras", "Keras counts no operations"),
        ("input(4, 8) -> moe(4, 2, 8)", "thop", "what thop counts for 'moe' is not known"),
        (
            "layer mine(out) on (C) { weight k(out, C) output (out,) }\ninput(8) -> mine(3)",
            "thop",
            "'mine' is not known",
        ),
        ("layer relu on (C) { output (C,) }\ninput(8) -> relu", "ptflops", "'relu' is not known"),
        ("dialect keras\ninput(8) -> linear(8)", "thop", "'linear' is not known"),
        ("input(5, 8) -> layers.LSTM(3)", "thop", "'lstm' is not known"),
        ("input(3, 8, 8) -> upsample(2)", "fvcore", "how values are filled in between"),
        ("input(3, 7, 7) -> adaptive_avgpool(3)", "thop", "not whole"),
        ("x: input(8)\nlinear(8) -> from x -> linear(3)", "fvcore", "nothing reads what this puts out"),
    ],
)
def test_what_is_not_known_is_refused(program: str, tool: str, fault: str) -> None:
    with pytest.raises(SymparamsError) as error:
        sp.parse(program).counted_as(tool)
    assert fault in str(error.value)


def test_flops_that_a_tool_does_not_count() -> None:
    net = sp.parse("input(8) -> linear(8)").counted_as("torchinfo")
    assert net.macs == 72
    with pytest.raises(SymparamsError, match="torchinfo counts no flops, but mult-adds"):
        net.flops  # noqa: B018
    assert CliRunner().invoke(main, ["flops", "-e", "input(8) -> linear(8)", "--as", "thop"]).exit_code == 1


def test_a_derivation_is_of_the_rules() -> None:
    net = sp.parse("input(8) -> linear(8)").counted_as("ptflops")
    assert "72" in net.derive().text()
    for what in ("macs", "params,macs", ["macs"], "all"):
        with pytest.raises(SymparamsError, match="is derived from no rule"):
            net.derive(what)


def test_commands() -> None:
    words = ["-e", "input(3, 8, 8) -> conv(4, 3) -> relu", "--as", "fvcore"]
    assert said("macs", *words) == (
        "3888\ncounted by fvcore 0.1.5.post20221221 in the code that symparams writes, which counts none for relu\n"
    )
    record = {"tool": "fvcore", "version": "0.1.5.post20221221", "not_counted": ["relu"]}
    assert json.loads(said("macs", *words, "--json")) == {"macs": 3888, "as": record}
    assert json.loads(said(*words, "--json"))["as"] == record
    assert "counted by     fvcore" in said(*words, "--columns", "macs")
    assert CliRunner().invoke(main, [*words[:-1], "fvcor"]).exit_code == 2
    for text in ("thop", "deepspeed"):
        assert text in " ".join(said("macs", "--help").split())
