"""What layers, turns, blocks and merges ask of the flow that runs through them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError
from ..language import ir
from ..language.library import Library
from ..language.syntax import Node, Rule
from .axes import Value
from .carried import Carried, Reads, TurnState
from .expressions import Scope
from .frames import Frame, Label
from .model import Result, Shape, Stage
from .rules import Applied
from .symbols import Symbols


class Following(Protocol):
    """A flow that is followed stage by stage."""

    program: ir.Program
    library: Library
    rules: dict[str, Rule]
    applied: dict[tuple[Any, ...], Applied]
    images: set[Shape]
    symbols: Symbols
    scope: Scope
    library_scope: Scope
    frame: Frame
    layout: str
    asides: int

    @property
    def reads(self) -> Reads: ...

    def arguments(self, bound: ir.Bound, scope: Scope) -> dict[str, Value]: ...

    def note(self, note: SymparamsError | None) -> None: ...

    def flowing(self, shape: Shape | None, what: str) -> Shape: ...

    def body(self, items: Iterable[Node], frame: Frame, shape: Shape | None) -> Result: ...

    def item(self, item: Node, frame: Frame, shape: Shape | None) -> Result: ...

    def item_body(self, item: ir.Loop | ir.Repeat, inner: Frame, shape: Shape | None) -> Result: ...

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape: ...

    def label(self, output: ir.OutputName, frame: Frame) -> Label: ...

    def shares_turns(self, carried: Carried, count: Quantity) -> bool: ...

    def set_state(self, carried: Carried, state: TurnState) -> None: ...
