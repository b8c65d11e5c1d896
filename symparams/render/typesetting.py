"""What an author asks of LaTeX: how wide the text is, how deep the headings are, whether formulas have numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import UsageFault, did_you_mean, listing

# The width of a line of text in points: of this project's documents, of a column of a page in two, of a slide.
WIDTHS = {"page": 472.0, "twocolumn": 229.0, "beamer": 307.0}
_POINTS = {"pt": 1.0, "mm": 2.845, "cm": 28.45, "in": 72.27}


class Typesetting(NamedTuple):
    """Settings of LaTeX's targets: a width in points, how much deeper headings are, labels, siunitx's numbers."""

    width: float = WIDTHS["page"]
    level: int = 0
    numbered: bool = False

    @property
    def changes(self) -> bool:
        return self != PLAIN


PLAIN = Typesetting()


def width_in_points(text: str) -> float:
    """The width that a word or a length such as 8.5cm means. Raises UsageFault for another text, and a narrow one."""
    length = re.fullmatch(r"(\d{1,4}(?:\.\d{1,3})?) *(pt|mm|cm|in)?", text.strip())
    if text in WIDTHS:
        return WIDTHS[text]
    if not length:
        hint = did_you_mean(text, WIDTHS) or f"{listing(WIDTHS, 'or')}, or a length such as 8.5cm"
        raise UsageFault(f"{text!r} is no width", None, hint)
    width = float(length.group(1)) * _POINTS[length.group(2) or "pt"]
    if not 150 <= width <= 2000:
        raise UsageFault(f"a width of {text} is not set", None, "from 150pt to 2000pt")
    return width
