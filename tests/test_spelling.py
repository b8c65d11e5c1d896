"""A symbol's LaTeX: what a mathematician expects, what a program sets, and never the same for two."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main
from symparams.formula.spelling import spelled, spellings

USUAL = {
    "C_in": r"C_{\mathrm{in}}",
    "k_h": "k_{h}",
    "k": "k",
    "alpha": r"\alpha",
    "α": r"\alpha",
    "d_α": r"d_{\alpha}",
    "c_in_1": r"c_{\mathrm{in},1}",
    "x1": "x_{1}",
    "x1_2": "x_{1,2}",
    "_a": "a",
    "width": r"\mathrm{width}",
    "Chat": r"\mathrm{Chat}",
    "lambda": r"\lambda",
    "I": "I",
}


@pytest.mark.parametrize("name", USUAL)
def test_names_are_written_as_is_usual(name: str) -> None:
    assert spelled(name) == USUAL[name]


def test_no_two_symbols_are_written_alike() -> None:
    names = ["alpha", "α", "C_in", "C__in", "é", "_", "x_1", "x1", "ひ"]
    found = spellings(names, {"é": r"\hat{e}"})
    assert len(set(found.values())) == len(names) and all(text.isascii() for text in found.values())
    assert found["é"] == r"\hat{e}" and found["alpha"] == r"\alpha"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("C_{0}", "C_{0}"),
        (r"\kappa", r"\kappa"),
        (r" d _ { \mathrm{model} } ", r"d_{\mathrm{model}}"),
        (r"x^{\prime}_{i,1}", r"x_{i,1}^{\prime}"),
        (r"\hat{\mathbf{W}}_{k + 1}", r"\hat{\mathbf{W}}_{k+1}"),
        (r"\tilde{x_{\alpha \beta}}", r"\tilde{x_{\alpha\beta}}"),
        (r"a_{\alpha n}", r"a_{\alpha n}"),
        (r"\mathcal{C}^{*}", r"\mathcal{C}^{*}"),
    ],
)
def test_a_program_says_how_a_symbol_is_written(text: str, written: str) -> None:
    net = sp.parse(f'latex c = "{text}"\ninput(c) -> linear(c)')
    assert net.spellings["c"] == written
    derived = net.derive()
    assert written in derived.markdown() and written in derived.latex() and "typed as `c`" in derived.github()
    assert "c² + c" in derived.text()
    assert str(sp.parse(str(net))) == str(net)


def test_one_expression_in_latex() -> None:
    program = 'latex C_in = "C_{0}"\nnet f(m=3)\nlatex m = "\\mu^{*}"\ninput(C_in, H, W) -> conv(m, k)'
    for what, expected in (
        ("params", r"\mu^{*} \left(C_{0} k^{2} + 1\right)"),
        ("output", r"\left(\mu^{*}, H - k + 1, W - k + 1\right)"),
        ("macs", r"\mu^{*} C_{0} k^{2} \left(H - k + 1\right) \left(W - k + 1\right)"),
    ):
        done = CliRunner().invoke(main, [what, "-e", program, "--free", "m", "--format", "latex"])
        assert done.output.strip() == expected


def test_a_power_of_what_has_a_mark() -> None:
    net = sp.parse('latex c = "c^{\\prime}"\ninput(c) -> linear(c, bias=false)')
    assert r"(c^{\prime})^{2}" in net.derive().markdown()


def test_a_formulas_own_name_is_not_mistaken_for_a_symbol() -> None:
    text = sp.parse("input(3, H, W) -> conv(P, 3, s=k)").derive(layer="conv1").text()
    assert "k_layer = 3, s = k" in text and "⌊(H_in − k_layer)/s⌋ + 1" in text
    whole = sp.parse("input(3, H, W) -> conv(P, 3, s=k)").derive(detail="full").text()
    assert "P_total = P[conv1]" in whole and "P_total  number of parameters" in whole
    own = sp.parse('latex c = "k"\ninput(3, H, W) -> conv(c, 3)').derive(layer="conv1").markdown()
    assert r"\times c" not in own and r"k_{h} k_{w} C_{\mathrm{in}} C_{\mathrm{out}}" in own
    same = sp.parse("input(C, H, W) -> conv(M, k)").derive(layer="conv1").text()
    assert "k_layer" not in same and "H_out = H_in − k + 1" in same.replace("H_out = W_out", "H_out")


def test_a_figure_is_not_mistaken_for_a_symbol() -> None:
    text = sp.parse("input(P_fc) -> fc: linear(3)").derive().markdown()
    assert r"3 P_{\mathrm{fc}}" in text and r"P_{\mathrm{fc}} &=" not in text


def test_a_ceiling_is_written_as_one() -> None:
    net = sp.parse("net thin(a=0.5)\ninput(3, H, W)\nconv(ceil(9.5*a), 1)\nconv(7*ceil(a), 1)").free("a")
    written = net.derive(detail="full").text()
    assert "P = P[conv1] + P[conv2]" in written and "⌊" not in net.derive().text().split("Layer by layer")[1]
    assert "7·⌈a⌉·⌈19a/2⌉ + 7·⌈a⌉ + 4·⌈19a/2⌉" in written
    assert "⌈a⌉ ≥ 1" in written
