"""Networks of Keras in the styles of other people, read and never run, against the same file run by Keras."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from network_cases import KERAS_NETWORKS, NetworkCase

from symparams.api import Network, from_source
from symparams.errors import Source
from symparams.frameworks.python.reader import source_of_code, source_of_file

keras = pytest.importorskip("keras")
FOLDER = Path(__file__).parent / "networks"
CASES = [pytest.param(case, id=case.made) for case in KERAS_NETWORKS]


@cache
def _names(file: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "network"}
    exec((FOLDER / file).read_text(encoding="utf-8"), names)
    return names


def _run(case: NetworkCase, made: str, shapes: dict[str, tuple[int, ...]], values: dict[str, int]) -> tuple[Any, ...]:
    model = eval(made, {**_names(case.file), **values})
    given = [keras.ops.zeros((2, *s), "int32" if n in case.words else "float32") for n, s in shapes.items()]
    if getattr(model, "inputs", None):
        given = [keras.ops.zeros((2, *t.shape[1:]), t.dtype) for t in model.inputs]
    put_out = model(given if len(given) > 1 else given[0])
    several = list(put_out.values()) if isinstance(put_out, dict) else put_out
    several = several if isinstance(several, (tuple, list)) else [several]
    trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    return model.count_params(), trained, [tuple(t.shape[1:]) for t in several]


def _read(case: NetworkCase, made: str, shapes: dict[str, tuple[int, ...]]) -> Network:
    inputs = [f"{name}={','.join(map(str, shape))}" for name, shape in shapes.items()]
    return from_source(source_of_file(f"{FOLDER / case.file}:{made}", inputs))


def _counted(net: Network) -> tuple[Any, ...]:
    outputs = [net.output] if not net.output or not isinstance(net.output[0], tuple) else list(net.output)
    return net.params, net.trainable, outputs


HEAD = "import keras\nfrom keras import Input, Model, Sequential, backend as K, layers, ops\n"
SHORT = {
    section.partition(" <- ")[0]: section.partition(" <- ")[2].partition("\n")
    for section in (FOLDER / "short_of_keras.txt").read_text(encoding="utf-8").split("# --- ")[1:]
}


@pytest.mark.parametrize("name", SHORT)
def test_short_models(name: str) -> None:
    shape, _, text = SHORT[name]
    names: dict[str, Any] = {}
    exec(HEAD + text, names)
    model = names["model"]
    given = [keras.ops.zeros((2, *map(int, shape.split(","))))] if shape else None
    given = given or [keras.ops.zeros((2, *t.shape[1:]), t.dtype) for t in model.inputs]
    put_out = model(given if len(given) > 1 else given[0])
    several = put_out if isinstance(put_out, (tuple, list)) else [put_out]
    trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    net = from_source(source_of_code(Source("code.py", HEAD + text), "model", [shape] if shape else []))
    assert _counted(net) == (model.count_params(), trained, [tuple(t.shape[1:]) for t in several])


@pytest.mark.parametrize("case", CASES)
def test_a_network_is_read_as_keras_runs_it(case: NetworkCase) -> None:
    for shapes in case.inputs:
        assert _counted(_read(case, case.made, shapes)) == _run(case, case.made, shapes, {})


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].freed])
def test_with_symbols_it_is_what_keras_counts_at_their_values(case: NetworkCase) -> None:
    has_own_inputs = getattr(eval(case.made, dict(_names(case.file))), "inputs", None)
    open_net = _read(case, case.freed, {} if has_own_inputs else case.inputs[0])
    for values in case.values:
        wanted = _run(case, case.freed, case.inputs[0], values)
        net = open_net(**values)
        assert (net.params, net.trainable) == wanted[:2]
