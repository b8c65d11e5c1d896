"""Whole numbers in SQL, run by DuckDB, against Python's integers: at the edges of its types, and beyond them."""

from __future__ import annotations

import duckdb
import pytest
from random_arithmetic import Drawn, compared
from sqlglot import exp

from symparams.errors import LimitError
from symparams.sweeps.sql_numbers import DUCKDB, SPARK, SqlArithmetic, SqlWhole


@pytest.mark.parametrize("seed", range(60))
def test_arithmetic_is_exact_at_the_edges(seed: int) -> None:
    with duckdb.connect() as connection:
        assert compared(Drawn(seed, DUCKDB), 12, "duckdb", lambda sql: connection.execute(sql).fetchall(), "HUGEINT")


@pytest.mark.parametrize(
    ("dialect", "largest"), [(DUCKDB, 2**127 - 1), (SPARK, 10**38 - 1)], ids=lambda given: getattr(given, "name", "")
)
def test_a_type_is_as_wide_as_bounds_prove(dialect: object, largest: int) -> None:
    arithmetic = SqlArithmetic(dialect)  # type: ignore[arg-type]
    for high, is_wide in ((2**63 - 2, False), (2**63 - 1, True), (largest - 1, True)):
        found = arithmetic.plus(SqlWhole(exp.column("x"), 0, high, high >= 2**63), arithmetic.number(1))
        assert (found.high, found.is_wide) == (high + 1, is_wide)
    with pytest.raises(LimitError, match="digits"):
        arithmetic.plus(SqlWhole(exp.column("x"), 0, largest, True), arithmetic.number(1))


@pytest.mark.parametrize("base", [(2, 2), (3, 3), (1, 5), (0, 7)])
def test_powers_by_digits(base: tuple[int, int]) -> None:
    arithmetic = SqlArithmetic(DUCKDB)
    with duckdb.connect() as connection:
        for last in (0, 1, 2, 5, 19, 40):
            b = arithmetic.number(base[0]) if base[0] == base[1] else SqlWhole(exp.column("b"), *base)
            found = arithmetic.power(b, SqlWhole(exp.column("e"), 0, last))
            grid = f"range({base[0]}, {base[1] + 1}) AS s(b), range(0, {last + 1}) AS t(e)"
            rows = connection.execute(f"SELECT b, e, {found.sql.sql('duckdb')} FROM {grid}").fetchall()
            assert len(rows) == (base[1] - base[0] + 1) * (last + 1)
            assert all(value == b**e for b, e, value in rows)


def test_a_division_by_zero_has_no_value() -> None:
    arithmetic = SqlArithmetic(DUCKDB)
    found = arithmetic.quotient(arithmetic.number(7), SqlWhole(exp.column("x"), -1, 1))
    rows = duckdb.sql(f"SELECT x, {found.sql.sql('duckdb')} FROM range(-1, 2) AS t(x)").fetchall()
    assert sorted(rows) == [(-1, -7), (0, None), (1, 7)]
