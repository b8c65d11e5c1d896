"""What is wrong where a text does not parse, and what would be right."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ..errors import Span, SymparamsError, nearest
from . import characters
from .lexer import CLOSING, RESERVED, TokenReading, WordToken

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
    "RFLOOR": "'⌋'",
    "RCEILING": "'⌉'",
}


ENDED = "the program ends too early"


_ENGLISH_HINTS: tuple[tuple[str, str], ...] = (
    (r"=(?!=)", "'=' names an argument inside (); a value is named by 'let x = ...'"),
    (r"[;]", "a new line or '->' separates layers"),
    (r"&&|&", "write 'and'"),
    (r"\|\||\|", "write 'or'"),
    (r"!(?!=)", "write 'not'"),
)


def explained(error: UnexpectedInput, reading: TokenReading) -> SymparamsError:
    """A syntax error in the user's words: what was found, what would fit, and the bracket that was left open."""
    source = reading.source
    if isinstance(error, UnexpectedToken) and isinstance(error.token, WordToken) and error.token.type != "$END":
        span = error.token.span
        shown = span.text.split("\n")[0]
        span = Span(source, span.start, span.start + max(1, len(shown)))
        found = "the line ends too early" if error.token.type == "_NL" else f"{shown!r} does not fit here"
        expected: set[str] | None = error.accepts or error.expected
    elif isinstance(error, UnexpectedCharacters):
        start = error.pos_in_stream or 0
        character = source.text[start]
        found = f"{character!r} does not fit here"
        span = Span(source, start, start + 1)
        if character in characters.QUOTES:
            return SymparamsError("a text in quotes must end on its line", span, "close it with the sign that opens it")
        expected = error.allowed or set()
    else:
        start = max(0, len(source.text.rstrip()) - 1)
        found = ENDED
        span = Span(source, start, start + 1)
        expected = getattr(error, "accepts", None) or getattr(error, "expected", set())
    rest = "" if found == ENDED else characters.as_read(source.text[span.start : span.start + 20])
    return SymparamsError(found, span, _syntax_hint(set(expected or ()), reading, span, rest))


_AT_THE_TOP = r"(def|layer|fn|net|use|dialect|latex)"


_BRACKET = re.compile(r"""#[^\n]*|"[^"\n]*"|'[^'\n]*'|[()\[\]{}]""")


def _is_closed(text: str, start: int) -> bool:
    """Whether the bracket that opens there is closed by one of its kind, whatever stands between."""
    opening = text[start]
    closing = {"(": ")", "[": "]", "{": "}"}.get(opening, "")
    depth = 0
    for found in _BRACKET.finditer(text, start):
        depth += (found.group() == opening) - (found.group() == closing)
        if not depth:
            return True
    return False


def _syntax_hint(expected: set[str], reading: TokenReading, span: Span, rest: str) -> str | None:
    """What would fit instead of the `rest` of a program; nothing is left of one that ends too early."""
    source, brackets = reading.source, reading.brackets
    before = source.text[: span.start].rstrip(" \t")
    if quotient := characters.as_quotient(rest[:1]):
        whole = re.search(r"(?<![\w.])\d+$", before)
        is_behind_factor = bool(re.search(r"[\w)\]⌋⌉]$", before))
        return f"write {f'({whole[0]} + {quotient})' if whole else f'*({quotient})' if is_behind_factor else quotient}"
    if re.match(r"[^\W\d]", rest) and before[-1:].isdigit() and span.start == len(before):
        return "a product is written with '*': 3*x"
    is_at_the_top = not brackets and re.search(rf"(^|\n)[ \t]*{_AT_THE_TOP}$", before)
    after_keyword = re.search(rf"(^|\W){_AT_THE_TOP}$", before) and not is_at_the_top
    if after_keyword or re.match(rf"{_AT_THE_TOP}\b", rest):
        return "this belongs at the top of the program, on a line of its own"
    for pattern, hint in _ENGLISH_HINTS:
        if re.match(pattern, rest):
            return hint
    word = re.match(r"[^\W\d]\w*", rest)
    if word and (close := nearest(word.group(), (name.lower() for name in expected if name.isalpha()))):
        return f"did you mean {close!r}?"
    if word and "_ARROW" in expected and word.group() not in RESERVED:
        return "layers are separated by '->' or a new line"
    unclosed = bool(brackets) and not _is_closed(source.text, brackets[-1].span.start)
    if unclosed and (brackets[-1].type != "LBRACE" or not rest.strip()) and rest[:1] not in tuple(")]}"):
        token = brackets[-1].span
        line, column = source.position(token.start)
        return f"the '{token.text}' of line {line}, column {column} is not closed"
    closing = CLOSING[brackets[-1].type] if brackets else ""
    wanted = {name for name in expected if name == closing or name not in CLOSING.values()}
    words = sorted({_SHOWN[name] for name in wanted if name in _SHOWN})
    return f"expected {' or '.join(words)}" if words else None
