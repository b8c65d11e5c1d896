"""On what the parameters of a network depend: each symbol: how strongly, in which layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..closed_forms.conditions import symbols_in
from ..closed_forms.floors import Floor, Function, Remainder
from ..closed_forms.polynomial import Atom, Expr, Quantity, Symbol, collected, expression, symbols_of, times
from ..closed_forms.powers import Power, opened, shortest, substitute
from ..closed_forms.sums import Series
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..errors import LimitError
from ..evaluate.figures import BASIC, PARAMS
from ..language.dialects import DIALECTS

POLYNOMIAL = "polynomial"
DIVISOR = "as a divisor"
EXPONENT = "as an exponent"


class Dependence(NamedTuple):
    """How a formula depends on a symbol.

    `manner` is "polynomial", with its `degree`, or says through what the formula depends on the symbol. `derivative`
    is None where the symbol is rounded or stands in an exponent, `one_more`, what the formula grows by when the symbol
    does by 1, where it is rounded or a divisor.
    """

    symbol: Symbol
    manner: str
    degree: int | None
    derivative: Quantity | None
    one_more: Quantity | None


class Contribution(NamedTuple):
    """What a layer adds to the parameters of the network, all its occurrences together."""

    layer: CoreLayer
    params: Quantity


class Occurrence(NamedTuple):
    """Where a symbol stands: in the total of the parameters, in the layers' own, and in which other formulas."""

    name: str
    total: Dependence | None
    layers: tuple[tuple[Contribution, Dependence], ...]
    elsewhere: tuple[str, ...]


def contributions(net: CoreNetwork) -> list[Contribution]:
    """The layers with what they add to the parameters; blocks where there are too many layers to list."""
    try:
        layers = list(net.rows())
    except LimitError:
        layers = list(net.rows(0))
    return [Contribution(layer, layer.in_all(PARAMS.name)) for layer in layers]


def dependencies(net: CoreNetwork) -> tuple[Occurrence, ...]:
    """Where each symbol of the network stands, in the order in which the program names them."""
    added = contributions(net)
    return tuple(occurrence(net, name, added) for name in net.symbols)


def occurrence(net: CoreNetwork, name: str, added: Iterable[Contribution] | None = None) -> Occurrence:
    layers = contributions(net) if added is None else added
    found = [(contribution, dependence(contribution.params, name)) for contribution in layers]
    return Occurrence(
        name,
        dependence(net.quantity(PARAMS.name), name),
        tuple((contribution, how) for contribution, how in found if how),
        tuple(where for where, values in _other_formulas(net) if any(name in names_in(value) for value in values)),
    )


def names_in(value: Quantity) -> set[str]:
    return {symbol.name for symbol in symbols_of(value)}


def _other_formulas(net: CoreNetwork) -> Iterator[tuple[str, Iterable[Quantity]]]:
    yield "the output", net.output_shape
    for name, figure in BASIC.items():
        if figure.apart and figure.apart(DIALECTS[net.dialect]):
            yield f"the {figure.aside}", (net.quantity(name),)
    yield "the conditions", map(expression, symbols_in(net.guards))


def dependence(value: Quantity, name: str) -> Dependence | None:
    """How a formula depends on the symbol with this name, None where it does not hold it."""
    symbol = next((s for s in symbols_of(value) if s.name == name), None)
    value = opened(value, symbol) if symbol else value
    if symbol is None or not isinstance(value, Expr) or symbol not in value.symbols:
        return None
    exponents = {exponent for monomial in value.terms for atom, exponent in monomial if atom is symbol}
    manners = {
        _manner(atom, symbol, exponent)
        for monomial in value.terms
        for atom, exponent in monomial
        if atom is not symbol and symbol in atom.symbols
    }
    if not manners and min(exponents) < 0:
        manner = DIVISOR if max(exponents) <= 0 else f"as a factor and {DIVISOR}"
        return Dependence(symbol, manner, None, shortest(_derivative(value, symbol)), None)
    if not manners:
        return Dependence(
            symbol, POLYNOMIAL, max(exponents), shortest(_derivative(value, symbol)), _one_more(value, symbol)
        )
    more = _one_more(value, symbol) if manners == {EXPONENT} else None
    return Dependence(symbol, " and ".join(sorted(manners)), None, None, more)


def _manner(atom: Atom, symbol: Symbol, exponent: int) -> str:
    if isinstance(atom, Power):
        return EXPONENT if symbol in symbols_of(atom.parts()[1]) else "as the base of a power"
    if isinstance(atom, Function):
        return f"through {atom.name}()"
    kinds = ((Floor, "in steps, through a floor"), (Remainder, "through a remainder"), (Series, "through a sum"))
    return next((manner for kind, manner in kinds if isinstance(atom, kind)), DIVISOR)


def _derivative(value: Expr, symbol: Symbol) -> Quantity:
    slopes = {
        times(monomial, ((symbol, -1),)): coefficient * exponent
        for monomial, coefficient in value.terms.items()
        for atom, exponent in monomial
        if atom is symbol
    }
    return collected(slopes)


def _one_more(value: Expr, symbol: Symbol) -> Quantity | None:
    if not symbol.integer:
        return None
    try:
        return shortest(substitute(value, {symbol: expression(symbol) + 1}) - value)
    except LimitError:
        return None
