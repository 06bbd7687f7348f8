"""The whole network: text encoder, durations, flow, decoder."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from .decoder import DecoderLayout, Generator, medium
from .duration import StochasticDurationPredictor
from .flow import ResidualCouplingBlock
from .text_encoder import TextEncoder


@dataclass(frozen=True)
class Configuration:
    """A voice's sizes; the defaults are Piper's medium quality."""

    symbols: int = 256
    inter: int = 192
    hidden: int = 192
    filter_channels: int = 768
    layers: int = 6
    speakers: int = 1
    speaker_channels: int = 0
    decoder: DecoderLayout = field(default_factory=medium)


class VITS(nn.Module):
    """Phoneme ids to waveform."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__()
        sizes = configuration
        speaker_channels = sizes.speaker_channels if sizes.speakers > 1 else 0
        self.enc_p = TextEncoder(sizes.symbols, sizes.inter, sizes.hidden, sizes.filter_channels, sizes.layers)
        self.dec = Generator(sizes.inter, speaker_channels, sizes.decoder)
        self.flow = ResidualCouplingBlock(sizes.inter, sizes.hidden, speaker_channels)
        self.dp = StochasticDurationPredictor(sizes.hidden, speaker_channels)
        if sizes.speakers > 1:
            self.emb_g = nn.Embedding(sizes.speakers, speaker_channels)

    def forward(self, ids: Tensor, lengths: Tensor, scales: Tensor, speaker_id: Tensor | None = None) -> Tensor:
        """ids: [1, time]; scales: noise, length, duration noise. Returns [1, 1, 1, samples], as Piper's export."""
        speaker = self.speaker(speaker_id)
        hidden, mean, log_deviation, mask = self.enc_p(ids, lengths)
        log_durations = self.dp(hidden, mask, speaker, scales[2])
        frames = torch.ceil(torch.exp(log_durations) * mask * scales[1])
        alignment, frame_mask = align(frames, mask)
        mean = torch.matmul(mean, alignment)
        log_deviation = torch.matmul(log_deviation, alignment)
        z = mean + torch.randn_like(mean) * torch.exp(log_deviation) * scales[0]
        z = self.flow(z, frame_mask, speaker)
        return self.dec(z * frame_mask, speaker).unsqueeze(1)

    def frames(self, ids: Tensor, lengths: Tensor, scales: Tensor, speaker_id: Tensor | None = None) -> Tensor:
        """Frames for each id before they are rounded up, [1, 1, time]."""
        hidden, _, _, mask = self.enc_p(ids, lengths)
        return torch.exp(self.dp(hidden, mask, self.speaker(speaker_id), scales[2])) * scales[1]

    def speaker(self, identifier: Tensor | None) -> Tensor | None:
        """A speaker's embedding, [1, channels, 1]."""
        return None if identifier is None else self.emb_g(identifier).unsqueeze(-1)


def align(frames: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Which frame belongs to which id, [batch, time, frames], and the frames' mask, [batch, 1, frames]."""
    total = frames.sum([1, 2]).clamp(min=1).long()
    position = torch.arange(total.max(), device=frames.device)
    frame_mask = (position.unsqueeze(0) < total.unsqueeze(1)).unsqueeze(1).to(mask.dtype)
    ends = frames.cumsum(-1).transpose(1, 2)
    starts = ends - frames.transpose(1, 2)
    belongs = (position >= starts) & (position < ends)
    return belongs.to(mask.dtype) * frame_mask, frame_mask
