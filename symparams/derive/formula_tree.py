"""The expression tree of derivations: it keeps the order in which a rule, or a teacher, writes a formula.

The functions `sum_of`, `product_of`, `quotient_of` and `floor_of` leave out what says nothing: + 0, times 1, over 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..closed_forms import floors, polynomial, powers
from ..closed_forms.polynomial import Quantity
from ..closed_forms.sums import sum_over
from ..formula import textbook_order
from ..formula import tree as written


class Node:
    """An expression."""

    __slots__ = ()


@dataclass(frozen=True)
class Number(Node):
    value: int


@dataclass(frozen=True)
class Symbol(Node):
    """A name: one of the formula's own where `local` is true, else a symbol of the program."""

    name: str
    local: bool = False


@dataclass(frozen=True)
class Label(Node):
    """A figure of a layer, such as P with the layer's name as its index."""

    letter: str
    name: str


@dataclass(frozen=True)
class Sum(Node):
    """Terms with their signs; True is minus."""

    terms: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True)
class Product(Node):
    """Factors; `crossed` ones have a times sign between them."""

    factors: tuple[Node, ...]
    crossed: bool = False


@dataclass(frozen=True)
class Quotient(Node):
    over: Node
    under: Node


@dataclass(frozen=True)
class Power(Node):
    base: Node
    exponent: Node


@dataclass(frozen=True)
class Floor(Node):
    value: Node


@dataclass(frozen=True)
class Ceiling(Node):
    value: Node


@dataclass(frozen=True)
class Remainder(Node):
    dividend: Node
    divisor: Node


@dataclass(frozen=True)
class Function(Node):
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Series(Node):
    """The sum of a term for an index from 0 to `last`."""

    term: Node
    index: str
    last: Node


@dataclass(frozen=True)
class Tuple(Node):
    """A shape."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Relation(Node):
    """Sides with a relation between each two: =, >=, <=, <, >, !=, divides, not divides, in Z, not in Z."""

    operator: str
    sides: tuple[Node, ...]


@dataclass(frozen=True)
class Junction(Node):
    """Conditions joined by "and" or "or"."""

    word: str
    parts: tuple[Node, ...]


ZERO, ONE = Number(0), Number(1)


# Making


def sum_of(terms: Iterable[tuple[bool, Node]]) -> Node:
    """The sum, with sums in it opened, equal terms collected and numbers that cancel left out."""
    signed: dict[Node, tuple[int, int]] = {}
    numbers: list[int] = []
    place = 0
    for place, (minus, term) in enumerate(_flat(terms)):
        sign = -1 if minus else 1
        if isinstance(term, Number):
            numbers.append(sign * term.value)
            continue
        count, inner = _counted(term)
        known = signed.get(inner, (0, place))
        signed[inner] = known[0] + sign * count, known[1]
    kept = [(c < 0, product_of((Number(abs(c)), inner))) for inner, (c, _) in signed.items() if c]
    number = sum(numbers)
    if number:
        kept.append((number < 0, Number(abs(number))))
    if kept and kept[0][0]:
        kept.sort(key=lambda term: term[0])
    if not kept:
        return ZERO
    return kept[0][1] if len(kept) == 1 and not kept[0][0] else Sum(tuple(kept))


def _flat(terms: Iterable[tuple[bool, Node]]) -> Iterator[tuple[bool, Node]]:
    for minus, term in terms:
        if isinstance(term, Sum):
            yield from ((minus != inner, t) for inner, t in _flat(term.terms))
        else:
            yield minus, term


def _counted(term: Node) -> tuple[int, Node]:
    if isinstance(term, Product) and isinstance(term.factors[0], Number):
        return term.factors[0].value, product_of(term.factors[1:])
    return 1, term


def product_of(factors: Iterable[Node]) -> Node:
    """The product, with its numbers in front."""
    number, others = 1, []
    pending = list(factors)
    while pending:
        factor = pending.pop(0)
        if isinstance(factor, Product):
            pending = [*factor.factors, *pending]
        elif isinstance(factor, Number):
            number *= factor.value
        else:
            others.append(factor)
    if number == 0:
        return ZERO
    counts = Counter(factor for factor in others if isinstance(factor, Symbol) and factor.local)
    if any(count > 1 for count in counts.values()):
        powers = {symbol: power_of(symbol, Number(count)) for symbol, count in counts.items()}
        firsts = [f for i, f in enumerate(others) if f not in others[:i] or f not in counts]
        others = [powers.get(factor, factor) for factor in firsts]  # type: ignore[call-overload]
    kept = ([Number(number)] if number != 1 or not others else []) + others
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def quotient_of(over: Node, under: Node) -> Node:
    if under == ONE:
        return over
    return ONE if over == under else ZERO if over == ZERO else Quotient(over, under)


def power_of(base: Node, exponent: Node) -> Node:
    return base if exponent == ONE else ONE if exponent == ZERO else Power(base, exponent)


def floor_of(value: Node, ceiling: bool = False) -> Node:
    """The floor, or the ceiling, of what may have a fraction in it; whole terms are left as they are."""
    if not has_fraction(value):
        return value
    return Ceiling(value) if ceiling else Floor(value)


def has_fraction(node: Node) -> bool:
    if isinstance(node, (Floor, Ceiling, Number)):
        return False
    return isinstance(node, (Quotient, Function)) or any(map(has_fraction, children(node)))


def children(node: Node) -> Iterator[Node]:
    if isinstance(node, Sum):
        yield from (term for _, term in node.terms)
        return
    for value in vars(node).values():
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def mapped(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with each of its parts changed."""
    if isinstance(node, Sum):
        return Sum(tuple((minus, change(term)) for minus, term in node.terms))
    changes: dict[str, Any] = {}
    for name, value in vars(node).items():
        if isinstance(value, Node):
            changes[name] = change(value)
        elif isinstance(value, tuple) and value and isinstance(value[0], Node):
            changes[name] = tuple(map(change, value))
    return replace(node, **changes) if changes else node  # type: ignore[type-var]


def remade(node: Node, put: Mapping[Node, Node]) -> Node:
    """The node with other nodes put in, and what then says nothing left out."""
    if node in put:
        return put[node]
    node = mapped(node, lambda part: remade(part, put))
    if isinstance(node, Sum):
        return sum_of(node.terms)
    if isinstance(node, Product):
        return product_of(node.factors)
    if isinstance(node, Quotient):
        return quotient_of(node.over, node.under)
    if isinstance(node, (Floor, Ceiling)):
        return floor_of(node.value, isinstance(node, Ceiling))
    return power_of(node.base, node.exponent) if isinstance(node, Power) else node


def locals_in(node: Node) -> dict[str, None]:
    """The formula's own symbols, in the order in which they stand."""
    found: dict[str, None] = {}
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, Symbol) and current.local:
            found.setdefault(current.name)
        pending += reversed(list(children(current)))
    return found


# From and to the algebra


def from_quantity(value: Quantity, order: written.Order | None = None) -> Node:
    """A quantity as the textbook order of the algebra writes it."""
    return from_written(textbook_order.tree(value, order))


def from_total(value: Quantity, order: written.Order | None = None) -> Node:
    """A count, with what all its terms share before a bracket."""
    if isinstance(value, Fraction):
        return Quotient(Number(value.numerator), Number(value.denominator))
    return from_written(textbook_order.total_tree(value, order))


def from_written(node: written.Tree) -> Node:
    return _WRITTEN[type(node)](node)


def _all(nodes: Iterable[written.Tree]) -> tuple[Node, ...]:
    return tuple(map(from_written, nodes))


def _written_sum(node: written.Add) -> Node:
    return Sum(tuple((minus, from_written(term)) for minus, term in node.terms))


_WRITTEN: dict[type, Callable[[Any], Node]] = {
    written.Num: lambda n: Number(n.value),
    written.Name: lambda n: Symbol(n.name),
    written.Add: _written_sum,
    written.Mul: lambda n: Product(_all(n.factors)),
    written.Div: lambda n: Quotient(from_written(n.over), from_written(n.under)),
    written.Pow: lambda n: Power(from_written(n.base), from_written(n.exponent)),
    written.FloorOf: lambda n: Floor(from_written(n.value)),
    written.Mod: lambda n: Remainder(from_written(n.dividend), from_written(n.divisor)),
    written.SumOver: lambda n: Series(from_written(n.term), n.turn, from_written(n.last)),
    written.Call: lambda n: Function(n.function, _all(n.arguments)),
    written.Compare: lambda n: Relation({"==": "="}.get(n.operator, n.operator), _all((n.left, n.right))),
    written.Divides: lambda n: Relation("|" if n.holds else "not |", _all((n.divisor, n.dividend))),
    written.Whole: lambda n: Relation("in Z" if n.holds else "not in Z", _all((n.value,))),
    written.Junction: lambda n: Junction(n.word, _all(n.parts)),
}

_FUNCTIONS: dict[str, Callable[..., Quantity]] = {
    "min": floors.smallest,
    "max": floors.largest,
    "abs": floors.absolute,
    "sqrt": floors.square_root,
    "log2": floors.logarithm,
}


class Values:
    """What names stand for: the formula's own, the program's, and the figures of layers."""

    def __init__(self, program: Callable[[str], Quantity]):
        self.program = program
        self.local: dict[str, Quantity] = {}
        self.labels: dict[tuple[str, str], Quantity] = {}

    def of(self, node: Node) -> Quantity:
        """The value of an expression, in the algebra."""
        return _VALUES[type(node)](self, node)

    def symbol(self, node: Symbol) -> Quantity:
        return self.local[node.name] if node.local else self.program(node.name)

    def sum(self, node: Sum) -> Quantity:
        terms = ((minus, self.of(term)) for minus, term in node.terms)
        return polynomial.total(-term if minus else term for minus, term in terms)

    def series(self, node: Series) -> Quantity:
        index = polynomial.Symbol(node.index, 0)
        inner = Values(lambda name: polynomial.expression(index) if name == node.index else self.program(name))
        inner.local, inner.labels = self.local, self.labels
        return sum_over(inner.of(node.term), index, self.of(node.last) + 1)


_VALUES: dict[type, Callable[[Values, Any], Quantity]] = {
    Number: lambda v, n: n.value,
    Symbol: Values.symbol,
    Label: lambda v, n: v.labels[n.letter, n.name],
    Sum: Values.sum,
    Product: lambda v, n: polynomial.product(floors.absorbed(v.of(factor)) for factor in n.factors),
    Quotient: lambda v, n: polynomial.divide(v.of(n.over), v.of(n.under)),
    Power: lambda v, n: powers.power(v.of(n.base), v.of(n.exponent)),
    Floor: lambda v, n: floors.floor(v.of(n.value)),
    Ceiling: lambda v, n: floors.ceiling(v.of(n.value)),
    Remainder: lambda v, n: floors.remainder(v.of(n.dividend), v.of(n.divisor)),
    Function: lambda v, n: _FUNCTIONS[n.name](*map(v.of, n.arguments)),
    Series: Values.series,
}
