"""One layer beside the framework's own: weights, state, output and refusals of both, compared and counted."""

from __future__ import annotations

import importlib
import os
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import event, note
from hypothesis import strategies as st
from known_differences import KNOWN

import symparams as sp
from symparams.evaluate.flow import Flow
from symparams.evaluate.rules import Applied
from symparams.evaluate.symbols import Symbols
from symparams.frameworks.templates import constructor_of
from symparams.language.library import standard_library

Shape = tuple[int, ...]
TALLY: Counter[tuple[str, str, str]] = Counter()


def demand(name: str) -> Any:
    """The framework; without it its tests are skipped, or fail where SYMPARAMS_REQUIRE_FRAMEWORKS asks for it."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    if os.environ.get("SYMPARAMS_REQUIRE_FRAMEWORKS"):
        return importlib.import_module(name)
    return pytest.importorskip(name, exc_type=ImportError)


class Found(NamedTuple):
    """What a layer is: the shapes of its weights and of its state, in any order, and that of its output."""

    weights: tuple[Shape, ...]
    state: tuple[Shape, ...]
    output: Shape


class Case(NamedTuple):
    """A layer with its arguments by their short names, the shape that flows in, and how the framework makes it.

    `make` gives a callable layer and what it is called with; `before` are lines of the program for other inputs;
    `channels` is the axis of the channels in the shape.
    """

    layer: str
    arguments: dict[str, Any]
    shape: Shape
    make: Callable[[], tuple[Any, tuple[Any, ...]]]
    before: str = ""
    channels: int = 0

    def program(self, dialect: str, layout: str = "channels_first") -> str:
        """The program in the language; with the channels last, the shape is written that way round."""
        flow = "" if not self.before else "x: "
        arguments = ", ".join(f"{name}={written(value)}" for name, value in self.arguments.items() if name[0] != "*")
        spread = ", ".join(map(written, self.arguments.get("*", ())))
        call = f"{self.layer}({', '.join(filter(None, (spread, arguments)))})"
        sizes = ", ".join(map(str, self.shape))
        if layout == "channels_last":
            others = (*self.shape[: self.channels], *self.shape[self.channels + 1 :])
            sizes = ", ".join(map(str, (*others, self.shape[self.channels], f"{layout=!s}")))
        return f"dialect {dialect}\n{self.before}{flow}input({sizes})\n{call}\n"


def misfit(d: Draw, shape: Shape) -> Shape:
    """A shape that does not fit this one, or does; none with an axis of one in its place, which stretches."""
    return tuple(size + d.number(0, 1) if size > 1 else size for size in shape)


def written(value: Any) -> str:
    """A value in the language."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"({', '.join(map(written, value))}{',' * (len(value) == 1)})"
    return str(value)


def stated(program: str, whole: bool = False) -> Found | str:
    """What symparams says of the last layer, or of all of them together; its message where it refuses."""
    try:
        net = sp.parse(program)
        net.params  # noqa: B018
    except sp.SymparamsError as error:
        return error.message
    layers = [*net.layers.values()][0 if whole else -1 :]
    tensors = [(t.kind, tuple(map(int, t.shape))) for layer in layers for t in layer.tensors]
    weights, state = (tuple(sorted(shape for sort, shape in tensors if sort == kind)) for kind in ("weight", "state"))
    return Found(weights, state, tuple(map(int, net.output)))


def applied(program: str) -> Applied:
    """The last layer's rule, applied."""
    parsed = sp.parse(program).program
    flow = Flow(parsed, standard_library(), Symbols(parsed.names, parsed.paddings, {}, ()))
    flow.run()
    return list(flow.applied.values())[-1]


def compare(
    case: Case,
    dialect: str,
    look: Callable[..., Found],
    names: dict[str, Any],
    layout: str = "channels_first",
) -> None:
    """Compare a layer with the real one, and with what its `build` statement makes, and count what came of it."""
    program = case.program(dialect, layout)
    note(program)
    ours = stated(program)
    theirs = found(look, case.make)
    note(f"symparams: {ours}\n{dialect}: {theirs}")
    differs = ours != theirs and not (isinstance(ours, str) and isinstance(theirs, str))
    known = next((k for k in KNOWN if differs and k.covers(case.layer, dialect, case.arguments, case.shape)), None)
    outcome = "known difference" if known else "refused by both" if isinstance(theirs, str) else "equal"
    if not differs or known:
        event(outcome)
        TALLY[case.layer, dialect, outcome] += 1
    else:
        raise AssertionError(f"{program}symparams: {ours}\n{dialect}:     {theirs}")
    if isinstance(ours, str) or known:
        return
    code = constructor_of(applied(program), dialect)
    if code is None:
        return
    note(code)
    built = found(look, lambda: (eval(code, dict(names)), case.make()[1]))
    assert built == ours, f"{program}{code}\nsymparams: {ours}\nbuilt:     {built}"
    TALLY[case.layer, dialect, "built by its rule"] += 1


def found(look: Callable[..., Found], make: Callable[[], tuple[Any, tuple[Any, ...]]]) -> Found | str:
    """What the framework makes of the layer; its message where it refuses to."""
    try:
        layer, inputs = make()
        return look(layer, *inputs)
    except (ValueError, RuntimeError, AssertionError, TypeError, IndexError, NotImplementedError, ArithmeticError) as e:
        return f"{type(e).__name__}: {str(e)[:300]}"


class Draw:
    """Arguments of a layer, drawn by hypothesis."""

    def __init__(self, data: st.DataObject):
        self.data = data

    def one_of(self, *values: Any) -> Any:
        return self.data.draw(st.sampled_from(values))

    def number(self, low: int, high: int) -> int:
        return self.data.draw(st.integers(low, high))

    def flag(self) -> bool:
        return self.data.draw(st.booleans())

    def rarely(self) -> bool:
        return self.number(0, 7) == 7

    def image(self, axes: tuple[int, ...] = (1, 2, 3), most: int = 9) -> Shape:
        """Channels, and one to three sizes."""
        rank = self.one_of(*axes)
        return (self.number(1, 6), *(self.number(1, most) for _ in range(rank)))

    def shape(self, least: int = 1, most: int = 4) -> Shape:
        return tuple(self.number(1, 6) for _ in range(self.number(least, most)))

    def each(self, low: int, high: int, axes: int) -> Any:
        """A number for all axes, or one for each."""
        return self.number(low, high) if self.flag() else tuple(self.number(low, high) for _ in range(axes))

    def sides(self, high: int, axes: int) -> tuple[tuple[int, int], ...]:
        return tuple((self.number(0, high), self.number(0, high)) for _ in range(axes))

    def some(self, **arguments: Any) -> dict[str, Any]:
        """Some of the arguments, so that the defaults of the others are compared."""
        return {name: value for name, value in arguments.items() if self.flag()}

    def einsum(self) -> tuple[str, Shape, dict[str, Any], Shape, Shape | None]:
        """An equation of a dense layer, what flows in, the other arguments, and the shapes of kernel and bias."""
        sizes = {letter: self.number(1, 4) for letter in "bcdxy"}
        flowing = "bcd"[: self.number(1, 3)]
        contracted = [letter for letter in flowing if self.flag()]
        new = "xy"[: self.number(0 if contracted else 1, 2)]
        kernel = self.data.draw(st.permutations([*contracted, *new]))
        kept = [letter for letter in flowing if letter not in contracted or self.rarely()]
        output = self.data.draw(st.permutations([*kept, *new]))
        bias_axes = "".join(letter for letter in output if self.flag())
        shape = tuple(sizes[letter] for letter in flowing)
        bias: tuple[int, ...] = ()
        if bias_axes:
            first = min(map(output.index, bias_axes))
            bias = tuple(sizes[c] if c in bias_axes else 1 for c in output[first:])
        start, end = self.one_of(("a", ""), ("...", ""), ("a", "..."))
        more = self.shape(0, 1) if start == "..." or end else ()
        if end and bias:
            bias += (1,) * len(more)
        after = "".join(output)
        equation = f"{start}{flowing}{end},{''.join(kernel)}->{start}{after}{end}"
        open_axes = {*flowing} - {*kernel, *bias_axes}
        if self.rarely() and "b" in open_axes:
            sizes["b"] += 1
        stated = tuple(-1 if c in open_axes and self.flag() else sizes[c] for c in output)
        arguments = {
            "equation": repr(equation),
            "shape": stated,
            **({"bias_axes": repr(bias_axes)} if bias_axes else {}),
        }
        shape = (*more, *shape) if start == "..." else (*shape, *more)
        return equation, shape, arguments, tuple(sizes[c] for c in kernel), bias or None

    def divisor(self, number: int) -> int:
        """Mostly a divisor, at times any number."""
        if self.rarely():
            return self.number(1, 4)
        return self.one_of(*(d for d in range(1, number + 1) if number % d == 0))
