"""What the layers of an ONNX graph are called: by the names of their tensors, or the scopes of their operators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .file_tensors import FileTensor

# Where torch's exporter writes the modules that an operator comes from.
_SCOPES = "pkg.torch.onnx.name_scopes"


def path_of_layer(node: Any, tensors: Sequence[FileTensor]) -> str:
    """By the path of a tensor, else by the scopes of the operator, else by a name that one of them has."""
    path = next((t.name.rpartition(".")[0] for t in tensors if "." in t.name and not t.is_made_up), "")
    if not path:
        scopes = [p.value for p in node.metadata_props if p.key == _SCOPES]
        path = _written_path(scopes[0]) if scopes else _joined(node.name.strip("/").split("/")[:-1])
    first = tensors[0].name if tensors else node.op_type
    return path or (node.name if not node.name.startswith("node_") else "") or first


def path_of_tensor(tensor: FileTensor) -> str:
    scopes = tensor.name.strip("/").split("/")
    return _joined(scopes[:-1]) or tensor.name


def _written_path(text: str) -> str:
    """The last module in a list of paths, which ends with what the operator is itself."""
    try:
        scopes = json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        return ""
    return str(scopes[-2]) if isinstance(scopes, list) and len(scopes) > 1 else ""


def _joined(scopes: Iterable[str]) -> str:
    """The path that scopes lead to: one that goes on from the end of the path so far replaces that."""
    path = ""
    for scope in scopes:
        around = scope.rpartition(".")[0]
        if around and (path == around or path.endswith(f".{around}")):
            path = f"{path[: len(path) - len(around)]}{scope}"
        else:
            path = f"{path}.{scope}" if path else scope
    return path
