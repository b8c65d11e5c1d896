"""Modules that are called before anything flows, on tensors that are worked out, to see how large what they give is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ...closed_forms.powers import substitute
from ..graph.growing_program import BATCH, BATCH_SYMBOL, GrowingProgram
from .code_parameters import CodeParameter
from .code_tensors import CodeTensor

SizesOf = Callable[[Any], Any]


def is_dry(program: GrowingProgram, values: Any) -> bool:
    """Whether nothing flows yet, and a tensor of a size for each sample is given."""
    tensors = [value for value in values if isinstance(value, CodeTensor)]
    return bool(tensors) and not program.nodes and all(len(t.sizes) > 1 and t.node is None for t in tensors)


def run_dry(program: GrowingProgram, work: Callable[..., Any], values: Any) -> Any:
    """What a function gives for tensors whose first axis is that of the batch."""
    count = next(value for value in values if isinstance(value, CodeTensor)).sizes[0]
    with _graph_of_its_own(program):
        return _with_count(work(*(_entering(program, value) for value in values)), count)


def _entering(program: GrowingProgram, value: Any) -> Any:
    if not isinstance(value, CodeTensor):
        return value
    _, *sizes = value.sizes
    return CodeTensor(program, program.input(f"x{len(program.nodes)}", sizes), (BATCH, *sizes))


def _with_count(value: Any, count: Any) -> Any:
    """The values with the number of samples where the batch was."""
    if isinstance(value, CodeTensor):
        sizes = [substitute(size, {BATCH_SYMBOL: count}) for size in value.sizes]
        return CodeTensor(value.program, None, sizes)
    if isinstance(value, (list, tuple)):
        return type(value)(_with_count(inner, count) for inner in value)
    if isinstance(value, dict):
        return {name: _with_count(inner, count) for name, inner in value.items()}
    return value


@contextmanager
def _graph_of_its_own(program: GrowingProgram) -> Iterator[None]:
    """What is added meanwhile is forgotten, and no parameter has been used."""
    nodes, labels, scopes = program.nodes, program.labels, program.scopes
    program.nodes, program.labels, program.scopes = [], {}, ()
    try:
        yield
    finally:
        for node in program.nodes:
            if isinstance(node.owner, CodeParameter):
                node.owner.forget_use()
        program.nodes, program.labels, program.scopes = nodes, labels, scopes
