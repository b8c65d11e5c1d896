"""The arguments of a framework's call, one by one: what each is for the rule, in the values of the language."""

from __future__ import annotations

import re

from ..errors import SymparamsError
from . import ir, syntax
from .dialects import KERAS, Dialect
from .layouts import CHANNELS_FIRST, CHANNELS_LAST, puts_channels_first
from .syntax import Node

# Words behind the colon of an argument: the layout of images; an activation that follows; the axis of the channels; the
# sizes of the last axes; those axes themselves; those before the last one; a padding for each end, the last axis first;
# what counts by being given; what is not read.
LAYOUT, ACTIVATION, CHANNELS, TAIL, ENDING, BEFORE_LAST, LAST_FIRST, GIVEN, REFUSED = (
    *("layout", "activation", "channels", "tail"),
    *("ending", "before_last", "last_first", "given", "refused"),
)
WORDS = {LAYOUT, ACTIVATION, CHANNELS, TAIL, ENDING, BEFORE_LAST, LAST_FIRST, GIVEN, REFUSED}
_NOTHING = ("None", "none")
_TRUTHS = {"True": True, "False": False, "true": True, "false": False}
_RANK = re.compile(r"(\d)[dD](?![a-z])")


def axes_of(rule: syntax.Rule) -> set[str]:
    patterns = (rule.pattern, *(memory.pattern for memory in rule.memories))
    return {axis.name for pattern in patterns if pattern for axis in pattern.axes if not axis.variadic}


class ArgumentReader:
    """Sorts the arguments of one call by where they go."""

    def __init__(self, rule: syntax.Rule, spelling: syntax.Spelling, call: syntax.Call, base: str, dialect: Dialect):
        self.rule = rule
        self.spelling = spelling
        self.call = call
        self.base = base
        self.dialect = dialect
        self.kinds = {parameter.name: parameter for parameter in rule.parameters}
        self.arguments: dict[str, Node] = {}
        self.sizes: list[tuple[str, str, Node]] = []
        self.layout: str | None = None
        self.channels: Node | None = None
        self.ending: Node | None = None
        self.behind = 0
        self.activation: Node | None = None

    def take(self, parameter: syntax.Parameter, value: Node) -> None:
        target = parameter.kind or ""
        if target == REFUSED:
            fault = f"{self.call.name!r} with {parameter.name} is not read: what it counts depends on it"
            raise SymparamsError(fault, value.span)
        if target == LAYOUT:
            self.layout = self.word(value, {CHANNELS_FIRST, CHANNELS_LAST})
        elif target == ACTIVATION:
            self.activation = value
        elif target == CHANNELS:
            self.channels = value
        elif target in (ENDING, BEFORE_LAST):
            self.ending, self.behind = value, int(target == BEFORE_LAST)
        elif target == GIVEN:
            self.arguments[GIVEN] = syntax.Truth(True, span=value.span)
        elif target == LAST_FIRST:
            self.arguments["p"] = self.last_first(value)
        elif target == TAIL or target in axes_of(self.rule):
            self.sizes.append((parameter.name, target, _plain(value, None)))
        else:
            self.arguments[target] = self.argument(self.kinds[target], parameter.name, value)

    def argument(self, own: syntax.Parameter, name: str, value: Node) -> Node:
        if own.kind == "axis":
            return self.without_batch(value, name)
        self.check_form(own, name, value)
        read = _plain(value, own.kind)
        if own.kind == "switch" and isinstance(read, syntax.Number):
            return syntax.Truth(read.value != 0, span=value.span)
        if own.variadic:
            return syntax.Tuple((read,), span=value.span)
        return read

    def check_form(self, own: syntax.Parameter, name: str, value: Node) -> None:
        """Refuse a form of a value that the framework does not take, and the language does."""
        items = value.items if isinstance(value, (syntax.Tuple, syntax.List)) else None
        axes, in_keras = self.spatial_axes, self.dialect is KERAS
        if own.kind == "padding" and isinstance(value, syntax.Text) and not self.dialect.pads_by_a_word(self.rule.name):
            raise SymparamsError(f"{name} is a number here, or one for each axis", value.span)
        if own.kind == "padding" and in_keras and not isinstance(value, syntax.Text) and value not in _PADDINGS:
            raise SymparamsError(f"{name} is a word here", value.span, '"valid" or "same"')
        if items is None or not axes:
            return
        if own.kind == "regions" and (in_keras or axes == 1) and any(map(is_nothing, items)):
            raise SymparamsError(f"{name} is a number for each axis here", value.span)
        if own.kind == "times" and in_keras and axes == 1:
            raise SymparamsError(f"{name} is one number here", value.span)
        wanted = 2 if own.kind == "margin" and own.name == "p" and axes == 1 else axes
        if own.kind in _FOR_EACH_AXIS and len(items) != wanted:
            raise SymparamsError(f"{name} is one number, or {wanted} of them", value.span)

    @property
    def spatial_axes(self) -> int:
        """The number in the name, 0 where there is none."""
        found = _RANK.search(self.base)
        return int(found.group(1)) if found else 0

    def last_first(self, value: Node) -> Node:
        """A padding for each end of the axes, the last first, as a pair for each axis; one left out gets none."""
        if not isinstance(value, (syntax.Tuple, syntax.List)):
            return _plain(value, "margin")
        sides, axes = value.items, self.spatial_axes
        fewest = 2 if self.rule.name in _FILLED else 2 * axes
        if len(sides) % 2 or not fewest <= len(sides) <= 2 * axes:
            fault = f"the padding is {2 * axes} numbers here: two for each axis, the last first"
            raise SymparamsError(fault, value.span)
        pairs = [syntax.Tuple(tuple(sides[i : i + 2]), span=value.span) for i in range(0, len(sides), 2)]
        none = syntax.Tuple((syntax.Number(0, False), syntax.Number(0, False)), span=value.span)
        return syntax.Tuple((*[none] * (axes - len(pairs)), *reversed(pairs)), span=value.span)

    def without_batch(self, value: Node, name: str) -> Node:
        """An axis as the language counts it: a framework counts the batch as axis 0."""
        if isinstance(value, (syntax.Tuple, syntax.List)):
            return syntax.Tuple(tuple(self.without_batch(item, name) for item in value.items), span=value.span)
        number = _integer(value)
        if number is None:
            raise SymparamsError(f"{name} is the number of an axis", value.span, "1 is the first behind the batch")
        if number == 0:
            raise SymparamsError(f"{name} = 0 is the axis of the batch", value.span, "1 is the first behind it")
        return value if number < 0 else syntax.Number(number - 1, False, span=value.span)

    def word(self, value: Node, words: set[str]) -> str:
        said = getattr(value, "value", getattr(value, "name", ""))
        if said not in words:
            raise SymparamsError(f"this is {' or '.join(sorted(words))}", value.span)
        return str(said)

    def spelled(self, call: syntax.Call) -> ir.Spelled:
        return ir.Spelled(
            call.replaced(name=f"{self.dialect.prefixes[0]}.{self.base}", bodies=()),
            self.dialect.name,
            self.ranks(),
            tuple(self.sizes),
            self.layout or self.usual_layout(),
            self.layout is not None or self.dialect.layout_is_fixed,
            self.channels,
            self.ending,
            self.behind,
            span=call.span,
        )

    def ranks(self) -> tuple[int, ...]:
        """How many axes the flow has, by the declaration, or by the number in the name; any where neither says it."""
        if self.spelling.pattern:
            return (len(self.spelling.pattern.axes),)
        axes = self.rule.pattern.axes if self.rule.pattern else ()
        if not self.spatial_axes or not any(axis.variadic for axis in axes):
            return ()
        rank = self.spatial_axes + 1 + (axes[0].name[0] not in "Cc")
        return (rank - 1, rank) if self.base.endswith("BatchNorm1d") else (rank,)

    def usual_layout(self) -> str | None:
        """The layout of images that this layer has where nothing says another; None for one that has no images."""
        has_one = any(parameter.kind == LAYOUT for parameter in self.spelling.parameters)
        if self.channels is not None or not (has_one or puts_channels_first(self.rule.pattern)):
            return None
        return self.dialect.layout


_PADDINGS = tuple(map(syntax.Name, ("valid", "same", "causal")))
_FOR_EACH_AXIS = ("size", "stride", "dilation", "padding", "margin", "regions")
# The paddings of numbers, which torch lets go over the last axes alone.
_FILLED = ("zeropad", "constantpad")


def _plain(value: Node, kind: str | None) -> Node:
    """A value as the language writes it: Python's True and None, words in quotes."""
    if isinstance(value, syntax.Name) and value.name in _TRUTHS:
        return syntax.Truth(_TRUTHS[value.name], span=value.span)
    if isinstance(value, (syntax.Tuple, syntax.List)):
        return syntax.Tuple(tuple(_plain_inside(item, kind) for item in value.items), span=value.span)
    if isinstance(value, syntax.Text) and kind == "padding":
        return syntax.Name(value.value.lower(), span=value.span)
    return value


def _plain_inside(value: Node, kind: str | None) -> Node:
    """What stands in a tuple; None leaves a size as it is, or to be worked out in a shape."""
    if is_nothing(value):
        if kind in ("shape", "integer"):
            return syntax.Sign("-", syntax.Number(1, False), span=value.span)
        return syntax.Text("none", span=value.span)
    return _plain(value, kind)


def is_nothing(value: Node) -> bool:
    return isinstance(value, syntax.Name) and value.name in _NOTHING


def truth(value: Node | None) -> bool | None:
    if isinstance(value, syntax.Truth):
        return value.value
    return _TRUTHS.get(value.name) if isinstance(value, syntax.Name) else None


def _integer(value: Node) -> int | None:
    if isinstance(value, syntax.Sign) and value.operator == "-":
        inner = _integer(value.value)
        return None if inner is None else -inner
    return value.value if isinstance(value, syntax.Number) and isinstance(value.value, int) else None


def as_label(value: Node | None) -> str | None:
    """A name that a framework gives to a layer, as one of the language."""
    if not isinstance(value, syntax.Text):
        return None
    name = re.sub(r"\W+", "_", value.value).strip("_")
    return name if name.isidentifier() else f"_{name}" if name else None
