"""Quantities and conditions as the text of Python functions, in operators that whole numbers and arrays share."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import normalize

from ..closed_forms.conditions import AllOf, AnyOf, Condition, Relation
from ..closed_forms.floors import Floor, Function, Remainder
from ..closed_forms.polynomial import Atom, Quantity, Sum, Symbol, collected, is_integer, terms_of
from ..closed_forms.powers import Power
from ..closed_forms.quotients import numerator_and_denominator
from ..closed_forms.sums import Series
from .operations import OPERATIONS, RELATIONS

# A longer sum is given to `sum`: Python reads no expression that nests too deeply.
LONGEST_SUM = 50


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """A name in Python for each of the program's: the same where Python allows it."""
    found: dict[str, str] = {}
    for name in names:
        shown = name
        reserved = keyword.iskeyword(name) or name.startswith("_") or name in OPERATIONS
        if reserved or normalize("NFKC", name) != name or not name.isidentifier():
            shown = f"x{len(found) + 1}"
        while shown in found.values():
            shown += "_"
        found[name] = shown
    return found


def function_source(name: str, names: Mapping[str, str], values: Sequence[Quantity]) -> str:
    """A function that works out one value, or several as a tuple; what occurs more than once has a line of its own."""
    body = _Body(names)
    results = [body.quantity(value) for value in values]
    returned = results[0] if name != "output" else f"({', '.join(results)},)"
    lines = [f"def {name}({', '.join(names.values())}):", *body.lines, f"return {returned}"]
    return "\n    ".join(lines) + "\n"


def condition_source(condition: Condition, names: Mapping[str, str]) -> str:
    """A function that tells whether a condition holds."""
    return f"lambda {', '.join(names.values())}: {_Body(names, named=False).condition(condition)}"


class _Body:
    """Lines that name the atoms of what is worked out; where `named` is false, all stands in one expression."""

    def __init__(self, names: Mapping[str, str], named: bool = True):
        self.names = dict(names)
        self.named = named
        self.lines: list[str] = []
        self.known: dict[Atom, str] = {}
        self.indices: set[Symbol] = set()

    def quantity(self, value: Quantity) -> str:
        over, under = numerator_and_denominator(value)
        return self.sum(over) if under == 1 else f"over({self.sum(over)}, {self.sum(under)})"

    def sum(self, value: Quantity) -> str:
        terms = []
        for monomial, coefficient in terms_of(value):
            factors = [f"{self.atom(a)}**{e}" if e != 1 else self.atom(a) for a, e in monomial]
            if coefficient == -1 and factors:
                factors[0] = f"-{factors[0]}"
            elif coefficient != 1 or not factors:
                factors.insert(0, str(coefficient))
            terms.append("*".join(factors))
        if len(terms) > LONGEST_SUM:
            return f"sum(({', '.join(terms)}))"
        return " + ".join(terms).replace("+ -", "- ") or "0"

    def atom(self, atom: Atom) -> str:
        if isinstance(atom, Symbol):
            return self.names[atom.name]
        if atom not in self.known:
            text = self.worked_out(atom)
            if not self.named or atom.symbols & self.indices:
                return f"({text})"
            self.known[atom] = f"_{len(self.known) + 1}"
            self.lines.append(f"{self.known[atom]} = {text}")
        return self.known[atom]

    def worked_out(self, atom: Atom) -> str:
        if isinstance(atom, Series):
            return self.series(atom)
        parts = [self.quantity(part) for part in atom.parts()]
        if isinstance(atom, Sum):
            return parts[0]
        if isinstance(atom, Floor) and all(map(is_integer, atom.parts())):
            return f"{_bracketed(parts[0])}//{_bracketed(parts[1])}"
        if isinstance(atom, Remainder) and all(map(is_integer, atom.parts())):
            return f"{_bracketed(parts[0])} % {_bracketed(parts[1])}"
        word = {Floor: "floor", Remainder: "rest", Power: "power"}.get(type(atom))
        if word is None:
            assert isinstance(atom, Function)
            word = atom.name
        return f"{word}({', '.join(parts)})"

    def series(self, atom: Series) -> str:
        term, turns = atom.parts()
        shown = self.quantity(turns)
        self.names[atom.index.name] = "_i" + "i" * len(self.indices)
        self.indices.add(atom.index)
        text = f"series(lambda {self.names[atom.index.name]}: {self.quantity(term)}, {shown})"
        self.indices.discard(atom.index)
        return text

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, Relation):
            added, taken = (self.quantity(side) for side in sides(condition.difference))
            return f"{RELATIONS[condition.operator]}({added}, {taken})"
        if isinstance(condition, bool):
            return str(condition)
        word = {AnyOf: "either", AllOf: "both"}[type(condition)]
        return f"{word}({', '.join(f'lambda: {self.condition(c)}' for c in condition.conditions)})"


def sides(difference: Quantity) -> tuple[Quantity, Quantity]:
    """What is added in a difference, and what is taken off: to compare them is a pass less over arrays than to take
    one off the other."""
    terms = dict(terms_of(difference))
    return collected({m: c for m, c in terms.items() if c > 0}), collected({m: -c for m, c in terms.items() if c < 0})


def _bracketed(text: str) -> str:
    return text if text.isidentifier() or text.isdigit() else f"({text})"
