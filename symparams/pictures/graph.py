"""The architecture as a graph: layers with their formulas, shapes that flow, blocks and repeats as frames around them.

Blocks are opened `depth` deep and turns are never written out, so a graph is as large as what is shown of the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Union

from ..closed_forms.powers import meant
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..core.trace import Origin, Tracer, call_of, origin_behind, origin_of
from ..errors import LimitError
from ..evaluate.figures import PARAMS
from ..evaluate.model import Row, Shape, Stage
from ..formula import text
from ..language import ir
from ..pipeline import not_too_deep
from ..tables.printed import formula, times_text
from .short_texts import shortened

MAX_NODES = 1_000
NODE_COLUMNS = 40
SIZE_COLUMNS = 24

MERGES = {"add": "+", "mul": "×", "concat": "concat"}


@dataclass
class DrawnNode:
    """A layer, a closed block, an input or an output; `tip` is all that is known of it, where it is shown in part.

    `role` is "input", "layer", "merge", "block" or "output".
    """

    key: str
    role: str
    title: str
    detail: str = ""
    formula: str = ""
    tip: str = ""


@dataclass
class DrawnFrame:
    """What belongs together: an opened block, or the turns of a repeat; `role` is "block" or "repeat"."""

    key: str
    role: str
    title: str
    items: list[Item] = field(default_factory=list)


Item = Union[DrawnNode, DrawnFrame]


class Edge(NamedTuple):
    """A flow from one node to another, with its shape; `tip` is the whole shape."""

    source: str
    target: str
    shape: str
    tip: str


@dataclass
class DrawnGraph:
    name: str
    title: str
    items: list[Item]
    edges: list[Edge]


@not_too_deep
def graph_of(net: CoreNetwork, depth: int = 0) -> DrawnGraph:
    """The graph of a network, with blocks opened `depth` deep. Raises SymparamsError where it would be too large."""
    return _Reader(net, depth).graph()


Flow = tuple["Origin | None", Shape]


class _Reader:
    """Builds the graph of a traced network; `made_by` is the node that an origin is shown as."""

    def __init__(self, net: CoreNetwork, depth: int):
        self.net = net
        self.depth = depth
        self.tracer = Tracer(net)
        self.made_by: dict[Origin, DrawnNode] = {}
        self.turns: list[DrawnNode] = []
        self.nodes = 0
        self.frames = 0
        self.edges: list[Edge] = []
        self.read: dict[int, tuple[dict[Origin | None, Shape], set[Origin | None]]] = {}
        self.leaves: dict[str, tuple[DrawnNode, Shape]] = {}

    def graph(self) -> DrawnGraph:
        outputs, stages = self.tracer.run()
        items: list[Item] = [self.entrance(stage) for stage in self.tracer.entrances]
        items += self.items(stages, self.depth)
        ends = [(self.source(origin_behind(shape)), shape) for shape in outputs]
        shown = {node.key for node, _ in ends}
        ends += [
            (node, shape) for key, (node, shape) in self.leaves.items() if key not in shown and node.role != "input"
        ]
        items += [self.exit(node, shape) for node, shape in ends]
        params = shortened(text.total(self.net.quantity(PARAMS.name), self.net.order), 2 * NODE_COLUMNS)
        name = self.net.name or "network"
        return DrawnGraph(
            name, f"{shortened(name, NODE_COLUMNS)} ({self.net.dialect}): P = {params} parameters", items, self.edges
        )

    def exit(self, node: DrawnNode, shape: Shape) -> DrawnNode:
        end = self.node("output", "output")
        self.edge(node, end, shape)
        return end

    # Nodes

    def node(self, role: str, title: str, detail: str = "", formula: str = "", tip: str = "") -> DrawnNode:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            hint = f"--depth {self.depth - 1} draws fewer" if self.depth else "stages in a def are drawn as one block"
            raise LimitError(f"the drawing would have more than {MAX_NODES:,} nodes", None, hint)
        tip = tip or "\n".join(filter(None, (title, detail, formula)))
        title, detail, formula = (shortened(part, NODE_COLUMNS) for part in (title, detail, formula))
        return DrawnNode(f"n{self.nodes}", role, title, detail, formula, tip)

    def entrance(self, stage: Stage) -> DrawnNode:
        node = self.node("input", stage.name)
        self.made(stage, node)
        return node

    def made(self, stage: Stage, node: DrawnNode) -> None:
        self.leaves[node.key] = node, stage.output
        self.cover(stage, node)

    def items(self, stages: Iterable[Stage], depth: int) -> list[Item]:
        return [self.opened(stage, depth) if self.is_open(stage, depth) else self.closed(stage) for stage in stages]

    def is_open(self, stage: Stage, depth: int) -> bool:
        return stage.children is not None and (not stage.is_block or depth > 0)

    def closed(self, stage: Stage) -> DrawnNode:
        """A layer, a merge or a whole block as one node."""
        node = self.described(stage)
        for origin, shape in self.flows_into(stage):
            self.edge(self.source(origin), node, shape)
        self.made(stage, node)
        return node

    def cover(self, stage: Stage, node: DrawnNode) -> None:
        """Whatever later reads what is inside a closed stage reads its node; no one reads the inside of a block."""
        origin = origin_of(stage)
        if origin is not None:
            self.made_by[origin] = node
        if origin is None or origin.entry is None:
            for child in stage.children or ():
                self.cover(child, node)

    def opened(self, stage: Stage, depth: int) -> Item:
        """A block or the turns of a repeat with what is inside; turns of one node alone are that node, many times."""
        origin = origin_of(stage)
        assert origin is not None and stage.children is not None
        self.frames += 1
        frame = DrawnFrame(f"c{self.frames}", "block" if stage.is_block else "repeat", self.frame_title(stage))
        entered = [self.source(origin_behind(shape)) for shape in origin.inputs]
        if origin.entry and entered:
            self.made_by[origin.entry] = entered[0]
        self.turns += entered[:1]
        frame.items = self.items(stage.children, depth - 1 if stage.is_block else depth)
        del self.turns[len(self.turns) - len(entered[:1]) :]
        last = self.made_by[origin] = self.source(origin.exit)
        if last.key in self.leaves:
            self.leaves[last.key] = last, stage.output
        only = frame.items[0] if len(frame.items) == 1 else None
        if frame.role == "repeat" and isinstance(only, DrawnNode):
            only.title = f"{only.title} {frame.title}"
            only.tip = f"{frame.title}\n{only.tip}"
            return only
        return frame

    def frame_title(self, stage: Stage) -> str:
        if stage.is_block:
            return shortened(stage.name, NODE_COLUMNS)
        times = times_text(meant(stage.count), self.net)
        turns = f", {stage.index.name} = 0, 1, …" if stage.index else ""
        return shortened(f"× {times}{turns}", NODE_COLUMNS)

    def described(self, stage: Stage) -> DrawnNode:
        origin = origin_of(stage)
        assert origin is not None
        if isinstance(origin.item, ir.Merge) and stage.children is None:
            return self.node("merge", MERGES[stage.kind], tip=stage.name)
        detail = call_of(stage, brief=True)
        if detail == stage.kind and stage.name.rstrip("0123456789_") == stage.kind:
            detail = ""
        return self.node("layer" if stage.children is None else "block", stage.name, detail, self.parameters(stage))

    def parameters(self, stage: Stage) -> str:
        """`P = 64·3·7·7 + 64 = 9,472`: the tensors' sizes and their sum, as much of it as can be shown."""
        layer = CoreLayer(Row(stage.name, stage, 1, ()), self.net)
        total = layer.quantity(PARAMS.name)
        counted = text.total(total, self.net.order)
        products = formula(layer, self.net)
        if total == 0:
            return products
        whole = f"P = {products} = {counted}"
        shows_products = isinstance(total, int) and products not in ("", counted) and len(whole) <= NODE_COLUMNS
        return whole if shows_products else f"P = {counted}"

    # Edges

    def edge(self, source: DrawnNode, target: DrawnNode, shape: Shape) -> None:
        sizes = [text.inline(meant(size), self.net.order) for size in shape]
        short = text.tuple_of([shortened(size, SIZE_COLUMNS) for size in sizes])
        self.edges.append(Edge(source.key, target.key, short, text.tuple_of(sizes)))
        self.leaves.pop(source.key, None)

    def source(self, origin: Origin | None) -> DrawnNode:
        """The node that an origin is shown as; a general turn of a repeat begins where the first does."""
        return self.turns[-1] if origin is None else self.made_by[origin]

    def flows_into(self, stage: Stage) -> list[Flow]:
        """What a layer reads, or what the inside of a block or a repeat reads from outside."""
        origin = origin_of(stage)
        assert origin is not None
        entering: list[Flow] = [(origin_behind(shape), shape) for shape in origin.inputs]
        if stage.children is None:
            return entering
        outside, inside = self.read_by(stage.children)
        flows: dict[Origin | None, Shape] = {}
        for found, shape in outside.items():
            begins = found is origin.entry if stage.is_block else found is None
            flows.update(entering[:1] if begins else [(found, shape)])
        if origin.exit not in inside:
            flows.update(entering[:1] if origin.exit is origin.entry else [(origin.exit, stage.output)])
        return list(flows.items())

    def read_by(self, stages: tuple[Stage, ...]) -> tuple[dict[Origin | None, Shape], set[Origin | None]]:
        """What stages read that none of them puts out, and the origins among them."""
        known = self.read.get(id(stages))
        if known is None:
            outside: dict[Origin | None, Shape] = {}
            inside: set[Origin | None] = set()
            for stage in stages:
                outside.update(flow for flow in self.flows_into(stage) if flow[0] not in inside)
                inside.add(origin := origin_of(stage))
                if stage.children and origin and origin.entry is None:
                    inside |= self.read_by(stage.children)[1]
            known = self.read[id(stages)] = outside, inside
        return known
