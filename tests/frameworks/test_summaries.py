"""Summaries that the frameworks print of models, read back: counts, sizes, and what is said to be open."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from symparams.api import Network, from_source
from symparams.errors import Source, SymparamsError
from symparams.frameworks.sources import source_of
from symparams.frameworks.summaries.summary_source import source_of_summary
from symparams.frameworks.summaries.summary_text import looks_like_summary

KERAS_2 = """
Layer (type)                 Output Shape              Param #
=================================================================
input_3 (InputLayer)         (None, 64, 64, 3)         0
_________________________________________________________________
zero_padding2d_3 (ZeroPaddin (None, 70, 70, 3)         0
_________________________________________________________________
conv0 (Conv2D)               (None, 64, 64, 32)        4736
_________________________________________________________________
max_pool (MaxPooling2D)      (None, 32, 32, 32)        0
_________________________________________________________________
flatten_2 (Flatten)          (None, 32768)             0
_________________________________________________________________
fc (Dense)                   (None, 1)                 32769
=================================================================
Total params: 37,505
Trainable params: 37,505
Non-trainable params: 0
"""
WRAPPED = """
Model: "model"
__________________________________________________________________________________________________
 Layer (type)                   Output Shape         Param #     Connected to
==================================================================================================
 input_1 (InputLayer)           [(None, None, None,  0           []
                                 3)]

 conv1_pad (ZeroPadding2D)      (None, None, None,   0           ['input_1[0][0]']
                                3)

 conv1_conv (Conv2D)            (None, None, None,   9472        ['conv1_pad[0][0]']
                                64)

 conv1_relu (Activation)        (None, None, None,   0           ['conv1_conv[0][0]']
                                64)

 add (Add)                      (None, None, None,   0           ['conv1_conv[0][0]',
                                64)                               'conv1_relu[0][0]']

==================================================================================================
Total params: 9,472
"""
TORCHSUMMARY = """
----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1         [-1, 64, 112, 112]           9,408
       BatchNorm2d-2         [-1, 64, 112, 112]             128
              ReLU-3         [-1, 64, 112, 112]               0
         MaxPool2d-4           [-1, 64, 56, 56]               0
            Conv2d-5           [-1, 64, 56, 56]          36,864
        BasicBlock-6           [-1, 64, 56, 56]               0
 AdaptiveAvgPool2d-7             [-1, 64, 1, 1]               0
            Linear-8                   [-1, 10]             650
================================================================
Total params: 47,050
Trainable params: 47,050
Non-trainable params: 0
----------------------------------------------------------------
Input size (MB): 0.57
"""


def _read(text: str) -> Network:
    return from_source(source_of_summary(Source("summary.txt", text)))


def test_a_summary_of_keras_2_whose_classes_are_cut_off() -> None:
    net = _read(KERAS_2)
    assert (net.params, net.trainable, net.output) == (37505, 37505, (1,))
    assert net.layers["conv0"].macs == 64 * 64 * 7 * 7 * 3 * 32
    assert any("zero_padding2d_3: read as ZeroPadding2D" in warning.message for warning in net.warnings)


def test_cells_that_go_over_several_lines_and_sizes_that_are_open() -> None:
    net = _read(
        WRAPPED.replace("None, None, None,  0", "None, 440, None,   0").replace(
            "None, 440, None, ", "None, None, None, "
        )
    )
    assert net.params == 9472
    assert {str(symbol) for symbol in net.symbols.values()} <= {"H", "W"}


def test_the_layout_of_torchsummary() -> None:
    net = _read(TORCHSUMMARY)
    assert (net.params, net.output) == (47050, (10,))
    assert net.inputs["_input"] == (3, 224, 224)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"```text\n{text}\n```\n",
        lambda text: f"What is this?\n{text}\nThanks in advance.\n",
        lambda text: re.sub(r"(\d+)\n", "\x1b[32m\\1\x1b[0m\n", text),
    ],
)
def test_what_is_around_a_table_changes_nothing(change: Callable[[str], str]) -> None:
    assert _read(change(KERAS_2)).params == 37505


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Total params: 37,505", "Total params: 37,504", "37,505 parameters together, and the text says 37,504"),
        ("Trainable params: 37,505", "Trainable params: 32,769", "those up to conv0"),
        ("4736", "4737", "conv0"),
        ("input_3 (InputLayer)         (None, 64, 64, 3)         0\n", "", "the input is not shown"),
    ],
)
def test_what_does_not_agree_is_said(old: str, new: str, said: str) -> None:
    if "Trainable" in old:
        text = KERAS_2.replace("Non-trainable params: 0", "Non-trainable params: 4,736").replace(old, new)
        assert _read(text).trainable == 32769
    else:
        text = KERAS_2.replace(old, new)
    net = _read(text)
    assert said in "\n".join([*(w.message for w in net.warnings), *net.opaque])


@pytest.mark.parametrize(
    "text",
    [
        "Layer (type)   Output Shape   Param #\n=====\n",
        "Layer (type)   Output Shape   Param #\n=====\nthis is prose\n",
        KERAS_2.replace("fc (Dense)                   (None, 1) ", "fc (Dense)                   multiple "),
        KERAS_2.replace("4736", "many"),
        TORCHSUMMARY.replace("[-1, 64, 56, 56]", "[-1, 64, 56"),
    ],
)
def test_what_is_no_summary_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(SymparamsError) as raised:
        _read(text)
    assert "\n" not in raised.value.message


def test_a_file_is_recognised(tmp_path: Any) -> None:
    (tmp_path / "summary.txt").write_text(KERAS_2)
    assert from_source(source_of(str(tmp_path / "summary.txt"))).params == 37505
    assert not looks_like_summary("input(3, 8, 8) -> conv(8, 3)  # Layer (type) is no head\n")


def _keras_model(seed: int) -> Any:
    """A model of random layers, a chain or with branches."""
    keras = pytest.importorskip("keras")
    layers, draw = keras.layers, random.Random(seed)
    x = entry = layers.Input((draw.choice([16, 20, 31]), draw.choice([16, 24, 31]), draw.choice([1, 3, 4])))

    def image(x: Any) -> Any:
        width = draw.choice([4, 6, 8])
        made = [
            lambda: layers.Conv2D(width, draw.choice([1, 3, 5]), draw.choice([1, 2]), draw.choice(["same", "valid"])),
            lambda: layers.Conv2D(width, (1, 3), padding="same", use_bias=False),
            lambda: layers.DepthwiseConv2D(3, padding="same", use_bias=draw.random() < 0.5),
            lambda: layers.SeparableConv2D(width, 3, padding="same"),
            lambda: layers.Conv2DTranspose(
                width, draw.choice([2, 3]), strides=2, padding=draw.choice(["same", "valid"])
            ),
            lambda: layers.BatchNormalization(),
            lambda: layers.BatchNormalization(scale=False),
            lambda: layers.LayerNormalization(),
            lambda: layers.ZeroPadding2D(draw.choice([1, 2])),
            lambda: layers.MaxPooling2D(padding=draw.choice(["same", "valid"])),
            lambda: layers.AveragePooling2D(3, strides=2, padding="same"),
            lambda: layers.Activation("relu"),
            lambda: layers.PReLU(shared_axes=[1, 2]),
            lambda: layers.Dropout(0.3),
        ]
        return draw.choice(made)()(x)

    for _ in range(draw.randint(2, 6)):
        x = image(x)
        if draw.random() < 0.25:
            branch = layers.Conv2D(int(x.shape[-1]), 3, padding="same")(x)
            x = draw.choice([layers.Add(), layers.Multiply(), layers.Concatenate()])([x, branch])
    if draw.random() < 0.5:
        x = layers.GlobalAveragePooling2D()(x)
    else:
        x = layers.Reshape((-1, int(x.shape[-1])))(x)
        recurrent = draw.choice([layers.LSTM, layers.GRU, layers.SimpleRNN])
        x = recurrent(draw.choice([3, 5]), return_sequences=draw.random() < 0.5)(x)
        x = layers.Flatten()(x)
    x = layers.Dense(draw.choice([2, 7]), use_bias=draw.random() < 0.7)(x)
    return keras.Model(entry, x)


@pytest.mark.parametrize("seed", range(40))
def test_a_keras_summary_is_read_back(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    model = _keras_model(seed)
    if seed % 4 == 0:
        for layer in model.layers[: len(model.layers) // 2]:
            layer.trainable = False
    text = io.StringIO()
    model.summary(print_fn=lambda line, line_break=True: text.write(line + "\n"), line_length=[None, 150, 90][seed % 3])
    try:
        net = _read(text.getvalue())
    except SymparamsError as error:
        assert "…" in text.getvalue() and " may be " in error.message
        return
    assert not net.opaque, text.getvalue()
    assert net.params == model.count_params(), text.getvalue()
    trained = sum(int(w.numpy().size) for w in model.trainable_weights)
    said = any("are not trained" in w.message or "not trained is not shown" in w.message for w in net.warnings)
    assert net.trainable == trained or said, text.getvalue()
    assert net.output == tuple(model.output.shape[1:]), text.getvalue()
    for layer in model.layers:
        found = [row for name, row in net.layers.items() if name == layer.name]
        assert not found or found[0].params == layer.count_params()


def _torch_model(seed: int) -> Any:
    torch = pytest.importorskip("torch")
    nn, draw = torch.nn, random.Random(seed)

    class Block(nn.Module):
        def __init__(self, c: int, out: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(c, out, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(out)
            self.conv2 = nn.Conv2d(out, out, 3, padding=1, groups=draw.choice([1, out]))
            self.down = nn.Sequential(nn.Conv2d(c, out, 1, stride), nn.BatchNorm2d(out))
            self.scale = nn.Parameter(torch.ones(out, 1, 1)) if draw.random() < 0.3 else 1

        def forward(self, x: Any) -> Any:
            return torch.relu(self.conv2(torch.relu(self.bn1(self.conv1(x)))) * self.scale + self.down(x))

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            c = draw.choice([4, 8])
            self.stem = nn.Sequential(nn.Conv2d(3, c, draw.choice([3, 7]), 2, 1), nn.ReLU())
            self.blocks = nn.ModuleList(Block(c, c, draw.choice([1, 2])) for _ in range(draw.randint(1, 3)))
            self.pool = draw.choice([nn.MaxPool2d(2), nn.AvgPool2d(2), nn.MaxPool2d(3, 2, 1)])
            self.norm = draw.choice([nn.GroupNorm(2, c), nn.BatchNorm2d(c)])
            self.lstm = draw.choice([nn.LSTM, nn.GRU])(c, 6, draw.choice([1, 2]), bidirectional=draw.random() < 0.5)
            self.lstm.batch_first = True
            self.fc = nn.Linear(self.lstm.hidden_size * (2 if self.lstm.bidirectional else 1), 10)

        def forward(self, x: Any) -> Any:
            x = self.stem(x)
            for block in self.blocks:
                x = block(x)
            if len(self.blocks) > 1:
                x = self.blocks[-1](x)
            x = self.norm(self.pool(x))
            return self.fc(self.lstm(x.flatten(2).transpose(1, 2))[0][:, -1])

    return Net()


@pytest.mark.parametrize("seed", range(30))
def test_a_torchinfo_summary_is_read_back(seed: int) -> None:
    torchinfo = pytest.importorskip("torchinfo")
    model = _torch_model(seed).eval()
    if seed % 3 == 0:
        for parameter in model.stem.parameters():
            parameter.requires_grad_(False)
    columns = [("output_size", "num_params"), ("input_size", "output_size", "num_params", "kernel_size", "mult_adds")]
    text = str(
        torchinfo.summary(
            model,
            (1, 3, 64, 64),
            depth=[3, 2, 1][seed % 3],
            col_names=columns[seed % 2],
            row_settings=[("depth",), ("depth", "var_names")][seed % 2],
            verbose=0,
        )
    )
    net = _read(text)
    assert net.params == sum(p.numel() for p in model.parameters()), text
    assert net.trainable == sum(p.numel() for p in model.parameters() if p.requires_grad), text
    assert net.output == (10,), text
