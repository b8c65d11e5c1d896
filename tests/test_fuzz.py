"""Whatever the text, there is a network or a SymparamsError, within five seconds and a gigabyte."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from checks import THOROUGH
from fuzzing import GOOD, MOST_BYTES, MOST_SECONDS, TOKENS, time_limit, work_out
from hypothesis import given, settings
from hypothesis import strategies as st
from mutations import faults
from nasty_programs import NASTY

import symparams as sp
from symparams import SymparamsError

more = settings(max_examples=10 * settings.default.max_examples)


@more
@given(st.one_of(st.binary(max_size=200).map(lambda b: b.decode("latin-1")), st.text(max_size=200)))
def test_any_text(text: str) -> None:
    work_out(text)


@more
@given(st.lists(st.sampled_from(TOKENS), max_size=40), st.sampled_from(["", " "]))
def test_any_tokens(tokens: list[str], between: str) -> None:
    """Words and signs of the language in any order, alone and after a good start."""
    text = between.join(tokens)
    work_out(text)
    work_out(f"input(3, H, W)\n{text}")


def test_good_programs_gone_wrong() -> None:
    """So many as SYMPARAMS_FUZZ says; `python tests/mutations.py` works out any number."""
    found = list(faults(int(os.environ.get("SYMPARAMS_FUZZ", "500")), seed=1, processes=1))
    assert not found, "\n".join(found)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", ">=", "and", "or"])
    calls = st.sampled_from(["min", "max", "floor", "ceil", "round", "abs", "sqrt", "log2", "len", "sum", "prod"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("{}({})".format, calls, inner),
        st.builds("{}({}, {})".format, calls, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({}, {})[{}]".format, inner, inner, inner),
        st.builds("(-{})".format, inner),
        st.builds("(*({}, {}), {})".format, inner, inner, inner),
    )


ATOMS = ["C", "H", "n", "p", "a", "0", "1", "2", "7", "0.5", "10**9", "true", "same", '"x"', "()", "(1, 2)", "9" * 40]
expressions = st.recursive(st.sampled_from(ATOMS), deeper, max_leaves=9)
PLACES = [
    "input({})",
    "input(C, {}) -> linear({})",
    "input(C, H) -> conv({}, {}, s={}, p={})",
    "input(C, H, W) -> maxpool({}, s={}) -> conv(8, {}, g={})",
    "input(C, H)\nrepeat({}) {{ conv(C, 3, p={}) }}",
    "input(d)\nfor i in {}..{} {{ linear(i + {}) }}",
    "input(d)\nfor i in {} {{ linear(i) }}",
    "input(C, H)\nassume {}\nassume {}\nif {} {{ conv(8, 3) }} else {{ relu }}",
    "net f(a={}, b={})\ninput(a, b) -> linear({})",
    "fn f(a, b={}) = {}\ninput(C) -> linear(f({}))",
    "layer f(a={}) on (C, *S) {{ require {}\n weight w(C, a) if {}\n output ({}, *S)\n macs {} }}\ninput(C, H) -> f",
    "def f(a={}) on (C) {{ linear({}) }}\ninput(C)\nrepeat(n) {{ f({}) }}",
    "input(T, d) -> attention({}, kv_heads={}, key_dim={})",
    "input(C, H) -> concat(axis={}) {{ id }} {{ conv({}, 1) }}",
    'input(C, H) -> rearrange("(a b) c -> a (b c)", a={})',
]


@more
@given(st.sampled_from(PLACES), st.lists(expressions, min_size=5, max_size=5))
def test_any_expression_in_any_place(place: str, parts: list[str]) -> None:
    work_out(place.format(*parts))


@given(
    st.sampled_from(GOOD),
    st.sampled_from(["C", "H", "n", "d", "k", "s", "p", "G"]),
    st.one_of(st.integers(), st.floats()),
)
def test_any_value(text: str, name: str, value: float) -> None:
    """A value is put in, or refused in words."""
    try:
        net = sp.parse(text)
        with time_limit(MOST_SECONDS):
            net(**{name: value})
    except SymparamsError as error:
        assert error.message


@given(st.text(alphabet="CHkwn=,()[] -*/123.%'\"{}", max_size=25))
def test_any_settings(text: str) -> None:
    """What stands after --set is read, or refused in words."""
    from symparams.core.values import read_values

    try:
        read_values([text])
    except SymparamsError as error:
        assert error.show()


# The command line, with less memory than the machine has

# One in each notation: text, Python, LaTeX.
COMMANDS = [["show"], ["show", "--json", "--depth", "1"], ["params", "--format", "latex"]]
RUNNER = """
import sys, time
from symparams.cli import main
sys.stdout = open("/dev/null", "w")
for command in COMMANDS:
    started = time.process_time()
    try:
        main([*command, sys.argv[1]], standalone_mode=True)
        status = 0
    except SystemExit as end:
        status = end.code
    print(status, round(time.process_time() - started, 2), *command, file=sys.__stderr__)
    if status not in (0, 1, 2):
        sys.exit(9)
"""


def limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def all_commands(path: Path) -> subprocess.CompletedProcess[str]:
    """Every command with the program of a file, one after the other in one process."""
    return subprocess.run(
        [sys.executable, "-c", RUNNER.replace("COMMANDS", repr(COMMANDS)), str(path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS * 12,
        preexec_fn=limited,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("name", list(NASTY)[:: 1 if THOROUGH else 3])
def test_nasty_program_on_the_command_line(name: str, tmp_path: Path) -> None:
    """Every command ends with status 0, 1 or 2, in time and with little memory, and never with a traceback."""
    path = tmp_path / "nasty.arch"
    path.write_bytes(NASTY[name].encode("utf-8", "surrogateescape"))
    done = all_commands(path)
    assert "Traceback" not in done.stderr, done.stderr[-2_000:]
    assert done.returncode == 0, done.stderr[-2_000:]
    seconds = [float(found) for found in re.findall(r"^\d (\d+\.\d+) ", done.stderr, re.M)]
    assert len(seconds) == len(COMMANDS)
    assert max(seconds) < MOST_SECONDS, done.stderr[-500:]


@pytest.mark.parametrize("name", NASTY)
def test_nasty_program_in_python(name: str) -> None:
    work_out(NASTY[name])
