"""Nothing that a user or a program says commands a terminal: it is shown as an escape, in every message."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main
from symparams.prompt.session import Session

COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
EVIL = "\x1b[31mX\u202eY\x9b\u2066\x07\x7f\x85\u2028\udcff"
RULE = f'layer f() on (C) {{ "{EVIL}" require C == 4, "{EVIL}" output (C,) }}\n'
ARGUMENTS = [
    ["-e", f"input(C, H) -> conv({EVIL})"],
    ["-e", f"{RULE}input(3) -> f"],
    ["-e", f"input(3) # {EVIL}\nfoo"],
    ["-e", f'use "{EVIL}"\ninput(3)'],
    ["-e", f'input(3) -> rearrange("{EVIL}")'],
    ["-e", f'latex C = "{EVIL}"\ninput(C)'],
    ["-e", f'input(C) -> linear("{EVIL}")'],
    ["-e", f"dialect {EVIL}"],
    [EVIL],
    [f"zoo:{EVIL}"],
    ["--dialect", EVIL, "-e", "input(3)"],
    [f"--{EVIL}"],
    [EVIL, EVIL],
    ["-e", "input(3)", "--set", f"C={EVIL}"],
    ["-e", "input(3)", "--set", EVIL],
    ["-e", "input(3)", "--free", EVIL],
    ["why", "-e", "input(C) -> linear(3)", EVIL],
    ["layers", EVIL],
    ["derive", "-e", "input(C) -> linear(3)", "--layer", EVIL],
    ["derive", "-e", "input(C) -> linear(3)", "-o", f"/{EVIL}/page.md"],
    ["derive", "-e", f"{RULE}input(4) -> f"],
    ["derive", "-e", f"{RULE}input(4) -> f", "--format", "html"],
    ["derive", "-e", f"{RULE}input(4) -> f", "--format", "latex"],
    ["emit", "-e", f"{RULE}input(4) -> f"],
    ["verify", EVIL],
]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda arguments: ascii(arguments)[:60])
def test_no_command_reaches_the_terminal(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert not COMMANDS.findall(done.output), ascii(done.output)


@pytest.mark.parametrize("arguments", [a for a in ARGUMENTS if a[0] == "-e"], ids=lambda a: ascii(a)[:60])
def test_json_has_escapes_and_says_the_same(arguments: list[str]) -> None:
    done = CliRunner().invoke(main, [*arguments, "--json"])
    assert not COMMANDS.findall(done.stdout)
    assert "error" in json.loads(done.stdout)


def test_a_name_that_is_no_text_gives_no_traceback(tmp_path: Path) -> None:
    """Bytes that are no UTF-8, in the name of a file and in a program on the command line."""
    for arguments in ([b"\xff\x1b.arch"], [b"-e", b"input(\xff)"], [b"--set", b"\xff=3", b"-e", b"input(C)"]):
        command = [os.fsencode(sys.executable), b"-m", b"symparams", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True)
        assert done.returncode == 1 and b"Traceback" not in done.stderr and b"\x1b" not in done.stderr


def test_the_prompt_and_exceptions_show_escapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    evil, rule = EVIL.replace("\udcff", ""), RULE.replace("\udcff", "")
    session = Session()
    lines = [rule, "? f", "input(4)", "f", ":derive", f":save {evil}", f":load {evil}x", f":{evil}", f"? {evil}", evil]
    lines += [f"C = '{evil}'", f":help {evil}", f":why {evil}", f":set {evil}", f":latex {evil}", f"{evil} = 3"]
    for line in lines:
        assert not COMMANDS.findall(session.run(line).text), (line, session.run(line).text)
    with pytest.raises(sp.SymparamsError) as caught:
        sp.parse(f"{RULE}input(3) -> f", name=evil)
    assert not COMMANDS.findall(str(caught.value)) and "\\x1b[31mX" in str(caught.value)


def test_a_text_with_controls_is_the_same_network_printed() -> None:
    net = sp.parse(f"{RULE}input(4) -> f")
    assert sp.parse(str(net)).program == net.program and not COMMANDS.findall(str(net))
