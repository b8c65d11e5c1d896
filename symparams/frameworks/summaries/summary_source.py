"""The program of a summary, whose counts are those that it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ...core.network import CoreNetwork
from ...errors import Source, SourceParts, SymparamsError
from ...evaluate.figures import NON_TRAINABLE
from ..graph.written_graph import written
from .keras_summary import KerasSummary
from .reconstruction import Reconstruction
from .summary_rows import SummaryRow, keras_rows, torch_rows
from .summary_text import SummaryText, summary_texts
from .torch_summary import TorchSummary

_TOTAL = re.compile(r"\W*(total|trainable|non-trainable) params:\s*([\d,]+)", re.IGNORECASE)
_INFO = "depth-idx"
_ALL, _TRAINED, _NEVER = "total", "trainable", "non-trainable"
_NOT_TRAINED = (
    "the text has {:,} parameters that are not trained: which they are is not shown, and all count as trained"
)


def source_of_summary(printed: Source) -> Source:
    """The program of the first table in a text. Raises SymparamsError."""
    table = next(summary_texts(printed.text))
    if not any("Param" in column for column in table.columns):
        fault = "the table is cut off: it has no column of parameters"
        raise SymparamsError(fault, None, "print it in a wider window, or by summary(print_fn=...)")
    totals = _totals(table)
    if _is_of_torch(table):
        rows = list(torch_rows(printed, table))
        sources = iter([_written(printed, table, TorchSummary(printed, rows, table))] if rows else [])
    else:
        rows = [row for row in keras_rows(printed, table) if not row.depth]
        sources = _of_keras(printed, table, rows, totals)
    if not rows:
        raise SymparamsError("the summary has no rows", None, "the lines under its head are the layers")
    first = next(sources)
    source = next((source for source in (first, *sources) if _trains(source, totals)), first)
    unsaid = [] if _trains(source, totals) else [SymparamsError(_NOT_TRAINED.format(totals[_NEVER]))]
    source.notes = [*_disagreements(rows, totals), *source.notes, *unsaid]
    return source


def _of_keras(
    printed: Source, table: SummaryText, rows: Sequence[SummaryRow], totals: Mapping[str, int]
) -> Iterator[Source]:
    """The program as the rows are, then with parts that are not trained, of which the text has the number alone."""
    read = KerasSummary(printed, rows)
    first = _written(printed, table, read)
    yield first
    never = totals.get(_NEVER, 0) - _never_trained(first)
    if len(read.unread) == 1 and 0 < never <= read.unread[0].parameters:
        yield _written(printed, table, KerasSummary(printed, rows, never))
    for last in range(1, len(rows)):
        if rows[last - 1].parameters:
            frozen = [row._replace(is_frozen=at < last) for at, row in enumerate(rows)]
            source = _written(printed, table, KerasSummary(printed, frozen))
            said = (
                f"which layers are not trained is not shown: those up to {rows[last - 1].name} have as many parameters"
            )
            source.notes = [*source.notes, SymparamsError(said)]
            yield source


def _never_trained(source: Source) -> int:
    never = CoreNetwork.from_source(source).quantity(NON_TRAINABLE.name)
    return never if isinstance(never, int) else 0


def _trains(source: Source, totals: Mapping[str, int]) -> bool:
    """Whether as many parameters are not trained as the text says, where it does."""
    return _NEVER not in totals or totals[_NEVER] == _never_trained(source)


def _disagreements(rows: Sequence[SummaryRow], totals: Mapping[str, int]) -> Iterator[SymparamsError]:
    """What does not agree in the text itself."""
    together = sum(row.parameters for row in rows if not row.is_again)
    if totals.get(_ALL, together) != together:
        yield SymparamsError(f"the rows have {together:,} parameters together, and the text says {totals[_ALL]:,}")
    parts = [totals[name] for name in (_TRAINED, _NEVER) if name in totals]
    if len(parts) == 2 and _ALL in totals and sum(parts) != totals[_ALL]:
        yield SymparamsError(f"{parts[0]:,} and {parts[1]:,} parameters are not the {totals[_ALL]:,} of the text")


def _is_of_torch(table: SummaryText) -> bool:
    """Whether torchinfo or torchsummary has printed it."""
    return any(_INFO in column for column in table.columns) or any("[-1" in row.text for row in table.rows[:1])


def _totals(table: SummaryText) -> Mapping[str, int]:
    found = (_TOTAL.match(line) for line in table.after)
    return {m[1].lower(): int(m[2].replace(",", "")) for m in found if m}


def _written(printed: Source, table: SummaryText, read: Reconstruction) -> Source:
    outputs = read.outputs()
    program = read.program
    text, shown = written(program, table.title or "network", outputs, read.names, read.frozen, {}, read.unused, ())
    return Source(printed.name, text, shown, list(program.notes.values()), SourceParts(text, {}))
