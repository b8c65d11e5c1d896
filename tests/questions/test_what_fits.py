"""What would fit where sizes do not meet: each hint is followed, and the program with it has no fault."""

from __future__ import annotations

import re

import pytest

import symparams as sp

MISFITS = (
    "input(3, 32, 32) -> nn.Conv2d(3, 8, 5) -> nn.MaxPool2d(2) -> nn.Flatten() -> nn.Linear(1152, 10)",
    "input(3, 32, 32) -> nn.Conv2d(3, 8, 5) -> nn.MaxPool2d(2) -> nn.Flatten() -> nn.Linear(2048, 10)",
    "input(3, 32, 32) -> residual { conv(3, 3) }",
    "input(3, H, W) -> residual { conv(3, 3) }",
    "input(3, 33, 33) -> concat { conv(8, 3) } { conv(8, 5) }",
    "input(3, 32, 32) -> a: conv(8, 3, s=2, p=1) -> conv(8, 3, s=2, p=1) -> convT(8, 3, s=2, p=1) -> concat(a)",
    "input(3, 33, 33) -> a: conv(8, 3, s=2, p=1) -> convT(8, 2, s=2) -> concat(x)",
    "input(3, 32, 32) -> residual { conv(3, 3, s=2, p=1) }",
)
WORDS = {"a padding": ("p", "padding"), "a stride": ("s", "stride"), "an output padding": ("op", "output_padding")}


def hint_on(program: str) -> str:
    with pytest.raises(sp.SymparamsError) as fault:
        sp.parse(program)
    return fault.value.hint or ""


def followed(program: str, hint: str) -> list[str]:
    """The programs that a hint speaks of."""
    images = (re.findall(r"an input of ([^;]*)", hint) or [""])[0]
    shapes = re.findall(r"\(\d+, \d+, \d+\)", images)
    found = [re.sub(r"input\([^)]*\)", f"input{shape}", program) for shape in shapes]
    for noun, number, call in re.findall(r"(an? [a-z ]+) of (\d+) in (a\b|[\w.]+\([^)]*\))", hint):
        whole = call if call != "a" else next(re.finditer(r"(?<=a: )\w+\([^)]*\)", program)).group()
        word = WORDS[noun][whole.startswith("nn.")]
        plain = re.sub(rf", {word}=\d+", "", whole)
        found.append(program.replace(whole, f"{plain[:-1]}, {word}={number})", 1))
    return found


@pytest.mark.parametrize("program", MISFITS)
def test_hints_followed_fit(program: str) -> None:
    hint = hint_on(program)
    changed = followed(program, hint)
    assert changed and hint.count(" of ") - hint.count("input of") <= len(changed)
    for other in changed:
        assert sp.parse(other).output


def test_what_no_change_mends_has_no_hint() -> None:
    assert hint_on("input(3, 32, 32) -> residual { conv(8, 3, p=1) }") == ""


def test_likelier_ways_come_first() -> None:
    hint = hint_on(MISFITS[5])
    places = [hint.find(word) for word in ("an input", "a padding", "a stride", "an output padding")]
    assert -1 not in places and places == sorted(places)


@pytest.mark.parametrize(
    ("program", "question", "shown"),
    [
        ("input(3, 224, 224) -> conv(64, 7, s=2, p=3)", "output[1] == 112", "an input with H = 223 or 224"),
        (
            "input(3, 224, 224) -> conv(64, 7, s=2, p=3)",
            "output == (64, 50, 50)",
            "an input with H = 99 or 100 and W = 99 or 100",
        ),
        (
            "input(3, 224, 224) -> conv(64, 7, s=2, p=3)",
            "output[1] == 224",
            "an input with H = 447 or 448\na stride of 1 in conv(64, 7, s=2, p=3)",
        ),
        ("input(3, H, W) -> conv(64, 5)", "output[1] == H", "a padding of 2 in conv(64, 5)"),
        (
            "input(3, H, W) -> conv(64, 5)",
            "output[0] == 63",
            "no size of the input and no padding or stride of one layer does it",
        ),
    ],
)
def test_a_size_that_is_wished_for(program: str, question: str, shown: str) -> None:
    wish = sp.parse(program).solve(question)
    assert str(wish) == shown and wish.record()["question"] == question


def test_wishes_are_what_trying_gives() -> None:
    program = "input(3, {}, 32) -> conv(8, 5, s={}, p={}) -> maxpool(2)"
    wish = sp.parse(program.format(32, 2, 0)).solve("output[1] == 6")
    heights = {n for n in range(8, 200) if sp.parse(program.format(n, 2, 0)).output[1] == 6}
    assert set(wish.sizes["H"]) == heights
    tried = {("p", p) for p in range(1, 9) if sp.parse(program.format(32, 2, p)).output[1] == 6}
    tried |= {("s", s) for s in (1, 3, 4) if sp.parse(program.format(32, s, 0)).output[1] == 6}
    on_conv = {(c.kind.name, c.number) for c in wish.changes if c.call.rule == "conv"}
    assert on_conv == tried
