"""Plots of a network: the shares of its layers as bars, as a pie or as a treemap, and sizes through the depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ..core.network import CoreNetwork
from ..derive.messages import Messages
from ..evaluate.figures import PLOTTED
from ..formula import text
from .plot_page import GAP, MARGIN, SIZE, SMALL, WIDTH, PlotPage, chinese_fonts
from .plot_rows import Share, folded, shares, sizes
from .short_texts import shortened
from .theme import Theme
from .treemap import nested, tiles

NAME_COLUMNS = 32
COUNT_COLUMNS = 26
# How many layers are shown of themselves, and how large a share of them at least.
MOST = {"bar": 24, "pie": 7, "treemap": 40}
LEAST = {"bar": 0.0, "pie": 0.01, "treemap": 0.0}
ROW = 0.24
TOP = 0.78
MAX_TICKS = 40
MAX_POWERS = 9


class Plot:
    """What all kinds of plots share: the network, the figure that is plotted, the words of a language, the colours."""

    def __init__(self, net: CoreNetwork, what: str, depth: int, top: int | None, theme: Theme, lang: str):
        self.net = net
        self.what = what
        self.depth = depth
        self.top = top
        self.theme = theme
        messages = Messages(lang)
        self.words = messages if lang == "en" or chinese_fonts() else Messages("en")

    @property
    def unit(self) -> str:
        return self.words[f"table.{PLOTTED[self.what].message}"]

    @property
    def heading(self) -> str:
        count = text.total(self.net.quantity(self.what), self.net.order)
        named = {"name": self.name, "dialect": self.net.dialect, "count": count, "unit": self.unit}
        return "".join(self.words.parts("plot.heading", **named))

    @property
    def name(self) -> str:
        return self.net.name or "network"

    def rows(self, kind: str) -> list[Share]:
        found = shares(self.net, self.what, self.depth)
        return folded(found, self.top or MOST[kind], 0 if self.top else LEAST[kind], self.words["plot.other"])

    def count(self, row: Share) -> str:
        return shortened(text.total(row.amount, self.net.order), COUNT_COLUMNS)


# Kinds


def bar(plot: Plot) -> PlotPage:
    """A bar for each layer in order, its count and share beside it, and the running total as a line."""
    rows = plot.rows("bar")
    names = [shortened(row.name, NAME_COLUMNS) for row in rows]
    height = ROW * len(rows)
    page = PlotPage(TOP + height + 0.62, plot.theme)
    page.title(plot.heading)
    counts = [plot.count(row) for row in rows]
    parts = [text.percent(row.share) for row in rows]
    left = MARGIN + page.widest(names) + GAP
    share_at = WIDTH - MARGIN
    count_at = share_at - max(page.widest([*parts, plot.words["table.share"]]), 0.5) - 0.2
    right = count_at - page.widest([*counts, plot.unit]) - 0.25
    axes = page.axes(left, TOP, right - left, height)
    places = [i + 0.5 for i in range(len(rows))]
    shares_of = [100 * float(row.share) for row in rows]
    running = [sum(shares_of[: i + 1]) for i in range(len(rows))]
    colours = [plot.theme.other if not row.kind else plot.theme.data[0] for row in rows]
    axes.barh(places, shares_of, height=0.62, color=colours)
    axes.plot(running, places, color=plot.theme.data[1], linewidth=1.3, marker="o", markersize=2.8, clip_on=False)
    axes.set(xlim=(0, 100), ylim=(len(rows), 0), xticks=range(0, 101, 20), yticks=[])
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f} %")
    axes.grid(axis="x", color=plot.theme.faint, linewidth=0.6)
    columns(page, TOP, (MARGIN, names, "left"), (count_at, counts, "right"), (share_at, parts, "right"))
    heading = {"fontsize": SMALL, "color": plot.theme.quiet}
    page.text(MARGIN, TOP - 0.14, plot.words["table.layer"], **heading)
    page.text(count_at, TOP - 0.14, plot.unit, ha="right", **heading)
    page.text(share_at, TOP - 0.14, plot.words["table.share"], ha="right", **heading)
    legend(page, left, TOP + height + 0.42, plot)
    return page


def legend(page: PlotPage, x: float, y: float, plot: Plot) -> None:
    """What the bars and the line are."""

    def place(at: float, below: float) -> tuple[float, float]:
        return at / page.width, 1 - below / page.height

    style: dict[str, Any] = {"transform": page.figure.transFigure, "figure": page.figure}
    box = Rectangle(place(x, y + 0.045), 0.18 / page.width, 0.09 / page.height, color=plot.theme.data[0], **style)
    page.figure.add_artist(box)
    words = plot.words["table.share"]
    page.text(x + 0.25, y, words, fontsize=SMALL, color=plot.theme.quiet)
    x += 0.25 + page.measure(words, SMALL) + 0.25
    (start, level), (end, _) = place(x, y), place(x + 0.22, y)
    line = Line2D([start, end], [level, level], color=plot.theme.data[1], linewidth=1.3, marker="o", markersize=2.8)
    page.figure.add_artist(line)
    page.text(x + 0.3, y, plot.words["table.running"], fontsize=SMALL, color=plot.theme.quiet)


def columns(page: PlotPage, top: float, *given: tuple[float, Sequence[str], str]) -> None:
    """Columns of text, a line for each row."""
    for x, lines, side in given:
        for i, line in enumerate(lines):
            page.text(x, top + ROW * (i + 0.5), line, ha=side)


def pie(plot: Plot) -> PlotPage:
    """A ring of the largest layers with a legend that has their counts and shares."""
    rows = plot.rows("pie")
    side = 2.7
    page = PlotPage(max(0.62 + side, 0.8 + ROW * len(rows)) + 0.2, plot.theme)
    page.title(plot.heading)
    table = ROW * len(rows)
    middle = 0.55 + (page.height - 0.55) / 2
    axes = page.axes(MARGIN, middle - side / 2, side, side)
    palette = [plot.theme.data[i % len(plot.theme.data)] for i in range(len(rows))]
    colours = [plot.theme.other if not row.kind else colour for row, colour in zip(rows, palette)]
    ring = {"width": 0.42, "edgecolor": plot.theme.page, "linewidth": 1.2}
    parts = [float(row.share) for row in rows]
    axes.pie(parts, colors=colours, startangle=90, counterclock=False, wedgeprops=ring, normalize=True)
    axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05))
    top = middle - table / 2 + 0.07
    left = MARGIN + side + 0.35
    share_at = WIDTH - MARGIN
    counts, percents = [plot.count(row) for row in rows], [text.percent(row.share) for row in rows]
    count_at = share_at - max(page.widest([*percents, plot.words["table.share"]]), 0.5) - 0.2
    names_end = count_at - page.widest([*counts, plot.unit]) - 0.25
    names = [page.fitted(row.name, names_end - left - 0.25) for row in rows]
    columns(page, top, (left + 0.25, names, "left"), (count_at, counts, "right"), (share_at, percents, "right"))
    for i, colour in enumerate(colours):
        page.text(left, top + ROW * (i + 0.5), "■", color=colour, fontsize=SIZE + 2)
    heading = {"fontsize": SMALL, "color": plot.theme.quiet, "ha": "right"}
    page.text(count_at, top - 0.12, plot.unit, **heading)
    page.text(share_at, top - 0.12, plot.words["table.share"], **heading)
    return page


def treemap(plot: Plot) -> PlotPage:
    """Areas for shares, with the layers of a block inside of it."""
    page = PlotPage(4.9, plot.theme)
    page.title(plot.heading)
    tiles(page, nested(plot.rows("treemap")), plot.theme)
    return page


def through_depth(plot: Plot) -> PlotPage:
    """All elements of each output and its sizes, layer after layer, on a logarithmic scale."""
    rows = sizes(plot.net, plot.depth)
    step = -(-len(rows) // MAX_TICKS)
    names = {i: shortened(rows[i].name, 28) for i in range(0, len(rows), step)}
    page = PlotPage(4.4, plot.theme)
    below = page.widest(list(names.values()), SMALL) + 0.35
    page = PlotPage(3.6 + below, plot.theme)
    page.title(f"{plot.name} ({plot.net.dialect})")
    largest = max(row.elements for row in rows)
    left = MARGIN + page.measure(f"{10 ** len(str(largest)):,}", SMALL)
    axes = page.axes(left, TOP, WIDTH - MARGIN - left, page.height - TOP - below)
    places = list(range(len(rows)))
    lines = {plot.words["plot.elements"]: [float(row.elements) for row in rows]}
    for letter in dict.fromkeys(letter for row in rows for letter in row.axes):
        lines[plot.words[f"plot.axis.{letter}"]] = [float(row.axes.get(letter, "nan")) for row in rows]
    together: dict[str, tuple[str, list[float]]] = {}
    for name, values in lines.items():
        known = together.get(repr(values))
        together[repr(values)] = (f"{known[0]} = {name}" if known else name, values)
    marks = "osD^v"
    for i, (name, values) in enumerate(together.values()):
        style = {"color": plot.theme.data[i], "marker": marks[i % len(marks)], "linewidth": 1.3 if i else 1.8}
        axes.plot(places, values, label=name, markersize=3.2 if len(rows) <= 60 else 0, **style)
    axes.set_yscale("log")
    axes.set_xlim(-0.5, len(rows) - 0.5)
    axes.set_ylim(0.7, max(10.0, largest * 1.6))
    digits = max(len(str(largest)), 2)
    powers = [10**exponent for exponent in range(0, digits, -(-digits // MAX_POWERS))]
    axes.set_yticks(powers, [f"{power:,}" for power in powers])
    axes.minorticks_off()
    axes.set_xticks(list(names), list(names.values()), rotation=90)
    axes.grid(axis="y", color=plot.theme.faint, linewidth=0.6)
    page.axis_label(axes, "x", plot.words["plot.layers"])
    found = page.figure.legend(
        loc="upper left", bbox_to_anchor=(MARGIN / WIDTH - 0.012, 1 - 0.38 / page.height), ncols=6, frameon=False
    )
    for words in found.get_texts():
        words.set(fontsize=SMALL, color=plot.theme.quiet, fontfamily=page.fonts)
    return page
