"""What the tools that count the operations of PyTorch's modules count: a table, a row for each kind of layer.

A cell is a formula in the language, over the names that the layer's rule binds, and these: `macs`, the layer's own
multiply-accumulates; `inputs` and `outputs`, the elements that flow in and out; `learned`, the elements of its weights,
tied ones too. One whose value is a text says why the count is not known. What a tool counts wrongly stands here as the
tool has it. The counts are those of the module that a rule's `build torch` names, for one sample, in evaluation.
"""

from __future__ import annotations

from typing import NamedTuple

from .figures import MACS


class CountingTool(NamedTuple):
    """A tool and its version; the columns of the table that its multiply-accumulates and its flops stand in.

    One without a column for flops counts none; `says` is what its number is called there. One that `prunes` leaves out
    the layers that nothing reads.
    """

    name: str
    version: str
    macs: str
    flops: str | None
    says: str
    prunes: bool = False


TOOLS = {
    tool.name: tool
    for tool in (
        CountingTool("torchinfo", "1.8.0", "torchinfo", None, "mult-adds"),
        CountingTool("fvcore", "0.1.5.post20221221", "fvcore", "fvcore", "flops, one for a multiply-accumulate", True),
        CountingTool("ptflops", "0.7.5", "ptflops", None, "MACs"),
        CountingTool("thop", "0.1.1.post2209072238", "thop", None, "MACs"),
        CountingTool("deepspeed", "0.19.8", "deepspeed_macs", "deepspeed", "flops and MACs"),
    )
}


class CountingRow(NamedTuple):
    """The formulas for some kinds of layers, a cell for each tool; of deepspeed the flops, then the MACs.

    What is `operator` has no module of its own: it is an operator or a function in code.
    """

    kinds: str
    torchinfo: str = "0"
    fvcore: str = "0"
    ptflops: str = "0"
    thop: str = "0"
    deepspeed: str = "0"
    deepspeed_macs: str = "0"
    operator: bool = False


def _spread(size: str) -> str:
    return f"'it counts by how values are filled in between, which a size alone does not tell' if {size} else 0"


_BIASED = "(outputs if bias else 0)"
# Deepspeed takes half of an odd padding 'same' on both sides.
_UNITS = "T*ways*layers*out"
_PLACES = "prod(S + 2*((d*(k - 1))//2) - d*(k - 1) if p == same else Y)"
_PADDED = "(inputs if is_word(p) or is_even(p, n) else C*prod(padded(S, p)))"
_SCORES = "prod(S)*T*seen*heads*(size + values)"
_FILLED = "'it rounds by numbers that are not whole'"


def _heads(q: str, k: str) -> str:
    """What ptflops counts for attention of q queries to k keys of the same width d."""
    maps = f"{q}*d + {q}*d*d + 2*{k}*d*d + (({q} + 2*{k})*d if bias else 0)"
    return f"({maps} + 2*{q}*{k}*d + heads*{q}*{k} + {q}*d*(d + 1))"


def _stack(kind: str, attentions: str, scores: str, places: str, norms: str, heads: str) -> CountingRow:
    """A stack of layers of a Transformer: torchinfo sees no attention, thop its linear maps and norms alone."""
    return CountingRow(
        kind,
        torchinfo=f"learned - {attentions}*(4*d*d + (4*d if bias else 0))",
        fvcore=f"macs - ({scores}) + 5*({norms})",
        ptflops=f"{heads} + ({places})*(2*d*ff + (ff + d if bias else 0)) + ({norms})",
        thop=f"2*d*ff*({places}) + 4*({norms})",
        deepspeed=f"2*macs + 5*({norms})",
        deepspeed_macs=MACS.name,
    )


def _recurrent(kind: str, gates: int, more: int, thop: str, core: str = MACS.name) -> CountingRow:
    """Gates with two biases each; `more` operations of a unit besides, `thop` those that thop counts."""
    return CountingRow(
        kind,
        torchinfo="learned*T",
        ptflops=f"{core} + {_UNITS}*({more} + ({2 * gates} if bias else 0))",
        thop=thop,
        deepspeed=f"2*({core}) + {_UNITS}*({more} - {2 * gates} + ({2 * gates} if bias else 0))",
    )


def _cell(kind: str, gates: int, more: int, thop: str) -> CountingRow:
    return CountingRow(
        kind,
        torchinfo="learned*out",
        fvcore=MACS.name,
        ptflops=f"macs + out*({more} + ({2 * gates} if bias else 0))",
        thop=f"macs + out*({thop})",
        deepspeed=f"2*macs + out*({more} - {2 * gates} + ({2 * gates} if bias else 0))",
    )


_NORM = "inputs*(5 if scales else 4)"
# Without moving means, a batch normalisation works them out in evaluation too.
_BATCH_NORM = f"inputs*(2 if scales else 1) if track else {_NORM}"
# Ptflops takes keys and values to be mapped to the widths that they have.
_PACKED = (
    "prod(S)*(T*d + T*d*d + U*e*e + V*f*f + ((T + U + V)*d if qkv_bias else 0) + T*U*d + heads*T*U"
    " + T*U*(d if surely(f == d) else heads*(f//heads)) + T*f*(f + 1))"
)
_GROUPED = (
    "((T*heads*size + V*kv_heads*values) if qkv_bias else 0) + (U*kv_heads*size if key_bias else 0)"
    " + (T*heads*values if gate and qkv_bias else 0) + (T*width if out_bias else 0)"
)

ROWS = (
    CountingRow(
        "conv dwconv",
        torchinfo="learned*prod(Y)",
        fvcore="0 if is_word(p) else macs",
        ptflops=f"macs + {_BIASED}",
        thop=MACS.name,
        deepspeed=f"(2*prod(kernel) + (out if bias else 0))*{_PLACES}",
        deepspeed_macs=f"prod(kernel)*{_PLACES}",
    ),
    CountingRow(
        "separable",
        torchinfo="prod(Y)*learned",
        fvcore="macs - (prod(depthwise)*prod(Y) if is_word(p) else 0)",
        ptflops=f"macs + {_BIASED}",
        thop=MACS.name,
        deepspeed=f"2*prod(depthwise)*{_PLACES} + 2*prod(pointwise)*prod(Y) + {_BIASED}",
        deepspeed_macs=f"prod(depthwise)*{_PLACES} + prod(pointwise)*prod(Y)",
    ),
    CountingRow(
        "convT",
        torchinfo="learned*prod(Y)",
        fvcore=MACS.name,
        ptflops=f"macs + {_BIASED}",
        thop="prod(kernel)*prod(Y)",
        deepspeed=f"2*macs + {_BIASED}",
        deepspeed_macs=MACS.name,
    ),
    CountingRow("maxpool", ptflops=f"2*{_PADDED}", deepspeed=_PADDED),
    CountingRow("avgpool", ptflops=f"2*{_PADDED}", thop="outputs", deepspeed=_PADDED),
    CountingRow("adaptive_maxpool", ptflops="2*inputs", deepspeed="inputs"),
    CountingRow(
        "adaptive_avgpool",
        fvcore="inputs if len(S) == 2 else 0",
        ptflops="2*inputs",
        thop=f"inputs + outputs if surely(S % Y == 0) else {_FILLED}",
        deepspeed="inputs",
    ),
    CountingRow("lppool", ptflops="inputs + 2*outputs", deepspeed="inputs + 2*outputs"),
    CountingRow(
        "lrn",
        ptflops="3*inputs + (C + size - 1)*prod(S)",
        deepspeed="3*inputs + (C + size - 1)*prod(S)",
    ),
    CountingRow(
        "upsample",
        fvcore=_spread("len(S) == 2"),
        ptflops=f"outputs if like else 2*outputs if size != auto or surely(scale == floor(scale)) else {_FILLED}",
        thop=_spread("not like"),
        deepspeed="prod(R) if like else prod(flat(size)) if size != auto else"
        f" outputs if surely(scale == floor(scale)) else {_FILLED}",
    ),
    CountingRow(
        "resize",
        fvcore=_spread("len(size) == 2"),
        ptflops="outputs if like else 2*outputs",
        thop=_spread("not like"),
        deepspeed="prod(size)",
    ),
    CountingRow(
        "bn",
        torchinfo="learned",
        fvcore=_BATCH_NORM,
        ptflops="inputs*(2 if scales else 1)",
        thop="inputs*(4 if scales else 2)",
        deepspeed=_BATCH_NORM,
    ),
    CountingRow("layernorm", "learned", _NORM, "inputs", "inputs*(4 if scales else 2)", _NORM),
    CountingRow("groupnorm", "learned", _NORM, "inputs*(2 if scales else 1)", "0", _NORM),
    CountingRow("instancenorm", "learned", _NORM, "inputs*(2 if scales else 1)", "inputs*(4 if scales else 2)", _NORM),
    CountingRow("linear", "learned", MACS.name, f"macs + {_BIASED}", MACS.name, "2*macs", MACS.name),
    CountingRow("bilinear embedding embeddingbag rmsnorm", torchinfo="learned"),
    CountingRow("position parameter class_token position_grid layer_scale", torchinfo="learned"),
    CountingRow(
        "attention",
        torchinfo="0 if packed else learned",
        fvcore=f"macs - {_SCORES}",
        ptflops=f"{_PACKED} if packed else macs - {_SCORES} + prod(S)*({_GROUPED})",
        thop=f"0 if packed else macs - {_SCORES}",
        deepspeed="2*macs",
        deepspeed_macs=MACS.name,
    ),
    CountingRow("dot_attention", fvcore=MACS.name, deepspeed="2*macs", deepspeed_macs=MACS.name),
    CountingRow(
        "matmul",
        fvcore=MACS.name,
        ptflops="'it counts torch.matmul and not the operator @'",
        deepspeed="2*macs",
        deepspeed_macs=MACS.name,
        operator=True,
    ),
    _stack(
        "transformer_encoder",
        attentions="layers",
        scores="layers*2*T*T*d",
        places="layers*T",
        norms="(2*layers + (1 if last_norm else 0))*T*d",
        heads=f"layers*{_heads('T', 'T')}",
    ),
    _stack(
        "transformer_decoder",
        attentions="2*layers",
        scores="layers*2*T*(T + U)*d",
        places="layers*T",
        norms="(3*layers + (1 if last_norm else 0))*T*d",
        heads=f"layers*({_heads('T', 'T')} + {_heads('T', 'U')})",
    ),
    _stack(
        "transformer",
        attentions="(encoders + 2*decoders)",
        scores="encoders*2*T*T*d + decoders*2*U*(U + T)*d",
        places="encoders*T + decoders*U",
        norms="(2*encoders + 1)*T*d + (3*decoders + 1)*U*d",
        heads=f"encoders*{_heads('T', 'T')} + decoders*({_heads('U', 'U')} + {_heads('U', 'T')})",
    ),
    _recurrent("rnn", 1, 1, thop=f"macs + {_UNITS}*(3 if bias else 1)"),
    _recurrent("gru", 3, 7, thop=f"macs + {_UNITS}*(13 if bias else 7)"),
    _recurrent(
        "lstm",
        4,
        10,
        # It takes no notice of a projection.
        thop=f"4*T*ways*out*(m + out + (layers - 1)*(ways*out + out)) + {_UNITS}*(16 if bias else 8)",
        core="macs - (T*ways*layers*proj*out if projects else 0)",
    ),
    _cell("rnn_cell", 1, 1, thop="3 if bias else 1"),
    _cell("gru_cell", 3, 7, thop="13 if bias else 7"),
    _cell("lstm_cell", 4, 10, thop="16 if bias else 8"),
    CountingRow("relu gelu elu", ptflops="2*inputs", deepspeed="inputs"),
    CountingRow("prelu", torchinfo="learned", ptflops="2*inputs", thop="inputs", deepspeed="inputs"),
    CountingRow("leaky_relu silu softmax2d", ptflops="inputs", deepspeed="inputs"),
    CountingRow("softmax", ptflops="inputs", thop="3*inputs - inputs/S[axis]", deepspeed="inputs"),
    CountingRow("relu6", ptflops="inputs"),
    CountingRow(
        "rrelu celu selu mish hardswish hardsigmoid hardtanh sigmoid logsigmoid tanh tanhshrink softplus softsign"
        " softshrink hardshrink threshold softmin log_softmax glu"
    ),
    CountingRow("gap gmp fractional_maxpool unfold fold pixelshuffle pixelunshuffle channelshuffle"),
    CountingRow("zeropad constantpad reflectpad replicatepad circularpad crop"),
    CountingRow("id flatten unflatten reshape permute rearrange slice dropout standardize"),
    CountingRow("add mul concat reduce broadcast take stack constant", operator=True),
)

# The row of each kind; what stands in none is not known.
CONVENTIONS = {kind: row for row in ROWS for kind in row.kinds.split()}
