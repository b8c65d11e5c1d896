"""Completion in the shell: what is offered at each place, and the scripts in the real shells."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

import symparams as sp
from symparams.cli import COMMANDS, main
from symparams.language.library import standard_library

PROGRAM = "net small(width=8, n=10)\ninput(3, H, W)\nstem: conv(width, 3) -> gap -> linear(n)\n"
REQUIRED = bool(os.environ.get("CI"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "net.arch").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    (tmp_path / "deep nets").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def offered(*words: str) -> list[str]:
    """What is offered for the last word after the words before it."""
    *before, incomplete = words
    items = ShellComplete(main, {}, "symparams", "_SYMPARAMS_COMPLETE").get_completions(before, incomplete)
    return [item.value for item in items]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["n"], ["net.arch"]),
        (["wh"], ["why"]),
        (["d"], ["derive", "draw", "deep nets/"]),
        (["sh"], []),
        (["zoo:resnet5"], ["zoo:resnet50", "zoo:resnet50v2"]),
        (["params", "n"], ["net.arch"]),
        (["params", "zoo:len"], ["zoo:lenet5", "zoo:lenet5_original"]),
        (["net.arch", "--dep"], ["--depth"]),
        (["--vers"], ["--version"]),
        (["--he"], ["--help"]),
        (["--fr"], ["--free"]),
        (["params", "net.arch", "--free", ""], ["width", "n"]),
        (["params", "net.arch", "--free", "width,"], ["width,n"]),
        (["params", "net.arch", "--set", "W"], ["W="]),
        (["params", "net.arch", "--set", "W=3,"], ["W=3,width=", "W=3,n=", "W=3,H="]),
        (["net.arch", "--set", "wid"], ["width="]),
        (["params", "-e", PROGRAM, "--set", "H"], ["H="]),
        (["params", "no.arch", "--set", ""], []),
        (["params", "-e", "input(3) -> ", "--set", ""], []),
        (["params", "-", "--set", ""], []),
        (["params", "net.arch", "--dialect", ""], ["torch", "keras"]),
        (["params", "net.arch", "--format", "l"], ["latex"]),
        (["layers", "bilin"], ["bilinear"]),
        (["layers", "Conv2"], ["Conv2D", "Conv2DTranspose", "Conv2d"]),
        (["why", "net.arch", "s"], ["stem", "state", "start"]),
        (["why", "net.arch", "n"], ["n", "non_trainable"]),
        (["derive", "net.arch", "--lang", ""], ["de", "en", "zh"]),
        (["derive", "net.arch", "--layer", "st"], ["stem"]),
        (["derive", "net.arch", "--what", "params,o"], ["params,output"]),
        (["derive", "net.arch", "--format", "m"], ["markdown"]),
        (["verify", "net.arch", "net"], ["net.arch"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else None,
)
def test_offered(words: list[str], found: list[str]) -> None:
    assert offered(*words) == found


@pytest.mark.usefixtures("folder")
def test_first_word() -> None:
    """A command, a network or a program; the hidden command is not offered."""
    first = offered("")
    assert set(COMMANDS) - {"show"} <= set(first)
    assert {"net.arch", "zoo:gpt2"} <= set(first) and "show" not in first and "notes.txt" not in first


def test_all_layers_and_networks() -> None:
    assert set(offered("layers", "")) == set(standard_library().entries)
    assert offered("params", "zoo:") == [f"zoo:{name}" for name in sp.zoo.names()]


# The real shells


def script(shell: str) -> str:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program, and `symparams` on the path."""
    tools = folder / ".bin"
    tools.mkdir()
    tool = tools / "symparams"
    checkout = Path(sp.__file__).parent.parent
    tool.write_text(f'#!/bin/sh\nPYTHONPATH="{checkout}" exec "{sys.executable}" -m symparams "$@"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    return folder


def needs(shell: str) -> None:
    if not shutil.which(shell):
        assert not (REQUIRED and shell == "bash")
        pytest.skip(f"{shell} is not installed")


def shell_output(*words: str) -> list[str]:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert not done.stderr.strip(), done.stderr
    return done.stdout.split("\n")[:-1]


def in_bash(line: str) -> list[str]:
    """What bash would put in for the word at the end of the line, with the words as bash splits them."""
    code = f"""
{script("bash")}
compopt() {{ :; }}
COMP_LINE={line!r}
COMP_POINT={len(line)}
_symparams_completion symparams
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return shell_output("bash", "-c", code)


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("symparams wh", ["why"]),
        ("symparams ne", ["net.arch"]),
        ("symparams zoo:lenet5_", ["lenet5_original"]),
        ("symparams params net.arch --free wi", ["width"]),
        ("symparams params net.arch --set=W=3,wi", ["3,width="]),
        ("symparams params net.arch --set W=3,wi", ["3,width="]),
        ("symparams why net.arch ste", ["stem"]),
        ("symparams why net.arch H --js", ["--json"]),
        ("symparams layers bilin", ["bilinear"]),
        ("symparams derive net.arch --lang ", ["de", "en", "zh"]),
    ],
)
def test_bash(line: str, found: list[str]) -> None:
    needs("bash")
    assert in_bash(line) == found


@pytest.mark.usefixtures("command")
def test_bash_adds_no_blank_where_the_word_goes_on() -> None:
    needs("bash")
    code = f"""
{script("bash")}
compopt() {{ echo "$2"; }}
COMP_LINE='symparams params net.arch --set wi'
COMP_POINT=${{#COMP_LINE}}
_symparams_completion symparams
printf '%s\\n' "${{COMPREPLY[@]}}"
complete -p symparams
"""
    printed = shell_output("bash", "-c", code)
    assert printed[:2] == ["nospace", "width="]
    assert "_symparams_completion symparams" in printed[2]


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("symparams wh", ["why"]),
        ("symparams ne", ["net.arch"]),
        ("symparams zoo:lenet5_", ["zoo:lenet5_original"]),
        ("symparams params net.arch --free wi", ["width"]),
        ("symparams derive net.arch --lang ", ["de", "en", "zh"]),
    ],
)
def test_fish(line: str, found: list[str], command: Path) -> None:
    needs("fish")
    (command / "symparams.fish").write_text(script("fish"), encoding="utf-8")
    printed = shell_output("fish", "--no-config", "-c", f"source symparams.fish; complete -C {line!r}")
    assert [each.split("\t")[0] for each in printed] == found


@pytest.mark.usefixtures("command")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("symparams wh", "symparams why "),
        ("symparams ne", "symparams net.arch "),
        ("symparams zoo:lenet5_", "symparams zoo:lenet5_original "),
        ("symparams params net.arch --set wi", "symparams params net.arch --set width="),
        ("symparams layers bilin", "symparams layers bilinear "),
    ],
)
def test_zsh(line: str, found: str, command: Path) -> None:
    """A real zsh at a pseudo-terminal: what stands on its line after the tabulator."""
    needs("zsh")
    pexpect = pytest.importorskip("pexpect")
    (command / "_symparams").write_text(script("zsh"), encoding="utf-8")
    shell = pexpect.spawn("zsh", ["-f"], encoding="utf-8", timeout=30, dimensions=(24, 200))
    shell.sendline("PROMPT='> '; autoload -Uz compinit; compinit -u -D; source ./_symparams")
    shell.sendline("""show() { print -r -- "<<$BUFFER>>" }; zle -N show; bindkey '^X' show; echo o''k""")
    shell.expect("ok")
    shell.send(f"{line}\t\x18")
    shell.expect(r"<<([^$]*?)>>")
    assert shell.match.group(1) == found
    shell.close(force=True)
