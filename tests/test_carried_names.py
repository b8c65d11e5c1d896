"""Names set again in a loop: n turns are the body written out n times, with a new name each time that one is set."""

from __future__ import annotations

import re

import pytest
from checks import counts_at, in_domain, put_in, shape_at

import symparams as sp
from symparams import SymparamsError

VALUES = {"C": 6, "H": 40, "M": 8, "g": 4, "d": 12, "w": 3, "a": 2}

# What stands before the loop, in it and behind it; `!name` sets a name and `@name` reads it.
PROGRAMS = {
    "concatenated by name": ("input(C, H) -> !e: conv(8, 1)", "!e: concat { from @e } { conv(g, 1) }", "concat(@e)"),
    "from a wider start": ("input(C, H) -> !e: conv(M, 1)", "!e: concat { from @e } { conv(8, 1) }", "concat(@e)"),
    "the flow and the name": ("input(d) -> !e: linear(w)", "!e: concat(@e) -> linear(d)", "concat(@e)"),
    "two names": (
        "input(d) -> !e: linear(w) -> !f: linear(g)",
        "from @e -> !e: concat(@f) -> linear(w) -> !f: linear(g)",
        "concat(@e, @f)",
    ),
    "names that change places": ("input(d) -> !e: id -> !f: linear(d)", "from @e -> !e: add(@f) -> !f: id", "add(@e)"),
    "in a branch": (
        "input(C, H) -> !e: conv(8, 1)",
        "residual { !e: conv(C, 1) } { conv(C, 1) } -> from @e",
        "concat(@e)",
    ),
    "in an if": ("input(d) -> !e: linear(w)", "if d >= 1 { !e: concat(@e) }", "concat(@e)"),
    "in a repeat of its own": (
        "input(d) -> !e: linear(w)",
        "repeat(a) { !e: concat { from @e } { linear(g) } }",
        "from @e",
    ),
    "under one name": ("input(d) -> !e: linear(w)", "part: { !e: concat { from @e } { linear(g) } }", "from @e"),
    "read in a block": ("input(d) -> !e: linear(w)", "!e: linear(g) -> wide", "wide"),
    "memory": ("input(w, d) -> !e: linear(d)", "attention(2, memory=@e) -> !e: linear(d)", "add(@e)"),
    "tied to the one before": ("input(d) -> !e: linear(d)", "!e: linear(d, tied=@e)", "linear(d, tied=@e)"),
    "used again, then another": ("input(d) -> !e: linear(d)", "reuse(@e) -> !e: linear(d)", "reuse(@e)"),
    "used again under the same name": ("input(d) -> !e: linear(d)", "!e: reuse(@e) -> relu", "reuse(@e)"),
    "set, and read only behind the loop": ("input(d) -> !e: linear(w)", "!e: linear(d)", "concat(@e)"),
    "a value that doubles": ("input(d)\nlet !c = w", "let !c = 2*@c\nlinear(@c)", "linear(@c)"),
    "a value that grows": ("input(d)\nlet !c = w", "linear(@c)\nlet !c = @c + g", "linear(@c)"),
    "a value and an output": (
        "input(d) -> !e: id\nlet !c = 1",
        "let !c = @c + 2\n!e: concat(@e) -> linear(@c)",
        "concat(@e)",
    ),
    "values for the axes": (
        "input(C, H)\nlet !k = (3,)",
        "conv(C, @k, p=2)\nlet !k = (@k[0] + 2,)",
        "conv(C, @k, p=20)",
    ),
}
WITH_TURNS = {
    "the turn's number": ("input(d) -> !e: linear(w)", "!e: concat { from @e } { linear(i + 1) }", "concat(@e)"),
    "squares": ("input(d) -> !e: linear(w)", "!e: concat { from @e } { linear((i + 1)**2) }", "from @e"),
    "powers": ("input(C, H) -> !e: conv(8, 1)", "!e: concat { from @e } { conv(g*2**i, 1) }", "concat(@e)"),
    "a value that is a sum": ("input(d)\nlet !c = w", "let !c = @c + i\nlinear(@c)", "linear(@c)"),
    "a value of the turn": ("input(d)\nlet !c = w", "let !c = i + 2\nlinear(@c)", "linear(@c)"),
}
BLOCK = "def wide { concat(e) -> linear(5) }\n"


def numbered(text: str, latest: dict[str, int]) -> str:
    """The text with a new name for each time that one is set: a stage that sets it still reads the one before."""
    text = re.sub(r"\bpart: \{ (.*) \}$", r"\1", text.replace("wide", "concat(@e) -> linear(5)"), flags=re.M)
    stages = re.split(r"( -> (?![^{]*\})|\n)", text)
    for place, stage in enumerate(stages):
        set_here = set(re.findall(r"!(\w+)", stage))
        stage = re.sub(r"@(\w+)", lambda match: f"{match[1]}_{latest[match[1]]}", stage)
        latest.update({name: latest.get(name, -1) + 1 for name in set_here})
        stages[place] = re.sub(r"!(\w+)", lambda match: f"{match[1]}_{latest[match[1]]}", stage)
    return "".join(stages)


def written_out(before: str, body: str, behind: str, turns: int) -> sp.Network:
    latest: dict[str, int] = {}
    parts = [numbered(before, latest)]
    for i in range(turns):
        times = 2 if body.startswith("repeat(a)") else 1
        inner = body.removeprefix("repeat(a) { ").removesuffix(" }") if times == 2 else body
        parts += [numbered(re.sub(r"\bi\b", str(i), inner), latest) for _ in range(times)]
    return sp.parse("\n".join([*parts, numbered(behind, latest)]))


def looped(before: str, head: str, body: str, behind: str) -> sp.Network:
    text = f"{before}\n{head} {{ {body} }}\n{behind}".replace("!", "").replace("@", "")
    return sp.parse(BLOCK * ("wide" in text) + text)


def assert_same(net: sp.Network, other: sp.Network, values: dict[str, int]) -> None:
    assert shape_at(net.output_shape, values) == shape_at(other.output_shape, values)
    assert counts_at(net, values) == counts_at(other, values)


CASES = [(*case, head) for case in PROGRAMS.values() for head in ("repeat(n)", "for i in 0..n", "repeat(n - 1)")]
CASES += [(*case, head) for case in WITH_TURNS.values() for head in ("for i in 0..n", "for i in 0..n - 1")]


@pytest.mark.parametrize(("before", "body", "behind", "head"), CASES, ids=lambda text: text)
def test_a_name_set_again_carries_from_turn_to_turn(before: str, body: str, behind: str, head: str) -> None:
    """With a number of turns; with a symbol for it, where there is a closed form, else an error that says so."""
    try:
        symbolic: sp.Network | None = looped(before, head, body, behind)
    except SymparamsError as error:
        assert "no closed form" in error.message or "with every turn" in error.message
        symbolic = None
    for n in (0, 1, 2, 3, 7):
        turns = n - 1 if "n - 1" in head else n
        if turns < 0:
            continue
        values = {**VALUES, "n": n}
        copies = written_out(before, body, behind, turns)
        number = looped(before, re.sub(r"\bn( - 1)?$|\bn( - 1)?(?=\))", str(turns), head), body, behind)
        assert_same(put_in(number, values), copies, values)
        if symbolic is not None and n and in_domain(symbolic, values):
            assert_same(symbolic, copies, values)
        elif symbolic is not None and n:
            assert turns < 2, "the conditions refuse a network that can be built"


def test_a_name_with_an_index_is_carried_too() -> None:
    net = sp.parse("input(C, H)\nb[0]: conv(8, 1)\nrepeat(n) { b[0]: concat { from b[0] } { conv(4, 1) } }\nfrom b[0]")
    assert [net(C=2, H=3, n=n).output[0] for n in (1, 2, 5)] == [12, 16, 28]
    assert str(net.output[0]) == "4*n + 8"
    with pytest.raises(SymparamsError, match="no closed form"):
        sp.parse("input(d)\nrepeat(n) { concat { id } { linear(2) } -> b[1]: id }\nfrom b[1]")


def test_a_name_first_set_inside_ends_with_the_loop() -> None:
    with pytest.raises(SymparamsError, match="no output named 'e'"):
        sp.parse("input(d)\nrepeat(2) { e: linear(d) }\nadd(e)")
    with pytest.raises(SymparamsError, match="no output named 'e'"):
        sp.parse("input(d)\nfor i in 0..2 { if i > 0 { add(e) }\ne: linear(d) }")


def test_a_name_set_in_a_block_is_its_own() -> None:
    """A block sets no name of the program, however often it runs."""
    net = sp.parse("def f { e: linear(3) }\ninput(7)\ne: linear(5)\nrepeat(2) { f }\nfrom e")
    assert net.output == (5,)


def test_a_block_sees_the_latest_output_and_value() -> None:
    """What a block reads from around it is what stands there when it runs, also from a loop inside of the block."""
    text = "def g { concat(e) -> linear(2) }\ndef f { repeat(1) { g } }\ninput(3)\ne: linear(4)\nf\ne: linear(9)\nf"
    assert [layer.params for layer in sp.parse(text).layers.values() if layer.layer == "linear"] == [16, 18, 27, 38]
    text = "let c = 2\ndef f { linear(c) }\ninput(4)\nfor i in 0..2 { let c = 2*c\nf }"
    assert sp.parse(text).params == 4 * 4 + 4 + 4 * 8 + 8


def test_a_value_is_not_used_before_it_is_named() -> None:
    with pytest.raises(SymparamsError, match="'c' is used before 'let c'"):
        sp.parse("input(8)\nfor i in 0..3 { let c = c + 1\nlinear(c) }")
