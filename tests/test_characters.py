"""Names are Python's, in one form at every door; signs that look like the language's are read as what they mean."""

from __future__ import annotations

import json
import re
from random import Random
from time import monotonic
from unicodedata import normalize

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

import symparams as sp
from symparams import SymparamsError
from symparams.cli import main
from symparams.editors.highlight import ArchLexer
from symparams.errors import Source
from symparams.language.characters import LOOK_ALIKES, as_read, read
from symparams.language.lexer import RESERVED
from symparams.language.parser import parse
from symparams.prompt.completion import candidates
from symparams.prompt.session import Session

# Letters that are others in their normal form, letters of many scripts, marks, digits.
UNSTABLE = "ＣｗµΩKÅﬁﬀⅷⅫℂℍ𝐀𝛼𝟙ſªºǅℵ₀₉"
LETTERS = "aZ_éñßøαμΩжя名漢あアﾊ한ابשʼ"
MARKS = "\u0301\u0302\u0323\u0327\u20d7०٣１"
names = st.text(
    st.sampled_from(UNSTABLE + LETTERS + MARKS) | st.characters(categories=["L", "Nl"]), min_size=1, max_size=5
)


@given(names)
def test_a_name_is_one_at_every_door(name: str) -> None:
    own = normalize("NFKC", name)
    assume(name.isidentifier() and own not in RESERVED and not name.isascii())
    assume(as_read(name) == own and own not in ("Σ", "mod"))  # superscript letters are exponents
    net = sp.parse(f"input({name}, 8) -> {name}_1: linear(2*{own})")
    assert list(net.symbols) == [own] and list(net.layers) == [f"{own}_1"]
    expected = net(**{own: 3}).params
    assert net(**{name: 3}).params == expected == sp.parse(f"input(3, 8) -> linear(2*{name})")(**{name: 3}).params
    assert net.symbols[name] == net.symbols[own] and net.layers[f"{name}_1"].params == net.params
    assert net(**{own: 3}).free(name).params == net.params
    assert net.function("params")(**{name: 3}) == expected
    assert sp.parse(str(net)).program == net.program


@pytest.mark.parametrize("name", ["Ｃ", "µ", "e\u0301", "ﬁ", "ℂ_ⅷ", "x\u0302"])
def test_the_command_line_and_the_prompt_know_a_name_in_every_form(name: str) -> None:
    own = normalize("NFKC", name)
    program = f"net f({own}=4)\ninput({name}, 8) -> linear({own})"
    expected = json.loads(CliRunner().invoke(main, ["-e", program, "--set", f"{own}=3", "--json"]).stdout)["params"]
    done = CliRunner().invoke(main, ["-e", program, "--set", f"{name}＝３", "--json"])
    assert json.loads(done.stdout)["params"] == expected == 27
    freed = json.loads(CliRunner().invoke(main, ["-e", program, "--free", name, "--json"]).stdout)
    assert freed["symbols"] == [own]
    session = Session()
    lines = [program, f"{name} = 3", "params", f"：free {name}", f"{name}", f"?{name}", f":reset {name}", "params"]
    said = [session.run(line).text for line in lines]
    assert said[2] == "27" and said[4] == own and said[7] == "36", said
    found = [candidate for candidate in candidates(f"params + {name}", session.state) if candidate.text == own]
    assert [candidate.length for candidate in found] == [len(name)]


@pytest.mark.parametrize("word", ["if", "net", "for", "true", "conv", "same"])
def test_words_in_full_width_are_words(word: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in word)
    program = "net f(w=2)\ninput(3, 8, 8)\nfor i in 0..2 { if i == 0 { conv(w, 3, p=same, bias=true) } }"
    assert parse(Source("", program.replace(word, wide))) == parse(Source("", program))


SIGNS = {meaning: [sign for sign, m in LOOK_ALIKES.items() if m == meaning] for meaning in LOOK_ALIKES.values()}
PIECE = re.compile("|".join(map(re.escape, sorted(SIGNS, key=len, reverse=True))) + "|.", re.S)
PROGRAMS = [
    "net f(w=64, v=(2, 3))\nassume w >= 1 and not w <= 0\ninput(3, H, W)\n"
    "x: conv(w*2/4 - 1 + v[0], 3, p=same) -> for i in 0..2 { relu }",
    "def f(c) on (C, *S) { if C != c { conv(c, 1) } else { id } }\ninput(C, H) -> f(4 % 3) -> rearrange('-> (')",
]


@pytest.mark.parametrize("program", PROGRAMS)
@given(seed=st.integers())
def test_every_look_alike_is_what_it_means_at_each_place(program: str, seed: int) -> None:
    """The program is the same, and its tokens stand where they stood, though the signs and blanks are others."""
    choose = Random(seed).choice
    plain, quote, text = program.partition("'")
    written, places = "", []
    for piece in PIECE.findall(plain):
        sign = choose([piece, *SIGNS.get(piece, [])])
        places += range(len(written), len(written) + len(piece)) if sign == piece else [len(written)] * len(piece)
        written += sign
    written += quote + text
    reading = read(written)
    assert reading.text == program
    assert parse(Source("", written)) == parse(Source("", program))
    assert [reading.starts[i] for i in range(len(plain))] == places
    assert "".join(value for _, _, value in ArchLexer().get_tokens_unprocessed(written)) == written


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("M²", "M**2"),
        ("M¹⁰", "M**10"),
        ("M⁻¹*N", "M**-1*N"),
        ("2ⁿ⁺¹", "2**(n + 1)"),
        ("(M + 1)²", "(M + 1)**2"),
        ("−M² + 9", "-M**2 + 9"),
        ("２＊Ｍ", "2*M"),
        ("⌊(H − 1)÷2⌋ + ⌈k⌉", "floor((H - 1)/2) + ceil(k)"),
        ("√M·√(4×n)", "sqrt(M)*sqrt(4*n)"),
        ("M₁", "M1"),
    ],
)
def test_a_formula_is_what_it_means(written: str, meant: str) -> None:
    assert parse(Source("", f"input(3) -> linear({written})")) == parse(Source("", f"input(3) -> linear({meant})"))


@pytest.mark.parametrize("quotes", ["“”", "””", "„“", "＂＂", "‘’", "＇＇"])
def test_quotes_of_every_kind_hold_a_text(quotes: str) -> None:
    text = f"input(C, H) -> rearrange({quotes[0]}c h -> h c{quotes[1]})"
    assert sp.parse(text).output == sp.parse('input(C, H) -> rearrange("c h -> h c")').output


@pytest.mark.parametrize("fraction", "½⅓¾⅞↉")
@pytest.mark.parametrize(("before", "after"), [("", ""), ("3", ""), ("", "*n"), ("M3", ""), ("f(2)", "")])
def test_a_vulgar_fraction_is_an_error_whose_hint_works(fraction: str, before: str, after: str) -> None:
    text = f"input(8)\ninput({before}{fraction}{after}) -> linear(3)"
    with pytest.raises(SymparamsError) as caught:
        sp.parse(text)
    hint = (caught.value.hint or "").removeprefix("write ")
    hint = hint if before in ("", "3") else before + hint
    assert caught.value.position == (2, 7 + len(before))
    assert parse(Source("", text.replace(f"{before}{fraction}", hint)))


@pytest.mark.parametrize("sign", "∂①㎡™⑴​∞©")
@pytest.mark.parametrize("name", ["{}", "C{}", "{}C", "é{}"])
def test_what_is_no_name_in_python_is_an_error_at_its_place(sign: str, name: str) -> None:
    text = f"input(３， Ｈ) -> linear({name.format(sign)})"
    with pytest.raises(SymparamsError) as caught:
        sp.parse(text)
    assert caught.value.position == (1, text.index(sign) + 1)


def test_a_long_name_that_is_none_is_refused_at_once() -> None:
    began = monotonic()
    with pytest.raises(SymparamsError):
        sp.parse(f"input({'é' * 300_000}∂)")
    assert monotonic() - began < 5


@given(st.sampled_from(["→", "（", "Ｃ", "²", "，", "　", "≤"]), st.integers(0, 3))
def test_places_are_those_of_the_text_as_it_was_written(sign: str, times: int) -> None:
    text = f"# {sign * times}\ninput(Ｃ，　8) →　relu → lin(3²)"
    with pytest.raises(SymparamsError) as caught:
        sp.parse(text)
    span = caught.value.span
    assert span and span.text.startswith("lin") and caught.value.position == (2, text.split("\n")[1].index("lin") + 1)


def test_a_number_before_a_name_multiplies_at_the_prompt_only() -> None:
    with pytest.raises(SymparamsError, match=r"3\*x"):
        sp.parse("input(M) -> linear(3M)")
    session = Session()
    session.run("input(M) -> linear(e3)")
    for written, meant in [("64M", "64*M"), ("2(M + 1)", "2*M + 2"), ("3⌊M/2⌋", "3*(M//2)"), ("2√M", "2*sqrt(M)")]:
        assert session.run(written).text == session.run(meant).text
    for unclear in ("1/2M", "2**2M", "M % 2M", "√2M"):
        assert "two ways" in session.run(unclear).text
