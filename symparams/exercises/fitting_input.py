"""The question for the inputs that fit a linear layer with the weights that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..closed_forms.conditions import with_values
from ..closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from ..closed_forms.powers import meant, substitute
from ..core.network import CoreNetwork
from ..core.trace import Tracer, origin_of
from ..derive.document import Blank, Line, Math
from ..derive.parts import OutlinePart
from ..evaluate.model import Stage
from ..explain.input_sizes import AnySize, of_any_size
from ..formula.tree import Identifier
from .question import NoQuestion, Setting, Task

POINTS = 3
LINEAR = "linear"
# Inputs with longer sides are not tried.
MOST_SIDE = 2048
# There are no more answers that are listed.
MOST_ANSWERS = 40


def input_question(setting: Setting) -> Task:
    """Raises NoQuestion where no linear layer depends on the size of the input."""
    setting.numbers_only("a question for an input")
    freed = of_any_size(setting.net)
    if freed is not None and not freed.fault and freed.sizes.keys() <= freed.net.symbols.keys():
        symbols = [freed.net.symbols._symbols[name] for name in freed.sizes]
        general = {stage.name: stage for stage in Tracer(freed.net).run()[1]}
        for part in (part for part, _ in setting.layers() if part.stage.kind == LINEAR and part.name in general):
            width, size = _width(part.stage), _width(general[part.name])
            if not isinstance(width, int) or symbols_of(size).isdisjoint(symbols):
                continue
            answers = list(_fitting(freed.net, symbols, size, width))
            if 0 < len(answers) <= MOST_ANSWERS:
                return _asked(setting, part, freed, width, answers)
    fault = "no linear layer takes vectors whose width depends on the size of the input"
    raise NoQuestion(fault, None, "one behind 'flatten' does")


def _width(stage: Stage) -> Quantity:
    """The width of the vectors that a layer takes; 0 where they are none."""
    origin = origin_of(stage)
    inflow = origin.inputs[0] if origin and origin.inputs else ()
    return meant(inflow[0]) if len(inflow) == 1 else 0


def _fitting(net: CoreNetwork, symbols: Sequence[Symbol], size: Quantity, width: int) -> Iterator[int]:
    """The sides of images, or the lengths, for which a layer gets the width; it never falls with them."""
    for side in range(1, MOST_SIDE):
        put: dict[Symbol, Quantity] = dict.fromkeys(symbols, side)
        if not all(with_values(guard, put) is True for guard in net.guards):
            continue
        found = substitute(size, put)
        if found == width:
            yield side
        elif not isinstance(found, int) or found > width:
            return


def _asked(setting: Setting, part: OutlinePart, general: AnySize, width: Quantity, answers: list[int]) -> Task:
    net = general.net
    first, *others = (net.symbols._symbols[name] for name in general.sizes)
    put: dict[Symbol, Quantity] = dict.fromkeys(others, expression(first))
    shapes = [setting.shape(tuple(substitute(size, put) for size in shape)) for shape in net.input_shapes.values()]
    name, inputs = setting.layer_name(part), setting.listed(shapes)
    task = setting.say("exercise.fits", name=name, width=setting.count(width), input=inputs)
    place: Line = (Math(Identifier(first.name)), " = ", Blank(8 + 5 * min(len(answers), 4)))
    gets = setting.say("exercise.fits.gets", name=name, size=setting.count(substitute(_width_in(net, part), put)))
    return Task(
        POINTS,
        (setting.sentences_of(task, setting.say("exercise.all.answers")), setting.sentences_of(place)),
        (setting.sentences_of(gets, setting.values(first.name, answers)),),
    )


def _width_in(net: CoreNetwork, part: OutlinePart) -> Quantity:
    return next(_width(stage) for stage in Tracer(net).run()[1] if stage.name == part.name)
