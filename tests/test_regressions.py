"""Faults that the property tests found, as small as they get."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import pytest
from checks import at, in_domain
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams import SymparamsError
from symparams.language import elaborate


def test_a_name_is_bound_once() -> None:
    """A second `let` of a name would change what blocks mean halfway; it is refused."""
    with pytest.raises(SymparamsError, match="bound already"):
        sp.parse("def b { linear(x) }\ninput(8)\nlet x = 4\nb\nlet x = 5\nlinear(8) -> b")


def test_a_repeat_that_may_not_run_at_all() -> None:
    """With n = 1 nothing runs: the formula for later turns either leaves n = 1 out of its domain, or is right there."""
    net = sp.parse("input(C, H) -> repeat(n - 1) { conv(M, 3, p=1) }")
    values = {"C": 3, "H": 9, "M": 8, "n": 1}
    assert net(**values).output == (3, 9)
    assert net(**values).params == 0
    assert not in_domain(net, values)


def test_a_padding_that_is_a_parameter_may_be_0() -> None:
    """A name given as a padding may be 0, also where the `net` line names it."""
    net = sp.parse("net f(C, H, p)\ninput(C, H) -> conv(8, 3, p=p)")
    assert net(C=3, H=9, p=0).output == (8, 7)


def test_a_size_of_the_input_is_at_least_1() -> None:
    """A formula as a size of the input brings the condition that it is positive, and whole."""
    net = sp.parse("input(C - 5, H/2) -> relu")
    assert not in_domain(net, {"C": 5, "H": 4})
    assert not in_domain(net, {"C": 9, "H": 3})
    assert in_domain(net, {"C": 6, "H": 2})
    for bad in ({"C": 5}, {"H": 3}):
        with pytest.raises(SymparamsError):
            net(**bad)


def test_positions_are_along_the_first_axis_in_either_layout() -> None:
    """(T, d) is a sequence of vectors in both layouts; only (C, L) turns into (L, C)."""
    net = sp.parse("input(10, 16, layout=channels_last) -> position(12, 16)")
    assert net.output == (10, 16)


def test_undecided_inequality_names_the_symbol() -> None:
    """`!=` that is not decided is asked for, as `==` is."""
    with pytest.raises(SymparamsError, match="depends on C"):
        sp.parse("input(C, H) -> if C != 4 { conv(4, 1) }")


def test_two_facts_in_one_assumption_are_two_assumptions() -> None:
    """`assume A and B` settles what `assume A` and `assume B` settle."""
    apart = sp.parse("input(4, H)\nassume H % 32 == 0\nassume H >= 64\nif H < 3 { relu } -> maxpool(2)")
    together = sp.parse("input(4, H)\nassume H % 32 == 0 and H >= 64\nif H < 3 { relu } -> maxpool(2)")
    assert together.output_shape == apart.output_shape
    assert [layer.layer for layer in together.layers.values()] == ["maxpool"]


@pytest.mark.parametrize("facts", ["H % 32 == 0", "H % 32 == 0\nassume H >= 64", "H >= 64\nassume H % 32 == 0"])
def test_conditions_are_about_the_names_of_the_program(facts: str) -> None:
    """What an assumption puts in place of a symbol is not seen from outside."""
    net = sp.parse(f"input(4, H)\nassume {facts}\nmaxpool(2)")
    assert tuple(net.symbols) == ("H",)
    assert {str(s) for condition in net.conditions for s in condition.free_symbols} == {"H"}
    assert net(H=128).output == (4, 64)
    for bad in (33, 100):
        assert not in_domain(net, {"H": bad})


def test_a_condition_that_changes_with_the_turns_does_not_name_the_turn() -> None:
    """Conditions hold in every turn; the number of the turn is no symbol of the network."""
    try:
        net = sp.parse("input(8, H)\nrepeat(n) { maxpool(k, s) }")
    except SymparamsError as error:
        assert "no closed form" in error.message
    else:
        assert set(net.symbols) <= {"H", "n", "k", "s"}


def test_an_input_is_in_the_normal_form_of_sizes() -> None:
    """A layer that keeps an input of any size keeps it at once: the repeat is one row."""
    net = sp.parse("dialect keras\ninput(C, C//7 + 6)\nrepeat(3) { dwconv(3, p=same) }")
    (layer,) = net.layers.values()
    assert layer.count == 3


@pytest.mark.parametrize("text", ["input(min(()))", "input(max(()))", "input(3) -> linear(min(*()))"])
def test_the_least_of_nothing_is_an_error_in_words(text: str) -> None:
    with pytest.raises(SymparamsError):
        sp.parse(text)


@pytest.mark.parametrize("size", ["same", "true", '"x"', "(1, 2)", "0", "0.5", "-2"])
def test_a_part_of_an_axis_is_a_number(size: str) -> None:
    with pytest.raises(SymparamsError):
        sp.parse(f'input(4, H) -> rearrange("(a b) c -> a (b c)", a={size})')


def test_keras_convolves_back_over_gaps() -> None:
    """Keras's transposed convolution with `valid` gives (n - 1)*s + max(k, s): with k < s the gaps are zeros."""
    net = sp.parse("dialect keras\ninput(5, 8) -> convT(2, 1, s=3, p=valid)")
    assert net.output == (2, 24)


@pytest.mark.parametrize("one", ["1/2 + 1/2", "0.5 + 0.5", "1.5 - 0.5", "3/4 - -1/4", "-(-1/2) + 1/2"])
def test_halves_add_up_to_a_whole_number(one: str) -> None:
    """A sum of fractions that is whole is a whole number wherever one is needed."""
    net = sp.parse(f"input(4, 4 + {one}) -> conv({one}, {one}, s={one})\nrepeat({one}) {{ linear(2*({one})) }}")
    assert net.output == (1, 2)


@pytest.mark.parametrize("text", ["input(2, 6) -> attention(C + 1)", "input(d)\nfor i in 0..n { linear(a**i) }"])
def test_a_sum_below_a_fraction_bar_stays_there(text: str) -> None:
    """A sum that divides cannot be multiplied out."""
    net = sp.parse(text)
    values = {"C": 2, "d": 5, "n": 3, "a": 4}
    known = {name: values[name] for name in net.symbols}
    assert at(net.quantity("params"), known) == net(**known).params


def test_the_parameters_at_work_in_a_mixture_of_experts() -> None:
    """Of all experts' parameters, those of the ones that are not chosen are idle: checked against one expert less."""
    mixture = "input(T, d) -> moe(E, k, f) -> linear(n)"
    net = sp.parse(mixture)
    values = {"T": 5, "d": 8, "E": 6, "k": 2, "f": 16, "n": 3}
    expert = 2 * 16 * 8 + 8 * 16
    assert net(**values).active == net(**values).params - (6 - 2) * expert
    assert sp.parse("input(d) -> linear(n)").active == sp.parse("input(d) -> linear(n)").params


def test_a_layer_used_again_is_one_module_in_what_is_emitted() -> None:
    from symparams.frameworks.torch_source import torch_source

    program = "def b(c) { linear(c) -> relu }\ninput(8)\nf: linear(8)\nreuse(f)\ng: b(8)\nreuse(g)"
    source = torch_source(sp.parse(program))
    assert source.count("nn.Linear(") == 2 and source.count("self.f(") == 2


@pytest.mark.parametrize("turns", ["", "repeat(m) { }", "if 1 > 2 { relu }", "for j in 0..m { repeat(2) { } }"])
def test_turns_that_do_nothing_are_derived_and_drawn(turns: str) -> None:
    net = sp.parse(f"input(C)\nfor i in 0..n {{ {turns} }}\nlinear(2)")
    assert net.derive().text() and net.draw().dot() and str(net.why())
    assert [row.name for row in net.rows()] == ["linear1"]


@given(st.lists(st.tuples(st.sampled_from("+-"), st.sampled_from(["a", "b", "3", "1/2", "a/b"]))))
def test_terms_that_are_added_at_once(terms: list[tuple[str, str]]) -> None:
    net = sp.parse(f"input(a, b) -> linear(floor(a*b + 99{''.join(f' {sign} {term}' for sign, term in terms)}))")
    values = {"a": 90, "b": 71}
    worth = {"a": 90, "b": 71, "3": 3, "1/2": Fraction(1, 2), "a/b": Fraction(90, 71)}
    expected = 90 * 71 + 99 + sum(worth[term] * (1 if sign == "+" else -1) for sign, term in terms)
    assert net(**values).output == (90, math.floor(expected))
    assert at(net.output_shape[1], values) == math.floor(expected)


def test_a_long_sum_of_products_stays_as_it_is() -> None:
    """What would be long when it is multiplied out is not refused for that."""
    net = sp.parse("input(C, H, W)" + "".join(f" -> conv(8, k{i})" for i in range(20)))
    values = {"C": 3, "H": 60, "W": 70, **{f"k{i}": 1 + i % 4 for i in range(20)}}
    assert at(net.quantity("macs"), values) == net(**values).macs


DEEP = {
    "def f { f }\ninput(3) -> f": True,
    "def f { g }\ndef g { h: { f } }\ninput(3) -> f": True,
    "\n".join(f"def f{i} {{ f{i + 1} }}" for i in range(60)) + "\ndef f60 { relu }\ninput(3) -> f0": False,
    "fn f(x) = f(x)\ninput(f(1))": True,
    "fn f(x) = g(x)\nfn g(x) = 1 + f(x)\ninput(f(1))": True,
    "\n".join(f"fn f{i}(x) = f{i + 1}(x)" for i in range(70)) + "\nfn f70(x) = x\ninput(f0(1))": False,
}


@pytest.mark.parametrize("text", DEEP)
def test_what_is_deep_and_what_calls_itself_are_told_apart(text: str) -> None:
    with pytest.raises(SymparamsError, match="nested more than") as caught:
        sp.parse(text)
    assert ("calls itself" in caught.value.message) == DEEP[text]


VALUES = ["3", "1/2", "C", "same", '"a b -> b a"', "true", "(1, 2)", "(1, same)", "((1, 2), (3, 4))", "()", "C == 3"]
BUILT_IN = sorted(elaborate.BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_functions_say_what_they_take(name: str) -> None:
    """Whatever they are given, there is a value or an error in words at its place."""
    for arguments in [(), *product(VALUES, repeat=1), *product(VALUES, repeat=2)]:
        try:
            sp.parse(f"input(C)\nlet y = {name}({', '.join(arguments)})")
        except SymparamsError as error:
            assert error.message and error.position
            assert error.position[0] == 2


def test_sizes_that_are_written_as_floors_below_zero_make_a_product() -> None:
    """ceil(5/s) and ceil(C/s) with a symbolic stride: each is written with a minus, and their product without."""
    text = "input(2, 5, C)\nconv(M, (C, 1), s=C//4, p=same)\nflatten"
    net = sp.parse(text)
    for C in (4, 5, 6, 7):
        assert net(C=C, M=3).output == sp.parse(text.replace("C", str(C)).replace("M", "3")).output == (15 * C,)
