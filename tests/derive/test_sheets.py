"""Problem sheets, and symbols that a program writes in its own way, in the real engines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engines import KATEX, MATHJAX, compile_latex, faults_of, faults_of_pages, node_modules

import symparams as sp
from symparams.language.chosen_spellings import _ACCENTS, _FONTS, _MARKS, _SYMBOLS
from symparams.render.mathml import mathml

ALLOWED = [
    *(rf"\{name}" for name in sorted(_SYMBOLS)),
    *(rf"\{name}{{A}}" for name in sorted(_FONTS | _ACCENTS)),
    *(rf"A_{{n,1}}^{{\{name}}}" for name in sorted(_MARKS)),
]


@pytest.mark.parametrize(("engine", "package"), [(KATEX, "katex"), (MATHJAX, "mathjax")], ids=["katex", "mathjax"])
def test_what_a_symbol_may_be_renders_in_browsers(engine: str, package: str) -> None:
    node_modules(package)
    assert faults_of(engine, package, [(text, True) for text in ALLOWED]) == []


def test_what_a_symbol_may_be_renders_on_paper(tmp_path: Path) -> None:
    head, body = sp.parse("input(3) -> linear(2)").derive().tex().split("\\begin{document}")
    formulas = "\n\n".join(f"${text}$" for text in ALLOWED)
    compile_latex("pdflatex", f"{head}\\begin{{document}}\n{formulas}\n{body}", tmp_path)


@pytest.mark.parametrize("text", ALLOWED)
def test_what_a_symbol_may_be_is_known_to_the_library(text: str) -> None:
    assert "\\" not in mathml(text)
    net = sp.parse(f'latex c = "{text}"\ninput(c) -> linear(c)')
    assert net.spellings["c"] == text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["resnet50", "gpt2", "inception_v3", "swin"])
def test_sheets_compile(name: str, language: str, tmp_path: Path) -> None:
    sheet = sp.load(f"zoo:{name}").exercise(seed=1, solutions=True, lang=language)
    source = sheet.tex()
    compile_latex("xelatex" if source.startswith("% !TEX program = xelatex") else "pdflatex", source, tmp_path)


def test_sheets_open_in_the_browser(tmp_path: Path) -> None:
    page = sp.load("zoo:resnet50").free("w").exercise(seed=1).html()
    assert page.count('class="blank"') > 40 and not re.search(r"https?://|<script|<link|@import|url\(", page)
    assert not faults_of_pages({"sheet": page}, tmp_path)
