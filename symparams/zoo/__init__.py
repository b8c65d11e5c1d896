"""Networks that ship with the package: `zoo:NAME` on the command line, `symparams.zoo.NAME()` in Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import did_you_mean
from ..language.zoo_files import FOLDER, names, source

__all__ = ["FOLDER", "names", "source"]


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in names():
        close = did_you_mean(name, names())
        raise AttributeError(f"there is no network {name!r} in the zoo" + (f"; {close}" if close else ""))

    def network(*nameless: Any, **values: Any) -> Any:
        from ..api import from_source

        net = from_source(source(name))
        return net(*nameless, **values) if nameless or values else net

    network.__name__ = network.__qualname__ = name
    network.__doc__ = f"The network {name}; values for its symbols and parameters are put in by name."
    return network


def __dir__() -> list[str]:
    return [*names(), "names", "source"]
