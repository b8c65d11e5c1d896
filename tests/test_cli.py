"""The command line: every command, every way to give a program, exit statuses, pipes and narrow terminals."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner, Result

from symparams.cli import main

CONV = "input(C, H, W) -> conv(M, k, s, p, g=G)"
ACCEPTANCE = Path(__file__).parent.parent.parent / "shared" / "acceptance"


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


def test_program_from_standard_input() -> None:
    assert run("params", "-", stdin="input(3) -> linear(4)").output == "16\n"


def test_program_from_a_file_with_another(tmp_path: Path) -> None:
    (tmp_path / "blocks.arch").write_text("def twice(c) { linear(c) -> linear(c) }\n", encoding="utf-8")
    (tmp_path / "net.arch").write_text('use "blocks.arch"\ninput(2) -> twice(3)\n', encoding="utf-8")
    assert run("params", str(tmp_path / "net.arch")).output == "21\n"


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["params", "-e", CONV], "M·(C·k²/G + 1)"),
        (["params", "-e", CONV, "--format", "python"], "M*(C*k**2/G + 1)"),
        (["params", "-e", CONV, "--format", "latex"], r"M \left(\frac{C k^{2}}{G} + 1\right)"),
        (["params", "-e", CONV, "--set", "C=64,k=3", "--set", "G=2,M=8"], "2312"),
        (["output", "-e", "input(H) -> linear(5)"], "(5)"),
        (["output", "-e", "input(H) -> linear(5)", "--format", "python"], "(5,)"),
        (["macs", "-e", "input(T, d) -> linear(n)"], "T·d·n"),
        (["params", "-e", "input(T, m) -> lstm(n)", "--dialect", "keras"], "4m·n + 4n² + 4n"),
        (["params", "-e", "net f(a=2)\ninput(3) -> linear(a)", "--free", "a"], "4a"),
        (["params", "-e", "input(3) -> linear(n)", "--set", "n=2**3"], "32"),
        (["output", "-e", "input(2, 9, 9) -> conv(M, k)", "--set", "k=(3, 5)"], "(M, 7, 5)"),
    ],
)
def test_expressions(words: list[str], printed: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.output) == (0, printed + "\n")


def test_json_is_read_back_by_sympy() -> None:
    record = json.loads(run("-e", CONV, "--json").output)
    names = {name: sympy.Symbol(name, integer=True, positive=True) for name in record["symbols"]}
    params = sympy.sympify(record["params"], locals=names)
    assert params.subs({names["C"]: 4, names["M"]: 6, names["G"]: 2, names["k"]: 3}) == 6 * (4 * 9 // 2 + 1)
    assert record["conditions"][0] == "Eq(Mod(C, G), 0)"
    assert [layer["name"] for layer in record["layers"]] == ["conv1"]
    assert set(record) >= {"name", "dialect", "inputs", "output", "trainable", "non_trainable", "state", "macs"}


def test_tensors_layers_and_zoo() -> None:
    assert "conv1.kernel" in run("tensors", "-e", CONV).output
    assert json.loads(run("tensors", "-e", CONV, "--json").output)[0]["shape"] == ["M", "C/G", "k", "k"]
    assert "layer conv(" in run("layers", "Conv2d").output
    assert "relu" in run("layers").output
    assert "resnet50" in run("zoo").output


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["params", "-e", "input(3)"], 0),
        (["params", "-e", "inputt(3)"], 1),
        (["params", "/no/such/file.arch"], 1),
        (["zoo:no_such_network"], 1),
        (["layers", "no_such_layer"], 1),
        (["params"], 2),
        (["params", "-e", "input(3)", "--colour"], 2),
        (["params", "-e", "input(3)", "--dialect", "jax"], 2),
        (["-e", "input(3)", "--depth", "-1"], 2),
    ],
)
def test_exit_status(words: list[str], status: int) -> None:
    assert run(*words).exit_code == status


def test_help_names_every_command() -> None:
    shown = run("--help").output
    for name in ("params", "output", "macs", "tensors", "layers", "zoo"):
        assert name in shown
        assert run(name, "--help").exit_code == 0


def test_warning_for_a_name_that_looks_misspelt() -> None:
    result = run("params", "-e", "net f(width=3)\ninput(5) -> linear(widht)")
    assert result.exit_code == 0 and "did you mean 'width'?" in result.stderr


def test_a_session_runs_the_lines_of_standard_input() -> None:
    result = run("repl", "zoo:gpt2", "--set", "L=1", stdin="params/1e6\nd =\n:quit\n1/0")
    assert result.exit_code == 0 and result.stdout.startswith("46.")
    result = run("repl", stdin="input(3) -> covn(4)\n2*3\n")
    assert (result.exit_code, result.stdout) == (1, "6\n") and "did you mean 'conv'?" in result.stderr


@pytest.mark.parametrize(
    ("words", "status"), [(["-e", "inputt(3)"], 1), (["zoo:lenet5", "--set", "q=1"], 1), (["--set", "q=1"], 2)]
)
def test_a_session_needs_a_program_that_is_right(words: list[str], status: int) -> None:
    assert run("repl", *words, stdin="1").exit_code == status


def test_no_arguments_are_help_without_a_terminal() -> None:
    assert run().output == run("--help").output


def on_a_terminal(columns: int, **environment: str) -> str:
    """What the table of a program looks like on a terminal of this width."""
    leader, follower = pty.openpty()
    code = "from symparams.cli import main; main()"
    variables = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", **environment}
    words = [sys.executable, "-c", code, "-e", CONV]
    process = subprocess.Popen(words, stdout=follower, env=variables)
    process.wait(30)
    os.close(follower)
    printed = os.read(leader, 100_000).decode()
    os.close(leader)
    return printed


@pytest.mark.parametrize(
    ("word", "status", "said"),
    [
        ("shwo", 2, "there is no command or file 'shwo'; did you mean 'show'?"),
        ("layer", 2, "did you mean 'layers'?"),
        ("deit", 1, "there is no file deit\n  hint: did you mean 'zoo:deit'?"),
        ("resnet50", 1, "there is no file resnet50\n  hint: did you mean 'zoo:resnet50'?"),
        ("nonsense", 1, "there is no file nonsense\n"),
    ],
)
def test_a_word_that_is_no_command_and_no_file(word: str, status: int, said: str) -> None:
    done = CliRunner().invoke(main, [word])
    assert done.exit_code == status and said in done.output


def test_a_narrow_terminal_is_not_overrun() -> None:
    table = on_a_terminal(50, NO_COLOR="1").split("\r\n\r\n")[0]
    assert max(map(len, table.splitlines())) <= 50
    assert "conv1" in table and "formula" not in table


def test_colour_only_where_it_is_wanted() -> None:
    assert "\x1b[" in on_a_terminal(100)
    assert "\x1b[" not in on_a_terminal(100, NO_COLOR="1")


@pytest.mark.skipif(not ACCEPTANCE.exists(), reason="the acceptance cases are not beside this checkout")
@pytest.mark.parametrize("cases", ["cases.json", "cases/faults.json", "cases/calls.json"])
def test_acceptance_cases(cases: str) -> None:
    accept = [sys.executable, ACCEPTANCE / "accept", "--symparams", f"{sys.executable} -m symparams"]
    done = subprocess.run([*accept, "--cases", ACCEPTANCE / cases], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
