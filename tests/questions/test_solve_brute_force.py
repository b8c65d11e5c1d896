"""Every answer is true and none in the box is missed: against plain arithmetic over whole boxes."""

from __future__ import annotations

import pytest
from random_questions import drawn, points

import symparams as sp
from symparams.questions.shown_numbers import OneUnknown
from symparams.questions.wishes import solve

QUESTIONS = 500
IN_ONE_TEST = 25


@pytest.mark.parametrize("first", range(0, QUESTIONS, IN_ONE_TEST))
def test_answers_are_those_of_trying_all(first: int) -> None:
    for seed in range(first, first + IN_ONE_TEST):
        check(seed)


def check(seed: int) -> None:
    asked = drawn(seed)
    try:
        net = sp.parse(asked.program)
    except sp.SymparamsError:
        return
    names = list(asked.unknowns)
    wanted = points(asked)
    try:
        found = solve(net, asked.question, names, over=asked.unknowns if len(names) > 1 else None, limit=10**6)
    except sp.SymparamsError as error:
        assert "does not depend" in error.message or "no figure" in error.message or "is no" in error.message, seed
        return
    if isinstance(found, OneUnknown):
        (numbers,) = asked.unknowns.values()
        assert {(n,) for n in numbers if n in found} == wanted, (seed, asked)
        undecided = found.solutions.decided_below
        assert undecided is None or undecided > numbers.stop, (seed, asked)
    else:
        assert set(found.points) == wanted, (seed, asked)
        assert found.count == len(wanted), (seed, asked)


@pytest.mark.parametrize("budget", [50, 333, 1_000, 4_321])
@pytest.mark.parametrize("relation", ["<=", "==", "<"])
def test_a_box_that_nobody_gave_holds_all_answers(budget: int, relation: str) -> None:
    net = sp.parse("input(C, 9, 9) -> conv(M, k)")
    wanted = {
        (C, M, k)
        for C in range(1, budget)
        for M in range(1, budget // (C + 1) + 1)
        for k in range(1, 10)
        if {
            "<=": (C * k * k + 1) * M <= budget,
            "==": (C * k * k + 1) * M == budget,
            "<": (C * k * k + 1) * M < budget,
        }[relation]
    }
    found = net.solve(f"params {relation} {budget}", "C", "M", "k", limit=10**6)
    assert set(found.points) == wanted and found.count == len(wanted)


def test_slices_of_a_large_box_hold_all_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    net = sp.parse("input(C, 9, 9) -> conv(M, k)")
    whole = net.solve("params <= 700 and k != 2", "C", "M", "k", limit=10**6)
    monkeypatch.setattr("symparams.questions.search_box.MOST_POINTS", 1_000_000)
    sliced = net.solve("params <= 700 and k != 2", "C", "M", "k", limit=10**6)
    assert len(whole.parts) == 1 < len(sliced.parts)
    assert sliced.points == whole.points and sliced.count == whole.count
