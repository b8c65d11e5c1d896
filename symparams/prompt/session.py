"""A session: lines go in, replies come out, and the network grows in between."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from functools import singledispatchmethod
from typing import Any, NamedTuple

from ..errors import LimitError, Source, SymparamsError
from ..evaluate.axes import Value
from ..evaluate.expressions import Scope, evaluate
from ..frameworks.python.code_texts import is_bare_sequence
from ..frameworks.recognition import CODE, Recognised, recognised, source_of_text
from ..language.syntax import Keyword, Name
from . import lines
from .changes import added, changes, shown_whole
from .code_pieces import is_for_code, put_in, typed
from .commands import COMMANDS, command
from .help import about
from .meanings import Meanings
from .questions import answer
from .state import Outcome, State, begun, known_names, with_piece, with_values
from .typed_code import PROMPT


class Reply(NamedTuple):
    """What a line gave: the text to show; `fault` where the line was wrong, `ended` where it ends the session."""

    text: str = ""
    fault: bool = False
    ended: bool = False


class Session:
    """The network typed so far, and what was before it; where `terminal` is true, tables are laid out for one.

    A line that is wrong, or interrupted, changes nothing.
    """

    def __init__(self, terminal: bool = False, dialect: str | None = None):
        self.terminal = terminal
        self.state = State(dialect=dialect)
        self.past: list[State] = []
        self.file: str | None = None

    def begin(self, source: Source, values: Mapping[str, Value], freed: Collection[str] = ()) -> None:
        """Start from a program, with values put in. Raises SymparamsError where they are wrong."""
        given = {name: value for name, value in values.items() if name not in source.settled}
        self.state = with_values(begun(source, self.state.dialect), given, freed)
        self.file = source.name if os.path.isfile(source.name) and source.parts is None else None

    def run(self, line: str) -> Reply:
        """Do what a line says."""
        try:
            outcome = self.do(lines.read(line, self.is_layer, self.foreign))
        except SymparamsError as error:
            return Reply(error.show(), fault=True)
        except (RecursionError, MemoryError):
            return Reply(LimitError("this is too large or nested too deeply").show(), fault=True)
        if outcome.undone:
            self.state = self.past.pop()
        elif outcome.state:
            self.past.append(self.state)
            self.state = outcome.state
        return Reply(outcome.text, outcome.fault, outcome.ended)

    def is_layer(self, name: str) -> bool:
        return name in Meanings(self.state).layers_and_blocks()

    def foreign(self, text: str) -> Recognised | None:
        """What a text is that is no program, also by the code that was typed before it."""
        found = recognised(text)
        flows = self.state.net and self.state.net.input_shapes
        if flows and found.kind is CODE and is_bare_sequence(found.text):
            return None
        if found.kind is None and self.state.code.explains(text, self.is_taken, known_names(self.state)):
            return Recognised(CODE, text)
        return found if found.kind or found.text != text else None

    def is_taken(self, name: str) -> bool:
        """Whether a name means something in a question."""
        names = Meanings(self.state)
        return self.is_layer(name) or name in names.in_questions() or names.input_shape(name) is not None

    def given(self, argument: Keyword) -> Value:
        """A value that is put in: a number or a word, in which names with values may stand."""
        return evaluate(argument.value, Scope(dict(self.state.values), missing=_no_value))

    # What each kind of line does

    @singledispatchmethod
    def do(self, line: Any) -> Outcome:
        return Outcome()

    @do.register
    def _(self, line: lines.TypedCommand) -> Outcome:
        return command(line.word)(self, line.rest)

    @do.register
    def _(self, line: lines.About) -> Outcome:
        return Outcome(about(self.state, line.name, COMMANDS))

    @do.register
    def _(self, line: lines.ForeignText) -> Outcome:
        if line.found.kind is CODE:
            return typed(self.state, line.text, line.found.text, self.terminal)
        state = begun(source_of_text(Source(PROMPT, line.text)), self.state.dialect)
        return Outcome(shown_whole(state, self.terminal), state)

    @do.register
    def _(self, line: lines.Question) -> Outcome:
        return Outcome(answer(line.value, self.state))

    @do.register
    def _(self, line: lines.Put) -> Outcome:
        return self.put(line)

    @do.register
    def _(self, line: lines.Freed) -> Outcome:
        return self.changed(with_values(self.state, {}, [line.name]), f"{line.name} is a symbol already")

    @do.register
    def _(self, line: lines.ProgramPiece) -> Outcome:
        state = with_piece(self.state, line.text)
        return Outcome("\n".join(added(self.state, state, line.text, self.terminal)), state)

    def put(self, line: lines.Put) -> Outcome:
        """Values put in."""
        try:
            values = {argument.name: self.given(argument) for argument in line.values}
        except SymparamsError as error:
            raise lines.in_line(error, line.text) from None
        if is_for_code(self.state, values):
            return put_in(self.state, values, line.text, self.terminal)
        return self.changed(with_values(self.state, values))

    def changed(self, state: State, same: str = "nothing changes") -> Outcome:
        """Another state, shown by what is different in it."""
        if state.says_as_much_as(self.state):
            return Outcome(same)
        return Outcome("\n".join(changes(self.state.net, state.net)), state)


def _no_value(name: Name) -> Value:
    raise SymparamsError(f"{name.name!r} has no value", name.span, "a value is a number, a tuple of numbers or a word")
