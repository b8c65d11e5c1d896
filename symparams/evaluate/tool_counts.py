"""The flow once more, with what a tool counts in each layer in the place of its multiply-accumulates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from ..closed_forms.polynomial import Quantity
from ..errors import Source, SymparamsError, UsageFault, did_you_mean, listing
from ..language import ir, syntax
from ..language.dialects import KERAS, TORCH
from ..language.library import Library
from ..language.parser import parse_expression
from ..language.syntax import Node
from .carried import base_name
from .conventions import CONVENTIONS, TOOLS, CountingTool
from .domain import product, total
from .expressions import Scope, evaluate
from .figures import FLOPS, MACS
from .flow import Flow
from .frames import Frame
from .model import Result, Shape, Stage
from .rules import Applied
from .symbols import Symbols


def known_tool(name: str) -> CountingTool:
    """A tool by its name. Raises UsageFault for another word."""
    if name == KERAS.name:
        fault = "Keras counts no operations: neither its layers nor model.summary() say how many there are"
        raise UsageFault(fault, None, f"the tools are {listing(TOOLS)}")
    if name not in TOOLS:
        hint = did_you_mean(str(name), TOOLS) or f"the tools are {listing(TOOLS)}"
        raise UsageFault(f"there is no tool {name!r} whose count is known", None, hint)
    return TOOLS[name]


class ToolCounts(Flow):
    """One evaluation of a program, with the counts of a tool. Raises SymparamsError where one is not known."""

    def __init__(self, program: ir.Program, library: Library, symbols: Symbols, tool: CountingTool):
        super().__init__(program, library, symbols)
        self.tool = tool
        self.is_run = True

    def aside(self, item: ir.Aside, frame: Frame, shape: Shape | None) -> Result:
        """What nothing flows through is not run, and not counted."""
        was, self.is_run = self.is_run, False
        after, made = super().aside(item, frame, shape)
        self.is_run = was
        return after, made

    def run(self) -> tuple[tuple[Shape, ...], list[Stage]]:
        if self.program.outputs:
            self.check_read(self.program.body[-1:])
        return super().run()

    def body(self, items: Iterable[Node], frame: Frame, shape: Shape | None) -> Result:
        items = tuple(items)
        self.check_read(before for before, item in pairwise(items) if isinstance(item, ir.From))
        return super().body(items, frame, shape)

    def check_read(self, items: Iterable[Node]) -> None:
        """Raises SymparamsError where the flow out of one of these is lost, and with it what the tool counts there."""
        for item in items if self.tool.prunes else ():
            name = base_name(item.output) if isinstance(item, ir.Numbered) else getattr(item, "label", None)
            if isinstance(item, _MAKES_NO_FLOW) or name in self.reads.outputs:
                continue
            fault = f"{self.tool.name} does not count what nothing reads, and nothing reads what this puts out"
            raise SymparamsError(fault, item.span, "leave it out")

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        if self.is_run and not isinstance(item, ir.Input):
            scope = self.scope_of(stage, inputs, applied)
            stage.macs = self.count(stage, self.tool.macs, scope)
            flops = self.tool.flops
            vars(stage)[FLOPS.name] = self.no_flops() if flops is None else self.count(stage, flops, scope)
        return super().record(stage, inputs, item, applied)

    def scope_of(self, stage: Stage, inputs: Sequence[Shape], applied: Applied | None) -> Scope:
        """The names of the layer's rule, and those that every layer has. Raises SymparamsError for an unknown layer."""
        row = CONVENTIONS.get(stage.kind)
        known = row is not None and stage.kind not in self.rules
        if applied and known and not row.operator:  # type: ignore[union-attr]
            known = applied.scope.look_up(_DIALECT) == TORCH.name and TORCH.name in applied.builds
        if not known:
            fault = f"what {self.tool.name} counts for {stage.kind!r} is not known"
            raise SymparamsError(fault, None, "it is known for PyTorch's own layers")
        weights = applied.tensors if applied else ()
        names = {
            MACS.name: stage.macs,
            "inputs": product(inputs[0]),
            "outputs": product(stage.output),
            "learned": total(tensor.elements for tensor in weights if tensor.is_weight),
        }
        return Scope(dict(names), applied.scope if applied else self.library_scope)

    def count(self, stage: Stage, column: str, scope: Scope) -> Quantity:
        with scope.work.premises.apart():
            value = evaluate(_formula(stage.kind, column), scope)
        if isinstance(value, str):
            raise SymparamsError(f"what {self.tool.name} counts for {stage.kind!r} is not known: {value}")
        return value  # type: ignore[return-value]

    def no_flops(self) -> SymparamsError:
        name = self.tool.name
        return SymparamsError(f"{name} counts no flops, but {self.tool.says}", None, "ask for macs")


_MAKES_NO_FLOW = (ir.Input, ir.From, ir.Let, ir.Assume, ir.Aside)


@cache
def _formula(kind: str, column: str) -> Node:
    return parse_expression(Source(f"<{column}>", getattr(CONVENTIONS[kind], column)))


_DIALECT = syntax.Name("dialect")
