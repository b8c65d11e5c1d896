"""Every layer against Keras on the torch backend, argument by argument, run on small inputs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Draw, compare, demand

demand("torch")
keras: Any = demand("keras")

from keras_cases import IMAGES, SHAPES, OneStep, Padded, look  # noqa: E402
from keras_vector_cases import VECTORS  # noqa: E402

OTHERS = {**SHAPES, **VECTORS}
NAMES = {"layers": keras.layers, "Padded": Padded, "OneStep": OneStep}


@pytest.fixture(autouse=True)
def _layout() -> Any:
    """The configuration as it was, after each test."""
    before = keras.config.image_data_format()
    yield
    keras.config.set_image_data_format(before)


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize("name", IMAGES)
@given(data=st.data())
def test_layer_on_images_is_that_of_keras(name: str, layout: str, data: st.DataObject) -> None:
    keras.config.set_image_data_format(layout)
    compare(IMAGES[name](Draw(data)), "keras", look, NAMES, layout)


@pytest.mark.parametrize("name", OTHERS)
@given(data=st.data())
def test_layer_is_that_of_keras(name: str, data: st.DataObject) -> None:
    keras.config.set_image_data_format("channels_first")
    compare(OTHERS[name](Draw(data)), "keras", look, NAMES)
