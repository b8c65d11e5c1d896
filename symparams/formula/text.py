"""Unicode for the terminal: M·(C·k²/G + 1), ⌊(H − 1)/2⌋ + 1, G | C, 3 × 3 × 32 × 64 + 64."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import floor

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import display_width
from .printer import SIUNITX, Notation
from .textbook_order import condition_tree, total_tree, tree
from .tree import (
    Braced,
    CeilingOf,
    Div,
    FloorOf,
    FunctionOf,
    Identifier,
    Indexed,
    Joined,
    ModOf,
    Mul,
    Numeral,
    Order,
    Pow,
    Related,
    SumOver,
    Tree,
)

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
RELATIONS = {">=": "≥", "<=": "≤", "!=": "≠", "|": "|", "not |": "∤"}
# What stands over or under a slash without brackets.
_SIMPLE = (Numeral, Identifier, Pow, FloorOf, CeilingOf, FunctionOf, Indexed)


class TextNotation(Notation):
    """Rows are as wide as a terminal. A fraction among factors has brackets where `marks_fractions` says so."""

    limit = 78
    minus = "−"

    def __init__(self, thousands: str = "comma", marks_fractions: bool = True):
        self.thousands = {"comma": ",", "space": "\u202f", "none": "", SIUNITX: ""}[thousands]
        self.marks_fractions = marks_fractions

    def symbol(self, node: Identifier) -> str:
        return self.own_name(node.name) if node.local else node.name

    def label(self, node: Indexed) -> str:
        return f"{node.letter}[{self.index(node)}]"

    def multiplied(self, node: Tree) -> str:
        """A factor; a fraction has brackets, as a/b·c would be read as a/(b·c) as well."""
        text = self.factor(node)
        return self.brackets(text) if self.marks_fractions and isinstance(node, Div) else text

    def joined(self, factors: Sequence[Tree], crossed: bool) -> str:
        text = self.multiplied(factors[0])
        for previous, factor in pairwise(factors):
            name = factor.base if isinstance(factor, Pow) else factor
            together = isinstance(previous, Numeral) and isinstance(name, Identifier) and may_follow_number(name.name)
            text += (" × " if crossed else "" if together else "·") + self.multiplied(factor)
        return text

    def tight(self, node: Tree) -> str:
        """What stands under a slash or behind `mod`."""
        text = self.show(node)
        return text if isinstance(node, _SIMPLE) else f"({text})"

    def quotient(self, node: Div) -> str:
        over = self.show(node.over)
        over = over if isinstance(node.over, (*_SIMPLE, Mul)) else f"({over})"
        return f"{over}/{self.tight(node.under)}"

    def power(self, node: Pow) -> str:
        base = self.show(node.base)
        base = base if isinstance(node.base, (Numeral, Identifier, FloorOf, FunctionOf)) else f"({base})"
        return base + self.exponent(node)

    def exponent(self, node: Pow) -> str:
        if isinstance(node.exponent, Numeral):
            return str(node.exponent.value).translate(_SUPERSCRIPTS)
        exponent = self.show(node.exponent)
        return f"^{exponent}" if isinstance(node.exponent, Identifier) else f"^({exponent})"

    def enclosed(self, node: FloorOf | CeilingOf) -> str:
        inside = self.show(node.value)
        return f"⌊{inside}⌋" if isinstance(node, FloorOf) else f"⌈{inside}⌉"

    def remainder(self, node: ModOf) -> str:
        return f"{self.factor(node.dividend)} mod {self.tight(node.divisor)}"

    def function(self, node: FunctionOf) -> str:
        return f"{node.name}({self.arguments(node)})"

    def summing(self, node: SumOver) -> str:
        return f"Σ[{node.index}=0..{self.show(node.last)}]"

    def braced(self, node: Braced) -> str:
        return f"{self.factor(node.value)} [{node.label}]"

    def relation(self, node: Related) -> str:
        if node.operator.endswith("in Z"):
            return f"{self.factor(node.sides[0])} {'∉' if node.operator.startswith('not') else '∈'} ℤ"
        return f" {RELATIONS.get(node.operator, node.operator)} ".join(map(self.show, node.sides))

    def junction(self, node: Joined) -> str:
        return f" {node.word} ".join(map(self.show, node.parts))

    def width(self, node: Tree) -> float:
        return display_width(self.show(node))


_TABLES = TextNotation("none", marks_fractions=False)


def render(node: Tree) -> str:
    """A tree as tables and messages write it: without thousands set apart."""
    return _TABLES.show(node)


def total(value: Quantity, order: Order | None = None, sizes: Iterable[Quantity] = ()) -> str:
    """A count: thousands in groups where it is a number, factors before a bracket where it is a formula."""
    return number(value) if isinstance(value, (int, Fraction)) else render(total_tree(value, order, sizes))


def inline(value: Quantity, order: Order | None = None) -> str:
    return render(tree(value, order))


def number(value: Quantity) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def percent(share: int | Fraction) -> str:
    """A share, rounded to a tenth of a per cent; what is there at all is not shown as nothing."""
    tenths = floor(share * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10} %" if tenths or not share else "< 0.1 %"


def shape(sizes: Iterable[Quantity], order: Order | None = None) -> str:
    return tuple_of([inline(size, order) for size in sizes])


def shapes(several: Sequence[Iterable[Quantity]], order: Order | None = None) -> str:
    """One shape, or several as a tuple."""
    shown = [shape(sizes, order) for sizes in several]
    return shown[0] if len(shown) == 1 else tuple_of(shown)


def condition(value: Condition, order: Order | None = None) -> str:
    return render(condition_tree(value, order))


def may_follow_number(name: str) -> bool:
    """Whether a name is read as one right behind a number: 2e3, 2_000 and 2mod are read as something else."""
    return name[0] != "_" and name != "mod" and not re.match(r"[eE]\d", name)


def tuple_of(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})"
