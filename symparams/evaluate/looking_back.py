"""The flow once more, with what each place sees of the input: receptive fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..closed_forms.conditions import Condition
from ..closed_forms.polynomial import Quantity
from ..errors import SymparamsError
from ..language import ir
from ..language.layouts import CHANNELS_LAST, puts_channels_first
from ..language.library import Library
from ..language.syntax import Node
from .domain import numerator_and_denominator, substitute
from .flow import Flow
from .frames import Frame
from .looks import Look, together
from .model import Flowing, Result, Shape, Stage
from .pairing import Twin, twins
from .rules import Applied
from .symbols import Symbols
from .windows import Windows, windows_of


class Seen(Flowing):
    """A shape that knows what is seen through it of each axis of the input."""

    looks: tuple[Look, ...]

    def __new__(cls, shape: Iterable[Quantity], looks: Iterable[Look]) -> Seen:
        seen = super().__new__(cls, shape)
        seen.looks = tuple(looks)
        return seen

    def numbers(self) -> tuple[Quantity, ...]:
        return (*self, *(number for look in self.looks for number in look[1:]))

    def renewed(self, numbers: Sequence[Quantity]) -> Seen:
        left = iter(numbers)
        shape = [next(left) for _ in self]
        return Seen(shape, (Look(look.axis, *(next(left) for _ in look[1:])) for look in self.looks))

    def form(self) -> tuple[object, ...]:
        return len(self), *(look.axis for look in self.looks)


class LookingBack(Flow):
    """One evaluation of a program that carries along what is seen of its input."""

    def __init__(self, program: ir.Program, library: Library, symbols: Symbols):
        super().__init__(program, library, symbols)
        self.input_shape: Shape = ()
        self.channels: int | None = None
        self.outcome = self.run()
        self._named: dict[str, Twin] | None = None

    def aside(self, item: ir.Aside, frame: Frame, shape: Shape | None) -> Result:
        """What nothing flows through sees nothing."""
        return shape, []

    def record(self, stage: Stage, inputs: Sequence[Shape], item: Node, applied: Applied | None) -> Shape:
        if isinstance(item, ir.Input):
            looks = self.from_the_input(stage)
        elif applied is None:
            looks = self.joined(stage, inputs)
        else:
            looks = self.looked(stage, inputs, applied)
        stage.output = Seen(stage.output, looks)
        return stage.output

    def from_the_input(self, stage: Stage) -> list[Look]:
        if self.input_shape:
            raise SymparamsError("a receptive field is in one input, and this network has several")
        self.input_shape = stage.output
        return [Look(axis) for axis in range(len(stage.output))]

    def joined(self, stage: Stage, inputs: Sequence[Shape]) -> list[Look]:
        """Branches: all that is seen through one of them; a gate adds nothing to what it lets through."""
        flows = [flow for flow in inputs if isinstance(flow, Seen)]
        found = []
        for index, looks in enumerate(zip(*(flow.looks for flow in flows))):
            ways = {look for look in looks if not look.is_whole} if stage.kind == "mul" else ()
            partial = [(flow, look.axis) for flow, look in zip(flows, looks) if not look.is_whole]
            if index != self.channel_axis and any(flow[axis] != stage.output[axis] for flow, axis in partial):
                raise SymparamsError("no receptive field is known where places are put one behind the other")
            found.append(together([*(ways or looks)]))
        return found

    @property
    def channel_axis(self) -> int:
        """The axis of the input that is not looked along: that of the channels, or of the values of a vector."""
        if self.channels is not None:
            return self.channels
        return len(self.input_shape) - 1 if self.layout == CHANNELS_LAST else 0

    def looked(self, stage: Stage, inputs: Sequence[Shape], applied: Applied) -> list[Look]:
        """A layer: what its rule says that it sees on the axes that it names, its own place on the others."""
        rule = self.rules.get(stage.kind) or self.library.rule(stage.kind)
        flow = inputs[0]
        assert isinstance(flow, Seen)
        if rule.pattern is None:
            return list(flow.looks)
        if not applied.fields:
            fault = f"no receptive field is known through {stage.kind!r}: its rule does not say where it looks"
            raise SymparamsError(
                fault, None, "in a rule, `field` is for the place itself, `field S(k, s, p)` for windows"
            )
        if self.channels is None and len(self.input_shape) > 1:
            self.channels = 0 if puts_channels_first(rule.pattern) and not applied.flips else len(flow) - 1
        windows = windows_of(rule.pattern, len(flow), applied)
        gone = [axis for axis, (_, step, _) in windows.items() if step == 0]
        looks = [self.through(i, look, windows) for i, look in enumerate(flow.looks)]
        if len(stage.output) == len(flow) or stage.output[: len(flow)] == tuple(flow):
            gone = []
        elif len(stage.output) != len(flow) - len(gone):
            gone = list(range(len(flow)))
        found = [_without(gone, look) for look in looks]
        if any(look.axis is None and not look.is_whole for look in found):
            raise SymparamsError(f"no receptive field is known through {stage.kind!r}, which mixes the axes")
        seen = [look for i, look in enumerate(found) if i != self.channel_axis]
        if len(inputs) > 1 and not all(look.is_whole for look in seen):
            raise SymparamsError(f"no receptive field is known through {stage.kind!r} with further inputs")
        return found

    def through(self, index: int, look: Look, windows: Windows) -> Look:
        """What is seen of an axis of the input through the windows of a layer."""
        if look.is_whole or look.axis not in windows:
            return look
        reach, step, before = windows[look.axis]
        if step == 0:
            return look.whole(self.input_shape[index])
        over, under = numerator_and_denominator(step)
        return look.through(reach, over, before) if under == 1 else look.spread_out(reach, under, before)

    @property
    def conditions(self) -> list[Condition]:
        """The conditions under which what is carried along is so."""
        return [guard.condition for stage in self.outcome[1] for guard in stage.all_guards]

    def at_the_end(self) -> tuple[Look, ...]:
        """What the output sees of each axis of the input but that of the channels."""
        outputs, _ = self.outcome
        if len(outputs) != 1:
            raise SymparamsError("a receptive field is that of one output, and this network has several")
        return self._seen_through(outputs[0])

    def at(self, name: str, stages: Iterable[Stage]) -> tuple[Look, ...]:
        """What the layer or block with this full name sees of the input, at the last of its turns where it has several.

        `stages` are those of the network as it is evaluated without what is seen, by whose rows it is named.
        """
        if self._named is None:
            self._named = twins(stages, self.outcome[1])
        twin = self._named[name]
        looks = self._seen_through(twin.stage.output)
        for index, last in twin.put:
            looks = tuple(
                Look(look.axis, *(substitute(number, {index: last}) for number in look[1:])) for look in looks
            )
        return looks

    def _seen_through(self, flow: Shape) -> tuple[Look, ...]:
        assert isinstance(flow, Seen)
        alone = len(self.input_shape) == 1
        return tuple(look for axis, look in enumerate(flow.looks) if alone or axis != self.channel_axis)


def _without(gone: Sequence[int], look: Look) -> Look:
    """The look where these axes are no more."""
    if look.axis is None or look.axis in gone:
        return look._replace(axis=None)
    return look._replace(axis=look.axis - sum(axis < look.axis for axis in gone))
