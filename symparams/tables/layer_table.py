"""The layers of a network as a list of dicts, and as a DataFrame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from ..closed_forms.polynomial import Quantity, total
from ..core.layer import CoreLayer, in_sympy
from ..core.network import CoreNetwork
from ..core.objects import Shown
from ..errors import SymparamsError
from ..evaluate.domain import is_symbolic
from ..evaluate.figures import COUNTS, OUTPUT
from .shares import layer_shares


class LayerTable(list[dict[str, Any]], Shown):
    """Rows with the keys name, layer, count, output, params, trainable, non_trainable, state, macs, total, running
    and share.

    `layer` is the rule or the block; the counts are those of one occurrence, and `count` says how many there are.
    `total` are the parameters of all of them, `running` those down to this row, `share` is their part of the network's,
    exact: a Fraction, an expression where symbols are left, None where the network has no parameters.
    """

    def __init__(self, rows: Iterable[dict[str, Any]] = (), network: CoreNetwork | None = None):
        super().__init__(rows)
        self.network = network

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return LayerTable(found, self.network) if isinstance(place, slice) else found

    def to_pandas(self) -> Any:
        """A DataFrame with a row for each layer, by its name. Raises SymparamsError where pandas is not installed."""
        pandas = imported_pandas()
        rows = [{**row, "share": _float(row["share"])} for row in self]
        return pandas.DataFrame(rows, columns=list(self[0]) if self else ["name"]).set_index("name")

    def _view(self) -> Any:
        from .display import table_page

        assert self.network is not None
        layers = self.network.layers
        return table_page(self.network, [(layers[row["name"]], row) for row in self])

    def _repr_latex_(self) -> None:
        return None

    def __repr__(self) -> str:
        text: str = self._view().text() if self else "[]"
        return text.rstrip("\n")


def layer_table(net: CoreNetwork, depth: int | None = None) -> LayerTable:
    """The table of a network's layers, with blocks opened `depth` deep, wholly where that is None."""
    return LayerTable(_rows(net, net.rows(depth)), net)


def _rows(net: CoreNetwork, layers: Iterable[CoreLayer]) -> Iterator[dict[str, Any]]:
    running: Quantity = 0
    for layer, amount, share in layer_shares(net, layers):
        running = total((running, amount))
        yield {
            "name": layer.name,
            "layer": layer.layer,
            "count": layer.count,
            OUTPUT.name: layer.output,
            **{name: in_sympy(layer.quantity(name)) for name in COUNTS},
            "total": in_sympy(amount),
            "running": in_sympy(running),
            "share": in_sympy(share) if is_symbolic(share) else share,
        }


def _float(share: Any) -> Any:
    return float(share) if isinstance(share, Fraction) else share


def imported_pandas() -> Any:
    """The module pandas. Raises SymparamsError where it is not installed."""
    try:
        import pandas
    except ImportError:
        raise SymparamsError("pandas is not installed", None, 'pip install "symparams[pandas]"') from None
    return pandas
