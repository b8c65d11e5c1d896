"""How an exercise states its network: as a framework's code, as a plain list, or as a program of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ..core.values import literal
from ..derive.document import Code, Element, Listing
from ..derive.parts import walk
from ..errors import UsageFault, did_you_mean, listing
from ..evaluate.domain import is_symbolic
from ..frameworks.short_code import short_code
from ..language import ir, syntax
from ..language.dialects import DIALECTS
from ..language.unparse import signature, unparse
from .plain_list import PlainList, Unclear
from .question import Setting
from .wording import LIST, PROGRAM, STATEMENTS

# Longer code is not what is stated where nothing is said.
MOST_LINES = 45


def known_statement(word: str | None, dialect: str) -> str | None:
    """The word for a statement. Raises UsageFault for another, and for the code of another framework."""
    if word is not None and word not in STATEMENTS:
        hint = did_you_mean(word, STATEMENTS) or f"the words are {listing(STATEMENTS, 'or')}"
        raise UsageFault(f"a network is not stated as {word!r}", None, hint)
    if word in DIALECTS and word != dialect:
        fault = (
            f"the network counts as {DIALECTS[dialect].title} does, and code of {DIALECTS[word].title} counts otherwise"
        )
        raise UsageFault(fault, None, f"give the dialect {word} as well")
    return word


def statement(setting: Setting, word: str | None) -> Iterator[Element]:
    """The network. Raises UsageFault where it has no code that is asked for."""
    yield from _STATED.get(word or "", _usual)(setting)


def _usual(setting: Setting) -> Iterator[Element]:
    """Code where it is short, else a list."""
    code = None if setting.net.symbols else short_code(setting.net)
    if code and code.count("\n") <= MOST_LINES:
        yield Listing(code)
        return
    try:
        yield from list(PlainList(setting).told())
    except Unclear:
        yield Listing(unparse(_with_values(setting)))


def _code(setting: Setting) -> Iterator[Element]:
    title = DIALECTS[setting.net.dialect].title
    if setting.net.symbols:
        fault = f"code has numbers, and {listing(setting.net.symbols)} are symbols"
        raise UsageFault(fault, None, "--seed draws numbers, --set puts them in")
    code = short_code(setting.net)
    if code is None:
        fault = f"blocks, repeats and layers that {title} does not have are not stated as code"
        raise UsageFault(fault, None, "state it as a list, or as a program")
    yield Listing(code)


def _list(setting: Setting) -> Iterator[Element]:
    try:
        yield from list(PlainList(setting).told())
    except Unclear:
        fault = "a list does not show how this network flows"
        raise UsageFault(fault, None, "state it as a program") from None


def _program(setting: Setting) -> Iterator[Element]:
    yield Listing(unparse(_with_values(setting)))
    signatures = [Code(text) for text in _signatures(setting)]
    if signatures:
        yield setting.sentences_of(setting.say("exercise.defaults", layers=setting.listed(signatures)))


def _with_values(setting: Setting) -> ir.Program:
    """The program with the values of its parameters as their defaults, and without what is for LaTeX."""
    program = setting.net.program
    scope = setting.reader.tracer.scope.names

    def parameter(own: syntax.Parameter) -> syntax.Parameter:
        value = scope[own.name]
        default = literal(value) if not is_symbolic(value) else None if own.name in setting.net.symbols else own.default
        return syntax.Parameter(own.name, None, default, own.variadic)

    return program.replaced(parameters=tuple(map(parameter, program.parameters)), spellings=())


def _signatures(setting: Setting) -> list[str]:
    """The standard layers with their arguments and defaults, those that have any."""
    own = {rule.name for rule in setting.net.program.rules}
    parts = walk(setting.outline.parts)
    rules = {part.rule.name: part.rule for part in parts if part.rule and part.rule.name not in own}
    used = [rule for rule in rules.values() if any(p.default for p in rule.parameters)]
    return [signature(rule.name, rule.parameters) for rule in used]


def numbers(setting: Setting) -> dict[str, int | Fraction]:
    """The numbers that the parameters of the network and its symbols have."""
    net = setting.net
    bound = {**net.values, **setting.reader.tracer.scope.names}
    names = dict.fromkeys((*(p.name for p in net.program.parameters), *net.values))
    found = {name: bound.get(name) for name in names}
    return {n: v for n, v in found.items() if isinstance(v, (int, Fraction)) and not isinstance(v, bool)}


_STATED: dict[str, Callable[[Setting], Iterator[Element]]] = {
    **dict.fromkeys(DIALECTS, _code),
    LIST: _list,
    PROGRAM: _program,
}
