"""A hint, followed, gives a program without that fault."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzzing import GOOD

import symparams as sp
from symparams import SymparamsError

SLIPS = 400

Follow = Callable[[str, SymparamsError, "re.Match[str]"], str]


def instead(text: str, error: SymparamsError, words: str) -> str:
    """The text with other words in the place of the fault."""
    assert error.span
    return text[: error.span.start] + words + text[error.span.end :]


def meant(text: str, error: SymparamsError, found: re.Match[str]) -> str:
    """The word that was meant instead of the one that the message quotes."""
    assert error.span
    quoted = re.findall(r"'([^']+)'", error.message)
    place = error.span.text
    wrong = next((word for word in quoted if word in place), place)
    return instead(text, error, place.replace(wrong, found[1], 1))


def at_the_top(text: str, error: SymparamsError, found: re.Match[str]) -> str:
    return f"{found[1]}\n{text}"


# What each kind of hint asks for.
HINTS: tuple[tuple[str, Follow], ...] = (
    (r"did you mean '([^']+)'\?$", meant),
    (r"^write '([^']+)'$", lambda text, error, found: instead(text, error, found[1])),
    (r"\b\w+ = (-?[\d/]+) would do$", lambda text, error, found: instead(text, error, found[1])),
    (r"or state it: '(assume .+)'$", at_the_top),
    (r"^a product is written with '\*'", lambda text, error, found: instead(text, error, f"*{error.span.text}")),  # type: ignore[union-attr]
    (r"^layers are separated by '->'", lambda text, error, found: instead(text, error, f" -> {error.span.text}")),  # type: ignore[union-attr]
)


def fault_of(text: str) -> SymparamsError | None:
    try:
        sp.parse(text)
    except SymparamsError as error:
        return error
    return None


def followed(text: str, error: SymparamsError) -> str | None:
    """The program as the hint would have it; None where the hint is no more than advice."""
    inside = error.span is not None and error.span.source.text == text
    for pattern, follow in HINTS:
        found = re.search(pattern, error.hint or "")
        if found and inside:
            return follow(text, error, found)
    return None


def check(text: str) -> bool:
    """Whether there was a hint to follow, which has to work: at each further place with the same fault, too."""
    error = fault_of(text)
    better = followed(text, error) if error else None
    if error is None or better is None:
        return False
    left = fault_of(better)
    while left is not None and left.message == error.message and left.position > error.position:  # type: ignore[operator]
        error, again = left, followed(better, left)
        assert again is not None
        better, left = again, fault_of(again)
    same = left is not None and left.message == error.message
    assert not same, f"{text}\n{error.show()}\nfollowed:\n{better}"
    return True


def slip(choice: random.Random, text: str) -> str:
    """The text with one word misspelt, one number changed, or one sign left out."""
    pieces = [match.span() for match in re.finditer(r"\w+|[^\w\s]|->", text)]
    start, end = choice.choice(pieces)
    word = text[start:end]
    if word.isdigit():
        word = str(choice.randint(0, 40))
    elif word.isidentifier() and len(word) > 3:
        at = choice.randrange(len(word) - 1)
        word = choice.choice([word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]])
    elif word.isidentifier():
        word = choice.choice([word.upper(), word.lower(), "True", "H"])
    else:
        word = choice.choice(["", " ", word * 2])
    return text[:start] + word + text[end:]


def test_hints_after_slips_can_be_followed() -> None:
    choice = random.Random(5)
    tried = sum(check(slip(choice, choice.choice(GOOD))) for _ in range(SLIPS))
    assert tried > SLIPS / 20


@pytest.mark.parametrize("case", sorted((Path(__file__).parent / "errors").glob("*.arch")), ids=lambda case: case.stem)
def test_hints_of_the_golden_faults_can_be_followed(case: Path) -> None:
    check(case.read_text(encoding="utf-8"))
