"""The lines of a graph's operations, in the braces of the parts that they belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ...language.free_names import free_name
from ...language.structure import STRUCTURE
from .graph_parts import GraphPart, repeated
from .growing_program import GraphNode, GraphScope, GrowingProgram, in_words

# Words that are no names of a program.
WORDS = frozenset(
    """for if else in and or not true false let assume def net dialect layer fn use words latex call same valid causal
    auto torch keras from""".split()  # noqa: SIM905
) | frozenset(STRUCTURE)


class Labels:
    """Labels that are names of the language, one for each thing that has a path in the code, and none a symbol's."""

    def __init__(self, symbols: Iterable[str] = (), hidden: Iterable[str] = ()) -> None:
        self.symbols = frozenset(symbols)
        self.taken = {*self.symbols, *hidden}
        self.shown: dict[str, str] = {}

    def of(self, path: str) -> str:
        name = re.sub(r"\W+", "_", path).strip("_") or "x"
        if not name.isidentifier() or name in WORDS or name[0] == "_":
            name = f"_{name}"
        label = free_name(name, self.taken)
        self.taken.add(label)
        if label == name != path:
            self.shown[label] = path
        return label


LabelOf = Callable[[GraphNode], str]


class _Line(NamedTuple):
    """A line by its text without the label, made of the labels of what it `reads`, and what it puts out."""

    text: Callable[[LabelOf], str]
    reads: Sequence[GraphNode] = ()
    node: GraphNode | None = None
    path: str | None = None
    is_frozen: bool = False
    inside: _Braces | None = None


class _Braces:
    """Lines in braces. What flows in has a label of its own there, where it is read after the first line.

    `current` is what the next line goes on from, `read` what is read by its label. `title` is what the part that the
    lines are is called in the code, `prefix` the path to it.
    """

    def __init__(self, around: _Braces | None = None, entry: GraphNode | None = None, title: str = ""):
        self.around = around
        self.entry = self.current = entry
        self.title = title
        self.prefix: str = around.prefix if around else ""
        self.lines: list[_Line] = []
        self.made = {entry}
        self.read: set[GraphNode] = set()
        self.names: dict[GraphNode, str] = {}

    def add(self, line: _Line) -> None:
        for node in line.reads:
            self.home_of(node).read.add(node)
        self.lines.append(line)
        if line.node is not None:
            self.made.add(line.node)
            self.current = line.node

    def go_on_from(self, node: GraphNode) -> None:
        if node is not self.current:
            self.add(_Line(lambda label_of: f"from {label_of(node)}", (node,)))
            self.current = node

    def home_of(self, node: GraphNode) -> _Braces:
        if node in self.made:
            return self
        assert self.around is not None
        return self.around.home_of(node)

    def label_of(self, node: GraphNode) -> str:
        return self.home_of(node).names[node]

    def below(self, path: str) -> str:
        """A path from the part that the lines are."""
        return path.removeprefix(f"{self.prefix}.") if self.prefix else path

    def give_names(self, labels: Labels) -> None:
        """Labels for what has a path or is read; none is that of something around that is read, which it would hide."""
        if self.entry in self.read:
            self.names[self.entry] = labels.of("x")
        for line in self.lines:
            if line.node is not None and (line.path or line.node in self.read):
                self.names[line.node] = labels.of(line.path or _usual_name(line.node))
        hidden = {self.names[node] for node in self.read}
        around: _Braces | None = self.around
        while around is not None:
            hidden |= {around.names[node] for node in around.read}
            around = around.around
        for line in self.lines:
            if line.inside is not None:
                line.inside.give_names(Labels(labels.symbols, hidden))

    def shown(self, indent: str = "") -> Iterator[str]:
        if self.entry in self.names:
            yield f"{indent}{self.names[self.entry]}: id"
        for line in self.lines:
            label = f"{self.names[line.node]}: " if line.node in self.names else ""
            text = f"{label}{line.text(self.label_of)}"
            yield f"{indent}freeze {{ {text} }}" if line.is_frozen else f"{indent}{text}"
            if line.inside is not None:
                yield from line.inside.shown(indent + "  ")
                yield f"{indent}}}"

    def titles(self, place: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
        for line in self.lines:
            if line.inside is not None and line.node is not None:
                at = (*place, self.names[line.node])
                yield ".".join(at), line.inside.title
                yield from line.inside.titles(at)


def _usual_name(node: GraphNode) -> str:
    kind = node.operation.name.rpartition(".")[2].lower() + "_out" if node.operation else "x"
    return node.name or kind


class GraphWriter:
    """Writes the operations of a graph.

    `labels` are those outside of all braces.
    """

    def __init__(
        self, program: GrowingProgram, paths: Mapping[Any, str], frozen: Iterable[Any], tied: Mapping[Any, Any]
    ):
        self.program = program
        self.paths = paths
        self.frozen = set(frozen)
        self.tied = tied
        self.shared = set(tied.values())
        self.again: Mapping[GraphScope | None, GraphScope | None] = {}
        self.ends: dict[GraphScope | None, GraphNode] = {}
        self.owners: dict[Any, GraphNode] = {}
        self.roots: dict[Any, GraphNode] = {}
        self.outside = _Braces()
        self.labels = Labels(program.symbols.order)

    def body(self, whole: GraphPart, outputs: Sequence[GraphNode], unused: Sequence[tuple[str, str]]) -> list[str]:
        """The lines of a graph, with layers that nothing flows through, set aside, and what it puts out."""
        outside = self.outside
        self.again = repeated(whole)
        self.write(whole, outside)
        for path, call in unused:
            self.set_aside(path, call)
        if len(outputs) > 1:
            outside.add(_Line(lambda label_of: f"output({', '.join(map(label_of, outputs))})", outputs))
        elif outputs:
            outside.go_on_from(outputs[0])
        outside.give_names(self.labels)
        return list(outside.shown())

    def set_aside(self, path: str, call: str) -> None:
        self.outside.lines.append(_Line(lambda label_of: call.replace("LABEL", self.labels.of(path))))

    @property
    def titles(self) -> dict[str, str]:
        """What the parts in braces are called in the code, by the labels that lead to them, with dots."""
        return dict(self.outside.titles())

    def write(self, part: GraphPart, braces: _Braces) -> None:
        for item in part.items:
            if isinstance(item, GraphPart):
                self.write_part(item, braces)
            else:
                self.write_node(item, braces)

    def write_part(self, part: GraphPart, braces: _Braces) -> None:
        assert part.entry is not None and part.scope is not None and part.end is not None
        braces.go_on_from(part.entry)
        path = self.paths.get(part.scope.thing, "")
        name = braces.below(path) or part.scope.title
        before = self.ends.setdefault(self.again.get(part.scope, part.scope), part.end)
        if before is not part.end:
            braces.add(_Line(lambda label_of: f"reuse({label_of(before)})", (before,), part.end, name))
            return
        inner = _Braces(braces, part.entry, part.scope.title)
        inner.prefix = path or braces.prefix
        self.write(part, inner)
        inner.go_on_from(part.end)
        braces.add(_Line(lambda label_of: "{", (), part.end, name, inside=inner))

    def write_node(self, node: GraphNode, braces: _Braces) -> None:
        if node.flows_in is None:
            sizes = ", ".join(map(in_words, node.shape))
            layout = "" if self.program.dialect.layout_is_fixed else f", layout={self.program.layout}"
            braces.add(_Line(lambda label_of: f"input({sizes}{layout})", (), node, node.name or "x"))
            return
        if node.takes_the_flow or braces.current is None:
            braces.go_on_from(node.flows_in)
        first = self.owners.get(node.owner)
        path = self.paths.get(node.owner) if node.owner is not None else node.name
        name = braces.below(path) if path and first is None else None
        if first is not None and node.has_tensors:
            braces.add(_Line(lambda label_of: f"reuse({label_of(first)})", (first,), node, name))
        else:
            braces.add(self.call(node, name))

    def call(self, node: GraphNode, name: str | None) -> _Line:
        """A layer, with the weight of another where it is tied to that."""
        operation = node.operation
        assert operation is not None
        root = self.tied.get(node.owner, node.owner)
        other = self.roots.get(root) if root in self.shared else None
        if node.owner is not None:
            self.owners.setdefault(node.owner, node)
            self.roots.setdefault(root, node)

        def text(label_of: LabelOf) -> str:
            call = operation.written({flow: label_of(flow) for flow in operation.flows})
            if other is None:
                return call
            tied = f"tied={label_of(other)})"
            return f"{call[:-1]}, {tied}" if call.endswith(")") else f"{call}({tied}"

        reads = operation.flows if other is None else (*operation.flows, other)
        return _Line(text, reads, node, name, node.owner in self.frozen)
