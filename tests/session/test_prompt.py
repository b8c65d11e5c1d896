"""The prompt on a real terminal: what is typed, what is on the screen, what is remembered."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect") if sys.platform != "win32" else pytest.skip("pty", allow_module_level=True)

TAB, UP, CTRL_C, CTRL_D, CTRL_R = "\t", "\x1b[A", "\x03", "\x04", "\x12"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\r\x08]")


class Terminal:
    """A session on a pseudo-terminal."""

    def __init__(self, folder: Path, *words: str, columns: int = 100, **environment: str):
        variables = {
            **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(folder),
            "PROMPT_TOOLKIT_NO_CPR": "1",
            **environment,
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "symparams", *words],
            env=variables,
            encoding="utf-8",
            timeout=30,
            dimensions=(50, columns),
        )
        self.seen = ""
        self.until("> ")

    def until(self, expected: str) -> str:
        """What is printed from here on, until this text is on the screen."""
        deadline = time.monotonic() + 30
        while expected not in self.plain():
            if time.monotonic() > deadline:
                raise AssertionError(f"{expected!r} is not in {self.plain()!r}")
            try:
                self.seen += self.child.read_nonblocking(10_000, 0.2)
            except pexpect.TIMEOUT:
                continue
        printed, self.seen = self.plain(), ""
        return printed

    def plain(self) -> str:
        return _ESCAPES.sub("", re.sub(r"\x08\x1b\[2C", " ", self.seen))

    def type(self, keys: str, expected: str) -> str:
        self.child.send(keys)
        return self.until(expected)

    def leave(self) -> None:
        self.child.send(CTRL_C + CTRL_D)
        self.child.expect(pexpect.EOF)
        self.child.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    started = Terminal(tmp_path)
    yield started
    started.child.close(force=True)


def test_a_network_is_typed_and_a_value_put_in(terminal: Terminal) -> None:
    assert "M·(9C + 1)" in terminal.type("input(C, H, W) -> conv(M, 3)\r", "W ≥ 3")
    assert "M·(9C + 1) → 577M" in terminal.type("C = 64\r", "577M")
    terminal.type("params/577\r", "\nM\n")
    terminal.leave()
    assert terminal.child.exitstatus == 0


def test_an_error_is_shown_and_the_session_goes_on(terminal: Terminal) -> None:
    shown = terminal.type("input(C, H) -> covn(8)\r", "'conv'?")
    assert "<prompt>:1:16: error: there is no layer or block 'covn'" in shown and "^^^^" in shown
    terminal.type("input(3) -> linear(4)\r", "16")


def test_completion(terminal: Terminal) -> None:
    terminal.type("maxp" + TAB, "maxpool")
    terminal.child.send(CTRL_C)
    terminal.type("conv(8, " + TAB, "kernel_size, needed")
    shown = terminal.type(CTRL_C + ":t" + TAB, "every tensor")
    assert "tensors" in shown


def test_input_of_several_lines(terminal: Terminal) -> None:
    terminal.type("def twice(c) {\r", "{\n.")
    terminal.type("linear(c) -> linear(c)\r}\r", "twice(c) is defined")
    terminal.type("input(2) ->\rtwice(3)\r", "21")


def test_control_c_clears_the_line_and_keeps_the_session(terminal: Terminal) -> None:
    terminal.type("input(2) -> linear(3)\r", "output         (3)")
    terminal.child.send("def broken {\rthis" + CTRL_C)
    terminal.type("params\r", "\n9\n")


def test_control_c_stops_what_takes_long(terminal: Terminal) -> None:
    terminal.type("input(C, k, M)\r", "output         (C, k, M)")
    terminal.type("1 + 1\r", "\n2\n")
    terminal.child.send("expand((C + k + M)**700)\r")
    time.sleep(1.5)
    terminal.type(CTRL_C, "stopped; nothing has changed")
    terminal.type("output\r", "(C, k, M)")


def test_history_outlives_the_session(tmp_path: Path) -> None:
    first = Terminal(tmp_path)
    first.type("input(7) -> linear(11)\r", "88")
    first.type("1 + 1\r", "2")
    first.leave()
    second = Terminal(tmp_path)
    second.type("inp" + UP, "ut(7) -> linear(11)")
    second.type("\r", "88")
    second.type(CTRL_R + "lin", "input(7) -> linear(11)")
    second.leave()
    assert oct((tmp_path / "symparams").stat().st_mode)[-3:] == "700"


def test_a_history_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "symparams").write_text("no folder")
    one = Terminal(tmp_path)
    one.type("2*3\r", "6")
    one.leave()
    assert one.child.exitstatus == 0
    (tmp_path / "symparams").unlink()
    (tmp_path / "symparams" / "history").mkdir(parents=True)
    one = Terminal(tmp_path)
    one.type("2*3\r", "6")
    one.type(UP + "\r", "6")
    one.leave()
    assert one.child.exitstatus == 0


def test_a_program_may_be_given(tmp_path: Path) -> None:
    one = Terminal(tmp_path, "repl", "zoo:resnet50", "--free", "w", "--dialect", "keras")
    one.type(":params\r", "5724w² + 33807w + 1000")
    one.leave()


def test_a_narrow_terminal_is_not_overrun(tmp_path: Path) -> None:
    one = Terminal(tmp_path, "repl", "zoo:resnet50", "--free", "w", columns=50)
    shown = one.type(":macs\r", "32000w")
    assert max(map(len, shown.splitlines())) <= 50
    assert "\n    " in shown


def test_colours_only_where_they_are_wanted(tmp_path: Path) -> None:
    one = Terminal(tmp_path)
    one.child.send("nothing\r")
    one.child.expect_exact("\x1b[0;31;1m")
    one.leave()
    one = Terminal(tmp_path, NO_COLOR="1")
    one.child.send("nothing\r")
    one.child.expect_exact("figure or layer")
    assert "31" not in re.findall(r"\x1b\[([0-9;]*)m", one.child.before)
    one.leave()


def test_sympy_is_not_loaded_for_the_prompt() -> None:
    modules = "symparams.prompt.terminal, symparams.cli.prompt_command, sys"
    code = f"import {modules}; print('sympy' in sys.modules, 'rich' in sys.modules)"
    assert pexpect.run(f'{sys.executable} -c "{code}"').split() == [b"False", b"False"]
