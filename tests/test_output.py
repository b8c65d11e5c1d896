"""Every command writes to any stream: with few characters, full, closed, or with no reader left."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from symparams.cli import output

PROGRAM = "input(C, H, W) -> α: conv(M, k, s, p, g=G) -> gap -> linear(M**2)"
COMMANDS = {
    "show": f"symparams -e '{PROGRAM}'",
    "json": "symparams --json zoo:lenet5",
    "params": f"symparams params -e '{PROGRAM}'",
    "derive": "symparams derive zoo:lenet5",
    "layers": "symparams layers conv",
    "zoo": "symparams zoo",
    "help": "symparams --help",
    "repl": f"echo '{PROGRAM}' | symparams repl",
}


def run(command: str, encoding: str = "") -> subprocess.CompletedProcess[bytes]:
    words = re.sub(r"\bsymparams\b", f"{sys.executable} -m symparams", command)
    environment = {**os.environ, **({"PYTHONIOENCODING": encoding} if encoding else {})}
    return subprocess.run(["bash", "-c", words], env=environment, capture_output=True, timeout=30)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("name", ["show", "derive", "layers", "repl"])
def test_a_stream_that_has_few_characters(name: str, encoding: str) -> None:
    """Nothing is lost and nothing fails; what the stream has is as it is in UTF-8."""
    done, whole = run(COMMANDS[name], encoding), run(COMMANDS[name], "utf-8")
    assert done.returncode == whole.returncode == 0, done.stderr
    shown, expected = done.stdout.decode(encoding), whole.stdout.decode()
    assert len(shown.split("\n")) == len(expected.split("\n"))
    if name == "show" and encoding == "ascii":
        assert "M*(C*k^2/G + 1)" in shown and "floor((H + 2p - k)/s)" in shown and "\\u03b1" in shown
    if name == "show" and encoding == "latin-1":
        assert "M·(C·k²/G + 1)" in shown and "floor((H + 2p - k)/s)" in shown


def test_exponents_are_never_cut() -> None:
    assert "x²⁰ x¹⁰ x⁻¹".encode("ascii", output.SPELLED) == b"x^20 x^10 x^-1"
    assert "x²⁰".encode("latin-1", output.SPELLED).decode("latin-1") == "x²\\u2070"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_is_said(name: str) -> None:
    done = run(f"{COMMANDS[name]} > /dev/full")
    assert done.returncode == 1
    assert done.stderr.decode() == "error: cannot write: No space left on device\n"


def test_a_reader_that_is_gone_is_no_fault() -> None:
    assert run("symparams layers | head -c 1").stderr == b""
    done = run(f"{COMMANDS['show']} >&-")
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_without_a_line(shell: str) -> None:
    done = run(f"env _SYMPARAMS_COMPLETE={shell}_complete symparams")
    assert done.returncode == 0 and done.stderr == b""
