"""Answers as they are shown on the command line, in JSON and in Python, and the messages of what has none."""

from __future__ import annotations

import json
import re
import shlex
import time
from itertools import islice

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main

STEM = "input(3, H, H) -> conv(8, 7, s=2, p=3)"
GROUPED = "input(C, 32, 32) -> conv(64, 3, g=G)"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output.rstrip("\n")


def solved(program: str, question: str, *options: str) -> str:
    source = [program] if program.startswith("zoo:") else ["-e", program]
    status, shown = run("solve", *source, question, *options)
    assert status == 0, shown
    return shown


@pytest.mark.parametrize(
    ("program", "question", "options", "shown"),
    [
        ("zoo:resnet50", "params <= 5000000", "--for w", "w ≤ 26: 4,727,826; the next, 27: 5,064,175"),
        (
            "zoo:resnet50",
            "params <= 5M",
            "--for w --multiple-of 8",
            "w ≤ 24, in multiples of 8: 4,089,472; the next, 32: 6,917,640",
        ),
        ("zoo:resnet50", "params >= 5M", "--for w", "w ≥ 27: 5,064,175; the one before, 26: 4,727,826"),
        ("zoo:resnet50", "params <= 5000", "--for w", "none: no whole w does it; w = 1 gives 39,701"),
        ("zoo:resnet50", "params == 4727827", "--for w", "none: no whole w does it"),
        ("zoo:resnet50", "10M < params < 20M", "--for w", "40 to 56"),
        (STEM, "output[1] == 112", "--for H", "223, 224"),
        (STEM, "output[1] == 112", "--for H --multiple-of 8", "224"),
        (STEM, "output[1] == m", "--for H", "H ∈ {2m − 1, 2m}"),
        (STEM, "output[1] <= m", "--for H", "H ≤ 2m"),
        (STEM, "output[1] % 2 == 1", "--for H", "every H with H mod 4 in {1, 2}"),
        (STEM, "output[1] % 2 == 1 and H > 100", "--for H", "every H with H mod 4 in {1, 2} from 101 on"),
        (STEM, "not output[1] == 112", "--for H", "every H but 223, 224"),
        (STEM, "conv1.output[1] * output[2] == 49", "--for H", "13, 14"),
        (STEM, "2**H == H**2", "--for H", "2, 4, of the whole numbers up to 7,000"),
        ("input(3, 224, 224) -> conv(64, 7, s=2, p=3)", "output[1] == 100", "--for H", "199, 200"),
        ("input(3, 224, 224) -> conv(64, 7, s=s, p=3)", "output[1] == 56", "--for s", "4"),
        ("input(3, 224, 224) -> conv(64, 7, s=2, p=p)", "output[1] == 112", "--for p", "3"),
        (GROUPED, "params <= 5000", "--for G --set C=64", "8, 16, 32, 64"),
        ("input(3, H, W) -> repeat(n) { conv(64, 3, p=1) }", "params <= 1M", "--for n", "n ≤ 28: 998,848;"),
    ],
)
def test_answers(program: str, question: str, options: str, shown: str) -> None:
    assert solved(program, question, *options.split()).startswith(shown)


def test_the_nearest_to_the_bound_come_first() -> None:
    lines = solved("zoo:resnet50", "params <= 5e6", "--for", "w,n", "--limit", "3").splitlines()
    rows = [list(map(int, line.replace(",", "").split())) for line in lines[1:4]]
    for w, n, params in rows:
        assert sp.zoo.resnet50(w=w, n=n).params == params <= 5_000_000
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)
    assert lines[-1].startswith("3 of 532,774 answers")


def test_the_best_by_another_figure() -> None:
    net = sp.zoo.resnet50(H=224, W=224)
    over = {"w": range(8, 33, 8), "n": [10, 100]}
    points = [(w, n) for w in over["w"] for n in over["n"] if net(w=w, n=n).params <= 5_000_000]
    found = net.solve("params <= 5e6", "w", "n", over=over, best="macs")
    assert found.count == len(points)
    assert found.points[0] == max(points, key=lambda point: net(w=point[0], n=point[1]).macs)
    least = net.solve("params <= 5e6", "w", "n", over=over, best="least:macs")
    assert least.points[0] == min(points, key=lambda point: net(w=point[0], n=point[1]).macs)


def test_the_front_has_what_nothing_beats() -> None:
    net = sp.zoo.resnet50(H=224, W=224)
    over = {"w": range(1, 30), "n": range(10, 200, 7)}
    found = net.solve("params <= 5e6", "w", "n", over=over, best="params,macs", limit=10**6)
    params, macs = net.free("w", "n").function("params"), net.free("w", "n").function("macs")
    costs = {(w, n): (-params(w=w, n=n), macs(w=w, n=n)) for w in over["w"] for n in over["n"]}
    costs = {point: cost for point, cost in costs.items() if cost[0] >= -5_000_000}
    front = {
        p for p, (a, b) in costs.items() if not any((c, d) != (a, b) and c <= a and d <= b for c, d in costs.values())
    }
    assert set(found.points) == front and found.on_front == len(front)


def test_json_has_the_runs_and_the_values_at_their_borders() -> None:
    record = json.loads(solved("zoo:resnet50", "params <= 5e6", "--for", "w", "--multiple-of", "8", "--json"))
    assert record["runs"] == [{"first": 8, "last": 24, "step": 8}]
    assert record["count"] == 3 and record["proved"] is True
    assert {"w": 32, "value": 6_917_640, "answer": False} in record["values"]
    several = json.loads(solved("zoo:resnet50", "params <= 5e6", "--for", "w,n", "--json", "--limit", "1"))
    assert several["solutions"] == [{"w": 1, "n": 151_312, "params": 4_999_997}] and several["count"] == 532_774


def test_answers_in_python() -> None:
    found = sp.zoo.resnet50().solve("params <= 5e6", "w")
    assert list(found) == list(range(1, 27)) and 26 in found and 27 not in found
    assert found.is_proved and found.count == 26 and (found.after, found.value_at(27)) == (27, 5_064_175)
    endless = sp.parse(STEM).solve("output[1] >= 112", "H")
    assert list(islice(endless, 2)) == [223, 224] and endless.count is None
    formula = sp.parse(STEM).solve("output[1] == m", "H")
    assert len(formula.members) == 2


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (f"-e '{STEM}' 'parms <= 5' --for H", "'parms' is no figure", "did you mean 'params'?"),
        (f"-e '{STEM}' 'output[1] == 112' --for h", "no symbol or parameter 'h'", "did you mean 'H'?"),
        (f"-e '{STEM}' 'conv2.params == 1' --for H", "there is no layer 'conv2'", "did you mean 'conv1'?"),
        (f"-e '{STEM}' 'conv1 == 1' --for H", "conv1 is a layer", "conv1.params"),
        (f"-e '{STEM}' 'macs <= 1e6'", "solve has to know for which symbol", "--for H"),
        (f"-e '{STEM}' 'params == 1184' --for H", "does not depend on H", None),
        (f"-e '{STEM}' 'output[1]' --for H", "a question compares something", "output[1] <= 1000"),
        (f"-e '{STEM}' '' --for H", "the question is empty", "params <= 5e6"),
        (f"-e '{STEM}' '1/(H - H) > 2' --for H", "division by 0", None),
        (f"-e '{STEM}' 'Σ[i=0..3] i == H' --for H", "has no place in a question", None),
        (f"-e '{STEM}' 'H <= 10**10**10' --for H", "more than 4,200 digits", None),
        (f"-e '{STEM}' 'output[1] == 1' --for H --over H=5:1", "from a first number up", "--over w=8:128:8"),
        (f"-e '{STEM}' 'output[1] == 1' --for H --over M=1:5", "which is not asked for", "--for H,M"),
        (f"-e '{STEM}' 'output[1] == 1' --for H --best foo", "'foo' is no figure", "it may name"),
        (f"-e '{STEM}' 'output[1] == 1' --for H --best big:macs", "wanted least or most", "most:macs"),
        ("zoo:resnet50 'params <= 5e6' --for w --set w=3", "w has a value", "leave out the value w = 3"),
        ("zoo:resnet50 'params >= 5e6' --for w,n", "does not bound w and n", "--over w=1:100 --over n=1:100"),
        ("zoo:resnet50 'macs <= 1e9' --for H", "no closed form is known for H, with W open", "--set W=224"),
        ("zoo:resnet50 'macs <= 1e9' --for w,H,W", "combinations to try", "--over w=1:"),
        ("zoo:resnet50", "a question is missing", "--for w"),
    ],
)
def test_faults_say_what_would_do(arguments: str, message: str, hint: str | None) -> None:
    status, shown = run("solve", *shlex.split(arguments))
    assert status in (1, 2) and message in shown
    if hint:
        assert hint in shown.partition("hint: ")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        "zoo:resnet50 'params >= 5e6' --for w,n",
        "zoo:resnet50 'macs <= 1e9' --for H",
        "zoo:resnet50 'params <= 5e6' --for x",
    ],
)
def test_hints_followed_work(arguments: str) -> None:
    _, shown = run("solve", *shlex.split(arguments))
    options = re.search(r"hint: .*?((--\w+ [^; ]+ ?)+)", shown)
    if options is None:
        names = re.search(r"it has (\w)", shown)
        assert names
        return
    status, shown = run("solve", *shlex.split(arguments), *options[1].split())
    assert status == 0, shown


@pytest.mark.parametrize(
    "question",
    ["sqrt(H) == 12", "log2(H) <= 10", "2**2**H <= 10**100", "H**H**H <= 10**100", "H % 9999991 == 5", "H**1000 <= 9"],
)
def test_nothing_takes_long(question: str) -> None:
    before = time.perf_counter()
    solved(STEM, question, "--for", "H")
    assert time.perf_counter() - before < 5


def test_a_letter_that_is_a_symbol_too_is_no_thousand() -> None:
    status, shown = run("solve", "-e", "input(3, 8, 8) -> conv(M, 3)", "params <= 2M", "--for", "M")
    assert status == 0 and "2M is read as 2·M" in shown


@pytest.mark.parametrize("command", ["solve", "compare", "grow"])
def test_commands_are_there_without_heavy_libraries(command: str) -> None:
    status, shown = run(command, "--help")
    assert status == 0 and "Examples" in shown


@pytest.mark.parametrize(
    ("question", "names", "options", "message"),
    [
        (5, ["H"], {}, "a question is a text, not int"),
        ("output[1] == 112", [5], {}, "no symbol or parameter '5'"),
        ("output[1] == 112", ["H"], {"multiple_of": "8"}, "multiple_of is a positive whole number"),
        ("output[1] == 112", ["H"], {"limit": 0}, "limit is a positive whole number"),
        ("output[1] == 112", ["H"], {"over": {"H": 5}}, "H goes through whole numbers"),
        ("output[1] == 112", ["H"], {"over": {"H": [1.5]}}, "H goes through whole numbers"),
    ],
)
def test_faults_in_python(question: object, names: list[object], options: dict[str, object], message: str) -> None:
    with pytest.raises(sp.SymparamsError, match=re.escape(message)):
        sp.parse(STEM).solve(question, *names, **options)


def test_only_networks_are_compared() -> None:
    with pytest.raises(sp.SymparamsError, match="two networks are compared"):
        sp.compare(sp.parse(STEM), "zoo:resnet50")


def test_a_formula_that_is_too_long_asks_for_values() -> None:
    status, shown = run("solve", "zoo:resnet50", "macs <= 1e9", "--for", "w")
    assert status == 1 and "--set H=224,W=224" in shown
    assert solved("zoo:resnet50", "macs <= 1e9", "--for", "w", "--set", "H=224,W=224").startswith("w ≤ 31: ")
