"""Values on their way in and out: from Python, from `--set C=64`, into the text of a program."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from numbers import Integral, Rational
from typing import Any

from ..closed_forms.polynomial import whole
from ..errors import Source, SymparamsError
from ..evaluate.axes import Value
from ..evaluate.expressions import Scope, evaluate
from ..language import syntax
from ..language.characters import as_read
from ..language.parser import parse_expression


def exact(value: Any, name: str = "a value") -> Value:
    """A Python value as one of the language: floats as the decimal they print as, sympy's numbers as numbers.

    Raises SymparamsError for what is no value; `name` says in the message what was to have it.
    """
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (tuple, list)):
        return tuple(exact(item, name) for item in value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Rational):
        return whole(Fraction(int(value.numerator), int(value.denominator)))
    if isinstance(value, float) and value == value and abs(value) < float("inf"):
        return whole(Fraction(repr(value)))
    raise SymparamsError(
        f"{name} cannot be {value!r}: a value is a number, a tuple of numbers, a word or a truth value"
    )


def read_values(settings: Iterable[str]) -> dict[str, Value]:
    """Names and values from texts like `C=64,k=(3, 5)`. Raises SymparamsError where one is not a list of those."""
    settings = list(settings)
    if not settings:
        return {}
    text = ",".join(settings)
    try:
        call = parse_expression(Source("", f"set({text})"))
    except SymparamsError:
        call = None
    arguments = call.arguments if isinstance(call, syntax.Apply) else ()
    pairs: dict[str, Value] = {}
    for argument in arguments:
        if isinstance(argument, syntax.Keyword) and argument.name not in pairs:
            pairs[argument.name] = _set_value(argument)
    if not pairs or len(pairs) < len(arguments):
        fault = (
            "each name once" if arguments and all(isinstance(a, syntax.Keyword) for a in arguments) else "NAME=VALUE"
        )
        raise SymparamsError(f"--set takes {fault}, not {text!r}", None, "--set C=64,k=3")
    return pairs


def _set_value(argument: syntax.Keyword) -> Value:
    try:
        return evaluate(argument.value, Scope({}, missing=lambda name: name.name))
    except SymparamsError as error:
        raise SymparamsError(f"--set {argument.name}: {error.message}") from None


def read_names(lists: Iterable[str]) -> list[str]:
    """Names from texts like `w,n`."""
    return [name.strip() for names in lists for name in as_read(names).split(",") if name.strip()]


def literal(value: Value) -> syntax.Node:
    """The value of a word, a truth value, a number or a tuple of them as a program has it."""
    if isinstance(value, bool):
        return syntax.Truth(value)
    if isinstance(value, str):
        return syntax.Name(value)
    if isinstance(value, tuple):
        return syntax.Tuple(tuple(map(literal, value)))
    assert isinstance(value, (int, Fraction))
    size = syntax.Number(abs(value.numerator), False)
    signed: syntax.Node = syntax.Sign("-", size) if value < 0 else size
    if value.denominator == 1:
        return signed
    return syntax.Multiplication(signed, (("/", syntax.Number(value.denominator, False)),))
