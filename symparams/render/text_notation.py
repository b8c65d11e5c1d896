"""Unicode for the terminal: k_h·k_w·C_in·C_out + C_out, 3 × 3 × 32 × 64 + 64."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..derive.formula_tree import (
    Ceiling,
    Floor,
    Function,
    Junction,
    Label,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Remainder,
    Series,
    Symbol,
)
from ..errors import display_width
from ..formula.text import may_follow_number
from .notation import Notation

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
RELATIONS = {">=": "≥", "<=": "≤", "!=": "≠", "|": "|", "not |": "∤"}
# What stands over or under a slash without brackets.
_SIMPLE = (Number, Symbol, Power, Floor, Ceiling, Function, Label)


class TextNotation(Notation):
    limit = 78
    minus = "−"

    def __init__(self, thousands: str = "comma"):
        self.thousands = {"comma": ",", "space": "\u202f", "none": ""}[thousands]

    def symbol(self, node: Symbol) -> str:
        return self.own_name(node.name) if node.local else node.name

    def label(self, node: Label) -> str:
        return f"{node.letter}[{self.index(node)}]"

    def multiplied(self, node: Node) -> str:
        """A factor; a fraction has brackets, as a/b·c would be read as a/(b·c) as well."""
        text = self.factor(node)
        return self.brackets(text) if isinstance(node, Quotient) else text

    def joined(self, factors: Sequence[Node], crossed: bool) -> str:
        text = self.multiplied(factors[0])
        for previous, factor in pairwise(factors):
            name = factor.base if isinstance(factor, Power) else factor
            together = isinstance(previous, Number) and isinstance(name, Symbol) and may_follow_number(name.name)
            text += (" × " if crossed else "" if together else "·") + self.multiplied(factor)
        return text

    def quotient(self, node: Quotient) -> str:
        under = self.show(node.under)
        over = self.show(node.over)
        over = over if isinstance(node.over, (*_SIMPLE, Product)) else f"({over})"
        return f"{over}/{under if isinstance(node.under, _SIMPLE) else f'({under})'}"

    def power(self, node: Power) -> str:
        base = self.show(node.base)
        base = base if isinstance(node.base, (Number, Symbol, Floor, Function)) else f"({base})"
        return base + self.exponent(node)

    def exponent(self, node: Power) -> str:
        if isinstance(node.exponent, Number):
            return str(node.exponent.value).translate(_SUPERSCRIPTS)
        exponent = self.show(node.exponent)
        return f"^{exponent}" if isinstance(node.exponent, Symbol) else f"^({exponent})"

    def enclosed(self, node: Floor | Ceiling) -> str:
        inside = self.show(node.value)
        return f"⌊{inside}⌋" if isinstance(node, Floor) else f"⌈{inside}⌉"

    def remainder(self, node: Remainder) -> str:
        return f"{self.factor(node.dividend)} mod {self.factor(node.divisor)}"

    def function(self, node: Function) -> str:
        return f"{node.name}({self.arguments(node)})"

    def summing(self, node: Series) -> str:
        return f"Σ[{node.index}=0..{self.show(node.last)}]"

    def relation(self, node: Relation) -> str:
        if node.operator.endswith("in Z"):
            return f"{self.factor(node.sides[0])} {'∉' if node.operator.startswith('not') else '∈'} ℤ"
        return f" {RELATIONS.get(node.operator, node.operator)} ".join(map(self.show, node.sides))

    def junction(self, node: Junction) -> str:
        return f" {node.word} ".join(map(self.show, node.parts))

    def width(self, node: Node) -> float:
        return display_width(self.show(node))
