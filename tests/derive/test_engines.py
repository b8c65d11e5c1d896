"""Everything that is generated renders in the real engines: pdflatex, xelatex, KaTeX, MathJax, Chromium."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from engines import KATEX, MATHJAX, compile_latex, faults_of, node_modules, page_text
from networks import all_networks, fixed_networks
from test_truth import WHAT

import symparams as sp
from symparams.network import Network

GITHUB_FORBIDS = r"\\(operatorname|newcommand|def|phantom|mbox|bm|require|color|cancel|intertext|label|text)\b"
LONE = ("zoo resnet50 free", "zoo gpt2 free", "names", "wide")


def joined(engine: str, networks: list[tuple[str, Network]], language: str) -> str:
    """All fragments in one document, each on pages of its own, with its name in the log."""
    template = sp.parse("input(3) -> linear(2)").derive(lang=language).tex()
    if engine == "xelatex":
        template = sp.parse("input(3) -> linear(2)").derive(lang="zh").tex()
    head = template.split("\\begin{document}")[0]
    parts = [
        f"\\typeout{{PART {ascii(name)[1:-1]}}}\n{net.derive(WHAT, lang=language).latex()}" for name, net in networks
    ]
    return head + "\\begin{document}\n" + "\n\\clearpage\n".join(parts).replace("\\u", "u") + "\n\\end{document}\n"


def in_ascii(net: Network) -> bool:
    return net.derive(WHAT).latex().isascii()


def test_pdflatex_sets_every_fragment(tmp_path: Path) -> None:
    compile_latex(
        "pdflatex", joined("pdflatex", [(n, net) for n, net in all_networks() if in_ascii(net)], "en"), tmp_path
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_xelatex_sets_every_fragment(tmp_path: Path, language: str) -> None:
    networks = [(n, net) for n, net in all_networks() if language == "zh" or not in_ascii(net)]
    compile_latex("xelatex", joined("xelatex", networks, language), tmp_path)


@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
@pytest.mark.parametrize("name", LONE)
def test_documents_compile_as_they_are(name: str, detail: str, tmp_path: Path) -> None:
    for language in ("en", "zh"):
        source = fixed_networks()[name].derive(WHAT, lang=language, detail=detail).tex()
        compile_latex("xelatex" if source.startswith("% !TEX program = xelatex") else "pdflatex", source, tmp_path)


def formulas(markdown: str) -> list[tuple[str, bool]]:
    displays = re.findall(r"^```math\n(.*?)\n```$", markdown, re.S | re.M)
    lines = re.findall(r"\$`([^`]+)`\$", markdown)
    return [(text, True) for text in displays] + [(text, False) for text in lines]


@pytest.mark.parametrize(("engine", "package"), [(KATEX, "katex"), (MATHJAX, "mathjax")], ids=["katex", "mathjax"])
def test_formulas_render_in_browsers(engine: str, package: str) -> None:
    node_modules(package)
    found = [f for _, net in all_networks() for f in formulas(net.derive(WHAT, thousands="space").github())]
    found += [f for _, net in all_networks() for f in formulas(net.derive(WHAT).github())]
    faults = faults_of(engine, package, list(dict.fromkeys(found)))
    assert not faults, "\n".join(faults[:10])


def test_formulas_keep_to_the_subset() -> None:
    for name, net in all_networks():
        for text, _ in formulas(net.derive(WHAT).github()):
            assert text.isascii(), (name, text)
            assert not re.search(GITHUB_FORBIDS, text), (name, text)
            assert not re.search(r"[|#%~]|\\\\\s*\[|_[^{]|\^[^{]", text), (name, text)
            assert "\n\n" not in text


def test_pages_are_well_formed_and_need_nothing_else() -> None:
    for language in ("en", "zh"):
        for _, net in all_networks():
            page = net.derive(WHAT, lang=language).html()
            ElementTree.fromstring(re.sub(r"<!DOCTYPE html>|<meta[^>]*>", "", page))
            assert not re.search(r"https?://|<script|<link|@import|url\(", page)


@pytest.mark.parametrize("name", LONE)
def test_pages_open_in_the_browser(name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(fixed_networks()[name].derive(WHAT).html(), encoding="utf-8")
    shown = page_text(path, tmp_path / "profile")
    assert shown.count("<math") == path.read_text(encoding="utf-8").count("<math") > 5
    assert "merror" not in shown
