"""Networks that ship with the package: `zoo:NAME` on the command line, `symparams.zoo.NAME()` in Python."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..errors import Source, SymparamsError, did_you_mean

FOLDER = os.path.dirname(__file__)


def names() -> list[str]:
    return sorted(name.removesuffix(".arch") for name in os.listdir(FOLDER) if name.endswith(".arch"))


def source(name: str) -> Source:
    """The program of a network in the zoo. Raises SymparamsError for a name that is not there."""
    if name not in names():
        hint = did_you_mean(name, names()) or "'symparams zoo' lists them"
        raise SymparamsError(f"there is no network {name!r} in the zoo", None, hint)
    with open(os.path.join(FOLDER, f"{name}.arch"), encoding="utf-8") as file:
        return Source(f"zoo:{name}", file.read())


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in names():
        close = did_you_mean(name, names())
        raise AttributeError(f"there is no network {name!r} in the zoo" + (f"; {close}" if close else ""))

    def network(*nameless: Any, **values: Any) -> Any:
        from ..core.network import from_source

        net = from_source(source(name))
        return net(*nameless, **values) if nameless or values else net

    network.__name__ = network.__qualname__ = name
    network.__doc__ = f"The network {name}; values for its symbols and parameters are put in by name."
    return network


def __dir__() -> list[str]:
    return [*names(), "names", "source"]
