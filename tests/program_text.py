"""Trees of `brute_force` as programs of the language."""

from __future__ import annotations

from typing import Any

from brute_force import (
    Block,
    Body,
    Choice,
    Definition,
    Formula,
    Freeze,
    From,
    Group,
    Join,
    Layer,
    Loop,
    Merge,
    Network,
    Node,
    Repeat,
    Reuse,
)

WORDS = ("same", "valid")


def program(network: Network, head: str | None = None) -> str:
    """The whole program; `head` is its `net` line."""
    layout = ", layout=channels_last" if network.channels_last else ""
    lines = [head] if head else []
    lines += [f"dialect {network.dialect}"] if network.dialect != "torch" else []
    lines += [_definition(d) for d in definitions(network.body)]
    lines.append(f"input({', '.join(map(spell, network.shape))}{layout})")
    return "\n".join([*lines, *map(_node, network.body)]) + "\n"


def definitions(body: Body) -> list[Definition]:
    """The blocks that are called in a body, inner ones first."""
    found: dict[str, Definition] = {}
    for node in body:
        inner = node.definition.body if isinstance(node, Block) else [n for b in _bodies(node) for n in b]
        found.update((d.name, d) for d in definitions(inner))
        if isinstance(node, Block):
            found[node.definition.name] = node.definition
    return list(found.values())


def spell(value: Any) -> str:
    """An argument as the program writes it."""
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"({', '.join(map(spell, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, str) and value not in WORDS:
        return f'"{value}"'
    return str(value)


def _bodies(node: Node) -> list[Body]:
    match node:
        case Merge():
            return node.branches
        case Choice():
            return [node.then, node.otherwise]
        case Repeat() | Loop() | Group() | Freeze():
            return [node.body]
    return []


def _definition(definition: Definition) -> str:
    on = f" on ({', '.join(definition.pattern)})" if definition.pattern else ""
    parameters = f"({', '.join(definition.parameters)})" if definition.parameters else ""
    return f"def {definition.name}{parameters}{on} {_braces(definition.body)}"


def _braces(body: Body) -> str:
    lines = "\n".join(map(_node, body)).split("\n")
    return "{\n" + "".join(f"  {line}\n" for line in lines if line) + "}"


def _call(name: str, arguments: list[str], label: str | None = None) -> str:
    brackets = f"({', '.join(arguments)})" if arguments else ""
    return f"{f'{label}: ' if label else ''}{name}{brackets}"


def _layer(layer: Layer) -> str:
    arguments = [f"{name}={spell(value)}" for name, value in layer.arguments.items()]
    if layer.kind == "rearrange":
        arguments[0] = spell(layer.arguments["pattern"])
    arguments += [f"memory={layer.memory}"] if layer.memory else []
    arguments += [f"tied={layer.tied}"] if layer.tied else []
    return _call(layer.spelled or layer.kind, arguments, layer.label)


def _node(node: Node) -> str:
    match node:
        case Layer():
            return _layer(node)
        case Merge():
            axis = [f"axis={node.axis}"] if node.axis is not None else []
            return f"{_call(node.operator, axis, node.label)} {' '.join(map(_braces, node.branches))}"
        case Join():
            return _call(node.operator, [*node.names, *([f"axis={node.axis}"] if node.axis is not None else [])])
        case Repeat():
            return f"repeat({spell(node.count)}) {_braces(node.body)}"
        case Loop():
            values = map(spell, node.values)
            over = "..".join(values) if isinstance(node.values, tuple) else f"[{', '.join(values)}]"
            return f"for {node.target} in {over} {_braces(node.body)}"
        case Choice():
            otherwise = f" else {_braces(node.otherwise)}" if node.otherwise else ""
            return f"if {node.condition.text} {_braces(node.then)}{otherwise}"
        case Block():
            return _call(node.definition.name, list(map(spell, node.arguments)), node.label)
        case Group():
            return f"{node.label}: {_braces(node.body)}"
        case Freeze():
            return f"freeze {_braces(node.body)}"
        case Reuse():
            return f"reuse({node.name})"
        case From():
            return f"from {node.name}"
    raise TypeError(node)
