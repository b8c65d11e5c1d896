"""Modules of torch for tests of what reads them while they live: usual ones, and unusual ones."""

from __future__ import annotations

import threading
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import nn

Made = Callable[[], nn.Module]


class Convolutional(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.head = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.Linear(8, 5)

    def forward(self, x):
        x = F.relu(self.norm(self.conv(x)))
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Residual(nn.Module):
    def __init__(self, inside: int, out: int, stride: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inside, out, 3, stride, 1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(inplace=True),
            nn.Conv2d(out, out, 3, 1, 1, groups=4, bias=False),
            nn.BatchNorm2d(out),
        )
        self.short = nn.Conv2d(inside, out, 1, stride) if stride > 1 or inside != out else None
        self.scale = nn.Parameter(torch.ones(out, 1, 1))

    def forward(self, x):
        same = x if self.short is None else self.short(x)
        x = self.body(x) * self.scale
        x += same
        return x.relu_()


def residual() -> nn.Module:
    blocks = [Residual(3, 8, 2), Residual(8, 8, 1), Residual(8, 16, 2)]
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))


class Dense(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv2d(3 + 4 * i, 4, 3, padding=1) for i in range(4))

    def forward(self, x):
        found = [x]
        for layer in self.layers:
            found.append(layer(torch.cat(found, 1)))
        return torch.cat(found, dim=1)


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.left, self.deep = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        self.up, self.right = nn.ConvTranspose2d(16, 8, 2, 2), nn.Conv2d(16, 2, 3, padding=1)

    def forward(self, x):
        left = self.left(x)
        up = self.up(F.relu(self.deep(F.max_pool2d(left, 2))))
        rows, columns = left.size(2) - up.size(2), left.size(3) - up.size(3)
        up = F.pad(up, [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2])
        return torch.sigmoid(self.right(torch.cat([left, up], 1)))


class LastStep(nn.Module):
    def __init__(self, recurrent: nn.Module, width: int):
        super().__init__()
        self.recurrent, self.head = recurrent, nn.Linear(width, 3)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][:, -1])


class Attending(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True, add_bias_kv=True)

    def forward(self, x):
        return self.attention(x, x, x)


class ViT(nn.Module):
    def __init__(self, width: int = 16):
        super().__init__()
        self.patches = nn.Conv2d(3, width, 4, 4)
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        layer = nn.TransformerEncoderLayer(width, 4, 32, batch_first=True, norm_first=True)
        self.layers, self.head = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Linear(width, 7)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        return self.head(self.layers(x)[:, 0])


class Tied(nn.Module):
    def __init__(self, bias: bool):
        super().__init__()
        self.table, self.mix = nn.Embedding(40, 8), nn.GRU(8, 8, batch_first=True)
        self.head = nn.Linear(8, 40, bias=bias)
        self.head.weight = self.table.weight

    def forward(self, tokens):
        return self.head(self.mix(self.table(tokens))[0])


class ByValues(nn.Module):
    """Which way its code goes depends on values."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(3, 4), nn.Linear(4, 4)
        self.scale, self.still = nn.Parameter(torch.ones(4)), nn.Parameter(torch.ones(2), requires_grad=False)
        self.register_buffer("seen", torch.zeros(3))

    def forward(self, x):
        x = self.first(x)
        return self.second(x) * self.scale if x.sum() > 0 else x


class OneOutput(nn.Module):
    """Of the outputs of parts that are not read, one is used."""

    def __init__(self, which: int):
        super().__init__()
        self.which = which
        self.query, self.key = nn.Linear(5, 8), nn.Linear(5, 6)
        self.mix = nn.MultiheadAttention(8, 2, batch_first=True, kdim=6, vdim=6)

    def forward(self, x):
        key = self.key(x)
        return self.mix(self.query(x), key, key)[self.which]


class Around(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.before, self.inside, self.after = nn.Linear(3, 3), ByValues(), nn.Linear(4, 7)

    def forward(self, x):
        return self.after(self.inside(self.before(x)))


class Scaled(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, scale):
        ctx.save_for_backward(x)
        return x * scale

    @staticmethod
    def backward(ctx, given):
        return given, given


class OwnGradient(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.map, self.scale = nn.Linear(3, 4), nn.Parameter(torch.ones(4))

    def forward(self, x):
        return Scaled.apply(self.map(x), self.scale)


class Spectrum(nn.Module):
    """Functions of torch that are not read."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.weights = nn.Conv2d(3, 4, 3), nn.Parameter(torch.ones(4, 14, 8))

    def forward(self, x):
        return torch.fft.irfft2(torch.fft.rfft2(self.conv(x)) * self.weights)


class Windows(nn.Module):
    """A table of learned values, taken at places that are worked out, and an Einstein sum."""

    def __init__(self) -> None:
        super().__init__()
        self.map, self.table = nn.Linear(6, 18), nn.Parameter(torch.zeros(7, 2))
        self.register_buffer("places", torch.arange(16).reshape(4, 4) % 7)

    def forward(self, x):
        q, k, v = self.map(x).unflatten(-1, (3, 2, 3)).unbind(2)
        weights = torch.einsum("bihd,bjhd->bhij", q, k) + self.table[self.places.view(-1)].view(4, 4, 2).permute(
            2, 0, 1
        )
        return torch.einsum("bhij,bjhd->bihd", weights.softmax(-1), v).flatten(2)


class Leaves(nn.Module):
    """Leaves traces as it is called: in attributes, in buffers, in lists."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.register_buffer("calls", torch.zeros(1))
        self.seen: list[object] = []

    def forward(self, x):
        self.calls += 1
        self.last = self.norm(self.conv(x))
        self.seen.append(self.last)
        return self.last


class Choosy(nn.Module):
    """Pads what is odd, and refuses what is small."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x):
        if x.shape[2] % 2:
            x = F.pad(x, (0, 0, 0, 1))
        assert x.shape[3] % 2 == 0
        if x.shape[2] < 8:
            raise ValueError("too small")
        return self.conv(x)


class Branching(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.small, self.large = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 4, 5)

    def forward(self, x):
        return self.small(x) if x.shape[2] < 10 else self.large(x)


class InTraining(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.main, self.more = nn.Linear(3, 4), nn.Linear(3, 5)

    def forward(self, x):
        return (self.main(x), self.more(x)) if self.training else self.main(x)


class Raises(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.map = nn.Linear(3, 4)

    def forward(self, x):
        raise RuntimeError("no such luck\nand more")


class Listed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = [nn.Linear(3, 3)]

    def forward(self, x):
        return self.layers[0](x)


class Endless(nn.Module):
    def forward(self, x):
        return self(x)


class Twice(nn.Module):
    """A whole layer, and a weight alone, that stand in two places."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = (nn.Conv2d(3, 3, 3, padding=1) for _ in range(3))
        self.b.weight, self.c.weight, self.c.bias = self.a.weight, self.a.weight, self.a.bias

    def forward(self, x):
        return self.c(self.b(self.a(self.a(x))))


def altered(change: Callable[[Convolutional], object]) -> Made:
    def made() -> nn.Module:
        module = Convolutional()
        found = change(module)
        return found if isinstance(found, nn.Module) else module

    return made


def _frozen_in_part(module: Convolutional) -> None:
    for layer in (module.conv, module.head, module.norm):
        layer.weight.requires_grad_(False)


def _hooked(module: Convolutional) -> None:
    module.conv.register_forward_pre_hook(lambda layer, given: (given[0] + 1,))
    module.conv.register_forward_hook(lambda layer, given, out: out * 2)


def _within(module: Convolutional) -> None:
    module.conv = torch.compile(module.conv)  # type: ignore[assignment]


def _locked(module: Convolutional) -> None:
    module.lock = threading.Lock()  # type: ignore[assignment]


IMAGE = (3, "H", "W")
# The module and the shapes of its inputs, in which H, W and T are put in. Tokens where the name ends so.
WHOLE: dict[str, tuple[Made, tuple[object, ...]]] = {
    "convolutional": (Convolutional, (IMAGE,)),
    "residual": (residual, (IMAGE,)),
    "dense": (Dense, (IMAGE,)),
    "u-net": (UNet, (IMAGE,)),
    "lstm": (lambda: LastStep(nn.LSTM(5, 6, 2, batch_first=True, bidirectional=True), 12), (("T", 5),)),
    "gru": (lambda: LastStep(nn.GRU(5, 6, batch_first=True), 6), (("T", 5),)),
    "projected lstm": (lambda: LastStep(nn.LSTM(5, 6, proj_size=4, batch_first=True), 4), (("T", 5),)),
    "transformer": (lambda: nn.Transformer(8, 2, 2, 2, 16), (("T", 8), ("T + 3", 8))),
    "batch first": (lambda: nn.Transformer(8, 2, 1, 1, 16, batch_first=True), (("T", 8), (5, 8))),
    "attention and its weights": (Attending, (("T", 8),)),
    "vision transformer": (ViT, ((3, "4*H", "4*W"),)),
    "tied, of tokens": (lambda: Tied(False), (("T",),)),
    "tied but for the bias, of tokens": (lambda: Tied(True), (("T",),)),
    "a gradient of its own": (OwnGradient, (("T", 3),)),
    "windows": (Windows, ((4, 6),)),
    "traces": (Leaves, (IMAGE,)),
    "shared": (Twice, (IMAGE,)),
    "in training": (InTraining, (("T", 3),)),
    "half": (altered(lambda module: module.half()), (IMAGE,)),
    "on meta": (altered(lambda module: module.to("meta")), (IMAGE,)),
    "for several devices": (altered(nn.DataParallel), (IMAGE,)),
    "compiled": (altered(torch.compile), (IMAGE,)),
    "compiled within": (altered(_within), (IMAGE,)),
    "compiled in place": (altered(lambda module: module.compile()), (IMAGE,)),
    "hooked": (altered(_hooked), (IMAGE,)),
    "locked": (altered(_locked), (IMAGE,)),
    "frozen in part": (altered(_frozen_in_part), (IMAGE,)),
    "weight norm": (altered(lambda m: nn.utils.parametrizations.weight_norm(m.conv) and None), (IMAGE,)),
    "weight norm as it was": (altered(lambda m: nn.utils.weight_norm(m.conv) and None), (IMAGE,)),
    "spectral norm": (altered(lambda m: nn.utils.parametrizations.spectral_norm(m.conv) and None), (IMAGE,)),
    "spectral norm as it was": (altered(lambda m: nn.utils.spectral_norm(m.conv) and None), (IMAGE,)),
    "orthogonal": (altered(lambda m: nn.utils.parametrizations.orthogonal(m.head) and None), (IMAGE,)),
}  # fmt: skip


# What is read in part, with the shapes of its inputs and the names of the rest.
IN_PART: dict[str, tuple[Made, tuple[object, ...], tuple[str, ...]]] = {
    "by values": (ByValues, ((3,),), ("ByValues",)),
    "by values within": (Around, ((3,),), ("inside",)),
    "the first output": (lambda: OneOutput(0), ((7, 5),), ("mix.multi_head_attention_forward",)),
    "the second output": (lambda: OneOutput(1), ((7, 5),), ("mix.multi_head_attention_forward",)),
    "functions": (Spectrum, ((3, 16, 16),), ("fft_rfft2", "fft_irfft2")),
    "scripted": (altered(torch.jit.script), ((3, 8, 8),), ("Convolutional",)),
    "scripted within": (altered(lambda m: setattr(m, "conv", torch.jit.script(m.conv))), ((3, 8, 8),), ("conv",)),
}
