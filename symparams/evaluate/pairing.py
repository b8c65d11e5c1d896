"""The stages of two evaluations of one program, side by side, where the finer one tells more turns of loops apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from ..closed_forms.polynomial import Quantity, Symbol
from ..errors import SymparamsError
from .domain import normal
from .model import Stage

Put = tuple[Symbol, Quantity]


class Twin(NamedTuple):
    """The full name of a stage, and the stage of the finer evaluation that it is at the last of its turns.

    There the numbers of turns have the values `put`, the innermost loop first.
    """

    name: str
    stage: Stage
    put: tuple[Put, ...]


def twins(stages: Iterable[Stage], finer: Iterable[Stage]) -> dict[str, Twin]:
    """The stages of the finer evaluation by the full names that they have in the other; those of blocks too.

    Raises SymparamsError where the turns of a loop are one formula here, and several there.
    """
    return {twin.name: twin for twin in _twins(stages, iter(finer), "", ())}


def _twins(stages: Iterable[Stage], finer: Iterator[Stage], prefix: str, put: tuple[Put, ...]) -> Iterator[Twin]:
    for stage in stages:
        if stage.children is not None and not stage.is_block:
            yield from _at_the_last_turn(stage, finer, prefix, put)
            continue
        twin = next(finer)
        yield Twin(prefix + stage.name, twin, put)
        if stage.children is not None:
            yield from _twins(stage.children, iter(twin.children or ()), f"{prefix}{stage.name}.", put)


def _at_the_last_turn(turns: Stage, finer: Iterator[Stage], prefix: str, put: tuple[Put, ...]) -> Iterable[Twin]:
    """The stages of a loop at the last of its turns, all of which are gone through."""
    assert turns.children is not None
    left, last = turns.count, []
    while left != 0:
        ahead = next(finer, None)
        if ahead is not None and _is_of_the_loop(ahead, turns):
            inside = (*_number_put_in(ahead, turns), *put)
            last = list(_twins(turns.children, iter(ahead.children or ()), prefix, inside))
            left = normal(left - ahead.count)
        else:
            again = finer if ahead is None else chain([ahead], finer)
            last = list(_twins(turns.children, again, prefix, put))
            left = normal(left - 1)
    return last


def _is_of_the_loop(stage: Stage, turns: Stage) -> bool:
    return stage.children is not None and not stage.is_block and stage.span == turns.span


def _number_put_in(ahead: Stage, turns: Stage) -> tuple[Put, ...]:
    """The last number of the turns, where the loop is not a formula in it anyway."""
    if ahead.index is None or ahead.index == turns.index:
        return ()
    if turns.index is not None and ahead.count != turns.count:
        raise SymparamsError("the first turns of this loop see the input by another formula", turns.span)
    return ((ahead.index, normal(ahead.count - 1)),)
