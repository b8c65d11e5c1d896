"""Of which tensors the parameters are made: those of the network by what is asked for, and those of one layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, terms_of, total
from ..core.layer import CoreLayer
from ..core.network import CoreNetwork
from ..errors import SymparamsError, listing
from ..evaluate.domain import is_symbolic
from ..evaluate.figures import NON_TRAINABLE, PARAMS, PARTS, STATE
from ..evaluate.model import Tensor
from ..formula import text
from ..language.dialects import DIALECTS
from ..tables.printed import TENSOR_COLUMNS, Column, formula, plain_lines, size_as_factor, tensor_cells, times_text
from .occurrences import Contribution, contributions, occurrence

LONGEST_FORMULA = 240
GROUP_COLUMNS = (Column("layers"), Column("tensors"), Column("formula"), Column("elements", True))


class TensorGroup(NamedTuple):
    """Layers of one kind with the tensors, of the same names in each, that are asked for; `elements` in all of them."""

    layers: tuple[CoreLayer, ...]
    tensors: tuple[Tensor, ...]
    elements: Quantity


def groups(net: CoreNetwork, part: str, layers: Iterable[CoreLayer] | None = None) -> list[TensorGroup]:
    """The tensors of a part, layers of one kind together."""
    found: dict[tuple[object, ...], list[tuple[CoreLayer, tuple[Tensor, ...]]]] = {}
    for layer in [added.layer for added in contributions(net)] if layers is None else layers:
        tensors = tuple(t for t in layer.tensors if t.counts_as(part, net.dialect))
        if tensors and layer.count_quantity != 0:
            key = (layer.layer, *((t.name, t.kind) for t in tensors))
            found.setdefault(key, []).append((layer, tensors))
    return [
        TensorGroup(
            tuple(layer for layer, _ in pairs),
            pairs[0][1],
            total(layer.over_all_turns(total(t.elements for t in tensors)) for layer, tensors in pairs),
        )
        for pairs in found.values()
    ]


def layers_text(layers: Sequence[CoreLayer], net: CoreNetwork, most: int = 5) -> str:
    """Layers in few words: by name where there is one of a kind, else how many there are."""
    kinds: dict[str, list[CoreLayer]] = {}
    for layer in layers:
        kinds.setdefault(layer.layer, []).append(layer)
    words = [_kind_text(kind, alike, net) for kind, alike in kinds.items()]
    return listing(words if len(words) <= most else [*words[: most - 1], f"{len(words) - most + 1} kinds more"])


def _kind_text(kind: str, layers: Sequence[CoreLayer], net: CoreNetwork) -> str:
    often = total(layer.count_quantity for layer in layers)
    if len(layers) == 1:
        return layers[0].name if often == 1 else f"{layers[0].name} ×{times_text(often, net)}"
    return f"{size_as_factor(often, net)} {kind}"


def part_page(net: CoreNetwork, part: str) -> Iterator[str]:
    """Which tensors a part is made of: in a sentence, then as a table where there are several groups of layers."""
    found = groups(net, part)
    yield part_sentence(net, part, found)
    if len(found) > 1:
        yield _group_table(net, found)


def _group_table(net: CoreNetwork, found: Iterable[TensorGroup]) -> str:
    rows = [
        (layers_text(g.layers, net), _names(g.tensors), _formula(g, net), count_text(g.elements, net)) for g in found
    ]
    return "\n".join(plain_lines(GROUP_COLUMNS, rows))


def part_sentence(net: CoreNetwork, part: str, found: Sequence[TensorGroup]) -> str:
    """What a part is made of, in one sentence or two."""
    if not found:
        return _nothing(net, part)
    count = count_text(net.quantity(part), net)
    what = PARTS[part].unit
    if len(found) == 1 and len(found[0].layers) == 1 and found[0].layers[0].count_quantity == 1:
        return f"The {count} {what} are {_those_of_one_layer(net, part, found[0])}"
    owners = listing(f"{_owner(g, part, net)} ({_names(g.tensors)})" for g in found[:4])
    more = f" and {len(found) - 4} more groups of layers" if len(found) > 4 else ""
    return f"The {count} {what} are those of {owners}{more}.{_not_counted(net, part)}"


def _owner(group: TensorGroup, part: str, net: CoreNetwork) -> str:
    frozen = part == NON_TRAINABLE.name and all(t.is_weight for t in group.tensors)
    return f"{layers_text(group.layers, net)}{', frozen' if frozen else ''}"


def _nothing(net: CoreNetwork, part: str) -> str:
    if part == NON_TRAINABLE.name and net.quantity(STATE.name) != 0:
        return f"No parameter is non-trainable. {part_sentence(net, STATE.name, groups(net, STATE.name))}"
    return f"The network has no {PARTS[part].unit}."


def _those_of_one_layer(net: CoreNetwork, part: str, group: TensorGroup) -> str:
    (layer,) = group.layers
    kind = STATE.aside if not any(t.is_weight for t in group.tensors) else "weights"
    frozen = "frozen " if part == NON_TRAINABLE.name and kind == "weights" else ""
    sentence = f"the {frozen}{kind} of {layer.name}, {_sized(group.tensors, net)}"
    if len(group.tensors) > 1:
        sentence += f": {_counted(group.tensors, net)}"
    sentence += f".{_not_counted(net, part)}"
    every = [t for t in layer.tensors if t.counts_as(PARAMS.name, net.dialect)]
    others = [t for t in every if t not in group.tensors]
    if part == NON_TRAINABLE.name and others:
        sentence += (
            f" With {_sized(others, net)}, which {'is' if len(others) == 1 else 'are'} trained, "
            f"{layer.name} has {_counted(every, net)} parameters."
        )
    return sentence


def _not_counted(net: CoreNetwork, part: str) -> str:
    if part != STATE.name:
        return ""
    dialect = DIALECTS[net.dialect]
    return f" {dialect.title} {'counts' if dialect.counts_state else 'does not count'} them as parameters."


def _sized(tensors: Sequence[Tensor], net: CoreNetwork) -> str:
    return listing(f"{t.name} ({count_text(t.elements, net)})" for t in tensors)


def _counted(tensors: Sequence[Tensor], net: CoreNetwork) -> str:
    """The elements of tensors together: 4·32 = 128 where all have as many, else their sum."""
    sizes = [t.elements for t in tensors]
    together = count_text(total(sizes), net)
    if len(set(sizes)) == 1 and len(sizes) > 1:
        written = f"{len(sizes)}·{size_as_factor(sizes[0], net)}"
        return together if written.replace("·", "") == together else f"{written} = {together}"
    written = " + ".join(count_text(size, net) for size in sizes)
    return together if written == together else f"{written} = {together}"


def _names(tensors: Sequence[Tensor]) -> str:
    return listing(t.name for t in tensors)


def _formula(group: TensorGroup, net: CoreNetwork) -> str:
    """The product of the sizes of each tensor, where the group is a single layer."""
    if len(group.layers) > 1:
        return ""
    products = " + ".join("·".join(size_as_factor(size, net) for size in t.factors) for t in group.tensors)
    return products if group.layers[0].count_quantity == 1 else f"{products} each"


def count_text(value: Quantity, net: CoreNetwork) -> str:
    """A count as a formula of at most a few lines: the rest of a longer one is left out."""
    written = text.total(value, net.order, net.output_shape)
    if len(written) <= LONGEST_FORMULA or not is_symbolic(value):
        return written
    kept = written[: written.rindex(" + ", 0, LONGEST_FORMULA)] if " + " in written[:LONGEST_FORMULA] else ""
    return f"{kept} + … ({len(terms_of(value))} terms)".removeprefix(" + ")


def layer_page(net: CoreNetwork, name: str) -> Iterator[str]:
    """Why a layer, or a block, has its number of parameters: its formula, its tensors, what they depend on."""
    layers = [added.layer for added in contributions(net)]
    inside = [layer for layer in layers if layer.name == name or layer.name.startswith(f"{name}.")]
    if len(inside) > 1 or inside[0].name != name:
        yield from _block_page(net, name, inside)
        return
    (layer,) = inside
    often = "" if layer.count_quantity == 1 else f", and occurs {times_text(layer.count_quantity, net)} times"
    if not layer.tensors:
        yield f"{name} ({layer.layer}) has no parameters{often}: its rule states no weight."
        return
    if all(tensor.tied for tensor in layer.tensors):
        yield f"{name} ({layer.layer}) has no parameters of its own: its weight is {formula(layer, net)}."
        return
    yield f"{name} ({layer.layer}) has {params_text(layer, net)} parameters{often}."
    rule = _rule_formula(net, name)
    if rule:
        yield rule
    yield "\n".join(plain_lines(TENSOR_COLUMNS, [tensor_cells(layer, tensor, net) for tensor in layer.tensors]))
    if net.symbols:
        yield _depends(net, layer)


def params_text(layer: CoreLayer, net: CoreNetwork) -> str:
    """The parameters of one occurrence of a layer: 64·3·7·7 + 64 = 9,472."""
    counted = [t for t in layer.tensors if t.counts_as(PARAMS.name, net.dialect)]
    shown = count_text(layer.quantity(PARAMS.name), net)
    if len(counted) > 1 and all(len(t.shape) == 1 for t in counted):
        return _counted(counted, net)
    product = formula(layer, net)
    return product if sorted(product) == sorted(shown) else f"{product} = {shown}"


def _block_page(net: CoreNetwork, name: str, inside: Sequence[CoreLayer]) -> Iterator[str]:
    found = groups(net, PARAMS.name, inside)
    count = count_text(total(g.elements for g in found), net)
    yield f"{name} is a block of {len(inside)} layers with {count} parameters."
    if found:
        yield _group_table(net, found)


def _rule_formula(net: CoreNetwork, name: str) -> str | None:
    """The formula of a layer's rule in the names of textbooks, and the values of those names."""
    from ..derive.clashes import said
    from ..render.derivation import Derivation

    derivation = Derivation(net, [PARAMS.name], layer=name)
    try:
        part = derivation.only
    except SymparamsError:
        return None
    if part is None or PARAMS.name not in part.first.sums:
        return None
    derived, notation = part.first.sums[PARAMS.name], derivation.text_notation()
    given = listing(map(notation.show, said(derived.given, notation.symbol)))
    return f"The rule: {notation.show(derived.chain.rows[0])}{f', with {given}' if given else ''}."


def _depends(net: CoreNetwork, layer: CoreLayer) -> str:
    """Which of the network's symbols the layer's parameters depend on, and how strongly."""
    found = [occurrence(net, name, [Contribution(layer, layer.quantity(PARAMS.name))]) for name in net.symbols]
    held = [
        f"{o.name} ({how.manner if how.degree is None else f'degree {how.degree}'})"
        for o in found
        for _, how in o.layers
    ]
    others = [o.name for o in found if not o.layers]
    parts = [f"depend on {listing(held)}"] if held else []
    parts += [f"do not depend on {listing(others, 'or')}"] if others else []
    return f"Its parameters {', and '.join(parts)}."
