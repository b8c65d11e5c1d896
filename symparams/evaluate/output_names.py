"""Names of outputs with an index, and which of them may be the same where an index is a symbol."""

from __future__ import annotations

from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, Symbol
from ..errors import SymparamsError
from ..formula import python
from ..language import ir, syntax
from ..language.kinds import WHOLE
from .axes import as_quantity
from .domain import compare, is_number, substitute, symbols_of
from .expressions import Scope, evaluate
from .fitting import belongs
from .rules import shown


class OutputName(NamedTuple):
    """A name with its indices worked out: `b[2]`, or `b[i + 1]` in the turn with the number i of many."""

    base: str
    indices: tuple[Quantity, ...] = ()

    def __str__(self) -> str:
        return self.base + "".join(f"[{python.inline(index)}]" for index in self.indices)

    @property
    def symbols(self) -> frozenset[Symbol]:
        return frozenset[Symbol]().union(*map(symbols_of, self.indices))

    @property
    def is_number(self) -> bool:
        return all(isinstance(index, int) for index in self.indices)

    def substituted(self, values: dict[Symbol, Quantity]) -> OutputName:
        return OutputName(self.base, tuple(substitute(index, values) for index in self.indices))

    def may_be(self, other: OutputName) -> bool:
        """Whether it is not known to be another name."""
        if (self.base, len(self.indices)) != (other.base, len(other.indices)):
            return False
        return not any(compare("==", mine, its) is False for mine, its in zip(self.indices, other.indices))


def output_name(output: ir.OutputName, scope: Scope) -> OutputName:
    """The name of an output with its indices worked out. Raises SymparamsError for what is no index."""
    if isinstance(output, syntax.Name):
        return OutputName(output.name)
    base, indices = output_name(output.value, scope)  # type: ignore[arg-type]
    index = evaluate(output.index, scope)
    if not is_number(index) or belongs(as_quantity(index), WHOLE) is not True:
        fault = f"the index of an output's name is a whole number, not {shown(index)}"
        raise SymparamsError(fault, output.index.span)
    return OutputName(base, (*indices, as_quantity(index)))


class IndexedNames:
    """The names with an index that a run of a block has set: numbers and those with symbols, each with its moment."""

    def __init__(self) -> None:
        self.numbers: dict[OutputName, int] = {}
        self.open: dict[OutputName, int] = {}
        self.moment = 0

    def note(self, name: OutputName) -> None:
        self.moment += 1
        (self.numbers if name.is_number else self.open)[name] = self.moment

    def state(self) -> tuple[dict[OutputName, int], dict[OutputName, int]]:
        return dict(self.numbers), dict(self.open)

    def restore(self, state: tuple[dict[OutputName, int], dict[OutputName, int]]) -> None:
        self.numbers, self.open = state

    def set_since(self, moment: int) -> list[OutputName]:
        """The names with symbols that were set after a moment."""
        return [name for name, latest in self.open.items() if latest > moment]

    def tells_apart(self, name: OutputName, is_known: bool) -> bool:
        """Whether no other name that was set since this one was may be the same."""
        mine = self.numbers if name.is_number else self.open
        moment = mine.get(name, 0) if is_known else 0
        others = self.open if name.is_number else {**self.open, **self.numbers}
        return not any(latest > moment and other.may_be(name) for other, latest in others.items())
