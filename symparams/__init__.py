"""symparams: closed forms of parameter counts and output sizes, from a compact description of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from . import zoo
    from .api import Layer, Network, compare, from_keras, from_onnx, from_torch, load, parse
    from .errors import SymparamsError

__all__ = [
    "Layer",
    "Network",
    "SymparamsError",
    "__version__",
    "compare",
    "from_keras",
    "from_onnx",
    "from_torch",
    "load",
    "parse",
    "zoo",
]

_HOMES = {
    "Layer": ".api",
    "Network": ".api",
    "compare": ".api",
    "from_keras": ".api",
    "from_onnx": ".api",
    "from_torch": ".api",
    "load": ".api",
    "parse": ".api",
    "SymparamsError": ".errors",
    "zoo": ".zoo",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(_HOMES[name], __name__)
    return module if name == "zoo" else getattr(module, name)


def __dir__() -> list[str]:
    return __all__


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext symparams` brings the magics `%%arch`, `%arch`, `%%check` and `%check`."""
    from .jupyter import ArchMagics, CheckMagics

    shell.register_magics(ArchMagics, CheckMagics)
