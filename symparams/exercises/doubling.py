"""The question which of some changes to a layer double its parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..core.trace import Origin
from ..derive.document import Blank, Table
from ..derive.parts import OutlinePart
from ..errors import SymparamsError
from ..evaluate.axes import Value
from ..evaluate.figures import PARAMS
from ..evaluate.model import Shape
from ..language.layouts import CHANNELS_FIRST, puts_channels_first
from .lone_layer import alone, arguments_of_layer, may_stand_alone
from .question import NoQuestion, Setting, Task, lettered
from .wording import DOUBLE

MOST_CHOICES, FEWEST_CHOICES = 5, 3
POINTS = 1
# What the rules call the width of the vectors that they take.
WIDTHS = ("n", "m", "d")


class Changed(NamedTuple):
    """What is done to a layer, by the key of its sentence: other arguments, or another input."""

    key: str
    arguments: dict[str, Value]
    inflow: Shape | None


class Doubled(NamedTuple):
    """A change with the number of parameters after it."""

    change: Changed
    params: int


def _twice(name: str) -> Callable[[Origin, bool], Changed | None]:
    def change(origin: Origin, first: bool) -> Changed | None:
        value = arguments_of_layer(origin).get(name)
        twice = isinstance(value, int) and not isinstance(value, bool) and value > 0
        return Changed(name, {name: 2 * value}, None) if twice else None  # type: ignore[operator]

    return change


def _wider(origin: Origin, first: bool) -> Changed | None:
    """An input of twice the channels, or of vectors of twice the width; None where the layer names no such axis."""
    pattern = origin.rule.pattern if origin.rule else None
    shape = origin.inputs[0]
    if pattern is None or not pattern.axes:
        return None
    if puts_channels_first(pattern):
        key, place = "channels", 0 if first else len(shape) - 1
    elif pattern.axes[-1].name in WIDTHS:
        key, place = "width", len(shape) - 1
    else:
        return None
    return Changed(key, {}, tuple(2 * size if i == place else size for i, size in enumerate(shape)))


def _larger(origin: Origin, first: bool) -> Changed | None:
    """An input of twice the height and the width."""
    shape = origin.inputs[0]
    place = 0 if first else len(shape) - 1
    return (
        Changed("sides", {}, tuple(s if i == place else 2 * s for i, s in enumerate(shape)))
        if len(shape) == 3
        else None
    )


def _without_biases(origin: Origin, first: bool) -> Changed | None:
    return Changed("bias", {"bias": False}, None) if arguments_of_layer(origin).get("bias") is True else None


def _in_two_directions(origin: Origin, first: bool) -> Changed | None:
    given = arguments_of_layer(origin).get("bidirectional")
    return Changed("bidirectional", {"bidirectional": True}, None) if given is False else None


CHANGES = (
    *map(_twice, ("out", "k", "s", "g", "multiplier", "layers", "heads", "vocab", "dim")),
    _wider,
    _larger,
    _without_biases,
    _in_two_directions,
)


def doubling_question(setting: Setting) -> Task:
    """Raises NoQuestion where nothing doubles the parameters of a layer."""
    setting.numbers_only("a question for what doubles")
    choice = setting.choice(DOUBLE)
    layers = [pair for pair in setting.layers() if may_stand_alone(setting.net, pair[1])]
    for part, origin in choice.sample(layers, len(layers)):
        before = setting.reader.figure(PARAMS.name, part.stage)
        found = list(_changed(setting, origin)) if isinstance(before, int) and before else []
        right = [change for change in found if change.params == 2 * before]
        wrong = [change for change in found if change.params != 2 * before]
        if right and wrong and len(found) >= FEWEST_CHOICES:
            kept = [choice.choice(right), *choice.sample(wrong, min(len(wrong), FEWEST_CHOICES))]
            others = [change for change in found if change not in kept]
            kept += choice.sample(others, min(len(others), MOST_CHOICES - len(kept)))
            return _asked(setting, part, origin, choice.sample(kept, len(kept)))
    raise NoQuestion("no change of an argument or of the input doubles the parameters of a layer")


def _changed(setting: Setting, origin: Origin) -> Iterator[Doubled]:
    """What each change leads to, of those that the layer takes."""
    first = setting.net.evaluated.layout == CHANNELS_FIRST
    for change in CHANGES:
        changed = change(origin, first)
        if changed is None:
            continue
        try:
            params = alone(setting.net, origin, changed.arguments, changed.inflow).quantity(PARAMS.name)
        except SymparamsError:
            continue
        if isinstance(params, int):
            yield Doubled(changed, params)


def _asked(setting: Setting, part: OutlinePart, origin: Origin, kept: list[Doubled]) -> Task:
    say = setting.say
    before = setting.reader.figure(PARAMS.name, part.stage)
    input_ = setting.shape(origin.inputs[0])
    task = setting.sentences_of(say("exercise.double", name=setting.layer_name(part), input=input_))
    changes = [say(f"exercise.double.{doubled.change.key}") for doubled in kept]
    header = ((), say("exercise.change"), say("table.parameters"), say("exercise.doubles"))
    wide = setting.blank(*(doubled.params for doubled in kept))
    blanks = [(*start, (wide,), (Blank(6),)) for start in lettered(changes)]
    solved = [
        (*start, setting.count(doubled.params), say(f"exercise.{'yes' if doubled.params == 2 * before else 'no'}"))
        for start, doubled in zip(lettered(changes), kept)
    ]
    now = setting.sentences_of(say("exercise.double.now", name=setting.layer_name(part), count=setting.count(before)))
    right = frozenset({2})
    return Task(
        len(kept) * POINTS, (task, Table(header, tuple(blanks), right)), (now, Table(header, tuple(solved), right))
    )
