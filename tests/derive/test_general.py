"""Layers from first principles: in every format and language, true, with the picture of the window."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from engines import compile_latex, program
from page_reader import PageReading

import symparams as sp
from symparams.cli import main
from symparams.derive.document import Windows
from symparams.derive.general_layers import GENERAL
from symparams.derive.messages import languages
from symparams.render.derivation import FORMATS
from symparams.render.first_principles import FirstPrinciples
from symparams.render.sliding_windows import window_svg, window_text


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["derive", *arguments])
    return done.exit_code, done.output


@pytest.mark.parametrize("layer", GENERAL)
@pytest.mark.parametrize("language", languages())
def test_every_layer_has_a_page_in_every_format(layer: str, language: str) -> None:
    page = FirstPrinciples(layer, lang=language)
    assert all(page.to(target) for target in FORMATS if target != "formula")


@pytest.mark.parametrize("layer", GENERAL)
def test_every_equality_is_true(layer: str) -> None:
    numbers = GENERAL[layer].numbers
    reading = PageReading({name: Fraction(value) for name, value in numbers.items()}, random.Random(1))
    reading.read(FirstPrinciples(layer).markdown())
    net = sp.parse(GENERAL[layer].program)(**numbers)
    assert reading.results.get("P", Fraction(0)) == net.params and reading.results.get("M", Fraction(0)) == net.macs


def test_the_numbers_are_those_of_the_textbook() -> None:
    text = FirstPrinciples("conv").text()
    assert "P = F·(C·k²/G + 1)" in text and "9,472" in text and "118,013,952" in text and "= 112" in text


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("layer", ["conv", "lstm", "attention"])
def test_pages_compile_with_the_picture(layer: str, language: str, tmp_path: Path) -> None:
    program("pdflatex")
    source = FirstPrinciples(layer, lang=language).tex()
    assert ("tikzpicture" in source) == GENERAL[layer].window
    compile_latex("xelatex" if source.startswith("% !TEX program = xelatex") else "pdflatex", source, tmp_path)


@pytest.mark.parametrize("picture", [Windows(9, 1, 3, 2), Windows(5, 0, 2, 2), Windows(6, 2, 4, 3)])
def test_the_picture_has_a_bar_for_each_window_that_fits(picture: Windows) -> None:
    windows = (picture.rows + 2 * picture.padding - picture.kernel) // picture.stride + 1
    bars = [line for line in window_text(picture).split("\n") if "[" in line]
    assert len(bars) == windows and len({line.count("-") for line in bars}) == 1
    svg = ElementTree.fromstring(window_svg(picture))
    assert len(svg.findall("text")) == picture.all_rows and len(svg.findall("rect")) == picture.all_rows + windows
    assert max(map(len, bars)) <= len(window_text(picture).split("\n")[0])


def test_the_command() -> None:
    status, text = run("--general", "lstm", "--lang", "zh")
    assert status == 0 and re.search("[一-鿿]", text)
    assert run("--general", "convv")[0] == 2 and "did you mean 'conv'?" in run("--general", "convv")[1]
    assert run("--general", "conv", "-e", "input(3)")[0] == 2
    assert run("--general", "pool")[1].startswith("Max pooling from first principles")
