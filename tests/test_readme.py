"""What the README shows is what the tool prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

import symparams as sp
from symparams.cli import main

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8") if README.exists() else ""
PROGRAM = re.search(r"`cifar.arch`.*?```\n(.*?)```", TEXT, re.S)
CODE = re.search(r"in `net.py`,\n\n```python\n(.*?)```", TEXT, re.S)
SESSIONS = [
    (match.group(1), match.group(2))
    for block in re.findall(r"```console\n(.*?)```", TEXT, re.S)
    for match in re.finditer(r"\$ ((?:[^'\n]|'[^']*')*)\n(.*?)(?=^\$ |\Z)", block, re.S | re.M)
]


@pytest.mark.skipif(not README.exists(), reason="the README is not beside the tests")
def test_the_readme_has_sessions() -> None:
    assert len(SESSIONS) >= 6 and PROGRAM


@pytest.mark.parametrize(("command", "printed"), SESSIONS, ids=[c.split("\n")[0] for c, _ in SESSIONS])
def test_session(command: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PROGRAM
    (tmp_path / "cifar.arch").write_text(PROGRAM.group(1), encoding="utf-8")
    (tmp_path / "net.py").write_text(CODE.group(1) if CODE else "", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert result.output.rstrip() == printed.rstrip()


def test_python_session() -> None:
    """The values in the comments of the Python example."""
    net = sp.parse("input(C, H, W) -> conv(M, k, s, p, g=G)")
    assert str(net.params) == "C*M*k**2/G + M"
    assert str(net.output) == "(M, floor((H - k + 2*p)/s) + 1, floor((W - k + 2*p)/s) + 1)"
    assert str(net.conditions) == "(Eq(Mod(C, G), 0), Eq(Mod(M, G), 0), H + 2*p >= k, W + 2*p >= k)"
    assert str(net.params.diff(net.symbols.k)) == "2*C*M*k/G"
    assert net(C=3, M=64, k=7).params == 9472
    assert str(net.layers.conv1.params) == "C*M*k**2/G + M"
    assert sp.zoo.resnet50(w=32).params == 6_917_640
    pytest.importorskip("numpy")
    assert repr(net.function("params")(C=3, M=[32, 64], k=7, G=1)) == "array([4736, 9472])"
