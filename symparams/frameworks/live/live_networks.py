"""`from_torch`: a live module as a source, and its figures beside those of torch."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import torch
from torch import nn

from ...core.network import CoreNetwork
from ...errors import Source, SymparamsError
from ...evaluate.figures import NON_TRAINABLE, STATE, TRAINABLE
from ...formula import text
from ...sampling import admissible
from ..graph.traced_tensors import flow_sizes
from ..python.code_modules import parsed
from .live_copies import check_readable, unwrapped
from .live_decisions import CodeRaised, Tries, Undecided, Way
from .live_mirror import COUNTER
from .live_opaque import Runs, SizedTensor, put_out, with_batch
from .live_reading import LiveReading, TokensFound

# Where torch's code has the axis of the batch: in front, or behind that of time.
_BATCH_AXES = (0, 1)
N = TypeVar("N", bound=CoreNetwork)
_IN_EVALUATION = "the module is read as it is in evaluation: in training, its code does something else"


class LiveNetwork:
    """A module, the shapes of its inputs, and what reading it has found."""

    def __init__(self, module: Any, shapes: Sequence[Any]):
        self.module: nn.Module = unwrapped(module)
        check_readable(self.module)
        self.inputs = _texts(shapes)
        self.runs = Runs(self.module, next((t.device for t in self.module.parameters()), torch.device("cpu")))
        self.tokens: set[str] = set()
        self.reading: Any = None

    def network(self, made: Callable[[Source], N]) -> N:
        """The network of the module, by what makes one of a source. Raises SymparamsError."""
        found: list[tuple[int, int, N]] = []
        faults: list[SymparamsError] = []
        for axis in _BATCH_AXES if self.may_begin_with_time else _BATCH_AXES[:1]:
            try:
                reading = self.read(axis)
                net = made(reading.written)
                notes = self.check(net, reading)
                net.warnings += [*notes, *self.of_training(reading)]
                found.append((len(notes), len(reading.program.assumed), net))
            except SymparamsError as error:
                faults.append(error)
        if not found:
            raise faults[0]
        return min(found, key=lambda each: each[:2])[2]

    @property
    def may_begin_with_time(self) -> bool:
        """Whether a layer takes the axis of time before that of the batch."""
        return any(vars(inner).get("batch_first") is False for inner in self.module.modules())

    def of_training(self, reading: LiveReading) -> list[SymparamsError]:
        """A note where the code of the module, which is read as it is in evaluation, does otherwise in training."""
        if not self.module.training:
            return []
        try:
            other = self.run(reading.decisions.made, reading.batch_axis, True).written.text
        except (SymparamsError, CodeRaised, Undecided, TokensFound):
            other = ""
        return [] if other == reading.written.text else [SymparamsError(_IN_EVALUATION)]

    def read(self, axis: int) -> LiveReading:
        """The module with the batch on this axis of the inputs. Raises SymparamsError."""
        while True:
            try:
                tries = Tries(lambda planned: self.run(planned, axis), lambda: self.reading.decisions.made)
                return tries.result([])  # type: ignore[return-value]
            except TokensFound as found:
                self.tokens.add(found.name)
            except CodeRaised as raised:
                raise raised.error from None

    def run(self, planned: list[Way], axis: int, training: bool = False) -> LiveReading:
        self.reading = reading = LiveReading(self.module, self.runs, self.tokens, planned, axis, training)
        reading.read(self.inputs)
        return reading

    def check(self, net: CoreNetwork, reading: LiveReading) -> list[SymparamsError]:
        """Raises SymparamsError where torch counts or computes otherwise; what could not be compared is noted."""
        own = [*self.module.parameters()]
        kept = [b.numel() for name, b in self.module.named_buffers() if not name.endswith(COUNTER)]
        real = {
            TRAINABLE: sum(p.numel() for p in own if p.requires_grad),
            NON_TRAINABLE: sum(p.numel() for p in own if not p.requires_grad),
            STATE: sum(kept),
        }
        for figure, count in real.items():
            if net.quantity(figure.name) != count:
                raise _misread(f"{figure.name} comes to {net.quantity(figure.name)}, and is {count} in torch")
        try:
            concrete = admissible(net, random.Random(0))[1]
        except SymparamsError as error:
            return [SymparamsError(f"the output was not compared with torch's: {error.message}")]
        return self.compared(concrete, reading)

    def compared(self, net: CoreNetwork, reading: LiveReading) -> list[SymparamsError]:
        """The sizes of the outputs beside those that torch has for the same numbers."""
        in_order, by_name = reading.called
        given = {
            name: SizedTensor(with_batch(shape, reading.batch_axis), reading.dtype(name))
            for name, shape in zip([*in_order, *by_name], net.input_shapes.values())
        }
        values = tuple(given.pop(name) for name in in_order)
        run = self.runs.of_module if net.opaque else self.runs.without_values
        try:
            found = list(put_out(run("", values, given)))
        except Exception as error:
            said = str(error).strip().split("\n")[0]
            return [SymparamsError(f"the output was not compared with torch's: {type(error).__name__}: {said}")]
        real = tuple(flow_sizes(out.sizes) for out in found)
        if real != net.output_shapes:
            at = f" for {dict(net.values)}" if net.values else ""
            ours, theirs = text.shapes(net.output_shapes), text.shapes(real)
            raise _misread(f"the output comes to {ours}, and is {theirs} in torch{at}")
        return []


def _misread(fault: str) -> SymparamsError:
    return SymparamsError(f"the module was misread: {fault}", None, "please report it, with the module")


def _texts(shapes: Sequence[Any]) -> list[str]:
    """The shapes as they are given on the command line."""
    if len(shapes) == 1 and isinstance(shapes[0], Mapping):
        return [f"{name}={_text(shape)}" for name, shape in shapes[0].items()]
    return [_text(shape) for shape in shapes]


def _text(shape: Any) -> str:
    sizes = (shape,) if isinstance(shape, (int, str)) else shape
    if not isinstance(sizes, (tuple, list)) or not all(map(_is_size, sizes)):
        raise SymparamsError(f"{shape!r} is no shape", None, 'from_torch(module, (3, "H", "W"))')
    return ",".join(map(str, sizes)) or "()"


def _is_size(size: Any) -> bool:
    """Whether this is a whole number from 1, or a formula."""
    if isinstance(size, str):
        try:
            return bool(parsed(Source("shape", size), "eval"))
        except SymparamsError:
            return False
    return hasattr(size, "__index__") and not isinstance(size, bool) and size > 0
