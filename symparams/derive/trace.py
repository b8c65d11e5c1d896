"""One evaluation of a network that remembers, for each stage, the rule and the shapes that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .. import ir
from ..evaluate.expressions import Value
from ..evaluate.flow import Flow, Frame, Result
from ..evaluate.model import Shape, Stage
from ..evaluate.rules import Applied
from ..evaluate.symbols import Symbols
from ..library import standard_library
from ..network import Network
from ..syntax import Node, Rule


class Origin(NamedTuple):
    """Where a stage comes from: its rule with the names bound in it, None for a merge, and what flows in."""

    item: Node
    rule: Rule | None
    applied: Applied | None
    inputs: tuple[Shape, ...]


class Tracer(Flow):
    """Follows the flow and notes the origin of each stage."""

    def __init__(self, net: Network):
        program, known = net.program, net.symbols_
        super().__init__(
            program, standard_library(), Symbols(program.names, program.paddings, known.values, known.freed)
        )
        self.layouts: dict[str, str] = {}

    def item(self, item: Node, frame: Frame, shape: Shape | None) -> Result:
        after, made = super().item(item, frame, shape)
        if isinstance(item, (ir.Layer, ir.Block)):
            vars(made[-1])["given"] = self.arguments(item.arguments, frame.scope)
        return after, made

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        rule = None
        if applied is not None:
            rule = self.rules.get(stage.kind) or self.library.rule(stage.kind)
        vars(stage)["origin"] = Origin(item, rule, applied, tuple(inputs))
        return stage.output


def given_to(stage: Stage) -> dict[str, Value]:
    """The arguments that a layer or a block was given, as they were worked out."""
    found: dict[str, Value] = vars(stage).get("given", {})
    return found


def origin_of(stage: Stage) -> Origin | None:
    found: Origin | None = vars(stage).get("origin")
    return found
