"""Highlighting for Pygments, from the grammar: its keywords, its terminals, its operators.

The package registers the lexer, so that documents highlight `arch` blocks and `.arch` files as well as the prompt does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pygments.lexer import RegexLexer, include, words
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

from ..language.characters import read
from ..language.lexer import INDICES, RESERVED
from ..language.parser import read_grammar

_GRAMMAR = read_grammar("symparams.lark")
_RULES = re.sub(r"^//.*|: /.*/$", "", _GRAMMAR, flags=re.M)
_LITERALS = set(re.findall(r'"([^"\s]+)"', _RULES))
_WORDS = {literal for literal in _LITERALS if literal.isidentifier()}
_BRACKETS = set("()[]{},")
_OPERATORS = _LITERALS - _WORDS - _BRACKETS


def _terminal(name: str) -> str:
    """The regular expression of a terminal in the grammar."""
    found = re.search(rf"^{name}: /(.*)/$", _GRAMMAR, re.M)
    assert found
    return found.group(1)


_NAME = _terminal("NAME")
# Where a word may be a name as well, it is a keyword where something follows that it can begin.
_BEGINS = r"(?=[ \t]+[^\W\d]|[ \t]+[\"'(*]|[ \t]*\{|[ \t]+\d)"
_LOGIC = {"and", "or", "not"}
_TRUTH = {"true", "false"}


class ArchLexer(RegexLexer):
    """Networks and layer rules in the language of symparams."""

    name = "symparams"
    url = "https://pypi.org/project/symparams/"
    aliases = ("arch", "symparams")
    filenames = ("*.arch",)
    mimetypes = ("text/x-symparams",)
    flags = re.UNICODE

    tokens = {  # noqa: RUF012
        # Where a statement or a layer begins
        "root": [
            (r"\n", Whitespace),
            include("blank"),
            (r"else\b", Keyword),
            (words(sorted(RESERVED - _LOGIC - _TRUTH), r"\b", r"\b"), Keyword, "expression"),
            (words(sorted(_WORDS - RESERVED), r"\b", r"\b" + _BEGINS), Keyword, "expression"),
            (rf"{_NAME}(?={INDICES}[ \t]*:)", Name.Label),
            (r"\[", Punctuation, "brackets"),
            (":", Punctuation),
            (_NAME, Name.Function, "expression"),
            (r"->|[{}]", Punctuation),
            ("", Whitespace, "expression"),
        ],
        "expression": [
            (r"\n", Whitespace, "#pop"),
            (r"->|[{}]", Punctuation, "#pop"),
            include("parts"),
        ],
        "brackets": [
            (r"\n", Whitespace),
            (r"[)\]]", Punctuation, "#pop"),
            (rf"{_NAME}(?=[ \t]*=(?!=))", Name.Attribute),
            include("parts"),
        ],
        "parts": [
            include("blank"),
            (words(sorted(_TRUTH), r"\b", r"\b"), Keyword.Constant),
            (words(sorted(_LOGIC), r"\b", r"\b"), Operator.Word),
            (words(sorted({*RESERVED, "on", "in"} - _LOGIC - _TRUTH), r"\b", r"\b"), Keyword),
            (_terminal("STRING"), String),
            (_terminal("NUMBER"), Number),
            (rf"{_NAME}(?=\()", Name.Function),
            (_NAME, Name),
            (words(sorted(_OPERATORS, key=len, reverse=True)), Operator),
            (r"[(\[]", Punctuation, "brackets"),
            (r"[)\]{},]", Punctuation),
        ],
        "blank": [(_terminal("BLANK"), Whitespace), (_terminal("COMMENT"), Comment.Single)],
    }

    def get_tokens_unprocessed(self, text: str, stack: Any = ("root",)) -> Iterator[tuple[int, Any, str]]:
        """The tokens of the text as it is read, with what stands in their places in the text as it was written."""
        reading, done = read(text), 0
        for place, kind, value in super().get_tokens_unprocessed(reading.text, stack):
            end = reading.ends[place + len(value)]
            if end > done:
                yield done, kind, text[done:end]
                done = end
