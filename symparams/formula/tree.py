"""The tree of an expression that is printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Union

# The rank of each symbol by its name.
Order = Mapping[str, int]


class Num(NamedTuple):
    value: int


class Name(NamedTuple):
    name: str


class Add(NamedTuple):
    """A sum of (is negative, term) pairs."""

    terms: tuple[tuple[bool, Tree], ...]


class Mul(NamedTuple):
    factors: tuple[Tree, ...]


class Div(NamedTuple):
    over: Tree
    under: Tree


class Pow(NamedTuple):
    base: Tree
    exponent: Tree


class FloorOf(NamedTuple):
    value: Tree


class Mod(NamedTuple):
    dividend: Tree
    divisor: Tree


class SumOver(NamedTuple):
    """The sum of a term for an index from 0 to `last`."""

    term: Tree
    turn: str
    last: Tree


class Call(NamedTuple):
    function: str
    arguments: tuple[Tree, ...]


class Compare(NamedTuple):
    """A relation: >=, <=, <, >, == or !=."""

    operator: str
    left: Tree
    right: Tree


class Divides(NamedTuple):
    divisor: Tree
    dividend: Tree
    holds: bool


class Whole(NamedTuple):
    """That a value is, or is not, a whole number."""

    value: Tree
    holds: bool


class Junction(NamedTuple):
    """Conditions joined by "and" or "or"."""

    word: str
    parts: tuple[Tree, ...]


Tree = Union[Num, Name, Add, Mul, Div, Pow, FloorOf, Mod, SumOver, Call, Compare, Divides, Whole, Junction]
