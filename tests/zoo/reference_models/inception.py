"""Networks of branches side by side."""

from __future__ import annotations

from torch import Tensor, nn

from .parts import Concat, Module, chain, head, unit

# GoogLeNet (Szegedy et al. 2014), as in torchvision: with batch norm, and 3 x 3 where the paper has 5 x 5


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
