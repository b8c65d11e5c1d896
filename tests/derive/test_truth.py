"""Every "=" in a derivation is true: it is read back by another reader and evaluated on both sides."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from latex_reader import Unknown, blocks_of, inline_formulas, rows_of, symbol_name, value_of
from networks import fixed_networks, random_networks

from symparams.algebra.conditions import with_values
from symparams.algebra.polynomial import Symbol
from symparams.algebra.powers import meant, substitute
from symparams.network import Network

WHAT = ("params", "output", "macs")
FIXED = sorted(fixed_networks())


def points(net: Network) -> Iterator[dict[str, int]]:
    """Values for the symbols at which the formulas hold."""
    symbols: list[Symbol] = list(net.symbols._symbols.values())
    choice = random.Random(7)
    found = 0
    for attempt in range(4000):
        largest = (8, 24, 64, 300)[attempt % 4]
        step = (1, 2, 8, 32)[attempt // 4 % 4]
        point = {s.name: max(s.lower or 0, step * choice.randint(0, largest // step)) for s in symbols}
        values = {s: point[s.name] for s in symbols}
        if all(with_values(condition, values) is True for condition in net.guards):
            yield point
            found += 1
            if found == 2 or not symbols:
                return


def check(net: Network, detail: str) -> int:
    """Evaluate every display at some points; how many equalities were checked."""
    derivation = net.derive(WHAT, detail=detail)
    blocks = blocks_of(derivation.markdown())
    notation = derivation.notation()
    from symparams.derive.tree import Symbol as Written

    checked = 0
    for point in points(net):
        program = {symbol_name(notation.show(Written(name))): Fraction(value) for name, value in point.items()}
        turns = {name: Fraction(2) for name in "ijtuvq" if name not in program}
        program = {**turns, **program}
        given: dict[str, Fraction] = dict(program)
        for kind, block in blocks:
            if kind == "text":
                given = {**program, **givens(block, program)}
                continue
            targets, rows = rows_of(block)
            results = []
            for i, row in enumerate(rows):
                try:
                    results.append(value_of(row, given if i == 0 else program))
                except Unknown as name:
                    assert i == 0 and str(name)[:3] in ("P_{", "M_{"), (name, block)
            assert len(set(results)) == 1, (block, results, point)
            checked += len(results) - 1
            if targets == ["P"]:
                symbols = {s: point[s.name] for s in net.symbols._symbols.values()}
                assert results[-1] == substitute(meant(net.quantity("params")), symbols)
    return checked


def givens(block: str, program: dict[str, Fraction]) -> dict[str, Fraction]:
    """The values that a sentence gives to the names of the formula after it."""
    found: dict[str, Fraction] = {}
    waiting: list[list[str]] = []
    sentence = re.search(r"[Ww]ith (.*):$", block, re.S)
    for formula in inline_formulas(sentence.group(1) if sentence else ""):
        sides = formula.split(" = ")
        if len(sides) < 2 or formula.startswith("("):
            continue
        try:
            value = value_of(sides[-1], program)
        except (Unknown, AssertionError):
            continue
        for side in sides[:-1]:
            if side.startswith(r"\frac") or " " in side:
                waiting.append([side, str(value)])
            else:
                found[symbol_name(side)] = value
    for side, value in waiting:
        values = {value_of(side, names) for names in ({**program, **found}, program) if known(side, names)}
        assert Fraction(value) in values or not values, (side, value)
    return found


def known(text: str, names: dict[str, Fraction]) -> bool:
    try:
        value_of(text, names)
    except Unknown:
        return False
    return True


@pytest.mark.parametrize("name", FIXED)
def test_equalities_of_known_networks(name: str) -> None:
    net = fixed_networks()[name]
    checked = check(net, "normal")
    assert checked or not list(points(net)) or net.quantity("params") == 0


@pytest.mark.parametrize("name", FIXED[::5])
def test_equalities_at_full_detail(name: str) -> None:
    check(fixed_networks()[name], "full")


def test_equalities_of_random_networks() -> None:
    assert sum(check(net, detail) for net in random_networks().values() for detail in ("normal", "full")) > 100


def test_tables_add_up() -> None:
    for net in fixed_networks().values():
        if net.symbols or net.quantity("params") == 0:
            continue
        lines = [line for line in net.derive().markdown().split("\n") if line.startswith("|")]
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
        start = next(i for i, row in enumerate(rows) if "running total" in row[4:5])
        body = rows[start + 2 :]
        numbers = [int(value_of(row[3].strip("$"), {})) for row in body]
        running = [int(value_of(row[4].strip("$"), {})) for row in body[:-1]]
        assert sum(numbers[:-1]) == numbers[-1] == net.quantity("params")
        assert running == [sum(numbers[: i + 1]) for i in range(len(running))]
