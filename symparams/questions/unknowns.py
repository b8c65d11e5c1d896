"""The symbols that a question asks for: free ones, parameters that are freed, the sizes of the input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..closed_forms.conditions import Condition, compare, symbols_in
from ..closed_forms.polynomial import Symbol, expression, symbols_of
from ..core.network import CoreNetwork
from ..errors import SymparamsError, UsageFault, listing, meant_or_known
from ..evaluate.fitting import numbers_for
from ..explain.input_sizes import forced_values, of_any_size
from ..language.characters import as_read


class Unknowns(NamedTuple):
    """The symbols that are asked for, in the network in which they are free."""

    net: CoreNetwork
    symbols: tuple[Symbol, ...]


def unknowns(net: CoreNetwork, names: Sequence[str]) -> Unknowns:
    """The unknowns with these names. Raises SymparamsError for what is none, or stands for no whole number."""
    wanted = list(dict.fromkeys(as_read(str(name)) for name in names))
    if not wanted:
        known = listing(free_names(net), "or") or "H"
        raise UsageFault("solve has to know for which symbol", None, f"--for {known}")
    for wish in wanted:
        net = _with_free(net, wish)
    return Unknowns(net, tuple(_whole(net, name) for name in wanted))


def free_names(net: CoreNetwork) -> list[str]:
    """What can be asked for: the symbols and the parameters with a default."""
    return list(dict.fromkeys([*net.symbols, *(p.name for p in net.program.parameters)]))


def _with_free(net: CoreNetwork, name: str) -> CoreNetwork:
    """The network in which the name is a symbol."""
    forced = forced_values(net)
    if name in forced:
        raise SymparamsError(f"the conditions of the network leave only {name} = {forced[name]}")
    if name in net.symbols or name in net.symbols_.taken - net.values.keys() - _defaults(net):
        return net
    if name in net.values:
        hint = f"leave out the value {name} = {net.values[name]}"
        raise SymparamsError(f"{name} has a value, so it is not unknown", None, hint)
    if name in _defaults(net):
        return net.free(name)
    found = of_any_size(net)
    if found and name in found.sizes:
        if found.fault:
            raise found.fault
        return found.net
    known = [*free_names(net), *(found.sizes if found else ())]
    meant = meant_or_known(name, known, "it has")
    raise SymparamsError(f"the network has no symbol or parameter {name!r}", None, meant)


def _defaults(net: CoreNetwork) -> set[str]:
    return {p.name for p in net.program.parameters if p.default is not None}


def _whole(net: CoreNetwork, name: str) -> Symbol:
    """The symbol with this name. Raises SymparamsError where it stands for other numbers, or is in nothing."""
    symbol = net.symbols._symbols.get(name) or _elsewhere(net, name)
    if symbol is None:
        forced = forced_values(net)
        if name in forced:
            raise SymparamsError(f"the conditions of the network leave only {name} = {forced[name]}")
        raise SymparamsError(f"no figure of the network depends on {name}")
    if not symbol.integer:
        raise SymparamsError(f"{name} is {numbers_for(symbol)}; solve finds whole numbers")
    return symbol


def _elsewhere(net: CoreNetwork, name: str) -> Symbol | None:
    """A symbol that only sizes on the way hold."""
    sizes = (size for row in net.rows(0) for size in row.output_shape)
    return next((s for size in sizes for s in symbols_of(size) if s.name == name), None)


def decisions_on(net: CoreNetwork, symbol: Symbol) -> tuple[Condition, ...]:
    """The conditions on a symbol under which the network has the layers that it has."""
    forced = forced_values(net)
    if symbol.name in forced and symbol.name in net.freed:
        return (compare("==", expression(symbol), forced[symbol.name]),)  # type: ignore[arg-type]
    decided = dict.fromkeys(c for c in net.symbols_.decided_ever if symbols_in([c]) == {symbol})
    return tuple(decided)
