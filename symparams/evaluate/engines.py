"""The engines that a user can ask for: closed forms, fast and exact, and sympy alone, which they are compared with."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .domain import Domain

CLOSED, SYMPY = "closed_forms", "sympy"
ENGINES = (CLOSED, SYMPY)


# How long sympy may work on one program.
MOST_SECONDS = 20.0


def limited(engine: str) -> AbstractContextManager[None]:
    """What an evaluation by an engine runs in: for sympy, within its time."""
    if engine == SYMPY:
        from .sympy_values import within

        return within(MOST_SECONDS)
    return nullcontext()


def domain_of(engine: str) -> Domain:
    """The domain in which an engine works out values. Sympy's is read when it is asked for."""
    if engine == SYMPY:
        from .sympy_domain import OF_SYMPY

        return OF_SYMPY
    from .domain import CLOSED_FORMS

    return CLOSED_FORMS
