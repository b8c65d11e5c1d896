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

_ELEMENTWISE = [
    *("relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "hardswish", "hardsigmoid", "sigmoid"),
    *("tanh", "softplus", "softsign", "softmax", "log_softmax", "hardtanh", "celu", "exponential", "hardshrink"),
    *("logsigmoid", "rrelu", "softmin", "softshrink", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus"),
    *("tanhshrink", "threshold", "droppath", "noise", "rescale", "unitnorm", "id"),
]

EXAMPLES: dict[str, list[str]] = {
    # activations and others that change values alone
    **{n: [f"{_IMAGE} -> {n}", f"input(n) -> {n}", f"{_SEQUENCE} -> {n}"] for n in _ELEMENTWISE},
    "softmax2d": [f"{_IMAGE} -> softmax2d"],
    "glu": [f"{_SEQUENCE} -> glu", f"{_IMAGE} -> glu(axis=0)"],
    "prelu": [
        f"{_IMAGE} -> prelu",
        f"{_IMAGE} -> prelu(C)",
        "dialect keras\ninput(H, W, C, layout=channels_last) -> prelu",
    ],
    # attention
    "attention": [
        f"{_SEQUENCE} -> attention(h)",
        f"{_SEQUENCE} -> attention(h, kv_heads=q, bias=false)",
        f"{_SEQUENCE} -> attention(h, key_dim=5)",
        f"{_SEQUENCE} -> attention(h, value_dim=5, out=n, key_bias=false, gate=true)",
        f"{_SEQUENCE} -> attention(h, add_bias_kv=true, add_zero_attn=true)",
        "input(q, T, d) -> attention(h, out_bias=false)",
        f"dialect keras\n{_IMAGE} -> rearrange('c h w -> h w c') -> attention(h)",
        "m: input(U, e)\nx: input(T, d)\nattention(h, memory=m)",
        "m: input(q, U, e)\nv: input(q, U, n)\nx: input(q, T, d)\nattention(h, memory=m, value=v)",
    ],
    "dot_attention": [
        f"{_SEQUENCE} -> dot_attention(scaled=true)",
        "m: input(U, d)\nx: input(T, d)\ndot_attention(memory=m)",
    ],
    "additive_attention": [f"{_SEQUENCE} -> additive_attention", f"{_SEQUENCE} -> additive_attention(scaled=false)"],
    "transformer_encoder": [
        f"{_SEQUENCE} -> transformer_encoder(h)",
        f"{_SEQUENCE} -> transformer_encoder(h, ff=4*d)",
        f"{_SEQUENCE} -> transformer_encoder(h, M, layers=2, last_norm=true)",
        f"dialect keras\n{_SEQUENCE} -> transformer_encoder(h, M, layers=q)",
    ],
    "transformer_decoder": [
        "m: input(U, d)\nx: input(T, d)\ntransformer_decoder(h, memory=m)",
        "m: input(U, d)\nx: input(T, d)\ntransformer_decoder(h, layers=q, bias=false, last_norm=true, memory=m)",
    ],
    "transformer": ["y: input(U, d)\nx: input(T, d)\ntransformer(h, M, encoders=q, decoders=3, target=y)"],
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
    "separable": [f"{_IMAGE} -> separable(M, k, s, p)", "dialect keras\ninput(C, L) -> separable(M, k, multiplier=q)"],
    "unfold": [f"{_IMAGE} -> unfold(k, s, p)"],
    "fold": ["input(C*k*k, (H - k + 1)*(W - k + 1)) -> fold((H, W), k)"],
    "pixelshuffle": ["input(C*r**2, H, W) -> pixelshuffle(r)"],
    "pixelunshuffle": ["input(C, r*H, r*W) -> pixelunshuffle(r)"],
    "channelshuffle": [f"{_IMAGE} -> channelshuffle(G)"],
    # dense layers and embeddings
    "linear": ["input(n) -> linear(M)", f"{_SEQUENCE} -> linear(M, bias=false)"],
    "einsum_dense": [
        f"{_SEQUENCE} -> einsum_dense('abc,cde->abde', (T, h, k), bias_axes='de')",
        f"{_IMAGE} -> einsum_dense('...x,xy->...y', M)",
    ],
    "embedding": ["input(T) -> embedding(V, d)"],
    "position": ["input(T, d) -> position(V, d)"],
    "parameter": [
        f"{_SEQUENCE} -> parameter(n, d) -> attention(h, memory=x)",
        f"{_IMAGE} -> parameter(e)",
    ],
    "class_token": [f"{_SEQUENCE} -> class_token", f"{_SEQUENCE} -> class_token(q)"],
    "position_grid": [f"{_IMAGE} -> position_grid", f"{_SEQUENCE} -> position_grid(1, d)"],
    "layer_scale": [
        f"{_IMAGE} -> layer_scale",
        f"{_SEQUENCE} -> layer_scale -> layer_scale(axis=0)",
        "input(H, W, C, layout=channels_last) -> layer_scale",
    ],
    "bilinear": ["m: input(T, e)\nx: input(T, d)\nbilinear(M, other=m)"],
    "embeddingbag": ["input(T) -> embeddingbag(V, d)"],
    "squeeze_excite": [
        f"{_IMAGE} -> squeeze_excite(q)",
        "dialect keras\ninput(C, L) -> squeeze_excite(C//4, bias=false)",
    ],
    "moe": [f"{_SEQUENCE} -> moe(n, q, 4*d)", "input(d) -> moe(n, 1, M, bias=true, gated=false)"],
    # normalisation
    "bn": [f"{_IMAGE} -> bn", f"dialect keras\n{_IMAGE} -> bn(affine=false)", "input(n) -> bn(track=false)"],
    "layernorm": [f"{_SEQUENCE} -> layernorm", f"{_SEQUENCE} -> layernorm(bias=false)"],
    "rmsnorm": [f"{_SEQUENCE} -> rmsnorm", f"{_SEQUENCE} -> rmsnorm(affine=false)"],
    "groupnorm": [f"{_IMAGE} -> groupnorm(G)"],
    "instancenorm": [
        f"{_IMAGE} -> instancenorm",
        f"{_IMAGE} -> instancenorm(affine=true, track=true)",
        f"{_IMAGE} -> instancenorm(affine=true, bias=false)",
    ],
    "lrn": [f"{_IMAGE} -> lrn(5)"],
    "standardize": [f"{_IMAGE} -> standardize"],
    # padding and pooling
    **{n: [f"{_IMAGE} -> {n}(p)", f"{_IMAGE} -> {n}((1, 2))"] for n in ("constantpad", "reflectpad", "replicatepad")},
    "circularpad": [f"{_IMAGE} -> circularpad(p)", "input(C, L) -> circularpad(2)"],
    "crop": [f"{_IMAGE} -> crop(p)", "input(C, L) -> crop(1)"],
    "upsample": [
        f"{_IMAGE} -> upsample(2)",
        f"{_IMAGE} -> upsample(size=64)",
        "input(C, L) -> upsample(1.5)",
        "input(C, H, W, layout=channels_last) -> conv(M, k, s) -> upsample(like=x)",
    ],
    "upsampling": [f"{_IMAGE} -> upsampling(r)"],
    "resize": [f"{_IMAGE} -> resize(e, d)", f"{_IMAGE} -> conv(M, k, s) -> resize(like=x)"],
    "center_crop": [f"{_IMAGE} -> center_crop(e, d)"],
    "lppool": [f"{_IMAGE} -> lppool(2, k, s)"],
    "adaptive_avgpool": [f"{_IMAGE} -> adaptive_avgpool(6)", f"{_IMAGE} -> adaptive_avgpool((q, 3))"],
    "adaptive_maxpool": [f"{_IMAGE} -> adaptive_maxpool(q)"],
    "fractional_maxpool": [f"{_IMAGE} -> fractional_maxpool(k, q)"],
    "gmp": [f"{_IMAGE} -> gmp(keepdims=true)", "input(C, L) -> gmp"],
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
        f"dialect keras\n{_SEQUENCE} -> lstm(n, bidirectional=true, merge='sum')",
    ],
    "gru": [
        f"{_SEQUENCE} -> gru(n)",
        f"dialect keras\n{_SEQUENCE} -> gru(n, reset_after=false)",
        f"{_SEQUENCE} -> gru(n, layers=2, bidirectional=true)",
    ],
    "rnn": [f"{_SEQUENCE} -> rnn(n)", f"dialect keras\n{_SEQUENCE} -> rnn(n, bias=false)"],
    "rnn_cell": ["input(d) -> rnn_cell(n)", "dialect keras\ninput(d) -> rnn_cell(n, bias=false)"],
    "lstm_cell": ["input(d) -> lstm_cell(n)", "dialect keras\ninput(d) -> lstm_cell(n)"],
    "gru_cell": ["input(d) -> gru_cell(n)", "dialect keras\ninput(d) -> gru_cell(n, reset_after=false)"],
    "conv_lstm": [
        "input(T, C, H, W) -> conv_lstm(M, k, s, p)",
        "dialect keras\ninput(T, C, L) -> conv_lstm(M, k, p=same)",
        "dialect keras\ninput(T, H, W, C, layout=channels_last) -> conv_lstm(M, (k_h, k_w), d=2)",
    ],
    # shapes
    "reshape": [
        f"{_IMAGE} -> reshape(C, H*W)",
        f"{_IMAGE} -> reshape(C, -1)",
        f"{_IMAGE} -> reshape(-1, k, s)",
        "input(d, H) -> reshape(C, e, h)",
    ],
    "permute": [f"{_IMAGE} -> permute(1, 2, 0)"],
    "slice": [f"{_SEQUENCE} -> slice(0, 0, 1)", f"{_IMAGE} -> slice(1, q)", f"{_IMAGE} -> slice(-1, 1, q + 3)"],
    "stack": ["m: input(T, d)\nx: input(T, d)\nstack(other=m)"],
    "reduce": [f"{_IMAGE} -> reduce(1, 2)", f"{_SEQUENCE} -> reduce(-1)", f"{_IMAGE} -> reduce"],
    "broadcast": ["input(d) -> broadcast(T, d)", f"{_SEQUENCE} -> slice(0, 0, 1) -> broadcast(n, d)"],
    "convolve": [
        f"{_IMAGE} -> w: parameter(n, C, k, k) -> from x -> convolve(2, 1, kernels=w)",
        f"{_SEQUENCE} -> w: parameter(n, T, 3) -> from x -> convolve(kernels=w)",
    ],
    "take": [f"{_SEQUENCE} -> take(0, n)", f"{_IMAGE} -> take(-1, 3, n)"],
    "buffer": [f"{_SEQUENCE} -> mask: buffer(T, d) -> from x -> add(mask)", f"{_SEQUENCE} -> b: buffer(()) -> from x"],
    "matmul": [f"{_IMAGE} -> q: id -> keys: permute(0, 2, 1) -> from q -> matmul(other=keys)"],
    "opaque": [
        f"{_IMAGE} -> opaque((T, d), learned=((C, 3), (T,)), state=(5,))",
        f"{_IMAGE} -> opaque(9, learned=(C, 7))",
    ],
    "constant": [f"{_SEQUENCE} -> places: constant(T, d) -> from x -> add(places)"],
    "final_state": [f"{_SEQUENCE} -> lstm(h) -> final_state(1, h)"],
    "repeatvector": ["input(d) -> repeatvector(T)"],
    "flatten": [f"{_IMAGE} -> flatten", f"{_IMAGE} -> flatten(1)", f"{_IMAGE} -> flatten(0, -2)"],
    "unflatten": [f"{_SEQUENCE} -> unflatten(-1, h, -1)", f"{_IMAGE} -> unflatten(0, (n, q))"],
    "rearrange": [f'{_IMAGE} -> rearrange("c h w -> (h w) c")', f'{_IMAGE} -> rearrange("(c g) h w -> c g h w", g=2)'],
    "dropout": [f"{_IMAGE} -> dropout(0.2)", "input(n) -> dropout"],
}
