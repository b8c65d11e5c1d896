"""Parameters as they are declared: each name once, of a kind that there is, defaults made of what stands before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import SymparamsError, meant_or_known
from . import syntax
from .kinds import KINDS


def check_parameters(
    parameters: Sequence[syntax.Parameter], memories: Sequence[syntax.Memory] = (), of_layer: bool = False
) -> None:
    """Raise SymparamsError where parameters contradict each other, or say a kind that they cannot have."""
    names: set[str] = set()
    both: list[syntax.Parameter | syntax.Memory] = [*parameters, *memories]
    for named in both:
        if named.name in names:
            raise SymparamsError(f"the parameter {named.name!r} stands twice", named.span)
        names.add(named.name)
    for i, parameter in enumerate(parameters):
        _check_kind(parameter, of_layer)
        _check_default(parameter, {later.name for later in parameters[i:]})


def _check_kind(parameter: syntax.Parameter, of_layer: bool) -> None:
    if parameter.kind and not of_layer:
        raise SymparamsError("only the parameters of a layer have kinds", parameter.span, f"write {parameter.name}")
    if parameter.kind and parameter.kind not in KINDS:
        hint = meant_or_known(parameter.kind, KINDS, "the kinds are")
        raise SymparamsError(f"there is no kind {parameter.kind!r} of arguments", parameter.span, hint)


def _check_default(parameter: syntax.Parameter, later: set[str]) -> None:
    for name in names_in(parameter.default) if parameter.default else ():
        if name.name == parameter.name:
            raise SymparamsError(f"the default of {name.name!r} is made of {name.name!r} itself", name.span)
        if name.name in later:
            fault = f"the default of {parameter.name!r} is made of {name.name!r}, which stands after it"
            raise SymparamsError(fault, name.span, f"put {name.name!r} before {parameter.name!r}")


def names_in(node: syntax.Node) -> Iterator[syntax.Name]:
    return (inner for inner in node.walk() if isinstance(inner, syntax.Name))


def names_in_tuples(value: syntax.Node | None) -> Iterator[syntax.Name]:
    """The names that a value consists of: itself, or the elements of tuples, however deep."""
    if isinstance(value, syntax.Name):
        yield value
    elif isinstance(value, (syntax.Tuple, syntax.List)):
        for item in value.items:
            yield from names_in_tuples(item)


def name_in(node: syntax.Node) -> str | None:
    """The name in `b` or `b[2]`, which may be that of an output; None in other expressions."""
    while isinstance(node, syntax.Index):
        node = node.value
    return node.name if isinstance(node, syntax.Name) else None
