"""Networks, layers, tables and derivations as Python objects: shown, compared, hashed, copied, pickled, completed."""

from __future__ import annotations

import copy
import pickle
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from checks import symbolic
from engines import KATEX, MATHJAX, faults_of
from hypothesis import given
from markup import dollar_formulas
from strategies import Drawn, programs

import symparams as sp
from symparams import Network, SymparamsError
from symparams.exercises.worksheet import exercise
from symparams.tables.layer_table import LayerTable
from symparams.zoo import names

CONV = "input(C, H, W) -> conv1: conv(M, k, s, p, g=G)"
CIFAR = """input(3, 32, 32)
conv1: conv(32, 3, p=1) -> relu -> maxpool(2)
conv2: conv(64, 3, p=1) -> relu -> maxpool(2)
flatten -> fc1: linear(128) -> relu -> fc2: linear(10)"""
BLOCKS = """net blocks(w=8)
def block(c) { conv(c, 3, p=1) -> bn }
input(3, H, W) -> block(w) -> repeat(3) { residual { block(w) } } -> stem: { block(w) -> relu } -> gap -> linear(10)"""
NAMES = "input(通道, H, W) -> 层_1: conv(λ_x, k_h) -> conv_2: conv(alpha, 1) -> flatten -> linear(宽__2*通道)"
TURNS = "input(T, d) -> for i in 0..n { repeat(i + 1) { linear(d) } } -> for i in 0..n { linear(d + i*g) }"
TEXTS = [CONV, CIFAR, BLOCKS, NAMES, TURNS, "dialect keras\ninput(8, C, layout=channels_last) -> bn -> lstm(4)"]


def objects_of(net: Network) -> list[Any]:
    first = next(iter(net.layers.values()))
    found = [net, first, net.derive(["params"], lang="zh"), net.function("macs"), net.table()]
    return [*found, exercise(net, 3, True)] if net.symbols else found


# Content


@pytest.mark.parametrize("text", TEXTS)
def test_pickled_and_copied_objects_are_equal(text: str) -> None:
    net = sp.parse(text)
    for thing in [*objects_of(net), net.why()]:
        for again in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
            assert again == thing and type(again) is type(thing)
            assert repr(again) == repr(thing)
            assert isinstance(thing, LayerTable) or hash(again) == hash(thing)


@pytest.mark.parametrize("name", names())
def test_networks_of_the_zoo_are_pickled(name: str) -> None:
    try:
        net = sp.load(f"zoo:{name}")
    except SymparamsError:
        pytest.skip("its parameters have no defaults")
    again = pickle.loads(pickle.dumps(net))
    assert again == net and hash(again) == hash(net)
    assert len(pickle.dumps(net)) < 20_000
    assert all(layer == net.layers[layer.name] for layer in again.rows(1))


@given(programs())
def test_random_networks_are_pickled(drawn: Drawn) -> None:
    net = symbolic(drawn.text, drawn.defaults or ())
    again = pickle.loads(pickle.dumps(net))
    assert again == net and hash(again) == hash(net)
    assert list(again.layers.items()) == list(net.layers.items())


def test_equal_networks_have_the_same_program_values_and_dialect() -> None:
    net = sp.parse(CONV)
    assert sp.parse(f"# a comment\n{CONV.replace(', ', ' , ')}\n") == net
    assert net(C=3)(k=1) == net(k=1, C=3) != net(C=3) != net
    assert sp.parse(CONV, dialect="keras") != net
    assert sp.parse(CONV.replace("conv1", "conv2")) != net
    blocks = sp.parse(BLOCKS)
    assert blocks.free("w") != blocks and blocks.free("w")(w=8) == blocks(w=8)
    assert net.free("C") == net
    assert net.derive() == net.derive() != net.derive(detail="full")
    assert net.function() != net.function("macs")
    assert net != CONV and net.layers.conv1 != "conv1"


def test_equal_layers_have_the_same_figures() -> None:
    layer = sp.parse(CONV).layers.conv1
    assert sp.parse(CONV + " -> relu").layers.conv1 == layer
    assert sp.parse(CONV)(k=3).layers.conv1 != layer


def test_objects_are_keys() -> None:
    @cache
    def params(net: Network) -> Any:
        return net.params

    assert params(sp.parse(CONV)) is params(sp.parse(CONV))
    assert len({sp.parse(CONV), sp.parse(CONV), sp.parse(CIFAR)}) == 2


def test_a_pickle_opens_in_another_process() -> None:
    net = sp.parse(BLOCKS)
    things = pickle.dumps((net, net.layers.stem, net.layers["stem.block1.conv1"], net.table(), net.function()))
    code = (
        "import pickle, sys; net, block, layer, table, f = pickle.loads(sys.stdin.buffer.read()); "
        "assert block == net.layers.stem and layer == net.layers['stem.block1.conv1'] and table == net.table()"
    )
    subprocess.run([sys.executable, "-c", code], input=things, check=True)


def test_an_error_is_pickled_whole() -> None:
    with pytest.raises(SymparamsError) as caught:
        sp.parse("input(3)\nconb(4)")
    assert pickle.loads(pickle.dumps(caught.value)).show() == caught.value.show()


# Names


def test_layers_and_symbols_are_attributes() -> None:
    net = sp.parse(BLOCKS).free("w")
    assert net.layers.linear1 is net.layers["linear1"]
    w = net.symbols.w
    assert net.layers["stem.block1.conv1"].params == 9 * w**2 + w
    assert net.layers.stem.params == 9 * w**2 + 3 * w
    assert "stem" in net.layers and "stem" not in list(net.layers)
    assert {"stem", "linear1", "block1"} <= set(dir(net.layers)) and {"w", "H"} <= set(dir(net.symbols))
    assert "stem.block1.conv1" in net.layers._ipython_key_completions_()
    with pytest.raises(AttributeError, match="no layer 'steem'; did you mean 'stem'"):
        _ = net.layers.steem
    with pytest.raises(KeyError, match="no symbol 'X'"):
        _ = net.symbols["X"]


def test_layers_that_are_too_many_are_not_listed() -> None:
    blocks = "\n".join(f"def b{i + 1}() {{ b{i}() -> b{i}() }}" for i in range(40))
    layers = sp.parse(f"def b0() {{ relu }}\n{blocks}\ninput(3) -> b40 -> linear(2)").layers
    assert "linear1" in dir(layers)
    with pytest.raises(AttributeError, match="did you mean 'linear1'"):
        _ = layers.linear
    with pytest.raises(SymparamsError, match="too many to list"):
        len(layers)


def test_other_errors_are_told_too() -> None:
    net = sp.parse(CONV)
    with pytest.raises(SymparamsError, match="no figure 'size'"):
        net.function("size")
    assert net.layers.get("nothing") is None
    assert not hasattr(net.layers, "_repr_html_") and not hasattr(net.symbols, "__deepcopy__")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda net: net(3), "values are put in by name\n  hint: net(C=3)"),
        (lambda net: net.draw("net.svg"), "the depth of blocks is a whole number from 0, not 'net.svg'"),
        (lambda net: net.table(-1), "the depth of blocks is a whole number from 0, not -1"),
        (lambda net: net.derive("prams"), "'prams' is none of params, output and macs\n  hint: did you mean 'params'?"),
        (lambda net: net.why("Q"), "no symbol or layer 'Q'\n  hint: it has C, H, W, M, k, s, p, G, conv1,"),
        (lambda net: net.function()(Q=1), "no symbol 'Q'\n  hint: its symbols are C, H, W, M, k, s, p and G"),
        (lambda net: net.layers[0], "the network has no layer 0; its layers are conv1"),
        (lambda net: net.symbols.Q, "no symbol 'Q'; its symbols are C, H, W, M, k, s, p and G"),
        (lambda net: sp.zoo.resnet5, "did you mean 'resnet50'?"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(asked: Callable[[sp.Network], object], told: str) -> None:
    with pytest.raises((SymparamsError, KeyError, AttributeError)) as caught:
        asked(sp.parse(CONV))
    assert told in (caught.value.args[0] if isinstance(caught.value, KeyError) else str(caught.value))


def test_one_figure_is_derived_by_its_name_alone() -> None:
    net = sp.parse(CONV)
    assert net.derive("macs") == net.derive(["macs"])


def test_any_name_can_be_given_a_value() -> None:
    net = sp.parse("input(self) -> linear(nameless)")
    assert net(self=3, nameless=2).params == net.function()(self=3, nameless=2) == 8


def test_a_function_of_the_zoo_says_what_it_is() -> None:
    assert sp.zoo.resnet50.__qualname__ == "resnet50" and "by name" in (sp.zoo.resnet50.__doc__ or "")


# Tables


def test_a_table_is_a_list_of_dicts() -> None:
    table = sp.parse(CIFAR).table()
    assert [row["name"] for row in table][:3] == ["conv1", "relu1", "maxpool1"]
    row = table[3]
    assert list(row)[:5] == ["name", "layer", "count", "output", "params"]
    assert (row["layer"], row["count"], row["output"], row["params"], row["macs"]) == (
        "conv", 1, (64, 16, 16), 18_496, 4_718_592,
    )  # fmt: skip
    assert row["running"] == 896 + 18_496 and row["share"] == Fraction(18_496, 545_098)
    assert table[-1]["running"] == sp.parse(CIFAR).params and sum(row["share"] for row in table) == 1
    assert isinstance(table[:2], LayerTable) and "conv2" not in repr(table[:2])


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("depth", [0, 1, None])
def test_the_totals_of_a_table_are_those_of_the_network(text: str, depth: int | None) -> None:
    net = sp.parse(text)
    table = net.table(depth)
    assert table[-1]["running"] == net.params
    assert [row["name"] for row in table] == [layer.name for layer in net.rows(depth)]


def test_a_table_becomes_a_data_frame() -> None:
    pytest.importorskip("pandas")
    frame = sp.parse(CIFAR).to_pandas()
    assert frame.loc["fc1", "params"] == 524_416 and frame["total"].sum() == 545_098
    assert abs(frame["share"].sum() - 1) < 1e-12 and frame["share"].dtype == float
    assert sp.parse("input(d) -> linear(n)").to_pandas().loc["linear1", "params"] == sp.parse(
        "input(d) -> linear(n)"
    ).params  # fmt: skip
    assert len(sp.parse("input(3)").to_pandas()) == 0


def test_a_missing_pandas_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SymparamsError, match="pandas is not installed"):
        sp.parse(CIFAR).to_pandas()


# Showing


def test_short_forms() -> None:
    net = sp.parse(CONV)
    output = "(M, ⌊(H + 2p − k)/s⌋ + 1, ⌊(W + 2p − k)/s⌋ + 1)"
    assert repr(net) == (
        f"<Network without a name (torch): params M·(C·k²/G + 1), output {output}, symbols C, H, W, M, k, s, p, G>"
    )
    assert repr(net.layers.conv1) == f"<conv conv1: params M·(C·k²/G + 1), output {output}>"
    assert repr(net.derive()) == "<Derivation of a network: params, output>"
    assert net._repr_latex_() == r"$\displaystyle M \left(\frac{C k^{2}}{G} + 1\right)$"
    assert str(net.derive()) == net.derive().text()
    assert repr(sp.parse(BLOCKS)).startswith("<Network blocks (torch): params 2,")


def test_a_network_shows_its_table_its_totals_and_its_conditions() -> None:
    shown = sp.parse(CONV)._repr_markdown_()
    for line in (
        r"| `x` | input | $(C, H, W)$ |  |  |",
        r"| params | $\displaystyle M \left(\frac{C k^{2}}{G} + 1\right)$ |",
        r"| valid when | $G \mid C$, $G \mid M$, $H + 2 p \ge k$, $W + 2 p \ge k$ |",
    ):
        assert line in shown.split("\n")
    assert r"$\displaystyle M \times \frac{C}{G} \times k \times k + M$" in shown


def test_blocks_are_folded_and_long_tables_cut() -> None:
    shown = sp.parse(BLOCKS)._repr_markdown_()
    assert "`stem`" in shown and "stem.block1" not in shown
    long = sp.parse("input(3) -> " + " -> ".join(["linear(3)"] * 900))
    assert long._repr_markdown_().count("\n") < 70 and "… 850 more …" in long._repr_markdown_()
    assert repr(long.table()).count("\n") < 60


def test_a_table_shows_the_columns_that_say_something() -> None:
    """Totals where something occurs more than once, and multiply-accumulates that are no long formulas."""
    heads = {name: repr(sp.load(f"zoo:{name}").table(0)).split("\n")[0].split() for name in ("resnet50", "lenet5")}
    assert "total" in heads["resnet50"] and "macs" not in heads["resnet50"]
    assert "macs" in heads["lenet5"] and heads["lenet5"].count("total") == 1


def test_the_lines_of_a_wide_formula_keep_apart() -> None:
    (wide,) = (line for line in sp.load("zoo:resnet50")._repr_markdown_().split("\n") if line.startswith("| macs"))
    assert wide.count("<br>") == 2 and wide.count(r"$\displaystyle \rule") == 3


def test_a_long_formula_is_told_not_set() -> None:
    net = sp.parse("input(d) -> " + " -> ".join(f"linear(a{i}*b{i})" for i in range(300)))
    shown = net._repr_markdown_()
    assert re.search(r"\| params \| a formula of [\d,]+ signs \|", shown)


@pytest.mark.parametrize("text", TEXTS)
def test_html_is_well_formed(text: str) -> None:
    for thing in objects_of(sp.parse(text)):
        html = thing._repr_html_()
        ElementTree.fromstring(f"<div>{html}</div>")
        assert "<math" in html and not re.search(r"<script|<style|<html|https?://", html)


def everything() -> list[str]:
    texts = []
    nets = [sp.parse(text) for text in TEXTS] + [
        sp.load(f"zoo:{name}").free("w") for name in ("resnet50", "resnet50v2")
    ]
    for net in nets:
        for thing in objects_of(net):
            texts += [thing._repr_markdown_(), *filter(None, [thing._repr_latex_()])]
        texts += [layer._repr_markdown_() for layer in [*net.rows(0), *net.rows(1)]]
    return texts


@pytest.mark.parametrize(("engine", "package"), [(KATEX, "katex"), (MATHJAX, "mathjax")], ids=["katex", "mathjax"])
def test_all_formulas_render(engine: str, package: str) -> None:
    formulas = list(dict.fromkeys(formula for text in everything() for formula in dollar_formulas(text)))
    assert len(formulas) > 200
    assert not faults_of(engine, package, formulas)


def test_formulas_keep_to_the_subset() -> None:
    for text in everything():
        for formula, _ in dollar_formulas(text):
            formula = re.sub(r"_\{\\text\{[^{}]*\}\}", "", formula)
            assert formula.isascii(), formula
            assert not re.search(r"\\(operatorname|mbox|phantom|text|color)\b|[|#%~]|_[^{]|\^[^{]", formula), formula
            assert "\n\n" not in formula and ("aligned" in formula or r"\\" not in formula)


def test_a_name_that_latex_cannot_write_is_explained() -> None:
    shown = sp.parse(NAMES)._repr_markdown_()
    assert "$x_{1}$ is `通道`" in shown
