"""What one run of a block has in scope: its names, its labelled outputs, the names that its stages take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from ..closed_forms.polynomial import Symbol
from ..language import ir
from ..language.syntax import Node
from .axes import Value
from .expressions import Scope
from .model import Stage
from .output_names import IndexedNames, OutputName


class Label(NamedTuple):
    """A named output: the stage that puts it out, and the item and the frame that made the stage.

    There is no item where the output stands for that of any turn, and each turn makes it in another way.
    """

    name: str
    item: Node | None
    frame: Frame
    stage: Stage


class Frame:
    """What one run of a block, or the whole program, has in scope: names, labelled outputs, names given to stages.

    Names are looked up in the frames from `parent` on. Those of the frames from `around` on, which belong to the same
    run of a block, are set again from inside; a frame without one is the run's own.
    """

    def __init__(
        self,
        scope: Scope,
        parent: Frame | None = None,
        *,
        around: Frame | None = None,
        block: str | None = None,
        shown: Mapping[str, str] | None = None,
    ):
        self.scope = scope
        self.parent = parent
        self.shown: Mapping[str, str] = parent.shown if parent else shown or {}
        self.around = around
        self.labels: dict[str, Label] = {}
        self.indexed: IndexedNames = around.indexed if around else IndexedNames()
        self.turn: frozenset[Symbol] = frozenset()
        self.block = block
        self.reserved: set[str] = set() if parent is None or block else parent.reserved
        self.taken: set[str] = set() if parent is None or block else parent.taken
        self.counters: dict[str, int] = {} if parent is None or block else parent.counters
        self.frozen: bool = parent.frozen if parent else False
        self.depth: int = (parent.depth if parent else 0) + (block is not None)
        self.callers: tuple[str, ...] = parent.callers if parent else ()
        self.looks_outside = False

    def name_for(self, label: str | None, kind: str) -> str:
        """The label, or the kind with a number; a name that is taken already gets a number in brackets."""
        if label:
            label = self.shown.get(label, label)
            if label not in self.taken:
                self.taken.add(label)
                return label
            return self.numbered(label, "{}[{}]", 2)
        return self.numbered(kind, "{}_{}" if kind[-1].isdigit() or kind[-1] == "]" else "{}{}", 1)

    def numbered(self, base: str, form: str, first: int) -> str:
        number = self.counters.get(base, first)
        while form.format(base, number) in self.taken or form.format(base, number) in self.reserved:
            number += 1
        self.counters[base] = number + 1
        name = form.format(base, number)
        self.taken.add(name)
        return name

    def inner(self, names: dict[str, Value] | None = None, block: str | None = None) -> Frame:
        """A frame within the same run: a branch, one turn of a loop, or stages under one name."""
        return Frame(Scope(names or {}, self.scope), self, around=self, block=block)

    @contextmanager
    def names_kept(self) -> Iterator[None]:
        """Whatever is worked out inside is a trial: the names that it gives are free again afterwards."""
        taken, counters = set(self.taken), dict(self.counters)
        try:
            yield
        finally:
            self.taken.clear()
            self.taken.update(taken)
            self.counters.clear()
            self.counters.update(counters)

    @contextmanager
    def outputs_kept(self) -> Iterator[None]:
        """Outputs that are named inside, in this run of a block, are forgotten again afterwards."""
        known = [(frame, dict(frame.labels)) for frame in self.run()]
        indexed = self.indexed.state()
        try:
            yield
        finally:
            self.indexed.restore(indexed)
            for frame, labels in known:
                frame.labels.clear()
                frame.labels.update(labels)

    # Names of outputs and values

    def run(self) -> Iterator[Frame]:
        """This frame and those around it, up to that of the block or the program that is run."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.around

    def share(self, name: OutputName) -> None:
        """Let an output with an index be known in the whole block, or in the turn whose number is in its index."""
        self.indexed.note(name)
        home = next(f for f in self.run() if f.turn & name.symbols or f.block is not None or f.around is None)
        if str(name) in self.labels:
            home.labels[str(name)] = self.labels.pop(str(name))

    def is_told_apart(self, name: OutputName, is_known: bool) -> bool:
        """Whether it is known which output with an index this is, whatever the symbols stand for."""
        around = list(self.run())[-1].parent
        return self.indexed.tells_apart(name, is_known) and (around is None or around.is_told_apart(name, is_known))

    def find(self, name: str) -> Label | None:
        """The output with this name: of this block, or of the program around all blocks."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.labels:
                return frame.labels[name]
            frame.looks_outside = frame.looks_outside or frame.around is None
            frame = frame.parent
        return None

    def note_looks_outside(self) -> None:
        """Note that the run of a block depends on more than what flows into it."""
        for frame in self.run():
            frame.looks_outside = True

    def set_label(self, name: str, label: Label) -> None:
        """Name an output: again where the run of the block has one of this name already, else for this frame alone."""
        next((frame for frame in self.run() if name in frame.labels), self).labels[name] = label

    def set_value(self, name: str, value: Value) -> None:
        """Name a value: again where the run of the block has one of this name already, else for this frame alone."""
        next((frame for frame in self.run() if name in frame.scope.names), self).scope.names[name] = value

    def value(self, name: str) -> Value:
        """The value that the run of the block has under this name."""
        return next(frame.scope.names[name] for frame in self.run() if name in frame.scope.names)

    def known_labels(self) -> set[str]:
        return set(self.labels) | (self.parent.known_labels() if self.parent else set())


def labels_in(items: Iterable[Node]) -> Iterator[str]:
    """The labels that stand in a body, which no stage without a label may take; those of its loops and branches too."""
    for item in items:
        item = item.stage if isinstance(item, ir.Numbered) else item
        label = getattr(item, "label", None)
        if label:
            yield label
        if isinstance(item, (ir.Repeat, ir.Loop, ir.Freeze, ir.Aside)):
            yield from labels_in(item.body)
        elif isinstance(item, ir.Branch):
            yield from labels_in((*item.then, *item.otherwise))
        elif isinstance(item, ir.Merge):
            yield from labels_in(inner for branch in item.branches for inner in branch)
