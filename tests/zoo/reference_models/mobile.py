"""Small networks for small machines."""

from __future__ import annotations

from math import ceil

import torch
from torch import Tensor, nn

from .parts import Concat, Module, Residual, chain, conv_bn, head, round8, unit

# SqueezeNet (Iandola et al. 2016)


def squeezenet(version: float = 1.0, n: int = 1000) -> Module:
    first = version == 1.0
    model, m = (
        chain(conv1=chain(nn.Conv2d(3, 96, 7, 2) if first else nn.Conv2d(3, 64, 3, 2), nn.ReLU())),
        64 + 32 * first,
    )
    pools = (1, 4, 8) if first else (1, 3, 5)
    for i, s in enumerate((16, 16, 32, 32, 48, 48, 64, 64), start=2):
        if i - 1 in pools:
            model.add_module(f"pool{pools.index(i - 1) + 1}", nn.MaxPool2d(3, 2, ceil_mode=True))
        expand = Concat(chain(nn.Conv2d(s, 4 * s, 1), nn.ReLU()), chain(nn.Conv2d(s, 4 * s, 3, 1, 1), nn.ReLU()))
        model.add_module(f"fire{i}", chain(nn.Conv2d(m, s, 1), nn.ReLU(), expand))
        m = 8 * s
    model.add_module("conv10", chain(nn.Dropout(), nn.Conv2d(m, n, 1), nn.ReLU()))
    model.add_module("head", chain(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    return model


# MobileNet v2 and v3 (Sandler et al. 2018, Howard et al. 2019), EfficientNet (Tan and Le 2019)


class SqueezeExcite(Module):
    def __init__(self, c: int, squeezed: int, act: type[Module], gate: type[Module]):
        super().__init__()
        self.f = chain(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c, squeezed, 1), act(), nn.Conv2d(squeezed, c, 1), gate())

    def forward(self, x: Tensor) -> Tensor:
        return x * self.f(x)


def inverted(m: int, e: int, c: int, k: int, s: int, act: type[Module], excite: Module | None = None) -> Module:
    """A narrow input made e channels wide, a depthwise convolution there, and a narrow output."""
    f = chain()
    if e != m:
        f.extend(chain(*conv_bn(m, e), act()))
    f.extend(chain(*conv_bn(e, e, k, s, k // 2, e), act()))
    if excite:
        f.append(excite)
    f.extend(chain(*conv_bn(e, c)))
    return Residual(f) if s == 1 and m == c else f


def mobilenet_v2(α: float = 1.0, n: int = 1000) -> Module:
    m = round8(32 * α)
    model = chain(conv1=chain(*conv_bn(3, m, 3, 2, 1), nn.ReLU6()))
    rows = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    for i, (t, c, repeats, s) in enumerate(rows, start=1):
        stage, c = chain(), round8(c * α)
        for j in range(repeats):
            stage.append(inverted(m, t * m, c, 3, 1 if j else s, nn.ReLU6))
            m = c
        model.add_module(f"stage{i}", stage)
    last = round8(1280 * max(1, α))
    model.add_module("conv2", chain(*conv_bn(m, last), nn.ReLU6()))
    model.add_module("head", head(last, n, 0.2))
    return model


MOBILENET_V3 = {
    "large": [
        *[(3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1)],
        *[(5, 72, 40, 1, 0, 2), (5, 120, 40, 1, 0, 1), (5, 120, 40, 1, 0, 1)],
        *[(3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1)],
        *[(3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1)],
        *[(5, 672, 160, 1, 1, 2), (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1)],
    ],
    "small": [
        *[(3, 16, 16, 1, 0, 2), (3, 72, 24, 0, 0, 2), (3, 88, 24, 0, 0, 1)],
        *[(5, 96, 40, 1, 1, 2), (5, 240, 40, 1, 1, 1), (5, 240, 40, 1, 1, 1)],
        *[(5, 120, 48, 1, 1, 1), (5, 144, 48, 1, 1, 1)],
        *[(5, 288, 96, 1, 1, 2), (5, 576, 96, 1, 1, 1), (5, 576, 96, 1, 1, 1)],
    ],
}


def mobilenet_v3(size: str = "large", α: float = 1.0, n: int = 1000) -> Module:
    m = round8(16 * α)
    model = chain(conv1=chain(*conv_bn(3, m, 3, 2, 1), nn.Hardswish()))
    for i, (k, e, c, se, hs, s) in enumerate(MOBILENET_V3[size], start=1):
        e, c = round8(e * α), round8(c * α)
        excite = SqueezeExcite(e, round8(e // 4), nn.ReLU, nn.Hardsigmoid) if se else None
        model.add_module(f"bneck{i}", inverted(m, e, c, k, s, nn.Hardswish if hs else nn.ReLU, excite))
        m = c
    last = round8((1280 if size == "large" else 1024) * α)
    model.add_module("conv2", chain(*conv_bn(m, 6 * m), nn.Hardswish()))
    model.add_module("pool", chain(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
    model.add_module("fc1", chain(nn.Linear(6 * m, last), nn.Hardswish(), nn.Dropout(0.2)))
    model.add_module("fc2", nn.Linear(last, n))
    return model


SCALES = ((1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8), (1.6, 2.2), (1.8, 2.6), (2.0, 3.1))


def efficientnet(b: int = 0, n: int = 1000) -> Module:
    width, depth = SCALES[b]
    m = round8(32 * width)
    model = chain(conv1=chain(*conv_bn(3, m, 3, 2, 1), nn.SiLU()))
    rows = [
        *[(1, 3, 16, 1, 1), (6, 3, 24, 2, 2), (6, 5, 40, 2, 2), (6, 3, 80, 3, 2)],
        *[(6, 5, 112, 3, 1), (6, 5, 192, 4, 2), (6, 3, 320, 1, 1)],
    ]
    for i, (t, k, c, layers, s) in enumerate(rows, start=1):
        stage, c = chain(), round8(c * width)
        for j in range(ceil(layers * depth)):
            excite = SqueezeExcite(t * m, max(1, m // 4), nn.SiLU, nn.Sigmoid)
            stage.append(inverted(m, t * m, c, k, 1 if j else s, nn.SiLU, excite))
            m = c
        model.add_module(f"stage{i}", stage)
    model.add_module("conv2", chain(*conv_bn(m, 4 * m), nn.SiLU()))
    model.add_module("head", head(4 * m, n, 0.2))
    return model


# ShuffleNet v2 (Ma et al. 2018)


class ShuffleUnit(Module):
    def __init__(self, m: int, c: int, s: int):
        super().__init__()
        self.split = s == 1
        half = c // 2
        m = half if self.split else m
        if not self.split:
            self.left = chain(*conv_bn(m, m, 3, s, 1, m), *conv_bn(m, half), nn.ReLU())
        self.right = chain(
            *conv_bn(m, half), nn.ReLU(), *conv_bn(half, half, 3, s, 1, half), *conv_bn(half, half), nn.ReLU()
        )

    def forward(self, x: Tensor) -> Tensor:
        left, right = x.chunk(2, 1) if self.split else (x, x)
        y = torch.cat([left if self.split else self.left(left), self.right(right)], 1)
        return y.unflatten(1, (2, -1)).transpose(1, 2).flatten(1, 2)


SHUFFLENET = {0.5: (48, 1024), 1.0: (116, 1024), 1.5: (176, 1024), 2.0: (244, 2048)}


def shufflenet_v2(width: float = 1.0, n: int = 1000) -> Module:
    first, last = SHUFFLENET[width]
    model, m = chain(conv1=unit(3, 24, 3, 2, 1), pool1=nn.MaxPool2d(3, 2, 1)), 24
    for i, repeats in enumerate((4, 8, 4)):
        stage, c = chain(), first * 2**i
        for j in range(repeats):
            stage.append(ShuffleUnit(m, c, 1 if j else 2))
            m = c
        model.add_module(f"stage{i + 2}", stage)
    model.add_module("conv5", unit(m, last))
    model.add_module("head", head(last, n))
    return model
