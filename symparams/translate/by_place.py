"""Arguments by their places, where a reader knows them without a name."""

from __future__ import annotations

from collections.abc import Sequence

from ..language import ir
from ..language.library import standard_library
from ..language.syntax import Node, Parameter
from .rebuilding import rebuilt


def by_place(program: ir.Program) -> ir.Program:
    """The program, to be written, with no names for first arguments and those that cannot be left out."""
    blocks = {definition.name: definition.parameters for definition in program.definitions}

    def change(node: Node) -> Node:
        if isinstance(node, ir.LayerCall) and node.spelled is None:
            return _nameless(node, standard_library().rule(node.rule).parameters)
        return _nameless(node, blocks[node.definition]) if isinstance(node, ir.Block) else node

    return rebuilt(program, change)


def _nameless(node: ir.LayerCall | ir.Block, parameters: Sequence[Parameter]) -> Node:
    given = dict(node.arguments)
    first: list[tuple[str, Node]] = []
    for parameter in parameters:
        if (first and parameter.default is not None) or parameter.variadic or parameter.name not in given:
            break
        first.append(("", given.pop(parameter.name)))
    return node.replaced(arguments=(*first, *given.items()))
