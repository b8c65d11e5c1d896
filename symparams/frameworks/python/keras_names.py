"""What the modules of Keras and TensorFlow offer to the code that is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import SymparamsError
from ...evaluate.figures import ACTIVATIONS
from ...language.layouts import CHANNELS_FIRST, CHANNELS_LAST
from ..graph.growing_program import GrowingProgram
from .code_objects import MISSING, Native
from .code_tensors import CodeTensor
from .keras_classes import KerasLayers
from .keras_operations import KerasOperations, resized


def keras_modules(interpreter: Any, program: GrowingProgram) -> tuple[KerasLayers, dict[str, Callable[[str], Any]]]:
    """The classes, and what each module of Keras and TensorFlow offers by name."""
    keras = KerasLayers(interpreter, program)
    identity = Native(lambda value=None, *a, **k: value)

    def layout_set(word: Any) -> None:
        if word not in (CHANNELS_FIRST, CHANNELS_LAST):
            raise SymparamsError(f"there is no layout {word!r} of images")
        if program.nodes and word != program.layout:
            raise SymparamsError("the layout of images changes within a network: this is not read")
        program.layout = program.flow.layout = word

    def activation(word: str) -> Any:
        if word in keras.library.names and keras.library.is_activation(keras.library.names[word]):
            return Native(lambda x, *a, **k: keras.activated(x, word), word)
        return MISSING

    def operations(splits_at_places: bool) -> Callable[[str], Any]:
        functions = KerasOperations(program, splits_at_places)

        def find(word: str) -> Any:
            found = activation(word)
            return functions.get(word) if found is MISSING else found

        return find

    def activation_of(value: Any = None) -> Any:
        if value is None or value == "linear":
            return identity
        return activation(value) if isinstance(value, str) else value

    operation = operations(splits_at_places=True)
    of_tensorflow = operations(splits_at_places=False)

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
        ACTIVATIONS.name: lambda word: Native(activation_of, "get") if word == "get" else activation(word),
        "ops": operation,
        "ops.image": lambda word: Native(resized, word) if word == "resize" else MISSING,
        "backend": lambda word: backend.get(word, operation(word)),
        "config": lambda word: backend.get(word, MISSING),
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
    image = {"resize": Native(resized, "resize")}
    own = {"function": identity, "newaxis": None, "Module": keras.layer}
    found["tensorflow.nn"] = found["tensorflow.math"] = found["tensorflow.linalg"] = of_tensorflow
    found["tensorflow.image"] = lambda word: image.get(word, MISSING)
    found["tensorflow"] = lambda word: own[word] if word in own else of_tensorflow(word)
    return keras, found
