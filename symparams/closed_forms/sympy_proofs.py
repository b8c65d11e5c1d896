"""What is proved of a sympy expression from its parts.

Sympy's `is_integer` is wrong of some products with a fraction: it takes 8**c*k/6 for whole. Nothing here asks it of
more than a symbol.
"""

from __future__ import annotations

from typing import Any

import sympy


def is_whole(value: Any) -> bool:
    """Whether the value is proved to be a whole number wherever it has a value."""
    if not value.args:
        return value.is_Integer or (value.is_Symbol and value.is_integer is True)
    if isinstance(value, (sympy.floor, sympy.ceiling)):
        return True
    if value.is_Pow:
        return is_whole(value.base) and is_whole(value.exp) and is_never_negative(value.exp)
    if isinstance(value, sympy.Sum):
        return is_whole(value.function)
    return isinstance(value, _KEEP_WHOLE) and all(map(is_whole, value.args))


def is_never_negative(value: Any) -> bool:
    """Whether the value is proved to be 0 at least; its fractions are cleared first."""
    over, under = value.as_numer_denom()
    return bool(under.is_positive and over.is_nonnegative)


_KEEP_WHOLE = (sympy.Add, sympy.Mul, sympy.Mod, sympy.Max, sympy.Min, sympy.Abs)
