"""The residual coupling flow: WaveNet-like couplings that only shift (mean only)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils import weight_norm

from .layers import Flip

COUPLINGS = 4
LAYERS = 4
KERNEL = 5


class WaveNet(nn.Module):
    """Gated convolutions with skip connections, after WaveNet. Dilation 1 throughout, as VITS uses it."""

    def __init__(self, hidden: int, speaker_channels: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.in_layers = nn.ModuleList(
            weight_norm(nn.Conv1d(hidden, 2 * hidden, KERNEL, padding=KERNEL // 2)) for _ in range(LAYERS)
        )
        self.res_skip_layers = nn.ModuleList(
            weight_norm(nn.Conv1d(hidden, hidden if layer == LAYERS - 1 else 2 * hidden, 1)) for layer in range(LAYERS)
        )
        if speaker_channels:
            self.cond_layer = weight_norm(nn.Conv1d(speaker_channels, 2 * hidden * LAYERS, 1))

    def forward(self, x: Tensor, mask: Tensor, speaker: Tensor | None) -> Tensor:
        """The sum of the skip connections."""
        skips: Tensor | None = None
        conditions = [None] * LAYERS
        if speaker is not None:
            conditions = torch.split(self.cond_layer(speaker), 2 * self.hidden, dim=1)
        for entry, way_out, condition in zip(self.in_layers, self.res_skip_layers, conditions, strict=True):
            gates = entry(x) if condition is None else entry(x) + condition
            filtered, gate = torch.split(gates, self.hidden, dim=1)
            y = way_out(torch.tanh(filtered) * torch.sigmoid(gate))
            skip = y
            if way_out.out_channels > self.hidden:
                residual, skip = torch.split(y, self.hidden, dim=1)
                x = (x + residual) * mask
            skips = skip if skips is None else skips + skip
        return skips * mask


class CouplingLayer(nn.Module):
    """Shifts the second half of the channels by what the first half says."""

    def __init__(self, channels: int, hidden: int, speaker_channels: int) -> None:
        super().__init__()
        self.half = channels // 2
        self.pre = nn.Conv1d(self.half, hidden, 1)
        self.enc = WaveNet(hidden, speaker_channels)
        self.post = nn.Conv1d(hidden, self.half, 1)

    def forward(self, x: Tensor, mask: Tensor, speaker: Tensor | None) -> Tensor:
        """The reverse direction, prior to latent."""
        kept, moved = torch.split(x, self.half, dim=1)
        shift = self.post(self.enc(self.pre(kept) * mask, mask, speaker)) * mask
        return torch.cat([kept, (moved - shift) * mask], dim=1)


class ResidualCouplingBlock(nn.Module):
    """Couplings with the channels flipped between them."""

    def __init__(self, channels: int, hidden: int, speaker_channels: int) -> None:
        super().__init__()
        self.flows = nn.ModuleList()
        for _ in range(COUPLINGS):
            self.flows.extend([CouplingLayer(channels, hidden, speaker_channels), Flip()])

    def forward(self, x: Tensor, mask: Tensor, speaker: Tensor | None) -> Tensor:
        """The reverse direction, prior to latent."""
        for flow in reversed(self.flows):
            x = flow(x, mask, speaker)
        return x
