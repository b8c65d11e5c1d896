"""A plot by the name of its kind. What draws it needs matplotlib, and is read when a plot is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..core.network import CoreNetwork
from ..errors import SymparamsError, UsageFault, did_you_mean, listing
from ..evaluate.figures import PARAMS, PLOTTED
from .theme import theme_of

FORMATS = ("svg", "png", "pdf")
SUFFIXES = {form: form for form in FORMATS}
KINDS = {"bar": "bar", "pie": "pie", "treemap": "treemap", "sizes": "through_depth"}


def figure_of(
    net: CoreNetwork,
    kind: str = "bar",
    what: str = PARAMS.name,
    depth: int = 0,
    top: int | None = None,
    theme: str = "light",
    lang: str = "en",
) -> Any:
    """A plot as matplotlib's Figure, with a method `.to("svg")` that gives the bytes of a file.

    `kind` is "bar", "pie", "treemap" or "sizes", `what` the figure that is shared out; `depth` is how deep blocks are
    opened, `top` how many layers are shown, with the others put together, `theme` "light" or "dark", `lang` "en" or
    "zh". Raises SymparamsError where matplotlib is missing, and where what is plotted depends on symbols.
    """
    for given, known in ((kind, KINDS), (what, PLOTTED)):
        if given not in known:
            raise UsageFault(f"{given!r} is none of {listing(known)}", None, did_you_mean(given, known))
    plot = plot_module("plot")
    page = getattr(plot, KINDS[kind])(plot.Plot(net, what, depth, top, theme_of(theme), lang))
    return page.figure


def plot_module(name: str) -> Any:
    """The module of this package with that name, which needs matplotlib. Raises SymparamsError where there is none."""
    try:
        return import_module(f".{name}", __package__)
    except ImportError as error:
        fault = f"plots are drawn by {error.name}, which is not installed"
        raise SymparamsError(fault, None, 'pip install "symparams[plot]"') from None
