"""The convolutional networks that neither keras.applications nor transformers has, as torchvision and the papers build
them. The children of a model are its stages and bear the names of the rows that symparams prints."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

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


# LeNet-5 (LeCun et al. 1998)


def lenet5(n: int = 10) -> Module:
    return chain(
        C1=nn.Conv2d(1, 6, 5),
        t1=nn.Tanh(),
        S2=nn.AvgPool2d(2),
        C3=nn.Conv2d(6, 16, 5),
        t3=nn.Tanh(),
        S4=nn.AvgPool2d(2),
        C5=nn.Conv2d(16, 120, 5),
        t5=nn.Tanh(),
        flatten=nn.Flatten(),
        F6=nn.Linear(120, 84),
        t6=nn.Tanh(),
        output=nn.Linear(84, n),
    )


def subsample(c: int) -> Module:
    """The mean of each 2 x 2 window, times a coefficient, plus a bias; one of each for a map."""
    return chain(nn.AvgPool2d(2), nn.Conv2d(c, c, 1, groups=c), nn.Tanh())


TABLE_I = (
    *[(i, (i + 1) % 6, (i + 2) % 6) for i in range(6)],
    *[(i, (i + 1) % 6, (i + 2) % 6, (i + 3) % 6) for i in range(6)],
    *[(0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)],
    tuple(range(6)),
)


class PartialConv(Module):
    """C3: sixteen maps, each seeing some of the six maps before it, as in the paper's table I."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Conv2d(len(seen), 1, 5) for seen in TABLE_I)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([conv(x[:, list(seen)]) for conv, seen in zip(self.maps, TABLE_I)], 1)


class RBF(Module):
    """The squared distance to each class's fixed 84 pixels."""

    def __init__(self, m: int, n: int):
        super().__init__()
        self.centres = nn.Parameter(torch.ones(n, m), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        return (x[:, None] - self.centres).square().sum(-1)


def lenet5_original() -> Module:
    return chain(
        C1=nn.Conv2d(1, 6, 5),
        S2=subsample(6),
        C3=PartialConv(),
        S4=subsample(16),
        C5=nn.Conv2d(16, 120, 5),
        t5=nn.Tanh(),
        flatten=nn.Flatten(),
        F6=nn.Linear(120, 84),
        t6=nn.Tanh(),
        output=RBF(84, 10),
    )


# AlexNet (Krizhevsky, Sutskever and Hinton 2012; in torchvision Krizhevsky 2014)


def alexnet_head(n: int) -> dict[str, Module]:
    drop, relu = nn.Dropout, nn.ReLU
    return {
        "flatten": nn.Flatten(),
        "fc6": chain(drop(), nn.Linear(256 * 6 * 6, 4096), relu()),
        "fc7": chain(drop(), nn.Linear(4096, 4096), relu()),
        "fc8": nn.Linear(4096, n),
    }


def alexnet(n: int = 1000) -> Module:
    return chain(
        conv1=nn.Conv2d(3, 64, 11, 4, 2),
        pool1=chain(nn.ReLU(), nn.MaxPool2d(3, 2)),
        conv2=nn.Conv2d(64, 192, 5, 1, 2),
        pool2=chain(nn.ReLU(), nn.MaxPool2d(3, 2)),
        conv3=nn.Conv2d(192, 384, 3, 1, 1),
        relu3=nn.ReLU(),
        conv4=nn.Conv2d(384, 256, 3, 1, 1),
        relu4=nn.ReLU(),
        conv5=nn.Conv2d(256, 256, 3, 1, 1),
        pool5=chain(nn.ReLU(), nn.MaxPool2d(3, 2)),
        average=nn.AdaptiveAvgPool2d(6),
        **alexnet_head(n),
    )


def alexnet_groups(n: int = 1000) -> Module:
    def pool() -> Module:
        return chain(nn.ReLU(), nn.LocalResponseNorm(5), nn.MaxPool2d(3, 2))

    return chain(
        conv1=nn.Conv2d(3, 96, 11, 4),
        pool1=pool(),
        conv2=nn.Conv2d(96, 256, 5, 1, 2, groups=2),
        pool2=pool(),
        conv3=nn.Conv2d(256, 384, 3, 1, 1),
        relu3=nn.ReLU(),
        conv4=nn.Conv2d(384, 384, 3, 1, 1, groups=2),
        relu4=nn.ReLU(),
        conv5=nn.Conv2d(384, 256, 3, 1, 1, groups=2),
        pool5=chain(nn.ReLU(), nn.MaxPool2d(3, 2)),
        **alexnet_head(n),
    )


# VGG (Simonyan and Zisserman 2014)

VGG = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def vgg(depth: int = 16, batchnorm: bool = False, n: int = 1000) -> Module:
    model, m = chain(), 3
    for i, (c, convolutions) in enumerate(zip((64, 128, 256, 512, 512), VGG[depth])):
        stage = chain()
        for _ in range(convolutions):
            stage.append(nn.Conv2d(m, c, 3, 1, 1))
            if batchnorm:
                stage.append(nn.BatchNorm2d(c))
            stage.append(nn.ReLU())
            m = c
        model.add_module(f"stage{i + 1}", stage.append(nn.MaxPool2d(2)))
    model.add_module("average", chain(nn.AdaptiveAvgPool2d(7), nn.Flatten()))
    model.add_module("fc6", nn.Linear(512 * 7 * 7, 4096))
    model.add_module("drop6", chain(nn.ReLU(), nn.Dropout()))
    model.add_module("fc7", nn.Linear(4096, 4096))
    model.add_module("drop7", chain(nn.ReLU(), nn.Dropout()))
    model.add_module("fc8", nn.Linear(4096, n))
    return model


# GoogLeNet (Szegedy et al. 2014), as in torchvision: with batch norm, and 3 x 3 where the paper has 5 x 5


def unit(m: int, c: int, k: int | tuple[int, int] = 1, s: int = 1, p: object = 0) -> nn.Sequential:
    return chain(*conv_bn(m, c, k, s, p), nn.ReLU())


class Auxiliary(Module):
    """A body whose output also goes to a classifier on the side."""

    def __init__(self, body: Module, classifier: Module | None):
        super().__init__()
        self.body, self.classifier = body, classifier

    def forward(self, x: Tensor) -> Tensor:
        x = self.body(x)
        if self.classifier:
            self.classifier(x)
        return x


GOOGLENET = {
    "inception_3a": (192, 64, 96, 128, 16, 32, 32),
    "inception_3b": (256, 128, 128, 192, 32, 96, 64),
    "inception_4a": (480, 192, 96, 208, 16, 48, 64),
    "inception_4b": (512, 160, 112, 224, 24, 64, 64),
    "inception_4c": (512, 128, 128, 256, 24, 64, 64),
    "inception_4d": (512, 112, 144, 288, 32, 64, 64),
    "inception_4e": (528, 256, 160, 320, 32, 128, 128),
    "inception_5a": (832, 256, 160, 320, 32, 128, 128),
    "inception_5b": (832, 384, 192, 384, 48, 128, 128),
}


def googlenet(aux: bool = False, n: int = 1000) -> Module:
    def inception(m: int, c1: int, r3: int, c3: int, r5: int, c5: int, p: int) -> Module:
        return Concat(
            unit(m, c1),
            chain(unit(m, r3), unit(r3, c3, 3, 1, 1)),
            chain(unit(m, r5), unit(r5, c5, 3, 1, 1)),
            chain(nn.MaxPool2d(3, 1, 1), unit(m, p)),
        )

    def side(m: int) -> Module:
        shrink = chain(nn.AdaptiveAvgPool2d(4), unit(m, 128), nn.Flatten())
        return chain(shrink, nn.Linear(2048, 1024), nn.ReLU(), nn.Dropout(0.7), nn.Linear(1024, n))

    def pool(k: int) -> Module:
        return nn.MaxPool2d(k, 2, ceil_mode=True)

    model = chain(
        conv1=unit(3, 64, 7, 2, 3), pool1=pool(3), conv2=chain(unit(64, 64), unit(64, 192, 3, 1, 1)), pool2=pool(3)
    )
    for name, sizes in GOOGLENET.items():
        block = inception(*sizes)
        if name in ("inception_4a", "inception_4d"):
            block = Auxiliary(block, side(512 if name == "inception_4a" else 528) if aux else None)
        model.add_module(name, block)
        if name in ("inception_3b", "inception_4e"):
            model.add_module("pool" + name[-2], pool(3 if name == "inception_3b" else 2))
    model.add_module("head", head(1024, n, 0.2))
    return model


# Inception v3 (Szegedy et al. 2015), as in torchvision


def inception_v3(aux: bool = False, n: int = 1000) -> Module:
    tall, wide = ((7, 1), 1, (3, 0)), ((1, 7), 1, (0, 3))

    def a(m: int, p: int) -> Module:
        return Concat(
            unit(m, 64),
            chain(unit(m, 48), unit(48, 64, 5, 1, 2)),
            chain(unit(m, 64), unit(64, 96, 3, 1, 1), unit(96, 96, 3, 1, 1)),
            chain(nn.AvgPool2d(3, 1, 1), unit(m, p)),
        )

    def b(m: int) -> Module:
        return Concat(
            unit(m, 384, 3, 2), chain(unit(m, 64), unit(64, 96, 3, 1, 1), unit(96, 96, 3, 2)), nn.MaxPool2d(3, 2)
        )

    def c(m: int, r: int) -> Module:
        return Concat(
            unit(m, 192),
            chain(unit(m, r), unit(r, r, *wide), unit(r, 192, *tall)),
            chain(unit(m, r), unit(r, r, *tall), unit(r, r, *wide), unit(r, r, *tall), unit(r, 192, *wide)),
            chain(nn.AvgPool2d(3, 1, 1), unit(m, 192)),
        )

    def d(m: int) -> Module:
        return Concat(
            chain(unit(m, 192), unit(192, 320, 3, 2)),
            chain(unit(m, 192), unit(192, 192, *wide), unit(192, 192, *tall), unit(192, 192, 3, 2)),
            nn.MaxPool2d(3, 2),
        )

    def e(m: int) -> Module:
        def split() -> Module:
            return Concat(unit(384, 384, (1, 3), 1, (0, 1)), unit(384, 384, (3, 1), 1, (1, 0)))

        return Concat(
            unit(m, 320),
            chain(unit(m, 384), split()),
            chain(unit(m, 448), unit(448, 384, 3, 1, 1), split()),
            chain(nn.AvgPool2d(3, 1, 1), unit(m, 192)),
        )

    side = chain(nn.AvgPool2d(5, 3), unit(768, 128), unit(128, 768, 5), head(768, n))
    return chain(
        stem1=chain(unit(3, 32, 3, 2), unit(32, 32, 3), unit(32, 64, 3, 1, 1), nn.MaxPool2d(3, 2)),
        stem2=chain(unit(64, 80), unit(80, 192, 3), nn.MaxPool2d(3, 2)),
        A1=a(192, 32),
        A2=a(256, 64),
        A3=a(288, 64),
        B=b(288),
        C1=c(768, 128),
        C2=c(768, 160),
        C3=c(768, 160),
        C4=Auxiliary(c(768, 192), side if aux else None),
        D=d(768),
        E1=e(1280),
        E2=e(2048),
        head=head(2048, n, 0.5),
    )


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
