"""Which numbers answer a question about a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import SymparamsError, UsageFault, listing
from .asking import Asked, names_of
from .ranges import ranges_given
from .several_unknowns import SeveralUnknowns
from .shown_numbers import OneUnknown
from .symbolic_answer import SymbolicAnswer, is_among_others
from .unknowns import Unknowns


def answer_of(
    asked: Asked,
    found: Unknowns,
    multiple_of: int = 1,
    over: Mapping[str, Any] | None = None,
    best: str | None = None,
    limit: int = 20,
) -> OneUnknown | SymbolicAnswer | SeveralUnknowns:
    """The same for a question that is read already."""
    over = ranges_given(over or {})
    check_depends(asked, found)
    check_names(over, found)
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
