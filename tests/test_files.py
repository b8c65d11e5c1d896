"""What files a program may name, and what becomes of those that are no programs: nothing is waited for or shown."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import symparams as sp
from symparams import SymparamsError
from symparams.language.program_files import MAX_BYTES

BLOCKS = "def twice(c) { linear(c) -> linear(c) }\n"
SECRET = "hunter2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a program's files in it, and beside it what is none of its business."""
    inside = tmp_path / "inside"
    (inside / "deep").mkdir(parents=True)
    for place in (inside, inside / "deep", tmp_path):
        (place / "blocks.arch").write_text(BLOCKS)
    (inside / "secret.txt").write_text(f"user={SECRET}\n{SECRET} = 3\n")
    (inside / "near.arch").symlink_to("blocks.arch")
    (inside / "out.arch").symlink_to("../blocks.arch")
    (inside / "outside").symlink_to("..")
    (inside / "secret.arch").symlink_to("secret.txt")
    os.mkfifo(inside / "pipe.arch")
    (inside / "device.arch").symlink_to("/dev/zero")
    with open(inside / "large.arch", "wb") as file:
        file.truncate(MAX_BYTES + 1)
    (inside / "binary.arch").write_bytes(b"\xff\xfe\x00")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(inside)
        listening.bind("socket.arch")
    return inside


@pytest.fixture(autouse=True)
def same_folder_again() -> object:
    before = os.getcwd()
    yield
    os.chdir(before)


def params(folder: Path, used: str) -> int:
    path = folder / "net.arch"
    path.write_text(f'# uses\nuse "{used}"\ninput(2) -> twice(3)\n')
    return int(sp.load(path).params)


@pytest.mark.parametrize(
    "used", ["blocks.arch", "./blocks.arch", "deep/blocks.arch", "deep/../blocks.arch", "near.arch"]
)
def test_a_file_below_the_program_is_brought_in(folder: Path, used: str) -> None:
    assert params(folder, used) == 21
    assert params(folder, str(folder / used)) == 21
    (folder / "deep" / "more.arch").write_text(f'use "../{used}"\n')
    assert params(folder, "deep/more.arch") == 21


OUTSIDE = [
    "../blocks.arch",
    "out.arch",
    "outside/blocks.arch",
    "../inside2/blocks.arch",
    "device.arch",
    "/",
    "..",
    "~/x",
]
SYSTEM = ["/etc/passwd", "/dev/stdin", "/dev/fd/0", "/dev/zero", "/proc/self/environ", "a\0b", "\udc80"]


@pytest.mark.parametrize("used", ["", ".", *OUTSIDE, *SYSTEM])
def test_a_file_elsewhere_is_refused_whether_it_is_there_or_not(folder: Path, used: str) -> None:
    with pytest.raises(SymparamsError) as caught:
        sp.parse(f'input(2)\nuse "{used}"')
    assert caught.value.position == (2, 5)
    with pytest.raises(SymparamsError, match=r"in its own folder alone|there is no file"):
        sp.parse(f'# a text\nuse "{used}"\ninput(2)')


@pytest.mark.parametrize(
    ("used", "fault"),
    [
        ("pipe.arch", "no file but a pipe"),
        ("socket.arch", "no file but a socket"),
        ("deep", "no file but a folder"),
        ("large.arch", "too large"),
        ("binary.arch", "not text"),
        ("nowhere.arch", "there is no file"),
        ("block.arch", "did you mean"),
    ],
)
def test_what_is_no_program_is_refused_at_once(folder: Path, used: str, fault: str) -> None:
    with pytest.raises(SymparamsError, match=fault) as caught:
        params(folder, used)
    assert caught.value.position == (2, 5)
    with pytest.raises(SymparamsError, match=fault):
        sp.load(folder / used)


@pytest.mark.parametrize("used", ["secret.txt", "secret.arch"])
def test_a_file_that_is_no_program_is_not_shown(folder: Path, used: str) -> None:
    with pytest.raises(SymparamsError, match="no program: its line 1") as caught:
        params(folder, used)
    assert SECRET not in caught.value.show() and "user" not in caught.value.show()
    assert caught.value.position == (2, 5)


def test_a_fault_in_a_program_that_is_brought_in_is_shown(folder: Path) -> None:
    (folder / "wrong.arch").write_text("def twice(c) {\n  linear(c\n}\n")
    with pytest.raises(SymparamsError, match=r"(?s)wrong\.arch:3:1.*}"):
        params(folder, "wrong.arch")


def run(words: str, folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = words.replace("symparams", f"{sys.executable} -m symparams")
    done = subprocess.run(["bash", "-c", command], cwd=folder, input=given, capture_output=True, timeout=20)
    return subprocess.CompletedProcess(words, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("file", ["-", "/dev/stdin", "<(echo 'input(2) -> linear(3)')", "/dev/fd/3 3<&0"])
def test_a_stream_that_the_user_names_is_read(folder: Path, file: str) -> None:
    assert run(f"symparams params {file}", folder, b"input(2) -> linear(3)").stdout == "9\n"


@pytest.mark.parametrize("file", ["pipe.arch", "device.arch", "/dev/zero", "large.arch", "deep", "- < /dev/zero"])
def test_a_file_without_an_end_is_refused(folder: Path, file: str) -> None:
    done = run(f"symparams params {file}", folder)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ") and "Traceback" not in done.stderr
