"""LaTeX to MathML, which browsers show without any script."""

from __future__ import annotations

import re

# Thousands: 18{,}432 or 18\,432.
_LONG_NUMBER = re.compile(r"\d{1,3}(?:(?:\{,\}|\\,)\d{3})+(?!\d)")
_SEPARATORS = {"{,}": ",", r"\,": "\u202f"}


def mathml(latex: str, display: bool = False) -> str:
    """A formula of a derivation as one element; `display` sets it on lines of its own.

    Numbers with separators, and upright names, go through the library as texts, so that each stays in one piece.
    """
    from latex2mathml.converter import convert

    latex = _LONG_NUMBER.sub(lambda number: rf"\text{{{_separated(number.group())}}}", latex)
    latex = re.sub(r"\\big[lr]", "", latex.replace(r"\mathrm{", r"\text{").replace("{aligned}", "{align*}"))
    shown = convert(latex, display="block" if display else "inline")
    shown = shown.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "", 1)
    return re.sub("<mtext>([\\d,\u202f]+)</mtext>", r"<mn>\1</mn>", shown)


def _separated(number: str) -> str:
    for written, separator in _SEPARATORS.items():
        number = number.replace(written, separator)
    return number
