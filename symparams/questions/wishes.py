"""An output size that is wished for: which input sizes, paddings, strides or output paddings give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..cached import cached_property
from ..closed_forms.conditions import all_of, conjuncts, symbols_in
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..evaluate.changed_arguments import Change, changes
from ..evaluate.figures import OUTPUT
from ..explain.input_sizes import of_any_size
from ..language.library import standard_library
from .asking import Asked, question
from .shown_numbers import OneUnknown
from .solving_for import answer_of, answer_within
from .symbolic_answer import SymbolicAnswer
from .unknowns import Unknowns, unknowns

MOST_SHOWN = 3


def solve(
    net: CoreNetwork,
    text: str,
    names: Sequence[str],
    multiple_of: int = 1,
    over: Mapping[str, Any] | None = None,
    best: str | None = None,
    limit: int = 20,
) -> Any:
    """The answers for the symbols with these names; without names, what gives a size of the output.

    `over` says where the unknowns go, as ranges or lists. Raises SymparamsError.
    """
    if not names and is_wish(question(text, net.closed)):
        return Wish(net, text)
    found = unknowns(net.closed, names)
    return answer_of(lambda free: question(text, free), found, multiple_of, over, best, limit)


def is_wish(asked: Asked) -> bool:
    """Whether a question is about sizes of the output alone."""
    return asked.figures == (OUTPUT.name,)


class Wish:
    """What would do, the likeliest first: sizes of the input, then one argument of one layer; printed, it is text."""

    def __init__(self, net: CoreNetwork, text: str):
        self.net = net.closed
        self.text = text
        self.notes = question(text, self.net).notes

    @cached_property
    def sizes(self) -> dict[str, OneUnknown | SymbolicAnswer]:
        """For each size of the input on which it depends, the answers, whatever the others are now."""
        return dict(self._sizes())

    def _sizes(self) -> Iterator[tuple[str, OneUnknown | SymbolicAnswer]]:
        freed = of_any_size(self.net)
        if not freed or freed.fault:
            return
        asked = question(self.text, freed.net)
        parts = conjuncts(asked.condition)
        sizes = [freed.net.symbols._symbols[name] for name in freed.sizes if name in freed.net.symbols]
        held = [symbols_in([part]).intersection(sizes) for part in parts]
        if False in parts or any(len(symbols) > 1 for symbols in held):
            return
        for symbol in sizes:
            own = [part for part, symbols in zip(parts, held) if symbol in symbols]
            answer = (
                self._answer(asked._replace(condition=all_of(own)), Unknowns(freed.net, (symbol,))) if own else None
            )
            if answer is not None:
                yield symbol.name, answer

    def _answer(self, asked: Asked, found: Unknowns) -> OneUnknown | SymbolicAnswer | None:
        try:
            answer = answer_within(asked, found)
        except SymparamsError:
            return None
        return None if isinstance(answer, OneUnknown) and not answer else answer

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Changes of one padding, stride or output padding, each confirmed by working the network out with it."""
        found: list[Change] = []
        for change in changes(self.net.program, standard_library()):
            alike = [other for other in found if other.kind is change.kind]
            if len(alike) < MOST_SHOWN and self._does(change):
                found.append(change)
        return tuple(found)

    def _does(self, change: Change) -> bool:
        try:
            net = type(self.net)(change.program, self.net.values, self.net.freed)
            return question(self.text, net).condition is True
        except SymparamsError:
            return False

    def record(self) -> dict[str, Any]:
        return {
            "question": self.text,
            "sizes": {name: answer.record() for name, answer in self.sizes.items()},
            "changes": [
                {"argument": change.kind.name, "value": change.number, "layer": change.call.span.text.strip()}
                for change in self.changes
            ],
        }

    def __str__(self) -> str:
        sizes = [answer.named() for answer in self.sizes.values()]
        lines = [f"an input with {' and '.join(sizes)}"] if sizes else []
        lines += map(str, self.changes)
        return "\n".join(lines) if lines else "no size of the input and no padding or stride of one layer does it"

    __repr__ = __str__
