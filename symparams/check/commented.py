"""What code says in comments and asserts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .passages import ASSERTED, Passage

_STRINGS = r"(?P<long>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?''')|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_HASHED = re.compile(rf"{_STRINGS}|(?P<mark>#+)[^\n]*", re.DOTALL)
_SLASHED = re.compile(rf"{_STRINGS}|(?P<mark>//+)[^\n]*", re.DOTALL)
_WITH_SLASHES = (
    "c",
    "cpp",
    "c++",
    "cc",
    "h",
    "java",
    "js",
    "javascript",
    "ts",
    "typescript",
    "rust",
    "go",
    "swift",
    "cuda",
)
_ASSERT = re.compile(r"^[ \t]*assert[ \t(]", re.M)


def code_pieces(text: str, passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Comments, longer texts and what is asserted, in their order."""
    pieces: list[tuple[int, int, str]] = []
    covered: list[tuple[int, int]] = []
    pattern = _SLASHED if passage.language in _WITH_SLASHES else _HASHED
    for found in pattern.finditer(text, passage.start, passage.end):
        if found["mark"]:
            pieces.append((found.end("mark"), found.end(), ""))
        elif found["long"]:
            pieces.append((found.start() + 3, found.end() - 3, ""))
        covered.append(found.span())
    for found in _ASSERT.finditer(text, passage.start, passage.end):
        line = text.find("\n", found.end(), passage.end)
        stop = line if line >= 0 else passage.end
        comment = min((a for a, _ in covered if found.end() <= a < stop), default=stop)
        pieces.append((found.end() - 1, comment, ASSERTED))
    return iter(sorted(pieces))
