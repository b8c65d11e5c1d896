"""Text to syntax tree: Lark with the grammar in `grammar/symparams.lark`."""

from __future__ import annotations

import os
import re
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Callable, Iterator

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from . import syntax
from .errors import LimitError, Source, Span, SymparamsError
from .syntax import Node

MAX_SOURCE = 2_000_000
MAX_NESTING = 100
MAX_DIGITS = 4_000


def parse(source: Source) -> tuple[Node, ...]:
    """The statements of a program.

    Raises SymparamsError where the text is not in the language, LimitError where it is longer or more deeply nested
    than the tool reads.
    """
    if len(source.text) > MAX_SOURCE:
        raise LimitError(f"the program has {len(source.text):,} characters; at most {MAX_SOURCE:,} are read")
    return _parse(source, "start")


def parse_expression(source: Source) -> Node:
    """One expression, such as a value given on the command line."""
    return _parse(source, "expr")


def grammar_folder() -> Path:
    """Where the language lives: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    return next(p for p in (package / "grammar", package.parent / "grammar") if p.is_dir())


def _parse(source: Source, start: str) -> Any:
    lark, builder, brackets = _parser()
    builder.reading = source
    try:
        return lark.parse(_join_continued_lines(source.text), start=start)
    except UnexpectedInput as error:
        raise _explain(error, source, brackets) from None


@cache
def _parser() -> tuple[Lark, _Builder, _Brackets]:
    builder, brackets = _Builder(), _Brackets()
    lark = Lark(
        (grammar_folder() / "symparams.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start=["start", "expr"],
        transformer=builder,
        postlex=brackets,  # type: ignore[arg-type]
        maybe_placeholders=True,
        cache=_table_cache() or False,
    )
    return lark, builder, brackets


def _table_cache() -> str | None:
    """A file that only this user can write, for the parser's tables; None where there is no such place."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "symparams")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        status = os.stat(folder)
    except OSError:
        return None
    foreign = hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022)
    return None if foreign or not os.access(folder, os.W_OK) else os.path.join(folder, "tables.lark")


_CONTINUES = re.compile(r"[ \t\r\f]*(?:->|\{|else\b)")
_EMPTY = re.compile(r"[ \t\r\f]*(?:#.*)?$")


def _join_continued_lines(text: str) -> str:
    """The text with a vertical tab, a blank to the lexer, for each line break before a line that continues the last."""
    text = text.replace("\v", " ")
    lines = text.split("\n")
    joined, continues = [lines[-1]], bool(_CONTINUES.match(lines[-1]))
    for line in reversed(lines[:-1]):
        joined += ["\v" if continues else "\n", line]
        continues = bool(_CONTINUES.match(line)) or (continues and bool(_EMPTY.match(line)))
    return "".join(reversed(joined))


class _Brackets:
    """Lark's post-lexer: line breaks inside () and [], and after "->" and "{", mean nothing."""

    always_accept = ("_NL",)
    closing = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE"}

    def __init__(self) -> None:
        self.open: list[Token] = []

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        self.open = []
        previous = ""
        for token in stream:
            if token.type == "_NL":
                inside = self.open and self.open[-1].type != "LBRACE"
                if inside or previous in ("_ARROW", "LBRACE"):
                    continue
            elif token.type in ("LPAR", "LSQB", "LBRACE"):
                self.open.append(token)
                if len(self.open) > MAX_NESTING:
                    raise LimitError(f"brackets are nested more than {MAX_NESTING} deep", self.at(token))
            elif self.open and self.open[-1].type == self.closing.get(token.type):
                self.open.pop()
            previous = token.type
            yield token

    def at(self, token: Token) -> Span:
        start = token.start_pos or 0
        return Span(_parser()[1].reading, start, start + len(token))


Children = list[Any]


class _Builder:
    """Makes the node of each grammar rule as the parser recognises it. Lark looks the methods up by the rule's name."""

    reading = Source("", "")

    def __getattr__(self, rule: str) -> Callable[[Children], Any]:
        if not rule.islower():
            raise AttributeError(rule)
        kind = getattr(syntax, "".join(part.title() for part in rule.rstrip("_").split("_")))

        def build(children: Children) -> Node:
            return self.make(kind, children, *map(plain, children))

        return build

    def make(self, kind: type[Node], children: Children, *values: Any) -> Node:
        return kind(*values, span=self.span(children))

    def span(self, children: Children) -> Span:
        spots = [spot for child in children if (spot := place(child))]
        if not spots:
            return Span(self.reading, 0, 0)
        return Span(self.reading, spots[0][0], spots[-1][1])

    # Lists of children

    def start(self, children: Children) -> tuple[Node, ...]:
        return present(children)

    def parameters(self, children: Children) -> tuple[Node, ...]:
        return present(children)

    arguments = parameters

    def targets(self, children: Children) -> _Located:
        return _Located((str(c) for c in children), self.span(children))

    def words(self, children: Children) -> Node:
        return self.make(syntax.Words, children, tuple(map(str, children)))

    def also(self, children: Children) -> Node:
        return self.make(syntax.Also, children, tuple(map(str, children)))

    def body(self, children: Children) -> Node:
        return self.make(syntax.Body, children, present(children))

    def section(self, children: Children) -> Node:
        return self.make(syntax.Section, children, present(children))

    def pattern(self, children: Children) -> Node:
        return self.make(syntax.Pattern, children, present(children))

    def tuple_(self, children: Children) -> Node:
        return self.make(syntax.Tuple, children, present(children))

    def list_(self, children: Children) -> Node:
        return self.make(syntax.List, children, present(children))

    def or_(self, children: Children) -> Node:
        return self.make(syntax.Or, children, tuple(children))

    def and_(self, children: Children) -> Node:
        return self.make(syntax.And, children, tuple(children))

    # Operators between operands

    def chained(self, kind: type[Node], children: Children) -> Node:
        rest = zip(map(str, children[1::2]), children[2::2])
        return self.make(kind, children, children[0], tuple(rest))

    def comparison(self, children: Children) -> Node:
        return self.chained(syntax.Comparison, children)

    def addition(self, children: Children) -> Node:
        return self.chained(syntax.Addition, children)

    def multiplication(self, children: Children) -> Node:
        return self.chained(syntax.Multiplication, children)

    # Nodes with a shape of their own

    def net(self, children: Children) -> Node:
        name, parameters = children
        return self.make(syntax.Net, children, str(name), parameters or ())

    def function(self, children: Children) -> Node:
        name, parameters, value = children
        return self.make(syntax.Function, children, str(name), parameters or (), value)

    def definition(self, children: Children) -> Node:
        name, parameters, pattern, body = children
        return self.make(syntax.Definition, children, str(name), parameters or (), pattern, body)

    def rule(self, children: Children) -> Node:
        name, parameters, pattern, *memories, section = children
        return self.make(syntax.Rule, children, str(name), parameters or (), pattern, tuple(memories), section)

    def parameter(self, children: Children) -> Node:
        star, name, default = children
        return self.make(syntax.Parameter, children, str(name), default, star is not None)

    def axis(self, children: Children) -> Node:
        star, name = children
        return self.make(syntax.Axis, children, str(name), star is not None)

    def call(self, children: Children) -> Node:
        name, arguments, *bodies = children
        return self.make(syntax.Call, children, str(name), arguments or (), tuple(bodies))

    def apply(self, children: Children) -> Node:
        name, arguments = children
        return self.make(syntax.Apply, children, str(name), arguments or ())

    def splat(self, children: Children) -> Node:
        return self.make(syntax.Splat, children, children[1])

    def weight(self, children: Children) -> Node:
        kind, name, index, shape, condition = children
        return self.make(syntax.Weight, children, str(kind), str(name), index, shape or (), condition)

    # Literals

    def number(self, children: Children) -> Node:
        span = self.span(children)
        digits = str(children[0]).replace("_", "")
        mantissa, _, exponent = digits.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or len(exponent) > 6 or abs(int(exponent or 0)) > MAX_DIGITS:
            raise LimitError(f"numbers of more than {MAX_DIGITS:,} digits are not read", span)
        value = Fraction(digits)
        whole = value.denominator == 1
        return syntax.Number(value.numerator if whole else value, not digits.isdecimal(), span=span)

    def text(self, children: Children) -> Node:
        return self.make(syntax.Text, children, str(children[0])[1:-1])

    def doc(self, children: Children) -> Node:
        return self.make(syntax.Doc, children, str(children[0])[1:-1])

    def use(self, children: Children) -> Node:
        return self.make(syntax.Use, children, str(children[0])[1:-1])

    def require(self, children: Children) -> Node:
        condition, message = children
        return self.make(syntax.Require, children, condition, None if message is None else str(message)[1:-1])

    def truth(self, children: Children) -> Node:
        return self.make(syntax.Truth, children, str(children[0]) == "true")


class _Located(tuple[str, ...]):
    """Names that remember where they stood."""

    span: Span

    def __new__(cls, names: Iterator[str], span: Span) -> _Located:
        located = super().__new__(cls, tuple(names))
        located.span = span
        return located


def plain(child: Any) -> Any:
    return str(child) if isinstance(child, Token) else tuple(child) if isinstance(child, _Located) else child


def place(child: Any) -> tuple[int, int] | None:
    if isinstance(child, Token):
        return child.start_pos or 0, child.end_pos or 0
    if isinstance(child, (Node, _Located)):
        span = child.span
        return (span.start, span.end) if span.end else None
    if isinstance(child, tuple):
        spots = [spot for item in child if (spot := place(item))]
        return (spots[0][0], spots[-1][1]) if spots else None
    return None


def present(children: Children) -> tuple[Any, ...]:
    return tuple(child for child in children if child is not None)


# Syntax errors

_SHOWN = {
    "RPAR": "')'",
    "RSQB": "']'",
    "RBRACE": "'}'",
    "LPAR": "'('",
    "LBRACE": "'{'",
    "COMMA": "','",
    "EQUAL": "'='",
    "COLON": "':'",
    "NAME": "a name",
    "NUMBER": "a number",
    "STRING": "a text in quotes",
    "_NL": "a new line",
    "$END": "the end",
    "IN": "'in'",
}


def _explain(error: UnexpectedInput, source: Source, brackets: _Brackets) -> SymparamsError:
    """A syntax error in the user's words: what was found, what would fit, and the bracket that was left open."""
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        start = error.token.start_pos or 0
        found = "the line ends too early" if error.token.type == "_NL" else f"{str(error.token)!r} does not fit here"
        span = Span(source, start, start + len(str(error.token).split("\n")[0]) or start + 1)
        expected = error.accepts or error.expected
    elif isinstance(error, UnexpectedCharacters):
        start = error.pos_in_stream
        character = source.text[start]
        found = f"{character!r} does not fit here"
        if character in "\"'":
            found = "a text in quotes must end on its line"
        span = Span(source, start, start + 1)
        expected = error.allowed or set()
    else:
        start = max(0, len(source.text.rstrip()) - 1)
        found = "the program ends too early"
        span = Span(source, start, start + 1)
        expected = getattr(error, "accepts", None) or getattr(error, "expected", set())
    return SymparamsError(found, span, _syntax_hint(set(expected), source, span, brackets))


_ENGLISH_HINTS: tuple[tuple[str, str], ...] = (
    (r"=(?!=)", "'=' names an argument inside (); a value is named by 'let x = ...'"),
    (r"[;]", "a new line or '->' separates layers"),
    (r"&&|&", "write 'and'"),
    (r"\|\||\|", "write 'or'"),
    (r"!(?!=)", "write 'not'"),
    (r"[×·]", "write '*'"),
    (r"≤", "write '<='"),
    (r"≥", "write '>='"),
    (r"≠", "write '!='"),
    (r"(def|layer|fn|net|use|dialect)\b", "this belongs at the top of the program, on a line of its own"),
)


def _syntax_hint(expected: set[str], source: Source, span: Span, brackets: _Brackets) -> str | None:
    rest = source.text[span.start : span.start + 20]
    before = source.text[: span.start].rstrip(" \t")
    if re.match(r"[^\W\d]", rest) and before[-1:].isdigit() and span.start == len(before):
        return "a product is written with '*': 3*x"
    for pattern, hint in _ENGLISH_HINTS:
        if re.match(pattern, rest):
            return hint
    if brackets.open:
        token = brackets.open[-1]
        line, column = source.position(token.start_pos or 0)
        return f"the '{token}' of line {line}, column {column} is not closed"
    words = sorted({_SHOWN[name] for name in expected if name in _SHOWN})
    return f"expected {' or '.join(words)}" if words else None
