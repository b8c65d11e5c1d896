"""Every "=" in a derivation is true: it is read back by another reader and evaluated on both sides."""

from __future__ import annotations

import random
import re
from collections import Counter
from fractions import Fraction
from functools import cache

import pytest
from checks import THOROUGH, in_domain
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
    without_labels,
)
from markup import dollar_formulas
from networks import DETAILS, all_networks, derivation, fixed_networks, random_networks, written
from page_reader import PageReading

from symparams.closed_forms.powers import meant, substitute
from symparams.derive.messages import languages
from symparams.formula.tree import Identifier as Written

FIXED = sorted(fixed_networks())
GIVEN = re.compile(r"[Ww]ith (.*):$", re.S)
LIKEWISE = re.compile(r"^In the same way, (.*)\.$", re.S)
FIGURE = re.compile(r"[PM](_\{\\mathrm.*)?")

Values = dict[str, Fraction]


@cache
def points(name: str) -> list[dict[str, int]]:
    """Values for the symbols of a network at which its formulas hold: two where they are found."""
    net, symbols = all_networks()[name], derivation(name).reader.unknowns.values()
    choice = random.Random(7)
    found: list[dict[str, int]] = []
    for attempt in range(2000):
        largest = (8, 24, 64, 300)[attempt % 4]
        step = (1, 2, 8, 32)[attempt // 4 % 4]
        point = {s.name: max(s.lower or 0, step * choice.randint(0, largest // step)) for s in symbols}
        if in_domain(net, point):
            found.append(point)
            if len(found) == 2 or not symbols:
                break
    return found


def check(name: str) -> int:
    """Evaluate every formula of the whole derivation at some points; how many equalities were checked."""
    net, derived = all_networks()[name], derivation(name, detail="full")
    text, notation = derived.markdown(), derived.notation()
    checked = 0
    for point in points(name):
        program = {symbol_name(notation.show(Written(name))): Fraction(value) for name, value in point.items()}
        turns = {name: Fraction(2) for name in "ijtuvq" if name not in program}
        reading = Reading({**turns, **program})
        for kind, block in blocks_of(text):
            getattr(reading, kind)(block)
        checked += reading.checked
        assert reading.explained <= reading.seen, reading.explained - reading.seen
        values = {symbol: point[symbol.name] for symbol in derived.reader.unknowns.values()}
        for letter, figure in (("P", "params"), ("M", "macs")):
            total = reading.figures.get(letter, reading.figures.get(rf"{letter}_{{\mathrm{{total}}}}", 0))
            assert total == substitute(meant(net.quantity(figure)), values), (letter, total)
    return checked


class Reading:
    """One reading of a derivation, from top to bottom, at values for the symbols of the program."""

    def __init__(self, program: Values):
        self.program = program
        self.given: Values = program
        self.figures: Values = {}
        self.sizes: list[Fraction] = []
        self.explained: set[str] = set()
        self.seen: set[str] = set()
        self.checked = 0

    def text(self, block: str) -> None:
        """A paragraph: the values that it gives to the names of the formula after it, and the sizes that it tells."""
        for formula in inline_formulas(block):
            if re.match(r"(\\left)?\(.*\)$", formula) and " = " not in formula:
                self.sizes = [value_of(size, self.program) for size in parts_of_tuple(formula)]
        likewise = LIKEWISE.match(block)
        for formula in inline_formulas(likewise.group(1)) if likewise else []:
            *_, value = formula.split(" = ")
            assert value_of(value, self.program) in self.sizes, block
            self.checked += 1
        given = givens(block, self.program)
        assert given.keys() <= self.explained, (block, self.explained)
        self.given = {**self.program, **self.figures, **given}
        self.seen |= {name for formula in inline_formulas(block) for name in names_in(formula)}

    def display(self, block: str) -> None:
        targets, rows = rows_of(block)
        self.seen |= names_in(block)
        results = [value_of(row, self.program if i else self.given) for i, row in enumerate(rows)]
        assert len(set(results)) == 1, (block, results, self.program)
        self.checked += len(results) - 1
        if FIGURE.fullmatch(targets[0]):
            name = symbol_name(targets[0])
            assert self.figures.setdefault(name, results[0]) == results[0], f"{name} has two values"
        else:
            assert results[0] in self.sizes, (block, self.sizes)

    def explain(self, names: list[str]) -> None:
        """The table of symbols: each once; no other one has a value from here on."""
        assert len(set(names)) == len(names), names
        self.explained = set(names)
        self.program = {name: value for name, value in self.program.items() if name in self.explained}

    def table(self, block: str) -> None:
        """A table of layers: its numbers add up, to each running total and to the total."""
        header, *rows, last = table_of(block)
        if len(header) == 2:
            self.explain([symbol_name(row[0].strip("$")) for row in (*rows, last)])
        if len(header) < 5:
            return
        running = Fraction(0)
        for row in rows:
            running += value_of(row[3].strip("$"), self.program)
            assert value_of(row[4].strip("$"), self.program) == running, row
            self.checked += 1
        assert value_of(last[3].strip("$"), self.program) == running


def givens(block: str, program: Values) -> Values:
    """The values that a sentence gives to the names of the formula after it."""
    found: Values = {}
    waiting: list[tuple[str, Fraction]] = []
    sentence = GIVEN.search(block)
    for formula in inline_formulas(sentence.group(1) if sentence else ""):
        *sides, last = formula.split(" = ")
        if not sides:
            continue
        value = value_of(last, program)
        for side in sides:
            if side.startswith(r"\frac") or " " in side:
                waiting.append((side, value))
            else:
                found[symbol_name(side)] = value
    for side, value in waiting:
        values = {value_of(side, names) for names in ({**program, **found}, program) if known(side, names)}
        assert value in values or not values, (side, value)
    return found


def known(text: str, names: Values) -> bool:
    try:
        value_of(text, names)
    except Unknown:
        return False
    return True


def check_page(name: str, detail: str) -> int:
    """The same of the page that is handed out, with random values for the letters of its blocks."""
    derived = derivation(name, detail=detail)
    text, notation = derived.markdown(), derived.notation()
    checked = 0
    for point in points(name):
        symbols = {symbol_name(notation.show(Written(name))): Fraction(value) for name, value in point.items()}
        reading = PageReading(symbols, random.Random(1))
        reading.read(text)
        checked += reading.checked
        values = {symbol: point[symbol.name] for symbol in derived.reader.unknowns.values()}
        for letter, figure in (("P", "params"), ("M", "macs")):
            assert reading.results[letter] == substitute(meant(all_networks()[name].quantity(figure)), values), letter
    return checked


@pytest.mark.parametrize("name", FIXED)
def test_equalities_of_pages(name: str) -> None:
    assert check_page(name, "normal") or not points(name)


@pytest.mark.parametrize("name", FIXED if THOROUGH else FIXED[::6])
def test_equalities_of_whole_derivations_and_of_tables(name: str) -> None:
    assert check(name) or not points(name)
    check_page(name, "brief")


def test_equalities_of_random_networks() -> None:
    assert sum(check(name) + check_page(name, "normal") + check_page(name, "brief") for name in random_networks()) > 100


@pytest.mark.parametrize("detail", DETAILS)
def test_every_language_has_the_same_formulas(detail: str) -> None:
    for language in set(languages()) - {"en"}:
        for name, page in written("markdown", language, detail).items():
            assert formulas(page) == formulas(written("markdown", detail=detail)[name]), (name, language)


def formulas(page: str) -> Counter[str]:
    """Those of a page as often as they occur, without labels and however they are broken."""
    found = (without_labels(formula) for formula, _ in dollar_formulas(page))
    return Counter(formula.replace(" \\\\\n&\\quad {}", " ") for formula in found)
