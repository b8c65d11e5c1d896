"""What a trace knows of where each stage comes from."""

from __future__ import annotations

import pytest

import symparams as sp
from symparams.core.trace import Tracer, call_of

UNIT = "def unit(c, s=1) { conv(c, 3, s, p=1) }\n"


@pytest.mark.parametrize(
    ("layer", "whole", "brief"),
    [
        ("conv(64, 7, s=2, p=0)", "conv(64, 7, s=2, p=0)", "conv(64, 7, s=2)"),
        ("conv(2*n, (3, 3))", "conv(2n, (3, 3))", "conv(2n, (3, 3))"),
        ("bn(affine=false)", "bn(affine=false)", "bn(affine=false)"),
        ("relu", "relu", "relu"),
        ("unit(8, 1)", "unit(8, s=1)", "unit(8, s=1)"),
        ("a: relu -> add(a)", "add(a)", "add(a)"),
    ],
)
def test_a_stage_is_written_as_it_was_called(layer: str, whole: str, brief: str) -> None:
    _, stages = Tracer(sp.parse(f"{UNIT}input(n, 32, 32)\n{layer}")).run()
    assert (call_of(stages[-1]), call_of(stages[-1], brief=True)) == (whole, brief)
