"""Which arguments a Keras layer may have been given, by what a summary shows of it: the most usual ones first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations

from .fitting_windows import keras_strides, keras_transposed, kernels
from .shown_layer import Arguments, ShownLayer, whole, windows_by_count

_BIAS: tuple[Arguments, ...] = ({}, {"use_bias": False})


def _bias(has_bias: bool) -> Arguments:
    return {} if has_bias else {"use_bias": False}


def _convolution(rank: int, transposed: bool = False) -> Callable[[ShownLayer], Iterator[Arguments]]:
    strides = keras_transposed if transposed else keras_strides

    def found(seen: ShownLayer) -> Iterator[Arguments]:
        c, out = seen.channels, seen.width
        for groups in (g for g in range(1, 2 if transposed else c + 1) if c % g == 0 and len(seen.before) == rank):
            fits = list(windows_by_count(seen.parameters, out, c, groups, rank))
            for kernel, has_bias in fits:
                for step, padding in strides(seen.before, seen.after, kernel):
                    window = {"kernel_size": kernel, "strides": step, "padding": padding}
                    yield {"filters": out, **window, **({"groups": groups} if groups > 1 else {}), **_bias(has_bias)}
            if fits:
                return

    return found


def _depthwise(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        multiplier = whole(seen.width, seen.channels)
        for bias in _BIAS:
            volume = whole(seen.parameters - (not bias) * seen.width, seen.width) if multiplier else 0
            for kernel in kernels(volume, rank) if volume else ():
                for step, padding in keras_strides(seen.before, seen.after, kernel):
                    yield {
                        "kernel_size": kernel,
                        "strides": step,
                        "padding": padding,
                        "depth_multiplier": multiplier,
                        **bias,
                    }

    return found


def _separable(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        for multiplier in range(1, 9):
            for bias in _BIAS:
                point = seen.channels * multiplier * seen.width + (not bias) * seen.width
                volume = whole(seen.parameters - point, seen.channels * multiplier)
                for kernel in kernels(volume, rank) if volume else ():
                    for step, padding in keras_strides(seen.before, seen.after, kernel):
                        yield {
                            "filters": seen.width,
                            "kernel_size": kernel,
                            "strides": step,
                            "padding": padding,
                            "depth_multiplier": multiplier,
                            **bias,
                        }

    return found


def _pooling(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        equal = [tuple([size] * rank) for size in (*range(2, 9), 1)]
        ratios = [i // o for i, o in zip(seen.before, seen.after) if i and o]
        for kernel in ([tuple(ratios)] if len(ratios) == rank else []) + equal:
            for step, padding in keras_strides(seen.before, seen.after, kernel):
                if step == kernel:
                    yield {"pool_size": kernel, "padding": padding}
        for kernel in equal:
            for step, padding in keras_strides(seen.before, seen.after, kernel):
                if step != kernel:
                    yield {"pool_size": kernel, "strides": step, "padding": padding}

    return found


def _dense(seen: ShownLayer) -> Iterator[Arguments]:
    for bias in _BIAS:
        yield {"units": seen.width, **bias}


def _normalized(seen: ShownLayer) -> Iterator[Arguments]:
    yield {}
    yield {"scale": False}
    yield {"center": False}
    yield {"center": False, "scale": False}


def _groups(seen: ShownLayer) -> Iterator[Arguments]:
    for groups in (32, *range(1, seen.channels + 1)):
        if seen.channels and not seen.channels % groups:
            yield from ({"groups": groups, **more} for more in _normalized(seen))
            return


def _embedding(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"input_dim": whole(seen.parameters, seen.width), "output_dim": seen.width}


def _recurrent(seen: ShownLayer, units: int | None = None) -> Iterator[Arguments]:
    every = {"return_sequences": True} if len(seen.leaving) == len(seen.entry) else {}
    for bias in _BIAS:
        yield {"units": units or seen.width, **bias, **every}


def _gated(seen: ShownLayer) -> Iterator[Arguments]:
    yield from _recurrent(seen)
    for arguments in _recurrent(seen):
        yield {**arguments, "reset_after": False}


def _margins(word: str, sign: int, rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        more = [sign * (o - i) for i, o in zip(seen.before, seen.after) if i is not None and o is not None]
        if len(more) == rank and all(size >= 0 for size in more):
            sides = tuple((size // 2, size - size // 2) for size in more)
            yield {word: sides if rank > 1 else sides[0]}

    return found


def _scaled(rank: int) -> Callable[[ShownLayer], Iterator[Arguments]]:
    def found(seen: ShownLayer) -> Iterator[Arguments]:
        sizes = tuple(whole(o, i) for i, o in zip(seen.before, seen.after) if i and o)
        if len(sizes) == rank and all(sizes):
            yield {"size": sizes if rank > 1 else sizes[0]}

    return found


def _global(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"keepdims": True} if len(seen.leaving) == len(seen.entry) else {}


def _reshaped(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"target_shape": tuple(-1 if size is None else size for size in seen.leaving)}


def _permuted(seen: ShownLayer) -> Iterator[Arguments]:
    for order in permutations(range(len(seen.entry))):
        if tuple(seen.entry[axis] for axis in order) == seen.leaving:
            yield {"dims": tuple(axis + 1 for axis in order)}


def _repeated(seen: ShownLayer) -> Iterator[Arguments]:
    if seen.leaving and seen.leaving[0]:
        yield {"n": seen.leaving[0]}


def _shared_slopes(seen: ShownLayer) -> Iterator[Arguments]:
    yield {}
    yield {"shared_axes": tuple(range(1, len(seen.entry)))}


def _attention(seen: ShownLayer) -> Iterator[Arguments]:
    d = seen.channels
    for bias in _BIAS:
        width = whole(seen.parameters - (not bias) * d, 4 * d + 3 * (not bias))
        for heads in (8, 4, 12, 2, 16, 6, 3, 1):
            if width and width % heads == 0:
                yield {"num_heads": heads, "key_dim": width // heads, **bias}


def _resized(seen: ShownLayer) -> Iterator[Arguments]:
    if len(seen.after) == 2:
        yield {"height": seen.after[0] or 0, "width": seen.after[1] or 0}


def _nothing(seen: ShownLayer) -> Iterator[Arguments]:
    yield {}


def _number(seen: ShownLayer) -> Iterator[Arguments]:
    yield {"rate": 0.5}


# The classes, those that are likelier where a class is cut off first.
KERAS_LAYERS: Mapping[str, Callable[[ShownLayer], Iterator[Arguments]]] = {
    **{f"Conv{rank}D": _convolution(rank) for rank in (2, 1, 3)},
    "Dense": _dense,
    "BatchNormalization": _normalized,
    **{f"ZeroPadding{rank}D": _margins("padding", 1, rank) for rank in (2, 1, 3)},
    **{f"MaxPooling{rank}D": _pooling(rank) for rank in (2, 1, 3)},
    **{f"AveragePooling{rank}D": _pooling(rank) for rank in (2, 1, 3)},
    **{f"GlobalAveragePooling{rank}D": _global for rank in (2, 1, 3)},
    **{f"GlobalMaxPooling{rank}D": _global for rank in (2, 1, 3)},
    "Flatten": _nothing,
    "Reshape": _reshaped,
    **{f"DepthwiseConv{rank}D": _depthwise(rank) for rank in (2, 1)},
    **{f"SeparableConv{rank}D": _separable(rank) for rank in (2, 1)},
    **{f"Conv{rank}DTranspose": _convolution(rank, True) for rank in (2, 1, 3)},
    **{f"UpSampling{rank}D": _scaled(rank) for rank in (2, 1, 3)},
    **{f"Cropping{rank}D": _margins("cropping", -1, rank) for rank in (2, 1, 3)},
    "LSTM": _recurrent,
    "GRU": _gated,
    "SimpleRNN": _recurrent,
    "Embedding": _embedding,
    "LayerNormalization": _normalized,
    "GroupNormalization": _groups,
    "Normalization": _nothing,
    "PReLU": _shared_slopes,
    "MultiHeadAttention": _attention,
    "Permute": _permuted,
    "RepeatVector": _repeated,
    "Resizing": _resized,
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout"), _number),
    "GaussianDropout": _number,
    **dict.fromkeys(("ReLU", "LeakyReLU", "ELU", "Softmax", "Identity"), _nothing),
}
# Layers of a function of each value, which the table does not show.
FUNCTIONS = frozenset(
    ["Activation", "TFOpLambda", "Masking", "GaussianNoise", "ActivityRegularization", "ThresholdedReLU", "Rescaling"]
)
# Those whose parameters grow evenly with the width that flows in, whatever their other sizes.
GROWING = {kind: KERAS_LAYERS[kind] for kind in ("Dense", "LSTM", "GRU", "SimpleRNN")}
