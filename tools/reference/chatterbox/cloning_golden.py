"""Writes what the Swift code that takes in a voice has to reproduce: mel spectra, speech tokens and the x-vector.

    python tools/reference/chatterbox/cloning_golden.py FOLDER --out FILE [--seconds 3] [--repeat 18] [--every 4]

FOLDER holds a checkpoint in the official layout (`reference.py` loads it). The audio is espeak-ng's. The file holds:

    samples_16     int16 [n]     16 kHz, 16 bits a sample: `seconds` of them
    samples_24     int16 [m]     24 kHz, the same speech, `--mel-seconds` of it
    prompt_mel     [t, 80]       of samples_24, as S3Gen is shown it; every `every`-th frame
    tokenizer_mel  [t, 128]      of samples_16, as the speech tokenizer reads it; every `every`-th frame
    filter_bank    [t, 80]       of the x-vector's samples, less its mean; every `every`-th frame
    tokens         int32 [s]     of samples_16
    long_tokens    int32 [s]     of samples_16 `repeat` times over, in windows of 30 s where that is longer
    x_vector       [192]         of the first `--mel-seconds` of samples_16
    every, repeat  int32 [1]
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import librosa
import numpy as np
import torch
from chatterbox.models.s3gen.utils.mel import mel_spectrogram
from chatterbox.models.s3gen.xvector import extract_feature
from safetensors.torch import save_file

TEXT = (
    "The quick brown fox jumps over the lazy dog. A voice is copied from a few seconds of speech, which are turned "
    "into tokens, a spectrum and an embedding. She sells sea shells by the shore; how much wood would a woodchuck chuck? "
    "Every evening, at half past seven, the old tram rattles down to the harbour and back again. "
)


def speech(seconds: float) -> np.ndarray:
    """espeak-ng's speech at its own rate of 22.05 kHz, float32."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        text = TEXT * (1 + int(seconds / 15))
        subprocess.run(["espeak-ng", "-v", "en-gb", "-w", str(path), text], check=True)
        samples, rate = librosa.load(path, sr=None)
    assert rate == 22050 and len(samples) >= seconds * rate, (rate, len(samples))
    return samples[: int(seconds * rate)]


def at(samples: np.ndarray, rate: int, seconds: float) -> torch.Tensor:
    """The samples at another rate, rounded to 16 bits."""
    resampled = librosa.resample(samples, orig_sr=22050, target_sr=rate)[: int(seconds * rate)]
    return torch.from_numpy(np.clip(np.round(resampled * 32768), -32768, 32767).astype(np.int16))


def golden(folder: Path, seconds: float, mel_seconds: float, repeat: int, every: int) -> dict[str, torch.Tensor]:
    from reference import load_s3gen

    s3gen = load_s3gen(folder)
    raw = speech(seconds)
    samples_16, samples_24 = at(raw, 16000, seconds), at(raw, 24000, mel_seconds)
    audio_16, audio_24 = samples_16.float() / 32768, samples_24.float() / 32768
    short_16 = audio_16[: int(mel_seconds * 16000)]
    with torch.inference_mode():
        start = time.time()
        tokens, _ = s3gen.tokenizer([audio_16])
        print(f"tokenizer, {seconds} s of audio: {time.time() - start:.2f} s")
        long_tokens = s3gen.tokenizer([audio_16.repeat(repeat)])[0] if repeat > 1 else tokens
        start = time.time()
        x_vector = s3gen.speaker_encoder.inference(short_16[None])
        print(f"x-vector, {mel_seconds} s of audio: {time.time() - start:.2f} s")
        prompt_mel = mel_spectrogram(audio_24)[0].T
        tokenizer_mel = s3gen.tokenizer.log_mel_spectrogram(audio_16).T
        filter_bank = extract_feature(short_16[None])[0][0]
    return {
        "samples_16": samples_16,
        "samples_24": samples_24,
        "prompt_mel": prompt_mel[::every].contiguous(),
        "tokenizer_mel": tokenizer_mel[::every].contiguous(),
        "filter_bank": filter_bank[::every].contiguous(),
        "tokens": tokens[0].int(),
        "long_tokens": long_tokens[0].int(),
        "x_vector": x_vector[0],
        "every": torch.tensor([every], dtype=torch.int32),
        "repeat": torch.tensor([repeat], dtype=torch.int32),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--mel-seconds", type=float, default=3.0)
    parser.add_argument("--repeat", type=int, default=18)
    parser.add_argument("--every", type=int, default=4)
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    tensors = golden(options.folder, options.seconds, options.mel_seconds, options.repeat, options.every)
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, options.out)
    print({name: tuple(tensor.shape) for name, tensor in tensors.items()}, options.out.stat().st_size)


if __name__ == "__main__":
    main()
