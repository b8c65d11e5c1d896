"""Python: expressions that sympy reads back, and conditions as a program states them."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from .printer import Notation
from .textbook_order import condition_tree, total_tree, tree
from .tree import (
    Add,
    CeilingOf,
    Div,
    FloorOf,
    FunctionOf,
    Identifier,
    Joined,
    ModOf,
    Numeral,
    Order,
    Pow,
    Related,
    SumOver,
    Tree,
    children,
)

_SYMPY_FUNCTIONS = {"max": "Max", "min": "Min", "abs": "Abs", "sqrt": "sqrt"}
_RELATIONS = {">=": "Ge", "<=": "Le", "<": "Lt", ">": "Gt", "=": "Eq", "!=": "Ne"}
_OPERATORS = {"=": "=="}


def total(value: Quantity, order: Order | None = None, sizes: Iterable[Quantity] = ()) -> str:
    """A count as text that sympy reads back."""
    return _Sympy().show(total_tree(value, order, sizes))


def inline(value: Quantity, order: Order | None = None) -> str:
    return _Sympy().show(tree(value, order))


def jsonable(value: Quantity, order: Order | None = None) -> int | str:
    """An int where the value is one, text that sympy reads back where it is a formula."""
    return value if isinstance(value, int) else str(value) if isinstance(value, Fraction) else total(value, order)


def condition(value: Condition, order: Order | None = None) -> str:
    return _Sympy().show(condition_tree(value, order))


def condition_source(value: Condition) -> str:
    """A condition as it is written in a program."""
    return _Program().show(condition_tree(value))


class _Python(Notation):
    """What both notations share: operators with the brackets that Python's precedence asks for."""

    thousands = ""
    loose: tuple[type, ...] = (Add, Div, ModOf, Joined)
    # What has no brackets under a slash or below a power.
    simple: tuple[type, ...] = (Numeral, Identifier, Pow, FunctionOf, FloorOf)

    def tight(self, node: Tree) -> str:
        text = self.show(node)
        return text if isinstance(node, self.simple) else f"({text})"

    def symbol(self, node: Identifier) -> str:
        return node.name

    def sum(self, node: Add) -> str:
        (negative, first), *rest = node.terms
        text = f"-{self.factor(first)}" if negative else self.show(first)
        return text + "".join(f" {'-' if minus else '+'} {self.operand(term)}" for minus, term in rest)

    def operand(self, node: Tree) -> str:
        return f"({self.show(node)})" if isinstance(node, Add) else self.show(node)

    def joined(self, factors: Sequence[Tree], crossed: bool) -> str:
        return "*".join(map(self.factor, factors))

    def quotient(self, node: Div) -> str:
        return f"{self.factor(node.over)}/{self.tight(node.under)}"

    def power(self, node: Pow) -> str:
        base = f"({self.show(node.base)})" if isinstance(node.base, Pow) else self.tight(node.base)
        return base + self.exponent(node)

    def exponent(self, node: Pow) -> str:
        exponent = self.show(node.exponent)
        return f"**{exponent if isinstance(node.exponent, (Numeral, Identifier)) else f'({exponent})'}"

    def enclosed(self, node: FloorOf | CeilingOf) -> str:
        return f"{'floor' if isinstance(node, FloorOf) else 'ceiling'}({self.show(node.value)})"

    def series(self, node: SumOver) -> str:
        return f"Sum({self.show(node.term)}, ({node.index}, 0, {self.show(node.last)}))"

    def function(self, node: FunctionOf) -> str:
        return f"{node.name}({', '.join(map(self.show, node.arguments))})"


class _Program(_Python):
    loose = (*_Python.loose, FloorOf)
    simple = (Numeral, Identifier, Pow, FunctionOf)

    def remainder(self, node: ModOf) -> str:
        return f"{self.factor(node.dividend)} % {self.tight(node.divisor)}"

    def enclosed(self, node: FloorOf | CeilingOf) -> str:
        if isinstance(node, FloorOf) and isinstance(node.value, Div):
            return f"{self.factor(node.value.over)}//{self.tight(node.value.under)}"
        return f"{'floor' if isinstance(node, FloorOf) else 'ceil'}({self.show(node.value)})"

    def relation(self, node: Related) -> str:
        operator = "!=" if node.operator.startswith("not ") else "=="
        if node.operator.endswith("in Z"):
            return f"{self.factor(node.sides[0])} % 1 {operator} 0"
        if node.operator.endswith("|"):
            divisor, dividend = node.sides
            return f"{self.factor(dividend)} % {self.tight(divisor)} {operator} 0"
        return f" {_OPERATORS.get(node.operator, node.operator)} ".join(map(self.show, node.sides))

    def junction(self, node: Joined) -> str:
        return f" {node.word} ".join(map(self.factor, node.parts))


class _Sympy(_Python):
    def symbol(self, node: Identifier) -> str:
        if keyword.iskeyword(node.name):
            return f"Symbol({node.name!r}, integer=True, positive=True)"
        return node.name

    def enclosed(self, node: FloorOf | CeilingOf) -> str:
        value = node.value
        if isinstance(node, FloorOf) and isinstance(value, Div):
            return _in_steps(self, value.over, value.under)
        return super().enclosed(node)

    def remainder(self, node: ModOf) -> str:
        dividend, divisor = self.show(node.dividend), self.show(node.divisor)
        if _taken_for_multiple(node.dividend, node.divisor):
            return f"({dividend} - {divisor}*{_in_steps(self, node.dividend, node.divisor)})"
        return f"Mod({dividend}, {divisor})"

    def function(self, node: FunctionOf) -> str:
        arguments = ", ".join(map(self.show, node.arguments))
        if node.name == "log2":
            return f"log({arguments}, 2)"
        return f"{_SYMPY_FUNCTIONS.get(node.name, node.name)}({arguments})"

    def relation(self, node: Related) -> str:
        operator = "Ne" if node.operator.startswith("not ") else "Eq"
        if node.operator.endswith("in Z"):
            return f"{operator}(Mod({self.show(node.sides[0])}, 1), 0)"
        if node.operator.endswith("|"):
            divisor, dividend = node.sides
            return f"{operator}({self.remainder(ModOf(dividend, divisor))}, 0)"
        left, right = map(self.show, node.sides)
        return f"{_RELATIONS[node.operator]}({left}, {right})"

    def junction(self, node: Joined) -> str:
        return f"{node.word.title()}({', '.join(map(self.show, node.parts))})"


def _taken_for_multiple(over: Tree, under: Tree) -> bool:
    """Whether sympy 1.14 may take a fraction for whole that is not: 2**n/12 it does, but neither 2**n/4 nor 2**n/3."""
    return isinstance(under, Numeral) and under.value % 2 == 0 and _odd_part(under.value) > 1 and _has_power(over)


def _has_power(node: Tree) -> bool:
    if isinstance(node, Pow) and not isinstance(node.exponent, Numeral):
        return True
    return any(map(_has_power, children(node)))


def _odd_part(number: int) -> int:
    return number // (number & -number)


def _in_steps(printer: _Sympy, over: Tree, under: Tree) -> str:
    """A floor that sympy reads rightly: floor(x/12) is floor(floor(x/3)/4)."""
    if not isinstance(under, Numeral) or not _taken_for_multiple(over, under):
        return f"floor({printer.quotient(Div(over, under))})"
    odd = _odd_part(under.value)
    return f"floor(floor({printer.quotient(Div(over, Numeral(odd)))})/{under.value // odd})"


def tuple_of(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
