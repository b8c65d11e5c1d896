"""Models drawn, what Keras, torchinfo and torchsummary print of them, and the network that is read from that."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

import pytest

from symparams.api import Network, from_source
from symparams.errors import Source, SymparamsError
from symparams.frameworks.summaries.summary_source import source_of_summary

NOT_UNDERSTOOD = ("it is taken as it is shown", "the rows have", "together")
OPEN = "which layers are frozen is not known"


def read(text: str) -> Network:
    net = from_source(source_of_summary(Source("summary.txt", text)))
    assert not [w.message for w in net.warnings if any(said in w.message for said in NOT_UNDERSTOOD)], text
    return net


def keras_layer_of_an_image(draw: random.Random, x: Any) -> Any:
    layers = pytest.importorskip("keras").layers
    width, kernel = draw.choice([4, 6, 8]), draw.choice([1, 2, 3, 5, (1, 3), (3, 1)])
    stride, padding, bias = draw.choice([1, 1, 2]), draw.choice(["same", "valid"]), draw.random() < 0.6
    makers: tuple[Callable[[], Any], ...] = (
        lambda: layers.Conv2D(width, kernel, stride, padding, use_bias=bias),
        lambda: layers.Conv2D(8, 3, padding="same", groups=2 if x.shape[-1] % 2 == 0 else 1),
        lambda: layers.DepthwiseConv2D(3, stride, padding, draw.choice([1, 1, 2]), use_bias=bias),
        lambda: layers.SeparableConv2D(width, 3, stride, padding, use_bias=bias),
        lambda: layers.Conv2DTranspose(width, draw.choice([2, 3]), draw.choice([1, 2]), padding),
        lambda: layers.BatchNormalization(scale=bias),
        lambda: layers.LayerNormalization(),
        lambda: layers.ZeroPadding2D(draw.choice([1, 2, ((0, 1), (0, 1))])),
        lambda: layers.MaxPooling2D(draw.choice([2, 3]), draw.choice([None, 2]), padding),
        lambda: layers.AveragePooling2D(3, strides=2, padding="same"),
        lambda: layers.UpSampling2D(),
        lambda: layers.Activation("relu"),
        lambda: layers.PReLU(shared_axes=[1, 2]),
        lambda: layers.Dropout(0.3),
    )
    return draw.choice(makers)()(x)


def keras_layer_of_a_sequence(draw: random.Random, x: Any) -> Any:
    layers = pytest.importorskip("keras").layers
    units = draw.choice([3, 4, 8])
    recurrent = draw.choice([layers.LSTM, layers.GRU, layers.SimpleRNN])
    makers: tuple[Callable[[], Any], ...] = (
        lambda: recurrent(units, return_sequences=True)(x),
        lambda: layers.GRU(units, return_sequences=True, reset_after=False)(x),
        lambda: layers.Bidirectional(layers.LSTM(units, return_sequences=True))(x),
        lambda: layers.TimeDistributed(layers.Dense(units))(x),
        lambda: layers.Conv1D(units, 3, padding="same")(x),
        lambda: layers.MultiHeadAttention(2, units)(x, x),
        lambda: layers.LayerNormalization()(x),
    )
    return draw.choice(makers)()


def keras_model(draw: random.Random) -> Any:
    """A model of random layers: of an image with branches, or of a sequence."""
    keras = pytest.importorskip("keras")
    layers = keras.layers
    if draw.random() < 0.7:
        side = draw.choice([16, 17, 28, None])
        x = entry = keras.Input((side, side, draw.choice([1, 3, 4])))
        for _ in range(draw.randint(2, 7)):
            if side is None or x.shape[1] > 4:
                x = keras_layer_of_an_image(draw, x)
            if draw.random() < 0.25:
                branch = layers.Conv2D(int(x.shape[-1]), 3, padding="same")(x)
                x = draw.choice([layers.Add(), layers.Multiply(), layers.Concatenate()])([x, branch])
        x = layers.GlobalAveragePooling2D()(x) if side is None or draw.random() < 0.5 else layers.Flatten()(x)
    else:
        x = entry = keras.Input((draw.choice([7, None]),))
        x = layers.Embedding(50, 8)(x)
        for _ in range(draw.randint(1, 4)):
            x = keras_layer_of_a_sequence(draw, x)
        x = draw.choice([layers.GlobalMaxPooling1D(), layers.LSTM(5), layers.Bidirectional(layers.GRU(4))])(x)
    shared = layers.Dense(draw.choice([2, 7]), use_bias=draw.random() < 0.7, name="shared")
    x = layers.Add()([shared(x), shared(layers.ReLU()(x))]) if draw.random() < 0.2 else shared(x)
    model = keras.Model(entry, x)
    for layer in model.layers[: draw.choice([0, 0, 0, 1, 3])]:
        layer.trainable = False
    return model


def printed_by_keras(model: Any, **how: Any) -> str:
    text = io.StringIO()
    model.summary(print_fn=lambda line, **more: text.write(f"{line}\n"), **how)
    return text.getvalue()


@pytest.mark.parametrize("seed", range(60))
def test_a_summary_of_keras_is_read_back(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    model = keras_model(draw)
    width = draw.choice([None, 60, 80, 100, 150])
    monkeypatch.setenv("COLUMNS", str((width or 80) + 40))
    text = printed_by_keras(model, line_length=width, show_trainable=draw.random() < 0.3)
    try:
        net = read(text)
    except SymparamsError as error:
        assert ("cut off" in error.message or " may be " in error.message) and "line_length" in str(error.hint), text
        monkeypatch.setenv("COLUMNS", "240")
        net = read(printed_by_keras(model, line_length=200))
    assert not net.opaque, text
    assert net.params == model.count_params(), text
    assert net.trainable == sum(w.numpy().size for w in model.trainable_weights), text
    shown = [size if isinstance(size, int) else None for size in net.output]
    assert shown == list(model.output.shape[1:]), text
    for layer in model.layers:
        if layer.name in net.layers:
            assert net.layers[layer.name].params == layer.count_params(), text


def test_models_inside_of_a_model_are_opened_where_they_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = pytest.importorskip("keras")
    layers = keras.layers
    monkeypatch.setenv("COLUMNS", "200")
    entry = keras.Input((32, 32, 3))
    base = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(8, 3), layers.BatchNormalization()], name="base")
    base.trainable = False
    inner = keras.Input((30, 30, 8))
    heads = keras.Model(inner, [layers.Conv2D(4, 1)(inner), layers.MaxPooling2D()(inner)], name="heads")
    one, other = heads(base(entry))
    sequence, state, _ = layers.LSTM(6, return_sequences=True, return_state=True)(layers.Reshape((900, 4))(one))
    ends = [layers.GlobalAveragePooling2D()(other), state, layers.GlobalMaxPooling1D()(sequence)]
    model = keras.Model(entry, layers.Concatenate()(ends))
    for how, opened in (({}, False), ({"expand_nested": True}, True), ({"show_trainable": True}, False)):
        net = read(printed_by_keras(model, line_length=150, **how))
        assert (net.params, net.trainable, net.output) == (model.count_params(), 36 + 264, (20,))
        assert ("base" in net.opaque, "base.conv2d" in str(list(net.layers))) == (not opened, opened)
        assert "heads" in net.opaque


def test_a_model_that_shows_no_input_and_one_that_was_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    keras = pytest.importorskip("keras")
    numpy = pytest.importorskip("numpy")
    monkeypatch.setenv("COLUMNS", "120")
    layers = keras.layers
    model = keras.Sequential([layers.Conv2D(8, 3, activation="relu"), layers.Flatten(), layers.Dense(10)])
    with pytest.raises(SymparamsError, match="is not built"):
        read(printed_by_keras(model))
    model.compile("adam", "mse")
    model.fit(numpy.zeros((2, 28, 28, 1)), numpy.zeros((2, 10)), verbose=0)
    text = printed_by_keras(model)
    net = read(text)
    assert "Optimizer params" in text and net.params == model.count_params()
    assert net.inputs["x"] == (28, 28, 1) and any("shows no input" in w.message for w in net.warnings)


def torch_parts() -> Any:
    """Modules that have a path around, parameters of their own, and a join."""
    torch = pytest.importorskip("torch")
    nn = torch.nn

    class Residual(nn.Module):
        def __init__(self, c: int, out: int, stride: int) -> None:
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(c, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out)
            self.conv2 = nn.Conv2d(out, out, 3, padding=1, groups=out)
            self.down = nn.Sequential(nn.Conv2d(c, out, 1, stride), nn.BatchNorm2d(out))

        def forward(self, x: Any) -> Any:
            return torch.relu(self.conv2(torch.relu(self.bn1(self.conv1(x)))) + self.down(x))

    class Scaled(nn.Module):
        def __init__(self, c: int) -> None:
            super().__init__()
            self.scale, self.conv = nn.Parameter(torch.zeros(c, 1, 1)), nn.Conv2d(c, c, 1)

        def forward(self, x: Any) -> Any:
            return self.conv(x) * self.scale

    class Joined(nn.Module):
        def __init__(self, c: int) -> None:
            super().__init__()
            self.conv = nn.Conv2d(c, 4, 3, padding=1)

        def forward(self, x: Any) -> Any:
            return torch.cat([x, self.conv(x)], 1)

    class Net(nn.Module):
        def __init__(self, body: Any, head: Any, keeps_places: bool) -> None:
            super().__init__()
            self.body, self.drop, self.head, self.keeps_places = body, nn.Dropout(), head, keeps_places

        def forward(self, x: Any) -> Any:
            x = self.body(x)
            return self.head(self.drop(x.flatten(1) if self.keeps_places else x.mean((2, 3))))

    class Sequence(nn.Module):
        def __init__(self, draw: random.Random) -> None:
            super().__init__()
            kind, two = draw.choice([nn.LSTM, nn.GRU, nn.RNN]), draw.random() < 0.5
            self.embedding = nn.Embedding(40, 8)
            self.rnn = kind(8, draw.choice([4, 6]), draw.choice([1, 2]), batch_first=True, bidirectional=two)
            width = self.rnn.hidden_size * (1 + two)
            self.norm, self.attention = nn.LayerNorm(width), nn.MultiheadAttention(width, 2, batch_first=True)
            self.again, self.head = nn.Linear(width, width), nn.Linear(width, 3)

        def forward(self, x: Any) -> Any:
            x = self.norm(self.rnn(self.embedding(x))[0])
            return self.head(self.again(self.again(self.attention(x, x, x)[0]))[:, -1])

    return Residual, Scaled, Joined, Net, Sequence


def torch_layer(draw: random.Random, c: int) -> Any:
    nn = pytest.importorskip("torch").nn
    residual, scaled, joined, _, _ = torch_parts()
    out, kernel, bias = draw.choice([4, 8]), draw.choice([1, 3, (1, 3)]), draw.random() < 0.5
    makers: tuple[Callable[[], Any], ...] = (
        lambda: nn.Conv2d(c, out, kernel, draw.choice([1, 2]), draw.choice([0, 1]), bias=bias),
        lambda: nn.Conv2d(c, c, 3, padding=1, groups=c),
        lambda: nn.ConvTranspose2d(c, out, draw.choice([2, 3]), 2),
        lambda: residual(c, out, draw.choice([1, 2])),
        lambda: scaled(c),
        lambda: joined(c),
        lambda: nn.Sequential(nn.BatchNorm2d(c), nn.ReLU()),
        lambda: nn.GroupNorm(1, c),
        lambda: draw.choice([nn.MaxPool2d(2), nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2), nn.Upsample(scale_factor=2)]),
    )
    return draw.choice(makers)()


def torch_model(draw: random.Random) -> tuple[Any, Any]:
    """A model and what flows in."""
    torch = pytest.importorskip("torch")
    nn = torch.nn
    _, _, _, net, sequence = torch_parts()
    if draw.random() < 0.2:
        return sequence(draw).eval(), torch.zeros(1, 7, dtype=torch.long)
    x = torch.zeros(draw.choice([1, 2]), draw.choice([1, 3]), *[draw.choice([16, 28, 32])] * 2)
    body, flow = nn.Sequential().eval(), x
    for _ in range(draw.randint(1, 7)):
        if min(flow.shape[2:]) > 4:
            body.append(torch_layer(draw, flow.shape[1]).eval())
            flow = body(x)
    keeps_places = draw.random() < 0.5
    width = flow[0].numel() if keeps_places else flow.shape[1]
    return net(body, nn.Sequential(nn.Linear(width, 8), nn.ReLU(), nn.Linear(8, 3)), keeps_places).eval(), x


ROWS = (("depth",), ("depth", "var_names"), ("var_names",), ("ascii_only", "depth"), ())
COLUMNS = (
    ("output_size", "num_params"),
    ("input_size", "output_size", "num_params"),
    ("input_size", "output_size", "num_params", "kernel_size", "mult_adds", "trainable"),
)


@pytest.mark.parametrize("seed", range(60))
def test_what_torchinfo_prints_is_read_back(seed: int) -> None:
    torchinfo = pytest.importorskip("torchinfo")
    draw = random.Random(seed)
    model, x = torch_model(draw)
    for parameter in next(model.children()).parameters() if draw.random() < 0.2 else ():
        parameter.requires_grad_(False)
    how = {"depth": draw.choice([1, 2, 3, 5]), "col_names": draw.choice(COLUMNS), "row_settings": draw.choice(ROWS)}
    text = str(torchinfo.summary(model, input_data=x, verbose=0, **how))
    net = read(text)
    assert net.params == sum(p.numel() for p in model.parameters()), text
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    assert net.trainable == trained or any(OPEN in w.message for w in net.warnings), text
    assert net.output == tuple(model(x).shape[1:]), text
    if "input_size" in how["col_names"]:
        assert next(iter(net.inputs.values())) == tuple(x.shape[1:]), text


def printed_by_torchsummary(model: Any, x: Any) -> tuple[str, int]:
    """What torchsummary prints of a module: a line for each one in it, with the elements of its weight and its bias."""
    torch = pytest.importorskip("torch")
    rows: list[tuple[str, list[int], int]] = []

    def noted(module: Any, entered: Any, put_out: Any) -> None:
        own = [getattr(module, name, None) for name in ("weight", "bias")]
        count = sum(w.numel() for w in own if isinstance(w, torch.Tensor))
        rows.append((f"{type(module).__name__}-{len(rows) + 1}", [-1, *put_out.shape[1:]], count))

    for module in model.modules():
        if module is not model and not isinstance(module, (torch.nn.Sequential, torch.nn.ModuleList)):
            module.register_forward_hook(noted)
    model(x)
    whole = sum(count for _, _, count in rows)
    titles = f"{'Layer (type)':>20}  {'Output Shape':>25} {'Param #':>15}"
    lines = [f"{name:>20}  {shape!s:>25} {count:>15,}" for name, shape, count in rows]
    size = x[0].numel() * 4 / 1024**2
    below = [f"Total params: {whole:,}", f"Trainable params: {whole:,}", "Non-trainable params: 0", "-" * 64]
    table = ["-" * 64, titles, "=" * 64, *lines, "=" * 64, *below, f"Input size (MB): {size:0.2f}"]
    return "\n".join(table), whole


@pytest.mark.parametrize("seed", range(40))
def test_what_torchsummary_prints_is_read_back(seed: int) -> None:
    model, x = torch_model(random.Random(seed))
    if x.dim() == 4:
        wanted = tuple(model(x).shape[1:])
        text, whole = printed_by_torchsummary(model, x)
        net = read(text)
        assert (net.params, net.output) == (whole, wanted), text
