"""The bar for long work: after a second, on a terminal only, and gone in the end."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

WORK = """
import time
from symparams.cli.progress import Progress
with Progress("counting", 4) as progress:
    for i in range(4):
        progress.step(f"part {{i}}")
        time.sleep({pause})
        progress.line(f"line {{i}}")
        progress.step(steps=1)
"""
LINES = "line 0\nline 1\nline 2\nline 3\n"


def on_a_terminal(pause: float) -> tuple[str, str]:
    """What goes to standard output, a pipe, and to standard error, a terminal."""
    leader, follower = pty.openpty()
    variables = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-c", WORK.format(pause=pause)], stdout=subprocess.PIPE, stderr=follower, env=variables
    )
    out, _ = process.communicate(timeout=60)
    os.write(follower, b".")
    os.close(follower)
    shown = os.read(leader, 1_000_000).decode()
    os.close(leader)
    return out.decode(), shown.removesuffix(".")


def test_short_work_shows_nothing() -> None:
    assert on_a_terminal(0.0) == (LINES, "")


def test_long_work_shows_a_bar_and_clears_it() -> None:
    out, shown = on_a_terminal(0.6)
    assert out == LINES
    assert "part 2" in shown and "/4" in shown
    assert shown.rstrip().endswith("\x1b[2K") or "\x1b[2K" in shown.rsplit("4/4", 1)[-1]


def test_no_bar_in_a_pipe() -> None:
    done = subprocess.run([sys.executable, "-c", WORK.format(pause=0.6)], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == (LINES, "")
