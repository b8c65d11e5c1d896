"""A network for inputs of any size: symbols in place of the numbers that the sizes of its inputs are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..core.network import CoreNetwork
from ..errors import SymparamsError
from ..evaluate.domain import is_symbolic
from ..language import ir, syntax
from ..language.layouts import CHANNELS_FIRST
from ..language.library import standard_library

_NAMES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}
# What the rules call an axis that is a length, where they name it: the other named axis is the width.
_LENGTHS = {"T", "N", "H", "W", "bag", "places"}


class AnySize(NamedTuple):
    """A network whose inputs' sizes, but for channels and widths, are symbols.

    `sizes` are the symbols with the numbers that they stand for, the symbol itself where the program has one; `fault`
    tells why the network has no closed form for other sizes, and then `net` is the network as it was.
    """

    net: CoreNetwork
    sizes: dict[str, Quantity]
    fault: SymparamsError | None = None

    @property
    def forced(self) -> list[str]:
        """The sizes that the conditions leave a single value for."""
        return [name for name in self.sizes if name in forced_values(self.net)]


def forced_values(net: CoreNetwork) -> dict[str, object]:
    """The symbols that the conditions leave a single value for, with it."""
    return {name: value for name, value in net.evaluated.symbols.values.items() if name not in net.values}


def of_any_size(net: CoreNetwork) -> AnySize | None:
    """The network with its inputs' sizes as symbols; None where no input has any, or they are not plain sizes."""
    inputs = [item for item in net.program.body if isinstance(item, ir.Input)]
    shapes = list(net.input_shapes.values())
    if len(inputs) != len(shapes):
        return None
    freedom = _Freedom(net, several=len(inputs) > 1)
    body: dict[syntax.Node, syntax.Node] = {item: freedom.freed(item, shape) for item, shape in zip(inputs, shapes)}
    if not freedom.sizes:
        return None
    if not freedom.replaced and not freedom.parameters:
        return AnySize(net, freedom.sizes)
    try:
        return AnySize(freedom.network([body.get(item, item) for item in net.program.body]), freedom.sizes)
    except SymparamsError as fault:
        return AnySize(net, freedom.sizes, fault)


class _Freedom:
    """Goes through the inputs, and collects the symbols for their sizes."""

    def __init__(self, net: CoreNetwork, several: bool):
        self.net = net
        self.several = several
        self.own = {p.name for p in net.program.parameters}
        lets = {item.name for item in net.program.body if isinstance(item, ir.Let)}
        self.taken = self.own | lets | net.program.names
        self.sizes: dict[str, Quantity] = {}
        self.parameters: list[str] = []
        self.replaced: list[str] = []

    def freed(self, item: ir.Input, shape: Sequence[Quantity]) -> ir.Input:
        """The input with a name for each size that is a number and no parameter of the network."""
        axes = list(_size_axes(self.net, item, len(shape)))
        if len(item.shape) != len(shape):
            return item
        nodes = list(item.shape)
        names = ("T",) if _is_sequence(self.net) else _NAMES.get(len(axes), tuple(f"S{i + 1}" for i in axes))
        for axis, name in zip(axes, names):
            size, node = shape[axis], nodes[axis]
            if isinstance(node, syntax.Name) and (is_symbolic(size) or node.name in self.taken):
                self.note(node.name, size)
            elif isinstance(size, int):
                nodes[axis] = syntax.Name(self.fresh(name, item.label, size), span=node.span)
        return ir.Input(item.label, tuple(nodes), item.layout, span=item.span)

    def note(self, name: str, size: Quantity) -> None:
        """Take a size that has a name in the program; a value or a default that it has is set free."""
        self.sizes[name] = size
        if not is_symbolic(size) and (name in self.own or name in self.net.values):
            self.parameters.append(name)

    def fresh(self, name: str, label: str | None, size: int) -> str:
        name = f"{name}_{label}" if self.several and label else name
        while name in self.taken:
            name += "_in"
        self.taken.add(name)
        self.replaced.append(name)
        self.sizes[name] = size
        return name

    def network(self, body: Sequence[syntax.Node]) -> CoreNetwork:
        program = self.net.program
        names = program.names | set(self.replaced)
        freer = program.replaced(body=tuple(body), names=names)
        values = {name: value for name, value in self.net.values.items() if name not in self.parameters}
        return CoreNetwork(freer, values, [*self.net.freed, *self.parameters])


def _size_axes(net: CoreNetwork, item: ir.Input, rank: int) -> Iterator[int]:
    """The axes of an input that are sizes: all but that of the channels, or of the width of a sequence's vectors."""
    width = _width_axis(net, rank) if rank < 3 else 0 if item.layout == CHANNELS_FIRST else rank - 1
    return (axis for axis in range(rank) if axis != width)


def _width_axis(net: CoreNetwork, rank: int) -> int | None:
    """The axis that the first layer to name one takes for channels or width; None where numbers of tokens flow in."""
    for rule in _rules(net):
        axes = rule.pattern.axes if rule.pattern else ()
        named = [i for i, axis in enumerate(axes) if not axis.variadic and axis.name not in _LENGTHS]
        if rule.name == "embedding":
            return None
        if named:
            return 0 if named[0] == 0 else rank - 1
    return rank - 1


def _is_sequence(net: CoreNetwork) -> bool:
    """Whether the first layer that names axes acts on the last one."""
    for rule in _rules(net):
        axes = rule.pattern.axes if rule.pattern else ()
        if rule.name == "embedding" or (axes and not axes[-1].variadic):
            return True
        if axes and not axes[0].variadic and axes[0].name not in _LENGTHS:
            return False
    return False


def _rules(net: CoreNetwork) -> Iterator[syntax.Rule]:
    own = {rule.name: rule for rule in net.program.rules}
    library = standard_library()
    for layer in net.rows():
        if layer.layer in own:
            yield own[layer.layer]
        elif layer.layer in library.entries:
            yield library.rule(layer.layer)
