"""Calls in the spelling of a framework, as stages of a program: the layer, what is around it, its activation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from ..errors import Span
from . import ir, syntax
from .framework_calls import Bound, Choice, activation, bound, split
from .framework_wrappers import WRAPPERS, entering
from .library import Library
from .syntax import Node

Scope = frozenset[str]


class Elaborating(Protocol):
    """What a framework's call needs of the program that it stands in."""

    library: Library
    labels: set[str]

    def note_names(self, node: Node, scope: Scope, reference: str | None = None) -> None: ...

    def output_name(self, name: Node, scope: Scope) -> Node: ...

    def note_paddings(self, given: dict[str, Node], parameters: Sequence[syntax.Parameter], scope: Scope) -> None: ...

    def layer(self, call: syntax.Call, label: str | None, span: Span, scope: Scope) -> Node: ...


class SpelledCalls:
    """Links the calls of a program, of which all `called` names are known, and the dialect where it says one."""

    def __init__(self, around: Elaborating, called: Iterable[str], dialect: str | None):
        self.around = around
        self.library = around.library
        names = {*called}
        wrappers = {name: having for name, (having, _) in WRAPPERS.items()}
        self.choice = Choice(self.library, names, dialect, wrappers)
        self.has_input = any(split(name)[1] in ("input", "Input", "InputLayer") for name in names)

    def note_names(self, node: Node, scope: Scope) -> None:
        self.around.note_names(node, scope)

    def stages(
        self, call: syntax.Call, label: str | None, span: Span, scope: frozenset[str], around: str | None = None
    ) -> tuple[Node, ...]:
        """The stages of a call: in a framework's spelling, if it is one, else in the language's."""
        prefixed, base = split(call.name)
        having, wrap = WRAPPERS.get(base, ((), None))
        if wrap and (prefixed is None or prefixed.name in having):
            framework = prefixed.name if prefixed else having[0] if len(having) == 1 else around
            return wrap(self, call, label, span, scope, framework or self.choice.usual)
        if prefixed is None and base not in self.library.calls:
            return (self.around.layer(call, label, span, scope),)
        framework = self.choice.of(call.name, call.span, around)
        assert framework is not None
        return self.spelled_stages(self.framework_call(call, scope, framework), label, span, scope)

    def framework_call(self, call: syntax.Call, scope: frozenset[str], framework: str) -> Bound:
        """A framework's layer with its arguments, the names in them noted."""
        found = bound(self.library, framework, call, lambda rule: [*(m.name for m in rule.memories), "tied"])
        for value in [*found.arguments.values(), *(value for _, _, value in found.spelled.sizes)]:
            self.around.note_names(value, scope)
        for output in found.named.values():
            self.around.output_name(output, scope)
        self.around.note_paddings(found.arguments, found.rule.parameters, scope)
        return found

    def spelled_stages(self, found: Bound, label: str | None, span: Span, scope: frozenset[str]) -> tuple[Node, ...]:
        """The layer under its name, and the activation behind it."""
        rule = found.rule
        order = [(f"{'*' * p.variadic}{p.name}", found.arguments.get(p.name)) for p in rule.parameters]
        arguments = tuple((name, value) for name, value in order if value is not None)
        memories = tuple((m.name, found.named[m.name]) for m in rule.memories if m.name in found.named)
        label = label or found.label
        if label:
            self.around.labels.add(label)
        layer: Node = ir.LayerCall(
            label, rule.name, arguments, memories, found.named.get("tied"), found.spelled, span=span
        )
        if found.frozen:
            layer = ir.Freeze(None, (layer,), span=span)
        after = activation(found.activation, self.library, span) if found.activation else None
        before: tuple[Node, ...] = ()
        if isinstance(found.entering, (syntax.Tuple, syntax.List)) and not self.has_input:
            self.has_input = True
            before = (entering(self, found.entering.items, None, span, scope),)
        return (*before, layer, after) if after else (*before, layer)
