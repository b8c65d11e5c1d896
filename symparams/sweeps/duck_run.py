"""A sweep run by DuckDB, embedded: pieces of the grid in parallel, what is found kept on the disk, sorted last."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from math import prod
from typing import Any, NamedTuple

import duckdb
from sqlglot import exp

from ..errors import LimitError, SymparamsError
from ..questions.ranges import Numbers
from .pieces import piece_size, pieces
from .sql_numbers import BIGINT, DUCKDB, MACHINE, literal
from .sweep_query import SweepQuery, SweptFormulas, column_of, sorted_and_cut, written_source

MEMORY = "700MB"
FOUND, SAMPLE = "found", "sample"
MOST_KEPT = 10_000_000
# What Parquet has for whole numbers beyond bigint.
PARQUET_WIDE, PARQUET_LARGEST = "DECIMAL(38, 0)", 10**38 - 1
PATIENCE = 0.1

# Told how many configurations have been tried.
Told = Callable[[int], None]


class _Task(NamedTuple):
    part: SweptFormulas
    tables: list[Any]
    size: int


class DuckRun:
    """What a sweep finds: all of it, or where there is a limit the first rows of the order; `count` is of all.

    With a front, the names of two columns: the rows than which none has more of the one for as little of the other.

    To be used as a context: a folder beside the file that is to be written, or for temporary files, holds what is
    found until then. Raises SymparamsError for what is not exact, a full disk, too little memory.
    """

    def __init__(
        self,
        query: SweepQuery,
        limit: int | None,
        folder: str | None = None,
        told: Told | None = None,
        front: tuple[str, str] | None = None,
    ):
        self.query = query
        self.front = front
        self.limit = limit
        self.folder = folder
        self.told = told
        self.count = 0
        self.tried = 0
        self.spans = query.spans(DUCKDB)
        self.threads = max(1, os.cpu_count() or 1)

    def __enter__(self) -> DuckRun:
        with _faults():
            self._scratch = tempfile.TemporaryDirectory(prefix=".symparams-", dir=self.folder)
            try:
                self._connect()
                self._run()
            except BaseException:
                self._close()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _connect(self) -> None:
        kept = os.path.join(self._scratch.name, "sweep.duckdb") if self.limit is None and not self.front else ":memory:"
        self.connection = duckdb.connect(
            kept,
            config={
                "memory_limit": MEMORY,
                "threads": self.threads,
                "temp_directory": os.path.join(self._scratch.name, "spilled"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
            },
        )

    def _close(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
        self._scratch.cleanup()

    # Working out

    def _run(self) -> None:
        kinds = (f"{_quoted(self.query.names[name])} {self._kind(name)}" for name in self.query.columns)
        self.connection.execute(f"CREATE TABLE {FOUND} ({', '.join(kinds)})")
        if self.query.sample is not None:
            self._keep_sample(self.query.sample)
        self._axes = {name: self._axis(i, name) for i, name in enumerate(self.query.axes)}
        self._shared(self._tasks(), self._work)

    def _keep_sample(self, sample: Sequence[tuple[int, ...]]) -> None:
        """The sample as a table, by way of a text, which holds numbers of any length."""
        path = os.path.join(self._scratch.name, "sample.csv")
        with open(path, "w", encoding="ascii") as file:
            file.writelines(",".join(map(str, row)) + "\n" for row in sample)
        kinds = {self.query.names[name]: self._kind(name) for name in self.query.axes}
        sql = f"CREATE TABLE {SAMPLE} AS SELECT * FROM read_csv(?, header = false, columns = ?)"
        self.connection.execute(sql, [path, kinds])

    def _kind(self, name: str) -> str:
        low, high = self.spans[name]
        return BIGINT if low >= -MACHINE and high < MACHINE else DUCKDB.wide

    def _axis(self, place: int, name: str) -> str | None:
        """A table of the numbers of an axis, which is joined faster than what generates them."""
        numbers = self.query.over[name]
        if self.query.sample is not None or len(numbers) > MOST_KEPT:
            return None
        column, table = _quoted(self.query.names[name]), f"axis_{place}"
        if isinstance(numbers, range) and numbers.stop < MACHINE:
            source = written_source(self.query.names[name], numbers).sql(DUCKDB.name)
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM {source}")
        else:
            kind = self._kind(name)
            sql = f"CREATE TABLE {table} AS SELECT CAST(unnest(CAST(? AS VARCHAR[])) AS {kind}) AS {column}"
            self.connection.execute(sql, [[str(number) for number in numbers]])
        return table

    def _tasks(self) -> Iterator[_Task]:
        query, most = self.query, piece_size(self.query.size)
        for part in query.formulas:
            if query.sample is not None:
                own = exp.select("*").from_(SAMPLE).where(*self._of_design(part))
                yield _Task(part, [own.subquery("own")], len(query.rows_of(part)))
                continue
            for piece in pieces(part.design.axes, most):
                tables = [self._slice(name, numbers) for name, numbers in piece.items()]
                yield _Task(part, tables, prod(map(len, piece.values())))

    def _of_design(self, part: SweptFormulas) -> Iterator[Any]:
        """What the rows of the sample that a design stands for have to meet."""
        for name, number in part.design.fixed.items():
            yield exp.EQ(this=column_of(self.query.names[name]), expression=literal(number))
        for name, numbers in part.design.axes.items():
            yield self._within(name, numbers)

    def _within(self, name: str, numbers: range | Numbers) -> Any:
        first, last = (exp.cast(literal(number), self._kind(name)) for number in (numbers[0], numbers[-1]))
        return exp.Between(this=column_of(self.query.names[name]), low=first, high=last)

    def _slice(self, name: str, numbers: range | Numbers) -> Any:
        """Some of the numbers of an axis, out of its table: of that DuckDB knows between which numbers it lies."""
        table = self._axes[name]
        if table is None:
            return written_source(self.query.names[name], numbers)
        if len(numbers) == len(self.query.over[name]):
            return exp.to_table(table)
        return exp.select("*").from_(table).where(self._within(name, numbers)).subquery(f"slice_{table}")

    def _work(self, cursor: Any, task: _Task) -> tuple[int, int]:
        """Keep what one piece has; how much that is, and how much was tried."""
        select = self.query.select(DUCKDB, task.part, task.tables)
        if self.limit is None and not self.front:
            (count,) = cursor.execute(f"INSERT INTO {FOUND} {select.sql(DUCKDB.name)}").fetchone()
            return count, task.size
        (count,) = cursor.execute(exp.select("count(*)").from_(select.subquery("all_")).sql(DUCKDB.name)).fetchone()
        if count:
            cursor.execute(f"INSERT INTO {FOUND} {self._best(select.subquery('all_'))}")
        return count, task.size

    def _best(self, table: Any) -> str:
        """The rows of a table that may be among those that are asked for."""
        if self.front:
            return self._on_front(table.sql(DUCKDB.name))
        return sorted_and_cut(table, self.query.order, self.query.names, self.limit).sql(DUCKDB.name)

    def _on_front(self, table: str) -> str:
        assert self.front
        names = {name: _quoted(shown) for name, shown in self.query.names.items()}
        most, least = (names[name] for name in self.front)
        order = ", ".join([least, f"{most} DESC", *(names[axis] for axis in self.query.axes)])
        before = f"max({most}) OVER (ORDER BY {order} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        ranked = f"SELECT *, {before} AS before_ FROM {table}"
        kept = f"before_ IS NULL OR {most} > before_ ORDER BY {order}"
        return f"SELECT {', '.join(names.values())} FROM ({ranked}) WHERE {kept}"

    def _shared(self, tasks: Iterator[_Task], work: Callable[[Any, _Task], tuple[int, int]]) -> None:
        """Work on the pieces in as many threads as there are processors; an interrupt ends all of them."""
        cursors = [self.connection.cursor() for _ in range(self.threads)]
        for cursor in cursors:
            # Its bar would go to standard output.
            cursor.execute("SET enable_progress_bar = false")
        pool = ThreadPoolExecutor(self.threads)
        running: dict[Future[tuple[int, int]], Any] = {}
        try:
            while True:
                for task in islice(tasks, len(cursors)):
                    cursor = cursors.pop()
                    running[pool.submit(work, cursor, task)] = cursor
                if not running:
                    break
                done, _ = wait(running, PATIENCE, FIRST_COMPLETED)
                for future in done:
                    cursors.append(running.pop(future))
                    count, tried = future.result()
                    self.count, self.tried = self.count + count, self.tried + tried
                    if self.told:
                        self.told(self.tried)
        except BaseException:
            for cursor in running.values():
                cursor.interrupt()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    # What is found

    def rows(self) -> list[tuple[int, ...]]:
        """The rows in their order, as Python's whole numbers."""
        with _faults():
            return self.connection.execute(self._best(exp.to_table(FOUND))).fetchall()

    def write(self, path: str, form: str) -> None:
        """All of it to a file, as "csv" or "parquet"."""
        query = sorted_and_cut(exp.to_table(FOUND), self.query.order, self.query.names, self.limit)
        if form == "parquet":
            query = exp.select(*map(self._for_parquet, self.query.columns)).from_(query.subquery("sorted"))
        options = "FORMAT CSV, HEADER" if form == "csv" else "FORMAT PARQUET"
        sql = f"COPY ({query.sql(DUCKDB.name)}) TO '{path.replace(chr(39), chr(39) * 2)}' ({options})"
        tasks = iter([_Task(self.query.formulas[0], [], 0)])
        with _faults():
            self._shared(tasks, lambda cursor, _: (0, len(cursor.execute(sql).fetchall()) * 0))

    def _for_parquet(self, name: str) -> Any:
        column = column_of(self.query.names[name])
        if self._kind(name) == BIGINT:
            return column
        low, high = self.spans[name]
        if max(-low, high) > PARQUET_LARGEST:
            fault = f"{name} may have more than 38 digits, and Parquet holds no whole number as long"
            raise LimitError(fault, None, "write CSV")
        return exp.alias_(exp.cast(column, PARQUET_WIDE), self.query.names[name], quoted=True)


def _quoted(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql(DUCKDB.name)


@contextmanager
def _faults() -> Iterator[None]:
    """What DuckDB meets, in the user's words."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        fault = f"the sweep needs more than {MEMORY} of memory, and there is no room on the disk for the rest"
        raise SymparamsError(fault, None, "a filter (--where), or fewer rows (--limit)") from None
    except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, OSError) as error:
        raise SymparamsError(f"the sweep cannot be written: {_reason(error)}") from None
    except duckdb.InvalidInputException as error:
        said = str(error).partition(": ")[2]
        raise SymparamsError(said.split("\n")[0] or "a configuration has no value") from None
    except duckdb.InterruptException:
        raise KeyboardInterrupt from None


_REASONS = ("No space left on device", "File too large", "Permission denied", "Disk quota exceeded")


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return next((reason for reason in _REASONS if reason in text), text.split("\n")[0])


def rows_of(query: SweepQuery, limit: int | None, told: Told | None = None) -> tuple[Sequence[tuple[int, ...]], int]:
    """The rows and how many there are in all."""
    with DuckRun(query, limit, None, told) as run:
        return run.rows(), run.count
