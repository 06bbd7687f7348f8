"""The stochastic duration predictor: noise to log durations through spline flows (Durkan et al., 2019)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import DilatedDepthSeparableConv, Flip

BINS = 10
TAIL = 5.0
SMALLEST_BIN = 1e-3
SMALLEST_SLOPE = 1e-3


def knots(unnormalised: Tensor) -> Tensor:
    """Bin edges in [-TAIL, TAIL] from `BINS` unnormalised sizes on the last axis."""
    sizes = SMALLEST_BIN + (1 - SMALLEST_BIN * BINS) * unnormalised.softmax(-1)
    edges = functional.pad(sizes.cumsum(-1), (1, 0)) * (2 * TAIL) - TAIL
    inner = edges[..., 1:-1]
    return torch.cat([torch.full_like(inner[..., :1], -TAIL), inner, torch.full_like(inner[..., :1], TAIL)], -1)


def inverse_spline(y: Tensor, widths: Tensor, heights: Tensor, slopes: Tensor) -> Tensor:
    """The inverse of a monotone rational-quadratic spline; the identity outside [-TAIL, TAIL].

    y: [...]; widths, heights: [..., BINS]; slopes: [..., BINS - 1] at the inner knots, all unnormalised.
    """
    x_knots, y_knots = knots(widths), knots(heights)
    one = torch.ones_like(slopes[..., :1])
    slopes = torch.cat([one, SMALLEST_SLOPE + functional.softplus(slopes), one], -1)

    inside = (y >= -TAIL) & (y <= TAIL)
    clamped = y.clamp(-TAIL, TAIL).unsqueeze(-1)
    bin_index = (clamped >= y_knots[..., :-1]).sum(-1, keepdim=True) - 1

    def pick(values: Tensor) -> Tensor:
        return torch.gather(values, -1, bin_index)

    x_left, width = pick(x_knots[..., :-1]), pick(x_knots[..., 1:] - x_knots[..., :-1])
    y_left, height = pick(y_knots[..., :-1]), pick(y_knots[..., 1:] - y_knots[..., :-1])
    left, right = pick(slopes[..., :-1]), pick(slopes[..., 1:])

    # The quadratic of equation 29 in Durkan et al., solved in the form that keeps its precision.
    chord = height / width
    rise = clamped - y_left
    curvature = left + right - 2 * chord
    a = rise * curvature + height * (chord - left)
    b = height * left - rise * curvature
    c = -chord * rise
    root = 2 * c / (-b - torch.sqrt(b * b - 4 * a * c))
    return torch.where(inside, (root * width + x_left).squeeze(-1), y)


class ConvFlow(nn.Module):
    """Moves the second channel through a spline that depends on the first."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.scale = math.sqrt(channels)
        self.pre = nn.Conv1d(1, channels, 1)
        self.convs = DilatedDepthSeparableConv(channels)
        self.proj = nn.Conv1d(channels, 3 * BINS - 1, 1)

    def forward(self, x: Tensor, mask: Tensor, condition: Tensor) -> Tensor:
        """The reverse direction, noise to durations."""
        kept, moved = torch.split(x, 1, dim=1)
        shape = (self.proj(self.convs(self.pre(kept), mask, condition)) * mask).transpose(1, 2)
        widths, heights = shape[..., :BINS] / self.scale, shape[..., BINS : 2 * BINS] / self.scale
        moved = inverse_spline(moved.squeeze(1), widths, heights, shape[..., 2 * BINS :]).unsqueeze(1)
        return torch.cat([kept, moved], dim=1) * mask


class ElementwiseAffine(nn.Module):
    """A shift and a scale for each channel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.m = nn.Parameter(torch.zeros(channels, 1))
        self.logs = nn.Parameter(torch.zeros(channels, 1))

    def forward(self, x: Tensor, mask: Tensor, _: Tensor) -> Tensor:
        """The reverse direction."""
        return (x - self.m) * torch.exp(-self.logs) * mask


class StochasticDurationPredictor(nn.Module):
    """Log durations from the text and two channels of noise."""

    def __init__(self, channels: int, speaker_channels: int, couplings: int = 4) -> None:
        super().__init__()
        self.pre = nn.Conv1d(channels, channels, 1)
        self.convs = DilatedDepthSeparableConv(channels)
        self.proj = nn.Conv1d(channels, channels, 1)
        if speaker_channels:
            self.cond = nn.Conv1d(speaker_channels, channels, 1)
        self.flows = nn.ModuleList([ElementwiseAffine(2)])
        for _ in range(couplings):
            self.flows.extend([ConvFlow(channels), Flip()])

    def forward(self, hidden: Tensor, mask: Tensor, speaker: Tensor | None, noise_scale: Tensor) -> Tensor:
        """[batch, 1, time]. The first coupling is for training only and is left out, as in the paper's code."""
        x = self.pre(hidden)
        if speaker is not None:
            x = x + self.cond(speaker)
        condition = self.proj(self.convs(x, mask)) * mask
        z = torch.randn_like(condition[:, :2]) * noise_scale
        for flow in [*reversed(self.flows[2:]), self.flows[0]]:
            z = flow(z, mask, condition)
        return z[:, :1]
