"""The totals below a summary, compared with its rows; and what they say of layers that are not trained."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import SymparamsError, listing
from ...evaluate.domain import total
from ...evaluate.model import OPAQUE
from .summary_graph import FrozenParts, SummaryGraph
from .summary_tables import PrintedTotal, SummaryRow, SummaryTable

_WHOLE, _TRAINED, _STILL, _OPTIMIZER = (
    "Total params",
    "Trainable params",
    "Non-trainable params",
    "Optimizer params",
)
_SHOWN_BY = "summary(show_trainable=True) shows what is frozen"


def counted_rows(table: SummaryTable) -> list[SummaryRow]:
    """The rows whose parameters add up to the total: without those that Keras shows inside of others."""
    least = min(row.layer.depth for row in table.rows)
    return [row for row in table.rows if row.counted.number and (table.is_torch or row.layer.depth == least)]


def unlike_totals(table: SummaryTable) -> list[SymparamsError]:
    """What is noted where the rows do not add up to the total, or its parts do not."""
    found = []
    whole = table.totals.get(_WHOLE)
    parts = [table.totals[title] for title in (_TRAINED, _STILL) if title in table.totals]
    optimizer = table.totals.get(_OPTIMIZER, PrintedTotal(0, 0)).number
    rows = sum(row.counted.number or 0 for row in counted_rows(table))
    if whole is not None and whole.number - optimizer != rows:
        fault = f"the rows have {rows:,} parameters, and the total below them is {whole.number - optimizer:,.0f}"
        found.append(table.fault(f"{fault}: rows are missing, or a number is not as it was printed", whole.line))
    if whole is not None and len(parts) == 2 and sum(part.number for part in parts) != whole.number - optimizer:
        fault = f"{parts[0].number:,.0f} and {parts[1].number:,.0f} are not {whole.number - optimizer:,.0f} together"
        found.append(table.fault(fault, parts[0].line))
    return found


def hidden_parts(graph: SummaryGraph) -> FrozenParts | None:
    """What the totals say is not trained, and the rows do not show; None where nothing is, or nothing explains it."""
    printed = graph.table.totals.get(_STILL)
    if printed is None or unlike_totals(graph.table):
        return None
    trained = trained_parameters(graph)
    missing = int(printed.number) - not_trained(graph)
    if missing <= 0:
        return None
    return _alone(trained, missing) or _first(trained, missing) or _in_a_part(graph, trained, missing)


def not_trained(graph: SummaryGraph) -> int:
    """How many parameters are not trained, as the graph has them."""
    whole = sum(row.counted.number or 0 for row in counted_rows(graph.table))
    return whole - sum(trained_parameters(graph).values())


def trained_parameters(graph: SummaryGraph) -> dict[int, int]:
    """How many of the parameters of a row are trained, as the graph has them, by its line; without frozen rows."""
    once = {node.owner: node for node in reversed(graph.program.nodes)}
    found: dict[int, int] = {}
    for owner, node in once.items():
        tensors = (t for stage in node.stages for t in stage.all_tensors())
        count = total(t.elements for t in tensors if t.is_weight and t.trainable)
        around = [] if graph.table.is_torch else [scope.thing for scope in node.scopes]
        if isinstance(count, int):
            for line in (owner, *around):
                found[line] = found.get(line, 0) + count
    frozen = {*graph.hidden.lines, *(row.line for row in graph.table.rows if row.is_frozen)}
    return {row.line: found.get(row.line, 0) for row in counted_rows(graph.table) if row.line not in frozen}


def frozen_notes(graph: SummaryGraph) -> list[SymparamsError]:
    """What is noted of layers that only the totals show to be frozen, and where nothing explains these."""
    printed = graph.table.totals.get(_STILL)
    if printed is None or unlike_totals(graph.table):
        return []
    if not_trained(graph) != printed.number:
        fault = f"{printed.number:,.0f} parameters are not trained, of which the rows show {not_trained(graph):,}"
        return [graph.table.fault(f"{fault}: which layers are frozen is not known", printed.line, _SHOWN_BY)]
    lines = {*graph.hidden.lines, *graph.hidden.amounts}
    if not lines:
        return []
    names = [row.layer.name or row.layer.kind for row in graph.table.rows if row.line in lines]
    said = f"{listing(names[:3])}{f' and {len(names) - 3} others' * (len(names) > 3)}"
    partly = "partly " if graph.hidden.amounts else ""
    verb = "is" if len(names) == 1 else "are"
    fault = f"{said} {verb} taken to be {partly}frozen: so the total says"
    return [graph.table.fault(fault, printed.line, _SHOWN_BY)]


def _alone(trained: Mapping[int, int], missing: int) -> FrozenParts | None:
    """One layer that is frozen, where only one can be."""
    found = [line for line, count in trained.items() if count == missing]
    return FrozenParts(lines=frozenset(found)) if len(found) == 1 else None


def _first(trained: Mapping[int, int], missing: int) -> FrozenParts | None:
    """The first layers."""
    lines = []
    for line, count in trained.items():
        lines.append(line)
        missing -= count
        if missing <= 0:
            break
    return FrozenParts(lines=frozenset(lines)) if missing == 0 else None


def _in_a_part(graph: SummaryGraph, trained: Mapping[int, int], missing: int) -> FrozenParts | None:
    """A part of a layer that is not read, where there is one."""
    opaque = {n.owner for n in graph.program.nodes if n.operation is not None and n.operation.name == OPAQUE}
    found = [line for line, count in trained.items() if line in opaque and count > missing]
    return FrozenParts(amounts={found[0]: missing}) if len(found) == 1 else None
