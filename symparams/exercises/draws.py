"""Sensible numbers for the symbols of an exercise: usual widths, square images, small depths, floors that matter."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import symbols_of
from ..core.network import CoreNetwork
from ..core.trace import Tracer, origin_of
from ..evaluate.domain import is_symbolic
from ..evaluate.model import Stage
from ..sampling import Number, Taste, admissible

WIDTHS = (16, 32, 64)
CLASSES = (10, 100)
DEPTHS = (2, 3)
# The sides of images, small and odd ones among them, and large ones for networks that need them.
SIDES = (28, 29, 30, 31, 32, 33, 35, 45, 48, 50, 61, 64)
LARGE_SIDES = (65, 90, 95, 96, 127, 128, 150, 160, 191, 223, 224, 225)
IMAGE_CHANNELS = (1, 3)
LENGTHS = (8, 10, 12, 16, 20)
# What a symbol is likely to be as an argument of a layer, by the argument's name.
_AS_ARGUMENT: Mapping[str, Sequence[int]] = {
    "k": (3, 5),
    "s": (2, 1),
    "p": (0, 1, 2),
    "d": (1, 2),
    "g": (1, 2, 4),
    "heads": (2, 4, 8),
    "layers": (1, 2),
    "vocab": (500, 1000, 2000),
    "length": (50, 100),
    "out": WIDTHS,
    "dim": WIDTHS,
    "ff": (64, 128, 256),
}
# So often sizes are drawn anew, for floors that matter and windows that fit well; the first few times small ones.
MOST_DRAWS, FEW_DRAWS = 10, 3


def drawn(net: CoreNetwork, seed: int) -> tuple[dict[str, Number], CoreNetwork]:
    """Values for the symbols of a network, and the network with them; the same for the same seed.

    Of some draws the first is taken in which windows fit well and a size is rounded down. Raises SymparamsError where
    no values meet the conditions.
    """
    choice = random.Random(seed)
    sides, taste = _taste(net)
    best: tuple[tuple[bool, bool], dict[str, Number], CoreNetwork] | None = None
    for turn in range(MOST_DRAWS if sides else 1):
        usual = {**taste.usual, **dict.fromkeys(sides, SIDES if turn < FEW_DRAWS else LARGE_SIDES)}
        values, concrete = admissible(net, choice, Taste(usual, taste.alike))
        merits = _merits(concrete) if sides else (True, True)
        if best is None or merits > best[0]:
            best = merits, values, concrete
        if all(merits):
            break
    assert best is not None
    return best[1], best[2]


def _taste(net: CoreNetwork) -> tuple[list[str], Taste]:
    """The symbols that are sides of images, and what is likely for the others."""
    usual: dict[str, Sequence[Number]] = {}
    sides: dict[str, None] = {}
    alike: dict[str, str] = {}
    first = net.evaluated.layout.startswith("channels_first")
    tracer = Tracer(net)
    shapes, stages = tracer.run()
    for stage in _all(stages):
        for name in _symbols(stage.count):
            usual.setdefault(name, DEPTHS)
        origin = origin_of(stage)
        for argument, value in origin.arguments if origin and origin.rule else ():
            for name in _symbols(value) if argument in _AS_ARGUMENT else ():
                usual.setdefault(name, _AS_ARGUMENT[argument])
    for shape in shapes:
        for name in _symbols(shape[0]) if len(shape) == 1 else ():
            usual[name] = CLASSES
    for shape in net.input_shapes.values():
        own = [next(iter(_symbols(size)), None) if is_symbolic(size) else None for size in shape]
        if len(shape) < 3:
            usual |= {name: LENGTHS for name in own[: len(shape) - 1 or 1] if name}
            continue
        if channels := own[0 if first else -1]:
            usual[channels] = IMAGE_CHANNELS
        here = [name for name in (own[1:] if first else own[:-1]) if name]
        sides |= dict.fromkeys(here)
        alike |= dict(zip(here, [*here[1:], *here[:1]])) if len(here) > 1 else {}
    return list(sides), Taste(usual, alike)


def _all(stages: Sequence[Stage]) -> Iterator[Stage]:
    for stage in stages:
        yield stage
        yield from _all(stage.children or ())


def _symbols(value: object) -> list[str]:
    return sorted(symbol.name for symbol in symbols_of(value)) if is_symbolic(value) else []


def _merits(net: CoreNetwork) -> tuple[bool, bool]:
    """Whether every window is smaller than what it moves over, and whether some size is rounded."""
    windows = [window for stage in _all(Tracer(net).run()[1]) if (window := _window(stage))]
    return all(window.fits for window in windows), any(window.rounds for window in windows)


class _Window(NamedTuple):
    """A window that moves over a size."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int

    @property
    def fits(self) -> bool:
        return self.kernel == 1 or self.size >= self.kernel

    @property
    def rounds(self) -> bool:
        return (self.size + 2 * self.padding - self.dilation * (self.kernel - 1) - 1) % self.stride != 0


def _window(stage: Stage) -> _Window | None:
    """The window of a layer of images, by its smallest side; None for a layer that has none of whole numbers."""
    origin = origin_of(stage)
    if origin is None or origin.applied is None or not origin.inputs or len(origin.inputs[0]) < 3:
        return None
    names = origin.applied.scope.names
    given = [names.get(name, usual) for name, usual in (("k", None), ("s", 1), ("p", 0), ("d", 1))]
    sides = [size for size in origin.inputs[0][1:] if isinstance(size, int)]
    if not sides or not all(isinstance(value, int) for value in given):
        return None
    return _Window(min(sides), *given)  # type: ignore[arg-type]
