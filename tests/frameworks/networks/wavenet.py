"""Dilated causal convolutions with gates and skips."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class CausalConv1d(nn.Conv1d):
    def __init__(self, in_channels, out_channels, kernel_size, dilation=1, **kwargs):
        self.left = (kernel_size - 1) * dilation
        super(CausalConv1d, self).__init__(in_channels, out_channels, kernel_size, dilation=dilation, **kwargs)

    def forward(self, x):
        return super().forward(F.pad(x, (self.left, 0)))


class ResidualBlock(nn.Module):
    def __init__(self, res, skip, dilation):
        super().__init__()
        self.conv = CausalConv1d(res, 2 * res, 2, dilation=dilation)
        self.conv_res = nn.Conv1d(res, res, 1)
        self.conv_skip = nn.Conv1d(res, skip, 1)

    def forward(self, x):
        tanh, gate = torch.chunk(self.conv(x), 2, dim=1)
        z = torch.tanh(tanh) * torch.sigmoid(gate)
        return self.conv_res(z) + x, self.conv_skip(z)


class WaveNet(nn.Module):
    def __init__(self, layers=4, stacks=2, quant=32, res=16, skip=24):
        super().__init__()
        self.embed = nn.Embedding(quant, res)
        dilations = [2**i for _ in range(stacks) for i in range(layers)]
        self.blocks = nn.ModuleList(ResidualBlock(res, skip, d) for d in dilations)
        self.post = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, skip, 1), nn.ReLU(), nn.Conv1d(skip, quant, 1))
        self.receptive_field = sum(dilations) + 1

    def forward(self, x):
        h = self.embed(x).transpose(1, 2)
        skips = 0
        for block in self.blocks:
            h, s = block(h)
            skips = skips + s
        return self.post(skips)
