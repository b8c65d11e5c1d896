"""Python: expressions that sympy reads back, and conditions as a program states them."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import ClassVar

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

_SYMPY_FUNCTIONS = {"max": "Max", "min": "Min", "abs": "Abs", "sqrt": "sqrt"}
_RELATIONS = {">=": "Ge", "<=": "Le", "<": "Lt", ">": "Gt", "==": "Eq", "!=": "Ne"}


def total(value: Quantity, order: Order | None = None, sizes: Iterable[Quantity] = ()) -> str:
    """A count as text that sympy reads back."""
    return _Sympy().render(total_tree(value, order, sizes))


def inline(value: Quantity, order: Order | None = None) -> str:
    return _Sympy().render(tree(value, order))


def jsonable(value: Quantity, order: Order | None = None) -> int | str:
    """An int where the value is one, text that sympy reads back where it is a formula."""
    return value if isinstance(value, int) else str(value) if isinstance(value, Fraction) else total(value, order)


def condition(value: Condition, order: Order | None = None) -> str:
    return _Sympy().render(condition_tree(value, order))


def condition_source(value: Condition) -> str:
    """A condition as it is written in a program."""
    return _Program().render(condition_tree(value))


class _Printer:
    """What both notations share: operators with the brackets that Python's precedence asks for."""

    def render(self, node: Tree) -> str:
        return self.table[type(node)](self, node)

    # What has brackets in a product, and what has none under a slash or below a power.
    loose: tuple[type, ...] = (Add, Div, Mod, Junction)
    simple: tuple[type, ...] = (Num, Name, Pow, Call, FloorOf)

    def factor(self, node: Tree) -> str:
        text = self.render(node)
        return f"({text})" if isinstance(node, self.loose) else text

    def tight(self, node: Tree) -> str:
        text = self.render(node)
        return text if isinstance(node, self.simple) else f"({text})"

    def number(self, node: Num) -> str:
        return str(node.value)

    def name(self, node: Name) -> str:
        return node.name

    def add(self, node: Add) -> str:
        (negative, first), *rest = node.terms
        text = f"-{self.factor(first)}" if negative else self.render(first)
        return text + "".join(f" {'-' if minus else '+'} {self.operand(term)}" for minus, term in rest)

    def operand(self, node: Tree) -> str:
        return f"({self.render(node)})" if isinstance(node, Add) else self.render(node)

    def mul(self, node: Mul) -> str:
        return "*".join(map(self.factor, node.factors))

    def div(self, node: Div) -> str:
        return f"{self.factor(node.over)}/{self.tight(node.under)}"

    def pow(self, node: Pow) -> str:
        exponent = self.render(node.exponent)
        base = f"({self.render(node.base)})" if isinstance(node.base, Pow) else self.tight(node.base)
        return f"{base}**{exponent if isinstance(node.exponent, (Num, Name)) else f'({exponent})'}"

    def floor(self, node: FloorOf) -> str:
        return f"floor({self.render(node.value)})"

    def mod(self, node: Mod) -> str:
        raise NotImplementedError

    def series(self, node: SumOver) -> str:
        return f"Sum({self.render(node.term)}, ({node.turn}, 0, {self.render(node.last)}))"

    def call(self, node: Call) -> str:
        return f"{node.function}({', '.join(map(self.render, node.arguments))})"

    def compare(self, node: Compare) -> str:
        return f"{self.render(node.left)} {node.operator} {self.render(node.right)}"

    def divides(self, node: Divides) -> str:
        operator = "==" if node.holds else "!="
        return f"{self.factor(node.dividend)} % {self.tight(node.divisor)} {operator} 0"

    def whole(self, node: Whole) -> str:
        return f"{self.factor(node.value)} % 1 {'==' if node.holds else '!='} 0"

    def junction(self, node: Junction) -> str:
        return f" {node.word} ".join(map(self.factor, node.parts))

    table: ClassVar[dict[type, Callable[..., str]]] = {}


class _Program(_Printer):
    loose = (*_Printer.loose, FloorOf)
    simple = (Num, Name, Pow, Call)

    def mod(self, node: Mod) -> str:
        return f"{self.factor(node.dividend)} % {self.tight(node.divisor)}"

    def floor(self, node: FloorOf) -> str:
        if isinstance(node.value, Div):
            return f"{self.factor(node.value.over)}//{self.tight(node.value.under)}"
        return super().floor(node)


class _Sympy(_Printer):
    def name(self, node: Name) -> str:
        if keyword.iskeyword(node.name):
            return f"Symbol({node.name!r}, integer=True, positive=True)"
        return node.name

    def floor(self, node: FloorOf) -> str:
        value = node.value
        return _in_steps(self, value.over, value.under) if isinstance(value, Div) else super().floor(node)

    def mod(self, node: Mod) -> str:
        dividend, divisor = self.render(node.dividend), self.render(node.divisor)
        if _taken_for_multiple(node.dividend, node.divisor):
            return f"({dividend} - {divisor}*{_in_steps(self, node.dividend, node.divisor)})"
        return f"Mod({dividend}, {divisor})"

    def call(self, node: Call) -> str:
        arguments = ", ".join(map(self.render, node.arguments))
        if node.function == "log2":
            return f"log({arguments}, 2)"
        return f"{_SYMPY_FUNCTIONS[node.function]}({arguments})"

    def compare(self, node: Compare) -> str:
        return f"{_RELATIONS[node.operator]}({self.render(node.left)}, {self.render(node.right)})"

    def divides(self, node: Divides) -> str:
        relation = "Eq" if node.holds else "Ne"
        return f"{relation}({self.mod(Mod(node.dividend, node.divisor))}, 0)"

    def whole(self, node: Whole) -> str:
        return f"{'Eq' if node.holds else 'Ne'}(Mod({self.render(node.value)}, 1), 0)"

    def junction(self, node: Junction) -> str:
        return f"{node.word.title()}({', '.join(map(self.render, node.parts))})"


def _taken_for_multiple(over: Tree, under: Tree) -> bool:
    """Whether sympy 1.14 may take a fraction for whole that is not: 2**n/12 it does, but neither 2**n/4 nor 2**n/3."""
    return isinstance(under, Num) and under.value % 2 == 0 and _odd_part(under.value) > 1 and _has_power(over)


def _has_power(node: object) -> bool:
    if isinstance(node, Pow) and not isinstance(node.exponent, Num):
        return True
    return isinstance(node, tuple) and any(map(_has_power, node))


def _odd_part(number: int) -> int:
    return number // (number & -number)


def _in_steps(printer: _Sympy, over: Tree, under: Tree) -> str:
    """A floor that sympy reads rightly: floor(x/12) is floor(floor(x/3)/4)."""
    if not isinstance(under, Num) or not _taken_for_multiple(over, under):
        return f"floor({printer.div(Div(over, under))})"
    odd = _odd_part(under.value)
    return f"floor(floor({printer.div(Div(over, Num(odd)))})/{under.value // odd})"


_Printer.table = {
    Num: lambda printer, node: printer.number(node),
    Name: lambda printer, node: printer.name(node),
    Add: lambda printer, node: printer.add(node),
    Mul: lambda printer, node: printer.mul(node),
    Div: lambda printer, node: printer.div(node),
    Pow: lambda printer, node: printer.pow(node),
    FloorOf: lambda printer, node: printer.floor(node),
    Mod: lambda printer, node: printer.mod(node),
    SumOver: lambda printer, node: printer.series(node),
    Call: lambda printer, node: printer.call(node),
    Compare: lambda printer, node: printer.compare(node),
    Divides: lambda printer, node: printer.divides(node),
    Whole: lambda printer, node: printer.whole(node),
    Junction: lambda printer, node: printer.junction(node),
}


def tuple_of(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
