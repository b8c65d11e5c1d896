"""The syntax tree: one class for each rule of the grammar. Two nodes are equal when they say the same."""

from __future__ import annotations

from fractions import Fraction

from ..cached import cached_property
from .nodes import Node as Node

# Expressions


class Number(Node):
    value: int | Fraction
    decimal: bool


class Text(Node):
    value: str


class Truth(Node):
    value: bool


class Name(Node):
    name: str


class Tuple(Node):
    items: tuple[Node, ...]


class List(Node):
    items: tuple[Node, ...]


class Splat(Node):
    value: Node


class Keyword(Node):
    name: str
    value: Node


class Apply(Node):
    function: str
    arguments: tuple[Node, ...]


class Index(Node):
    value: Node
    index: Node


class Member(Node):
    """A figure or a part of a layer, `conv1.params`: in what is asked at the prompt, never in a program."""

    value: Node
    name: str


class SigmaSum(Node):
    """A sum of a term for an index from `first` to `last`, as the tool prints it: in what is asked at the prompt."""

    index: str
    first: Node
    last: Node
    term: Node


class Sign(Node):
    operator: str
    value: Node


class Addition(Node):
    first: Node
    rest: tuple[tuple[str, Node], ...]


class Multiplication(Node):
    first: Node
    rest: tuple[tuple[str, Node], ...]


class Exponent(Node):
    base: Node
    exponent: Node


class Comparison(Node):
    first: Node
    rest: tuple[tuple[str, Node], ...]


class And(Node):
    items: tuple[Node, ...]


class Or(Node):
    items: tuple[Node, ...]


class Not(Node):
    value: Node


class Conditional(Node):
    then: Node
    condition: Node
    otherwise: Node


class Range(Node):
    """`start..stop`, the stop not included."""

    start: Node
    stop: Node


# Definitions


class Parameter(Node):
    """A parameter; that of a layer may say of which kind its argument is."""

    name: str
    kind: str | None
    default: Node | None
    variadic: bool


class Axis(Node):
    name: str
    variadic: bool


class Pattern(Node):
    """`(C, *S)`: names for the sizes of a shape."""

    axes: tuple[Axis, ...]


class Net(Node):
    name: str
    parameters: tuple[Parameter, ...]


class DialectStatement(Node):
    name: str


class Words(Node):
    """The names of one argument: the short one, then its long ones; and its kind."""

    names: tuple[str, ...]
    kind: str | None


class LatexStatement(Node):
    """How a symbol is written in LaTeX."""

    name: str
    text: Text


class Use(Node):
    path: str


class FunctionDefinition(Node):
    name: str
    parameters: tuple[Parameter, ...]
    value: Node


class Definition(Node):
    """`def`: a block."""

    name: str
    parameters: tuple[Parameter, ...]
    pattern: Pattern | None
    memories: tuple[Memory, ...]
    body: Body


class Rule(Node):
    """`layer`: what a layer requires, weighs and puts out."""

    name: str
    parameters: tuple[Parameter, ...]
    pattern: Pattern | None
    memories: tuple[Memory, ...]
    section: Section


class Memory(Node):
    """A second input of a layer or block, taken from a named output."""

    name: str
    pattern: Pattern


# Stages of a network


class Body(Node):
    items: tuple[Node, ...]


class Let(Node):
    name: str
    value: Node


class Assume(Node):
    condition: Node


class BranchStatement(Node):
    condition: Node
    then: Body
    otherwise: Body | BranchStatement | None


class LoopStatement(Node):
    targets: tuple[str, ...]
    values: Node
    body: Body


class FromStatement(Node):
    """The flow starts again from an output: a name, or one with an index, as `b[2]`."""

    output: Name | Index


class Labelled(Node):
    label: Name | Index
    stage: Call | Body


class Call(Node):
    name: str
    arguments: tuple[Node, ...]
    bodies: tuple[Body, ...]


# Statements of a layer rule


class Section(Node):
    statements: tuple[Node, ...]

    @cached_property
    def binds(self) -> dict[str, str]:
        """The names that the statements bind, with the beginnings of those statements."""
        names: dict[str, str] = {}
        for node in self.walk():
            if isinstance(node, Let):
                names.setdefault(node.name, f"let {node.name}")
            elif isinstance(node, Weight):
                names.setdefault(node.name, f"{node.kind} {node.name}")
            elif isinstance(node, RuleLoop):
                names.update((target, f"for {target}") for target in node.targets if target not in names)
        return names


class Doc(Node):
    text: str


class Why(Node):
    """Why a figure of a layer is what the rule says, in a sentence."""

    figure: str
    text: str


class Also(Node):
    names: tuple[str, ...]


class Spelling(Node):
    """How a framework calls a layer: classes of one signature, where each argument goes, the axes that they take."""

    framework: str
    names: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    pattern: Pattern | None


class Require(Node):
    condition: Node
    message: str | None


class Weight(Node):
    """A tensor: trainable (`weight`) or not (`state`), with what a reader calls it; one of several has an index."""

    kind: str
    name: str
    index: Node | None
    shape: tuple[Node, ...]
    condition: Node | None
    label: str | None


class Output(Node):
    shape: Node


class Macs(Node):
    count: Node


class Idle(Node):
    """How many of the parameters take no part in the work on one vector, as the experts that are not chosen."""

    count: Node


class Cache(Node):
    """How many elements a layer keeps of one sample, where the places of a sequence come one after the other."""

    count: Node


class Field(Node):
    """Where a layer looks on an axis: how far its window reaches, its step, the places before it; or at its place."""

    name: str | None
    window: tuple[Node, ...]


class Build(Node):
    """How a framework's own layer is made: Python with expressions of the rule between braces."""

    target: str
    template: str


class Example(Node):
    program: str


class RuleLoop(Node):
    targets: tuple[str, ...]
    values: Node
    section: Section


class RuleBranch(Node):
    condition: Node
    then: Section
    otherwise: Section | RuleBranch | None
