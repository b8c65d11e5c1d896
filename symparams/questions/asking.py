"""Questions in the language of expressions: `params <= 5e6`, `output[1] == 112`, `conv1.params < 10k and k != 2`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..closed_forms.conditions import Condition, all_of, symbols_in
from ..closed_forms.polynomial import Quantity, Symbol, expression, symbols_of
from ..core.layer import CoreLayer, Counts
from ..core.network import CoreNetwork
from ..errors import Source, SymparamsError, did_you_mean, meant_or_known
from ..evaluate.expressions import Scope, evaluate, truth
from ..evaluate.figures import COMPILED, FIGURES, LOOKED, OUTPUT, PARAMS
from ..language import syntax
from ..language.characters import as_read
from ..language.parser import parse_question
from ..language.syntax import Node

THOUSANDS = {"k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}
UPWARDS, DOWNWARDS = (">=", ">"), ("<=", "<")
MAX_LENGTH = 20_000
_OPERATORS = "<>=!≤≥≠ "


class Compared(NamedTuple):
    """One comparison in a question: its sides, as they are written too."""

    left: Any
    operator: str
    right: Any
    left_text: str


class Asked(NamedTuple):
    """What is asked: the condition, what it needs to have a meaning, its comparisons, the figures it names.

    `named` are the symbols that only the question has, `notes` warn of what may not be meant.
    """

    text: str
    condition: Condition
    premises: tuple[Condition, ...]
    compared: tuple[Compared, ...]
    figures: tuple[str, ...]
    named: tuple[Symbol, ...]
    notes: tuple[SymparamsError, ...] = ()

    @property
    def symbols(self) -> frozenset[Symbol]:
        return symbols_in([self.condition, *self.premises])

    def asks_for_less(self) -> bool:
        """Whether all that it says is that something is not to be more than a bound."""
        return bool(self.compared) and all(c.operator in DOWNWARDS for c in self.compared)


def question(text: str, net: CoreNetwork) -> Asked:
    """The question that a text asks of a network. Raises SymparamsError at the part that has no meaning."""
    return question_of(parsed(text), text, net)


def parsed(text: object) -> Node:
    if not isinstance(text, str):
        raise SymparamsError(f"a question is a text, not {type(text).__name__}", None, "params <= 5e6")
    if len(text) > MAX_LENGTH:
        raise SymparamsError(f"a question has {MAX_LENGTH:,} characters at the most")
    if not text.strip():
        raise SymparamsError("the question is empty", None, "params <= 5e6")
    return parse_question(Source("<question>", text))


def question_of(node: Node, text: str, net: CoreNetwork) -> Asked:
    reading = NamesAsked(net)
    found = reading.rewritten(_as_equation(node))
    if not any(isinstance(part, syntax.Comparison) for part in found.walk()):
        raise SymparamsError("a question compares something", node.span, f"{text.strip()} <= 1000")
    scope = Scope(reading.names, missing=reading.missing)
    try:
        condition = truth(found, scope)
        premises = tuple(scope.work.premises.taken())
        compared = tuple(reading.compared(found, scope))
    except RecursionError:
        raise SymparamsError("the question is nested too deeply") from None
    scope.work.premises.taken()
    named, notes = tuple(reading.named.values()), tuple(reading.notes)
    return Asked(text, condition, premises, compared, tuple(reading.figures), named, notes)


def quantity_asked(text: str, net: CoreNetwork) -> Quantity:
    """A number that a text names, such as a figure. Raises SymparamsError where it is none."""
    return number_asked(text, net)[0]


def number_asked(text: str, net: CoreNetwork) -> tuple[Quantity, tuple[str, ...]]:
    """The same, with the figures that the text names."""
    from ..evaluate.axes import as_quantity

    reading = NamesAsked(net)
    node = parsed(text)
    found = as_quantity(evaluate(reading.rewritten(node), Scope(reading.names, missing=reading.missing)), node.span)
    return found, tuple(reading.figures)


def _as_equation(node: Node) -> Node:
    """`params = 5`, which the prompt would put in, as the equation that is meant."""
    if isinstance(node, syntax.Keyword):
        name = syntax.Name(node.name, span=node.span)
        return syntax.Comparison(name, (("==", node.value),), span=node.span)
    return node


class NamesAsked:
    """What the names in a question stand for; parts of layers get a name for the time of the question."""

    def __init__(self, net: CoreNetwork):
        self.net = net
        self.names: dict[str, Any] = {}
        self.figures: dict[str, None] = {}
        self.named: dict[str, Symbol] = {}
        self.notes: list[SymparamsError] = []

    # Names

    def missing(self, node: syntax.Name) -> Any:
        """What a name stands for. Raises SymparamsError for one that means nothing here."""
        found = self.known(node.name)
        if found is None:
            found = self.new_symbol(node)
        return found

    def known(self, name: str) -> Any:
        net = self.net
        symbol = net.symbols._symbols.get(name)
        if symbol is not None:
            return expression(symbol)
        if name in net.values:
            return net.values[name]
        if name in FIGURES:
            return self.figure(name, net)
        default = next((p.default for p in net.program.parameters if p.name == name), None)
        if default is not None:
            return evaluate(default, Scope({}, missing=self.missing))
        return net.input_shapes.get(name)

    def figure(self, name: str, of: Counts) -> Any:
        self.figures[name] = None
        if name in LOOKED:
            return of.along_axes(name)
        if name != OUTPUT.name:
            return of.quantity(name)
        if isinstance(of, CoreLayer):
            return of.output_shape
        shapes = self.net.output_shapes
        return shapes[0] if len(shapes) == 1 else shapes

    def new_symbol(self, node: syntax.Name) -> Any:
        """A symbol of the question's own, `output[1] == m`: any positive whole number."""
        known = [*self.net.symbols, *(p.name for p in self.net.program.parameters)]
        is_meant = node.name.casefold() not in map(str.casefold, known)
        if node.name in self.layers():
            fault = f"{node.name} is a layer; its figures are numbers"
            raise SymparamsError(fault, node.span, f"{node.name}.{PARAMS.name}")
        if len(node.name) > 2 or not is_meant:
            hint = meant_or_known(node.name, [*COMPILED, *LOOKED, *self.net.symbols, *self.layers()], "it may name")
            raise SymparamsError(f"{node.name!r} is no figure, layer or symbol of the network", node.span, hint)
        self.named[node.name] = Symbol(node.name)
        return expression(self.named[node.name])

    def layers(self) -> list[str]:
        return [row.name for row in self.net.rows(0)]

    # Parts of layers

    def rewritten(self, node: Node) -> Node:
        """The question with names in place of what belongs to layers, and numbers in place of 10k and 5M."""
        if isinstance(node, syntax.SigmaSum):
            raise SymparamsError("a sum over an index has no place in a question", node.span)
        if isinstance(node, syntax.Member):
            return self.kept(self.member(node), node)
        if isinstance(node, syntax.Multiplication):
            node = self.with_thousands(node)
        changed = {name: self._rewritten_within(getattr(node, name)) for name in node.fields}
        return node.replaced(**changed) if changed else node

    def _rewritten_within(self, value: Any) -> Any:
        if isinstance(value, Node):
            return self.rewritten(value)
        return tuple(map(self._rewritten_within, value)) if isinstance(value, tuple) else value

    def kept(self, value: Any, node: Node) -> Node:
        name = f"{len(self.names) + 1} in the question"
        self.names[name] = value
        return syntax.Name(name, span=node.span)

    def with_thousands(self, node: syntax.Multiplication) -> Node:
        """10k as 10,000, unless the network has a symbol k."""
        (_, factor), *rest = node.rest
        if not isinstance(node.first, syntax.Number) or not isinstance(factor, syntax.Name):
            return node
        if factor.span.start != node.first.span.end:
            return node
        if factor.name not in THOUSANDS:
            return node
        if self.known(factor.name) is not None:
            self.note_product(node.first, factor)
            return node
        value = node.first.value * THOUSANDS[factor.name]
        number = syntax.Number(value.numerator if value.denominator == 1 else value, False, span=node.first.span)
        return syntax.Multiplication(number, tuple(rest), span=node.span) if rest else number

    def note_product(self, number: syntax.Number, factor: syntax.Name) -> None:
        written, size = f"{number.span.text}{factor.name}", number.value * THOUSANDS[factor.name]
        says = f"{factor.name} is a symbol of the network, so {written} is read as {number.span.text}·{factor.name}"
        self.notes.append(SymparamsError(says, factor.span, f"{size} would be the number"))

    def member(self, node: syntax.Member) -> Any:
        """A figure of a layer. Raises SymparamsError for what the layer has not."""
        name = layer_name(node.value)
        if name is None:
            raise SymparamsError("only layers have figures of their own", node.value.span)
        layer = self.layer(name)
        if layer is None:
            hint = did_you_mean(name, self.layers())
            raise SymparamsError(f"there is no layer {name!r}", node.value.span, hint)
        if node.name in FIGURES:
            return self.figure(node.name, layer)
        shape = next((tensor.shape for tensor in layer.tensors if tensor.name == node.name), None)
        if shape is None:
            hint = meant_or_known(node.name, [*FIGURES, *(t.name for t in layer.tensors)], "it has")
            raise SymparamsError(f"{name!r} has no {node.name!r}", node.span, hint)
        return shape

    def layer(self, name: str) -> CoreLayer | None:
        return next((row for row in self.net.rows(name.count(".")) if row.name == as_read(name)), None)

    # Comparisons

    def compared(self, node: Node, scope: Scope) -> Iterator[Compared]:
        """The comparisons in a question; chains as pairs."""
        for part in node.walk():
            if isinstance(part, syntax.Comparison):
                left = part.first
                for operator, right in part.rest:
                    written = left.span.source.text[left.span.start : right.span.start].rstrip(_OPERATORS)
                    yield Compared(evaluate(left, scope), operator, evaluate(right, scope), written)
                    left = right


def layer_name(node: Node) -> str | None:
    """The name of a layer as it is printed, `b[2]` and `stage1.conv1`, of an expression in that form."""
    if isinstance(node, syntax.Name):
        return node.name
    if isinstance(node, syntax.Member):
        owner = layer_name(node.value)
        return f"{owner}.{node.name}" if owner else None
    if isinstance(node, syntax.Index) and isinstance(node.index, syntax.Number):
        owner = layer_name(node.value)
        return f"{owner}[{node.index.value}]" if owner else None
    return None


def asked_of(asked: Asked, net: CoreNetwork) -> tuple[Condition, ...]:
    """The conditions of the network and of the figures that a question names."""
    return net.guards_for(asked.figures)


def conjoined(*conditions: Condition) -> Condition:
    return all_of(conditions)


def names_of(value: Any) -> frozenset[Symbol]:
    if isinstance(value, tuple):
        return frozenset().union(*map(names_of, value))
    return symbols_of(value) if not isinstance(value, (str, bool)) else frozenset()
