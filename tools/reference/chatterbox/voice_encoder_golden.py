"""Writes Tests/Fixtures/chatterbox/voice_encoder.safetensors: speech and what the reference's VoiceEncoder makes of it.

    python tools/reference/chatterbox/voice_encoder_golden.py CHECKPOINTS   (with small/standard and full/standard below)

    speech      int16 [n]   16 kHz, espeak-ng
    small       [64]        the embedding by the small random checkpoint
    full        [256]       the embedding by the full-size one
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import librosa
import numpy as np
from safetensors.numpy import save_file

from reference import load_voice_encoder

FIXTURE = Path(__file__).parents[3] / "Tests/Fixtures/chatterbox/voice_encoder.safetensors"
TEXT = "The embedding of a voice is made of stretches of one second and a half."


def main() -> None:
    checkpoints = Path(sys.argv[1])
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-w", file.name, TEXT], check=True)
        speech, _ = librosa.load(file.name, sr=16_000)
    speech = np.round(speech * 32767).astype(np.int16)
    samples = speech.astype(np.float32) / 32767
    tensors = {"speech": speech}
    for size in ("small", "full"):
        encoder = load_voice_encoder(checkpoints / size / "standard")
        embedding = encoder.embeds_from_wavs([samples], sample_rate=16_000, trim_top_db=None)[0]
        tensors[size] = embedding.astype(np.float32)
        print(size, embedding.shape, float((embedding > 0).mean()))
    save_file(tensors, FIXTURE)


if __name__ == "__main__":
    main()
