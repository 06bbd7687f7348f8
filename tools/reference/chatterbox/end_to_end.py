"""Runs the reference's own `generate()` with every random choice fixed, and writes what a Swift test has to reproduce.

    python tools/reference/chatterbox/end_to_end.py /tmp/checkpoints/small/turbo --out /tmp/turbo.safetensors
    python tools/reference/chatterbox/end_to_end.py FOLDER --out FILE --tokens 88 --text "Hello." --stages

Sampling takes the likeliest token after the logits processors. Noise comes from portable_random under the names in the
file's `settings` (JSON in the safetensors metadata). The file holds, float32 unless said otherwise:

    text_tokens    int32 [n]     what T3 was given, start and stop tokens included
    speech_tokens  int32 [n]     what T3 chose, stop token included
    vocoder_tokens int32 [n]     what S3Gen was given
    flow_noise     [80, frames]  the flow's start, prompt included
    mel            [80, frames]  without the prompt
    hift_phase     [9]           each harmonic's start
    hift_noise     [9, samples]  only with --stages; otherwise `portable_random.gaussian(settings["hift_noise"], …)`
    f0             [frames]
    waveform       [samples]     24 kHz, before the watermark
    marked         [samples]     after it, only with --stages
    encoder, speaker, hift_source  only with --stages
"""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from chatterbox.mtl_tts import ChatterboxMultilingualTTS
from chatterbox.tts import ChatterboxTTS, Conditionals
from chatterbox.tts_turbo import ChatterboxTurboTTS
from safetensors.torch import save_file
from torch.distributions.uniform import Uniform

from checkpoint_files import renamed_when_done
from modules import replaced
from portable_random import gaussian, uniform
from reference import load_s3gen, load_t3, load_tokenizer, load_voice_encoder, model_of, sizes_of

TEXTS = {
    "standard": "The train leaves from platform nine.",
    "turbo": "Well, [chuckle] that is a surprise.",
    "nano": "Well, [chuckle] that is a surprise.",
    "multilingual": "Bonjour, comment allez-vous ?",
}
CLASSES = {
    "standard": ChatterboxTTS,
    "turbo": ChatterboxTurboTTS,
    "nano": ChatterboxTurboTTS,
    "multilingual": ChatterboxMultilingualTTS,
}
SETTINGS = {
    "standard": dict(
        temperature=0.8, repetition_penalty=1.2, min_p=0.05, top_p=1.0, cfg_weight=0.5, exaggeration=0.5
    ),
    "multilingual": dict(
        temperature=0.8, repetition_penalty=2.0, min_p=0.05, top_p=1.0, cfg_weight=0.5, exaggeration=0.5,
        language_id="fr",
    ),
    "turbo": dict(temperature=0.8, repetition_penalty=1.2, top_k=1000, top_p=0.95),
    "nano": dict(temperature=0.8, repetition_penalty=1.2, top_k=1000, top_p=0.95),
}  # fmt: skip


class Recorder:
    """What passed between the stages, and the source of every random number."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.role = "other"
        self.tensors: dict[str, torch.Tensor] = {}
        self.margins: list[float] = []

    def noise(self, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
        values = gaussian(f"{self.seed}/{self.role}", int(np.prod(shape)))
        return torch.from_numpy(values.reshape(shape)).to(dtype)

    def greedy(self, probabilities: torch.Tensor, num_samples: int) -> torch.Tensor:
        likeliest = probabilities.topk(2).values[0]
        self.margins.append(float(likeliest[0].log() - likeliest[1].log()))
        return probabilities.argmax(dim=-1, keepdim=True)

    def phases(self, sample_shape: tuple[int, ...]) -> torch.Tensor:
        count = int(np.prod(sample_shape))
        values = torch.from_numpy(uniform(f"{self.seed}/hift_phase", count, 0.0, float(np.pi))).reshape(sample_shape)
        # SineGen sets the first one to 0 in place, so what is kept here is what it used.
        self.tensors["hift_phase"] = values
        return values

    def during(self, role: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, with noise drawn inside it named after `role`."""

        def call(*arguments: Any, **named: Any) -> Any:
            before, self.role = self.role, role
            try:
                return function(*arguments, **named)
            finally:
                self.role = before

        return call


@contextlib.contextmanager
def fixed_choices(recorder: Recorder) -> Iterator[None]:
    """Replaces every random draw of the pipeline."""

    def randn(*shape: int, dtype: torch.dtype = torch.float32, device: Any = None) -> torch.Tensor:
        return recorder.noise(shape, dtype)

    def randn_like(tensor: torch.Tensor) -> torch.Tensor:
        noise = recorder.noise(tuple(tensor.shape), tensor.dtype)
        if recorder.role == "hift_noise":
            recorder.tensors["hift_noise"] = noise
        return noise

    with (
        replaced(torch, randn=randn, randn_like=randn_like, multinomial=recorder.greedy),
        replaced(Uniform, sample=recorder.phases),
    ):
        yield


def watch(pipeline: Any, recorder: Recorder, tokens: int) -> None:
    """Makes a pipeline stop after `tokens` speech tokens, and records what its stages take and give."""
    t3, s3gen, kept = pipeline.t3, pipeline.s3gen, recorder.tensors
    # inference_turbo's limit does not count the first token.
    method, limit = ("inference", dict(max_new_tokens=tokens))
    if t3.is_gpt:
        method, limit = ("inference_turbo", dict(max_gen_len=tokens - 1))
    generate = getattr(t3, method)

    def speak(**arguments: Any) -> torch.Tensor:
        kept["text_tokens"] = arguments["text_tokens"][0]
        kept["speech_tokens"] = result = generate(**arguments | limit)
        return result

    def euler(solve: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
        def call(noise: torch.Tensor, **arguments: Any) -> torch.Tensor:
            kept.update(flow_noise=noise, encoder=arguments["mu"], speaker=arguments["spks"])
            return solve(noise, **arguments)

        return call

    vocode, flow, hift = s3gen.inference, s3gen.flow_inference, s3gen.hift_inference

    def vocoder(speech_tokens: torch.Tensor, **arguments: Any) -> Any:
        kept["vocoder_tokens"] = speech_tokens
        return vocode(speech_tokens=speech_tokens, **arguments)

    def mel(*arguments: Any, **named: Any) -> torch.Tensor:
        kept["mel"] = result = flow(*arguments, **named)
        return result

    def wave(features: torch.Tensor, *arguments: Any) -> Any:
        wav, kept["hift_source"] = hift(features, *arguments)
        return wav, kept["hift_source"]

    def mark(waveform: np.ndarray, sample_rate: int) -> np.ndarray:
        kept["waveform"] = torch.from_numpy(waveform.copy())
        kept["marked"] = torch.from_numpy(watermark(waveform, sample_rate=sample_rate))
        return kept["marked"].numpy()

    setattr(t3, method, speak)
    solver = s3gen.flow.decoder
    solver.solve_euler, solver.basic_euler = euler(solver.solve_euler), euler(solver.basic_euler)
    solver.forward = recorder.during("flow_noise", solver.forward)
    s3gen.flow_inference = recorder.during("flow_generated_noise", mel)
    s3gen.inference, s3gen.hift_inference = vocoder, wave
    sine = s3gen.mel2wav.m_source.l_sin_gen
    sine.forward = recorder.during("hift_noise", sine.forward)
    s3gen.mel2wav.f0_predictor.register_forward_hook(lambda module, inputs, f0: kept.update(f0=f0))
    watermark = pipeline.watermarker.apply_watermark
    pipeline.watermarker.apply_watermark = mark


def load_pipeline(folder: Path) -> Any:
    """The reference's own class for this folder's model, ready to generate."""
    return CLASSES[model_of(folder)](
        load_t3(folder),
        load_s3gen(folder),
        load_voice_encoder(folder),
        load_tokenizer(folder),
        "cpu",
        conds=Conditionals.load(folder / "conds.pt"),
    )


INTEGERS = ("text_tokens", "speech_tokens", "vocoder_tokens")
STAGES = ("hift_noise", "hift_source", "encoder", "speaker", "marked")


def run(folder: Path, text: str, tokens: int, stages: bool) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """The golden tensors of one text, and how they came about."""
    model = model_of(folder)
    recorder = Recorder(seed=f"end_to_end/{model}")
    pipeline = load_pipeline(folder)
    watch(pipeline, recorder, tokens)
    with fixed_choices(recorder), torch.inference_mode():
        pipeline.generate(text, **SETTINGS[model])
    tensors = {
        name: value.squeeze().to(torch.int32 if name in INTEGERS else torch.float32).clone().contiguous()
        for name, value in recorder.tensors.items()
        if stages or name not in STAGES
    }
    settings = {
        "model": model,
        "text": text,
        "tokens": tokens,
        "options": SETTINGS[model],
        # (layer, head) pairs the multilingual alignment analyser watches; not the official ones in a small model.
        "aligned_heads": sizes_of(folder).aligned_heads,
        "steps": 2 if pipeline.s3gen.meanflow else 10,
        "hift_noise": f"{recorder.seed}/hift_noise",
        "samples": tensors["waveform"].numel(),
        "smallest_margin": min(recorder.margins),
    }
    return tensors, settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--text")
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--stages", action="store_true", help="also write what passes between the stages")
    arguments = parser.parse_args()
    text = arguments.text or TEXTS[model_of(arguments.folder)]
    tensors, settings = run(arguments.folder, text, arguments.tokens, arguments.stages)
    with renamed_when_done(arguments.out) as unfinished:
        save_file(tensors, unfinished, metadata={"settings": json.dumps(settings, ensure_ascii=False)})
    print(json.dumps(settings, ensure_ascii=False))
    print({name: list(value.shape) for name, value in tensors.items()})


if __name__ == "__main__":
    main()
