"""Every fault is shown with its place, what is wrong and what would be right: the texts are golden files.

A case is a program in `errors/NAME.arch`, with options for the command in its first line after `# args:`, and the text
that it gives in `errors/NAME.txt`. With UPDATE_GOLDEN=1 the texts are written anew, for a person to look at.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from symparams.cli import main

FOLDER = Path(__file__).parent / "errors"
CASES = sorted(FOLDER.glob("*.arch"))


def run(case: Path, *more: str) -> tuple[int, str, str]:
    first = case.read_text(encoding="utf-8").splitlines()[:1]
    words = first[0].removeprefix("# args:").split() if first and first[0].startswith("# args:") else []
    cwd = os.getcwd()
    os.chdir(FOLDER)
    try:
        result = CliRunner().invoke(main, [case.name, *words, *more])
    finally:
        os.chdir(cwd)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_error_text(case: Path) -> None:
    status, out, text = run(case)
    golden = case.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert (status, out) == (1, "")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_error_as_json(case: Path) -> None:
    """The same fault as one JSON object: its message, line, column and hint."""
    status, out, _ = run(case, "--json")
    error = json.loads(out)["error"]
    text = case.with_suffix(".txt").read_text(encoding="utf-8")
    assert status == 1
    assert error["message"] in text
    assert error["hint"] is None or error["hint"] in text
    assert error["line"] is None or f":{error['line']}:{error['column']}: error:" in text
