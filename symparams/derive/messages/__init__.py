"""The prose of derivations: one file for each language, found by its name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from ...errors import UsageFault, listing

_FOLDER = os.path.dirname(__file__)


def languages() -> list[str]:
    return sorted(name[:-4] for name in os.listdir(_FOLDER) if name.endswith(".txt"))


class Messages:
    """The messages of one language, in English what its file lacks. Raises UsageFault where there is no file."""

    def __init__(self, language: str):
        if language not in languages():
            hint = f"the languages are {listing(languages())}"
            raise UsageFault(f"there is no language {language!r}", None, hint)
        self.texts = {**_read("en"), **_read(language)}

    def has(self, key: str) -> bool:
        return key in self.texts

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def translated(self, text: str) -> str:
        """A sentence or a name of a layer's rule in this language, in its own where there is no translation."""
        return self.texts.get(text, text)

    def parts(self, key: str, **values: Any) -> Iterator[Any]:
        """A message cut where values are put in: text and values by turns."""
        for piece in re.split(r"(\{\w+\})", self.texts[key]):
            if piece.startswith("{"):
                yield values[piece[1:-1]]
            elif piece:
                yield piece


def _read(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    with open(os.path.join(_FOLDER, f"{language}.txt"), encoding="utf-8") as file:
        for line in file:
            key, equals, text = line.rstrip("\n").partition(" =")
            if equals and not line.startswith("#"):
                text = text.strip()
                texts[key] = text[1:-1] if text[:1] == text[-1:] == '"' else text
    return texts
