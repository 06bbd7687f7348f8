"""Writes Tests/Fixtures/chatterbox/perth.safetensors: speech, what resemble-perth makes of it, and what its detector
says of both.

    python tools/reference/chatterbox/perth_golden.py

    speech      int16 [n]   32 kHz, espeak-ng
    marked      int16 [n]   the reference's mark at 32 kHz
    confidence  [2]         of the detector, unrounded: unmarked, marked
"""

import subprocess
import tempfile
from pathlib import Path

import librosa
import numpy as np
import perth
from safetensors.numpy import save_file

FIXTURE = Path(__file__).parents[3] / "Tests/Fixtures/chatterbox/perth.safetensors"


def main() -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-w", file.name, "The watermark is not heard."], check=True)
        speech, _ = librosa.load(file.name, sr=32_000)
    speech = np.round(speech * 32767).astype(np.int16)
    samples = speech.astype(np.float32) / 32767
    watermarker = perth.PerthImplicitWatermarker()
    marked = watermarker.apply_watermark(samples, 32_000)
    confidence = [float(watermarker.get_watermark(audio, 32_000, round=False)) for audio in (samples, marked)]
    save_file(
        {
            "speech": speech,
            "marked": np.round(marked * 32767).astype(np.int16),
            "confidence": np.array(confidence, dtype=np.float32),
        },
        FIXTURE,
    )
    print(len(speech), confidence)


if __name__ == "__main__":
    main()
