"""Bytes in the units that people read: KiB, MiB and larger, with a digit behind the point."""

from __future__ import annotations

from ..formula import text

_UNITS = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def in_units(count: object) -> str:
    """A number of bytes as `97.5 MiB`, in the largest unit of which there is one; nothing below one, or for a formula.

    The digit is rounded half up, by whole numbers, so that it is right for any size.
    """
    if not isinstance(count, int) or count < 1024:
        return ""
    power = min((count.bit_length() - 1) // 10, len(_UNITS))
    tenths = (count * 10 * 2 + 1024**power) // (2 * 1024**power)
    return f"{text.number(tenths // 10)}.{tenths % 10} {_UNITS[power - 1]}"
