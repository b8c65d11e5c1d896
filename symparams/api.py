"""Networks and layers with all their views: derivations, explanations, tables, functions, pictures, notebook pages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .core.layer import CoreLayer, Counts
from .core.network import CoreNetwork
from .core.objects import Shown
from .errors import Source, SymparamsError
from .evaluate.axes import Value
from .evaluate.engines import CLOSED
from .evaluate.figures import DERIVED_BY_DEFAULT, MACS, PARAMS
from .frameworks.sources import source_of

__all__ = [
    "Counts",
    "Layer",
    "Network",
    "compare",
    "from_keras",
    "from_onnx",
    "from_source",
    "from_torch",
    "load",
    "parse",
    "source_of",
]


class Layer(CoreLayer, Shown):
    """One layer or block of a network; its figures are for one occurrence, `count` is how often it occurs."""

    network: Network

    def function(self, what: str = PARAMS.name) -> Any:
        """A figure of the layer as a function of numbers and NumPy arrays, as Network.function has it."""
        from .compiled.function import CompiledFunction

        return CompiledFunction(self.network.closed, what, self.name)

    def _view(self) -> Any:
        from .tables.display import layer_page

        return layer_page(self.network.closed.layers[self.name], self.network.closed)


class Network(CoreNetwork, Shown):
    """A network: closed forms of its counts and sizes, and the conditions under which they hold.

    `net(C=3)` is the network with that value put in; conditions are checked, and one that fails raises SymparamsError.
    `str(net)` is a program that parses to the same network. Networks are equal whose programs are, but for spaces and
    comments, and which have the same values put in and the same parameters freed.
    """

    layer_type = Layer

    def architecture(self, target: str = "markdown", columns: Iterable[str] = (), depth: int = 0) -> str:
        """The table of the stages as authors print it, in "latex", "markdown" or "csv", with equal stages folded.

        `columns` are further figures that add up, blocks are opened `depth` deep. Raises SymparamsError.
        """
        from .render.architecture_table import architecture

        return architecture(self.closed, target, tuple(columns), depth)

    def derive(self, what: str | Iterable[str] = DERIVED_BY_DEFAULT, **options: Any) -> Any:
        """How the figures come about, step by step: `.text()`, `.markdown()`, `.latex()`, `.html()` and others.

        `options` are those of the class Derivation: layer, detail, lang, thousands.
        """
        from .render.derivation import Derivation

        asked = what.split(",") if isinstance(what, str) else what
        if self.tool and not {MACS.name, "all"}.isdisjoint(asked):
            fault = f"what {self.tool} counts is derived from no rule; the textbook's multiply-accumulates are"
            raise SymparamsError(fault, None, 'net.counted_as("").derive("macs")')
        return Derivation(self.closed, what, **options)

    def why(self, name: str | None = None) -> Any:
        """What the parameters depend on, how strongly and in which layers; printed, it is text.

        `name` is a symbol, a layer, or a figure such as non_trainable, macs or receptive_field. Raises SymparamsError
        for a name that the network does not have.
        """
        from .explain.why import Explanation

        return Explanation(self.closed, name)

    def solve(self, question: str, *names: str, **options: Any) -> Any:
        """Which whole numbers answer a question such as "params <= 5e6", for one symbol or parameter, or several.

        One: the exact set, to iterate over, with `in`, `count` and `is_proved`; a formula where other symbols are
        open. Several: the nearest to the bound. `options`: multiple_of, over={"w": range(8, 129)}, best="macs", limit.
        Raises SymparamsError.
        """
        from .questions.wishes import solve

        return solve(self, question, names, **options)

    def sweep(self, over: Mapping[str, Any], where: str | Sequence[str] = (), **options: Any) -> Any:
        """The configurations of a grid that meet filters, with figures as columns, by DuckDB; printed, it is text.

        `over` has ranges or lists of whole numbers by name, {"w": range(8, 129, 8)}; `where` texts such as
        "params <= 5e6". `options`: columns, sort ("-macs" from the greatest on), limit, sample, seed. `.save(path)`
        writes CSV or Parquet, `.sql("spark")` is the query, `.plot()` a picture. Raises SymparamsError.
        """
        from .sweeps.sweep import Sweep

        return Sweep(self, over, where, **options)

    def grow(self) -> Any:
        """What doubling each symbol and parameter does to the figures, with the leading terms; printed, it is text."""
        from .questions.shown_designs import ShownGrowth

        return ShownGrowth(self)

    def exercise(self, seed: int | None = None, **options: Any) -> Any:
        """A problem sheet with blanks, in the formats of a derivation; a seed draws numbers for the symbols.

        `options` are those of exercises.worksheet.exercise: solutions, count, questions, stated, lang, thousands. The
        sheet's `solution` has the solutions alone. Raises SymparamsError where no numbers meet the conditions.
        """
        from .exercises.worksheet import exercise

        return exercise(self.closed, seed, **options)

    def function(self, what: str = PARAMS.name) -> Any:
        """A figure as a function of numbers and NumPy arrays, given in the order of `symbols` or by name.

        `what` is the name of a figure, such as "macs"; that of "output" gives a tuple of sizes.
        Raises SymparamsError for another word; the function raises it for values that break a condition.
        """
        from .compiled.function import CompiledFunction

        return CompiledFunction(self.closed, what)

    def table(self, depth: int | None = None) -> Any:
        """The layers as a list of dicts, with blocks opened `depth` deep, wholly where that is None."""
        from .tables.layer_table import layer_table

        return layer_table(self, depth)

    def to_pandas(self, depth: int | None = None) -> Any:
        """The table of layers as a pandas DataFrame. Raises SymparamsError where pandas is not installed."""
        return self.table(depth).to_pandas()

    def plot(self, kind: str = "bar", **options: Any) -> Any:
        """Where the parameters are, as matplotlib's Figure: "bar", "pie", "treemap", or "sizes" through the depth.

        `options` are those of pictures.figure.figure_of: what, depth, top, theme, lang. Raises SymparamsError.
        """
        from .pictures.figure import figure_of

        return figure_of(self.closed, kind, **options)

    def draw(self, depth: int = 0, theme: str | None = None) -> Any:
        """The architecture as a graph, which a notebook shows: `.svg()`, `.mermaid()`, `.dot()`, `.save("net.svg")`.

        Raises SymparamsError where the network has too many layers to draw.
        """
        from .pictures.drawing import Drawing

        return Drawing(self.closed, depth, theme)

    def _view(self) -> Any:
        from .tables.display import network_page

        return network_page(self.closed)


def parse(text: str, *, dialect: str | None = None, name: str = "<text>", engine: str = CLOSED) -> Network:
    """The network of a program text; with engine="sympy" all is worked out by sympy alone. Raises SymparamsError."""
    if not isinstance(text, str):
        raise SymparamsError(f"a program is a text, not {type(text).__name__}")
    return from_source(Source(name, text), dialect, engine=engine)


def compare(first: Network, second: Network) -> Any:
    """Two designs side by side: figures, ratios with their limits, where they cross, layers; printed, it is text."""
    from .questions.shown_designs import ShownComparison

    for net in (first, second):
        if not isinstance(net, Network):
            raise SymparamsError(f"two networks are compared, not {type(net).__name__}", None, "compare(net, other)")
    return ShownComparison(first, second)


def load(path: str | os.PathLike[str], *inputs: str, dialect: str | None = None, engine: str = CLOSED) -> Network:
    """The network of a program file, or of a model that Keras has saved: `.keras`, or its configuration as `.json`.

    `net.py:Net(w)` is a network in Python code, which is read and not run; `inputs` are then the shapes of its inputs
    without the batch, "3,H,W". `zoo:NAME` is a program that ships with the package. Raises SymparamsError.
    """
    return from_source(source_of(os.fspath(path), inputs), dialect, engine=engine)


def from_keras(model: Any) -> Network:
    """The network of a Keras model, by its configuration; the model is not run. Raises SymparamsError."""
    import json

    from .frameworks.keras_config import program_of

    return parse(program_of(json.loads(model.to_json())), name=f"<{type(model).__name__}>")


def from_onnx(model: Any) -> Network:
    """The network of an ONNX model: its path, its bytes, or the object of the onnx package. Raises SymparamsError."""
    from .frameworks.onnx_graphs.onnx_reader import source_of_onnx

    return from_source(source_of_onnx(model, model if isinstance(model, str) else "the model"))


def from_torch(module: Any, *shapes: Any) -> Network:
    """The network of a live module of torch, for inputs of these shapes, without the batch: `(3, "H", "W")`.

    A mapping gives the shapes by the names of forward's inputs. The module is neither changed nor run on data, but for
    parts whose code cannot be followed: these are opaque layers. Raises SymparamsError.
    """
    from .frameworks.sources import live_network

    return live_network(module, shapes).network(from_source)


def from_source(
    source: Source,
    dialect: str | None = None,
    values: Mapping[str, Value] | None = None,
    freed: Iterable[str] = (),
    engine: str = CLOSED,
) -> Network:
    """The network of a program. Raises SymparamsError."""
    return Network.from_source(source, dialect, values, freed, engine)
