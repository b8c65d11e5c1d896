"""Which framework an object is a model of, seen from its classes, without the framework."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Union

from ..errors import SymparamsError
from ..language.dialects import KERAS, TORCH

ONNX = "onnx"

# The bases of models, by their modules. A model of Keras comes first: one that runs on torch is a module of torch too.
_BASES = {
    KERAS.name: (("keras", "Model"), ("tf_keras", "Model"), ("tensorflow", "Model")),
    TORCH.name: (("torch", "Module"),),
    ONNX: (("onnx", "ModelProto"),),
}

Size = Union[int, str]


def framework_of(model: Any) -> str | None:
    """The framework that an object is a model of, None for any other object."""
    bases = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(model).__mro__}
    return next((name for name, own in _BASES.items() if bases.intersection(own)), None)


def shapes_in(texts: Sequence[str]) -> list[Any]:
    """The shapes that texts say, `3,H,W` or `x=3,H,W`: sizes one after the other, by name where there are names.

    Raises SymparamsError.
    """
    named = [text.rpartition("=") for text in texts]
    shapes = [_shape(shape) for _, _, shape in named]
    names = [name.strip() for name, _, _ in named]
    if any(names) and not all(names):
        raise SymparamsError("shapes have names, all of them or none", None, "--input x=3,H,W --input mask=10")
    return [dict(zip(names, shapes))] if any(names) else shapes


def _shape(text: str) -> tuple[Size, ...]:
    sizes = [size.strip() for size in text.strip().strip("()").split(",")]
    sizes = sizes[:-1] if len(sizes) > 1 and not sizes[-1] else sizes
    if not all(sizes):
        raise SymparamsError(f"{text!r} is no shape", None, "3,H,W")
    return tuple(int(size) if size.isdecimal() else size for size in sizes)
