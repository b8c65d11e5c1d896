"""Drawings of the architecture: the graph itself, its text for graphviz and Mermaid, and the pictures made of that."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from engines import missing, node_modules, program
from pictured import PROGRAMS, ZOO, network

import symparams as sp
from symparams import zoo
from symparams.cli import main
from symparams.errors import SymparamsError, display_width
from symparams.evaluate.model import Stage
from symparams.frameworks.layer_graph import graph as operations
from symparams.pictures import dot
from symparams.pictures.drawing import Drawing
from symparams.pictures.graph import DrawnFrame, DrawnGraph, DrawnNode, Edge, Item, graph_of
from symparams.pictures.mermaid import mermaid_source
from symparams.pictures.short_texts import shortened

GOLDEN = Path(__file__).parent / "golden"

BRANCHES = """net branches
def block(c) on (C, *S) { residual { conv(c, 3, p=1) -> bn -> relu } { if c != C { conv(c, 1) } } }
input(3, H, W)
e1: block(16)
repeat(n) { block(16) }
concat(e1) -> gap
both: concat { from e1 -> gap } { id }
linear(10)
"""


def nodes_in(items: list[Item]) -> list[DrawnNode]:
    return [node for item in items for node in ([item] if isinstance(item, DrawnNode) else nodes_in(item.items))]


def arrows(program: str, depth: int = 0) -> list[str]:
    graph = graph_of(sp.parse(program), depth)
    titles = {node.key: node.title for node in nodes_in(graph.items)}
    return [f"{titles[edge.source]} {edge.shape} {titles[edge.target]}" for edge in graph.edges]


# The graph


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("input(8) -> linear(2)", ["x (8) linear1", "linear1 (2) output"]),
        (
            "input(8) -> residual { linear(8) }",
            ["x (8) linear1", "linear1 (8) +", "x (8) +", "+ (8) output"],
        ),
        (
            "input(8)\ne: linear(4)\nrelu\nconcat(e)",
            ["x (8) e", "e (4) relu1", "relu1 (4) concat", "e (4) concat", "concat (8) output"],
        ),
        (
            "a: input(5)\nb: input(7)\nconcat(a) -> linear(2)",
            ["b (7) concat", "a (5) concat", "concat (12) linear1", "linear1 (2) output"],
        ),
        (
            "input(8)\naux: linear(3)\nfrom x -> linear(2)".replace("input", "x: input"),
            ["x (8) aux", "x (8) linear1", "linear1 (2) output", "aux (3) output"],
        ),
        (
            "input(8)\nf: linear(8)\nrelu\nreuse(f)",
            ["x (8) f", "f (8) relu1", "relu1 (8) f1", "f1 (8) output"],
        ),
        ("input(d) -> repeat(n) { linear(d) }", ["x (d) linear1 × n", "linear1 × n (d) output"]),
        (
            "input(T, d) -> repeat(n) { linear(d) -> relu }",
            ["x (T, d) linear1", "linear1 (T, d) relu1", "relu1 (T, d) output"],
        ),
        (
            "input(C, L) -> repeat(n) { concat { id } { conv(g, 3, p=1) } }",
            [
                "x (g·i + C, L) id1",
                "x (g·i + C, L) conv1",
                "id1 (g·i + C, L) concat",
                "conv1 (g, L) concat",
                "concat (n·g + C, L) output",
            ],
        ),
        (
            "input(8)\nm: concat { a: linear(3) } { linear(4) }\nconcat(a)",
            ["x (8) m", "m (7) concat", "m (3) concat", "concat (10) output"],
        ),
        (
            "input(8)\ne: linear(4)\ng: { linear(5) -> concat(e) }\nlinear(1)",
            ["x (8) e", "e (4) g", "g (9) linear1", "linear1 (1) output"],
        ),
        (
            "def skip { id }\ndef none { }\ninput(8) -> none -> skip -> none",
            ["x (8) none1", "none1 (8) skip1", "skip1 (8) none2", "none2 (8) output"],
        ),
        ("input(8)", ["x (8) output"]),
    ],
)
def test_what_flows_where(program: str, expected: list[str]) -> None:
    assert arrows(program) == expected


def test_a_block_that_occurs_twice_has_flows_of_its_own() -> None:
    program = "def b { residual { linear(8) } }\ninput(8)\np: b\nq: b\nconcat(p)"
    assert arrows(program, 1) == [
        "x (8) linear1",
        "linear1 (8) +",
        "x (8) +",
        "+ (8) linear1",
        "linear1 (8) +",
        "+ (8) +",
        "+ (8) concat",
        "+ (8) concat",
        "concat (16) output",
    ]


@pytest.mark.parametrize("name", ["alexnet", "googlenet", "inception_v3", "squeezenet", "unet", "vgg", "mobilenet_v1"])
def test_the_flows_are_those_of_what_is_emitted(name: str) -> None:
    net = network(name)
    made = {op.name: op for op in operations(net, "torch").operations}
    emitted = Counter(str(made[source].output).replace(",)", ")") for op in made.values() for source in op.inputs)
    graph = graph_of(net, 99)
    ends = {node.key for node in nodes_in(graph.items) if node.role == "output"}
    drawn = Counter(edge.tip for edge in graph.edges if edge.target not in ends)
    is_folded = any(stage.children and stage.count != 1 for stage in every(net.stages))
    assert set(drawn) == set(emitted) if is_folded else drawn == emitted


def every(stages: tuple[Stage, ...]) -> Iterator[Stage]:
    for stage in stages:
        yield stage
        yield from every(stage.children or ())


def test_formulas_in_the_nodes() -> None:
    found = {node.title: node for node in nodes_in(graph_of(sp.load("zoo:gpt2").free("d")).items)}
    assert found["wte"].detail == "embedding(50257, d)" and found["wte"].formula == "P = 50257d"
    assert found["linear3"].formula == "tied to wte.table"
    (conv,) = [n for n in nodes_in(graph_of(sp.parse("input(3,8,8) -> conv(4, 3, p=1)")).items) if n.role == "layer"]
    assert (conv.detail, conv.formula) == ("conv(4, 3, p=1)", "P = 4·3·3·3 + 4 = 112")


def test_long_names_and_formulas_are_shortened_and_stand_whole_in_the_tip() -> None:
    graph = graph_of(network("long_names"))
    assert display_width(graph.title) < 90
    for node in nodes_in(graph.items):
        assert all(display_width(text) <= 40 for text in (node.title, node.detail, node.formula))
    assert any("a" * 90 + "1" in node.tip for node in nodes_in(graph.items))
    assert shortened("卷积层卷积层", 7) == "卷…积层" or display_width(shortened("卷积层卷积层", 7)) <= 7


def test_repeats_and_shared_blocks_are_not_written_out() -> None:
    assert len(graph_of(sp.parse("input(8) -> repeat(10**9) { linear(8) -> relu }")).edges) == 3
    towers = "\n".join(f"def b{i} {{ b{i - 1} -> b{i - 1} }}" for i in range(1, 45))
    tower = sp.parse(f"def b0 {{ linear(8) }}\n{towers}\ninput(8) -> b44")
    assert len(graph_of(tower, 2).edges) == 5


def test_a_graph_that_is_too_large_says_how_it_gets_smaller() -> None:
    long = sp.parse("input(8)\n" + "relu\n" * 2000)
    towers = "\n".join(f"def b{i} {{ b{i - 1} -> b{i - 1} }}" for i in range(1, 45))
    tower = sp.parse(f"def b0 {{ linear(8) }}\n{towers}\ninput(8) -> b44")
    for net, depth, hint in (
        (long, 0, "stages in a def are drawn as one block"),
        (tower, 20, "--depth 19 draws fewer"),
    ):
        with pytest.raises(SymparamsError) as raised:
            graph_of(net, depth)
        assert (raised.value.message, raised.value.hint) == ("the drawing would have more than 1,000 nodes", hint)
    with pytest.raises(SymparamsError, match="Mermaid draws no more than 500 edges"):
        Drawing(sp.parse("input(8)\n" + "relu\n" * 600)).mermaid()


# Texts


@pytest.mark.parametrize(("form", "suffix"), [("mermaid", "mmd"), ("dot", "dot"), ("markdown", "md")])
@pytest.mark.parametrize("depth", [0, 1])
def test_golden_texts(form: str, suffix: str, depth: int) -> None:
    text = Drawing(sp.parse(BRANCHES), depth).to(form)
    path = GOLDEN / f"branches{depth}.{suffix}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(text), encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


NASTY = [
    'say "x"',
    "a#b;c",
    "<b>&amp;</b>",
    "x|y{z}[w](v)",
    "`tick` $$a$$ \\n \\",
    "end",
    "%% no",
    "1. one",
    "名字 θ",
    "-->",
]


def nasty_graph() -> DrawnGraph:
    found = [DrawnNode(f"n{i}", "layer", text, text, text, text + "\n" + text) for i, text in enumerate(NASTY)]
    frame = DrawnFrame("c1", "block", NASTY[0] + NASTY[3], list(found[:4]))
    edges = [Edge(f"n{i}", f"n{i + 1}", text, text) for i, text in enumerate(NASTY[:-1])]
    return DrawnGraph(NASTY[0], " ".join(NASTY), [frame, *found[4:]], edges)


PARSE = """
const [jsdom, mermaid] = process.argv.slice(1).map((path) => 'file://' + path);
const { JSDOM } = await import(jsdom);
const dom = new JSDOM('<!doctype html><body></body>');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const engine = (await import(mermaid)).default;
const faults = [];
for (const text of JSON.parse((await import('fs')).readFileSync(0, 'utf8'))) {
  try { await engine.parse(text); } catch (error) { faults.push(text.slice(0, 60) + ': ' + error.message); }
}
console.log(JSON.stringify(faults));
"""


def test_mermaid_reads_every_text() -> None:
    place = node_modules("mermaid", "jsdom")
    nets = [*map(network, PROGRAMS), *(sp.load(f"zoo:{name}") for name in zoo.names()), sp.parse(BRANCHES)]
    texts = [Drawing(net, depth, theme).mermaid() for net in nets for depth, theme in ((0, None), (1, "dark"))]
    texts.append(mermaid_source(nasty_graph()))
    paths = [f"{place}/jsdom/lib/api.js", f"{place}/mermaid/dist/mermaid.core.mjs"]
    command = [program("node"), "--input-type=module", "-e", PARSE, *paths]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == []


# Pictures

Box = tuple[float, float, float, float]
SVG = "{http://www.w3.org/2000/svg}"
# How wide letters are in Helvetica, for a size of 1.
WIDTHS = dict.fromkeys(" ·,.:;|!ijltfI[]/", 0.28) | dict.fromkeys("()-−r⌊⌋", 0.34) | dict.fromkeys("mMwW", 0.8)


def box_of(shape: ElementTree.Element) -> Box:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", shape.get("points") or shape.get("d") or "")
    xs, ys = [float(x) for x in numbers[::2]], [float(y) for y in numbers[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def text_box(text: ElementTree.Element) -> Box:
    """Where a text stands in a font like Helvetica."""
    size, x, y = float(text.get("font-size", "0")), float(text.get("x", "0")), float(text.get("y", "0"))
    width = sum(WIDTHS.get(c, 0.7 if c.isupper() else 0.56 * display_width(c)) for c in text.text or "") * size
    width *= 1.06 if text.get("font-weight") == "bold" else 1
    left = x if text.get("text-anchor") == "start" else x - width / 2
    return left, y - 0.8 * size, left + width, y + 0.25 * size


def inside(inner: Box, outer: Box, slack: float = 1.0) -> bool:
    starts = inner[0] >= outer[0] - slack and inner[1] >= outer[1] - slack
    return starts and inner[2] <= outer[2] + slack and inner[3] <= outer[3] + slack


def apart(a: Box, b: Box) -> bool:
    return a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1


def check_svg(source: str) -> int:
    """Texts are in their nodes, nodes and shapes apart from each other, all in the picture; the number of nodes."""
    root = ElementTree.fromstring(source)
    groups: dict[str, list[ElementTree.Element]] = {"node": [], "cluster": [], "graph": []}
    for group in root.iter(f"{SVG}g"):
        groups.setdefault(group.get("class") or "", []).append(group)
    page = box_of(next(groups["graph"][0].iter(f"{SVG}polygon")))
    boxes = []
    for node in groups["node"]:
        texts = [text_box(text) for text in node.iter(f"{SVG}text")]
        shape = next((s for s in node.iter() if s.tag in (f"{SVG}polygon", f"{SVG}path")), None)
        box = box_of(shape) if shape is not None else texts[0]
        assert all(inside(text, box) for text in texts), [t.text for t in node.iter(f"{SVG}text")]
        assert inside(box, page)
        boxes.append(box)
    for a, b in itertools.combinations(boxes, 2):
        assert apart(a, b)
    for cluster in groups["cluster"]:
        frame = box_of(next(s for s in cluster.iter() if s.tag in (f"{SVG}polygon", f"{SVG}path")))
        title = text_box(next(cluster.iter(f"{SVG}text")))
        assert inside(title, frame)
        assert all(apart(box, title) for box in boxes)
        assert all(inside(box, frame) or apart(box, frame) for box in boxes)
    return len(boxes)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [*PROGRAMS, *ZOO])
def test_nothing_overlaps_and_nothing_is_cut(name: str, theme: str) -> None:
    program("dot")
    net = network(name) if name in PROGRAMS else sp.load(f"zoo:{name}")
    for depth in (0, 1, 2):
        assert check_svg(Drawing(net, depth, theme).svg())


def test_marks_of_dot_and_html_are_text() -> None:
    program("dot")
    drawing = Drawing(network("one_layer"))
    vars(drawing)["graph"] = nasty_graph()
    source = drawing.svg()
    texts = {text.text for text in ElementTree.fromstring(source).iter(f"{SVG}text")}
    assert {text.replace("\\n", "\\n") for text in NASTY} <= texts


def test_pictures_are_the_same_each_time(tmp_path: Path) -> None:
    program("dot")
    for form, start in (("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        path = tmp_path / f"net.{form}"
        result = CliRunner().invoke(main, ["draw", "zoo:unet", "-o", str(path)])
        assert (result.exit_code, result.output) == (0, "")
        assert path.read_bytes().startswith(start)
    assert Drawing(network("unet")).svg() == (tmp_path / "net.svg").read_text(encoding="utf-8")


def test_without_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot.shutil, "which", lambda name: None)
    result = CliRunner().invoke(main, ["draw", "zoo:lenet5", "--format", "svg"])
    fault = "error: SVG is drawn by graphviz's program 'dot', which is not installed\n"
    hint = "  hint: install graphviz, or write Mermaid text with --format mermaid\n"
    assert (result.exit_code, result.output) == (1, fault + hint)
    drawing = network("one_layer").draw()
    assert drawing._repr_svg_() is None
    assert drawing._repr_markdown_().startswith("```mermaid\n")


def test_a_notebook_shows_graphviz_picture() -> None:
    program("dot")
    drawing = network("one_layer").draw(theme="dark")
    assert "#16191d" in drawing._repr_svg_() and drawing._repr_markdown_() is None


def test_a_fault_of_dot_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "dot"
    script.write_text("#!/bin/sh\necho 'Error: no fonts' >&2\necho more >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(dot.shutil, "which", lambda name: str(script))
    with pytest.raises(SymparamsError) as raised:
        Drawing(network("one_layer")).svg()
    assert raised.value.message == "dot failed: Error: no fonts"


def test_the_format_follows_the_suffix(tmp_path: Path) -> None:
    starts = {"mmd": "---\ntitle", "md": "```mermaid", "dot": "digraph", "gv": "digraph"}
    for suffix, start in starts.items():
        path = tmp_path / f"net.{suffix}"
        assert CliRunner().invoke(main, ["draw", "-e", "input(3) -> linear(2)", "-o", str(path)]).exit_code == 0
        assert path.read_text(encoding="utf-8").startswith(start)
        network("one_layer").draw().save(str(path))
        assert path.read_text(encoding="utf-8").startswith(start)
    assert CliRunner().invoke(main, ["draw", "-e", "input(3) -> linear(2)"]).output.startswith("---\ntitle")
    result = CliRunner().invoke(main, ["draw", "-e", "input(3) -> linear(2)", "-o", "net.jpg"])
    assert result.exit_code == 2 and "does not say which format" in result.output
    result = CliRunner().invoke(main, ["draw", "-e", "input(3) -> linear(2)", "--format", "jpg"])
    assert result.exit_code == 2 and "there is no format 'jpg'" in result.output


@pytest.mark.parametrize("name", ["plot", "draw"])
def test_examples_of_the_help_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program("dot")
    if name == "plot" and not (find_spec("matplotlib") and find_spec("squarify")):
        missing("matplotlib, with squarify,")
    (tmp_path / "net.arch").write_text(PROGRAMS["three_layers"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(main, [name, "--help"]).output
    examples = [line.split()[1:] for line in map(str.strip, shown.splitlines()) if line.startswith("symparams ")]
    assert len(examples) == 2
    for words in examples:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
