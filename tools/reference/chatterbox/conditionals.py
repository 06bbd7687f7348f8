"""The default voice file `conds.pt`, with the shapes, strides and dtypes `Conditionals.save` writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from checkpoint_files import renamed_when_done
from portable_random import uniform

SPEECH_VOCABULARY = 6561


def _tensor(name: str, *shape: int, mean: float = 0.0, half_width: float = 1.0) -> torch.Tensor:
    count = int(np.prod(shape))
    return torch.from_numpy(uniform(f"conds/{name}", count, mean, half_width).reshape(shape))


def _tokens(name: str, count: int) -> torch.Tensor:
    draws = uniform(f"conds/{name}", count, 0.5, 0.5).astype(np.float64)
    return torch.from_numpy((draws * SPEECH_VOCABULARY).astype(np.int64))[None]


def _mel(frames: int) -> torch.Tensor:
    """A log mel as loud and as tilted as speech: loud syllables, quiet gaps, less energy above."""
    time = torch.arange(frames)[:, None] / 50
    bin = torch.arange(80)[None] / 80
    level = -5 - 3 * bin + 2.5 * torch.sin(2 * torch.pi * 3 * time) * torch.cos(4 * bin + time)
    noise = _tensor("prompt_feat", 80, frames, half_width=1.2)
    # The reference takes the mel as [1, 80, T] and transposes it, so the file holds a transposed view.
    return (noise + level.float().T).clamp(min=-11.5).contiguous()[None].transpose(1, 2)


def write_conditionals(path: Path, model: str, seconds: int) -> None:
    """A made-up voice whose reference audio is `seconds` long; S3Gen hears its first 10 s, T3 its first 6 or 15."""
    tokens = min(seconds, 10) * 25
    english_gpt2 = model in ("turbo", "nano")
    speaker = _tensor("speaker_emb", 1, 256).relu()
    prompt_length = min(375 if english_gpt2 else 150, seconds * 25)
    t3 = dict(
        speaker_emb=speaker / speaker.norm(dim=1, keepdim=True),
        clap_emb=None,
        cond_prompt_speech_tokens=_tokens("cond_prompt_speech_tokens", prompt_length),
        cond_prompt_speech_emb=None,
        emotion_adv=0.5 * torch.ones(1, 1, 1),
    )
    gen = dict(
        prompt_token=_tokens("prompt_token", tokens),
        prompt_token_len=torch.tensor([tokens]),
        prompt_feat=_mel(2 * tokens),
        prompt_feat_len=None,
        embedding=_tensor("embedding", 1, 192, half_width=2.0),
    )
    with renamed_when_done(path) as unfinished:
        torch.save(dict(t3=t3, gen=gen), unfinished)
