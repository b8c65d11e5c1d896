"""Python code of Keras that is read, against the same code run by Keras."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from symparams.api import from_source
from symparams.errors import Source, SymparamsError
from symparams.frameworks.python.reader import source_of_code

keras = pytest.importorskip("keras")

HEAD = "import keras\nfrom keras import Input, Model, Sequential, layers, ops\n"
READ = {
    "images with their channels first": """
keras.config.set_image_data_format("channels_first")
x = i = Input((3, 9, 11))
x = layers.Concatenate(axis=1)([layers.Conv2D(4, 3)(x), layers.Conv2D(2, 3)(x)])
model = Model(i, layers.GlobalAveragePooling2D()(layers.MaxPooling2D()(x)))
""",
    "a weight that nothing uses": """
class Spare(layers.Layer):
    def build(self, shape):
        self.spare = self.add_weight(shape=(5,))
        self.kept = self.add_weight(shape=(2, 3), trainable=False)
    def call(self, x):
        return ops.zeros((ops.shape(x)[0], 7))
i = Input((4,))
model = Model(i, layers.Dense(2)(Spare()(layers.Dense(3)(i))))
""",
    "a branch behind an activation": """
i = Input((8, 8, 3))
x = layers.Conv2D(4, 3, activation="relu", padding="same")(i)
model = Model(i, layers.add([x, layers.Conv2D(4, 1)(x)]))
""",
    "a part that is frozen": """
base = Sequential([Input((4,)), layers.Dense(3), layers.BatchNormalization()])
base.trainable = False
i = Input((4,))
model = Model(i, layers.Dense(2)(base(i)))
""",
    "layers of a part frozen one by one": """
base = Sequential([Input((4,)), layers.Dense(3), layers.Dense(5), layers.Dense(2)])
for layer in base.layers[:-1]:
    layer.trainable = False
model = Sequential([Input((4,)), base])
""",
    "a layer used twice": "d = layers.Dense(4)\ni = Input((4,))\nmodel = Model(i, d(d(i)))",
    "a layer of one's own": """
class Scale(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1],))
        self.fixed = self.add_weight(shape=(shape[-1],), trainable=False)
    def call(self, x):
        return x * self.w + self.fixed
i = Input((4,))
model = Model(i, Scale()(layers.Dense(4)(i)))
""",
    "two inputs": """
i, j = Input((4,)), Input((3,))
model = Model([i, j], layers.Dense(2)(layers.Concatenate()([i, j])))
""",
    "windows of all kinds": """
model = Sequential([Input((9, 9, 3)), layers.SeparableConv2D(5, 3), layers.DepthwiseConv2D(3),
                    layers.PReLU(shared_axes=[1, 2]), layers.ZeroPadding2D(((1, 0), (2, 1))),
                    layers.Conv2DTranspose(4, 3, strides=2), layers.GlobalMaxPooling2D()])
""",
    "recurrent layers": """
i = Input((6, 3))
x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(i)
x = layers.TimeDistributed(layers.Dense(2))(x)
model = Model(i, layers.GRU(3, reset_after=False)(x))
""",
    "attention and operators": """
i = Input((6, 8))
x = layers.LayerNormalization()(layers.MultiHeadAttention(2, 4)(i, i) + i)
x = ops.concatenate([ops.mean(x, axis=1), ops.relu(x[:, 0])], axis=-1)
model = Model(i, layers.Dense(3)(x))
""",
    "a stack that grows": """
model = Sequential()
model.add(Input((6,)))
for n in (4, 3, 2):
    model.add(layers.Dense(n, activation="tanh", use_bias=n > 2))
""",
}
REFUSED = {
    "layers of a functional model one by one": """
a = Input((4,))
base = Model(a, layers.Dense(3)(a))
for layer in base.layers:
    layer.trainable = False
i = Input((4,))
model = Model(i, layers.Dense(2)(base(i)))
""",
    "a layer as an activation": "i = Input((6,))\nmodel = Model(i, layers.Dense(4, activation=layers.PReLU())(i))",
    "a loop that fails half way": """
model = Sequential([Input((4,))])
for kind in (layers.Dense, layers.NoSuchLayer):
    model.add(kind(3, no_such=1) if kind is not layers.Dense else kind(3))
""",
}


@pytest.fixture(autouse=True)
def usual_layout() -> Iterator[None]:
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize("name", READ)
def test_code_of_keras(name: str) -> None:
    names: dict[str, object] = {}
    exec(HEAD + READ[name], names)
    model: object = names["model"]
    net = from_source(source_of_code(Source("code.py", HEAD + READ[name]), "model"))
    trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)  # type: ignore[attr-defined]
    assert net.params == model.count_params()  # type: ignore[attr-defined]
    assert net.trainable == trained
    assert net.output == model.output_shape[1:]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", REFUSED)
def test_code_that_would_be_counted_otherwise_is_refused(name: str) -> None:
    with pytest.raises(SymparamsError):
        from_source(source_of_code(Source("code.py", HEAD + REFUSED[name]), "model"))
