"""`symparams sweep` as a program: its formats, a disk that is full, and Ctrl-C."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from symparams.cli import main

SWEEP = ["sweep", "zoo:resnet50", "--over", "w=8:128:8", "--over", "n=10,100", "--where", "params <= 5e6"]
LARGE = ["sweep", "zoo:resnet50", "--over", "w=1:4000", "--over", "n=1:20000"]


def run(*words: str) -> str:
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_formats_say_the_same() -> None:
    text = run(*SWEEP)
    assert text.splitlines()[1].split() == ["8", "10", "376,722"]
    assert "6 of 6 that meet the filters, of 32 configurations" in text
    record = json.loads(run(*SWEEP, "--json"))
    assert record == json.loads(run(*SWEEP, "--format", "json"))
    assert (record["tried"], record["count"], record["columns"]) == (32, 6, ["w", "n", "params"])
    rows = [tuple(row.values()) for row in record["rows"]]
    assert run(*SWEEP, "--format", "csv").splitlines() == ["w,n,params", *(",".join(map(str, row)) for row in rows)]
    assert duckdb.sql(run(*SWEEP, "--format", "sql")).fetchall() == rows


def test_sorted_limited_and_sampled() -> None:
    lines = run(*SWEEP, "--sort", "-params", "--limit", "1", "--columns", "params,output[0]").splitlines()
    assert lines[0].split() == ["w", "n", "params", "output[0]"]
    assert lines[1].split() == ["24", "100", "3,397,372", "100"]
    assert run(*SWEEP, "--sample", "9", "--seed", "4") == run(*SWEEP, "--sample", "9", "--seed", "4")


def test_a_file_says_how_many_rows_it_has(tmp_path: Path) -> None:
    path = tmp_path / "it's.parquet"
    assert run(*SWEEP, "-o", str(path)) == f"{path}: 6 of 32 configurations\n"
    assert duckdb.read_parquet(str(path)).fetchall()[0] == (8, 10, 376722)
    picture = tmp_path / "front.svg"
    assert run(*SWEEP, "--set", "H=32,W=32", "--plot", str(picture)) == ""
    assert "<svg" in picture.read_text(encoding="utf-8")


def test_an_unsatisfiable_budget(tmp_path: Path) -> None:
    words = [*SWEEP[:-1], "params <= 5"]
    assert run(*words) == "none of 32 configurations meets params <= 5\n"
    path = tmp_path / "none.csv"
    assert run(*words, "-o", str(path)) == f"{path}: 0 of 32 configurations\n"
    assert path.read_text().strip() == "w,n,params"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--where", "foo < 5"], 1, "'foo' is no figure"),
        (["--to", "oracle", "--format", "sql"], 1, "there is no SQL for 'oracle'"),
        (["-o", "table.xls"], 2, "does not say which format"),
        (["-o", "nowhere/table.csv"], 1, "there is no folder 'nowhere'"),
        (["--over", "w=9"], 2, "each name once"),
    ],
)
def test_bad_options(words: list[str], status: int, message: str) -> None:
    done = CliRunner().invoke(main, [*SWEEP, *words])
    assert (done.exit_code, message in done.output) == (status, True), done.output


def started(folder: Path, *words: str, most: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [sys.executable, "-m", "symparams", *words]
    return subprocess.Popen(
        command,
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_disk_that_is_full_leaves_what_was_there(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"table.{suffix}"
    path.write_text("before")
    child = started(tmp_path, *LARGE, "--where", "w <= 400", "-o", path.name, most=3_000_000)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 1, (out, err)
    assert err.startswith("error: the sweep cannot be written:") and "Traceback" not in err, err
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "before"


@pytest.mark.parametrize("after", [0.0, 0.4, 1.5])
def test_an_interrupt_leaves_nothing_half_done(after: float, tmp_path: Path) -> None:
    child = started(tmp_path, *LARGE, "-o", "table.parquet")
    while not list(tmp_path.iterdir()):
        assert child.poll() is None
        time.sleep(0.01)
    time.sleep(after)
    child.send_signal(signal.SIGINT)
    start = time.monotonic()
    out, err = child.communicate(timeout=60)
    assert time.monotonic() - start < 15
    assert (child.returncode, out, err) == (130, "", "interrupted\n")
    assert not list(tmp_path.iterdir())
