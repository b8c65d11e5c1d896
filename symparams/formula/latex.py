"""LaTeX that pdflatex, KaTeX and MathJax all render: M \\left(\\frac{C k^{2}}{G} + 1\\right)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from .spelling import spelled
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

_RELATIONS = {">=": r"\ge", "<=": r"\le", "<": "<", ">": ">", "==": "=", "!=": r"\ne"}


Names = Mapping[str, str]


def total(
    value: Quantity, order: Order | None = None, sizes: Iterable[Quantity] = (), names: Names | None = None
) -> str:
    """A count; `names` are the LaTeX of symbols, that is the usual one for those that are not in it."""
    return render(total_tree(value, order, sizes), names)


def inline(value: Quantity, order: Order | None = None, names: Names | None = None) -> str:
    return render(tree(value, order), names)


def condition(value: Condition, order: Order | None = None, names: Names | None = None) -> str:
    return render(condition_tree(value, order), names)


def render(node: Tree, names: Names | None = None) -> str:
    return _Printer(names).render(node)


def tuple_of(parts: Sequence[str]) -> str:
    return rf"\left({', '.join(parts)}\right)"


class _Printer:
    def __init__(self, names: Names | None):
        self.names = names or {}

    def symbol(self, name: str) -> str:
        return self.names.get(name) or spelled(name)

    def render(self, node: Tree) -> str:
        if isinstance(node, Num):
            return f"{node.value:,}".replace(",", "{,}")
        if isinstance(node, Name):
            return self.symbol(node.name)
        if isinstance(node, Add):
            (negative, first), *rest = node.terms
            text = f"-{self.factor(first)}" if negative else self.render(first)
            return text + "".join(f" {'-' if minus else '+'} {self.factor(term)}" for minus, term in rest)
        if isinstance(node, Mul):
            return self.product(node)
        if isinstance(node, Div):
            return rf"\frac{{{self.render(node.over)}}}{{{self.render(node.under)}}}"
        if isinstance(node, Pow):
            base = self.render(node.base)
            bare = isinstance(node.base, (Num, Name)) and "^" not in base
            return f"{base if bare else _brackets(base)}^{{{self.render(node.exponent)}}}"
        if isinstance(node, FloorOf):
            return rf"\left\lfloor {self.render(node.value)} \right\rfloor"
        if isinstance(node, Mod):
            return rf"{self.factor(node.dividend)} \bmod {self.factor(node.divisor)}"
        if isinstance(node, SumOver):
            return rf"\sum_{{{self.symbol(node.turn)}=0}}^{{{self.render(node.last)}}} {self.factor(node.term)}"
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Compare):
            return f"{self.render(node.left)} {_RELATIONS[node.operator]} {self.render(node.right)}"
        if isinstance(node, Divides):
            bar = r"\mid" if node.holds else r"\nmid"
            return f"{self.factor(node.divisor)} {bar} {self.factor(node.dividend)}"
        if isinstance(node, Whole):
            return rf"{self.factor(node.value)} {chr(92)}{'in' if node.holds else 'notin'} \mathbb{{Z}}"
        assert isinstance(node, Junction)
        word = r"\land" if node.word == "and" else r"\lor"
        return f" {word} ".join(map(self.render, node.parts))

    def factor(self, node: Tree) -> str:
        text = self.render(node)
        return _brackets(text) if isinstance(node, (Add, Mod, SumOver)) else text

    def product(self, node: Mul) -> str:
        text = self.factor(node.factors[0])
        for factor in node.factors[1:]:
            numeric = isinstance(factor, Num) or (isinstance(factor, Pow) and isinstance(factor.base, Num))
            text += (r" \cdot " if numeric else " ") + self.factor(factor)
        return text

    def call(self, node: Call) -> str:
        arguments = ", ".join(map(self.render, node.arguments))
        if node.function == "sqrt":
            return rf"\sqrt{{{arguments}}}"
        if node.function == "abs":
            return rf"\left|{arguments}\right|"
        if node.function == "log2":
            return rf"\log_{{2}} \left({arguments}\right)"
        return rf"\{node.function}\left({arguments}\right)"


def _brackets(text: str) -> str:
    return rf"\left({text}\right)"
