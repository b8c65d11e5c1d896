"""MathML Core, which browsers show without any script: each chain is a table of rows."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from ..steps import Chain
from ..tree import (
    Ceiling,
    Floor,
    Function,
    Junction,
    Label,
    Node,
    Number,
    Power,
    Quotient,
    Relation,
    Remainder,
    Series,
    Symbol,
)
from .latex_notation import LatexNotation
from .notation import Token
from .text_notation import RELATIONS

_GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
}
_NAMES = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉")}


def _mo(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _fence(sign: str) -> str:
    return f'<mo lspace="0" rspace="0">{sign}</mo>'


class MathmlNotation(LatexNotation):
    """Widths are those of the LaTeX notation, so that rows break at the same places."""

    minus = _mo("−")
    plus = _mo("+")

    def __init__(self, thousands: str = "comma"):
        super().__init__(thousands)
        self.separator = {"comma": ",", "space": "\u202f", "none": ""}[thousands]
        self.measure = LatexNotation(thousands)

    def width(self, node: Node) -> float:
        return self.measure.width(node)

    def number(self, node: Number) -> str:
        return f"<mn>{f'{node.value:,}'.replace(',', self.separator)}</mn>"

    def symbol(self, node: Symbol) -> str:
        head, *indices = [part for part in node.name.split("_") if part] or [node.name]
        if len(head) == 2 and head[0].isalpha() and head[1].isdigit():
            head, indices = head[0], [head[1], *indices]
        base = f"<mi>{escape(_GREEK.get(head, head))}</mi>"
        if not indices:
            return base
        return f"<msub>{base}{_index(','.join(indices))}</msub>"

    def label(self, node: Label) -> str:
        return f"<msub><mi>{node.letter}</mi>{_index(node.name)}</msub>"

    def brackets(self, text: str) -> str:
        return f"<mrow>{_fence('(')}{text}{_fence(')')}</mrow>"

    def joined(self, factors: Sequence[Node], crossed: bool) -> str:
        parts = [self.factor(factors[0])]
        for previous, factor in pairwise(factors):
            sign = self.sign_between(previous, factor, crossed).strip()
            shown = {r"\times": "×", r"\cdot": "⋅"}.get(sign, "\u2062")
            thin = '<mspace width="0.17em"/>' if shown == "\u2062" else ""
            parts += [_mo(shown) + thin, self.factor(factor)]
        return f"<mrow>{''.join(parts)}</mrow>"

    def quotient(self, node: Quotient) -> str:
        return f"<mfrac><mrow>{self.show(node.over)}</mrow><mrow>{self.show(node.under)}</mrow></mfrac>"

    def power(self, node: Power) -> str:
        base = self.show(node.base)
        if not isinstance(node.base, (Number, Symbol)):
            base = self.brackets(base)
        return f"<msup><mrow>{base}</mrow><mrow>{self.show(node.exponent)}</mrow></msup>"

    def enclosed(self, node: Floor | Ceiling) -> str:
        left, right = _NAMES["floor" if isinstance(node, Floor) else "ceil"]
        return f"<mrow>{_mo(left)}{self.show(node.value)}{_mo(right)}</mrow>"

    def remainder(self, node: Remainder) -> str:
        return f"<mrow>{self.factor(node.dividend)}{_mo('mod')}{self.factor(node.divisor)}</mrow>"

    def function(self, node: Function) -> str:
        arguments = _mo(",").join(map(self.show, node.arguments))
        if node.name == "sqrt":
            return f"<msqrt>{arguments}</msqrt>"
        if node.name == "abs":
            return f"<mrow>{_mo('|')}{arguments}{_mo('|')}</mrow>"
        name = "<msub><mi>log</mi><mn>2</mn></msub>" if node.name == "log2" else f"<mi>{node.name}</mi>"
        return f"<mrow>{name}{_mo(chr(0x2061))}{self.brackets(arguments)}</mrow>"

    def series(self, node: Series) -> str:
        below = f"<mrow>{self.symbol(Symbol(node.index))}{_mo('=')}<mn>0</mn></mrow>"
        sign = f"<munderover>{_mo('∑')}{below}<mrow>{self.show(node.last)}</mrow></munderover>"
        return f"<mrow>{sign}{self.factor(node.term)}</mrow>"

    def tuple_(self, node: object) -> str:
        return self.brackets(_mo(",").join(map(self.show, node.items)))  # type: ignore[attr-defined]

    def relation(self, node: Relation) -> str:
        if node.operator.endswith("in Z"):
            sign = "∉" if node.operator.startswith("not") else "∈"
            return f"{self.factor(node.sides[0])}{_mo(sign)}<mi>ℤ</mi>"
        return _mo(RELATIONS.get(node.operator, node.operator).replace("|", "∣")).join(map(self.show, node.sides))

    def junction(self, node: Junction) -> str:
        return _mo("∨" if node.word == "or" else "∧").join(map(self.show, node.parts))

    def between(self, crossed: bool) -> Token:
        return super().between(crossed)._replace(text=_mo("×" if crossed else "\u2062"))

    def fences(self, floor: bool) -> tuple[str, str]:
        left, right = _NAMES["floor" if floor else "ceil"]
        return _mo(left), _mo(right)

    def open_bracket(self) -> Token:
        return super().open_bracket()._replace(text=_mo("("))

    def close_bracket(self) -> Token:
        return super().close_bracket()._replace(text=_mo(")"))

    def inline(self, node: Node) -> str:
        return f"<math><mrow>{self.show(node)}</mrow></math>"

    def display(self, chain: Chain) -> str:
        target = _mo("=").join(map(self.show, chain.target))
        rows: list[str] = []
        for lines in self.rows(chain):
            for i, line in enumerate(lines):
                left = target if not rows else ""
                right = _mo("=") + line if i == 0 else f'<mspace width="2em"/>{line}'
                rows.append(f"<mtr><mtd>{left}</mtd><mtd><mrow>{right}</mrow></mtd></mtr>")
        table = f'<mtable displaystyle="true">{"".join(rows)}</mtable>'
        return f'<math display="block">{table}</math>'


def _index(text: str) -> str:
    if text.isdigit():
        return f"<mn>{text}</mn>"
    return f"<mi>{escape(text)}</mi>"
