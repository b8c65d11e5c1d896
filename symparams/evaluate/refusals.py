"""What is said where a rule refuses an argument: which one is at fault, and what would do."""

from __future__ import annotations

from fractions import Fraction

from ..errors import Span, SymparamsError, listing
from ..formula import text
from ..language import ir, syntax
from .axes import Value
from .expressions import Scope
from .model import Shape
from .rules import Application, Refusal


def value_that_fits(
    error: SymparamsError,
    rule: syntax.Rule,
    arguments: dict[str, Value],
    shape: Shape,
    memories: dict[str, Shape],
    outer: Scope,
    layout: str,
) -> str | None:
    """The nearest number for an argument at fault with which the rule can be applied."""
    for name in error.names if isinstance(error, Refusal) else ():
        given = arguments.get(name)
        if not isinstance(given, (int, Fraction)) or isinstance(given, bool):
            continue
        wanted = Fraction(given)
        for value in sorted(range(2 * min(abs(int(wanted)), 200) + 8), key=lambda v: abs(v - wanted)):
            try:
                Application.of(rule, {**arguments, name: value}, shape, memories, outer, layout)
            except SymparamsError:
                continue
            return f"{name} = {value} would do"
    return None


def argument_at_fault(item: ir.LayerCall, error: SymparamsError) -> Span | None:
    """The place of the first argument that a refused condition speaks of."""
    names = error.names if isinstance(error, Refusal) else (error.span.text,) if error.span else ()
    return next((value.span for name, value in item.arguments if name.lstrip("*") in names), None)


def axes_hint(arguments: dict[str, Value], shape: Shape) -> str | None:
    """Which arguments have a value for each axis, where an error may come from their number."""
    several = [f"{name} has {len(value)} values" for name, value in arguments.items() if isinstance(value, tuple)]
    return f"{listing(several)}; the input is {text.shape(shape)}" if several else None
