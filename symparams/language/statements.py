"""The statements at the top of a program, sorted into definitions and stages; the files that it uses, brought in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..errors import Source, Span, SymparamsError, did_you_mean, listing
from . import syntax
from .dialects import DIALECTS
from .parameters import check_parameters
from .parser import parse
from .program_files import folder_of, parse_unseen, place_below, read
from .structure import STRUCTURE, put_out
from .syntax import Node


def check_dialect(name: str, span: Span | None = None) -> None:
    if name not in DIALECTS:
        hint = did_you_mean(name, DIALECTS) or f"the dialects are {listing(DIALECTS)}"
        raise SymparamsError(f"there is no dialect {name!r}", span, hint)


class Statements:
    """The statements of a program and of the files that it uses, of which definitions count alone."""

    def __init__(self, source: Source, statements: Sequence[Node] | None = None):
        self.net: syntax.Net | None = None
        self.dialect: str | None = None
        self.functions: dict[str, syntax.FunctionDefinition] = {}
        self.rules: dict[str, syntax.Rule] = {}
        self.aliases: dict[str, str] = {}
        self.definitions: dict[str, syntax.Definition] = {}
        self.spellings: list[syntax.LatexStatement] = []
        self.stages: list[Node] = []
        self.outputs: tuple[Node, ...] = ()
        self.shown = source.shown
        self.folder = folder_of(source)
        self.files = {os.path.realpath(source.name)}
        for statement in parse(source) if statements is None else statements:
            self.take(statement, source)

    def take(self, statement: Node, source: Source) -> None:
        if isinstance(statement, syntax.Use):
            self.bring_in(statement, source)
        else:
            _TAKEN.get(type(statement), Statements.stage)(self, statement)

    def bring_in(self, statement: syntax.Use, source: Source) -> None:
        path = os.path.join(os.path.dirname(source.name), statement.path)
        place = place_below(self.folder, path, statement.span)
        if place in self.files:
            return
        self.files.add(place)
        used = read(path, statement.span, place)
        for inside in parse_unseen(used, statement.span):
            if isinstance(inside, _COUNTED_IN_USED_FILES):
                self.take(inside, used)

    # What is defined

    def definition(self, statement: syntax.Definition) -> None:
        self.define(self.definitions, statement, (self.definitions, self.rules))

    def rule(self, statement: syntax.Rule) -> None:
        self.define(self.rules, statement, (self.definitions, self.rules))
        names = (n for s in statement.section.statements if isinstance(s, syntax.Also) for n in s.names)
        self.aliases.update((name, statement.name) for name in names)

    def function(self, statement: syntax.FunctionDefinition) -> None:
        self.define(self.functions, statement, (self.functions,))

    def define(self, table: dict[str, Any], statement: Any, others: Iterable[dict[str, Any]]) -> None:
        if statement.name in STRUCTURE:
            raise SymparamsError(f"{statement.name!r} is a word of the language", statement.span)
        if any(statement.name in other for other in others):
            raise SymparamsError(f"{statement.name!r} is defined twice", statement.span)
        memories = getattr(statement, "memories", ())
        check_parameters(statement.parameters, memories, of_layer=isinstance(statement, syntax.Rule))
        table[statement.name] = statement

    # What there is once, or in order

    def head(self, statement: syntax.Net) -> None:
        if self.net:
            raise SymparamsError("a program has one 'net' line", statement.span)
        self.net = statement
        check_parameters(statement.parameters)

    def counted_as(self, statement: syntax.DialectStatement) -> None:
        if self.dialect:
            raise SymparamsError("a program has one dialect", statement.span)
        check_dialect(statement.name, statement.span)
        self.dialect = statement.name

    def spelling(self, statement: syntax.LatexStatement) -> None:
        self.spellings.append(statement)

    def misplaced(self, statement: syntax.Words) -> None:
        raise SymparamsError("'words' belongs in the standard library", statement.span)

    def stage(self, statement: Node) -> None:
        if self.outputs:
            hint = "what stands here goes before it, under a name that 'output' can tell"
            raise SymparamsError("nothing follows 'output', which ends the program", statement.span, hint)
        if isinstance(statement, syntax.Call) and statement.name == "output":
            self.outputs = put_out(statement)
        else:
            self.stages.append(statement)


_TAKEN: dict[type[Node], Callable[[Statements, Any], None]] = {
    syntax.Definition: Statements.definition,
    syntax.Rule: Statements.rule,
    syntax.FunctionDefinition: Statements.function,
    syntax.Net: Statements.head,
    syntax.DialectStatement: Statements.counted_as,
    syntax.LatexStatement: Statements.spelling,
    syntax.Words: Statements.misplaced,
}
_COUNTED_IN_USED_FILES = (
    syntax.Use,
    syntax.Definition,
    syntax.Rule,
    syntax.FunctionDefinition,
    syntax.Words,
    syntax.Let,
)
