"""Texts of summaries, as people paste them: what is read, what is said to be open, what is refused."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

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
# Cells go over several lines, names and classes are cut off, and sizes are open.
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
NAMES_CUT = """
__________________________________________________________________________________________________
Layer (type)                    Output Shape         Param #     Connected to
==================================================================================================
input_1 (InputLayer)            [(None, 440, 340, 3) 0
__________________________________________________________________________________________________
conv1_pad_Resnet50v2_classifica (None, 446, 346, 3)  0           input_1[0][0]
__________________________________________________________________________________________________
conv1_conv_Resnet50v2_classific (None, 220, 170, 64) 9472        conv1_pad_Resnet50v2_classificati
__________________________________________________________________________________________________
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


def read(text: str, *inputs: str) -> Network:
    return from_source(source_of_summary(Source("summary.txt", text), inputs))


def said_of(net: Network) -> str:
    return "\n".join(warning.message for warning in net.warnings)


def test_a_summary_of_keras_2_whose_classes_are_cut_off() -> None:
    net = read(KERAS_2)
    assert (net.params, net.trainable, net.output) == (37505, 37505, (1,))
    assert net.layers["conv0"].macs == 64 * 64 * 7 * 7 * 3 * 32
    assert "Conv2D(filters=32, kernel_size=7)" in str(net)
    assert "zero_padding2d_3: padding=3 is taken; padding=((0, 6), (0, 6)) would fit as well" in said_of(net)


def test_the_question_of_the_stem_is_answered_from_its_text() -> None:
    net = read(NAMES_CUT)
    layer = net.layers["conv1_conv_Resnet50v2_classific"]
    assert (net.params, layer.params, net.output) == (9472, 9472, (220, 170, 64))
    assert "7·7·3·64 + 64 = 9,472 for every H and W" in str(net.why()).replace("\n", " ")
    assert "its class is cut off, and Conv2D is taken" in said_of(net)


def test_cells_that_go_over_several_lines_and_sizes_that_are_open() -> None:
    net = read(WRAPPED)
    assert net.params == 9472
    assert set(net.symbols) == {"H", "W"}
    assert "conv1_conv: " in said_of(net)


def test_the_layout_of_torchsummary() -> None:
    net = read(TORCHSUMMARY)
    assert (net.params, net.output) == (47050, (10,))
    assert net.inputs["x"] == (3, 224, 224)
    assert "the summary shows no input" not in said_of(net)


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "=_-" else c for c in text)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: f"```text\n{text}\n```\n",
        lambda text: f"What is this?\n{text}\nThanks in advance.\n",
        lambda text: text.partition("Total")[0] + "\nI do not know what this is.\n",
        lambda text: re.sub(r"(\d+)\n", "\x1b[32m\\1\x1b[0m\n", text),
        lambda text: re.sub(r"(?m)^", "    ", text),
        lambda text: re.sub(r"(?<=\w|\)) {2,}", "\t", re.sub(r"(?<=ZeroPaddin) ", "\t", text)),
        lambda text: text.replace(" ", "\u00a0"),
        _wide,
    ],
)
def test_what_is_around_a_table_changes_nothing(change: Callable[[str], str]) -> None:
    net = read(change(KERAS_2))
    assert (net.params, net.output) == (37505, (1,))
    assert "rows have" not in said_of(net)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Total params: 37,505", "Total params: 37,504", "37,505 parameters, and the total below them is 37,504"),
        ("Trainable params: 37,505", "Trainable params: 37,500", "37,500 and 0 are not 37,505 together"),
        ("4736", "4737", "that give these sizes and 4,737 parameters"),
        ("(None, 64, 64, 32)", "(None, 64, 64, 33)", "no arguments of Conv2D are found"),
        ("conv0 (Conv2D)               (None, 64, 64, 32)        4736\n", "", "total below them is 37,505"),
        ("input_3 (InputLayer)         (None, 64, 64, 3)         0\n", "", "shows no input: (64,64,3) is taken"),
    ],
)
def test_what_does_not_agree_is_said(old: str, new: str, said: str) -> None:
    assert said in said_of(read(KERAS_2.replace(old, new, 1)))


def test_what_the_totals_alone_show_to_be_frozen() -> None:
    text = KERAS_2.replace("Trainable params: 37,505", "Trainable params: 32,769")
    net = read(text.replace("Non-trainable params: 0", "Non-trainable params: 4,736"))
    assert (net.trainable, net.non_trainable) == (32769, 4736)
    assert "conv0 is taken to be frozen" in said_of(net)
    other = text.replace("Trainable params: 32,769", "Trainable params: 37,404")
    net = read(other.replace("Non-trainable params: 0", "Non-trainable params: 101"))
    assert "which layers are frozen is not known" in said_of(net)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Layer (type)   Output Shape   Param #\n=====\n", "no rows"),
        ("Layer (type)   Output Shape   Param #\n=====\nthis is prose\n", "no rows"),
        (KERAS_2.replace("4736", "many"), "'many' is no count"),
        (KERAS_2.replace("(None, 64, 64, 32)", "(None, 64, 64, 3"), "is no shape"),
        (KERAS_2.replace("              Param #", ""), "cut off"),
        (re.sub(" +", " ", KERAS_2), "not apart"),
        (KERAS_2 + KERAS_2, "2 summaries"),
        (TORCHSUMMARY.replace("[-1, 64, 56, 56]", "[-1, 64, 56"), "is no layer"),
        (KERAS_2.replace("4736", "0 (unbuilt)"), "conv0 is not built"),
        (KERAS_2.replace("4736", "9" * 5000), "is no count"),
        (NAMES_CUT.replace("input_1[0][0]", "input_2[0][0]"), "which the summary does not show"),
        (WRAPPED.replace("conv1_relu[0][0]", "conv1_…"), "may be"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text: str, says: str) -> None:
    with pytest.raises(SymparamsError, match=re.escape(says)) as raised:
        read(text)
    assert "\n" not in raised.value.message


def test_a_hint_for_the_input_works() -> None:
    text = KERAS_2.replace("input_3 (InputLayer)         (None, 64, 64, 3)         0\n", "")
    hint = next(w.hint for w in read(text).warnings if w.hint and "--input" in w.hint)
    shape = hint.split()[1]
    net = read(text, shape)
    assert net.inputs["x"] == tuple(map(int, shape.split(","))) and "shows no input" not in said_of(net)
    for wrong in ("H,W", "0,3", "1,2,3x", ""):
        with pytest.raises(SymparamsError):
            read(text, wrong)
    with pytest.raises(SymparamsError, match="shows its input"):
        read(KERAS_2, "64,64,3")


def test_layers_without_sizes_stand_alone() -> None:
    net = read(KERAS_2.replace("(None, 64, 64, 32)", "multiple          "))
    assert (net.params, net.output) == (37505, ())
    assert "no sizes are shown" in said_of(net)


def test_weights_that_torchsummary_does_not_count_are_named() -> None:
    net = read(
        TORCHSUMMARY.replace("BasicBlock-6           [-1, 64, 56, 56]", "      LSTM-6     [[-1, 64, 20], [-1, 9]]")
    )
    assert "torchsummary counts no weights of LSTM" in said_of(net)


def test_a_file_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "summary.txt").write_text(KERAS_2)
    assert from_source(source_of(str(tmp_path / "summary.txt"))).params == 37505
    assert not looks_like_summary("input(3, 8, 8) -> conv(8, 3)  # Layer (type) Output Shape is no head\n")


PIECES = (
    "0",
    "99999999",
    "9" * 60,
    "-",
    "(",
    ")",
    "[",
    "]",
    "None",
    "…",
    "│",
    "\t",
    "\x1b[31m",
    "é",
    "\n",
    "\0",
    "{",
    "½",
)


def _changed(draw: random.Random, text: str) -> str:
    """A text in which something was left out, put in, cut off or moved."""
    lines, place = text.split("\n"), draw.randrange(len(text))
    at = draw.randrange(len(lines))
    ways: tuple[Callable[[], str], ...] = (
        lambda: "\n".join([*lines[:at], *lines[at + 1 :]]),
        lambda: text[:place],
        lambda: text[:place] + draw.choice(PIECES) + text[place:],
        lambda: text[:place] + text[place + draw.randint(1, 30) :],
        lambda: "\n".join([*lines[:at], draw.choice(lines), *lines[at:]]),
        lambda: "\n".join(draw.sample(lines, len(lines))),
        lambda: "\n".join(line[: draw.randint(20, 90)] for line in lines),
        lambda: re.sub(r"\d", lambda digit: draw.choice("0123456789" + digit[0] * 60), text),
        lambda: text.replace("Conv2", draw.choice(["Lambda", "Dense", "Conv9", "LSTM"])),
    )
    return draw.choice(ways)()


@pytest.mark.parametrize("seed", range(150))
def test_a_text_that_was_changed_is_read_or_refused(seed: int) -> None:
    draw = random.Random(seed)
    text = draw.choice([KERAS_2, WRAPPED, NAMES_CUT, TORCHSUMMARY])
    for _ in range(draw.randint(1, 3)):
        text = _changed(draw, text or "x")
    if looks_like_summary(text):
        try:
            net = read(text)
        except SymparamsError as error:
            assert "\n" not in error.message
        else:
            assert net.params >= 0
