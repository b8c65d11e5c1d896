"""Names that nothing else has."""

from __future__ import annotations

from collections.abc import Container
from itertools import count


def free_name(name: str, taken: Container[str], before_number: str = "_") -> str:
    """The name where it is free, else with the first number from 2 with which it is: `name_2`, `name_3`, ..."""
    if name not in taken:
        return name
    numbered = (f"{name}{before_number}{number}" for number in count(2))
    return next(candidate for candidate in numbered if candidate not in taken)
