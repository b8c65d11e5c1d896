"""Numbers that become symbols wherever they are widths: the same network at their values, and the code's at others."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import symparams as sp
from symparams.cli import main
from symparams.errors import Source, SourceParts, SymparamsError
from symparams.translate.lifting import lifts
from symparams.translate.program import proposed, translated

NET = """
import torch.nn as nn

class Net(nn.Module):
    def __init__(self, n=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1)
        self.deep = nn.Conv2d(16, 16, 3, padding=1, groups=16)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(32 * 4 * 4, n)

    def forward(self, x):
        x = self.pool(self.deep(self.conv1(x)))
        return self.fc(self.pool(self.conv2(x)).view(-1, 512))
"""


FLAT = NET.replace("view(-1, 512)", "flatten(1)")


def _translate(folder: Path, *options: str, text: str = NET) -> Result:
    (folder / "net.py").write_text(text)
    return CliRunner().invoke(main, ["translate", str(folder / "net.py"), "--input", "3,16,16", *options])


def test_widths_and_what_follows_from_them(tmp_path: Path) -> None:
    result = _translate(tmp_path, "--lift", "16=w,32=2*w,512=32*w", text=NET.replace("32 * 4 * 4", "512"))
    assert result.exit_code == 0, result.output
    net = sp.parse(result.output)
    plain = sp.parse(_translate(tmp_path).output)
    assert (net(w=16).params, net(w=16).macs) == (plain.params, plain.macs)
    assert set(map(str, net.symbols.values())) == {"w"}
    assert net.layers["deep"].params == net.layers["deep"].params.subs({}) and "g=w" in result.output


def test_what_the_code_does_not_follow_is_refused(tmp_path: Path) -> None:
    assert _translate(tmp_path, "--lift", "16=w", text=FLAT).exit_code == 0
    text = FLAT.replace("class Net", "half = 16\n\nclass Net").replace("nn.Conv2d(16, 32", "nn.Conv2d(16, half + half")
    result = _translate(tmp_path, "--lift", "16=w", text=text.replace("32 * 4 * 4", "2 * half * 4 * 4"))
    assert result.exit_code == 1
    assert "with 32 in place of 16 the code has" in result.output


def test_a_number_that_is_not_only_a_width_is_refused(tmp_path: Path) -> None:
    """The kernel of 3 is the number of classes as well: the code with another number is another network."""
    result = _translate(tmp_path, "--lift", "3=n", text=NET.replace("n=10", "n=3"))
    assert result.exit_code == 1 or "not checked" in result.stderr


@pytest.mark.parametrize(
    ("lift", "said"),
    [
        ("w", "'w' lifts nothing"),
        ("16=", "'16=' lifts nothing"),
        ("16=w*v", "has several symbols"),
        ("16=7*w", "for no whole number"),
        ("77=w", "no width is 77"),
        ("16=w+", "error"),
        ("0=w", "error"),
    ],
)
def test_what_lifts_nothing_is_said(lift: str, said: str, tmp_path: Path) -> None:
    result = _translate(tmp_path, "--lift", lift)
    assert result.exit_code == 1 and said in result.output and "Traceback" not in result.output


def test_proposals_can_be_followed(tmp_path: Path) -> None:
    offered = _translate(tmp_path, "--lift").output
    assert offered == "--lift 16=w,32=2*w\n"
    followed = _translate(tmp_path, *offered.split(), text=FLAT)
    assert followed.exit_code == 0, followed.output
    assert "not checked" not in followed.stderr


@pytest.mark.parametrize("widths", [(4, 8), (8, 8), (6, 30), (5, 40)])
def test_reshapes_and_slices_follow(widths: tuple[int, int]) -> None:
    """The size of the image is that of a width: only what follows from the width is lifted."""
    one, two = widths
    text = f"""net A
input(3, 8, 8)
first: conv({one}, 3, p=1)
second: conv({2 * one}, 1)
slice(0, {one}, {2 * one})
reshape({one}, 64)
permute(1, 0)
linear({two})
"""
    source = Source("a.txt", text, parts=SourceParts(text, {}))
    lifted = translated(source, lifts(f"{one}=c,{2 * one}=2*c"))
    net, plain = sp.parse(lifted), sp.parse(text)
    assert net(c=one).params == plain.params and net(c=one).output == plain.output
    for c in (one + 1, 3 * one):
        again = sp.parse(
            text.replace(f"conv({one},", f"conv({c},")
            .replace(f"conv({2 * one},", f"conv({2 * c},")
            .replace(f"slice(0, {one}, {2 * one})", f"slice(0, {c}, {2 * c})")
            .replace(f"reshape({one}, 64)", f"reshape({c}, 64)")
        )
        expected = again.params if two not in (one, 2 * one) else None
        assert expected is None or net(c=c).params == expected


def test_what_does_not_carry_through_is_said() -> None:
    text = "net A\ninput(8, 8, 8) -> residual { conv(8, 3, p=1) }"
    with pytest.raises(SymparamsError, match="does not carry through"):
        translated(Source("a.txt", text, parts=SourceParts(text, {})), lifts("8=w"))
    assert [lift.number for lift in proposed(Source("a.txt", text))] == [8]
