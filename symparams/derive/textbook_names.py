"""The symbols that textbooks use for what the standard rules name, and those for the sizes of a shape."""

from __future__ import annotations

_CONVOLUTION = "C=C_in out=C_out k=k s=s p=p d=d g=G multiplier=m between=C_mid op=a extra=a"
_POOLING = "C=C_in k=k s=s p=p d=d size=n scale=r factor=r"
_NORM = "C=C g=G"
_ATTENTION = "T=T U=U d=d_model e=d_mem f=d_val heads=h kv_heads=h_kv size=d_k values=d_v out=d_out"
_TRANSFORMER = f"{_ATTENTION} ff=d_ff key_dim=d_k value_dim=d_v"

_TABLE = {
    **dict.fromkeys(("conv", "dwconv", "separable", "convT", "unfold", "fold"), _CONVOLUTION),
    **dict.fromkeys(("pixelshuffle", "pixelunshuffle"), "C=C_in H=H_in W=W_in r=r"),
    **dict.fromkeys(("maxpool", "avgpool", "lppool", "zeropad", "constantpad", "reflectpad"), _POOLING),
    **dict.fromkeys(("replicatepad", "circularpad", "crop", "upsample", "upsampling", "gap", "gmp"), _POOLING),
    **dict.fromkeys(("adaptive_avgpool", "adaptive_maxpool"), _POOLING),
    **dict.fromkeys(("bn", "groupnorm", "instancenorm"), _NORM),
    **dict.fromkeys(("rnn", "lstm", "gru", "rnn_cell", "lstm_cell", "gru_cell"), "T=T m=N_in out=N_h proj=N_p"),
    "conv_lstm": f"T=T {_CONVOLUTION}",
    **dict.fromkeys(("attention", "transformer_encoder", "transformer_decoder", "transformer"), _TRANSFORMER),
    **dict.fromkeys(("dot_attention", "additive_attention"), "T=T U=U d=d_k f=d_v"),
    "linear": "n=N_in out=N_out",
    "bilinear": "n=N_in m=M_in out=N_out",
    "embedding": "vocab=V dim=d_emb",
    "embeddingbag": "vocab=V dim=d_emb",
    "position": "length=T_max dim=d_emb T=T",
    "moe": "experts=E active=E_act ff=d_ff d=d_model",
}
TEXTBOOK = {rule: dict(pair.split("=") for pair in spec.split()) for rule, spec in _TABLE.items()}

# Values that a rule's argument has where it changes nothing.
_NEUTRAL = {"s": 1, "p": 0, "d": 1, "g": 1, "multiplier": 1, "op": 0, "extra": 0}

_SPATIAL = {1: ("l",), 2: ("h", "w"), 3: ("d", "h", "w")}
_SIZES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
_VECTOR = {1: ("N",), 2: ("T", "d"), 3: ("C", "H", "W"), 4: ("C", "D", "H", "W")}


def neutral(rule: str, name: str) -> int | None:
    """The value with which an argument of a standard rule may be left out of its formula."""
    return _NEUTRAL.get(name) if rule in TEXTBOOK else None


def axis_name(name: str, axis: int, axes: int) -> str:
    """The name for one axis of an argument that has a value for each: k_h and k_w."""
    letters = _SPATIAL.get(axes)
    if letters is None:
        return f"{name}_{axis + 1}"
    return name if axes == 1 else f"{name}_{letters[axis]}"


def axis_base(name: str) -> str:
    """k for k_h: the name of an argument that has a value for each axis; sizes are names of their own."""
    base, _, axis = name.rpartition("_")
    return base if base and axis in ("l", "h", "w", "d", "1", "2", "3") and base[0].islower() else name


def size_names(axes: int, spatial: bool) -> tuple[str, ...]:
    """Letters for the sizes of a shape, of its spatial axes alone or of all axes."""
    known = (_SIZES if spatial else _VECTOR).get(axes)
    return known or tuple(f"n_{i + 1}" for i in range(axes))
