"""The symbols of a program: one for each name, with what is assumed of it, and the values put in for some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain, count

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity, Symbol
from ..errors import Span, SymparamsError
from ..language import ir, syntax
from ..language.kinds import FROM_ZERO, POSITIVE, Numbers
from .axes import Value, as_quantity, describe
from .defaults import Sort, admits, described, sort_of
from .domain import (
    CLOSED_FORMS,
    Domain,
    as_meant,
    compare,
    conjuncts,
    decided_by,
    is_at_least,
    is_integer,
    is_number,
    is_symbolic,
    negate,
    substitute,
    symbols_of,
    with_values,
)
from .domain import remainder as rest_of
from .expressions import Scope, evaluate, undecided
from .fitting import parts, symbol_among


class Symbols:
    """What the unbound names of a program stand for.

    A name is a positive whole number; a padding may be 0; a parameter that is freed is of the sort of its default.
    `values` are put in by name; `freed` parameters lose their defaults. What the symbols are is the domain's.
    """

    def __init__(
        self,
        names: Iterable[str],
        paddings: Iterable[str],
        values: Mapping[str, Value],
        freed: Iterable[str],
        domain: Domain = CLOSED_FORMS,
    ):
        self.domain = domain
        self.names = frozenset(names)
        self.paddings = frozenset(paddings)
        self.values = dict(values)
        self.freed = frozenset(freed)
        self.bound: dict[str, Value] = {}
        self.order: dict[str, int] = {}
        self.facts: list[Condition] = []
        self.assumed: list[Condition] = []
        self.turns: list[str] = []
        self.decimals: set[str] = set()
        self.elements: set[str] = set()
        self.taken = self.names
        self.defaults: dict[str, Quantity] = {}
        self.decisions: list[Condition] = []
        # All that was ever decided, whatever notes it as a condition.
        self.decided_ever: list[Condition] = []

    def value(self, name: str) -> Value:
        """What an unbound name stands for: the value put in for it, or its symbol."""
        if name not in self.bound:
            self.bound[name] = self.checked(name) if name in self.values else self.symbol(name)
        return self.bound[name]

    def symbol(self, name: str, numbers: Numbers = POSITIVE) -> Quantity:
        self.order.setdefault(name, len(self.order))
        among = self.numbers(name) if numbers == POSITIVE else numbers
        return self.domain.expression(symbol_among(among, name))

    def numbers(self, name: str) -> Numbers:
        """The numbers that an unbound name stands for."""
        return FROM_ZERO if name in self.paddings else POSITIVE

    def checked(self, name: str, sort: Sort = POSITIVE) -> Value:
        """The value put in for a name. Raises SymparamsError for one that the name cannot have."""
        value = self.values[name]
        sort = self.numbers(name) if sort == POSITIVE else sort
        if not admits(sort, value):
            wrong = next((part for part in parts(value) if not admits(sort, part)), value)
            shown = wrong if is_number(wrong) else describe(wrong)
            raise SymparamsError(f"{name} is {described(sort)}; {name} = {shown} cannot be put in")
        return value

    def check_values(self) -> None:
        """Check the values of names too that the program names in a part that is not run."""
        for name in self.names & set(self.values):
            self.checked(name)
        for name in set(self.values) - self.taken - self.elements:
            raise SymparamsError(f"the network has no symbol or parameter {name!r}")

    def bind_parameters(self, parameters: Sequence[syntax.Parameter], scope: Scope) -> None:
        """Give each parameter of the net its value: the one put in, its default, or a symbol."""
        self.taken = self.names | {parameter.name for parameter in parameters}
        for parameter in parameters:
            name, default = parameter.name, parameter.default
            if default is None:
                scope.names[name] = self.value(name)
                continue
            try:
                scope.names[name] = self.parameter(name, default, scope)
            except SymparamsError as error:
                raise error.located(parameter.span) from None

    def parameter(self, name: str, default: syntax.Node, scope: Scope) -> Value:
        """The value of a parameter with a default, which says what may be put in or freed."""
        try:
            value = evaluate(default, scope)
        except SymparamsError:
            if name not in self.values:
                raise
            return self.values[name]
        sort = sort_of(default, value, self.decimals)
        if isinstance(sort, Numbers) and not sort.whole:
            self.decimals.add(name)
        if name in self.values:
            return self.checked(name, sort)
        if name not in self.freed:
            return value
        self.note_default(name, value)
        return self.freed_value(name, sort)

    def note_default(self, name: str, value: Value) -> None:
        """Note what the symbols of a freed parameter stand for as long as nothing else is said."""
        if isinstance(value, tuple):
            for i, part in enumerate(value, 1):
                self.note_default(f"{name}_{i}", part)
        elif is_number(value):
            self.defaults[name] = self.at_defaults(as_quantity(value))

    def freed_value(self, name: str, sort: Sort) -> Value:
        """The symbol for a parameter that is freed; for a tuple, one for each element."""
        if isinstance(sort, list):
            return tuple(self.freed_value(self.element(name, i), part) for i, part in enumerate(sort, 1))
        if not isinstance(sort, Numbers):
            raise SymparamsError(f"{name} is no number, so it cannot be a symbol")
        return self.checked(name, sort) if name in self.values else self.symbol(name, sort)

    def element(self, name: str, number: int) -> str:
        """The name of the symbol for an element of a tuple that is freed."""
        element = f"{name}_{number}"
        if element in self.taken:
            fault = f"{name} cannot be freed: its elements would be called {element}, and so is another symbol"
            raise SymparamsError(fault)
        self.elements.add(element)
        return element

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
        if is_symbolic(value):
            return value == self.domain.expression(Symbol(name, 1))
        return name not in scope.names and name not in self.values and name not in self.bound

    def _note_remainder(self, name: str, modulus: syntax.Node, rest: syntax.Node, scope: Scope) -> None:
        divisor, remainder = evaluate(modulus, scope), evaluate(rest, scope)
        if not is_number(divisor) or isinstance(divisor, Fraction) or not isinstance(remainder, int):
            return
        plain = self.symbol(name)
        assumed = compare("==", rest_of(plain, divisor), remainder)
        if not (is_integer(divisor) and is_at_least(divisor, 1)) or isinstance(assumed, bool):
            return
        self.assumed.append(assumed)
        least = (self.numbers(name).least or 0) if remainder == 0 else 0
        self._bind(name, self.domain.with_remainder(plain, divisor, remainder, least), scope)

    def _note_bound(self, name: str, operator: str, value: Value, scope: Scope) -> None:
        if not is_number(value) or isinstance(value, Fraction):
            return
        self.assumed.append(compare(operator, self.symbol(name), value))
        if operator == "==":
            self._bind(name, value, scope)
        elif isinstance(value, int):
            least = value + (operator == ">")
            symbol = Symbol(name, max(least, self.numbers(name).least or 0))
            self._bind(name, self.domain.expression(symbol), scope)

    def _bind(self, name: str, value: Quantity, scope: Scope) -> None:
        self.bound[name] = value
        if name in scope.names:
            scope.names[name] = value

    def decided(self, condition: Condition) -> Condition:
        """The condition, decided where what is assumed settles it."""
        if isinstance(condition, bool) or not self.facts:
            return condition
        return decided_by(self.facts, condition)

    # Decisions

    def decide(self, condition: Condition, span: Span) -> bool:
        """The condition as it is at the defaults of freed parameters, which is noted where it is open.

        Raises SymparamsError where other symbols leave it open.
        """
        condition = as_meant(condition)
        if isinstance(condition, bool):
            return condition
        usual = with_values(condition, self.defaults_of(condition.symbols))
        if not isinstance(usual, bool):
            raise undecided(condition, usual, span)
        taken = conjuncts(condition if usual else negate(condition))
        self.decisions += taken
        self.decided_ever += taken
        return usual

    def defaults_of(self, symbols: Iterable[Symbol]) -> dict[Symbol, Quantity]:
        return {symbol: self.defaults[symbol.name] for symbol in symbols if symbol.name in self.defaults}

    def at_defaults(self, value: Quantity) -> Quantity:
        return substitute(value, self.defaults_of(symbols_of(value)))

    @contextmanager
    def deciding(self) -> Iterator[list[Condition]]:
        """A list of what is decided inside, which is noted nowhere else."""
        around, self.decisions = self.decisions, []
        try:
            yield self.decisions
        finally:
            self.decisions = around
