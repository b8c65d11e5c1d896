"""Emitted programs: valid Python of the same network whatever its names are, and nothing of its text in them."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symparams as sp
from symparams import SymparamsError
from symparams.frameworks.allocated_names import RESERVED
from symparams.frameworks.keras_source import keras_source
from symparams.frameworks.layer_graph import graph
from symparams.frameworks.torch_source import torch_source

HAS_TORCH = importlib.util.find_spec("torch") is not None
# What stands in a program, in Python or in a module already, and what is made of other names.
NASTY = [
    *("x", "x1", "self", "torch", "nn", "keras", "layers", "math", "re", "Tensor", "super", "int", "print", "build"),
    *("class", "def", "None", "True", "lambda", "match", "type", "forward", "training", "call", "name", "to", "eval"),
    *("_", "__", "_1", "__init__", "__class__", "_a", "Own", "First", "Padded", "Module", "Network", "T_destination"),
    *("linear1", "linear", "linear2", "relu1", "add1", "d", "d_layer", "dim", "state0", "modules", "parameters"),
    *("µ", "ſ", "ﬁ", "α", "名", "ª", "x２", "_２", "add", "id", "input"),
]


def is_free(form: str) -> bool:
    """Whether the language lets a layer or a block have the name."""
    try:
        return sp.parse(form).params == 0
    except SymparamsError:
        return False


LABELS = [name for name in NASTY if is_free(f"input(2) -> relu\n{name}: relu")]
BLOCKS = [
    name for name in NASTY if is_free(f"def {name} {{ relu }}\ninput(2)\n{name}") and name not in ("linear", "id")
]


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Linear maps in a row, with skips, uses again, ties and a block, all of them with nasty names."""
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=7, max_size=7, unique=True))
    net = draw(st.sampled_from(["", *(f"net {name}" for name in LABELS)]))
    block = draw(st.sampled_from(BLOCKS))
    first, second, third, skipped, again, numbered, last = labels
    lines = [
        f"{first}: input(3)",
        draw(st.sampled_from(["relu", f"{second}: linear(3)"])),
        f"def {block} {{ {draw(st.sampled_from(LABELS))}: linear(3) -> relu }}" if net else "relu",
        f"{skipped}: linear(3)",
        f"residual {{ {third}: linear(3) -> relu }}",
        *((block, block) if net else ("relu",)),
        draw(st.sampled_from([f"add({skipped})", f"add({first})", f"concat({first}) -> linear(3)", "relu"])),
        draw(st.sampled_from(["relu", f"{again}: reuse({third})", f"{again}: linear(3, tied={skipped})"])),
        draw(st.sampled_from(["relu", f"for i in 0..2 {{ {numbered}[i]: linear(3) }}\nadd({numbered}[0])"])),
        f"{last}: {draw(st.sampled_from(['input(3)', 'linear(3)']))}",
        draw(st.sampled_from(["relu", f"from {skipped}", f"add({skipped})"])),
    ]
    return "\n".join([net, *lines]).strip()


def assigned(source: str, function: str) -> list[str]:
    """The names that a function of an emitted program gives, its parameters first."""
    (made,) = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef) and n.name == function][-1:]
    targets = [t for n in ast.walk(made) if isinstance(n, ast.Assign) for t in n.targets]
    return [a.arg for a in made.args.args] + [t.id for t in targets if isinstance(t, ast.Name)]


@given(programs())
def test_emitted_names_are_python_and_hide_nothing(text: str) -> None:
    net = sp.parse(text)
    torch_text, keras_text = torch_source(net), keras_source(sp.parse(text, dialect="keras"))
    for text in (torch_text, keras_text):
        compile(text, "<emitted>", "exec")
    given = assigned(keras_text, "build")
    assert len(given) == len(set(given))
    assert not RESERVED["keras"] & set(given)
    assert not RESERVED["torch"] - {"self"} & set(assigned(torch_text, "forward"))
    attributes = [n.attr for n in ast.walk(ast.parse(torch_text)) if isinstance(n, ast.Attribute)]
    assert not any(name.startswith("__") for name in attributes if name != "__init__")


@given(programs())
def test_emitted_torch_is_the_same_network(text: str) -> None:
    """Its numbers are those of the graph, operation by operation, and its parameters those of the formula."""
    torch = pytest.importorskip("torch")
    from symparams.frameworks.torch_source import class_name

    net = sp.parse(text)
    network = graph(net, "torch")
    scope: dict[str, type] = {}
    exec(torch_source(net), scope)
    model = scope[class_name(net.name)]()
    assert sum(p.numel() for p in model.parameters()) == net.params
    inputs = [torch.randn(2, 3) for op in network.operations if op.kind == "input"]
    values = dict(zip([op.name for op in network.operations if op.kind == "input"], inputs))
    for op in network.operations:
        read = [values[name] for name in op.inputs]
        if op.kind == "add":
            values[op.name] = sum(read)
        elif op.kind == "concat":
            values[op.name] = torch.cat(read, 1)
        elif op.kind != "input":
            values[op.name] = getattr(model, op.module)(*read)
    assert torch.equal(model(*inputs), values[network.outputs[0].name])


def test_names_of_modules_are_known() -> None:
    """Whatever a torch module has is reserved, but for what begins with a line, which no emitted name does."""
    nn = pytest.importorskip("torch.nn")
    assert {name for name in dir(nn.Module()) if not name.startswith("_")} <= RESERVED["torch"]


# Templates

HARMLESS = [
    ("torch", "nn.Linear({n}, {out}, bias=True)"),
    ("torch", "nn.Sequential(nn.Linear({n}, 4), nn.Softmax(-1))"),
    ("torch", "nn.Conv{1 + 1}d(3, 4, (1, 2), padding_mode='zeros')"),
    ("keras", "layers.Dense({out}, activation='relu', kernel_initializer=None)"),
    ("keras", "layers.Rescaling([1.5, -2], offset=(0, {n}))"),
]
REFUSED = [
    "__import__('os').system('touch {marker}')",
    "open('{marker}', 'w')",
    "nn.Linear(open('{marker}', 'w'), 3)",
    "nn.Linear(3, 4) if open('{marker}', 'w') else 3",
    "(open('{marker}', 'w'), nn.Linear)[1](3, 4)",
    "nn.Linear(*[open('{marker}', 'w') for i in (1,)])",
    "nn.Linear(3, 4, **dict(bias=open('{marker}', 'w')))",
    "nn.modules.module.torch.os.system('touch {marker}')",
    "nn.Module.__subclasses__()",
    "nn.Linear(f'3', 4)",
    "nn.Linear((lambda: open('{marker}', 'w'))(), 4)",
    "nn.Linear(x := open('{marker}', 'w'), 4)",
    "layers.TFSMLayer('{marker}')",
    "layers.StringLookup(vocabulary='{marker}')",
    "layers.Dense(3, activation=dict(module='os'))",
    "layers.Dense(3, name='a')",
    "layers.Dense(3, units=4, units=4)",
    "nn.Linear(3, 4, bias=True, bias=True)",
    "nn.Linear(3, 4) # )",
    "nn.Linear(3, 4); open('{marker}', 'w')",
    "nn.Linear(3, 4))",
    "nn.Linear",
    "3",
    "",
    "(" * 5_000,
    "Network()",
    "print(3)",
]


def own_layer(target: str, template: str) -> str:
    rule = f'layer own(out) on (n) {{ weight w(out, n)\n  output (out,)\n  build {target} "{template}" }}'
    return f"dialect {target}\n{rule}\ninput(3) -> own(4)"


@pytest.mark.parametrize(("target", "template"), HARMLESS)
def test_template_of_a_call_is_taken(target: str, template: str) -> None:
    source = {"torch": torch_source, "keras": keras_source}[target](sp.parse(own_layer(target, template)))
    assert template.partition("(")[0].replace("{1 + 1}", "2") in source
    compile(source, "<emitted>", "exec")


@pytest.mark.parametrize("target", ["torch", "keras"])
@pytest.mark.parametrize("template", REFUSED)
def test_template_of_anything_else_is_refused_at_its_place(template: str, target: str, tmp_path: Path) -> None:
    """Nothing of it is printed or run, also in braces."""
    marker = tmp_path / "run"
    net = sp.parse(own_layer(target, template.replace("{marker}", str(marker))))
    if template == "nn.Linear(3, 4) # )" and target == "torch":
        assert "#" not in torch_source(net)
        return
    with pytest.raises(SymparamsError, match="takes one call") as caught:
        graph(net, target)
    assert caught.value.position == (4, 9)
    assert not marker.exists()
