"""The tools that count operations, asked for their own numbers: a module of torch is made, and counted by each."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import torch
from oracle import demand

from symparams import Network, SymparamsError
from symparams.evaluate.conventions import TOOLS
from symparams.frameworks.layer_graph import graph, token_inputs
from symparams.frameworks.torch_source import class_name, torch_source

Inputs = tuple[torch.Tensor, ...]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    try:
        unseen = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(unseen), contextlib.redirect_stderr(unseen):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _torchinfo(module: torch.nn.Module, inputs: Inputs) -> dict[str, Any]:
    return {"macs": demand("torchinfo").summary(module, input_data=list(inputs), verbose=0).total_mult_adds}


def _fvcore(module: torch.nn.Module, inputs: Inputs) -> dict[str, Any]:
    total = demand("fvcore.nn").FlopCountAnalysis(module.eval(), inputs).total()
    return {"macs": total, "flops": total}


class Keywords(torch.nn.Module):
    """A module whose inputs have names: ptflops hands several over by name."""

    def __init__(self, module: torch.nn.Module):
        super().__init__()
        self.module = module

    def forward(self, x: torch.Tensor, **others: torch.Tensor) -> torch.Tensor:
        return self.module(x, *others.values())


def _ptflops(module: torch.nn.Module, inputs: Inputs) -> dict[str, Any]:
    named = {"x": inputs[0], **{f"x{i}": value for i, value in enumerate(inputs[1:], 2)}}
    several = len(inputs) > 1
    macs, _ = demand("ptflops").get_model_complexity_info(
        Keywords(module) if several else module,
        (1,),
        as_strings=False,
        print_per_layer_stat=False,
        input_constructor=lambda _: named if several else inputs[0],
    )
    return {"macs": macs}


def _thop(module: torch.nn.Module, inputs: Inputs) -> dict[str, Any]:
    return {"macs": demand("thop").profile(module, inputs, verbose=False)[0]}


def _deepspeed(module: torch.nn.Module, inputs: Inputs) -> dict[str, Any]:
    profile = demand("deepspeed.profiling.flops_profiler").get_model_profile
    flops, macs, _ = profile(module, args=list(inputs), print_profile=False, as_string=False, warm_up=0)
    return {"macs": macs, "flops": flops}


ASKED: dict[str, Callable[[torch.nn.Module, Inputs], dict[str, Any]]] = {
    "torchinfo": _torchinfo,
    "fvcore": _fvcore,
    "ptflops": _ptflops,
    "thop": _thop,
    "deepspeed": _deepspeed,
}


def require() -> None:
    """Skip where a tool is missing or of another version, as others count otherwise; fail where it must be there."""
    with _quiet():
        for name in TOOLS:
            demand({"deepspeed": "deepspeed.profiling.flops_profiler"}.get(name, name))


def differing() -> dict[str, tuple[str, str]]:
    """The tools that are installed in another version than that of the table, with both."""
    installed = {name: version(name).replace("-", ".post") for name in TOOLS}
    return {name: (installed[name], tool.version) for name, tool in TOOLS.items() if installed[name] != tool.version}


def module_of(net: Network) -> tuple[torch.nn.Module, Inputs]:
    """The module that the program of a network makes, and an example of what flows into it."""
    names: dict[str, Any] = {}
    exec(torch_source(net), names)
    operations = graph(net, "torch").operations
    tokens = token_inputs(operations)
    inputs = tuple(
        torch.zeros(1, *op.output, dtype=torch.long if op.name in tokens else torch.float32)
        for op in operations
        if op.kind == "input"
    )
    module = names[class_name(net.name)]().eval()
    for weight in module.parameters():
        torch.nn.init.zeros_(weight)
    return module, inputs


def theirs(tool: str, module: torch.nn.Module, inputs: Inputs) -> dict[str, Any]:
    with _quiet():
        return ASKED[tool](module, inputs)


def compare(net: Network) -> dict[str, str]:
    """Fails where a number is another than that of the tool; the tools whose count is not known, and why."""
    refused: dict[str, str] = {}
    module, inputs = module_of(net)
    for tool in TOOLS:
        try:
            counted = net.counted_as(tool)
        except SymparamsError as error:
            refused[tool] = error.message
            continue
        for figure, number in theirs(tool, module, inputs).items():
            ours = getattr(counted, figure)
            assert ours == number, f"{tool}, {figure}: {ours} is not {number}\n{net}"
    return refused
