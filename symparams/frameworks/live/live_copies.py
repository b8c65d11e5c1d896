"""Copies of a live module whose tensors are others: the module itself is neither run nor changed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ...errors import SymparamsError
from ..python.code_objects import NotRead

# What wraps a module without changing it, by the attribute that holds the module.
_WRAPPERS = {"DataParallel": "module", "DistributedDataParallel": "module", "OptimizedModule": "_orig_mod"}
Other = Callable[[torch.Tensor], Any]


class Scripted(nn.Module):
    """Stands for a module of TorchScript, whose code Python does not see, among copies that are traced."""

    def __init__(self, module: Any):
        super().__init__()
        self.kind = module.original_name
        self._parameters.update(module.named_parameters(recurse=False))
        self._buffers.update(module.named_buffers(recurse=False))
        self._modules.update({name: Scripted(child) for name, child in module.named_children()})

    def forward(self, *values: Any, **named: Any) -> Any:
        raise NotRead(f"{self.kind} is compiled by torch.jit")


def unwrapped(module: Any) -> Any:
    """The module that is in wrappers for several devices, or for the compiler."""
    inside = getattr(module, _WRAPPERS.get(type(module).__name__, ""), None)
    return unwrapped(inside) if isinstance(inside, nn.Module) else module


def check_readable(module: Any) -> None:
    """Raises SymparamsError for what has no tensors to count yet, or none that torch names."""
    if not isinstance(module, nn.Module):
        kind = module.__name__ if isinstance(module, type) else type(module).__name__
        hint = f"from_torch({kind}(...), ...)" if isinstance(module, type) else None
        raise SymparamsError(f"from_torch takes a module of torch, not {kind}", None, hint)
    for path, inner in module.named_modules():
        name = f"{path}, {_article(type(inner).__name__)}," if path else f"the {type(inner).__name__}"
        if getattr(inner, "has_uninitialized_params", lambda: False)():
            raise SymparamsError(f"{name} is lazy and has no shapes yet", None, "call the module once before")
        if ".quantized" in type(inner).__module__:
            fault = f"{name} is quantized: its weights are packed, and no parameters of torch"
            raise SymparamsError(fault, None, "read the module before it is quantized")


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def copied(module: nn.Module, other: Other, scripted: bool = False, training: bool = False) -> Any:
    """A copy, in evaluation mode unless it is for `training`, with other tensors in place of its own.

    With `scripted`, modules of TorchScript are copied as they are. Raises SymparamsError for what Python cannot copy.
    """
    tensors = [*module.parameters(), *module.buffers()]
    computed = [
        value for inner in module.modules() for value in vars(inner).values() if isinstance(value, torch.Tensor)
    ]
    memo: dict[int, Any] = {id(tensor): tensor for tensor in computed}
    memo.update({id(tensor): other(tensor) for tensor in tensors})
    for inner in [*module.modules()][::-1]:
        if isinstance(inner, torch.jit.ScriptModule) and not scripted:
            memo[id(inner)] = _copy(Scripted(inner), memo)
        elif unwrapped(inner) is not inner:
            memo[id(inner)] = _copy(unwrapped(inner), memo)
    made = _copy(module, memo)
    for inner in made.modules():
        inner.training = training and inner.training
        inner.__dict__["_compiled_call_impl"] = None
    return made


def _copy(module: nn.Module, known: dict[int, Any]) -> Any:
    """A copy that has in common with the module what Python cannot copy, such as a lock."""
    try:
        return copy.deepcopy(module, dict(known))
    except Exception:
        memo = dict(known)
    for inner in module.modules():
        for name, value in vars(inner).items():
            if name not in ("_modules", "_parameters", "_buffers"):
                try:
                    copy.deepcopy(value, dict(memo))
                except Exception:
                    memo[id(value)] = value
    try:
        return copy.deepcopy(module, memo)
    except Exception as error:
        fault = f"the module cannot be copied: {type(error).__name__}: {error}".splitlines()[0]
        raise SymparamsError(fault) from None


def on_meta(module: nn.Module) -> Any:
    """A copy whose tensors have shapes alone."""
    return copied(module, _shape_alone)


def _shape_alone(tensor: torch.Tensor) -> torch.Tensor:
    made = torch.empty(tensor.shape, dtype=tensor.dtype, device="meta")
    return nn.Parameter(made, requires_grad=False) if isinstance(tensor, nn.Parameter) else made


def with_values(module: nn.Module) -> Any:
    """A copy that has the values of the module's parameters, and buffers of its own."""
    return copied(module, lambda t: t if isinstance(t, nn.Parameter) else t.clone(), scripted=True)
