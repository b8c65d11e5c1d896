"""The same SQL on Spark, as local[2]: exact at the edges of BIGINT and DECIMAL(38, 0), in ANSI mode and without.

In a profile of its own: where pyspark or Java is missing it is skipped, or a failure with SYMPARAMS_REQUIRE_ENGINES=1.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from shutil import which
from typing import Any

import pytest
from engines import missing
from random_arithmetic import Drawn, compared
from sweep_cases import CASES, SweepCase, expected_rows

from symparams import parse
from symparams.sweeps.sql_numbers import SPARK

if find_spec("pyspark") is None or which("java") is None:
    missing("pyspark or Java")

from pyspark.sql import SparkSession


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(params=["true", "false"], ids=["ansi", "not ansi"])
def engine(request: pytest.FixtureRequest, spark: Any) -> Any:
    """Spark that stops at an overflow, and Spark that wraps."""
    spark.conf.set("spark.sql.ansi.enabled", request.param)
    return spark


@pytest.mark.parametrize("seed", range(12))
def test_arithmetic_is_exact_at_the_edges(engine: Any, seed: int) -> None:
    def run(sql: str) -> list[Any]:
        return engine.sql(sql).collect()

    assert compared(Drawn(seed, SPARK), 6, SPARK.name, run, SPARK.wide)


@pytest.mark.parametrize("name", CASES)
def test_rows_are_those_of_every_configuration(engine: Any, name: str) -> None:
    case: SweepCase = CASES[name]
    table = parse(case.program).sweep(case.over, case.where, columns=case.columns)
    found = [tuple(map(int, row)) for row in engine.sql(table.sql("spark")).collect()]
    assert found == expected_rows(case)


def test_a_wide_column_is_a_decimal_and_others_are_bigint(engine: Any) -> None:
    case = CASES["wide"]
    found = engine.sql(parse(case.program).sweep(case.over).sql("spark"))
    assert [kind for _, kind in found.dtypes] == ["bigint", "bigint", "decimal(38,0)"]
