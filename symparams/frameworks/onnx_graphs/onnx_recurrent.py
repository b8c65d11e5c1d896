"""ONNX's recurrent operators: one layer each, with the outputs of all steps, and what is remembered at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ..graph.growing_program import GraphOperation
from ..graph.traced_tensors import TracedTensor
from .onnx_values import OnnxWeight


def recurrent(rule: str) -> Callable[..., Any]:
    def run(
        call: Any, x: TracedTensor, kernel: Any, again: Any, bias: Any = None, lengths: Any = None, *more: Any
    ) -> Any:
        held = [call.learned(value) for value in (kernel, again, bias)]
        if held[0] is None or held[1] is None:
            return NotImplemented
        out, ways = held[1].sizes[2], held[0].sizes[0]
        batch_first = bool(call.attributes.get("layout", 0))
        if len(x.sizes) != 3 or x.batch_axis not in (None, 0 if batch_first else 1):
            raise SymparamsError("the batch is not where this operator has it")
        call.expect(x.sizes[2], held[0].sizes[2])
        words = [str(out), *(["bidirectional=true"] if ways == 2 else [])]
        words += [] if held[2] is not None else ["bias=false"]
        front, behind, _ = x.sizes
        made = call.layer(x, rule, words, held, (front, behind, ways * out))
        for weight in map(call.affine, more):
            _remember(call, weight)
        return _results(made, ways, out, batch_first)

    return run


def _remember(call: Any, weight: OnnxWeight | None) -> None:
    """A state to begin with that is learned, or what looks at the cell, counts beside the layer."""
    for tensor in weight.sources if weight is not None else ():
        call.reader.weights.parameter(tensor)


def _results(made: TracedTensor, ways: int, out: int, batch_first: bool) -> list[TracedTensor]:
    """The outputs of each step with both directions apart, and the state of each direction, twice for an LSTM's."""
    front, behind, _ = made.sizes
    batch = front if batch_first else behind
    state_sizes = (batch, ways, out) if batch_first else (ways, batch, out)
    state = made.after(GraphOperation("final_state", (str(ways), str(out))), state_sizes)
    apart = (front, behind, ways, out) if batch_first else (front, ways, behind, out)
    return [made.reshaped(apart), state, state]
