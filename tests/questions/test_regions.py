"""Parameters that decide which layers there are: against networks with each of the numbers put in."""

from __future__ import annotations

import pytest

import symparams as sp
from symparams.questions.regions import ByRegion

PROGRAMS = (
    "if w < 100 { conv(10, 3) } else { conv(20, 3) }",
    "if w % 2 == 0 { conv(10, 3) } else { conv(200, 3) }",
    "if w > 20 and w < 40 { conv(300, 3) }",
    "if w < 10 { conv(400, 3) } else { if w < 90 { conv(5, 3) } else { conv(50, 1) } }",
)


@pytest.mark.parametrize("last", PROGRAMS)
@pytest.mark.parametrize("question", ["params <= 50000", "params >= 30000", "params % 3 == 1"])
def test_answers_are_those_of_each_network(last: str, question: str) -> None:
    net = sp.parse(f"net x(w=64)\ninput(3, 8, 8) -> conv(w, 3)\n{last}")
    found = net.solve(question, "w")
    assert isinstance(found, ByRegion) and found.is_proved and str(found) and found.record()
    operator, bound = question.removeprefix("params").split(" ", 1)[1].rsplit(" ", 1)
    for number in [*range(1, 130), 239, 240, 241, 422, 424]:
        params = net(w=number).params
        holds = {"<=": params <= int(bound), ">=": params >= int(bound)}.get(operator, params % 3 == 1)
        assert holds == (number in found), number


def test_a_depth_that_is_one_of_a_few() -> None:
    assert str(sp.zoo.vgg().solve("params <= 140M", "depth")).startswith("depth = 11; depth = 13; depth = 16")
    assert str(sp.zoo.resnet().solve("params <= 30M", "depth")).startswith("depth = 18; depth = 34; depth = 50")
    assert not sp.zoo.vgg().solve("params <= 1", "depth")


def test_several_unknowns_say_which_of_them_decides() -> None:
    with pytest.raises(sp.SymparamsError, match="which layers there are depends on depth") as fault:
        sp.zoo.vgg().solve("params <= 140M", "depth", "n")
    assert fault.value.hint == "solve for depth alone, or give it a value"
    assert sp.zoo.vgg(depth=11).solve("params <= 140M", "n").count


def test_growth_leaves_out_what_decides() -> None:
    symbols = {row.symbol.name for row in sp.zoo.vgg().grow()}
    assert "depth" not in symbols and "n" in symbols
