"""Weights of a file that operators put together before they belong to a layer, or flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from ..graph.traced_tensors import TracedTensor
from .file_tensors import FileTensor
from .onnx_values import OnnxWeight

# Operators of whose weights all numbers are in the result; others only change numbers by those of further weights.
_JOINING = ("Concat", "MatMul", "Gemm", "Einsum")


def put_together(call: Any, work: Any, given: Sequence[Any]) -> Any:
    """Weights that an operator puts together: their sizes now, and as tensors in the graph once they flow."""
    program = call.reader.program
    plain = [TracedTensor(program, None, v.sizes) if isinstance(v, OnnxWeight) else v for v in given]
    made = work(call, *plain)
    if made is plain[0]:
        return given[0]
    if not all(isinstance(value, TracedTensor) for value in (made if isinstance(made, list) else [made])):
        return made
    weights = [value for value in given if isinstance(value, OnnxWeight)]
    sources, beside = _sources(call, weights)

    @lru_cache(maxsize=1)
    def flows() -> Any:
        return work(call, *(call.tensor(v) if isinstance(v, OnnxWeight) else v for v in given))

    if not isinstance(made, list):
        return OnnxWeight(sources, made.sizes, flows, beside)
    return [OnnxWeight(sources, m.sizes, _one_of(flows, place), beside) for place, m in enumerate(made)]


def _one_of(flows: Callable[[], Any], place: int) -> Callable[[], Any]:
    return lambda: flows()[place]


def _sources(call: Any, weights: Sequence[OnnxWeight]) -> tuple[tuple[FileTensor, ...], tuple[FileTensor, ...]]:
    """The tensors that weights are made of together, and those by which they are only multiplied, or the like."""
    beside = [tensor for weight in weights for tensor in weight.beside]
    if call.kind in _JOINING:
        main = [tensor for weight in weights for tensor in weight.sources]
    else:
        largest = max(weights, key=lambda weight: sum(source.elements for source in weight.sources))
        main = list(largest.sources)
        beside += [t for weight in weights for t in weight.sources]
    own = tuple({tensor.name: tensor for tensor in main}.values())
    names = {tensor.name for tensor in own}
    return own, tuple({t.name: t for t in beside if t.name not in names}.values())
