"""The intermediate representation: a program with every name resolved.

Layers are linked to their rules with their arguments bound to the rule's own names, blocks to their definitions;
what the text nests stays nested. Expressions and definitions are nodes of the syntax tree.
"""

from __future__ import annotations

from typing import Union

from .syntax import (
    Assume,
    Call,
    Definition,
    FunctionDefinition,
    Index,
    LatexStatement,
    Let,
    Name,
    Node,
    Parameter,
    Rule,
)

__all__ = ["Assume", "Let"]

Bound = tuple[tuple[str, Node], ...]
OutputName = Union[Name, Index]


class Program(Node):
    """A network: `names` are the unbound names in it, which are symbols; `paddings` those of them that may be 0.

    `outputs` are the names of those that end it, where it says so; `spellings` say how symbols are written in LaTeX.
    `shown` are what labels are called in tables, where the program was read from another text that names them so.
    """

    name: str | None
    parameters: tuple[Parameter, ...]
    dialect: str
    functions: tuple[FunctionDefinition, ...]
    rules: tuple[Rule, ...]
    definitions: tuple[Definition, ...]
    body: tuple[Node, ...]
    outputs: tuple[OutputName, ...]
    spellings: tuple[LatexStatement, ...]
    names: frozenset[str]
    paddings: frozenset[str]
    shown: tuple[tuple[str, str], ...]


class Input(Node):
    label: str | None
    shape: tuple[Node, ...]
    layout: str | None


class Spelled(Node):
    """A layer as a framework calls it: the call as it was written, and what it says besides the rule's arguments.

    `ranks` are the numbers of axes that it takes, any where there are none; `sizes` those that the flow implies: the
    framework's name, the axis of the rule's pattern, and the value. `layout` is where the channels of images are for
    it, and `is_fixed` whether it has no other. `channels` is the axis of the channels, `ending` the last axes that it
    goes over, or the last but so many `behind` them, as the framework counts axes.
    """

    call: Call
    framework: str
    ranks: tuple[int, ...]
    sizes: tuple[tuple[str, str, Node], ...]
    layout: str | None
    is_fixed: bool
    channels: Node | None
    ending: Node | None
    behind: int


class LayerCall(Node):
    """A layer: the rule's name, its arguments, the named outputs that it reads besides the flow, what it is tied to."""

    label: str | None
    rule: str
    arguments: Bound
    memories: tuple[tuple[str, OutputName], ...]
    tied: OutputName | None
    spelled: Spelled | None


class Block(Node):
    """A block: its definition's name, its arguments, the named outputs that it reads besides the flow."""

    label: str | None
    definition: str
    arguments: Bound
    memories: tuple[tuple[str, OutputName], ...]


class Merge(Node):
    """Branches of the flow, or the flow and named outputs, put together by `residual`, `add`, `mul` or `concat`."""

    label: str | None
    operator: str
    branches: tuple[tuple[Node, ...], ...]
    others: tuple[OutputName, ...]
    axis: Node | None


class Repeat(Node):
    label: str | None
    count: Node
    body: tuple[Node, ...]


class Loop(Node):
    targets: tuple[str, ...]
    values: Node
    body: tuple[Node, ...]


class Branch(Node):
    condition: Node
    then: tuple[Node, ...]
    otherwise: tuple[Node, ...]


class From(Node):
    output: OutputName


class Reuse(Node):
    label: str | None
    output: OutputName


class Freeze(Node):
    label: str | None
    body: tuple[Node, ...]


class Aside(Node):
    """Stages that nothing flows through, of which the tensors alone count; a size that is `_` is any."""

    shape: tuple[Node, ...]
    layout: str | None
    body: tuple[Node, ...]


class Group(Node):
    """Stages under one name."""

    label: str | None
    body: tuple[Node, ...]


class Numbered(Node):
    """A stage whose name has an index, which is worked out where the stage is: `b[i]: conv(8, 3)`."""

    output: Index
    stage: Node
