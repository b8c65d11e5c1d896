"""Sympy alone gives what the closed forms give: at admissible values, figure by figure, layer by layer.

Everything between the text and the figures is the same for both engines but the arithmetic, so that the one is an
oracle for the other; the network with the values put in, which has no symbols, is a third.
"""

from __future__ import annotations

import os
import random
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sympy
from checks import THOROUGH, symbolic
from click.testing import CliRunner
from hypothesis import given, settings
from nasty_programs import NASTY
from strategies import Drawn, programs

import symparams as sp
from symparams import Network, SymparamsError, zoo
from symparams.api import from_source
from symparams.cli import main
from symparams.errors import Source
from symparams.evaluate import engines
from symparams.evaluate.engines import SYMPY
from symparams.frameworks.verify_sympy import differences
from symparams.sampling import admissible

ACCEPTANCE = Path(__file__).parents[2] / "shared" / "acceptance" / "programs"
SOURCES = [*(f"zoo:{name}" for name in zoo.names()), *map(str, sorted(ACCEPTANCE.glob("*.arch")))]
RANDOM = int(os.environ.get("SYMPARAMS_RANDOM_PROGRAMS", "12")) * 3 // 2
# Programs that take sympy more than 20 seconds.
SLOW: set[str] = set()
FIGURES = ("params", "trainable", "non_trainable", "state", "macs")


def at(value: Any, values: dict[str, Any]) -> Any:
    """A formula of sympy with numbers in place of its symbols."""
    if isinstance(value, tuple):
        return tuple(at(part, values) for part in value)
    free = getattr(value, "free_symbols", ())
    return value.xreplace({s: sympy.Rational(values[s.name]) for s in free}) if free else value


def agree(closed: Network, by_sympy: Network, draws: int = 2) -> None:
    choice = random.Random(1)
    for _ in range(draws):
        try:
            values, concrete = admissible(closed, choice)
        except SymparamsError:
            return
        for name in FIGURES:
            assert at(getattr(by_sympy, name), values) == getattr(concrete, name), (name, values)
        assert at(by_sympy.output, values) == concrete.output, values
        assert all(at(condition, values) == sympy.true for condition in by_sympy.conditions), values


def freed(net: Network) -> tuple[str, ...]:
    return tuple(p.name for p in net.program.parameters if p.default is not None)


@pytest.mark.parametrize("name", SOURCES if THOROUGH else SOURCES[::5])
def test_the_engines_agree(name: str) -> None:
    if name in SLOW:
        pytest.skip("sympy takes more than 20 seconds")
    try:
        closed = sp.load(name)
    except SymparamsError:
        with pytest.raises(SymparamsError):
            sp.load(name, engine=SYMPY)
        return
    by_sympy = sp.load(name, engine=SYMPY)
    agree(closed, by_sympy)
    try:
        closed = closed.free(*freed(closed))
    except SymparamsError:
        return
    agree(closed, by_sympy.free(*freed(closed)))
    assert not [d for found in differences(closed, 1) for d in found.differences]


@settings(max_examples=RANDOM)
@given(programs())
def test_the_engines_agree_on_random_programs(drawn: Drawn) -> None:
    closed = symbolic(drawn.text, drawn.defaults or ())
    try:
        by_sympy = from_source(Source("<text>", drawn.text), None, {}, drawn.defaults or (), SYMPY)
    except SymparamsError as error:
        assert "no closed form" in error.message or "depends on" in error.message, error
        return
    agree(closed, by_sympy)
    with suppress(SymparamsError):  # no numbers are found for some of the oddest
        admissible(closed, random.Random(1))
        assert not [d for found in differences(closed, 1) for d in found.differences]


def test_what_sympy_works_out_is_sympys() -> None:
    net = sp.parse("input(C, H)\nrepeat(n) { conv(C, 3, s=2, p=1) }", engine="sympy")
    assert isinstance(net.params, sympy.Expr) and isinstance(net.output[1], sympy.Expr)
    assert isinstance(net(n=3, H=64, C=2).params, int)
    assert net(n=3, H=64).output[1] == 8
    assert net.engine == net(C=2).engine == net.free().engine == SYMPY
    assert net != sp.parse(str(net)) and net == sp.parse(str(net), engine="sympy")
    assert net.derive(detail="full").text() == sp.parse(str(net)).derive(detail="full").text()


@pytest.mark.skipif(sys.platform == "win32", reason="nothing interrupts sympy there")
def test_what_takes_sympy_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "input(C, H) -> conv(M, k, s=2) -> maxpool(2) -> flatten -> linear(10)"
    monkeypatch.setattr(engines, "MOST_SECONDS", 1e-4)
    with pytest.raises(SymparamsError, match="sympy takes too long"):
        sp.parse(text, engine="sympy")
    monkeypatch.undo()
    assert sp.parse(text, engine="sympy").engine == SYMPY


@pytest.mark.parametrize("name", ["squares of squares", "a large power of a sum", "kernels of many symbols"])
def test_no_program_takes_sympy_for_ever(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "MOST_SECONDS", 1.0)
    started = time.monotonic()
    with suppress(SymparamsError):
        sp.parse(NASTY[name], engine="sympy")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["params", "--format", "latex"], "C M k^{2} + M"),
        (["params"], "C·M·k² + M"),
        (["output", "--format", "python"], "(M, H - k + 1)"),
        (["macs", "--json"], '{\n  "macs": "C*M*k*(H - k + 1)"\n}'),
    ],
)
def test_what_sympy_works_out_is_printed(words: list[str], shown: str) -> None:
    text = "input(C, H, H) -> conv(M, k)" if words[0] == "params" else "input(C, H) -> conv(M, k)"
    result = CliRunner().invoke(main, [*words, "-e", text, "--engine", "sympy"])
    assert result.output.strip() == shown


def test_another_engine_is_refused() -> None:
    with pytest.raises(SymparamsError, match="closed_forms and sympy"):
        sp.parse("input(d) -> linear(n)", engine="mathematica")
