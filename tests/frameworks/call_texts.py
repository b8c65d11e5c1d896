"""Random calls in a framework's spelling, as text, and the shape that flows in: drawn from the declarations alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from oracle import Draw, Shape

from symparams.language import framework_arguments as words
from symparams.language import syntax
from symparams.language.library import standard_library

LIBRARY = standard_library()


class Declared(NamedTuple):
    """A class with its rule and its declaration."""

    name: str
    rule: syntax.Rule
    spelling: syntax.Spelling


def declared(framework: str) -> dict[str, Declared]:
    """All classes of a framework that rules declare."""
    found = {}
    for name, having in sorted(LIBRARY.calls.items()):
        if framework in having:
            found[name] = Declared(name, *LIBRARY.spelling(name, framework))
    return found


def axes_of(rule: syntax.Rule) -> list[str]:
    return [axis.name for axis in rule.pattern.axes] if rule.pattern else []


def drawn_shape(d: Draw, of: Declared, last: bool) -> Shape:
    """What flows in, with as many axes as the name says, or by the pattern of the rule; rarely another number."""
    pattern = of.spelling.pattern or of.rule.pattern
    axes = pattern.axes if pattern else ()
    digit = next((int(c) for c, after in zip(of.name, of.name[1:]) if c.isdigit() and after in "dD"), None)
    if digit and any(axis.variadic for axis in axes) and "Dropout" not in of.name:
        rank = digit + 1 + (axes[0].name == "T")
    elif not any(axis.variadic for axis in axes):
        rank = len(axes) or d.number(1, 4)
    else:
        rank = d.number(max(len(axes) - 1, 1), 4)
    if d.rarely():
        rank += 1
    sizes = tuple(d.number(1, 8) for _ in range(rank))
    channels = d.one_of(1, 2, 4, 6)
    if axes and not axes[0].variadic and axes[0].name in ("C", "T") and len(sizes) > 1:
        return (*sizes[:-1], channels) if last else (channels, *sizes[1:])
    return (*sizes[:-1], d.one_of(2, 4, 6, 8))


def drawn_call(d: Draw, of: Declared, shape: Shape, last: bool) -> str:
    """A call with some arguments in order, some by name, and some left out."""
    wanted = [(p, _value(d, of, p, shape, last)) for p in of.spelling.parameters if not p.variadic]
    in_order, by_name, open_gap = [], [], d.number(0, 5) == 0
    for parameter, value in wanted:
        required = parameter.kind and parameter.default is None and parameter.kind not in _OPTIONAL
        if value is None or not (required or d.number(0, 2) == 0):
            open_gap = True
            if not (required and value is None):
                continue
        if value is None:
            continue
        if open_gap or d.number(0, 3) == 0:
            by_name.append(f"{parameter.name}={value}")
            open_gap = True
        else:
            in_order.append(str(value))
    return f"{of.name}({', '.join([*in_order, *by_name])})"


_OPTIONAL = {words.LAYOUT, words.ACTIVATION, words.CHANNELS, words.ENDING, words.REFUSED}


def _value(d: Draw, of: Declared, parameter: syntax.Parameter, shape: Shape, last: bool) -> str | None:
    """The text of an argument; None for one that is left out."""
    target = parameter.kind
    if target is None:
        return None
    if target in _PLACED:
        return _PLACED[target](d, shape)
    if target in axes_of(of.rule):
        first = axes_of(of.rule)[0] == target and len(shape) > 1 and not last
        size = shape[0] if first else shape[-1]
        return str(size + 1 if d.rarely() else size)
    own = next((p for p in of.rule.parameters if p.name == target), None)
    if own is None:
        return None
    if own.kind == "padding" and of.spelling.framework == "keras":
        return d.one_of("'same'", "'valid'", "'VALID'")
    draw = _BY_NAME.get((of.rule.name, target)) or _BY_NAME.get(("", target)) or _BY_KIND.get(own.kind or "")
    return draw(d, shape) if draw else None


def _number(low: int, high: int) -> Callable[[Draw, Shape], str]:
    return lambda d, shape: str(d.number(low - 1 if d.rarely() else low, high))


def _each(low: int, high: int) -> Callable[[Draw, Shape], str]:
    def draw(d: Draw, shape: Shape) -> str:
        axes = max(1, len(shape) - 1)
        least = low - 1 if d.rarely() else low
        if d.flag():
            return str(d.number(least, high))
        return str(tuple(d.number(least, high) for _ in range(axes)))

    return draw


def _padding(d: Draw, shape: Shape) -> str:
    return d.one_of(_each(0, 2)(d, shape), "'same'", "'valid'")


def _switch(d: Draw, shape: Shape) -> str:
    return d.one_of("True", "False")


def _axis(d: Draw, shape: Shape) -> str:
    return str(d.one_of(-1, *range(1, len(shape) + 1), len(shape) + d.rarely()))


def _axes(d: Draw, shape: Shape) -> str:
    return str(list(range(1, len(shape) + 1))[: d.number(1, len(shape))])


def _order(d: Draw, shape: Shape) -> str:
    order = list(range(1, len(shape) + 1))
    return str(tuple(order[::-1] if d.flag() else order))


def _as_product(d: Draw, shape: Shape) -> str:
    whole = 1
    for size in shape:
        whole *= size
    return d.one_of(f"({whole},)", f"(1, {whole})", "(-1,)", f"({shape[-1]}, -1)", f"({whole + 1},)")


def _last_axis_split(d: Draw, shape: Shape) -> str:
    return d.one_of(f"(1, {shape[-1]})", "(2, -1)", "(-1, 1)")


def _ending(d: Draw, shape: Shape) -> str:
    return d.one_of("-1", str(len(shape)), "[-1]", "[-2, -1]", "1")


def _tail(d: Draw, shape: Shape) -> str:
    count = d.number(1, len(shape))
    sizes = [size + d.rarely() for size in shape[len(shape) - count :]]
    return d.one_of(str(sizes), str(tuple(sizes))) if count > 1 or d.flag() else str(sizes[0])


_PLACED: dict[str, Callable[[Draw, Shape], str | None]] = {
    words.LAYOUT: lambda d, shape: None,
    words.ACTIVATION: lambda d, shape: d.one_of("'relu'", "None", "'softmax'"),
    words.CHANNELS: lambda d, shape: d.one_of("-1", "1", str(len(shape))),
    words.ENDING: _ending,
    words.TAIL: _tail,
    words.LAST_FIRST: lambda d, shape: d.one_of("1", "(0, 1)", "(1, 2, 0, 1)", "(1, 0, 0, 1, 1, 1)", "(1, 1, 1)"),
    words.REFUSED: lambda d, shape: None,
    words.GIVEN: lambda d, shape: d.one_of("1.0", "2.0"),
}
_BY_KIND: dict[str, Callable[[Draw, Shape], str]] = {
    "count": _number(1, 6),
    "amount": _number(0, 4),
    "size": _each(1, 3),
    "regions": lambda d, shape: d.one_of("1", "2", str(tuple(d.one_of(None, 1, 2) for _ in shape[1:]))),
    "stride": _each(1, 3),
    "dilation": _each(1, 2),
    "padding": _padding,
    "margin": _each(0, 2),
    "times": _each(1, 3),
    "factor": _number(1, 3),
    "rate": lambda d, shape: d.one_of("0.5", "0.25"),
    "number": lambda d, shape: d.one_of("1", "2", "0.5"),
    "switch": _switch,
    "axis": _axis,
    "axes": _axes,
    "integer": _number(1, 4),
}
_BY_NAME: dict[tuple[str, str], Callable[[Draw, Shape], str]] = {
    ("", "g"): lambda d, shape: str(d.one_of(1, 2)),
    ("", "heads"): lambda d, shape: str(d.one_of(1, 2)),
    ("", "kv_heads"): lambda d, shape: "1",
    ("reshape", "sizes"): _as_product,
    ("permute", "axes"): _order,
    ("unflatten", "sizes"): _last_axis_split,
    ("unflatten", "axis"): lambda d, shape: str(d.one_of(-1, len(shape))),
    ("upsample", "scale"): lambda d, shape: str(d.number(1, 3)),
    ("upsample", "size"): lambda d, shape: str(d.number(1, 6)),
}
