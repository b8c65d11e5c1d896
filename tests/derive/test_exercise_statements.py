"""How a sheet states its network, with the real frameworks and the package's own readers as oracles; and its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from engines import compile_latex
from hypothesis import assume, given
from strategies import Drawn, programs

import symparams as sp
from symparams import SymparamsError
from symparams.cli import main
from symparams.derive.messages import languages
from symparams.frameworks.layer_graph import graph

CHAIN = (
    "net chain(n=10)\ninput(3, H, W)\nconv1: conv(M, 5, s=2, p=1, bias=false) -> bn -> relu -> maxpool(3, s=2, p=1)\n"
    "conv2: conv(2*M, 3, p=1, g=2) -> relu -> avgpool(2)\nflatten -> dropout(0.3) -> fc1: linear(32) -> relu\n"
    "fc2: linear(n, bias=false)"
)
SKIPPING = (
    "input(3, 32, 32)\nconv1: conv(16, 3, p=1) -> start: relu\nconv2: conv(16, 3, p=same) -> bn -> add(start) -> relu\n"
    "conv3: conv(24, 3, s=2, p=(1, 0)) -> concat(conv3) -> gap -> linear(5)"
)
SEQUENCE = "input(12) -> embedding(100, 16) -> layernorm -> linear(32) -> gelu -> linear(16, bias=false)"
NETS = {"chain": CHAIN, "skipping": SKIPPING, "sequence": SEQUENCE}


def code_of(text: str, dialect: str) -> tuple[Any, str]:
    net = sp.parse(text, dialect=dialect)
    sheet = net.exercise(seed=2, questions="table")
    return sheet.net, sheet.markdown().split("```text\n")[1].split("```")[0]


@pytest.mark.parametrize("name", NETS)
def test_torch_makes_the_network_of_the_code(name: str) -> None:
    torch = pytest.importorskip("torch")
    net, code = code_of(NETS[name], "torch")
    space: dict[str, Any] = {"torch": torch, "nn": torch.nn}
    exec(code, space)
    model = space["model"] if "model" in space else space["Network"]()
    inputs = [torch.zeros(2, *map(int, shape)) for shape in net.inputs.values()]
    inputs = [x.long() for x in inputs] if name == "sequence" else inputs
    assert sum(p.numel() for p in model.parameters()) == net.params
    assert tuple(model(*inputs).shape[1:]) == tuple(net.output)


@pytest.mark.parametrize("name", NETS)
def test_keras_makes_the_network_of_the_code(name: str) -> None:
    keras = pytest.importorskip("keras")
    net, code = code_of(NETS[name], "keras")
    space: dict[str, Any] = {"keras": keras, "layers": keras.layers}
    before = keras.config.image_data_format()
    try:
        exec(code, space)
        assert space["model"].count_params() == net.params
        assert tuple(space["model"].output_shape[1:]) == tuple(net.output)
    finally:
        keras.config.set_image_data_format(before)


@pytest.mark.parametrize("name", ["lenet5", "alexnet"])
@pytest.mark.parametrize("dialect", ["torch", "keras"])
def test_code_is_without_what_the_framework_has_by_default(name: str, dialect: str) -> None:
    net = sp.load(f"zoo:{name}", dialect=dialect)
    code = net.exercise(seed=1, questions="table", stated=dialect).markdown().split("```text\n")[1].split("```")[0]
    assert not re.search(r"bias=True|groups=1|dilation|stride=1|padding=0|padding=\(0|ceil_mode", code)
    assert all(f"{layer.name}" in code for layer in net.rows())
    lines = code.count("\n")
    assert len(list(net.rows())) < lines < len(list(net.rows())) + 5


def test_what_has_blocks_is_a_list_in_which_each_block_stands_once() -> None:
    text = sp.load("zoo:resnet50").exercise(seed=1, questions="table").markdown().split("## 1 ")[0]
    assert "```" not in text and text.count("bottleneck` (where") == 2 and "affine" not in text
    assert len(re.findall(r"^\| `bottleneck\d`", text, re.M)) == 8 and "`bottleneck4` × $3$" in text
    assert "| `add1` | addition | `conv_bn3`, what flows in |" in text


def test_a_list_says_what_is_repeated_and_what_is_read() -> None:
    net = sp.parse(
        "input(3, 8, 8) -> a: conv(8, 3, p=1)\nrepeat(3) { residual { conv(8, 3, p=1) -> bn } -> relu }\n"
        "add(a) -> repeat(2) { relu } -> tail: { conv(4, 1, bias=false) -> relu }"
    )
    rows = net.exercise(questions="table", stated="list").markdown().split("## 1 ")[0].split("| --- |\n")[1]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows.strip().split("\n")]
    reads = {row[0]: row[2] for row in cells}
    assert [row[0] for row in cells][:2] == ["`a`", "$3$ ×"] and "next 4 lines" in cells[1][1]
    assert reads["`add1`"] == "`bn1`, what flows in" and reads["`add2`"] == "`relu1`, `a`"
    assert reads["`conv1`"] == "" and "`relu2` × $2$" in reads
    assert "without biases" in next(row[1] for row in cells if row[0] == "`tail.conv1`")


def test_own_layers_are_shown_with_their_rules() -> None:
    net = sp.parse("layer own(out) on (C) {\n  weight kernel(C, out)\n  output (out,)\n}\ninput(4) -> own(3)")
    text = net.exercise().markdown()
    assert "| `own1` | `own`, `out=3` |" in text and "layer own(out) on (C)" in text and "input(4)" not in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as", "tensorflow"], "is not stated as 'tensorflow'"),
        (["--as", "torch"], "H, W and M are symbols"),
        (["--as", "keras", "--dialect", "torch", "--seed", "1"], "give the dialect keras as well"),
        (["--questions", "tabel"], "did you mean 'table'?"),
        (["--questions", "padding"], "--seed draws numbers"),
        (["--count", "0"], "0 is not in the range"),
        (["--solutions", "--solutions-file", "x.md"], "give one of the two"),
        (["-o", "x.md", "--solutions-file", "./x.md"], "give each a name of its own"),
        (["-o", "x.md", "--solutions-file", "no/y.md"], "there is no folder 'no'"),
        (["-o", "no/x.md", "--solutions-file", "y.md"], "there is no folder 'no'"),
        (["-o", "x.md", "--solutions-file", "y.odt"], "does not say which format"),
    ],
)
def test_faults_leave_nothing_behind(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["exercise", "-e", "input(3, H, W) -> conv(M, 3) -> gap -> linear(4)", *arguments])
    assert done.exit_code in (1, 2) and said in done.output and not list(tmp_path.iterdir())


def test_tasks_and_solutions_are_files_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["exercise", "-e", CHAIN, "--count", "3", "-o", "sheet.tex", "--solutions-file", "solution.md"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    sheet, solution = Path("sheet.tex").read_text(), Path("solution.md").read_text()
    assert sheet.count(r"\clearpage") == 2 and "Solutions" not in sheet and sheet.count("Name: ") == 3
    assert solution.count("# Solutions: ") == 3 and "\\_\\_\\_" not in solution
    both = CliRunner().invoke(main, ["exercise", "-e", CHAIN, "--count", "3", "--solutions", "--format", "latex"])
    assert both.output.count(r"\clearpage") == 5


def test_variants_differ_and_are_those_of_their_seeds() -> None:
    net = sp.parse(CHAIN)
    sheet = net.exercise(seed=4, count=5)
    values = [tuple(variant.values.items()) for variant in sheet.variants]
    assert len(set(values)) == 5
    assert [net.exercise(seed=seed).values for seed in range(4, 9)] == [variant.values for variant in sheet.variants]
    assert net.exercise(seed=4, count=5).text() == sheet.text() != net.exercise(seed=5, count=5).text()


def test_draws_are_sensible() -> None:
    net = sp.parse(CHAIN)
    rounded = 0
    for seed in range(20):
        values = net.exercise(seed=seed, questions="table").values
        assert values["H"] == values["W"] and values["M"] in (16, 32, 64)
        first = (values["H"] + 2 - 5) // 2 + 1
        second = (first + 2 - 3) // 2 + 1
        rounded += any(over % 2 for over in (values["H"] + 2 - 5, first + 2 - 3, second - 2))
    assert rounded == 20


def test_places_to_write_are_as_wide_as_the_answers() -> None:
    sheet = sp.parse(CHAIN).exercise(seed=3, questions="table")
    blanks = [len(blank) for blank in re.findall("_{4,}", sheet.text().split("1 Fill in")[1])]
    longest = max(len(f"{layer.params:,}") for layer in sheet.net.rows())
    shapes = max(len(str(tuple(layer.output))) for layer in sheet.net.rows())
    assert set(blanks) == {max(longest, len(f"{sheet.net.params:,}")) + 3, shapes + 3}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["lenet5", "unet"])
def test_sheets_of_all_questions_compile(name: str, language: str, tmp_path: Path) -> None:
    source = sp.load(f"zoo:{name}").exercise(seed=1, solutions=True, lang=language, count=2).tex()
    compile_latex("xelatex" if source.startswith("% !TEX program = xelatex") else "pdflatex", source, tmp_path)


@given(programs())
def test_sheets_of_random_programs(drawn: Drawn) -> None:
    """No program is too odd for a sheet; in a flat list each layer reads what the graph of the layers says."""
    try:
        net = sp.parse(drawn.text)
        sheet = net.exercise(seed=1, solutions=True)
        assert sheet.markdown()
        assume(not sheet.net.symbols and all(stage.children is None for stage in sheet.net.stages))
        text = sheet.net.exercise(stated="list", questions="table").markdown().split("## 1 ")[0]
        operations = graph(sheet.net, sheet.net.dialect).operations
    except SymparamsError:
        assume(False)
    rows = [[c.strip("` ") for c in row.strip("|").split(" | ")] for row in text.split("\n") if row.startswith("| `")]
    layers = [op for op in operations if op.kind != "input"]
    assume([op.name for op in layers] == [row[0] for row in rows])
    before = next(op.name for op in operations if op.kind == "input")
    for op, row in zip(layers, rows):
        told = [name.strip("` ") for name in row[2].split(",")] if len(row) > 2 and row[2] else [before]
        assert list(op.inputs) == [operations[0].name if name == "what flows in" else name for name in told]
        before = op.name
