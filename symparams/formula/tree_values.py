"""What a tree is worth, in closed forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..closed_forms import floors, polynomial, powers, quotients
from ..closed_forms.polynomial import Quantity
from ..closed_forms.sums import sum_over
from .tree import Add, CeilingOf, Div, FloorOf, FunctionOf, Identifier, Indexed, ModOf, Mul, Numeral, Pow, SumOver, Tree

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

    def of(self, node: Tree) -> Quantity:
        """The value of an expression, in the algebra."""
        return _VALUES[type(node)](self, node)

    def symbol(self, node: Identifier) -> Quantity:
        return self.local[node.name] if node.local else self.program(node.name)

    def sum(self, node: Add) -> Quantity:
        terms = ((minus, self.of(term)) for minus, term in node.terms)
        return polynomial.total(-term if minus else term for minus, term in terms)

    def series(self, node: SumOver) -> Quantity:
        index = polynomial.Symbol(node.index, 0)
        inner = Values(lambda name: polynomial.expression(index) if name == node.index else self.program(name))
        inner.local, inner.labels = self.local, self.labels
        return sum_over(inner.of(node.term), index, self.of(node.last) + 1)


_VALUES: dict[type, Callable[[Values, Any], Quantity]] = {
    Numeral: lambda v, n: n.value,
    Identifier: Values.symbol,
    Indexed: lambda v, n: v.labels[n.letter, n.name],
    Add: Values.sum,
    Mul: lambda v, n: polynomial.product(floors.absorbed(v.of(factor)) for factor in n.factors),
    Div: lambda v, n: quotients.divide(v.of(n.over), v.of(n.under)),
    Pow: lambda v, n: powers.power(v.of(n.base), v.of(n.exponent)),
    FloorOf: lambda v, n: floors.floor(v.of(n.value)),
    CeilingOf: lambda v, n: floors.ceiling(v.of(n.value)),
    ModOf: lambda v, n: floors.remainder(v.of(n.dividend), v.of(n.divisor)),
    FunctionOf: lambda v, n: _FUNCTIONS[n.name](*map(v.of, n.arguments)),
    SumOver: Values.series,
}
