"""What torchinfo, fvcore, ptflops, thop and deepspeed count, against these tools themselves."""

from __future__ import annotations

import os

import pytest
from checks import THOROUGH
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracle import Draw, demand
from strategies import Drawn, programs

import symparams as sp
from symparams import SymparamsError
from symparams.evaluate.conventions import CONVENTIONS, TOOLS
from symparams.language.library import standard_library

torch = demand("torch")

from counting_tools import compare, differing, module_of, require, theirs  # noqa: E402
from torch_activation_cases import ACTIVATIONS  # noqa: E402
from torch_cases import TORCH  # noqa: E402
from torch_sequence_cases import SEQUENCES  # noqa: E402
from torch_vector_cases import VECTORS  # noqa: E402

require()
CASES = {**TORCH, **VECTORS, **SEQUENCES, **ACTIVATIONS}
OPERATORS = {kind for kind, row in CONVENTIONS.items() if row.operator}
# Layers whose code is the package's own.
OWN_CODE = {"einsum_dense"}
REFUSES = (SymparamsError, RuntimeError, ValueError, TypeError, AssertionError, NotImplementedError)
EXAMPLES = settings(max_examples=8 if THOROUGH else 3)


def test_the_tools_are_those_of_the_table() -> None:
    """Other versions may count otherwise: where they do, the table names the newer one."""
    if differing() and not os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS"):
        pytest.skip(f"other versions are installed: {differing()}")
    assert not differing()


@pytest.mark.parametrize("name", [name for name in CASES if name not in OPERATORS])
@EXAMPLES
@given(data=st.data())
def test_layers(name: str, data: st.DataObject) -> None:
    case = CASES[name](Draw(data))
    try:
        net = sp.parse(case.program("torch"))
        module, inputs = module_of(net)
        with torch.no_grad():
            module(*inputs)
    except REFUSES:
        assume(False)
    refused = compare(net)
    if name not in OWN_CODE:
        assert all("is not known" in message for message in refused.values())
        built = "Own(" not in str(type(module)) and case.layer in CONVENTIONS
        assert built and (len(refused) < len(TOOLS) or case.layer in ("separable", "attention"))


@EXAMPLES
@given(programs())
def test_random_programs(drawn: Drawn) -> None:
    try:
        net = sp.parse(drawn.text)(**drawn.values)
        module, inputs = module_of(net)
        with torch.no_grad():
            module(*inputs)
    except REFUSES:
        assume(False)
    compare(net)


ZOO = {
    "lenet5": {},
    "alexnet": {"H": 224, "W": 224},
    "resnet": {"H": 32, "W": 32},
    "mobilenet_v2": {"H": 32, "W": 32},
    "densenet": {"H": 32, "W": 32},
    "gpt2": {"L": 2, "d": 48, "h": 4, "V": 100},
    "llama2": {"L": 1, "d": 64, "h": 4, "f": 32, "V": 100},
    "lstm_lm": {},
    "whisper": {"L": 1},
}
if THOROUGH:
    ZOO |= {"unet": {"H": 188, "W": 188}, "squeezenet": {"H": 64, "W": 64}, "bert": {"L": 1}, "transformer": {}}


@pytest.mark.parametrize("name", ZOO)
def test_networks_of_the_zoo(name: str) -> None:
    net = sp.load(f"zoo:{name}")
    known = {*net.symbols, *(parameter.name for parameter in net.program.parameters)}
    assert compare(net(**{symbol: value for symbol, value in ZOO[name].items() if symbol in known})) == {}


WRITTEN = """import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key, self.value = nn.Linear(12, 8), nn.Linear(12, 8), nn.Linear(12, 6)

    def forward(self, x):
        scores = self.query(x) @ self.key(x).transpose(1, 2)
        return scores.sigmoid() @ self.value(x) + x.mean(2, keepdim=True)
"""


@pytest.mark.parametrize("tool", TOOLS)
def test_operators_in_code(tool: str, tmp_path: object) -> None:
    """Products of matrices have no module: fvcore and deepspeed count them as operators, ptflops by their spelling."""
    file = tmp_path / "net.py"  # type: ignore[operator]
    file.write_text(WRITTEN)
    names: dict[str, object] = {}
    exec(WRITTEN, names)
    net = sp.load(f"{file}:Net", "5,12")
    if tool == "ptflops":
        with pytest.raises(SymparamsError, match=r"'matmul' is not known: it counts torch\.matmul and not"):
            net.counted_as(tool)
        return
    counted = net.counted_as(tool)
    for figure, number in theirs(tool, names["Net"](), (torch.zeros(1, 5, 12),)).items():  # type: ignore[operator]
        assert getattr(counted, figure) == number


def test_every_layer_of_torch_has_a_row_or_is_refused() -> None:
    library = standard_library()
    assert {*CONVENTIONS} - {*library.entries} == {"add", "mul", "concat"}
    for name in ("einsum_dense", "moe"):
        assert name not in CONVENTIONS
