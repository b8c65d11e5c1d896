"""Whole numbers in SQL with the bounds between which they lie, which decide how wide their type has to be.

What a bigint is proved to hold is one; what is wider is of the engine's widest exact type; what is wider still is
refused. So no engine has to wrap, to round or to stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

from sqlglot import exp

from ..errors import LimitError, SymparamsError, did_you_mean, listing

MACHINE = 2**63
MOST_BITS = 14_000
BIGINT = "BIGINT"


class SqlDialect(NamedTuple):
    """How an engine says what others say differently.

    Its widest exact type with the largest number in it, and where that cannot be divided down, the largest quotient;
    the function that refuses a row.
    """

    name: str
    wide: str
    largest: int
    largest_quotient: int
    refusal: str


DUCKDB = SqlDialect("duckdb", "HUGEINT", 2**127 - 1, 2**127 - 1, "error")
SPARK = SqlDialect("spark", "DECIMAL(38, 0)", 10**38 - 1, 10**31, "raise_error")
SQL_DIALECTS = {dialect.name: dialect for dialect in (DUCKDB, SPARK)}


def sql_dialect(name: str) -> SqlDialect:
    """The dialect with this name. Raises SymparamsError where there is none."""
    if name not in SQL_DIALECTS:
        hint = did_you_mean(str(name), SQL_DIALECTS) or f"there are {listing(SQL_DIALECTS)}"
        raise SymparamsError(f"there is no SQL for {name!r}", None, hint)
    return SQL_DIALECTS[name]


class SqlWhole(NamedTuple):
    """A whole number in SQL that lies between two others; `is_wide` tells that it is of the wide type.

    One that `is_partial` may be null: it is divided by what may be 0.
    """

    sql: Any
    low: int
    high: int
    is_wide: bool = False
    is_partial: bool = False

    @property
    def number(self) -> int | None:
        return self.low if isinstance(self.sql, (exp.Literal, exp.Neg)) else None


def bracketed(sql: Any) -> Any:
    return exp.Paren(this=sql) if isinstance(sql, (exp.Binary, exp.Neg, exp.Connector)) else sql


_SUMS = (exp.Add, exp.Sub)


def _operands(kind: Any, left: Any, right: Any) -> tuple[Any, Any]:
    """Both sides of an operator, in brackets where they would else be read otherwise, or in another order."""
    loose = kind in _SUMS
    if not (isinstance(left, exp.Mul) and (loose or kind is exp.Mul)) and not (loose and isinstance(left, _SUMS)):
        left = bracketed(left)
    return left, right if loose and isinstance(right, exp.Mul) else bracketed(right)


def literal(number: int) -> Any:
    text = exp.Literal.number(abs(number))
    return exp.Neg(this=text) if number < 0 else text


class SqlArithmetic:
    """Sums, products, quotients and powers of whole numbers, each of the narrowest type that surely holds it."""

    def __init__(self, dialect: SqlDialect):
        self.dialect = dialect

    def fits(self, low: int, high: int) -> bool:
        """Whether a bigint holds what lies between two numbers. Raises LimitError where nothing exact does."""
        if low >= -MACHINE and high < MACHINE:
            return True
        largest = self.dialect.largest
        if max(-low, high) > largest:
            bits = max(-low, high).bit_length()
            digits = len(str(max(-low, high))) if bits < MOST_BITS else MOST_BITS * 3 // 10
            fault = f"numbers with up to {digits:,} digits would occur, and {self.dialect.name} computes exactly up to"
            raise LimitError(f"{fault} {len(str(largest)) - 1} digits", None, "shorter ranges: --over NAME=FIRST:LAST")
        return False

    def number(self, value: int) -> SqlWhole:
        return SqlWhole(literal(value), value, value, not self.fits(value, value))

    def wide(self, value: SqlWhole) -> SqlWhole:
        return value if value.is_wide else value._replace(sql=exp.cast(value.sql, self.dialect.wide), is_wide=True)

    def narrowed(self, value: SqlWhole) -> SqlWhole:
        """The number as a bigint where that holds it."""
        if not value.is_wide or not self.fits(value.low, value.high):
            return value
        return value._replace(sql=exp.cast(value.sql, BIGINT), is_wide=False)

    def _binary(self, kind: Any, a: SqlWhole, b: SqlWhole, low: int, high: int) -> SqlWhole:
        if not self.fits(low, high) and not (a.is_wide or b.is_wide):
            a = self.wide(a)
        left, right = _operands(kind, a.sql, b.sql)
        sql = kind(this=left, expression=right)
        return self.narrowed(SqlWhole(sql, low, high, a.is_wide or b.is_wide, a.is_partial or b.is_partial))

    def plus(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        if a.number == 0 or b.number == 0:
            return b if a.number == 0 else a
        if a.number is not None and b.number is not None:
            return self.number(a.number + b.number)
        if b.number is not None and b.number < 0:
            return self.minus(a, self.number(-b.number))
        return self._binary(exp.Add, a, b, a.low + b.low, a.high + b.high)

    def minus(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        if a.number is not None and b.number is not None:
            return self.number(a.number - b.number)
        return a if b.number == 0 else self._binary(exp.Sub, a, b, a.low - b.high, a.high - b.low)

    def times(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        if a.number is not None and b.number is not None:
            return self.number(a.number * b.number)
        for one, other in ((a, b), (b, a)):
            if one.number in (0, 1):
                return other if one.number else one
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        return self._binary(exp.Mul, a, b, min(ends), max(ends))

    def raised(self, base: SqlWhole, exponent: int) -> SqlWhole:
        """base**exponent for an exponent from 1 on, by squares."""
        if exponent == 1 or base.number is not None:
            return base if exponent == 1 else self.number(base.low**exponent)
        half = self.raised(base, exponent // 2)
        found = self._between(self.times(half, half), *_power_ends(base, exponent - exponent % 2))
        return self._between(self.times(found, base), *_power_ends(base, exponent)) if exponent % 2 else found

    def _between(self, value: SqlWhole, low: int, high: int) -> SqlWhole:
        """The number with the nearer of the bounds that are known."""
        return self.narrowed(value._replace(low=max(low, value.low), high=min(high, value.high)))

    def sum(self, terms: Sequence[SqlWhole]) -> SqlWhole:
        """The sum, as a balanced tree: no engine reads one that nests too deeply."""
        if not terms:
            return self.number(0)
        if len(terms) == 1:
            return terms[0]
        middle = (len(terms) + 1) // 2
        return self.plus(self.sum(terms[:middle]), self.sum(terms[middle:]))

    # Quotients

    def quotient(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        """floor(a/b); null where b is 0."""
        if b.number == 1:
            return a
        if a.number is not None and b.number:
            return self.number(a.number // b.number)
        return self._by_sign(a, b, self._quotient)

    def rest(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        """a - b*floor(a/b); null where b is 0."""
        if a.number is not None and b.number:
            return self.number(a.number % b.number)
        return self._by_sign(a, b, self._rest)

    def _by_sign(self, a: SqlWhole, b: SqlWhole, work: Any) -> SqlWhole:
        """What holds for a positive divisor, for all of them: the fraction is the same with both signs turned."""
        if b.low >= 1:
            return work(a, b)
        if b.high <= -1:
            return self._turned(work, a, b)
        cases, found = [], []
        for sign, end in ((exp.GT, b.high), (exp.LT, b.low)):
            if end == 0:
                continue
            value = work(a, b) if sign is exp.GT else self._turned(work, a, b)
            condition = sign(this=b.sql, expression=literal(0))
            cases.append(exp.If(this=condition, true=value.sql))
            found.append(value)
        if not found:
            raise SymparamsError("division by 0")
        low, high = min(v.low for v in found), max(v.high for v in found)
        return self.narrowed(SqlWhole(exp.Case(ifs=cases), low, high, any(v.is_wide for v in found), True))

    def _turned(self, work: Any, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        zero = self.number(0)
        found = work(self.minus(zero, a), self.minus(zero, b))
        return self.minus(zero, found) if work == self._rest else found

    def _quotient(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        shifted, turns = self._shifted(a, b)
        least = max(1, b.low)
        found = self._truncated(shifted, b, shifted.low // max(least, b.high), shifted.high // least)
        low = a.low // least if a.low < 0 else a.low // max(least, b.high)
        high = a.high // least if a.high >= 0 else a.high // max(least, b.high)
        return self._between(self.minus(found, self.number(turns)), low, high)

    def _truncated(self, a: SqlWhole, b: SqlWhole, low: int, high: int) -> SqlWhole:
        """The quotient of what is not negative, which engines may round towards 0."""
        if not (a.is_wide or b.is_wide) or self.dialect.largest_quotient == self.dialect.largest:
            return self._binary(exp.IntDiv, a, b, low, high)
        if self.fits(low, high):
            found = exp.IntDiv(this=bracketed(a.sql), expression=bracketed(b.sql))
            return SqlWhole(found, low, high, False, a.is_partial or b.is_partial)
        if high >= self.dialect.largest_quotient:
            raise LimitError(f"a quotient may be {high:,}, which {self.dialect.name} does not divide exactly")
        rest = self._binary(exp.Mod, a, b, 0, min(a.high, b.high))
        even = self.minus(self.wide(a), rest)
        divided = exp.Div(this=bracketed(even.sql), expression=bracketed(b.sql), typed=True)
        sql = exp.cast(exp.Paren(this=divided), self.dialect.wide)
        return SqlWhole(sql, low, high, True, a.is_partial or b.is_partial)

    def _rest(self, a: SqlWhole, b: SqlWhole) -> SqlWhole:
        shifted, _ = self._shifted(a, b)
        found = self._binary(exp.Mod, shifted, b, 0, max(0, min(shifted.high, b.high - 1)))
        return found

    def _shifted(self, a: SqlWhole, b: SqlWhole) -> tuple[SqlWhole, int]:
        """a and so many times b that the sum is not negative, where b is positive."""
        turns = -(a.low // max(1, b.low)) if a.low < 0 else 0
        moved = self.plus(a, self.times(self.number(turns), b)) if turns else a
        return moved._replace(low=min(max(0, moved.low), moved.high)), turns

    # Functions

    def extreme(self, name: str, values: Sequence[SqlWhole]) -> SqlWhole:
        choose = max if name == "max" else min
        if all(value.number is not None for value in values):
            return self.number(choose(value.low for value in values))
        if any(value.is_wide for value in values):
            values = [self.wide(value) for value in values]
        first, *others = [value.sql for value in values]
        sql = (exp.Greatest if name == "max" else exp.Least)(this=first, expressions=others, ignore_nulls=True)
        low, high = choose(value.low for value in values), choose(value.high for value in values)
        missing = [exp.Is(this=bracketed(value.sql), expression=exp.null()) for value in values if value.is_partial]
        if missing:
            # Engines leave out what is null, and would take the greater of the others.
            any_missing = reduce(lambda a, b: exp.Or(this=a, expression=b), missing)
            sql = exp.Case(ifs=[exp.If(this=any_missing, true=exp.null())], default=sql)
        return self.narrowed(SqlWhole(sql, low, high, values[0].is_wide, bool(missing)))

    def absolute(self, value: SqlWhole) -> SqlWhole:
        if value.number is not None:
            return self.number(abs(value.low))
        ends = abs(value.low), abs(value.high)
        self.fits(0, max(ends))
        wide = value if self.fits(-max(ends), max(ends)) else self.wide(value)
        least = 0 if value.low <= 0 <= value.high else min(ends)
        return self.narrowed(SqlWhole(exp.Abs(this=wide.sql), least, max(ends), wide.is_wide, value.is_partial))

    def chosen(self, condition: Any, value: SqlWhole, otherwise: SqlWhole) -> SqlWhole:
        """The one number where the condition holds, else the other."""
        is_wide = value.is_wide or otherwise.is_wide
        if is_wide:
            value, otherwise = self.wide(value), self.wide(otherwise)
        elif value.number is not None:
            # Engines take a short number for one of 32 bits.
            value = value._replace(sql=exp.cast(value.sql, BIGINT))
        sql = exp.Case(ifs=[exp.If(this=condition, true=value.sql)], default=otherwise.sql)
        low, high = min(value.low, otherwise.low), max(value.high, otherwise.high)
        return self.narrowed(SqlWhole(sql, low, high, is_wide, value.is_partial or otherwise.is_partial))

    def power(self, base: SqlWhole, exponent: SqlWhole) -> SqlWhole:
        """base**exponent, neither of which is ever negative, by the binary digits of the exponent."""
        if base.low < 0 or exponent.low < 0:
            raise SymparamsError("a power of what may be negative, or to what may be, has no exact SQL")
        bits = max(1, base.high).bit_length() * exponent.high
        greatest = max(1, base.high) ** exponent.high if bits < MOST_BITS else 2**MOST_BITS
        self.fits(0, greatest)
        one = self.number(1)
        found, square = one, base
        for digit in range(exponent.high.bit_length()):
            if digit:
                square = self.raised(square, 2)
            bit = self._rest(self._quotient(exponent, self.number(2**digit)), self.number(2))
            is_set = exp.EQ(this=bit.sql, expression=literal(1))
            factor = self.chosen(is_set, square, one)
            # Never more than the power itself, whatever the factors may be together.
            most = min(found.high * factor.high, greatest)
            found = self._binary(exp.Mul, found, factor, 0, most) if digit else factor
        low = 0 if base.low < 1 else base.low ** max(0, exponent.low)
        return self._between(found, low, greatest)


def _power_ends(base: SqlWhole, exponent: int) -> tuple[int, int]:
    ends = base.low**exponent, base.high**exponent
    return (0 if base.low < 0 < base.high else min(ends), max(ends)) if exponent % 2 == 0 else (min(ends), max(ends))
