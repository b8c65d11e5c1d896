"""`solve(params <= 5e6, w)` at the prompt: questions whose answers are whole numbers."""

from __future__ import annotations

from typing import Any

from ..api import Network
from ..errors import SymparamsError, listing
from ..language import syntax
from ..questions.asking import question_of
from ..questions.left_open import LeftOpen
from ..questions.regions import ByRegion
from ..questions.several_unknowns import SeveralUnknowns
from ..questions.shown_numbers import OneUnknown
from ..questions.solving_for import answer_of
from ..questions.symbolic_answer import SymbolicAnswer
from ..questions.unknowns import free_names, unknowns

_ANSWERS = (OneUnknown, SymbolicAnswer, SeveralUnknowns, ByRegion)
_ESCAPED = {c: f"\\{c}" for c in "{}%&#_$"}
_USAGE = "solve(params <= 5e6, w)"


def is_whole_answer(value: Any) -> bool:
    return isinstance(value, _ANSWERS)


def in_latex_text(shown: str) -> str:
    """An answer as text within a formula, line by line."""
    lines = (f"\\text{{{''.join(_ESCAPED.get(c, c) for c in line)}}}" for line in shown.split("\n") if line)
    return r" \\ ".join(lines)


def asks_for_whole_numbers(node: syntax.Apply, net: Network) -> bool:
    """Whether a question is no equation, or asks for a parameter that has a default."""
    asked, *names = node.arguments or (None,)
    if not isinstance(asked, syntax.Node) or not all(isinstance(name, syntax.Name) for name in names):
        return False
    if any(isinstance(part, syntax.Comparison) and part.rest[0][0] != "==" for part in asked.walk()):
        return True
    freed = [name.name for name in names if isinstance(name, syntax.Name) and name.name not in net.symbols]
    is_equation = any(isinstance(part, syntax.Comparison) for part in asked.walk())
    return is_equation and bool(freed) and all(name in free_names(net) for name in freed)


def whole_answer(node: syntax.Apply, net: Network) -> Any:
    """The answer to solve(question, name, ...). Raises SymparamsError."""
    asked, *names = node.arguments
    wanted = [name.name for name in names if isinstance(name, syntax.Name)]
    if len(wanted) < len(names):
        raise SymparamsError("'solve' takes a question, and the symbols to solve for", node.span, _USAGE)
    if not wanted:
        held = sorted(symbol.name for symbol in question_of(asked, asked.span.text, net).symbols)
        if len(held) != 1:
            known = listing(held or free_names(net), "or")
            fault = "solve has to know for which symbol"
            raise SymparamsError(fault, node.span, f"{_USAGE}; here it may be {known}" if known else _USAGE)
        wanted = held
    found = unknowns(net.closed, wanted)
    try:
        return answer_of(lambda free: question_of(asked, asked.span.text, free), found)
    except LeftOpen as fault:
        values = "; ".join(f"{name} = {value}" for name, value in fault.missing.items())
        fault.say(values, f"solve({', '.join([asked.span.text, *fault.wanted, *fault.missing])})")
        raise
