"""Tables of architectures: they add up, read back by readers of their formats, and LaTeX sets them."""

from __future__ import annotations

import csv
import random
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from checks import put_in
from click.testing import CliRunner
from engines import compile_latex, program
from latex_reader import symbol_name, value_of
from networks import all_networks, derivation, fixed_networks
from test_truth import points

import symparams as sp
from symparams.cli import main
from symparams.formula.tree import Identifier

NAMES = sorted(fixed_networks())


@pytest.mark.parametrize("name", NAMES)
def test_rows_add_up_to_the_network(name: str) -> None:
    net = all_networks()[name]
    lines = net.architecture("markdown", ["macs"]).strip().split("\n")
    rows = [[cell.strip(" $") for cell in line.strip("|").split(" | ")] for line in lines[2:]]
    notation = derivation(name).notation()
    for point in points(name):
        symbols = {symbol_name(notation.show(Identifier(key))): Fraction(value) for key, value in point.items()}
        for place, figure in ((-2, "params"), (-1, "macs")):
            values = [value_of(row[place], symbols) for row in rows]
            assert sum(values[:-1]) == values[-1], (name, figure)
            assert values[-1] == put_in(net, point).quantity(figure), (name, figure)


def test_equal_stages_are_one_row() -> None:
    table = sp.zoo.vgg().architecture()
    assert len(table.split("\n")) < 30 and "→ `relu`" in table
    assert "× $5$" in sp.zoo.resnet50().architecture() and "× $12$" in sp.zoo.gpt2().architecture()
    assert len(sp.zoo.resnet50().architecture(depth=1)) > len(sp.zoo.resnet50().architecture())


@pytest.mark.parametrize("name", random.Random(3).sample(NAMES, 12))
def test_csv_is_read_by_its_reader(name: str) -> None:
    net = all_networks()[name]
    rows = list(csv.reader(StringIO(net.architecture("csv"))))
    assert len({len(row) for row in rows}) == 1 and rows[0] == ["layer", "output", "parameters"]
    numbers = [row[2] for row in rows[1:]]
    if all(number.isdigit() for number in numbers):
        assert sum(map(int, numbers[:-1])) == int(numbers[-1]) == net.params


def test_latex_sets_the_tables(tmp_path: Path) -> None:
    program("pdflatex")
    head = derivation("wide").tex().split("\\begin{document}")[0]
    tables = [all_networks()[name].architecture("latex", ["macs"]) for name in NAMES]
    body = "\n\\clearpage\n".join(table for table in tables if table.isascii())
    compile_latex("pdflatex", f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n", tmp_path)


def test_the_command(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, list(arguments))
        return done.exit_code, done.output

    assert run("zoo:resnet50", "--free", "w", "--format", "latex")[1].startswith("% Needs")
    assert run("zoo:resnet50", "-o", str(tmp_path / "t.csv")) == (0, "")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").count("\n") > 8
    status, said = run("zoo:resnet50", "--format", "cvs")
    assert status == 2 and "the formats are latex, markdown and csv" in said
    assert run("zoo:resnet50", "--format", "csv", "--columns", "memory")[0] == 2
