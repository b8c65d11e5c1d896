"""Receptive fields: against what gradients reach in PyTorch's own modules, and closed forms against their numbers."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from checks import at
from click.testing import CliRunner

import symparams as sp
from symparams import SymparamsError
from symparams.cli import main
from symparams.evaluate.figures import JUMP, LOOKED, RECEPTIVE_FIELD, START

LENGTH = 512


def drawn_stage(draw: random.Random, nn: Any) -> tuple[str, Any, float]:
    """A stage on (2, L), in the language and in torch, and by how much it makes the axis shorter."""
    k, d = draw.randint(1, 4), draw.randint(1, 2)
    s, p = draw.choice([1, 1, 2, 3]), draw.randint(0, 2)
    kind = draw.choice(["conv", "conv", "pool", "relu", "bn", "convT", "upsample", "pad"])
    if kind == "conv":
        return f"conv(2, {k}, s={s}, p={p}, d={d})", nn.Conv1d(2, 2, k, s, p, d), s
    if kind == "pool":
        return f"avgpool({k}, s={s}, p={min(p, k // 2)})", nn.AvgPool1d(k, s, min(p, k // 2)), s
    if kind == "convT":
        return f"convT(2, {k + s}, s={s}, p={p})", nn.ConvTranspose1d(2, 2, k + s, s, p), 1 / s
    if kind == "upsample":
        return "upsample(2)", nn.Upsample(scale_factor=2), 1 / 2
    if kind == "pad":
        return f"zeropad({p})", nn.ZeroPad1d(p), 1
    if kind == "bn":
        return "bn", nn.BatchNorm1d(2), 1
    return "relu", nn.ReLU(), 1


def drawn_branches(draw: random.Random, nn: Any, torch: Any) -> tuple[str, Any]:
    """Two branches that keep the length, added or concatenated and mixed again."""
    sides = []
    for _ in range(2):
        k, d = draw.choice([1, 3, 5]), draw.randint(1, 2)
        sides.append((f"conv(2, {k}, p={d * (k - 1) // 2}, d={d})", nn.Conv1d(2, 2, k, 1, d * (k - 1) // 2, d)))
    (one, first), (two, second) = sides

    class Added(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = first, second

        def forward(self, x: Any) -> Any:
            return self.first(x) + self.second(x)

    class Joined(Added):
        def __init__(self) -> None:
            super().__init__()
            self.last = nn.Conv1d(4, 2, 1)

        def forward(self, x: Any) -> Any:
            return self.last(torch.cat([self.first(x), self.second(x)], 1))

    if draw.random() < 0.5:
        return f"add {{ {one} }} {{ {two} }}", Added()
    return f"concat {{ {one} }} {{ {two} }} -> conv(2, 1)", Joined()


def windows(torch: Any, module: Any) -> dict[int, tuple[int, int]]:
    """The first and the last place of the input that the gradient of each of some places in the middle reaches."""
    for weight in module.parameters():
        weight.data = weight.data.abs() + 0.1
    module.double().eval()
    x = torch.rand(1, 2, LENGTH, dtype=torch.float64, requires_grad=True)
    y = module(x).sum(1)[0]
    found = {}
    for place in range(len(y) // 2 - 12, len(y) // 2 + 12):
        (slope,) = torch.autograd.grad(y[place], x, retain_graph=True)
        reached = slope[0].sum(0).nonzero()
        if len(reached):
            found[place] = int(reached[0]), int(reached[-1])
    return found


@pytest.mark.parametrize("seed", range(60))
def test_gradients_reach_as_far(seed: int) -> None:
    torch = pytest.importorskip("torch")
    draw = random.Random(seed)
    words, modules, shrunk = [], [], 1.0
    while len(words) < draw.randint(3, 6):
        if draw.random() < 0.3:
            word, module = drawn_branches(draw, torch.nn, torch)
        else:
            word, module, by = drawn_stage(draw, torch.nn)
            if not 1 / 8 <= shrunk * by <= 10:
                continue
            shrunk *= by
        words.append(word)
        modules.append(module)
    net = sp.parse(f"input(2, {LENGTH}) -> {' -> '.join(words)}")
    try:
        (size,), (jump,), (start,) = (net.along_axes(name) for name in LOOKED)
    except SymparamsError as error:
        assert "no receptive field is known" in error.message
        return
    found = windows(torch, torch.nn.Sequential(*modules))
    assert max(last - first + 1 for first, last in found.values()) == size, net
    if all(isinstance(number, int) for number in (jump, start)) and net.looks[0].spread == 1:
        assert all(first == start + place * jump for place, (first, _) in found.items()), net


@pytest.mark.parametrize(
    "program",
    [
        "input(3, H, W) -> repeat(n) { conv(4, 3, s=2, p=1) -> relu -> conv(3, 3, p=1) }",
        "input(3, H, W) -> repeat(n) { conv(3, 3, p=1, d=d) }",
        "input(3, H, W) -> conv(3, k, s=s, p=p) -> maxpool(2) -> conv(3, 3)",
        "input(3, H, W) -> conv(4, 3, p=1) -> repeat(n) { residual { conv(4, 3, p=1) -> bn -> relu } }",
        "input(3, H, W) -> for i in 0..n { conv(3, 3, p=2**i, d=2**i) }",
        "input(3, H, W) -> conv(4, 3, s=4) -> convT(4, k, s=2) -> conv(4, 3)",
    ],
)
def test_closed_forms_are_what_the_numbers_give(program: str) -> None:
    net = sp.parse(program)
    known = {"H": 900, "W": 960, "k": 4, "s": 3, "p": 1, "d": 2}
    for turns in (1, 2, 5):
        values = {name: known.get(name, turns) for name in net.program.names}
        number = net(**values)
        for name in LOOKED:
            assert tuple(at(part, values) for part in net.along_axes(name)) == number.along_axes(name), name


@pytest.mark.parametrize(
    ("program", "field", "jump", "start"),
    [
        ("input(3, 224, 224) -> conv(64, 7, s=2, p=3) -> maxpool(3, s=2, p=1)", [11, 11], [4, 4], [-5, -5]),
        ("input(3, 32, 20) -> conv(8, (3, 5), s=(1, 2))", [3, 5], [1, 2], [0, 0]),
        ("input(20, 32, 3, layout=channels_last) -> conv(8, (3, 5), s=(1, 2))", [3, 5], [1, 2], [0, 0]),
        ("input(3, 32, 20) -> conv(8, 3) -> flatten -> linear(10)", [32, 20], [0, 0], [0, 0]),
        ("input(3, 32, 20) -> conv(8, 3) -> gap", [32, 20], [0, 0], [0, 0]),
        ("input(12, 8) -> linear(4) -> layernorm -> gelu", [1], [1], [0]),
        ("input(12, 8) -> attention(2)", [12], [0], [0]),
        ("input(12, 8) -> lstm(4)", [12], [0], [0]),
        ("input(8) -> linear(4)", [8], [0], [0]),
        ("input(3, 32, 20) -> residual { conv(3, 3, p=1) }", [3, 3], [1, 1], [-1, -1]),
        ("input(3, 32, 20) -> mul { conv(3, 3, p=1) } { gap(keepdims=true) -> sigmoid }", [3, 3], [1, 1], [-1, -1]),
        ("input(3, 32, 32) -> convT(4, 4, s=2, p=1)", [2, 2], ["1/2", "1/2"], [-1, -1]),
    ],
)
def test_what_is_seen_of_the_input(program: str, field: object, jump: object, start: object) -> None:
    done = CliRunner().invoke(main, ["receptive-field", "-e", program, "--json"])
    assert json.loads(done.output) == {RECEPTIVE_FIELD.name: field, JUMP.name: jump, START.name: start}


def test_it_is_refused_where_it_is_not_known() -> None:
    for program, word in (
        ("input(3, 8, 8) -> reshape(3, 64)", "reshape"),
        ("layer mine on (C, *S) { output (C, *S) }\ninput(3, 8, 8) -> mine", "mine"),
        ("input(T, 8) -> class_token", "class_token"),
    ):
        with pytest.raises(SymparamsError, match=word):
            _ = sp.parse(program).receptive_field


def test_a_rule_of_the_user_says_where_it_looks() -> None:
    rule = "layer mine(k) on (C, *S) { output (C, *(S - k + 1))\nfield S(k, 1, 0) }\n"
    assert sp.parse(f"{rule}input(3, H, W) -> mine(3) -> mine(5)").receptive_field == (7, 7)


def test_skips_and_regions() -> None:
    """U-Net's were measured on its PyTorch program; regions that divide an axis evenly are windows."""
    assert sp.zoo.unet().receptive_field == (204, 204)
    assert sp.parse("input(3, 32, 32) -> conv(4, 1) -> adaptive_avgpool(8)").receptive_field == (4, 4)
    with pytest.raises(SymparamsError, match="adaptive_avgpool"):
        _ = sp.parse("input(3, 32, 32) -> adaptive_avgpool(7)").receptive_field


def test_columns_and_layers() -> None:
    net = sp.parse("input(3, H, W) -> a: conv(8, 3, s=2) -> def_: conv(8, 3)")
    assert [layer.receptive_field for layer in net.layers.values()] == [(3, 3), (7, 7)]
    done = CliRunner().invoke(main, ["-e", str(net), "--columns", "receptive-field,jump"])
    assert "(7, 7)  (2, 2)" in done.output


def test_a_sum_over_turns_has_its_condition() -> None:
    program = "input(3, H, W) -> for i in 0..n { conv(3, 3, p=d**i, d=d**i) }"
    done = CliRunner().invoke(main, ["receptive-field", "-e", program, "--json"])
    assert json.loads(done.output)["conditions"] == ["Ge(d, 2)"]
    assert "d ≥ 2" in CliRunner().invoke(main, ["-e", program, "--columns", "jump"]).output
    assert not sp.parse(program).guards
    assert sp.parse(program)(n=3, d=1).receptive_field == (7, 7)


def drawn_nest(draw: random.Random, depth: int, inside: bool = False) -> list[Any]:
    """Stages, groups and repeats: a text, ("group", stages), or (turns, stages); those in repeats keep the size."""
    nest: list[Any] = []
    for _ in range(draw.randint(1, 3)):
        kind = draw.choice(["stage", "stage", "group", "repeat"]) if depth else "stage"
        if kind == "stage":
            k = draw.choice([1, 3, 5])
            step = "" if inside else f", s={draw.choice([1, 1, 2])}"
            nest.append(draw.choice([f"conv(2, {k}, p={k // 2}{step})", "relu", f"conv(2, 3, p={k}, d={k})"]))
        else:
            turns = draw.randint(1, 4) if kind == "repeat" else "group"
            nest.append((turns, drawn_nest(draw, depth - 1, inside or kind == "repeat")))
    return nest


def as_text(nest: list[Any]) -> str:
    stages = []
    for node in nest:
        if isinstance(node, str):
            stages.append(node)
        else:
            stages.append(f"{'g: ' if node[0] == 'group' else f'repeat({node[0]}) '}{{ {as_text(node[1])} }}")
    return "\n".join(stages)


def until_each_stage(nest: list[Any], before: list[str]) -> Iterator[str]:
    """The stages up to each one, at the last of its turns."""
    for node in nest:
        if isinstance(node, str):
            before.append(node)
            yield "\n".join(before)
            continue
        turns = 1 if node[0] == "group" else node[0]
        before += [as_text(node[1])] * (turns - 1)
        yield from until_each_stage(node[1], before)


@pytest.mark.parametrize("seed", range(25))
def test_a_row_says_what_its_last_turn_sees(seed: int) -> None:
    nest, head = drawn_nest(random.Random(seed), 3), "input(2, 128)\n"
    rows = list(sp.parse(head + as_text(nest)).rows())
    expected = [sp.parse(head + text) for text in until_each_stage(nest, [])]
    assert len(rows) == len(expected)
    for row, net in zip(rows, expected):
        assert (row.receptive_field, row.jump, row.start) == (net.receptive_field, net.jump, net.start)


@pytest.mark.parametrize("depth", [None, 0, 1])
def test_rows_of_the_zoo_go_on_to_the_output(depth: int | None) -> None:
    """Their figures are those of the stage that they are, not of one that has their name in another evaluation."""
    for name in ("resnet50", "mobilenet_v2", "vgg"):
        net = sp.load(f"zoo:{name}", dialect="torch")
        assert [row.receptive_field for row in net.rows(depth)][-1] == net.receptive_field
    if depth == 0:
        seen = {row.name: row.receptive_field for row in sp.zoo.resnet50().rows(0)}
        assert [seen[f"bottleneck{i}"] for i in range(1, 9)] == [(n, n) for n in (19, 35, 43, 91, 107, 267, 299, 427)]
