"""What the tokens of a document depend on, and what formulas and prose read alike."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from .tokens import PLAIN

GREEK_LETTERS = "\u0391-\u03a9\u03b1-\u03c9\u03d1\u03d5\u03f5"
CJK = "\u2e80-\u2fdf\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ᵢₙₖₕₚₛ", "0123456789inkhps")
SIGNS = "|".join(sorted(map(re.escape, PLAIN), key=len, reverse=True))


class Region(NamedTuple):
    """What the tokens of a document depend on: its text, the letters it uses as names, where formulas stand."""

    text: str
    letters: Collection[str]
    # The start of each formula in prose: where it ends, and where its contents start and end.
    formulas: dict[int, tuple[int, int, int]]
    is_tex: bool = False


def is_shape(text: str, start: int, end: int, stop: int) -> bool:
    """Whether 3,224,224 between brackets is a shape, and not one number."""
    if "," not in text[start:end] or not re.fullmatch(r"\d+(?:,\d+)+", text[start:end]):
        return False
    before = text[max(0, start - 20) : start].rstrip()
    behind = text[end : min(end + 20, stop)].lstrip()
    closed = before.endswith(("(", "[", "（", ",", "{,}")) and behind.startswith((")", "]", "）", ","))
    return closed and (text[start:end].count(",") > 1 or before.endswith(",") or behind.startswith(","))


def letters_of(text: str) -> frozenset[str]:
    """The letters that a document uses as names, as far as units may be mistaken for them."""
    return frozenset(_AS_NAME.findall(text))


_AS_NAME = re.compile(r"(?:(?<![\w.\\{])|(?<=[\d·*(/]))(?<!\d )([KMGBTsmhd])(?=\s?[=·²^*/×_]|\s?\\(?:times|cdot)|\()")
