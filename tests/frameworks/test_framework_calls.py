"""Calls in the frameworks' spelling: all are declared, with their signatures; random ones beside the real layers."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from call_texts import Declared, declared, drawn_call, drawn_shape
from hypothesis import given, note
from hypothesis import strategies as st
from oracle import Draw, demand, found, stated

torch = demand("torch")
keras: Any = demand("keras")

import keras_cases  # noqa: E402
import torch_cases  # noqa: E402

from symparams.language.dialects import KERAS  # noqa: E402
from symparams.language.framework_wrappers import WRAPPERS  # noqa: E402

TORCH_CALLS, KERAS_CALLS = declared("torch"), declared("keras")
# Their constructors take *args, and say in their texts what these are.
UNSIGNED = {"RNN", "LSTM", "GRU", "Identity", "Sigmoid", "Tanh", "LogSigmoid", "Softsign", "Tanhshrink", "Softmax2d"}
TORCH_WITHOUT = set(
    """AdaptiveLogSoftmaxWithLoss BCELoss BCEWithLogitsLoss CTCLoss Container CosineEmbeddingLoss CosineSimilarity
    CrossEntropyLoss DataParallel GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss L1Loss
    LinearCrossEntropyLoss MSELoss MarginRankingLoss MaxUnpool1d MaxUnpool2d MaxUnpool3d Module ModuleDict
    ModuleList MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss NLLLoss2d PairwiseDistance
    ParameterDict ParameterList PoissonNLLLoss RNNBase RNNCellBase SmoothL1Loss SoftMarginLoss TripletMarginLoss
    TripletMarginWithDistanceLoss""".split()  # noqa: SIM905
)
# Layers of Keras that merge flows, prepare data, or stand for another program.
KERAS_WITHOUT = set(
    """ActivityRegularization Add Average CategoryEncoding Concatenate Discretization Dot FlaxLayer HashedCrossing
    Hashing IntegerLookup JaxLayer Lambda Layer Masking Maximum MelSpectrogram Minimum Multiply Pipeline RNN
    SpectralNormalization STFTSpectrogram ReversibleEmbedding StackedRNNCells StringLookup Subtract TFSMLayer
    TextVectorization Wrapper TorchModuleWrapper UnifiedFlashAttention""".split()  # noqa: SIM905
)


def classes(module: Any, base: Any) -> dict[str, Any]:
    members = vars(module).items()
    return {name: kind for name, kind in members if inspect.isclass(kind) and issubclass(kind, base)}


TORCH = classes(torch.nn, torch.nn.Module)
KERAS_LAYERS = classes(keras.layers, keras.layers.Layer)


def test_every_constructor_of_torch_is_declared() -> None:
    assert not TORCH.keys() - TORCH_CALLS.keys() - WRAPPERS.keys() - TORCH_WITHOUT


def test_every_constructor_of_keras_is_declared() -> None:
    of_data = {name for name, kind in KERAS_LAYERS.items() if "preprocessing" in kind.__module__}
    left = KERAS_LAYERS.keys() - KERAS_CALLS.keys() - WRAPPERS.keys() - KERAS_WITHOUT - of_data
    assert not left


def signature(kind: Any) -> dict[str, Any]:
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    return {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}


@pytest.mark.parametrize("name", [n for n in TORCH_CALLS if n not in UNSIGNED])
def test_order_and_defaults_are_those_of_torch(name: str) -> None:
    same_as(TORCH_CALLS[name], signature(TORCH[name]))


@pytest.mark.parametrize("name", [n for n in KERAS_CALLS if n in KERAS_LAYERS])
def test_order_and_defaults_are_those_of_keras(name: str) -> None:
    own = {parameter.name for parameter in KERAS_CALLS[name].spelling.parameters}
    real = {n: default for n, default in signature(KERAS_LAYERS[name]).items() if n in own or n not in KERAS.neutral}
    same_as(KERAS_CALLS[name], real)


def same_as(of: Declared, real: dict[str, Any]) -> None:
    """The names in their order, but for some at the end that older versions had; the defaults of those that count."""
    ours = [p.name for p in of.spelling.parameters]
    assert ours[: len(real)] == list(real)
    for parameter in of.spelling.parameters:
        if parameter.kind and parameter.name in real:
            default = real[parameter.name]
            has_one = default is not inspect.Parameter.empty
            known_elsewhere = parameter.kind in ("layout", "activation", "refused")
            assert known_elsewhere or has_one == (parameter.default is not None), parameter


# What the frameworks take and we refuse, in words of our messages: they pad channels and the batch, too, go over the
# last axes of any shape, take a number of channels that they do not use, and a dilation of a kernel of 1 that is 0;
# the lazy layers see later, or never, that groups do not divide.
REFUSED_HERE = (
    *("the padding is", "axes without the batch", "has num_", "takes an input of the form", "axis 0 is the batch"),
    *("the dilation d is a positive whole number", "the groups must divide the channels"),
)


def both(program: str, look: Any, make: Any) -> None:
    """What is said of the program, and what the real layer is: the same, or both refuse."""
    note(program)
    ours, theirs = stated(program, whole=True), found(look, make)
    note(f"symparams: {ours}\nframework: {theirs}")
    if not isinstance(ours, str) or not (isinstance(theirs, str) or any(words in ours for words in REFUSED_HERE)):
        assert ours == theirs, f"{program}\nsymparams: {ours}\nframework: {theirs}"


# Those that read a second flow or the states of a step before; those that a tuple breaks that others take; those that
# torch runs without a batch, where ours has too few axes.
APART = {"Bilinear", "TransformerDecoderLayer", "Transformer", "FractionalMaxPool2d", "FractionalMaxPool3d", "LPPool1d"}
APART |= {"Unfold", "EinsumDense", "SimpleRNNCell", "LSTMCell", "GRUCell", "RandomCrop", "CenterCrop", "Resizing"}


@pytest.mark.parametrize("name", [n for n in TORCH_CALLS if n not in APART or n in ("LSTMCell", "GRUCell")])
@given(data=st.data())
def test_a_call_is_that_of_torch(name: str, data: st.DataObject) -> None:
    d = Draw(data)
    shape = drawn_shape(d, TORCH_CALLS[name], last=False)
    call = drawn_call(d, TORCH_CALLS[name], shape, last=False)

    def make() -> Any:
        layer = eval(f"nn.{call}", {"nn": torch.nn})
        if name == "MultiheadAttention":
            layer.batch_first = True
        flow = torch_cases.values(*shape)
        flow = flow.long() if "Embedding" in name else flow
        return layer, (flow,) * (3 if name == "MultiheadAttention" else 1)

    both(f"input({', '.join(map(str, shape))})\nnn.{call}", torch_cases.look, make)


@pytest.mark.parametrize("name", [n for n in KERAS_CALLS if n in KERAS_LAYERS and n not in APART])
@given(data=st.data())
def test_a_call_is_that_of_keras(name: str, data: st.DataObject) -> None:
    keras.config.set_image_data_format("channels_last")
    d = Draw(data)
    shape = drawn_shape(d, KERAS_CALLS[name], last=True)
    call = drawn_call(d, KERAS_CALLS[name], shape, last=True)

    def make() -> Any:
        flow = keras_cases.plain_values(*shape)
        layer = eval(f"layers.{call}", {"layers": keras.layers})
        if name in ("Attention", "AdditiveAttention"):
            return layer, ([flow, flow],)
        return layer, (flow,) * (2 if "HeadAttention" in name or "QueryAttention" in name else 1)

    both(f"dialect keras\ninput({', '.join(map(str, shape))})\nlayers.{call}", keras_cases.look, make)
