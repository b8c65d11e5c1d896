"""A layer's call where it stands in a network: its rule applied to what flows in, once for each that is alike."""

from __future__ import annotations

from ..errors import SymparamsError
from ..language import ir
from .axes import Value
from .expressions import Scope
from .following import Following
from .model import Guard, Shape
from .notes import of_layer
from .refusals import argument_at_fault, axes_hint, value_that_fits
from .rules import Application, Applied
from .spelled import conditions, said_by


def applied_layer(
    flow: Following, item: ir.LayerCall, shape: Shape, memories: dict[str, Shape], scope: Scope
) -> Applied:
    """What the layer's rule says here. Raises SymparamsError, with what would do where that is seen."""
    arguments = flow.arguments(item.arguments, scope)
    layout, framework = flow.layout, flow.program.dialect
    if item.spelled:
        layout, more = said_by(item.spelled, shape, layout, scope)
        arguments, framework = {**arguments, **more}, item.spelled.framework
    key = (item.rule, tuple(arguments.items()), shape, tuple(memories.items()), layout, framework)
    applied = flow.applied.get(key)
    if applied is None:
        applied = flow.applied[key] = _applied(flow, item, arguments, shape, memories, layout)
        if item.rule not in flow.rules:
            name = item.spelled.call.name if item.spelled else item.rule
            flow.note(of_layer(flow.library.rule(item.rule), name, shape, applied, flow.images, item.span))
    if item.spelled and item.spelled.sizes:
        same = conditions(item.spelled, applied.scope.names, shape, scope)
        guards = tuple(Guard(condition, item.rule) for condition in same if condition is not True)
        applied = applied._replace(guards=applied.guards + guards)
    return applied


def _applied(
    flow: Following,
    item: ir.LayerCall,
    arguments: dict[str, Value],
    shape: Shape,
    memories: dict[str, Shape],
    layout: str,
) -> Applied:
    own = flow.rules.get(item.rule)
    rule, outer = (own, flow.scope) if own else (flow.library.rule(item.rule), flow.library_scope)
    if item.spelled:
        outer = Scope({"dialect": item.spelled.framework}, outer)
    try:
        with flow.symbols.deciding() as decided:
            applied = Application.of(rule, arguments, shape, memories, outer, layout).result()
        noted = tuple(Guard(condition, rule.name) for condition in decided)
        return applied._replace(guards=applied.guards + noted) if noted else applied
    except SymparamsError as error:
        if error.position and error.span:
            error.notes.append(f"in the rule of {rule.name!r}, {error.span.source.name}")
        error.span = argument_at_fault(item, error) or item.span
        with flow.symbols.deciding():
            fit = value_that_fits(error, rule, arguments, shape, memories, outer, layout)
        error.hint = "; ".join(filter(None, (error.hint, fit))) or axes_hint(arguments, shape)
        raise
