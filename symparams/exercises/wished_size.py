"""The question for the padding, the stride or the kernel with which a layer puts out a size that is wished for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..core.trace import Origin
from ..derive.document import Blank, Display, Element, Line, Math
from ..derive.outline import Reader
from ..derive.parts import OutlinePart
from ..derive.steps import NORMAL
from ..errors import SymparamsError
from ..evaluate.figures import OUTPUT
from ..evaluate.model import Shape
from ..formula.tree import Identifier
from .lone_layer import Arguments, alone, arguments_of_layer, may_stand_alone
from .question import NoQuestion, Setting, Task
from .wording import PADDING

POINTS = 2
# The arguments that are asked for, and the values that are tried.
TRIED = {"p": range(0, 17), "s": range(1, 17), "k": range(1, 17)}
# An answer is no larger, and there are no more of them.
LARGEST, MOST_ANSWERS = 7, 3


class Wished(NamedTuple):
    """An output that a layer is to have, and the values of one argument, all that there are, which give it.

    `kept` are the arguments that stay as they are, also where they would go with the one that changes.
    """

    part: OutlinePart
    origin: Origin
    argument: str
    kept: Arguments
    output: Shape
    answers: tuple[int, ...]


def wished_question(setting: Setting) -> Task:
    """Raises NoQuestion where no layer has a padding, a stride or a kernel that could be another."""
    setting.numbers_only("a question for a padding")
    choice = setting.choice(PADDING)
    layers = [pair for pair in setting.layers() if _has_window(setting, pair[1])]
    for part, origin in choice.sample(layers, len(layers)):
        wishes = list(_wishes(setting, part, origin))
        if wishes:
            fewest = min(abs(len(wish.answers) - 1) for wish in wishes)
            argument = choice.choice(sorted({wish.argument for wish in wishes}))
            own = [wish for wish in wishes if wish.argument == argument]
            best = [wish for wish in own if abs(len(wish.answers) - 1) == fewest] or own
            return _asked(setting, choice.choice(best))
    raise NoQuestion("no layer has a padding, a stride or a kernel that could be another", None, "a convolution has")


def _has_window(setting: Setting, origin: Origin) -> bool:
    return may_stand_alone(setting.net, origin) and "k" in arguments_of_layer(origin)


def _wishes(setting: Setting, part: OutlinePart, origin: Origin) -> Iterator[Wished]:
    """The outputs other than that of the network for which all answers are known.

    A size never falls with the padding and never grows with the stride or the kernel: what the first and the last value
    that are tried do not give, no value beyond them gives.
    """
    arguments = arguments_of_layer(origin)
    for argument, values in TRIED.items():
        if not isinstance(arguments.get(argument), int):
            continue
        kept = {name: value for name, value in arguments.items() if name in TRIED}
        tried = {value: _output(setting, origin, {**kept, argument: value}) for value in values}
        outputs = {value: output for value, output in tried.items() if output}
        if not outputs:
            continue
        last = outputs[max(outputs)]
        for output in dict.fromkeys(outputs.values()):
            answers = tuple(value for value, other in outputs.items() if other == output)
            is_whole = output != last or max(outputs) < values[-1]
            few = len(answers) <= MOST_ANSWERS and answers[0] <= LARGEST
            if is_whole and few and output != tuple(part.stage.output):
                yield Wished(part, origin, argument, kept, output, answers)


def _output(setting: Setting, origin: Origin, arguments: Arguments) -> Shape | None:
    try:
        return tuple(alone(setting.net, origin, arguments).output_shapes[0])
    except SymparamsError:
        return None


def _asked(setting: Setting, wish: Wished) -> Task:
    symbol = Math(Identifier(wish.argument))
    told = setting.say(
        f"exercise.wished.{wish.argument}",
        name=setting.layer_name(wish.part),
        input=setting.shape(wish.origin.inputs[0]),
        output=setting.shape(wish.output),
        symbol=symbol,
    )
    place: Line = (symbol, " = ", Blank(8 + 4 * len(wish.answers)))
    task: tuple[Element, ...] = (
        setting.sentences_of(told, setting.say("exercise.all.answers")),
        setting.sentences_of(place),
    )
    solution: list[Element] = [setting.sentences_of(setting.values(wish.argument, wish.answers))]
    for answer in wish.answers[:1]:
        reader = Reader(alone(setting.net, wish.origin, {**wish.kept, wish.argument: answer}), (OUTPUT.name,), NORMAL)
        for derived in reader.outline().parts[0].outputs[:1]:
            solution.append(Display(derived.chain))
    return Task(POINTS, task, tuple(solution))
