"""Branches that a freed parameter leaves open: decided as at its default, and the formula says for what it is so."""

from __future__ import annotations

from itertools import product

import pytest
from checks import assert_values, in_domain, symbolic
from hypothesis import given
from hypothesis import strategies as st

from symparams import SymparamsError
from symparams.api import from_source
from symparams.errors import Source

CONDITIONS = (
    "w == 4", "w != 4", "w > 3", "w <= v", "w % 2 == 0", "w % 3 != 1", "w != 2*v", "w == v or w > 5", "w > 2 and v < 4",
    "not (w > 2 and v != 3)", "2*w >= 3*v", "w*v > 9", "w//2 == v", "max(w, v) > 4", "2 < w < 6",
)  # fmt: skip
PLACES = {
    "a branch of the program": "input(3) -> linear(w)\nif {} {{ linear(v) -> relu }} else {{ linear(w + v) }}",
    "a branch with nothing in it": "input(3) -> linear(w)\nif {} {{ }} else {{ linear(w + v) }}",
    "an argument": "input(3) -> linear(w if {} else w + v) -> relu",
    "a block": "def f(a) {{ linear(a) -> if {} {{ linear(v) }} }}\ninput(3) -> f(w) -> f(w)",
    "a rule": "layer f(a) on (C) {{ weight k(a, C)\nweight b(a) if {}\noutput (a,) }}\ninput(3) -> f(w) -> f(v)",
    "a branch of a rule": "layer f(a) on (C) {{ if {} {{ output (a,) }} else {{ output (C,) }} }}\ninput(3) -> f(w)",
    "a let": "input(3)\nlet c = 2 if {} else v\nlinear(c)",
    "a number of turns": "input(3)\nrepeat(2 if {} else 4) {{ residual {{ linear(3) -> relu }} }}",
    "a loop": "input(3)\nfor i in 0..2 {{ if {} {{ linear(w) }} else {{ linear(i + 1) }} }}",
    "turns that are alike": "input(3)\nrepeat(3) {{ if {} {{ linear(w) }} else {{ linear(v) }} }}",
    "a branch of a sum": "input(3)\nresidual {{ linear(w) -> linear(3) }} {{ if {} {{ linear(3) }} }}",
}


@pytest.mark.parametrize("place", PLACES)
@given(st.sampled_from(CONDITIONS), st.integers(1, 6), st.integers(1, 6), st.sampled_from(["wv", "w"]))
def test_the_decision_is_a_condition(place: str, condition: str, w: int, v: int, freed: str) -> None:
    """The conditions hold just where the program with the values put in is the one that the defaults give."""
    program = f"net drawn(w={w}, v={v})\n{PLACES[place].format(condition)}"
    net = symbolic(program, freed)
    usual = symbolic(program)(**{"w": w, "v": v})
    shape = [layer.layer for layer in usual.layers.values()], usual.params
    for values in ({"w": a, "v": b if "v" in freed else v} for a, b in product(range(1, 8), repeat=2)):
        other = symbolic(program)(**values)
        decided_alike = eval_at(condition, values) == eval_at(condition, {"w": w, "v": v})
        assert in_domain(net, values) == decided_alike
        if decided_alike:
            assert_values(net, other, values)
    assert shape


def eval_at(condition: str, values: dict[str, int]) -> bool:
    return bool(eval(condition, {"max": max}, dict(values)))


@pytest.mark.parametrize("program", [
    "net f(w=4)\ninput(m)\nif m != w { linear(w) }",
    "net f(w=4)\ninput(m) -> linear(2 if m > w else 3)",
    "net f(w=4)\nlayer g(a) on (C) { weight k(a) if a > C\noutput (a,) }\ninput(m) -> g(w)",
    "net f(w=4)\ndef g on (C) { if C == 2*w { linear(w) } }\ninput(m) -> g",
])  # fmt: skip
def test_what_other_symbols_leave_open_is_asked_for(program: str) -> None:
    """The error names the symbol that has no value, and both of its hints work."""
    with pytest.raises(SymparamsError, match="it depends on m whether") as caught:
        symbolic(program, "w")
    hint = caught.value.hint or ""
    assert hint.startswith("give a value to m, or state it: 'assume ")
    assumed = hint.partition("'")[2].rstrip("'")
    head, _, rest = program.partition("\n")
    assert symbolic(f"{head}\n{assumed}\n{rest}", "w").params
    assert from_source(Source("<test>", program), None, {"m": 9}, "w").params is not None


def test_the_condition_stands_where_it_was_decided() -> None:
    net = symbolic("net f(w=4)\ninput(3)\nlinear(w)\nif w > 2 { conv1: linear(9) }", "w")
    assert [(str(guard.condition), guard.layer) for stage in net.stages for guard in stage.all_guards] == [
        ("1*w >= 3", "linear")
    ]
