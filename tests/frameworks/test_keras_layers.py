"""Every layer against Keras on the torch backend, argument by argument, run on small inputs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Draw, compare, demand

demand("torch")
keras: Any = demand("keras")

from keras_cases import KERAS, Padded, look  # noqa: E402
from keras_vector_cases import VECTORS  # noqa: E402

CASES = {**KERAS, **VECTORS}
NAMES = {"layers": keras.layers, "Padded": Padded}


@pytest.mark.parametrize("name", CASES)
@given(data=st.data())
def test_layer_is_that_of_keras(name: str, data: st.DataObject) -> None:
    compare(CASES[name](Draw(data)), "keras", look, NAMES)
