"""A layer's rule applied to what flows in: its tensors, its output, its work and its conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from .. import syntax
from ..algebra.conditions import Condition, all_of, compare, conjuncts, is_whole, never_negative
from ..algebra.division import absorbed
from ..algebra.polynomial import Quantity, numerator_and_denominator
from ..errors import SymparamsError, listing
from ..notation import text
from ..syntax import Node
from ..unparse import unparse
from .expressions import Interval, Scope, Value, as_quantity, decide, describe, evaluate, items, quantity, truth
from .model import Guard, Shape, Tensor

CHANNELS_FIRST, CHANNELS_LAST = "channels_first", "channels_last"


class Applied(NamedTuple):
    """What a rule says of one application."""

    output: Shape
    tensors: tuple[Tensor, ...]
    macs: Quantity
    guards: tuple[Guard, ...]


def apply_rule(
    rule: syntax.Rule,
    arguments: dict[str, Value],
    shape: Shape,
    memories: dict[str, Shape],
    outer: Scope,
    layout: str,
) -> Applied:
    """Apply a rule to the shape of the flow. Raises SymparamsError where the rule does not allow it."""
    scope = Scope({}, outer)
    bind_pattern(rule.pattern, shape, scope, f"the layer {rule.name!r}", layout)
    for memory in rule.memories:
        bind_pattern(
            memory.pattern, memories.get(memory.name, shape), scope, f"{memory.name!r} of {rule.name!r}", layout
        )
    for parameter in rule.parameters:
        if parameter.name in arguments:
            scope.names[parameter.name] = arguments[parameter.name]
        elif parameter.variadic:
            scope.names[parameter.name] = ()
        else:
            assert parameter.default is not None
            scope.names[parameter.name] = evaluate(parameter.default, scope)
    application = _Application(rule, scope, shape, layout)
    application.run(rule.section)
    return application.result()


def bind_pattern(pattern: syntax.Pattern | None, shape: Shape, scope: Scope, what: str, layout: str) -> None:
    """Give the names of a pattern the sizes of a shape, with the channels where the pattern expects them."""
    if pattern is None:
        return
    axes = pattern.axes
    stars = [i for i, axis in enumerate(axes) if axis.variadic]
    fits = len(shape) >= len(axes) - 1 if stars else len(shape) == len(axes)
    if len(stars) > 1 or not fits:
        names = ", ".join(("*" if a.variadic else "") + a.name for a in axes)
        raise SymparamsError(f"{what} takes an input of the form ({names}), but gets {text.shape(shape)}")
    sizes = channels_to_front(shape) if layout == CHANNELS_LAST and puts_channels_first(pattern) else shape
    start = stars[0] if stars else len(axes)
    extra = len(shape) - len(axes) + 1
    for i, axis in enumerate(axes):
        if axis.variadic:
            scope.names[axis.name] = tuple(sizes[start : start + extra])
            scope.names["*"] = extra
        else:
            scope.names[axis.name] = sizes[i] if i < start else sizes[i + extra - 1]


def puts_channels_first(pattern: syntax.Pattern | None) -> bool:
    """Whether a pattern begins with the channels: (C, *S), three axes or more, or a first name with C."""
    axes = pattern.axes if pattern else ()
    if not axes or axes[0].variadic:
        return False
    return any(a.variadic for a in axes) or len(axes) > 2 or axes[0].name[0] in "Cc"


def channels_to_front(shape: Shape) -> Shape:
    return (*shape[-1:], *shape[:-1])


def channels_to_back(shape: Shape) -> Shape:
    return (*shape[1:], *shape[:1])


class _Application:
    """The statements of a rule, carried out one after the other."""

    def __init__(self, rule: syntax.Rule, scope: Scope, shape: Shape, layout: str):
        self.rule = rule
        self.scope = scope
        self.flips = layout == CHANNELS_LAST and puts_channels_first(rule.pattern)
        self.arguments = {parameter.name for parameter in rule.parameters}
        self.output: Shape = shape
        self.tensors: list[Tensor] = []
        self.macs: Quantity = 0
        self.guards: list[Guard] = []

    def run(self, section: syntax.Section) -> None:
        for statement in section.statements:
            _STATEMENTS[type(statement)](self, statement)

    def result(self) -> Applied:
        return Applied(self.output, tuple(self.tensors), self.macs, tuple(dict.fromkeys(self.guards)))

    def ignore(self, statement: Node) -> None:
        pass

    def let(self, statement: syntax.Let) -> None:
        self.scope.names[statement.name] = evaluate(statement.value, self.scope)

    def require(self, statement: syntax.Require) -> None:
        for part in _parts(statement.condition):
            condition = truth(part, self.scope)
            if condition is False:
                raise self.refusal(part, statement.message)
            self.guard(condition)

    def refusal(self, part: Node, message: str | None) -> SymparamsError:
        """The error for a condition that is not met: in words, with the values in it, and as the rule has it."""
        values = ", ".join(f"{name} = {shown(self.scope.names[name])}" for name in self.names_in(part))
        requirement = unparse(part)
        if message is None:
            return SymparamsError(f"{self.rule.name}: it requires {requirement}, but {values}")
        return SymparamsError(f"{self.rule.name}: {message}, but {values}", None, f"it requires {requirement}")

    def names_in(self, node: Node) -> list[str]:
        found: dict[str, None] = {}
        pending = [node]
        while pending:
            current = pending.pop()
            if isinstance(current, syntax.Name) and current.name in self.scope.names:
                found.setdefault(current.name)
            pending += reversed(list(current.children()))
        return list(found)

    def guard(self, condition: Condition) -> None:
        self.guards += [Guard(part, self.rule.name) for part in conjuncts(condition) if part is not True]

    def weight(self, statement: syntax.Weight) -> None:
        if statement.condition and not decide(truth(statement.condition, self.scope), statement.condition.span):
            return
        shape = self.sizes(items(statement.shape, self.scope), statement.name)
        name = statement.name
        if statement.index:
            name = f"{name}{shown(evaluate(statement.index, self.scope))}"
        self.tensors.append(Tensor(name, shape, statement.kind, statement.kind == "weight"))
        if statement.name not in self.arguments:
            self.scope.names[statement.name] = shape

    def set_output(self, statement: syntax.Output) -> None:
        value = evaluate(statement.shape, self.scope)
        if not isinstance(value, tuple):
            raise SymparamsError(f"an output is a tuple of sizes, not {describe(value)}", statement.span)
        sizes = self.sizes(value, "the output")
        self.output = channels_to_back(sizes) if self.flips and len(sizes) > 1 else sizes

    def set_macs(self, statement: syntax.Macs) -> None:
        self.macs = self.macs + quantity(statement.count, self.scope)

    def sizes(self, values: Sequence[Value], what: str) -> Shape:
        """The values as sizes: whole and at least 1."""
        shape = tuple(absorbed(as_quantity(value)) for value in values)
        for size in shape:
            whole = is_whole(size)
            quotient_is_positive = not isinstance(whole, bool) and never_negative(
                numerator_and_denominator(size)[0] - 1
            )
            fits = whole if quotient_is_positive else all_of((whole, compare(">=", size, 1)))
            if fits is False:
                fault = "is not a whole number" if is_whole(size) is False else "is not positive"
                inputs = listing(f"{n} = {shown(v)}" for n, v in self.scope.names.items() if n != "*" and _plain(v))
                raise SymparamsError(f"{self.rule.name}: a size of {what} {fault}: {text.inline(size)}", None, inputs)
            self.guard(fits)
        return shape

    def loop(self, statement: syntax.RuleLoop) -> None:
        for values in turns(statement.targets, statement.values, self.scope):
            self.scope.names.update(zip(statement.targets, values))
            self.run(statement.section)

    def branch(self, statement: syntax.RuleBranch) -> None:
        if decide(truth(statement.condition, self.scope), statement.condition.span):
            self.run(statement.then)
        elif isinstance(statement.otherwise, syntax.RuleBranch):
            self.branch(statement.otherwise)
        elif statement.otherwise:
            self.run(statement.otherwise)


_STATEMENTS: dict[type[Node], Callable[[_Application, Any], None]] = {
    syntax.Doc: _Application.ignore,
    syntax.Also: _Application.ignore,
    syntax.Let: _Application.let,
    syntax.Require: _Application.require,
    syntax.Weight: _Application.weight,
    syntax.Output: _Application.set_output,
    syntax.Macs: _Application.set_macs,
    syntax.RuleLoop: _Application.loop,
    syntax.RuleBranch: _Application.branch,
}


def turns(targets: tuple[str, ...], values: Node, scope: Scope) -> Iterator[tuple[Value, ...]]:
    """The values of a loop's names, turn by turn. Raises SymparamsError where they are not known or do not fit."""
    value = evaluate(values, scope)
    if isinstance(value, Interval):
        start, stop = value.start, value.stop
        if not isinstance(start, int) or not isinstance(stop, int):
            raise SymparamsError("the ends of this range must be whole numbers", values.span)
        value = range(start, stop)  # type: ignore[assignment]
    elif not isinstance(value, tuple):
        raise SymparamsError(f"a loop goes over a range or a list, not {describe(value)}", values.span)
    for item in value:
        parts = item if isinstance(item, tuple) and len(targets) > 1 else (item,)
        if len(parts) != len(targets):
            raise SymparamsError(f"{listing(targets)} need {len(targets)} values, not {len(parts)}", values.span)
        yield parts


def _parts(condition: Node) -> Iterable[Node]:
    return condition.items if isinstance(condition, syntax.And) else (condition,)


def _plain(value: Value) -> bool:
    return not isinstance(value, (str, bool))


def shown(value: Value) -> str:
    """A value as the user would write it."""
    if isinstance(value, (bool, str)):
        return describe(value).removeprefix("the word ").strip("'")
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    return text.inline(as_quantity(value))
