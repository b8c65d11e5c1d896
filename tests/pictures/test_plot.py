"""Plots: their numbers, what is written in them and where, files, and what cannot be plotted."""

from __future__ import annotations

import itertools
import sys
import warnings
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from engines import missing
from pictured import PROGRAMS, ZOO, network

import symparams as sp
from symparams.api import Network
from symparams.cli import main
from symparams.errors import SymparamsError
from symparams.pictures.figure import KINDS, figure_of
from symparams.pictures.plot_rows import folded, shares, sizes

try:
    import matplotlib
    import squarify  # noqa: F401
except ImportError:
    missing("matplotlib, with squarify,")

from matplotlib.text import Text

from symparams.pictures import plot_page


def written(figure: Any) -> list[tuple[str, Any]]:
    """The texts of a figure with the boxes that they take, without its page."""
    figure.canvas.draw()
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    found = [(t.get_text(), t.get_window_extent()) for t in texts]
    return [(words, box) for words, box in found if box.width and box.height]


def check_texts(figure: Any) -> list[str]:
    """The texts lie inside the figure and apart from each other."""
    found = written(figure)
    for words, box in found:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{words!r} is cut: {box}"
    for (one, a), (other, b) in itertools.combinations(found, 2):
        apart = a.x1 <= b.x0 + 0.5 or b.x1 <= a.x0 + 0.5 or a.y1 <= b.y0 + 0.5 or b.y1 <= a.y0 + 0.5
        assert apart, f"{one!r} and {other!r} overlap"
    return [words for words, _ in found]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*PROGRAMS, *ZOO])
def test_nothing_overlaps_and_nothing_is_cut(name: str, kind: str) -> None:
    net = network(name)
    for depth in (0, 1, 9):
        assert check_texts(figure_of(net, kind, depth=depth))
    check_texts(figure_of(net, kind, theme="dark", lang="zh", what="macs"))


def test_the_bars_say_what_the_table_says() -> None:
    words = check_texts(figure_of(network("resnet50")))
    assert {"resnet50 (torch): 25,557,032 parameters", "bottleneck8 × 2", "8,925,184", "34.9 %", "linear1"} <= set(
        words
    )
    assert "other 3 layers" in words and "< 0.1 %" in words


def test_words_in_chinese() -> None:
    if not plot_page.chinese_fonts():
        missing("a font with Chinese characters")
    words = check_texts(figure_of(network("chinese"), lang="zh"))
    assert {"网络（torch）：参数量 164,298", "卷积", "占比", "累计"} <= set(words)


def test_a_chinese_font_that_is_newer_than_the_list_of_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    fonts = plot_page.font_manager.fontManager
    if not plot_page.chinese_fonts():
        missing("a font with Chinese characters")
    newer = {font.fname for font in fonts.ttflist if font.name in plot_page.CHINESE}
    monkeypatch.setattr(fonts, "ttflist", [font for font in fonts.ttflist if font.fname not in newer])
    plot_page._look_for_new_fonts.cache_clear()
    assert plot_page.chinese_fonts()


def test_without_a_chinese_font_the_words_are_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot_page, "CHINESE", ())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = figure_of(network("chinese"), lang="zh")
        figure.to("png")
    assert "running total" in [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("name", [*PROGRAMS, *ZOO])
@pytest.mark.parametrize("what", ["params", "macs"])
@pytest.mark.parametrize("depth", [0, 1, 9])
def test_shares_add_up(name: str, what: str, depth: int) -> None:
    net = network(name)
    rows = shares(net, what, depth)
    assert sum(row.share for row in rows) == 1
    assert sum(row.amount for row in rows) == net.quantity(what)
    few = folded(rows, 5, 0, "other {count}")
    assert sum(row.share for row in few) == 1 and sum(row.layers for row in few) == len(rows) and len(few) <= 6


def test_other_layers_are_put_together_in_one_row() -> None:
    rows = shares(network("resnet50"), "params")
    names = [row.name for row in folded(rows, 2, 0, "other {count} layers")]
    assert names == ["bottleneck7", "bottleneck8 × 2", "other 11 layers"]


def test_turns_that_differ_are_added_up() -> None:
    net = sp.parse("input(4, 32, 32) -> repeat(n) { concat { id } { conv(g, 3, p=1) } }\ngap -> linear(2)")(n=2000, g=3)
    rows = shares(net, "params")
    assert sum(row.amount for row in rows) == net.params
    assert [row.name for row in rows if row.share] == ["conv1 × 2,000", "linear1"]


def test_shares_that_do_not_depend_on_the_symbol_are_plotted() -> None:
    net = sp.parse("input(T, d) -> repeat(L) { linear(d, bias=false) -> linear(d) }")
    one = sp.parse("input(T, d) -> repeat(L) { linear(3*d, bias=false) -> linear(d, bias=false) }")
    assert [row.share for row in shares(one, "params")] == [Fraction(1, 2), Fraction(1, 2)]
    assert {"3d²·L", "linear1 × L", "50.0 %"} <= set(check_texts(figure_of(one)))
    with pytest.raises(SymparamsError):
        shares(net, "params")


def test_sizes_follow_the_layout() -> None:
    rows = {row.name: row for row in sizes(network("three_layers"))}
    assert rows["conv1"].axes == {"C": 16, "H": 32, "W": 32} and rows["conv1"].elements == 16384
    assert rows["fc"].axes == {} and rows["fc"].elements == 10
    assert sizes(network("keras"))[1].axes == {"H": 32, "W": 32, "C": 16}
    assert sizes(network("vectors"))[0].axes == {"C": 20, "L": 8}
    assert sizes(sp.load("zoo:gpt2"))[1].axes == {"T": 1024, "d": 768}


@pytest.mark.parametrize(
    ("program", "options", "message", "hint"),
    [
        (
            "input(d) -> linear(n) -> linear(2)",
            {},
            "the shares of the parameters depend on d and n, which are symbols",
            "put values in: --set d=12,n=5, in Python net(d=12, n=5)",
        ),
        (
            "net f(w=32)\ninput(3, H, H) -> conv(w, 3)",
            {"kind": "sizes"},
            "the sizes depend on H, which is a symbol",
            "put values in: --set H=12, in Python net(H=12)",
        ),
        (
            "input(C, H, W) -> conv(M, k, s, p, g=G)",
            {"kind": "sizes"},
            "the sizes depend on C, H, W, M, k, s and p, which are symbols",
            "put values in: --set C=10,H=32,W=28,M=24,k=3,s=2,p=2, "
            "in Python net(C=10, H=32, W=28, M=24, k=3, s=2, p=2)",
        ),
        ("input(3) -> relu", {}, "there is nothing to plot: the network has no parameters", None),
        ("input(3) -> linear(3)", {"kind": "cake"}, "'cake' is none of bar, pie, treemap and sizes", None),
        ("input(3) -> linear(3)", {"what": "flops"}, "'flops' is none of params, macs and activations", None),
        ("input(3) -> linear(3)", {"theme": "blue"}, "there is no theme 'blue'", "the themes are light and dark"),
        ("input(3) -> linear(3)", {"lang": "xx"}, "there is no language 'xx'", "the languages are de, en and zh"),
    ],
)
def test_what_cannot_be_plotted(program: str, options: dict[str, Any], message: str, hint: str | None) -> None:
    with pytest.raises(SymparamsError) as raised:
        figure_of(sp.parse(program), **options)
    assert (raised.value.message, raised.value.hint) == (message, hint)


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("symparams.pictures")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = CliRunner().invoke(main, ["plot", "-e", "input(3) -> linear(3)", "-o", "share.svg"])
    fault = "error: plots are drawn by matplotlib, which is not installed\n"
    assert (result.exit_code, result.output) == (1, fault + '  hint: pip install "symparams[plot]"\n')


STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("form", STARTS)
def test_files_are_the_same_each_time(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"share.{form}"
    contents = []
    for _ in range(2):
        result = CliRunner().invoke(main, ["plot", "zoo:lenet5", "-o", str(path), "--kind", "treemap"])
        assert (result.exit_code, result.output) == (0, "")
        contents.append(path.read_bytes())
    assert contents[0] == contents[1] and contents[0].startswith(STARTS[form])
    if form == "svg":
        ElementTree.fromstring(contents[0])
    assert list(tmp_path.iterdir()) == [path]


def test_a_plot_goes_to_a_file_or_a_pipe() -> None:
    run = CliRunner().invoke
    assert run(main, ["plot", "zoo:lenet5", "--format", "png"]).stdout_bytes.startswith(b"\x89PNG")
    assert run(main, ["plot", "zoo:lenet5"]).exit_code == 2
    assert "does not say which format" in run(main, ["plot", "zoo:lenet5", "-o", "share.jpg"]).output
    assert "cannot write" in run(main, ["plot", "zoo:lenet5", "-o", "/no/such/folder/share.svg"]).output


def test_a_network_plots_itself() -> None:
    net: Network = network("three_layers")
    figure = net.plot("pie", what="macs", theme="dark")
    assert isinstance(figure, matplotlib.figure.Figure)
    assert figure._repr_png_().startswith(b"\x89PNG")
