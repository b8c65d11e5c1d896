"""Why a network has as many parameters as it has: what they depend on, what they do not, and of what they are made."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from shutil import get_terminal_size

from ..closed_forms.conditions import is_equation_in, symbols_in
from ..closed_forms.dependence import Dependence
from ..closed_forms.polynomial import total
from ..core.layer import CoreLayer, brief
from ..core.network import CoreNetwork
from ..core.objects import ByContent
from ..errors import SymparamsError, listing
from ..evaluate.figures import NON_TRAINABLE, PARAMS, STATE
from ..tables.printed import Column, plain_lines
from . import makeup
from .figure_page import figure_page
from .input_sizes import AnySize, forced_values, of_any_size
from .occurrences import Contribution, Occurrence, contributions, dependencies, occurrence
from .subject import Subject, subject_of

WIDTH = 100
LONGEST_CELL = 44
SYMBOL_COLUMNS = (Column("symbol"), Column("degree"), Column("derivative"), Column("in the parameters of"))
DEGREE_COLUMNS = (Column("degree"), Column("layers"), Column("their parameters"))


class Explanation(ByContent):
    """Why a network's parameters are what they are; printed, it is text in lines of at most 100 columns.

    `name` is a symbol, a layer or a block, or a figure; without one all symbols are explained. Raises SymparamsError
    for a name that the network does not have.
    """

    def __init__(self, net: CoreNetwork, name: str | None = None):
        self.net = net
        self.name = name
        self.paragraphs = tuple(_overview(net) if name is None else _page(net, name))

    def _made_from(self) -> tuple[CoreNetwork, str | None]:
        return self.net, self.name

    def __str__(self) -> str:
        return self.in_lines(WIDTH)

    __repr__ = __str__

    def in_lines(self, width: int) -> str:
        """The text with its sentences in lines of at most so many columns."""
        return "\n\n".join(p if "\n" in p else _wrapped(p, width) for p in self.paragraphs)


def explain(net: CoreNetwork, name: str | None = None, on_terminal: bool = False) -> str:
    """The text of an explanation, no wider than the terminal that it is for.

    Raises SymparamsError for a name that the network does not have.
    """
    return Explanation(net, name).in_lines(min(WIDTH, get_terminal_size().columns) if on_terminal else WIDTH)


def _wrapped(sentence: str, width: int) -> str:
    """A sentence in lines, with what stands between the bars of a floor on one of them."""
    joined = re.sub("⌊[^⌋]*⌋", lambda floor: floor.group().replace(" ", "\xa0"), sentence)
    return textwrap.fill(joined, width, break_long_words=False, break_on_hyphens=False).replace("\xa0", " ")


def _page(net: CoreNetwork, name: str) -> Iterator[str]:
    """What is to be said of a symbol, a layer, a part of the tensors, or another figure."""
    asked = subject_of(net, name)
    pages = {
        "symbol": lambda: _symbol_page(asked),
        "layer": lambda: makeup.layer_page(net, name),
        "part": lambda: makeup.part_page(net, name),
        "figure": lambda: figure_page(net, asked.name),
        "nothing": lambda: _without_trace(asked),
    }
    return pages[asked.kind]()


def _without_trace(asked: Subject) -> Iterator[str]:
    if asked.value is not None:
        yield f"{asked.name} can only be {asked.value}: the conditions leave no other value for it."
    else:
        yield f"{asked.name} is in none of the formulas: parameters, output, work and conditions are without it."


# All symbols


def _overview(net: CoreNetwork) -> Iterator[str]:
    found = dependencies(net)
    held = [o for o in found if o.layers]
    yield f"{net.name or 'network'} ({net.dialect}): params = {makeup.count_text(net.quantity(PARAMS.name), net)}"
    if held:
        yield "\n".join(plain_lines(SYMBOL_COLUMNS, [_symbol_cells(o, net) for o in held]))
    size = of_any_size(net)
    forced = forced_values(net)
    sizes = {*(size.sizes if size else ()), *forced}
    yield from _absent([o for o in found if not o.layers and o.name not in sizes])
    for name in [o.name for o in found if o.name in forced]:
        yield from _without_trace(Subject("nothing", name, net, forced[name]))
    if size:
        yield from _about_sizes(size)
    elif not net.symbols:
        yield makeup.part_sentence(net, PARAMS.name, makeup.groups(net, PARAMS.name))
    if not net.symbols:
        yield from _what_to_free(net)
    for part in (NON_TRAINABLE.name, STATE.name):
        if net.quantity(part) != 0:
            yield makeup.part_sentence(net, part, makeup.groups(net, part))
            break


def _symbol_cells(found: Occurrence, net: CoreNetwork) -> tuple[str, ...]:
    layers = makeup.layers_text([c.layer for c, _ in found.layers], net, 4)
    if found.total is None:
        return found.name, "cancels", "", layers
    slope = "" if found.total.derivative is None else makeup.count_text(found.total.derivative, net)
    return found.name, _degree(found.total), brief(slope, LONGEST_CELL), layers


def _degree(how: Dependence) -> str:
    return how.manner if how.degree is None else str(how.degree)


def _absent(found: Iterable[Occurrence]) -> Iterator[str]:
    """One sentence for the symbols that no parameter formula holds and that stand in the same other formulas."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for each in found:
        alike.setdefault(each.elsewhere, []).append(each.name)
    for elsewhere, names in alike.items():
        it = "it stands" if len(names) == 1 else "they stand"
        where = f"{it} only in {listing(elsewhere)}" if elsewhere else f"{it} only in the size of the input"
        yield f"No parameter formula holds {listing(names, 'or')}: {where}."


def _what_to_free(net: CoreNetwork) -> Iterator[str]:
    names = [p.name for p in net.program.parameters]
    if not _can_be_free(net, names):
        names = [name for name in names if _can_be_free(net, [name])]
    if names:
        yield f"The network has no symbols; '--free {','.join(names)}' makes its parameters symbols."


def _can_be_free(net: CoreNetwork, names: Iterable[str]) -> bool:
    try:
        return bool(net.free(*names).symbols)
    except SymparamsError:
        return False


# The size of the input


def _about_sizes(found: AnySize) -> Iterator[str]:
    """Whether the parameters depend on the input's size, and from which layer on."""
    if found.fault:
        yield f"The network has this input size only: {found.fault.message}."
        return
    net, names = found.net, list(found.sizes)
    if found.forced:
        yield f"The conditions leave no other value for {listing(found.forced)}, the size of the input."
        return
    numbers = {name: size for name, size in found.sizes.items() if isinstance(size, int)}
    which = listing(f"{name} = {size}" for name, size in numbers.items())
    found_in = [occurrence(net, name) for name in names]
    held = [o for o in found_in if o.layers]
    if not held:
        none = f"o parameter formula holds {listing(names, 'or')}"
        lead = f"The parameters do not depend on the size of the input, {which}: n{none}." if numbers else ""
        yield f"{lead or f'N{none}, the size of the input:'} {_for_every(net, names)}"
        return
    on = listing(f"{o.name} = {numbers[o.name]}" if o.name in numbers else o.name for o in held)
    free_of = [o.name for o in found_in if not o.layers]
    but = f", but not on {listing(free_of, 'or')}" if free_of else ""
    places = {c.layer.name for o in held for c, _ in o.layers}
    before, first = next(pair for pair in _with_the_one_before(net) if pair[1].name in places)
    after = f" (after {before.name})" if before and before.layer in ("flatten", "reshape", "rearrange") else ""
    yield (
        f"The parameters depend on the size of the input, {on}{but}: first in {first.name}{after}, "
        f"which has {makeup.params_text(first, net)}."
    )


def _with_the_one_before(net: CoreNetwork) -> Iterator[tuple[CoreLayer | None, CoreLayer]]:
    layers = [c.layer for c in contributions(net)]
    return zip([None, *layers], layers)


def _for_every(net: CoreNetwork, names: Sequence[str]) -> str:
    """The formula of the parameters, layer by layer where they are few."""
    layers = [c.layer for c in contributions(net) if c.params != 0]
    if 1 <= len(layers) <= 2 and all(layer.count_quantity == 1 for layer in layers):
        shown = listing(f"{layer.name} has {makeup.params_text(layer, net)}" for layer in layers)
    elif isinstance(net.quantity(PARAMS.name), int):
        shown = f"params = {makeup.count_text(net.quantity(PARAMS.name), net)}"
    else:
        shown = "params is the same"
    held = {symbol.name for symbol in symbols_in(net.guards)}
    return f"{shown} for every {listing(names)}{' within the conditions' if held & set(names) else ''}."


# One symbol


def _symbol_page(asked: Subject) -> Iterator[str]:
    """How strongly the parameters depend on a symbol, and in which layers."""
    name, net = asked.name, asked.net
    stands = "" if asked.value is None else f" ({name} is {asked.value} here)"
    found = occurrence(net, name)
    params = makeup.count_text(net.quantity(PARAMS.name), net)
    if not found.layers:
        yield f"No parameter formula holds {name}{stands}: {_for_every(net, [name])}"
        yield _elsewhere(found, "only ")
        return
    if found.total is None:
        yield f"{name}{stands} is in the parameters of layers, but cancels in the total: params = {params}."
    else:
        degree = found.total.manner if found.total.degree is None else f"with degree {found.total.degree}"
        yield f"{name}{stands} is in the parameters {degree}: params = {params}."
        yield from _slopes(net, found.total)
    yield "\n".join(plain_lines(DEGREE_COLUMNS, list(_by_degree(net, found))))
    yield _others(net, found)
    if found.elsewhere:
        yield _elsewhere(found, "also ")


def _slopes(net: CoreNetwork, how: Dependence) -> Iterator[str]:
    parts = []
    if how.derivative is not None:
        parts.append(f"the derivative is {makeup.count_text(how.derivative, net)}")
    if how.one_more is not None and not _cannot_grow_by_one(net, how):
        parts.append(f"one more {how.symbol.name} adds {makeup.count_text(how.one_more, net)}")
    if parts:
        sentence = ", and ".join(parts)
        yield f"{sentence[0].upper()}{sentence[1:]}."


def _cannot_grow_by_one(net: CoreNetwork, how: Dependence) -> bool:
    """Whether conditions keep the symbol from growing by 1, as one that something has to divide."""
    return any(is_equation_in(guard, how.symbol) for guard in net.guards)


def _by_degree(net: CoreNetwork, found: Occurrence) -> Iterator[tuple[str, ...]]:
    """The layers that hold the symbol, the strongest first, with their parameters together."""
    alike: dict[tuple[int, str], list[Contribution]] = {}
    for contribution, how in found.layers:
        alike.setdefault((-(how.degree or 0), _degree(how)), []).append(contribution)
    for (_, degree), layers in sorted(alike.items()):
        together = total(c.params for c in layers)
        yield degree, makeup.layers_text([c.layer for c in layers], net), makeup.count_text(together, net)


def _others(net: CoreNetwork, found: Occurrence) -> str:
    with_it = {c.layer.name for c, _ in found.layers}
    others = [c.layer for c in contributions(net) if c.params != 0 and c.layer.name not in with_it]
    if not others:
        return f"Every layer with parameters holds {found.name}."
    return f"Not in the parameters of {makeup.layers_text(others, net)}."


def _elsewhere(found: Occurrence, how: str) -> str:
    return f"It stands {how}in {listing(found.elsewhere or ['the size of the input'])}."
