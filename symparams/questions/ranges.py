"""The numbers that a symbol goes through: `w=8:128:8`, the last one included, or `n=10,100`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import LimitError, SymparamsError, UsageFault
from ..language.characters import as_read

Numbers = tuple[int, ...]
USUAL = "--over w=8:128:8 or --over n=10,100"
MOST_NUMBERS = 10_000_000


def read_ranges(texts: Iterable[str]) -> dict[str, range | Numbers]:
    """Names and numbers from texts like `w=8:128:8`. Raises UsageFault for what is none."""
    found: dict[str, range | Numbers] = {}
    for text in texts:
        name, equals, numbers = as_read(text).partition("=")
        name = name.strip()
        if not equals or not name or name in found:
            raise UsageFault(f"--over takes a name and its numbers, each name once, not {text!r}", None, USUAL)
        found[name] = _range(numbers, text) if ":" in numbers else _list(numbers, text)
    return found


def _range(numbers: str, text: str) -> range:
    parts = [_number(part, text) for part in numbers.split(":")]
    if not 2 <= len(parts) <= 3 or (parts[2:] and parts[2] < 1) or parts[1] < parts[0]:
        raise UsageFault(f"a range goes from a first number up to a last one, not {numbers.strip()}", None, USUAL)
    return range(parts[0], parts[1] + 1, *parts[2:])


def _list(numbers: str, text: str) -> Numbers:
    return tuple(sorted({_number(part, text) for part in numbers.split(",")}))


def _number(part: str, text: str) -> int:
    digits = part.strip().replace("_", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 4_000:
        raise UsageFault(f"--over takes whole numbers, not {part.strip()!r}", None, USUAL)
    return int(digits)


def ranges_given(over: Mapping[str, Any]) -> dict[str, range | Numbers]:
    """The same from Python: ranges, and lists of numbers. Raises SymparamsError for what is none."""
    found: dict[str, range | Numbers] = {}
    for name, numbers in over.items():
        if isinstance(numbers, range):
            found[name] = numbers if numbers.step > 0 else numbers[::-1]
            continue
        listed = list(numbers) if hasattr(numbers, "__iter__") and not isinstance(numbers, str) else []
        if not listed or not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in listed):
            raise SymparamsError(
                f"{name} goes through whole numbers, not {numbers!r}", None, "over={'w': range(8, 129)}"
            )
        found[name] = tuple(sorted(set(listed)))
    for name, numbers in found.items():
        if len(numbers) > MOST_NUMBERS:
            raise LimitError(f"{name} goes through more than {MOST_NUMBERS:,} numbers", None, USUAL)
    return found
