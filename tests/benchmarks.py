"""How long things take, as ratios to a reference measured in the same run. `python tests/benchmarks.py` prints them.

The targets are those of the project: the analysis of ResNet-50 with H, W, w and n as symbols takes at most 0.15 times
`import sympy`, its width for a budget as much, a command on a program without symbols at most 1.9 times `import lark`,
and cost grows linearly. The prompt is there within 2 times `python -c 'import sympy'`; a layer typed on ResNet-50
answers in an eighth of that. A class of 150 layers takes at most 3 times the time of the same program in the language.
A page of 200 equalities is checked, from a cold start, within 2 times `python -c 'import sympy'`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

from symparams.api import from_source, parse
from symparams.errors import Source
from symparams.frameworks.python.reader import source_of_code
from symparams.prompt.session import Session
from symparams.zoo import source

PYTHON = sys.executable
SYMPARAMS = which("symparams", path=str(Path(PYTHON).parent)) or "symparams"
CIFAR = """input(3, 32, 32)
conv1: conv(32, 3, p=1) -> relu -> maxpool(2)
conv2: conv(64, 3, p=1) -> relu -> maxpool(2)
flatten -> linear(128) -> relu -> linear(10)"""
CHAINS = (
    ("input(C, H, W)", "conv(8, k)"),
    ("input(C, H, W)", "maxpool(2)"),
    ("input(C, H, W)", "conv(M, k, g=G)"),
    ("input(T, d)", "attention(h)"),
)
BILLION = "input(d)\nrepeat({}) {{ residual {{ linear(4*d) -> relu -> linear(d) }} }}"


CLASS = """
import torch.nn as nn

class Block(nn.Module):
    def __init__(self, c, out):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(c, out, 3, padding=1), nn.BatchNorm2d(out)
        self.conv2, self.bn2 = nn.Conv2d(out, out, 3, padding=1), nn.BatchNorm2d(out)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x))))) + x)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.blocks = nn.Sequential(*[Block(16, 16) for _ in range(25)])
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(self.blocks(self.stem(x)).mean((2, 3)))
"""


def best(action: Callable[[], object], times: int = 9) -> float:
    """The shortest of several runs, in seconds: the one that the machine disturbed least."""
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        runs.append(time.perf_counter() - start)
    return min(runs)


def command(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def _fits(C: Any, H: Any, W: Any, M: Any, k: Any) -> Any:
    return (k <= H) & (k <= W)


def resnet50() -> None:
    """Parsing included: params, macs, every output size and the conditions."""
    net = from_source(source("resnet50"), freed=["w", "n"])
    assert net.quantity("params") and net.quantity("macs") and net.guards is not None
    assert all(layer.output_shape for layer in net.rows())


def distinct_layers(number: int) -> Callable[[], object]:
    text = "input(C)\n" + "\n".join(f"linear({i})" for i in range(1, number + 1))
    return lambda: parse(text).quantity("params")


def deep(layers: int) -> str:
    """A program of so many layers in blocks."""
    return "def b { " + " -> ".join(["linear(8)"] * 20) + " }\ninput(8)\n" + "b\n" * (layers // 20)


def long_sum(number: int) -> Callable[[], object]:
    text = f"input(d) -> linear({' + '.join(f'n{i}' for i in range(number))})"
    return lambda: parse(text).quantity("params")


def chain(start: str, layer: str, number: int) -> Callable[[], object]:
    """Many layers of one kind, each with conditions that those of its neighbours imply."""
    text = "\n".join([start, *[layer] * number])
    return lambda: parse(text).guards


COMPILED = {
    "input(d) -> linear(n)": ("params", lambda d, n: d * n + n, lambda d, n: True),
    "input(C, H, W) -> conv(M, k)": ("params", lambda C, H, W, M, k: C * M * k**2 + M, _fits),
    "input(C, H, W) -> conv(M, k, s=2)": (
        "output",
        lambda C, H, W, M, k: (M + 0, (H - k) // 2 + 1, (W - k) // 2 + 1),
        _fits,
    ),
}


def compiled(program: str, dtype: str) -> tuple[Callable[[], object], Callable[[], object], Callable[[], object]]:
    """A compiled function on a million values, NumPy by hand with the same checks, and its bare arithmetic."""
    import numpy

    what, work, holds = COMPILED[program]
    function = parse(program).function(what)
    draws = numpy.random.default_rng(1)
    ranges = [(1, 8) if name == "k" else (8, 120) for name in function.symbols]
    values = [draws.integers(*bounds, 10**6).astype(dtype) for bounds in ranges]

    def checked() -> object:
        given = [value.astype(numpy.int64, copy=False) for value in values]
        assert all((value == whole).all() for value, whole in zip(values, given) if value.dtype.kind == "f")
        assert all(value.min() >= 1 for value in given)
        assert all(value.max() < 2**15 for value in given)
        assert numpy.all(holds(*given))
        return work(*given)

    return lambda: function(*values), checked, lambda: work(*values)


def derived(number: int) -> Callable[[], object]:
    text = "input(C)\n" + "\n".join(f"linear({i})" for i in range(1, number + 1))
    return lambda: parse(text).derive().latex()


def inside(what: str) -> float:
    """Seconds of a statement in a fresh interpreter, without the interpreter's own start."""
    code = f"import time; t = time.perf_counter(); {what}; print(time.perf_counter() - t)"
    return min(float(subprocess.check_output([PYTHON, "-c", code])) for _ in range(7))


def prompt() -> None:
    """A session on a pseudo-terminal, until the prompt takes keys."""
    import pexpect

    environment = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
    child = pexpect.spawn(SYMPARAMS, ["repl"], env=environment, timeout=60)
    child.expect_exact("\x1b[?25h")
    child.close(force=True)


def typed_layer() -> Callable[[], object]:
    session = Session()
    session.run("zoo:resnet50")

    def typed() -> None:
        assert not session.run("linear(M)").fault
        session.state = session.past.pop()

    return typed


def read_code() -> tuple[Callable[[], object], Callable[[], object]]:
    """A class of 150 layers from its code, and the same program."""

    def read() -> Source:
        return source_of_code(Source("net.py", CLASS), "Net", ["3,32,32"])

    text = read().text
    return lambda: from_source(read()), lambda: from_source(Source("net.arch", text))


def width_for_a_budget() -> Callable[[], object]:
    """Of a network that is there already: set free, solved for, and written."""
    net = from_source(source("resnet50"))
    return lambda: str(net.solve("params <= 5e6", "w"))


def checked_page(folder: str) -> Callable[[], object]:
    """The command on a page with an equality in each of its 200 lines: products, sizes and expanded brackets."""
    lines = []
    for i in range(1, 201):
        product = f"$3 \\cdot 3 \\cdot {i} \\cdot 64 + 64 = {9 * i * 64 + 64:,}$".replace(",", "{,}")
        size = f"floor(({i} + 2*1 - 3)/2) + 1 = {(i - 1) // 2 + 1}"
        expanded = f"$({i} C + 1)^2 = {i * i} C^2 + {2 * i} C + 1$"
        lines.append((f"Layer {i}: {product}.", f"- its output: {size}", f"So {expanded}.")[i % 3])
    page = Path(folder, "page.md")
    page.write_text("\n\n".join(lines), encoding="utf-8")
    said = subprocess.check_output([SYMPARAMS, "check", str(page)], text=True)
    assert said == "200 equalities checked, none false\n", said
    return command(SYMPARAMS, "check", str(page))


def report(name: str, measured: float, reference: str, base: float, target: float) -> None:
    ratio = measured / base
    verdict = "within" if ratio <= target else "OVER"
    print(f"{name:<52} {measured * 1000:8.1f} ms  {ratio:6.2f} × {reference} ({verdict} {target})")


def main() -> None:
    sympy, lark = inside("import sympy"), best(command(PYTHON, "-c", "import lark"), 25)
    print(f"import sympy {sympy * 1000:.0f} ms, python -c 'import lark' {lark * 1000:.0f} ms")
    resnet50()
    report("ResNet-50 with H, W, w, n", best(resnet50), "import sympy", sympy, 0.15)
    report("a width of ResNet-50 for a budget", best(width_for_a_budget()), "import sympy", sympy, 0.15)
    report("a command on a concrete program", best(command(SYMPARAMS, "-e", CIFAR), 25), "import lark", lark, 1.9)
    report("the same with --json", best(command(SYMPARAMS, "-e", CIFAR, "--json"), 25), "import lark", lark, 1.9)
    started = best(command(PYTHON, "-c", "import sympy"))
    report("the prompt, from a cold start", best(prompt), "python -c 'import sympy'", started, 2)
    with tempfile.TemporaryDirectory() as folder:
        report("a page of 200 equalities", best(checked_page(folder)), "python -c 'import sympy'", started, 2)
    report("a layer typed on ResNet-50", best(typed_layer()), "import sympy", sympy, 0.125)
    read, program = map(best, read_code())
    report("a class of 150 layers from its code", read, "the same program", program, 3)
    few, many = best(distinct_layers(1_000), 3), best(distinct_layers(10_000), 3)
    report("10,000 distinct layers", many, "1,000 layers", few, 15)
    few, many = best(long_sum(90), 3), best(long_sum(900), 3)
    report("a sum of 900 symbols", many, "90", few, 15)
    for start, layer in CHAINS:
        few, many = best(chain(start, layer, 100), 3), best(chain(start, layer, 1_000), 3)
        report(f"1,000 × {layer}, with the conditions", many, "100", few, 12)
    for program in COMPILED:
        for dtype in ("int64", "uint16", "float64"):
            ours, checked, bare = (best(work, 7) for work in compiled(program, dtype))
            report(f"{program}, 10^6 of {dtype}", ours, "NumPy by hand with checks", checked, 1.1)
            if dtype == "int64":
                report("the same", ours, "its bare arithmetic", bare, 1.7)
    for way in ("--depth=1", "--json"):
        few, many = (best(command(SYMPARAMS, "-e", deep(layers), way), 2) for layers in (8_000, 80_000))
        report(f"80,000 layers with {way}", many, "8,000 layers", few, 12)
    sheet = best(command(SYMPARAMS, "derive", "zoo:resnet50", "--free", "w", "--format", "latex"), 5)
    report("the derivation of ResNet-50 as LaTeX", sheet, "import lark", lark, 10)
    few, many = best(derived(100), 3), best(derived(1_000), 3)
    report("the derivation of 1,000 distinct layers", many, "100 layers", few, 15)
    once, billion = best(lambda: parse(BILLION.format(1))), best(lambda: parse(BILLION.format("10**9")))
    report("a body repeated a billion times", billion, "the body", once, 2)


if __name__ == "__main__":
    main()
