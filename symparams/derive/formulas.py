"""A rule's statements as formulas: its own syntax, with its functions opened and its names as textbook symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from ..closed_forms.polynomial import Expr
from ..core.trace import Origin
from ..errors import SymparamsError
from ..evaluate.axes import Value, axiswise
from ..evaluate.expressions import Scope, evaluate, holds, items
from ..evaluate.open_loops import OpenLoop
from ..evaluate.patterns import puts_channels_first
from ..evaluate.rules import Applied, turns
from ..formula.textbook_order import tree
from ..formula.tree import (
    ZERO,
    FunctionOf,
    Identifier,
    ModOf,
    Numeral,
    Order,
    SumOver,
    Tree,
    floor_of,
    power_of,
    product_of,
    quotient_of,
    remade,
    sum_of,
)
from ..language import syntax
from . import textbook_names as textbook
from .rule_formulas import Formulas, Shown, Term, Word
from .taught import as_taught, leaves


class _Frame:
    """Names with their values and with the formulas that are written for them."""

    def __init__(self, scope: Scope, shown: dict[str, Shown], parent: _Frame | None = None):
        self.scope = scope
        self.shown = shown
        self.parent = parent

    def find(self, name: str) -> Shown | None:
        frame: _Frame | None = self
        while frame is not None:
            if name in frame.shown:
                return frame.shown[name]
            frame = frame.parent
        return None


def formulas_of(origin: Origin, order: Order) -> Formulas:
    """The formulas of the layer that comes from there."""
    assert origin.rule is not None and origin.applied is not None
    reader = _Reader(origin.rule, origin.applied, order)
    reader.section(origin.rule.section)
    return reader.found


class _Reader:
    def __init__(self, rule: syntax.Rule, applied: Applied, order: Order):
        bound = applied.scope
        self.rule = rule
        self.open_loops = applied.loops
        self.order = order
        self.found = Formulas(rule.name)
        self.known = textbook.TEXTBOOK.get(rule.name, {})
        axes = bound.names.get("*", 0)
        self.axes = axes if isinstance(axes, int) else 0
        self.spatial = puts_channels_first(rule.pattern)
        patterns = [p for p in (rule.pattern, *(m.pattern for m in rule.memories)) if p]
        flowing = {axis.name for p in patterns for axis in p.axes}
        memories = [memory.name for memory in rule.memories]
        kept = {"*", "layout", *flowing, *memories, *(p.name for p in rule.parameters)}
        scope = Scope({n: v for n, v in bound.names.items() if n in kept}, bound.parent)
        self.frame = _Frame(scope, {name: Word(scope.names[name]) for name in memories})
        for pattern in patterns:
            self.bind_pattern(pattern)
        for parameter in rule.parameters:
            self.bind_parameter(parameter)

    # Names

    def bind_pattern(self, pattern: syntax.Pattern) -> None:
        for place, axis in enumerate(pattern.axes):
            value = self.frame.scope.names[axis.name]
            if not axis.variadic:
                self.frame.shown[axis.name] = self.symbol(self.known.get(axis.name, axis.name), value)
                continue
            assert isinstance(value, tuple)
            alone = len(pattern.axes) == 1
            axes = len(value) + (0 if self.spatial else len(pattern.axes) - 1)
            letters = textbook.size_names(axes, self.spatial)[0 if self.spatial else place :]
            marked = [f"{letter}_in" if self.spatial or alone else letter for letter in letters]
            if axis.name != "S":
                marked = [f"{axis.name}_{i + 1}" for i in range(len(value))]
            self.frame.shown[axis.name] = tuple(self.symbol(n, v) for n, v in zip(marked, value))

    def bind_parameter(self, parameter: syntax.Parameter) -> None:
        value = self.frame.scope.names[parameter.name]
        name = self.known.get(parameter.name, parameter.name)
        shown: Shown = Word(value)
        if _is_number(value):
            shown = self.symbol(name, value)
            self.note_neutral(shown, parameter, value)
        elif isinstance(value, tuple) and value and all(map(_is_number, value)):
            per_axis = [textbook.axis_name(name, i, len(value)) for i in range(len(value))]
            shown = tuple(self.symbol(n, v) for n, v in zip(per_axis, value))
            for symbol, size in zip(shown, value):
                self.note_neutral(symbol, parameter, size)
        elif isinstance(value, tuple):
            shown = self.literal(value)
        self.frame.shown[parameter.name] = shown

    def note_neutral(self, symbol: Tree, parameter: syntax.Parameter, value: Value) -> None:
        if value == textbook.neutral(self.rule.name, parameter.name):
            self.found.neutral[symbol] = Numeral(int(value))  # type: ignore[arg-type]

    def symbol(self, name: str, value: Any) -> Identifier:
        self.found.values[name] = value
        return Identifier(name, True)

    def literal(self, value: Value) -> Shown:
        if isinstance(value, tuple):
            return tuple(map(self.literal, value))
        return tree(value, self.order) if _is_number(value) else Word(value)  # type: ignore[arg-type]

    # Statements

    def section(self, section: syntax.Section) -> None:
        for statement in section.statements:
            handler = _STATEMENTS.get(type(statement))
            if handler:
                handler(self, statement)

    def let(self, statement: syntax.Let) -> None:
        value = evaluate(statement.value, self.frame.scope)
        if _is_number(value) or isinstance(value, tuple):
            shown = self.build(statement.value, self.frame)
            name = self.known.get(statement.name)
            if name and isinstance(shown, Tree) and name not in self.found.values:
                self.found.definitions[name] = shown
                shown = self.symbol(name, value)
                if value == textbook.neutral(self.rule.name, statement.name):
                    self.found.neutral[shown] = Numeral(int(value))  # type: ignore[arg-type]
        else:
            shown = Word(value)
        self.frame.scope.names[statement.name] = value
        self.frame.shown[statement.name] = shown

    def weight(self, statement: syntax.Weight) -> None:
        scope = self.frame.scope
        if statement.condition and not holds(statement.condition, scope):
            return
        factors = [f for node in as_taught(statement.shape) for f in self.sizes_of(node)]
        self.found.terms.append(Term(statement.name, statement.kind, product_of(factors)))
        if statement.name not in {p.name for p in self.rule.parameters}:
            scope.names[statement.name] = items(statement.shape, scope)
            self.frame.shown[statement.name] = tuple(factors)

    def sizes_of(self, node: syntax.Node) -> list[Tree]:
        return [part for part in leaves(self.items((node,), self.frame)) if isinstance(part, Tree)]

    def output(self, statement: syntax.Output) -> None:
        shown = self.build(statement.shape, self.frame)
        parts = list(leaves(shown if isinstance(shown, tuple) else (shown,)))
        letters = self.output_letters(len(parts))
        self.found.sizes = [
            (Identifier(f"{letter}_out", True), part) for letter, part in zip(letters, parts) if isinstance(part, Tree)
        ]

    def output_letters(self, axes: int) -> tuple[str, ...]:
        if self.spatial and axes > 1:
            return "C", *textbook.size_names(axes - 1, True)
        return textbook.size_names(axes, False)

    def macs(self, statement: syntax.Macs) -> None:
        shown = self.build(statement.count, self.frame)
        if isinstance(shown, Tree):
            self.found.work.append(shown)

    def loop(self, statement: syntax.RuleLoop) -> None:
        if loop := self.open_loops.get(id(statement)):
            self.open_loop(statement, loop)
            return
        for values in turns(statement.targets, statement.values, self.frame.scope):
            self.turn(statement, values)

    def turn(self, statement: syntax.RuleLoop, values: tuple[Value, ...]) -> None:
        self.frame.scope.names.update(zip(statement.targets, values))
        for name, value in zip(statement.targets, values):
            self.frame.shown[name] = self.literal(value)
        self.section(statement.section)

    def open_loop(self, statement: syntax.RuleLoop, loop: OpenLoop) -> None:
        """The first turns, and all that are left as one, times their number."""
        *first, general = loop.values()
        for value in first:
            self.turn(statement, (value,))
        terms, work = len(self.found.terms), len(self.found.work)
        self.turn(statement, (general,))
        left = tree(loop.left, self.order)
        alike = (t._replace(node=product_of((left, t.node))) for t in self.found.terms[terms:])
        self.found.terms[terms:] = alike
        self.found.work[work:] = [self.in_all_turns(node, loop) for node in self.found.work[work:]]

    def in_all_turns(self, node: Tree, loop: OpenLoop) -> Tree:
        if remade(node, {Identifier(loop.number.name): ZERO}) != node:
            return SumOver(node, loop.number.name, tree(loop.left - 1, self.order))
        return product_of((tree(loop.left, self.order), node))

    def branch(self, statement: syntax.RuleBranch) -> None:
        if holds(statement.condition, self.frame.scope):
            self.section(statement.then)
        elif isinstance(statement.otherwise, syntax.RuleBranch):
            self.branch(statement.otherwise)
        elif statement.otherwise:
            self.section(statement.otherwise)

    # Expressions

    def build(self, node: syntax.Node, frame: _Frame) -> Shown:
        handler = _EXPRESSIONS.get(type(node))
        shown = handler(self, node, frame) if handler else None
        return self.literal(evaluate(node, frame.scope)) if shown is None else shown

    def name(self, node: syntax.Name, frame: _Frame) -> Shown | None:
        return frame.find(node.name)

    def tuple_(self, node: syntax.Tuple | syntax.List, frame: _Frame) -> Shown:
        return self.items(node.items, frame)

    def items(self, nodes: Iterable[syntax.Node], frame: _Frame) -> tuple[Any, ...]:
        found: list[Shown] = []
        for node in nodes:
            if not isinstance(node, syntax.Splat):
                found.append(self.build(node, frame))
                continue
            inner = self.build(node.value, frame)
            found += inner if isinstance(inner, tuple) else self.for_each_axis(inner)
        return tuple(found)

    def for_each_axis(self, shown: Shown) -> list[Shown]:
        """What stands for every axis, with a symbol for each."""
        if not isinstance(shown, Identifier) or not shown.local:
            return [shown] * self.axes
        value = self.found.values[shown.name]
        per_axis = [textbook.axis_name(shown.name, i, self.axes) for i in range(self.axes)]
        return [self.symbol(name, value) for name in per_axis]

    def addition(self, node: syntax.Addition, frame: _Frame) -> Shown:
        result = self.build(node.first, frame)
        for operator, operand in node.rest:
            operation = _difference if operator == "-" else _sum
            result = _axiswise(operation, result, self.build(operand, frame))
        return result

    def multiplication(self, node: syntax.Multiplication, frame: _Frame) -> Shown:
        result = self.build(node.first, frame)
        for operator, operand in node.rest:
            result = _axiswise(_PRODUCTS[operator], result, self.build(operand, frame))
        return result

    def sign(self, node: syntax.Sign, frame: _Frame) -> Shown:
        shown = self.build(node.value, frame)
        return _axiswise(_difference, ZERO, shown) if node.operator == "-" else shown

    def exponent(self, node: syntax.Exponent, frame: _Frame) -> Shown:
        return _axiswise(power_of, self.build(node.base, frame), self.build(node.exponent, frame))

    def conditional(self, node: syntax.Conditional, frame: _Frame) -> Shown:
        chosen = holds(node.condition, frame.scope)
        return self.build(node.then if chosen else node.otherwise, frame)

    def index(self, node: syntax.Index, frame: _Frame) -> Shown | None:
        shown, place = self.build(node.value, frame), evaluate(node.index, frame.scope)
        return shown[place] if isinstance(shown, tuple) and isinstance(place, int) else None

    def apply(self, node: syntax.Apply, frame: _Frame) -> Shown | None:
        function = frame.scope.functions(node.function)
        if function is None:
            handler = _BUILT_IN.get(node.function)
            return handler(*self.items(node.arguments, frame)) if handler else None
        scope = Scope({}, frame.scope)
        inner = _Frame(scope, {}, frame)
        values = items(node.arguments, frame.scope)
        written = self.items(node.arguments, frame)
        for parameter, value, argument in zip(function.parameters, values, written):
            scope.names[parameter.name], inner.shown[parameter.name] = value, argument
        for parameter in function.parameters[len(values) :]:
            assert parameter.default is not None
            scope.names[parameter.name] = evaluate(parameter.default, scope)
            inner.shown[parameter.name] = self.build(parameter.default, inner)
        return self.build(function.value, inner)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, Fraction, Expr)) and not isinstance(value, bool)


def _axiswise(operation: Callable[[Any, Any], Tree], a: Shown, b: Shown) -> Shown:
    if isinstance(a, Word) or isinstance(b, Word):
        raise SymparamsError("a word is no part of a formula")
    return axiswise(operation, a, b)  # type: ignore[arg-type,return-value]


def _sum(a: Tree, b: Tree) -> Tree:
    return sum_of(((False, a), (False, b)))


def _difference(a: Tree, b: Tree) -> Tree:
    return sum_of(((False, a), (True, b)))


def _floored(a: Tree, b: Tree) -> Tree:
    if isinstance(a, Numeral) and isinstance(b, Numeral):
        return Numeral(a.value // b.value)
    return floor_of(quotient_of(a, b))


def _sides(padding: Shown, axes: Numeral) -> Shown:
    if isinstance(padding, Word):
        padding = ZERO
    each = padding if isinstance(padding, tuple) else (padding,) * axes.value
    if len(each) == 2 * axes.value and not any(isinstance(side, tuple) for side in each):
        each = tuple(zip(each[::2], each[1::2]))[::-1]
    pairs = [side if isinstance(side, tuple) else (side, side) for side in each]
    return tuple(before for before, _ in pairs), tuple(after for _, after in pairs)


def _each(operation: Callable[[Tree], Tree]) -> Callable[[Shown], Shown]:
    return lambda shown: _axiswise(lambda a, b: operation(b), ZERO, shown)


def _function(name: str) -> Callable[..., Shown]:
    def apply(*arguments: Shown) -> Shown:
        if len(arguments) == 1 and isinstance(arguments[0], tuple):
            arguments = arguments[0]
        result = arguments[0]
        for other in arguments[1:]:
            result = _axiswise(join, result, other)
        return result

    def join(a: Tree, b: Tree) -> Tree:
        before = a.arguments if isinstance(a, FunctionOf) and a.name == name else (a,)
        return a if b in before else FunctionOf(name, (*before, b))

    return apply


_PRODUCTS: Mapping[str, Callable[[Any, Any], Tree]] = {
    "*": lambda a, b: product_of((a, b)),
    "/": quotient_of,
    "//": _floored,
    "%": ModOf,
}
_BUILT_IN: Mapping[str, Callable[..., Shown]] = {
    "min": _function("min"),
    "max": _function("max"),
    "floor": _each(floor_of),
    "ceil": _each(lambda node: floor_of(node, ceiling=True)),
    "abs": _each(lambda node: FunctionOf("abs", (node,))),
    "sqrt": _each(lambda node: FunctionOf("sqrt", (node,))),
    "log2": _each(lambda node: FunctionOf("log2", (node,))),
    "sum": lambda shown: sum_of((False, part) for part in shown),
    "prod": product_of,
    "sides": _sides,
    "flat": lambda *shown: tuple(leaves(shown)),
}
_STATEMENTS: Mapping[type[syntax.Node], Callable[[_Reader, Any], None]] = {
    syntax.Let: _Reader.let,
    syntax.Weight: _Reader.weight,
    syntax.Output: _Reader.output,
    syntax.Macs: _Reader.macs,
    syntax.RuleLoop: _Reader.loop,
    syntax.RuleBranch: _Reader.branch,
}
_EXPRESSIONS: Mapping[type[syntax.Node], Callable[[_Reader, Any, _Frame], Shown | None]] = {
    syntax.Name: _Reader.name,
    syntax.Tuple: _Reader.tuple_,
    syntax.List: _Reader.tuple_,
    syntax.Addition: _Reader.addition,
    syntax.Multiplication: _Reader.multiplication,
    syntax.Sign: _Reader.sign,
    syntax.Exponent: _Reader.exponent,
    syntax.Conditional: _Reader.conditional,
    syntax.Index: _Reader.index,
    syntax.Apply: _Reader.apply,
}
