"""Which numbers answer a question about a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import SymparamsError, UsageFault, listing
from .asking import Asked, names_of
from .ranges import ranges_given
from .regions import Ask, ByRegion
from .several_unknowns import SeveralUnknowns
from .shown_numbers import OneUnknown
from .symbolic_answer import SymbolicAnswer, is_among_others
from .unknowns import Unknowns, decisions_on

Answer = OneUnknown | SymbolicAnswer | SeveralUnknowns | ByRegion


def answer_of(
    ask: Ask,
    found: Unknowns,
    multiple_of: int = 1,
    over: Mapping[str, Any] | None = None,
    best: str | None = None,
    limit: int = 20,
) -> Answer:
    """The answers to a question, which is read for the network with free unknowns. Raises SymparamsError."""
    over = ranges_given(over or {})
    check_names(over, found)
    check_positive("multiple_of", multiple_of)
    check_positive("limit", limit)
    asked = ask(found.net)
    deciding = [symbol.name for symbol in found.symbols if decisions_on(found.net, symbol)]
    if deciding and (len(found.symbols) > 1 or over or best):
        hint = f"solve for {deciding[0]} alone, or give it a value"
        raise SymparamsError(f"which layers there are depends on {listing(deciding)}", None, hint)
    if deciding:
        return ByRegion(found.net, found.symbols[0], ask, multiple_of)
    check_depends(asked, found)
    if len(found.symbols) > 1 or over or best:
        return SeveralUnknowns(found.net, found.symbols, asked, over, multiple_of, best, limit)
    return answer_within(asked, found, multiple_of)


def answer_within(asked: Asked, found: Unknowns, multiple_of: int = 1) -> OneUnknown | SymbolicAnswer:
    """The answer for one unknown, among other symbols where some are open."""
    (symbol,) = found.symbols
    if is_among_others(asked, symbol):
        return SymbolicAnswer(found.net, symbol, asked)
    return OneUnknown(found.net, symbol, asked, multiple_of)


def check_depends(asked: Asked, found: Unknowns) -> None:
    """Raises SymparamsError where the sides of a question do not hold one of the unknowns."""
    held = frozenset().union(*(names_of(side) for c in asked.compared for side in (c.left, c.right)))
    for symbol in found.symbols:
        if symbol not in held:
            others = sorted(s.name for s in held - set(asked.named))
            hint = f"it depends on {listing(others)}" if others else None
            raise SymparamsError(f"{asked.text.strip()} does not depend on {symbol.name}", None, hint)


def check_names(over: Iterable[str], found: Unknowns) -> None:
    """Raises UsageFault where a range is given for what is not asked for."""
    names = [symbol.name for symbol in found.symbols]
    for name in over:
        if name not in names:
            raise UsageFault(
                f"a range is given for {name!r}, which is not asked for", None, f"--for {','.join(names)},{name}"
            )


def check_positive(name: str, value: object) -> None:
    """Raises SymparamsError for what is no positive whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SymparamsError(f"{name} is a positive whole number, not {value!r}")
