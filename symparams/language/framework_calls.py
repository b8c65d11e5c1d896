"""A call in a framework's spelling: which framework is meant, its arguments in its order, and where each of them goes.

The rules declare the calls (`call torch Conv2d(...)` in grammar/layers). What stands behind an argument's colon is the
rule's name for it, an axis of the rule's pattern, which the flow implies, or one of the words below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..errors import Span, SymparamsError, listing
from . import ir, syntax
from .calls import Binding
from .dialects import DIALECTS, Dialect
from .framework_arguments import (
    ACTIVATION,
    GIVEN,
    LAST_FIRST,
    TAIL,
    WORDS,
    ArgumentReader,
    as_label,
    axes_of,
    is_nothing,
    truth,
)
from .library import Library
from .syntax import Node
from .unparse import signature, unparse


def split(name: str) -> tuple[Dialect | None, str]:
    """The framework that a name's prefix says, and the name behind it."""
    prefix, _, base = name.rpartition(".")
    found = next((dialect for dialect in DIALECTS.values() if prefix in dialect.prefixes), None)
    return (found, base) if found or not prefix else (None, name)


class Choice:
    """Which framework's call a name is, in one program; `wrappers` are the frameworks that have each of these."""

    def __init__(
        self, library: Library, names: Iterable[str], dialect: str | None, wrappers: Mapping[str, Sequence[str]]
    ):
        self.library = library
        self.dialect = dialect
        self.used: set[str] = set()
        for name in names:
            prefixed, base = split(name)
            having = [*library.calls.get(base, ()), *wrappers.get(base, ())]
            if prefixed:
                self.used.add(prefixed.name)
            elif len(having) == 1:
                self.used.update(having)

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
        if len(self.used) > 1 and not self.dialect:
            written = " or ".join(f"{DIALECTS[framework].prefixes[0]}.{base}" for framework in having)
            fault = f"both frameworks have {base!r}, and both are in the program"
            raise SymparamsError(fault, span, f"write {written}")
        return self.usual


class Bound(NamedTuple):
    """A call of a layer: the rule's arguments, how it was spelled, and what the framework adds to it."""

    rule: syntax.Rule
    arguments: dict[str, Node]
    named: dict[str, Node]
    spelled: ir.Spelled
    label: str | None
    activation: Node | None
    frozen: bool
    entering: Node | None


def bound(library: Library, framework: str, call: syntax.Call, references: Callable[[syntax.Rule], list[str]]) -> Bound:
    """The arguments of a call in a framework's spelling. Raises SymparamsError."""
    dialect = DIALECTS[framework]
    prefixed, base = split(call.name)
    if framework not in library.calls.get(base, {}) or (prefixed and prefixed is not dialect):
        fault = f"no layer {call.name!r} of {dialect.title} is known"
        raise SymparamsError(fault, call.span, library.near_call(base, framework))
    rule, spelling = library.spelling(base, framework)
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
    reader = ArgumentReader(rule, spelling, call, base, dialect)
    for parameter in spelling.parameters:
        value = given.get(parameter.name)
        if value is not None and parameter.kind:
            reader.take(parameter, value)
    for needed in rule.parameters:
        if needed.default is None and not needed.variadic and needed.name not in reader.arguments:
            fault = f"{call.name!r} says nothing of {needed.name}"
            raise SymparamsError(fault, call.span, _hint(None, call, spelling))
    spelled = reader.spelled(call.replaced(arguments=tuple(_as_printed(spelling, binding, left))))
    label = common.get("name")
    return Bound(
        rule,
        reader.arguments,
        binding.named,
        spelled,
        as_label(label),
        reader.activation,
        truth(common.get("trainable")) is False,
        _entering(common),
    )


def _entering(common: Mapping[str, Node]) -> Node | None:
    """The shape that a first layer says to flow in, as Keras 2 has it."""
    if "input_dim" in common:
        return syntax.Tuple((common["input_dim"],), span=common["input_dim"].span)
    whole = common.get("batch_input_shape")
    if isinstance(whole, (syntax.Tuple, syntax.List)):
        return syntax.Tuple(whole.items[1:], span=whole.span)
    return common.get("input_shape")


def _given(spelling: syntax.Spelling, binding: Binding) -> Iterator[tuple[str, Node]]:
    alone = [p.name for p in spelling.parameters if p.default == syntax.Name("one")]
    said = [name for name in alone if name in binding.given and not is_nothing(binding.given[name])]
    if alone and len(said) != 1:
        raise SymparamsError(f"{binding.call.name!r} takes one of {listing(alone)}", binding.call.span)
    together = [p.name for p in spelling.parameters if p.kind == GIVEN]
    if len({name in binding.given and not is_nothing(binding.given[name]) for name in together}) > 1:
        raise SymparamsError(f"{binding.call.name!r} takes {listing(together)} together", binding.call.span)
    for parameter in spelling.parameters:
        value = binding.given.get(parameter.name)
        value = parameter.default if value is None or is_nothing(value) else value
        if value is not None and not is_nothing(value) and value != syntax.Name("one"):
            yield parameter.name, value


def _as_printed(spelling: syntax.Spelling, binding: Binding, arguments: Sequence[Node]) -> Iterator[Node]:
    """The arguments of the layer itself: those behind one that is left out, as the activation is, by their names."""
    in_order = sum(not isinstance(argument, syntax.Keyword) for argument in arguments)
    left_out = False
    for place, parameter in enumerate(spelling.parameters):
        if parameter.name not in binding.given or parameter.kind == ACTIVATION or parameter.variadic:
            left_out = True
            continue
        value = binding.given[parameter.name]
        by_name = left_out or place >= in_order
        yield syntax.Keyword(parameter.name, value, span=value.span) if by_name else value
    yield from (syntax.Keyword(name, output, span=output.span) for name, output in binding.named.items())


def _check_required(rule: syntax.Rule, spelling: syntax.Spelling, given: dict[str, Node], call: syntax.Call) -> None:
    implied = axes_of(rule) | WORDS - {TAIL, LAST_FIRST}
    for parameter in spelling.parameters:
        required = parameter.kind and parameter.default is None and parameter.kind not in implied
        if required and parameter.name not in given:
            raise SymparamsError(f"{call.name!r} needs its argument {parameter.name!r}", call.span)


def _hint(error: SymparamsError | None, call: syntax.Call, spelling: syntax.Spelling) -> str:
    meant = error.hint if error and error.hint and error.hint.startswith("did you") else None
    return meant or shown_signature(call.name, spelling)


def shown_signature(name: str, spelling: syntax.Spelling) -> str:
    """A call with the arguments that count: `nn.Linear(in_features, out_features, bias=true)`."""
    one = syntax.Name("one")
    counted = (parameter for parameter in spelling.parameters if parameter.kind)
    return signature(name, [p.replaced(default=syntax.Name("none")) if p.default == one else p for p in counted])


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


# The words of Keras for activations that have another name here.
_ACTIVATIONS = {"swish": "silu", "hard_swish": "hardswish", "hard_silu": "hardswish"}


def activation(value: Node, library: Library, span: Span) -> Node | None:
    """The layer that an activation is, given by its word or as a function of that name; None for none at all.

    Raises SymparamsError for another one, and for a layer in the place of one, whose weights would be its own.
    """
    if isinstance(value, syntax.Apply):
        hint = f"write it behind: -> {unparse(value)}"
        raise SymparamsError("a layer in the place of an activation is not read", value.span, hint)
    said = value.value if isinstance(value, syntax.Text) else value.name if isinstance(value, syntax.Name) else ""
    word = said.rpartition(".")[2]
    if word == "linear":
        return None
    name = library.names.get(_ACTIVATIONS.get(word, word))
    if name is None or not library.is_activation(name):
        raise SymparamsError(f"there is no activation {said or unparse(value)!r}", value.span, library.near(word))
    return ir.LayerCall(None, name, (), (), None, None, span=span)


def names_called(nodes: Sequence[Node]) -> Iterator[str]:
    """The names of all that is called in a program."""
    for node in nodes:
        for inner in node.walk():
            if isinstance(inner, syntax.Call):
                yield inner.name
            elif isinstance(inner, syntax.Apply):
                yield inner.function
