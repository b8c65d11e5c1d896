"""What a comparison with a framework finds."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..core.network import CoreNetwork
from ..sampling import admissible
from .layer_graph import Operation


class Difference(NamedTuple):
    """A layer whose weights, state or output are not what the framework has."""

    layer: str
    what: str
    stated: Any
    real: Any

    def __str__(self) -> str:
        return f"{self.layer}: {self.what} {self.stated} here, {self.real} there"


class Verified(NamedTuple):
    """One comparison: the values that were put in, how many layers were compared, what the framework does not have."""

    values: dict[str, Any]
    layers: int
    own: list[str]
    differences: list[Difference]


def output_differences(stated: Sequence[Operation], real: Sequence[tuple[int, ...]]) -> Iterator[Difference]:
    """Where the outputs of the whole network differ."""
    for op, shape in zip(stated, real, strict=True):
        if op.output != shape:
            yield Difference("the network", "output", op.output, shape)


def sizes_of(op: Operation, kind: str) -> list[tuple[int, ...]]:
    return sorted(tuple(map(int, t.shape)) for t in op.tensors if t.kind == kind)  # type: ignore[arg-type]


def with_random_values(net: CoreNetwork, times: int, seed: int = 0) -> Iterator[CoreNetwork]:
    """The network with admissible values for its symbols, drawn several times; itself where it has none.

    Raises SymparamsError where no values that fit its conditions are found.
    """
    choice = random.Random(seed)
    for _ in range(times if net.symbols else 1):
        yield admissible(net, choice)[1]
