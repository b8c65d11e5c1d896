"""The picture of a window that slides over rows: in characters, as SVG, as TikZ."""

from __future__ import annotations

from ..derive.document import Windows

# The width of a row in characters, in pixels and in centimetres.
_COLUMN, _PIXELS, _CENTIMETRES = 4, 26, 0.55


def window_text(picture: Windows) -> str:
    """One line for the rows, with those that are padding in brackets, and one for each window."""
    numbers = "".join(_cell(picture, row) for row in range(picture.all_rows))
    lines = [f"{'':9}{numbers}".rstrip()]
    for place, start in enumerate(picture.starts):
        bar = "[" + "-" * (_COLUMN * picture.kernel - 3) + "]"
        lines.append(f"{place:<9}{' ' * (_COLUMN * start)} {bar}".rstrip())
    return "\n".join(lines)


def _is_padding(picture: Windows, row: int) -> bool:
    return not picture.padding <= row < picture.padding + picture.rows


def _cell(picture: Windows, row: int) -> str:
    return (f"({row})" if _is_padding(picture, row) else str(row)).rjust(_COLUMN)


def window_svg(picture: Windows) -> str:
    """Boxes for the rows, hollow where they are padding, and a bar for each window below."""
    width = _PIXELS * picture.all_rows + 4
    height = 34 + 14 * len(picture.starts)
    shapes = []
    for row in range(picture.all_rows):
        fill = "none" if _is_padding(picture, row) else "currentColor"
        x = 2 + _PIXELS * row
        shapes.append(
            f'<rect x="{x}" y="2" width="{_PIXELS - 3}" height="20" fill="{fill}" fill-opacity="0.15" '
            'stroke="currentColor"/>'
            f'<text x="{x + (_PIXELS - 3) / 2:g}" y="16" font-size="11" text-anchor="middle" '
            f'fill="currentColor">{row}</text>'
        )
    for place, start in enumerate(picture.starts):
        x, y = 2 + _PIXELS * start, 32 + 14 * place
        shapes.append(
            f'<rect x="{x}" y="{y}" width="{_PIXELS * picture.kernel - 3}" height="8" rx="3" fill="currentColor" '
            'fill-opacity="0.6"/>'
        )
    return f'<svg class="windows" viewBox="0 0 {width} {height}" width="{width}" role="img">{"".join(shapes)}</svg>'


def window_tikz(picture: Windows) -> str:
    """The same for LaTeX; it needs the package tikz."""
    lines = [rf"\begin{{tikzpicture}}[x={_CENTIMETRES}cm,y={_CENTIMETRES}cm,font=\scriptsize]"]
    for row in range(picture.all_rows):
        style = "dashed" if _is_padding(picture, row) else "fill=black!10"
        lines.append(rf"\draw[{style}] ({row + 0.05:g},0) rectangle ({row + 0.95:g},0.8);")
        lines.append(rf"\node at ({row + 0.5:g},0.4) {{{row}}};")
    for place, start in enumerate(picture.starts):
        y = -0.5 * (place + 1)
        lines.append(rf"\draw[very thick] ({start + 0.1:g},{y:g}) -- ({start + picture.kernel - 0.1:g},{y:g});")
    return "\n".join([*lines, r"\end{tikzpicture}"])
