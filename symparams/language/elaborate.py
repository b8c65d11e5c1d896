"""Syntax tree to IR: definitions collected, files brought in, calls linked to what they name, arguments bound."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from ..errors import Source, Span, SymparamsError, did_you_mean, listing
from . import ir, syntax
from .calls import Binding
from .chosen_spellings import chosen_spellings
from .dialects import DEFAULT, DIALECTS
from .kinds import KINDS
from .library import Library
from .parameters import check_parameters, name_in, names_in_tuples
from .parser import parse
from .program_files import folder_of, parse_unseen, place_below, read
from .structure import STRUCTURE, put_out
from .syntax import Node
from .unparse import unparse

WORDS = frozenset(["same", "valid", "causal", "auto", "channels_first", "channels_last", *DIALECTS])
BUILT_IN = frozenset(
    """
    min max floor ceil round abs sqrt log2 len sum prod
    rearrange rearranges reshape reshapes einsum einsums sides flat surely
    """.split()  # noqa: SIM905
)


def elaborate(source: Source, library: Library, dialect: str | None = None) -> tuple[ir.Program, list[SymparamsError]]:
    """The program's IR, and warnings. A dialect that is given overrides the program's. Raises SymparamsError."""
    elaborator = _Elaborator(library)
    if dialect is not None:
        check_dialect(dialect)
    elaborator.folder = folder_of(source)
    elaborator.used.add(os.path.realpath(source.name))
    elaborator.collect(parse(source), source)
    return elaborator.program(dialect), elaborator.warnings


def _sounds_like_padding(name: str) -> bool:
    return name == "p" or name.startswith(("p_", "pad"))


def check_dialect(name: str, span: Span | None = None) -> None:
    if name not in DIALECTS:
        hint = did_you_mean(name, DIALECTS) or f"the dialects are {listing(DIALECTS)}"
        raise SymparamsError(f"there is no dialect {name!r}", span, hint)


class _Elaborator:
    def __init__(self, library: Library):
        self.library = library
        self.net: syntax.Net | None = None
        self.dialect: str | None = None
        self.functions: dict[str, syntax.FunctionDefinition] = {}
        self.rules: dict[str, syntax.Rule] = {}
        self.aliases: dict[str, str] = {}
        self.definitions: dict[str, syntax.Definition] = {}
        self.spellings: list[syntax.LatexStatement] = []
        self.stages: list[Node] = []
        self.folder = ""
        self.outputs: tuple[Node, ...] = ()
        self.used: set[str] = set()
        self.parameters: set[str] = set()
        self.warnings: list[SymparamsError] = []
        self.free: dict[str, Span] = {}
        self.paddings: set[str] = set()
        self.bound: set[str] = set()
        self.labels: set[str] = set()

    # Statements at the top

    def collect(self, statements: Iterable[Node], source: Source, imported: bool = False) -> None:
        """Sort the statements of a file into definitions and stages; of an imported file, only definitions count."""
        for statement in statements:
            if isinstance(statement, syntax.Use):
                self.bring_in(statement, source)
            elif isinstance(statement, syntax.Definition):
                self.define(self.definitions, statement)
            elif isinstance(statement, syntax.Rule):
                self.define(self.rules, statement)
                names = (n for s in statement.section.statements if isinstance(s, syntax.Also) for n in s.names)
                self.aliases.update((name, statement.name) for name in names)
            elif isinstance(statement, syntax.FunctionDefinition):
                self.define(self.functions, statement)
            elif isinstance(statement, syntax.Words):
                raise SymparamsError("'words' belongs in the standard library", statement.span)
            elif isinstance(statement, syntax.Let) or not imported:
                self.top_statement(statement)

    def top_statement(self, statement: Node) -> None:
        if isinstance(statement, syntax.Net):
            if self.net:
                raise SymparamsError("a program has one 'net' line", statement.span)
            self.net = statement
            check_parameters(statement.parameters)
            self.parameters = {p.name for p in statement.parameters}
        elif isinstance(statement, syntax.DialectStatement):
            if self.dialect:
                raise SymparamsError("a program has one dialect", statement.span)
            check_dialect(statement.name, statement.span)
            self.dialect = statement.name
        elif isinstance(statement, syntax.LatexStatement):
            self.spellings.append(statement)
        elif self.outputs:
            hint = "what stands here goes before it, under a name that 'output' can tell"
            raise SymparamsError("nothing follows 'output', which ends the program", statement.span, hint)
        elif isinstance(statement, syntax.Call) and statement.name == "output":
            self.outputs = put_out(statement)
        else:
            self.stages.append(statement)

    def define(
        self, table: dict[str, Any], statement: syntax.Definition | syntax.Rule | syntax.FunctionDefinition
    ) -> None:
        if statement.name in STRUCTURE:
            raise SymparamsError(f"{statement.name!r} is a word of the language", statement.span)
        for other in (self.definitions, self.rules) if table is not self.functions else (self.functions,):
            if statement.name in other:
                raise SymparamsError(f"{statement.name!r} is defined twice", statement.span)
        memories = getattr(statement, "memories", ())
        check_parameters(statement.parameters, memories, of_layer=isinstance(statement, syntax.Rule))
        table[statement.name] = statement

    def bring_in(self, statement: syntax.Use, source: Source) -> None:
        path = os.path.join(os.path.dirname(source.name), statement.path)
        place = place_below(self.folder, path, statement.span)
        if place in self.used:
            return
        self.used.add(place)
        imported = read(path, statement.span, place)
        self.collect(parse_unseen(imported, statement.span), imported, imported=True)

    def program(self, dialect: str | None) -> ir.Program:
        parameters = self.net.parameters if self.net else ()
        lets = [s.name for s in self.stages if isinstance(s, syntax.Let)]
        scope = frozenset(["dialect", *lets, *(p.name for p in parameters)])
        self.note_names_in_defaults(parameters, scope)
        self.paddings |= {name for name in self.parameters if _sounds_like_padding(name)}
        body = self.body(self.stages, scope)
        outputs = tuple(self.output_name(output, scope) for output in self.outputs)
        definitions = tuple(self.definition(d, scope) for d in self.definitions.values())
        for function in self.functions.values():
            self.note_names_in_defaults(function.parameters, scope)
            self.note_names(function.value, scope | {p.name for p in function.parameters})
        for rule in self.rules.values():
            self.rule_names(rule, scope)
        if self.net:
            self.warn_of_likely_typos()
        chosen_spellings(self.spellings, [*self.parameters, *self.free])
        return ir.Program(
            self.net.name if self.net else None,
            parameters,
            dialect or self.dialect or DEFAULT,
            tuple(self.functions.values()),
            tuple(self.rules.values()),
            definitions,
            body,
            outputs,
            tuple(self.spellings),
            frozenset(self.free),
            frozenset(self.paddings),
        )

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
                if _sounds_like_padding(current.name):
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
        known = (BUILT_IN, self.functions, self.library.functions)
        if not any(call.function in functions for functions in known):
            layers = {*self.definitions, *self.rules, *self.library.names}
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
        return tuple(self.item(item, scope) for item in items)

    def item(self, item: Node, scope: frozenset[str]) -> Node:
        if isinstance(item, syntax.Labelled):
            return self.labelled(item, scope)
        if isinstance(item, syntax.Call):
            return self.call(item, None, item.span, scope)
        if isinstance(item, syntax.BranchStatement):
            return self.branch(item, scope)
        if isinstance(item, syntax.LoopStatement):
            self.note_names(item.values, scope)
            _check_targets(item)
            body = self.body(item.body.items, scope | set(item.targets))
            return ir.Loop(item.targets, item.values, body, span=item.span)
        if isinstance(item, syntax.Let):
            self.note_names(item.value, scope)
            return item
        if isinstance(item, syntax.Assume):
            self.note_names(item.condition, scope)
            return item
        assert isinstance(item, syntax.FromStatement)
        return ir.From(self.output_name(item.output, scope), span=item.span)

    def labelled(self, item: syntax.Labelled, scope: frozenset[str]) -> Node:
        label = item.label.name if isinstance(item.label, syntax.Name) else None
        self.labels.add(name_in(item.label) or "")
        if isinstance(item.stage, syntax.Body):
            stage: Node = ir.Group(label, self.body(item.stage.items, scope), span=item.span)
        else:
            stage = self.call(item.stage, label, item.span, scope)
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

    def call(self, call: syntax.Call, label: str | None, span: Span, scope: frozenset[str]) -> Node:
        resolve = STRUCTURE.get(call.name)
        if resolve:
            return resolve(self, call, label, span, scope)
        if call.bodies:
            raise SymparamsError(f"{call.name!r} takes no {{ }}", call.bodies[0].span or span)
        if call.name in self.definitions:
            definition = self.definitions[call.name]
            binding = self.bind(call, definition.parameters, [m.name for m in definition.memories], scope)
            memories = binding.memories(definition.memories)
            missing = [memory.name for memory in definition.memories if memory.name not in binding.named]
            if missing:
                given = [*map(unparse, call.arguments), *(f"{name}=NAME" for name in missing)]
                hint = f"{call.name}({', '.join(given)}) with the name of an output"
                raise SymparamsError(f"{call.name!r} needs its input {missing[0]!r}", call.span, hint)
            return ir.Block(label, call.name, binding.bound, memories, span=span)
        return self.layer(call, label, span, scope)

    def layer(self, call: syntax.Call, label: str | None, span: Span, scope: frozenset[str]) -> Node:
        name = self.aliases.get(call.name, call.name)
        rule = self.rules.get(name)
        if rule is None:
            known = self.library.names.get(call.name)
            if known is None:
                raise self.unknown(call)
            rule = self.library.rule(known)
        binding = self.bind(call, rule.parameters, [*(m.name for m in rule.memories), "tied"], scope)
        tied = binding.named.get("tied")
        memories = binding.memories(rule.memories)
        return ir.LayerCall(label, rule.name, binding.bound, memories, tied, span=span)

    def unknown(self, call: syntax.Call) -> SymparamsError:
        known = {*STRUCTURE, *self.definitions, *self.rules, *self.aliases, *self.library.names}
        hint = did_you_mean(call.name, known) or "'symparams layers' lists the layers"
        if call.name in self.functions:
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
