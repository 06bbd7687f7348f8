"""The text encoder: a transformer with relative positions within a window (Shaw et al., 2018)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import ChannelNorm

WINDOW = 4
HEADS = 2


class RelativeAttention(nn.Module):
    """Self-attention; positions up to `WINDOW` apart have their own key and value embeddings."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.head_size = channels // HEADS
        self.conv_q = nn.Conv1d(channels, channels, 1)
        self.conv_k = nn.Conv1d(channels, channels, 1)
        self.conv_v = nn.Conv1d(channels, channels, 1)
        self.conv_o = nn.Conv1d(channels, channels, 1)
        shape = (1, 2 * WINDOW + 1, self.head_size)
        self.emb_rel_k = nn.Parameter(torch.randn(shape) * self.head_size**-0.5)
        self.emb_rel_v = nn.Parameter(torch.randn(shape) * self.head_size**-0.5)

    def forward(self, x: Tensor, mask: Tensor, offsets: Tensor) -> Tensor:
        """x: [batch, channels, time]; mask: [batch, 1, time, time]; offsets: see `offsets_within_window`."""
        query = self.heads(self.conv_q(x)) / math.sqrt(self.head_size)
        key, value = self.heads(self.conv_k(x)), self.heads(self.conv_v(x))
        by_offset = torch.matmul(query, self.by_length(self.emb_rel_k, x).transpose(-1, -2))
        scores = torch.matmul(query, key.transpose(-1, -2)) + torch.einsum("bhir,ijr->bhij", by_offset, offsets)
        weights = scores.masked_fill(mask == 0, -1e4).softmax(-1)
        weights_by_offset = torch.einsum("bhij,ijr->bhir", weights, offsets)
        mixed = torch.matmul(weights, value) + torch.matmul(weights_by_offset, self.by_length(self.emb_rel_v, x))
        return self.conv_o(torch.cat(mixed.transpose(2, 3).unbind(1), dim=1))

    @staticmethod
    def by_length(embeddings: Tensor, x: Tensor) -> Tensor:
        """All embeddings, but cut by the length: Piper's exports depend on it, and so keep their names."""
        return embeddings[:, : embeddings.shape[1] + x.shape[2]].unsqueeze(0)

    def heads(self, x: Tensor) -> Tensor:
        """[batch, channels, time] → [batch, head, time, head size]."""
        return torch.stack(torch.split(x, self.head_size, dim=1), dim=1).transpose(2, 3)


def offsets_within_window(length: int, like: Tensor) -> Tensor:
    """[from, to, offset]: 1 where `to` is that offset from `from`, between -WINDOW and WINDOW."""
    positions = torch.arange(length, device=like.device)
    distance = positions.unsqueeze(0) - positions.unsqueeze(1)
    window = torch.arange(-WINDOW, WINDOW + 1, device=like.device)
    return (distance.unsqueeze(-1) == window).to(like.dtype)


class FeedForward(nn.Module):
    """Two convolutions with a ReLU between."""

    def __init__(self, channels: int, filter_channels: int, kernel: int = 3) -> None:
        super().__init__()
        self.padding = ((kernel - 1) // 2, kernel // 2)
        self.conv_1 = nn.Conv1d(channels, filter_channels, kernel)
        self.conv_2 = nn.Conv1d(filter_channels, channels, kernel)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Same length out as in."""
        y = functional.relu(self.conv_1(functional.pad(x * mask, self.padding)))
        return self.conv_2(functional.pad(y * mask, self.padding)) * mask


class Encoder(nn.Module):
    """Attention and feed-forward blocks, normalised after each residual sum."""

    def __init__(self, channels: int, filter_channels: int, layers: int) -> None:
        super().__init__()
        self.attn_layers = nn.ModuleList(RelativeAttention(channels) for _ in range(layers))
        self.norm_layers_1 = nn.ModuleList(ChannelNorm(channels) for _ in range(layers))
        self.ffn_layers = nn.ModuleList(FeedForward(channels, filter_channels) for _ in range(layers))
        self.norm_layers_2 = nn.ModuleList(ChannelNorm(channels) for _ in range(layers))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """mask: [batch, 1, time]."""
        attention_mask = mask.unsqueeze(2) * mask.unsqueeze(-1)
        offsets = offsets_within_window(x.size(2), x)
        x = x * mask
        for attention, norm_1, feed_forward, norm_2 in zip(
            self.attn_layers, self.norm_layers_1, self.ffn_layers, self.norm_layers_2, strict=True
        ):
            x = norm_1(x + attention(x, attention_mask, offsets))
            x = norm_2(x + feed_forward(x, mask))
        return x * mask


class TextEncoder(nn.Module):
    """Phoneme ids to hidden states, prior means and prior log deviations."""

    def __init__(self, symbols: int, inter: int, hidden: int, filter_channels: int, layers: int) -> None:
        super().__init__()
        self.inter = inter
        self.scale = math.sqrt(hidden)
        self.emb = nn.Embedding(symbols, hidden)
        self.encoder = Encoder(hidden, filter_channels, layers)
        self.proj = nn.Conv1d(hidden, 2 * inter, 1)
        nn.init.normal_(self.emb.weight, 0.0, hidden**-0.5)

    def forward(self, ids: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Hidden states, means, log deviations and mask, each [batch, channels, time]."""
        x = (self.emb(ids) * self.scale).transpose(1, 2)
        mask = (torch.arange(x.size(2), device=x.device).unsqueeze(0) < lengths.unsqueeze(1)).unsqueeze(1)
        mask = mask.to(x.dtype)
        hidden = self.encoder(x * mask, mask)
        mean, log_deviation = torch.split(self.proj(hidden) * mask, self.inter, dim=1)
        return hidden, mean, log_deviation, mask
