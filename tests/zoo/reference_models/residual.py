"""Networks with shortcuts: residual, dense, and the U-Net."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .parts import Concat, Module, Residual, chain, conv_bn, head, unit

# ResNet (He et al. 2015), Wide ResNet (Zagoruyko and Komodakis 2016), ResNeXt (Xie et al. 2017)

BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def resnet(depth: int = 50, inner: Callable[[int], int] = lambda c: c, groups: int = 1, n: int = 1000) -> Module:
    expansion = 1 if depth < 50 else 4

    def block(m: int, c: int, s: int) -> Module:
        w, out = inner(c), expansion * c
        if depth < 50:
            f = [*conv_bn(m, c, 3, s, 1), nn.ReLU(), *conv_bn(c, c, 3, 1, 1)]
        else:
            f = [*conv_bn(m, w), nn.ReLU(), *conv_bn(w, w, 3, s, 1, groups), nn.ReLU(), *conv_bn(w, out)]
        return chain(Residual(chain(*f), chain(*conv_bn(m, out, 1, s)) if s != 1 or m != out else None), nn.ReLU())

    model, m = chain(conv1=unit(3, 64, 7, 2, 3), pool1=nn.MaxPool2d(3, 2, 1)), 64
    for i, blocks in enumerate(BLOCKS[depth]):
        stage, c = chain(), 64 * 2**i
        for j in range(blocks):
            stage.append(block(m, c, 2 if i and not j else 1))
            m = expansion * c
        model.add_module(f"stage{i + 1}", stage)
    model.add_module("head", head(m, n))
    return model


def wide_resnet(depth: int = 50, k: int = 2, n: int = 1000) -> Module:
    return resnet(depth, lambda c: k * c, 1, n)


def resnext(depth: int = 50, cardinality: int = 32, d: int = 4, n: int = 1000) -> Module:
    return resnet(depth, lambda c: c // 64 * cardinality * d, cardinality, n)


# DenseNet (Huang et al. 2016)

DENSE = {121: (6, 12, 24, 16), 161: (6, 12, 36, 24), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}


def densenet(depth: int = 121, k: int = 32, n: int = 1000) -> Module:
    model, m = chain(conv1=unit(3, 2 * k, 7, 2, 3), pool1=nn.MaxPool2d(3, 2, 1)), 2 * k
    for i, layers in enumerate(DENSE[depth]):
        if i:
            transition = [nn.BatchNorm2d(m), nn.ReLU(), nn.Conv2d(m, m // 2, 1, bias=False), nn.AvgPool2d(2)]
            model.add_module(f"transition{i}", chain(*transition))
            m //= 2
        block = chain()
        for _ in range(layers):
            new = chain(nn.BatchNorm2d(m), nn.ReLU(), *conv_bn(m, 4 * k), nn.ReLU())
            block.append(Concat(nn.Identity(), new.append(nn.Conv2d(4 * k, k, 3, 1, 1, bias=False))))
            m += k
        model.add_module(f"dense_block{i + 1}", block)
    model.add_module("norm", chain(nn.BatchNorm2d(m), nn.ReLU()))
    model.add_module("head", head(m, n))
    return model


# U-Net (Ronneberger, Fischer and Brox 2015)


class UNet(Module):
    def __init__(self, c: int = 64, p: int = 0, n: int = 2):
        super().__init__()

        def double(m: int, c: int) -> Module:
            return chain(nn.Conv2d(m, c, 3, 1, p), nn.ReLU(), nn.Conv2d(c, c, 3, 1, p), nn.ReLU())

        for i in range(1, 6):
            self.add_module(f"down{i}", double(1 if i == 1 else c * 2 ** (i - 2), c * 2 ** (i - 1)))
        for i in range(4, 0, -1):
            self.add_module(f"upconv{i}", nn.ConvTranspose2d(c * 2**i, c * 2 ** (i - 1), 2, 2))
            self.add_module(f"up{i}", double(c * 2**i, c * 2 ** (i - 1)))
        self.last = nn.Conv2d(c, n, 1)

    def forward(self, x: Tensor) -> Tensor:
        skips = []
        for i in range(1, 6):
            x = self.get_submodule(f"down{i}")(x)
            skips.append(x)
            if i < 5:
                x = nn.functional.max_pool2d(x, 2)
        for i in range(4, 0, -1):
            x = self.get_submodule(f"upconv{i}")(x)
            skip = skips[i - 1]
            cut = (skip.shape[-1] - x.shape[-1]) // 2
            x = torch.cat([nn.functional.pad(skip, [-cut] * 4), x], 1)
            x = self.get_submodule(f"up{i}")(x)
        return self.last(x)


def unet(c: int = 64, p: int = 0, n: int = 2) -> Module:
    return UNet(c, p, n)
