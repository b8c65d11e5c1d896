"""What the names in a question stand for: symbols first, then figures, layers and constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..api import Counts, Network
from ..core.layer import CoreLayer
from ..errors import SymparamsError, did_you_mean, meant_or_known
from ..evaluate.figures import LOOKED, OUTPUT
from ..evaluate.model import Shape
from ..language import syntax
from ..language.library import standard_library
from ..language.structure import STRUCTURE
from ..language.syntax import Node
from .limits import arithmetic
from .state import State
from .vocabulary import CONSTANTS, FIGURES, FUNCTIONS, STATEMENTS


class Meanings:
    """The names of a session; `value` works out the expressions that some of them stand for."""

    def __init__(self, state: State, value: Callable[[Node], Any] | None = None):
        self.state = state
        self.net = state.net
        self.value = value

    def look_up(self, node: syntax.Name) -> Any:
        """What a name stands for. Raises SymparamsError for one that means nothing here."""
        for kind in (self.symbol, self.figure, self.layer_named, self.input_shape, self.constant):
            found = kind(node.name)
            if found is not None:
                return found
        if node.name in FUNCTIONS:
            usage, does = FUNCTIONS[node.name]
            raise SymparamsError(f"{node.name!r} is a function: {does}", node.span, usage)
        if node.name in STATEMENTS:
            raise SymparamsError(f"{node.name!r} begins a statement", node.span, STATEMENTS[node.name])
        hint = did_you_mean(node.name, [*self.in_questions(), *self.layers_and_blocks()]) if node.name[1:] else None
        if self.net is None:
            hint = hint or "there is no network yet: start with input(C, H, W), or :load zoo:resnet50"
        raise SymparamsError(f"{node.name!r} is no symbol, figure or layer here", node.span, hint)

    def symbol(self, name: str) -> Any:
        """A symbol of the network, or the value that was put in for it or that the program gives it."""
        if self.net is None:
            return None
        if name in self.state.values:
            return self.state.values[name]
        if name in self.net.symbols:
            return self.net.symbols[name]
        definition = self.definitions().get(name)
        return self.value(definition) if definition and self.value else None

    def definitions(self) -> dict[str, Node]:
        """The parameters with a default, and the values that the program names."""
        program = self.state.program
        if program is None:
            return {}
        found = {p.name: p.default for p in program.parameters if p.default is not None}
        return {**found, **{item.name: item.value for item in program.body if isinstance(item, syntax.Let)}}

    def figure(self, name: str, of: Counts | None = None) -> Any:
        of = of or self.net
        if of is None or name not in FIGURES:
            return None
        if name in LOOKED:
            return of.along_axes(name)
        if name != OUTPUT.name:
            return of.quantity(name)
        shapes = of.output_shapes if isinstance(of, Network) else (of.output_shape,)  # type: ignore[attr-defined]
        return shapes[0] if len(shapes) == 1 else shapes

    def layer_named(self, name: str) -> CoreLayer | None:
        if self.net is None:
            return None
        return next((layer for layer in self.net.rows(name.count(".")) if layer.name == name), None)

    def input_shape(self, name: str) -> Shape | None:
        return self.net.input_shapes.get(name) if self.net else None

    def layer(self, name: str, node: Node) -> CoreLayer:
        found = self.layer_named(name)
        if found is None:
            raise SymparamsError(f"there is no layer {name!r}", node.span)
        return found

    def constant(self, name: str) -> Any:
        return arithmetic().CONSTANTS[name] if name in CONSTANTS else None

    def member(self, owner: Any, node: syntax.Member) -> Any:
        """A figure of a layer, the shape of one of its tensors, or a layer inside a block."""
        if not isinstance(owner, CoreLayer):
            raise SymparamsError("only layers have figures of their own", node.value.span)
        found = self.figure(node.name, owner)
        if found is None:
            found = next((t.shape for t in owner.tensors if t.name == node.name), None)
        if found is None:
            found = self.layer_named(f"{owner.name}.{node.name}")
        if found is None:
            hint = meant_or_known(node.name, self.members(owner.name), "it has")
            raise SymparamsError(f"{owner.name!r} has no {node.name!r}", node.span, hint)
        return found

    # Lists, for completion and for hints

    def in_questions(self) -> dict[str, str]:
        """The names that a question may hold, each with what it is."""
        layers = {row.name: row.layer for row in self.net.rows(0)} if self.net else {}
        figures = FIGURES if self.net else {}
        functions = {name: f"{usage}: {does}" for name, (usage, does) in FUNCTIONS.items()}
        found: dict[str, str] = {}
        for part in (self.values(), figures, layers, functions, CONSTANTS):
            found = {**found, **{name: meaning for name, meaning in part.items() if name not in found}}
        return found

    def values(self) -> dict[str, str]:
        """The names that stand for numbers: symbols, values, parameters."""
        if self.net is None:
            return {}
        given = {name: f"= {value}" for name, value in self.state.values.items()}
        named = dict.fromkeys(self.definitions(), "a value of the program")
        return {**named, **dict.fromkeys(self.net.symbols, "a symbol"), **given}

    def members(self, layer: str) -> dict[str, str]:
        """What can be asked of a layer, by name."""
        owner = self.layer_named(layer)
        if owner is None or self.net is None:
            return {}
        below = f"{layer}."
        inside = {
            row.name.removeprefix(below): row.layer
            for row in self.net.rows(below.count("."))
            if row.name.startswith(below)
        }
        return {**inside, **{tensor.name: "a tensor" for tensor in owner.tensors}, **FIGURES}

    def blocks(self) -> dict[str, syntax.Definition | syntax.Rule]:
        """The blocks and layers that the program itself defines."""
        program = self.state.program
        defined: list[syntax.Definition | syntax.Rule] = [*program.definitions, *program.rules] if program else []
        return {definition.name: definition for definition in defined}

    def layers_and_blocks(self) -> Iterator[str]:
        yield from (*STRUCTURE, *self.blocks(), *self.aliases(), *standard_library().names)

    def aliases(self) -> Iterator[str]:
        """Other names of the layers that the program defines."""
        for rule in self.state.program.rules if self.state.program else ():
            for statement in rule.section.statements:
                if isinstance(statement, syntax.Also):
                    yield from statement.names
