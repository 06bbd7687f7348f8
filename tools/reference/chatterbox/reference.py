"""Loads the reference's modules, in eval mode, from a checkpoint folder of either size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import torch
from chatterbox.models.s3gen import S3Gen
from chatterbox.models.t3 import T3
from chatterbox.models.t3.inference import alignment_stream_analyzer
from chatterbox.models.tokenizers import EnTokenizer, MTLTokenizer
from chatterbox.models.tokenizers.tokenizer import ChineseCangjieConverter
from chatterbox.models.voice_encoder import VoiceEncoder
from safetensors.torch import load_file

from modules import build_s3gen, build_t3, build_voice_encoder, without_initialisation
from sizes import MODELS, Sizes, sizes

# The Cangjie table lives on the hub; without it the reference logs a warning and goes on.
huggingface_hub.constants.HF_HUB_OFFLINE = True

T3_FILES = {
    "t3_cfg.safetensors": "standard",
    "t3_turbo_v1.safetensors": "turbo",
    "t3_nano_v1.safetensors": "nano",
    "t3_mtl23ls_v2.safetensors": "multilingual",
}


def model_of(folder: Path | str) -> str:
    """Which of the four models a folder holds."""
    for file, model in T3_FILES.items():
        if (Path(folder) / file).exists():
            return model
    raise FileNotFoundError(f"{folder} holds none of {sorted(T3_FILES)}")


def sizes_of(folder: Path | str) -> Sizes:
    file = Path(folder) / "sizes.json"
    if not file.exists():
        return sizes(model_of(folder), "full")
    content = json.loads(file.read_text())
    del content["model"]
    return Sizes(**content)


def _state(folder: Path | str, *names: str) -> dict[str, torch.Tensor]:
    """The first of these files that the folder has."""
    for name in names:
        path = Path(folder) / name
        if path.exists():
            if path.suffix == ".pt":
                return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
            return load_file(path)
    raise FileNotFoundError(f"{folder} has none of {names}")


def load_t3(folder: Path | str, file: str | None = None) -> T3:
    """T3 of a folder; `file` chooses among several, such as the multilingual v3. Turbo and Nano drop `tfmr.wte`."""
    model, size = model_of(folder), sizes_of(folder)
    with without_initialisation():
        t3 = build_t3(model, size)
    names = [file] if file else [name for name, owner in T3_FILES.items() if owner == model]
    t3.load_state_dict(_state(folder, *names), assign=True)
    if t3.is_gpt:
        del t3.tfmr.wte
    alignment_stream_analyzer.LLAMA_ALIGNED_HEADS[:] = [tuple(pair) for pair in size.aligned_heads]
    return t3.eval().requires_grad_(False)


def load_s3gen(folder: Path | str) -> S3Gen:
    meanflow = (Path(folder) / "s3gen_meanflow.safetensors").exists()
    with without_initialisation():
        s3gen = build_s3gen(sizes_of(folder), meanflow)
    state = _state(folder, "s3gen_meanflow.safetensors", "s3gen.safetensors", "s3gen.pt")
    missing, unexpected = s3gen.load_state_dict(state, strict=False, assign=True)
    if unexpected or set(missing) - {f"tokenizer.{name}" for name in ("_mel_filters", "window")}:
        raise ValueError(f"{folder}: missing {missing}, unexpected {unexpected}")
    return s3gen.eval().requires_grad_(False)


def load_voice_encoder(folder: Path | str) -> VoiceEncoder:
    with without_initialisation():
        encoder = build_voice_encoder(sizes_of(folder))
    encoder.load_state_dict(_state(folder, "ve.safetensors", "ve.pt"), assign=True)
    return encoder.eval().requires_grad_(False)


def _segmenter_if_at_hand(converter: ChineseCangjieConverter) -> None:
    """pkuseg fetches its model when built; without a network Chinese stays unsegmented, as without pkuseg."""
    try:
        from spacy_pkuseg import pkuseg

        converter.segmenter = pkuseg()
    except OSError:
        converter.segmenter = None


def load_tokenizer(folder: Path | str) -> Any:
    """EnTokenizer, MTLTokenizer, or for Turbo and Nano a transformers GPT-2 tokenizer."""
    model = model_of(folder)
    if model == "standard":
        return EnTokenizer(str(Path(folder) / "tokenizer.json"))
    if model == "multilingual":
        ChineseCangjieConverter._init_segmenter = _segmenter_if_at_hand
        return MTLTokenizer(str(Path(folder) / "grapheme_mtl_merged_expanded_v1.json"))
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


__all__ = ["MODELS", "load_s3gen", "load_t3", "load_tokenizer", "load_voice_encoder", "model_of", "sizes_of"]
