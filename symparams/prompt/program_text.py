"""The program of a session as a text that gives the same network, with its values and its dialect in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..api import Network, from_source
from ..core.values import literal
from ..errors import Source, SymparamsError
from ..evaluate.axes import Value
from ..language import syntax
from ..language.parser import parse
from ..language.unparse import unparse
from ..tables.printed import totals
from .state import State, stretch

Edit = tuple[int, int, str]


def written(state: State, path: str) -> str:
    """The text to write to a file. Raises SymparamsError where a program cannot say what the session says."""
    text = state.text
    for start, end, new in sorted(_edits(state, path), reverse=True):
        text = text[:start] + new + text[end:]
    text = text.strip("\n") + "\n"
    if state.net and not _same(from_source(Source(path, text)), state.net):
        freed = ", ".join(state.freed) or "the values"
        raise SymparamsError(f"a program cannot say this of {freed}", None, f"give {freed} a value first")
    return text


def _same(one: Network, other: Network) -> bool:
    return list(totals(one)) == list(totals(other)) and one.dialect == other.dialect


def _edits(state: State, path: str) -> Iterator[Edit]:
    """What has to be changed in the text: the parameters with their values, the dialect, where other files are."""
    text = state.text
    statements = parse(Source(state.name, text))
    top = 0
    if state.values and not any(isinstance(statement, syntax.Net) for statement in statements):
        yield 0, 0, f"{_net_line('network', (), state)}\n"
    for statement in statements:
        start, end = stretch(text, statement)
        if isinstance(statement, syntax.Net):
            top = end
            yield start, end, _net_line(statement.name, statement.parameters, state)
        elif isinstance(statement, syntax.DialectStatement) and state.dialect:
            yield start, end, f"dialect {state.dialect}"
        elif isinstance(statement, syntax.Use):
            folder = os.path.dirname(os.path.abspath(path))
            used = os.path.join(os.path.dirname(os.path.abspath(state.name)), statement.path)
            yield start, end, f'use "{os.path.relpath(used, folder)}"'
    if state.dialect and not any(isinstance(statement, syntax.DialectStatement) for statement in statements):
        line = f"dialect {state.dialect}"
        yield top, top, f"\n{line}" if top else f"{line}\n"


def _net_line(name: str, parameters: tuple[syntax.Parameter, ...], state: State) -> str:
    """The line of the network, its parameters with the values put in, and what else was put in as one more of them."""
    known = {parameter.name for parameter in parameters}
    more = [f"{name}={_text(value)}" for name, value in state.values.items() if name not in known]
    all_of_them = ", ".join([*(_parameter(parameter, state) for parameter in parameters), *more])
    return f"net {name}({all_of_them})" if all_of_them else f"net {name}"


def _parameter(parameter: syntax.Parameter, state: State) -> str:
    if parameter.name in state.values:
        return f"{parameter.name}={_text(state.values[parameter.name])}"
    return parameter.name if parameter.name in state.freed else unparse(parameter)


def _text(value: Value) -> str:
    return unparse(literal(value))
