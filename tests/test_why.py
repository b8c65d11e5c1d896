"""Why the parameters are what they are: the texts are golden files, the claims are compared with numeric differences.

A case is a program in `why/NAME.arch`, with the words for the command in its first line after `# args:`, and the text
that it gives in `why/NAME.txt`. With UPDATE_GOLDEN=1 the texts are written anew, for a person to look at.
"""

from __future__ import annotations

import json
import os
import re
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from checks import at, put_in, symbolic
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from strategies import Drawn, programs

import symparams as sp
from symparams import Network, SymparamsError
from symparams.cli import main
from symparams.closed_forms.dependence import dependence
from symparams.closed_forms.polynomial import Quantity, symbols_of, total
from symparams.explain.input_sizes import of_any_size
from symparams.explain.occurrences import contributions, dependencies, names_in, occurrence
from symparams.explain.why import WIDTH, explain

FOLDER = Path(__file__).parent / "why"
CASES = sorted(FOLDER.glob("*.arch"))


def run(*words: str) -> str:
    result = CliRunner().invoke(main, ["why", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_text(case: Path) -> None:
    words = case.read_text(encoding="utf-8").splitlines()[0].removeprefix("# args:").split()
    text = run(*words if any(word.startswith("zoo:") for word in words) else (str(case), *words))
    golden = case.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sp.zoo.names())
def test_at_most_a_screenful(name: str) -> None:
    net = sp.load(f"zoo:{name}")
    for asked in (None, "params", "non_trainable", "state", *list(net.layers)[:2]):
        assert len(explain(net, asked).splitlines()) <= 24


# What is claimed is true


def values_for(quantity: Quantity, data: st.DataObject, known: dict[str, int]) -> dict[str, int]:
    return {s.name: known.get(s.name) or data.draw(st.integers(1, 9), s.name) for s in symbols_of(quantity)}


@given(programs(), st.data())
def test_claims_are_numeric_differences(drawn: Drawn, data: st.DataObject) -> None:
    """A symbol that is said to stand in no parameter formula never changes a count; the growth stated is the growth."""
    net = symbolic(drawn.text, drawn.defaults or ())
    before = put_in(net, drawn.values)
    for found in dependencies(net):
        changed = {**drawn.values, found.name: data.draw(st.integers(1, 12), found.name)}
        try:
            after = put_in(net, changed)
        except SymparamsError:
            continue
        if found.total is None:
            assert after.quantity("params") == before.quantity("params")
        holding = {contribution.layer.name for contribution, _ in found.layers}
        claimed = {layer.name for layer in net.rows() if not layer.row.turns} - holding
        counts, others = ({c.layer.name: c.params for c in contributions(n)} for n in (after, before))
        if not re.search(r"\b(repeat|for)\b", drawn.text):  # of other turns other layers have these names
            for name in claimed & counts.keys() & others.keys():
                assert counts[name] == others[name]


@given(programs(), st.data())
def test_slopes(drawn: Drawn, data: st.DataObject) -> None:
    """One more unit costs what is stated, and the derivative is that of sympy."""
    net = symbolic(drawn.text, drawn.defaults or ())
    params = net.quantity("params")
    values = values_for(params, data, drawn.values)
    for found in dependencies(net):
        how = found.total
        if how is None:
            continue
        if how.one_more is not None:
            more = {**values, found.name: values[found.name] + 1}
            assert at(params, more) - at(params, values) == at(how.one_more, values)
        if how.derivative is not None:
            symbol = net.symbols[found.name]
            slope = sympy.diff(net.params, symbol).subs({net.symbols[n]: v for n, v in values.items()})
            assert sympy.Rational(str(Fraction(at(how.derivative, values)))) == slope
        if how.degree is not None:
            assert sympy.degree(sympy.expand(net.params), net.symbols[found.name]) == how.degree


@given(programs())
def test_contributions_add_up(drawn: Drawn) -> None:
    net = symbolic(drawn.text, drawn.defaults or ())
    params = net.quantity("params")
    added = total(contribution.params for contribution in contributions(net))
    values = {name: drawn.values.get(name, 3) for name in names_in(params) | names_in(added)}
    assert at(added, values) == at(params, values)


@given(programs(), st.data())
def test_sizes_of_numbers(drawn: Drawn, data: st.DataObject) -> None:
    """With symbols for its sizes a network is the same network at those sizes."""
    concrete = put_in(symbolic(drawn.text, drawn.defaults or ()), drawn.values)
    found = of_any_size(concrete)
    if found is None or found.fault:
        return
    values = {name: size for name, size in found.sizes.items() if isinstance(size, int)}
    assert found.net(**values).quantity("params") == concrete.quantity("params")


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("conv(4, 3) -> maxpool -> gap -> linear(2)", None),
        ("conv(4, 3, p=1) -> bn -> upsample(2)", None),
        ("conv(4, 3) -> flatten -> linear(2)", "linear1"),
        ("conv(4, 3, s=2) -> maxpool -> flatten -> relu -> linear(5) -> linear(2)", "linear1"),
        ("adaptive_avgpool(2) -> flatten -> linear(2)", None),
        ("layernorm -> conv(4, 3)", "layernorm1"),
        ("layernorm(axes=3) -> conv(4, 3)", "layernorm1"),
    ],
)
def test_two_sizes(body: str, first: str | None) -> None:
    """The counts of two images are equal exactly where the parameters are said not to depend on the size."""
    counts = [sp.parse(f"input(3, {h}, {w}) -> {body}").params for h, w in ((44, 34), (55, 42))]
    found = of_any_size(sp.parse(f"input(3, 44, 34) -> {body}"))
    assert found is not None and set(found.sizes) == {"H", "W"}
    held = [c.layer.name for name in ("H", "W") for c, _ in occurrence(found.net, name).layers]
    assert (counts[0] == counts[1]) == (not held) == (first is None)
    assert first is None or first in held
    text = explain(sp.parse(f"input(3, 44, 34) -> {body}"))
    assert (f"first in {first}" if first else "do not depend on the size of the input") in text


@pytest.mark.parametrize(
    ("program", "name", "manner", "degree"),
    [
        ("input(n) -> linear(n)", "n", "polynomial", 2),
        ("input(8, H) -> flatten -> linear(1)", "H", "polynomial", 1),
        ("input(8, H) -> maxpool -> flatten -> linear(1)", "H", "in steps, through a floor", None),
        ("input(3) -> linear(n % 7 + 1)", "n", "through a remainder", None),
        ("input(3) -> linear(max(n, 4))", "n", "through max()", None),
        ("input(3) -> for i in 0..n { linear(2**i) }", "n", "as an exponent", None),
        ("input(C, 9, 9) -> conv(8, 3, g=g)", "g", "as a divisor", None),
        ("input(C, 9, 9) -> conv(M, 3, g=g + 1)", "g", "as a divisor", None),
        ("input(C, 9, 9) -> conv(M, g, g=g)", "g", "polynomial", 1),
        ("input(C, 9, 9) -> add { conv(M, g) } { conv(M, g, g=g) } -> linear(g**3)", "g", "polynomial", 4),
        ("input(C, H, W) -> conv(M, P, s=P) -> flatten -> linear(1)", "P", "in steps, through a floor", None),
    ],
)
def test_manner(program: str, name: str, manner: str, degree: int | None) -> None:
    how = dependence(sp.parse(program).quantity("params"), name)
    assert how is not None
    assert (how.manner, how.degree) == (manner, degree)


# JSON, Python, and names that are not there


def test_json_answers_both_seeds() -> None:
    record = json.loads(run("--json", "-e", "input(3, H, W) -> zeropad(3) -> conv(64, 7, s=2)"))
    assert record["params"] == 9472
    assert [s["symbol"] for s in record["symbols"] if s["in_params"] or s["in_layers"]] == []
    assert record["input"]["in_layers"] == {"H": [], "W": []}
    record = json.loads(run("--json", str(FOLDER / "seed4.arch"), "non_trainable"))
    assert record["elements"] == 64
    assert record["made_of"] == [{"layers": ["bn0"], "tensors": ["mean", "variance"], "elements": 64}]


def test_json_formulas_are_read_back_by_sympy() -> None:
    record = json.loads(run("--json", "-e", "input(C, H, W) -> conv(M, k, g=G)", "k"))
    names = {name: sympy.Symbol(name) for name in "CMkG"}
    slope = sympy.sympify(record["derivative"], locals=names)
    assert sympy.simplify(slope - 2 * names["C"] * names["M"] * names["k"] / names["G"]) == 0


def test_network_method() -> None:
    net = sp.parse("input(3, H, W) -> conv(64, 7)")
    assert str(net.why()) == explain(net) == repr(net.why())
    assert "No parameter formula holds H" in str(net.why("H"))


def test_lines_are_short() -> None:
    net: Network = sp.load("zoo:resnet50").free("w", "n")
    assert all(len(line) <= WIDTH for line in explain(net).splitlines())


def test_sentences_are_no_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    net: Network = sp.load("zoo:resnet50")
    for columns, widest in ((60, 60), (200, WIDTH)):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = explain(net, on_terminal=True).splitlines()
        assert widest - 20 < max(map(len, lines)) <= widest
        assert max(map(len, explain(net).splitlines())) > 60


@pytest.mark.parametrize(("name", "hint"), [("conv2", "did you mean 'conv1'?"), ("stat", "did you mean 'state'?")])
def test_unknown_name(name: str, hint: str) -> None:
    result = CliRunner().invoke(main, ["why", "-e", "input(3, H, W) -> conv(64, 7)", name])
    assert result.exit_code == 1 and hint in result.stderr


def test_too_many_layers_to_list() -> None:
    net = sp.parse("def b(c) { for i in 0..20000 { linear(c) } }\ninput(d) -> b(d) -> repeat(9) { b(d) }")
    assert "b" in explain(net)
