"""Random arithmetic in many spellings, against Python's own fractions, and polynomials against sympy."""

from __future__ import annotations

import random
from fractions import Fraction
from math import floor

import pytest
import sympy

from symparams.check.checking import check_text

TIMES = ("*", " × ", " · ", " x ", "\\times ", " \\cdot ")
GROUPS = (",", "{,}", "\\,", "_", "'")


class Written:
    """Arithmetic as a text in a style, and its value as Python has it."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.style = self.random.randrange(len(TIMES))
        self.is_math = self.style >= 4 or self.random.random() < 0.3
        self.group = self.random.choice(GROUPS if self.is_math else (",", "_", "'"))

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", self.group) if value > 9999 or self.random.random() < 0.5 else str(value)

    def term(self, depth: int) -> tuple[str, Fraction]:
        kind = self.random.choice("nnnsmf") if depth else "n"
        if kind == "n":
            value = self.random.choice((1, 2, 3, 5, 7, 16, 64, 128, 512, 1152, 4096, 30522))
            return self.number(value), Fraction(value)
        a, b = self.term(depth - 1), self.term(depth - 1)
        if kind == "s":
            return f"({a[0]} + {b[0]})", a[1] + b[1]
        if kind == "m":
            return f"({a[0]} - {b[0]})", a[1] - b[1]
        divisor = self.random.randrange(2, 9)
        if self.is_math:
            return f"\\left\\lfloor \\frac{{{a[0]}}}{{{divisor}}} \\right\\rfloor", Fraction(floor(a[1] / divisor))
        return f"⌊{a[0]}/{divisor}⌋", Fraction(floor(a[1] / divisor))

    def side(self) -> tuple[str, Fraction]:
        text, value = self.product()
        for _ in range(self.random.randrange(3)):
            more, other = self.product()
            text, value = f"{text} + {more}", value + other
        return text, value

    def product(self) -> tuple[str, Fraction]:
        text, value = self.term(2)
        for _ in range(self.random.randrange(1, 4)):
            more, other = self.term(1)
            text, value = f"{text}{TIMES[self.style]}{more}", value * other
        return text, value


@pytest.mark.parametrize("seed", range(150))
def test_a_random_equality_is_judged_as_python_judges_it(seed: int) -> None:
    written = Written(seed)
    left, value = written.side()
    for claimed in (value, value + 1, value + 90, -value if value else Fraction(7)):
        right = f"-{written.number(-int(claimed))}" if claimed < 0 else written.number(int(claimed))
        equality = f"{left} = {right}"
        text = f"so ${equality}$ holds" if written.is_math else f"It has {equality} parameters."
        found = check_text(text)
        assert found.checked == 1, text
        assert found.equalities[0].holds == (claimed == value), text


@pytest.mark.parametrize("seed", range(60))
def test_a_polynomial_identity_is_judged_as_sympy_judges_it(seed: int) -> None:
    chosen = random.Random(seed)
    names = sympy.symbols("k C M", positive=True, integer=True)
    factor = sum(chosen.randrange(1, 5) * chosen.choice(names) for _ in range(2)) + chosen.randrange(1, 4)
    other = chosen.choice(names) * chosen.choice(names) + chosen.randrange(3) * names[0] + names[1]
    left, right = factor * other, sympy.expand(factor * other)
    inside = sorted(left.free_symbols, key=str)
    wrong = right + chosen.choice((inside[0], 2 * inside[-1], -(inside[0] ** 2)))
    for side in (right, wrong):
        found = check_text(f"$${sympy.latex(left)} = {sympy.latex(side)}$$")
        is_true = sympy.expand(left - side) == 0
        assert [equality.holds for equality in found.equalities] == [is_true]
