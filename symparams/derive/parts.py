"""The parts of a derivation: layers, blocks and repeats, each with what is derived of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ..evaluate.model import Shape, Stage
from ..formula.tree import Related
from ..language.syntax import Rule
from .rule_formulas import Formulas
from .steps import Chain


@dataclass
class Derived:
    """One figure: the values of the names in its formula, and the chain; `likewise` where the one before is like it."""

    given: list[Related]
    chain: Chain
    likewise: bool = False


@dataclass(eq=False)
class OutlinePart:
    """A stage that is derived, or one that is like another, which then is `like`; `also` are those that are like it."""

    name: str
    stage: Stage
    number: str = ""
    rule: Rule | None = None
    like: OutlinePart | None = None
    also: list[str] = field(default_factory=list)
    input: tuple[Shape, ...] = ()
    sums: dict[str, Derived] = field(default_factory=dict)
    outputs: list[Derived] = field(default_factory=list)
    formulas: Formulas | None = None
    parts: list[OutlinePart] | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to derive."""
        tied = any(tensor.tied for tensor in self.stage.tensors)
        return self.parts is None and not (self.sums or self.outputs or tied)

    @property
    def first(self) -> OutlinePart:
        return self.like or self


def walk(parts: Iterable[OutlinePart]) -> Iterator[OutlinePart]:
    for part in parts:
        yield part
        yield from walk(part.parts or ())


def indices(parts: Iterable[OutlinePart], shown: Callable[[str], str | None]) -> dict[str, str]:
    """What stands for each part at the letter of a figure: its own name, or its number where another has that name.

    A part of the network itself goes before one inside a block. `shown` is how a notation writes a name, None where
    it cannot.
    """
    firsts = [part for part in walk(parts) if not part.like]
    written = {part.name: shown(part.stage.name or part.name.rpartition(".")[2]) for part in firsts}
    inside = Counter(name for part, name in written.items() if "." in part)
    owners: dict[str | None, str] = {}
    for part in sorted(written, key=lambda name: "." in name):
        if "." not in part or inside[written[part]] == 1:
            owners.setdefault(written[part], part)
    chosen = {owner: name for name, owner in owners.items() if name}
    return {part.name: chosen.get(part.name) or part.number or part.name for part in firsts}


def number_all(parts: Iterable[OutlinePart], prefix: str) -> None:
    """Number the parts that have a heading."""
    place = 0
    for part in parts:
        if part.like or part.is_quiet:
            continue
        place += 1
        part.number = f"{prefix}{place}"
        if part.parts is not None:
            number_all(part.parts, f"{part.number}.")
