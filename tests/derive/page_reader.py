"""Reads the page that is handed out back from its Markdown, and evaluates both sides of every equality in it.

It shares no code with what wrote the page. The rules are definitions; each block in letters is evaluated at random
letters; each row of the tables at values for the program's symbols, with the blocks' formulas for their cases.
"""

from __future__ import annotations

import random
import re
from collections import ChainMap
from fractions import Fraction
from itertools import product

from latex_reader import (
    Unknown,
    blocks_of,
    inline_formulas,
    names_in,
    parts_of_tuple,
    rows_of,
    symbol_name,
    table_of,
    value_of,
)

Values = dict[str, Fraction]
_LETTER = re.compile(r"(\\mathrm\{[^}]*\}|\\?[A-Za-z]+)(_\{.*\})?")
_SHAPE = re.compile(r"(\\left)?\([^=]*\)")
_FIGURE = re.compile(r"([PM])_\{\\mathrm\{([^}]*)\}\}")
_TURNS = re.compile(r" for \$([^$]+)\$ from 0 to \$([^$]+)\$")
_TIMES = re.compile(r" × (?:\()?\$([^$]+)\$\)?")


class Case:
    """A formula of a block, for arguments that are written as these texts."""

    def __init__(self, arguments: list[str], formula: str):
        self.arguments = arguments
        self.formula = formula

    def value(self, given: list[Fraction], program: Values) -> Fraction | None:
        """The formula for these arguments; None where they are no case of it."""
        pairs = list(zip(self.arguments, given))
        values = dict(program) | {symbol_name(text): value for text, value in pairs if _LETTER.fullmatch(text)}
        if any(value_of(text, values) != value for text, value in pairs):
            return None
        return value_of(self.formula, values)


class PageReading:
    """One reading of a page at values for the symbols of the program; `checked` counts the equalities."""

    def __init__(self, program: Values, letters: random.Random):
        self.program = program
        self.letters = letters
        self.cases: dict[str, list[Case]] = {}
        self.given: Values = program
        self.totals: dict[str, list[Fraction]] = {}
        self.results: Values = {}
        self.known: set[str] = set(program)
        self.part = ""
        self.checked = 0

    def read(self, text: str) -> None:
        for kind, block in blocks_of(text):
            getattr(self, kind)(block)

    # Blocks of the text

    def text(self, block: str) -> None:
        start = re.match(r"\*\*(.*?)\*\*", block)
        if start:
            self.part = start.group(1)
            self.given = self.program
        for formula in inline_formulas(block):
            self.meet(formula)
        if self.part == "Result.":
            self.results |= self.equations(block)
        if self.part == "Blocks, each once." and block.startswith("`"):
            self.new_letters(block)

    def meet(self, formula: str) -> None:
        """A formula in the text: what it holds is known from here on."""
        self.known |= names_in(formula)

    def equations(self, block: str) -> Values:
        """The values of a sentence such as $P = 896$."""
        found: Values = {}
        for formula in inline_formulas(block):
            name, equals, value = formula.partition(" = ")
            if equals and re.fullmatch("[PM](_\\{.*)?", name):
                found[name[0]] = value_of(value, self.program)
        return found

    def new_letters(self, block: str) -> None:
        names = {name for formula in inline_formulas(block) for name in names_in(formula)}
        self.given = _Drawn(self.program, self.letters)
        for name in names:
            self.given.setdefault(name, self.given[name])

    def display(self, block: str) -> None:
        targets, rows = rows_of(block)
        call = _FIGURE.match(targets[0])
        if self.part.startswith("Blocks") and call:
            self.block_formula(targets[0], rows)
            return
        if targets[0] in ("P", "M") and self.part == "Sum.":
            self.all_equal([*rows], self.program)
            assert value_of(rows[-1], self.program) == self.results[targets[0]], block
            return
        for row in rows:
            unknown = {name for name in names_in(row) if name not in self.known and name != "\\text"}
            assert not {n for n in unknown if not n.startswith("\\")}, (unknown, block)

    def block_formula(self, target: str, rows: list[str]) -> None:
        name, arguments = target.split("}}", 1)
        self.all_equal(rows, self.given)
        self.cases.setdefault(f"{name}}}}}", []).append(Case(parts_of_tuple(arguments), rows[-1]))

    def table(self, block: str) -> None:
        header, *rows = table_of(block)
        for row in rows:
            if row[0].startswith("Total") or not row[0]:
                self.total(row)
            else:
                self.row(row, header)

    def row(self, row: list[str], header: list[str]) -> None:
        times = Fraction(1)
        for factor in _TIMES.findall(row[0]):
            times *= value_of(factor, self.given)
        if ", each" in row[0]:
            times *= row[0].split(": ")[0].count("`") // 2
        counted, count = "–" if row[-2].startswith("as in") else row[-2], row[-1].strip("$")
        turns = [(symbol_name(i), int(value_of(last, self.given)) + 1) for i, last in _TURNS.findall(row[0])]
        if counted != "–" and turns:
            self.in_turns(counted, turns, value_of(count, self.given), times)
        elif counted != "–":
            self.chain(counted, value_of(count, self.given) / times if times else None)
        output = next((f for cell in row[1:-2] for f in inline_formulas(cell) if _SHAPE.fullmatch(f)), None)
        sizes = [value_of(size, self.given) for size in parts_of_tuple(output)] if output else []
        for cell in row[1:-2]:
            for formula in inline_formulas(cell):
                if " = " in formula:
                    values = self.all_equal(
                        [s for s in formula.split(" = ") if not s.endswith(r"{\mathrm{out}}")], self.given
                    )
                    assert not sizes or values[-1] in sizes, (formula, output)

    def in_turns(self, cell: str, turns: list[tuple[str, int]], count: Fraction, times: Fraction) -> None:
        """What stands in a cell as a formula of the number of the turn: the count is the sum over all turns."""
        last = cell.strip("$").split(" = ")[-1].lstrip("$")
        total = Fraction(0)
        for numbers in product(*(range(min(number, 40)) for _, number in turns)):
            here = {name: Fraction(number) for (name, _), number in zip(turns, numbers)}
            total += value_of(last, ChainMap(here, self.given))  # type: ignore[arg-type]
        if all(number <= 40 for _, number in turns):
            assert total * times == count, (cell, turns, total, count)
            self.checked += 1

    def chain(self, cell: str, value: Fraction | None) -> None:
        """The sides of what stands in a cell, the first of which may be a block's figure."""
        sides = [side for formula in re.split(r" = |\$ = \$", cell.strip("$")) for side in formula.split(" = ")]
        call = _FIGURE.match(sides[0])
        if call and sides[0].startswith(call.group(0)) and call.group(0) in self.cases:
            arguments = [value_of(a, self.given) for a in parts_of_tuple(sides[0][call.end() :])]
            cases = [case.value(arguments, self.given) for case in self.cases[call.group(0)]]
            others = [value_of(side, self.given) for side in sides[1:]]
            expected = value if value is not None else others[-1]
            assert expected in cases, (cell, cases, expected)
            sides = sides[1:]
            self.checked += 1
        values = [value_of(side, self.given) for side in sides]
        assert len({*values, *([value] if value is not None else [])}) <= 1, (cell, values, value)
        self.checked += len(values)

    def total(self, row: list[str]) -> None:
        value = value_of(row[-1].strip("$"), self.program)
        assert value in self.results.values(), (row, self.results)
        if row[-2].strip("$"):
            assert value_of(row[-2].strip("$"), self.program) == value, row
            self.checked += 1

    def all_equal(self, sides: list[str], values: Values) -> list[Fraction]:
        found = [value_of(side, values) for side in sides]
        assert len(set(found)) == 1, (sides, found)
        self.checked += len(found) - 1
        return found


class _Drawn(dict):  # type: ignore[type-arg]
    """Values of letters, drawn where they are asked for; multiples of 16 divide by most."""

    def __init__(self, program: Values, letters: random.Random):
        super().__init__(program)
        self.draws = letters

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Fraction:
        self[name] = Fraction(self.draws.choice((16, 32, 48, 240, 480)))
        return self[name]


__all__ = ["PageReading", "Unknown"]
