"""Statements to IR: calls linked to what they name, arguments bound, names that nothing binds noted as symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Union

from ..errors import Source, Span, SymparamsError, did_you_mean
from . import ir, syntax
from .calls import Binding
from .chosen_spellings import chosen_spellings
from .dialects import DEFAULT, DIALECTS
from .framework_calls import names_called
from .framework_stages import SpelledCalls
from .kinds import KINDS
from .layouts import CHANNELS_FIRST, puts_channels_first, with_layouts
from .library import Library
from .parameters import name_in, names_in_tuples
from .statements import Statements, check_dialect
from .structure import STRUCTURE
from .syntax import Node
from .unparse import unparse

WORDS = frozenset(["same", "valid", "causal", "auto", "channels_first", "channels_last", *DIALECTS])
BUILT_IN = frozenset(
    """
    min max floor ceil round abs sqrt log2 len sum prod
    rearrange rearranges reshape reshapes einsum einsums sides flat surely
    """.split()  # noqa: SIM905
)


Made = Union[Node, "tuple[Node, ...]"]


def elaborate(
    source: Source, library: Library, dialect: str | None = None, statements: Sequence[Node] | None = None
) -> tuple[ir.Program, list[SymparamsError]]:
    """The program's IR, and warnings. A dialect that is given overrides the program's. Raises SymparamsError.

    `statements` are those of the source where they are known.
    """
    if dialect is not None:
        check_dialect(dialect)
    elaborator = _Elaborator(library, Statements(source, statements))
    return elaborator.program(dialect), elaborator.warnings


def sounds_like_padding(name: str) -> bool:
    return name == "p" or name.startswith(("p_", "pad"))


class _Elaborator:
    def __init__(self, library: Library, given: Statements):
        self.library = library
        self.given = given
        self.parameters = {p.name for p in given.net.parameters} if given.net else set()
        self.warnings: list[SymparamsError] = []
        self.free: dict[str, Span] = {}
        self.paddings: set[str] = set()
        self.bound: set[str] = set()
        self.labels: set[str] = set()

    def program(self, dialect: str | None) -> ir.Program:
        given = self.given
        parameters = given.net.parameters if given.net else ()
        called = names_called([*given.stages, *given.definitions.values()])
        self.spelled = SpelledCalls(self, called, dialect or given.dialect)
        lets = [s.name for s in given.stages if isinstance(s, syntax.Let)]
        scope = frozenset(["dialect", *lets, *(p.name for p in parameters)])
        self.note_names_in_defaults(parameters, scope)
        self.paddings |= {name for name in self.parameters if sounds_like_padding(name)}
        body = self.body(given.stages, scope)
        definitions = tuple(self.definition(d, scope) for d in given.definitions.values())
        body = with_layouts(body, {definition.name: definition for definition in definitions}, self.layout_of)
        outputs = tuple(self.output_name(output, scope) for output in given.outputs)
        for function in given.functions.values():
            self.note_names_in_defaults(function.parameters, scope)
            self.note_names(function.value, scope | {p.name for p in function.parameters})
        for rule in given.rules.values():
            self.rule_names(rule, scope)
        if given.net:
            self.warn_of_likely_typos()
        chosen_spellings(given.spellings, [*self.parameters, *self.free])
        return ir.Program(
            given.net.name if given.net else None,
            parameters,
            dialect or given.dialect or DEFAULT,
            tuple(given.functions.values()),
            tuple(given.rules.values()),
            definitions,
            body,
            outputs,
            tuple(given.spellings),
            frozenset(self.free),
            frozenset(self.paddings),
            tuple(given.shown.items()),
        )

    def layout_of(self, layer: ir.LayerCall) -> str | None:
        """Where the channels of images are for a layer; None for one that has no images, or any."""
        if layer.spelled:
            return layer.spelled.layout
        rule = self.given.rules.get(layer.rule) or self.library.rule(layer.rule)
        return CHANNELS_FIRST if puts_channels_first(rule.pattern) else None

    def definition(self, definition: syntax.Definition, scope: frozenset[str]) -> syntax.Definition:
        inside = scope | {p.name for p in definition.parameters} | _sizes(definition)
        self.note_names_in_defaults(definition.parameters, inside)
        with self.labels_inside(definition):
            body = self.body(definition.body.items, inside)
        head = (definition.name, definition.parameters, definition.pattern, definition.memories)
        return syntax.Definition(*head, syntax.Body(body), span=definition.span)

    def rule_names(self, rule: syntax.Rule, scope: frozenset[str]) -> None:
        """Note the names that a rule of the user's takes from around it."""
        inside = scope | {p.name for p in rule.parameters} | {m.name for m in rule.memories} | _sizes(rule) | {"tied"}
        self.note_names_in_defaults(rule.parameters, inside)
        with self.labels_inside(rule):
            self.note_names(rule.section, inside | rule.section.binds.keys())

    @contextmanager
    def labels_inside(self, definition: syntax.Definition | syntax.Rule) -> Iterator[None]:
        """Inside a block or a layer its second inputs are outputs too, and so is what it labels itself."""
        outside = self.labels
        self.labels = outside | {memory.name for memory in definition.memories}
        yield
        self.labels = outside

    # Names

    def note_names_in_defaults(self, parameters: Sequence[syntax.Parameter], scope: frozenset[str]) -> None:
        inside = scope | {p.name for p in parameters}
        for parameter in parameters:
            if parameter.default is not None:
                self.note_names(parameter.default, inside)

    def note_names(self, node: Node, scope: frozenset[str], reference: str | None = None) -> None:
        """Note the unbound names in an expression: they are symbols of the program.

        `reference` is the argument by which the layer that the expression is given to takes an output.
        """
        self.bound |= scope
        for current in node.walk():
            if isinstance(current, syntax.Name) and current.name not in scope and current.name not in WORDS:
                self.check_word(current)
                self.check_is_no_output(current, reference if current is node else None)
                self.free.setdefault(current.name, current.span)
                if sounds_like_padding(current.name):
                    self.paddings.add(current.name)
            elif isinstance(current, syntax.Apply):
                self.check_function(current)

    def check_word(self, name: syntax.Name) -> None:
        """Refuse a word of the language in other letters, such as Same or False, where it would pass for a symbol."""
        meant = name.name.lower()
        if meant in WORDS or meant in ("true", "false", "none"):
            hint = "leave the argument out" if meant == "none" else f"write {meant!r}"
            raise SymparamsError(f"{name.name!r} is no symbol", name.span, hint)

    def check_is_no_output(self, name: syntax.Name, reference: str | None) -> None:
        if name.name in self.labels:
            takers = f"from {name.name}, add({name.name}) or concat({name.name})"
            hint = f"write {reference}={name.name}" if reference else f"an output is taken up by {takers}"
            raise SymparamsError(f"{name.name!r} is the name of an output, not a number", name.span, hint)

    def check_function(self, call: syntax.Apply) -> None:
        known = (BUILT_IN, self.given.functions, self.library.functions)
        if not any(call.function in functions for functions in known):
            layers = {*self.given.definitions, *self.given.rules, *self.library.names}
            hint = did_you_mean(call.function, chain(*known))
            if call.function == "range":
                hint = "a range is written 0..3"
            if call.function in layers:
                hint = f"{call.function!r} is a layer; a layer stands on its own, not inside an expression"
            raise SymparamsError(f"there is no function {call.function!r}", call.span, hint)

    def warn_of_likely_typos(self) -> None:
        for name, span in self.free.items():
            others = [b for b in self.bound if b != "dialect" and len(name) > 2 and _one_edit_apart(name, b)]
            if others:
                hint = f"did you mean {sorted(others)[0]!r}?"
                self.warnings.append(SymparamsError(f"{name!r} is bound nowhere, so it is a symbol", span, hint))

    # Stages

    def body(self, items: Sequence[Node], scope: frozenset[str]) -> tuple[Node, ...]:
        lets: set[str] = set()
        for item in items:
            if isinstance(item, syntax.Let):
                if item.name in lets or item.name in self.parameters:
                    raise SymparamsError(f"{item.name!r} is bound already", item.span)
                lets.add(item.name)
        scope = scope | lets
        return tuple(chain.from_iterable(self.item(item, scope) for item in items))

    def item(self, item: Node, scope: frozenset[str]) -> tuple[Node, ...]:
        made = _ITEMS[type(item)](self, item, scope)
        return made if isinstance(made, tuple) else (made,)

    def let(self, item: syntax.Let, scope: frozenset[str]) -> Node:
        self.note_names(item.value, scope)
        return item

    def assume(self, item: syntax.Assume, scope: frozenset[str]) -> Node:
        self.note_names(item.condition, scope)
        return item

    def source(self, item: syntax.FromStatement, scope: frozenset[str]) -> Node:
        return ir.From(self.output_name(item.output, scope), span=item.span)

    def plain_call(self, item: syntax.Call, scope: frozenset[str]) -> Made:
        return self.call(item, None, item.span, scope)

    def loop(self, item: syntax.LoopStatement, scope: frozenset[str]) -> Node:
        self.note_names(item.values, scope)
        _check_targets(item)
        body = self.body(item.body.items, scope | set(item.targets))
        return ir.Loop(item.targets, item.values, body, span=item.span)

    def labelled(self, item: syntax.Labelled, scope: frozenset[str]) -> Made:
        label = item.label.name if isinstance(item.label, syntax.Name) else None
        self.labels.add(name_in(item.label) or "")
        if isinstance(item.stage, syntax.Body):
            stage: Node = ir.Group(label, self.body(item.stage.items, scope), span=item.span)
        else:
            made = self.call(item.stage, label, item.span, scope)
            stage, *rest = made if isinstance(made, tuple) else (made,)
            if label or not stage:
                return made
            return ir.Numbered(self.output_name(item.label, scope), stage, span=item.span), *rest
        return stage if label else ir.Numbered(self.output_name(item.label, scope), stage, span=item.span)

    def output_name(self, name: Node, scope: frozenset[str]) -> Node:
        """The name of an output, with the names in its indices noted."""
        inner = name
        while isinstance(inner, syntax.Index):
            self.note_names(inner.index, scope)
            inner = inner.value
        return name

    def branch(self, item: syntax.BranchStatement, scope: frozenset[str]) -> Node:
        self.note_names(item.condition, scope)
        otherwise: tuple[Node, ...] = ()
        if isinstance(item.otherwise, syntax.BranchStatement):
            otherwise = (self.branch(item.otherwise, scope),)
        elif item.otherwise:
            otherwise = self.body(item.otherwise.items, scope)
        return ir.Branch(item.condition, self.body(item.then.items, scope), otherwise, span=item.span)

    def call(self, call: syntax.Call, label: str | None, span: Span, scope: frozenset[str]) -> Made:
        resolve = STRUCTURE.get(call.name)
        if resolve:
            return resolve(self, call, label, span, scope)
        if call.bodies:
            raise SymparamsError(f"{call.name!r} takes no {{ }}", call.bodies[0].span or span)
        if call.name in self.given.definitions:
            definition = self.given.definitions[call.name]
            binding = self.bind(call, definition.parameters, [m.name for m in definition.memories], scope)
            memories = binding.memories(definition.memories)
            missing = [memory.name for memory in definition.memories if memory.name not in binding.named]
            if missing:
                given = [*map(unparse, call.arguments), *(f"{name}=NAME" for name in missing)]
                hint = f"{call.name}({', '.join(given)}) with the name of an output"
                raise SymparamsError(f"{call.name!r} needs its input {missing[0]!r}", call.span, hint)
            return ir.Block(label, call.name, binding.bound, memories, span=span)
        if call.name in self.given.rules or call.name in self.given.aliases:
            return self.layer(call, label, span, scope)
        return self.spelled.stages(call, label, span, scope)

    # Calls in the language's own words

    def layer(self, call: syntax.Call, label: str | None, span: Span, scope: frozenset[str]) -> Node:
        name = self.given.aliases.get(call.name, call.name)
        rule = self.given.rules.get(name)
        if rule is None:
            known = self.library.names.get(call.name)
            if known is None:
                raise self.unknown(call)
            rule = self.library.rule(known)
        binding = self.bind(call, rule.parameters, [*(m.name for m in rule.memories), "tied"], scope)
        tied = binding.named.get("tied")
        memories = binding.memories(rule.memories)
        return ir.LayerCall(label, rule.name, binding.bound, memories, tied, None, span=span)

    def unknown(self, call: syntax.Call) -> SymparamsError:
        known = {*STRUCTURE, *self.given.definitions, *self.given.rules, *self.given.aliases, *self.library.names}
        hint = did_you_mean(call.name, known) or "'symparams layers' lists the layers"
        if call.name in self.given.functions:
            hint = f"{call.name!r} is a function, which gives a value; a block is defined by 'def'"
        end = call.span.start + len(call.name)
        return SymparamsError(f"there is no layer or block {call.name!r}", _cut(call.span, end), hint)

    def bind(
        self,
        call: syntax.Call,
        parameters: Sequence[syntax.Parameter],
        references: Sequence[str],
        scope: frozenset[str],
    ) -> Binding:
        binding = Binding(call, parameters, references, self.library.words_for)
        reference = next((name for name in references if name != "tied"), None)
        for value in binding.given.values():
            self.note_names(value, scope, reference)
        for output in binding.named.values():
            self.output_name(output, scope)
        self.note_paddings(binding.given, parameters, scope)
        return binding

    def note_paddings(
        self, given: dict[str, Node], parameters: Sequence[syntax.Parameter], scope: frozenset[str]
    ) -> None:
        """A name given as an argument may be 0 where the kind of the argument has 0 in it, or the default is 0."""
        for parameter in parameters:
            kind = KINDS.get(parameter.kind or self.library.kinds.get(parameter.name, ""))
            nothing = isinstance(parameter.default, syntax.Number) and parameter.default.value == 0
            if nothing or (kind and kind.counts_from_zero):
                names = {name.name for name in names_in_tuples(given.get(parameter.name))}
                self.paddings |= names - (scope - self.parameters) - WORDS


_ITEMS: dict[type[Node], Callable[[_Elaborator, Any, frozenset[str]], Made]] = {
    syntax.Labelled: _Elaborator.labelled,
    syntax.Call: _Elaborator.plain_call,
    syntax.BranchStatement: _Elaborator.branch,
    syntax.LoopStatement: _Elaborator.loop,
    syntax.Let: _Elaborator.let,
    syntax.Assume: _Elaborator.assume,
    syntax.FromStatement: _Elaborator.source,
}


def _sizes(definition: syntax.Definition | syntax.Rule) -> set[str]:
    """The names that the patterns of a block or a layer give to sizes."""
    patterns = (definition.pattern, *(memory.pattern for memory in definition.memories))
    return {axis.name for pattern in patterns if pattern for axis in pattern.axes}


def _check_targets(loop: syntax.LoopStatement) -> None:
    if len(set(loop.targets)) < len(loop.targets):
        raise SymparamsError("the names of a loop must differ", loop.span)


def _cut(span: Span, end: int) -> Span:
    return Span(span.source, span.start, min(end, span.end))


def _one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter inserted, left out, changed or swapped with its neighbour turns one word into the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    if len(a) > len(b):
        a, b = b, a
    start = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), len(a))
    if len(a) < len(b):
        return a[start:] == b[start + 1 :]
    swapped = a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
    return a[start + 1 :] == b[start + 1 :] or swapped
