"""Programs with one argument changed: what paddings, strides and output paddings would do where sizes do not meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..language import ir, syntax
from ..language.library import Library
from ..language.syntax import Node

MOST_CALLS = 20


class ArgumentKind(NamedTuple):
    """An argument of rules that may be changed, what it is called, and the numbers that are tried."""

    name: str
    noun: str
    tried: range


# In the order in which one of them is likely to be what is wrong.
KINDS_TRIED = (
    ArgumentKind("p", "a padding", range(0, 9)),
    ArgumentKind("s", "a stride", range(1, 5)),
    ArgumentKind("op", "an output padding", range(0, 4)),
)


class Change(NamedTuple):
    """A program that differs in one argument of one layer, and how that is said."""

    kind: ArgumentKind
    number: int
    call: ir.LayerCall
    program: ir.Program

    def __str__(self) -> str:
        return f"{self.kind.noun} of {self.number} in {self.call.label or self.call.span.text.strip()}"


def changes(program: ir.Program, library: Library, after: int | None = None) -> Iterator[Change]:
    """The changes of one argument that is a number, kind by kind; of the layers next to an offset of the text first.

    Without an offset the last layers come first. Of many layers only those that come first are tried.
    """
    calls = [node for item in program.body for node in item.walk() if isinstance(node, ir.LayerCall)]
    calls = [call for call in calls if any(_default(call, library, kind) is not None for kind in KINDS_TRIED)]
    calls.sort(key=lambda call: -call.span.start if after is None else abs(after - call.span.start))
    for kind in KINDS_TRIED:
        for call in calls[:MOST_CALLS]:
            yield from _of_call(program, library, call, kind)


def _default(call: ir.LayerCall, library: Library, kind: ArgumentKind) -> Node | None:
    """The default that an argument has; None where the layer has no such argument, or it has to be given."""
    if call.rule not in library.entries:
        return None
    return next((p.default for p in library.rule(call.rule).parameters if p.name == kind.name), None)


def _of_call(program: ir.Program, library: Library, call: ir.LayerCall, kind: ArgumentKind) -> Iterator[Change]:
    present = dict(call.arguments).get(kind.name, _default(call, library, kind))
    if present is None or not isinstance(present, (syntax.Number, syntax.Name)):
        return
    for number in kind.tried:
        if isinstance(present, syntax.Number) and present.value == number:
            continue
        node = syntax.Number(number, False, span=call.span)
        arguments = tuple((n, v) for n, v in call.arguments if n != kind.name)
        changed = call.replaced(arguments=(*arguments, (kind.name, node)))
        body = tuple(replaced(item, call, changed) for item in program.body)
        yield Change(kind, number, call, program.replaced(body=body))


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The tree with another node in the place of one of its nodes."""
    if node is old:
        return new
    fields = {name: _within(getattr(node, name), lambda part: replaced(part, old, new)) for name in node.fields}
    return node.replaced(**fields) if any(getattr(node, n) is not v for n, v in fields.items()) else node


def _within(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        parts = tuple(_within(part, change) for part in value)
        return value if all(a is b for a, b in zip(parts, value)) else parts
    return value
