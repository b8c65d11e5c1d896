"""A lifted program beside the code that it was read from, read again with other numbers in place of those lifted."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from ..core.network import CoreNetwork
from ..errors import Source, SymparamsError
from ..evaluate.axes import Value
from ..evaluate.expressions import Scope, evaluate
from ..evaluate.figures import MACS, PARAMS
from ..frameworks.python.reader import code_and_target, source_of_code
from ..frameworks.sources import is_python_file
from .lifting import Lift, own_values

_FACTORS = (2, 3)


def checked(
    lifted: str, name: str | None, wanted: Sequence[Lift], inputs: Sequence[str], values: Mapping[str, Value]
) -> str | None:
    """What keeps a lifted program from being checked against its code; None where it has been.

    Raises SymparamsError where the code, with other numbers in place of those that are lifted, is another network than
    the program with these values.
    """
    if name is None or not is_python_file(name):
        return "the program is not checked: only code can be read again with other numbers"
    code, target = code_and_target(name)
    own = own_values(wanted)
    for factor in _FACTORS:
        put_in = {symbol: factor * value for symbol, value in own.items()}
        new = [evaluate(lift.said, Scope(dict(put_in))) for lift in wanted]
        numbers = {lift.number: value for lift, value in zip(wanted, new) if isinstance(value, int)}
        changed = ", ".join(f"{new} in place of {old}" for old, new in numbers.items())
        try:
            again = source_of_code(
                Source(code.name, _with_numbers(code.text, numbers)),
                target and _with_numbers(target, numbers, "eval"),
                inputs,
                values,
            )
            found = CoreNetwork.from_source(again)
        except SymparamsError as error:
            return f"the program is not checked: with {changed} the code is no network: {error.message}"
        ours = CoreNetwork.from_source(Source("the lifted program", lifted))(**put_in)
        for figure in (PARAMS, MACS):
            have, wants = ours.quantity(figure.name), found.quantity(figure.name)
            if have != wants:
                fault = f"with {changed} the code has {wants} {figure.unit}, and the program {have}"
                raise SymparamsError(fault, None, "numbers that go with these are lifted too: --lift 64=w,128=2*w")
    return None


def _with_numbers(code: str, numbers: Mapping[int, int], mode: str = "exec") -> str:
    class Changing(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.Constant:
            if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value in numbers:
                return ast.copy_location(ast.Constant(numbers[node.value]), node)
            return node

    return ast.unparse(Changing().visit(ast.parse(code, mode=mode)))
