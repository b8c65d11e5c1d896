"""Several runs of stages that differ in their arguments alone, as one with places for these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..language import ir
from ..language.elaborate import WORDS
from ..language.library import standard_library
from ..language.syntax import Name, Node, Parameter, Tuple
from ..language.unparse import unparse
from .rebuilding import label_of, names_read

Bound = tuple[tuple[str, Node], ...]

# What the hole for an output from outside of the runs is called.
SKIP = "skip"


class Hole(Node):
    """A place for an argument: its name, its value in each of the runs, and the one that it has where none is given."""

    argument: str
    values: tuple[Node, ...]
    usual: Node | None


class Unlike(Exception):
    """Runs that differ in more than their arguments."""


def form(value: Any) -> Any:
    """What runs that are alike have in common: all but their arguments and the names that nothing reads."""
    if isinstance(value, (ir.LayerCall, ir.Block)):
        name = value.rule if isinstance(value, ir.LayerCall) else value.definition
        return type(value).__name__, name, len(value.memories), getattr(value, "tied", None), _spelling(value)
    if isinstance(value, Node):
        given = ("label", "others", "count" if isinstance(value, ir.Repeat) else "")
        own = (getattr(value, field) for field in value.fields if field not in given)
        return type(value).__name__, len(getattr(value, "others", ())), *map(form, own)
    return tuple(map(form, value)) if isinstance(value, tuple) else value


def _spelling(node: ir.LayerCall | ir.Block) -> Any:
    return node.spelled.call if isinstance(node, ir.LayerCall) and node.spelled else None


class Alike:
    """Puts runs together; `definitions` are the blocks whose parameters have defaults.

    A name of an output is kept where all runs have it, and given up where none reads its own.
    """

    def __init__(self, runs: Sequence[tuple[Node, ...]], definitions: Mapping[str, Sequence[Parameter]]):
        self.definitions = definitions
        self.read = set(names_read([node for run in runs for node in run]))
        self.own = {label_of(inner) for run in runs for node in run for inner in node.walk()}
        self.common: Any = self.one_of(runs)

    def one_of(self, values: Sequence[Any]) -> Any:
        """What all values have in common. Raises Unlike."""
        first = values[0]
        if any(type(value) is not type(first) for value in values):
            raise Unlike
        if isinstance(first, tuple):
            if any(len(value) != len(first) for value in values):
                raise Unlike
            return tuple(map(self.one_of, zip(*values)))
        if isinstance(first, Node):
            return self.one_node(values)
        if any(value != first for value in values):
            raise Unlike
        return first

    def one_node(self, nodes: Sequence[Any]) -> Node:
        first = nodes[0]
        fields: dict[str, Any] = {}
        for name in first.fields:
            values = [getattr(node, name) for node in nodes]
            if name == "label" and any(value != values[0] for value in values):
                if self.read.intersection(values):
                    raise Unlike
                fields[name] = None
            elif name == "arguments" and isinstance(first, (ir.LayerCall, ir.Block)):
                fields[name] = self.arguments(nodes)
            elif name in ("others", "memories"):
                fields[name] = self.outputs(values)
            elif name == "count" and isinstance(first, ir.Repeat):
                fields[name] = self.argument("n", values)
            else:
                fields[name] = self.one_of(values)
        return first.replaced(**fields)

    def arguments(self, nodes: Sequence[Any]) -> Bound:
        """The arguments that any of them has, in the order of the parameters, one that is not said with its default."""
        if all(node.arguments == nodes[0].arguments for node in nodes):
            return nodes[0].arguments
        name = nodes[0].rule if isinstance(nodes[0], ir.LayerCall) else nodes[0].definition
        if any(node.spelled for node in nodes if isinstance(node, ir.LayerCall)):
            raise Unlike
        if isinstance(nodes[0], ir.LayerCall):
            parameters: Sequence[Parameter] = standard_library().rule(name).parameters
        else:
            parameters = self.definitions[name]
        given = [dict(node.arguments) for node in nodes]
        said = [p for p in parameters if any(_key(p) in arguments for arguments in given)]
        if any(len(arguments) != sum(_key(p) in arguments for p in said) for arguments in given):
            raise Unlike
        found = []
        for parameter in said:
            usual = parameter.default if _is_the_same_everywhere(parameter.default) else None
            values = [arguments.get(_key(parameter), usual) for arguments in given]
            if None in values:
                raise Unlike
            name = parameter.name
            one = self.sizes(name, values) if parameter.variadic else self.argument(name, values, usual)
            found.append((_key(parameter), one))
        return tuple(found)

    def sizes(self, name: str, values: Sequence[Any]) -> Node:
        """Any number of arguments, as many in each of the runs."""
        if any(not isinstance(value, Tuple) or len(value.items) != len(values[0].items) for value in values):
            raise Unlike
        return Tuple(tuple(self.argument(name, items) for items in zip(*(value.items for value in values))))

    def outputs(self, values: Sequence[Any]) -> Any:
        """Outputs that are read: those of the runs by their names, for others a hole."""
        if any(len(value) != len(values[0]) for value in values):
            raise Unlike
        found = []
        for column in zip(*values):
            word = column[0][0] if isinstance(column[0], tuple) else None
            names = [output[1] if word is not None else output for output in column]
            if all(unparse(name) in self.own for name in names):
                one = self.one_of(names)
            elif any(unparse(name) in self.own for name in names):
                raise Unlike
            else:
                one = Hole(SKIP, tuple(names), None)
            found.append(one if word is None else (word, one))
        return tuple(found)

    def argument(self, name: str, values: Sequence[Any], usual: Node | None = None) -> Node:
        if all(value == values[0] for value in values):
            return values[0]
        return Hole(name, tuple(values), usual)


def _key(parameter: Parameter) -> str:
    return f"*{parameter.name}" if parameter.variadic else parameter.name


def _is_the_same_everywhere(default: Node | None) -> bool:
    names = (node.name for node in default.walk() if isinstance(node, Name)) if default else ()
    return all(name in WORDS for name in names)


def filled(value: Any, chosen: Callable[[Hole], Node]) -> Any:
    """A tree with what is chosen for each of its holes."""
    if isinstance(value, Hole):
        return chosen(value)
    if isinstance(value, tuple):
        return tuple([filled(item, chosen) for item in value])
    if isinstance(value, Node):
        return type(value)(*filled(value.contents(), chosen), span=value.span)
    return value
