"""Whole sessions, line by line: what each line replies is a golden file. UPDATE_GOLDEN=1 writes them anew.

The session in the README is replayed as well.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from transcript import replayed

FOLDER = Path(__file__).parent / "transcripts"
README = Path(__file__).parent.parent.parent / "README.md"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    shown = replayed(path.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.skipif(not README.exists(), reason="the README is not beside the tests")
def test_the_session_in_the_readme() -> None:
    found = re.search(r"## At the prompt\n.*?```\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert found and replayed(found.group(1)) == found.group(1)
