"""One side of an equality as a tree: Lark with the grammar in `grammar/notes.lark`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple, Union

from lark import Lark, Transformer, v_args
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer as LarkLexer

from ..errors import SymparamsError
from ..language import kept
from ..language.parser import read_grammar
from .tokens import Mark

MAX_SIGNS = 6_000


class Literal(NamedTuple):
    """A number as it stands in the text."""

    sign: Mark


class Quoted(NamedTuple):
    """A name, or a function of something that is not opened: P_3, P(C, F)."""

    name: str


class Operated(NamedTuple):
    """An operation on its parts."""

    operation: str
    parts: tuple[Any, ...]


class JoinedParts(NamedTuple):
    """Summands or factors one after the other, with what joins each to those before it."""

    first: Any
    rest: tuple[tuple[str, Any], ...]


class Noted(NamedTuple):
    """What stands over a brace, and the token of what is written below it."""

    inside: Any
    note: Mark | None


Tree = Union[Literal, Quoted, Operated, JoinedParts, Noted]


class Unreadable(SymparamsError):
    """What is no mathematics that could be reckoned with."""


def read_side(signs: Sequence[Mark]) -> Tree:
    """The tree of one side. Raises Unreadable, also for what is too large."""
    if not signs:
        raise Unreadable("nothing stands there")
    if len(signs) > MAX_SIGNS:
        raise Unreadable(f"it has more than {MAX_SIGNS:,} signs")
    try:
        return _parser().parse(signs)  # type: ignore[return-value]
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        at_end = token is None or token.type == "$END"
        raise Unreadable("it breaks off" if at_end else f"'{token}' is not expected there") from None
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None


class _Given(LarkLexer):
    """The tokens are there already."""

    __future_interface__ = 1

    def __init__(self, conf: Any):
        pass

    def lex(self, state: Any, parser_state: Any) -> Iterator[Mark]:
        yield from state.text


@cache
def _parser() -> Lark:
    return Lark(
        read_grammar("notes.lark"),
        parser="lalr",
        lexer=_Given,
        transformer=_Builder(),
        maybe_placeholders=True,
        cache=kept.place("notes.lark") or False,
    )


def _operation(name: str) -> Callable[..., Tree]:
    return lambda self, *parts: Operated(name, tuple(p for p in parts if not isinstance(p, Mark)))


@v_args(inline=True)
class _Builder(Transformer[Any, Any]):
    """Makes the tree of each rule of the grammar as the parser recognises it."""

    def start(self, *items: Any) -> Tree:
        return _several(items)

    def sum(self, first: Tree, *rest: Any) -> Tree:
        return JoinedParts(first, tuple(zip(map(_kind, rest[::2]), rest[1::2])))

    def product(self, first: Tree, *rest: Any) -> Tree:
        joined: list[tuple[str, Any]] = []
        operator = ""
        for part in rest:
            if isinstance(part, Mark):
                operator = part.type
                continue
            last = joined[-1][1] if joined else first
            if not operator and isinstance(last, Quoted) and _is_tuple(part):
                called = Quoted(f"{last.name}({', '.join(map(spelled, part.parts))})")
                if joined:
                    joined[-1] = joined[-1][0], called
                else:
                    first = called
            else:
                joined.append((operator or "TIMES", part))
            operator = ""
        return JoinedParts(first, tuple(joined)) if joined else first

    def power(self, base: Tree, *rest: Any) -> Tree:
        *others, last = rest[1::2]
        for exponent in reversed(others):
            last = Operated("power", (exponent, last))
        return Operated("power", (base, last))

    raised_beside = power

    def literal(self, sign: Mark) -> Tree:
        return Literal(sign)

    def named(self, sign: Mark) -> Tree:
        return Quoted(str(sign))

    def bracket(self, left: Mark, *items: Any) -> Tree:
        return _several(items[:-1])

    def group(self, left: Mark, value: Tree, right: Mark) -> Tree:
        return value

    def same(self, sign: Mark, value: Tree) -> Tree:
        return value

    def function(self, name: Mark, *parts: Any) -> Tree:
        return Operated(str(name), tuple(p for p in parts if not isinstance(p, Mark)))

    def noted(self, *parts: Any) -> Tree:
        note = parts[-1] if isinstance(parts[-1], Mark) and parts[-1].type == "NOTED" else None
        return Noted(next(p for p in parts if not isinstance(p, Mark)), note)

    negative = _operation("negative")
    floor = _operation("floor")
    ceil = _operation("ceil")
    fraction = _operation("divided")
    root = _operation("sqrt")


def _kind(sign: Any) -> str:
    return sign.type


def _several(items: Sequence[Any]) -> Tree:
    values = tuple(item for item in items if not isinstance(item, Mark))
    return values[0] if len(values) == 1 else Operated("tuple", values)


def _is_tuple(tree: Tree) -> bool:
    return isinstance(tree, Operated) and tree.operation == "tuple"


def spelled(tree: Tree) -> str:
    """A tree as text, to tell calls of one function apart."""
    if isinstance(tree, Literal):
        return str(tree.sign)
    if isinstance(tree, Quoted):
        return tree.name
    return spelled(tree.inside) if isinstance(tree, Noted) else _spelled_parts(tree)


def _spelled_parts(tree: Tree) -> str:
    if isinstance(tree, JoinedParts):
        return spelled(tree.first) + "".join(f" {kind} {spelled(part)}" for kind, part in tree.rest)
    assert isinstance(tree, Operated)
    return f"{tree.operation}({', '.join(map(spelled, tree.parts))})"


def literals(tree: Tree) -> Iterator[Literal]:
    """The numbers of a tree in the order of the text."""
    if isinstance(tree, Literal):
        yield tree
    for part in parts_of(tree):
        yield from literals(part)


def names(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Quoted):
        yield tree.name
    for part in parts_of(tree):
        yield from names(part)


def braces(tree: Tree) -> Iterator[Noted]:
    if isinstance(tree, Noted):
        yield tree
    for part in parts_of(tree):
        yield from braces(part)


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    if isinstance(tree, JoinedParts):
        return (tree.first, *(part for _, part in tree.rest))
    if isinstance(tree, Operated):
        return tree.parts
    return (tree.inside,) if isinstance(tree, Noted) else ()
