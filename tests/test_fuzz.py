"""Whatever the text, there is a network or a SymparamsError, within five seconds and a gigabyte."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from checks import COUNTS
from examples_of_layers import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from nasty_programs import NASTY
from test_repeats import BODIES, DEFINITIONS
from test_round_trip import TEXTS

import symparams as sp
from symparams import SymparamsError
from symparams.report.expressions import expression
from symparams.report.record import network_record

MOST_SECONDS = 5
MOST_BYTES = 1 << 30

TOKENS = [
    *("input", "conv", "linear", "relu", "maxpool", "flatten", "bn", "attention", "residual", "concat", "add", "mul"),
    *(
        "repeat",
        "freeze",
        "reuse",
        "from",
        "for",
        "in",
        "if",
        "else",
        "let",
        "assume",
        "def",
        "fn",
        "layer",
        "net",
        "use",
        "latex",
    ),
    *("dialect", "torch", "keras", "on", "weight", "state", "require", "output", "macs", "also", "not", "and"),
    *(
        "or",
        "true",
        "false",
        "same",
        "valid",
        "min",
        "max",
        "floor",
        "sqrt",
        "len",
        "prod",
        "C",
        "H",
        "n",
        "k",
        "p",
        "x",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "->",
        "=",
        "==",
        "!=",
        "<=",
        ">=",
        "<",
        ">",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
    ),
    *(
        "**",
        "^",
        "..",
        ".",
        ";",
        "\n",
        "\n",
        "#",
        '"',
        "'",
        "0",
        "1",
        "2",
        "3",
        "64",
        "0.25",
        "1e9",
        "9" * 30,
        "é",
        "⌊",
    ),
]
GOOD = [
    *(text for texts in EXAMPLES.values() for text in texts),
    *TEXTS,
    *(f"{DEFINITIONS}{start}\nrepeat(n) {{ {body} }}" for start, body in BODIES.values()),
]

fuzzing = settings(max_examples=10 * settings.default.max_examples)


class TooSlow(BaseException):
    """Not an Exception, so that nothing on the way takes it for a fault of the program."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def work_out(text: str) -> None:
    """Everything that can be asked of a program, each within the limit, or the error that it ends in."""
    try:
        with time_limit(MOST_SECONDS):
            net = sp.parse(text)
        with time_limit(MOST_SECONDS):
            for name in COUNTS:
                net.quantity(name)
            json.dumps(network_record(net, 1))
        for notation in ("text", "python", "latex"):
            with time_limit(MOST_SECONDS):
                for name in ("params", "macs", "output"):
                    assert isinstance(expression(net, name, notation), str)
        with time_limit(MOST_SECONDS):
            assert sp.parse(str(net)).program == net.program
    except SymparamsError as error:
        assert error.message
        assert error.show()
        json.dumps(error.as_dict())
        if error.position:
            line, column = error.position
            assert line >= 1
            assert column >= 1
    except TooSlow:
        raise AssertionError(f"this takes more than {MOST_SECONDS} s: {text[:500]!r}") from None


@fuzzing
@given(st.one_of(st.binary(max_size=200).map(lambda b: b.decode("latin-1")), st.text(max_size=200)))
def test_any_text(text: str) -> None:
    work_out(text)


@fuzzing
@given(st.lists(st.sampled_from(TOKENS), max_size=40), st.sampled_from(["", " "]))
def test_any_tokens(tokens: list[str], between: str) -> None:
    """Words and signs of the language in any order, alone and after a good start."""
    text = between.join(tokens)
    work_out(text)
    work_out(f"input(3, H, W)\n{text}")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good program with a few pieces left out, doubled, changed or brought in from another."""
    pieces = re.findall(r"\w+|\s+|[^\w\s]", draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(pieces)))
        stop = min(len(pieces), start + draw(st.integers(0, 3)))
        how = draw(st.integers(0, 4))
        if how == 0:
            pieces[start:stop] = []
        elif how == 1:
            pieces[start:stop] = pieces[start:stop] * draw(st.integers(2, 4))
        elif how == 2:
            pieces[start:stop] = [draw(st.sampled_from(TOKENS))]
        elif how == 3:
            pieces[start:start] = [draw(st.sampled_from(TOKENS))]
        else:
            pieces[start:stop] = re.findall(r"\w+|\s+|[^\w\s]", draw(st.sampled_from(GOOD)))[start : stop + 5]
    return "".join(pieces)


@fuzzing
@given(mutated())
def test_good_programs_gone_wrong(text: str) -> None:
    work_out(text)


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


@fuzzing
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
    from symparams.values import read_values

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
    started = time.monotonic()
    try:
        main([*command, sys.argv[1]], standalone_mode=True)
        status = 0
    except SystemExit as end:
        status = end.code
    print(status, round(time.monotonic() - started, 2), *command, file=sys.__stderr__)
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
        timeout=MOST_SECONDS * 3,
        preexec_fn=limited,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """The nasty programs on the command line, on all processors."""
    folder = tmp_path_factory.mktemp("nasty")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        started = {}
        for number, (name, text) in enumerate(NASTY.items()):
            path = folder / f"{number}.arch"
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
            started[name] = pool.submit(all_commands, path)
        yield started


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are Linux's")
@pytest.mark.parametrize("name", NASTY)
def test_nasty_program_on_the_command_line(
    name: str, runs: dict[str, Future[subprocess.CompletedProcess[str]]]
) -> None:
    """Every command ends with status 0, 1 or 2, in time and with little memory, and never with a traceback."""
    done = runs[name].result()
    assert "Traceback" not in done.stderr, done.stderr[-2_000:]
    assert done.returncode == 0, done.stderr[-2_000:]
    seconds = [float(found) for found in re.findall(r"^\d (\d+\.\d+) ", done.stderr, re.M)]
    assert len(seconds) == len(COMMANDS)
    assert max(seconds) < MOST_SECONDS, done.stderr[-500:]


@pytest.mark.parametrize("name", NASTY)
def test_nasty_program_in_python(name: str) -> None:
    work_out(NASTY[name])
