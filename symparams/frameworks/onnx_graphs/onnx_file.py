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
    try:
        return _checked(onnx.load_model_from_string(given), name)
    except SymparamsError:
        raise
    except Exception as error:
        raise SymparamsError(f"{name} is no ONNX model: {str(error).splitlines()[0]}") from None


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
    if len(model.graph.node) > MAX_NODES:
        raise LimitError(f"{name} has more than {MAX_NODES:,} operators")
    return model


def with_shapes(model: Any) -> Any:
    """The model with what the onnx package knows of the sizes on the way; as it is where that fails."""
    onnx = onnx_package()
    try:
        return onnx.shape_inference.infer_shapes(model)
    except Exception:
        return model
