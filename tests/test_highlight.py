"""Highlighting: every program is covered, and the words of the grammar are seen for what they are."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, String, Token

from symparams.editors.highlight import ArchLexer
from symparams.language.parser import grammar_folder

ROOT = Path(__file__).parent.parent
ACCEPTANCE = ROOT.parent / "shared" / "acceptance" / "programs"
PROGRAMS = [
    *sorted((ROOT / "symparams" / "zoo").glob("*.arch")),
    *sorted(Path(grammar_folder(), "layers").glob("*.arch")),
    *sorted(ACCEPTANCE.glob("*.arch")),
]


def tokens(text: str) -> list[tuple[Token, str]]:
    return [(kind, value) for _, kind, value in ArchLexer().get_tokens_unprocessed(text)]


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_program_is_covered(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = tokens(text)
    assert "".join(value for _, value in found) == text
    assert not [value for kind, value in found if kind is Error]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("net f(w=64)", Keyword, "net"),
        ("def f(c) on (C, *S) { relu }", Keyword, "on"),
        ("if s != 1 { relu } else { id }", Keyword, "else"),
        ("if s != 1 { relu }", Name, "s"),
        ("repeat(n) { conv(8, 3) }", Name.Function, "conv"),
        ("conv(8, k=3)", Name.Attribute, "k"),
        ("e1: conv(8, 3)", Name.Label, "e1"),
        ("e[i + 1]: conv(8, 3)", Name.Label, "e"),
        ("x[i][2]: conv(8, 3)", Name.Label, "x"),
        ("conv(8, bias=false)", Keyword.Constant, "false"),
        ("assume H % 2 == 0 and W > 3", Operator.Word, "and"),
        ("linear(0.25)", Number, "0.25"),
        ('rearrange("c h -> h c")', String, '"c h -> h c"'),
        ("relu # then", Comment.Single, "# then"),
        ("output[1] + 1", Name.Function, "output"),
        ("layer f {\n  output (C, *S)\n}", Keyword, "output"),
        ("layer f {\n  weight kernel(out, C)\n}", Name.Function, "kernel"),
        ("relu -> α_1", Name.Function, "α_1"),
    ],
)
def test_what_words_are(text: str, kind: Token, value: str) -> None:
    assert (kind, value) in tokens(text)


def test_what_is_no_program_is_an_error_token_at_most() -> None:
    assert (Error, "?") in tokens("conv(3) ?")


def test_the_package_registers_the_lexer() -> None:
    registered = {point.value for point in entry_points(group="pygments.lexers") if point.name == "arch"}
    settings = ROOT / "pyproject.toml"
    if settings.exists():
        registered |= set(re.findall(r'^arch = "(.*)"$', settings.read_text(encoding="utf-8"), re.M))
    assert registered == {f"{ArchLexer.__module__}:{ArchLexer.__name__}"}
    assert "arch" in ArchLexer.aliases and "*.arch" in ArchLexer.filenames
