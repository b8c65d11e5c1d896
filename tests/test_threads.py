"""State belongs to one parse: texts read side by side give what they give one after the other, and so after errors."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import symparams as sp
from symparams import SymparamsError
from symparams.closed_forms.polynomial import Symbol
from symparams.errors import Source
from symparams.language.parser import parse_question

TEXTS = [
    "input(C, H, W) -> conv(M, k, s, p, g=G)",
    "net f(w=8)\ninput(3, H, H) -> conv(w, 3) -> repeat(n) { residual { conv(w, 3, p=1) -> bn } } -> gap -> linear(10)",
    "input(３，Ｈ) → linear(⌊Ｈ÷２⌋)",
    "input(C -> conv(M, k)",
    "input((C, [H",
    "def f(c) { conv(c, 3",
    "input(C)\nlinear(a.b)",
    "layer twice(n) on (C, *S) { weight w(n, C)  output (n, *S) }\ninput(C, H) -> twice(n) -> twice(2*n)",
    "input(d) -> for i in 0..n { linear(2**i*d + i) }",
]


@pytest.fixture(autouse=True)
def hasty() -> Iterator[None]:
    """Threads take turns after each step."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def told(text: str) -> str:
    try:
        net = sp.parse(text)
        return f"{net.params}\n{net.output}\n{net.conditions}\n{net.derive().text()}\n{net}"
    except SymparamsError as error:
        return str(error)


def side_by_side(work: Callable[[str], str], texts: list[str]) -> list[str]:
    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(work, texts))


def test_networks_made_side_by_side_are_those_made_one_by_one() -> None:
    alone = [told(text) for text in TEXTS]
    assert side_by_side(told, TEXTS * 3) == alone * 3
    assert [told(text) for text in reversed(TEXTS)] == alone[::-1]


def test_a_question_beside_programs_lends_them_nothing() -> None:
    """What may be asked at the prompt alone stays an error in a program that is read at the same time."""

    def asked(text: str) -> str:
        return str(parse_question(Source("<prompt>", text)))

    def read(text: str) -> str:
        return asked(text) if text == "conv1.params = 2M" else told(text)

    texts = ["conv1.params = 2M", "input(M) -> linear(a.b)", "input(M) -> linear(2M)"] * 40
    assert side_by_side(read, texts) == [read(text) for text in texts[:3]] * 40


def test_equal_atoms_are_one_object_in_all_threads() -> None:
    def made(name: str) -> Symbol:
        return Symbol(name)

    for turn in range(200):
        names = [f"thread_{turn}"] * 6
        with ThreadPoolExecutor(6) as pool:
            symbols = list(pool.map(made, names))
        assert len(set(map(id, symbols))) == 1
