"""Everything that is generated renders in the real engines: pdflatex, xelatex, KaTeX, MathJax, Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines import KATEX, MATHJAX, browser, compile_latex, faults_of, faults_of_pages, node_modules, program
from markup import github_formulas
from networks import DETAILS, LANGUAGES, derivation, fixed_networks, written


def joined(template: str, fragments: dict[str, str]) -> str:
    """All fragments in one document with the head of a real one, each on pages of its own, with its name in the log."""
    head = template.split("\\begin{document}")[0]
    names = {name: ascii(name)[1:-1].replace("\\u", "u") for name in fragments}
    parts = [f"\\typeout{{PART {names[name]}}}\n{text}" for name, text in fragments.items()]
    return head + "\\begin{document}\n" + "\n\\clearpage\n".join(parts) + "\n\\end{document}\n"


def chinese_template() -> str:
    return derivation("wide", "zh").tex()


@pytest.mark.parametrize("detail", DETAILS)
def test_pdflatex_sets_every_fragment(detail: str, tmp_path: Path) -> None:
    program("pdflatex")
    fragments = {name: text for name, text in written("latex", "en", detail).items() if text.isascii()}
    assert fragments
    compile_latex("pdflatex", joined(derivation("wide").tex(), fragments), tmp_path)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_xelatex_sets_every_fragment(language: str, detail: str, tmp_path: Path) -> None:
    program("xelatex")
    compile_latex("xelatex", joined(chinese_template(), written("latex", language, detail)), tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*sorted(fixed_networks()), "random 1", "random 2", "random 3"])
def test_documents_compile_as_they_are(name: str, language: str, tmp_path: Path) -> None:
    program("pdflatex")
    source = derivation(name, language).tex()
    compile_latex("xelatex" if source.startswith("% !TEX program = xelatex") else "pdflatex", source, tmp_path)


@pytest.mark.parametrize(("engine", "package"), [(KATEX, "katex"), (MATHJAX, "mathjax")], ids=["katex", "mathjax"])
def test_formulas_render_in_browsers(engine: str, package: str) -> None:
    node_modules(package)
    pages = [written("github", language, detail) for language in LANGUAGES for detail in DETAILS]
    pages.append(written("github", thousands="space"))
    found = dict.fromkeys(formula for page in pages for text in page.values() for formula in github_formulas(text))
    faults = faults_of(engine, package, list(found))
    assert not faults, "\n".join(faults[:10])


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_open_in_the_browser(language: str, tmp_path: Path) -> None:
    browser()
    pages = written("html", language)
    names = list(pages)
    faults = faults_of_pages({str(i): page for i, page in enumerate(pages.values())}, tmp_path)
    assert not faults, "\n".join(f"{names[int(page[:-5])]}: {found}" for page, found in list(faults.items())[:10])
