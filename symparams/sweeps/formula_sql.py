"""Quantities and conditions in SQL: a sqlglot tree in columns of whole numbers, with what they may be.

A part that SQL cannot say exactly is refused with the reason. Floors, remainders and the like become columns of their
own, so that nothing is written twice, however deep they nest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

from sqlglot import exp

from ..closed_forms.conditions import AllOf, Condition, Relation
from ..closed_forms.floors import Floor, Function, Remainder
from ..closed_forms.polynomial import Atom, Quantity, Sum, Symbol, is_integer, terms_of
from ..closed_forms.powers import Power, substitute
from ..closed_forms.quotients import numerator_and_denominator
from ..closed_forms.sums import Series
from ..compiled.code import sides
from ..errors import LimitError, SymparamsError
from .sql_numbers import SqlArithmetic, SqlDialect, SqlWhole, bracketed, literal

MOST_TURNS = 200
_OPERATORS = {">=": exp.GTE, "<": exp.LT, "==": exp.EQ, "!=": exp.NEQ}
_IRRATIONAL = {"sqrt": "a square root", "log2": "a logarithm"}


class FormulaSql:
    """Writes formulas in columns; `levels` are the further columns, each level in those before it.

    `columns` has for the name of each symbol its column.
    """

    def __init__(self, dialect: SqlDialect, columns: Mapping[str, SqlWhole]):
        self.dialect = dialect
        self.arithmetic = SqlArithmetic(dialect)
        self.columns = columns
        self.levels: list[dict[str, Any]] = []
        self.known: dict[Atom, SqlWhole] = {}
        self.level_of: dict[str, int] = {}

    # Numbers

    def whole(self, value: Quantity) -> SqlWhole:
        """What is whole by its form. Raises SymparamsError for what may be a fraction."""
        over, under = self.fraction(value)
        if under is None:
            return over
        if not is_integer(value):
            raise SymparamsError("a fraction that goes into a function has no exact SQL")
        return self.arithmetic.quotient(over, under)

    def checked(self, value: Quantity, name: str) -> SqlWhole:
        """A number that the conditions keep whole; a row in which it is a fraction stops the query."""
        over, under = self.fraction(value)
        if under is None:
            return over
        found = self.arithmetic.quotient(over, under)
        if is_integer(value):
            return found
        rest = self.arithmetic.rest(over, under)
        is_whole = exp.EQ(this=rest.sql, expression=literal(0))
        fault = exp.Anonymous(this=self.dialect.refusal, expressions=[exp.Literal.string(f"{name} is no whole number")])
        return found._replace(sql=exp.Case(ifs=[exp.If(this=is_whole, true=found.sql)], default=fault))

    def fraction(self, value: Quantity) -> tuple[SqlWhole, SqlWhole | None]:
        over, under = numerator_and_denominator(value)
        return self.sum(over), None if under == 1 else self.sum(under)

    def sum(self, value: Quantity) -> SqlWhole:
        added: list[SqlWhole] = []
        taken: list[SqlWhole] = []
        for monomial, coefficient in terms_of(value):
            factors = [self.arithmetic.raised(self.atom(atom), exponent) for atom, exponent in monomial]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, self.arithmetic.number(abs(int(coefficient))))
            product = reduce(self.arithmetic.times, factors)
            (added if coefficient > 0 else taken).append(product)
        found = self.arithmetic.sum(added)
        return self.arithmetic.minus(found, self.arithmetic.sum(taken)) if taken else found

    def atom(self, atom: Atom) -> SqlWhole:
        if isinstance(atom, Symbol):
            return self.columns[atom.name]
        if isinstance(atom, Sum):
            return self.whole(atom.parts()[0])
        if atom not in self.known:
            self.known[atom] = self._named(self._worked_out(atom))
        return self.known[atom]

    def _named(self, value: SqlWhole) -> SqlWhole:
        """The number as a column, one level above those in it."""
        if value.number is not None:
            return value
        inner = [self.level_of.get(column.name, -1) for column in value.sql.find_all(exp.Column)]
        level = 1 + max(inner, default=-1)
        name = f"_{len(self.level_of) + 1}"
        while name in self.columns:
            name = f"_{name}"
        self.level_of[name] = level
        while len(self.levels) <= level:
            self.levels.append({})
        self.levels[level][name] = value.sql
        return value._replace(sql=exp.column(name))

    def _worked_out(self, atom: Atom) -> SqlWhole:
        if isinstance(atom, Series):
            return self._series(atom)
        parts = atom.parts()
        if isinstance(atom, (Floor, Remainder)):
            return self._divided(atom, *parts)
        if isinstance(atom, Power):
            return self.arithmetic.power(*map(self.whole, parts))
        assert isinstance(atom, Function)
        if atom.name in _IRRATIONAL:
            raise SymparamsError(f"{_IRRATIONAL[atom.name]} has no exact SQL")
        values = [self.whole(part) for part in parts]
        return self.arithmetic.absolute(*values) if atom.name == "abs" else self.arithmetic.extreme(atom.name, values)

    def _divided(self, atom: Atom, a: Quantity, b: Quantity) -> SqlWhole:
        (over, scale), (under, by) = self.fraction(a), self.fraction(b)
        if isinstance(atom, Remainder):
            if scale or by:
                raise SymparamsError("the remainder of a fraction has no exact SQL")
            return self.arithmetic.rest(over, under)
        over = self.arithmetic.times(over, by) if by else over
        return self.arithmetic.quotient(over, self.arithmetic.times(under, scale) if scale else under)

    def _series(self, atom: Series) -> SqlWhole:
        term, turns = atom.parts()
        number = self.whole(turns)
        if number.high > MOST_TURNS:
            raise LimitError(f"a sum of {number.high:,} terms is too long for SQL, which has {MOST_TURNS} at the most")
        nothing = self.arithmetic.number(0)
        terms = []
        for i in range(number.high):
            is_there = exp.LT(this=literal(i), expression=number.sql)
            terms.append(self.arithmetic.chosen(is_there, self.whole(substitute(term, {atom.index: i})), nothing))
        return self.arithmetic.sum(terms)

    # Conditions

    def condition(self, condition: Condition) -> Any:
        if isinstance(condition, bool):
            return exp.Boolean(this=condition)
        if isinstance(condition, Relation):
            return self._relation(condition)
        join = exp.And if isinstance(condition, AllOf) else exp.Or
        parts = [bracketed(self.condition(part)) for part in condition.conditions]
        return reduce(lambda a, b: join(this=a, expression=b), parts)

    def _relation(self, relation: Relation) -> Any:
        over, under = numerator_and_denominator(relation.difference)
        divisor = self.sum(under) if under != 1 else None
        signed = divisor is None or divisor.low >= 1 or relation.operator in ("==", "!=")
        if divisor and not signed:
            product = self.arithmetic.times(self.sum(over), divisor)
            found = _OPERATORS[relation.operator](this=product.sql, expression=literal(0))
        else:
            left, right = (self.sum(part) for part in sides(over))
            found = _OPERATORS[relation.operator](this=left.sql, expression=right.sql)
        if divisor is None or divisor.low >= 1 or divisor.high <= -1:
            return found
        divides = exp.NEQ(this=divisor.sql, expression=literal(0))
        return exp.And(this=exp.Paren(this=divides), expression=exp.Paren(this=found))
