"""IR and syntax back to text: a program that parses to the same IR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import singledispatch

from . import ir, syntax
from .syntax import Node

_LOOSEST = 0
_TIGHTEST = 99
# As long as a line is that stands with its braces on one.
_SHORT = 60

# How tightly each expression binds; an operand that binds less than its place asks for gets brackets.
_BINDING: dict[type[Node], int] = {
    syntax.Conditional: 1,
    syntax.Or: 2,
    syntax.And: 3,
    syntax.Not: 4,
    syntax.Comparison: 5,
    syntax.Addition: 6,
    syntax.Multiplication: 7,
    syntax.Sign: 8,
    syntax.Exponent: 9,
    syntax.Index: 10,
}


@singledispatch
def unparse(node: Node) -> str:
    """The text of a node, without the line break after it."""
    raise TypeError(f"no text for {type(node).__name__}")


def _within(node: Node, binding: int) -> str:
    text = unparse(node)
    return f"({text})" if _BINDING.get(type(node), _TIGHTEST) < binding else text


def signature(name: str, parameters: Iterable[syntax.Parameter]) -> str:
    """`conv(out, k, s=1)`."""
    return f"{name}({', '.join(map(_as_given, parameters))})"


def _as_given(parameter: syntax.Parameter) -> str:
    return unparse(syntax.Parameter(parameter.name, None, parameter.default, parameter.variadic))


def _list(nodes: Iterable[Node]) -> str:
    return ", ".join(map(unparse, nodes))


# Expressions


@unparse.register
def _(node: syntax.Number) -> str:
    if not isinstance(node.value, Fraction):
        return f"{node.value}.0" if node.decimal else str(node.value)
    digits, scaled = 0, node.value
    while scaled.denominator != 1:
        scaled, digits = scaled * 10, digits + 1
    text = str(scaled.numerator).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}"


@unparse.register
def _(node: syntax.Text) -> str:
    return f"'{node.value}'" if '"' in node.value else f'"{node.value}"'


@unparse.register
def _(node: syntax.Truth) -> str:
    return "true" if node.value else "false"


@unparse.register
def _(node: syntax.Name) -> str:
    return node.name


@unparse.register
def _(node: syntax.Tuple) -> str:
    single = len(node.items) == 1 and not isinstance(node.items[0], syntax.Splat)
    return f"({_list(node.items)}{',' if single else ''})"


@unparse.register
def _(node: syntax.List) -> str:
    return f"[{_list(node.items)}]"


@unparse.register
def _(node: syntax.Splat) -> str:
    return f"*{_within(node.value, _BINDING[syntax.Sign])}"


@unparse.register
def _(node: syntax.Keyword) -> str:
    return f"{node.name}={unparse(node.value)}"


@unparse.register
def _(node: syntax.Apply) -> str:
    return f"{node.function}({_list(node.arguments)})"


@unparse.register
def _(node: syntax.Index) -> str:
    return f"{_within(node.value, _BINDING[syntax.Index])}[{unparse(node.index)}]"


@unparse.register
def _(node: syntax.Sign) -> str:
    return f"{node.operator}{_within(node.value, _BINDING[syntax.Sign])}"


def _chain(node: syntax.Addition | syntax.Multiplication | syntax.Comparison) -> str:
    inner = _BINDING[type(node)] + 1
    rest = "".join(f" {operator} {_within(operand, inner)}" for operator, operand in node.rest)
    return _within(node.first, inner) + rest


unparse.register(syntax.Addition)(_chain)
unparse.register(syntax.Multiplication)(_chain)
unparse.register(syntax.Comparison)(_chain)


@unparse.register
def _(node: syntax.Exponent) -> str:
    return f"{_within(node.base, _BINDING[syntax.Index])}**{_within(node.exponent, _BINDING[syntax.Sign])}"


@unparse.register
def _(node: syntax.And) -> str:
    return " and ".join(_within(item, _BINDING[syntax.Not]) for item in node.items)


@unparse.register
def _(node: syntax.Or) -> str:
    return " or ".join(_within(item, _BINDING[syntax.And]) for item in node.items)


@unparse.register
def _(node: syntax.Not) -> str:
    return f"not {_within(node.value, _BINDING[syntax.Not])}"


@unparse.register
def _(node: syntax.Conditional) -> str:
    inner = _BINDING[syntax.Or]
    then, condition = _within(node.then, inner), _within(node.condition, inner)
    return f"{then} if {condition} else {unparse(node.otherwise)}"


@unparse.register
def _(node: syntax.Range) -> str:
    inner = _BINDING[syntax.Addition]
    return f"{_within(node.start, inner)}..{_within(node.stop, inner)}"


# Definitions


@unparse.register
def _(node: syntax.Parameter) -> str:
    kind = f": {node.kind}" if node.kind else ""
    default = "" if node.default is None else f"={unparse(node.default)}"
    return f"{'*' if node.variadic else ''}{node.name}{kind}{default}"


@unparse.register
def _(node: syntax.Pattern) -> str:
    return f"({', '.join(('*' if a.variadic else '') + a.name for a in node.axes)})"


def _head(
    word: str,
    name: str,
    parameters: Sequence[Node],
    pattern: Node | None = None,
    memories: Iterable[syntax.Memory] = (),
) -> str:
    brackets = f"({_list(parameters)})" if parameters else ""
    on = f" on {unparse(pattern)}" if pattern else ""
    more = "".join(f", {memory.name} {unparse(memory.pattern)}" for memory in memories)
    return f"{word} {name}{brackets}{on}{more}"


@unparse.register
def _(node: syntax.LatexStatement) -> str:
    return f"latex {node.name} = {unparse(node.text)}"


@unparse.register
def _(node: syntax.FunctionDefinition) -> str:
    return f"fn {node.name}({_list(node.parameters)}) = {unparse(node.value)}"


@unparse.register
def _(node: syntax.Definition) -> str:
    return f"{_head('def', node.name, node.parameters, node.pattern, node.memories)} {_block(node.body.items)}"


@unparse.register
def _(node: syntax.Rule) -> str:
    return f"{_head('layer', node.name, node.parameters, node.pattern, node.memories)} {unparse(node.section)}"


@unparse.register
def _(node: syntax.Section) -> str:
    return _block(node.statements)


@unparse.register
def _(node: syntax.Spelling) -> str:
    on = f" on {unparse(node.pattern)}" if node.pattern else ""
    return f"call {node.framework} {', '.join(node.names)}({_list(node.parameters)}){on}"


@unparse.register
def _(node: syntax.Require) -> str:
    message = "" if node.message is None else f", {unparse(syntax.Text(node.message))}"
    return f"require {unparse(node.condition)}{message}"


@unparse.register
def _(node: syntax.Weight) -> str:
    index = f"[{unparse(node.index)}]" if node.index else ""
    condition = f" if {unparse(node.condition)}" if node.condition else ""
    label = f", {unparse(syntax.Text(node.label))}" if node.label else ""
    return f"{node.kind} {node.name}{index}({_list(node.shape)}){condition}{label}"


@unparse.register
def _(node: syntax.Field) -> str:
    return f"field {node.name}({_list(node.window)})" if node.name else "field"


unparse.register(syntax.Also, lambda node: f"also {', '.join(node.names)}")
unparse.register(syntax.Why, lambda node: f"why {node.figure} {unparse(syntax.Text(node.text))}")
unparse.register(syntax.Output, lambda node: f"output {unparse(node.shape)}")
unparse.register(syntax.Macs, lambda node: f"macs {unparse(node.count)}")
unparse.register(syntax.Cache, lambda node: f"cache {unparse(node.count)}")
unparse.register(syntax.Idle, lambda node: f"idle {unparse(node.count)}")
unparse.register(syntax.Build, lambda node: f"build {node.target} {unparse(syntax.Text(node.template))}")
unparse.register(syntax.Example, lambda node: f"example {unparse(syntax.Text(node.program))}")
unparse.register(syntax.Doc, lambda node: unparse(syntax.Text(node.text)))


@unparse.register
def _(node: syntax.RuleLoop) -> str:
    return f"for {_targets(node.targets)} in {unparse(node.values)} {unparse(node.section)}"


@unparse.register
def _(node: syntax.RuleBranch) -> str:
    otherwise = f" else {unparse(node.otherwise)}" if node.otherwise else ""
    return f"if {unparse(node.condition)} {unparse(node.then)}{otherwise}"


# Stages


@unparse.register
def _(node: syntax.Call) -> str:
    return f"{node.name}({_list(node.arguments)})"


def _targets(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


def _block(items: Sequence[Node]) -> str:
    if not items:
        return "{ }"
    lines = "\n".join(map(unparse, items)).split("\n")
    if len(lines) == 1 and len(lines[0]) <= _SHORT:
        return f"{{ {lines[0]} }}"
    return "{\n" + "".join(f"  {line}\n" for line in lines) + "}"


def _label(label: str | None) -> str:
    return f"{label}: " if label else ""


@unparse.register
def _(node: syntax.Let) -> str:
    return f"let {node.name} = {unparse(node.value)}"


@unparse.register
def _(node: syntax.Assume) -> str:
    return f"assume {unparse(node.condition)}"


def _arguments(bound: ir.Bound, more: Iterable[tuple[str, Node]] = ()) -> str:
    spread = [item for name, value in bound if name.startswith("*") for item in value.children()]
    plain = [item for item in spread if not _is_named(item)]
    texts = [f"*({_list(plain)},)"] if plain and len(bound) > 1 else [unparse(item) for item in plain]
    texts += [f"{name}={unparse(value)}" if name else unparse(value) for name, value in bound if name[:1] != "*"]
    texts += [f"{item.items[0].value}={unparse(item.items[1])}" for item in spread if _is_named(item)]  # type: ignore[attr-defined]
    texts += [f"{name}={unparse(value)}" for name, value in more]
    return f"({', '.join(texts)})" if texts else ""


def _is_named(item: Node) -> bool:
    """Whether an element of a rule's many arguments was given by name, as the size of an axis is."""
    pair = item.items if isinstance(item, syntax.Tuple) else ()
    return len(pair) == 2 and isinstance(pair[0], syntax.Text) and pair[0].value.isidentifier()


@unparse.register
def _(node: ir.Input) -> str:
    layout = "" if node.layout in (None, "channels_first") else f", layout={node.layout}"
    return f"{_label(node.label)}input({_list(node.shape)}{layout})"


@unparse.register
def _(node: ir.LayerCall) -> str:
    tied = [("tied", node.tied)] if node.tied else []
    if node.spelled:
        return f"{_label(node.label)}{unparse(node.spelled.call)}"
    return f"{_label(node.label)}{node.rule}{_arguments(node.arguments, [*node.memories, *tied])}"


@unparse.register
def _(node: ir.Block) -> str:
    return f"{_label(node.label)}{node.definition}{_arguments(node.arguments, node.memories)}"


@unparse.register
def _(node: ir.Merge) -> str:
    options = [*map(unparse, node.others), *([f"axis={unparse(node.axis)}"] if node.axis else [])]
    brackets = f"({', '.join(options)})" if options else ""
    branches = "".join(f" {_block(branch)}" for branch in node.branches)
    return f"{_label(node.label)}{node.operator}{brackets}{branches}"


@unparse.register
def _(node: ir.Repeat) -> str:
    return f"{_label(node.label)}repeat({unparse(node.count)}) {_block(node.body)}"


@unparse.register
def _(node: ir.Loop) -> str:
    return f"for {_targets(node.targets)} in {unparse(node.values)} {_block(node.body)}"


@unparse.register
def _(node: ir.Branch) -> str:
    otherwise = f" else {_block(node.otherwise)}" if node.otherwise else ""
    return f"if {unparse(node.condition)} {_block(node.then)}{otherwise}"


@unparse.register
def _(node: ir.From) -> str:
    return f"from {unparse(node.output)}"


@unparse.register
def _(node: ir.Reuse) -> str:
    return f"{_label(node.label)}reuse({unparse(node.output)})"


@unparse.register
def _(node: ir.Freeze) -> str:
    return f"{_label(node.label)}freeze {_block(node.body)}"


@unparse.register
def _(node: ir.Aside) -> str:
    return f"aside({', '.join(map(unparse, node.shape))}) {_block(node.body)}"


@unparse.register
def _(node: ir.Group) -> str:
    return f"{_label(node.label)}{_block(node.body)}"


@unparse.register
def _(node: ir.Numbered) -> str:
    return f"{unparse(node.output)}: {unparse(node.stage)}"


@unparse.register
def _(node: ir.Program) -> str:
    head = [_head("net", node.name, node.parameters)] if node.name else []
    head.append(f"dialect {node.dialect}")
    head += map(unparse, [*node.spellings, *node.functions])
    definitions = map(unparse, [*node.rules, *node.definitions])
    tail = [f"output({_list(node.outputs)})"] if node.outputs else []
    stages = "\n".join([*map(unparse, node.body), *tail])
    return "\n\n".join(["\n".join(head), *definitions, stages]) + "\n"
