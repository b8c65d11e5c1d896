"""A plot of many designs: one figure against another, with the front marked, the designs that none beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from .plot_page import MARGIN, SMALL, WIDTH, PlotPage
from .theme import Theme

TOP, HEIGHT, BELOW = 0.72, 3.6, 0.62
MOST_LABELS = 6

Point = tuple[int, int]


def front_picture(
    name: str, columns: tuple[str, str], points: Sequence[Point], front: Sequence[tuple[Point, str]], theme: Theme
) -> Any:
    """The points as dots, the front as a line with a label at some of its points; `columns` name x and y."""
    page = PlotPage(TOP + HEIGHT + BELOW, theme)
    page.title(name)
    left = MARGIN + 0.75
    axes = page.axes(left, TOP, WIDTH - MARGIN - left, HEIGHT)
    axes.scatter(*_both(points), s=5, color=theme.other, linewidths=0, alpha=0.7, zorder=2)
    line = [point for point, _ in front]
    style = {"color": theme.data[1], "linewidth": 1.2, "marker": "o", "markersize": 2.8 if len(line) <= 60 else 0}
    axes.plot(*_both(line), zorder=3, drawstyle="steps-post", **style)
    for point, label in _spread(front):
        axes.annotate(
            label,
            (float(point[0]), float(point[1])),
            xytext=(5, -8),
            textcoords="offset points",
            fontsize=SMALL - 1,
            color=theme.ink,
            fontfamily=page.fonts,
            parse_math=False,
            zorder=4,
        )
    for side, numbers in zip("xy", zip(*(*points, *line))):
        _scaled(axes, side, [float(number) for number in numbers])
        page.axis_label(axes, side, columns["xy".index(side)])
    axes.grid(color=theme.faint, linewidth=0.6)
    return page.figure


def _both(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in points], [float(y) for _, y in points]


def _scaled(axes: Any, side: str, numbers: Sequence[float]) -> None:
    """Logarithmic where the numbers are far apart."""
    least = min(numbers, default=0.0)
    if least > 0 and max(numbers) / least > 20 and max(numbers) < inf:
        getattr(axes, f"set_{side}scale")("log")
        axes.minorticks_off()
    else:
        getattr(axes, f"{side}axis").set_major_formatter(lambda value, _: f"{value:,.4g}")


def _spread(front: Sequence[tuple[Point, str]]) -> Sequence[tuple[Point, str]]:
    """Some of the front from its first point to its last one."""
    if len(front) <= MOST_LABELS:
        return front
    return [front[round(i * (len(front) - 1) / (MOST_LABELS - 1))] for i in range(MOST_LABELS)]
