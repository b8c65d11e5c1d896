"""The symbols of a program: one for each name, with what is assumed of it, and the values put in for some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain, count

from .. import ir, syntax
from ..algebra import division
from ..algebra.conditions import Condition, Relation, compare
from ..algebra.implications import decided_by
from ..algebra.polynomial import Expr, Part, Quantity, Symbol, divide, expression, is_at_least, is_integer, multiply
from ..errors import SymparamsError
from .expressions import Scope, Value, evaluate


class Symbols:
    """What the unbound names of a program stand for.

    A name is a positive whole number; a padding may be 0; a parameter that is freed from a decimal default is any
    positive number. `values` are put in by name; `freed` parameters lose their defaults.
    """

    def __init__(
        self, names: Iterable[str], paddings: Iterable[str], values: Mapping[str, Value], freed: Iterable[str]
    ):
        self.names = frozenset(names)
        self.paddings = frozenset(paddings)
        self.values = dict(values)
        self.freed = frozenset(freed)
        self.bound: dict[str, Value] = {}
        self.order: dict[str, int] = {}
        self.facts: list[Condition] = []
        self.assumed: list[Condition] = []
        self.turns: list[str] = []

    def value(self, name: str) -> Value:
        """What an unbound name stands for: the value put in for it, or its symbol."""
        if name not in self.bound:
            self.bound[name] = self.checked(name) if name in self.values else self.symbol(name)
        return self.bound[name]

    def symbol(self, name: str, lower: int = 1, integer: bool = True) -> Expr:
        self.order.setdefault(name, len(self.order))
        return expression(Symbol(name, min(lower, self.least(name)), integer))

    def least(self, name: str) -> int:
        """The least number that an unbound name stands for."""
        return 0 if name in self.paddings else 1

    def checked(self, name: str) -> Value:
        value = self.values[name]
        least = self.least(name)
        sizes = value if isinstance(value, tuple) else (value,)
        for size in sizes:
            known = isinstance(size, (int, Fraction)) and not isinstance(size, Expr)
            if known and (isinstance(size, (bool, Fraction)) or size < least):
                kind = "a whole number from 0" if least == 0 else "a positive whole number"
                raise SymparamsError(f"{name} is {kind}; {name} = {size} cannot be put in")
        return value

    def check_values(self) -> None:
        """Check the values of names too that the program names in a part that is not run."""
        for name in self.names & set(self.values):
            self.checked(name)

    def bind_parameters(self, parameters: Sequence[syntax.Parameter], scope: Scope) -> None:
        """Give each parameter of the net its value: the one put in, its default, or a symbol."""
        for parameter in parameters:
            name, default = parameter.name, parameter.default
            if default is None:
                scope.names[name] = self.value(name)
            elif name in self.values:
                scope.names[name] = self.values[name]
            elif name in self.freed:
                scope.names[name] = self.freed_symbol(name, default, scope)
            else:
                scope.names[name] = evaluate(default, scope)

    def freed_symbol(self, name: str, default: syntax.Node, scope: Scope) -> Expr:
        value = evaluate(default, scope)
        if isinstance(value, (bool, str, tuple, Relation)):
            raise SymparamsError(f"{name} is no number, so it cannot be a symbol", default.span)
        if isinstance(default, syntax.Number) and default.decimal:
            return self.symbol(name, 0, integer=False)
        return self.symbol(name, 0 if value == 0 else 1)

    @contextmanager
    def turn_number(self) -> Iterator[Symbol]:
        """A symbol for the number of a turn, which neither the program uses nor a loop around this one."""
        names = chain("ijtuvq", (f"turn{n}" for n in count(1)))
        name = next(n for n in names if n not in self.names and n not in self.turns)
        self.turns.append(name)
        try:
            yield Symbol(name, 0)
        finally:
            self.turns.pop()

    # Assumptions

    def note_assumptions(self, body: Iterable[syntax.Node], scope: Scope) -> None:
        """Build into a symbol what is assumed of it at the top of the program: its remainder, its least value.

        H with H % 32 == 0 is 32 times another symbol, which is shown as H/32: so every floor of it is exact.
        """
        for item in body:
            parts: tuple[syntax.Node, ...] = ()
            if isinstance(item, ir.Assume):
                parts = item.condition.items if isinstance(item.condition, syntax.And) else (item.condition,)
            for part in parts:
                if isinstance(part, syntax.Comparison):
                    self._note(part, scope)

    def _note(self, condition: syntax.Comparison, scope: Scope) -> None:
        if len(condition.rest) != 1:
            return
        ((operator, right),) = condition.rest
        left = condition.first
        if isinstance(left, syntax.Multiplication) and operator == "==" and [o for o, _ in left.rest] == ["%"]:
            if isinstance(left.first, syntax.Name) and self._is_open(left.first.name, scope):
                self._note_remainder(left.first.name, left.rest[0][1], right, scope)
        elif isinstance(left, syntax.Name) and operator in (">=", ">", "==") and self._is_open(left.name, scope):
            self._note_bound(left.name, operator, evaluate(right, scope), scope)

    def _is_open(self, name: str, scope: Scope) -> bool:
        value = scope.names.get(name)
        if isinstance(value, Expr):
            return value == expression(Symbol(name, 1))
        return name not in scope.names and name not in self.values and name not in self.bound

    def _note_remainder(self, name: str, modulus: syntax.Node, rest: syntax.Node, scope: Scope) -> None:
        divisor, remainder = evaluate(modulus, scope), evaluate(rest, scope)
        if not isinstance(divisor, (int, Expr)) or not isinstance(remainder, int) or isinstance(divisor, bool):
            return
        plain = self.symbol(name)
        assumed = compare("==", division.remainder(plain, divisor), remainder)
        if not (is_integer(divisor) and is_at_least(divisor, 1)) or isinstance(assumed, bool):
            return
        self.assumed.append(assumed)
        part = Part(divide(plain - remainder, divisor), self.least(name) if remainder == 0 else 0)
        self._bind(name, multiply(expression(part), divisor) + remainder, scope)

    def _note_bound(self, name: str, operator: str, value: Value, scope: Scope) -> None:
        if not isinstance(value, (int, Expr)) or isinstance(value, bool):
            return
        self.assumed.append(compare(operator, self.symbol(name), value))
        if operator == "==":
            self._bind(name, value, scope)
        elif isinstance(value, int):
            least = value + (operator == ">")
            self._bind(name, expression(Symbol(name, max(least, self.least(name)))), scope)

    def _bind(self, name: str, value: Quantity, scope: Scope) -> None:
        self.bound[name] = value
        if name in scope.names:
            scope.names[name] = value

    def decided(self, condition: Condition) -> Condition:
        """The condition, decided where what is assumed settles it."""
        if isinstance(condition, bool) or not self.facts:
            return condition
        return decided_by(self.facts, condition)
