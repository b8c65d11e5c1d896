"""A network as the source of a Keras model that runs as it is, in the functional style."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..core.network import CoreNetwork
from ..errors import listing
from .allocated_names import RESERVED, AllocatedNames
from .layer_graph import LayerGraph, Operation, graph, stand_in, token_inputs

_MERGES = {"add": "Add", "mul": "Multiply", "concat": "Concatenate"}

# How the layers are called that take queries, values and keys in this order; the keys are the values where left out.
_ATTENTIONS = {"attention": "{}", "dot_attention": "[{}]", "additive_attention": "[{}]"}

_HEAD = """import keras
from keras import layers
"""

_OWN = '''

class Own(layers.Layer):
    """A layer that Keras does not have: its tensors, and an output of the shape that its rule gives."""

    def __init__(self, shapes, states, output, **options):
        super().__init__(**options)
        self.shapes, self.states, self.size = shapes, states, output

    def build(self, *shapes):
        for shape in self.shapes:
            self.add_weight(shape=shape)
        for shape in self.states:
            self.add_weight(shape=shape, trainable=False)

    def call(self, x, *others):
        return keras.ops.zeros((keras.ops.shape(x)[0], *self.size))

    def compute_output_shape(self, *shapes):
        return (None, *self.size)
'''

_PADDED = """

def Padded(sides, layer, **options):
    pad = [layers.ZeroPadding1D, layers.ZeroPadding2D, layers.ZeroPadding3D][len(sides) - 1]
    return keras.Sequential([pad(sides if len(sides) > 1 else sides[0]), layer], **options)
"""

_ONE_STEP = """

def OneStep(cell, **options):
    return keras.Sequential([layers.RepeatVector(1), layers.RNN(cell)], **options)
"""

_PARTS = {"Own": _OWN, "Padded": _PADDED, "OneStep": _ONE_STEP}


def what_is_left_out(net: CoreNetwork) -> str | None:
    """What the program does not say of a network; None where it says all."""
    tied = [layer.name for layer in net.rows() if any(tensor.tied for tensor in layer.tensors)]
    if not tied:
        return None
    return f"Keras has no tied weights in such a program: {listing(tied)} has a weight of its own there, which counts"


def keras_source(net: CoreNetwork) -> str:
    """Python source with a function `build` that returns the model. Raises SymparamsError where a symbol is left."""
    return render(graph(net, "keras"), net.name or "network", net.evaluated.layout)


def render(network: LayerGraph, name: str, layout: str) -> str:
    body = list(_body(*network, name))
    own = "".join(part for name, part in _PARTS.items() if any(f"{name}(" in line for line in body))
    lines = [
        _HEAD,
        f'keras.config.set_image_data_format("{layout}")',
        own,
        "",
        "def build() -> keras.Model:",
        *(f"    {line}" for line in body),
    ]
    return "\n".join(lines) + "\n"


def _body(operations: Sequence[Operation], outputs: Sequence[Operation], name: str) -> Iterable[str]:
    tokens = token_inputs(operations)
    free = AllocatedNames(RESERVED["keras"] | {op.name for op in operations})
    shared = {op.module: free.give(f"{op.module}_layer", "layer") for op in operations if op.module != op.name}
    for op in operations:
        if op.kind == "input":
            dtype = ', dtype="int32"' if op.name in tokens else ""
            yield f'{op.name} = keras.Input({op.output!r}, name="{op.name}"{dtype})'
            continue
        if op.module == op.name and op.name in shared:
            yield f"{shared[op.name]} = {constructor(op)}"
        layer = shared.get(op.module) or constructor(op)
        yield f"{op.name} = {layer}({_arguments(op)})"
    inputs = [op.name for op in operations if op.kind == "input"]
    names = ", ".join(output.name for output in outputs)
    result = names if len(outputs) == 1 else f"[{names}]"
    yield f'return keras.Model([{", ".join(inputs)}], {result}, name="{name}")'


def constructor(op: Operation) -> str:
    """The rule's own `build keras`, named; for a layer without one, a stand-in with the same tensors and output."""
    if op.kind in _MERGES:
        options = [f"axis={(op.axis or 0) + 1}"] if op.kind == "concat" else []
        return f"layers.{_MERGES[op.kind]}({', '.join([*options, _name(op)])})"
    options = [_name(op)]
    weights = [t for t in op.tensors if t.kind == "weight"]
    if weights and not any(t.trainable for t in weights):
        options.append("trainable=False")
    if op.build is None:
        return stand_in(op, *options)
    separator = "" if op.build.endswith("()") else ", "
    return f"{op.build[:-1]}{separator}{', '.join(options)})"


def _name(op: Operation) -> str:
    return f'name="{op.name}"'


def _arguments(op: Operation) -> str:
    if op.kind in _MERGES:
        return f"[{', '.join(op.inputs)}]"
    form = _ATTENTIONS.get(op.kind)
    return form.format(", ".join([op.inputs[0], op.inputs[-1], *op.inputs[1:-1]])) if form else ", ".join(op.inputs)
