"""Layers that are derived from first principles: each in letters, with numbers for an example."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import UsageFault, did_you_mean, listing


class General(NamedTuple):
    """A layer in letters; `window` says that a window slides over what flows in."""

    program: str
    numbers: dict[str, int]
    window: bool = False


_IMAGE = {"H": 224, "W": 224}
GENERAL = {
    "conv": General(
        "input(C, H, W) -> conv(F, k, s, p, d, G)",
        {"C": 3, **_IMAGE, "F": 64, "k": 7, "s": 2, "p": 3, "d": 1, "G": 1},
        window=True,
    ),
    "dwconv": General(
        "input(C, H, W) -> dwconv(k, s, p)", {"C": 32, "H": 112, "W": 112, "k": 3, "s": 2, "p": 1}, window=True
    ),
    "maxpool": General(
        "input(C, H, W) -> maxpool(k, s, p)", {"C": 64, "H": 112, "W": 112, "k": 3, "s": 2, "p": 1}, window=True
    ),
    "avgpool": General("input(C, H, W) -> avgpool(k, s)", {"C": 64, "H": 7, "W": 7, "k": 2, "s": 2}, window=True),
    "convT": General(
        "input(C, H, W) -> convT(F, k, s, p)", {"C": 64, "H": 28, "W": 28, "F": 32, "k": 4, "s": 2, "p": 1}
    ),
    "linear": General("input(N) -> linear(F)", {"N": 4096, "F": 128}),
    "bn": General("input(C, H, W) -> bn", {"C": 64, "H": 32, "W": 32}),
    "layernorm": General("input(T, d) -> layernorm", {"T": 128, "d": 768}),
    "embedding": General("input(T) -> embedding(V, d)", {"T": 128, "V": 50257, "d": 768}),
    "lstm": General("input(T, m) -> lstm(n)", {"T": 20, "m": 64, "n": 128}),
    "gru": General("input(T, m) -> gru(n)", {"T": 20, "m": 64, "n": 128}),
    "rnn": General("input(T, m) -> rnn(n)", {"T": 20, "m": 64, "n": 128}),
    "attention": General("input(T, d) -> attention(h)", {"T": 128, "d": 512, "h": 8}),
}
_OTHER_NAMES = {"pool": "maxpool", "norm": "bn", "batchnorm": "bn", "transposed": "convT", "conv2d": "conv"}


def general_layer(name: str) -> tuple[str, General]:
    """The layer of that name, or of one that people use for it. Raises UsageFault for another."""
    found = _OTHER_NAMES.get(name.lower(), name)
    if found not in GENERAL:
        hint = did_you_mean(name, [*GENERAL, *_OTHER_NAMES]) or f"choose from {listing(GENERAL, 'or')}"
        raise UsageFault(f"{name!r} is not derived from first principles", None, hint)
    return found, GENERAL[found]
