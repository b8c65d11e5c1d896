"""Areas for shares: rectangles in rectangles, as blocks hold layers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from matplotlib.patches import Rectangle
from squarify import normalize_sizes, squarify

from .plot_page import MARGIN, SMALL, PlotPage
from .plot_rows import Share
from .theme import Theme

HEAD = 0.2
PAD = 0.03
LINE = 0.15


@dataclass
class Tile:
    """A layer, or a block with the tiles of what it holds."""

    name: str
    share: float
    row: Share | None = None
    inside: list[Tile] = field(default_factory=list)


class Box(NamedTuple):
    """A rectangle in inches from the top left corner of the page."""

    x: float
    y: float
    width: float
    height: float


def nested(rows: Iterable[Share]) -> list[Tile]:
    """The rows as tiles, those of a block inside of the tile of the block."""
    root = Tile("", 0.0)
    for row in rows:
        *blocks, name = row.name.split(".")
        place = root
        for block in blocks if row.kind else ():
            found = next((tile for tile in place.inside if tile.name == block and tile.row is None), None)
            if found is None:
                found = Tile(block, 0.0)
                place.inside.append(found)
            place = found
            place.share += float(row.share)
        if row.share:
            place.inside.append(Tile(name if row.kind else row.name, float(row.share), row))
    return root.inside


def tiles(page: PlotPage, roots: list[Tile], theme: Theme) -> None:
    """Draw the tiles over the page, coloured by the kind of layer, with a legend of the kinds below."""
    kinds: dict[str, float] = {}
    for leaf in _leaves(roots):
        kinds[leaf.kind] = kinds.get(leaf.kind, 0.0) + float(leaf.share)
    ranked = [kind for kind in sorted(kinds, key=lambda kind: -kinds[kind]) if kind]
    colours = {kind: _tinted(colour, theme.page) for kind, colour in zip(ranked, theme.data)}
    box = Box(MARGIN, 0.5, page.width - 2 * MARGIN, page.height - 0.5 - 0.45)
    _fill(page, roots, box, colours)
    x, y = MARGIN, page.height - 0.22
    for kind, colour in colours.items():
        words = page.fitted(kind, 1.6, SMALL)
        width = 0.18 + page.measure(words, SMALL)
        if x + width > page.width - MARGIN:
            break
        page.text(x, y, "■", color=colour, fontsize=SMALL + 3)
        page.text(x + 0.18, y, words, fontsize=SMALL, color=theme.quiet)
        x += width + 0.25


def _leaves(tiles: Iterable[Tile]) -> Iterable[Share]:
    for tile in tiles:
        yield from _leaves(tile.inside)
        if tile.row:
            yield tile.row


def _fill(page: PlotPage, tiles: list[Tile], box: Box, colours: dict[str, str]) -> None:
    """Divide a box between tiles, the largest first."""
    ranked = sorted(tiles, key=lambda tile: -tile.share)
    areas = normalize_sizes([tile.share for tile in ranked], box.width, box.height)
    for tile, place in zip(ranked, squarify(areas, *box)):
        _draw(page, tile, Box(place["x"], place["y"], place["dx"], place["dy"]), colours)


def _draw(page: PlotPage, tile: Tile, box: Box, colours: dict[str, str]) -> None:
    if tile.inside and box.width > 0.6 and box.height > 0.55:
        _rectangle(page, box, page.theme.faint)
        _write(page, tile, box, strong=True)
        inner = Box(box.x + PAD, box.y + HEAD, box.width - 2 * PAD, box.height - HEAD - PAD)
        _fill(page, tile.inside, inner, colours)
        return
    kind = max(_leaves([tile]), key=lambda row: row.share).kind
    colour = colours.get(kind, _tinted(page.theme.other, page.theme.page))
    _rectangle(page, box, colour)
    _write(page, tile, box)


def _write(page: PlotPage, tile: Tile, box: Box, strong: bool = False) -> None:
    """The name of a tile and its share, as far as there is room."""
    room = box.width - 0.12
    share = f"{100 * tile.share:.1f} %"
    weight = "bold" if strong else "normal"
    wide = page.measure(f"{tile.name}  {share}", SMALL, weight)
    lines = [f"{tile.name}  {share}"] if strong and wide <= room else [page.fitted(tile.name, room, SMALL)]
    if not strong and lines[0] and page.measure(share, SMALL) <= room:
        lines.append(share)
    for number, line in enumerate(lines):
        if 0.04 + LINE * (number + 1) <= box.height and page.measure(line, SMALL, weight) <= room:
            y = box.y + 0.03 + LINE * (number + 0.5)
            page.text(box.x + 0.06, y, line, fontsize=SMALL, fontweight=weight)


def _rectangle(page: PlotPage, box: Box, colour: str) -> None:
    place = box.x / page.width, 1 - (box.y + box.height) / page.height
    shape = Rectangle(
        place,
        box.width / page.width,
        box.height / page.height,
        facecolor=colour,
        edgecolor=page.theme.page,
        linewidth=1.0,
        transform=page.figure.transFigure,
        figure=page.figure,
    )
    page.figure.add_artist(shape)


def _tinted(colour: str, page: str) -> str:
    """The colour half way to that of the page, so that text on it is read."""
    parts = [(int(colour[i : i + 2], 16) + int(page[i : i + 2], 16)) // 2 for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
