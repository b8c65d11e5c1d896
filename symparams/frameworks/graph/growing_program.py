"""A program that grows by one operation at a time, whose sizes are worked out as it grows.

Whoever reads a network out of code needs the sizes on the way: they come from the rules of the language, as they do
in the program that is written at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from ...closed_forms.conditions import Condition
from ...closed_forms.polynomial import Quantity, Symbol, expression
from ...errors import Source, SymparamsError
from ...evaluate.axes import Value
from ...evaluate.domain import as_meant, conjuncts
from ...evaluate.flow import Flow
from ...evaluate.frames import Label
from ...evaluate.model import Shape, Stage, Tensor
from ...evaluate.symbols import Symbols
from ...formula import text
from ...language import ir, syntax
from ...language.dialects import DIALECTS
from ...language.elaborate import elaborate, sounds_like_padding
from ...language.kinds import FROM_ZERO, POSITIVE, Numbers
from ...language.library import standard_library
from ...language.parser import parse

MAX_OPERATIONS = 20_000
# The number of samples that go through a network at once: an axis of the code's tensors, and of no flow.
BATCH_SYMBOL = Symbol("_batch", 1)
BATCH = expression(BATCH_SYMBOL)
# Layers that put out the same whatever flows in.
_WHATEVER_FLOWS_IN = ("parameter", "constant")
# A size for which a layer is tried, where any will do.
_SOME_SIZE = "10007"
# Where a product is written without a sign, which a program does not have: 2w, 2(a + b).
_AFTER_NUMBER = re.compile(r"(?<!\w)(\d+)(?=[^\W\d]|[(⌊⌈√])")


class GraphOperation(NamedTuple):
    """What is done to a flow, in the language: a layer's or a merge's name, its arguments as they are written.

    An argument may be an operation itself, of which the layer is a stack. `others` are further flows that it takes,
    with the word by which it takes each, None for one without.
    """

    name: str
    arguments: tuple[str | GraphOperation, ...] = ()
    others: tuple[tuple[str | None, GraphNode], ...] = ()

    @property
    def flows(self) -> tuple[GraphNode, ...]:
        """The further flows, those of its arguments among them."""
        inner = (node for argument in self.arguments if not isinstance(argument, str) for node in argument.flows)
        return (*inner, *(node for _, node in self.others))

    def written(self, label_of: Mapping[GraphNode, str]) -> str:
        """The call, with the labels of the other flows."""
        flows = [f"{word}={label_of[node]}" if word else label_of[node] for word, node in self.others]
        arguments = [a if isinstance(a, str) else a.written(label_of) for a in self.arguments]
        words = self.in_order(arguments, flows)
        return f"{self.name}({', '.join(words)})" if words else self.name

    def in_order(self, arguments: list[Any], flows: list[Any]) -> list[Any]:
        """Flows that are taken by a word stand behind the arguments."""
        return [*arguments, *flows] if self.others and self.others[0][0] else [*flows, *arguments]


class GraphScope:
    """One call of a part of the code, a module or a function; `title` is what its class, or the function, is called."""

    __slots__ = ("thing", "title")

    def __init__(self, thing: Any, title: str):
        self.thing = thing
        self.title = title


class GraphNode:
    """A flow in the graph: what the operation puts out for what flows in; an input has no operation.

    `owner` is what the operation's tensors belong to, `stages` what it is in the network, and `scopes` the calls that
    it was made in, the outermost first.
    """

    __slots__ = ("flows_in", "name", "operation", "owner", "scopes", "shape", "stages")

    def __init__(
        self,
        operation: GraphOperation | None,
        flows_in: GraphNode | None,
        shape: Shape,
        stages: Sequence[Stage] = (),
        owner: Any = None,
        name: str | None = None,
        scopes: tuple[GraphScope, ...] = (),
    ):
        self.operation = operation
        self.flows_in = flows_in
        self.shape = shape
        self.stages = tuple(stages)
        self.owner = owner
        self.name = name
        self.scopes = scopes

    @property
    def reads(self) -> tuple[GraphNode, ...]:
        """The flows that it reads, the one that flows in first."""
        others = self.operation.flows if self.operation else ()
        return (self.flows_in, *others) if self.flows_in is not None else others

    @property
    def takes_the_flow(self) -> bool:
        """Whether it depends on what flows in."""
        return self.operation is not None and self.operation.name not in _WHATEVER_FLOWS_IN

    @property
    def has_tensors(self) -> bool:
        return any(True for stage in self.stages for _ in stage.all_tensors())


class GrowingProgram:
    """The graph of a network so far, with the sizes of each flow, and what has been assumed of the symbols."""

    def __init__(self, dialect: str, layout: str | None = None, values: Mapping[str, Value] | None = None):
        self.dialect = DIALECTS[dialect]
        self.layout = layout or self.dialect.layout
        self.library = standard_library()
        nothing = ir.Program(None, (), dialect, (), (), (), (), (), (), frozenset(), frozenset(), ())
        self.symbols = _ReadSymbols((), (), values or {}, ())
        self.flow = Flow(nothing, self.library, self.symbols)
        self.flow.layout = self.layout
        self.nodes: list[GraphNode] = []
        self.scopes: tuple[GraphScope, ...] = ()
        self.assumed: list[Condition] = []
        self.notes: dict[str, SymparamsError] = {}
        self.labels: dict[GraphNode, str] = {}
        self.pieces: dict[str, tuple[Any, ...]] = {}
        self.arguments: dict[str, tuple[Any, ...]] = {}
        self.alone: dict[tuple[str, ...], tuple[Tensor, ...]] = {}

    def symbol(self, name: str) -> Quantity:
        """What an unbound name stands for: its symbol, or the value put in for it."""
        return self.symbols.value(name)  # type: ignore[return-value]

    def input(self, name: str, sizes: Sequence[Quantity]) -> GraphNode:
        node = GraphNode(None, None, tuple(sizes), name=name)
        item = ir.Input(f"n{len(self.nodes)}", (), self.layout)
        self._keep(node)
        stage = Stage(name, "input", node.shape, None)  # type: ignore[arg-type]
        if len(node.shape) == 3:
            self.flow.images.add(node.shape)
        self._known_as(node, item, stage)
        return node

    def add(self, operation: GraphOperation, flows_in: GraphNode, owner: Any = None) -> GraphNode:
        """The flow behind an operation. Raises SymparamsError where what flows in does not fit."""
        if len(self.nodes) > MAX_OPERATIONS:
            raise SymparamsError(f"the network has more than {MAX_OPERATIONS:,} operations")
        shape, stages = self.worked_out(operation, flows_in)
        node = GraphNode(operation, flows_in, shape, stages, owner, scopes=self.scopes)
        self._keep(node)
        self._known_as(node, None, stages[-1])
        return node

    def worked_out(self, operation: GraphOperation, flows_in: GraphNode) -> tuple[Shape, list[Stage]]:
        """What an operation puts out, and is in the network, without adding it. Raises SymparamsError."""
        written = operation.written(self.labels)
        if BATCH_SYMBOL.name in written:
            raise SymparamsError(f"the number of samples enters a size of {operation.name}")
        shape: Shape | None = flows_in.shape
        stages: list[Stage] = []
        for item in self.items(written, operation):
            shape, made = self.flow.item(item, self.flow.frame, shape)
            stages += made
        assert shape is not None
        return shape, stages

    def shape_after(self, operation: GraphOperation, flows_in: GraphNode) -> Shape:
        """The shape behind an operation that is not added."""
        shape: Shape | None = flows_in.shape
        for item in self.items(operation.written(self.labels), operation):
            shape, _ = self.flow.item(item, self.flow.frame, shape)
        assert shape is not None
        return shape

    @contextmanager
    def within(self, thing: Any, title: str) -> Iterator[None]:
        """What is added meanwhile belongs to one call of this part of the code."""
        around, self.scopes = self.scopes, (*self.scopes, GraphScope(thing, title))
        try:
            yield
        finally:
            self.scopes = around

    def items(self, written: str, operation: GraphOperation | None = None) -> tuple[Any, ...]:
        """The stages that a text stands for, which may be that of an operation. Raises SymparamsError."""
        known = self.pieces.get(written)
        if known is None:
            call = self.call(operation) if operation is not None else None
            source = Source("<call>", written)
            program, _ = elaborate(source, self.library, self.dialect.name, None if call is None else (call,))
            known = self.pieces[written] = program.body
        return known

    def call(self, operation: GraphOperation) -> syntax.Call | None:
        """The call of an operation, of which every argument is parsed once; None for one of a stack."""
        arguments: list[Any] = []
        for argument in operation.arguments:
            if not isinstance(argument, str):
                return None
            if argument not in self.arguments:
                (said,) = parse(Source("<call>", f"of({argument})"))
                self.arguments[argument] = said.arguments  # type: ignore[attr-defined]
            arguments += self.arguments[argument]
        flows: list[Any] = []
        for word, node in operation.others:
            name = syntax.Name(self.labels[node])
            flows.append(syntax.Keyword(word, name) if word else name)
        return syntax.Call(operation.name, tuple(operation.in_order(arguments, flows)), ())

    def tensors_alone(self, sizes: Sequence[str], operation: GraphOperation) -> tuple[Tensor, ...]:
        """The tensors of a layer that nothing flows into yet, for a shape of which some sizes may be any.

        One number stands for all of these, as numbers are worked out at once, where no size of a tensor is made of it.
        """
        written = operation.written(self.labels)
        key = (*sizes, written)
        if key not in self.alone:
            items = self.items(written, operation)
            try:
                found = self._set_aside([_SOME_SIZE if size == "_" else size for size in sizes], items)
                settled = not any(s % int(_SOME_SIZE) == 0 for t in found for s in t.shape if isinstance(s, int))
            except SymparamsError:
                settled = False
            self.alone[key] = found if settled else self._set_aside(sizes, items)
        return self.alone[key]

    def _set_aside(self, sizes: Sequence[str], items: tuple[Any, ...]) -> tuple[Tensor, ...]:
        flow = Flow(self.flow.program, self.library, self.symbols)
        flow.layout = self.layout
        (aside,) = self.items(f"aside({', '.join(sizes)}) {{ id }}")
        _, stages = flow.body((aside.replaced(body=items),), flow.frame, None)
        return tuple(tensor for stage in stages for tensor in stage.all_tensors())

    def assume(self, condition: Condition) -> None:
        """Take a condition as true from here on. Raises SymparamsError for one that never holds.

        What is said of the number of samples is noted, and no condition of the formulas.
        """
        for part in conjuncts(as_meant(condition)):
            if part is False:
                raise SymparamsError("this can never hold")
            if part is not True and BATCH_SYMBOL in part.symbols:
                self.note(
                    f"the code is read for batches with {text.condition(part).replace(BATCH_SYMBOL.name, 'batch')}"
                )
            elif part is not True and part not in self.assumed:
                self.assumed.append(part)
                self.symbols.facts.append(part)

    def note(self, said: str) -> None:
        """Note what a reader of the formulas should know, once."""
        self.notes.setdefault(said, SymparamsError(said))

    def settled(self, condition: Condition) -> Condition:
        return self.symbols.decided(as_meant(condition))

    def mark(self) -> tuple[int, int, int]:
        """Where the program is, to be taken back to it."""
        return len(self.nodes), len(self.assumed), len(self.symbols.facts)

    def take_back(self, mark: tuple[int, int, int]) -> None:
        """Forget what has been added and assumed since."""
        nodes, assumed, facts = mark
        for node in self.nodes[nodes:]:
            del self.labels[node]
        del self.nodes[nodes:], self.assumed[assumed:], self.symbols.facts[facts:]

    def _keep(self, node: GraphNode) -> None:
        self.labels[node] = f"n{len(self.nodes)}"
        self.nodes.append(node)

    def _known_as(self, node: GraphNode, item: Any, stage: Stage) -> None:
        label = self.labels[node]
        self.flow.frame.set_label(label, Label(label, item, self.flow.frame, stage))


class _ReadSymbols(Symbols):
    """The symbols of a network that is being read: names that sound like paddings may be 0, as in a program."""

    def numbers(self, name: str) -> Numbers:
        return FROM_ZERO if sounds_like_padding(name) else POSITIVE


def with_signs(formula: str) -> str:
    """A formula with the signs of its products, as a program has them."""
    return _AFTER_NUMBER.sub(r"\1*", formula).replace("·", "*")


def in_words(value: Quantity) -> str:
    """A size as a program has it."""
    return str(value) if isinstance(value, int) else with_signs(text.inline(value))
