"""Every layer against torch, argument by argument, run on small inputs."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Draw, compare, demand

torch = demand("torch")

from torch_activation_cases import ACTIVATIONS  # noqa: E402
from torch_cases import TORCH, look  # noqa: E402
from torch_sequence_cases import SEQUENCES  # noqa: E402
from torch_vector_cases import VECTORS  # noqa: E402

CASES = {**TORCH, **VECTORS, **SEQUENCES, **ACTIVATIONS}
NAMES = {"nn": torch.nn, "torch": torch}
if os.path.exists(os.path.join(os.path.dirname(__file__), "..", "..", "symparams", "frameworks", "torch_parts.py")):
    from symparams.frameworks import torch_parts

    NAMES |= {name: value for name, value in vars(torch_parts).items() if isinstance(value, type)}


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_layer_is_that_of_torch(name: str, data: st.DataObject) -> None:
    compare(CASES[name](Draw(data)), "torch", look, NAMES)
