"""Norms, slopes and products of torch that the code calls with tensors of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..graph import combined_tensors as combining
from ..graph import named_axes
from ..graph import traced_tensors as shaping
from .code_objects import Native
from .code_parameters import CodeParameter
from .torch_functions import TorchFunctions, tensor_here


def norms(functions: TorchFunctions) -> dict[str, Native]:
    """The functions by name."""

    def normed(x: Any, name: str, given: Mapping[str, Any], weight: Any, bias: Any, channels_first: bool = True) -> Any:
        """A norm whose weights are those of a layer of the class, or any others that stand beside it."""
        owner = weight.owner if isinstance(weight, CodeParameter) else None
        if owner is not None and vars(owner).get("layer") == name:
            return functions.weighted(x, name, given, weight, bias)
        without = {"elementwise_affine" if name == "RMSNorm" else "affine": False}
        made = functions.applied(x, name, {**given, **without})
        for word, learned in (("mul", weight), ("add", bias)):
            if learned is not None:
                sizes = [-1, *[1] * (len(x.sizes) - 2)] if channels_first else list(learned.sizes)
                made = combining.combined(word, made, shaping.view(tensor_here(learned), sizes))
        return made

    def by_rank(name: str, x: Any) -> str:
        return f"{name}{max(len(x.sizes) - 2, 1)}d"

    def batch_norm(
        x: Any, running_mean: Any = None, running_var: Any = None, weight: Any = None, bias: Any = None, *more: Any,
        **named: Any,
    ) -> Any:  # fmt: skip
        has_state = running_mean is not None and not functions.modules.counts_buffers
        given = {"num_features": x.sizes[1], "track_running_stats": has_state}
        return normed(x, by_rank("BatchNorm", x), given, weight, bias)

    def instance_norm(
        x: Any, running_mean: Any = None, running_var: Any = None, weight: Any = None, bias: Any = None, *more: Any,
        **named: Any,
    ) -> Any:  # fmt: skip
        return normed(x, by_rank("InstanceNorm", x), {"num_features": x.sizes[1]}, weight, bias)

    def group_norm(x: Any, num_groups: Any, weight: Any = None, bias: Any = None, eps: Any = 0) -> Any:
        return normed(x, "GroupNorm", {"num_groups": num_groups, "num_channels": x.sizes[1]}, weight, bias)

    def rms_norm(x: Any, normalized_shape: Any, weight: Any = None, eps: Any = 0) -> Any:
        return normed(x, "RMSNorm", {"normalized_shape": tuple(normalized_shape)}, weight, None, channels_first=False)

    def prelu(x: Any, weight: Any) -> Any:
        count = weight.sizes[0] if weight.sizes else 1
        if isinstance(weight, CodeParameter):
            return functions.weighted(x, "PReLU", {"num_parameters": count}, weight, None)
        return combining.combined("mul", x, shaping.view(tensor_here(weight), [-1, *[1] * (len(x.sizes) - 2)]))

    def bilinear(x: Any, other: Any, weight: Any, bias: Any = None) -> Any:
        lead = [f"axis{i}" for i in range(len(x.sizes) - 1)]
        operands = [[*lead, "left"], ["out", "left", "right"], [*lead, "right"]]
        tensors = [tensor_here(t) for t in (x, weight, other)]
        made = named_axes.summed_product(tensors, operands, [*lead, "out"])
        return functions.with_added(made, bias)

    made: dict[str, Callable[..., Any]] = {
        "batch_norm": batch_norm,
        "instance_norm": instance_norm,
        "group_norm": group_norm,
        "rms_norm": rms_norm,
        "prelu": prelu,
        "bilinear": bilinear,
    }
    return {name: Native(work, name) for name, work in made.items()}
