"""Outputs by name: further inputs of blocks, names with an index, unnamed inputs. Each equals the program by hand."""

from __future__ import annotations

import pickle
import re

import pytest
from checks import counts_at, in_domain, shape_at
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams import Network, SymparamsError
from symparams.tables.one_figure import expression
from symparams.tables.printed import totals
from symparams.tables.record import network_record

DOUBLE = "def double(c) { conv(c, 3, p=1) -> relu -> conv(c, 3, p=1) -> relu }\n"
UP = "def up(c) on (C, H, W), skip (D, Y, X) { convT(c, 2, s=2) -> concat(skip) -> double(c) }\n"


def figures(net: Network) -> tuple[object, ...]:
    """What two ways to write a network have in common, down to the shapes of their weights and of their layers."""
    layers = [(layer.layer, layer.output, layer.params) for layer in net.rows()]
    return net.params, net.macs, net.output, set(net.conditions), layers


def unet_by_hand(depth: int) -> str:
    down = "".join(f"e{i}: double({8 * 2**i}) -> maxpool(2)\n" for i in range(depth))
    up = "".join(f"convT({8 * 2**i}, 2, s=2) -> concat(e{i}) -> double({8 * 2**i})\n" for i in reversed(range(depth)))
    return f"{DOUBLE}input(3, H, W)\nassume H % 32 == 0\nassume W % 32 == 0\n{down}double({8 * 2**depth})\n{up}"


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_block_with_a_second_input_is_its_body_with_the_output_in_it(depth: int) -> None:
    down = "".join(f"e{i}: double({8 * 2**i}) -> maxpool(2)\n" for i in range(depth))
    up = "".join(f"up({8 * 2**i}, skip=e{i})\n" for i in reversed(range(depth)))
    head = "input(3, H, W)\nassume H % 32 == 0\nassume W % 32 == 0\n"
    net = sp.parse(f"{DOUBLE}{UP}{head}{down}double({8 * 2**depth})\n{up}")
    assert figures(net) == figures(sp.parse(unet_by_hand(depth)))


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_a_decoder_in_a_loop_reads_the_encoder_backwards(depth: int) -> None:
    net = sp.parse(
        f"{DOUBLE}input(3, H, W)\nassume H % 32 == 0\nassume W % 32 == 0\n"
        f"for i in 0..{depth} {{ e[i]: double(8*2**i) -> maxpool(2) }}\ndouble({8 * 2**depth})\n"
        f"for i in 0..{depth} {{ convT({8 * 2**depth}//2**(i + 1), 2, s=2) -> concat(e[{depth - 1} - i])"
        f" -> double({8 * 2**depth}//2**(i + 1)) }}"
    )
    assert figures(net) == figures(sp.parse(unet_by_hand(depth)))
    assert {f"e[{i}]" for i in range(depth)} <= {layer.name for layer in net.rows(0)}


BY_HAND = {
    # Every way to read an output, by an input of a block and by the output's own name.
    "def f(c) on (T, d), m (S, e) { linear(c*e) -> concat(m, axis=1) }\ninput(T, 8) -> a: linear(4) -> f(3, m=a)": (
        "input(T, 8) -> a: linear(4) -> f: { linear(12) -> concat(a, axis=1) }"
    ),
    "def f on (T, d), m (S, e) { attention(2, memory=m) -> from m }\ns: input(S, 6)\ninput(T, 8) -> f(m=s)": (
        "s: input(S, 6)\ninput(T, 8) -> f: { attention(2, memory=s) -> from s }"
    ),
    "def f on (d), m (e), n (g) { reuse(m) -> linear(d, tied=n) -> add(m, n) }\n"
    "input(8) -> a: linear(8) -> b: linear(8) -> f(m=a, n=b)": (
        "input(8) -> a: linear(8) -> b: linear(8) -> f: { reuse(a) -> linear(8, tied=b) -> add(a, b) }"
    ),
    # Handed on from block to block, and to a block that stands in a loop.
    "def g on (d), m (e) { add(m) }\ndef f on (d), n (e) { g(m=n) -> g(m=n) }\ninput(8) -> a: linear(8) -> f(n=a)": (
        "input(8) -> a: linear(8) -> f: { g: { add(a) } -> h: { add(a) } }"
    ),
    "def f on (d), m (e) { concat(m) -> linear(4) }\ninput(8) -> a: linear(2) -> for i in 0..3 { f(m=a) }": (
        "input(8) -> a: linear(2) -> for i in 0..3 { f: { concat(a) -> linear(4) } }"
    ),
    # Names with an index, in every place that names an output.
    "input(8) -> for i in 0..3 { b[i]: linear(8) -> add(b[0]) }\n"
    "from b[2] -> mul(b[1], b[0]) -> linear(8, tied=b[2]) -> reuse(b[1]) -> concat(b[3 - 2])": (
        "input(8) -> b0: linear(8) -> add(b0) -> b1: linear(8) -> add(b0) -> b2: linear(8) -> add(b0)\n"
        "from b2 -> mul(b1, b0) -> linear(8, tied=b2) -> reuse(b1) -> concat(b1)"
    ),
    "input(8) -> b[0]: linear(8) -> for i in 1..4 { b[i]: { linear(8*i) } -> concat(b[i - 1]) }": (
        "input(8) -> b0: linear(8) -> b1: { linear(8) } -> concat(b0) -> b2: { linear(16) } -> concat(b1)"
        " -> b3: { linear(24) } -> concat(b2)"
    ),
    "input(8) -> for i in 0..2 { for j in 0..2 { b[i][j]: linear(1 + i + 2*j) } }\nfrom b[1][0] -> concat(b[0][1])": (
        "input(8) -> linear(1) -> x: linear(3) -> y: linear(2) -> linear(4) -> from y -> concat(x)"
    ),
    # A word of the language as a name.
    "input(8) -> for i in 0..2 { layer[i]: linear(8) }\nfrom layer[0] -> let[2]: relu -> add(layer[1])": (
        "input(8) -> a: linear(8) -> b: linear(8) -> from a -> relu -> add(b)"
    ),
    "e[1]: input(S, 8)\ninput(T, 8) -> attention(2, memory=e[2 - 1])": (
        "e: input(S, 8)\ninput(T, 8) -> attention(2, memory=e)"
    ),
    # An input without a name, by the name in the table.
    "input(8) -> linear(8) -> add(x)": "a: input(8) -> linear(8) -> add(a)",
    "input(S, 4)\ninput(T, 8) -> attention(2, memory=x) -> from x2 -> concat(x2)": (
        "a: input(S, 4)\nb: input(T, 8) -> attention(2, memory=a) -> from b -> concat(b)"
    ),
    "input(8) -> x: linear(8) -> linear(8) -> add(x)": "input(8) -> a: linear(8) -> linear(8) -> add(a)",
    "def f on (d), m (e) { linear(e) -> add(m) }\ninput(8) -> f(m=x)": "a: input(8) -> f: { linear(8) -> add(a) }",
}


@pytest.mark.parametrize("text", BY_HAND)
def test_equals_the_program_by_hand(text: str) -> None:
    net, by_hand = sp.parse(text), sp.parse(BY_HAND[text])
    assert net.params == by_hand.params
    assert net.output == by_hand.output
    assert [(layer.output, layer.params) for layer in net.rows()] == [
        (row.output, row.params) for row in by_hand.rows()
    ]
    assert sp.parse(str(net)).program == net.program


def test_sizes_of_a_further_input_are_compared_where_they_share_a_name() -> None:
    text = "def f on (T, d), m (S, d) {{ attention(2, memory=m) }}\ns: input(S, {})\ninput(T, {}) -> f(m=s)"
    with pytest.raises(SymparamsError, match="'m' of 'f' needs d = 8"):
        sp.parse(text.format(6, 8))
    assert sp.parse(text.format("e", 8)).params == 288
    assert sp.parse(text.format("e", "d")).conditions


FAULTS = {
    "def f(mem) { attention(2, memory=mem) }\ninput(4, 8) -> f(3)": "def f on (T, d), mem (S, e)",
    "def f(c) on (d), m (e) { add(m) }\ninput(8) -> f(3)": "f(3, m=NAME) with the name of an output",
    "def f on (d), m (e) { add(m) }\ninput(8) -> f(m=a)": "named so far: x",
    "input(8) -> for i in 0..3 { b[i]: linear(8) } -> add(b[3])": "did you mean 'b[2]'?",
    "input(8) -> b[1/2]: linear(8)": "",
    "input(8) -> b[true]: linear(8)": "",
    "input(8) -> reuse(x)": "",
}


@pytest.mark.parametrize("text", FAULTS)
def test_faults_say_what_would_be_right(text: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        sp.parse(text)
    assert caught.value.position
    assert FAULTS[text] in (caught.value.hint or "")


# Several outputs

HEADS = "input(3, H, W)\na: conv(8, 3, p=1) -> relu\nh1: conv(4, 1)\nfrom a -> gap -> h2: linear(n)\noutput(h1, h2)\n"


def test_several_outputs_are_a_tuple_of_shapes_everywhere() -> None:
    net = sp.parse(HEADS)
    H, W, n = (net.symbols[name] for name in "HWn")
    assert net.output == ((4, H, W), (n,))
    assert net(H=5, W=6, n=7).output == ((4, 5, 6), (7,)) == net.function("output")(H=5, W=6, n=7)
    assert repr(net.function("output")) == "output(H, W, n) = ((4, H, W), (n))"
    assert "output ((4, H, W), (n))" in repr(net)
    assert network_record(net)["output"] == [[4, "H", "W"], ["n"]]
    assert dict(totals(net))["output"] == "((4, H, W), (n))"
    assert expression(net, "output", "python") == "((4, H, W), (n,))"
    assert expression(net, "output", "latex") == r"\left(\left(4, H, W\right), \left(n\right)\right)"
    assert "Output: (4, H, W), (n)." in net.derive().text()
    assert net.draw().mermaid().count('(["<b>output</b>"])') == 2
    assert net.params == sp.parse(HEADS.replace("output(h1, h2)", "")).params
    assert pickle.loads(pickle.dumps(net)) == net == sp.parse(str(net))


def test_one_output_named_is_that_output_alone() -> None:
    net = sp.parse(HEADS.replace("(h1, h2)", "(h1)"))
    assert net.output == sp.parse(HEADS.replace("output(h1, h2)", "from h1")).output
    assert network_record(net)["output"] == [4, "H", "W"]


def test_outputs_may_have_an_index_and_be_those_of_a_loop() -> None:
    net = sp.parse("input(3, 32, 32) -> for i in 0..3 { p[i]: conv(8*2**i, 3, s=2, p=1) }\noutput(p[0], p[2], x)")
    assert net.output == ((8, 16, 16), (32, 4, 4), (3, 32, 32))
    assert sp.parse(str(net)).program == net.program


ENDINGS = {
    "input(8) -> a: linear(4)\noutput(a)\nrelu": "nothing follows 'output'",
    "input(8) -> a: linear(4)\noutput(b)": "no output named 'b'",
    "input(8) -> a: linear(4)\noutput()": "takes the names of outputs",
    "input(8) -> a: linear(4)\noutput(a, 3)": "takes the names of outputs",
    "input(8) -> a: linear(4)\noutput(a=a)": "takes the names of outputs",
    "input(8) -> a: linear(4) -> b: output(a)": "has no name",
    "input(8) -> repeat(2) { a: linear(8) -> output(a) }": "ends the program",
    "def f { a: linear(4) -> output(a) }\ninput(8) -> f": "ends the program",
    "def output(c) { linear(c) }\ninput(8) -> output(3)": "is a word of the language",
}


@pytest.mark.parametrize("text", ENDINGS)
def test_an_end_that_is_none(text: str) -> None:
    with pytest.raises(SymparamsError, match=ENDINGS[text]) as caught:
        sp.parse(text)
    assert caught.value.position


def test_output_is_still_a_statement_of_a_rule_and_a_name() -> None:
    net = sp.parse("layer f(n) on (d) { weight w(n, d)  output (n,) }\ninput(8) -> output: f(4) -> add(output)")
    assert (net.params, net.output) == (32, (4,))


# Names with an index in turns that are worked out as one

SYMBOLIC = [
    "input(8) -> for i in 0..n { b[i]: linear(4*i + 4) -> linear(3) -> concat(b[i]) -> linear(8) }",
    "input(8) -> for i in 0..n { b[i]: linear(8) -> reuse(b[i]) -> linear(8, tied=b[i]) }",
    "input(8) -> b[0]: linear(4) -> linear(8) -> for i in 1..n { b[i]: linear(8) -> concat(b[0]) -> linear(8) }",
    # The first turn names b[0] again, so it is worked out on its own.
    "input(8) -> b[0]: linear(4) -> linear(8) -> for i in 0..n { b[i]: linear(8) -> concat(b[0]) -> linear(8) }",
    "input(8) -> for i in 0..n { b[i]: linear(8) -> b[2*i]: linear(8 + 4*i) -> from b[i] -> linear(8) }",
    "input(8) -> for i in 0..n { for j in 0..2 { b[i][j]: linear(2*i + j + 1) }\nconcat(b[i][0]) }",
    "input(8) -> for i in 0..n { for j in 0..2 { b[i + j]: linear(i + 2*j + 1) }\nconcat(b[i]) }",
    "input(8) -> for i in 0..n { for j in 0..n { b[i][j]: linear(8) -> add(b[i][j]) } }",
    "input(8) -> for i in 0..n { part: { b[i]: linear(2) -> concat(b[i]) -> linear(8) } -> add(x) }",
    "input(8) -> repeat(n - 1) { b[1]: linear(8) }\nfrom b[1]",
    "input(8) -> for i in 0..n { b[i]: linear(8) } -> b[n + 1]: linear(4) -> concat(b[n + 1])",
    "input(8) -> b[0]: linear(8) -> for i in 0..n { concat(b[0]) -> linear(8) -> b[i + 1]: linear(4) -> linear(8) }",
    # The first turn names b[0] again, for those that follow.
    "input(8) -> b[0]: linear(8) -> for i in 0..n { concat(b[0]) -> linear(8) -> b[i]: linear(4) -> linear(8) }",
]


@pytest.mark.parametrize("text", SYMBOLIC)
def test_turns_worked_out_as_one_are_those_with_a_number(text: str) -> None:
    net = sp.parse(text)
    for n in range(1, 6):
        if in_domain(net, {"n": n}):
            concrete = sp.parse(re.sub(r"\bn\b", str(n), text))
            assert counts_at(net, {"n": n}) == counts_at(concrete, {})
            assert shape_at(net.output_shape, {"n": n}) == concrete.output_shape
        else:
            with pytest.raises(SymparamsError):
                sp.parse(re.sub(r"\bn\b", str(n), text))


OPEN = [
    "input(8) -> for i in 0..n { b[i]: linear(8) }\nfrom b[0]",
    "input(8) -> b[0]: linear(8) -> for i in 0..n { b[i]: linear(8) }\nfrom b[0]",
    "input(8) -> b[3]: linear(4) -> for i in 0..n { b[i]: linear(8) }\nfrom b[3]",
    "input(8) -> for i in 0..n { b[i]: linear(8) }\nfor i in 0..n { add(b[i]) }",
    "input(8) -> b[0]: linear(8) -> for i in 1..n { b[i]: add(b[i - 1]) }",
    "input(8) -> b[n]: linear(8) -> b[3]: linear(4) -> from b[n]",
    "input(8) -> b[3]: linear(8) -> b[n]: linear(4) -> from b[3]",
    # The sixth turn names b[5] again, for those that follow.
    "input(8) -> b[5]: linear(8) -> for i in 0..n { concat(b[5]) -> linear(8) -> b[i]: linear(4) -> linear(8) }",
    "def f { from b[2] }\ninput(8) -> for i in 0..n { b[i]: linear(8) } -> f",
]


@pytest.mark.parametrize("text", OPEN)
def test_which_output_it_is_may_be_open(text: str) -> None:
    """With a symbol it is refused, and the hint helps: with a number each program is one."""
    with pytest.raises(SymparamsError, match="which output") as caught:
        sp.parse(text)
    assert "give the number of turns a value" in (caught.value.hint or "")
    assert sp.parse(re.sub(r"\bn\b", "4", text)).params


INDICES = ("i", "i + 1", "2*i", "i + 3", "0", "1", "3")
STAGES = st.one_of(
    st.builds("b[{}]: linear({})".format, st.sampled_from(INDICES), st.integers(1, 9)),
    st.builds("{}(b[{}])".format, st.sampled_from(("concat", "from")), st.sampled_from(INDICES)).map(
        lambda text: re.sub(r"from\((.*)\)", r"from \1", text)
    ),
    st.just("linear(8)"),
)


@given(st.lists(STAGES, min_size=2, max_size=5), st.sampled_from(("", " -> concat(b[0])", " -> concat(b[2])")))
def test_no_turn_reads_another_output_than_it_would_with_numbers(body: list[str], behind: str) -> None:
    """Wherever outputs are named and read, turns worked out as one are those written out, or they are refused."""
    start = "input(8) -> b[0]: linear(4) -> b[1]: linear(5) -> b[3]: linear(6) -> linear(8)"
    text = f"{start} -> for i in 0..n {{ {' -> '.join(body)} -> linear(8) }}{behind}"
    try:
        net = sp.parse(text)
    except SymparamsError:
        return
    for n in range(1, 7):
        if in_domain(net, {"n": n}):
            concrete = sp.parse(text.replace("0..n", f"0..{n}"))
            assert counts_at(net, {"n": n}) == counts_at(concrete, {})
            assert shape_at(net.output_shape, {"n": n}) == concrete.output_shape
