"""Makes two tiny voices with random weights in the layout of Piper's exports, and their golden numbers.

They sound like nothing; they prove that a voice with other widths, another vocabulary, several speakers or
the other residual block loads and computes the same as in onnxruntime.

    python tools/reference/synthetic_voice.py --out Tests/Fixtures/vits

Needs torch 2.13 besides tools/reference/requirements.txt, and the espeak-ng program.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from onnx_voice import load_voice
from vits import VITS, Configuration
from vits.decoder import high, medium
from vits_golden import Case, golden, one_key_a_line, write_case

LARGEST_FILE = 700_000
PEAK = 0.5
FRAMES_EACH = 4
TEXT = "Hello, world."

# `_`, `^` and `$` are Piper's padding, start and end; the rest is enough for English IPA.
SYMBOLS = "_^$ !'(),-.:;?abcdefhijklmnopqrstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹɾʃʊʌʒʔˈˌːθ"


@dataclass(frozen=True)
class SyntheticVoice:
    """A voice to make."""

    name: str
    quality: str
    sample_rate: int
    configuration: Configuration
    seed: int

    @property
    def settings(self) -> dict[str, Any]:
        """The .onnx.json beside the voice."""
        speakers = self.configuration.speakers
        return {
            "audio": {"sample_rate": self.sample_rate, "quality": self.quality},
            "espeak": {"voice": "en-us"},
            "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
            "phoneme_type": "espeak",
            "phoneme_map": {},
            "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(SYMBOLS)},
            "num_symbols": len(SYMBOLS),
            "num_speakers": speakers,
            "speaker_id_map": {f"speaker_{number}": number for number in range(speakers)} if speakers > 1 else {},
        }


VOICES = [
    SyntheticVoice(
        name="synthetic-speakers-high",
        quality="high",
        sample_rate=22050,
        configuration=Configuration(
            symbols=len(SYMBOLS),
            inter=16,
            hidden=12,
            filter_channels=32,
            layers=3,
            speakers=3,
            speaker_channels=12,
            decoder=high(channels=24),
        ),
        seed=1,
    ),
    SyntheticVoice(
        name="synthetic-x_low",
        quality="x_low",
        sample_rate=16000,
        configuration=Configuration(
            symbols=len(SYMBOLS), inter=12, hidden=16, filter_channels=40, layers=2, decoder=medium(channels=32)
        ),
        seed=2,
    ),
]


def randomise(model: VITS) -> None:
    """Weights that keep activations near 1, and durations of a few frames an id."""
    for module in model.modules():
        if isinstance(module, nn.Conv1d):
            nn.init.normal_(module.weight, 0.0, (module.weight[0].numel()) ** -0.5)
        if isinstance(module, nn.ConvTranspose1d):
            inputs_each = module.weight.size(0) * module.kernel_size[0] / module.stride[0]
            nn.init.normal_(module.weight, 0.0, inputs_each**-0.5)
    for name, parameter in model.named_parameters():
        if name.endswith(("gamma", "weight_g")):
            parameter.data *= 1 + 0.1 * torch.randn_like(parameter)
        elif name.endswith(("beta", "bias")):
            nn.init.normal_(parameter, 0.0, 0.1)
    model.dp.flows[0].m.data = torch.tensor([[0.0], [0.1]])
    model.dp.flows[0].logs.data = torch.tensor([[0.1], [-0.05]])
    for coupling in model.flow.flows[::2]:
        coupling.post.weight.data *= 0.3


def build(voice: SyntheticVoice) -> VITS:
    """A model of about `FRAMES_EACH` frames an id whose waveform peaks at `PEAK` before the final tanh."""
    torch.manual_seed(voice.seed)
    model = VITS(voice.configuration).eval()
    randomise(model)
    inputs = example(voice)
    with torch.inference_mode():
        affine = model.dp.flows[0]
        excess = torch.log(model.frames(*inputs).mean() / FRAMES_EACH)
        affine.m.data[0] += excess * affine.logs[0].exp()
        waveform = model(*inputs)
    model.dec.conv_post.weight.data *= PEAK / torch.atanh(waveform).abs().max()
    return model


def example(voice: SyntheticVoice) -> tuple[torch.Tensor, ...]:
    """Inputs to trace the network with."""
    count = 50
    ids = torch.randint(0, voice.configuration.symbols, (1, count))
    inputs = (ids, torch.tensor([count]), torch.tensor([0.0, 1.0, 0.0]))
    return (*inputs, torch.tensor([0])) if voice.configuration.speakers > 1 else inputs


def export(voice: SyntheticVoice, path: Path) -> None:
    """Writes the .onnx and the .onnx.json, with Piper's input names and opset.

    Piper names four inputs whatever the voice; in a voice of one speaker the fourth name, `sid`, falls on the
    first parameter, the phoneme embedding. Readers must cope, so it is kept.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            build(voice),
            example(voice),
            str(path),
            dynamo=False,
            opset_version=15,
            input_names=["input", "input_lengths", "scales", "sid"],
            output_names=["output"],
            dynamic_axes={
                "input": {0: "batch_size", 1: "phonemes"},
                "input_lengths": {0: "batch_size"},
                "output": {0: "batch_size", 1: "time"},
            },
        )
    if path.stat().st_size > LARGEST_FILE:
        sys.exit(f"{path}: {path.stat().st_size} bytes, more than a fixture should have ({LARGEST_FILE})")
    path.with_suffix(".onnx.json").write_text(one_key_a_line(voice.settings), encoding="utf-8")


def main() -> None:
    """Writes voices and goldens: two speakers where there are several."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the fixtures")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for synthetic in VOICES:
        path = folder / f"{synthetic.name}.onnx"
        export(synthetic, path)
        voice = load_voice(path)
        for speaker in [0, 2] if synthetic.configuration.speakers > 1 else [None]:
            name = synthetic.name if speaker is None else f"{synthetic.name}-{speaker}"
            description, waveform = golden(voice, Case(name, TEXT, speaker=speaker))
            write_case(folder, name, description, waveform)
            print(f"{name}: {path.stat().st_size} bytes, {len(waveform)} samples, rms {waveform.std():.3f}")


if __name__ == "__main__":
    main()
