"""The magics in a real kernel, and the tutorial notebook: it runs, and its stored outputs are those of the run."""

from __future__ import annotations

import json
import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from engines import KATEX, MATHJAX, faults_of, node_modules, page_text
from markup import dollar_formulas

FOLDER = Path(__file__).parent / "notebooks"
TUTORIAL = FOLDER / "tutorial.ipynb"
TOOLS = ("ipykernel", "nbclient", "nbconvert", "numpy", "pandas")

pytestmark = pytest.mark.skipif(
    os.environ.get("SYMPARAMS_REQUIRE_ENGINES") != "1" and not all(map(find_spec, TOOLS)),
    reason="the tools of notebooks are not installed",
)


def run(*sources: str, **options: Any) -> list[Any]:
    """What the cells put out, after they have run in a kernel of their own."""
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [new_code_cell(source) for source in ("%load_ext symparams", *sources)]
    return [cell.outputs for cell in executed(new_notebook(cells=cells), **options).cells[1:]]


def executed(notebook: Any, **options: Any) -> Any:
    from nbclient import NotebookClient

    options = {"timeout": 120, "kernel_name": "python3", "resources": {"metadata": {"path": FOLDER}}, **options}
    return NotebookClient(notebook, **options).execute()


def read(path: Path) -> Any:
    import nbformat

    return nbformat.read(path, as_version=4)


def shown(cell: Any) -> list[dict[str, Any]]:
    """What a cell has put out, but for what depends on the versions of other tools."""
    outputs = []
    for output in cell.outputs:
        data = {kind: text for kind, text in output.get("data", {}).items() if kind in ("text/plain", "text/markdown")}
        rest = {name: output[name] for name in ("output_type", "name", "text", "ename", "traceback") if name in output}
        outputs.append({**rest, "data": data})
    return outputs


# The tutorial


def test_the_tutorial_prints_what_it_shows() -> None:
    import nbformat

    again = executed(read(TUTORIAL))
    if os.environ.get("UPDATE_GOLDEN"):
        for cell in again.cells:
            cell.metadata.pop("execution", None)
        nbformat.write(again, TUTORIAL)
    for cell, stored in zip(again.cells, read(TUTORIAL).cells):
        assert cell.cell_type != "code" or shown(cell) == shown(stored)


def test_the_tutorial_answers_its_questions() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    for figure in ("545{,}098", "(220, 170, 64) 9472", "(37633, 37569, 64)", "39.0140", "9993307", "参数量"):
        assert figure in text, figure


@pytest.mark.parametrize(("engine", "package"), [(KATEX, "katex"), (MATHJAX, "mathjax")], ids=["katex", "mathjax"])
def test_the_formulas_of_the_tutorial_render(engine: str, package: str) -> None:
    texts = [cell.source for cell in read(TUTORIAL).cells if cell.cell_type == "markdown"]
    for cell in read(TUTORIAL).cells:
        for output in cell.get("outputs", ()):
            texts += [text for kind, text in output.get("data", {}).items() if kind in ("text/markdown", "text/latex")]
    formulas = [formula for text in texts for formula in dollar_formulas(text)]
    assert len(formulas) > 100
    assert not faults_of(engine, package, formulas)


def test_a_page_has_all_formulas_of_the_tutorial() -> None:
    """nbconvert takes the Markdown, not the text, and leaves every formula to MathJax."""
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter().from_notebook_node(read(TUTORIAL))
    assert page.count("jp-RenderedMarkdown") >= 10
    assert r"P_{\mathrm{conv2}} &amp;= 64 \times 32 \times 3 \times 3 + 64" in page
    assert page.count("$18{,}496$") >= 2
    assert "params 545,098" not in page


AUTO_RENDER = """
<script src="{katex}/katex.min.js"></script><script src="{katex}/contrib/auto-render.min.js"></script>
<script>renderMathInElement(document.body, {{throwOnError: false, delimiters: [
  {{left: "$$", right: "$$", display: true}}, {{left: "$", right: "$", display: false}}]}})</script></body>
"""


def test_the_page_is_set_in_the_browser(tmp_path: Path) -> None:
    """With KaTeX in place of the MathJax that nbconvert fetches from the network."""
    katex = node_modules("katex") / "katex" / "dist"
    from nbconvert import HTMLExporter

    page, _ = HTMLExporter().from_notebook_node(read(TUTORIAL))
    page = re.sub(r'<script src="https?://[^>]*></script>', "", page)
    path = tmp_path / "tutorial.html"
    path.write_text(page.replace("</body>", AUTO_RENDER.format(katex=katex.as_uri())), encoding="utf-8")
    shown = page_text(path, tmp_path / "profile")
    assert shown.count('class="katex"') > 150 and "katex-error" not in shown
    assert "$" not in re.sub(r"<(annotation|script|style)\b.*?</\1>", "", shown, flags=re.S)


# The magics


def text_of(outputs: list[Any], kind: str = "text/plain") -> str:
    (output,) = outputs
    text: str = output["data"][kind]
    return text


def test_a_cell_shows_its_network_and_names_it() -> None:
    first, second, third, fourth = run(
        "%%arch\ninput(C, H, W)\nconv1: conv(M, 3)",
        "net.params",
        '%%arch small --set "C=3, M=4" --dialect keras\ninput(C, H, W)\nconv1: conv(M, 3) -> bn',
        "print(repr(small), type(small).__name__)",
    )
    assert "$M (9 C + 1)$" in text_of(first, "text/markdown")
    assert text_of(second) == "M*(9*C + 1)" or text_of(second) == "9*C*M + M"
    assert "conv1" in text_of(third)
    assert fourth[0]["text"].startswith("<Network without a name (keras): params 128, output (4, H − 2, W − 2)")


def test_only_markdown_and_text_are_put_out() -> None:
    """Were there HTML or LaTeX, JupyterLab or VS Code would take it, and the table or the formulas would be lost."""
    cells = run("import symparams as sp\nnet = sp.parse('input(C) -> a: linear(n)')", *SHOWN)
    for outputs in cells[1:]:
        (output,) = outputs
        assert set(output["data"]) == {"text/plain", "text/markdown"}


SHOWN = ("net", "net.layers.a", "net.table()", "net.derive()", "net.function()")


def test_a_line_takes_texts_zoo_networks_and_files() -> None:
    first, second, third, fourth = run(
        "%arch input(3, H, W) -> residual { conv(3, 3, p=1) } --set H=8 --layer conv1",
        "small = %arch --free w zoo:resnet50 --name other",
        "print(small.params, other == small)",
        '%arch input(c, H, W) -> rearrange("c h w -> (h w) c") -> repeat(3) { linear(c) }',
    )
    assert "3 × 3 × 3 × 3 + 3" in text_of(first)
    assert second == []
    assert third[0]["text"] == "5724*w**2 + 32977*w + 1000 True\n"
    assert "(H·W, c)" in text_of(fourth)


def test_a_cell_shows_a_derivation() -> None:
    first, second = run("%%arch --derive --what params --lang zh tiny\ninput(3) -> a: linear(4)", "tiny.params")
    formula = r"\underbrace{N_{\mathrm{in}} N_{\mathrm{out}}}_{\text{权重}} + \underbrace{N_{\mathrm{out}}}"
    assert formula in text_of(first, "text/markdown")
    assert "参数量" in text_of(first)
    assert text_of(second) == "16"


@pytest.mark.parametrize(
    ("cell", "lines"),
    [
        (
            "%%arch\ninput(3, 8, 8)\nconb(3)",
            ["cell:3:1: error: there is no layer or block 'conb'", "    3 | conb(3)", "      | ^^^^"],
        ),
        ("%arch zoo:resnet5", ["error: there is no network 'resnet5' in the zoo", "  hint: did you mean 'resnet50'?"]),
        ("%%arch --layer b\ninput(3) -> a1: linear(4)", ["error: the network has no layer 'b'; its layers are a1"]),
        ("%%arch --set d\ninput(d)", ["error: --set takes NAME=VALUE, not 'd'", "  hint: --set C=64,k=3"]),
        ("%%arch --derive --what parms\ninput(d)", ["error: 'parms' cannot be derived"]),
    ],
)
def test_a_fault_is_shown_without_a_traceback(cell: str, lines: list[str]) -> None:
    ((output,), after) = run(cell, "print('on')", allow_errors=True)
    assert output["output_type"] == "error" and output["ename"] in ("SymparamsError", "UsageFault")
    assert output["traceback"][: len(lines)] == lines and len(output["traceback"]) <= 4
    assert after[0]["text"] == "on\n"


def test_a_fault_in_python_is_shown_with_the_line_that_met_it() -> None:
    """And without the way through the package, which is long."""
    cell = "import symparams as sp\nnet = sp.parse('input(C) -> linear(2)')\nfor c in (3, -1):\n    net(C=c)"
    ((output,),) = run(cell, allow_errors=True)
    assert output["ename"] == "SymparamsError"
    assert output["traceback"] == [
        "line 4: net(C=c)",
        "<text>:1:7: error: C is a positive whole number; C = -1 cannot be put in",
        "    1 | input(C) -> linear(2)",
        "      |       ^",
    ]


@pytest.mark.parametrize(
    "cell", ["%%arch\ninput(", "%%arch --colour\ninput(3)", "%%arch 1x\ninput(3)", "%arch", "%arch input(3) --lyer x"]
)
def test_a_fault_stops_the_notebook(cell: str) -> None:
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError):
        run(cell)


def test_an_unknown_option_is_not_read_as_a_program() -> None:
    ((output,),) = run("%arch input(3) -> linear(2) --lyer x", allow_errors=True)
    assert output["text"] == "UsageError: %arch has no option --lyer; did you mean '--layer'?\n"


def test_a_likely_typo_is_pointed_out() -> None:
    (outputs,) = run("%%arch\nnet f(width)\ninput(3) -> linear(widht)")
    warning = next(output for output in outputs if output["output_type"] == "stream")
    assert warning["name"] == "stderr" and "did you mean 'width'" in warning["text"]


def test_the_magics_explain_themselves() -> None:
    (outputs,) = run("from IPython import get_ipython\nprint(get_ipython().find_cell_magic('arch').__doc__)")
    for word in ("--set NAME=VALUE", "--free", "--derive", "--lang", "The variable that the network becomes"):
        assert word in outputs[0]["text"]


def test_derivations_are_checked() -> None:
    line, cell = run("%check 3*3*64*64 + 64 = 11728", "%%check\nso $3 \\cdot 3 = 9$\nand 4·4 = 61")
    assert "3*3*64*64 + 64 is 36,928, not 11,728" in line[0]["text"]
    assert "cell:3:5: false: 4·4 is 16, not 61" in cell[0]["text"]


def test_names_are_completed() -> None:
    pytest.importorskip("IPython")
    code = """
from IPython.core.completer import provisionalcompleter
def names(text):
    with provisionalcompleter():
        return [c.text.lstrip(".") for c in get_ipython().Completer.completions(text, len(text))]
import json, symparams as sp
net = sp.parse("input(C) -> first: linear(C) -> def_: linear(n)")
print(json.dumps([names(text) for text in ("net.layers.", "net.symbols.", "net.layers['", "net.symbols['")]))
"""
    (outputs,) = run(code)
    layers, symbols, layer_keys, symbol_keys = json.loads(outputs[0]["text"])
    assert {"first", "def_"} <= set(layers) and {"C", "n"} <= set(symbols)
    assert layer_keys == ["first", "def_"] or set(layer_keys) == {"first", "def_"}
    assert set(symbol_keys) == {"C", "n"}


def test_a_cell_of_code_is_read() -> None:
    first, second, third = run(
        "%%arch --input 3,9,9 --set w=8\nimport torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self, w):\n"
        "        super().__init__()\n        self.conv = nn.Conv2d(3, w, 3)\n\n    def forward(self, x):\n"
        "        return self.conv(x)",
        "print(net.params, net.output)",
        "%%arch small\nmodel = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 2))",
    )
    assert "conv" in text_of(first)
    assert second[0]["text"] == "224 (8, 7, 7)\n"
    assert "2 × 8 + 2" in text_of(third)


def test_a_line_takes_a_model_of_the_namespace() -> None:
    pytest.importorskip("torch")
    _, first, second, third, fourth = run(
        """import torch, symparams as sp
from torch import nn
class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
    def forward(self, x):
        return self.conv(x)
model = Own()
small = sp.parse("input(C) -> linear(n)")""",
        "%arch model 3,H,W",
        "print(net.params, net.output)",
        "%arch small --set C=4 --name other",
        "print(other.params)",
    )
    assert "conv" in text_of(first)
    assert second[0]["text"] == "224 (8, H - 2, W - 2)\n"
    assert "linear1" in text_of(third)
    assert fourth[0]["text"] == "5*n\n"
