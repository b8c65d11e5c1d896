"""Small programs for every layer of the standard library: a new layer needs a line here, and every test below sees it.

A program is written in symbols as far as the layer allows; `VALUES` are admissible values for all of them.
"""

from __future__ import annotations

VALUES = {
    **{"C": 12, "H": 20, "W": 23, "D": 9, "L": 31, "T": 7, "U": 5, "d": 24, "e": 10, "n": 6, "M": 8, "V": 50},
    **{"k": 3, "s": 2, "p": 1, "G": 4, "h": 4, "q": 2, "r": 2, "k_h": 3, "k_w": 5},
}

_IMAGE = "input(C, H, W)"
_SEQUENCE = "input(T, d)"

EXAMPLES: dict[str, list[str]] = {
    # activations
    **{
        name: [f"{_IMAGE} -> {name}", f"input(n) -> {name}", f"{_SEQUENCE} -> {name}"]
        for name in (
            *("relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "hardswish", "hardsigmoid"),
            *("sigmoid", "tanh", "softplus", "softsign", "softmax", "log_softmax", "hardtanh"),
        )
    },
    # attention
    "attention": [
        f"{_SEQUENCE} -> attention(h)",
        f"{_SEQUENCE} -> attention(h, kv_heads=q, bias=false)",
        f"{_SEQUENCE} -> attention(h, key_dim=5)",
        "m: input(U, e)\nx: input(T, d)\nattention(h, memory=m)",
    ],
    # convolutions
    "conv": [
        f"{_IMAGE} -> conv(M, k, s, p, g=G)",
        f"{_IMAGE} -> conv(M, (k_h, k_w), bias=false)",
        "input(C, L) -> conv(M, k, p=same)",
        "input(C, D, H, W) -> conv(M, k, d=2)",
        f"dialect keras\n{_IMAGE} -> conv(M, k, s, p=same)",
        "input(H, W, C, layout=channels_last) -> conv(M, k, p=valid)",
    ],
    "dwconv": [f"{_IMAGE} -> dwconv(k, s, p)", "input(C, L) -> dwconv(k, multiplier=q, p=same, bias=false)"],
    "convT": [
        f"{_IMAGE} -> convT(M, k, s, p)",
        "input(C, L) -> convT(M, k, s, op=1, g=G)",
        f"dialect keras\n{_IMAGE} -> convT(M, k, s, p=same)",
    ],
    # dense layers and embeddings
    "linear": ["input(n) -> linear(M)", f"{_SEQUENCE} -> linear(M, bias=false)"],
    "embedding": ["input(T) -> embedding(V, d)"],
    "position": ["input(T, d) -> position(V, d)"],
    # normalisation
    "bn": [f"{_IMAGE} -> bn", f"dialect keras\n{_IMAGE} -> bn(affine=false)", "input(n) -> bn(track=false)"],
    "layernorm": [f"{_SEQUENCE} -> layernorm", f"{_SEQUENCE} -> layernorm(bias=false)"],
    # padding and pooling
    "zeropad": [f"{_IMAGE} -> zeropad(p)", f"{_IMAGE} -> zeropad((1, 2))"],
    "maxpool": [
        f"{_IMAGE} -> maxpool(k, s, p)",
        f"{_IMAGE} -> maxpool(2)",
        f"dialect keras\n{_IMAGE} -> maxpool(k, p=same)",
    ],
    "avgpool": [f"{_IMAGE} -> avgpool(k, s)", "input(C, L) -> avgpool(2)"],
    "gap": [f"{_IMAGE} -> gap", "input(C, L) -> gap"],
    # recurrent layers
    "lstm": [
        f"{_SEQUENCE} -> lstm(n)",
        f"dialect keras\n{_SEQUENCE} -> lstm(n)",
        f"{_SEQUENCE} -> lstm(n, sequences=false)",
    ],
    # shapes
    "id": [f"{_IMAGE} -> id"],
    "flatten": [f"{_IMAGE} -> flatten"],
    "rearrange": [f'{_IMAGE} -> rearrange("c h w -> (h w) c")', f'{_IMAGE} -> rearrange("(c g) h w -> c g h w", g=2)'],
    "dropout": [f"{_IMAGE} -> dropout(0.2)", "input(n) -> dropout"],
}
