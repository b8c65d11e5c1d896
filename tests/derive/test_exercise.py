"""Problem sheets: what is drawn, what is given, what is asked, and that the answers are those of the network.

With UPDATE_GOLDEN=1 the sheet in `sheets/` is written anew, for a person to look at.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest
from checks import THOROUGH
from click.testing import CliRunner
from latex_reader import blocks_of, table_of

import symparams as sp
from symparams import SymparamsError, zoo
from symparams.api import Network
from symparams.cli import main
from symparams.closed_forms.conditions import with_values
from symparams.derive.messages import languages
from symparams.formula.spelling import spelled
from symparams.render.derivation import FORMATS
from symparams.sampling import admissible

GOLDEN = Path(__file__).parent.parent / "sheets" / "grouped.md"
GROUPED = (
    "net grouped(C=8, n)\ndef unit(c, s=1) on (B, *S) {\n  residual { conv(c, 3, s, p=1, g=G) -> bn } {\n"
    "    if s != 1 or B != c { conv(c, 1, s) }\n  }\n  relu\n}\n"
    "input(3, H, W)\nconv(C, 3, p=1)\nrepeat(3) { unit(C) }\nunit(2*C, 2)\ngap -> linear(n)"
)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["exercise", *arguments])
    return done.exit_code, done.output


def freed(name: str) -> Network:
    """A network of the zoo with all parameters freed that can be symbols."""
    net = sp.load(f"zoo:{name}")
    for parameter in net.program.parameters:
        if parameter.default is not None:
            try:
                net = net.free(parameter.name)
            except SymparamsError:
                continue
    return net


@pytest.mark.parametrize("name", zoo.names())
def test_numbers_meet_the_conditions(name: str) -> None:
    net = freed(name)
    for seed in range(3):
        values, concrete = admissible(net, random.Random(seed))
        symbols = {symbol: values[name] for name, symbol in net.symbols._symbols.items()}
        assert all(with_values(condition, dict(symbols)) is True for condition in net.guards)
        assert not concrete.symbols and isinstance(concrete.quantity("params"), int)
        assert all(value <= 5_000 for value in values.values())


CHAINS = (
    "input(C, H, W)\nassume H % 32 == 0\nassume W % 96 == 0\nassume H > 200\nconv(M, k, g=G) -> conv(N, 1, g=M)",
    "net drawn(C, M, n, p_1=0, p_2, w_1, H0)\ninput(5, 9, 5, 13)\n"
    "avgpool(k=(C, 2, M), s=(M // 2, 3, n), p=(p_1, p_2, 0))\n"
    "maxpool(k=(n, 1, 3), s=(M // 2, 1, w_1), p=(1, 0, p_1), d=(M - 2, 1, H0))",
    "input(T, d) -> attention(h) -> linear(e) -> attention(g, kv_heads=m)",
    "input(C, H, W) -> pixelshuffle(r) -> conv(8, k, s) -> pixelshuffle(r)",
    "input(c)\nassume c % 2 == 1\nassume c % 3 == 1\nassume c % 5 == 4\nassume c % 7 == 6\nlinear(3)",
)


@pytest.mark.parametrize("program", CHAINS)
def test_hard_conditions_are_met(program: str) -> None:
    net = sp.parse(program)
    assert {tuple(admissible(net, random.Random(seed))[0].values()) for seed in range(5)}


def test_what_cannot_be_drawn_is_said() -> None:
    status, text = run("-e", "input(c)\nassume c % 4999 == 4998\nassume c > 5000\nlinear(3)", "--seed", "1")
    assert status == 1 and "no numbers for c were found that meet the conditions" in text and "--set" in text


def test_the_same_seed_gives_the_same_sheet() -> None:
    sheets = [run("-e", GROUPED, "--seed", seed)[1] for seed in ("4", "4", "5", "6")]
    assert sheets[0] == sheets[1] and len(set(sheets)) == 3


def test_the_answers_are_those_of_the_network() -> None:
    for name in ("resnet50", "gpt2", "unet", "densenet"):
        sheet = freed(name).exercise(seed=2, questions="table").solution
        net = sheet.net
        answers = sheet.markdown().split("The table worked out")[0].split("### The whole network")[-1]
        rows = [row for kind, block in blocks_of(answers) if kind == "table" for row in table_of(block)[1:]]
        stages = {stage.name: stage for stage in net.stages}
        for row in rows[:-1]:
            stage = stages.get(row[0].strip("`"))
            assert stage is None or row[-2].strip("$") == f"({', '.join(map(str, stage.output))})"
        assert number(rows[-1][-1]) == sum(number(row[-1]) for row in rows[:-1]) == net.quantity("params")


def number(cell: str) -> int:
    return int(cell.strip("$").replace("{,}", ""))


def test_what_is_given_makes_the_network() -> None:
    """The program on the sheet, with the numbers on the sheet, is the network that the answers are of."""
    for name in zoo.names()[:: 1 if THOROUGH else 3]:
        sheet = freed(name).exercise(seed=1, stated="program", questions="table")
        text = sheet.markdown()
        program = text.split("```text\n")[1].split("```")[0]
        values = dict(re.findall(r"\$(\S+) = (\S+?)\$", text.split("```text")[0]))
        net = sp.parse(program)
        given = {name: int(values[spelled(name)].replace("{,}", "")) for name in net.symbols}
        assert net(**given).quantity("params") == sheet.net.quantity("params"), name
        assert net(**given).output_shape == sheet.net.output_shape


@pytest.mark.parametrize("value", ["-3", "(5,)", "(3, 5)", "1 / 3", "false"])
def test_values_stand_in_the_program_as_it_is_read(value: str) -> None:
    net = sp.parse(f"net given(v={value})\ninput(n)\nlinear(4)")
    program = net.exercise(stated="program").markdown().split("```text\n")[1]
    assert program.startswith(f"net given(v={value})\n") and sp.parse(program.split("```")[0]).params


def test_values_can_be_fixed() -> None:
    text = sp.parse(GROUPED)(n=7, G=4).exercise(seed=1, stated="program").text()
    assert "n = 7" in text and "G = 4" in text


def test_without_a_seed_the_answers_are_formulas() -> None:
    status, text = run("-e", GROUPED, "--solutions")
    assert status == 0 and "The answers are formulas in" in text and "G | 8" in text
    assert "72·8/G" in text or "576/G" in text
    assert "Find the mistake" not in text


def test_a_network_without_symbols_is_the_same_for_every_seed() -> None:
    net = "input(3, 8, 8) -> conv(4, 3)"
    sheets = [run("-e", net, "--questions", "table", *seed) for seed in ((), ("--seed", "1"), ("--seed", "2"))]
    assert sheets[0][0] == 0 and sheets[0] == sheets[1] == sheets[2]


@pytest.mark.parametrize("target", sorted(set(FORMATS) - {"json", "formula"}))
@pytest.mark.parametrize("language", languages())
def test_every_format_in_every_language(target: str, language: str) -> None:
    net = sp.parse(GROUPED)
    problem = net.exercise(seed=1, lang=language)
    solved = net.exercise(seed=1, lang=language, solutions=True).to(target)
    assert "unit1" in problem.to(target) and len(problem.to(target)) < len(solved)
    assert len(problem.solution.to(target)) < len(solved)


def test_there_is_no_json() -> None:
    assert run("-e", GROUPED, "--format", "json")[0] == 2
    with pytest.raises(SymparamsError, match="no JSON"):
        sp.parse(GROUPED).exercise().json()


def test_sheet_looks_as_it_did() -> None:
    text = sp.parse(GROUPED).free("C").exercise(seed=4).markdown()
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
