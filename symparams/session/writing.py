"""The program of a session as a text that gives the same network, with its values and its dialect in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from .. import syntax
from ..errors import Source, SymparamsError
from ..evaluate.expressions import Value
from ..network import Network, from_source
from ..parsing import parse
from ..report.tables import totals
from ..unparse import unparse
from ..values import literal
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
    """What has to be changed in the text: parameters, values by `let`, the dialect, where other files are."""
    text = state.text
    statements = parse(Source(state.name, text))
    parameters: set[str] = set()
    top = 0
    for statement in statements:
        start, end = stretch(text, statement)
        if isinstance(statement, syntax.Net):
            parameters = {parameter.name for parameter in statement.parameters}
            top = end
            yield start, end, _net_line(statement, state)
        elif isinstance(statement, syntax.Dialect) and state.dialect:
            yield start, end, f"dialect {state.dialect}"
        elif isinstance(statement, syntax.Use):
            folder = os.path.dirname(os.path.abspath(path))
            used = os.path.join(os.path.dirname(os.path.abspath(state.name)), statement.path)
            yield start, end, f'use "{os.path.relpath(used, folder)}"'
    if state.dialect and not any(isinstance(statement, syntax.Dialect) for statement in statements):
        line = f"dialect {state.dialect}"
        yield top, top, f"\n{line}" if top else f"{line}\n"
    lets = [f"let {name} = {_text(value)}\n" for name, value in state.values.items() if name not in parameters]
    if lets:
        first = _first_of_network(text, statements)
        yield first, first, "".join(lets)


def _first_of_network(text: str, statements: tuple[syntax.Node, ...]) -> int:
    """Where the line of the first statement begins that is no definition: values have to stand above it."""
    above = (syntax.Net, syntax.Dialect, syntax.Use, syntax.Definition, syntax.Function, syntax.Rule)
    first = next(statement for statement in statements if not isinstance(statement, above))
    return text.rfind("\n", 0, first.span.start) + 1


def _net_line(net: syntax.Net, state: State) -> str:
    parameters = ", ".join(_parameter(parameter, state) for parameter in net.parameters)
    return f"net {net.name}({parameters})" if parameters else f"net {net.name}"


def _parameter(parameter: syntax.Parameter, state: State) -> str:
    if parameter.name in state.values:
        return f"{parameter.name}={_text(state.values[parameter.name])}"
    return parameter.name if parameter.name in state.freed else unparse(parameter)


def _text(value: Value) -> str:
    return unparse(literal(value))
