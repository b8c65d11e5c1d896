"""Whether a text is Python code that may have a network, and whether it goes on: by its syntax tree and its tokens."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from textwrap import dedent
from typing import NamedTuple

# How far code is looked at that is wrong somewhere.
MAX_LOOKED_AT = 8_000
MAX_STATEMENTS_LOOKED_AT = 60

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINES = (ast.Import, ast.ImportFrom, *DEFINITIONS)
ASSIGNS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_HAS_BODY = (*DEFINITIONS, ast.For, ast.While, ast.If, ast.With, ast.Try)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_LAYOUT = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
_LONG_QUOTES = ('"""', "'''")
# What makes a statement of a line: a body, or what a decorator stands before; of a class that is cut, a colon too.
_BODY, _DECORATED, _CUT = " pass", "\nclass _: pass", ": pass"


def tree_of(text: str) -> ast.Module | None:
    """The syntax tree of a text; None where it is no Python."""
    with warnings.catch_warnings(), suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        warnings.simplefilter("ignore")
        return ast.parse(text)
    return None


def is_code(text: str) -> bool:
    """Whether a text is Python, with a statement in it that no program of the language has."""
    tree = tree_of(text)
    return tree is not None and (text.lstrip().startswith(_LONG_QUOTES) or any(map(_is_pythons, tree.body)))


def is_meant_as_code(text: str) -> bool:
    """Whether a text that is wrong somewhere has a line that Python alone has."""
    lines = islice(_logical_lines(text[:MAX_LOOKED_AT]), MAX_STATEMENTS_LOOKED_AT)
    return any(is_code(f"{line.text}{more}") for line in lines for more in _lacking(line))


def begins_as_code(text: str) -> bool:
    """Whether the first statement of a text is one that Python alone has, or the text at the head of a file."""
    line = next(_logical_lines(text[:MAX_LOOKED_AT]), LogicalLine("", True))
    tree = tree_of(line.text)
    is_text = tree is not None and bool(tree.body) and ast.get_docstring(tree) is not None
    return any(is_code(f"{line.text}{more}") for more in _lacking(line)) or (is_text and is_meant_as_code(text))


def line_at_fault(text: str) -> int:
    """The line in which a text is no Python."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return text.count("\n") + 1


def is_bare_sequence(text: str) -> bool:
    """Whether a text is a call of Sequential and nothing else: a model, where nothing flows into it."""
    tree = tree_of(text)
    call = tree.body[0].value if tree and len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "Sequential"


@lru_cache(maxsize=4)
def code_goes_on(text: str) -> bool:
    """Whether Python would wait for more of what may become code: for a bracket, or the empty line after a body."""
    last = next(reversed(list(_logical_lines(text))), LogicalLine("", True))
    if not last.ends:
        return any(quotes in text for quotes in _LONG_QUOTES) or is_meant_as_code(text)
    if not text.rpartition("\n")[2].strip():
        return False
    whole = dedent(text)
    tree = tree_of(whole)
    if tree is None and tree_of(f"{whole}{_BODY}") is not None:
        return True
    if tree is None:
        return any(_lacking(last)) or ("\n" in text and is_meant_as_code(text))
    is_meant = "\n" in text or any(map(_is_pythons, tree.body))
    return is_meant and bool(tree.body) and isinstance(tree.body[-1], _HAS_BODY)


def _is_pythons(statement: ast.stmt) -> bool:
    """Whether a statement is one that the language does not have."""
    if isinstance(statement, _DEFINES):
        return True
    if isinstance(statement, ASSIGNS):
        return statement.value is not None and any(map(_makes, ast.walk(statement.value)))
    return any(_is_pythons(inner) for inner in ast.iter_child_nodes(statement) if isinstance(inner, ast.stmt))


def _makes(node: ast.AST) -> bool:
    """Whether this calls a class, or what a module or an object has; the language's own functions are small words."""
    if not isinstance(node, ast.Call):
        return False
    return not isinstance(node.func, ast.Name) or node.func.id[:1].isupper()


class LogicalLine(NamedTuple):
    """A line of Python, which may go over several where brackets are open, and whether it ends in its text."""

    text: str
    ends: bool


def _lacking(line: LogicalLine) -> list[str]:
    """What makes a statement of a line, one of which is nothing where it is one."""
    makings = ("", _BODY, _DECORATED) if line.ends else ("", _CUT) if line.text.startswith("class ") else ("",)
    return [more for more in makings if tree_of(f"{line.text}{more}") is not None][:1]


def _logical_lines(text: str) -> Iterator[LogicalLine]:
    """The lines of a text as Python has them; one that does not end is closed behind its first and its last bracket."""
    lines = text.split("\n")
    began, end = 0, (0, 0)
    cuts: list[tuple[tuple[int, int], str]] = []
    opened: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in _LAYOUT:
                continue
            if token.type == tokenize.NEWLINE:
                yield LogicalLine(_stretch(lines, began, end), True)
                began, cuts = 0, []
                continue
            began, end = began or token.start[0], token.end
            if token.string in _CLOSING:
                opened.append(_CLOSING[token.string])
            elif opened and token.string == opened[-1]:
                opened.pop()
            if token.string == "," or token.string in _CLOSING:
                cuts = [*cuts[:1], (token.end, "".join(reversed(opened)))]
    except (tokenize.TokenError, SyntaxError) as error:
        if "EOF" in str(error) or "triple-quoted" in str(error):
            closed = [_stretch(lines, began, end) + closing for end, closing in cuts if began]
            yield from (LogicalLine(line, False) for line in closed or [""])


def _stretch(lines: Sequence[str], first: int, end: tuple[int, int]) -> str:
    """The lines from one to a place, without what they are moved in by."""
    *whole, last = lines[first - 1 : end[0]] or [""]
    return "\n".join([*whole, last[: end[1]]]).strip()
