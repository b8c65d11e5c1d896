"""The drawing of a network as an object, with a method for each format."""

from __future__ import annotations

import shutil

from ..cached import cached_property
from ..core.network import CoreNetwork, check_depth
from ..files import format_of, put_out
from . import dot, mermaid
from .graph import DrawnGraph, graph_of
from .theme import theme_of

FORMATS = ("mermaid", "markdown", "dot", "svg", "png", "pdf")
SUFFIXES = {"mmd": "mermaid", "mermaid": "mermaid", "md": "markdown", "dot": "dot", "gv": "dot"} | {
    form: form for form in ("svg", "png", "pdf")
}


class Drawing:
    """The architecture as a graph: layers with their formulas, the shapes that flow, repeats folded.

    `depth` is how deep blocks are opened. `theme` is "light" or "dark"; Mermaid without one takes on that of its page.
    A notebook shows it, by graphviz where that is installed and as Mermaid elsewhere.
    """

    def __init__(self, net: CoreNetwork, depth: int = 0, theme: str | None = None):
        check_depth(depth)
        net.check_flows(wholly=True)
        self.net = net
        self.depth = depth
        self.theme = theme
        self.colours = theme_of(theme or "light")

    @cached_property
    def graph(self) -> DrawnGraph:
        return graph_of(self.net, self.depth)

    def to(self, form: str) -> str | bytes:
        """The drawing in a format: "mermaid", "markdown", "dot", "svg", "png" or "pdf"; pictures are bytes.

        Raises SymparamsError where the network has too many layers for it, and where graphviz is needed and missing.
        """
        if form == "mermaid":
            return self.mermaid()
        if form == "markdown":
            return mermaid.fenced(self.mermaid())
        return self.dot() if form == "dot" else dot.picture(self.graph, self.colours, form)

    def mermaid(self) -> str:
        """A Mermaid flow chart, as text."""
        return mermaid.mermaid_source(self.graph, self.theme)

    def dot(self) -> str:
        """The graph in graphviz's language."""
        return dot.dot_source(self.graph, self.colours)

    def svg(self) -> str:
        """A picture made by graphviz."""
        return dot.picture(self.graph, self.colours, "svg").decode()

    def save(self, path: str, form: str | None = None) -> None:
        """Write a file; its suffix picks the format. Raises SymparamsError where there is none with that suffix."""
        put_out(path, self.to(format_of(form, path, FORMATS, SUFFIXES, "mermaid")))

    def _repr_svg_(self) -> str | None:
        return self.svg() if shutil.which("dot") else None

    def _repr_markdown_(self) -> str | None:
        return None if shutil.which("dot") else mermaid.fenced(self.mermaid())

    def __repr__(self) -> str:
        return f"<Drawing of {self.net.name or 'a network'}>"
