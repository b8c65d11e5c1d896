"""Networks of layers one after the other."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .parts import Module, chain

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
