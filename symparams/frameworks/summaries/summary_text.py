"""The lines of a text that holds a summary, as they are meant: without colours, with plain characters."""

from __future__ import annotations

import re
from typing import NamedTuple

# What a terminal is told, which is no part of the text.
_COLOURS = re.compile("\x1b\\[[0-9;?]*[ -/]*[@-~]")
# Characters of other widths, and such as are not seen, as those that are meant.
_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x3000, 0xA0, 0x202F, 0x2007), " "),
    **dict.fromkeys((0x200B, 0x200E, 0x200F, 0xFEFF, 0xD), None),
}
# Lines of these alone part rows.
_RULE = frozenset("=_-─━╌┄ ¯│┃|┏┓┗┛┡┩┳┻╇┴├┤┼┬┌┐└┘╞╡╪╒╕╘╛═╧╤+:\t`")
_LAYER = "Layer ("
_TITLES = ("Output Sh", "Param #", "┃")
_SHORTEST_RULE = 20


class SummaryLine(NamedTuple):
    """A line by its number, from 0."""

    number: int
    text: str

    @property
    def is_header(self) -> bool:
        """Whether it has the titles of the columns."""
        has_titles = _LAYER in self.text and any(title in self.text for title in _TITLES)
        return has_titles and "#" not in self.text.partition(_LAYER)[0]

    @property
    def parts_rows(self) -> bool:
        return set(self.text) <= _RULE


def lines_of(text: str) -> list[SummaryLine]:
    plain = _COLOURS.sub("", text).translate(_PLAIN)
    return [SummaryLine(number, line) for number, line in enumerate(plain.split("\n"))]


def looks_like_summary(text: str) -> bool:
    """Whether a text holds what Keras, torchinfo or torchsummary print about a model."""
    return _LAYER in text and any(line.is_header for line in lines_of(text))


def begins_as_summary(text: str) -> bool:
    """Whether the first line of a text is one that a summary begins with."""
    first = next((line for line in lines_of(text) if line.text.strip()), None)
    if first is None:
        return False
    is_rule = first.parts_rows and len(first.text.strip()) >= _SHORTEST_RULE and "`" not in first.text
    return first.text.strip().startswith('Model: "') or first.is_header or is_rule
