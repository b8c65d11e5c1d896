"""A summary as a program: its table, the graph of its rows, what is noted of them."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ...errors import Source, SymparamsError
from ...language.layouts import CHANNELS_FIRST, CHANNELS_LAST
from ..graph.growing_program import GraphNode
from .keras_summary import INPUT_LAYER, KerasSummary
from .layer_search import LayerSearch
from .shown_layers import OpenShape
from .summary_graph import FrozenParts, SummaryGraph
from .summary_tables import SummaryTable, table_in
from .summary_totals import frozen_notes, hidden_parts, unlike_totals
from .torch_summary import TorchSummary


def source_of_summary(text: Source, inputs: Sequence[str] = ()) -> Source:
    """The program of the summary in a text; `inputs` say what flows in, where it does not. Raises SymparamsError."""
    table = table_in(text)
    _check_is_built(table)
    entry = _entry(table, inputs)
    search = LayerSearch()
    if _has_no_sizes(table):
        graph = SummaryGraph(table, CHANNELS_FIRST, search, FrozenParts())
        graph.notes = [
            *unlike_totals(table),
            table.fault("no sizes are shown: the layers stand alone", table.rows[0].line),
        ]
        return graph.set_aside(_name(table))
    graph, outputs = _best_read(table, entry, search)
    graph.notes = [*unlike_totals(table), *frozen_notes(graph), *graph.notes, *_unread(graph)]
    return graph.source(_name(table), outputs)


def _has_no_sizes(table: SummaryTable) -> bool:
    """Whether layers have parameters, and what they put out is not shown."""
    shown = [bool(row.outputs) for row in table.rows if row.counted.number]
    return not any(shown) if table.is_torch else not all(shown)


def _name(table: SummaryTable) -> str:
    if table.name or not table.is_torch or table.is_flat:
        return table.name or os.path.basename(table.source.name).partition(".")[0]
    return table.rows[0].layer.kind


def _check_is_built(table: SummaryTable) -> None:
    unbuilt = next((row for row in table.rows if row.counted.remark), None)
    if unbuilt is not None:
        fault = f"{unbuilt.layer.name} is not built: the summary shows neither sizes nor parameters"
        raise table.fault(fault, unbuilt.line, "print it after model.build(...), or begin with keras.Input")


def _entry(table: SummaryTable, inputs: Sequence[str]) -> OpenShape | None:
    """The sizes of the input that is asked for. Raises SymparamsError."""
    if not inputs:
        return None
    shown = next((row for row in table.rows if row.inputs or row.layer.kind == INPUT_LAYER), None)
    if shown is not None:
        raise table.fault("the summary shows its input: it has no other", shown.line)
    sizes = [size.strip() for size in inputs[0].rpartition("=")[2].strip("()").split(",") if size.strip()]
    if len(inputs) > 1 or not sizes or not all(len(size) < 10 and size.isdecimal() and int(size) for size in sizes):
        raise SymparamsError("the input of a summary is one shape, of numbers", None, "--input 28,28,1")
    return tuple(map(int, sizes))


def _best_read(
    table: SummaryTable, entry: OpenShape | None, search: LayerSearch
) -> tuple[SummaryGraph, list[GraphNode]]:
    """The graph with the layout in which most layers are read."""
    layouts = [CHANNELS_FIRST] if table.is_torch else [CHANNELS_LAST, CHANNELS_FIRST]
    best = _read(table, layouts[0], entry, search)
    for layout in layouts[1:] if best[0].unread else ():
        other = _read(table, layout, entry, search)
        best = other if len(other[0].unread) < len(best[0].unread) else best
    return best


def _read(
    table: SummaryTable, layout: str, entry: OpenShape | None, search: LayerSearch
) -> tuple[SummaryGraph, list[GraphNode]]:
    frozen = FrozenParts()
    for _ in range(2):
        graph = SummaryGraph(table, layout, search, frozen)
        reading = TorchSummary(graph, entry) if table.is_torch else KerasSummary(graph, entry)
        outputs = reading.outputs()
        hidden = hidden_parts(graph)
        if hidden is None:
            break
        frozen = hidden
    return graph, outputs


def _unread(graph: SummaryGraph) -> list[SymparamsError]:
    return [
        graph.table.fault(
            f"no arguments of {row.layer.kind or 'a layer'} are found that give these sizes and "
            f"{row.counted.number or 0:,} parameters: it is taken as it is shown",
            row.line,
        )
        for row in graph.unread
    ]
