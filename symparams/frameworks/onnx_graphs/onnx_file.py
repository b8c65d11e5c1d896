"""An ONNX model: out of a file, bytes or an object of the onnx package; nothing of it is run."""

from __future__ import annotations

import os
from typing import Any

from ...errors import LimitError, SymparamsError

MAX_BYTES = 2_000_000_000
MAX_NODES = 50_000


def onnx_package() -> Any:
    """The onnx package. Raises SymparamsError where it is not installed."""
    try:
        import onnx
    except ImportError as error:
        raise SymparamsError(f"onnx cannot be imported: {error}", None, 'pip install "symparams[onnx]"') from None
    return onnx


def model_of(given: Any, name: str) -> Any:
    """The model of a path, of bytes, or as it is. Raises SymparamsError."""
    onnx = onnx_package()
    if isinstance(given, onnx.ModelProto):
        return _checked(given, name)
    if isinstance(given, (str, os.PathLike)):
        given = _bytes_of(os.fspath(given))
    if not isinstance(given, (bytes, bytearray, memoryview)):
        raise SymparamsError(f"{type(given).__name__} is no ONNX model", None, "a path, bytes, or an onnx.ModelProto")
    try:
        model = onnx.load_model_from_string(bytes(given))
    except Exception as error:
        raise SymparamsError(f"{name} is no ONNX model: {first_line(error)}") from None
    return _checked(model, name)


def first_line(error: BaseException) -> str:
    """What an error of the onnx package says, in one line."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def _bytes_of(path: Any) -> bytes:
    try:
        if os.path.getsize(path) > MAX_BYTES:
            raise LimitError(f"{path} is larger than {MAX_BYTES:,} bytes")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise SymparamsError(f"{path} cannot be read: {error.strerror or error}") from None


def _checked(model: Any, name: str) -> Any:
    if not model.HasField("graph") or not model.graph.node:
        raise SymparamsError(f"{name} is no ONNX model: it has no graph")
    if model.functions:
        model = _with_functions_inside(model, name)
    if len(model.graph.node) > MAX_NODES:
        raise LimitError(f"{name} has more than {MAX_NODES:,} operators")
    if model.graph.sparse_initializer:
        raise SymparamsError(f"{name} has sparse tensors: these are not read")
    return model


def _with_functions_inside(model: Any, name: str) -> Any:
    """The model with the operators that it defines itself in the place of their calls. Raises SymparamsError."""
    try:
        from onnx import inliner

        return inliner.inline_local_functions(model)
    except Exception as error:
        raise SymparamsError(f"the functions in {name} cannot be read: {first_line(error)}") from None
