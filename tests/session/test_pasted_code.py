"""Code, printed models and summaries at the prompt, on standard input and in scripts are read as what they show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from symparams.cli import main
from symparams.prompt.completion import candidates
from symparams.prompt.lines import inputs, is_open
from symparams.prompt.session import Session

CLASS = """import torch.nn as nn

class Net(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.conv1 = nn.Conv2d(3, w, 3)

        self.fc = nn.Linear(w, 10)

    def forward(self, x):
        return self.fc(self.conv1(x).mean((2, 3)))
"""
SEQUENCE = "model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))"
LINES = "self.conv1 = nn.Conv2d(3, 8, 3)\nself.fc = nn.Linear(8, 10)"
KERAS = """from keras import layers, Model
x = start = layers.Input((8, 8, 3))
x = layers.Conv2D(4, 3)(x)
m = Model(start, x)"""
PRINTED = """Net(
  (conv1): Conv2d(3, 6, kernel_size=(5, 5), stride=(1, 1))
  (fc): Linear(in_features=5, out_features=2, bias=True)
)"""
SUMMARY = """Model: "small"
_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
input_1 (InputLayer)         (None, 4)                 0
_________________________________________________________________
dense (Dense)                (None, 8)                 40
=================================================================
Total params: 40
Trainable params: 40
Non-trainable params: 0"""
TEXTS = {
    "class": (CLASS, "38w + 10"),
    "sequence": (SEQUENCE, "58"),
    "lines": (LINES, "314"),
    "keras": (KERAS, "112"),
    "printed": (PRINTED, "468"),
    "summary": (SUMMARY, "40"),
    "fence": (f"```python\n{SEQUENCE}\n```", "58"),
    "typed": (">>> import torch.nn as nn\n>>> model = nn.Sequential(\n...     nn.Linear(4, 8))", "40"),
    "cell": (f"In [3]:\n{SEQUENCE}", "58"),
    "tabs": (CLASS.replace("    ", "\t"), "38w + 10"),
    "program": ("net A(w=8)\ndef block(c) {\n  conv(c, 1)\n}\ninput(3, 8, 8) -> block(w)", "32"),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", TEXTS)
def test_a_script_reads_it(name: str, end: str) -> None:
    text, params = TEXTS[name]
    session = Session()
    replies = [session.run(line) for line in inputs(f"{text}\n\nparams\n".replace("\n", end))]
    assert not any(reply.fault for reply in replies), [reply.text for reply in replies]
    assert replies[-1].text == params


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("cell",)])
def test_it_is_pasted_at_once(name: str) -> None:
    """A terminal hands what is pasted over as one piece, to which Enter adds the line on which it ends."""
    text, params = TEXTS[name]
    text = text if not is_open(text) else f"{text}\n"
    session = Session()
    assert not is_open(text) and not session.run(text).fault
    assert session.run("params").text == params


def test_a_block_of_code_ends_with_an_empty_line() -> None:
    lines = (
        CLASS.replace("\n\n        self.fc", "\n        self.fc").replace("\n\n    def", "\n    def").split("\n")[2:-1]
    )
    typed = ""
    for line in lines:
        typed += line
        assert is_open(typed)
        typed += "\n"
    assert not is_open(typed)
    assert not is_open("import torch")
    assert not is_open("conv(4, 3)") and is_open("conv(4,")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import torch", ""),
        ("class Net(nn.Module):\n    def forward(self, x:\n        return x\n", "error: this is no Python"),
        ("class Net(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(3,\n", "error: this is no Python"),
        ("class Thing:\n    pass\n", "there is no network in this yet"),
        ("Layer (type)     Output Shape    Param #\n", "error: the summary has no rows"),
    ],
)
def test_what_cannot_be_read_is_said_in_its_place(text: str, said: str) -> None:
    session = Session()
    reply = session.run(text)
    assert said in reply.text and "Traceback" not in reply.text
    assert session.state.net is None


def test_values_and_undo_go_on_from_it() -> None:
    session = Session()
    session.run(CLASS)
    assert session.run("w = 16").text.startswith("params         38w + 10 → 618")
    assert session.run("solve(params = 618, w)").text
    session.run(SEQUENCE)
    session.run(":undo")
    assert session.run("params").text == "618"


def test_load_takes_code_with_shapes(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(CLASS)
    session = Session()
    assert not session.run(f":load {tmp_path / 'net.py'}:Net(8) --input 3,9,H").fault
    assert session.run("output").text == "(10)"
    assert session.run("params").text == "314"
    assert session.run(f":load '{tmp_path / 'net.py'}:Net(w)' --input 3,9,9").text.startswith("Net")
    assert session.run(f":load {tmp_path / 'net.py'}:Nat").fault
    offered = [c.text for c in candidates(f":load {tmp_path}/net.py:", session.state)]
    assert offered == [f"{tmp_path}/net.py:Net"]
    assert any(c.text.endswith("net.py") for c in candidates(f":load {tmp_path}/", session.state))
    saved = tmp_path / "net.arch"
    assert not session.run(f":save {saved}").fault
    assert json.loads(CliRunner().invoke(main, [str(saved), "--json"]).output)["params"] == "38*w + 10"


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "program"])
def test_standard_input_and_files_of_any_name(name: str, tmp_path: Path) -> None:
    text, params = TEXTS[name]
    (tmp_path / "some.txt").write_text(text)
    for arguments, given in ((["params", "-"], text), (["params", str(tmp_path / "some.txt")], "")):
        result = CliRunner().invoke(main, arguments, input=given)
        assert result.exit_code == 0 and result.stdout.split("\n")[0].replace("*", "") == params, result.output


def test_shapes_and_values_of_code_on_standard_input() -> None:
    result = CliRunner().invoke(main, ["-", "--input", "3,9,9", "--set", "w=8", "--json"], input=CLASS)
    record = json.loads(result.output)
    assert (record["params"], record["output"], record["inputs"]) == (314, [10], {"x": [3, 9, 9]})
    refused = CliRunner().invoke(main, ["-", "--input", "3,9,9"], input=SUMMARY)
    assert refused.exit_code == 1 and "the summary shows its input" in refused.output
