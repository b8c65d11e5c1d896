"""Models that Keras has saved, and live ones: counts, sizes and layers are Keras's own, and Keras is not needed."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from oracle import demand

import symparams as sp
from symparams import SymparamsError

demand("torch")
keras: Any = demand("keras")
layers = keras.layers


@pytest.fixture(autouse=True)
def _layout() -> None:
    keras.config.set_image_data_format("channels_last")


def branches() -> Any:
    x = keras.Input((16, 16, 3), name="image")
    a = layers.Conv2D(8, 3, padding="same", activation="relu", name="left")(x)
    b = layers.SeparableConv2D(8, 3, padding="same")(x)
    y = layers.Concatenate()([layers.Add()([a, b]), layers.Multiply()([a, b])])
    y = layers.BatchNormalization(trainable=False)(layers.MaxPooling2D()(y))
    z = layers.Dense(4, activation="softmax", name="class")(layers.Flatten()(y))
    return keras.Model(x, [z, layers.GlobalAveragePooling2D()(y)])


def sequences() -> Any:
    return keras.Sequential(
        [
            keras.Input((20,)),
            layers.Embedding(50, 8),
            layers.Bidirectional(layers.LSTM(6, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(5, activation="relu")),
            layers.Bidirectional(layers.GRU(3), merge_mode="sum"),
            layers.Dense(2, "sigmoid"),
        ]
    )


def nested() -> Any:
    tower = keras.Sequential([keras.Input((8,)), layers.Dense(4, "relu"), layers.Dense(3)], name="tower")
    inner = keras.Input((3,))
    head = keras.Model(inner, layers.Add()([layers.Dense(3)(inner), inner]), name="head")
    x = keras.Input((8,))
    return keras.Model(x, layers.Dense(1)(head(tower(x))))


def shared() -> Any:
    one, two = keras.Input((6,), name="one"), keras.Input((6,), name="two")
    twice = layers.Dense(4, name="twice")
    return keras.Model([one, two], layers.Concatenate()([twice(one), twice(two)]))


def attends() -> Any:
    x, memory = keras.Input((5, 8)), keras.Input((7, 6))
    y = layers.MultiHeadAttention(2, 4)(x, memory)
    return keras.Model([x, memory], layers.LayerNormalization()(layers.Add()([x, y])))


def named_like_words() -> Any:
    return keras.Sequential(
        [keras.Input((4,), name="input"), layers.Dense(3, name="output"), layers.Dense(2, name="if")]
    )


MODELS = (branches, sequences, nested, shared, attends, named_like_words)
APPLICATIONS = ("MobileNetV2", "MobileNetV3Small", "DenseNet121", "Xception", "EfficientNetV2B0")


def is_like(net: sp.Network, model: Any) -> None:
    elements = lambda weights: sum(math.prod(weight.shape) for weight in weights)
    shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
    assert net.params == model.count_params() == elements(model.weights)
    assert net.trainable == elements(model.trainable_weights)
    assert [tuple(shape) for shape in net.output_shapes] == [tuple(shape[1:]) for shape in shapes]


@pytest.mark.parametrize("make", MODELS)
def test_a_model_live_and_saved(make: Any, tmp_path: Path) -> None:
    model = make()
    is_like(sp.from_keras(model), model)
    (tmp_path / "model.json").write_text(model.to_json())
    model.save(tmp_path / "model.keras")
    for name in ("model.json", "model.keras"):
        is_like(sp.load(str(tmp_path / name)), model)


@pytest.mark.parametrize("name", APPLICATIONS)
def test_an_application_of_keras(name: str) -> None:
    model = getattr(keras.applications, name)(weights=None)
    is_like(sp.from_keras(model), model)


def test_open_sizes_are_letters() -> None:
    model = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(8, 3), layers.GlobalMaxPooling2D()])
    net = sp.from_keras(model)
    assert (list(net.symbols), net.params, net.output) == (["H", "W"], 224, (8,))


def test_keras_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(sequences().to_json())
    code = f"import sys, symparams; symparams.load({str(tmp_path / 'model.json')!r}); print('keras' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_what_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    class Own(layers.Layer):  # type: ignore[misc, name-defined]
        def call(self, x: Any) -> Any:
            return x

    own = json.loads(keras.Sequential([keras.Input((4,)), Own(name="mine")]).to_json())
    broken = json.loads(sequences().to_json())
    del broken["config"]["layers"][1]["config"]
    contents = {
        "a.json": "{",
        "b.json": "[1, 2]",
        "c.json": json.dumps({"class_name": "Sequential", "config": 3}),
        "d.json": json.dumps(own),
        "e.json": json.dumps(broken),
        "f.json": "[" * 100_000,
        "g.keras": "no archive",
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(SymparamsError) as caught:
            sp.load(str(tmp_path / name))
        assert "\n" not in caught.value.message, name
    with pytest.raises(SymparamsError, match="no file"):
        sp.load(str(tmp_path / "h.keras"))
