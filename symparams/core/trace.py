"""One evaluation of a network that remembers where each stage comes from: its rule, and the stages it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..closed_forms.polynomial import Symbol, symbols_of
from ..closed_forms.powers import meant
from ..evaluate.axes import Value
from ..evaluate.blocks import BlockBody
from ..evaluate.domain import is_symbolic
from ..evaluate.expressions import evaluate
from ..evaluate.flow import Flow
from ..evaluate.frames import Frame, Label
from ..evaluate.model import Result, Shape, Stage
from ..evaluate.output_names import output_name
from ..evaluate.rules import Applied, shown
from ..evaluate.symbols import Symbols
from ..language import ir, syntax
from ..language.library import standard_library
from ..language.syntax import Node, Rule
from ..language.unparse import unparse
from .network import CoreNetwork


@dataclass(eq=False)
class Origin:
    """Where a shape comes from: an item with the shapes that flow into it.

    A layer has its rule, with the names bound in it; a layer and a block have parameters and arguments; `outputs` are
    the words of a call that name what is read besides the flow. What holds others, a block or the turns of a repeat,
    has the origin of what flows out inside of it, and, where it is shared, that of what flows in there. A block has
    the ways that its own branches went, by the branch, None for one that went both ways.
    """

    item: Node
    inputs: tuple[Shape, ...]
    rule: Rule | None = None
    applied: Applied | None = None
    parameters: tuple[syntax.Parameter, ...] = ()
    arguments: tuple[tuple[str, Value], ...] = ()
    outputs: tuple[str, ...] = ()
    entry: Origin | None = None
    exit: Origin | None = None
    ways: dict[int, bool | None] = field(default_factory=dict)


class Wire(tuple):  # type: ignore[type-arg]
    """A shape that knows its origin."""

    origin: Origin

    def __new__(cls, shape: Shape, origin: Origin) -> Wire:
        wire = super().__new__(cls, shape)
        wire.origin = origin
        return wire


class Tracer(Flow):
    """Follows the flow and notes the origin of each stage.

    `entrances` are the network's inputs, `unknowns` the symbols that its sizes and rules meet on the way, by name.
    """

    def __init__(self, net: CoreNetwork):
        program, known = net.program, net.symbols_
        super().__init__(
            program, standard_library(), Symbols(program.names, program.paddings, known.values, known.freed)
        )
        self.entrances: list[Stage] = []
        self.ways: dict[int, bool | None] = {}
        self.unknowns: dict[str, Symbol] = dict(net.symbols._symbols)

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        rule = None
        if applied is not None:
            rule = self.rules.get(stage.kind) or self.library.rule(stage.kind)
            self.note(*applied.scope.names.values())
        self.note(*stage.output)
        if isinstance(item, ir.Input):
            self.entrances.append(stage)
        return put_out_by(stage, Origin(item, tuple(inputs), rule, applied, rule.parameters if rule else ()))

    def note(self, *values: object) -> None:
        """Note the symbols in values, which may stand in no result: the width that a pooling removes."""
        for value in values:
            if isinstance(value, tuple):
                self.note(*value)
            elif is_symbolic(value):
                for symbol in sorted(symbols_of(meant(value)), key=lambda symbol: symbol.order):
                    self.unknowns.setdefault(symbol.name, symbol)

    def layer(self, item: ir.LayerCall, frame: Frame, shape: Shape | None) -> Result:
        after, made = super().layer(item, frame, shape)
        origin = origin_of(made[0])
        assert origin is not None
        origin.arguments = tuple(self.arguments(item.arguments, frame.scope).items())
        origin.outputs = _words(item.memories, frame)
        return after, made

    def merge(self, item: ir.Merge, frame: Frame, shape: Shape | None) -> Result:
        after, made = super().merge(item, frame, shape)
        if item.others:
            origin = origin_of(made[-1])
            assert origin is not None
            origin.outputs = tuple(str(output_name(output, frame.scope)) for output in item.others)
        return after, made

    def block(self, item: ir.Block, frame: Frame, shape: Shape | None) -> Result:
        after, made = super().block(item, frame, shape)
        inside = origin_behind(after)
        assert inside is not None
        origin = Origin(item, _flow(shape), entry=inside.entry, exit=inside.exit, ways=inside.ways)
        origin.parameters = self.definitions[item.definition].parameters
        origin.arguments = tuple(self.arguments(item.arguments, frame.scope).items())
        origin.outputs = _words(item.memories, frame)
        return put_out_by(made[0], origin), made

    def block_body(
        self,
        definition: syntax.Definition,
        arguments: dict[str, Value],
        memories: dict[str, Label],
        frame: Frame,
        shape: Shape | None,
    ) -> tuple[BlockBody, bool]:
        """The body with an origin of its own for what flows in, as it is shared by blocks at other places."""
        entry = Origin(definition, _flow(shape))
        within = None if shape is None else Wire(shape, entry)
        around, self.ways = self.ways, {}
        (after, made, guards), looks_outside = super().block_body(definition, arguments, memories, frame, within)
        if after is not None:
            after = Wire(after, Origin(definition, (), entry=entry, exit=origin_behind(after), ways=self.ways))
        self.ways = around
        return (after, made, guards), looks_outside

    def is_taken(self, item: ir.Branch, frame: Frame) -> bool:
        taken = super().is_taken(item, frame)
        self.ways[id(item)] = taken if self.ways.get(id(item), taken) is taken else None
        return taken

    def item(self, item: Node, frame: Frame, shape: Shape | None) -> Result:
        """Also gives an origin to what holds others: turns, and stages under one name."""
        after, made = super().item(item, frame, shape)
        if made and after is not None and origin_of(made[-1]) is None:
            after = _close(made, item, shape, after)
        return after, made


def origin_of(stage: Stage) -> Origin | None:
    found: Origin | None = vars(stage).get("origin")
    return found


def call_of(stage: Stage, brief: bool = False) -> str:
    """A layer, a merge or a block with its arguments as they were worked out: `conv(64, 7, s=2)`.

    Arguments without a default go without their names; `brief` leaves out those that are a layer's defaults.
    """
    origin = origin_of(stage)
    told = arguments_of(stage, brief)
    words = [shown(value) if is_plain else f"{name}={shown(value)}" for name, value, is_plain in told]
    words += origin.outputs if origin else ()
    return f"{stage.kind}({', '.join(words)})" if words else stage.kind


def arguments_of(stage: Stage, brief: bool = False) -> Iterator[tuple[str, Value, bool]]:
    """The arguments of a layer or block, and whether each goes without its name, as it has no default."""
    origin = origin_of(stage)
    if origin is None:
        return
    defaults = {parameter.name: parameter.default for parameter in origin.parameters}
    for name, value in origin.arguments:
        default = defaults.get(name)
        known = brief and default is not None and origin.applied
        if not (known and evaluate(default, origin.applied.scope) == value):  # type: ignore[arg-type, union-attr]
            yield name, value, default is None


def text_of_argument(stage: Stage, name: str) -> str:
    """An argument of a layer or block as the program writes it."""
    origin = origin_of(stage)
    given = dict(origin.item.arguments) if origin else {}  # type: ignore[attr-defined]
    return unparse(given[name])


def origin_behind(shape: Shape | None) -> Origin | None:
    """The origin of a shape; None for one that was not put out by a stage, such as that of a general turn."""
    return getattr(shape, "origin", None)


def maker(shape: Shape) -> Origin | None:
    """The layer, merge or input that put a shape out, through the blocks around it, where no block is shared."""
    origin = origin_behind(shape)
    while origin and (origin.exit or isinstance(origin.item, syntax.Definition)):
        origin = origin.exit or origin_behind(origin.inputs[0])
    return origin


def put_out_by(stage: Stage, origin: Origin) -> Shape:
    """Note the origin of a stage; its output, which knows it."""
    vars(stage)["origin"] = origin
    stage.output = Wire(stage.output, origin)
    return stage.output


def _close(stages: Sequence[Stage], item: Node, shape: Shape | None, after: Shape) -> Shape:
    """Give the last stage, which holds others, its origin; what flows out of it, from `after` inside."""
    last = stages[-1]
    before = stages[-2].output if len(stages) > 1 else shape
    inner = last.children or ()
    if inner and origin_of(inner[-1]) is None:
        after = _close(inner, item, shape, after)
    inside = origin_behind(after) or origin_behind(inner[-1].output)
    return put_out_by(last, Origin(item, _flow(before), exit=inside))


def _words(memories: Iterable[tuple[str, ir.OutputName]], frame: Frame) -> tuple[str, ...]:
    return tuple(f"{name}={output_name(output, frame.scope)}" for name, output in memories)


def _flow(shape: Shape | None) -> tuple[Shape, ...]:
    return () if shape is None else (shape,)
