"""What is alive at each step, against the graph of all layers with every block opened and every turn on its own."""

from __future__ import annotations

import json
from fractions import Fraction
from math import prod
from typing import Any

import pytest
import sympy
from checks import THOROUGH, put_in, symbolic
from click.testing import CliRunner
from hypothesis import given
from strategies import Drawn, programs

import symparams as sp
from symparams import Network, SymparamsError, zoo
from symparams.cli import main
from symparams.closed_forms.powers import substitute
from symparams.frameworks.layer_graph import graph
from symparams.tables.byte_units import in_units


def most_alive(net: Network) -> int:
    """The largest sum over the steps of what has been made, or is made now, and is read now or later."""
    found = graph(net, net.dialect)
    steps = found.operations
    size = {op.name: prod(op.output) for op in steps}
    kept = {op.name for op in found.outputs}
    last = {name: max((i for i, op in enumerate(steps) if name in op.inputs), default=-1) for name in size}
    layers = [i for i, op in enumerate(steps) if op.kind != "input"]
    inputs = [op.name for op in steps if op.kind == "input"]
    sums = []
    for i in layers:
        before = [*inputs, *(op.name for op in steps[:i] if op.kind != "input")]
        alive = {name for name in before if last[name] >= i or name in kept}
        sums.append(sum(size[name] for name in alive) + size[steps[i].name])
    return max(sums, default=sum(size[name] for name in inputs))


def at(value: Any, values: dict[str, Any], net: Network) -> Any:
    known = net.symbols._symbols
    return substitute(value, {known[name]: number for name, number in values.items() if name in known})


@pytest.mark.parametrize("name", zoo.names()[:: 1 if THOROUGH else 4])
def test_networks_of_the_zoo(name: str) -> None:
    net = sp.load(f"zoo:{name}")
    values = {"H": 64, "W": 96} if net.symbols else {}
    concrete = net(**values)
    assert concrete.most_alive == most_alive(concrete) == at(net.most_alive, values, net)


@given(programs())
def test_random_programs(drawn: Drawn) -> None:
    net = symbolic(drawn.text, drawn.defaults or ())
    concrete = put_in(net, drawn.values)
    try:
        expected = most_alive(concrete)
    except SymparamsError:
        return
    assert concrete.most_alive == expected
    try:
        general = net.most_alive
    except SymparamsError as error:
        assert "in closed form" in error.message or "hand on named outputs" in error.message
        return
    assert at(general, drawn.values, net) == expected


@pytest.mark.parametrize(
    "text",
    [
        "input(3, H, W)\nrepeat(n) { conv(8, 3, p=1) }",
        "input(3, H, W)\nrepeat(n) { conv(8, 3, s=2, p=1) -> relu }",
        "input(d)\na: linear(d)\nrepeat(n) { residual { linear(4*d) -> linear(d) } }\nadd(a)",
        "input(d)\nfor i in 0..n { linear(d*2**i) }",
        "input(d)\nfor i in 0..n { linear(d*2**i) -> linear(d) -> linear(2*d) }",
        "input(d)\ns: linear(d)\nrepeat(n) { residual { linear(2*d) -> linear(d) }\n"
        "residual { concat(s) -> linear(d) } }\nadd(s)",
        "input(d)\ns: linear(d)\nrepeat(n) { linear(d) -> add(s) }",
        "input(T, d)\nrepeat(n) { repeat(m) { residual { linear(2*d) -> linear(d) } } -> linear(3*d) -> linear(d) }",
        "input(d)\ns: linear(5*d)\nlinear(d)\nrepeat(n) { residual { concat(s) -> linear(d) } }",
        "input(d)\ns: linear(5*d)\nlinear(d)\nrepeat(n) { linear(d) }\nconcat(s)",
        "def b(k) { residual { linear(k*d) -> linear(d) } }\ninput(d)\nrepeat(n) { b(2) -> b(3) }",
    ],
)
def test_turns_of_a_symbolic_number(text: str) -> None:
    net = sp.parse(text)
    general = net.most_alive
    for n in range(1, 6):
        values = {**dict.fromkeys(net.symbols, 16), **{name: n for name in ("n",) if name in net.symbols}}
        values |= {"m": 3} if "m" in net.symbols else {}
        assert at(general, values, net) == most_alive(net(**values)), n


def test_turns_that_hand_on_named_outputs_are_refused() -> None:
    net = sp.parse("input(d)\nl: linear(d)\nrepeat(n) { l: concat { from l } { linear(d) } }")
    with pytest.raises(SymparamsError, match="hand on named outputs"):
        net.most_alive  # noqa: B018
    assert net(n=4, d=3).most_alive == most_alive(net(n=4, d=3))


def test_a_hand_calculation() -> None:
    """A perceptron: 4·3 + 4 and 2·4 + 2 weights of 4 bytes; 3 + 4, then 4 + 2 numbers at once; 4 + 2 outputs."""
    net = sp.parse("input(3) -> linear(4) -> linear(2)")
    assert net.memory_use() == (104, 104, 208, 24, 0, 26 * 4 + 7 * 4, 26 * 4 * 4 + 6 * 4)
    assert net.memory_use(dtype="float16", batch=10, optimizer="sgd") == (52, 52, 0, 120, 0, 52 + 140, 52 * 2 + 120)
    assert net.memory_use(dtype="int4") == (13, 13, 26, 3, 0, 13 + 4, 13 + 39 + 3)
    assert net.memory == 26 * 4 and net.layers.linear1.memory == 64


def test_weights_are_state_too_and_frozen_ones_are_not_trained() -> None:
    net = sp.parse("input(3, 8, 8)\nfreeze { conv(4, 3) }\nbn")
    used = net.memory_use()
    assert (used.gradients, used.optimizer) == (4 * 8, 2 * 4 * 8)
    assert used.weights == 4 * (4 * 27 + 4 + 8 + 8)
    assert used.training == used.weights + 3 * 4 * 8 + 4 * 2 * 4 * 36


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dtype": "float31"}, "float32"),
        ({"optimizer": "adm"}, "adam"),
        ({"batch": 0}, "positive whole number"),
        ({"batch": "2x"}, "a name such as B"),
    ],
)
def test_other_words_are_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(SymparamsError) as fault:
        sp.parse("input(3) -> linear(4)").memory_use(**options)
    assert said in str(fault.value)


def test_the_command() -> None:
    words = ["memory", "-e", "input(d) -> linear(4)", "--json", "--batch"]
    found = json.loads(CliRunner().invoke(main, [*words, "2"]).output)["memory"]
    assert found == {
        **{"weights": "16*d + 16", "gradients": "16*d + 16", "optimizer": "32*d + 32", "activations": 32},
        **{"kv_cache": 0, "inference": "24*d + 48", "training": "64*d + 96"},
    }
    found = json.loads(CliRunner().invoke(main, [*words, "B"]).output)["memory"]
    assert found["activations"] == "16*B"
    assert sympy.expand(sympy.sympify(found["inference"]) - sympy.sympify("4*B*(d + 4) + 16*d + 16")) == 0
    assert "d**2" in CliRunner().invoke(main, [*words, "d"]).output
    lines = CliRunner().invoke(main, ["memory", "-e", "input(300) -> linear(4)"]).output.splitlines()
    shown = ["weights      4816  (4.7 KiB)", "gradients    4816  (4.7 KiB)", "optimizer    9632  (9.4 KiB)"]
    assert lines == [*shown, "activations  16", "inference    6032  (5.9 KiB)", "training     19280  (18.8 KiB)"]
    table = CliRunner().invoke(main, ["-e", "input(300) -> linear(4)", "--columns", "memory"]).output
    assert "memory         4,816 bytes (4.7 KiB)" in table


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        *[(0, ""), (1023, ""), (1024, "1.0 KiB"), (1075, "1.0 KiB"), (1076, "1.1 KiB"), (10**6, "976.6 KiB")],
        *[(2**30, "1.0 GiB"), (3 * 2**39, "1.5 TiB"), (2**80, "1,048,576.0 EiB"), (Fraction(3, 2), "")],
    ],
)
def test_units(count: Any, shown: str) -> None:
    assert in_units(count) == shown


@pytest.mark.parametrize(
    ("program", "elements"),
    [
        ("input(T, d) -> attention(h)", "2*T*d"),
        ("input(T, d) -> attention(h, kv_heads=g)", "2*T*d*g/h"),
        ("input(T, d) -> attention(h, kv_heads=g, key_dim=k, value_dim=v)", "T*g*(k + v)"),
        ("m: input(S, e)\nx: input(T, d)\nattention(h, memory=m)", "2*S*d"),
        ("input(T, d) -> repeat(L) { residual { attention(8) } }", "2*L*T*d"),
        ("input(T, d) -> transformer_encoder(8, layers=L)", "2*L*T*d"),
        ("m: input(S, d)\nx: input(T, d)\ntransformer_decoder(8, layers=L, memory=m)", "2*L*d*(S + T)"),
        ("y: input(U, d)\nx: input(T, d)\ntransformer(8, encoders=3, decoders=L, target=y)", "2*L*d*(T + U)"),
        ("layer keeps(n) on (T, d) { cache T*n output (T, d) }\ninput(T, d) -> repeat(L) { keeps(n) }", "L*T*n"),
        ("input(3, H, W) -> conv(8, 3)", "0"),
    ],
)
def test_keys_and_values(program: str, elements: str) -> None:
    net = sp.parse(program)
    wanted = eval(elements, {}, dict(net.symbols))
    assert sp.parse(str(net)).kv_cache - net.kv_cache == 0
    used = net.memory_use(dtype="bfloat16", batch="B")
    batch = next((s for s in getattr(used.kv_cache, "free_symbols", ()) if s.name == "B"), 1)
    assert sympy.expand(net.kv_cache - wanted) == 0 and sympy.expand(used.kv_cache - 2 * batch * wanted) == 0
