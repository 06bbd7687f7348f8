"""Layers that several parts share."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class ChannelNorm(nn.Module):
    """Layer normalisation over the channels of [batch, channels, time]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """Normalises each frame."""
        transposed = x.transpose(1, -1)
        mean = transposed.mean(-1, keepdim=True)
        variance = ((transposed - mean) ** 2).mean(-1, keepdim=True)
        normal = (transposed - mean) / torch.sqrt(variance + 1e-5)
        return (normal * self.gamma + self.beta).transpose(1, -1)


class DilatedDepthSeparableConv(nn.Module):
    """Three residual layers of depthwise convolution (dilation 1, 3, 9) and pointwise convolution."""

    def __init__(self, channels: int, kernel: int = 3, layers: int = 3) -> None:
        super().__init__()
        dilations = [kernel**layer for layer in range(layers)]
        self.convs_sep = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel, groups=channels, dilation=d, padding=d * (kernel - 1) // 2)
            for d in dilations
        )
        self.convs_1x1 = nn.ModuleList(nn.Conv1d(channels, channels, 1) for _ in dilations)
        self.norms_1 = nn.ModuleList(ChannelNorm(channels) for _ in dilations)
        self.norms_2 = nn.ModuleList(ChannelNorm(channels) for _ in dilations)

    def forward(self, x: Tensor, mask: Tensor, condition: Tensor | None = None) -> Tensor:
        """Adds the condition, then each layer's output to its input."""
        if condition is not None:
            x = x + condition
        for separable, pointwise, norm_1, norm_2 in zip(
            self.convs_sep, self.convs_1x1, self.norms_1, self.norms_2, strict=True
        ):
            y = functional.gelu(norm_1(separable(x * mask)))
            x = x + functional.gelu(norm_2(pointwise(y)))
        return x * mask


class Flip(nn.Module):
    """Reverses the channels, so that the next coupling changes the other half."""

    def forward(self, x: Tensor, *_: Tensor | None) -> Tensor:
        """The channels in reverse order."""
        return x.flip(1)
