"""The formulas in what is written."""

from __future__ import annotations

import re


def formulas(github: str) -> list[tuple[str, bool]]:
    """The formulas of GitHub's Markdown, and whether each is displayed."""
    displays = re.findall(r"^```math\n(.*?)\n```$", github, re.S | re.M)
    lines = re.findall(r"\$`([^`]+)`\$", github)
    return [(text, True) for text in displays] + [(text, False) for text in lines]


def dollar_formulas(markdown: str) -> list[tuple[str, bool]]:
    """The formulas of Markdown with dollars, and whether each is displayed."""
    displays = re.findall(r"^\$\$\n(.*?)\n\$\$$", markdown, re.S | re.M)
    rest = re.sub(r"^\$\$\n(.*?)\n\$\$$", "", markdown, flags=re.S | re.M)
    return [(text, True) for text in displays] + [(text, False) for text in re.findall(r"(?<!\\)\$([^$]+)\$", rest)]
