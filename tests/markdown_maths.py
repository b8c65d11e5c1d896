"""The formulas of a Markdown text, as the front ends of notebooks find them."""

from __future__ import annotations

import re


def maths_of(markdown: str) -> list[tuple[str, bool]]:
    """Formulas, each with whether it is a display: outside code, between $$ or between $ within a paragraph."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.S)
    displays = re.findall(r"\$\$(.+?)\$\$", text, re.S)
    rest = re.sub(r"\$\$.+?\$\$", "", text, flags=re.S)
    lines = re.findall(r"(?<!\\)\$((?:[^$\\]|\\.)+?)\$", rest, re.S)
    assert rest.replace(r"\$", "").count("$") == 2 * len(lines), rest
    return [(formula, True) for formula in displays] + [(formula, False) for formula in lines]
