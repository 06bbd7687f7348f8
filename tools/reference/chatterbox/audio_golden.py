"""Makes golden numbers for reference audio: what librosa, torchaudio, pyloudnorm and soundfile say.

Everything derives from one synthetic voice, `voice.f32`, so that the fixtures stay small: other cases repeat,
scale or pad it, and the Swift tests do the same. Raw samples are little-endian float32.

    python tools/reference/chatterbox/audio_golden.py --out Tests/Fixtures/audio

Needs the reference's environment: chatterbox-tts 0.1.7, which brings librosa, torchaudio and pyloudnorm.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import pyloudnorm
import soundfile
import torch
import torchaudio

RATE = 24_000
Samples = np.ndarray[Any, np.dtype[np.float32]]

# Rates between which both resamplers are compared; the voice is taken to be of the first.
RATES = [(24_000, 16_000), (44_100, 24_000), (16_000, 24_000)]

# Name, format, subtype, rate and channels of each file; the second channel is half the first.
FILES = [
    ("flac-44100-stereo.flac", "FLAC", "PCM_16", 44_100, 2),
    ("mp3-44100-stereo.mp3", "MP3", "MPEG_LAYER_III", 44_100, 2),
    ("vorbis-22050-stereo.ogg", "OGG", "VORBIS", 22_050, 2),
    ("opus-24000-mono.ogg", "OGG", "OPUS", 24_000, 1),
]

# Silence before, gain, silence after, in samples: what `librosa.effects.trim` makes of the voice.
PADDINGS = [(0, 1.0, 0), (5_000, 1.0, 7_000), (100, 0.01, 30_000), (24_000, 3.0, 0), (0, 0.0, 5_000)]

# Repetitions of the voice, gain, and samples taken off the end.
LOUDNESSES = [(12, 1.0, 0), (12, 0.02, 0), (11, 2.5, 1_111), (24, 0.3, 5), (1, 1.0, 2_400), (1, 1.0, 2_401),
              (4, 0.0, 0), (4, 0.000_1, 0)]


def voice() -> Samples:
    """Half a second of harmonics with a moving pitch, a swelling and some breath."""
    time = np.arange(RATE // 2) / RATE
    phase = 2 * np.pi * np.cumsum(140 + 30 * np.sin(2 * np.pi * 3 * time)) / RATE
    tone = sum(np.sin(phase * k) / k for k in range(1, 30))
    swell = 0.05 + np.sin(2 * np.pi * 2 * time) ** 2
    breath = np.random.default_rng(3).standard_normal(time.size) * 0.05
    return (0.25 * swell * (tone + breath)).astype(np.float32)


def write(folder: Path, name: str, samples: Samples) -> None:
    """Writes raw samples."""
    samples.astype("<f4").tofile(folder / f"{name}.f32")


def resampled(folder: Path, samples: Samples) -> None:
    """Writes the voice between all rates, by both libraries."""
    for source, target in RATES:
        by_librosa = librosa.resample(samples, orig_sr=source, target_sr=target)
        write(folder, f"librosa-{source}-{target}", by_librosa[:8_000])
        transform = torchaudio.transforms.Resample(source, target)
        by_torchaudio = transform(torch.from_numpy(samples)[None])[0].numpy()
        write(folder, f"torchaudio-{source}-{target}", by_torchaudio[:8_000])


def lengths() -> list[list[int]]:
    """Input count, rates, and how many samples librosa and torchaudio give."""
    rows = []
    for count in (1, 2, 3, 100, 1_001, 24_001):
        for source, target in RATES:
            silence = np.zeros(count, np.float32)
            by_librosa = librosa.resample(silence, orig_sr=source, target_sr=target).size
            transform = torchaudio.transforms.Resample(source, target)
            rows.append([count, source, target, by_librosa, transform(torch.zeros(1, count)).shape[1]])
    return rows


def files(folder: Path, samples: Samples) -> dict[str, Any]:
    """Writes a quarter of a second in each format and what `librosa.load` reads from it."""
    found = {}
    for name, kind, subtype, rate, channels in FILES:
        quarter = samples[3_000 : 3_000 + rate // 4]
        frames = quarter if channels == 1 else np.stack([quarter, quarter / 2], axis=1)
        soundfile.write(folder / name, frames, rate, format=kind, subtype=subtype)
        read, _ = librosa.load(folder / name, sr=None)
        write(folder, name, read)
        found[name] = {"rate": rate, "samples": int(read.size)}
    # More channels than any clip should have, and the shortest there can be.
    tiny = np.outer(samples[4_000:4_512], np.arange(1, 9) / 8).astype(np.float32)
    soundfile.write(folder / "flac-192000-eight.flac", tiny, 192_000, subtype="PCM_24")
    soundfile.write(folder / "flac-one-sample.flac", samples[4_000:4_001], RATE, subtype="PCM_16")
    return found


def trims(samples: Samples) -> list[dict[str, Any]]:
    """Where `librosa.effects.trim(top_db=20)` cuts, as the voice encoder calls it."""
    rows = []
    for before, gain, after in PADDINGS:
        padded = np.pad(samples * np.float32(gain), (before, after))
        _, (start, end) = librosa.effects.trim(padded, top_db=20)
        rows.append({"before": before, "gain": gain, "after": after, "start": int(start), "end": int(end)})
    return rows


def loudnesses(samples: Samples) -> list[dict[str, Any]]:
    """What `norm_loudness` of tts_turbo.py measures; null where it leaves the audio as it is."""
    rows = []
    for repeats, gain, dropped in LOUDNESSES:
        audio = np.tile(samples, repeats)[: repeats * samples.size - dropped] * np.float32(gain)
        try:
            measured = float(pyloudnorm.Meter(RATE).integrated_loudness(audio))
        except ValueError:
            measured = -np.inf
        lufs = measured if np.isfinite(measured) else None
        rows.append({"repeats": repeats, "gain": gain, "dropped": dropped, "lufs": lufs})
    return rows


def main() -> None:
    """Writes all fixtures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    samples = voice()
    write(folder, "voice", samples)
    resampled(folder, samples)
    golden = {
        "files": files(folder, samples),
        "lengths": lengths(),
        "trims": trims(samples),
        "loudnesses": loudnesses(samples),
    }
    (folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
