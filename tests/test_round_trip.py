"""A network printed is the network: for the zoo, and for the acceptance programs where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams.errors import Source
from symparams.language.parser import parse
from symparams.language.unparse import unparse
from symparams.zoo import FOLDER

ACCEPTANCE = Path(__file__).parents[2] / "shared" / "acceptance" / "programs"
FILES = [*sorted(Path(FOLDER).glob("*.arch")), *(sorted(ACCEPTANCE.glob("*.arch")) if ACCEPTANCE.is_dir() else [])]
NETWORKS = [path for path in FILES if "input(" in path.read_text(encoding="utf-8")]  # others are blocks alone

# What the files do not use.
TEXTS = [
    'input(C, H, W) -> rearrange("(c g) h w -> c g h w", g=2)',
    "fn f(a, b=8) = (a if a > b else -b) ** 2 + a // (b - 1) % 3\ninput(3, f(9)) -> conv(f(2), (1,), s=(2,))",
    "let t = (1, 2)\ninput(3, *t, t[0] + 9) -> id",
    "input(4, H)\nassume H % 32 == 0\nassume H >= 64\nif not (H < 3 or H == 5) { id } else { relu }",
    "input(8) -> a: { linear(8) -> relu } -> reuse(a)",
    "input(4) -> a: linear(4) -> reuse(a) -> freeze { linear(2) } -> b: repeat(3) { residual { linear(2) } }",
    "src: input(S, d)\ntgt: input(T, d)\nattention(4, memory=src) -> c: concat(axis=-1) { id } { relu }\n"
    "from src -> mul(tgt)",
    "net f(α=0.25, w=1e1, n)\ninput(n) -> linear(4/α) -> dropout(rate=0.5)",
    'layer twice(n, *more) on (C, *S), other (D, *R) {\n  "doc"\n  also Twice\n'
    '  require C % n == 0 and n > 0, "it\'s no"\n'
    "  let m = n*2\n  for (i, c) in [(0, 1), (1, 2)] { weight w[i](c, m) if i < n }\n"
    "  if n == 1 { state s(C) } else if n == 2 { weight v(*more, C) } else { macs 3 }\n  output (C, *S)\n}\n"
    "x: input(4, 5)\nTwice(2, 3, other=x)",
    "def f(c, k=3) on (C, *S) { for i in 0..c { conv(C, k, p=same) } }\ninput(4, 5, 6) -> f(2) -> f(c=1, k=1)",
    "latex C = 'c^{\\prime}'\nlatex: input(C) -> linear(C) -> concat(latex)",
    "def f(c, k=3) on (C, *S), other (D, *R), more (E, F) { conv(c, k, p=same) -> concat(other) -> from more }\n"
    "a: input(4, 5, 6)\nb: input(2, 3)\nfrom a -> f(2, other=a, more=b)",
    "input(8) -> for i in 0..3 { b[i]: { linear(8) } -> c[i][2*i]: add(b[i], x) }\n"
    "from b[1] -> linear(8, tied=b[0]) -> attention[0]: reuse(b[2]) -> from c[1][2]",
    "input(3, H, W) -> for i in 0..n { p[2*i + 1]: conv(8, 3, p=1) -> concat(p[2*i + 1]) }\n"
    "a: gap -> h: linear(k) -> from a -> q[0]: linear(2)\noutput(h, q[0], x)",
    "for_x: input(8)\nfor (a, b) in [(1, 2), (3, 4)] { linear(a*b) -> add { id } { relu } { let z = a\nlinear(z*b) } }",
]


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_printed_file_parses_to_the_same_network(path: Path) -> None:
    """The IR of `str(net)` is that of the file, though what the file brings in with `use` stands in it."""
    net = sp.load(path)
    again = sp.parse(str(net))
    assert again.program == net.program
    assert again.quantity("params") == net.quantity("params")


@pytest.mark.parametrize("text", TEXTS)
def test_printed_text_parses_to_the_same_network(text: str) -> None:
    net = sp.parse(text)
    again = sp.parse(str(net))
    assert again.program == net.program
    assert str(again) == str(net)
    assert again.output_shape == net.output_shape


STATEMENTS = [
    '"what it does"',
    "also Mine, other",
    "let state = out*2",
    "require C % 2 == 0 and not out == 3",
    'require C > 1, "C is small"',
    "weight kernel(out, C/2)",
    "weight bias(out) if out > 4",
    "weight part[i](out)",
    "state mean(C)",
    "output (out, *S) if out > 1 else (1, *S)",
    "macs out*C",
    "idle -out",
    "field",
    "field S(out, 1, 2*C)",
    "for (i, c) in [(0, 1), (1, 2)] { weight w[i](c) }",
    'example "input(4, 8) -> mine(2)"',
    'build torch "nn.Identity()"',
]


@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6), st.data())
def test_statements_of_a_rule_may_share_a_line(statements: list[str], data: st.DataObject) -> None:
    gaps = [data.draw(st.sampled_from([" ", "  ", "\n", "\n\n", " # and\n"])) for _ in statements]
    mixed = "".join(f"{statement}{gap}" for statement, gap in zip(statements, gaps))
    lines = "\n".join(statements)
    rules = [parse(Source("", f"layer mine(out) on (C, *S) {{ {body} }}")) for body in (mixed, lines)]
    assert rules[0] == rules[1] == parse(Source("", "\n".join(map(unparse, rules[0]))))


def test_an_if_behind_a_statement_belongs_to_it() -> None:
    """A branch begins a line of its own, and stages of a chain have an arrow or a new line between them."""
    with pytest.raises(sp.SymparamsError):
        sp.parse("layer mine(out) on (C) { output (out,) if out > 1 { weight w(C) } }\ninput(3) -> mine(2)")
    with pytest.raises(sp.SymparamsError, match="'->' or a new line"):
        sp.parse("input(3) { linear(2) linear(3) }")
    with pytest.raises(sp.SymparamsError, match="'->' or a new line"):
        sp.parse("input(3) -> linear(2) linear(3)")
