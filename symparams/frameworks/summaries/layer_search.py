"""The calls that a layer of a summary may be: each is tried, and kept where its rule gives what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

from ...closed_forms.polynomial import Quantity
from ...errors import SymparamsError
from ...evaluate.domain import total
from ...evaluate.figures import PARAMS
from ...evaluate.model import Stage
from ...language import syntax
from ...language.dialects import DIALECTS, KERAS
from ...language.library import Library, standard_library
from ..graph.growing_program import GraphNode, GraphOperation, GrowingProgram, in_words
from .likely_arguments import likely_arguments
from .likely_windows import Likely
from .shown_layers import ShownLayer

# How many calls are tried for a layer, and how many of those that fit are found beside the one that is taken.
_MOST_TRIED = 60
_MOST_OTHERS = 4
# How much odder than the one that is taken a call may be and still be named.
_ODDER = 2.5
# Layers around others, whose classes a summary does not show, and how many times as wide they are.
_AROUND: dict[str, tuple[tuple[str, ...], tuple[tuple[int, dict[str, str]], ...]]] = {
    "Bidirectional": (("LSTM", "GRU", "SimpleRNN"), ((2, {}), (1, {"merge_mode": '"sum"'}))),
    "TimeDistributed": (("Dense", "Dropout"), ((1, {}),)),
}


ACTIVATION = "Activation"


class FittingCall(NamedTuple):
    """A call that gives what is shown: its class, its arguments as they are written, all defaults, how odd it is."""

    kind: str
    arguments: Mapping[str, str]
    defaults: Mapping[str, str] = {}
    oddness: float = 0

    @property
    def words(self) -> tuple[str, ...]:
        given = self.arguments.items()
        return tuple(f"{name}={word}" for name, word in given if word != self.defaults.get(name) or "size" in name)

    def operation(self, framework: str, others: Sequence[tuple[str | None, GraphNode]] = ()) -> GraphOperation:
        return GraphOperation(f"{prefix_of(framework)}.{self.kind}", self.words, tuple(others))

    def said(self, names: Iterable[str]) -> str:
        """What it says of these arguments, with the defaults of those that it leaves out."""
        values = {name: self.arguments.get(name, self.defaults.get(name)) for name in names}
        return ", ".join(f"{name}={value}" for name, value in values.items())

    def unlike(self, other: FittingCall) -> list[str]:
        """The arguments of which another says something else."""
        names = dict.fromkeys((*self.arguments, *other.arguments))
        return [name for name in names if self.said([name]) != other.said([name])]


def prefix_of(framework: str) -> str:
    """What a framework's layers are written behind, where it is the only one that is meant."""
    return DIALECTS[framework].prefixes[1 if framework == KERAS.name else 0]


class LayerSearch:
    """Finds the calls that layers may be, once for all layers that are shown alike."""

    def __init__(self) -> None:
        self.library: Library = standard_library()
        self.known: dict[ShownLayer, list[FittingCall]] = {}

    def is_known(self, kind: str, framework: str) -> bool:
        named = kind in _AROUND or kind == ACTIVATION
        return framework in self.library.calls.get(kind, {}) or (framework == KERAS.name and named)

    def kinds_from(self, begun: str, framework: str) -> list[str]:
        """The classes whose names begin so."""
        known = [kind for kind, having in self.library.calls.items() if framework in having]
        return [kind for kind in (*known, ACTIVATION, *_AROUND) if kind.startswith(begun)]

    def rule_of(self, kind: str, framework: str) -> str:
        return self.library.calls.get(kind, {}).get(framework, "")

    def fitting(self, shown: ShownLayer) -> list[FittingCall]:
        """The calls that give what is shown, the most usual first; not all where there are many."""
        found = self.known.get(shown)
        if found is None and shown.is_empty:
            found = self.known[shown] = []
        if found is None:
            trial = GrowingProgram(shown.framework, shown.layout)
            entry = trial.input("x", shown.flow)
            others = [trial.input(f"y{place}", sizes) for place, sizes in enumerate(shown.others)]
            calls = islice(_unlike(self.likely(shown)), _MOST_TRIED)
            fit = list(islice((c for c in calls if self._fits(c, shown, trial, entry, others)), 1 + _MOST_OTHERS))
            found = self.known[shown] = [call for call in fit if call.oddness - fit[0].oddness <= _ODDER]
        return found

    def likely(self, shown: ShownLayer) -> Iterator[FittingCall]:
        if shown.kind == ACTIVATION and shown.framework == KERAS.name:
            yield FittingCall(shown.kind, {"activation": '"relu"'})
        elif shown.kind in _AROUND and shown.framework == KERAS.name:
            yield from self.around(shown)
        elif self.is_known(shown.kind, shown.framework):
            for likely in likely_arguments(self.rule_of(shown.kind, shown.framework), shown):
                yield self.call(shown, likely)

    def around(self, shown: ShownLayer) -> Iterator[FittingCall]:
        """A layer around another, of each kind that it may be."""
        kinds, widths = _AROUND[shown.kind]
        for inner, (times, more) in product(kinds, widths):
            if shown.width_out % times == 0:
                count = shown.parameters // 2 if shown.kind == "Bidirectional" else shown.parameters
                output = (*shown.output[:-1], shown.width_out // times)
                for call in self.likely(shown._replace(kind=inner, output=output, parameters=count)):
                    operation = call.operation(shown.framework)
                    yield FittingCall(shown.kind, {"layer": operation.written({}), **more})

    def further(self, kind: str, framework: str, others: Sequence[GraphNode]) -> list[tuple[str | None, GraphNode]]:
        """Further flows by the words by which the layer takes them."""
        rule = self.rule_of(kind, framework)
        names = [memory.name for memory in self.library.rule(rule).memories] if rule else []
        return list(zip(names, others))

    def _fits(
        self,
        call: FittingCall,
        shown: ShownLayer,
        trial: GrowingProgram,
        entry: GraphNode,
        others: Sequence[GraphNode],
    ) -> bool:
        further = self.further(shown.kind, shown.framework, others)
        if len(further) < len(others):
            return False
        try:
            shape, stages = trial.worked_out(call.operation(shown.framework, further), entry)
        except SymparamsError:
            return False
        return shown.shows(shape, _parameters(stages, shown.framework))

    def call(self, shown: ShownLayer, likely: Likely) -> FittingCall:
        """The call with these arguments, by the names that the framework has for them."""
        _, spelling = self.library.spelling(shown.kind, shown.framework)
        implied = {} if shown.framework == KERAS.name else dict(zip("Cnm", (shown.channels, shown.width, shown.width)))
        values = {**implied, **likely.arguments}
        given = ((p.name, values.get(p.kind or "")) for p in spelling.parameters)
        written = {name: _in_code(value) for name, value in given if value is not None}
        defaults = {p.name: _plain(p.default) for p in spelling.parameters if p.default is not None}
        return FittingCall(shown.kind, written, defaults, likely.oddness)


def _parameters(stages: Sequence[Stage], framework: str) -> Quantity:
    """How many parameters a layer has, as its framework counts them."""
    tensors = (tensor for stage in stages for tensor in stage.all_tensors())
    return total(t.elements for t in tensors if t.counts_as(PARAMS.name, framework))


def _unlike(calls: Iterable[FittingCall]) -> Iterator[FittingCall]:
    seen = set()
    for call in calls:
        if call.words not in seen:
            seen.add(call.words)
            yield call


def _in_code(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_in_code, value))}{',' * (len(value) == 1)})"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value) if isinstance(value, (bool, int, float)) else in_words(value)


def _plain(default: syntax.Node) -> str:
    """A default as it would be written."""
    return f'"{default.name}"' if isinstance(default, syntax.Name) else str(getattr(default, "value", ""))
