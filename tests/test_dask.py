"""Compiled functions of Dask's arrays: lazy, equal to those of NumPy's, and never wrapped."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from symparams import SymparamsError, parse

dask_array: Any = pytest.importorskip("dask.array")

CONV = parse("input(C, H, W) -> conv(M, k, s=2, g=G)")


def drawn(seed: int) -> dict[str, Any]:
    draws = numpy.random.default_rng(seed)
    groups = draws.integers(1, 4, 60)
    ranges = {"C": (1, 20), "H": (7, 90), "W": (7, 90), "M": (1, 20), "k": (1, 7)}
    found = {name: draws.integers(*ends, 60) for name, ends in ranges.items()}
    return {**found, "C": found["C"] * groups, "M": found["M"] * groups, "G": groups}


@pytest.mark.parametrize("chunk", [60, 17, 1])
@pytest.mark.parametrize("what", ["params", "macs", "output"])
def test_lazy_arrays_are_equal_to_numpys(what: str, chunk: int) -> None:
    function, values = CONV.function(what), drawn(chunk)
    lazy = function(**{name: dask_array.from_array(value, chunks=chunk) for name, value in values.items()})
    expected = function(**values)
    for own, other in zip(lazy if what == "output" else [lazy], expected if what == "output" else [expected]):
        assert isinstance(own, dask_array.Array) and own.dtype == numpy.int64
        assert (own.compute() == other).all()


def test_numbers_and_arrays_are_broadcast() -> None:
    function = parse("input(d) -> linear(n)").function()
    d, n = dask_array.arange(1, 1001, chunks=100)[:, None], numpy.arange(1, 6)
    assert (function(d, n).compute() == numpy.arange(1, 1001)[:, None] * n + n).all()
    assert (function(d, n=3).compute() == numpy.arange(1, 1001)[:, None] * 3 + 3).all()


def test_beyond_int64_is_refused() -> None:
    function = parse("input(d) -> linear(n)").function()
    edge = 3_037_000_499
    exact = function(dask_array.from_array(numpy.array([1, edge]), chunks=1), edge).compute()
    assert exact.tolist() == [2 * edge, edge * edge + edge]
    lazy = function(dask_array.from_array(numpy.array([1, 2**40]), chunks=1), 2**40)
    with pytest.raises(SymparamsError, match="below 2\\^63"):
        lazy.compute()


def test_what_breaks_a_condition_is_refused() -> None:
    lazy = CONV.function()(**{**drawn(1), "G": dask_array.from_array(numpy.full(60, 97), chunks=20)})
    with pytest.raises(SymparamsError, match="does not hold"):
        lazy.compute()
    with pytest.raises(SymparamsError, match="shapes"):
        parse("input(d) -> linear(n)").function()(dask_array.ones(3, dtype=int), numpy.ones(4, dtype=int))
    with pytest.raises(SymparamsError, match="needs a value for n"):
        parse("input(d) -> linear(n)").function()(d=dask_array.ones(3, dtype=int))
