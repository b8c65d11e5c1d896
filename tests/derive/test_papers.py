"""What authors put into papers and slides: one formula, numbered formulas, narrow columns."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from click.testing import CliRunner
from engines import compile_latex, program
from networks import derivation, fixed_networks

import symparams as sp
from symparams.api import Network
from symparams.cli import main
from symparams.derive.document import Shares
from symparams.evaluate.figures import DERIVED
from symparams.render.typesetting import WIDTHS, Typesetting, width_in_points

NETWORKS = [name for name in sorted(fixed_networks()) if "free" not in name][::4]
HEAD = r"\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{amsmath,amssymb,booktabs,longtable,array}"
FRAMES = {
    "twocolumn": r"\documentclass[10pt,twocolumn]{article}\usepackage[textwidth=468pt,columnsep=10pt]{geometry}",
    "beamer": r"\documentclass[10pt]{article}\usepackage[textwidth=307pt]{geometry}",
}


def written(net: Network, *arguments: str) -> str:
    done = CliRunner().invoke(main, ["derive", "-e", str(net), *arguments])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_one_formula_alone() -> None:
    net = sp.parse("input(C, H, W) -> conv1: conv(M, 3) -> gap -> fc: linear(10)")
    assert net.derive().formula() == "P = 9 C M + 11 M + 10\n"
    assert net.derive(layer="conv1").formula() == "P_{\\mathrm{conv1}} = M (9 C + 1)\n"
    assert net.derive(what="macs").formula().startswith("M_{\\mathrm{total}} = ")
    assert written(net, "--format", "formula") == net.derive().formula()
    assert net.derive()._repr_latex_() == r"$\displaystyle P = 9 C M + 11 M + 10$"


def test_all_figures_have_one_word() -> None:
    net = sp.parse("input(3) -> linear(4)")
    assert net.derive(what="all") == net.derive(what=tuple(DERIVED))


def test_formulas_have_numbers_and_labels_of_their_own(tmp_path: Path) -> None:
    program("pdflatex")
    source = sp.zoo.resnet50().derive(typesetting=Typesetting(numbered=True)).tex()
    labels = re.findall(r"\\label\{(.*?)\}", source)
    assert len(labels) == source.count("begin{equation}") == len(set(labels)) > 5
    assert all(re.fullmatch(r"eq:[A-Za-z0-9-]+", label) for label in labels)
    compile_latex("pdflatex", source.replace(r"\end{document}", rf"\eqref{{{labels[0]}}}\end{{document}}"), tmp_path)


def test_headings_are_as_deep_as_is_asked_for() -> None:
    net = sp.parse("input(3) -> linear(4)")
    assert r"\section*" in net.derive(detail="full").latex()
    deeper = net.derive(detail="full", typesetting=Typesetting(level=1)).latex()
    assert r"\section*" not in deeper and r"\subsection*" in deeper


@pytest.mark.parametrize("width", sorted(FRAMES))
def test_narrow_texts_hold_every_formula(width: str, tmp_path: Path) -> None:
    program("pdflatex")
    parts = []
    for name in NETWORKS:
        fragment = derivation(name).net.derive(typesetting=Typesetting(WIDTHS[width])).latex()
        if fragment.isascii():
            parts.append(f"\\typeout{{PART {name}}}\n{fragment}")
    assert len(parts) > 3
    body = "\n\\clearpage\n".join(parts)
    compile_latex("pdflatex", f"{FRAMES[width]}{HEAD}\\begin{{document}}\n{body}\n\\end{{document}}\n", tmp_path)


@pytest.mark.parametrize(("text", "points"), [("twocolumn", 229.0), ("10cm", 284.5), ("300", 300.0), ("4in", 289.08)])
def test_widths_are_words_or_lengths(text: str, points: float) -> None:
    assert width_in_points(text) == pytest.approx(points)


@pytest.mark.parametrize("text", ["", "wide", "3cm", "1e9", "-4in", "9999pt"])
def test_other_widths_are_refused(text: str) -> None:
    with pytest.raises(sp.SymparamsError):
        width_in_points(text)


def test_numbers_for_siunitx() -> None:
    net = sp.parse("input(1000) -> linear(2000)")
    assert r"\num{2002000}" in net.derive(thousands="siunitx").latex()
    with pytest.raises(sp.SymparamsError, match="latex and document alone"):
        net.derive(thousands="siunitx").to("html")


@pytest.mark.parametrize("name", ["resnet50", "lstm_lm", "vgg"])
def test_pictures_show_shares_that_add_up(name: str, tmp_path: Path) -> None:
    program("pdflatex")
    page = sp.load(f"zoo:{name}")(**dict.fromkeys(sp.load(f"zoo:{name}").symbols, 224)).derive("all", pictures=True)
    pictures = [e for e in page.document(page.notation()).elements if isinstance(e, Shares)]
    assert len(pictures) == 2
    for picture in pictures:
        assert sum(share for _, share, _ in picture.bars) == pytest.approx(1) and len(picture.bars) <= 13
    compile_latex("pdflatex", page.tex(), tmp_path)
    drawings = re.findall(r'<svg class="shares".*?</svg>', page.html())
    assert len(drawings) == 2 and all(ElementTree.fromstring(drawing) is not None for drawing in drawings)
    assert "####" in page.text() and "<svg" not in sp.load(f"zoo:{name}").derive().html()
