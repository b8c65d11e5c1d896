"""The arguments of a call, bound to the parameters that they are meant for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..errors import SymparamsError, did_you_mean
from . import syntax
from .parameters import name_in
from .syntax import Node
from .unparse import signature

WordsFor = Callable[[str], "tuple[str, ...]"]


class Binding:
    """The arguments of one call: `given` by parameter, and in `named` those that name an output.

    `references` are the arguments that name an output; `words_for` gives all names of an argument. Raises
    SymparamsError for an argument that has no place, comes twice or is missing.
    """

    def __init__(
        self,
        call: syntax.Call,
        parameters: Sequence[syntax.Parameter],
        references: Sequence[str],
        words_for: WordsFor,
    ):
        self.call = call
        self.parameters = parameters
        self.references = references
        self.words_for = words_for
        self.given: dict[str, Node] = {}
        self.named: dict[str, Node] = {}
        self.spread: list[Node] = []
        any_number = next((p for p in parameters if p.variadic), None)
        self.variadic = any_number and any_number.name
        self.spreads_names = any_number is not None and any_number.kind is None
        self.positions = [p.name for p in parameters if not p.variadic]
        for argument in call.arguments:
            if isinstance(argument, syntax.Keyword):
                self.bind_by_name(argument)
            else:
                self.bind_in_order(argument)
        if self.variadic and self.spread:
            self.given[self.variadic] = syntax.Tuple(tuple(self.spread), span=self.spread[0].span)
        for parameter in parameters:
            if parameter.name not in self.given and parameter.default is None and not parameter.variadic:
                raise self.missing(parameter)

    @property
    def bound(self) -> tuple[tuple[str, Node], ...]:
        """Values by parameter, in the parameters' order; a star is before the name of one that takes any number."""
        return tuple(
            (f"{'*' * p.variadic}{p.name}", self.given[p.name]) for p in self.parameters if p.name in self.given
        )

    def memories(self, inputs: Sequence[syntax.Memory]) -> tuple[tuple[str, Node], ...]:
        """The outputs that the call names for further inputs: none without those before it."""
        given = [memory.name for memory in inputs if memory.name in self.named]
        for name, first in zip(given, inputs):
            if name != first.name:
                fault = f"{self.call.name!r} takes {name!r} beside {first.name!r}"
                raise SymparamsError(fault, self.call.span, f"name {first.name} as well")
        return tuple((name, self.named[name]) for name in given)

    def bind_in_order(self, argument: Node) -> None:
        if self.variadic and isinstance(argument, syntax.Splat) and isinstance(argument.value, syntax.Tuple):
            self.spread += argument.value.items
            return
        if self.variadic and (isinstance(argument, syntax.Splat) or all(n in self.given for n in self.positions)):
            self.spread.append(argument)
            return
        if isinstance(argument, syntax.Splat):
            raise SymparamsError("'*' spreads a tuple inside a shape, not here", argument.span)
        if len(self.given) >= len(self.positions):
            takes = f"takes {count(len(self.positions), 'argument')}"
            raise SymparamsError(f"{self.call.name!r} {takes}", argument.span, self.signature)
        name = self.positions[len(self.given)]
        if name in self.given or any(
            isinstance(a, syntax.Keyword) and a.span.start < argument.span.start for a in self.call.arguments
        ):
            fault = "an argument without a name must come before those with one"
            raise SymparamsError(fault, argument.span, self.signature)
        self.given[name] = argument

    def bind_by_name(self, argument: syntax.Keyword) -> None:
        """Bind one argument by its name; where a rule takes any number, an unknown one is a (name, value)."""
        if argument.name in self.references:
            if name_in(argument.value) is None:
                raise SymparamsError(f"{argument.name!r} takes the name of an output", argument.span)
            self.named[argument.name] = argument.value
            return
        words = {word: p.name for p in self.parameters for word in self.words_for(p.name)}
        words |= {p.name: p.name for p in self.parameters}
        name = words.get(argument.name)
        if name is None and self.spreads_names:
            self.spread.append(syntax.Tuple((syntax.Text(argument.name), argument.value), span=argument.span))
            return
        if name is None:
            hint = did_you_mean(argument.name, {*words, *self.references}) or self.signature
            raise SymparamsError(f"{self.call.name!r} has no argument {argument.name!r}", argument.span, hint)
        if name in self.given or (name == self.variadic and self.spread):
            raise SymparamsError(f"{self.call.name!r} gets its argument {name!r} twice", argument.span)
        if name == self.variadic:
            value = argument.value
            self.spread += value.items if isinstance(value, (syntax.Tuple, syntax.List)) else [value]
        else:
            self.given[name] = argument.value

    def missing(self, parameter: syntax.Parameter) -> SymparamsError:
        long = [word for word in self.words_for(parameter.name) if word != parameter.name][:1]
        also = f" ({long[0]})" if long else ""
        return SymparamsError(
            f"{self.call.name!r} needs its argument {parameter.name!r}{also}", self.call.span, self.signature
        )

    @property
    def signature(self) -> str:
        return signature(self.call.name, self.parameters)


def count(number: int, noun: str) -> str:
    """`1 argument`, `2 branches`, `no arguments`."""
    plural = "es" if noun.endswith("ch") else "" if noun.endswith("}") else "s"
    return f"{number or 'no'} {noun}{plural if number != 1 else ''}"
