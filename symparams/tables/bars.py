"""The share of each layer in the parameters, as a small bar and per cent."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..formula import text
from .shares import layer_shares

# Of how many characters a whole bar is, the longest that a terminal has room for.
LENGTHS = (8, 4)
EIGHTHS = " ▏▎▍▌▋▊▉█"


def shares(net: CoreNetwork, layers: Iterable[CoreLayer]) -> list[Fraction] | None:
    """The part of the parameters that each layer holds, all its occurrences together; None where one is no number."""
    found = [row.share for row in layer_shares(net, layers)]
    numbers = [share for share in found if isinstance(share, Fraction)]
    return numbers if len(numbers) == len(found) else None


def share_text(share: Fraction, length: int, encoding: str) -> str:
    """A share as ` 12.5 % █`, with a bar that the encoding has the characters for; nothing where it is 0."""
    if share == 0:
        return ""
    drawn = bar(share, length) if _has_blocks(encoding) else "#" * round(share * length)
    return f"{text.percent(share):>7} {drawn}".rstrip()


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
