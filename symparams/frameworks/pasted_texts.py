"""A text that was copied, without the marks of the place that it comes from: fences, prompts, indentation, signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent

from ..language.characters import as_read
from .python.code_texts import is_code, is_meant_as_code

_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ENTERED = re.compile(r"\s*(?:>>>|\.\.\.+:?|In \[[\d ]*\]:) ?")
_CELL = re.compile(r"\s*In \[[\d ]*\]:")
_SHOWN = re.compile(r"\s*Out\[[\d ]*\]: ?")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def readings(text: str) -> list[str]:
    """The text as it stands, then without what it may have been copied with. Lines keep their numbers."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = [
        plain
        for inside in (text, unfenced(text))
        for said in (inside, *_without_prompts(inside))
        for moved in (said, _moved_out(said))
        for plain in (moved, moved if moved.isascii() else as_read(moved.translate(_UNSEEN)))
    ]
    return list(dict.fromkeys(found))


def unfenced(text: str) -> str:
    """What stands between fences of Markdown, code alone where some of it is; the text itself where it has none."""
    lines = text.split("\n")
    fences = [i for i, line in enumerate(lines) if _FENCE.match(line)]
    if not fences or is_meant_as_code("\n".join(lines[: fences[0]])):
        return text
    blocks = [range(first + 1, last) for first, last in zip(fences[::2], [*fences[1::2], len(lines)])]
    code = [block for block in blocks if is_code("\n".join(lines[block.start : block.stop]))]
    return _only(lines, {i for block in code or blocks for i in block})


def without_marks(text: str) -> str:
    """A text without the marks of a session with a prompt, where it begins with one."""
    return next(_without_prompts(text), text)


def _without_prompts(text: str) -> Iterator[str]:
    """A session with a prompt without the marks: all of it, what was entered, and what was shown."""
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if not (_ENTERED.match(first) or _SHOWN.match(first)):
        return
    marked = {i for i, line in enumerate(lines) if _ENTERED.match(line)}
    bare = [_SHOWN.sub("", _ENTERED.sub("", line, count=1), count=1) for line in lines]
    every = set(range(len(lines)))
    for kept in (every, set(_in_cells(lines)), marked, every - marked):
        yield _only(bare, kept)


def _in_cells(lines: Sequence[str]) -> Iterator[int]:
    """The lines of a notebook's cells, without what is shown below them."""
    is_entered = False
    for i, line in enumerate(lines):
        is_entered = (is_entered or _CELL.match(line) is not None) and not _SHOWN.match(line)
        if is_entered:
            yield i


def _moved_out(text: str) -> str:
    """The text without the indentation that all its lines have, or all but the first, from which copying began."""
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first][:1].isspace():
        return dedent(text)
    return "\n".join([*lines[: first + 1], *dedent("\n".join(lines[first + 1 :])).split("\n")])


def _only(lines: Sequence[str], kept: set[int]) -> str:
    return "\n".join(line if i in kept else "" for i, line in enumerate(lines))
