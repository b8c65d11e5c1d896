"""The graph of a network as a Mermaid flow chart, which GitHub, GitLab, JupyterLab and many editors draw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import LimitError
from .graph import DrawnGraph, DrawnNode, Item

# Mermaid refuses more, and a page cannot change that.
MAX_EDGES = 500
MAX_TEXT = 50_000

BRACKETS = {
    "input": ("([", "])"),
    "layer": ("[", "]"),
    "block": ("[[", "]]"),
    "merge": ("((", "))"),
    "output": ("([", "])"),
}


def mermaid_source(graph: DrawnGraph, theme: str | None = None) -> str:
    """The graph in Mermaid's language; without a theme it takes on that of its page.

    Raises SymparamsError where Mermaid would refuse it for its size.
    """
    source = "\n".join(_lines(graph, theme)) + "\n"
    if len(graph.edges) > MAX_EDGES or len(source) > MAX_TEXT:
        fault = f"Mermaid draws no more than {MAX_EDGES} edges and {MAX_TEXT:,} characters"
        raise LimitError(f"{fault}; this has {len(graph.edges)} and {len(source):,}", None, "give a smaller --depth")
    return source


def fenced(source: str) -> str:
    """A flow chart as a part of a Markdown document."""
    return f"```mermaid\n{source}```\n"


def _lines(graph: DrawnGraph, theme: str | None) -> Iterator[str]:
    yield f'---\ntitle: "{_title(graph.title)}"\n---'
    if theme:
        yield '%%{init: {"theme": "' + {"light": "neutral", "dark": "dark"}[theme] + '"}}%%'
    yield "flowchart TD"
    yield from _items(graph.items, "  ")
    for edge in graph.edges:
        yield f'  {edge.source} -- "{_escaped(edge.shape)}" --> {edge.target}'


def _items(items: Iterable[Item], margin: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, DrawnNode):
            opening, closing = BRACKETS[item.role]
            lines = [f"<b>{_escaped(item.title)}</b>", *(_escaped(t) for t in (item.detail, item.formula) if t)]
            yield f'{margin}{item.key}{opening}"{"<br/>".join(lines)}"{closing}'
            continue
        yield f'{margin}subgraph {item.key}["{_escaped(item.title)}"]'
        yield from _items(item.items, margin + "  ")
        yield f"{margin}end"


def _escaped(text: str) -> str:
    """A text with Mermaid's own codes for what it, HTML or Markdown would read as a mark."""
    return "".join(f"#{ord(c)};" if c in '"#&<>`\\$' else c if c.isprintable() else " " for c in text)


def _title(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).replace("\\", "\\\\").replace('"', '\\"')
