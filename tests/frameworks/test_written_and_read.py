"""The networks of the zoo as programs of a framework, read back: the same network."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

import symparams as sp
from symparams.errors import Source, SymparamsError
from symparams.frameworks.python.reader import source_of_code

SIZES = {"H": 64, "W": 64}
# Those that the framework's dialect does not have, and those whose program says less than the network, and is said to:
# Keras has no tied weights in what is written for it.
NOT_WRITTEN = {"torch": ("mobilenet_v1", "xception"), "keras": ("lstm_lm", "seq2seq")}
SAYS_LESS = {"keras": ("gpt2", "t5", "transformer", "whisper")}
# A padding that takes away is none of the language's.
NOT_READ = {"torch": ("unet", "mixtral"), "keras": ()}


def _numbers(name: str, dialect: str) -> Any:
    net = sp.load(f"zoo:{name}", dialect=dialect)
    return net(**{symbol: SIZES.get(symbol, 16) for symbol in net.symbols})


@pytest.mark.parametrize("framework", ["torch", "keras"])
@pytest.mark.parametrize("name", sp.zoo.names())
def test_what_is_written_is_read_back(name: str, framework: str) -> None:
    pytest.importorskip(framework)
    if name in NOT_WRITTEN[framework]:
        with pytest.raises(SymparamsError):
            _numbers(name, framework)
        return
    net = _numbers(name, framework)
    module = import_module(f"symparams.frameworks.{framework}_source")
    code = getattr(module, f"{framework}_source")(net)
    shapes = [",".join(map(str, shape)) for shape in net.inputs.values()] if framework == "torch" else []
    if name in NOT_READ[framework]:
        with pytest.raises(SymparamsError):
            source_of_code(Source("written.py", code), None, shapes)
        return
    again = sp.api.from_source(source_of_code(Source("written.py", code), None, shapes))
    assert again.output == net.output
    left_out = module.what_is_left_out(net)
    assert (left_out is not None) == (name in SAYS_LESS.get(framework, ()))
    if left_out is None:
        assert (again.params, again.trainable, again.state) == (net.params, net.trainable, net.state)
