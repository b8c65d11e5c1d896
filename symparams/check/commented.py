"""What code says in comments and asserts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .passages import ASSERTED, Passage

_STRING_OR_COMMENT = re.compile(
    r"\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|(?P<hash>#)[^\n]*"
    r"|(?P<slashes>//(?=\s))[^\n]*",
    re.DOTALL,
)
_ASSERT = re.compile(r"^[ \t]*assert[ \t(]", re.M)
_HASHED = (
    "python",
    "py",
    "py3",
    "python3",
    "ipython",
    "sh",
    "bash",
    "shell",
    "yaml",
    "toml",
    "r",
    "julia",
    "ruby",
    "pycon",
)


def code_pieces(text: str, passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Comments and what is asserted, in the order of the text."""
    pieces: list[tuple[int, int, str]] = []
    covered: list[tuple[int, int]] = []
    for found in _STRING_OR_COMMENT.finditer(text, passage.start, passage.end):
        mark = found["slashes"] if passage.language not in _HASHED else found["hash"]
        mark = mark or (
            found["hash"] if passage.language not in ("c", "cpp", "java", "js", "javascript", "rust") else None
        )
        if mark:
            pieces.append((found.start() + len(mark), found.end(), ""))
        if found["hash"] or mark:
            covered.append(found.span())
    for found in _ASSERT.finditer(text, passage.start, passage.end):
        line = text.find("\n", found.end(), passage.end)
        stop = line if line >= 0 else passage.end
        comment = min((a for a, _ in covered if found.end() <= a < stop), default=stop)
        pieces.append((found.end() - 1, comment, ASSERTED))
    return iter(sorted(pieces))
