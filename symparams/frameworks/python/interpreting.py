"""What the parts of the interpreter share, and how its loops and functions end."""

from __future__ import annotations

from typing import Any

from ...evaluate.domain import is_symbolic
from ...formula import text
from .code_objects import (
    PyClass,
    PyObject,
)


class Returned(Exception):
    def __init__(self, value: Any):
        self.value = value


class Broken(Exception):
    pass


class Continued(Exception):
    pass


class Interpreting:
    """The parts of the interpreter as each of them sees the others."""

    above: Any
    absent: Any
    assign: Any
    began: Any
    bind: Any
    bind_arguments: Any
    builtins: Any
    call: Any
    catches: Any
    compared: Any
    comprehended: Any
    contains: Any
    decorated: Any
    delete_item: Any
    depth: Any
    elements: Any
    forget: Any
    function: Any
    get_item: Any
    handled: Any
    imported: Any
    items: Any
    keep: Any
    kept: Any
    known: Any
    located: Any
    made: Any
    missing: Any
    operation: Any
    program: Any
    run: Any
    run_function: Any
    set_item: Any
    source: Any
    sources: Any
    span: Any
    statement: Any
    step: Any
    steps: Any
    strict: Any
    truth: Any
    unpack: Any
    value: Any
    until_stopped: Any
    with_unknown: Any
    without_packages: Any
    yielded: Any


def shown(value: Any) -> str:
    """A value in a message or a text."""
    if is_symbolic(value):
        return text.inline(value)
    if isinstance(value, PyObject):
        return f"a {value.kind.name}"
    if isinstance(value, PyClass):
        return value.name
    if isinstance(value, (int, float, str, type(None))):
        return str(value)
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(shown, value))})"
    return f"a {type(value).__name__}"
