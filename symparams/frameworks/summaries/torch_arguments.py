"""Which arguments a layer of torch may have been given, by what a summary shows of it: the most usual ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from .fitting_windows import Each, torch_strides, torch_transposed
from .shown_layer import Arguments, ShownLayer, whole, windows_by_count

_BIAS: tuple[Arguments, ...] = ({}, {"bias": False})
_SIDES = (3, 1, 5, 7, 2, 4, 9, 11)


def _one(values: Each) -> int | Each:
    return values[0] if len(set(values)) == 1 else values


def _given(**arguments: int | Each | bool) -> Arguments:
    """The arguments that are not as they are by default."""
    usual = {"stride": 1, "padding": 0, "output_padding": 0, "groups": 1}
    return {name: value for name, value in arguments.items() if usual.get(name) != value}


def _bias(has_bias: bool) -> Arguments:
    return {} if has_bias else {"bias": False}


def _convolution(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        before, after = seen.entry[1:], seen.leaving[1:]
        c, out = seen.entry[0] or 0, seen.leaving[0] or 0
        for groups in (g for g in range(1, c + 1) if not c % g and not out % g and len(before) == rank):
            fits = [
                fit for fit in windows_by_count(seen.parameters, out, c, groups, rank) if seen.kernel in (None, fit[0])
            ]
            for kernel, has_bias in fits:
                square = len(set(kernel)) == 1
                for strides, padding in islice(torch_strides(before, after, kernel), None if square else 1):
                    more = _given(stride=_one(strides), padding=_one(padding), groups=groups)
                    yield {"out_channels": out, "kernel_size": _one(kernel), **more, **_bias(has_bias)}
            if any(len(set(kernel)) == 1 for kernel, _ in fits):
                return

    return found


def _transposed(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        before, after = seen.entry[1:], seen.leaving[1:]
        c, out = seen.entry[0] or 0, seen.leaving[0] or 0
        for kernel, has_bias in windows_by_count(seen.parameters, out, c, 1, rank) if len(before) == rank else ():
            for strides, padding, end in torch_transposed(before, after, kernel):
                more = _given(stride=_one(strides), padding=_one(padding), output_padding=_one(end))
                yield {"out_channels": out, "kernel_size": _one(kernel), **more, **_bias(has_bias)}

    return found


def _pooling(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        before, after = seen.entry[1:], seen.leaving[1:]
        ratios = tuple(i // o for i, o in zip(before, after) if i and o)
        sides: list[Each] = [(side,) * rank for side in range(2, 12)]
        for kernel in ([ratios] if len(ratios) == rank else []) + sides:
            for strides, padding in torch_strides(before, after, kernel):
                if 2 * max(padding) <= min(kernel):
                    more = {} if strides == kernel else {"stride": _one(strides)}
                    yield {"kernel_size": _one(kernel), **more, **_given(padding=_one(padding))}
        for side in range(2, 12):
            yield {"kernel_size": side, "ceil_mode": True}

    return found


def _linear(seen: ShownLayer) -> Iterator[Arguments]:
    yield from ({"out_features": seen.leaving[-1] or 0, **bias} for bias in _BIAS)


def _affine(word: str = "affine") -> Callable[[ShownLayer], Iterator[Arguments]]:
    return lambda seen: iter(({}, {word: False}))


def _layer_norm(seen: ShownLayer) -> Iterator[Arguments]:
    for axes in range(1, len(seen.entry) + 1):
        sizes = {"normalized_shape": seen.entry[-axes:]}
        yield from ({**sizes, **more} for more in ({}, {"bias": False}, {"elementwise_affine": False}))


def _group_norm(seen: ShownLayer) -> Iterator[Arguments]:
    c = seen.entry[0] or 0
    for groups in (32, 16, 8, 4, 2, 1):
        if c and c % groups == 0:
            yield from ({"num_groups": groups, "num_channels": c, **more} for more in ({}, {"affine": False}))


def _embedding(seen: ShownLayer) -> Iterator[Arguments]:
    width = seen.leaving[-1] or 0
    yield {"num_embeddings": whole(seen.parameters, width), "embedding_dim": width}


def _recurrent(seen: ShownLayer) -> Iterator[Arguments]:
    width = seen.leaving[-1] or 0
    for ways in (1, 2):
        for layers in range(1, 7):
            for bias in _BIAS:
                more = {"num_layers": layers} if layers > 1 else {}
                both = {"bidirectional": True} if ways > 1 else {}
                if width % ways == 0:
                    yield {"hidden_size": width // ways, **more, **both, **bias}


def _attention(seen: ShownLayer) -> Iterator[Arguments]:
    yield from ({"num_heads": heads, **bias} for bias in _BIAS for heads in (8, 4, 12, 2, 16, 6, 3, 1))


def _sized(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"output_size": _one(tuple(size or 0 for size in seen.leaving[1:]))}


def _flat(seen: ShownLayer) -> Iterator[Arguments]:
    yield {}


def _slopes(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"num_parameters": seen.parameters} if seen.parameters > 1 else {}


def _scaled(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"size": tuple(size or 0 for size in seen.leaving[1:])}


def _unflat(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"dim": 1, "unflattened_size": seen.leaving}


_SAME = (
    *("ReLU", "ReLU6", "GELU", "SiLU", "Mish", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus", "ELU", "SELU"),
    *("CELU", "LeakyReLU", "Hardswish", "Hardsigmoid", "Hardtanh", "Softsign", "Identity"),
    *("Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"),
)
_RANKS = (2, 1, 3)
TORCH_LAYERS: Mapping[str, Callable[[ShownLayer], Iterator[Arguments]]] = {
    **{f"Conv{rank}d": _convolution(rank) for rank in _RANKS},
    **{f"ConvTranspose{rank}d": _transposed(rank) for rank in _RANKS},
    **{f"MaxPool{rank}d": _pooling(rank) for rank in _RANKS},
    **{f"AvgPool{rank}d": _pooling(rank) for rank in _RANKS},
    **{f"AdaptiveAvgPool{rank}d": _sized for rank in _RANKS},
    **{f"AdaptiveMaxPool{rank}d": _sized for rank in _RANKS},
    **{f"BatchNorm{rank}d": _affine() for rank in _RANKS},
    **{f"InstanceNorm{rank}d": lambda seen: iter(({}, {"affine": True})) for rank in _RANKS},
    "LayerNorm": _layer_norm,
    "GroupNorm": _group_norm,
    "Linear": _linear,
    "Embedding": _embedding,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "RNN": _recurrent,
    "MultiheadAttention": _attention,
    "Flatten": _flat,
    "Unflatten": _unflat,
    "Upsample": _scaled,
    "PReLU": _slopes,
    **dict.fromkeys(_SAME, _flat),
}
# How many samples' sizes the first convolution may have had: the sides of its window and its strides, likeliest first.
FIRST_WINDOWS = tuple((side, stride) for stride in (1, 2, 4) for side in _SIDES)
