"""The help is complete: a whole line for every command, help for every option, and examples that run."""

from __future__ import annotations

import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from symparams.cli import COMMANDS, TOPICS, main

NETWORK = "input(3, H, W)\nconv1: conv(8, 3, p=1) -> relu -> gap -> linear(10)\n"
# Commands that hold a session or need a framework, an optional library or a program; their own tests run them.
CODE = """
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)
    def forward(self, x):
        return self.conv(x)
"""
NOTES = "conv1: $3 \\times 3 \\times 3 \\times 32 + 32 = 864 + 32 = 896$"
APART = {"repl", "plot", "draw", "emit", "verify"}


def command(name: str) -> click.Command:
    found: click.Command = main.get_command(click.Context(main), name)
    return found


def help_of(*words: str) -> str:
    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0, result.output
    return result.output


def examples(text: str) -> Iterator[str]:
    """The lines of a help text that call the tool."""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("symparams "):
            yield line.split("  ")[0]


EXAMPLES = [(name, line) for name in COMMANDS for line in examples(help_of(name))]
EXAMPLES += [("", line) for line in examples(help_of())]


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_example_runs(name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name in APART:
        pytest.skip("run by the command's own tests")
    (tmp_path / "net.arch").write_text(NETWORK, encoding="utf-8")
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    (tmp_path / "net.py").write_text(CODE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(line)[1:])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_and_explains_its_options(name: str) -> None:
    assert any(owner == name for owner, _ in EXAMPLES)
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_every_command_stands_under_a_topic() -> None:
    listed = [name for names in TOPICS.values() for name in names]
    assert len(set(listed)) == len(listed)
    assert set(COMMANDS) - set(listed) == {"show"}


def test_the_list_of_commands_is_not_cut() -> None:
    lines = help_of().splitlines()
    assert not [line for line in lines if line.endswith("...") and not line.startswith("Usage")]
    for name in COMMANDS:
        if name != "show":
            (line,) = [line for line in lines if line.split()[:1] == [name]]
            assert line.endswith(".") and len(line) <= 79


def test_an_interrupt_is_no_traceback() -> None:
    leader, follower = pty.openpty()
    words = [sys.executable, "-c", "from symparams.cli import main; main()", "params", "-"]
    process = subprocess.Popen(words, stdin=follower, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    os.close(leader)
    os.close(follower)
    assert (process.returncode, errors.strip()) == (130, "interrupted")
