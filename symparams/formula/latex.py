"""LaTeX that pdflatex, KaTeX, MathJax and GitHub all render: M \\left(\\frac{C k^{2}}{G} + 1\\right)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import display_width
from .printer import SIUNITX, Chained, Notation, Token
from .spelling import spelled
from .textbook_order import condition_tree, total_tree, tree
from .tree import (
    Add,
    Braced,
    Called,
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
    ShapeOf,
    SumOver,
    Tree,
    children,
)

_RELATIONS = {
    ">=": r"\ge",
    "<=": r"\le",
    "!=": r"\ne",
    "|": r"\mid",
    "not |": r"\nmid",
}
# What does not stand in a text within a formula.
_NO_WORDS = re.compile(r"[^\w ,.()'-]|_")
_SYMBOLS = re.compile(r"gamma|beta|[A-Za-z]_\w+")
# Widths in points, at 10 pt.
_WIDE = {"M": 10.8, "W": 10.8, "m": 8.8, "w": 7.4, ",": 3.0, "i": 3.5, "l": 3.2, "t": 4.0, "f": 5.0}
_DIGIT, _LETTER, _SIGN, _RELATION, _SMALL = 5.0, 5.8, 12.5, 13.5, 0.72


# MathJax reads no more characters in one formula than about 5,000: then the rows between first and last are left out.
MOST, ANY_LENGTH = 4_500, 1 << 30


class LatexNotation(Notation):
    """Rows are as wide as a page of A4 with margins of 2 cm, at 10 pt.

    Brackets that stretch stand around what is high, or around everything where `stretches` says so.
    """

    limit = 445.0
    most = MOST
    sign_width = _SIGN

    def __init__(self, thousands: str = "comma", names: Mapping[str, str] | None = None, stretches: bool = False):
        self.thousands = {"comma": "{,}", "space": r"\,", "none": "", SIUNITX: SIUNITX}[thousands]
        self.names = names or {}
        self.stretches = stretches

    def number(self, node: Numeral) -> str:
        return rf"\num{{{node.value}}}" if self.thousands == SIUNITX else super().number(node)

    def symbol(self, node: Identifier) -> str:
        if node.local:
            return spelled(self.own_name(node.name))
        return self.names.get(node.name) or spelled(node.name)

    def label(self, node: Indexed) -> str:
        return rf"{node.letter}_{{\mathrm{{{self.index(node)}}}}}"

    def index_of(self, name: str) -> str | None:
        """The name where it has LaTeX's letters alone, and does not make a figure look like a symbol."""
        index = ",".join(name.split("_"))
        safe = all(re.fullmatch(r"[A-Za-z0-9.\[\]]+", part) for part in name.split("_"))
        figures = {rf"{letter}_{{\mathrm{{{index}}}}}" for letter in self.letters}
        return index if safe and index != "total" and figures.isdisjoint(self.names.values()) else None

    def brackets(self, text: str) -> str:
        high = self.stretches or any(sign in text for sign in (r"\frac", r"\sum", r"\left"))
        return rf"\left({text}\right)" if high else f"({text})"

    def joined(self, factors: Sequence[Tree], crossed: bool) -> str:
        text = self.factor(factors[0])
        for previous, factor in pairwise(factors):
            text += self.sign_between(previous, factor, crossed) + self.factor(factor)
        return text

    def sign_between(self, previous: Tree, factor: Tree, crossed: bool) -> str:
        if crossed:
            return r" \times "
        if isinstance(factor, Numeral) or (isinstance(factor, Pow) and isinstance(factor.base, Numeral)):
            return r" \cdot "
        return r"\, " if isinstance(previous, Div) or isinstance(factor, Indexed) else " "

    def quotient(self, node: Div) -> str:
        return rf"\frac{{{self.show(node.over)}}}{{{self.show(node.under)}}}"

    def power(self, node: Pow) -> str:
        base = self.show(node.base)
        if not isinstance(node.base, (Numeral, Identifier)) or "^" in base:
            base = self.brackets(base)
        return base + self.exponent(node)

    def exponent(self, node: Pow) -> str:
        return f"^{{{self.show(node.exponent)}}}"

    def enclosed(self, node: FloorOf | CeilingOf) -> str:
        kind = "floor" if isinstance(node, FloorOf) else "ceil"
        return rf"\left\l{kind} {self.show(node.value)} \right\r{kind}"

    def remainder(self, node: ModOf) -> str:
        return rf"{self.factor(node.dividend)} \bmod {self.factor(node.divisor)}"

    def function(self, node: FunctionOf) -> str:
        arguments = self.arguments(node)
        if node.name == "sqrt":
            return rf"\sqrt{{{arguments}}}"
        if node.name == "abs":
            return rf"\left\vert {arguments} \right\vert"
        return rf"{self.function_name(node)} \left({arguments}\right)"

    def function_name(self, node: FunctionOf) -> str:
        return r"\log_{2}" if node.name == "log2" else rf"\{node.name}"

    def summing(self, node: SumOver) -> str:
        index = self.symbol(Identifier(node.index))
        return rf"\sum_{{{index}=0}}^{{{self.show(node.last)}}}"

    def braced(self, node: Braced) -> str:
        return rf"\underbrace{{{self.show(node.value)}}}_{{{self.words(node.label)}}}"

    def words(self, label: str) -> str:
        """A label: symbols such as gamma and W_Q as such, anything else as text."""
        parts = label.split(", ")
        if all(_SYMBOLS.fullmatch(part) for part in parts):
            return ", ".join(map(spelled, parts))
        return rf"\text{{{_NO_WORDS.sub(' ', label)}}}"

    def relation(self, node: Related) -> str:
        if node.operator.endswith("in Z"):
            return rf"{self.factor(node.sides[0])} {chr(92)}{'notin' if node.operator != 'in Z' else 'in'} \mathbb{{Z}}"
        return f" {_RELATIONS.get(node.operator, node.operator)} ".join(map(self.show, node.sides))

    def junction(self, node: Joined) -> str:
        return (r" \lor " if node.word == "or" else r" \land ").join(map(self.show, node.parts))

    # Widths and rows

    def width(self, node: Tree) -> float:
        if isinstance(node, Numeral):
            digits = len(str(node.value))
            return digits * _DIGIT + (digits - 1) // 3 * 3
        if isinstance(node, (Identifier, Indexed)):
            return _name_width(self.show(node))
        if isinstance(node, Called):
            arguments = sum(self.width(argument) + 5 for argument in node.arguments)
            return self.width(Indexed(node.letter, node.name)) + arguments + 5
        if isinstance(node, Braced):
            return max(self.width(node.value), 3.6 * display_width(node.label))
        if isinstance(node, Add):
            brackets = sum(8.0 for minus, term in node.terms if minus and isinstance(term, Add))
            return brackets + sum(self.width(t) for _, t in node.terms) + _SIGN * (len(node.terms) - 1)
        if isinstance(node, Mul):
            brackets = sum(10.0 for f in node.factors if isinstance(f, (Add, ModOf, SumOver)))
            between = _SIGN if node.crossed else 2.5
            return brackets + sum(map(self.width, node.factors)) + between * (len(node.factors) - 1)
        if isinstance(node, Div):
            return max(self.width(node.over), self.width(node.under)) + 4
        if isinstance(node, Pow):
            brackets = 0.0 if isinstance(node.base, (Numeral, Identifier)) else 10.0
            return self.width(node.base) + brackets + _SMALL * self.width(node.exponent) + 1
        if isinstance(node, (FloorOf, CeilingOf)):
            return self.width(node.value) + 13
        if isinstance(node, SumOver):
            return max(18, _SMALL * (self.width(node.last) + 16)) + self.width(node.term) + 14
        if isinstance(node, FunctionOf):
            return 30 + sum(self.width(a) + 6 for a in node.arguments)
        if isinstance(node, ShapeOf):
            return 10 + sum(self.width(item) + 5 for item in node.items)
        if isinstance(node, ModOf):
            return self.width(node.dividend) + self.width(node.divisor) + 32
        if isinstance(node, Related):
            return sum(self.width(side) + _RELATION for side in node.sides)
        return sum(self.width(part) + _RELATION for part in getattr(node, "parts", ()))

    def line_width(self, node: Tree) -> float:
        """The width in a line of text, where fractions are set smaller."""

        def saved(node: Tree) -> float:
            own = self.width(node) - 4 if isinstance(node, Div) else 0.0
            return (1 - _SMALL) * own if own else sum(map(saved, children(node)))

        return self.width(node) - saved(node)

    def between(self, crossed: bool) -> Token:
        return Token(r" \times " if crossed else r"\, ", _SIGN if crossed else 2, crossed)

    def fences(self, floor: bool) -> tuple[str, str]:
        kind = "floor" if floor else "ceil"
        return rf"\bigl\l{kind} ", rf" \bigr\r{kind}"

    def open_bracket(self) -> Token:
        return Token(r"\bigl(", 5, False)

    def close_bracket(self) -> Token:
        return Token(r"\bigr)", 5, False)

    def tokens(self, node: Tree, room: float) -> list[Token]:
        if isinstance(node, ShapeOf):
            return [Token("(", 4, False), *self.items_tokens(node.items, room), Token(")", 4, False)]
        if isinstance(node, Related) and len(node.sides) > 1:
            sign = f" {_RELATIONS.get(node.operator, node.operator)} "
            found = self.tokens(node.sides[0], room)
            for side in node.sides[1:]:
                found += [Token(sign, _RELATION, True), *self.tokens(side, room)]
            return found
        if isinstance(node, Joined):
            found = self.tokens(node.parts[0], room)
            for part in node.parts[1:]:
                found += [Token(r" \lor " if node.word == "or" else r" \land ", _RELATION, True)]
                found += self.tokens(part, room)
            return found
        return super().tokens(node, room)

    def within(self, node: Tree, room: float) -> str:
        """The expression for a line of text, in several lines where it is wider."""
        lines = self.lines(node, room)
        if len(lines) == 1:
            return lines[0]
        body = " \\\\ ".join("&" + (line if i == 0 else r"\quad {}" + line) for i, line in enumerate(lines))
        return rf"\begin{{aligned}}[t]{body}\end{{aligned}}"

    def display(self, chain: Chained) -> str:
        """The rows of a chain as `aligned`, one row for each line of source."""
        rows = [self.row(lines) for lines in self.rows(chain)]
        if sum(map(len, rows)) > self.most:
            rows = [rows[0], *rows[-1:]]
        body = " \\\\\n".join(rows)
        return f"\\begin{{aligned}}\n{self.target(chain)} {body}\n\\end{{aligned}}"

    def row(self, lines: Sequence[str]) -> str:
        return " \\\\\n".join(["&= " + lines[0], *(r"&\quad {}" + line for line in lines[1:])])


def _name_width(shown: str) -> float:
    base, _, index = shown.partition("_")
    return _letters_width(base) + _SMALL * _letters_width(index)


def _letters_width(shown: str) -> float:
    letters = re.sub(r"\\mathrm|[{}]", "", re.sub(r"\\(?!mathrm)[A-Za-z]+", "x", shown))
    return sum(_WIDE.get(c, 7.6 if c.isupper() else _LETTER) for c in letters)


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
    return LatexNotation("comma", names, stretches=True).show(node)


def tuple_of(parts: Sequence[str]) -> str:
    return rf"\left({', '.join(parts)}\right)"
