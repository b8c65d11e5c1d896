"""Learned tensors as layers, sizes of a named output, widths that a number divides: against what they stand for."""

from __future__ import annotations

import importlib.util
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams import SymparamsError

TORCH = importlib.util.find_spec("torch") is not None

# A layer of the library, and the rule or the layers that say the same by hand.
BY_HAND = {
    "input(T, d) -> class_token": "layer t on (N, D) { weight w(D)  output (N + 1, D) }\ninput(T, d) -> t",
    "input(T, d) -> class_token(k)": "layer t on (N, D) { weight w(k, D)  output (N + k, D) }\ninput(T, d) -> t",
    "input(T, d) -> layer_scale": "layer s on (*S, d) { weight gamma(d) }\ninput(T, d) -> s",
    "input(C, H, W) -> layer_scale": "layer s on (C, *S) { weight gamma(C) }\ninput(C, H, W) -> s",
    "input(C, H, W) -> layer_scale(axis=2)": "layer s on (*S, d) { weight gamma(d) }\ninput(C, H, W) -> s",
    "input(C, H, W) -> position_grid": "layer s on (C, H, W) { weight grid(C, H, W) }\ninput(C, H, W) -> s",
    "input(C, H, W) -> position_grid(C, 1, 1)": "layer s on (C, *S) { weight b(C) }\ninput(C, H, W) -> s",
    "input(T, d) -> p: parameter(n, d) -> concat(x)": "input(T, d) -> p: position(T, d) -> slice(0, 0, n) -> concat(x)",
    "input(C, H, W) -> maxpool(2) -> resize(like=x)": "input(C, H, W) -> maxpool(2) -> resize(H, W)",
    "input(C, H, W) -> a: maxpool(2) -> conv(M, 3) -> upsample(like=a)": (
        "input(C, H, W) -> maxpool(2) -> conv(M, 3) -> resize(H//2, W//2)"
    ),
}


@pytest.mark.parametrize("text", BY_HAND)
@pytest.mark.parametrize("values", [{"C": 3, "H": 8, "W": 9, "T": 5, "d": 6, "M": 4, "k": 2, "n": 5}], ids=[""])
def test_equals_what_is_written_by_hand(text: str, values: dict[str, int]) -> None:
    net, by_hand = sp.parse(text), sp.parse(BY_HAND[text])
    if "position(" not in BY_HAND[text]:
        assert (net.params, net.output) == (by_hand.params, by_hand.output)
    net, by_hand = (n(**{name: v for name, v in values.items() if name in n.symbols}) for n in (net, by_hand))
    assert net.output == by_hand.output


@pytest.mark.skipif(not TORCH, reason="torch is not installed")
@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("input(5, 6) -> class_token(2) -> position_grid -> layer_scale -> position_grid(1, 6)", (5, 6)),
        ("input(3, 8, 9) -> layer_scale -> maxpool(2) -> resize(like=x) -> position_grid(3, 1, 1)", (3, 8, 9)),
        ("input(3, 8) -> conv(4, 3, s=2) -> upsample(like=x) -> layer_scale(axis=0) -> parameter(7, 8)", (3, 8)),
    ],
)
def test_torch_computes_what_they_say(text: str, shape: tuple[int, ...]) -> None:
    import torch

    from symparams.frameworks.torch_source import class_name, torch_source

    scope: dict[str, type] = {}
    net = sp.parse(text)
    exec(torch_source(net), scope)
    model = scope[class_name(net.name)]()
    assert sum(p.numel() for p in model.parameters()) == net.params
    assert tuple(model(torch.zeros(2, *shape)).shape) == (2, *net.output)


REFUSED = {
    "input(C, H, W) -> resize()": "a height and a width, or like",
    "input(C, H, W) -> resize(3)": "a height and a width, or like",
    "input(3, 8, 9) -> resize(3, 4, like=x)": "or that of like",
    "input(3, 8, 9) -> upsample(size=3, like=x)": "or that of like",
    "a: input(3, 8)\ninput(3, 8, 9) -> upsample(like=a)": "like has as many axes",
    "input(5, 6) -> position_grid(5)": "a size for each axis",
    "input(5, 6) -> position_grid(5, 7)": "that of the input, or 1",
    "input(5, 6) -> layer_scale(axis=2)": "no such axis",
    "input(5, 6) -> class_token(0)": "positive whole number",
    "input(5, 6) -> parameter()": "it has a size",
    "input(5, 6) -> parameter(3, 0)": "not positive",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(SymparamsError, match=REFUSED[text]) as caught:
        sp.parse(text)
    assert caught.value.position


def test_a_rule_asks_whether_the_call_names_an_output() -> None:
    rule = "layer mix on (T, d), other (S, e) { if other { weight w(e, d) } else { weight v(d) } }\n"
    net = sp.parse(f"{rule}a: input(3, 4)\ninput(5, 6) -> mix -> mix(other=a)")
    assert [layer.params for layer in net.rows()] == [6, 24]
    assert not net.symbols


# Widths that a number divides


def of_torchvision(v: float, divisor: int) -> int:
    """Its `_make_divisible`, with its arithmetic in floating point where a width is no whole number."""
    new = max(divisor, int(v + divisor / 2) // divisor * divisor)
    return new + divisor if new < 0.9 * v else new


WIDTH = sp.parse("net f(v, d=8, a=1.0)\ninput(3) -> linear(make_divisible(a*v, d))").free("d", "a")


@given(
    st.integers(1, 3000), st.sampled_from([1, 2, 3, 4, 8, 16, 32]), st.sampled_from([35, 50, 75, 100, 125, 130, 140])
)
def test_make_divisible_is_that_of_torchvision(v: int, divisor: int, percent: int) -> None:
    """As one closed form in the width, the divisor and the multiplier, as far as floating point gets it right."""
    a = Fraction(percent, 100)
    if abs(a * v * 9 / 10 - round(a * v * 9 / 10)) < Fraction(1, 10**6) or (a * v + Fraction(divisor, 2)) % 1 == 0:
        v, a = v, Fraction(1)
    assert WIDTH(v=v, d=divisor, a=a).output == (of_torchvision(float(a * v), divisor),)


def test_make_divisible_has_a_closed_form() -> None:
    net = sp.parse("assume n % 8 == 0\ninput(3) -> linear(make_divisible(n))\nassume n >= 16")
    assert [net(n=n).output for n in (16, 24, 80)] == [(16,), (24,), (80,)]
    assert not WIDTH.conditions
