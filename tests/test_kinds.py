"""Arguments of every kind and parameters of every sort: what fits, what is refused where, under which conditions."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from sympy import Rational, sympify

import symparams as sp
from symparams import SymparamsError
from symparams.language.kinds import KINDS, Numbers
from symparams.language.library import standard_library
from symparams.language.syntax import Parameter

LIBRARY = standard_library()
INPUTS = {"T": "input(9, 4)", "m": "input(4)", "d": "input(4)", "n": "input(4)", "bag": "input(4)"}
FITTING = {"size": "2", "text": "'c h w -> (h w) c'", "count": "4", "axis": "0"}
NUMBERS = ["3/2", "-3", "10**30"]
KINDED = [(name, p) for name in LIBRARY.entries for p in LIBRARY.rule(name).parameters if p.kind in KINDS]
if os.environ.get("HYPOTHESIS_PROFILE", "default") == "default":  # each name of an argument in one layer alone
    KINDED = list({(p.name, p.kind): (name, p) for name, p in reversed(KINDED)}.values())


def call(name: str, parameter: Parameter, value: str) -> str:
    """A program that gives one argument of a layer a value, on the second line, and the others one that may fit."""
    rule = LIBRARY.rule(name)
    needed = [p for p in rule.parameters if p.default is None and not p.variadic and p.name != parameter.name]
    others = [f"{p.name}={FITTING.get(p.kind or '', '2')}" for p in needed]
    given = f"{parameter.name}={value}" if not parameter.variadic else f"{parameter.name}=({value},)"
    memory = ["other=x"] if any(m.name == "other" for m in rule.memories) else []
    first = rule.pattern.axes[0].name if rule.pattern else "C"
    return f"x: {INPUTS.get(first, 'input(4, 9, 9)')}\n{name}({', '.join([given, *others, *memory])})"


def sizes_of(net: Any) -> list[Any]:
    return [size for shape in (net.output, *(layer.output for layer in net.layers.values())) for size in shape]


@pytest.mark.parametrize(("name", "parameter"), KINDED, ids=lambda it: getattr(it, "name", it))
def test_numbers_that_are_not_of_the_kind_are_refused_at_their_place(name: str, parameter: Parameter) -> None:
    """A number outside of the domain is an error on the layer's line; one inside gives whole sizes or an error."""
    kind = KINDS[parameter.kind or ""]
    for value in NUMBERS if parameter.name != "layers" else NUMBERS[:2]:
        number = Fraction(3, 2) if "/" in value else Fraction(eval(value))
        fits = isinstance(kind.values, Numbers) and kind.values.has(int(number) if number.denominator == 1 else number)
        forms = [value, f"({value}, {value})", f"(({value}, 1), (1, 1))"] if kind.each_axis else [value]
        for form in forms:
            try:
                net = sp.parse(call(name, parameter, form))
            except SymparamsError as error:
                assert error.position
                if kind.says(parameter.name) in error.message:
                    assert not fits and error.span and value in error.span.text
                continue
            assert fits, f"{call(name, parameter, form)} was accepted"
            assert all(size == int(size) for size in sizes_of(net))


@pytest.mark.parametrize(("name", "parameter"), KINDED, ids=lambda it: getattr(it, "name", it))
def test_what_is_no_number_is_refused(name: str, parameter: Parameter) -> None:
    kind = KINDS[parameter.kind or ""]
    wrong = ["3", "'x'"] if kind.values is bool else ["3"] if kind.values is str else ["true", "causal", "'x'"]
    for value in wrong:
        if value in kind.words:
            continue
        with pytest.raises(SymparamsError) as caught:
            sp.parse(call(name, parameter, value))
        assert caught.value.position


# Programs with a formula as an argument, and what is put in: the program holds where and only where it can be built.
WITH_CONDITIONS = {
    "half a padding": ("input(2, 12, 13) -> conv(4, k, p=(k - 1)/2)", {"k": range(1, 8)}),
    "a padding of two axes": ("input(2, 9, 9) -> conv(4, 3, p=(a/2, b/3))", {"a": range(1, 7), "b": range(1, 7)}),
    "paddings in pairs": ("input(2, 5, 6) -> zeropad(((a, b/2), (0, a - b)))", {"a": range(4), "b": range(4)}),
    "a stride": ("input(2, 9) -> conv(4, 3, s=k/2 - 1)", {"k": range(1, 9)}),
    "a width": ("input(4) -> linear((n - 3)/4)", {"n": range(1, 16)}),
    "a root": ("input(4) -> linear(sqrt(n)*d)", {"n": range(1, 17), "d": range(1, 3)}),
    "a logarithm": ("input(4) -> linear(log2(n))", {"n": range(1, 17)}),
    "a count of turns": ("input(4) -> repeat(L/4 - 1) { linear(4) }", {"L": range(1, 14)}),
    "turns of nothing": ("input(4) -> repeat(L/4 - 1) { }", {"L": range(1, 14)}),
    "ends of a range": ("input(4) -> for i in a/2..b/3 { linear(4) }", {"a": range(1, 5), "b": range(6, 13)}),
    "heads": ("input(5, 12) -> attention(h/2, key_dim=k/3)", {"h": range(1, 6), "k": range(2, 5)}),
    "a rate": ("input(4) -> dropout(n/4)", {"n": range(1, 7)}),
    "a factor": ("input(2, 6) -> upsample(n/4)", {"n": range(1, 9)}),
}


@pytest.mark.parametrize("case", WITH_CONDITIONS)
def test_the_conditions_are_necessary_and_sufficient(case: str) -> None:
    program, grid = WITH_CONDITIONS[case]
    net = sp.parse(program)
    for values in (dict(zip(grid, point)) for point in product(*grid.values())):
        names = {name: value for name, value in values.items() if name in net.symbols}
        put_in = {net.symbols[name]: value for name, value in names.items()}
        holds = all(bool(condition.subs(put_in)) for condition in net.conditions)
        holds = holds and all(value > 0 or net.symbols[name].is_zero is None for name, value in names.items())
        try:
            numbers = sp.parse(program)(**values)
        except SymparamsError:
            assert not holds, values
            continue
        assert holds, values
        assert numbers.params == sympify(net.params).subs(put_in)


# Parameters

DEFAULTS = {
    "64": ([1, 64, 10**12], [0, -1, "1/2", "true"]),
    "0": ([0, 5], [-1, "1/2"]),
    "1/2": (["1/8", 1, 2, "0.35"], [0, -1, "-1/2", "false"]),
    "1.0": (["1/8", 1, 2, "0.35"], [0, -1]),
    "2*0.5": (["1/8", 1], [0, -1]),
    "0.0": ([0, "1/8", 3], [-1, "-1/2"]),
    "(3, 0, 0.5)": (["(1, 0, 1/8)", "(7, 4, 2)"], ["(0, 0, 1)", "(1, -1, 1)", "(1, 1, 0)", "(1/2, 0, 1)"]),
    "true": (["true", "false"], [0, 1, "(true, 2)"]),
    "same": (["valid", 3, "true", "(1, 2)"], []),
}


@pytest.mark.parametrize("default", DEFAULTS)
def test_values_are_of_the_sort_of_the_default(default: str) -> None:
    fitting, wrong = DEFAULTS[default]
    program = "net f(a={})\ninput(3)"
    for value in fitting:
        assert sp.parse(program.format(default))(**{"a": _read(value)}).output == (3,)
    for value in wrong:
        with pytest.raises(SymparamsError, match="a is "):
            sp.parse(program.format(default))(**{"a": _read(value)})


def _read(value: Any) -> Any:
    from symparams.core.values import read_values

    return read_values([f"a={value}"])["a"]


FREED = {
    "net x(r=1/8)\ninput(64) -> linear(max(2, 8*r))": "r",
    "net x(r=1.0)\ninput(8) -> linear(floor(32*r)//8)": "r",
    "net x(r=1.0)\ninput(8) -> linear((floor(32*r) + 5)//8 + 1)": "r",
    "net x(r=0.5)\ninput(8) -> linear(ceil(3*r/2)) -> linear(floor(3*r + 1/2))": "r",
    "net x(r=0.0)\ninput(8) -> linear(4*r + 1)": "r",
    "net x(r=0.5)\ninput(8) -> linear(min(3, 2*r))": "r",
    "net x(r=0.5)\ninput(3, 8) -> upsample(r)": "r",
    "net x(r=0.5, n=8)\ninput(3) -> linear(floor(r*n)) -> linear(r*n)": "r",
}


@pytest.mark.parametrize("program", FREED)
def test_a_freed_number_is_what_its_values_are(program: str) -> None:
    """The formulas at a value, where the conditions hold, are what the program gives for it; else it is refused."""
    name = FREED[program]
    net = sp.parse(program).free(name)
    symbol = net.symbols[name]
    for value in (Fraction(n, d) for d in (1, 3, 8) for n in range(0, 2 * d + 2)):
        exact = Rational(value.numerator, value.denominator)
        holds = all(bool(condition.subs(symbol, exact)) for condition in net.conditions)
        holds = holds and (value > 0 or not symbol.is_positive)
        try:
            numbers = sp.parse(program)(**{name: value})
        except SymparamsError:
            assert not holds, value
            continue
        assert holds, value
        assert numbers.output == tuple(sympify(size).subs(symbol, exact) for size in net.output)


def test_the_elements_of_a_tuple_are_freed_one_by_one() -> None:
    net = sp.parse("net f(k=(3, 5), p=(0, 1))\ninput(3, H, W) -> conv(8, k, p=p)").free("k", "p")
    assert str(net.params) == "24*k_1*k_2 + 8"
    assert net(k_1=3, k_2=5, p_1=0, p_2=1).params == 368
    assert net(k=(1, 1)).params == 32
    for wrong in ({"k_1": 0}, {"k_3": 1}, {"p_2": 0}, {"p_1": -1}):
        with pytest.raises(SymparamsError):
            net(**wrong)


@pytest.mark.parametrize("default", ["true", "same", "(1, same)", "'x'"])
def test_words_and_truth_values_are_not_freed(default: str) -> None:
    with pytest.raises(SymparamsError, match="cannot be a symbol"):
        sp.parse(f"net f(a={default})\ninput(3)").free("a")


HEADS = {
    "net": "net f({})\ninput(3)",
    "def": "def f({}) {{ linear(2) }}\ninput(3) -> f",
    "fn": "fn f({}) = 2\ninput(3) -> linear(f())",
    "layer": "layer f({}) on (*S) {{ output S }}\ninput(3) -> f",
}


@pytest.mark.parametrize("head", HEADS)
def test_a_default_is_made_of_what_stands_before(head: str) -> None:
    sp.parse(HEADS[head].format("one=1, two=2*one, three=max(one, two)"))
    for parameters, place in (("one=two, two=2", 5), ("one=1, two=(1, three), three=3", 16), ("one=2*one", 7)):
        text = HEADS[head].format(parameters)
        with pytest.raises(SymparamsError, match="default") as caught:
            sp.parse(text)
        assert caught.value.position == (1, text.index("one") + place)


OUTPUTS = {
    "x: input(4, 8)\nattention(2, x)": "x",
    "x: input(4, 8)\nattention(2, kv_heads=x + 1)": "x",
    "input(3)\na: linear(4)\nrepeat(a) { linear(4) }": "a",
    "input(3)\na: linear(4)\nfor i in 0..a { linear(4) }": "a",
    "input(3)\na: linear(4)\nlet b = a": "a",
    "input(3)\na: linear(4)\nif a > 3 { linear(4) }": "a",
    "input(3)\nb[0]: linear(4)\nlinear(b)": "b",
    "def f on (n), other (m) { linear(other) }\na: input(3) -> f(other=a)": "other",
    "def f { linear(a) }\ninput(3)\na: linear(4) -> f": "a",
}


@pytest.mark.parametrize("program", OUTPUTS)
def test_the_name_of_an_output_is_no_number(program: str) -> None:
    with pytest.raises(SymparamsError, match=f"'{OUTPUTS[program]}' is the name of an output, not a number"):
        sp.parse(program)


def test_the_hint_for_an_output_works() -> None:
    with pytest.raises(SymparamsError) as caught:
        sp.parse("x: input(4, 8)\nattention(2, x)")
    assert caught.value.hint == "write memory=x"
    sp.parse("x: input(4, 8)\nattention(2, memory=x)")
    sp.parse("net f(x=2)\nx: input(4, 8)\nattention(x)")


USED_TOO_EARLY = {
    "layer f on (n) {\n  output (Y,)\n  let Y = n\n}\ninput(3) -> f": "let Y",
    "layer f on (n) {\n  weight w(prod(v))\n  weight v(n)\n}\ninput(3) -> f": "weight v",
    "layer f on (n) {\n  if n == 4 { let Y = n }\n  output (Y,)\n}\ninput(3) -> f": "let Y",
    "layer f on (n) {\n  macs i\n  for i in 0..2 { macs n }\n}\ninput(3) -> f": "for i",
    "let Y = 7\nlayer f on (n) {\n  output (Y,)\n  let Y = n\n}\ninput(3) -> f": "let Y",
    "def f {\n  linear(y)\n  let y = 3\n}\ninput(3) -> f": "let y",
    "input(3) -> linear(y)\nlet y = 3": "let y",
}


@pytest.mark.parametrize("program", USED_TOO_EARLY)
def test_a_let_holds_from_its_line_on(program: str) -> None:
    with pytest.raises(SymparamsError, match=f"is used before '{USED_TOO_EARLY[program]}'"):
        sp.parse(program)


def test_a_layer_of_the_user_says_the_kinds_of_its_arguments() -> None:
    rule = "layer mine(out: count, r: factor=0.5, s: stride=1) on (*S, n) {{ output (*S, floor(out*r)) }}"
    mine = f"{rule}\ninput(4, 9) -> mine({{}})"
    assert sp.parse(mine.format("8, 3/2")).output == (4, 12)
    for wrong in ("3/2", "8, -1", "8, s=0", "8, s=1/2", "true"):
        with pytest.raises(SymparamsError, match="not "):
            sp.parse(mine.format(wrong))
    for head in ("layer f(a: cuont) on (n) { output (n,) }", "def f(a: count) { id }", "net f(a: count)"):
        with pytest.raises(SymparamsError, match="kind"):
            sp.parse(f"{head}\ninput(3)")
