"""The share of each layer in the parameters, as a small bar and per cent."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..algebra.polynomial import divide
from ..network import Layer, Network

# Of how many characters a whole bar is, the longest that a terminal has room for.
LENGTHS = (8, 4)
EIGHTHS = " ▏▎▍▌▋▊▉█"


def shares(net: Network, layers: Iterable[Layer]) -> list[Fraction] | None:
    """The part of the parameters that each layer holds, all its occurrences together; None where one is no number."""
    whole = net.quantity("params")
    if whole == 0:
        return None
    parts = [divide(layer.over_all_turns(layer.quantity("params")), whole) for layer in layers]
    numbers = [Fraction(part) for part in parts if isinstance(part, (int, Fraction))]
    return numbers if len(numbers) == len(parts) else None


def share_text(share: Fraction, length: int, encoding: str) -> str:
    """A share as ` 12.5 % █`, with a bar that the encoding has the characters for; nothing where it is 0."""
    if share == 0:
        return ""
    tenths = round(share * 1000)
    percent = "<0.1 %" if tenths == 0 else f"{tenths // 10}.{tenths % 10} %"
    return f"{percent:>7} {bar(share, length) if _has_blocks(encoding) else '#' * round(share * length)}".rstrip()


def bar(share: Fraction, length: int) -> str:
    """A bar in eighths of a character; the smallest share has one."""
    eighths = max(1, round(share * length * 8))
    return EIGHTHS[8] * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def _has_blocks(encoding: str) -> bool:
    try:
        EIGHTHS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
