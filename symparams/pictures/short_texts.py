"""Texts that are short enough to stand in a picture."""

from __future__ import annotations

from ..errors import display_width

ELLIPSIS = "…"


def shortened(text: str, columns: int) -> str:
    """The text in at most so many columns: its middle is left out, so that numbers at the end stay."""
    if display_width(text) <= columns:
        return text
    half = (columns - 1) // 2
    return cut(text, columns - 1 - half) + ELLIPSIS + cut(text[::-1], half)[::-1]


def cut(text: str, columns: int) -> str:
    """The first characters of a text that fit into so many columns."""
    kept = ""
    used = 0
    for character in text:
        used += display_width(character)
        if used > columns:
            break
        kept += character
    return kept
