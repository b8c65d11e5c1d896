"""What a name asks about: a symbol, a layer or a block, a part of the tensors, or another figure."""

from __future__ import annotations

from typing import NamedTuple

from ..core.network import CoreNetwork
from ..errors import SymparamsError, meant_or_known
from ..evaluate.figures import EXPLAINED, PARTS
from ..language import syntax
from ..language.characters import as_read
from .input_sizes import forced_values, of_any_size
from .occurrences import contributions


class Subject(NamedTuple):
    """What is asked about: `kind` is "symbol", "layer", "part", "figure", or "nothing" for what is in no formula.

    `net` is the network in which it is a symbol, `value` the value that it has in the network that was asked about.
    """

    kind: str
    name: str
    net: CoreNetwork
    value: object = None


def subject_of(net: CoreNetwork, name: str) -> Subject:
    """The subject with this name. Raises SymparamsError where the network has none."""
    forced = forced_values(net)
    name = as_read(name)
    if name in net.symbols and name not in forced:
        return Subject("symbol", name, net)
    layers = [c.layer.name for c in contributions(net)]
    if any(layer == name or layer.startswith(f"{name}.") for layer in layers):
        return Subject("layer", name, net)
    if name in PARTS:
        return Subject("part", name, net)
    if name.replace("-", "_") in EXPLAINED:
        return Subject("figure", name.replace("-", "_"), net)
    defaults = {p.name: p.default for p in net.program.parameters}
    if name in defaults or name in net.values:
        return _symbol(name, net.free(name), net.values.get(name, _number(defaults.get(name))))
    found = of_any_size(net)
    if found and name in found.sizes:
        if found.fault:
            raise found.fault
        return _symbol(name, found.net, found.sizes[name])
    if name in net.program.names:
        return Subject("nothing", name, net, forced.get(name))
    known = [*net.symbols, *defaults, *(found.sizes if found else ()), *layers, *PARTS, *EXPLAINED]
    hint = meant_or_known(name, known, "it has")
    raise SymparamsError(f"the network has no symbol or layer {name!r}", None, hint)


def _symbol(name: str, net: CoreNetwork, value: object) -> Subject:
    forced = forced_values(net)
    if name in net.symbols and name not in forced:
        return Subject("symbol", name, net, value)
    return Subject("nothing", name, net, forced.get(name))


def _number(default: syntax.Node | None) -> object:
    return default.value if isinstance(default, syntax.Number) else None
