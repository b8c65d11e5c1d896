"""Calls in the spelling of a framework: which one is meant, the layout, what is said of slips."""

from __future__ import annotations

import pytest

import symparams as sp
from symparams import SymparamsError

REFUSED = [
    ("input(96, 32, 32) -> Conv2d(48, 64, 3)", ["in_channels = 48", "96"], ["write 96"]),
    ("input(3, 32, 32) -> Conv2d(64, 3)", ["kernel_size"], ["conv(64, 3)"]),
    ("input(28, 28) -> nn.Conv2d(1, 6, 5)", ["3 axes", "(28, 28)"], ["(1, 28, 28)"]),
    ("input(3, 32, 32) -> Conv2D(8, 3) -> nn.Conv2d(8, 8, 3)", ["channels first", "channels last"], ["layout"]),
    ("input(8) -> nn.Linear(8, 2) -> Flatten() -> Dense(3)", ["both frameworks have 'Flatten'"], ["nn.Flatten"]),
    ("input(8) -> nn.Foo(3)", ["no layer 'Foo' of Torch"], []),
    ("input(8) -> nn.Liner(8, 3)", ["'Liner'"], ["Linear"]),
    ("input(8) -> nn.Linear(8, 3, foo=1)", ["no argument 'foo'"], ["in_features, out_features, bias"]),
    ("input(8, 8) -> nn.GLU(dim=0)", ["the axis of the batch"], ["1 is the first"]),
    ("input(3, 8, 8) -> nn.MaxPool2d(2, padding='valid')", ["padding is a number"], []),
    ("input(8, 8, 3) -> layers.Conv2D(3, 3, padding=1)", ["padding is a word"], ['"same"']),
    ("input(8, 8, 3) -> layers.Conv2D(3, 3, activation='rellu')", ["no activation 'rellu'"], ["relu"]),
    ("input(8, 8, 3) -> layers.Conv2D(3, 3, activation='conv')", ["no activation 'conv'"], []),
    (
        "input(8) -> layers.Dense(3, activation=layers.PReLU())",
        ["in the place of an activation"],
        ["-> layers.PReLU()"],
    ),
    ("input(8) -> layers.Activation(keras.activations.nothing)", ["no activation"], []),
    ("input(3, 8, 8) -> nn.Upsample(size=3, scale_factor=2)", ["one of size and scale_factor"], []),
    ("input(3, 8) -> Bidirectional(Dense(3))", ["takes a recurrent layer"], []),
    ("input(3, 8) -> Bidirectional(LSTN(3))", ["no layer 'LSTN' of Keras"], ["LSTM"]),
    ("input(3, 8) -> Bidirectional(nn.LSTM(8, 3))", ["no layer 'nn.LSTM' of Keras"], []),
    ("input(3, 8) -> nn.TransformerEncoder(nn.Linear(8, 3), 2)", ["takes a layer of a Transformer"], []),
    ("input(1, 16, 16) -> nn.Conv2d(1, 8, 3) -> nn.Flatten() -> nn.Linear(1152, 3)", ["1152", "1568"], ["(1, 14, 14)"]),
]


@pytest.mark.parametrize(("program", "said", "hinted"), REFUSED)
def test_what_is_refused_is_explained(program: str, said: list[str], hinted: list[str]) -> None:
    with pytest.raises(SymparamsError) as caught:
        sp.parse(program)
    assert all(words in caught.value.message for words in said), caught.value.message
    assert all(words in (caught.value.hint or "") for words in hinted), caught.value.hint


@pytest.mark.parametrize(
    ("program", "output", "params"),
    [
        ("input(9, 8) -> LSTM(8, 16)", (9, 16), 1664),  # torch is the dialect that no one says
        ("dialect keras\ninput(9, 8) -> LSTM(16)", (16,), 1600),
        ("Input(shape=(9, 8)) -> LSTM(16)", (16,), 1600),  # Input is Keras's alone
        ("dialect keras\ninput(9, 8) -> nn.LSTM(8, 16)", (9, 16), 1664),
        ("dialect torch\nInput(shape=(9, 8)) -> LSTM(16)", (16,), 1600),  # what the program uses before the dialect
        ("dialect keras\ninput(9, 8) -> GroupNorm(3, 9) -> LSTM(8, 16)", (9, 16), 1682),
        ("input(8) -> Dense(3, activation=tf.nn.relu) -> Activation(keras.activations.softmax)", (3,), 27),
        ("input(9, 8) -> layers.LSTM(16) -> nn.Linear(16, 2)", (2,), 1634),
        ("dialect keras\ninput(9, 8) -> Sequential([LSTM(16, return_sequences=True), Dense(2)])", (9, 2), 1634),
        ("input(9, 8) -> nn.Sequential(LSTM(8, 16), nn.Linear(16, 2))", (9, 2), 1698),
        ("Sequential([Conv2D(4, 3, input_shape=(8, 8, 1)), Flatten(), Dense(2)])", (2,), 330),
        ("Dense(4, 'relu', input_dim=8) -> Dense(1)", (1,), 41),
        ("input(3) -> nn.Linear(3, 2, bias=0) -> nn.Linear(2, 2, bias=1)", (2,), 12),
    ],
)
def test_which_framework_is_meant(program: str, output: tuple[int, ...], params: int) -> None:
    net = sp.parse(program)
    assert (net.output, net.params) == (output, params)


@pytest.mark.parametrize(
    ("program", "output"),
    [
        ("input(28, 28, 1) -> Conv2D(32, 3) -> bn -> conv(8, 3)", (24, 24, 8)),
        ("input(1, 28, 28) -> conv(32, 3) -> Conv2D(8, 3)", (8, 24, 24)),
        ("input(1, 28, 28) -> relu -> Conv2D(8, 3, data_format='channels_first') -> maxpool(2)", (8, 13, 13)),
        ("def f(c) on (H, W, C) { Conv2D(c, 3) }\ninput(28, 28, 1) -> f(4)", (26, 26, 4)),
        ("input(28, 28, 3) -> BatchNormalization() -> Conv2D(4, 1)", (28, 28, 4)),
    ],
)
def test_the_layout_is_that_of_the_flow(program: str, output: tuple[int, ...]) -> None:
    assert sp.parse(program).output == output


def test_a_wrapper_names_its_layer() -> None:
    program = """Input(shape=(9, 3), name="x0")
    Bidirectional(LSTM(4, return_sequences=True, name="inner"), name="both")
    TimeDistributed(Dense(2), name="each") -> Activation("relu", name="end")"""
    net = sp.parse(program)
    assert (list(net.inputs), list(net.layers)) == (["x0"], ["both", "each", "end"])
    assert sp.parse(str(net)).program == net.program


def test_a_number_is_put_in_for_the_symbol_that_it_settles() -> None:
    net = sp.parse("input(C, 32, 32) -> nn.Conv2d(48, 8, 3)")
    assert (net.params, net.output) == (3464, (8, 30, 30))
    assert [str(condition) for condition in net.conditions] == ["Eq(C, 48)"]
    assert str(sp.parse("input(C, 8, 8) -> nn.Conv2d(C, M, 3) -> nn.BatchNorm2d(M)").params) == "9*C*M + 3*M"
    with pytest.raises(SymparamsError, match="48"):
        net(C=96)


@pytest.mark.parametrize(
    ("program", "word"),
    [
        ("input(3, 32, 32) -> linear(10)", "image"),
        ("input(1, 3, 224, 224) -> conv(8, 3)", "batch"),
        ("input(224, 224, 3) -> conv(8, 3)", "channels look like a size"),
        ("input(3, 230, 230) -> conv(8, 16, s=16)", "unread"),
    ],
)
def test_what_is_probably_not_meant_is_noted(program: str, word: str) -> None:
    assert any(word in note.message for note in sp.parse(program).warnings)


@pytest.mark.parametrize("name", sp.zoo.names())
def test_no_network_of_the_zoo_has_a_note(name: str) -> None:
    assert not sp.load(f"zoo:{name}").warnings


@pytest.mark.parametrize("layer", ["Flatten()", "PReLU()", "Reshape((400,))", "Permute((2, 1, 3))", "Softmax(axis=1)"])
def test_a_layer_with_axes_of_its_own_is_not_done_step_by_step(layer: str) -> None:
    with pytest.raises(SymparamsError, match="axes of its own"):
        sp.parse(f"dialect keras\nInput(shape=(5, 10, 10, 4)) -> TimeDistributed({layer})")


PRINTED = [
    "input(28, 1)\nlayers.Conv1D(32, 3, activation='relu', name='c')\nlayers.Dense(3, 'softmax', False)",
    "input(T, 16)\ny: nn.Linear(16, 4)\nnn.MultiheadAttention(4, 2, memory=y)",
    "input(T, 16)\nnn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2), num_layers=L, norm=nn.LayerNorm(16))",
    "input(9, 3)\nBidirectional(LSTM(3), 'sum')",
    "input(3, 8, 8)\na: nn.Conv2d(3, 3, 3, padding='same')\nnn.Identity(1, 2)\nadd(a)",
    "input(3, 9, 9)\nblocks[0]: nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU())\nnn.AdaptiveAvgPool2d((None, 1))",
    "input(8, 8, 3)\nlayers.BatchNormalization(trainable=False)\nlayers.TimeDistributed(Dense(4))",
]


@pytest.mark.parametrize("program", PRINTED)
def test_a_printed_program_is_the_same(program: str) -> None:
    net = sp.parse(program)
    again = sp.parse(str(net))
    assert again.program == net.program
    assert (again.params, again.output) == (net.params, net.output)
