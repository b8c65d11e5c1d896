"""The flow through a network: stage after stage, from the shape that goes in to the shape that comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..cached import cached_property
from ..closed_forms.polynomial import Quantity
from ..errors import LimitError, Span, SymparamsError, did_you_mean, listing
from ..formula import text
from ..language import ir, syntax
from ..language.kinds import POSITIVE
from ..language.layouts import CHANNELS_FIRST
from ..language.library import Library
from ..language.parameters import names_in
from ..language.syntax import Node
from .asides import set_aside
from .axes import Interval, Value, as_quantity
from .blocks import BlockBody, block_body, reused
from .carried import Carried, Reads, TurnState, reads
from .domain import absorbed, conjuncts
from .expressions import Scope, evaluate, holds, items, truth
from .fitting import belongs
from .frames import Frame, Label, labels_in
from .layer_calls import applied_layer
from .merges import merged
from .model import Guard, Result, Shape, Stage, Tensor
from .notes import of_input
from .output_names import output_name
from .repeats import MAX_UNROLLED, repeat, sweep
from .rules import Applied, shown, turns
from .symbols import Symbols

MAX_STAGES = 30_000
MAX_DEPTH = 50


class Flow:
    """One evaluation of a program: its inputs, its stages, and the symbols met on the way."""

    # Whether a block met again with the same input is worked out once.
    shares_blocks = True

    def __init__(self, program: ir.Program, library: Library, symbols: Symbols):
        self.program = program
        self.library = library
        self.symbols = symbols
        self.definitions = {d.name: d for d in program.definitions}
        self.rules = {r.name: r for r in program.rules}
        own_functions = {f.name: f for f in program.functions}
        self.hidden = {label for d in program.definitions for label in labels_in(d.body.items)} | set(
            labels_in(program.body)
        )
        self.inputs: dict[str, Shape] = {}
        self.input_guards: list[Guard] = []
        self.layout = CHANNELS_FIRST
        self.notes: dict[str, SymparamsError] = {}
        self.images: set[Shape] = set()
        self.stages_made = 0
        self.asides = 0
        self.applied: dict[tuple[Any, ...], Applied] = {}
        self.blocks: dict[tuple[Any, ...], BlockBody] = {}

        def function(name: str) -> syntax.FunctionDefinition | None:
            return own_functions.get(name) or library.function(name)

        dialect: dict[str, Value] = {"dialect": program.dialect}
        known = symbols.decided, symbols.decide
        self.library_scope = Scope(dict(dialect), None, library.function, None, *known, symbols.domain)
        self.scope = Scope(dialect, None, function, lambda name: symbols.value(name.name), *known, symbols.domain)
        self.frame = Frame(self.scope, shown=dict(program.shown))

    @cached_property
    def reads(self) -> Reads:
        return reads(self.program)

    def run(self) -> tuple[tuple[Shape, ...], list[Stage]]:
        """The shapes that the whole program puts out, none where nothing flows in it, and its stages."""
        self.expect_lets(self.program.body, self.scope)
        self.symbols.bind_parameters(self.program.parameters, self.scope)
        self.symbols.note_assumptions(self.program.body, self.scope)
        self.frame.reserved.update(labels_in(self.program.body))
        shape, stages = self.body(self.program.body, self.frame, None)
        self.symbols.check_values()
        self.input_guards += [Guard(condition, "if") for condition in self.symbols.decisions]
        self.input_guards += self.premises("input")
        return self.outputs() or (() if shape is None else (shape,)), stages

    def outputs(self) -> tuple[Shape, ...]:
        """The outputs that end the program by their names."""
        found: list[Shape] = []
        for output in self.program.outputs:
            try:
                found.append(self.label(output, self.frame).stage.output)
            except SymparamsError as error:
                raise error.located(output.span) from None
        return tuple(found)

    # Stages

    def body(self, items: Iterable[Node], frame: Frame, shape: Shape | None) -> Result:
        stages: list[Stage] = []
        self.expect_lets(items, frame.scope)
        for item in items:
            shape, made = self.item(item, frame, shape)
            stages += made
        return shape, stages

    def expect_lets(self, items: Iterable[Node], scope: Scope) -> None:
        """Until its 'let', a name of a body stands for what it is around the body, if anything."""
        lets = (item.name for item in items if isinstance(item, ir.Let))
        scope.later.update((name, f"let {name}") for name in lets if not scope.binds(name))

    def item(self, item: Node, frame: Frame, shape: Shape | None) -> Result:
        self.stages_made += 1
        if self.stages_made > MAX_STAGES:
            raise LimitError(f"the network has more than {MAX_STAGES:,} stages to work out one by one", item.span)
        try:
            with self.symbols.deciding() as decided:
                after, made = getattr(self, _ITEMS[type(item)])(item, frame, shape)
        except SymparamsError as error:
            raise error.located(item.span) from None
        if made:
            made[-1] = made[-1].guarded(decided)
        else:
            self.symbols.decisions += decided
        label = getattr(item, "label", None)
        if label and made:
            maker = Label(label, item, frame, made[-1])
            if isinstance(item, ir.Reuse):
                maker = self.label(item.output, frame)._replace(name=label, stage=made[-1])
            frame.set_label(label, maker)
        return after, made

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        """The output of a stage as it flows on. Whoever follows the flow takes note here of where it came from."""
        return stage.output

    def flowing(self, shape: Shape | None, what: str) -> Shape:
        if shape is None:
            raise SymparamsError(
                f"nothing flows into {what} yet: the network starts with an input", None, "input(C, H, W)"
            )
        return shape

    def input(self, item: ir.Input, frame: Frame, shape: Shape | None) -> Result:
        sizes = tuple(absorbed(as_quantity(size)) for size in items(item.shape, frame.scope))
        for size in sizes:
            condition = belongs(size, POSITIVE)
            if condition is False:
                fault = f"a size of the input is {text.inline(size)}; sizes are whole numbers from 1"
                raise SymparamsError(fault, _span_of(item.shape) or item.span)
            self.input_guards += [Guard(part, "input") for part in conjuncts(condition) if part is not True]
        name = item.label or ("x" if "x" not in self.inputs else f"x{len(self.inputs) + 1}")
        if name in self.inputs:
            raise SymparamsError(f"there is an input {name!r} already", item.span)
        self.layout = item.layout or self.layout
        stage = Stage(name, "input", sizes, item.span)
        if len(sizes) == 3:
            self.images.add(sizes)
        self.note(of_input(sizes, self.layout, item.span))
        sizes = self.record(stage, [], item, None)
        self.inputs[name] = sizes
        if item.label or name not in frame.reserved:
            frame.set_label(name, Label(name, item, frame, stage))
        return sizes, []

    def layer(self, item: ir.LayerCall, frame: Frame, shape: Shape | None) -> Result:
        shape = self.flowing(shape, repr(item.rule))
        memories = {name: self.label(output, frame).stage.output for name, output in item.memories}
        applied = applied_layer(self, item, shape, memories, frame.scope)
        tensors = applied.tensors
        if frame.frozen:
            tensors = tuple(t._replace(trainable=False) for t in tensors)
        if item.tied:
            tensors = self.tie(item, tensors, self.label(item.tied, frame))
        name = frame.name_for(item.label, item.rule)
        stage = Stage(
            name,
            item.rule,
            applied.output,
            item.span,
            tensors=tensors,
            macs=applied.macs,
            idle=applied.idle,
            cached=applied.cached,
            guards=applied.guards + self.premises(item.rule),
        )
        return self.record(stage, [shape, *memories.values()], item, applied), [stage]

    def note(self, note: SymparamsError | None) -> None:
        """Take note of what is probably not meant, once."""
        if note:
            self.notes.setdefault(note.message, note)

    def premises(self, layer: str) -> tuple[Guard, ...]:
        """What must hold for the values that have been worked out to be there, since a stage took that over."""
        return tuple(Guard(condition, layer) for condition in self.scope.work.premises.taken())

    def arguments(self, bound: ir.Bound, scope: Scope) -> dict[str, Value]:
        return {name.lstrip("*"): evaluate(value, scope) for name, value in bound}

    def tie(self, item: ir.LayerCall, tensors: tuple[Tensor, ...], target: Label) -> tuple[Tensor, ...]:
        """The tensors with the first of them tied to the first of a labelled layer."""
        label = target.stage.name
        weights = [t for t in target.stage.all_tensors() if t.kind == "weight"]
        if not tensors or not weights:
            fault = f"there is no weight to tie: {repr(label) if tensors else item.rule} has none"
            raise SymparamsError(fault, item.span)
        first, other = tensors[0], weights[0]
        if sorted(map(str, first.shape)) != sorted(map(str, other.shape)):
            fault = f"{text.shape(first.shape)} cannot be tied to {text.shape(other.shape)} of {label!r}"
            raise SymparamsError(f"the weight {first.name} of shape {fault}", item.span)
        return (first._replace(tied=f"{label}.{other.name}"), *tensors[1:])

    def label(self, output: ir.OutputName, frame: Frame) -> Label:
        """The output that a name stands for. Raises SymparamsError where there is none of that name."""
        indexed = output_name(output, frame.scope)
        name = str(indexed)
        found = frame.find(name)
        if indexed.indices and not frame.is_told_apart(indexed, found is not None):
            fault = f"which output {name} is depends on symbols, or on turns that are worked out as one"
            raise SymparamsError(fault, output.span, f"give the number of turns a value, {MAX_UNROLLED:,} at most")
        if found is None:
            known = frame.known_labels()
            hint = did_you_mean(name, known) or (f"named so far: {listing(sorted(known))}" if known else None)
            if name in self.hidden:
                hint = "that name is inside a block or a loop, and ends with it"
            if frame.scope.binds(name):
                hint = f"{name!r} is a value; an output comes into a block as an input: def f on (T, d), {name} (S, e)"
            raise SymparamsError(f"there is no output named {name!r} before this", None, hint)
        return found

    def block(self, item: ir.Block, frame: Frame, shape: Shape | None) -> Result:
        definition = self.definitions[item.definition]
        if frame.depth >= MAX_DEPTH:
            why = ": it calls itself" if definition.name in frame.callers else " in other blocks"
            raise LimitError(f"the block {definition.name!r} is nested more than {MAX_DEPTH} deep{why}", item.span)
        arguments = self.arguments(item.arguments, frame.scope)
        memories = {name: self.label(output, frame) for name, output in item.memories}
        read = tuple((name, label.stage) for name, label in memories.items())
        key = (definition.name, tuple(arguments.items()), shape, read, frame.frozen, self.layout)
        known = self.blocks.get(key)
        if known is None or not self.shares_blocks:
            known, looks_outside = self.block_body(definition, arguments, memories, frame, shape)
            if not looks_outside:
                self.blocks[key] = known
            else:
                frame.note_looks_outside()
        after, children, guards = known
        if after is None:
            raise SymparamsError(f"the block {definition.name!r} puts nothing out", item.span)
        name = frame.name_for(item.label, definition.name)
        stage = Stage(name, definition.name, after, item.span, children=children, is_block=True, guards=guards)
        return after, [stage]

    def block_body(
        self,
        definition: syntax.Definition,
        arguments: dict[str, Value],
        memories: dict[str, Label],
        frame: Frame,
        shape: Shape | None,
    ) -> tuple[BlockBody, bool]:
        """What a block is for this input, and whether it reads outputs from outside of it."""
        return block_body(self, definition, arguments, memories, frame, shape)

    def group(self, item: ir.Group, frame: Frame, shape: Shape | None) -> Result:
        inner = frame.inner(block=item.label)
        inner.reserved.update(labels_in(item.body))
        after, made = self.body(item.body, inner, shape)
        after = self.flowing(after, repr(item.label))
        name = frame.name_for(item.label, "block")
        return after, [Stage(name, "block", after, item.span, children=tuple(made), is_block=True)]

    def merge(self, item: ir.Merge, frame: Frame, shape: Shape | None) -> Result:
        return merged(self, item, frame, shape)

    def repeat(self, item: ir.Repeat, frame: Frame, shape: Shape | None) -> Result:
        count = evaluate(item.count, frame.scope)
        return repeat(self, item, as_quantity(count, item.count.span), frame, shape)

    def loop(self, item: ir.Loop, frame: Frame, shape: Shape | None) -> Result:
        value = evaluate(item.values, frame.scope) if isinstance(item.values, syntax.Range) else None
        if isinstance(value, Interval):
            turns_known = isinstance(value.start, int) and isinstance(value.stop, int)
            if not turns_known or value.stop - value.start > MAX_UNROLLED:  # type: ignore[operator]
                return sweep(self, item, value, frame, shape)
        stages: list[Stage] = []
        for values in turns(item.targets, item.values, frame.scope):
            inner = frame.inner(dict(zip(item.targets, values)))
            shape, made = self.item_body(item, inner, shape)
            stages += made
        return shape, stages

    def item_body(self, item: ir.Loop | ir.Repeat, inner: Frame, shape: Shape | None) -> Result:
        """One turn of a loop; an empty turn counts as a stage, so that no loop is endless."""
        self.stages_made += 1
        if self.stages_made > MAX_STAGES:
            raise LimitError(f"the loop has more than {MAX_STAGES:,} turns to work out one by one", item.span)
        return self.body(item.body, inner, shape)

    def branch(self, item: ir.Branch, frame: Frame, shape: Shape | None) -> Result:
        return self.body(item.then if self.is_taken(item, frame) else item.otherwise, frame, shape)

    def is_taken(self, item: ir.Branch, frame: Frame) -> bool:
        return holds(item.condition, frame.scope)

    def source(self, item: ir.From, frame: Frame, shape: Shape | None) -> Result:
        return self.label(item.output, frame).stage.output, []

    def reuse(self, item: ir.Reuse, frame: Frame, shape: Shape | None) -> Result:
        return reused(self, item, frame, shape)

    def numbered(self, item: ir.Numbered, frame: Frame, shape: Shape | None) -> Result:
        """A stage whose name has an index: it is known in the whole block, as each turn of a loop gives another."""
        name = output_name(item.output, frame.scope)
        if name.base in frame.reserved:
            hint = f"another name: where {name.base!r} is set again, the table calls it {name.base}[2]"
            raise SymparamsError(
                f"{name.base!r} is the name of an output without an index, too", item.output.span, hint
            )
        after, made = self.item(item.stage.replaced(label=str(name)), frame, shape)
        frame.share(name)
        return after, made

    def freeze(self, item: ir.Freeze, frame: Frame, shape: Shape | None) -> Result:
        was, frame.frozen = frame.frozen, True
        try:
            after, made = self.body(item.body, frame, shape)
        finally:
            frame.frozen = was
        if not item.label:
            return after, made
        after = self.flowing(after, repr(item.label))
        name = frame.name_for(item.label, "block")
        return after, [Stage(name, "freeze", after, item.span, children=tuple(made), is_block=True)]

    def aside(self, item: ir.Aside, frame: Frame, shape: Shape | None) -> Result:
        return set_aside(self, item, frame, shape)

    def let(self, item: ir.Let, frame: Frame, shape: Shape | None) -> Result:
        self.forget([item.name])
        frame.set_value(item.name, evaluate(item.value, frame.scope))
        return shape, []

    def shares_turns(self, carried: Carried, count: Quantity) -> bool:
        """Whether turns that keep their state are worked out once."""
        return True

    def set_state(self, carried: Carried, state: TurnState) -> None:
        carried.set(state)
        self.forget(carried.values)

    def forget(self, names: Iterable[str]) -> None:
        """Work out anew what may depend on values that the program sets again."""
        if any(name in self.scope.names for name in names):
            self.applied.clear()
            self.blocks.clear()

    def assume(self, item: ir.Assume, frame: Frame, shape: Shape | None) -> Result:
        condition = truth(item.condition, frame.scope)
        if condition is False:
            names = sorted({n.name for n in names_in(item.condition)})
            named = [(name, shown(evaluate(syntax.Name(name), frame.scope))) for name in names]
            values = ", ".join(f"{name} = {value}" for name, value in named if value != name)
            fault = f"this assumption does not hold for {values}" if values else "this assumption can never hold"
            raise SymparamsError(fault, item.condition.span)
        self.symbols.facts += [part for part in conjuncts(condition) if part is not True]
        return shape, []


def _span_of(nodes: Sequence[Node]) -> Span | None:
    return Span(nodes[0].span.source, nodes[0].span.start, nodes[-1].span.end) if nodes else None


# The method that follows the flow through each kind of item.
_ITEMS: dict[type[Node], str] = {
    ir.Input: "input",
    ir.LayerCall: "layer",
    ir.Block: "block",
    ir.Group: "group",
    ir.Numbered: "numbered",
    ir.Merge: "merge",
    ir.Repeat: "repeat",
    ir.Loop: "loop",
    ir.Branch: "branch",
    ir.From: "source",
    ir.Reuse: "reuse",
    ir.Freeze: "freeze",
    ir.Aside: "aside",
    ir.Let: "let",
    ir.Assume: "assume",
}
