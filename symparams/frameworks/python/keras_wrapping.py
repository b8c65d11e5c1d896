"""Layers of Keras around others and around functions, and what a model or a layer is asked for later."""

from __future__ import annotations

from typing import Any

from ...errors import SymparamsError
from ...language.dialects import KERAS
from ...language.framework_wrappers import STEP_BY_STEP
from ..graph.growing_program import BATCH, GrowingProgram
from .code_objects import PyObject
from .code_tensors import CodeTensor
from .folded_batches import MAX_PARTS
from .keras_networks import listed
from .tensor_functions import stacked
from .torch_layers import is_layer


class WrapsKeras:
    """Wraps layers."""

    interpreter: Any
    library: Any
    program: GrowingProgram
    init_own: Any

    def goes_step_by_step(self, layer: Any) -> bool:
        """Whether a layer does to all steps at once what it does to each."""
        if not is_layer(layer) or KERAS.name not in self.library.calls.get(layer.layer, {}) or "axis" in layer.given:
            return False
        rule, _ = self.library.spelling(layer.layer, KERAS.name)
        return rule.name in STEP_BY_STEP

    def run_on_steps(self, sequence: Any, layer: PyObject) -> Any:
        """A layer, or a model, for each step of a sequence; the first step has the weights of all."""
        steps = sequence.sizes[1] if isinstance(sequence, CodeTensor) and len(sequence.sizes) > 2 else None
        if not isinstance(steps, int):
            raise SymparamsError(
                "TimeDistributed needs a number of steps", None, "give the input's first size a number"
            )
        if steps > MAX_PARTS:
            raise SymparamsError(f"TimeDistributed of {steps:,} steps: at most {MAX_PARTS} are read")
        each = [self.interpreter.call(layer, [sequence.item((slice(None), i))], {}) for i in range(steps)]
        return stacked(each, 1)

    def lambda_init(self, layer: PyObject, function: Any, *ignored: Any, **named: Any) -> None:
        self.init_own(layer, **named)
        layer.names.update(function=function, arguments=named.get("arguments") or {})

    def run_lambda(self, layer: PyObject, *values: Any, **named: Any) -> Any:
        return self.interpreter.call(layer.names["function"], list(values), layer.names["arguments"])

    def only(self, model: PyObject, which: str) -> Any:
        if which not in model.names:
            raise AttributeError(f"{model.kind.name} has no {which} before it is called")
        values = listed(model.names[which])
        return values[0] if len(values) == 1 else values

    def only_output(self, layer: PyObject) -> Any:
        """What a layer that has been called once has put out."""
        nodes = [node for node in self.program.nodes if node.owner is layer]
        if len(nodes) != 1 or layer.given.get("activation") is not None:  # type: ignore[attr-defined]
            raise SymparamsError("the output of this layer, asked for later, is not read")
        return CodeTensor(self.program, nodes[0], (BATCH, *nodes[0].shape))
