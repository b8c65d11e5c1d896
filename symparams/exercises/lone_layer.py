"""A layer of a network on its own, with other arguments or for another input."""

from __future__ import annotations

from collections.abc import Mapping

from ..core.network import CoreNetwork
from ..core.trace import Origin
from ..core.values import literal
from ..evaluate.axes import Value
from ..evaluate.domain import is_symbolic
from ..evaluate.model import Shape
from ..language import ir, syntax
from .question import NoQuestion

Arguments = Mapping[str, Value]


def arguments_of_layer(origin: Origin) -> dict[str, Value]:
    """All arguments of a layer, those with their defaults too."""
    assert origin.applied is not None
    names = origin.applied.scope.names
    return {parameter.name: names[parameter.name] for parameter in origin.parameters if parameter.name in names}


def may_stand_alone(net: CoreNetwork, origin: Origin) -> bool:
    """Whether a standard layer of numbers reads one flow, with weights of its own."""
    item = origin.item
    if not isinstance(item, ir.LayerCall) or item.memories or item.tied or len(origin.inputs) != 1:
        return False
    if item.rule in {rule.name for rule in net.program.rules}:
        return False
    return not _holds_symbols((*origin.inputs[0], *arguments_of_layer(origin).values()))


def _holds_symbols(value: Value) -> bool:
    return any(map(_holds_symbols, value)) if isinstance(value, tuple) else is_symbolic(value)


def alone(net: CoreNetwork, origin: Origin, changed: Arguments, inflow: Shape | None = None) -> CoreNetwork:
    """A layer as a network, with some arguments changed. Raises SymparamsError where it takes no such."""
    item = origin.item
    if not isinstance(item, ir.LayerCall):
        raise NoQuestion("only a layer stands alone")
    arguments = {**dict(origin.arguments), **changed}
    bound = tuple((name, literal(value)) for name, value in arguments.items())
    shape: tuple[syntax.Node, ...] = tuple(map(literal, inflow or origin.inputs[0]))
    layout = net.evaluated.layout
    body = (ir.Input(None, shape, layout), ir.LayerCall(None, item.rule, bound, (), None, None))
    program = net.program.replaced(
        name=None,
        parameters=(),
        definitions=(),
        body=body,
        outputs=(),
        spellings=(),
        names=frozenset(),
        paddings=frozenset(),
        shown=(),
    )
    return CoreNetwork(program)
