"""What a line has changed: the figures before and after, the layers that were added."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from itertools import takewhile
from typing import Any

from ..api import Network
from ..errors import Source, display_width
from ..language import syntax
from ..language.parser import parse
from ..language.unparse import signature, unparse
from ..tables.printed import show_network, show_rows, totals
from .state import State, declares_only, starts_anew
from .typed_code import PROMPT

ONE_LINE = 76
LONGEST = 100
NOTHING = "no figure changes"


class Screen(StringIO):
    """Takes in what is printed; where `terminal` is true, tables are laid out for one, with its width and colours."""

    encoding = "utf-8"

    def __init__(self, terminal: bool):
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def printed(terminal: bool, show: Callable[..., None], *arguments: Any) -> str:
    """What a function prints, as text without blank lines around it."""
    screen = Screen(terminal)
    with redirect_stdout(screen):
        show(*arguments)
    return re.sub(r"\A(?: *\n)+|\s+\Z", "", screen.getvalue())


def shown_whole(state: State, terminal: bool) -> str:
    """The warnings and the table of a program; nothing while nothing flows in it."""
    if state.net is None:
        return ""
    return "\n".join([*_warnings(state.net), printed(terminal, show_network, state.net, 0)])


def added(before: State, after: State, text: str, terminal: bool) -> Iterator[str]:
    """What a piece of a program added: what it defines, or the new layers, and the figures that they change."""
    statements = parse(Source(PROMPT, text))
    if declares_only(statements):
        yield from (_DECLARED[type(statement)](statement) for statement in statements)
        if after.net and _figures(before.net) != _figures(after.net):
            yield from changes(before.net, after.net)
    elif starts_anew(statements, before):
        yield shown_whole(after, terminal)
    else:
        yield from grown(before, after, terminal)


def grown(before: State, after: State, terminal: bool) -> Iterator[str]:
    """What is new in a network that goes on from the one before; another one whole."""
    if not (after.net and before.net and _continues(before.net, after.net)):
        yield shown_whole(after, terminal)
        return
    yield from _warnings(after.net, before.net)
    known = len(before.net.input_shapes), sum(1 for _ in before.net.rows(0))
    rows = printed(terminal, show_rows, after.net, *known)
    if rows:
        yield rows + "\n"
    yield from changes(before.net, after.net, "" if rows else NOTHING)


def _defined(statement: Any) -> str:
    return f"{signature(statement.name, statement.parameters)} is defined"


_DECLARED: dict[type[syntax.Node], Callable[[Any], str]] = {
    syntax.Net: lambda net: f"the network is {signature(net.name, net.parameters)}",
    syntax.DialectStatement: lambda dialect: f"counted as {dialect.name} does",
    syntax.Use: lambda use: f"{use.path} is brought in",
    syntax.Definition: _defined,
    syntax.Rule: _defined,
    syntax.FunctionDefinition: _defined,
    syntax.Let: lambda let: f"{let.name} is {unparse(let.value)}",
    syntax.Assume: lambda assume: f"assumed: {unparse(assume.condition)}",
}


def _continues(before: Network, after: Network) -> bool:
    """Whether a network begins with the inputs and the layers of another."""
    inputs, old = list(before.input_shapes.items()), [layer.name for layer in before.rows(0)]
    new = [layer.name for layer in after.rows(0)]
    return list(after.input_shapes.items())[: len(inputs)] == inputs and new[: len(old)] == old


def _warnings(net: Network, before: Network | None = None) -> list[str]:
    known = [warning.message for warning in before.warnings] if before else []
    return [w.show("warning") for w in net.warnings if w.message not in known]


def changes(before: Network | None, after: Network | None, nothing: str = NOTHING) -> Iterator[str]:
    """The figures that are different, before and after, and new conditions; `nothing` where all is equal."""
    old, new = _figures(before), _figures(after)
    different = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    for name in different:
        yield from _change(name, old.get(name), new.get(name))
    met = [condition for condition in _conditions(after) if condition not in _conditions(before)]
    for number, condition in enumerate(met):
        yield f"{'' if number else 'valid when':<14} {condition}"
    if nothing and not different and not met:
        yield nothing


def _figures(net: Network | None) -> dict[str, str]:
    return {name: value for name, value in totals(net) if name not in ("", "valid when")} if net else {}


def _conditions(net: Network | None) -> list[str]:
    return [value for name, value in totals(net) if name in ("", "valid when")] if net else []


def _change(name: str, old: str | None, new: str | None) -> Iterator[str]:
    before, after = _shortened(old or "none", new or "none")
    if old is None:
        yield f"{name:<14} {after}"
    elif display_width(before) + display_width(after) <= ONE_LINE:
        yield f"{name:<14} {before} → {after}"
    else:
        yield f"{name:<14} {before}"
        yield f"{'→':>14} {after}"


def _shortened(before: str, after: str) -> tuple[str, str]:
    """Two formulas; where they are very long, without the terms that both begin with, and cut at the end."""
    start = 0
    if max(len(before), len(after)) > LONGEST:
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after)))
        start = max(0, _last_sign(before[:same]))
    return _cut(before, start), _cut(after, start)


def _cut(formula: str, start: int) -> str:
    """A formula from one of its terms on, and, where that is very long, to another."""
    rest = f"…{formula[start:]}" if start else formula
    if len(rest) <= LONGEST:
        return rest
    end = _last_sign(rest[:LONGEST])
    return f"{rest[: end if end > 1 else LONGEST].rstrip()} …"


def _last_sign(formula: str) -> int:
    """Where the last term of a formula begins, with its sign; -1 where there is one alone."""
    return max(formula.rfind(sign) for sign in (" + ", " − ", ", "))
