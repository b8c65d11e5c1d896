"""What is kept for the next start is read only where this user alone can write, and only as it was made."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symparams.errors import NOWHERE
from symparams.language import kept
from symparams.language.library import Library, library_file, standard_library
from symparams.language.syntax import Node

MADE_OF = kept.stamp("text")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept.store("thing", MADE_OF, pickle.dumps([1, 2]))
    return tmp_path / "symparams"


def test_what_is_kept_is_found_again(folder: Path) -> None:
    assert kept.load("thing", MADE_OF) == [1, 2]
    assert folder.stat().st_mode & 0o077 == 0
    assert [file.name for file in folder.iterdir()] == ["thing"]


@pytest.mark.parametrize("other", [kept.stamp("texts"), kept.stamp("te", "xt"), kept.stamp(), b""])
def test_other_texts_have_another_stamp(folder: Path, other: bytes) -> None:
    assert kept.load("thing", other) is None


@pytest.mark.parametrize("length", [0, 5, 31, 32, 33, 40])
def test_a_damaged_file_is_ignored(folder: Path, length: int) -> None:
    file = folder / "thing"
    file.write_bytes(file.read_bytes()[:length])
    assert kept.load("thing", MADE_OF) is None
    file.write_bytes(MADE_OF + b"no pickle")
    assert kept.load("thing", MADE_OF) is None


class Trap:
    def __reduce__(self) -> Any:
        return os.mkdir, (str(Path(os.environ["XDG_CACHE_HOME"], "run")),)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owners here")
@pytest.mark.parametrize("what", ["folder", "file", "a pipe"])
def test_what_others_can_write_is_not_read(folder: Path, what: str) -> None:
    kept.store("thing", MADE_OF, pickle.dumps(Trap()))
    if what == "a pipe":
        (folder / "thing").unlink()
        os.symlink(os.devnull, folder / "thing")
    else:
        (folder if what == "folder" else folder / "thing").chmod(0o777)
    assert kept.load("thing", MADE_OF) is None
    assert not (folder.parent / "run").exists()
    if what == "folder":
        kept.store("other", MADE_OF, b"")
        assert not (folder / "other").exists()


def test_where_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    kept.store("thing", MADE_OF, b"")
    assert kept.load("thing", MADE_OF) is None


def shown(folder: Path) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "symparams", "-e", "input(3, 9) -> linear(4) -> conv(2, 3, p=x, s=0)"],
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    return done.stdout, done.stderr


def test_starts_with_and_without_what_is_kept_say_the_same(tmp_path: Path) -> None:
    first = shown(tmp_path)
    files = {file.name for file in (tmp_path / "symparams").iterdir()}
    assert files == {"tables.lark", "layers.pickle"}
    assert shown(tmp_path) == first
    for file in files:
        (tmp_path / "symparams" / file).write_bytes(b"damaged")
    assert shown(tmp_path) == first


def test_kept_trees_are_those_that_are_read() -> None:
    known = standard_library()
    files = {entry.file for entry in (*known.entries.values(), *known.functions.values())} | {"layers/words.arch"}
    read = Library(sorted(files))
    unpickled = pickle.loads(pickle.dumps(Library(sorted(files)).with_trees()))
    for name, entry in read.entries.items():
        assert unpickled.rule(name) == read.rule(name)
        for node, other in zip(unpickled.rule(name).walk(), read.rule(name).walk()):
            assert place(node) == place(other)
            assert node.span is NOWHERE or node.span.source is library_file(entry.file)
    for name in read.functions:
        assert unpickled.function(name) == read.function(name)


def place(node: Node) -> tuple[int, int, str, tuple[int, int]]:
    span = node.span
    return span.start, span.end, span.text, span.source.position(span.start)
