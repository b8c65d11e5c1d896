"""The layer reference: every layer by topic, and for each a page that is worked out from its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity
from ..core.network import CoreNetwork
from ..errors import Source, SymparamsError, did_you_mean
from ..evaluate.figures import STATED
from ..formula import latex, text
from ..language import syntax
from ..language.characters import as_read
from ..language.dialects import DIALECTS
from ..language.framework_calls import shown_signature
from ..language.library import standard_library
from ..language.unparse import signature

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
    lines = [f"{rule.name}: {documentation(rule)}", "", f"  {signature(rule.name, rule.parameters)}", ""]
    lines += [f"  {line}" for line in _aliases(rule)]
    for heading, facts in sections(rule):
        lines += ["", f"{heading}:", *(f"  {fact.label:<10} {fact.text}" for fact in facts)]
    lines += ["", "Example:", *_indented(example(rule)), "", "Rule:", *_indented(rule_text(rule))]
    return "\n".join(lines)


def markdown_page(name: str) -> str:
    """The same page in Markdown, with the formulas in LaTeX. Raises SymparamsError for a name that no layer has."""
    rule = find(name)
    lines = [f"## {rule.name}", "", documentation(rule), "", f"    {signature(rule.name, rule.parameters)}", ""]
    lines += [f"- {line}" for line in _aliases(rule)]
    for heading, facts in sections(rule):
        lines += ["", f"{heading}:", "", *(f"- {fact.label} ${fact.latex}$".replace("-  ", "- ") for fact in facts)]
    lines += ["", "Example:", "", "```", example(rule), "```", "", "Rule:", "", "```", rule_text(rule), "```", ""]
    return "\n".join(lines)


def reference_document() -> str:
    """The pages of all layers as one Markdown document."""
    topics = standard_library().topics.items()
    parts = ["# Layers\n"]
    for source, names in topics:
        parts += [f"# {source.removeprefix('layers/').removesuffix('.arch').title()}\n", *map(markdown_page, names)]
    return "\n".join(parts)


def rule_text(rule: syntax.Rule) -> str:
    return standard_library().entries[rule.name].text.strip()


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.split("\n")]


def find(name: str) -> syntax.Rule:
    library, name = standard_library(), as_read(name)
    if name not in library.names:
        hint = did_you_mean(name, library.names) or "'symparams layers' lists the layers"
        raise SymparamsError(f"there is no layer {name!r}", None, hint)
    return library.rule(library.names[name])


def documentation(rule: syntax.Rule) -> str:
    return next((s.text for s in rule.section.statements if isinstance(s, syntax.Doc)), "")


def _aliases(rule: syntax.Rule) -> Iterator[str]:
    library = standard_library()
    for parameter in rule.parameters:
        words = library.words_for(parameter.name)
        if len(words) > 1:
            yield f"{parameter.name} is also {', '.join(words[1:])}"
    own = [alias for alias, canonical in library.names.items() if canonical == rule.name and alias != rule.name]
    names = [alias for alias in own if alias not in library.calls]
    if names:
        yield f"{rule.name} is also {', '.join(names)}"
    for statement in rule.section.statements:
        if isinstance(statement, syntax.Spelling):
            yield f"in {statement.framework}: {shown_signature(', '.join(statement.names), statement)}"


class Fact(NamedTuple):
    """A line of a page: what it is about, and the formula in two notations."""

    label: str
    text: str
    latex: str


def sections(rule: syntax.Rule) -> Iterator[tuple[str, list[Fact]]]:
    """The formulas under a heading for each dialect; in the second only what is different."""
    known: list[Fact] = []
    for dialect in DIALECTS:
        program, facts = formulas(rule, dialect)
        different = [fact for fact in facts if fact not in known]
        if different:
            yield f"In {dialect}, {program}" if not known else f"In {dialect} differently", different
        known = known or facts


def formulas(rule: syntax.Rule, dialect: str) -> tuple[str, list[Fact]]:
    """A program that applies the rule, with as many arguments as symbols as it allows, and the formulas it gives."""
    given = [s.program for s in rule.section.statements if isinstance(s, syntax.Example)]
    for program in [*(_program(rule, symbolic) for symbolic in _choices(rule)), *given]:
        try:
            return program, list(_facts(CoreNetwork.from_source(Source("reference", program), dialect)))
        except SymparamsError:
            continue
    return "", []


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
    """A name for each axis that flows in; a star before several named axes stands for none."""
    axes = rule.pattern.axes if rule.pattern else ()
    named = [axis.name for axis in axes if not axis.variadic]
    if not axes or len(named) == len(axes):
        return named or ["C", "H", "W"]
    if axes[0].variadic and named:
        return ["T", *named] if len(named) == 1 else named
    return [*named, *_SPACE]


def _facts(net: CoreNetwork) -> Iterator[Fact]:
    for layer in net.rows():
        for tensor in layer.tensors:
            label = tensor.name if tensor.kind == "weight" else f"{tensor.name} (state)"
            yield _shape_fact(label, tensor.shape, net)
    sizes = list(net.output_shape)
    for name in STATED:
        value = net.quantity(name)
        if value != 0:
            yield Fact(name, text.total(value, net.order, sizes), latex.total(value, net.order, sizes))
    yield _shape_fact("output", sizes, net)
    for i, condition in enumerate(net.guards):
        yield Fact(
            "valid when" if i == 0 else "", text.condition(condition, net.order), latex.condition(condition, net.order)
        )


def _shape_fact(label: str, shape: Sequence[Quantity], net: CoreNetwork) -> Fact:
    inline = latex.tuple_of([latex.inline(size, net.order) for size in shape])
    return Fact(label, text.shape(shape, net.order), inline)


def example(rule: syntax.Rule) -> str:
    """The program that the rule gives as its example; else the rule applied to symbols."""
    for statement in rule.section.statements:
        if isinstance(statement, syntax.Example):
            return statement.program
    return next(filter(None, (formulas(rule, dialect)[0] for dialect in DIALECTS)), "")
