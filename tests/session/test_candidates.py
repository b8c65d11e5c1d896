"""What is offered for the end of a line, with what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from symparams.prompt.completion import candidates
from symparams.prompt.session import Session

NET = """net f(w=64)
def block(c, s=1) { conv(c, 3, s) }
def up(c) on (C, H, W), skip (D, Y, X) { concat(skip) -> conv(c, 1) }
let width = 2*w
input(C, H, W) -> conv(M, k) -> block(width)"""


@pytest.fixture(scope="module")
def session() -> Session:
    made = Session()
    assert not made.run(NET).fault
    return made


def offered(session: Session, text: str) -> dict[str, str]:
    """The lines that the candidates make, each with its meaning."""
    return {
        text[: len(text) - c.length] + c.text: c.meta() if callable(c.meta) else c.meta
        for c in candidates(text, session.state)
    }


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("con", ["conv", "convT", "concat", "conv1"]),
        ("relu -> resi", ["relu -> residual"]),
        ("e1: maxp", ["e1: maxpool"]),
        ("e[i + 1]: maxp", ["e[i + 1]: maxpool"]),
        ("attention(8, mem", ["attention(8, memory="]),
        ("up(64, ", ["up(64, skip="]),
        ("residual { glo", ["residual { global_avgpool"]),
        ("Conv2", ["Conv2d", "Conv2D"]),
        ("blo", ["block", "block1"]),
        ("conv(", ["conv(out=", "conv(k=", "conv(bias=", "conv(C", "conv(width"]),
        ("conv(8, ", ["conv(8, k=", "conv(8, s="]),
        ("conv(8, k=3, ", ["conv(8, k=3, s="]),
        ("conv(8, k=(3, 5), s", ["conv(8, k=(3, 5), s="]),
        ("conv(8, kernel_size=3, ", ["conv(8, kernel_size=3, s="]),
        ("conv(8, 3, p=s", ["conv(8, 3, p=same"]),
        ("linear(4) -> block(", ["linear(4) -> block(c=", "linear(4) -> block(s="]),
        ("par", ["params"]),
        ("2*wi", ["2*width"]),
        ("diff(par", ["diff(params"]),
        ("conv1.", ["conv1.params", "conv1.kernel", "conv1.output"]),
        ("1 + block1.conv1.b", ["1 + block1.conv1.bias"]),
        ("block1.", ["block1.conv1", "block1.macs"]),
        ("assu", ["assume"]),
        (":t", [":table", ":tensors"]),
        (":load zoo:resnet5", [":load zoo:resnet50"]),
        ("zoo:gp", ["zoo:gpt2", "zoo:gpt_neox"]),
        (":dialect k", [":dialect keras"]),
        (":free ", [":free w", ":free C"]),
        (":free w, ", [":free w, C"]),
        (":why co", [":why conv1"]),
        (":derive b", [":derive block1"]),
        (":help va", [":help values"]),
        (":latex par", [":latex params"]),
        ("?drop", ["?dropout", "?droppath"]),
        ("def f(c) {\n  li", ["def f(c) {\n  linear"]),
    ],
)
def test_what_is_offered(session: Session, text: str, lines: list[str]) -> None:
    assert set(lines) <= set(offered(session, text))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("conv(8, ", "conv(8, out="),
        ("conv(8, k=3, ", "conv(8, k=3, k="),
        ("conv(8, k=3, ", "conv(8, k=3, out="),
        ("conv(8, kernel_size=3, ", "conv(8, kernel_size=3, k="),
        ("params + ", "params + conv"),
        ("# con", "# conv"),
        ('rearrange("con', 'rearrange("conv'),
    ],
)
def test_what_is_not_offered(session: Session, text: str, line: str) -> None:
    assert line not in offered(session, text)


def test_what_the_candidates_mean(session: Session) -> None:
    arguments = offered(session, "conv(")
    assert arguments["conv(k="] == "kernel_size, needed" and arguments["conv(p="] == "padding, default 0"
    assert offered(session, "maxp")["maxpool"].startswith("maxpool(k=2, s=k")
    assert offered(session, "dif")["diff"] == "diff(params, k): the derivative"
    assert offered(session, "conv1")["conv1"] == "conv"
    assert offered(session, "(C")["(C"] == "a symbol"


def test_files_are_offered(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.arch").write_text("input(3)")
    (tmp_path / "minutes.md").write_text("")
    (tmp_path / "minor").mkdir()
    monkeypatch.chdir(tmp_path)
    assert list(offered(session, ":load mi")) == [":load mine.arch", ":load minor/"]
    assert list(offered(session, f":load {tmp_path}/mine")) == [f":load {tmp_path}/mine.arch"]
    assert not offered(session, ":load /no/such/place/m")


@pytest.mark.parametrize("text", ["", "(", "conv((", ")", "}{", "a.b.c.", "1.", ":", ":save ", "?", "=", "\x00", "x: "])
def test_any_text_may_be_completed(session: Session, text: str) -> None:
    for one in (session, Session()):
        assert all(c.length <= len(text) for c in candidates(text, one.state))
