"""What the modules of Keras and TensorFlow offer to the code that is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ...evaluate.figures import ACTIVATIONS
from ..graph import combined_tensors as combining
from ..graph import traced_tensors as shaping
from ..graph.growing_program import BATCH, GrowingProgram
from .code_objects import MISSING, Native
from .code_tensors import CodeTensor
from .keras_classes import KerasLayers
from .known_tensors import lifted
from .tensor_functions import FUNCTIONS


def keras_modules(interpreter: Any, program: GrowingProgram) -> tuple[KerasLayers, dict[str, Callable[[str], Any]]]:
    """The classes, and what each module of Keras and TensorFlow offers by name."""
    keras = KerasLayers(interpreter, program)
    identity = Native(lambda value=None, *a, **k: value)

    def layout_set(word: Any) -> None:
        if word != program.layout:
            raise SymparamsError(f"images with {word} are not read from code of Keras")

    def activation(word: str) -> Any:
        if word in keras.library.names and keras.library.is_activation(keras.library.names[word]):
            return Native(lambda x, *a, **k: keras.activated(x, word), word)
        return MISSING

    def operation(word: str) -> Any:
        tables = {
            "reduce_mean": "mean",
            "reduce_sum": "sum",
            "reduce_max": "amax",
            "concat": "cat",
            "expand_dims": "unsqueeze",
        }
        own: dict[str, Any] = {
            "reshape": lambda x, shape=None, **k: shaping.view(
                x, [BATCH if s == -1 and i == 0 else s for i, s in enumerate(shape)]
            ),
            "concat": lambda values, axis=-1, **k: combining.joined(list(values), axis),
            "concatenate": lambda values, axis=-1: combining.joined(list(values), axis),
            "transpose": lambda x, perm=None, axes=None, **k: shaping.permuted(x, perm or axes),
            "shape": lambda x: x.sizes,
            "split": lambda x, n, axis=-1: FUNCTIONS["chunk"](x, n, axis),
            "matmul": lambda a, b, transpose_b=False, **k: combining.multiplied(
                a, shaping.swapped(b, -1, -2) if transpose_b else b
            ),
        }
        if word in own:
            return Native(own[word], word)
        if activation(word) is not MISSING:
            return activation(word)
        work = FUNCTIONS.get(tables.get(word, word))
        return lifted(program, word, work) if work else MISSING

    backend = {
        "image_data_format": Native(lambda: program.layout),
        "set_image_data_format": Native(layout_set),
        "is_keras_tensor": Native(lambda x: isinstance(x, CodeTensor)),
        "int_shape": Native(lambda x: (None, *x.sizes[1:])),
        "floatx": Native(lambda: "float32"),
    }
    layers = keras.get
    utils = {"register_keras_serializable": Native(lambda *a, **k: identity), "get_source_inputs": identity}
    models = lambda word: keras.classes.get(word, MISSING)
    tables: dict[str, Callable[[str], Any]] = {
        "layers": layers,
        "models": models,
        ACTIVATIONS.name: activation,
        "ops": operation,
        "backend": lambda word: backend.get(word, operation(word)),
        "utils": lambda word: utils.get(word, MISSING),
        "saving": lambda word: utils.get(word, MISSING),
        "Model": models,
    }
    found: dict[str, Callable[[str], Any]] = {}
    for root in ("keras", "tensorflow.keras", "tf_keras", "tensorflow.python.keras", "keras.src"):
        found.update({f"{root}.{name}": table for name, table in tables.items() if name != "Model"})
        found[root] = lambda word: keras.get(word) if word in ("Input", "Model", "Sequential", "Layer") else MISSING
        found[f"{root}.engine"] = models
        found[f"{root}.models"] = models
        for part in ("convolutional", "core", "pooling", "normalization", "recurrent", "embeddings", "merge"):
            found[f"{root}.layers.{part}"] = layers
    found["tensorflow.nn"] = operation
    found["tensorflow.math"] = operation
    found["tensorflow"] = lambda word: (
        operation(word)
        if word not in ("keras", "nn", "math", "function")
        else identity
        if word == "function"
        else MISSING
    )
    return keras, found
