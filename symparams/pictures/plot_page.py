"""A page for a plot: matplotlib's figure with sizes in inches, fonts that have the characters, and files of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from typing import Any

from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..errors import display_width
from .short_texts import shortened
from .theme import Theme

PLAIN = ("Helvetica", "Arial", "Liberation Sans", "Nimbus Sans", "DejaVu Sans")
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Serif CJK SC",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)

WIDTH = 7.2
MARGIN = 0.2
GAP = 0.14
SIZE = 9.0
SMALL = 8.0
TITLE = 10.5
LEAST_COLUMNS = 6


def chinese_fonts() -> list[str]:
    """The installed fonts that have Chinese characters, those that Matplotlib's list was made without among them."""
    found = _installed(CHINESE)
    if not found:
        _look_for_new_fonts()
        found = _installed(CHINESE)
    return found


@cache
def _look_for_new_fonts() -> None:
    """Add what was installed after Matplotlib wrote the list of fonts that it keeps between two runs."""
    listed = {font.fname for font in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in listed:
            with suppress(Exception):
                font_manager.fontManager.addfont(path)


def _installed(names: tuple[str, ...]) -> list[str]:
    known = set(font_manager.get_font_names())
    return [name for name in names if name in known]


@contextmanager
def quietly() -> Iterator[None]:
    """Without warnings of characters that no installed font has."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        yield


class Picture(Figure):
    """A figure that a notebook shows, and whose files are the same each time."""

    def to(self, form: str) -> bytes:
        """The figure as "png", "svg" or "pdf"."""
        stamps: dict[str, dict[str, Any]] = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}
        content = BytesIO()
        with rc_context({"svg.hashsalt": "symparams"}), quietly():
            self.savefig(content, format=form, dpi=200, metadata=stamps[form], facecolor=self.get_facecolor())
        return content.getvalue()

    def _repr_png_(self) -> bytes:
        return self.to("png")


class PlotPage:
    """A figure of a fixed width, whose parts are placed in inches from its top left corner."""

    def __init__(self, height: float, theme: Theme, width: float = WIDTH):
        self.theme = theme
        self.width, self.height = width, height
        self.figure = Picture(figsize=(width, height), facecolor=theme.page)
        self.canvas = FigureCanvasAgg(self.figure)
        self.fonts = [*_installed(PLAIN)[:1], "DejaVu Sans", *chinese_fonts()[:1]]

    def text(self, x: float, y: float, words: str, **style: Any) -> Any:
        """A line of text at a place in inches from the top left corner."""
        style = {"fontsize": SIZE, "color": self.theme.ink, "va": "center", **style}
        x, y = x / self.width, 1 - y / self.height
        return self.figure.text(x, y, words, fontfamily=self.fonts, parse_math=False, **style)

    def measure(self, words: str, size: float = SIZE, weight: str = "normal") -> float:
        """The width of a line of text in inches."""
        sample = self.text(0, 0, words, fontsize=size, fontweight=weight)
        with quietly():
            width = sample.get_window_extent(self.canvas.get_renderer()).width
        sample.remove()
        return width / self.figure.dpi

    def widest(self, lines: list[str], size: float = SIZE) -> float:
        return max((self.measure(line, size) for line in lines), default=0.0)

    def fitted(self, words: str, width: float, size: float = SIZE, weight: str = "normal") -> str:
        """The text, with its middle left out where it would be wider; empty where hardly a letter would stay."""
        shown = words
        columns = display_width(words)
        while (measured := self.measure(shown, size, weight)) > width:
            columns = min(columns - 1, int(columns * width / measured))
            if columns < LEAST_COLUMNS:
                return ""
            shown = shortened(words, columns)
        return shown

    def title(self, words: str) -> None:
        fitted = self.fitted(words, self.width - 2 * MARGIN, TITLE, "bold")
        self.text(MARGIN, 0.28, fitted, fontsize=TITLE, fontweight="bold")

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Axes in a rectangle, with lines that stand back."""
        bottom = self.height - top - height
        place = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.set_facecolor(self.theme.page)
        for side, spine in axes.spines.items():
            spine.set_visible(side in ("left", "bottom"))
            spine.set_color(self.theme.line)
        axes.tick_params(
            colors=self.theme.line, labelcolor=self.theme.quiet, labelsize=SMALL, labelfontfamily=self.fonts, length=3
        )
        axes.set_axisbelow(True)
        return axes

    def axis_label(self, axes: Any, side: str, words: str) -> None:
        getattr(axes, f"set_{side}label")(words, fontsize=SMALL, color=self.theme.quiet, fontfamily=self.fonts)
