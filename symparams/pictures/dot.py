"""The graph of a network as text for graphviz, and the pictures that its program `dot` makes of that."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from ..errors import SymparamsError
from .graph import DrawnFrame, DrawnGraph, DrawnNode, Edge, Item
from .theme import Theme

FONT = "Helvetica,Arial,Noto Sans CJK SC,Microsoft YaHei,sans-serif"
SECONDS = 60

SHAPES = {
    "input": ("box", "filled,rounded"),
    "layer": ("box", "filled"),
    "block": ("box", "filled"),
    "merge": ("box", "filled,rounded"),
    "output": ("box", "filled,rounded"),
}


def dot_source(graph: DrawnGraph, theme: Theme) -> str:
    """The graph in graphviz's language."""
    return "\n".join(_lines(graph, theme)) + "\n"


def picture(graph: DrawnGraph, theme: Theme, form: str) -> bytes:
    """The graph as "svg", "png" or "pdf". Raises SymparamsError where graphviz is missing or cannot draw it."""
    program = shutil.which("dot")
    if program is None:
        hint = "install graphviz, or write Mermaid text with --format mermaid"
        raise SymparamsError(f"{form.upper()} is drawn by graphviz's program 'dot', which is not installed", None, hint)
    command = [program, f"-T{form}:cairo" if form == "pdf" else f"-T{form}", *(["-Gdpi=160"] if form == "png" else [])]
    try:
        done = subprocess.run(command, input=dot_source(graph, theme).encode(), capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        hint = "a smaller --depth draws fewer layers"
        raise SymparamsError(f"dot has not laid out the graph in {SECONDS} seconds", None, hint) from None
    if done.returncode or not done.stdout:
        fault = done.stderr.decode(errors="replace").strip().split("\n")[0]
        raise SymparamsError(f"dot failed: {fault or f'status {done.returncode}'}")
    return done.stdout


class _Flow(NamedTuple):
    """A shape that flows from one node to others: a text of its own in the picture, so that nothing is written over it.

    `frame` is the innermost one around the source and the first target, "" outside all frames.
    """

    key: str
    frame: str
    edges: tuple[Edge, ...]


def _flows(graph: DrawnGraph) -> list[_Flow]:
    paths = dict(_paths(graph.items, ("",)))
    grouped: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        grouped.setdefault((edge.source, edge.tip), []).append(edge)
    flows = []
    for number, edges in enumerate(grouped.values(), 1):
        shared = [a for a, b in zip(paths[edges[0].source], paths[edges[0].target]) if a == b]
        flows.append(_Flow(f"s{number}", shared[-1], tuple(edges)))
    return flows


def _paths(items: Iterable[Item], path: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The frames around each node, from the outermost."""
    for item in items:
        if isinstance(item, DrawnNode):
            yield item.key, path
        else:
            yield from _paths(item.items, (*path, item.key))


def _lines(graph: DrawnGraph, theme: Theme) -> Iterator[str]:
    flows = _flows(graph)
    yield f"digraph {_quoted(graph.name)} {{"
    yield f'  graph [bgcolor="{theme.page}", pad=0.25, nodesep=0.25, ranksep=0.16, fontname="{FONT}", fontsize=13,'
    yield f'    fontcolor="{theme.ink}", labelloc=t, label={_quoted(graph.title)}, tooltip={_quoted(graph.title)}]'
    yield f'  node [fontname="{FONT}", fontsize=12, fontcolor="{theme.ink}", color="{theme.line}", margin="0.16,0.07",'
    yield "    height=0.32, width=0.4]"
    yield f'  edge [color="{theme.line}", arrowsize=0.6]'
    by_frame: dict[str, list[_Flow]] = {}
    for flow in flows:
        by_frame.setdefault(flow.frame, []).append(flow)
    yield from _items(DrawnFrame("", "block", "", graph.items), by_frame, theme, "  ")
    for flow in flows:
        source, targets = flow.edges[0].source, " ".join(edge.target for edge in flow.edges)
        yield f"  {source} -> {flow.key} [arrowhead=none]"
        yield f"  {flow.key} -> {{{targets}}}"
    yield "}"


def _items(frame: DrawnFrame, flows: Mapping[str, Sequence[_Flow]], theme: Theme, margin: str) -> Iterator[str]:
    for item in frame.items:
        if isinstance(item, DrawnNode):
            yield margin + _node(item, theme)
            continue
        yield f"{margin}subgraph cluster_{item.key} {{"
        yield f"{margin}  {_frame(item, theme)}"
        yield from _items(item, flows, theme, margin + "  ")
        yield margin + "}"
    for flow in flows.get(frame.key, ()):
        text, whole = flow.edges[0].shape, flow.edges[0].tip
        look = f'shape=plain, fontsize=10, fontcolor="{theme.quiet}", margin="0.04,0.03"'
        yield f"{margin}{flow.key} [{look}, label={_quoted(text)}, tooltip={_quoted(whole)}]"


def _node(node: DrawnNode, theme: Theme) -> str:
    shape, style = SHAPES[node.role]
    lines = [f"<b>{_html(node.title)}</b>"]
    lines += [f'<font point-size="10" color="{theme.quiet}">{_html(node.detail)}</font>'] if node.detail else []
    lines += [f'<font point-size="10">{_html(node.formula)}</font>'] if node.formula else []
    small = ', margin="0.06,0.02", height=0.3, width=0.3' if node.role == "merge" else ""
    return (
        f'{node.key} [shape={shape}, style="{style}", fillcolor="{theme.fill(node.role)}"{small}, '
        f"label=<{'<br/>'.join(lines)}>, tooltip={_quoted(node.tip)}]"
    )


def _frame(frame: DrawnFrame, theme: Theme) -> str:
    style = "rounded,dashed" if frame.role == "repeat" else "rounded"
    return (
        f'label={_quoted(frame.title)}; labeljust=l; fontsize=11; style="{style}"; margin=12; '
        f'color="{theme.line}"; fontcolor="{theme.quiet}"; tooltip={_quoted(frame.title)}'
    )


def _html(text: str) -> str:
    return escape("".join(c if c.isprintable() else " " for c in text), quote=False)


def _quoted(text: str) -> str:
    """A text between quotation marks as it is: dot reads a backslash as the start of an escape."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
