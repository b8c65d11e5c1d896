"""Random sums, products, quotients and powers in SQL, at the edges of types, beside the same with Python's integers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from sqlglot import exp

from symparams.errors import LimitError, SymparamsError
from symparams.sweeps.sql_numbers import SqlArithmetic, SqlDialect, SqlWhole

Row = tuple[int, ...]
Exact = Callable[[Row], "int | None"]
NAMES = ("x", "y", "z")
EDGES = (0, 1, 7, 2**31, 2**32, 3_037_000_500, 2**62, 2**63 - 1, 10**9)
HUGE = (2**63, 2**64, 10**19, 10**30)


class Drawn:
    """Columns of numbers around edges, and expressions in them, each as SQL and as a function of a row."""

    def __init__(self, seed: int, dialect: SqlDialect):
        self.random = random.Random(seed)
        self.arithmetic = SqlArithmetic(dialect)
        self.ranges = [self._numbers() for _ in NAMES]
        self.columns = [
            SqlWhole(exp.column(name), min(n), max(n), not -(2**63) <= min(n) <= max(n) < 2**63)
            for name, n in zip(NAMES, self.ranges)
        ]

    def _numbers(self) -> list[int]:
        kind = self.random.random()
        edge = 0 if kind < 0.5 else self.random.choice(EDGES if kind < 0.9 else HUGE)
        found = [edge + self.random.randrange(-9, 10) for _ in range(4)]
        if self.random.random() < 0.3:
            found = [-number for number in found]
        return found

    def rows(self) -> list[Row]:
        return [(x, y, z) for x in self.ranges[0] for y in self.ranges[1] for z in self.ranges[2]]

    def expressions(self, number: int) -> Iterator[tuple[SqlWhole, Exact]]:
        """So many of them; those that are refused, since nothing exact holds them, are left out."""
        while number:
            try:
                yield self.expression(self.random.choice((1, 2, 3)))
            except (LimitError, SymparamsError):
                if self.random.random() < 0.01:
                    return
                continue
            number -= 1

    def expression(self, depth: int) -> tuple[SqlWhole, Exact]:
        if not depth:
            place = self.random.randrange(4)
            if place == 3:
                number = self.random.choice((0, 1, 2, -3, 5, 2**31, -(2**63), 2**63 - 1))
                return self.arithmetic.number(number), lambda row: number
            return self.columns[place], lambda row: row[place]
        (a, f), (b, g) = self.expression(depth - 1), self.expression(self.random.randrange(depth))
        word = self.random.choice(("plus", "minus", "times", "quotient", "rest", "raised", "absolute", "max", "min"))
        if word == "raised":
            turns = self.random.choice((2, 3, 4, 5))
            return self.arithmetic.raised(a, turns), lambda row: _lifted(lambda x: x**turns, f(row))
        if word == "absolute":
            return self.arithmetic.absolute(a), lambda row: _lifted(abs, f(row))
        if word in ("max", "min"):
            choose = max if word == "max" else min
            return self.arithmetic.extreme(word, [a, b]), lambda row: _lifted(choose, f(row), g(row))
        return getattr(self.arithmetic, word)(a, b), lambda row: _lifted(OPERATIONS[word], f(row), g(row))


def _lifted(work: Callable[..., Any], *values: int | None) -> int | None:
    try:
        return None if None in values else int(work(*values))
    except ZeroDivisionError:
        return None


OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "plus": lambda a, b: a + b,
    "minus": lambda a, b: a - b,
    "times": lambda a, b: a * b,
    "quotient": lambda a, b: a // b,
    "rest": lambda a, b: a % b,
}


def compared(drawn: Drawn, number: int, dialect: str, run: Callable[[str], list[Any]], kind: str) -> int:
    """Run so many expressions on an engine and compare each number; how many were compared."""
    rows = drawn.rows()
    pairs = list(drawn.expressions(number))
    kinds = [kind if column.is_wide else "BIGINT" for column in drawn.columns]
    shown = ", ".join(f"({', '.join(f'CAST({n} AS {k})' for n, k in zip(row, kinds))})" for row in rows)
    shown = shown.replace(str(-(2**63)), "-9223372036854775807 - 1")
    texts = [f"{whole.sql.sql(dialect)} AS c{i}" for i, (whole, _) in enumerate(pairs)]
    found = run(f"SELECT x, y, z, {', '.join(texts)} FROM (VALUES {shown}) AS t(x, y, z)")
    assert len(found) == len(rows)
    for x, y, z, *values in found:
        row = int(x), int(y), int(z)
        for value, text, (whole, exact) in zip(values, texts, pairs):
            expected = exact(row)
            assert (None if value is None else int(value)) == expected, (text, row, value, expected)
            assert expected is None or whole.low <= expected <= whole.high, (text, row, expected, whole.low, whole.high)
    return len(pairs) * len(rows)
