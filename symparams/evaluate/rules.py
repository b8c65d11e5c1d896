"""A layer's rule applied to what flows in: its tensors, its output, its work and its conditions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, NamedTuple

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity, Symbol
from ..closed_forms.sums import NoClosedForm
from ..errors import LimitError, SymparamsError, did_you_mean, listing
from ..formula import text
from ..language import syntax
from ..language.kinds import FROM_ZERO, KINDS, POSITIVE, WHOLE
from ..language.layouts import CHANNELS_LAST, puts_channels_first
from ..language.parameters import names_in
from ..language.syntax import Node
from ..language.unparse import unparse
from .axes import Interval, Value, as_quantity, describe
from .domain import (
    absorbed,
    all_of,
    closed_sum,
    conjuncts,
    for_every_turn,
    is_number,
    is_symbolic,
    is_whole,
    multiply,
    substitute,
    symbols_of,
    total,
)
from .expressions import Scope, evaluate, holds, items, quantity, truth
from .figures import FIGURES
from .fitting import belongs, of_kind, parts
from .model import Guard, Shape, Tensor
from .open_loops import OpenLoop, open_loops
from .patterns import bind_pattern, channels_to_back

if TYPE_CHECKING:
    from typing_extensions import Self


class Applied(NamedTuple):
    """What a rule says of one application."""

    output: Shape
    tensors: tuple[Tensor, ...]
    macs: Quantity
    idle: Quantity
    cached: Quantity
    guards: tuple[Guard, ...]
    builds: dict[str, syntax.Build]
    scope: Scope
    loops: dict[int, OpenLoop]
    fields: tuple[syntax.Field, ...]
    flips: bool  # whether the channels stand last, though the rule writes them first


class Refusal(SymparamsError):
    """A condition of a rule that is not met; `names` are those in it."""

    def __init__(self, message: str, names: Sequence[str], hint: str | None):
        super().__init__(message, None, hint)
        self.names = names


class Application:
    """The statements of a rule, carried out one after the other; `given` are the arguments that the call gives."""

    # The lists that grow with the statements.
    MADE: tuple[str, ...] = ("tensors", "work", "idle", "cached", "guards", "open")

    @classmethod
    def of(
        cls,
        rule: syntax.Rule,
        arguments: dict[str, Value],
        shape: Shape,
        memories: dict[str, Shape],
        outer: Scope,
        layout: str,
    ) -> Self:
        """A rule applied to the shape of the flow. Raises SymparamsError where the rule does not allow it.

        The name of a further input stands for whether the call names an output for it, which is the flow where it
        does not.
        """
        with outer.work.premises.apart() as premises:
            scope = Scope({"layout": layout}, outer)
            scope.later = dict(rule.section.binds)
            same = bind_pattern(rule.pattern, shape, scope, f"the layer {rule.name!r}", layout)
            source = shape
            for memory in rule.memories:
                source = memories.get(memory.name, source)
                scope.names[memory.name] = memory.name in memories
                same += bind_pattern(memory.pattern, source, scope, f"{memory.name!r} of {rule.name!r}", layout)
            application = cls(rule, scope, shape, layout, arguments)
            application.guard(all_of(same))
            for parameter in rule.parameters:
                application.bind(parameter)
            application.run(rule.section)
            application.guard(all_of(premises.taken()))
        return application

    def __init__(self, rule: syntax.Rule, scope: Scope, shape: Shape, layout: str, given: dict[str, Value]):
        self.given = given
        self.rule = rule
        self.scope = scope
        self.flips = layout == CHANNELS_LAST and puts_channels_first(rule.pattern)
        self.arguments = {parameter.name for parameter in rule.parameters}
        self.output: Shape = shape
        self.tensors: list[Tensor] = []
        self.work: list[Quantity] = []
        self.idle: list[Quantity] = []
        self.cached: list[Quantity] = []
        self.guards: list[Guard] = []
        self.open: list[Symbol] = []
        self.loops: dict[int, OpenLoop] = {}
        self.builds: dict[str, syntax.Build] = {}
        self.fields: list[syntax.Field] = []

    def bind(self, parameter: syntax.Parameter) -> None:
        """Give a parameter its argument or its default, and see that it is of the parameter's kind."""
        name = parameter.name
        if name in self.given:
            value = self.given[name]
        elif parameter.variadic:
            value = ()
        else:
            assert parameter.default is not None
            value = evaluate(parameter.default, self.scope)
        self.scope.names[name] = value
        if parameter.kind:
            self.check_kind(parameter, value)

    def check_kind(self, parameter: syntax.Parameter, value: Value) -> None:
        kind = KINDS[parameter.kind or ""]
        if isinstance(value, str) and (value in kind.words or parameter.default == syntax.Name(value)):
            return
        for part in parts(value) if kind.each_axis or parameter.variadic else (value,):
            if isinstance(part, str) and part in kind.words:
                continue
            condition = of_kind(part, kind)
            if condition is False:
                fault = f"{self.rule.name}: {kind.says(parameter.name)}, not {shown(part)}"
                quoted = kind.values is str and shown(part).isidentifier()
                raise Refusal(fault, [parameter.name], f'write "{shown(part)}" in quotes' if quoted else None)
            self.guard(condition)

    def run(self, section: syntax.Section) -> None:
        for statement in section.statements:
            self.scope.work.spend(statement.span)
            getattr(self, _STATEMENTS[type(statement)])(statement)

    def result(self) -> Applied:
        guards = tuple(dict.fromkeys(self.guards))
        sums = total(self.work), total(self.idle), total(self.cached)
        made = self.output, tuple(self.tensors), *sums, guards
        return Applied(*made, self.builds, self.scope, self.loops, tuple(self.fields), self.flips)

    def ignore(self, statement: Node) -> None:
        pass

    def why(self, statement: syntax.Why) -> None:
        if statement.figure not in FIGURES:
            hint = did_you_mean(statement.figure, FIGURES) or f"the figures are {listing(FIGURES)}"
            raise SymparamsError(f"there is no figure {statement.figure!r}", statement.span, hint)

    def let(self, statement: syntax.Let) -> None:
        self.scope.names[statement.name] = evaluate(statement.value, self.scope)

    def require(self, statement: syntax.Require) -> None:
        for part in _parts(statement.condition):
            condition = truth(part, self.scope)
            if condition is False:
                raise self.refusal(part, statement.message)
            self.guard(condition)

    def refusal(self, part: Node, message: str | None) -> SymparamsError:
        """The error for a condition that is not met: in words, and with the values in it."""
        names = self.names_in(part)
        values = ", ".join(f"{name} = {shown(self.scope.names[name])}" for name in names)
        requirement = unparse(part)
        said = f"{message}, but" if message else f"it requires {requirement}, but"
        return Refusal(f"{self.rule.name}: {said} {values}", names, f"it requires {requirement}" if message else None)

    def names_in(self, node: Node) -> list[str]:
        return list(dict.fromkeys(n.name for n in names_in(node) if n.name in self.scope.names))

    def guard(self, condition: Condition) -> None:
        if condition is not True:
            self.guards += [Guard(part, self.rule.name) for part in conjuncts(condition)]

    def weight(self, statement: syntax.Weight) -> None:
        if statement.condition and not self.scope.decide(
            truth(statement.condition, self.scope), statement.condition.span
        ):
            return
        shape = self.sizes(items(statement.shape, self.scope), statement.name)
        name = statement.name
        if statement.index:
            name = f"{name}{self.shown_index(evaluate(statement.index, self.scope))}"
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
        self.work.append(quantity(statement.count, self.scope))

    def set_idle(self, statement: syntax.Idle) -> None:
        self.idle.append(quantity(statement.count, self.scope))

    def set_cached(self, statement: syntax.Cache) -> None:
        self.cached.append(quantity(statement.count, self.scope))

    def sizes(self, values: Sequence[Value], what: str) -> Shape:
        """The values as sizes: whole and at least 1."""
        shape = tuple(absorbed(as_quantity(value)) for value in values)
        for size in shape:
            fits = belongs(size, POSITIVE)
            if fits is False:
                fault = "is not whole" if is_whole(size) is False else "is not positive"
                inputs = ", ".join(f"{n} = {shown(v)}" for n, v in self.scope.names.items() if _is_number(n, v))
                names = [name for name in self.scope.names if name in self.given]
                raise Refusal(f"{self.rule.name}: a size of {what} {fault}: {text.inline(size)}", names, inputs)
            self.guard(fits)
        return shape

    def build(self, statement: syntax.Build) -> None:
        self.builds[statement.target] = statement

    def field(self, statement: syntax.Field) -> None:
        self.fields.append(statement)

    def loop(self, statement: syntax.RuleLoop) -> None:
        ways = list(open_loops(statement, self.scope))
        if ways:
            self.open_loop(statement, ways)
            return
        for values in turns(statement.targets, statement.values, self.scope):
            self.scope.work.spend(statement.span)
            self.scope.names.update(zip(statement.targets, values))
            self.run(statement.section)

    def open_loop(self, statement: syntax.RuleLoop, ways: Sequence[OpenLoop]) -> None:
        """A loop with a symbolic number of turns, with as few of them apart as can be."""
        reason = ""
        for loop in ways:
            trial = self.trial()
            try:
                trial.turns_of(statement, loop)
            except LimitError:
                raise
            except (NoClosedForm, SymparamsError) as error:
                reason = reason or str(getattr(error, "message", error))
                continue
            self.loops[id(statement)] = loop
            self.scope.names, self.scope.later = trial.scope.names, trial.scope.later
            self.output = trial.output
            for made in self.MADE:
                setattr(self, made, getattr(trial, made))
            return
        fault = f"no closed form is known for a loop over {unparse(statement.values)}: {reason}"
        raise SymparamsError(fault, statement.values.span, "give the number of turns a value")

    def turns_of(self, statement: syntax.RuleLoop, loop: OpenLoop) -> None:
        """The turns of an open loop. Raises NoClosedForm where those that are left are not alike."""
        *first, general = loop.values()
        for value in first:
            self.turn(statement, value)
        self.guard(all_of((belongs(loop.start, WHOLE), belongs(loop.left, FROM_ZERO))))
        anew = self.set_anew(statement, general)
        self.forget(anew)
        tensors, guards = len(self.tensors), len(self.guards)
        sums = self.work, self.idle, self.cached
        before = [len(made) for made in sums]
        self.open.append(loop.number)
        self.turn(statement, general)
        self.open.pop()
        sizes = [*self.output, *(size for tensor in self.tensors[tensors:] for size in tensor.factors)]
        if any(loop.number in symbols_of(size) for size in sizes):
            raise NoClosedForm("its sizes change with every turn")
        alike = [t._replace(times=multiply(t.times, loop.left)) for t in self.tensors[tensors:]]
        held = [(c, g.layer) for g in self.guards[guards:] for c in for_every_turn(g.condition, loop.number, loop.left)]
        self.tensors[tensors:] = alike
        self.guards[guards:] = [Guard(condition, layer) for condition, layer in held if condition is not True]
        for made, start in zip(sums, before):
            made[start:] = [closed_sum(count, loop.number, loop.left) for count in made[start:]]
        self.forget(anew)

    def trial(self) -> Self:
        """The same application, to be carried on without a trace."""
        trial = copy(self)
        trial.scope = Scope(dict(self.scope.names), self.scope.parent)
        trial.scope.later = dict(self.scope.later)
        for made in self.MADE:
            setattr(trial, made, list(getattr(self, made)))
        return trial

    def turn(self, statement: syntax.RuleLoop, value: Quantity) -> None:
        self.scope.work.spend(statement.span)
        self.scope.names[statement.targets[0]] = value
        self.run(statement.section)

    def set_anew(self, statement: syntax.RuleLoop, value: Quantity) -> list[str]:
        """The names that a turn sets anew, as another than they were."""
        trial = self.trial()
        trial.turn(statement, value)
        return [name for name, set_to in trial.scope.names.items() if self.scope.names.get(name) != set_to]

    def forget(self, names: Iterable[str]) -> None:
        """Names that are another in each turn, so that none of the turns may read what the one before has set."""
        for name in names:
            self.scope.names.pop(name, None)
            self.scope.later[name] = f"let {name}"

    def shown_index(self, value: Value) -> str:
        """The number in a tensor's name; with dots where it is that of the first of several."""
        if is_symbolic(value) and not symbols_of(value).isdisjoint(self.open):
            return f"{shown(substitute(value, dict.fromkeys(self.open, 0)))}…"
        return shown(value)

    def branch(self, statement: syntax.RuleBranch) -> None:
        if holds(statement.condition, self.scope):
            self.run(statement.then)
        elif isinstance(statement.otherwise, syntax.RuleBranch):
            self.branch(statement.otherwise)
        elif statement.otherwise:
            self.run(statement.otherwise)


# The method that carries out each kind of statement.
_STATEMENTS: dict[type[Node], str] = {
    syntax.Doc: "ignore",
    syntax.Also: "ignore",
    syntax.Why: "why",
    syntax.Spelling: "ignore",
    syntax.Example: "ignore",
    syntax.Let: "let",
    syntax.Require: "require",
    syntax.Weight: "weight",
    syntax.Output: "set_output",
    syntax.Macs: "set_macs",
    syntax.Idle: "set_idle",
    syntax.Cache: "set_cached",
    syntax.Build: "build",
    syntax.Field: "field",
    syntax.RuleLoop: "loop",
    syntax.RuleBranch: "branch",
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


def _is_number(name: str, value: Value) -> bool:
    return name != "*" and not isinstance(value, (str, bool)) and value != ()


def shown(value: Value) -> str:
    """A value as the user would write it."""
    if is_number(value):
        return text.inline(as_quantity(value))
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))}{',' if len(value) == 1 else ''})"
    return describe(value).removeprefix("the word ").strip("'")
