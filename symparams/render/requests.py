"""What a derivation is asked for on the command line: its format and its figures."""

from __future__ import annotations

from ..errors import UsageFault, did_you_mean, listing
from ..evaluate.figures import DERIVED
from ..files import format_of
from .derivation import FORMATS, SUFFIXES


def format_for(target: str | None, path: str | None) -> str:
    """The format that is asked for, or that of the file's suffix. Raises SymparamsError where there is none."""
    return format_of(target, path, FORMATS, SUFFIXES, "text")


def wanted(what: str) -> tuple[str, ...]:
    """The figures named in a list with commas; `all` is all of them. Raises SymparamsError for another word."""
    known = (*DERIVED, "all")
    words = [word.strip() for word in what.split(",") if word.strip()]
    for word in words:
        if word not in known:
            hint = did_you_mean(word, known) or f"choose from {listing(known)}"
            raise UsageFault(f"{word!r} cannot be derived", None, hint)
    if not words:
        raise UsageFault("--what names no figure", None, f"choose from {listing(known)}")
    return tuple(DERIVED) if "all" in words else tuple(words)
