"""What the built-in functions take: the kinds of their arguments, seen to before they work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .domain import is_number

MAX_ITEMS = 10_000
IsKind = Callable[[Any], bool]


class BuiltIn:
    """A built-in function: what it takes in words, the kinds of its arguments, and that of any `more` after them."""

    def __init__(self, work: Callable[..., Any], takes: str, *kinds: IsKind, more: IsKind | None = None):
        self.work = work
        self.takes = takes
        self.kinds = kinds
        self.more = more

    def unfit(self, arguments: tuple[Any, ...]) -> list[Any] | None:
        """The arguments that are of another kind; none at all where their number is wrong; None where all fit."""
        further = len(arguments) - len(self.kinds)
        kinds = (*self.kinds, *(self.more or is_nothing,) * further)
        found = [argument for kind, argument in zip(kinds, arguments) if not kind(argument)]
        return found if found or further < 0 else None


def is_nothing(_: Any) -> bool:
    return False


def is_anything(_: Any) -> bool:
    return True


def is_numbers(value: Any) -> bool:
    """A number, or numbers for each axis, which may be tuples again."""
    return all(map(is_numbers, value)) if isinstance(value, tuple) else is_number(value)


def is_tuple(value: Any) -> bool:
    return isinstance(value, tuple)


def is_row(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(is_number, value))


def is_sizes(value: Any) -> bool:
    return is_number(value) or is_row(value)


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_padding(value: Any) -> bool:
    sides = value if isinstance(value, tuple) else (value,)
    return isinstance(value, str) or all(is_number(side) or (is_row(side) and len(side) == 2) for side in sides)


def is_few(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_ITEMS
