"""--fix, --fix-delimiters, --against, what the command prints, and the prompt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from symparams.api import parse
from symparams.check.asked import check_asked
from symparams.check.checking import check_text
from symparams.check.mending import mended, with_rendered_delimiters
from symparams.cli import main
from symparams.errors import SymparamsError
from symparams.prompt.session import Session

NOTE = """# Two convolutions

- **conv1:**
\\[
(3 \\times 3 \\times 16) \\times 64 + 64 = 2,304 + 64 = 2,368
\\]
- **conv2:** 3·3·64·64 + 64 = 11,664 + 64 = 11,728
- together: \\(2,368 + 11,728 = 14,096\\)

| layer | parameters |
|---|---|
| conv1 | 2,368 |
| conv2 | 11,728 |
| total | 14,096 |

Total parameters: 14,096. The kernel_size=3 stays.
"""
PROGRAM = "input(16, 8, 8)\nconv1: conv(64, 3, p=1)\nconv2: conv(64, 3, p=1)"
RIGHT = {"2,304": "9,216", "2,368": "9,280", "11,664": "36,864", "11,728": "36,928", "14,096": "46,208"}


def test_only_false_numbers_change_and_all_that_follows() -> None:
    made = mended(NOTE, check_text)
    wanted = NOTE
    for old, new in RIGHT.items():
        wanted = wanted.replace(old, new)
    assert made.text == wanted
    assert made.left.is_true and check_text(made.text, network=parse(PROGRAM)).is_true


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("$2{,}304 + 64 = 2{,}386$", "$2{,}304 + 64 = 2{,}368$"),
        ("2_304 + 64 = 2_386", "2_304 + 64 = 2_368"),
        ("1792 = 1.97K, 3·3 = 9", "1792 = 1.79K, 3·3 = 9"),
        ("16 / 3 ≈ 5.43", "16 / 3 ≈ 5.33"),
        ("3·4 = 12", "3·4 = 12"),
        ("5·5·6 + 6 = 150 + 5 = 155", "5·5·6 + 6 = 150 + 6 = 156"),
        ("$2(n + 1) = 2n + 1$", "$2(n + 1) = 2n + 1$"),
    ],
)
def test_a_number_is_mended_in_its_own_manner(before: str, after: str) -> None:
    assert mended(before, check_text).text == after


def test_a_page_of_the_web_is_shown_and_not_mended() -> None:
    page = (
        "<!DOCTYPE html>\n<p>It has <math><mn>3</mn><mo>&#x22C5;</mo><mn>4</mn><mo>=</mo><mn>13</mn></math> parts.</p>"
    )
    assert "3 ⋅ 4 is 12, not 13" in str(check_asked(page, "page"))
    with pytest.raises(SymparamsError, match="not mended"):
        mended(page, check_text)


def test_delimiters_become_those_that_are_rendered() -> None:
    after = with_rendered_delimiters(NOTE + "\n`\\(x\\)` and\n```\n\\[ y \\]\n```\n")
    assert "\n$$\n(3 \\times 3 \\times 16) \\times 64 + 64 = 2,304 + 64 = 2,368\n$$\n" in after
    assert "$2,368 + 11,728 = 14,096$" in after
    assert "`\\(x\\)`" in after and "\\[ y \\]" in after
    assert check_text(after).record()["checked"] == check_text(NOTE).record()["checked"]


def test_claims_are_compared_with_the_network() -> None:
    found = check_text(NOTE, network=parse(PROGRAM))
    assert [claim[1:] for claim in found.against] == [
        ("conv1", 2368, 9280),
        ("conv2", 11728, 36928),
        ("total", 14096, 46208),
        ("total", 14096, 46208),
    ]
    shapes = (
        "| layer | output | params |\n|---|---|---|\n| conv1 | (64, 8, 8) | 9,280 |\n| conv2 | (64, 4, 4) | 36,928 |\n"
    )
    assert [claim[1:] for claim in check_text(shapes, network=parse(PROGRAM)).against] == [
        ("conv2", (64, 4, 4), (64, 8, 8))
    ]


def command(tmp_path: Path, *arguments: str, note: str = NOTE) -> Result:
    (tmp_path / "note.md").write_text(note, encoding="utf-8")
    (tmp_path / "net.arch").write_text(PROGRAM, encoding="utf-8")
    return CliRunner().invoke(main, ["check", str(tmp_path / "note.md"), *arguments])


def test_the_record_and_the_status(tmp_path: Path) -> None:
    result = command(tmp_path, "--json", "--against", str(tmp_path / "net.arch"))
    record = json.loads(result.output)
    assert result.exit_code == 1 and record["checked"] == 6
    first = record["false"][0]
    assert (first["line"], first["column"], first["left_value"], first["right_value"]) == (5, 1, 9280, 2368)
    assert first["follows"] == [8, 12, 14, 16]
    assert record["against"][0] == {"line": 12, "layer": "conv1", "claimed": 2368, "network": 9280}
    assert command(tmp_path, note="3·3 = 9").exit_code == 0


def test_a_caret_stands_under_what_is_false(tmp_path: Path) -> None:
    shown = command(tmp_path, note="so 3·3·64 = 567 weights").output.splitlines()
    assert shown[0].endswith("note.md:1:4: false: 3·3·64 is 576, not 567")
    assert shown[2].index("^") - shown[1].index("3·3") == 0 and shown[2].count("^") == len("3·3·64 = 567")


def test_the_mended_text_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    result = command(tmp_path, "--fix", "--fix-delimiters", "-o", str(out))
    assert result.exit_code == 1 and "11 numbers changed" in result.output
    assert check_text(out.read_text(encoding="utf-8")).is_true and "$$" in out.read_text(encoding="utf-8")
    assert (tmp_path / "note.md").read_text(encoding="utf-8") == NOTE
    command(tmp_path, "--fix")
    assert check_text((tmp_path / "note.md").read_text(encoding="utf-8")).is_true


@pytest.mark.parametrize(
    "note",
    [
        "$" + "\\frac{1}{" * 10_000 + "2" + "}" * 10_000 + " = 3$",
        "$" + "(" * 10_000 + "1" + ")" * 10_000 + " = 2$",
        "(" * 10_000 + "1" + ")" * 10_000 + " = 2",
        "$9^{9^{9^{9}}} = 1$ and $" + "9" * 50_000 + " = 1$",
        "$$" * 20_000,
        "1 = " * 5_000,
        "1+" * 20_000 + "1 = 2",
        "\\begin{align}" * 3_000,
        "| total | 1 |\n" * 2_000,
        "k is odd, " * 3_000,
        "x\u202ey = 1\x00",
    ],
    ids=range(11),
)
def test_what_is_hostile_is_answered(note: str, tmp_path: Path) -> None:
    result = command(tmp_path, "--json", note=note)
    assert result.exit_code in (0, 1) and not isinstance(result.exception, (RecursionError, MemoryError))
    assert json.loads(result.output)


def test_what_is_too_long_is_refused(tmp_path: Path) -> None:
    result = command(tmp_path, note="a" * 2_000_001)
    assert result.exit_code == 1 and "at most 2,000,000 are checked" in result.stderr
    assert "cannot read" in CliRunner().invoke(main, ["check", str(tmp_path / "none.md")]).stderr


def test_the_prompt_checks() -> None:
    session = Session()
    assert "3*3*64*64 + 64 is 36,928, not 11,728" in session.run(":check 3*3*64*64 + 64 = 11728").text
    assert session.run(":check k^2 C + k = k(k C + 1)").text == "1 equality checked, none false"
    with pytest.raises(SymparamsError, match="no equality"):
        check_asked("nothing = here at all", "line")
