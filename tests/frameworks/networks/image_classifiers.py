"""Networks for images in the styles of papers: dense blocks, mixers, large kernels, shuffles, inverted residuals."""

import logging
import os
from abc import ABC, abstractmethod
from collections import OrderedDict
from enum import Enum
from typing import Any, Callable, ClassVar, List, NamedTuple, Optional, Union

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.utils.checkpoint as cp

logger = logging.getLogger(__name__)
DEBUG = os.environ.get("DEBUG", "0") == "1"


class _DenseLayer(nn.Sequential):
    def __init__(self, num_input_features, growth_rate, bn_size, drop_rate):
        super(_DenseLayer, self).__init__()
        self.add_module("norm1", nn.BatchNorm2d(num_input_features))
        self.add_module("relu1", nn.ReLU(inplace=True))
        self.add_module("conv1", nn.Conv2d(num_input_features, bn_size * growth_rate, kernel_size=1, bias=False))
        self.add_module("norm2", nn.BatchNorm2d(bn_size * growth_rate))
        self.add_module("relu2", nn.ReLU(inplace=True))
        self.add_module("conv2", nn.Conv2d(bn_size * growth_rate, growth_rate, kernel_size=3, padding=1, bias=False))
        self.drop_rate = drop_rate

    def forward(self, x):
        new_features = super(_DenseLayer, self).forward(x)
        if self.drop_rate > 0:
            new_features = F.dropout(new_features, p=self.drop_rate, training=self.training)
        return torch.cat([x, new_features], 1)


class _DenseBlock(nn.Sequential):
    def __init__(self, num_layers, num_input_features, bn_size, growth_rate, drop_rate):
        super(_DenseBlock, self).__init__()
        for i in range(num_layers):
            layer = _DenseLayer(num_input_features + i * growth_rate, growth_rate, bn_size, drop_rate)
            self.add_module("denselayer%d" % (i + 1), layer)


class DenseNet(nn.Module):
    def __init__(self, growth_rate=6, block_config=(2, 3), num_init_features=12, bn_size=2, drop_rate=0, classes=5):
        super(DenseNet, self).__init__()
        self.features = nn.Sequential(
            OrderedDict(
                [
                    ("conv0", nn.Conv2d(3, num_init_features, kernel_size=3, stride=2, padding=1, bias=False)),
                    ("norm0", nn.BatchNorm2d(num_init_features)),
                    ("relu0", nn.ReLU(inplace=True)),
                ]
            )
        )
        num_features = num_init_features
        for i, num_layers in enumerate(block_config):
            block = _DenseBlock(num_layers, num_features, bn_size, growth_rate, drop_rate)
            self.features.add_module("denseblock%d" % (i + 1), block)
            num_features = num_features + num_layers * growth_rate
            if i != len(block_config) - 1:
                trans = nn.Sequential(
                    OrderedDict(
                        norm=nn.BatchNorm2d(num_features),
                        relu=nn.ReLU(inplace=True),
                        conv=nn.Conv2d(num_features, num_features // 2, kernel_size=1, bias=False),
                        pool=nn.AvgPool2d(kernel_size=2, stride=2),
                    )
                )
                self.features.add_module("transition%d" % (i + 1), trans)
                num_features = num_features // 2
        self.features.add_module("norm_last", nn.BatchNorm2d(num_features))
        self.classifier = nn.Linear(num_features, classes)

    def forward(self, x):
        features = self.features(x)
        out = F.relu(features, inplace=True)
        out = F.adaptive_avg_pool2d(out, (1, 1)).view(features.size(0), -1)
        return self.classifier(out)


class MixerBlock(nn.Module):
    def __init__(self, dim, num_patch, token_dim, channel_dim, dropout=0.0):
        super().__init__()
        self.token_norm, self.channel_norm = (nn.LayerNorm(dim) for _ in range(2))
        self.token_mix = nn.Sequential(nn.Linear(num_patch, token_dim), nn.GELU(), nn.Linear(token_dim, num_patch))
        self.channel_mix = nn.Sequential(nn.Linear(dim, channel_dim), nn.GELU(), nn.Linear(channel_dim, dim))

    def forward(self, x):
        x = x + self.token_mix(self.token_norm(x).permute(0, 2, 1)).permute(0, 2, 1)
        return x + self.channel_mix(self.channel_norm(x))


class MLPMixer(nn.Module):
    def __init__(self, in_channels=3, dim=16, num_classes=6, patch_size=4, image_size=16, depth=2, token_dim=8):
        super().__init__()
        assert image_size % patch_size == 0, "the patches must divide the image"
        self.num_patch = (image_size // patch_size) ** 2
        self.to_patch_embedding = nn.Conv2d(in_channels, dim, patch_size, patch_size)
        self.mixer_blocks = nn.ModuleList([])
        for _ in range(depth):
            self.mixer_blocks.append(MixerBlock(dim, self.num_patch, token_dim, 2 * dim))
        self.layer_norm = nn.LayerNorm(dim)
        self.mlp_head = nn.Sequential(nn.Linear(dim, num_classes))

    def forward(self, x):
        x = self.to_patch_embedding(x).flatten(2).transpose(1, 2)
        for mixer_block in self.mixer_blocks:
            x = mixer_block(x)
        x = self.layer_norm(x).mean(dim=1)
        return self.mlp_head(x)


class LayerNorm2d(nn.Module):
    """Over the channels, before or behind the places."""

    def __init__(self, normalized_shape, eps=1e-6, data_format="channels_last"):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(normalized_shape))
        self.bias = nn.Parameter(torch.zeros(normalized_shape))
        self.eps = eps
        self.data_format = data_format
        if self.data_format not in ["channels_last", "channels_first"]:
            raise NotImplementedError
        self.normalized_shape = (normalized_shape,)

    def forward(self, x):
        if self.data_format == "channels_last":
            return F.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)
        u = x.mean(1, keepdim=True)
        s = (x - u).pow(2).mean(1, keepdim=True)
        x = (x - u) / torch.sqrt(s + self.eps)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class ConvNeXtBlock(nn.Module):
    def __init__(self, dim, drop_path=0.0, layer_scale_init_value=1e-6):
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, kernel_size=7, padding=3, groups=dim)
        self.norm = LayerNorm2d(dim, eps=1e-6)
        self.pwconv1 = nn.Linear(dim, 4 * dim)
        self.act = nn.GELU()
        self.pwconv2 = nn.Linear(4 * dim, dim)
        self.gamma = (
            nn.Parameter(layer_scale_init_value * torch.ones((dim)), requires_grad=True)
            if layer_scale_init_value > 0
            else None
        )
        self.drop_path = nn.Dropout(drop_path) if drop_path > 0.0 else nn.Identity()

    def forward(self, x):
        input = x
        x = self.dwconv(x).permute(0, 2, 3, 1)
        x = self.pwconv2(self.act(self.pwconv1(self.norm(x))))
        if self.gamma is not None:
            x = self.gamma * x
        return input + self.drop_path(x.permute(0, 3, 1, 2))


class ConvNeXt(nn.Module):
    def __init__(
        self, in_chans=3, num_classes=9, depths=(1, 2), dims=(8, 16), drop_path_rate=0.1, use_checkpoint=False
    ):
        super().__init__()
        self.downsample_layers = nn.ModuleList()
        stem = nn.Sequential(
            nn.Conv2d(in_chans, dims[0], kernel_size=4, stride=4), LayerNorm2d(dims[0], data_format="channels_first")
        )
        self.downsample_layers.append(stem)
        for i in range(len(dims) - 1):
            self.downsample_layers.append(
                nn.Sequential(
                    LayerNorm2d(dims[i], eps=1e-6, data_format="channels_first"),
                    nn.Conv2d(dims[i], dims[i + 1], kernel_size=2, stride=2),
                )
            )
        self.stages = nn.ModuleList()
        dp_rates = [x.item() for x in torch.linspace(0, drop_path_rate, sum(depths))]
        cur = 0
        for i in range(len(dims)):
            stage = nn.Sequential(*[ConvNeXtBlock(dim=dims[i], drop_path=dp_rates[cur + j]) for j in range(depths[i])])
            self.stages.append(stage)
            cur += depths[i]
        self.norm = nn.LayerNorm(dims[-1], eps=1e-6)
        self.head = nn.Linear(dims[-1], num_classes)
        self.head.weight.data.mul_(0.5)
        self.use_checkpoint = use_checkpoint

    def forward_features(self, x):
        for down, stage in zip(self.downsample_layers, self.stages):
            x = down(x)
            x = cp.checkpoint(stage, x, use_reentrant=False) if self.use_checkpoint else stage(x)
        return self.norm(x.mean([-2, -1]))

    def forward(self, x):
        return self.head(self.forward_features(x))


def channel_shuffle(x, groups):
    batchsize, num_channels, height, width = x.size()
    channels_per_group = num_channels // groups
    x = x.view(batchsize, groups, channels_per_group, height, width)
    x = torch.transpose(x, 1, 2).contiguous()
    return x.view(batchsize, -1, height, width)


class Activation(Enum):
    RELU = "relu"
    HARD = "hard"

    def layer(self) -> nn.Module:
        return nn.ReLU() if self is Activation.RELU else nn.Hardswish()


class Setting(NamedTuple):
    out: int
    stride: int
    expand: float = 1.5
    activation: Activation = Activation.RELU


class Head(ABC):
    """A mixin with a head, and a name for it."""

    classes: ClassVar[int] = 4

    @abstractmethod
    def width(self) -> int: ...

    @property
    def head(self):
        return self._head

    def make_head(self):
        self._head = nn.Linear(self.width(), self.classes)

    @classmethod
    def build(cls, **kwargs: Any):
        logger.info("built with %s", kwargs)
        return cls(**kwargs)


class Shuffling(Head, nn.Module):
    settings: List[Setting] = [
        Setting(8, 1),
        Setting(16, 2, activation=Activation.HARD),
        Setting(16, 1, 2.0),
    ]

    def __init__(
        self, channels: int = 8, norm: Optional[Callable[..., nn.Module]] = None, act: Union[str, None] = None
    ):
        super().__init__()
        norm = norm or nn.BatchNorm2d
        self.stem = nn.Conv2d(3, channels, 3, padding=1)
        blocks: List[nn.Module] = []
        for setting in self.settings:
            hidden = int(channels * setting.expand)
            hidden += hidden % 2
            blocks.append(
                nn.Sequential(
                    OrderedDict(
                        [
                            ("expand", nn.Conv2d(channels, hidden, 1, bias=False)),
                            ("bn", norm(hidden)),
                            ("act", setting.activation.layer()),
                            ("dw", nn.Conv2d(hidden, hidden, 3, setting.stride, 1, groups=hidden, bias=False)),
                            ("project", nn.Conv2d(hidden, setting.out, 1)),
                        ]
                    )
                )
            )
            channels = setting.out
        self.blocks = nn.ModuleList(blocks)
        self.out_channels = channels
        self.make_head()

    def width(self):
        return self.out_channels

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for block in self.blocks:
            y = channel_shuffle(block(x), 2)
            x = x + y if y.shape == x.shape else y
        if DEBUG:
            print(x.shape)
        return self.head(x.mean(dim=(2, 3)))
