"""Where a network that is named comes from: a program, or a model that a framework has saved, as a program."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import LimitError, Source, SymparamsError
from ..evaluate.axes import Value
from ..language import zoo_files
from ..language.program_files import read
from .python.code_names import names_bound
from .recognition import CONFIG, check_has_shapes, source_of_text

MAX_CONFIG = 50_000_000
# What files are by their endings; a text is recognised whatever its ending is.
ENDINGS = {
    ".arch": "a program",
    ".py": "Python code",
    ".keras": "a model of Keras",
    ".json": "a configuration of Keras",
    ".onnx": "a model of ONNX",
}


def source_of(name: str, inputs: Sequence[str] = (), values: Mapping[str, Value] | None = None) -> Source:
    """The program of a file, of `zoo:NAME`, of a saved model, of Python code, or of a text that shows a model.

    `inputs` are the shapes of the code's inputs, `values` are put in for its names. Raises SymparamsError.
    """
    if is_python_file(name):
        from .python.reader import source_of_file

        return source_of_file(name, inputs, values)
    if name.endswith((".onnx", ".keras", ".json", ".arch")) or name.startswith("zoo:"):
        check_has_shapes(inputs)
        return _saved(name)
    return source_of_text(zoo_files.source_of(name), inputs, values)


def _saved(name: str) -> Source:
    """The program of a file whose ending says what it is."""
    if name.endswith(".onnx"):
        from .onnx_graphs.onnx_reader import source_of_onnx

        return source_of_onnx(name, name)
    if name.endswith(".keras"):
        return CONFIG.read(Source(name, _config_in(name)), (), {})
    return CONFIG.read(read(name), (), {}) if name.endswith(".json") else zoo_files.source_of(name)


def live_network(module: Any, shapes: Sequence[Any]) -> Any:
    """A live module of torch that is to be read. Raises SymparamsError."""
    try:
        from .live.live_networks import LiveNetwork
    except ImportError as error:
        raise SymparamsError(f"torch cannot be imported: {error}", None, 'pip install "symparams[torch]"') from None
    return LiveNetwork(module, shapes)


def is_python_file(name: str) -> bool:
    """Whether this names Python code: `net.py`, `net.py:Net` or `net.py:Net(w)`."""
    return name.endswith(".py") or ".py:" in name


def _config_in(name: str) -> str:
    """The configuration in an archive. Raises SymparamsError."""
    if not os.path.isfile(name):
        read(name)
    try:
        with zipfile.ZipFile(name) as archive:
            info = archive.getinfo("config.json")
            if info.file_size > MAX_CONFIG:
                raise LimitError(f"the configuration in {name} is larger than {MAX_CONFIG:,} bytes")
            return archive.read(info).decode("utf-8")
    except (zipfile.BadZipFile, KeyError, OSError, UnicodeDecodeError, NotImplementedError, RuntimeError) as error:
        raise SymparamsError(f"{name} is no model that Keras has saved: {error}") from None


def names_in_code(path: str) -> list[str]:
    """The classes, functions and variables that a file of Python code has outside of them; none of no such file."""
    try:
        return names_bound(read(path).text)
    except SymparamsError:
        return []
