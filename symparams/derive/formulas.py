"""A rule carried out on values that know their formulas: those of the layer, in textbook symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..core.trace import Origin
from ..evaluate.axes import Shape, Value
from ..evaluate.domain import is_number
from ..evaluate.expressions import Scope, items
from ..evaluate.formula_domain import WrittenShape, formula_of, plain, written
from ..evaluate.patterns import channels_to_front
from ..evaluate.rules import Application
from ..formula.textbook_order import tree
from ..formula.tree import Identifier, Numeral, Order, Tree, product_of
from ..language import ir, syntax
from ..language.layouts import puts_channels_first
from . import textbook_names as textbook
from .rule_formulas import Formulas, Term


def formulas_of(origin: Origin, order: Order) -> Formulas:
    """The formulas of the layer that comes from there."""
    rule, applied = origin.rule, origin.applied
    assert rule is not None and applied is not None and isinstance(origin.item, ir.LayerCall)
    bound, outer = applied.scope.names, applied.scope.parent
    assert outer is not None
    arguments = {parameter.name: _in_order(bound[parameter.name], order) for parameter in rule.parameters}
    memories = {name: shape for (name, _), shape in zip(origin.item.memories, origin.inputs[1:])}
    around = Scope({name: _in_order(value, order) for name, value in outer.names.items()}, outer)
    taught = _Taught.of(rule, arguments, origin.inputs[0], memories, around, str(bound["layout"]))
    return taught.formulas()


def _in_order(value: Value, order: Order) -> Value:
    """The value, with its symbols in the program's order where it is symbolic."""
    if isinstance(value, tuple):
        return tuple(_in_order(part, order) for part in value)
    return written(value, tree(value, order)) if is_number(value) else value


class _Taught(Application):
    """The statements of a rule, with its names as the symbols of a textbook."""

    MADE = (*Application.MADE, "taught")

    def __init__(self, rule: syntax.Rule, scope: Scope, shape: Shape, layout: str, given: dict[str, Value]):
        super().__init__(rule, scope, shape, layout, given)
        self.inflow = shape
        self.found = Formulas(rule.name)
        self.known = textbook.TEXTBOOK.get(rule.name, {})
        self.spatial = puts_channels_first(rule.pattern)
        self.taught: list[tuple[syntax.Weight, Tree]] = []
        axes = scope.names.get("*", 0)
        self.axes = axes if isinstance(axes, int) else 0
        for pattern in (rule.pattern, *(memory.pattern for memory in rule.memories)):
            if pattern:
                self.name_axes(pattern)

    def name_axes(self, pattern: syntax.Pattern) -> None:
        names = self.scope.names
        for place, axis in enumerate(pattern.axes):
            value = names[axis.name]
            if not axis.variadic:
                names[axis.name] = self.symbol(self.known.get(axis.name, axis.name), value)
                continue
            assert isinstance(value, tuple)
            alone = len(pattern.axes) == 1
            axes = len(value) + (0 if self.spatial else len(pattern.axes) - 1)
            letters = textbook.size_names(axes, self.spatial)[0 if self.spatial else place :]
            marked = [f"{letter}_in" if self.spatial or alone else letter for letter in letters]
            if axis.name != "S":
                marked = [f"{axis.name}_{i + 1}" for i in range(len(value))]
            names[axis.name] = tuple(map(self.symbol, marked, value))

    def bind(self, parameter: syntax.Parameter) -> None:
        super().bind(parameter)
        value = self.scope.names[parameter.name]
        name = self.known.get(parameter.name, parameter.name)
        if is_number(value):
            self.scope.names[parameter.name] = self.argument(parameter, name, value)
        elif isinstance(value, tuple) and value and all(map(is_number, value)):
            each = [textbook.axis_name(name, i, len(value)) for i in range(len(value))]
            self.scope.names[parameter.name] = tuple(self.argument(parameter, n, v) for n, v in zip(each, value))

    def argument(self, parameter: syntax.Parameter, name: str, value: Any) -> Any:
        symbol = self.symbol(name, value)
        self.note_neutral(symbol, parameter.name)
        return symbol

    def note_neutral(self, symbol: Any, name: str) -> None:
        if symbol == textbook.neutral(self.rule.name, name):
            self.found.neutral[symbol.formula] = Numeral(int(symbol))

    def symbol(self, name: str, value: Any) -> Any:
        """The value, written as a symbol; as one of its own for each axis where it is spread over them."""
        axes = [textbook.axis_name(name, i, self.axes) for i in range(self.axes)]
        value = plain(value)
        self.found.values |= dict.fromkeys(axes, value) | {name: value}
        return written(value, Identifier(name, True), tuple(written(value, Identifier(a, True)) for a in axes))

    def why(self, statement: syntax.Why) -> None:
        super().why(statement)
        self.found.reasons[statement.figure] = statement.text

    def let(self, statement: syntax.Let) -> None:
        super().let(statement)
        value = self.scope.names[statement.name]
        name = self.known.get(statement.name)
        if name and is_number(value) and name not in self.found.values:
            self.found.definitions[name] = formula_of(value)
            self.scope.names[statement.name] = symbol = self.symbol(name, value)
            self.note_neutral(symbol, statement.name)

    def weight(self, statement: syntax.Weight) -> None:
        tensors = len(self.tensors)
        super().weight(statement)
        if len(self.tensors) == tensors:
            return
        elements = product_of(map(formula_of, items(_as_taught(statement.shape), self.scope)))
        self.taught.append((statement, elements))
        if statement.name not in self.arguments:
            self.scope.names[statement.name] = WrittenShape(self.tensors[-1].shape, elements)

    # What is found

    def formulas(self) -> Formulas:
        found = self.found
        for (statement, node), tensor in zip(self.taught, self.tensors, strict=True):
            found.terms.append(
                Term(statement.name, statement.kind, product_of((formula_of(tensor.times), node)), statement.label)
            )
        found.work = list(map(formula_of, self.work))
        found.sizes = list(self.sizes_out())
        return found

    def sizes_out(self) -> Iterator[tuple[Identifier, Tree]]:
        if self.output is self.inflow:
            return
        sizes = channels_to_front(self.output) if self.flips and len(self.output) > 1 else self.output
        for letter, size in zip(self.letters_out(len(sizes)), sizes):
            yield Identifier(f"{letter}_out", True), formula_of(size)

    def letters_out(self, axes: int) -> tuple[str, ...]:
        if self.spatial and axes > 1:
            return "C", *textbook.size_names(axes - 1, True)
        return textbook.size_names(axes, False)


def _as_taught(shape: Sequence[syntax.Node]) -> list[syntax.Node]:
    """A weight's sizes as a teacher names them: the kernel's sizes, what comes in, what goes out."""
    spread = [node for node in shape if isinstance(node, syntax.Splat)]
    others = [node for node in shape if not isinstance(node, syntax.Splat)]
    if len(others) > 1 and isinstance(others[0], syntax.Name) and others[0].name == "out":
        others = [*others[1:], others[0]]
    return spread + others
