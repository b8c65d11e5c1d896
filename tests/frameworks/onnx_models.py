"""Models of torch in the styles that are exported to ONNX, by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from oracle import demand

torch = demand("torch")
nn, F = torch.nn, torch.nn.functional


class Exported(NamedTuple):
    """A model, the shapes of a sample's inputs, whether these are numbers of words, and the axis that may be open."""

    make: Callable[[], Any]
    shapes: tuple[tuple[int, ...], ...]
    of_words: bool = False
    open_axis: int | None = None


class Block(nn.Module):
    def __init__(self, c: int, d: int, stride: int = 1) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(c, d, 3, stride, 1, bias=False), nn.BatchNorm2d(d)
        self.c, self.d = nn.Conv2d(d, d, 3, 1, 1, bias=False), nn.BatchNorm2d(d)
        self.down = (
            nn.Sequential(nn.Conv2d(c, d, 1, stride, bias=False), nn.BatchNorm2d(d)) if c != d else nn.Identity()
        )

    def forward(self, x: Any) -> Any:
        return F.relu(self.d(self.c(F.relu(self.b(self.a(x))))) + self.down(x))


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.pool = nn.Conv2d(3, 8, 7, 2, 3), nn.MaxPool2d(3, 2, 1)
        self.layers, self.head = nn.Sequential(Block(8, 8), Block(8, 16, 2)), nn.Linear(16, 10)

    def forward(self, x: Any) -> Any:
        return self.head(F.adaptive_avg_pool2d(self.layers(self.pool(self.stem(x))), 1).flatten(1))


class Excited(nn.Module):
    """A depthwise convolution whose channels are weighted by what a small net makes of their means."""

    def __init__(self) -> None:
        super().__init__()
        self.wide, self.deep = nn.Conv2d(3, 8, 1), nn.Conv2d(8, 8, 5, 2, 2, groups=8)
        self.less, self.more = nn.Conv2d(8, 2, 1), nn.Conv2d(2, 8, 1)

    def forward(self, x: Any) -> Any:
        x = F.hardswish(self.deep(F.relu6(self.wide(x))))
        return (x * torch.sigmoid(self.more(F.silu(self.less(x.mean((2, 3), keepdim=True)))))).mean([2, 3])


class Shuffled(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(4, 4, 1), nn.Conv2d(4, 4, 3, 1, 1, groups=4)

    def forward(self, x: Any) -> Any:
        one, two = x.chunk(2, 1)
        y = torch.cat([one, self.b(self.a(two))], 1)
        n, c, h, w = y.shape
        return y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


class UNet(nn.Module):
    def __init__(self, by_size: bool) -> None:
        super().__init__()
        self.down, self.deep = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 16, 3, padding=1)
        self.up = nn.Conv2d(16, 8, 1) if by_size else nn.ConvTranspose2d(16, 8, 2, 2)
        self.out, self.by_size = nn.Conv2d(16, 2, 1), by_size

    def forward(self, x: Any) -> Any:
        skip = F.relu(self.down(x))
        deep = self.up(F.gelu(self.deep(F.max_pool2d(skip, 2))))
        deep = F.interpolate(deep, size=skip.shape[2:]) if self.by_size else deep
        return self.out(torch.cat([skip, deep], 1))


class ViT(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patch, self.norm, self.head = nn.Conv2d(3, 16, 4, 4), nn.LayerNorm(16), nn.Linear(16, 10)
        self.token, self.place = nn.Parameter(torch.randn(1, 1, 16)), nn.Parameter(torch.randn(1, 17, 16))
        layer = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True, norm_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x: Any) -> Any:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        return self.head(self.norm(self.encoder(x))[:, 0])


class OneLayerViT(nn.Module):
    """Attention written out, its queries, keys and values from one matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.patch, self.norm, self.head = nn.Conv2d(3, 16, 4, 4), nn.LayerNorm(16), nn.Linear(16, 10)
        self.token, self.place = nn.Parameter(torch.randn(1, 1, 16)), nn.Parameter(torch.randn(1, 17, 16))
        self.qkv, self.proj = nn.Linear(16, 48), nn.Linear(16, 16)

    def forward(self, x: Any) -> Any:
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place
        q, k, v = self.qkv(self.norm(x)).reshape(-1, 17, 3, 4, 4).permute(2, 0, 3, 1, 4).unbind(0)
        y = (torch.softmax(q @ k.transpose(-2, -1) / 2, -1) @ v).transpose(1, 2).reshape(-1, 17, 16)
        return self.head((x + self.proj(y))[:, 0])


class Windows(nn.Module):
    """Attention in windows of a shifted image, with a learned bias for each pair of places."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.out, self.merge = nn.Linear(8, 24), nn.Linear(8, 8), nn.Linear(32, 16, bias=False)
        self.bias = nn.Parameter(torch.randn(9, 2))
        self.register_buffer("places", torch.arange(256).remainder(9).view(16, 16))

    def forward(self, x: Any) -> Any:
        b, h, w, c = x.shape
        x = torch.roll(x, (-2, -2), (1, 2)).view(b, h // 4, 4, w // 4, 4, c).permute(0, 1, 3, 2, 4, 5)
        q, k, v = self.qkv(x.reshape(-1, 16, c)).reshape(-1, 16, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        bias = self.bias[self.places.view(-1)].view(16, 16, 2).permute(2, 0, 1).unsqueeze(0)
        y = self.out((((q @ k.transpose(-2, -1)) + bias).softmax(-1) @ v).transpose(1, 2).reshape(-1, 16, c))
        y = y.view(b, h // 4, w // 4, 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(b, h, w, c)
        return self.merge(torch.cat([y[:, i::2, j::2] for i in (0, 1) for j in (0, 1)], -1))


class Words(nn.Module):
    def __init__(self, kind: Any, **more: Any) -> None:
        super().__init__()
        self.words, self.rnn = nn.Embedding(50, 12), kind(12, 7, batch_first=True, **more)
        self.head = nn.Linear(7 * (2 if more.get("bidirectional") else 1), 3)

    def forward(self, x: Any) -> Any:
        return self.head(self.rnn(self.words(x))[0][:, -1])


class LastState(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.rnn = nn.Embedding(50, 12), nn.LSTM(12, 6, batch_first=True, bidirectional=True)
        self.head = nn.Linear(12, 3)

    def forward(self, x: Any) -> Any:
        state = self.rnn(self.words(x))[1][0]
        return self.head(torch.cat([state[-2], state[-1]], 1))


class Decoder(nn.Module):
    """A small language model that looks back: masked attention, positions, a feed-forward part."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places, self.one = nn.Embedding(40, 16), nn.Embedding(12, 16), nn.LayerNorm(16)
        self.qkv, self.out, self.two = nn.Linear(16, 48), nn.Linear(16, 16), nn.LayerNorm(16)
        self.wide, self.narrow, self.head = nn.Linear(16, 64), nn.Linear(64, 16), nn.Linear(16, 40, bias=False)
        self.register_buffer("mask", torch.tril(torch.ones(12, 12)).view(1, 1, 12, 12))

    def forward(self, x: Any) -> Any:
        b, t = x.shape
        z = self.words(x) + self.places(torch.arange(t))
        parts = self.qkv(self.one(z)).split(16, 2)
        q, k, v = (part.view(b, t, 4, 4).transpose(1, 2) for part in parts)
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(4)
        mixed = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf")).softmax(-1) @ v
        z = z + self.out(mixed.transpose(1, 2).reshape(b, t, 16))
        return self.head(z + self.narrow(F.gelu(self.wide(self.two(z)))))


class Tied(nn.Module):
    """A head whose own linear layer has the weight of the embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.mix = nn.Embedding(50, 12), nn.Linear(12, 12)
        self.head = nn.Linear(12, 50, bias=False)
        self.head.weight = self.words.weight

    def forward(self, x: Any) -> Any:
        return self.head(torch.tanh(self.mix(self.words(x))))


class Twice(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Sequential(nn.Linear(6, 6), nn.ReLU())

    def forward(self, x: Any) -> Any:
        return self.one(self.one(x))


class Crossed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.MultiheadAttention(8, 2, batch_first=True, kdim=6, vdim=6)

    def forward(self, x: Any, y: Any) -> Any:
        return self.mix(x, y, y)[0]


class Convolved(nn.Module):
    """Text by convolutions over words, the largest value of each over time."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.head = nn.Embedding(30, 8), nn.Linear(10, 2)
        self.convs = nn.ModuleList(nn.Conv1d(8, 5, k) for k in (2, 3))

    def forward(self, x: Any) -> Any:
        x = self.words(x).permute(0, 2, 1)
        return self.head(torch.cat([F.relu(conv(x)).max(2)[0] for conv in self.convs], 1))


class Several(nn.Module):
    """Two inputs, two outputs, one of a single number, and a layer that is called twice."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c = nn.Linear(4, 6), nn.Linear(3, 6), nn.Linear(6, 6)
        self.one, self.scale = nn.Linear(12, 1), nn.Parameter(torch.tensor([0.7]))

    def forward(self, x: Any, y: Any) -> Any:
        z = torch.cat([self.c(self.a(x)), self.c(self.b(y))], -1)
        return self.one(z) * self.scale, z


class Summed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight, self.gain = nn.Parameter(torch.randn(6, 2, 3)), nn.Parameter(torch.randn(6))

    def forward(self, x: Any) -> Any:
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.gain
        return torch.einsum("btd,dhk->bhtk", x, self.weight)


def _chain(*layers: Any) -> Callable[[], Any]:
    return lambda: nn.Sequential(*layers)


_IMAGE, _TEXT = ((3, 16, 16),), ((9,),)
MODELS = {
    "chain": Exported(_chain(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU6(), nn.Flatten(), nn.Linear(512, 4)), _IMAGE),
    "residual": Exported(Residual, ((3, 32, 32),), False, 2),
    "excited": Exported(Excited, _IMAGE, False, 2),
    "shuffled": Exported(Shuffled, ((8, 6, 6),), False, 2),
    "unet": Exported(lambda: UNet(False), _IMAGE),
    "unet by size": Exported(lambda: UNet(True), _IMAGE, False, 2),
    "vit": Exported(ViT, _IMAGE),
    "vit of one layer": Exported(OneLayerViT, _IMAGE),
    "windows": Exported(Windows, ((8, 8, 8),)),
    "lstm": Exported(lambda: Words(nn.LSTM, num_layers=2), _TEXT, True, 1),
    "both ways": Exported(lambda: Words(nn.LSTM, bidirectional=True), _TEXT, True, 1),
    "gru": Exported(lambda: Words(nn.GRU, bidirectional=True, num_layers=2), _TEXT, True, 1),
    "rnn": Exported(lambda: Words(nn.RNN, bias=False), _TEXT, True, 1),
    "last state": Exported(LastState, _TEXT, True, 1),
    "decoder": Exported(Decoder, _TEXT, True, 1),
    "tied": Exported(Tied, _TEXT, True, 1),
    "twice": Exported(Twice, ((6,),)),
    "crossed": Exported(Crossed, ((5, 8), (7, 6))),
    "convolved": Exported(Convolved, _TEXT, True, 1),
    "several": Exported(Several, ((4,), (3,))),
    "summed": Exported(Summed, ((5, 6),), False, 1),
    "pools": Exported(_chain(nn.MaxPool2d(3, 2, 1), nn.AvgPool2d(2, ceil_mode=True), nn.PReLU(3)), _IMAGE),
    "norms": Exported(
        _chain(nn.Conv2d(3, 8, 1), nn.GroupNorm(4, 8), nn.InstanceNorm2d(8, affine=True), nn.LayerNorm([8, 16, 16])),
        _IMAGE,
    ),
    "one axis": Exported(_chain(nn.Conv1d(5, 8, 3, dilation=2), nn.BatchNorm1d(8), nn.Hardswish()), ((5, 20),)),
    "three axes": Exported(_chain(nn.Conv3d(2, 4, 3), nn.ELU(), nn.Upsample(scale_factor=2)), ((2, 6, 7, 8),)),
    "padded": Exported(_chain(nn.ReflectionPad2d((1, 2, 0, 1)), nn.ZeroPad2d(-1), nn.Conv2d(3, 4, 3)), _IMAGE),
    "padded with zeros": Exported(_chain(nn.ZeroPad2d((1, 2, 0, 1)), nn.Conv2d(3, 4, 3)), _IMAGE, False, 2),
    "spread": Exported(
        _chain(nn.ConvTranspose2d(8, 4, 3, 2, 1, 1), nn.ConvTranspose2d(4, 1, 3)), ((8, 5, 5),), False, 2
    ),
}
