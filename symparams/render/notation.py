"""Formulas in a notation: what all of them share, brackets and where a long row may break."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple, TypeVar

from ..derive.formula_tree import (
    ONE,
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
    Sum,
    Symbol,
    Tuple,
)
from ..derive.steps import Chain

THOUSANDS = ("comma", "space", "none")

N = TypeVar("N", bound="Notation")


class Token(NamedTuple):
    """A piece of a long row; one that `opens` may stand first in a line."""

    text: str
    width: float
    opens: bool


class Notation:
    """A printer of expressions. `limit` is the width of a row, in the unit of `width`.

    `clashing` are the formulas' own names that would be mistaken for symbols of the program.
    """

    limit: float = 100
    clashing: frozenset[str] = frozenset()
    thousands = ","
    indices: Mapping[str, str] = {}
    minus = "-"
    plus = "+"

    def show(self, node: Node) -> str:
        return _SHOW[type(node)](self, node)

    # What a notation says for itself

    def number(self, node: Number) -> str:
        return f"{node.value:,}".replace(",", self.thousands)

    def symbol(self, node: Symbol) -> str:
        raise NotImplementedError

    def own_name(self, name: str) -> str:
        """One of the formulas' own names, longer where it would be mistaken for a symbol of the program."""
        return name + ("" if name not in self.clashing else "_total" if name in ("P", "M") else "_layer")

    def label(self, node: Label) -> str:
        raise NotImplementedError

    def brackets(self, text: str) -> str:
        return f"({text})"

    def joined(self, factors: Sequence[Node], crossed: bool) -> str:
        raise NotImplementedError

    def quotient(self, node: Quotient) -> str:
        raise NotImplementedError

    def power(self, node: Power) -> str:
        raise NotImplementedError

    def enclosed(self, node: Floor | Ceiling) -> str:
        raise NotImplementedError

    def remainder(self, node: Remainder) -> str:
        raise NotImplementedError

    def function(self, node: Function) -> str:
        raise NotImplementedError

    def series(self, node: Series) -> str:
        return f"{self.summing(node)} {self.factor(node.term)}"

    def summing(self, node: Series) -> str:
        """The sign of a sum over turns, with its limits."""
        raise NotImplementedError

    def exponent(self, node: Power) -> str:
        """What stands behind the base of a power."""
        raise NotImplementedError

    def function_name(self, node: Function) -> str:
        return node.name

    def relation(self, node: Relation) -> str:
        raise NotImplementedError

    def junction(self, node: Junction) -> str:
        raise NotImplementedError

    def index_of(self, name: str) -> str | None:
        """How the name of a layer is written as an index, None where it cannot be."""
        return name

    def index(self, node: Label) -> str:
        """What stands for the layer at the letter of its figure."""
        return self.indices.get(node.name, node.name)

    def width(self, node: Node) -> float:
        return len(self.show(node))

    # What all share

    def sum(self, node: Sum) -> str:
        parts: list[str] = []
        for i, (minus, term) in enumerate(node.terms):
            text = self.factor(term) if minus else self.show(term)
            if i == 0:
                parts.append(self.minus + text if minus else text)
            else:
                parts.append(f" {self.minus if minus else self.plus} {text}")
        return "".join(parts)

    def product(self, node: Product) -> str:
        return self.joined(node.factors, node.crossed)

    def tuple_(self, node: Tuple) -> str:
        return self.brackets(self.listed(node.items))

    def arguments(self, node: Function) -> str:
        return self.listed(node.arguments) if len(node.arguments) > 1 else self.show(node.arguments[0])

    def listed(self, nodes: Sequence[Node]) -> str:
        """Sizes of a shape or arguments of a function, with commas between."""
        return ", ".join(self.items(nodes))

    def items(self, nodes: Sequence[Node]) -> list[str]:
        return list(map(self.between_commas().show, nodes))

    def between_commas(self: N) -> N:
        """The notation for what stands between commas: numbers are written without thousands set apart."""
        found = copy(self)
        found.thousands = ""
        return found

    def factor(self, node: Node) -> str:
        text = self.show(node)
        return self.brackets(text) if isinstance(node, (Sum, Remainder, Series)) else text

    # Rows

    def lines(self, node: Node, room: float) -> list[str]:
        """The expression in lines of no more than that width, broken before + and -."""
        if self.width(node) <= room:
            return [self.show(node)]
        lines: list[list[str]] = [[]]
        left = room
        tokens = self.tokens(node, room)
        for i, token in enumerate(tokens):
            ahead = token.width
            for following in tokens[i + 1 :]:
                if following.opens:
                    break
                ahead += following.width
            if token.opens and ahead > left and lines[-1]:
                lines.append([])
                left = room * 0.94
            lines[-1].append(token.text)
            left -= token.width
        return ["".join(parts).strip() for parts in lines]

    def tokens(self, node: Node, room: float) -> list[Token]:
        """The pieces of what is too wide."""
        if isinstance(node, Sum):
            return self.sum_tokens(node, room)
        if self.width(node) <= room * 0.7:
            return [self.whole(node)]
        if isinstance(node, (Floor, Ceiling)):
            left, right = self.fences(isinstance(node, Floor))
            return [Token(left, 6, False), *self.tokens(node.value, room), Token(right, 6, False)]
        if isinstance(node, Quotient) and node.over != ONE:
            return self.tokens(Product((Quotient(ONE, node.under), node.over)), room)
        if isinstance(node, Product):
            return self.product_tokens(node, room)
        if isinstance(node, Series):
            sign = self.summing(node) + " "
            return [Token(sign, self.width(node) - self.width(node.term), False), *self.factor_tokens(node.term, room)]
        if isinstance(node, Power):
            exponent = Token(self.exponent(node), self.width(node) - self.width(node.base), False)
            return [self.open_bracket(), *self.tokens(node.base, room), self.close_bracket(), exponent]
        if isinstance(node, Function) and len(node.arguments) > 1:
            name = self.function_name(node)
            return [
                Token(name, len(name), False),
                self.open_bracket(),
                *self.items_tokens(node.arguments, room),
                self.close_bracket(),
            ]
        return [self.whole(node)]

    def factor_tokens(self, node: Node, room: float) -> list[Token]:
        if not isinstance(node, Sum):
            return self.tokens(node, room)
        return [self.open_bracket(), *self.sum_tokens(node, room), self.close_bracket()]

    def items_tokens(self, nodes: Sequence[Node], room: float) -> list[Token]:
        """The pieces of sizes or arguments, with commas between."""
        found: list[Token] = []
        inside = self.between_commas()
        for i, item in enumerate(nodes):
            found += [Token(", ", 5, False), Token("", 0, True)] if i else []
            found += inside.tokens(item, room)
        return found

    def product_tokens(self, node: Product, room: float) -> list[Token]:
        """Factors that are wide in pieces, the others together; times signs where two wide ones meet."""
        groups: list[list[Node]] = []
        for factor in node.factors:
            small = self.width(factor) < room * 0.3
            if small and groups and self.width(Product((*groups[-1], factor), node.crossed)) < room * 0.6:
                groups[-1].append(factor)
            else:
                groups.append([factor])
        found: list[Token] = []
        for i, group in enumerate(groups):
            piece = group[0] if len(group) == 1 else Product(tuple(group), node.crossed)
            if i:
                found.append(self.between(node.crossed or not isinstance(piece, Sum) or len(groups) > 2))
            found += self.factor_tokens(piece, room)
        return found

    def sum_tokens(self, node: Sum, room: float) -> list[Token]:
        found: list[Token] = []
        for i, (minus, term) in enumerate(node.terms):
            sign = self.minus if minus else self.plus
            if i == 0:
                found += [Token(self.minus, self.sign_width, False)] if minus else []
            else:
                found.append(Token(f" {sign} ", self.sign_width, True))
            found += self.factor_tokens(term, room) if minus else self.tokens(term, room)
        return found

    sign_width = 3.0

    def whole(self, node: Node) -> Token:
        return Token(self.show(node), self.width(node), False)

    def between(self, crossed: bool) -> Token:
        return Token(" × " if crossed else "·", 3, crossed)

    def fences(self, floor: bool) -> tuple[str, str]:
        return ("⌊", "⌋") if floor else ("⌈", "⌉")

    def open_bracket(self) -> Token:
        return Token("(", 1, False)

    def close_bracket(self) -> Token:
        return Token(")", 1, False)

    def target(self, chain: Chain) -> str:
        return " = ".join(map(self.show, chain.target))

    def rows(self, chain: Chain) -> list[list[str]]:
        """The rows of a chain, each in its lines."""
        room = self.limit - sum(self.width(node) + 3 * self.sign_width for node in chain.target)
        return [self.lines(row, max(room, self.limit / 2)) for row in chain.rows]


_SHOW: dict[type, Callable[[Notation, Any], str]] = {
    Number: lambda n, node: n.number(node),
    Symbol: lambda n, node: n.symbol(node),
    Label: lambda n, node: n.label(node),
    Sum: lambda n, node: n.sum(node),
    Product: lambda n, node: n.product(node),
    Quotient: lambda n, node: n.quotient(node),
    Power: lambda n, node: n.power(node),
    Floor: lambda n, node: n.enclosed(node),
    Ceiling: lambda n, node: n.enclosed(node),
    Remainder: lambda n, node: n.remainder(node),
    Function: lambda n, node: n.function(node),
    Series: lambda n, node: n.series(node),
    Tuple: lambda n, node: n.tuple_(node),
    Relation: lambda n, node: n.relation(node),
    Junction: lambda n, node: n.junction(node),
}
