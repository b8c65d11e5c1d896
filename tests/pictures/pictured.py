"""Networks whose pictures are looked at."""

from __future__ import annotations

import symparams as sp
from symparams.api import Network

THREE_LAYERS = "input(3, 32, 32)\nconv1: conv(16, 3, p=1)\nrelu\nflatten\nfc: linear(10)"
LONG = "a" * 90
CHINESE = "net 网络\ninput(3, 32, 32)\n卷积: conv(16, 3, p=1)\n展平层: flatten\n全连接层: linear(10)"

PROGRAMS = {
    "three_layers": THREE_LAYERS,
    "one_layer": "input(8) -> linear(2)",
    "long_names": f"net {LONG}\ninput(8)\n{LONG}1: linear(12345678)\n{LONG}2: relu\nlinear(3)",
    "chinese": CHINESE,
    "keras": "dialect keras\n" + THREE_LAYERS.replace("(3, 32, 32)", "(32, 32, 3, layout=channels_last)"),
    "vectors": "input(20, 8) -> conv(16, 3) -> maxpool(2) -> flatten -> linear(3)",
}
ZOO = ("resnet50", "unet", "gpt2", "inception_v3", "densenet", "lstm_lm", "whisper")
SIZES = {"resnet50": {"H": 224, "W": 224}, "densenet": {}}


def network(name: str) -> Network:
    """A network of this page or of the zoo, with numbers for all symbols."""
    return sp.parse(PROGRAMS[name]) if name in PROGRAMS else sp.load(f"zoo:{name}")(**SIZES.get(name, {}))
