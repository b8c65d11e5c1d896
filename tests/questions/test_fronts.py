"""The front keeps just what nothing beats, block by block, for machine integers and for longer ones."""

from __future__ import annotations

import pytest

import symparams as sp
from symparams.questions.best import Front, Nearest

numpy = pytest.importorskip("numpy")


@pytest.mark.parametrize("costs", [2, 3])
@pytest.mark.parametrize("scale", [1, 10**25])
def test_a_front_against_comparing_all(costs: int, scale: int) -> None:
    random = numpy.random.default_rng(costs)
    for _ in range(100):
        size, most = int(random.integers(1, 60)), int(random.integers(2, 12))
        values = random.integers(0, most, (costs, size)).astype(object if scale > 1 else int) * scale
        points = numpy.arange(size)
        front = Front(costs)
        cut = int(random.integers(0, size + 1))
        for part in (slice(0, cut), slice(cut, size)):
            if len(points[part]):
                front.take((points[part],), tuple(value[part] for value in values))
        rows = [tuple(value[i] for value in values) for i in range(size)]
        wanted = {i for i, own in enumerate(rows) if not any(o != own and all(map(_at_most, o, own)) for o in rows)}
        assert {point for (point,), _ in front.rows} == wanted


def _at_most(a: int, b: int) -> bool:
    return a <= b


def test_the_nearest_are_the_first_in_order_of_cost() -> None:
    random = numpy.random.default_rng(7)
    costs, points = random.integers(0, 30, 1000), numpy.arange(1000)
    nearest = Nearest(20)
    for start in range(0, 1000, 100):
        nearest.take((points[start : start + 100],), (costs[start : start + 100],))
    wanted = sorted(zip(costs.tolist(), points.tolist()))[:20]
    assert [(cost, point) for (point,), (cost,) in nearest.rows] == wanted


def test_four_figures_are_too_many() -> None:
    net = sp.zoo.resnet50(H=224, W=224)
    with pytest.raises(sp.SymparamsError, match="a front is one of 3 figures at the most"):
        print(net.solve("params <= 5e6", "w", "n", best="params,macs,activations,memory", over={"n": [10]}))
