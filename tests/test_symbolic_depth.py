"""A symbolic number of layers, or of turns in any rule, is as many layers with their numbers."""

from __future__ import annotations

import pytest
from checks import assert_values, at, in_domain

import symparams as sp
from symparams import SymparamsError

VALUES = {"T": 5, "m": 3, "h": 4, "q": 2}
STACKS = {
    "lstm": "lstm(h, layers=L)",
    "gru": "gru(h, layers=L)",
    "rnn": "rnn(h, layers=L)",
    "both ways": "lstm(h, layers=L, bidirectional=true)",
    "both ways, gated": "gru(h, layers=L, bidirectional=true)",
    "projected": "lstm(h, layers=L, proj=q)",
    "both ways, projected": "lstm(h, layers=L, proj=q, bidirectional=true)",
    "without biases": "rnn(h, layers=L, bias=false)",
    "the last step": "gru(h, layers=L, sequences=false)",
    "one more": "lstm(h, layers=L + 1)",
    "in torch's words": "lstm(hidden_size=h, num_layers=L)",
    "frozen": "freeze { gru(h, layers=L) }",
    "deeper with every turn": "for i in 0..L { lstm(h, layers=i + 1) }",
    "repeated": "repeat(L) { lstm(m, layers=L) }",
}
RULE = """
layer stack(out, n, first=0) on (C) {
  let m = C
  for i in first..n {
    weight k[i](out, m)
    weight b(out) if i == first
    let m = out
    macs (i + 1)*out*m
  }
  output (out,)
}
"""


def alike(program: str, L: int) -> None:
    net = sp.parse(program)
    values = {**VALUES, "L": L}
    assert in_domain(net, values)
    number = net(**{name: value for name, value in values.items() if name in net.symbols})
    assert_values(net, number, values)
    for name, layer in net.layers.items():
        elements = sum(at(t.elements, {**values, "i": 0}) for t in layer.tensors)
        if not layer.turns:
            assert elements == sum(t.elements for t in number.layers[name].tensors)


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("L", [1, 2, 3, 7])
def test_so_many_layers_are_the_layers_with_their_number(name: str, L: int) -> None:
    alike(f"input(T, m) -> {STACKS[name]}", L)


@pytest.mark.parametrize("call", ["stack(h, L)", "stack(h, L + 2, first=2)", "stack(h, 2*L, first=L)"])
@pytest.mark.parametrize("L", [1, 2, 3, 7])
def test_a_rule_of_the_users_loops_over_symbols(call: str, L: int) -> None:
    alike(f"{RULE}input(m) -> {call}", L)


def test_the_tensors_of_the_first_layer_stand_apart() -> None:
    layer = sp.parse("input(T, m) -> lstm(h, layers=L)").layers["lstm1"]
    assert [t.name for t in layer.tensors][::4] == ["kernel0", "kernel1…"]
    assert [str(t.times) for t in layer.tensors][::4] == ["1", "1*L + -1"]


def test_keras_has_single_layers() -> None:
    net = sp.parse("input(T, m) -> lstm(h, layers=L)", dialect="keras")
    assert not in_domain(net, {**VALUES, "L": 2}) and in_domain(net, {**VALUES, "L": 1})


def test_sizes_that_change_with_the_turn_are_refused() -> None:
    rule = "layer f(n) on (C) { for i in 0..n { weight k(i + 1) } }"
    with pytest.raises(SymparamsError, match="its sizes change with every turn"):
        sp.parse(f"{rule}\ninput(d) -> f(n)")
    assert sp.parse(f"{rule}\ninput(d) -> f(4)").params == 10


def test_turns_that_read_what_the_last_one_set_are_refused() -> None:
    rule = "layer f(n) on (C) { let w = C\nfor i in 0..n { weight k(w)\nlet w = 2*w } }"
    with pytest.raises(SymparamsError, match="no closed form is known for a loop"):
        sp.parse(f"{rule}\ninput(d) -> f(n)")
