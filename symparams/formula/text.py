"""Unicode for the terminal: M·(C·k²/G + 1), ⌊(H − 1)/2⌋ + 1, G | C."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from .textbook_order import condition_tree, total_tree, tree
from .tree import (
    Add,
    Call,
    Compare,
    Div,
    Divides,
    FloorOf,
    Junction,
    Mod,
    Mul,
    Name,
    Num,
    Order,
    Pow,
    SumOver,
    Tree,
    Whole,
)

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_RELATIONS = {">=": "≥", "<=": "≤", "<": "<", ">": ">", "==": "=", "!=": "≠"}


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


def render(node: Tree) -> str:
    if isinstance(node, Num):
        return str(node.value)
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Add):
        return _sum(node)
    if isinstance(node, Mul):
        return _product(node)
    if isinstance(node, Div):
        return f"{_factor(node.over)}/{_tight(node.under)}"
    if isinstance(node, Pow):
        return _power(node)
    if isinstance(node, FloorOf):
        return f"⌊{render(node.value)}⌋"
    if isinstance(node, Mod):
        return f"{_factor(node.dividend)} mod {_tight(node.divisor)}"
    if isinstance(node, SumOver):
        return f"Σ[{node.turn}=0..{render(node.last)}] {_factor(node.term)}"
    if isinstance(node, Call):
        return f"{node.function}({', '.join(map(render, node.arguments))})"
    if isinstance(node, Compare):
        return f"{render(node.left)} {_RELATIONS[node.operator]} {render(node.right)}"
    if isinstance(node, Divides):
        return f"{_factor(node.divisor)} {'|' if node.holds else '∤'} {_factor(node.dividend)}"
    if isinstance(node, Whole):
        return f"{_factor(node.value)} {'∈' if node.holds else '∉'} ℤ"
    assert isinstance(node, Junction)
    return f" {node.word} ".join(map(_factor, node.parts))


def _is_simple(node: Tree) -> bool:
    return isinstance(node, (Num, Name, Pow, FloorOf, Call))


def _factor(node: Tree) -> str:
    text = render(node)
    return f"({text})" if isinstance(node, (Add, Mod, SumOver, Junction)) else text


def _tight(node: Tree) -> str:
    """What stands under a slash or behind `mod`."""
    text = render(node)
    return text if _is_simple(node) else f"({text})"


def _sum(node: Add) -> str:
    (negative, first), *rest = node.terms
    text = f"−{_factor(first)}" if negative else render(first)
    return text + "".join(f" {'−' if negative else '+'} {_factor(term)}" for negative, term in rest)


def _product(node: Mul) -> str:
    text = _factor(node.factors[0])
    for previous, factor in zip(node.factors, node.factors[1:]):
        name = factor.base if isinstance(factor, Pow) else factor
        together = isinstance(previous, Num) and isinstance(name, Name) and may_follow_number(name.name)
        text += ("" if together else "·") + _factor(factor)
    return text


def may_follow_number(name: str) -> bool:
    """Whether a name is read as one right behind a number: 2e3, 2_000 and 2mod are read as something else."""
    return name[0] != "_" and name != "mod" and not re.match(r"[eE]\d", name)


def _power(node: Pow) -> str:
    base = render(node.base)
    base = f"({base})" if isinstance(node.base, Pow) else _tight(node.base)
    if isinstance(node.exponent, Num):
        return base + str(node.exponent.value).translate(_SUPERSCRIPTS)
    exponent = render(node.exponent)
    return f"{base}^{exponent}" if isinstance(node.exponent, Name) else f"{base}^({exponent})"


def tuple_of(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})"
