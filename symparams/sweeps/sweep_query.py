"""A sweep as one SQL query: the grid, the conditions of the network, the filters, figures as columns, sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

from sqlglot import exp

from ..cached import cached_property
from ..closed_forms.conditions import Condition, all_of, conjuncts, symbols_in
from ..closed_forms.polynomial import Quantity, symbols_of
from ..core.network import CoreNetwork
from ..errors import LimitError, SymparamsError, listing
from ..questions.asking import number_asked, question
from ..questions.ranges import Numbers
from .designs import Design, Ranges, designs
from .formula_sql import FormulaSql
from .sql_numbers import BIGINT, MACHINE, SqlDialect, SqlWhole, literal

MOST_WRITTEN = 10_000

# The tables that together hold the configurations of a design.
Tables = Callable[["SweptFormulas"], "list[Any]"]


class SweptFormulas(NamedTuple):
    """What one design gives: the figures, and what is asked of a configuration; `where` is left open."""

    design: Design
    figures: tuple[Quantity, ...]
    condition: Condition
    where: tuple[Condition, ...]


class SortKey(NamedTuple):
    column: str
    is_descending: bool


class SweepQuery:
    """The query, in any dialect: `over` says what the axes go through, the texts in `where` must all hold."""

    def __init__(
        self,
        net: CoreNetwork,
        over: Ranges,
        where: Sequence[str],
        figures: Sequence[str],
        sort: Sequence[str],
        sample: Sequence[tuple[int, ...]] | None = None,
    ):
        self.net = net
        self.over = dict(over)
        self.sample = sample
        self.where = tuple(where)
        self.axes = tuple(self.over)
        self.sort = tuple(SortKey(text.strip().lstrip("-"), text.strip().startswith("-")) for text in sort)
        sorted_by = [key.column for key in self.sort]
        self.figures = tuple(dict.fromkeys(f for f in (*figures, *sorted_by) if f not in self.axes))
        self.columns = (*self.axes, *self.figures)
        self.names = _told_apart(self.columns)
        self.designs = designs(net, over)
        self.formulas = [self._formulas(design) for design in self.designs]
        self.notes = list(
            dict.fromkeys(n for d in self.designs[:1] for w in self.where for n in question(w, d.net).notes)
        )

    @property
    def size(self) -> int:
        """How many configurations are tried."""
        if self.sample is not None:
            return len(self.sample)
        return reduce(lambda size, numbers: size * len(numbers), self.over.values(), 1)

    @property
    def order(self) -> tuple[SortKey, ...]:
        """What is sorted by, so that no two rows are alike in it."""
        named = [key.column for key in self.sort]
        return (*self.sort, *(SortKey(axis, False) for axis in self.axes if axis not in named))

    def _formulas(self, design: Design) -> SweptFormulas:
        net, held = design.net, set(design.axes)
        asked = [question(text, net) for text in self.where]
        for one in asked:
            for symbol in one.named:
                fault = f"{symbol.name!r} is no figure, layer or symbol of the network"
                raise SymparamsError(fault, None, f"a filter names columns: {listing(self.columns, 'or')}")
        read = [number_asked(text, net) for text in self.figures]
        named = dict.fromkeys(name for names in (*(a.figures for a in asked), *(f for _, f in read)) for name in names)
        guards = [part for guard in net.guards_for(named) for part in conjuncts(guard)]
        own = [c for c in guards if {s.name for s in symbols_in([c])} <= held]
        mixed = [c for c in guards if c not in own and {s.name for s in symbols_in([c])} & held]
        condition = all_of([*own, *(p for a in asked for p in a.premises), *(a.condition for a in asked)])
        values = tuple(value for value, _ in read)
        open_ = {s.name for s in symbols_in([condition]).union(*map(symbols_of, values))} - held
        if open_:
            name = min(open_)
            hint = f"give a value: --set {name}=224; or go through it as well: --over {name}=32:224:32"
            raise SymparamsError(f"the sweep leaves {listing(sorted(open_))} open", None, hint)
        return SweptFormulas(design, values, condition, tuple(mixed))

    # SQL

    def tree(self, dialect: SqlDialect, limit: int | None = None) -> Any:
        """The whole query. Raises SymparamsError for what has no exact SQL."""
        parts = [part for part in self.formulas if self.sample is None or self.rows_of(part)]
        selects = [self.select(dialect, part, self.written_tables(part)) for part in parts]
        union = reduce(lambda a, b: exp.Union(this=a, expression=b, distinct=False), selects)
        return sorted_and_cut(union.subquery("found"), self.order, self.names, limit)

    def select(self, dialect: SqlDialect, part: SweptFormulas, tables: Sequence[Any]) -> Any:
        """The configurations of one design that meet what is asked, with their figures."""
        formula, values, condition = self._written(dialect, part)
        query = self._grid(part.design, tables)
        for level in formula.levels:
            further = [exp.alias_(sql, name) for name, sql in level.items()]
            query = exp.select("*", *further).from_(query.subquery("inner_"))
        shown = [column_of(self.names[axis]) for axis in self.axes]
        shown += [exp.alias_(_typed(value), self.names[f], quoted=True) for f, value in zip(self.figures, values)]
        found = exp.select(*shown).from_(query.subquery("configurations"))
        return found if condition == exp.true() else found.where(condition)

    def written_tables(self, part: SweptFormulas) -> list[Any]:
        """The numbers of the axes, written into the query. Raises LimitError where there are too many."""
        if self.sample is not None and part.design.axes:
            return [rows_source([self.names[axis] for axis in part.design.axes], self.rows_of(part))]
        return [written_source(self.names[axis], numbers) for axis, numbers in part.design.axes.items()]

    def rows_of(self, part: SweptFormulas) -> list[tuple[int, ...]]:
        """The configurations of the sample that a design stands for, by its own axes."""
        fixed, axes = part.design.fixed, part.design.axes
        rows = (dict(zip(self.axes, row)) for row in self.sample or ())
        own = (row for row in rows if all(row[name] == number for name, number in fixed.items()))
        return [tuple(row[a] for a in axes) for row in own if all(n[0] <= row[a] <= n[-1] for a, n in axes.items())]

    @cached_property
    def _known(self) -> dict[tuple[str, int], tuple[FormulaSql, list[SqlWhole], Any]]:
        return {}

    def _written(self, dialect: SqlDialect, part: SweptFormulas) -> tuple[FormulaSql, list[SqlWhole], Any]:
        known = dialect.name, id(part)
        if known not in self._known:
            self._known[known] = self._write(dialect, part)
        return self._known[known]

    def _write(self, dialect: SqlDialect, part: SweptFormulas) -> tuple[FormulaSql, list[SqlWhole], Any]:
        numbers = {**part.design.axes}
        columns = {
            name: SqlWhole(column_of(self.names[name]), r[0], r[-1], not -MACHINE <= r[0] <= r[-1] < MACHINE)
            for name, r in numbers.items()
        }
        formula = FormulaSql(dialect, columns)
        for column in columns.values():
            formula.arithmetic.fits(column.low, column.high)
        try:
            values = [formula.checked(v, name) for name, v in zip(self.figures, part.figures)]
            condition = formula.condition(part.condition)
        except LimitError:
            raise
        except SymparamsError as error:
            raise SymparamsError(f"this is not swept exactly: {error.message}", None, error.hint) from None
        return formula, values, condition

    def spans(self, dialect: SqlDialect) -> dict[str, tuple[int, int]]:
        """For each column the numbers between which it lies."""
        found = {name: (min(numbers), max(numbers)) for name, numbers in self.over.items()}
        for part in self.formulas:
            for name, value in zip(self.figures, self._written(dialect, part)[1]):
                known = found.get(name, (value.low, value.high))
                found[name] = min(known[0], value.low), max(known[1], value.high)
        return found

    def _grid(self, design: Design, tables: Sequence[Any]) -> Any:
        columns = [column_of(self.names[axis]) for axis in design.axes]
        for name, number in design.fixed.items():
            columns.append(exp.alias_(exp.cast(literal(number), BIGINT), self.names[name], quoted=True))
        query = exp.select(*columns)
        for place, table in enumerate(tables):
            query = query.join(table, join_type="cross") if place else query.from_(table)
        return query


def written_source(name: str, numbers: range | Numbers) -> Any:
    """The numbers of an axis as a table. Raises LimitError where there are too many to write down."""
    if not isinstance(numbers, range) or not -MACHINE < numbers.start <= numbers.stop < MACHINE:
        return rows_source([name], [(number,) for number in numbers[: MOST_WRITTEN + 1]])
    ends = [literal(end) for end in (numbers.start, numbers.stop, numbers.step)]
    call = exp.Table(this=exp.Anonymous(this="RANGE", expressions=ends))
    return exp.alias_(call, _table(name), table=[exp.to_identifier(name, quoted=True)])


def rows_source(names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> Any:
    """Configurations as a table. Raises LimitError where there are too many to write down."""
    if len(rows) > MOST_WRITTEN:
        raise LimitError(f"a query is written with {MOST_WRITTEN:,} numbers of {names[0]} at the most, or a range")
    written = [exp.Tuple(expressions=[_bigint(number) for number in row]) for row in rows]
    columns = [exp.to_identifier(name, quoted=True) for name in names]
    return exp.Values(expressions=written, alias=exp.TableAlias(this=_table(names[0]), columns=columns))


def _table(name: str) -> Any:
    return exp.to_identifier(f"axis {name}", quoted=True)


def _bigint(number: int) -> Any:
    return exp.cast(literal(number), BIGINT) if -MACHINE <= number < MACHINE else literal(number)


def sorted_and_cut(table: Any, order: Sequence[SortKey], names: Mapping[str, str], limit: int | None) -> Any:
    """The rows in an order, the first ones where there is a limit."""
    keys = [exp.Ordered(this=column_of(names[key.column]), desc=key.is_descending, nulls_first=False) for key in order]
    found = exp.select("*").from_(table).order_by(*keys)
    return found.limit(limit) if limit is not None else found


def column_of(name: str) -> Any:
    return exp.column(name, quoted=True)


def _typed(value: SqlWhole) -> Any:
    """The number as it stands; one that is written down as the bigint it is beside others."""
    return exp.cast(value.sql, BIGINT) if value.number is not None and not value.is_wide else value.sql


def _told_apart(columns: Iterable[str]) -> dict[str, str]:
    """A name for each column, no two of which engines take for one: they do not tell W from w."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        name, turn = column, 1
        while name.casefold() in taken:
            turn += 1
            name = f"{column}_{turn}"
        found[column] = name
        taken.add(name.casefold())
    return found
