"""What several of the models are made of."""

from __future__ import annotations

import torch
from torch import Tensor, nn

Module = nn.Module


def chain(*layers: Module, **stages: Module) -> nn.Sequential:
    """Layers one after the other, then stages that have names."""
    model = nn.Sequential(*layers)
    for name, stage in stages.items():
        model.add_module(name, stage)
    return model


class Residual(Module):
    """f(x) + g(x)."""

    def __init__(self, f: Module, g: Module | None = None):
        super().__init__()
        self.f, self.g = f, g or nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        return self.f(x) + self.g(x)


class Concat(Module):
    """The outputs of several branches, one after the other in the channels."""

    def __init__(self, *branches: Module):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


def conv_bn(m: int, c: int, k: int | tuple[int, int] = 1, s: int = 1, p: object = 0, g: int = 1) -> list[Module]:
    return [nn.Conv2d(m, c, k, s, p, groups=g, bias=False), nn.BatchNorm2d(c)]  # type: ignore[arg-type]


def head(m: int, n: int, dropout: float = 0) -> nn.Sequential:
    return chain(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(m, n))


def round8(v: float) -> int:
    """The multiple of 8 that is nearest to v and not less than 0.9 v."""
    rounded = max(8, int(v + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * v else rounded


def unit(m: int, c: int, k: int | tuple[int, int] = 1, s: int = 1, p: object = 0) -> nn.Sequential:
    return chain(*conv_bn(m, c, k, s, p), nn.ReLU())
