"""A sweep: a grid, or a sample of it, with the figures of each configuration that meets the filters."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..cached import cached_property
from ..core.network import CoreNetwork
from ..errors import LimitError, SymparamsError
from ..evaluate.figures import FIGURES, MACS, PARAMS
from ..files import replace_file
from ..formula import python, text
from ..questions.asking import question
from ..questions.ranges import Numbers, ranges_given
from .drawn_sample import drawn

SHOWN = 20
MOST_DOTS = 4_000
MOST_LISTED = 1_000_000
FORMATS = ("csv", "parquet", "json", "sql")
SUFFIXES = {"csv": "csv", "parquet": "parquet", "pq": "parquet", "json": "json", "sql": "sql"}


class Sweep:
    """The configurations that meet the filters, with figures as columns, in the order asked for; printed, it is text.

    `for row in sweep` goes through them as dicts of whole numbers, `count` tells how many there are. Nothing is worked
    out before it is asked for.
    """

    def __init__(
        self,
        net: CoreNetwork,
        over: Mapping[str, Any],
        where: str | Sequence[str] = (),
        columns: str | Sequence[str] = (),
        sort: str | Sequence[str] = (),
        limit: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        told: Callable[[int], None] | None = None,
    ):
        _needed()
        from .sweep_query import SweepQuery

        for name, number in (("limit", limit), ("sample", sample)):
            if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
                raise SymparamsError(f"{name} is a positive whole number, not {number!r}")
        self.net = net
        self.limit = limit
        self.told = told
        ranges = ranges_given(over)
        filters = _texts(where)
        chosen = drawn(ranges, sample, seed) if sample is not None else None
        figures = _texts(columns) or _usual(filters, net, ranges)
        self.query = SweepQuery(net.closed, ranges, filters, figures, _texts(sort), chosen)
        self.notes = self.query.notes

    @property
    def columns(self) -> tuple[str, ...]:
        return self.query.columns

    @property
    def tried(self) -> int:
        """How many configurations there are, whether they meet the filters or not."""
        return self.query.size

    @cached_property
    def _top(self) -> tuple[Sequence[tuple[int, ...]], int]:
        from .duck_run import rows_of

        return rows_of(self.query, self.limit or SHOWN, self.told)

    @property
    def count(self) -> int:
        """How many configurations meet the filters."""
        return self._top[1]

    @cached_property
    def rows(self) -> Sequence[tuple[int, ...]]:
        """The configurations as tuples in the order of `columns`: all of them, or so many as the limit says.

        Raises LimitError where they are too many to be held: `save` writes them.
        """
        from .duck_run import rows_of

        asked = min(self.limit or self.count, self.count)
        if asked > MOST_LISTED:
            raise LimitError(f"there are {asked:,} rows, too many for a list", None, 'sweep.save("table.parquet")')
        return self._top[0] if asked <= len(self._top[0]) else rows_of(self.query, max(1, asked), self.told)[0]

    def __iter__(self) -> Iterator[dict[str, int]]:
        return (dict(zip(self.columns, row)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame, exact. Raises SymparamsError where pandas is not installed."""
        from ..tables.layer_table import imported_pandas

        pandas = imported_pandas()
        columns = list(zip(*self.rows)) or [()] * len(self.columns)
        kinds = ("int64" if all(abs(n) < 2**63 for n in column) else object for column in columns)
        data = {name: pandas.Series(column, dtype=kind) for name, column, kind in zip(self.columns, columns, kinds)}
        return pandas.DataFrame(data)

    def sql(self, to: str = "duckdb") -> str:
        """The sweep as a query, for "duckdb" or "spark". Raises SymparamsError for what that cannot say exactly."""
        from .sql_numbers import sql_dialect

        dialect = sql_dialect(to)
        return self.query.tree(dialect, self.limit).sql(dialect.name, pretty=True) + "\n"

    def save(self, path: str | os.PathLike[str], form: str | None = None, to: str = "duckdb") -> int:
        """Write the rows to a file, as its suffix says: .csv, .parquet, .json, .sql; how many there are.

        The file is written whole or not at all. Raises SymparamsError where it cannot be.
        """
        from ..files import format_of

        path = os.fspath(path)
        form = format_of(form, path, FORMATS, SUFFIXES, "csv")
        if form == "sql":
            replace_file(path, self.sql(to))
            return self.tried
        if form == "json":
            import json

            replace_file(path, json.dumps(self.record(whole=True), ensure_ascii=False, indent=2) + "\n")
            return self.count
        return self._write(path, form)

    def _write(self, path: str, form: str) -> int:
        from .duck_run import DuckRun

        folder = os.path.dirname(os.path.realpath(path))
        if not os.access(folder, os.W_OK) or not os.path.isdir(folder) or os.path.isdir(path):
            replace_file(path, b"")
        beside = folder if not os.path.exists(path) or os.path.isfile(path) else None
        with DuckRun(self.query, self.limit, beside, self.told) as run:
            replace_file(path, lambda temporary: run.write(temporary, form))
            return run.count

    def record(self, whole: bool = False) -> dict[str, Any]:
        """What --json prints: the first rows, or the whole table."""
        rows = self.rows if whole or self.limit else self._top[0]
        return {
            "columns": list(self.columns),
            "tried": self.tried,
            "count": self.count,
            "rows": [dict(zip(self.columns, row)) for row in rows],
            "conditions": [python.condition(c, self.net.order) for c in self._where],
        }

    @property
    def _where(self) -> list[Any]:
        """The conditions that symbols which are left open have to meet."""
        return list(dict.fromkeys(c for part in self.query.formulas for c in part.where))

    def __str__(self) -> str:
        rows, count = self._top
        tried = f"{self.tried:,} configuration{'s' if self.tried != 1 else ''}"
        if not count:
            asked = " and ".join(self.query.where)
            return f"none of {tried} {f'meets {asked}' if asked else 'meets the conditions of the network'}"
        cells = [list(self.columns), *([text.number(n) for n in row] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*cells)]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths)) for row in cells]
        where = [text.condition(c, self.net.order) for c in self._where]
        met = " that meet the filters" if self.query.where else ""
        lines += ["", f"{len(rows):,} of {count:,}{met}{'' if count == self.tried else f', of {tried}'}"]
        return "\n".join([*lines, *([f"where {' and '.join(where)}"] if where else [])])

    __repr__ = __str__

    def plot(self, theme: str = "light") -> Any:
        """Parameters against multiply-accumulates with the front marked, as matplotlib's Figure.

        Raises SymparamsError.
        """
        from ..pictures.figure import plot_module
        from ..pictures.theme import theme_of
        from .duck_run import DuckRun
        from .sweep_query import SweepQuery

        page = plot_module("front_page")
        most, least = PARAMS.name, MACS.name
        query, net = self.query, self.net.closed
        both = SweepQuery(net, query.over, query.where, (most, least), (), query.sample)
        with DuckRun(both, None, None, self.told, (most, least)) as run:
            front = [dict(zip(both.columns, row)) for row in run.rows()]
        if not front:
            raise SymparamsError(f"{self}: there is nothing to plot")
        some = query.sample if query.sample is not None else drawn(query.over, MOST_DOTS, 0)
        dots = DuckRun(SweepQuery(net, query.over, query.where, (most, least), (), some), MOST_DOTS)
        with dots:
            points = [(row[least], row[most]) for row in (dict(zip(both.columns, r)) for r in dots.rows())]
        marked = [((row[least], row[most]), ", ".join(f"{a} = {row[a]:,}" for a in both.axes)) for row in front]
        title = f"{self.net.name or 'network'} ({self.net.dialect}), {self.tried:,} configurations"
        return page.front_picture(title, (least, most), points, marked, theme_of(theme))


def _texts(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _usual(filters: Sequence[str], net: CoreNetwork, ranges: Mapping[str, range | Numbers]) -> tuple[str, ...]:
    """The parameters, and the other numbers that filters are about."""
    from .designs import designs

    first = designs(net.closed, {name: numbers[:1] for name, numbers in ranges.items()})[0].net
    named = [one.left_text for f in filters for one in question(f, first).compared if not isinstance(one.left, tuple)]
    return tuple(
        dict.fromkeys([PARAMS.name, *(name for name in named if name in FIGURES or "." in name or "[" in name)])
    )


def _needed() -> None:
    """Raises SymparamsError where what runs a sweep is not installed."""
    try:
        import duckdb  # noqa: F401
        import sqlglot  # noqa: F401
    except ImportError as error:
        fault = f"sweeps need {error.name}, which is not installed"
        raise SymparamsError(fault, None, 'pip install "symparams[sweep]"') from None
