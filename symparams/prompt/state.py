"""What has been typed so far: pieces of a program, the values put in, and the network that they make."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..api import Network
from ..errors import Source, Span, SymparamsError
from ..evaluate.axes import Value
from ..evaluate.figures import OUTPUT
from ..language import ir, syntax
from ..language.parameters import name_in
from ..language.parser import parse
from ..language.syntax import Node
from ..pipeline import compile_source
from ..translate.program import translated
from .typed_code import PROMPT, TypedCode
from .vocabulary import FIGURES


@dataclass(frozen=True)
class Piece:
    """A text as it was typed or read, with the name that errors give its place, and what was noted of it."""

    text: str
    name: str = PROMPT
    notes: tuple[SymparamsError, ...] = ()


@dataclass(frozen=True)
class State:
    """A program in pieces, with values and a dialect on top of it; `net` is None while nothing flows yet.

    `code` is what was typed in Python, from which the first piece may come.
    """

    pieces: tuple[Piece, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    freed: tuple[str, ...] = ()
    dialect: str | None = None
    program: ir.Program | None = None
    net: Network | None = None
    code: TypedCode = field(default_factory=TypedCode)

    @property
    def text(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)

    @property
    def name(self) -> str:
        """The file that the program began with; what it uses is looked for beside it."""
        return self.pieces[0].name if self.pieces else PROMPT

    def says_as_much_as(self, other: State) -> bool:
        """Whether the program and all that was set on top of it are the same."""
        mine, theirs = ((s.text, dict(s.values), set(s.freed), s.dialect) for s in (self, other))
        return mine == theirs

    def network(self) -> Network:
        """The network typed so far. Raises SymparamsError where there is none."""
        if self.net is None:
            raise SymparamsError("there is no network yet", None, "start with input(C, H, W), or :load zoo:resnet50")
        return self.net


def worked_out(state: State) -> State:
    """The state with the network of its program. Raises SymparamsError, with the place in the piece that is wrong.

    Values of names that the program has no more are left behind.
    """
    source = Source(state.name, state.text)
    try:
        program, warnings = compile_source(source, state.dialect)
        known = program.names | {parameter.name for parameter in program.parameters}
        values = {name: value for name, value in state.values.items() if name in known}
        freed = tuple(name for name in state.freed if name in known)
        flows = any(not isinstance(item, (ir.Let, ir.Assume)) for item in program.body)
        net = Network(program, values, freed) if flows else None
    except SymparamsError as error:
        raise _placed(error, state) from None
    if net:
        notes = [note for piece in state.pieces for note in piece.notes]
        net.warnings = [*notes, *(_placed(warning, state) for warning in (*warnings, *net.warnings))]
    return replace(state, values=values, freed=freed, program=program, net=net)


def begun(source: Source, dialect: str | None = None) -> State:
    """The state that a source begins with, in the form that people read. Raises SymparamsError where it is wrong."""
    return worked_out(State((Piece(translated(source), source.name, tuple(source.notes)),), dialect=dialect))


def with_values(state: State, values: Mapping[str, Value], freed: Collection[str] = ()) -> State:
    """The state with values put in and names freed. Raises SymparamsError for a name that the program does not have."""
    if not values and not freed:
        return state
    try:
        net = state.network()
        _check_are_open((*values, *freed), state)
        net = net(**values) if values else net
        net = net.free(*freed) if freed else net
    except SymparamsError as error:
        raise _placed(error, state) from None
    parameters = {parameter.name for parameter in net.program.parameters}
    return replace(state, values=net.values, freed=tuple(n for n in net.freed if n in parameters), net=net)


def known_names(state: State) -> set[str]:
    """The names that a value may be put in for, or that are worked out."""
    if state.program is None:
        return set()
    return {*state.program.names, *(parameter.name for parameter in state.program.parameters), *FIGURES}


def _check_are_open(names: Iterable[str], state: State) -> None:
    """Raise SymparamsError for a name that is worked out, or that the program itself gives a value."""
    assert state.net and state.program
    named = {item.name for item in state.program.body if isinstance(item, ir.Let)}
    for name in names:
        if name in named:
            raise SymparamsError(f"{name!r} has its value from the program", None, f"let {name} = 3 gives it another")
        if name in FIGURES and name not in state.net.symbols and name not in state.program.names:
            asked = f"{name}[0]" if name == OUTPUT.name else name
            example = next((f"solve({asked} == 1000, {symbol})" for symbol in state.net.symbols), None)
            raise SymparamsError(f"{name!r} is worked out, not put in", None, example)


def _placed(error: SymparamsError, state: State) -> SymparamsError:
    """The error with its place in the piece that was typed, not in the program that the pieces make together."""
    span = error.span
    if span is None or span.source.text != state.text:
        return error
    offset = 0
    for piece in state.pieces:
        if span.start <= offset + len(piece.text):
            error.span = Span(Source(piece.name, piece.text), span.start - offset, span.end - offset)
            break
        offset += len(piece.text) + 1
    return error


# A new piece

_DECLARATIONS = (
    syntax.Net,
    syntax.DialectStatement,
    syntax.Use,
    syntax.Definition,
    syntax.FunctionDefinition,
    syntax.Rule,
    syntax.Let,
    syntax.Assume,
)


def with_piece(state: State, text: str) -> State:
    """The state with a piece more. Raises SymparamsError where the program is wrong with it.

    An input starts a new network, on top of what was defined on lines of its own; what is defined again is changed in
    its place.
    """
    statements = parse(Source(PROMPT, text))
    if starts_anew(statements, state):
        pieces = tuple(piece for piece in state.pieces if _stays(piece))
        state = State(pieces, dialect=state.dialect)
    if any(isinstance(statement, syntax.DialectStatement) for statement in statements):
        state = replace(state, dialect=None)
    pieces = _with_definitions(state.pieces, Piece(text), statements)
    return worked_out(replace(state, pieces=pieces))


def declares_only(statements: Iterable[Node]) -> bool:
    return all(isinstance(statement, _DECLARATIONS) for statement in statements)


def _stays(piece: Piece) -> bool:
    """Whether a piece belongs to the next network too: definitions and values do, facts and names of this one not."""
    return all(
        isinstance(statement, _DECLARATIONS) and not isinstance(statement, (syntax.Net, syntax.Assume))
        for statement in parse(Source(piece.name, piece.text))
    )


def starts_anew(statements: Iterable[Node], state: State) -> bool:
    """Whether a piece begins another network: a net line, an input without a name or with that of an input so far."""
    for statement in statements:
        if isinstance(statement, syntax.Net) and state.program and (state.net or state.program.name):
            return True
        label = name_in(statement.label) if isinstance(statement, syntax.Labelled) else None
        call = statement.stage if isinstance(statement, syntax.Labelled) else statement
        if isinstance(call, syntax.Call) and call.name == "input" and state.net:
            return label is None or label in state.net.input_shapes
    return False


def _key(statement: Node) -> tuple[str, str] | None:
    """What a program has one of: its dialect, a block or layer of a name, a function, a value."""
    if isinstance(statement, syntax.DialectStatement):
        return "dialect", ""
    if isinstance(statement, (syntax.Definition, syntax.Rule)):
        return "block", statement.name
    if isinstance(statement, (syntax.FunctionDefinition, syntax.Let)):
        return type(statement).__name__, statement.name
    return None


def _with_definitions(pieces: tuple[Piece, ...], new: Piece, statements: tuple[Node, ...]) -> tuple[Piece, ...]:
    """The pieces with a new one at the end, and without the old definitions of what it defines.

    A definition on its own takes the place of the old one, because what uses it stands below.
    """
    changed = [statement for statement in statements if _key(statement)]
    if not changed:
        return (*pieces, new)
    alone = declares_only(statements)
    rest = new.text
    for statement in reversed(changed):
        start, end = stretch(new.text, statement)
        text = new.text[start:end] if alone else ""
        replaced = tuple(_with_definition(piece, statement, text) for piece in pieces)
        if alone and replaced != pieces:
            rest = rest[:start] + rest[end:]
        pieces = replaced
    return (*pieces, replace(new, text=rest)) if rest.strip() else pieces


def _with_definition(piece: Piece, new: Node, text: str) -> Piece:
    for old in parse(Source(piece.name, piece.text)):
        if _key(old) == _key(new):
            start, end = stretch(piece.text, old)
            return replace(piece, text=piece.text[:start] + text + piece.text[end:])
    return piece


_KEYWORD = re.compile(r"(?:def|layer|fn|let|net|dialect|use)\s+$")
_CLOSING = re.compile(r"(?:\s*\(\s*\))?(?:\s*,?\s*\))*")


def stretch(text: str, statement: Node) -> tuple[int, int]:
    """Where a declaration stands in its text, with the keyword before it and the brackets that close behind it."""
    keyword = _KEYWORD.search(text, 0, statement.span.start)
    closing = _CLOSING.match(text, statement.span.end)
    return keyword.start() if keyword else statement.span.start, closing.end() if closing else statement.span.end


@dataclass(frozen=True)
class Outcome:
    """What a line comes to: the text to show, which may be that of a fault, and the state after it if it is another."""

    text: str = ""
    state: State | None = None
    undone: bool = False
    ended: bool = False
    fault: bool = False
