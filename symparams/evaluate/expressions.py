"""Expressions of the language: their values, axis by axis where they are tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import LimitError, Span, SymparamsError, did_you_mean, listing
from ..language import syntax
from ..language.elaborate import WORDS
from ..language.syntax import Node
from .arguments import MAX_ITEMS
from .axes import OPERATORS, Interval, Value, as_quantity, describe, flat
from .built_ins import BUILT_INS
from .domain import (
    CLOSED_FORMS,
    Domain,
    all_of,
    any_of,
    for_each_axis,
    is_condition,
    is_number,
    is_symbolic,
    negate,
    normal,
    symbols_of,
    total,
)
from .premises import OF_FUNCTIONS, OF_OPERATORS
from .work import Work


class Scope:
    """Names and what they stand for; `missing` answers for a name that is bound nowhere, `settled` and
    `decide` say of a condition what is known, and whether it holds.

    In a layer's rule, "*" stands for the number of axes that the starred name of its pattern takes. `later` are the
    names that statements have yet to bind, with the beginnings of those.
    """

    __slots__ = ("decide", "depth", "functions", "later", "missing", "names", "parent", "settled", "work")
    functions: Callable[[str], syntax.FunctionDefinition | None]
    missing: Callable[[syntax.Name], Value]
    settled: Callable[[Condition], Condition]
    decide: Callable[[Condition, Span], bool]

    def __init__(
        self,
        names: dict[str, Value],
        parent: Scope | None = None,
        functions: Callable[[str], syntax.FunctionDefinition | None] | None = None,
        missing: Callable[[syntax.Name], Value] | None = None,
        settled: Callable[[Condition], Condition] | None = None,
        decide: Callable[[Condition, Span], bool] | None = None,
        domain: Domain = CLOSED_FORMS,
    ):
        self.names = names
        self.parent = parent
        self.functions = functions or (parent.functions if parent else lambda name: None)
        self.missing = missing or (parent.missing if parent else _unbound)
        self.settled = settled or (parent.settled if parent else lambda condition: condition)
        self.decide = decide or (parent.decide if parent else decided)
        self.later: dict[str, str] = {}
        self.depth: int = parent.depth + 1 if parent else 0
        self.work: Work = parent.work if parent else Work(domain)

    def suppose(self, conditions: Iterable[Condition]) -> None:
        """Take note of what must hold for a value to be there, where no value or fact says so."""
        for condition in conditions:
            if condition is not True and (settled := self.settled(condition)) is not True:
                self.work.premises.open[settled] = None

    def look_up(self, name: syntax.Name) -> Value:
        scope: Scope | None = self
        while scope is not None:
            if name.name in scope.names:
                return scope.names[name.name]
            if name.name in scope.later:
                raise SymparamsError(f"{name.name!r} is used before {scope.later[name.name]!r}", name.span)
            scope = scope.parent
        return name.name if name.name in WORDS else self.missing(name)

    def binds(self, name: str) -> bool:
        """Whether a name has a value here."""
        return name in self.names or (self.parent is not None and self.parent.binds(name))


def _unbound(name: syntax.Name) -> Value:
    raise SymparamsError(f"{name.name!r} is bound nowhere", name.span)


def evaluate(node: Node, scope: Scope) -> Value:
    """The value of an expression. Raises SymparamsError at the part that has none."""
    try:
        return _EVALUATE[type(node)](node, scope)
    except SymparamsError as error:
        raise error.located(node.span) from None


def quantity(node: Node, scope: Scope) -> Quantity:
    """The value of an expression that must be a number."""
    return as_quantity(evaluate(node, scope), node.span)


def truth(node: Node, scope: Scope) -> Condition:
    """The value of an expression that must be true or false, as a condition where no value or fact decides it."""
    value = evaluate(node, scope)
    if isinstance(value, tuple) and value and all(map(is_condition, value)):
        return scope.settled(all_of(value))
    if is_condition(value):
        return scope.settled(value)
    hint = "write true or false" if isinstance(value, str) or is_number(value) else None
    raise SymparamsError(f"a condition is needed here, not {describe(value)}", node.span, hint)


def holds(node: Node, scope: Scope) -> bool:
    """Whether a condition holds. Raises SymparamsError where values are missing to tell."""
    return scope.decide(truth(node, scope), node.span)


# Nodes


def _name(node: syntax.Name, scope: Scope) -> Value:
    return scope.names[node.name] if node.name in scope.names else scope.look_up(node)


def _sum(node: syntax.Addition, scope: Scope) -> Value:
    """A sum, whose terms are added at once where they are numbers."""
    first: Any = evaluate(node.first, scope)
    rest: list[tuple[str, Any]] = [(operator, evaluate(operand, scope)) for operator, operand in node.rest]
    if len(rest) > 1 and is_number(first) and all(is_number(term) for _, term in rest):
        return normal(total((first, *(-term if sign == "-" else term for sign, term in rest))))
    return reduce(lambda value, term: OPERATORS[term[0]](value, term[1]), rest, first)


def _product(node: syntax.Multiplication, scope: Scope) -> Value:
    value = evaluate(node.first, scope)
    for operator, operand in node.rest:
        value = _operate(operator, value, evaluate(operand, scope), scope)
    return value


def _operate(operator: str, left: Value, right: Value, scope: Scope) -> Value:
    value = OPERATORS[operator](left, right)
    premise = OF_OPERATORS.get(operator)
    if premise:
        scope.suppose(premise(left, right))
    return value


def _exponent(node: syntax.Exponent, scope: Scope) -> Value:
    return _operate("**", evaluate(node.base, scope), evaluate(node.exponent, scope), scope)


def _comparison(node: syntax.Comparison, scope: Scope) -> Value:
    results = []
    left = evaluate(node.first, scope)
    for operator, operand in node.rest:
        right = evaluate(operand, scope)
        results.append(OPERATORS[operator](left, right))
        left = right
    return results[0] if len(results) == 1 else all_of(flat(results))


def _sign(node: syntax.Sign, scope: Scope) -> Value:
    value = evaluate(node.value, scope)
    return OPERATORS["-"](0, value) if node.operator == "-" else OPERATORS["+"](0, value)


def _and(node: syntax.And, scope: Scope) -> Value:
    parts: list[Condition] = []
    for item in node.items:
        parts.append(truth(item, scope))
        if parts[-1] is False:
            return False
    return all_of(parts)


def _or(node: syntax.Or, scope: Scope) -> Value:
    parts: list[Condition] = []
    for item in node.items:
        parts.append(truth(item, scope))
        if parts[-1] is True:
            return True
    return any_of(parts)


def decided(condition: Condition, span: Span) -> bool:
    """The condition as true or false. Raises SymparamsError where values are missing to tell."""
    if isinstance(condition, bool):
        return condition
    raise undecided(condition, condition, span)


def undecided(condition: Condition, left_open: Any, span: Span) -> SymparamsError:
    """The error for a condition of which that much is left open."""
    from ..formula import python, text

    names = sorted(s.name for s in left_open.symbols)
    example = f"give a value to {' or '.join(names)}, or state it: 'assume {python.condition_source(condition)}'"
    return SymparamsError(f"it depends on {', '.join(names)} whether {text.condition(condition)}", span, example)


def _conditional(node: syntax.Conditional, scope: Scope) -> Value:
    return evaluate(node.then if holds(node.condition, scope) else node.otherwise, scope)


def items(nodes: Iterable[Node], scope: Scope) -> tuple[Value, ...]:
    """The values of the elements of a tuple, a list or an argument list, with what `*` spreads."""
    values: list[Value] = []
    size = 0
    for node in nodes:
        if isinstance(node, syntax.Splat):
            inner = evaluate(node.value, scope)
            axes = scope.names.get("*") if not isinstance(inner, tuple) else 0
            if not isinstance(axes, int):
                raise SymparamsError(f"'*' spreads a tuple, not {describe(inner)}", node.span)
            spread = inner if isinstance(inner, tuple) else for_each_axis(inner, axes)
            values += spread
            size += sum(map(_size, spread))
        elif isinstance(node, syntax.Keyword):
            raise SymparamsError("functions take their arguments in order, without names", node.span)
        else:
            value = evaluate(node, scope)
            values.append(value)
            size += _size(value) if isinstance(value, tuple) else 1
        if size > MAX_ITEMS:
            raise LimitError(f"a list would have more than {MAX_ITEMS:,} elements", node.span)
    return tuple(values)


def _size(value: Value) -> int:
    """How many elements a value has, those of the tuples in it too."""
    return 1 + sum(map(_size, value)) if isinstance(value, tuple) else 1


def _index(node: syntax.Index, scope: Scope) -> Value:
    value, index = evaluate(node.value, scope), evaluate(node.index, scope)
    if not isinstance(value, tuple):
        raise SymparamsError(f"only tuples have elements, not {describe(value)}", node.value.span)
    if is_symbolic(index):
        names = listing(sorted(symbol.name for symbol in symbols_of(index)))
        raise SymparamsError(f"which element it is depends on {names}", node.index.span, f"give a value to {names}")
    if not isinstance(index, int) or isinstance(index, bool) or not -len(value) <= index < len(value):
        raise SymparamsError(f"there are {len(value)} elements, counted from 0", node.index.span)
    return value[index]


def _range(node: syntax.Range, scope: Scope) -> Value:
    return Interval(quantity(node.start, scope), quantity(node.stop, scope))


def _apply(node: syntax.Apply, scope: Scope) -> Value:
    scope.work.spend(node.span)
    arguments = items(node.arguments, scope)
    function = scope.functions(node.function)
    if function is None:
        value = _built_in(node, arguments)
        premise = OF_FUNCTIONS.get(node.function)
        if premise:
            scope.suppose(premise(*arguments))
        return value
    if len(arguments) > len(function.parameters) or scope.depth > 60:
        if scope.depth > 60:
            why = ": it calls itself" if _calls_itself(function, scope) else ""
            raise LimitError(f"the function {node.function!r} is nested more than 60 deep{why}", node.span)
        raise SymparamsError(f"{node.function!r} takes {len(function.parameters)} arguments", node.span)
    inner = Scope({}, scope)
    for parameter, argument in zip(function.parameters, arguments):
        inner.names[parameter.name] = argument
    for parameter in function.parameters[len(arguments) :]:
        if parameter.default is None:
            raise SymparamsError(f"{node.function!r} needs its argument {parameter.name!r}", node.span)
        inner.names[parameter.name] = evaluate(parameter.default, inner)
    return evaluate(function.value, inner)


def _calls_itself(function: syntax.FunctionDefinition, scope: Scope) -> bool:
    """Whether a function calls itself, by itself or through others."""
    called: set[str] = set()
    pending: list[Node] = [function]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.Apply) and node.function not in called:
            called.add(node.function)
            pending += filter(None, [scope.functions(node.function)])
        pending += node.children()
    return function.name in called


def _built_in(node: syntax.Apply, arguments: tuple[Value, ...]) -> Value:
    function = BUILT_INS.get(node.function)
    if function is None:
        hint = did_you_mean(node.function, BUILT_INS)
        raise SymparamsError(f"there is no function {node.function!r}", node.span, hint)
    unfit = function.unfit(arguments)
    if unfit is not None:
        given = f", not {describe(unfit[0])}" if unfit and not is_number(unfit[0]) else ""
        raise SymparamsError(f"{node.function!r} takes {function.takes}{given}", node.span)
    return function.work(*arguments)


_EVALUATE: dict[type[Node], Callable[[Any, Scope], Value]] = {
    syntax.Number: lambda node, scope: node.value,
    syntax.Text: lambda node, scope: node.value,
    syntax.Truth: lambda node, scope: node.value,
    syntax.Name: _name,
    syntax.Tuple: lambda node, scope: items(node.items, scope),
    syntax.List: lambda node, scope: items(node.items, scope),
    syntax.Apply: _apply,
    syntax.Index: _index,
    syntax.Sign: _sign,
    syntax.Addition: _sum,
    syntax.Multiplication: _product,
    syntax.Exponent: _exponent,
    syntax.Comparison: _comparison,
    syntax.And: _and,
    syntax.Or: _or,
    syntax.Not: lambda node, scope: negate(truth(node.value, scope)),
    syntax.Conditional: _conditional,
    syntax.Range: _range,
}
