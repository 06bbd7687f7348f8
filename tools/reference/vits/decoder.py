"""The HiFi-GAN generator (Kong, Kim, Bae, 2020): latents to waveform."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

SLOPE = 0.1


@dataclass(frozen=True)
class DecoderLayout:
    """What a voice's quality fixes."""

    channels: int
    rates: tuple[int, ...]
    kernels: tuple[int, ...]
    block: int
    block_kernels: tuple[int, ...]
    block_dilations: tuple[tuple[int, ...], ...]


def medium(channels: int = 256) -> DecoderLayout:
    """Piper's medium, low and x_low quality: ResBlock2."""
    return DecoderLayout(channels, (8, 8, 4), (16, 16, 8), 2, (3, 5, 7), ((1, 2), (2, 6), (3, 12)))


def high(channels: int = 512) -> DecoderLayout:
    """Piper's high quality: ResBlock1."""
    return DecoderLayout(channels, (8, 8, 2, 2), (16, 16, 4, 4), 1, (3, 7, 11), ((1, 3, 5),) * 3)


def convolution(channels: int, kernel: int, dilation: int) -> nn.Conv1d:
    """A convolution that keeps the length."""
    return nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel - 1) // 2)


class ResBlock1(nn.Module):
    """Pairs of convolutions, the first of each dilated."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(convolution(channels, kernel, dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(convolution(channels, kernel, 1) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """Each pair adds to its input."""
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            y = dilated(functional.leaky_relu(x, SLOPE))
            x = plain(functional.leaky_relu(y, SLOPE)) + x
        return x


class ResBlock2(nn.Module):
    """Dilated convolutions, one at a time."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs = nn.ModuleList(convolution(channels, kernel, dilation) for dilation in dilations)

    def forward(self, x: Tensor) -> Tensor:
        """Each convolution adds to its input."""
        for dilated in self.convs:
            x = dilated(functional.leaky_relu(x, SLOPE)) + x
        return x


class Generator(nn.Module):
    """Upsampling stages; after each, the mean of residual blocks of different reach."""

    def __init__(self, inter: int, speaker_channels: int, layout: DecoderLayout) -> None:
        super().__init__()
        block = ResBlock1 if layout.block == 1 else ResBlock2
        self.blocks = len(layout.block_kernels)
        self.conv_pre = nn.Conv1d(inter, layout.channels, 7, padding=3)
        if speaker_channels:
            self.cond = nn.Conv1d(speaker_channels, layout.channels, 1)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        channels = layout.channels
        for rate, kernel in zip(layout.rates, layout.kernels, strict=True):
            padding = (kernel - rate) // 2
            self.ups.append(nn.ConvTranspose1d(channels, channels // 2, kernel, stride=rate, padding=padding))
            channels //= 2
            for size, dilations in zip(layout.block_kernels, layout.block_dilations, strict=True):
                self.resblocks.append(block(channels, size, dilations))
        self.conv_post = nn.Conv1d(channels, 1, 7, padding=3, bias=False)

    def forward(self, z: Tensor, speaker: Tensor | None) -> Tensor:
        """[batch, inter, frames] → [batch, 1, samples], within ±1."""
        x = self.conv_pre(z)
        if speaker is not None:
            x = x + self.cond(speaker)
        for stage, up in enumerate(self.ups):
            x = up(functional.leaky_relu(x, SLOPE))
            blocks = self.resblocks[stage * self.blocks : (stage + 1) * self.blocks]
            x = sum((block(x) for block in blocks[1:]), start=blocks[0](x)) / self.blocks
        return torch.tanh(self.conv_post(functional.leaky_relu(x)))
