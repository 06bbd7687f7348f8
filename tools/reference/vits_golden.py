"""Makes golden numbers for the VITS parity tests: what onnxruntime says for fixed phoneme ids.

Both noise scales are 0, so the network is deterministic. Each case is two files: `NAME.json` (ids, scales,
frames per id, sample count) and `NAME.f32` (the waveform, raw little-endian float32).

    python tools/reference/vits_golden.py VOICE.onnx --out Tests/Fixtures/vits
    python tools/reference/vits_golden.py VOICE.onnx --out /tmp/x --stages /tmp/golden   # every stage, to debug

Needs tools/reference/requirements.txt and the espeak-ng program.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from onnx_voice import Voice, load_voice, stage_outputs
from phonemes import phoneme_ids, phonemize


@dataclass(frozen=True)
class Case:
    """One sentence to fix in numbers."""

    name: str
    text: str
    length_scale: float = 1.0
    speaker: int | None = None


CASES = [
    Case("two_words", "Hello, world."),
    Case("six_words", "The train leaves from platform nine."),
    Case("ten_words", "Please do not leave any luggage alone in this hall."),
    Case(
        "twenty_five_words",
        "When the morning came we packed our things and walked down to the harbour, where the old boat "
        "was waiting to take us home again.",
    ),
    Case("two_words_slow", "Hello, world.", length_scale=1.3),
]

# A duration this close to a whole number could round the other way on other hardware, and shift everything
# that follows: such a sentence makes a test that fails by chance.
SMALLEST_DURATION_MARGIN = 1e-3


def duration_margin(durations: np.ndarray) -> float:
    """How far the nearest duration, before rounding up, is from a whole number."""
    return float(np.abs(durations - np.round(durations)).min())


def golden(voice: Voice, case: Case) -> tuple[dict[str, Any], np.ndarray]:
    """Runs one case: its description and its waveform."""
    phonemes = phonemize(case.text, voice.espeak_voice)
    ids = phoneme_ids(phonemes, voice.phoneme_id_map)
    waveform, durations, frames = voice.run(ids, case.length_scale, case.speaker)
    margin = duration_margin(durations)
    if margin < SMALLEST_DURATION_MARGIN:
        sys.exit(f"{case.name}: a duration is {margin:.1e} from rounding the other way; reword the sentence")
    description = {
        "voice": voice.path.name,
        "text": case.text,
        "phonemes": phonemes,
        "ids": ids,
        "noise_scale": 0.0,
        "length_scale": case.length_scale,
        "noise_w": 0.0,
        "speaker": case.speaker,
        "sample_rate": voice.sample_rate,
        "frames_per_id": frames.astype(int).tolist(),
        "samples": len(waveform),
    }
    return description, waveform


def one_key_a_line(values: dict[str, Any]) -> str:
    """JSON that diffs well and stays short."""
    lines = [f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write_case(folder: Path, name: str, description: dict[str, Any], waveform: np.ndarray) -> None:
    """Writes `NAME.json` and `NAME.f32`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(one_key_a_line(description), encoding="utf-8")
    (folder / f"{name}.f32").write_bytes(waveform.astype("<f4").tobytes())


def write_stages(folder: Path, voice: Voice, ids: list[int], case: Case) -> None:
    """Writes every stage as `FOLDER/CASE/STAGE.npy` and lists names and shapes."""
    target = folder / case.name
    target.mkdir(parents=True, exist_ok=True)
    for stage, tensor, value in stage_outputs(voice, ids, case.length_scale, case.speaker):
        np.save(target / f"{stage}.npy", value)
        print(f"  {stage:24} {list(value.shape)!s:18} {tensor}")


def main() -> None:
    """Writes the fixtures, and with --stages the stage dumps of the first case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voice", type=Path, help="the voice's .onnx file, its .onnx.json beside it")
    parser.add_argument("--out", type=Path, required=True, help="folder of the fixtures")
    parser.add_argument("--stages", type=Path, help="folder for the intermediate tensors of the first case")
    arguments = parser.parse_args()

    voice = load_voice(arguments.voice)
    for case in CASES:
        description, waveform = golden(voice, case)
        write_case(arguments.out, case.name, description, waveform)
        seconds = len(waveform) / voice.sample_rate
        print(f"{case.name}: {len(description['ids'])} ids, {len(waveform)} samples, {seconds:.2f} s")
    if arguments.stages:
        ids = phoneme_ids(phonemize(CASES[0].text, voice.espeak_voice), voice.phoneme_id_map)
        write_stages(arguments.stages, voice, ids, CASES[0])


if __name__ == "__main__":
    main()
