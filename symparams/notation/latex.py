"""LaTeX that pdflatex, KaTeX and MathJax all render: M \\left(\\frac{C k^{2}}{G} + 1\\right)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..algebra.conditions import Condition
from ..algebra.polynomial import Quantity
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
    condition_tree,
    total_tree,
    tree,
)

_GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
]
_LETTERS = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        [f"\\{name}" for name in _GREEK],
    )
)
_RELATIONS = {">=": r"\ge", "<=": r"\le", "<": "<", ">": ">", "==": "=", "!=": r"\ne"}


def total(value: Quantity, order: Order | None = None, sizes: Iterable[Quantity] = ()) -> str:
    return render(total_tree(value, order, sizes))


def inline(value: Quantity, order: Order | None = None) -> str:
    return render(tree(value, order))


def condition(value: Condition, order: Order | None = None) -> str:
    return render(condition_tree(value, order))


def tuple_of(parts: Sequence[str]) -> str:
    return rf"\left({', '.join(parts)}\right)"


def render(node: Tree) -> str:
    if isinstance(node, Num):
        return f"{node.value:,}".replace(",", "{,}")
    if isinstance(node, Name):
        return symbol(node.name)
    if isinstance(node, Add):
        (negative, first), *rest = node.terms
        text = f"-{_factor(first)}" if negative else render(first)
        return text + "".join(f" {'-' if minus else '+'} {_factor(term)}" for minus, term in rest)
    if isinstance(node, Mul):
        return _product(node)
    if isinstance(node, Div):
        return rf"\frac{{{render(node.over)}}}{{{render(node.under)}}}"
    if isinstance(node, Pow):
        base = render(node.base)
        return f"{base if isinstance(node.base, (Num, Name)) else _brackets(base)}^{{{render(node.exponent)}}}"
    if isinstance(node, FloorOf):
        return rf"\left\lfloor {render(node.value)} \right\rfloor"
    if isinstance(node, Mod):
        return rf"{_factor(node.dividend)} \bmod {_factor(node.divisor)}"
    if isinstance(node, SumOver):
        return rf"\sum_{{{symbol(node.turn)}=0}}^{{{render(node.last)}}} {_factor(node.term)}"
    if isinstance(node, Call):
        return _call(node)
    if isinstance(node, Compare):
        return f"{render(node.left)} {_RELATIONS[node.operator]} {render(node.right)}"
    if isinstance(node, Divides):
        bar = r"\mid" if node.holds else r"\nmid"
        return f"{_factor(node.divisor)} {bar} {_factor(node.dividend)}"
    if isinstance(node, Whole):
        return rf"{_factor(node.value)} {chr(92)}{'in' if node.holds else 'notin'} \mathbb{{Z}}"
    assert isinstance(node, Junction)
    word = r"\land" if node.word == "and" else r"\lor"
    return f" {word} ".join(map(render, node.parts))


def symbol(name: str) -> str:
    """A name as a mathematician writes it: C_in with an upright index, alpha and α as the Greek letter."""
    head, *indices = [part for part in name.split("_") if part] or [name]
    letter = _letter(head)
    if not indices:
        return letter
    shown = ",".join(i if len(i) == 1 or i.isdigit() else rf"\mathrm{{{_safe(i)}}}" for i in map(str, indices))
    return f"{letter}_{{{shown}}}"


def _letter(head: str) -> str:
    if head in _GREEK:
        return f"\\{head}"
    if len(head) == 1:
        return _LETTERS.get(head, _safe(head))
    match = re.fullmatch(r"([A-Za-z])(\d+)", head)
    return f"{match.group(1)}_{{{match.group(2)}}}" if match else rf"\mathrm{{{_safe(head)}}}"


def _safe(text: str) -> str:
    return "".join(_LETTERS.get(c, c) for c in text)


def _brackets(text: str) -> str:
    return rf"\left({text}\right)"


def _factor(node: Tree) -> str:
    text = render(node)
    return _brackets(text) if isinstance(node, (Add, Mod, SumOver)) else text


def _product(node: Mul) -> str:
    text = _factor(node.factors[0])
    for _previous, factor in zip(node.factors, node.factors[1:]):
        between = (
            r" \cdot " if isinstance(factor, Num) or (isinstance(factor, Pow) and isinstance(factor.base, Num)) else " "
        )
        text += between + _factor(factor)
    return text


def _call(node: Call) -> str:
    arguments = ", ".join(map(render, node.arguments))
    if node.function == "sqrt":
        return rf"\sqrt{{{arguments}}}"
    if node.function == "abs":
        return rf"\left|{arguments}\right|"
    if node.function == "log2":
        return rf"\log_{{2}} \left({arguments}\right)"
    return rf"\{node.function}\left({arguments}\right)"
