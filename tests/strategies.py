"""Random programs for Hypothesis: a tree that the brute-force count takes as it is, written out with symbols in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    Refused,
    Repeat,
    Reuse,
    Scope,
    Shape,
    Size,
    shape_after,
)
from hypothesis import strategies as st
from layer_strategies import draw_layer
from layers_by_hand import ACTIVATIONS
from program_text import program

SYMBOLS = ["C", "M", "n", "w_1", "α", "H0", "heads", "x2", "E", "S"]
PADDINGS = ["p_1", "p_2"]
SPELLINGS = {
    "conv": ["conv2d", "conv1d"],
    "linear": ["dense", "fc"],
    "bn": ["batchnorm", "batch_norm"],
    "maxpool": ["max_pool", "max_pool2d"],
    "layernorm": ["layer_norm", "ln"],
    "attention": ["mha"],
    "id": ["identity"],
}
PATTERNS = {
    1: ["d_in"],
    2: ["t_in", "d_in"],
    3: ["c_in", "h_in", "w_in"],
    4: ["c_in", "a_in", "h_in", "w_in"],
    5: ["b_in", "c_in", "a_in", "h_in", "w_in"],
}
LARGEST = 80


@dataclass
class Drawn:
    """A program, the values that it was drawn for, and the names that its `net` line gives other defaults to."""

    network: Network
    values: dict[str, int]
    defaults: dict[str, int] | None

    @property
    def text(self) -> str:
        if self.defaults is None:
            return program(self.network)
        parameters = ", ".join(f"{n}={self.defaults[n]}" if n in self.defaults else n for n in self.values)
        return program(self.network, f"net drawn{f'({parameters})' if parameters else ''}")

    def __repr__(self) -> str:
        return f"{self.values}\n{self.text}"


@st.composite
def programs(draw: st.DrawFn, length: int = 5) -> Drawn:
    """A program that is in order at the values that come with it."""
    author = Author(draw)
    body = author.network.body
    body += author.start()
    author.extend(body, author.shape, author.scope, draw(st.integers(1, length)), 2)
    text = program(author.network)
    values = {name: value for name, value in author.scope.values.items() if re.search(rf"\b{name}\b", text)}
    defaults = None
    if draw(st.integers(0, 3)) == 0:
        freed = [name for name in values if draw(st.booleans())]
        defaults = {name: values[name] + draw(st.integers(0, 3)) for name in freed}
    return Drawn(author.network, values, defaults)


class Author:
    """Writes a program stage by stage; it knows the shape that flows at every place."""

    def __init__(self, draw: st.DrawFn):
        self.draw = draw
        dialect = draw(st.sampled_from(["torch", "torch", "keras"]))
        self.network = Network((), [], dialect)
        self.scope = Scope({})
        self.definitions = 0
        self.labels = 0

    def integer(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, max(low, high)))

    def one_of(self, *items: Any) -> Any:
        return self.draw(st.sampled_from(items))

    def often(self) -> bool:
        return self.draw(st.booleans())

    def rarely(self) -> bool:
        return self.integer(0, 4) == 4

    def draw_permutation(self, items: Any) -> list[Any]:
        return self.draw(st.permutations(list(items)))

    def label(self) -> str:
        self.labels += 1
        return f"L{self.labels}"

    # Numbers

    def number(self, value: int, scope: Scope, padding: bool = False) -> Size:
        """The value as a literal, as a symbol, or as a formula in the names that are known."""
        how = self.integer(0, 5)
        if how <= 1:
            return value
        if padding:
            return self.symbol(value, PADDINGS)
        if how <= 3:
            return self.symbol(value, SYMBOLS) if value >= 1 else value
        names = {n: v for n, v in scope.known.items() if n not in PADDINGS and 1 <= v <= LARGEST}
        return self.formula(value, names) if names else value

    def symbol(self, value: int, names: list[str]) -> Size:
        known = self.scope.values
        fitting = [n for n in names if known.get(n) == value]
        fresh = [n for n in names if n not in known][:1]
        if not fitting and not fresh:
            return value
        name = self.one_of(*fitting, *fresh)
        known[name] = value
        return Formula(name)

    def formula(self, value: int, names: dict[str, int]) -> Size:
        name = self.one_of(*sorted(names))
        base = names[name]
        forms = [f"{name}//{base + 1} + {value}", f"{name} % {base + 2} + {value - base}".replace("+ -", "- ")]
        if value > base:
            forms += [f"{name} + {value - base}", f"{value - base} + {name}", f"max({name}, {value})"]
        if value < base:
            forms += [f"{name} - {base - value}", f"{base} - {base - value}", f"min({name}, {value})"]
        if value % base == 0:
            forms += [f"{value // base}*{name}", f"{name}*{value // base}"]
        if base % value == 0:
            forms += [f"{name}//{base // value}", f"({name} + {base // value - 1})//{base // value}"]
        forms += [f"{name}**2 - {base * base - value}"] if base * base > value else []
        return Formula(self.one_of(*forms))

    def flag(self, arguments: dict[str, Any], name: str, value: bool) -> None:
        if self.rarely():
            arguments[name] = value

    # The input

    def start(self) -> Body:
        rank = self.one_of(1, 2, 2, 3, 3, 3, 4)
        sizes = [self.integer(2, 12), *(self.integer(5, 16) for _ in range(rank - 1))]
        self.network.channels_last = rank > 1 and self.rarely()
        if self.network.channels_last:
            sizes = [*sizes[1:], sizes[0]]
        self.network.shape = tuple(self.number(size, self.scope) for size in sizes)
        self.shape: Shape = tuple(sizes)
        if rank > 1 or self.often():
            return []
        width = self.integer(2, 8)
        tokens = self.number(self.integer(2, 50), self.scope)
        node = Layer("embedding", {"vocab": tokens, "dim": self.number(width, self.scope)}, label=self.label())
        self.shape = shape_after(self.network, node, self.shape, self.scope)
        if self.often():
            return [node]
        tied = Layer("linear", {"out": tokens, "bias": False}, tied=node.label)
        norm = Layer("layernorm")
        self.shape = (*self.shape[:-1], self.scope.value(tokens))
        return [node, norm, tied]

    # Bodies

    def extend(self, body: Body, shape: Shape, scope: Scope, length: int, depth: int) -> Shape:
        """Add stages to a body; gives the shape after them."""
        for _ in range(length):
            nodes = self.stages(shape, scope, depth)
            try:
                for node in nodes:
                    shape = shape_after(self.network, node, shape, scope)
            except Refused:  # a formula whose names are shadowed, or a size that got too small: leave it out
                continue
            body += nodes
        return shape

    def stages(self, shape: Shape, scope: Scope, depth: int) -> Body:
        """A few stages that go together."""
        makers = [self.plain] * 6
        if depth:
            makers += [self.residual, self.branches, self.repeat, self.loop, self.block, self.group, self.freeze]
            makers += [self.skip, self.again, self.carried]
        return self.one_of(*makers)(shape, scope, depth)

    def inside(self, shape: Shape, scope: Scope, depth: int, length: int = 2) -> tuple[Body, Shape]:
        body: Body = []
        after = self.extend(body, shape, scope.inner(), self.integer(1, length), depth - 1)
        return body or [Layer("id")], after

    def plain(self, shape: Shape, scope: Scope, depth: int) -> Body:
        layer = self.layer(shape, scope)
        if self.rarely() and layer.kind in SPELLINGS:
            layer.spelled = self.one_of(*SPELLINGS[layer.kind])
        if self.rarely():
            layer.label = self.label()
        return [layer]

    def residual(self, shape: Shape, scope: Scope, depth: int) -> Body:
        branches = [self.kept(shape, scope, depth)]
        branches += [[self.to_width(shape, scope)]] if self.rarely() else [[]] if self.rarely() else []
        return [Merge("residual", branches)]

    def branches(self, shape: Shape, scope: Scope, depth: int) -> Body:
        operator = self.one_of("add", "mul", "concat", "concat")
        branches = [self.kept(shape, scope, depth) for _ in range(self.integer(2, 3))]
        axis = self.integer(-len(shape), len(shape) - 1) if operator == "concat" and self.rarely() else None
        if operator == "concat" and axis is None:
            for branch in branches:
                branch.append(self.to_width(shape, scope, self.integer(1, 9)))
            if len(shape) > 1 and not self.network.channels_last and branches[0][-1].kind == "linear":
                axis = len(shape) - 1
        return [Merge(operator, branches, axis)]

    def repeat(self, shape: Shape, scope: Scope, depth: int) -> Body:
        body = [self.keeping(shape, scope) for _ in range(self.integer(1, 2))]
        return [Repeat(self.number(self.integer(1, 4), scope), body)]

    def loop(self, shape: Shape, scope: Scope, depth: int) -> Body:
        target = self.one_of("i", "j")
        count = self.integer(1, 3)
        width = self.integer(1, 4)
        if self.often():
            grown = Formula(self.one_of(f"{width}*2**{target}", f"{width} + {target}", f"{width} + {width}*{target}"))
            body: Body = [self.to_width(shape, scope, grown)]
            if self.often():
                first = Layer("bn" if self.often() else "relu")
                body.append(Choice(Formula(f"{target} == 0"), [first], [Layer("dropout")] if self.often() else []))
            return [Loop(target, (0, self.number(count, scope)), body)]
        values = [self.number(self.integer(1, 9), scope) for _ in range(count)]
        return [Loop(target, values, [self.to_width(shape, scope, Formula(target)), Layer("relu")])]

    def block(self, shape: Shape, scope: Scope, depth: int) -> Body:
        definition, arguments = self.definition(shape, scope)
        calls: Body = [Block(definition, arguments, self.label() if self.rarely() else None)]
        if self.rarely():
            return [Repeat(self.number(self.integer(1, 3), scope), calls)]
        return calls * self.integer(1, 2) if calls[0].label is None else calls

    def group(self, shape: Shape, scope: Scope, depth: int) -> Body:
        return [Group(self.label(), self.inside(shape, scope, depth)[0])]

    def freeze(self, shape: Shape, scope: Scope, depth: int) -> Body:
        return [Freeze(self.inside(shape, scope, depth)[0])]

    def skip(self, shape: Shape, scope: Scope, depth: int) -> Body:
        """A named output that is merged with what comes later."""
        first = self.keeping(shape, scope)
        first.label = self.label()
        rest = self.kept(shape, scope, depth)
        if self.rarely():
            return [first, *rest, From(first.label)]
        return [first, *rest, Join(self.one_of("add", "mul", "concat"), [first.label])]

    def again(self, shape: Shape, scope: Scope, depth: int) -> Body:
        first = self.keeping(shape, scope) if self.often() else self.block(shape, scope, depth)[0]
        if isinstance(first, Repeat):
            return [first]
        first.label = first.label or self.label()
        return [first, Layer("relu"), Reuse(first.label)]

    def carried(self, shape: Shape, scope: Scope, depth: int) -> Body:
        """A name that each turn sets again, from what it stood for before."""
        first, wider = self.to_width(shape, scope), self.to_width(shape, scope)
        first.label = self.label()
        axis = None if wider.kind == "conv" else -1
        turn: Body = [Merge("concat", [[From(first.label)], [wider]], axis, first.label)]
        if self.often():
            turn = [From(first.label), wider, Layer(self.one_of(*ACTIVATIONS), label=first.label)]
        count = self.number(self.integer(1, 3), scope)
        return [first, Repeat(count, turn) if self.often() else Loop("i", (0, count), turn), From(first.label)]

    def definition(self, shape: Shape, scope: Scope) -> tuple[Definition, list[Size]]:
        """A block that keeps its shape, whatever it is."""
        self.definitions += 1
        pattern = PATTERNS[len(shape)]
        hidden = self.integer(1, 8)
        arguments = [self.number(hidden, scope), self.number(self.integer(1, 5), scope)]
        inner = [self.to_width(shape, scope, Formula("f")), Layer(self.one_of(*ACTIVATIONS))]
        spatial = inner[0].kind == "conv"
        if spatial:
            inner.append(Layer("dwconv", {"k": Formula("r"), "p": "same"}))
        channels_first = spatial and (len(shape) > 2 or not self.network.channels_last)
        width = pattern[0 if channels_first else -1]
        inner.append(self.to_width(shape, scope, Formula(width), spatial))
        body: Body = [Layer("bn"), Merge("residual", [inner])] if self.often() else [Merge("residual", [inner, []])]
        return Definition(f"block{self.definitions}", ["f", "r"], pattern, body), arguments

    # Stages that keep the shape

    def kept(self, shape: Shape, scope: Scope, depth: int) -> Body:
        """A body whose output has the sizes that flowed in, though it may say so in other words."""
        if self.rarely():
            return []
        body: Body = [self.keeping(shape, scope)]
        if self.often():
            wide = self.to_width(shape, scope, self.number(self.integer(1, 9), scope))
            body += [wide, Layer(self.one_of(*ACTIVATIONS))]
            width = shape[-1] if wide.kind == "linear" or self.network.channels_last else shape[0]
            body.append(self.to_width(shape, scope, self.number(width, scope), wide.kind == "conv"))
        if depth > 1 and self.rarely():
            body += self.residual(shape, scope, depth - 1)
        return body

    def keeping(self, shape: Shape, scope: Scope) -> Layer:
        """A layer whose output is what flows in, for any input."""
        kinds = ["bn", "layernorm", "id", "dropout", *ACTIVATIONS[:3]]
        if 2 <= len(shape) <= 4:
            kinds += ["dwconv", "dwconv"]
        if len(shape) == 2:
            kinds += ["attention"]
        kind = self.one_of(*kinds)
        arguments: dict[str, Any] = {}
        if kind == "dwconv":
            arguments = {"k": self.number(self.integer(1, 3), scope), "p": "same"}
        elif kind == "attention":
            heads = self.one_of(*(h for h in range(1, 5) if shape[-1] % h == 0))
            arguments = {"heads": self.number(heads, scope)}
            if self.often():
                arguments["kv_heads"] = self.number(self.one_of(*(h for h in range(1, 5) if heads % h == 0)), scope)
        elif kind == "bn":
            self.flag(arguments, "affine", False)
            self.flag(arguments, "track", self.often())
        if kind in ("dwconv", "attention", "layernorm"):
            self.flag(arguments, "bias", False)
        return Layer(kind, arguments)

    def to_width(self, shape: Shape, scope: Scope, width: Size | None = None, spatial: bool | None = None) -> Layer:
        """A layer that changes the channels, or the last axis, and nothing else."""
        if spatial is None:
            spatial = 2 <= len(shape) <= 4 and (self.network.channels_last or len(shape) > 2 or self.often())
        if width is None:
            width = self.number(shape[-1] if self.network.channels_last or not spatial else shape[0], scope)
        if spatial:
            return Layer("conv", {"out": width, "k": 1} if self.often() else {"out": width, "k": 3, "p": 1})
        return Layer("linear", {"out": width})

    # Layers of all kinds

    def layer(self, shape: Shape, scope: Scope) -> Layer:
        return draw_layer(self, shape, scope)
