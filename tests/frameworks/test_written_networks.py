"""Networks in the styles of other people, read and never run, against the same files run by torch."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from network_cases import TORCH_NETWORKS, NetworkCase

from symparams.api import Network, from_source
from symparams.frameworks.python.reader import source_of_file

torch = pytest.importorskip("torch")
FOLDER = Path(__file__).parent / "networks"
CASES = [pytest.param(case, id=f"{case.file}:{case.made}") for case in TORCH_NETWORKS]


@cache
def _module(file: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"network_in_{file.removesuffix('.py')}", FOLDER / file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _run(case: NetworkCase, made: str, shapes: dict[str, tuple[int, ...]], values: dict[str, int]) -> tuple[Any, ...]:
    """Parameters, those that are trained, running statistics, and the sizes of what comes out without the batch."""
    module = eval(made, {**vars(_module(case.file)), **values}).eval()
    given = {n: torch.zeros(2, *s, dtype=torch.long if n in case.words else torch.float) for n, s in shapes.items()}
    put_out = module(**given)
    several = put_out if isinstance(put_out, (tuple, list)) else [put_out]
    running = [b for name, b in module.named_buffers() if "running" in name]
    weights = list(module.parameters())
    return (
        sum(p.numel() for p in weights),
        sum(p.numel() for p in weights if p.requires_grad),
        sum(b.numel() for b in running),
        [tuple(t.shape[1:]) for t in several],
        sorted(sorted(size for size in p.shape if size != 1) for p in weights),
    )


def _read(case: NetworkCase, made: str, shapes: dict[str, tuple[int, ...]]) -> Network:
    inputs = [f"{name}={','.join(map(str, shape)) or '()'}" for name, shape in shapes.items()]
    return from_source(source_of_file(f"{FOLDER / case.file}:{made}", inputs))


def _counted(net: Network) -> tuple[Any, ...]:
    shapes = [t.shape for layer in net.rows() for t in layer.tensors if t.is_weight and not t.tied]
    outputs = [net.output] if not net.output or not isinstance(net.output[0], tuple) else list(net.output)
    return (net.params, net.trainable, net.state, outputs, sorted(sorted(n for n in s if n != 1) for s in shapes))


@pytest.mark.parametrize("case", CASES)
def test_a_network_is_read_as_torch_runs_it(case: NetworkCase) -> None:
    pytest.importorskip(case.needs)
    for shapes in case.inputs:
        assert _counted(_read(case, case.made, shapes)) == _run(case, case.made, shapes, {})


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].freed])
def test_with_symbols_it_is_what_torch_counts_at_their_values(case: NetworkCase) -> None:
    pytest.importorskip(case.needs)
    open_net = _read(case, case.freed, case.inputs[0])
    for values in case.values:
        wanted = _run(case, case.freed, case.inputs[0], values)
        net = open_net(**values)
        assert (net.params, net.trainable, net.state) == wanted[:3]
