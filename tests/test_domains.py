"""Programs as people write them: a closed form holds just where its conditions do, all over a grid of values."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from checks import COUNTS, at, holds_at
from hypothesis import given, note
from written_programs import Number, Written, written_programs

import symparams as sp
from symparams import Network, SymparamsError
from symparams.errors import LimitError

MOST_POINTS = 40


def grid(drawn: Written) -> Iterator[dict[str, Number]]:
    """The points of the grid, or some of them: the least ones always, where conditions begin to hold."""
    points = list(itertools.product(*drawn.domains.values()))
    chosen = random.Random(1).sample(points, MOST_POINTS) if len(points) > MOST_POINTS else points
    for point in {points[0]: None, **dict.fromkeys(chosen)}:
        yield dict(zip(drawn.domains, point))


def symbolic(drawn: Written) -> Network:
    net = sp.parse(drawn.text)
    return net.free("r") if "r" in drawn.domains else net


def with_numbers(drawn: Written, point: dict[str, Number]) -> Network:
    """The program at values: nothing in it is a symbol, so that plain arithmetic works it out."""
    net = sp.parse(drawn.text)
    known = {p.name for p in net.program.parameters} | net.program.names
    return net(**{name: value for name, value in point.items() if name in known})


@given(written_programs())
def test_closed_forms_hold_just_where_their_conditions_do(drawn: Written) -> None:
    try:
        net = symbolic(drawn)
    except SymparamsError:
        return
    for point in grid(drawn):
        note(f"at {point}")
        admissible = all(holds_at(condition, point) for condition in net.guards)
        try:
            expected = with_numbers(drawn, point)
        except LimitError:
            continue
        except SymparamsError as error:
            assert not admissible, f"the values are refused, the conditions hold: {error.message}"
            continue
        assert admissible or may_be_narrow(drawn), "the conditions do not hold, the values give a network"
        if admissible:
            assert tuple(at(size, point) for size in net.output_shape) == expected.output_shape
            for name in COUNTS:
                assert at(net.quantity(name), point) == expected.quantity(name), name


def may_be_narrow(drawn: Written) -> bool:
    """Whether conditions may ask for more: parts that run no time do, and so does what is decided as at a default."""
    return any(word in drawn.text for word in ("repeat", "for ")) or ("drawn(r" in drawn.text and "if " in drawn.text)
