"""Text to syntax tree: Lark with the grammar in `grammar/symparams.lark`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
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


Children = Sequence[Any]


def _placed(make: Callable[..., Any], rule: str, children: Children, meta: None) -> Any:
    """What a rule makes of its children, with the place where it stands."""
    made = make(*children)
    if isinstance(made, Node):
        made.span = span_of(children)
        if rule in _LISTS or rule == "apply" or _is_bracketed_call(made):
            made.span = _with_brackets(made.span, rule in _LISTS)
    return made


def _is_bracketed_call(node: Node) -> bool:
    return isinstance(node, syntax.Call) and bool(node.arguments) and not node.bodies


def _with_brackets(span: Span, both: bool) -> Span:
    """The place of a node with the bracket behind it, with the one before it where it has one, too."""
    text, start, end = span.source.text, span.start, span.end
    while text[end : end + 1].isspace() or _sign(text, end) == ",":
        end += 1
    if not span.end or _sign(text, end) not in tuple(")]}"):
        return span
    while both and _sign(text, start) not in tuple("([{"):
        start -= 1
    return Span(span.source, start, end + 1)


# The rules that stand between brackets.
_LISTS = ("body", "section", "pattern", "tuple_", "list_")


@v_args(wrapper=_placed)
class _Builder(Transformer[Token, Any]):
    """Makes the node of each grammar rule as the parser recognises it. Lark looks the methods up by the rule's name.

    A rule without a method makes the node of its name. There is no state: the tokens know where they stand.
    """

    def __getattr__(self, rule: str) -> Callable[[Children], Any]:
        if not rule.islower():
            raise AttributeError(rule)
        kind = getattr(syntax, "".join(part.title() for part in rule.rstrip("_").split("_")))
        make = lambda *children: kind(*map(plain, children))
        return lambda children: _placed(make, rule, children, None)

    # Lists of children

    def start(self, *statements: Any) -> tuple[Node, ...]:
        return present(statements)

    def parameters(self, *children: Any) -> tuple[Node, ...]:
        return present(children)

    arguments = parameters

    def targets(self, *names: Token) -> _Located:
        return _Located(map(str, names), span_of(names))

    def words(self, *names: Token) -> Node:
        *words, kind = map(str, names)
        return syntax.Words(tuple(words), kind)

    def also(self, *names: Token) -> Node:
        return syntax.Also(tuple(map(str, names)))

    def spelling(self, framework: Token, *names: Any) -> Node:
        *classes, parameters, pattern = names
        return syntax.Spelling(str(framework), tuple(map(str, classes)), parameters or (), pattern)

    def body(self, *items: Any) -> Node:
        return syntax.Body(present(items))

    def section(self, *statements: Any) -> Node:
        return syntax.Section(present(statements))

    def pattern(self, *axes: Any) -> Node:
        return syntax.Pattern(present(axes))

    def tuple_(self, *items: Any) -> Node:
        return syntax.Tuple(present(items))

    def list_(self, *items: Any) -> Node:
        return syntax.List(present(items))

    def or_(self, *items: Node) -> Node:
        return syntax.Or(items)

    def and_(self, *items: Node) -> Node:
        return syntax.And(items)

    # Operators between operands

    def comparison(self, first: Node, *rest: Any) -> Node:
        return syntax.Comparison(first, pairs(rest))

    def addition(self, first: Node, *rest: Any) -> Node:
        return syntax.Addition(first, pairs(rest))

    def multiplication(self, first: Node, *rest: Any) -> Node:
        return syntax.Multiplication(first, pairs(rest))

    # Nodes with a shape of their own

    def net(self, name: Token, parameters: Any) -> Node:
        return syntax.Net(str(name), parameters or ())

    def function(self, name: Token, parameters: Any, value: Node) -> Node:
        return syntax.FunctionDefinition(str(name), parameters or (), value)

    def definition(self, name: Token, parameters: Any, pattern: Any, *inside: Node) -> Node:
        *memories, body = inside
        return syntax.Definition(str(name), parameters or (), pattern, tuple(memories), body)

    def rule(self, name: Token, parameters: Any, pattern: Any, *inside: Node) -> Node:
        *memories, section = inside
        return syntax.Rule(str(name), parameters or (), pattern, tuple(memories), section)

    def parameter(self, star: Token | None, name: Token, kind: Token | None, default: Node | None) -> Node:
        return syntax.Parameter(str(name), plain(kind), default, star is not None)

    def axis(self, star: Token | None, name: Token) -> Node:
        return syntax.Axis(str(name), star is not None)

    def call(self, name: Token, arguments: Any, *bodies: Node) -> Node:
        return syntax.Call(str(name), arguments or (), bodies)

    def apply(self, name: Token, arguments: Any) -> Node:
        return syntax.Apply(str(name), arguments or ())

    def splat(self, star: Token, value: Node) -> Node:
        return syntax.Splat(value)

    def weight(self, kind: Token, name: Token, index: Any, shape: Any, condition: Any, label: Token | None) -> Node:
        return syntax.Weight(str(kind), str(name), index, shape or (), condition, label and quoted(label))

    def why(self, figure: Token, *texts: Token) -> Node:
        return syntax.Why(str(figure), " ".join(map(quoted, texts)))

    def field(self, word: Token, name: Token | None, *window: Any) -> Node:
        return syntax.Field(name and str(name), window if name else ())

    # Literals, and what is another way to write something

    def number(self, token: Token) -> Node:
        digits = str(token).replace("_", "")
        mantissa, _, exponent = digits.lower().partition("e")
        if len(mantissa) > MAX_DIGITS or len(exponent) > 6 or abs(int(exponent or 0)) > MAX_DIGITS:
            raise LimitError(f"numbers of more than {MAX_DIGITS:,} digits are not read", span_of(token))
        if digits.isdecimal():
            return syntax.Number(int(digits), False)
        value = Fraction(digits)
        return syntax.Number(value.numerator if value.denominator == 1 else value, True)

    def text(self, token: Token) -> Node:
        return syntax.Text(quoted(token))

    def latex(self, name: Token, text: Token) -> Node:
        return syntax.LatexStatement(str(name), syntax.Text(quoted(text), span=span_of(text)))

    def root(self, sign: Token, value: Node) -> Node:
        return syntax.Apply("sqrt", (value,))

    def floored(self, left: Token, value: Node, right: Token) -> Node:
        return syntax.Apply("floor", (value,))

    def ceiled(self, left: Token, value: Node, right: Token) -> Node:
        return syntax.Apply("ceil", (value,))

    def divides(self, divisor: Node, sign: Token, dividend: Node) -> Node:
        return without_remainder(dividend, divisor, "!=" if sign == "∤" else "==")

    def whole(self, value: Node, sign: Token) -> Node:
        return without_remainder(value, syntax.Number(1, False), "!=" if sign[0] == "∉" else "==")

    def series(self, sign: Token, index: Token, first: Node, last: Node, term: Node) -> Node:
        return syntax.SigmaSum(str(index), first, last, term)

    def doc(self, text: Token) -> Node:
        return syntax.Doc(quoted(text))

    def build(self, target: Token, template: Token) -> Node:
        return syntax.Build(str(target), quoted(template))

    def example(self, text: Token) -> Node:
        return syntax.Example(quoted(text))

    def use(self, path: Token) -> Node:
        return syntax.Use(quoted(path))

    def require(self, condition: Node, message: Token | None) -> Node:
        return syntax.Require(condition, None if message is None else quoted(message))

    def truth(self, word: Token) -> Node:
        return syntax.Truth(word == "true")


def pairs(rest: Children) -> tuple[tuple[str, Node], ...]:
    """Operators with what stands behind them."""
    return tuple(zip(map(str, rest[::2]), rest[1::2]))


def without_remainder(dividend: Node, divisor: Node, relation: str) -> Node:
    """dividend % divisor == 0"""
    span = span_of((dividend, divisor))
    remainder = syntax.Multiplication(dividend, (("%", divisor),), span=span)
    return syntax.Comparison(remainder, ((relation, syntax.Number(0, False)),))


class _Located(tuple[str, ...]):
    """Names that remember where they stood."""

    span: Span

    def __new__(cls, names: Iterable[str], span: Span) -> _Located:
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
