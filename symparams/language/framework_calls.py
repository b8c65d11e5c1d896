"""A call in a framework's spelling: which framework is meant, its arguments in its order, and where each of them goes.

The rules declare the calls (`call torch Conv2d(...)` in grammar/layers). What stands behind an argument's colon is the
rule's name for it, an axis of the rule's pattern, which the flow implies, or one of the words below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..errors import Span, SymparamsError
from . import ir, syntax
from .calls import Binding
from .dialects import DIALECTS, Dialect
from .library import Library
from .syntax import Node
from .unparse import signature, unparse

# Words behind the colon of an argument: the layout of images; an activation that follows; the axis of the channels; the
# sizes of the last axes; those axes themselves; what is not read.
LAYOUT, ACTIVATION, CHANNELS, TAIL, ENDING, REFUSED = (
    *("layout", "activation", "channels"),
    *("tail", "ending", "refused"),
)
_WORDS = {LAYOUT, ACTIVATION, CHANNELS, TAIL, ENDING, REFUSED}
_NOTHING = ("None", "none")
_TRUTHS = {"True": True, "False": False, "true": True, "false": False}
_RANK = re.compile(r"(\d)[dD](?![a-z])")
_OF_IMAGES = {"channels_first", "channels_last"}


def split(name: str) -> tuple[Dialect | None, str]:
    """The framework that a name's prefix says, and the name behind it."""
    prefix, _, base = name.rpartition(".")
    found = next((dialect for dialect in DIALECTS.values() if prefix in dialect.prefixes), None)
    return (found, base) if found or not prefix else (None, name)


class Choice:
    """Which framework's call a name is, in one program."""

    def __init__(self, library: Library, names: Iterable[str], dialect: str | None):
        self.library = library
        self.dialect = dialect
        self.used: set[str] = set()
        for name in names:
            prefixed, base = split(name)
            own = library.calls.get(base, {})
            if prefixed:
                self.used.add(prefixed.name)
            elif len(own) == 1:
                self.used |= own.keys()

    @property
    def usual(self) -> str:
        """The framework of what both have, where nothing else says it."""
        return next(iter(self.used)) if len(self.used) == 1 else self.dialect or next(iter(DIALECTS))

    def of(self, name: str, span: Span, around: str | None = None) -> str | None:
        """The framework that is meant, None for a name that none of them has. Raises SymparamsError."""
        prefixed, base = split(name)
        having = self.library.calls.get(base, {})
        if prefixed:
            if prefixed.name not in having:
                hint = self.library.near_call(base, prefixed.name)
                raise SymparamsError(f"no layer {base!r} of {prefixed.title} is known", span, hint)
            return prefixed.name
        if len(having) < 2:
            return next(iter(having), None)
        if around:
            return around
        if self.dialect or not self.used:
            return self.dialect or next(iter(DIALECTS))
        if len(self.used) == 1:
            return next(iter(self.used))
        written = " or ".join(f"{DIALECTS[framework].prefixes[0]}.{base}" for framework in having)
        raise SymparamsError(f"both frameworks have {base!r}, and both are in the program", span, f"write {written}")


class Bound(NamedTuple):
    """A call of a layer: the rule's arguments, how it was spelled, and what the framework adds to it."""

    rule: syntax.Rule
    arguments: dict[str, Node]
    named: dict[str, Node]
    spelled: ir.Spelled
    label: str | None
    activation: Node | None
    frozen: bool


def bound(library: Library, framework: str, call: syntax.Call, references: Callable[[syntax.Rule], list[str]]) -> Bound:
    """The arguments of a call in a framework's spelling. Raises SymparamsError."""
    dialect = DIALECTS[framework]
    base = split(call.name)[1]
    rule = library.rule(library.calls[base][framework])
    spelling = next(s for s in _spellings(rule) if s.framework == framework and base in s.names)
    common = {a.name: a.value for a in call.arguments if isinstance(a, syntax.Keyword) and a.name in dialect.neutral}
    own = {parameter.name for parameter in spelling.parameters}
    common = {name: value for name, value in common.items() if name not in own}
    left = tuple(a for a in call.arguments if not (isinstance(a, syntax.Keyword) and a.name in common))
    asked = [p.replaced(kind=None, default=p.default or syntax.Name("none")) for p in spelling.parameters]
    try:
        binding = Binding(call.replaced(arguments=left), asked, references(rule), lambda name: (name,))
        given = dict(_given(spelling, binding))
        _check_required(rule, spelling, given, call)
    except SymparamsError as error:
        hint = _own_order(library, rule, call) or _hint(error, call, spelling)
        raise SymparamsError(error.message, error.span, hint) from None
    reader = _Reader(rule, call, base, dialect)
    for parameter in spelling.parameters:
        value = given.get(parameter.name)
        if value is not None and parameter.kind:
            reader.take(parameter, value, parameter.name in binding.given)
    spelled = reader.spelled(call)
    label = common.get("name")
    return Bound(
        rule,
        reader.arguments,
        binding.named,
        spelled,
        _as_label(label),
        reader.activation,
        _truth(common.get("trainable")) is False,
    )


def _spellings(rule: syntax.Rule) -> Iterator[syntax.Spelling]:
    return (s for s in rule.section.statements if isinstance(s, syntax.Spelling))


def _given(spelling: syntax.Spelling, binding: Binding) -> Iterator[tuple[str, Node]]:
    for parameter in spelling.parameters:
        value = binding.given.get(parameter.name)
        value = parameter.default if value is None or _is_nothing(value) else value
        if value is not None and not _is_nothing(value):
            yield parameter.name, value


def _check_required(rule: syntax.Rule, spelling: syntax.Spelling, given: dict[str, Node], call: syntax.Call) -> None:
    implied = _axes(rule) | _WORDS - {TAIL}
    for parameter in spelling.parameters:
        required = parameter.kind and parameter.default is None and parameter.kind not in implied
        if required and parameter.name not in given:
            raise SymparamsError(f"{call.name!r} needs its argument {parameter.name!r}", call.span)


def _hint(error: SymparamsError, call: syntax.Call, spelling: syntax.Spelling) -> str:
    shown = signature(call.name, [p.replaced(default=p.default) for p in spelling.parameters if p.kind])
    return error.hint if error.hint and error.hint.startswith("did you") else shown


def _own_order(library: Library, rule: syntax.Rule, call: syntax.Call) -> str | None:
    """The call in the language's own words, where its arguments are right in the order of these."""
    own = call.replaced(name=rule.name)
    try:
        Binding(own, rule.parameters, [m.name for m in rule.memories], library.words_for)
    except SymparamsError:
        return None
    return f"in the order of the language: {unparse_call(own)}"


def unparse_call(call: syntax.Call) -> str:
    return f"{call.name}({', '.join(map(unparse, call.arguments))})"


def _axes(rule: syntax.Rule) -> set[str]:
    patterns = (rule.pattern, *(memory.pattern for memory in rule.memories))
    return {axis.name for pattern in patterns if pattern for axis in pattern.axes if not axis.variadic}


class _Reader:
    """Sorts the arguments of one call by where they go."""

    def __init__(self, rule: syntax.Rule, call: syntax.Call, base: str, dialect: Dialect):
        self.rule = rule
        self.call = call
        self.base = base
        self.dialect = dialect
        self.kinds = {parameter.name: parameter for parameter in rule.parameters}
        self.arguments: dict[str, Node] = {}
        self.sizes: list[tuple[str, str, Node]] = []
        self.layout: str | None = None
        self.channels: Node | None = None
        self.ending: Node | None = None
        self.activation: Node | None = None

    def take(self, parameter: syntax.Parameter, value: Node, is_given: bool) -> None:
        target = parameter.kind or ""
        if target == REFUSED:
            fault = f"{self.call.name!r} with {parameter.name} is not read: what it counts depends on it"
            raise SymparamsError(fault, value.span)
        if target == LAYOUT:
            self.layout = self.word(value, _OF_IMAGES)
        elif target == ACTIVATION:
            self.activation = value
        elif target == CHANNELS:
            self.channels = value
        elif target == ENDING:
            self.ending = value
        elif target == TAIL or target in _axes(self.rule):
            self.sizes.append((parameter.name, target, _plain(value, None)))
        else:
            self.arguments[target] = self.argument(self.kinds[target], parameter.name, value)

    def argument(self, own: syntax.Parameter, name: str, value: Node) -> Node:
        if own.kind in ("axis", "axes"):
            return self.without_batch(value, name)
        read = _plain(value, own.kind)
        if own.variadic:
            return syntax.Tuple((read,), span=value.span)
        return read

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
        shown = call.replaced(name=f"{self.dialect.prefixes[0]}.{self.base}", bodies=())
        arguments = tuple(
            a for a in call.arguments if not (isinstance(a, syntax.Keyword) and a.name in _SAID_ELSEWHERE)
        )
        return ir.Spelled(
            shown.replaced(arguments=arguments),
            self.dialect.name,
            self.ranks(),
            tuple(self.sizes),
            self.layout or self.usual_layout(),
            self.layout is not None or self.dialect.layout_is_fixed,
            self.channels,
            self.ending,
            span=call.span,
        )

    def ranks(self) -> tuple[int, ...]:
        """How many axes the flow has, by the number in the name; none where any number will do."""
        found = _RANK.search(self.base)
        axes = self.rule.pattern.axes if self.rule.pattern else ()
        if not found or not any(axis.variadic for axis in axes) or "Dropout" in self.base:
            return ()
        rank = int(found.group(1)) + 1 + (axes[0].name[0] not in "Cc")
        return (rank - 1, rank) if self.base.endswith("BatchNorm1d") else (rank,)

    def usual_layout(self) -> str | None:
        """The layout of images that this layer has where nothing says another; None for one that has no images."""
        axes = self.rule.pattern.axes if self.rule.pattern else ()
        if self.channels is not None or not axes or axes[0].variadic or axes[0].name[0] not in "Cc":
            return None
        return self.dialect.layout


_SAID_ELSEWHERE = ("name", "activation", "trainable")


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
    if _is_nothing(value):
        if kind in ("shape", "integer"):
            return syntax.Sign("-", syntax.Number(1, False), span=value.span)
        return syntax.Text("none", span=value.span)
    return _plain(value, kind)


def _is_nothing(value: Node) -> bool:
    return isinstance(value, syntax.Name) and value.name in _NOTHING


def _truth(value: Node | None) -> bool | None:
    if isinstance(value, syntax.Truth):
        return value.value
    return _TRUTHS.get(value.name) if isinstance(value, syntax.Name) else None


def _integer(value: Node) -> int | None:
    if isinstance(value, syntax.Sign) and value.operator == "-":
        inner = _integer(value.value)
        return None if inner is None else -inner
    return value.value if isinstance(value, syntax.Number) and isinstance(value.value, int) else None


def _as_label(value: Node | None) -> str | None:
    """A name that a framework gives to a layer, as one of the language."""
    if not isinstance(value, syntax.Text):
        return None
    name = re.sub(r"\W+", "_", value.value).strip("_")
    return name if name.isidentifier() else f"_{name}" if name else None


# The activations that Keras knows by a word, by the rules that they are.
ACTIVATIONS = {"linear": "id", "swish": "silu", "hard_swish": "hardswish", "hard_silu": "hardswish"}


def activation(value: Node, library: Library, span: Span) -> Node | None:
    """The layer that an activation given by a word is; None for none. Raises SymparamsError for an unknown word."""
    if not isinstance(value, syntax.Text) or value.value == "linear":
        return None
    name = ACTIVATIONS.get(value.value, value.value)
    if name not in library.names:
        known = library.near(name)
        raise SymparamsError(f"there is no activation {value.value!r}", value.span, known)
    return ir.LayerCall(None, library.names[name], (), (), None, None, span=span)


def names_called(nodes: Sequence[Node]) -> Iterator[str]:
    """The names of all that is called in a program."""
    for node in nodes:
        for inner in node.walk():
            if isinstance(inner, syntax.Call):
                yield inner.name
            elif isinstance(inner, syntax.Apply):
                yield inner.function
