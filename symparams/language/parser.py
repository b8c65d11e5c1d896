"""Text to syntax tree: Lark with the grammar in `grammar/symparams.lark`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from ..errors import NOWHERE, LimitError, Source, Span, printable
from . import characters, kept, syntax
from .lexer import Lexer, TokenReading, WordToken
from .syntax import Node
from .syntax_errors import explained

MAX_SOURCE = 2_000_000
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


def parse_question(source: Source) -> Node:
    """One expression that is asked at the prompt: it may name what belongs to a layer, as `conv1.params` does, and be
    written as the tool prints it."""
    return _parse(source, "expr", asked=True)


def grammar_folder() -> str:
    """Where the language lives: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "grammar")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "grammar")


def read_grammar(*path: str) -> str:
    with open(os.path.join(grammar_folder(), *path), encoding="utf-8") as file:
        return file.read()


def _parse(source: Source, start: str, asked: bool = False) -> Any:
    reading = TokenReading(source, asked)
    try:
        return _parser().parse(reading, start=start)
    except UnexpectedInput as error:
        raise explained(error, reading) from None


@cache
def _parser() -> Lark:
    return Lark(
        read_grammar("symparams.lark"),
        parser="lalr",
        lexer=Lexer,
        start=["start", "expr"],
        transformer=_Builder(),
        maybe_placeholders=True,
        cache=kept.place("tables.lark") or False,
    )


Children = list[Any]


class _Builder:
    """Makes the node of each grammar rule as the parser recognises it. Lark looks the methods up by the rule's name.

    It has no state: the tokens know where they stand.
    """

    def __getattr__(self, rule: str) -> Callable[[Children], Any]:
        if not rule.islower():
            raise AttributeError(rule)
        kind = getattr(syntax, "".join(part.title() for part in rule.rstrip("_").split("_")))

        def build(children: Children) -> Node:
            return self.make(kind, children, *map(plain, children))

        return build

    def make(self, kind: type[Node], children: Children, *values: Any) -> Node:
        return kind(*values, span=span_of(children))

    def bracketed(self, kind: type[Node], children: Children, *values: Any) -> Node:
        """A node that ends with a bracket, and begins with one where its class is a list of things."""
        node = self.make(kind, children, *values)
        text, span = node.span.source.text, node.span
        end = span.end
        while text[end : end + 1].isspace() or _sign(text, end) == ",":
            end += 1
        if span.end and _sign(text, end) in tuple(")]}"):
            start = span.start
            while kind in _LISTS and _sign(text, start) not in tuple("([{"):
                start -= 1
            node.span = Span(span.source, start, end + 1)
        return node

    # Lists of children

    def start(self, children: Children) -> tuple[Node, ...]:
        return present(children)

    def parameters(self, children: Children) -> tuple[Node, ...]:
        return present(children)

    arguments = parameters

    def targets(self, children: Children) -> _Located:
        return _Located((str(c) for c in children), span_of(children))

    def words(self, children: Children) -> Node:
        *names, kind = children
        return self.make(syntax.Words, children, tuple(map(str, names)), plain(kind))

    def also(self, children: Children) -> Node:
        return self.make(syntax.Also, children, tuple(map(str, children)))

    def body(self, children: Children) -> Node:
        return self.bracketed(syntax.Body, children, present(children))

    def section(self, children: Children) -> Node:
        return self.bracketed(syntax.Section, children, present(children))

    def pattern(self, children: Children) -> Node:
        return self.bracketed(syntax.Pattern, children, present(children))

    def tuple_(self, children: Children) -> Node:
        return self.bracketed(syntax.Tuple, children, present(children))

    def list_(self, children: Children) -> Node:
        return self.bracketed(syntax.List, children, present(children))

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
        return self.make(syntax.FunctionDefinition, children, str(name), parameters or (), value)

    def definition(self, children: Children) -> Node:
        name, parameters, pattern, *memories, body = children
        return self.make(syntax.Definition, children, str(name), parameters or (), pattern, tuple(memories), body)

    def rule(self, children: Children) -> Node:
        name, parameters, pattern, *memories, section = children
        return self.make(syntax.Rule, children, str(name), parameters or (), pattern, tuple(memories), section)

    def parameter(self, children: Children) -> Node:
        star, name, kind, default = children
        return self.make(syntax.Parameter, children, str(name), plain(kind), default, star is not None)

    def axis(self, children: Children) -> Node:
        star, name = children
        return self.make(syntax.Axis, children, str(name), star is not None)

    def call(self, children: Children) -> Node:
        name, arguments, *bodies = children
        make = self.bracketed if arguments and not bodies else self.make
        return make(syntax.Call, children, str(name), arguments or (), tuple(bodies))

    def apply(self, children: Children) -> Node:
        name, arguments = children
        return self.bracketed(syntax.Apply, children, str(name), arguments or ())

    def splat(self, children: Children) -> Node:
        return self.make(syntax.Splat, children, children[1])

    def weight(self, children: Children) -> Node:
        kind, name, index, shape, condition = children
        return self.make(syntax.Weight, children, str(kind), str(name), index, shape or (), condition)

    def field(self, children: Children) -> Node:
        _, name, *window = children
        return self.make(syntax.Field, children, name and str(name), tuple(window) if name else ())

    # Literals, and what is another way to write something

    def number(self, children: Children) -> Node:
        span = span_of(children)
        digits = str(children[0]).replace("_", "")
        mantissa, _, exponent = digits.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or len(exponent) > 6 or abs(int(exponent or 0)) > MAX_DIGITS:
            raise LimitError(f"numbers of more than {MAX_DIGITS:,} digits are not read", span)
        if digits.isdecimal():
            return syntax.Number(int(digits), False, span=span)
        value = Fraction(digits)
        return syntax.Number(value.numerator if value.denominator == 1 else value, True, span=span)

    def text(self, children: Children) -> Node:
        return self.make(syntax.Text, children, quoted(children[0]))

    def latex(self, children: Children) -> Node:
        name, text = children
        return self.make(syntax.LatexStatement, children, str(name), self.text([text]))

    def root(self, children: Children) -> Node:
        return self.make(syntax.Apply, children, "sqrt", (children[-1],))

    def floored(self, children: Children) -> Node:
        return self.make(syntax.Apply, children, "floor", (children[1],))

    def ceiled(self, children: Children) -> Node:
        return self.make(syntax.Apply, children, "ceil", (children[1],))

    def divides(self, children: Children) -> Node:
        divisor, sign, dividend = children
        return self.without_remainder(children, dividend, divisor, "!=" if sign == "∤" else "==")

    def whole(self, children: Children) -> Node:
        value, sign = children
        return self.without_remainder(children, value, syntax.Number(1, False), "!=" if sign[0] == "∉" else "==")

    def without_remainder(self, children: Children, dividend: Node, divisor: Node, relation: str) -> Node:
        """dividend % divisor == 0"""
        remainder = self.make(syntax.Multiplication, children, dividend, (("%", divisor),))
        return self.make(syntax.Comparison, children, remainder, ((relation, syntax.Number(0, False)),))

    def series(self, children: Children) -> Node:
        _, index, first, last, term = children
        return self.make(syntax.SigmaSum, children, str(index), first, last, term)

    def doc(self, children: Children) -> Node:
        return self.make(syntax.Doc, children, quoted(children[0]))

    def build(self, children: Children) -> Node:
        target, template = children
        return self.make(syntax.Build, children, str(target), quoted(template))

    def example(self, children: Children) -> Node:
        return self.make(syntax.Example, children, quoted(children[0]))

    def use(self, children: Children) -> Node:
        return self.make(syntax.Use, children, quoted(children[0]))

    def require(self, children: Children) -> Node:
        condition, message = children
        return self.make(syntax.Require, children, condition, None if message is None else quoted(message))

    def truth(self, children: Children) -> Node:
        return self.make(syntax.Truth, children, str(children[0]) == "true")


_LISTS = (syntax.Body, syntax.Section, syntax.Pattern, syntax.Tuple, syntax.List)


class _Located(tuple[str, ...]):
    """Names that remember where they stood."""

    span: Span

    def __new__(cls, names: Iterator[str], span: Span) -> _Located:
        located = super().__new__(cls, tuple(names))
        located.span = span
        return located


def quoted(token: str) -> str:
    """What stands between quotes, as it may be shown."""
    return printable(token[1:-1])


def plain(child: Any) -> Any:
    return str(child) if isinstance(child, Token) else tuple(child) if isinstance(child, _Located) else child


def span_of(child: Any) -> Span:
    """Where a child of a rule stands, or several of them from the first to the last; NOWHERE for what has no place."""
    if isinstance(child, (WordToken, Node, _Located)):
        return child.span
    first = last = NOWHERE
    for item in child if isinstance(child, (list, tuple)) else ():
        span = span_of(item)
        if span.end:
            first, last = first if first.end else span, span
    return first if first is last else Span(first.source, first.start, last.end)


def _sign(text: str, place: int) -> str:
    character = text[place : place + 1]
    return characters.LOOK_ALIKES.get(character, character)


def present(children: Children) -> tuple[Any, ...]:
    return tuple(child for child in children if child is not None)


# Syntax errors
