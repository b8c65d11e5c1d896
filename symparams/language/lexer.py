"""Text to tokens, for Lark's parser: the terminals of the grammar, with the language's rule for line breaks.

A line break means "then", except inside () and [], after "->" and "{", and before a line that starts with "->", "{"
or "else". A keyword is one only where the grammar can take it; elsewhere it is a name like any other. What is asked at
the prompt may be a formula as the tool prints it: 2H, H mod 3, G | C, a = b and 9,472 are read there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lark import Token
from lark.exceptions import UnexpectedCharacters
from lark.lexer import Lexer as LarkLexer
from lark.lexer import PatternStr

from ..errors import LimitError, Source, Span, SymparamsError
from . import characters
from .dialects import DIALECTS

MAX_NESTING = 100
# Keywords that are never names; the others are names where the grammar cannot take them.
RESERVED = frozenset(("if", "else", "for", "in", "and", "or", "not", "true", "false"))

CLOSING = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE", "LFLOOR": "RFLOOR", "LCEILING": "RCEILING"}
_BRACKETS = {*CLOSING, *CLOSING.values()}

# The indices of a name before a colon, up to brackets within brackets.
INDICES = r"(?:[ \t]*\[[^\[\]\n]*(?:\[[^\[\]\n]*\][^\[\]\n]*)*\])*"
_LABEL = re.compile(rf"{INDICES}[ \t]*:")
_CONTINUES = re.compile(r"[ \t\r\f]*(?:->|\{|else\b)")
_EMPTY = re.compile(r"[ \t\r\f]*(?:#.*)?$")
_MEMBERS = "at the prompt, 'symparams repl', figures of a layer can be asked for"
# A framework's class behind the module that it is in.
_PREFIXES = {prefix.partition(".")[0] for dialect in DIALECTS.values() for prefix in dialect.prefixes}
_DOTTED = re.compile(r"\w+(?:\.[^\W\d]\w*)+")
_THOUSANDS = re.compile(r"(?:,\d\d\d)+(?![\d_])")
_SERIES = re.compile(r"\[[ \t]*\w+[ \t]*=")


def join_continued_lines(text: str) -> str:
    """The text with a vertical tab, a blank to the lexer, for each line break before a line that continues the last."""
    lines = text.replace("\v", " ").split("\n")
    joined, continues = [lines[-1]], bool(_CONTINUES.match(lines[-1]))
    for line in reversed(lines[:-1]):
        joined += ["\v" if continues else "\n", line]
        continues = bool(_CONTINUES.match(line)) or (continues and bool(_EMPTY.match(line)))
    return "".join(reversed(joined))


class TokenReading:
    """The state of one parse: the text as it is read, and the brackets that are open where the lexer stands."""

    def __init__(self, source: Source, asked: bool = False):
        text, self.starts, self.ends = characters.read(source.text)
        self.text = join_continued_lines(text)
        self.source = source
        self.asked = asked
        self.brackets: list[WordToken] = []
        self.nothing = self.word("", "", 0, 0)

    def word(self, kind: str, value: str, start: int, end: int) -> WordToken:
        """A token, with its place in the source."""
        return WordToken(kind, value, Span(self.source, self.starts[start], self.ends[end]))

    def misfit(self, position: int, allowed: Iterable[str]) -> UnexpectedCharacters:
        start = self.starts[position]
        return UnexpectedCharacters(self.source.text, start, 1, 1, allowed=set(allowed))  # type: ignore[no-untyped-call]

    def goes_on(self, previous: str) -> bool:
        """Whether a line break means nothing behind a token of the kind `previous`."""
        return previous in ("_ARROW", "LBRACE") or bool(self.brackets and self.brackets[-1].type != "LBRACE")

    def keep_brackets(self, token: WordToken) -> None:
        if token.type in CLOSING:
            self.brackets.append(token)
            if len(self.brackets) > MAX_NESTING:
                raise LimitError(f"brackets are nested more than {MAX_NESTING} deep", token.span)
        elif self.brackets and CLOSING[self.brackets[-1].type] == token.type:
            self.brackets.pop()


class WordToken(Token):
    """A token that knows its source; the places that Lark would count are not needed."""

    __slots__ = ("span",)
    span: Span
    start_pos = end_pos = line = column = end_line = end_column = 0

    def __new__(cls, kind: str, value: str, span: Span) -> WordToken:
        word = str.__new__(cls, value)
        word.type, word.value, word.span = kind, value, span
        return word


class Lexer(LarkLexer):
    """One regular expression for all terminals. Lark makes one for the grammar and calls `lex` for each text."""

    __future_interface__ = 1

    def __init__(self, conf: Any):
        self.ignored = frozenset(conf.ignore)
        name = next(t for t in conf.terminals if t.name == "NAME")
        is_word = re.compile(name.pattern.value).fullmatch
        words = [t for t in conf.terminals if isinstance(t.pattern, PatternStr) and is_word(t.pattern.value)]
        self.keywords = {t.pattern.value: t.name for t in words}
        spelled = [t for t in conf.terminals if t not in words]
        spelled.sort(key=lambda t: (t.name in self.ignored, -t.pattern.max_width))
        self.match = re.compile("|".join(f"(?P<{t.name}>{t.pattern.to_regexp()})" for t in spelled)).match

    def lex(self, state: Any, parser_state: Any) -> Iterator[Token]:
        reading: TokenReading = state.text
        text = reading.text
        table = parser_state.parse_conf.parse_table.states
        position, previous, before = 0, reading.nothing, reading.nothing
        while position < len(text):
            found = self.match(text, position)
            if found is None:
                raise reading.misfit(position, set(table[parser_state.position]))
            start, position = position, found.end()
            kind, value = found.lastgroup or "", found.group()
            if kind in self.ignored or (kind == "_NL" and reading.goes_on(previous.type)):
                continue
            if kind == "NAME" and (value in self.keywords or not value.isascii()):
                kind = self.kind_of_word(reading, value, start, table[parser_state.position])
            if kind == "NAME" and value in _PREFIXES:
                dotted = _DOTTED.match(text, start)
                value, position = (dotted.group(), dotted.end()) if dotted else (value, position)
            if reading.asked:
                kind, value, position = as_printed(reading, kind, value, position, table[parser_state.position])
            token = reading.word(kind, value, start, position)
            if not reading.asked and kind == "DOT":
                raise SymparamsError("'.' does not fit here", token.span, _MEMBERS)
            if not reading.asked and value == "|":
                raise reading.misfit(start, table[parser_state.position])
            if reading.asked and _multiplies(previous, token):
                if before.type in _CLOSE:
                    raise _unclear(before, previous, token)
                yield reading.word("STAR", "*", start, start)
            if kind in _BRACKETS:
                reading.keep_brackets(token)
            state.last_token, previous, before = token, token, previous
            yield token

    def kind_of_word(self, reading: TokenReading, value: str, start: int, allowed: Mapping[str, Any]) -> str:
        """Whether a word is a name or a keyword here. Raises UnexpectedCharacters for what is no name in Python."""
        if not value.isidentifier():
            letter = next(i for i, c in enumerate(value) if not (f"_{c}" if i else c).isidentifier())
            raise reading.misfit(start + letter, set(allowed))
        keyword = self.keywords.get(value, "")
        is_one = value in RESERVED or (keyword in allowed and not _LABEL.match(reading.text, start + len(value)))
        return keyword if is_one else "NAME"


# What is asked at the prompt

# Operators before a number that would bind it before the name behind it: a/2b is a/2*b or a/(2*b).
_CLOSE = frozenset(("MUL", "_POWER", "ROOT"))
# Brackets in which no list stands, so that a comma between digits groups them.
_ROUNDED = frozenset(("LFLOOR", "LCEILING"))
_FACTORS = frozenset(("NAME", "LPAR", "LFLOOR", "LCEILING", "ROOT", "SIGMA"))


def as_printed(
    reading: TokenReading, kind: str, value: str, position: int, allowed: Mapping[str, Any]
) -> tuple[str, str, int]:
    """What a token is in a formula as the tool prints it, and where it ends."""
    if kind == "EQUAL" and not reading.brackets:
        return "COMPARE", "==", position
    if kind == "NAME" and value == "mod" and "MUL" in allowed:
        return "MUL", "%", position
    if kind == "NAME" and value == "Σ" and _SERIES.match(reading.text, position):
        return "SIGMA", value, position
    lists = reading.brackets and reading.brackets[-1].type not in _ROUNDED
    if kind == "NUMBER" and len(value) <= 3 and value.isdecimal() and not lists:
        groups = _THOUSANDS.match(reading.text, position)
        if groups:
            return kind, value + groups.group().replace(",", ""), groups.end()
    return kind, value, position


def _multiplies(number: WordToken, factor: WordToken) -> bool:
    """Whether a number stands right before a name or a bracket."""
    return number.type == "NUMBER" and factor.type in _FACTORS and number.span.end == factor.span.start


def _unclear(operator: WordToken, number: WordToken, factor: WordToken) -> SymparamsError:
    span = Span(number.span.source, number.span.start, factor.span.end)
    fault = f"'{span.text}' behind '{operator}' can be read in two ways"
    return SymparamsError(fault, span, f"write {number}*{factor}, or a bracket around the product")
