"""`symparams verify`: a network beside the real model of a framework, for several values of its symbols."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..evaluate.engines import SYMPY
from .comparison import Verified, with_random_values


def verify(net: CoreNetwork, framework: str, times: int = 3) -> Iterator[Verified]:
    """Compare a network with the framework's model, for `times` draws of admissible values where it has symbols.

    With "sympy" the closed forms are compared with what sympy alone works out. Raises SymparamsError where the
    framework is not installed, or the network is written for the other dialect.
    """
    if framework == SYMPY:
        from . import verify_sympy

        yield from verify_sympy.differences(net, times)
        return
    if net.dialect != framework:
        hint = f"'--dialect {framework}' counts as {framework} does"
        raise SymparamsError(f"the network is in the dialect {net.dialect}", None, hint)
    try:
        module = import_module(f".verify_{framework}", __package__)
    except ImportError as error:
        hint = f'pip install "symparams[{framework}]"'
        raise SymparamsError(f"{framework} cannot be imported: {error}", None, hint) from None
    for concrete in with_random_values(net, times):
        values = {name: value for name, value in concrete.values.items() if name not in net.values}
        try:
            yield Verified(values, *module.differences(concrete))
        except SymparamsError:
            raise
        except Exception as error:
            fault = f"{framework} refuses the network: {type(error).__name__}: {error}"
            raise SymparamsError(fault.splitlines()[0], None, f"with {values}" if values else None) from error
