"""The questions of a sheet, read back from its Markdown: each answer is found again by trying all, through the API.

The networks are written from the layers' arguments, so that a layer can be written again with other ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from latex_reader import Unknown, blocks_of, inline_formulas, table_of, value_of

import symparams as sp
from symparams import SymparamsError
from symparams.exercises.wording import QUESTIONS

Arguments = dict[str, Any]
Layers = dict[str, tuple[str, Arguments]]
NETS: dict[str, tuple[str, Layers]] = {
    "cifar": (
        "input(3, H, W)\n{conv1} -> bn1: bn -> relu -> {pool1}\n{conv2} -> relu -> {pool2}\n"
        "flatten -> {fc1} -> relu -> {fc2}",
        {
            "conv1": ("conv", {"out": "M", "k": 3, "s": 1, "p": 1, "bias": "true"}),
            "pool1": ("maxpool", {"k": 3, "s": 2, "p": 1}),
            "conv2": ("conv", {"out": 48, "k": 5, "s": 2, "p": 2, "bias": "false", "g": 1}),
            "pool2": ("avgpool", {"k": 2, "s": 2, "p": 0}),
            "fc1": ("linear", {"out": 64, "bias": "true"}),
            "fc2": ("linear", {"out": "n", "bias": "true"}),
        },
    ),
    "deep": (
        "input(1, H, W)\n{conv1} -> {conv2} -> {pool1} -> {conv3} -> flatten -> {fc1}",
        {
            "conv1": ("conv", {"out": 16, "k": 7, "s": 2, "p": 0, "bias": "true"}),
            "conv2": ("dwconv", {"k": 3, "s": 1, "p": 1, "multiplier": 2, "bias": "true"}),
            "pool1": ("maxpool", {"k": 2}),
            "conv3": ("conv", {"out": 32, "k": 3, "s": 1, "p": 0, "bias": "true", "g": 4}),
            "fc1": ("linear", {"out": 10, "bias": "true"}),
        },
    ),
}
SEEDS = range(16)


def call(rule: str, arguments: Arguments) -> str:
    return f"{rule}({', '.join(f'{name}={value}' for name, value in arguments.items())})"


def program(name: str) -> str:
    text, layers = NETS[name]
    return text.format(**{layer: f"{layer}: {call(*spec)}" for layer, spec in layers.items()})


def of_sheet(name: str, seed: int, kind: str) -> tuple[Any, str, str]:
    sheet = sp.parse(program(name)).exercise(seed=seed, questions=kind)
    return sheet, sheet.markdown(), sheet.solution.markdown()


def alone(name: str, layer: str, shape: tuple[int, ...], values: Arguments, **changed: Any) -> Any:
    """A layer as a network of its own; None where it takes no such arguments."""
    rule, arguments = NETS[name][1][layer]
    arguments = {"s": arguments["k"], **arguments} if rule.endswith("pool") else arguments
    given = {key: values.get(str(value), value) for key, value in {**arguments, **changed}.items()}
    try:
        return sp.parse(f"input({', '.join(map(str, shape))}) -> {call(rule, given)}")
    except SymparamsError:
        return None


def shape_of(formula: str) -> tuple[int, ...]:
    return tuple(int(size.replace("{,}", "")) for size in formula.strip("()").split(", "))


def answers_in(text: str, symbol: str) -> set[int]:
    """The numbers in p = 3, or in 3 <= p <= 5."""
    found: set[int] = set()
    for formula in inline_formulas(text):
        if match := re.fullmatch(rf"{symbol} = ([\d{{,}}]+)", formula):
            found.add(int(match.group(1).replace("{,}", "")))
        if match := re.fullmatch(rf"(\d+) \\le {symbol} \\le (\d+)", formula):
            found |= set(range(int(match.group(1)), int(match.group(2)) + 1))
    return found


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_wished_outputs_have_these_answers_and_no_others(name: str, seed: int) -> None:
    sheet, task, solution = of_sheet(name, seed, "padding")
    found = re.search(r"`(\w+)` gets an input of the shape \$(.*?)\$\. .*? \$([psk])\$ .*?output \$(.*?)\$", task)
    assert found, task
    layer, symbol = found.group(1), found.group(3)
    inflow, wished = shape_of(found.group(2)), shape_of(found.group(4))
    expected = set()
    for value in range(0 if symbol == "p" else 1, 60):
        net = alone(name, layer, inflow, sheet.values, **{symbol: value})
        if net is not None and tuple(net.output) == wished:
            expected.add(value)
    assert expected and answers_in(solution.split("points)")[1], symbol) == expected
    assert tuple(sheet.net.layers[layer].output) != wished


def scaled(shape: tuple[int, ...], *axes: int) -> tuple[int, ...]:
    return tuple(2 * size if i in axes else size for i, size in enumerate(shape))


CHANGES = {
    "twice as many outputs": ({"out": 2}, ()),
    "a kernel of twice the size along each axis": ({"k": 2}, ()),
    "twice the stride": ({"s": 2}, ()),
    "twice as many groups": ({"g": 2}, ()),
    "twice as many filters for each channel": ({"multiplier": 2}, ()),
    "an input of twice as many channels": ({}, (0,)),
    "input vectors of twice the width": ({}, (0,)),
    "an input of twice the height and twice the width": ({}, (1, 2)),
    "no biases": ({"bias": 0}, ()),
}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_doubles_doubles_and_nothing_else(name: str, seed: int) -> None:
    sheet, task, solution = of_sheet(name, seed, "double")
    found = re.search(r"`(\w+)` gets an input of the shape \$(.*?)\$\.", task)
    assert found
    layer, inflow = found.group(1), shape_of(found.group(2))
    _, arguments = NETS[name][1][layer]
    before = sheet.net.layers[layer].params
    rows = next(table_of(block)[1:] for kind, block in blocks_of(solution) if kind == "table")
    assert len(rows) >= 3 and {row[3] for row in rows} == {"yes", "no"}
    for _, change, count, verdict in rows:
        factors, axes = CHANGES[change]
        usual = {"g": 1, **arguments}
        changed = {
            key: "false" if key == "bias" else factor * int(sheet.values.get(str(usual[key]), usual[key]))
            for key, factor in factors.items()
        }
        after = alone(name, layer, scaled(inflow, *axes), sheet.values, **changed).params
        assert after == int(count.strip("$").replace("{,}", ""))
        assert (after == 2 * before) == (verdict == "yes")


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("seed", range(6))
def test_inputs_that_fit_are_all_that_do(name: str, seed: int) -> None:
    sheet, task, solution = of_sheet(name, seed, "input")
    found = re.search(r"`(\w+)` has the weights for \$(.*?)\$ input units", task)
    assert found
    layer, width = found.group(1), int(found.group(2).replace("{,}", ""))
    values = {key: value for key, value in sheet.values.items() if key not in ("H", "W")}
    fitting = set()
    for side in range(1, 3 * sheet.values["H"]):
        try:
            net = sp.parse(program(name))(**values, H=side, W=side)
        except SymparamsError:
            continue
        if net.layers[layer].tensors[0].shape[1] == width:
            fitting.add(side)
    assert sheet.values["H"] in fitting and answers_in(solution, "H") == fitting


# The mistakes


def names_of(layer: Any, inflow: tuple[Any, ...]) -> dict[str, Fraction]:
    """What the textbook's names stand for at a layer, from its tensors and what flows in."""
    weight = next(iter(layer.tensors)).shape
    known: dict[str, Any] = {r"H_{\mathrm{in}}": inflow[-1], r"W_{\mathrm{in}}": inflow[-1]}
    known |= {r"C_{\mathrm{in}}": inflow[0], "C": inflow[0], r"C_{\mathrm{out}}": weight[0]}
    known |= {r"N_{\mathrm{out}}": weight[0]} | ({r"N_{\mathrm{in}}": weight[1]} if len(weight) == 2 else {})
    if len(weight) == 4:
        known |= {
            "k": weight[2],
            "k_{h}": weight[2],
            "k_{w}": weight[3],
            "G": inflow[0] // weight[1],
        }
        known |= {"m": weight[0] // inflow[0]}
    return {name: Fraction(int(value)) for name, value in known.items()}


def equalities(name: str, sheet: Any, task: str) -> Iterator[tuple[int, bool]]:
    """The number of each line, and whether what it says is equal to the line before."""
    rows = next(table_of(block)[1:] for kind, block in blocks_of(task) if kind == "table")
    net, claimed = sheet.net, {}
    layer, before, target, values = "", None, "", {}
    for number, told, line in rows:
        *starts, row = inline_formulas(line)
        if starts:
            layer, target, before = told.strip("`"), starts[0], None
            values = values_at(name, sheet, net, layer) if layer else dict(claimed)
        try:
            value = value_of(row, values)
        except Unknown as missing:
            raise AssertionError((line, missing, values)) from None
        yield int(number), before is None or value == before
        before = claimed[target] = value
        for part in net.layers.values():
            claimed.setdefault(label(part.name), Fraction(int(part.params)))


def label(name: str) -> str:
    return rf"P_{{\mathrm{{{name}}}}}"


def values_at(name: str, sheet: Any, net: Any, layer: str) -> dict[str, Fraction]:
    stages = list(net.layers.values())
    place = next(i for i, part in enumerate(stages) if part.name == layer)
    inflow = tuple(stages[place - 1].output) if place else tuple(next(iter(net.inputs.values())))
    _, arguments = NETS[name][1].get(layer, ("bn", {}))
    own = {key: Fraction(int(value)) for key, value in arguments.items() if key in ("k", "s", "p")}
    own.setdefault("s", own.get("k", Fraction(1)))
    if not list(stages[place].tensors):
        return {r"H_{\mathrm{in}}": Fraction(int(inflow[-1])), r"W_{\mathrm{in}}": Fraction(int(inflow[-1])), **own}
    return {**names_of(stages[place], inflow), **own}


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("seed", range(40))
def test_planted_lines_are_false_and_all_others_are_true(name: str, seed: int) -> None:
    sheet, task, solution = of_sheet(name, seed, "mistake")
    announced = re.search(r"In this derivation (\d) lines? (?:are|is) false", task)
    truths = {int(n): right for n, right in re.findall(r"- Line (\d+): .*? Right would be \$(.*?)\$\.", solution)}
    judged = dict(equalities(name, sheet, task))
    assert announced and len(truths) == int(announced.group(1))
    assert {number for number, is_true in judged.items() if not is_true} == truths.keys()
    rows = next(table_of(block)[1:] for kind, block in blocks_of(task) if kind == "table")
    for number, right in truths.items():
        before, here = inline_formulas(rows[number - 2][2])[-1], inline_formulas(rows[number - 1][2])[-1]
        layer = next((row[1] for row in reversed(rows[:number]) if row[1] or "= $" in row[2][2:]), "").strip("`")
        values = values_at(name, sheet, sheet.net, layer) if layer else claimed_before(sheet, rows[: number - 1])
        assert value_of(right, values) == value_of(before, values) != value_of(here, values)


def claimed_before(sheet: Any, rows: list[list[str]]) -> dict[str, Fraction]:
    """What the derivations say that layers have, and what the others do."""
    claimed = {label(part.name): Fraction(int(part.params)) for part in sheet.net.layers.values()}
    target = ""
    for row in rows:
        *starts, formula = inline_formulas(row[2])
        target = starts[0] if starts else target
        if re.fullmatch(r"[\d{,}]+", formula):
            claimed[target] = Fraction(int(formula.replace("{,}", "")))
    return claimed


def test_every_kind_of_mistake_is_planted() -> None:
    sheets = [sp.parse(program(name)).exercise(count=30, questions="mistake") for name in NETS]
    said = "".join(sheet.solution.markdown() for sheet in sheets)
    kinds = re.findall(r"Line \d+: (.*?)\.", said)
    assert len(set(kinds)) == 7, set(kinds)


# Which questions are asked


def test_questions_that_make_no_sense_are_left_out_or_refused() -> None:
    cases = {
        "input(3, 9, 9) -> conv(8, 3) -> gap -> linear(4)": {"input"},
        "input(9) -> relu": {"padding", "double", "input", "mistake"},
        "input(H, d) -> linear(4)": {"padding", "double", "input", "mistake"},
    }
    for text, missing in cases.items():
        net = sp.parse(text)
        sheet = net.exercise().markdown()
        assert sheet.count("points)") == len(QUESTIONS) - len(missing), text
        for kind in missing:
            with pytest.raises(SymparamsError) as refused:
                net.exercise(questions=kind).text()
            assert refused.value.message


def test_the_choice_of_a_question_does_not_depend_on_the_others() -> None:
    net = sp.parse(program("cifar"))
    whole = net.exercise(seed=5).markdown()
    for kind in QUESTIONS:
        own = net.exercise(seed=5, questions=kind).markdown().split("points)\n", 1)[1]
        assert own.strip() in whole
