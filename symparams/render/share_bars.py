"""The picture of what share each layer has: in characters, as SVG, as TikZ."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from ..derive.document import Shares
from ..errors import display_width

# The length of a whole bar in characters, in pixels and in centimetres.
_CHARACTERS, _PIXELS, _CENTIMETRES = 40, 260, 7.0


def bars_text(picture: Shares) -> str:
    """A line for each layer: its name, a bar, its share."""
    widest = max(display_width(name) for name, _, _ in picture.bars)
    longest = max(share for _, share, _ in picture.bars)
    lines = []
    for name, share, written in picture.bars:
        gap = " " * (widest - display_width(name))
        lines.append(f"{name}{gap}  {'#' * max(1, round(_CHARACTERS * share / longest))} {written}")
    return "\n".join(lines)


def bars_svg(picture: Shares) -> str:
    longest = max(share for _, share, _ in picture.bars)
    left = 8 * max(display_width(name) for name, _, _ in picture.bars) + 8
    height = 20 * len(picture.bars) + 4
    shapes = []
    for place, (name, share, written) in enumerate(picture.bars):
        y, width = 20 * place + 2, max(1, round(_PIXELS * share / longest))
        shapes.append(
            f'<text x="{left - 8}" y="{y + 13}" font-size="12" text-anchor="end" '
            f'fill="currentColor">{escape(name)}</text>'
            f'<rect x="{left}" y="{y}" width="{width}" height="16" fill="currentColor" fill-opacity="0.45"/>'
            f'<text x="{left + width + 6}" y="{y + 13}" font-size="12" fill="currentColor">{escape(written)}</text>'
        )
    size = f'viewBox="0 0 {left + _PIXELS + 70} {height}" width="{left + _PIXELS + 70}"'
    return f'<svg class="shares" {size} role="img">{"".join(shapes)}</svg>'


def bars_tikz(picture: Shares, escaped: Callable[[str], str]) -> str:
    """The same for LaTeX; it needs the package tikz."""
    longest = max(share for _, share, _ in picture.bars)
    lines = [r"\begin{tikzpicture}[x=1cm,y=0.45cm,font=\footnotesize]"]
    for place, (name, share, written) in enumerate(picture.bars):
        width = max(0.05, _CENTIMETRES * share / longest)
        lines.append(rf"\node[anchor=east] at (0,{-place}) {{\texttt{{{escaped(name)}}}}};")
        lines.append(rf"\fill[black!35] (0,{-place - 0.35:g}) rectangle ({width:.3g},{-place + 0.35:g});")
        lines.append(rf"\node[anchor=west] at ({width:.3g},{-place}) {{{escaped(written)}}};")
    return "\n".join([*lines, r"\end{tikzpicture}"])
