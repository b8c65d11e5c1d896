"""What a line at the prompt is: a command, values, a piece of a program, or a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Union

from ..errors import Source, Span, SymparamsError
from ..frameworks.recognition import Recognised
from ..language import syntax
from ..language.characters import as_read
from ..language.characters import read as characters_of
from ..language.framework_wrappers import is_spelled
from ..language.parser import parse, parse_question
from ..language.syntax import Node
from .pasted_text import continues, goes_on, is_cell_mark
from .typed_code import PROMPT


class TypedCommand(NamedTuple):
    """`:word rest`"""

    word: str
    rest: str


class About(NamedTuple):
    """`?conv`, and `?` alone for help"""

    name: str


class Put(NamedTuple):
    """`C = 64, k = 3`"""

    values: tuple[syntax.Keyword, ...]
    text: str


class Freed(NamedTuple):
    """`C =`"""

    name: str


class ProgramPiece(NamedTuple):
    """A program, or a piece of one that continues it."""

    text: str


class ForeignText(NamedTuple):
    """Code, a printed model, a summary or a configuration, as it was typed and as what it is meant."""

    text: str
    found: Recognised


class Question(NamedTuple):
    """An expression: what is its value?"""

    value: Node


Line = Union[TypedCommand, About, Put, Freed, ProgramPiece, ForeignText, Question, None]

_COMMAND = re.compile(r"\s*:\s*([^\W\d]*!?)\s*(.*)", re.S)
# What hints say for the command line.
_OPTION = re.compile(r"\s*--(input|set|free|dialect)[\s=]\s*(.*)", re.S)
_ABOUT = re.compile(r"\s*\?\s*(.*?)\s*$|\s*(\w+)\s*\?\s*$", re.S)
_PUT = re.compile(r"\s*(\S+?)\s*=(?!=)\s*(?:#.*)?")
_ZOO = re.compile(r"\s*(zoo:\w+)\s*$")
_QUIT = re.compile(r"\s*(?:quit|exit)\s*(?:\(\s*\))?\s*$")
_HELP = re.compile(r"\s*help\s*(?:\(\s*(\w*)\s*\)|\s[:?]?(\w+))?\s*$")


def read(text: str, is_layer: Callable[[str], bool], foreign: Callable[[str], Recognised | None]) -> Line:
    """What a line says; None for a blank one or a comment. Raises SymparamsError where it is nothing of all that.

    A name alone, and a name with brackets, is a layer where there is one of that name, a question otherwise.
    """
    if is_cell_mark(text):
        return None
    if found := foreign(text):
        return ForeignText(text, found) if found.kind else ProgramPiece(found.text)
    reading = characters_of(text)
    said = reading.text
    if command := _COMMAND.match(said) or _OPTION.match(said):
        return TypedCommand(command.group(1), text[reading.starts[command.start(2)] :].strip())
    if about := _ABOUT.match(said):
        return About(about.group(1) or about.group(2) or "")
    put = _PUT.match(said)
    if put and put.group(1).isidentifier():
        return Freed(put.group(1)) if put.end() == len(said) else values(text)
    if zoo := _ZOO.match(said):
        return TypedCommand("load", zoo.group(1))
    if _QUIT.match(said):
        return TypedCommand("quit", "")
    if wanted := _HELP.match(said):
        return TypedCommand("help", wanted.group(1) or wanted.group(2) or "")
    return _program_or_question(text, is_layer)


_HEAD = "set("


def values(text: str) -> Put:
    """The names and values of a line, which stand between the brackets of a call. Raises SymparamsError."""
    usage = "C = 64, k = 3"
    try:
        call = parse_question(Source(PROMPT, f"{_HEAD}{text}\n)"))
    except SymparamsError as error:
        error.hint = usage
        raise in_line(error, text) from None
    for node in _nodes_of(call):
        if isinstance(node, (syntax.Member, syntax.SigmaSum)):
            raise in_line(SymparamsError("a value is a number, a tuple of numbers or a word", node.span, usage), text)
    arguments = call.arguments if isinstance(call, syntax.Apply) else ()
    found = [argument for argument in arguments if isinstance(argument, syntax.Keyword)]
    if len(found) < len(arguments) or len({argument.name for argument in found}) < len(found):
        raise SymparamsError("each value needs one name", None, usage)
    return Put(tuple(found), text)


def _nodes_of(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children():
        yield from _nodes_of(child)


def in_line(error: SymparamsError, text: str) -> SymparamsError:
    """The error in a value with its place in the line, without the call around it."""
    if error.span:
        start, end = error.span.start - len(_HEAD), error.span.end - len(_HEAD)
        start = min(start, len(text.rstrip()) - 1)
        error.span = Span(Source(PROMPT, text), start, min(end, len(text)))
    return error


# The shape that comes out; with names in brackets it is a line of a program.
_OUTPUT = syntax.Call("output", (), ())


def _program_or_question(text: str, is_layer: Callable[[str], bool]) -> Line:
    reading = characters_of(text)
    arrow = re.match(r"\s*->", reading.text)
    end = reading.ends[arrow.end()] if arrow else 0
    piece = re.sub(r"\S", " ", text[:end]) + text[end:]
    try:
        statements = parse(Source(PROMPT, piece))
    except SymparamsError as error:
        return Question(_question(text, error))
    if not statements:
        return None
    statement = statements[0]
    alone = len(statements) == 1 and isinstance(statement, syntax.Call) and not statement.bodies
    if alone and piece == text:
        name: str = statement.name  # type: ignore[attr-defined]
        if statement == _OUTPUT or not (is_layer(name) or is_spelled(name)):
            return Question(_question(text, None))
    return ProgramPiece(piece)


def _question(text: str, fault: SymparamsError | None) -> Node:
    """The expression of a line. Where it is neither one nor a program, the reading that came further says why."""
    try:
        return parse_question(Source(PROMPT, text))
    except SymparamsError as error:
        if error.span and as_read(error.span.text) == "(":
            error.hint = "a function stands before what it is about: diff(params, k)"
        raise fault if fault and _reach(fault) >= _reach(error) else error from None


def _reach(error: SymparamsError) -> int:
    return error.span.start if error.span else -1


_BLANKED = re.compile(r"#[^\n]*|\"[^\"\n]*\"|'[^'\n]*'")


def is_open(text: str) -> bool:
    """Whether a line goes on: a bracket is open, or an arrow stands at its end."""
    foreign = goes_on(text)
    if foreign is not None:
        return foreign
    said = as_read(text)
    if said.lstrip()[:1] in (":", "?"):
        return False
    return depth(said) > 0 or _BLANKED.sub("", said).rstrip().endswith("->")


def depth(text: str) -> int:
    """How many brackets are open at the end of a text."""
    bare = _BLANKED.sub("", as_read(text))
    return sum(map(bare.count, "([{⌊⌈")) - sum(map(bare.count, ")]}⌋⌉"))


def inputs(script: str) -> list[str]:
    """The inputs of a script: its lines, those together that a bracket, an arrow or the body of code holds together."""
    found: list[str] = []
    empty: list[str] = []
    for line in script.splitlines():
        is_more = bool(found) and _belongs(found[-1], line)
        if not line.strip() and not is_more:
            empty.append(line)
            continue
        if is_more:
            found[-1] = "\n".join([found[-1], *empty, line])
        else:
            found += [*empty, line]
        empty = []
    return [*found, *empty]


def _belongs(before: str, line: str) -> bool:
    if is_open(before) or not line.strip():
        return is_open(before)
    return re.match(r"\s*(?:\{|else\b)", as_read(line)) is not None or continues(before, line)
