"""Expressions of the language: their values, axis by axis where they are tuples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, NamedTuple, Union

from ..closed_forms import conditions, floors, irrational, polynomial, powers
from ..closed_forms.conditions import AllOf, AnyOf, Condition, Relation
from ..closed_forms.polynomial import Expr, Quantity
from ..errors import LimitError, Span, SymparamsError, did_you_mean, listing
from ..language import syntax
from ..language.elaborate import WORDS
from ..language.syntax import Node
from .arguments import (
    MAX_ITEMS,
    BuiltIn,
    is_anything,
    is_few,
    is_number,
    is_numbers,
    is_padding,
    is_row,
    is_sizes,
    is_text,
    is_tuple,
)
from .einsum import einsum, einsums
from .premises import OF_FUNCTIONS, OF_OPERATORS
from .rearrange import rearranged, rearranges, reshaped, reshapes
from .work import Work

Shape = tuple[Quantity, ...]
Value = Union[Quantity, bool, str, Condition, tuple[Any, ...]]


class Interval(NamedTuple):
    """The whole numbers from `start` up to `stop`, which is not one of them."""

    start: Quantity
    stop: Quantity


class Scope:
    """Names and what they stand for; `missing` answers for a name that is bound nowhere, `settled` and
    `decide` say of a condition what is known, and whether it holds.

    In a layer's rule, "*" stands for the number of axes that the starred name of its pattern takes. `later` are the
    names that statements have yet to bind, with the beginnings of those.
    """

    __slots__ = ("decide", "depth", "functions", "later", "missing", "names", "parent", "settled", "work")
    functions: Callable[[str], syntax.Function | None]
    missing: Callable[[syntax.Name], Value]
    settled: Callable[[Condition], Condition]
    decide: Callable[[Condition, Span], bool]

    def __init__(
        self,
        names: dict[str, Value],
        parent: Scope | None = None,
        functions: Callable[[str], syntax.Function | None] | None = None,
        missing: Callable[[syntax.Name], Value] | None = None,
        settled: Callable[[Condition], Condition] | None = None,
        decide: Callable[[Condition, Span], bool] | None = None,
    ):
        self.names = names
        self.parent = parent
        self.functions = functions or (parent.functions if parent else lambda name: None)
        self.missing = missing or (parent.missing if parent else _unbound)
        self.settled = settled or (parent.settled if parent else lambda condition: condition)
        self.decide = decide or (parent.decide if parent else decided)
        self.later: dict[str, str] = {}
        self.depth: int = parent.depth + 1 if parent else 0
        self.work: Work = parent.work if parent else Work()

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


def as_quantity(value: Value, span: Span | None = None) -> Quantity:
    if is_number(value):
        return value  # type: ignore[return-value]
    raise SymparamsError(f"a number is needed here, not {describe(value)}", span)


def truth(node: Node, scope: Scope) -> Condition:
    """The value of an expression that must be true or false, as a condition where no value or fact decides it."""
    value = evaluate(node, scope)
    if isinstance(value, tuple) and value and all(isinstance(v, (bool, Relation, AnyOf, AllOf)) for v in value):
        return scope.settled(conditions.all_of(value))
    if isinstance(value, (bool, Relation, AnyOf, AllOf)):
        return scope.settled(value)
    hint = "write true or false" if isinstance(value, (int, str, Expr)) else None
    raise SymparamsError(f"a condition is needed here, not {describe(value)}", node.span, hint)


def holds(node: Node, scope: Scope) -> bool:
    """Whether a condition holds. Raises SymparamsError where values are missing to tell."""
    return scope.decide(truth(node, scope), node.span)


def describe(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the word {value!r}"
    if isinstance(value, Interval):
        return "a range"
    if isinstance(value, tuple):
        return f"{len(value)} values"
    if isinstance(value, (Relation, AnyOf, AllOf)):
        return "a condition"
    return "a number"


# Arithmetic, axis by axis


def axiswise(operation: Callable[[Any, Any], Value], a: Value, b: Value) -> Value:
    """The operation on two values, or on each axis of tuples; what is no tuple stands for every axis."""
    if isinstance(a, tuple) or isinstance(b, tuple):
        if not isinstance(a, tuple):
            return tuple(axiswise(operation, a, y) for y in b)  # type: ignore[union-attr]
        if not isinstance(b, tuple):
            return tuple(axiswise(operation, x, b) for x in a)
        if len(a) != len(b):
            raise SymparamsError(f"{len(a)} values do not go with {len(b)} values")
        return tuple(axiswise(operation, x, y) for x, y in zip(a, b))
    return operation(a, b)


def _arithmetic(operation: Callable[[Any, Any], Quantity]) -> Callable[[Value, Value], Value]:
    def apply(a: Value, b: Value) -> Value:
        if type(a) is int and type(b) is int:
            return operation(a, b)
        return axiswise(lambda x, y: operation(as_quantity(x), as_quantity(y)), a, b)

    return apply


def _normal(value: Quantity) -> Quantity:
    return irrational.simplest(value) if isinstance(value, Expr) else polynomial.whole(value)


def _compare(operator: str) -> Callable[[Value, Value], Value]:
    def one(a: Value, b: Value) -> Value:
        if isinstance(a, (str, bool)) or isinstance(b, (str, bool)):
            if operator not in ("==", "!="):
                raise SymparamsError(f"{describe(a)} and {describe(b)} have no order")
            return (type(a) is type(b) and a == b) == (operator == "==")
        return conditions.compare(operator, as_quantity(a), as_quantity(b))

    def apply(a: Value, b: Value) -> Value:
        if isinstance(a, str) or isinstance(b, str):
            return one("" if isinstance(a, tuple) else a, "" if isinstance(b, tuple) else b)
        return axiswise(one, a, b)

    return apply


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "+": _arithmetic(lambda a, b: _normal(a + b)),
    "-": _arithmetic(lambda a, b: _normal(a - b)),
    "*": _arithmetic(lambda a, b: _normal(polynomial.multiply(a, b))),
    "/": _arithmetic(lambda a, b: _normal(polynomial.divide(a, b))),
    "//": _arithmetic(floors.floor_divide),
    "%": _arithmetic(floors.remainder),
    "**": _arithmetic(lambda a, b: _normal(powers.power(a, b))),
    **{operator: _compare(operator) for operator in ("==", "!=", "<=", ">=", "<", ">")},
}


# Nodes


def _name(node: syntax.Name, scope: Scope) -> Value:
    return scope.names[node.name] if node.name in scope.names else scope.look_up(node)


def _sum(node: syntax.Addition, scope: Scope) -> Value:
    """A sum, whose terms are added at once where they are numbers."""
    first: Any = evaluate(node.first, scope)
    rest: list[tuple[str, Any]] = [(operator, evaluate(operand, scope)) for operator, operand in node.rest]
    if len(rest) > 1 and is_number(first) and all(is_number(term) for _, term in rest):
        return _normal(polynomial.total((first, *(-term if sign == "-" else term for sign, term in rest))))
    return reduce(lambda value, term: _OPERATORS[term[0]](value, term[1]), rest, first)


def _product(node: syntax.Multiplication, scope: Scope) -> Value:
    value = evaluate(node.first, scope)
    for operator, operand in node.rest:
        value = _operate(operator, value, evaluate(operand, scope), scope)
    return value


def _operate(operator: str, left: Value, right: Value, scope: Scope) -> Value:
    value = _OPERATORS[operator](left, right)
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
        results.append(_OPERATORS[operator](left, right))
        left = right
    return results[0] if len(results) == 1 else conditions.all_of(_flat(results))


def _flat(values: Iterable[Value]) -> Iterable[Condition]:
    for value in values:
        if isinstance(value, tuple):
            yield from _flat(value)
        else:
            yield value  # type: ignore[misc]


def _sign(node: syntax.Sign, scope: Scope) -> Value:
    value = evaluate(node.value, scope)
    return _OPERATORS["-"](0, value) if node.operator == "-" else _OPERATORS["+"](0, value)


def _and(node: syntax.And, scope: Scope) -> Value:
    parts: list[Condition] = []
    for item in node.items:
        parts.append(truth(item, scope))
        if parts[-1] is False:
            return False
    return conditions.all_of(parts)


def _or(node: syntax.Or, scope: Scope) -> Value:
    parts: list[Condition] = []
    for item in node.items:
        parts.append(truth(item, scope))
        if parts[-1] is True:
            return True
    return conditions.any_of(parts)


def decided(condition: Condition, span: Span) -> bool:
    """The condition as true or false. Raises SymparamsError where values are missing to tell."""
    if isinstance(condition, bool):
        return condition
    raise undecided(condition, condition, span)


def undecided(condition: Condition, left_open: Relation | AnyOf | AllOf, span: Span) -> SymparamsError:
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
            spread = inner if isinstance(inner, tuple) else (inner,) * axes
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
    if isinstance(index, Expr):
        names = listing(sorted(symbol.name for symbol in index.symbols))
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


def _calls_itself(function: syntax.Function, scope: Scope) -> bool:
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
    function = _BUILT_IN.get(node.function)
    if function is None:
        hint = did_you_mean(node.function, _BUILT_IN)
        raise SymparamsError(f"there is no function {node.function!r}", node.span, hint)
    unfit = function.unfit(arguments)
    if unfit is not None:
        given = f", not {describe(unfit[0])}" if unfit and not is_number(unfit[0]) else ""
        raise SymparamsError(f"{node.function!r} takes {function.takes}{given}", node.span)
    return function.work(*arguments)


def _elementwise(function: Callable[..., Quantity]) -> Callable[[Value], Value]:
    def apply(value: Value) -> Value:
        return tuple(map(apply, value)) if isinstance(value, tuple) else function(as_quantity(value))

    return apply


def _extreme(function: Callable[..., Quantity]) -> Callable[..., Value]:
    def apply(*values: Value) -> Value:
        if len(values) == 1 and isinstance(values[0], tuple):
            values = values[0]
        if not values:
            raise SymparamsError("there is no least or largest of no values")
        result = values[0]
        for value in values[1:]:
            result = axiswise(lambda a, b: function(as_quantity(a), as_quantity(b)), result, value)
        return result

    return apply


def _sides(padding: Value, axes: int) -> tuple[Value, ...]:
    """What a padding adds before each axis, and what it adds after it: a word adds nothing.

    A padding is one number, or one for each axis, or a pair for each axis, or both numbers for each axis in one list,
    the last axis first, as torch writes them.
    """
    if isinstance(padding, str):
        padding = 0
    each = padding if isinstance(padding, tuple) else (padding,) * axes
    if len(each) == 2 * axes and not any(isinstance(side, tuple) for side in each):
        each = tuple(zip(each[::2], each[1::2]))[::-1]
    pairs = [side if isinstance(side, tuple) else (side, side) for side in each]
    if len(pairs) != axes:
        hint = "write p, or one number for each axis, or ((before, after), ...)"
        raise SymparamsError(f"the padding does not fit {axes} axes", hint=hint)
    return tuple(before for before, _ in pairs), tuple(after for _, after in pairs)


def _surely(value: Value) -> bool:
    """Whether a condition is known to hold, for every axis, whatever the symbols stand for."""
    return all(map(_surely, value)) if isinstance(value, tuple) else value is True


_SHAPE = "a shape, a pattern in quotes and the sizes of axes by name"
_EQUATION = "a shape, an equation in quotes, sizes"
_BUILT_IN: dict[str, BuiltIn] = {
    "min": BuiltIn(_extreme(floors.smallest), "one number or more", is_numbers, more=is_numbers),
    "max": BuiltIn(_extreme(floors.largest), "one number or more", is_numbers, more=is_numbers),
    "floor": BuiltIn(_elementwise(floors.floor), "one number", is_numbers),
    "ceil": BuiltIn(_elementwise(floors.ceiling), "one number", is_numbers),
    "round": BuiltIn(_elementwise(floors.rounded), "one number", is_numbers),
    "abs": BuiltIn(_elementwise(floors.absolute), "one number", is_numbers),
    "sqrt": BuiltIn(_elementwise(floors.square_root), "one number", is_numbers),
    "log2": BuiltIn(_elementwise(floors.logarithm), "one number", is_numbers),
    "len": BuiltIn(len, "one tuple", is_tuple),
    "sum": BuiltIn(polynomial.total, "one tuple of numbers", is_row),
    "prod": BuiltIn(lambda row: polynomial.size_product(map(floors.absorbed, row)), "one tuple of numbers", is_row),
    "rearrange": BuiltIn(rearranged, _SHAPE, is_row, is_anything, more=is_anything),
    "rearranges": BuiltIn(rearranges, _SHAPE, is_row, is_anything, more=is_anything),
    "reshape": BuiltIn(reshaped, "two tuples of numbers", is_row, is_row),
    "reshapes": BuiltIn(reshapes, "two tuples of numbers", is_row, is_row),
    "einsum": BuiltIn(einsum, f"{_EQUATION}, and the axes of the bias", is_row, is_text, is_sizes, is_text),
    "einsums": BuiltIn(einsums, _EQUATION, is_row, is_text, is_sizes),
    "sides": BuiltIn(_sides, f"a padding and a number of axes up to {MAX_ITEMS:,}", is_padding, is_few),
    "flat": BuiltIn(lambda *values: tuple(_flat(values)), "any values", more=is_anything),
    "surely": BuiltIn(_surely, "one condition", is_anything),
}

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
    syntax.Not: lambda node, scope: conditions.negate(truth(node.value, scope)),
    syntax.Conditional: _conditional,
    syntax.Range: _range,
}
