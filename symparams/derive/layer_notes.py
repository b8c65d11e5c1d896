"""What is to be known of a layer's weights besides their number: whose they are, and whether they are trained."""

from __future__ import annotations

from collections.abc import Iterator

from ..evaluate.model import Stage
from .document import Code, Line
from .prose import Prose


def of_weights(prose: Prose, stage: Stage) -> Iterator[Line]:
    """Sentences on weights that are another layer's, and on weights that are frozen."""
    tied = {tensor.name: tensor.tied for tensor in stage.tensors if tensor.tied}
    layers = {other.removesuffix(f".{name}") for name, other in tied.items()}
    if len(tied) == len(stage.tensors) > 1 and len(layers) == 1:
        yield prose.say("tied.all", other=Code(*layers))
    else:
        for name, other in tied.items():
            yield prose.say("tied", weight=Code(name), other=Code(other))
    if any(tensor.is_weight and not tensor.trainable for tensor in stage.tensors):
        yield prose.say("frozen")
