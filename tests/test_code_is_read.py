"""Python code that is read: nothing of it is executed, its faults have a place, symbols go through it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.api import from_source
from symparams.cli import main
from symparams.errors import Source, SymparamsError
from symparams.frameworks.python.reader import source_of_code

NET = """
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, width, classes=10):
        super().__init__()
        self.f = nn.Linear({size}, width)
        self.g = nn.Linear(width, classes)
    def forward(self, x):
        return self.g(self.f(x).relu())
"""


def _read(text: str, target: str | None = None, *inputs: str) -> sp.Network:
    return from_source(source_of_code(Source("net.py", text), target, inputs))


def test_arguments_without_a_default_are_symbols() -> None:
    net = _read(NET.format(size=8), "Net", "8")
    assert str(net.params) == "19*width + 10"
    assert str(_read(NET.format(size=8), "Net(2*w, n)", "8").params) == "2*n*w + n + 18*w"


def test_sizes_follow_the_first_layer() -> None:
    net = _read(NET.format(size="a*b"), "Net(4)")
    assert {str(s) for s in net.symbols} == {"a", "b"}


@pytest.mark.parametrize(
    ("before", "size", "says"),
    [
        ("n = 10**10**9", "n", "too long"),
        ("n = len([0] * 10**11)", "n", "too long"),
        ("n = 1 << 10**9", "n", "too long"),
        ("x = [0]\nfor i in range(60): x = x + x\nn = len(x)", "n", "too long"),
        ("x = [[0] * 10**6 for i in range(10**5)]\nn = len(x)", "n", "keeps more"),
        ("import itertools\nn = len(itertools.product(range(10**5), range(10**5)))", "n", "too many"),
        ("n = len('%9999999d' % 3)", "n", "too long"),
        ("n = len(('a' * 10**5).replace('a', 'a' * 10**5))", "n", "too long"),
        ("n = round(8, -10**9)", "n", "too many"),
        (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('n')\nn = p.parse_args().n",
            "n",
            "argument n",
        ),
        ("while True: pass", "8", "steps"),
        ("def f(): return f()\nn = f()", "n", "too deeply"),
        ("n = int(open('width.txt').read())", "n", "open.read"),
        ("from somewhere import n", "n", "somewhere"),
        ("import os\nn = os.cpu_count()", "n", "os.cpu_count"),
        ("n = ().__class__.__bases__", "n", "__class__"),
    ],
)
def test_what_is_not_known_is_an_error_where_a_size_needs_it(before: str, size: str, says: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        _read(before + NET.format(size=size), "Net(4)", "8")
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("target", "shape", "says"),
    [
        ("Net(1, 2, 3, 4)", "8", "TypeError"),
        ("Net(", "8", "no Python"),
        ("Nett(4)", "8", "no 'Nett'"),
        ("3", "8", "no network"),
        ("Net(4)", "8,'a'", "no shape"),
        ("Net(4)", "y=8", "no input 'y'"),
        ("Net('a')", "8", "positive whole number"),
        ("Net(n % 0)", "8", "ZeroDivisionError"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(target: str, shape: str, says: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        _read(NET.format(size=8), target, shape)
    assert says in caught.value.message


def test_a_batch_is_left_out_with_a_note() -> None:
    net = _read("class Net(nn.Module):\n  def __init__(self):\n    self.c = nn.Conv2d(3, 4, 3)\n"
                "  def forward(self, x): return self.c(x)\n", "Net", "1,3,8,8")  # fmt: skip
    assert net.output == (4, 6, 6) and len(net.warnings) == 1


def test_nothing_is_executed(tmp_path: Path) -> None:
    acts = """
import os, socket, subprocess
from pathlib import Path
os.system("touch done"); Path("done").write_text("x"); open("done", "w").write("x")
subprocess.run(["touch", "done"]); socket.socket().connect(("localhost", 9))
().__class__.__bases__[0].__subclasses__() if False else None
"""
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        assert _read(acts + NET.format(size=8), "Net(4)", "8").params == 86
    finally:
        os.chdir(before)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("class Net(nn.Module", "no Python"),
        ("x = 3", "no network"),
        ("import torch.nn as nn\nclass A(nn.Module): pass\nclass B(nn.Module): pass", "several networks: A and B"),
        (NET.format(size=8).replace("self.f = nn.Linear(8, width)", "self.f = [nn.Linear(8, width)][0:1]")
         .replace("self.f(x)", "self.f[0](x)"), "no part of the module"),
        (NET.format(size=8).replace("nn.Linear(8, width)", "nn.Linear(8, width, biass=False)"), "biass"),
        (NET.format(size=8).replace("nn.Linear(8", "nn.Liner(8"), "nn.Liner"),
    ],
)  # fmt: skip
def test_faults_say_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        _read(text, None, "8")
    assert says in caught.value.message


def test_the_batch_is_kept() -> None:
    text = NET.format(size=8).replace("self.f(x)", "self.f(x.view(-1, 8))")
    with pytest.raises(SymparamsError, match="9 values of each sample do not fit"):
        _read(text, "Net(4)", "3,3")


def test_choices_left_open_are_conditions() -> None:
    text = (
        NET.format(size="c")
        .replace("def __init__(self, width", "def __init__(self, c, width")
        .replace("self.g =", "assert width % 4 == 0\n        self.g =")
    )
    net = _read(text, "Net", "c")
    assert [str(condition) for condition in net.conditions] == ["Eq(Mod(width, 4), 0)"]


def test_a_decimal_that_python_rounds_is_noted() -> None:
    for factor, notes in (("0.25", 0), ("0.29", 1)):
        net = _read(NET.format(size=f"int({factor} * c)"), "Net(4)")
        assert len(net.warnings) == notes


def test_loose_lines_count() -> None:
    net = _read("self.a = nn.Conv2d(3, 8, 3)\nself.b = nn.Linear(d, 10)\n")
    assert str(net.params) == "10*d + 234"
    assert net.output == ()


def test_keras_models_are_read() -> None:
    text = """
from keras import layers, Sequential
base = Sequential([layers.Dense(8, activation="relu"), layers.Dense(4)])
base.trainable = False
model = Sequential([layers.Input((5,)), base, layers.Dense(2)])
"""
    net = _read(text, "model")
    assert (net.params, net.trainable) == (94, 10)


def test_the_command_reads_code(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(NET.format(size=8), encoding="utf-8")
    record = json.loads(CliRunner().invoke(main, [f"{file}:Net(w)", "--input", "8", "--json"]).output)
    assert record["params"] == "19*w + 10"
    assert [row["name"] for row in record["layers"] if row["params"]] == ["f", "g"]
    done = CliRunner().invoke(main, ["params", f"{file}:Net", "--input", "8", "--set", "width=4"])
    assert done.output.strip() == "86"
    assert CliRunner().invoke(main, ["params", f"{file}:", "--set", "width=4"]).output.strip() == "86"
    done = CliRunner().invoke(main, ["params", f"{file}:Net", "--set", "widht=4"])
    assert done.exit_code == 1 and "widht" in done.output and "did you mean 'width'" in done.output


@pytest.mark.parametrize("command", ["draw", "emit", "verify", "memory", "receptive-field"])
def test_what_needs_sizes_says_so_where_nothing_flows(command: str, tmp_path: Path) -> None:
    file = tmp_path / "lines.py"
    file.write_text("self.a = nn.Conv2d(3, 8, 3)\n", encoding="utf-8")
    done = CliRunner().invoke(main, [command, str(file)])
    assert done.exit_code == 1 and "nothing flows" in done.output


def test_layers_set_aside_count_and_do_not_work() -> None:
    net = sp.parse("input(3, 8, 8) -> conv(4, 3) -> aside(3, _, _) { spare: conv(8, 5) -> bn }")
    plain = sp.parse("input(3, 8, 8) -> conv(4, 3)")
    assert (net.params, net.output, net.macs) == (plain.params + 8 * 76 + 16, plain.output, plain.macs)
    assert net.memory_use().inference - plain.memory_use().inference == 4 * (8 * 76 + 16 + 16)
    assert not net.conditions and sp.parse(str(net)) == net
