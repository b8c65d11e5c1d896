"""The words of the language that are no layers: what flows in, branches, turns, what is used again, what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ..errors import Span, SymparamsError, did_you_mean
from . import ir, syntax
from .calls import count
from .parameters import name_in
from .syntax import Node

Scope = frozenset[str]

# A size of an `aside` that is any.
ANY_SIZE = syntax.Name("_")


class Around(Protocol):
    """What a word needs of the program that it stands in: its names noted, and what stands in its braces linked."""

    def note_names(self, node: Node, scope: Scope) -> None: ...

    def output_name(self, name: Node, scope: Scope) -> Node: ...

    def body(self, items: Sequence[Node], scope: Scope) -> tuple[Node, ...]: ...


def put_out(call: syntax.Call) -> tuple[Node, ...]:
    """The names of the outputs that end a program."""
    _check_bodies(call, 0, 0)
    wrong = [argument for argument in call.arguments if name_in(argument) is None]
    if wrong or not call.arguments:
        span = wrong[0].span if wrong else call.span
        raise SymparamsError("'output' takes the names of outputs", span, "output(a, b)")
    return call.arguments


def _input(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    _check_bodies(call, 0, 0)
    layout = None
    shape = []
    for argument in call.arguments:
        if not isinstance(argument, syntax.Keyword):
            around.note_names(argument, scope)
            shape.append(argument)
            continue
        if argument.name != "layout":
            hint = did_you_mean(argument.name, ["layout"]) or "input(C, H, W, layout=channels_last)"
            raise SymparamsError(f"'input' has no argument {argument.name!r}", argument.span, hint)
        value = argument.value
        layout = getattr(value, "name", getattr(value, "value", ""))
        if layout not in ("channels_first", "channels_last"):
            raise SymparamsError("a layout is channels_first or channels_last", value.span)
    if not shape:
        raise SymparamsError("'input' needs a shape", span, "input(C, H, W)")
    return ir.Input(label, tuple(shape), layout, span=span)


def _merge(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    axis, others = None, []
    for argument in call.arguments:
        if isinstance(argument, syntax.Keyword) and argument.name == "axis" and call.name == "concat":
            axis = argument.value
            around.note_names(axis, scope)
        elif name_in(argument) and call.name != "residual":
            others.append(around.output_name(argument, scope))
        else:
            usage = "residual { f }" if call.name == "residual" else f"{call.name}(name) or {call.name} {{ }} {{ }}"
            raise SymparamsError(f"{call.name!r} takes branches or the names of outputs", argument.span, usage)
    if call.name == "residual":
        _check_bodies(call, 1, 2)
    elif others:
        _check_bodies(call, 0, 0)
    else:
        _check_bodies(call, 2, None)
    return ir.Merge(label, call.name, _bodies(around, call, scope), tuple(others), axis, span=span)


def _repeat(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    _check_bodies(call, 1, 1)
    if len(call.arguments) != 1 or isinstance(call.arguments[0], (syntax.Keyword, syntax.Splat)):
        raise SymparamsError("'repeat' takes one number: how often", span, "repeat(n) { ... }")
    around.note_names(call.arguments[0], scope)
    return ir.Repeat(label, call.arguments[0], _bodies(around, call, scope)[0], span=span)


def _freeze(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    _check_bodies(call, 1, 1)
    if call.arguments:
        raise SymparamsError("'freeze' takes no arguments", call.arguments[0].span, "freeze { ... }")
    return ir.Freeze(label, _bodies(around, call, scope)[0], span=span)


def _aside(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    _check_bodies(call, 1, 1)
    if label or not call.arguments or any(isinstance(a, (syntax.Keyword, syntax.Splat)) for a in call.arguments):
        raise SymparamsError("'aside' takes the shape that its layers are for", span, "aside(C, _, _) { ... }")
    for argument in call.arguments:
        if argument != ANY_SIZE:
            around.note_names(argument, scope)
    return ir.Aside(call.arguments, None, _bodies(around, call, scope)[0], span=span)


def _reuse(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    _check_bodies(call, 0, 0)
    if len(call.arguments) != 1 or name_in(call.arguments[0]) is None:
        raise SymparamsError("'reuse' takes the name of a layer or block", span, "reuse(conv1)")
    return ir.Reuse(label, around.output_name(call.arguments[0], scope), span=span)


def _output(around: Around, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node:
    fault = "'output' ends the program and has no name" if label else "'output' ends the program, not a part of it"
    raise SymparamsError(fault, span, "output(a, b) on the last line, with the names of outputs")


def _bodies(around: Around, call: syntax.Call, scope: Scope) -> tuple[tuple[Node, ...], ...]:
    return tuple(around.body(body.items, scope) for body in call.bodies)


def _check_bodies(call: syntax.Call, least: int, most: int | None) -> None:
    number = len(call.bodies)
    if number < least or (most is not None and number > most):
        if most == 0:
            wanted = "no { }"
        elif most is None:
            wanted = f"{count(least, 'branch')} {{ }} or more, or the names of outputs"
        else:
            wanted = count(least, "{ }") if least == most else f"{least} or {most} {{ }}"
        raise SymparamsError(f"{call.name!r} takes {wanted}", call.span)


Resolve = Callable[[Around, syntax.Call, "str | None", Span, Scope], Node]

# How each word is linked.
STRUCTURE: dict[str, Resolve] = {
    "input": _input,
    "residual": _merge,
    "add": _merge,
    "mul": _merge,
    "concat": _merge,
    "repeat": _repeat,
    "freeze": _freeze,
    "aside": _aside,
    "reuse": _reuse,
    "output": _output,
}
