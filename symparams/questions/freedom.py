"""A network with all its parameters and the sizes of its inputs as symbols, and the values that it had."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, Symbol, symbols_of
from ..closed_forms.powers import substitute
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..explain.input_sizes import of_any_size
from .unknowns import decisions_on


class Free(NamedTuple):
    """The network, and for the symbols that had a number that number."""

    net: CoreNetwork
    point: dict[Symbol, int]

    def at_point(self, value: Quantity) -> Quantity:
        """The value where the symbols have their numbers, those that have one."""
        return substitute(value, {**self.point})

    def number_at_point(self, value: Quantity) -> int | Fraction | None:
        found = self.at_point(value)
        return None if symbols_of(found) or not isinstance(found, (int, Fraction)) else found


def as_free_as_possible(net: CoreNetwork) -> Free:
    """The network with each parameter free that may be, one after the other."""
    point: dict[str, int] = {}
    for parameter in net.program.parameters:
        if parameter.default is None:
            continue
        net, added = _freed(net, parameter.name)
        point.update(added)
    sized = of_any_size(net)
    if sized and not sized.fault and any(isinstance(size, int) for size in sized.sizes.values()):
        point.update({name: size for name, size in sized.sizes.items() if isinstance(size, int)})
        net = sized.net
    known = net.symbols._symbols
    return Free(net, {known[name]: value for name, value in point.items() if name in known})


def _freed(net: CoreNetwork, name: str) -> tuple[CoreNetwork, dict[str, int]]:
    """The network with a parameter as a symbol, and the number it was; as it is where it cannot be one."""
    try:
        freer = net.free(name)
    except SymparamsError:
        return net, {}
    defaults = freer.symbols_.defaults
    given = net.values.get(name, defaults.get(name))
    symbol = freer.symbols._symbols.get(name)
    # Where it decides which layers there are, the formulas hold for some of its numbers alone.
    if symbol is not None and decisions_on(freer, symbol):
        return net, {}
    if symbol is None or not isinstance(given, int):
        return (net, {}) if symbol is None else (freer, {})
    return freer, {name: given}
