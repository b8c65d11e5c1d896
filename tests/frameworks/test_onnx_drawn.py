"""Graphs of ONNX's operators that are drawn: sizes are those of onnx's evaluator, each weight of the file counts."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from onnx_drawn import DrawnGraph, graphs

import symparams as sp

SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))


def _is_like(net: sp.Network, graph: DrawnGraph) -> None:
    assert (net.params, net.trainable, net.state, net.opaque) == (graph.learned, graph.learned, graph.state, ())
    assert net.output == graph.expected(graph.current)


@SETTINGS
@given(graphs())
def test_a_drawn_graph(graph: DrawnGraph) -> None:
    model = graph.model([graph.current])
    note("\n".join(f"{n.op_type} {list(n.input)} -> {list(n.output)} {n.attribute}" for n in graph.nodes))
    _is_like(sp.from_onnx(model), graph)


@SETTINGS
@given(graphs(), st.data())
def test_with_sizes_that_are_named(graph: DrawnGraph, data: Any) -> None:
    """Symbols for sizes of the input: the closed forms are the evaluator's sizes where they are put in."""
