"""The shares of the layers, and their bars in the table on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import symparams as sp
from symparams.tables.bars import EIGHTHS, LENGTHS, bar, share_text, shares

CIFAR = """input(3, 32, 32)
conv1: conv(32, 3, p=1) -> relu -> maxpool(2)
conv2: conv(64, 3, p=1) -> relu -> maxpool(2)
flatten -> fc1: linear(128) -> relu -> fc2: linear(10)
"""


@pytest.mark.parametrize("name", sp.zoo.names())
@pytest.mark.parametrize("depth", [0, None])
def test_shares_are_the_whole(name: str, depth: int | None) -> None:
    net = sp.load(f"zoo:{name}")
    found = shares(net, net.rows(depth))
    assert found is not None and sum(found) == 1 and min(found) >= 0


def test_shares_of_symbols_are_numbers_or_none() -> None:
    repeated = sp.parse("input(T, d) -> repeat(L) { linear(d) -> relu -> linear(d) }")
    assert shares(repeated, repeated.rows()) == [Fraction(1, 2), 0, Fraction(1, 2)]
    open_width = sp.parse("input(d) -> linear(d) -> linear(3)")
    assert shares(open_width, open_width.rows()) is None
    empty = sp.parse("input(d) -> relu")
    assert shares(empty, empty.rows()) is None


@pytest.mark.parametrize("length", LENGTHS)
def test_bars_grow_with_the_share(length: int) -> None:
    bars = [bar(Fraction(i, 1000), length) for i in range(1, 1001)]
    assert max(map(len, bars)) == length == len(bars[-1])
    eighths = [sum(EIGHTHS.index(character) for character in drawn) for drawn in bars]
    assert eighths == sorted(eighths)


@pytest.mark.parametrize(
    ("share", "encoding", "shown"),
    [
        (Fraction(0), "utf-8", ""),
        (Fraction(1), "utf-8", "100.0 % ████"),
        (Fraction(1, 8), "utf-8", " 12.5 % ▌"),
        (Fraction(1, 100_000), "utf-8", "< 0.1 % ▏"),
        (Fraction(1, 2), "ascii", " 50.0 % ##"),
        (Fraction(1, 100), "ascii", "  1.0 %"),
        (Fraction(1, 2), "cp1252", " 50.0 % ##"),
    ],
)
def test_share_text(share: Fraction, encoding: str, shown: str) -> None:
    assert share_text(share, 4, encoding) == shown


def table(columns: int, program: Path, **environment: str) -> list[str]:
    """The lines of the table on a terminal of this width."""
    leader, follower = pty.openpty()
    variables = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1", **environment}
    code = "from symparams.cli import main; main()"
    process = subprocess.Popen([sys.executable, "-c", code, str(program)], stdout=follower, env=variables)
    process.wait(30)
    os.close(follower)
    printed = os.read(leader, 100_000).decode()
    os.close(leader)
    return printed.split("\r\n\r\n\r\n")[0].split("\r\n")


@pytest.mark.parametrize(("columns", "full"), [(50, None), (60, "███▉"), (80, "███▉"), (120, "███████▊")])
def test_no_row_is_folded(columns: int, full: str | None, tmp_path: Path) -> None:
    (tmp_path / "cifar.arch").write_text(CIFAR, encoding="utf-8")
    lines = table(columns, tmp_path / "cifar.arch", PYTHONIOENCODING="utf-8")
    assert max(map(len, lines)) <= columns
    (row,) = [line for line in lines if line.startswith(" fc1 ")]
    assert ("share" in "".join(lines)) == (full is not None)
    assert full is None or row.rstrip().endswith(f"96.2 % {full}")
