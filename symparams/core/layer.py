"""What a network is made of, as Python objects: its layers, with formulas by attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity, Symbol, expression
from ..errors import LimitError
from ..evaluate.domain import divide, meant, multiply, product, shortest, sum_over
from ..evaluate.figures import COLUMNS, COUNTS, FIGURES, PARAMS, Amount, Figure
from ..evaluate.model import Row, Shape, Stage, Tensor, figure_of
from ..formula import text
from ..language.characters import as_read
from .objects import ByContent, Named

if TYPE_CHECKING:
    from ..evaluate.looking_back import LookingBack
    from ..evaluate.looks import Look


def _figure(figure: Figure) -> property:
    says = f"{figure.means[0].upper()}{figure.means[1:]}."
    if figure.of_look:
        return property(lambda counts: tuple(map(in_sympy, counts.along_axes(figure.name))), doc=says)
    return property(lambda counts: in_sympy(counts.quantity(figure.name)), doc=says)


class Counts:
    """The figures that add up, as the dialect counts them, in sympy's expressions: an attribute for each.

    A count is a plain int where no symbol is left in it.
    """

    dialect: str

    def amount(self, what: Amount) -> Quantity:
        """How much there is of something that figures are made of."""
        raise NotImplementedError

    @property
    def looks(self) -> tuple[Look, ...]:
        """What is seen of each axis of the input. Raises SymparamsError where that is not known."""
        raise NotImplementedError

    def along_axes(self, name: str) -> Shape:
        """A figure with a value for each axis of the input, in the package's own algebra."""
        of_look = FIGURES[name].of_look
        assert of_look is not None
        return tuple(shortest(meant(of_look(look))) for look in self.looks)

    def quantity(self, name: str) -> Quantity:
        """A count by its name, in the package's own algebra."""
        return shortest(meant(figure_of(self.amount, name, self.dialect)))


for _row in (PARAMS, *COLUMNS.values()):
    setattr(Counts, _row.name, _figure(_row))


class Whole(Protocol):
    """The network that a layer belongs to, as far as the layer asks it."""

    dialect: str

    @property
    def looking(self) -> LookingBack: ...

    @property
    def stages(self) -> tuple[Stage, ...]: ...

    @property
    def order(self) -> Mapping[str, int]: ...

    @property
    def layers(self) -> Layers: ...

    def rows(self, depth: int | None = None) -> Iterator[CoreLayer]: ...


class CoreLayer(Counts, ByContent):
    """One layer or block of a network; its figures are for one occurrence, `count` is how often it occurs.

    Where each turn of a repeat differs, the figures are formulas in the symbols of `turns`: pairs of the symbol for
    the number of the turn, from 0, and how many turns there are.
    """

    def __init__(self, row: Row, network: Whole):
        self.row = row
        self.network = network
        self.dialect = network.dialect

    def amount(self, what: Amount) -> Quantity:
        return self.row.stage.amount(what)

    @property
    def looks(self) -> tuple[Look, ...]:
        return self.network.looking.at(self.name, self.network.stages)

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def layer(self) -> str:
        """The name of the layer's rule, or of the block."""
        return self.row.stage.kind

    @property
    def count(self) -> Any:
        return in_sympy(self.count_quantity)

    @property
    def count_quantity(self) -> Quantity:
        return meant(self.row.times)

    @property
    def turns(self) -> tuple[tuple[Any, Any], ...]:
        return tuple((in_sympy(expression(index)), in_sympy(meant(n))) for index, n in self.row.turns)

    @property
    def output(self) -> tuple[Any, ...]:
        return tuple(map(in_sympy, self.output_shape))

    @property
    def output_shape(self) -> Shape:
        return () if self.is_unused else tuple(map(meant, self.row.stage.output))

    @property
    def is_unused(self) -> bool:
        """Whether nothing flows through the layer: it has tensors, and no output."""
        return self.row.stage.is_unused

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """The tensors of a layer, weights and state; their sizes in the package's own algebra."""
        return tuple(t._replace(shape=tuple(map(meant, t.shape)), times=meant(t.times)) for t in self.row.stage.tensors)

    def over_all_turns(self, value: Quantity) -> Quantity:
        """A figure of one occurrence for all occurrences of the layer, in the package's own algebra."""
        if value == 0 or self.row.times == 0:
            return 0
        turns = product(n for _, n in self.row.turns)
        value = multiply(value, divide(self.row.times, turns))
        for index, n in reversed(self.row.turns):
            value = sum_over(value, index, n)
        return shortest(meant(value))

    def in_all(self, name: str) -> Quantity:
        """A count of all occurrences of the layer together, in the package's own algebra."""
        return self.over_all_turns(self.quantity(name))

    def _made_from(self) -> tuple[Any, ...]:
        counts = tuple(self.quantity(name) for name in COUNTS)
        return (self.name, self.layer, self.dialect, self.count_quantity, self.output_shape, self.tensors, counts)

    def __reduce__(self) -> tuple[Any, ...]:
        return layer_of, (self.network, self.name)

    def __repr__(self) -> str:
        order = self.network.order
        params, output = text.total(self.quantity(PARAMS.name), order), text.shape(self.output_shape, order)
        return f"<{self.layer} {self.name}: params {brief(params)}, output {brief(output)}>"


def layer_of(network: Whole, name: str) -> CoreLayer:
    """The layer or block with this full name."""
    return network.layers[name]


class Layers(Named[CoreLayer]):
    """The layers by their full names, in order: `net.layers["conv1"]` or `net.layers.conv1`.

    Those inside blocks are named like `block1.conv1`. A block is found by its name too, but not listed.
    """

    _kind = "layer"

    def __init__(self, network: Whole):
        self._network = network
        self._opened: dict[int | None, dict[str, CoreLayer]] = {}

    def _at(self, depth: int | None) -> dict[str, CoreLayer]:
        if depth not in self._opened:
            self._opened[depth] = {layer.name: layer for layer in self._network.rows(depth)}
        return self._opened[depth]

    def __getitem__(self, name: str) -> CoreLayer:
        wanted = as_read(str(name))
        try:
            return self._at(wanted.count("."))[wanted]
        except KeyError:
            raise self._unknown(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._at(None))

    def __len__(self) -> int:
        return len(self._at(None))

    def _ipython_key_completions_(self) -> list[str]:
        try:
            inside = self._at(None)
        except LimitError:
            inside = {}
        return list(dict.fromkeys([*self._at(0), *inside]))

    def __reduce__(self) -> tuple[Any, ...]:
        return Layers, (self._network,)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self._at(0).values()))


class SymbolTable(Named[Any]):
    """Sympy's symbols by name: `net.symbols["C"]` or `net.symbols.C`, with what the program assumes of them."""

    _kind = "symbol"

    def __init__(self, symbols: dict[str, Symbol]):
        self._symbols = symbols

    def __getitem__(self, name: str) -> Any:
        symbol = self._symbols.get(as_read(str(name)))
        if symbol is None:
            raise self._unknown(name)
        return in_sympy(expression(symbol))

    def __iter__(self) -> Iterator[str]:
        return iter(self._symbols)

    def __len__(self) -> int:
        return len(self._symbols)

    def __repr__(self) -> str:
        return f"({', '.join(self._symbols)})"


def in_sympy(value: Quantity) -> Any:
    """A sympy expression; a whole number stays an int."""
    if isinstance(value, int):
        return value
    if hasattr(value, "held"):
        return value.held
    from ..closed_forms.sympy_bridge import to_sympy

    return to_sympy(value)


def condition_in_sympy(condition: Condition) -> Any:
    """A condition as sympy's relation."""
    if hasattr(condition, "held"):
        return condition.held
    from ..closed_forms.sympy_bridge import condition_to_sympy

    return condition_to_sympy(condition)


def brief(shown: str, most: int = 80) -> str:
    """A text cut where it is long."""
    return shown if len(shown) <= most else shown[: most - 1] + "…"
