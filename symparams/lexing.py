"""Text to tokens, for Lark's parser: the terminals of the grammar, with the language's rule for line breaks.

A line break means "then", except inside () and [], after "->" and "{", and before a line that starts with "->", "{"
or "else". A keyword is one only where the grammar can take it; elsewhere it is a name like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from lark import Token
from lark.exceptions import UnexpectedCharacters
from lark.lexer import Lexer as LarkLexer
from lark.lexer import PatternStr

from .errors import NOWHERE, LimitError, Span

MAX_NESTING = 100
# Keywords that are never names; the others are names where the grammar cannot take them.
RESERVED = frozenset(("if", "else", "for", "in", "and", "or", "not", "true", "false"))

_LABEL = re.compile(r"[ \t]*:")
_CONTINUES = re.compile(r"[ \t\r\f]*(?:->|\{|else\b)")
_EMPTY = re.compile(r"[ \t\r\f]*(?:#.*)?$")


def join_continued_lines(text: str) -> str:
    """The text with a vertical tab, a blank to the lexer, for each line break before a line that continues the last."""
    lines = text.replace("\v", " ").split("\n")
    joined, continues = [lines[-1]], bool(_CONTINUES.match(lines[-1]))
    for line in reversed(lines[:-1]):
        joined += ["\v" if continues else "\n", line]
        continues = bool(_CONTINUES.match(line)) or (continues and bool(_EMPTY.match(line)))
    return "".join(reversed(joined))


class Lexer(LarkLexer):
    """One regular expression for all terminals. Lark makes one for the grammar and calls `lex` for each text."""

    __future_interface__ = 1
    opening: ClassVar[dict[str, str]] = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}

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
        text = getattr(state.text, "text", state.text)
        brackets = BRACKETS
        brackets.clear()
        table = parser_state.parse_conf.parse_table.states
        position, previous = 0, ""
        while position < len(text):
            found = self.match(text, position)
            if found is None:
                allowed = set(table[parser_state.position])
                raise UnexpectedCharacters(text, position, 1, 1, allowed=allowed)  # type: ignore[no-untyped-call]
            start, position = position, found.end()
            kind, value = found.lastgroup or "", found.group()
            if kind in self.ignored:
                continue
            if kind == "_NL" and (previous in ("_ARROW", "LBRACE") or (brackets and brackets[-1].type != "LBRACE")):
                continue
            if kind == "NAME" and value in self.keywords:
                is_label = _LABEL.match(text, position)
                if value in RESERVED or (self.keywords[value] in table[parser_state.position] and not is_label):
                    kind = self.keywords[value]
            token = Token(kind, value, start, 1, 1, 1, 1, position)
            if kind in self.opening:
                brackets.append(token)
                if len(brackets) > MAX_NESTING:
                    span = Span(NOWHERE.source, start, position)
                    raise LimitError(f"brackets are nested more than {MAX_NESTING} deep", span)
            elif brackets and self.opening[brackets[-1].type] == kind:
                brackets.pop()
            state.last_token = token
            previous = kind
            yield token


# The brackets that are open where the lexer stands; after a syntax error, those that were not closed.
BRACKETS: list[Token] = []
