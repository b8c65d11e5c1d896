"""The layer reference: every layer by topic, and for each a page that is worked out from its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .. import syntax
from ..elaborate import DIALECTS
from ..errors import Source, SymparamsError, did_you_mean
from ..library import standard_library
from ..network import Network, from_source
from ..notation import text
from ..unparse import unparse

_SPACE = ("H", "W")


def layer_list() -> str:
    """The layers by topic, each with the sentence that its rule begins with."""
    library = standard_library()
    width = max(map(len, library.entries))
    lines: list[str] = []
    for source, names in library.topics.items():
        lines += ["", source.removeprefix("layers/").removesuffix(".arch")]
        lines += [f"  {name:<{width}}  {documentation(library.rule(name))}" for name in names]
    return "\n".join(lines[1:])


def layer_page(name: str) -> str:
    """A layer's arguments, formulas, conditions, what the dialects count differently, an example and its rule.

    Raises SymparamsError for a name that no layer has.
    """
    rule = find(name)
    lines = [f"{rule.name}: {documentation(rule)}", "", f"  {signature(rule)}", ""]
    lines += [f"  {line}" for line in _aliases(rule)]
    shown: list[str] = []
    for dialect in DIALECTS:
        facts = formulas(rule, dialect)
        if facts and facts.lines != shown:
            different = [line for line in facts.lines if line not in shown]
            if not different:
                continue
            lines += ["", f"In {dialect}, {facts.program}:" if not shown else f"In {dialect} differently:"]
            lines += [f"  {line}" for line in different]
            shown = facts.lines
    lines += ["", "Example:", *(f"  {line}" for line in example(rule).split("\n"))]
    lines += ["", "Rule:", *(f"  {line}" for line in standard_library().entries[rule.name].text.strip().split("\n"))]
    return "\n".join(lines)


def find(name: str) -> syntax.Rule:
    library = standard_library()
    if name not in library.names:
        hint = did_you_mean(name, library.names) or "'symparams layers' lists the layers"
        raise SymparamsError(f"there is no layer {name!r}", None, hint)
    return library.rule(library.names[name])


def documentation(rule: syntax.Rule) -> str:
    return next((s.text for s in rule.section.statements if isinstance(s, syntax.Doc)), "")


def signature(rule: syntax.Rule) -> str:
    return f"{rule.name}({', '.join(map(unparse, rule.parameters))})"


def _aliases(rule: syntax.Rule) -> Iterator[str]:
    library = standard_library()
    for parameter in rule.parameters:
        words = library.words_for(parameter.name)
        if len(words) > 1:
            yield f"{parameter.name} is also {', '.join(words[1:])}"
    names = [alias for alias, canonical in library.names.items() if canonical == rule.name and alias != rule.name]
    if names:
        yield f"{rule.name} is also {', '.join(names)}"


class Formulas(NamedTuple):
    """A program that applies the rule to symbols, and what it gives."""

    program: str
    lines: list[str]


def formulas(rule: syntax.Rule, dialect: str) -> Formulas | None:
    """The rule's formulas with as many of its arguments as symbols as it allows; None where it needs other values."""
    for symbolic in _choices(rule):
        program = _program(rule, symbolic)
        try:
            net = from_source(Source("reference", program), dialect)
        except SymparamsError:
            continue
        return Formulas(program, list(_facts(net)))
    return None


def _choices(rule: syntax.Rule) -> Iterator[Sequence[syntax.Parameter]]:
    """The parameters to give as symbols: all that are numbers, then fewer, then those without a default."""
    required = [p for p in rule.parameters if p.default is None and not p.variadic]
    numeric = [p for p in rule.parameters if isinstance(p.default, syntax.Number) and not p.default.decimal]
    for kept in range(len(numeric), -1, -1):
        chosen = numeric[:kept]
        yield [p for p in rule.parameters if p in required or p in chosen]


def _program(rule: syntax.Rule, symbolic: Sequence[syntax.Parameter]) -> str:
    arguments = ", ".join(f"{p.name}={p.name}" if p.default else p.name for p in symbolic)
    call = f"{rule.name}({arguments})" if arguments else rule.name
    return f"input({', '.join(_input_names(rule))}) -> {call}"


def _input_names(rule: syntax.Rule) -> list[str]:
    names: list[str] = []
    for axis in rule.pattern.axes if rule.pattern else ():
        first = not names and len(rule.pattern.axes) > 1 if rule.pattern else False
        names += (["T"] if first else _SPACE) if axis.variadic else [axis.name]
    return names or ["C", "H", "W"]


def _facts(net: Network) -> Iterator[str]:
    for layer in net.rows():
        for tensor in layer.tensors:
            kind = "" if tensor.kind == "weight" else "  (state)"
            yield f"{tensor.name:<10} {text.shape(tensor.shape, net.order)}{kind}"
    sizes = list(net.output_shape)
    for name in ("params", "state", "macs"):
        value = net.quantity(name)
        if value != 0:
            yield f"{name:<10} {text.total(value, net.order, sizes)}"
    yield f"{'output':<10} {text.shape(sizes, net.order)}"
    for i, condition in enumerate(net.guards):
        yield f"{'valid when' if i == 0 else '':<10} {text.condition(condition, net.order)}"


def example(rule: syntax.Rule) -> str:
    """The program that the rule gives as its example; else the rule applied to symbols."""
    for statement in rule.section.statements:
        if isinstance(statement, syntax.Example):
            return statement.program
    found = formulas(rule, "torch") or formulas(rule, "keras")
    return found.program if found else ""
