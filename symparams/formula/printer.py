"""A printer of formulas: what all notations share, brackets and where a long row may break."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any, NamedTuple, Protocol, TypeVar

from .tree import (
    ONE,
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
    Pow,
    Related,
    ShapeOf,
    SumOver,
    Tree,
)

# LaTeX alone has the last: siunitx sets numbers as the document says.
SIUNITX = "siunitx"
THOUSANDS = ("comma", "space", "none", SIUNITX)

N = TypeVar("N", bound="Notation")


class Token(NamedTuple):
    """A piece of a long row; one that `opens` may stand first in a line."""

    text: str
    width: float
    opens: bool


class Chained(Protocol):
    """Expressions that are equal: what they are the value of, and a row for each."""

    @property
    def target(self) -> tuple[Tree, ...]: ...

    @property
    def rows(self) -> tuple[Tree, ...]: ...


class Notation:
    """A printer of expressions. `limit` is the width of a row, in the unit of `width`.

    `clashing` are the formulas' own names that would be mistaken for symbols of the program, `letters` those that stand
    for figures, with the names of layers as indices.
    """

    limit: float = 100
    clashing: frozenset[str] = frozenset()
    thousands = ","
    indices: Mapping[str, str] = {}
    letters: Sequence[str] = ()
    minus = "-"
    plus = "+"

    def show(self, node: Tree) -> str:
        return _SHOW[type(node)](self, node)

    # What a notation says for itself

    def number(self, node: Numeral) -> str:
        return f"{node.value:,}".replace(",", self.thousands)

    def symbol(self, node: Identifier) -> str:
        raise NotImplementedError

    def own_name(self, name: str) -> str:
        """One of the formulas' own names, longer where it would be mistaken for a symbol of the program."""
        return name + ("" if name not in self.clashing else "_total" if name in ("P", "M") else "_layer")

    def label(self, node: Indexed) -> str:
        raise NotImplementedError

    def brackets(self, text: str) -> str:
        return f"({text})"

    def joined(self, factors: Sequence[Tree], crossed: bool) -> str:
        raise NotImplementedError

    def quotient(self, node: Div) -> str:
        raise NotImplementedError

    def power(self, node: Pow) -> str:
        raise NotImplementedError

    def enclosed(self, node: FloorOf | CeilingOf) -> str:
        raise NotImplementedError

    def remainder(self, node: ModOf) -> str:
        raise NotImplementedError

    def function(self, node: FunctionOf) -> str:
        raise NotImplementedError

    def series(self, node: SumOver) -> str:
        return f"{self.summing(node)} {self.factor(node.term)}"

    def summing(self, node: SumOver) -> str:
        """The sign of a sum over turns, with its limits."""
        raise NotImplementedError

    def exponent(self, node: Pow) -> str:
        """What stands behind the base of a power."""
        raise NotImplementedError

    def function_name(self, node: FunctionOf) -> str:
        return node.name

    def called(self, node: Called) -> str:
        return self.figure(node) + self.brackets(self.listed(node.arguments))

    def figure(self, node: Called) -> str:
        """The figure of a block without what it is given."""
        return self.label(Indexed(node.letter, self.index_of(node.name) or node.name))

    def braced(self, node: Braced) -> str:
        raise NotImplementedError

    def relation(self, node: Related) -> str:
        raise NotImplementedError

    def junction(self, node: Joined) -> str:
        raise NotImplementedError

    def index_of(self, name: str) -> str | None:
        """How the name of a layer is written as an index, None where it cannot be."""
        return name

    def index(self, node: Indexed) -> str:
        """What stands for the layer at the letter of its figure."""
        return self.indices.get(node.name, node.name)

    def width(self, node: Tree) -> float:
        return len(self.show(node))

    # What all share

    def sum(self, node: Add) -> str:
        parts: list[str] = []
        for i, (minus, term) in enumerate(node.terms):
            text = self.factor(term) if minus else self.show(term)
            if i == 0:
                parts.append(self.minus + text if minus else text)
            else:
                parts.append(f" {self.minus if minus else self.plus} {text}")
        return "".join(parts)

    def product(self, node: Mul) -> str:
        return self.joined(node.factors, node.crossed)

    def tuple_(self, node: ShapeOf) -> str:
        return self.brackets(self.listed(node.items))

    def arguments(self, node: FunctionOf) -> str:
        return self.listed(node.arguments) if len(node.arguments) > 1 else self.show(node.arguments[0])

    def listed(self, nodes: Sequence[Tree]) -> str:
        """Sizes of a shape or arguments of a function, with commas between."""
        return ", ".join(self.items(nodes))

    def items(self, nodes: Sequence[Tree]) -> list[str]:
        return list(map(self.between_commas().show, nodes))

    def between_commas(self: N) -> N:
        """The notation for what stands between commas: numbers are written without thousands set apart."""
        found = copy(self)
        found.thousands = ""
        return found

    # What stands in brackets as a factor.
    loose: tuple[type, ...] = (Add, ModOf, SumOver, Joined)

    def factor(self, node: Tree) -> str:
        text = self.show(node)
        return self.brackets(text) if isinstance(node, self.loose) else text

    # Rows

    def lines(self, node: Tree, room: float) -> list[str]:
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

    def tokens(self, node: Tree, room: float) -> list[Token]:
        """The pieces of what is too wide."""
        if isinstance(node, Add):
            return self.sum_tokens(node, room)
        if self.width(node) <= room * 0.7:
            return [self.whole(node)]
        if isinstance(node, (FloorOf, CeilingOf)):
            left, right = self.fences(isinstance(node, FloorOf))
            return [Token(left, 6, False), *self.tokens(node.value, room), Token(right, 6, False)]
        if isinstance(node, Div) and node.over != ONE:
            return self.tokens(Mul((Div(ONE, node.under), node.over)), room)
        if isinstance(node, Mul):
            return self.product_tokens(node, room)
        if isinstance(node, SumOver):
            sign = self.summing(node) + " "
            return [Token(sign, self.width(node) - self.width(node.term), False), *self.factor_tokens(node.term, room)]
        if isinstance(node, Pow):
            exponent = Token(self.exponent(node), self.width(node) - self.width(node.base), False)
            return [self.open_bracket(), *self.tokens(node.base, room), self.close_bracket(), exponent]
        if isinstance(node, FunctionOf) and len(node.arguments) > 1:
            name = self.function_name(node)
            return [
                Token(name, len(name), False),
                self.open_bracket(),
                *self.items_tokens(node.arguments, room),
                self.close_bracket(),
            ]
        return [self.whole(node)]

    def factor_tokens(self, node: Tree, room: float) -> list[Token]:
        if not isinstance(node, Add):
            return self.tokens(node, room)
        return [self.open_bracket(), *self.sum_tokens(node, room), self.close_bracket()]

    def items_tokens(self, nodes: Sequence[Tree], room: float) -> list[Token]:
        """The pieces of sizes or arguments, with commas between."""
        found: list[Token] = []
        inside = self.between_commas()
        for i, item in enumerate(nodes):
            found += [Token(", ", 5, False), Token("", 0, True)] if i else []
            found += inside.tokens(item, room)
        return found

    def product_tokens(self, node: Mul, room: float) -> list[Token]:
        """Factors that are wide in pieces, the others together; times signs where two wide ones meet."""
        groups: list[list[Tree]] = []
        for factor in node.factors:
            small = self.width(factor) < room * 0.3
            if small and groups and self.width(Mul((*groups[-1], factor), node.crossed)) < room * 0.6:
                groups[-1].append(factor)
            else:
                groups.append([factor])
        found: list[Token] = []
        for i, group in enumerate(groups):
            piece = group[0] if len(group) == 1 else Mul(tuple(group), node.crossed)
            if i:
                found.append(self.between(node.crossed or not isinstance(piece, Add) or len(groups) > 2))
            found += self.factor_tokens(piece, room)
        return found

    def sum_tokens(self, node: Add, room: float) -> list[Token]:
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

    def whole(self, node: Tree) -> Token:
        return Token(self.show(node), self.width(node), False)

    def between(self, crossed: bool) -> Token:
        return Token(" × " if crossed else "·", 3, crossed)

    def fences(self, floor: bool) -> tuple[str, str]:
        return ("⌊", "⌋") if floor else ("⌈", "⌉")

    def open_bracket(self) -> Token:
        return Token("(", 1, False)

    def close_bracket(self) -> Token:
        return Token(")", 1, False)

    def target(self, chain: Chained) -> str:
        return " = ".join(map(self.show, chain.target))

    def rows(self, chain: Chained) -> list[list[str]]:
        """The rows of a chain, each in its lines."""
        room = self.limit - sum(self.width(node) + 3 * self.sign_width for node in chain.target)
        return [self.lines(row, max(room, self.limit / 2)) for row in chain.rows]


_SHOW: dict[type, Callable[[Notation, Any], str]] = {
    Numeral: lambda n, node: n.number(node),
    Identifier: lambda n, node: n.symbol(node),
    Indexed: lambda n, node: n.label(node),
    Called: lambda n, node: n.called(node),
    Braced: lambda n, node: n.braced(node),
    Add: lambda n, node: n.sum(node),
    Mul: lambda n, node: n.product(node),
    Div: lambda n, node: n.quotient(node),
    Pow: lambda n, node: n.power(node),
    FloorOf: lambda n, node: n.enclosed(node),
    CeilingOf: lambda n, node: n.enclosed(node),
    ModOf: lambda n, node: n.remainder(node),
    FunctionOf: lambda n, node: n.function(node),
    SumOver: lambda n, node: n.series(node),
    ShapeOf: lambda n, node: n.tuple_(node),
    Related: lambda n, node: n.relation(node),
    Joined: lambda n, node: n.junction(node),
}
