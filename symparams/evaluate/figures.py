"""The figures of a network, one row each: all that the package knows of params, macs, output and the others.

What is asked for by name, on the command line, at the prompt, in Python or in a derivation, is looked up here, and
nowhere else is there a list of them. A figure that is a sum is put together from amounts, which add up over layers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..errors import SymparamsError
from ..language.dialects import Dialect

if TYPE_CHECKING:
    from ..closed_forms.polynomial import Quantity
    from .looks import Look


class Sorted(Protocol):
    """A tensor, as far as it decides where its elements count."""

    @property
    def trainable(self) -> bool: ...

    @property
    def is_weight(self) -> bool: ...


class Counting(Protocol):
    """A layer, as far as amounts of something are counted in it."""

    output: tuple[Quantity, ...]
    macs: Quantity
    idle: Quantity
    cached: Quantity
    is_unused: bool

    @property
    def flops(self) -> Quantity | SymparamsError: ...

    def elements(self, holds: Callable[[Any], bool]) -> Quantity: ...


def _flops_in(layer: Counting) -> Quantity:
    if isinstance(layer.flops, SymparamsError):
        raise layer.flops
    return layer.flops


class Amount(NamedTuple):
    """What is counted in a layer, and added up over layers and turns."""

    in_layer: Callable[[Counting], Quantity]


TRAINABLE_ELEMENTS = Amount(lambda layer: layer.elements(lambda tensor: tensor.trainable))
FROZEN_ELEMENTS = Amount(lambda layer: layer.elements(lambda tensor: tensor.is_weight and not tensor.trainable))
STATE_ELEMENTS = Amount(lambda layer: layer.elements(lambda tensor: not tensor.is_weight))
WORK = Amount(lambda layer: layer.macs)
OPERATIONS = Amount(_flops_in)
IDLE_ELEMENTS = Amount(lambda layer: layer.idle)
CACHED_ELEMENTS = Amount(lambda layer: layer.cached)
OUTPUT_ELEMENTS = Amount(lambda layer: 0 if layer.is_unused else math.prod(layer.output))

# Those whose sums are in every answer, with the conditions that they have.
AMOUNTS = (TRAINABLE_ELEMENTS, FROZEN_ELEMENTS, STATE_ELEMENTS, WORK, IDLE_ELEMENTS)

Counted = Callable[[Amount], "Quantity"]


class FigureCommand(NamedTuple):
    """A figure as a command: `symparams params SOURCE`, `:params`; what the help says, and an example's arguments."""

    does: str
    at_prompt: str
    example: str


class Figure(NamedTuple):
    """A row: a figure's word everywhere, and what it is in a few words.

    `terms` are the amounts that it is the sum of, as a dialect counts. One without is carried along by the flow, as the
    output shape is, or has a value for each axis of the input, `of_look`, by what is seen of it. `unit` is what it
    counts, in a sentence. `tensors` says of which tensors it counts the elements: `why` explains it by them. `letter`
    stands for it in derivations, `message` is the key of their sentences on it.

    A reader is shown a figure unless it is 0, or the same as the figure that `repeats` names; in records it stands
    always, or only where the network has some of the amount `where`; one that `waits` stands in neither until it is
    asked for; the command of one that is `of_use` says more, by how the network is used;
    tools have counts of their own of one that is `of_tools`. One that is `apart` from the
    parameters, in this dialect, holds symbols that these may not have; `aside` is what it is called then. Those that a
    layer's rule states are on the page about the layer.
    """

    name: str
    means: str
    unit: str = ""
    terms: Callable[[Counted, Dialect], list[Quantity]] | None = None
    of_look: Callable[[Look], Quantity] | None = None
    tensors: Callable[[Sorted, Dialect], bool] | None = None
    letter: str = ""
    message: str = ""
    repeats: str = ""
    where: Amount | None = None
    waits: bool = False
    of_use: bool = False
    of_tools: bool = False
    apart: Callable[[Dialect], bool] | None = None
    aside: str = ""
    command: FigureCommand | None = None
    is_plotted: bool = False
    is_derived: bool = False
    is_stated: bool = False

    @property
    def title(self) -> str:
        """Its word as the totals under a table have it."""
        return self.name.replace("_", "-")


def _trainable(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(TRAINABLE_ELEMENTS)]


def _non_trainable(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(FROZEN_ELEMENTS), *(_state(counted, dialect) if dialect.counts_state else ())]


def _params(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [*_trainable(counted, dialect), *_non_trainable(counted, dialect)]


def _active(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [*_params(counted, dialect), -counted(IDLE_ELEMENTS)]


def _state(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(STATE_ELEMENTS)]


def _macs(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(WORK)]


def _flops(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(OPERATIONS)]


def _activations(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(OUTPUT_ELEMENTS)]


def _kv_cache(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [counted(CACHED_ELEMENTS)]


def _memory(counted: Counted, dialect: Dialect) -> list[Quantity]:
    return [4 * counted(amount) for amount in (TRAINABLE_ELEMENTS, FROZEN_ELEMENTS, STATE_ELEMENTS)]


def _is_counted(tensor: Sorted, dialect: Dialect) -> bool:
    return tensor.is_weight or dialect.counts_state


PARAMS = Figure(
    "params",
    "what the framework calls the number of parameters",
    unit="parameters",
    terms=_params,
    tensors=_is_counted,
    letter="P",
    message="parameters",
    is_stated=True,
    is_plotted=True,
    is_derived=True,
    command=FigureCommand(
        "The number of parameters", "the number of parameters", "zoo:resnet50 --free w --format python"
    ),
)
OUTPUT = Figure(
    "output",
    "the shape that comes out",
    is_derived=True,
    command=FigureCommand(
        "The output shape", "the output shape", "-e 'input(3, H, W) -> conv(64, 7, s=2)' --set H=224,W=224"
    ),
)
ACTIVE = Figure(
    "active",
    "the parameters that work on one vector",
    unit="active parameters",
    terms=_active,
    repeats=PARAMS.name,
    where=IDLE_ELEMENTS,
)
TRAINABLE = Figure(
    "trainable",
    "the parameters that are trained",
    unit="trainable parameters",
    terms=_trainable,
    tensors=lambda tensor, dialect: tensor.trainable,
    repeats=PARAMS.name,
)
NON_TRAINABLE = Figure(
    "non_trainable",
    "the parameters that are not trained",
    unit="non-trainable parameters",
    terms=_non_trainable,
    tensors=lambda tensor, dialect: _is_counted(tensor, dialect) and not tensor.trainable,
)
STATE = Figure(
    "state",
    "the elements of tensors that are no weights",
    unit="elements of state",
    terms=_state,
    tensors=lambda tensor, dialect: not tensor.is_weight,
    apart=lambda dialect: not dialect.counts_state,
    aside="state",
    is_stated=True,
)
MACS = Figure(
    "macs",
    "the multiply-accumulates for one input",
    unit="multiply-accumulates",
    terms=_macs,
    letter="M",
    message="macs",
    apart=lambda dialect: True,
    aside="multiply-accumulates",
    is_stated=True,
    of_tools=True,
    is_plotted=True,
    is_derived=True,
    command=FigureCommand(
        "The multiply-accumulates for one input", "the multiply-accumulates", "zoo:resnet50 --set H=224,W=224"
    ),
)
FLOPS = Figure(
    "flops",
    "the floating-point operations for one input, two for a multiply-accumulate",
    unit="floating-point operations",
    terms=_flops,
    waits=True,
    of_tools=True,
    command=FigureCommand(
        "The floating-point operations",
        "the floating-point operations",
        "zoo:resnet50 --set H=224,W=224",
    ),
)
ACTIVATIONS = Figure(
    "activations",
    "the elements of all layers' outputs for one input",
    unit="elements of activations",
    terms=_activations,
    message="activations",
    waits=True,
    apart=lambda dialect: True,
    aside="activations",
    is_plotted=True,
    command=FigureCommand(
        "The elements of all layers' outputs",
        "the elements of all layers' outputs",
        "zoo:resnet50 --set H=224,W=224",
    ),
)
MEMORY = Figure(
    "memory",
    "the bytes of weights and state, in numbers of 32 bits",
    unit="bytes",
    terms=_memory,
    message="memory",
    waits=True,
    of_use=True,
    command=FigureCommand(
        "The bytes of weights, of a run, of training",
        "the bytes of weights, of a run, of training",
        "zoo:resnet50 --set H=224,W=224 --batch 8",
    ),
)
KV_CACHE = Figure(
    "kv_cache",
    "the elements of keys and values that attention keeps of one sequence",
    unit="elements of keys and values",
    terms=_kv_cache,
    waits=True,
    apart=lambda dialect: True,
    aside="KV cache",
)
RECEPTIVE_FIELD = Figure(
    "receptive_field",
    "how many places of each axis of the input one place of the output sees",
    of_look=lambda look: look.size,
    waits=True,
    command=FigureCommand(
        "The receptive field of an output",
        "how many places of the input an output sees",
        "-e 'input(3, H, W) -> repeat(n) { conv(3, 3, s=2) }' --json",
    ),
)
JUMP = Figure(
    "jump",
    "how far apart in the input two neighbours of the output look",
    of_look=lambda look: look.stride,
    waits=True,
)
START = Figure(
    "start",
    "the place of the input, from 0, at which the first place of the output begins to look",
    of_look=lambda look: look.start,
    waits=True,
)

# The rows, in the order in which a reader is shown them.
ROWS = (
    PARAMS,
    OUTPUT,
    ACTIVE,
    TRAINABLE,
    NON_TRAINABLE,
    STATE,
    MACS,
    FLOPS,
    ACTIVATIONS,
    MEMORY,
    KV_CACHE,
    RECEPTIVE_FIELD,
    JUMP,
    START,
)


def _by_name(rows: Iterable[Figure]) -> dict[str, Figure]:
    return {row.name: row for row in rows}


# Those that are numbers: the ones of every network, then those that stand for something only in some, or are asked for.
NUMBERS = _by_name(sorted((row for row in ROWS if row.terms), key=lambda row: (row.waits, row.where is not None)))
COUNTS = _by_name(row for row in NUMBERS.values() if not row.waits)
WAITING = _by_name(row for row in NUMBERS.values() if row.waits)
# Those that two designs are compared by: flops are twice the multiply-accumulates.
COMPARED = _by_name(row for row in NUMBERS.values() if row is not FLOPS)
LOOKED = _by_name(row for row in ROWS if row.of_look)
FIGURES = {**NUMBERS, OUTPUT.name: OUTPUT, **LOOKED}
COMPILED = {**NUMBERS, OUTPUT.name: OUTPUT}
COLUMNS = _by_name(row for row in ROWS if row not in (PARAMS, OUTPUT))
COMMANDS = {row.title: row for row in ROWS if row.command}
DERIVED = _by_name(row for row in ROWS if row.is_derived)
DERIVED_BY_DEFAULT = (PARAMS.name, OUTPUT.name)
LETTERS = [row.letter for row in DERIVED.values() if row.letter]
PLOTTED = _by_name(row for row in ROWS if row.is_plotted)
# Those that `why` explains by the tensors that they count, and those that it explains layer by layer.
PARTS = _by_name(row for row in ROWS if row.tensors)
EXPLAINED = _by_name(row for row in ROWS if row.of_look or (row.terms and not row.tensors and not row.repeats))
# Those that together hold every symbol that a number of the network may have.
BASIC = _by_name(row for row in ROWS if row is PARAMS or row.apart)
STATED = _by_name(row for row in ROWS if row.is_stated)
