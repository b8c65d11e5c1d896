"""The formulas in Markdown, each with whether it is displayed: those on lines of their own first."""

from __future__ import annotations

import re

Formulas = list[tuple[str, bool]]


def github_formulas(markdown: str) -> Formulas:
    """Those of GitHub's Markdown: in fences of math, or between dollars and backticks."""
    displays = re.findall(r"^```math\n(.*?)\n```$", markdown, re.S | re.M)
    lines = re.findall(r"\$`([^`]+)`\$", markdown)
    return [(formula, True) for formula in displays] + [(formula, False) for formula in lines]


def dollar_formulas(markdown: str) -> Formulas:
    """Those that the front ends of notebooks find: outside code, between $$ or between $ within a paragraph."""
    text = re.sub(r"```.*?```|`[^`\n]*`", " ", markdown, flags=re.S)
    displays = re.findall(r"\$\$(.+?)\$\$", text, re.S)
    rest = re.sub(r"\$\$.+?\$\$", "", text, flags=re.S)
    lines = re.findall(r"(?<!\\)\$((?:[^$\\]|\\.)+?)\$", rest, re.S)
    assert rest.replace(r"\$", "").count("$") == 2 * len(lines), rest
    return [(formula.strip("\n"), True) for formula in displays] + [(formula, False) for formula in lines]
