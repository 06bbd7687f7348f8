"""Writes what the Swift T3 has to reproduce: the reference's logits and tokens of one text.

    python tools/reference/chatterbox/t3_golden.py FOLDER --out FILE --steps 24 --stride 16
    python tools/reference/chatterbox/t3_golden.py --parts Tests/Fixtures/chatterbox/t3

FOLDER holds a checkpoint in the official layout (`reference.py` loads it). The reference's own `inference` runs with its
own settings, but takes the likeliest token instead of drawing one. The file holds:

    text_tokens   int32 [n]     without start and stop tokens
    speaker       [256]
    prompt        int32 [m]
    exaggeration  [1]
    speech_tokens int32 [s]     what was chosen, a stop token included
    logits        [s, rows, V]  the last position's, every `stride`-th of them: rows is 2 with guidance
    stride        int32 [1]
    aligned_heads int32 [3, 2]  layer and head, watched in multilingual models

`--parts` writes what needs no checkpoint: `t3_processors.safetensors` and `t3_alignment.safetensors`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from types import SimpleNamespace

import torch
from chatterbox.models.t3.inference.alignment_stream_analyzer import AlignmentStreamAnalyzer
from chatterbox.models.t3.modules.cond_enc import T3Cond
from safetensors.torch import save_file
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

SETTINGS = {
    "standard": dict(temperature=0.8, repetition_penalty=1.2, min_p=0.05, top_p=1.0, cfg_weight=0.5),
    "multilingual": dict(temperature=0.8, repetition_penalty=2.0, min_p=0.05, top_p=1.0, cfg_weight=0.5),
    "turbo": dict(temperature=0.8, repetition_penalty=1.2, top_k=1000, top_p=0.95),
}


def text_tokens_of(model: str, count: int, vocabulary: int) -> torch.Tensor:
    """Tokens of no language, the same for every size of a vocabulary."""
    first = 1 if model in ("turbo", "nano") else 2
    return torch.tensor([[first + (37 * i + 11) % (min(vocabulary, 500) - first) for i in range(count)]])


def golden(folder: Path, steps: int, stride: int, text_length: int) -> dict[str, torch.Tensor]:
    from reference import load_t3, model_of, sizes_of

    model = model_of(folder)
    t3 = load_t3(folder)
    condition = torch.load(folder / "conds.pt", weights_only=True)["t3"]
    text = text_tokens_of(model, text_length, t3.hp.text_tokens_dict_size)
    logits: list[torch.Tensor] = []
    t3.speech_head.register_forward_hook(
        lambda module, inputs, output: logits.append(output[:, -1, ::stride].clone())
    )
    torch.multinomial = lambda probabilities, num_samples: probabilities.argmax(dim=-1, keepdim=True)
    with torch.inference_mode():
        if t3.is_gpt:
            tokens = t3.inference_turbo(
                t3_cond=T3Cond(**condition), text_tokens=text, max_gen_len=steps - 1, **SETTINGS["turbo"]
            )
        else:
            both = torch.nn.functional.pad(torch.cat([text, text]), (1, 0), value=t3.hp.start_text_token)
            both = torch.nn.functional.pad(both, (0, 1), value=t3.hp.stop_text_token)
            tokens = t3.inference(
                t3_cond=T3Cond(**condition), text_tokens=both, max_new_tokens=steps, **SETTINGS[model]
            )
    exaggeration = condition["emotion_adv"]
    return {
        "text_tokens": text[0].int(),
        "speaker": condition["speaker_emb"][0].float(),
        "prompt": condition["cond_prompt_speech_tokens"][0].int(),
        "exaggeration": exaggeration.reshape(1).float() if exaggeration is not None else torch.tensor([0.5]),
        "speech_tokens": tokens.reshape(-1).int(),
        "logits": torch.stack(logits[: max(1, tokens.numel())]),
        "stride": torch.tensor([stride], dtype=torch.int32),
        "aligned_heads": torch.tensor(sizes_of(folder).aligned_heads, dtype=torch.int32),
    }


# temperature, repetition penalty, min p, top p, top k
PROCESSOR_CASES = [
    (0.8, 1.2, 0.05, 1.0, 0),
    (0.8, 2.0, 0.05, 0.9, 0),
    (1.0, 1.2, 0.0, 0.5, 0),
    (1.5, 0.8, 0.2, 0.0, 0),
    (0.8, 1.2, 0.0, 0.95, 1000),
    (0.7, 1.3, 0.0, 0.8, 40),
    (1.0, 1.0, 0.0, 1.0, 7),
]


def processors() -> dict[str, torch.Tensor]:
    """The two orders of the processors, over random logits; the last case's have ties, whose order top p leaves open."""
    generator = torch.Generator().manual_seed(3)
    logits = torch.randn(len(PROCESSOR_CASES), 300, generator=generator) * 3
    logits[-1] = (logits[-1] * 8).round() / 8
    history = torch.randint(0, 300, (len(PROCESSOR_CASES), 40), generator=generator)
    llama, gpt2 = [], []
    for row, ids, (temperature, penalty, min_p, top_p, top_k) in zip(
        logits.split(1), history.split(1), PROCESSOR_CASES
    ):
        scores = RepetitionPenaltyLogitsProcessor(penalty=penalty)(ids, row)
        if temperature != 1.0:
            scores = scores / temperature
        scores = MinPLogitsWarper(min_p=min_p)(ids, scores)
        llama.append(TopPLogitsWarper(top_p=top_p)(ids, scores))
        scores = row
        if temperature != 1.0:
            scores = TemperatureLogitsWarper(temperature)(ids, scores)
        if top_k > 0:
            scores = TopKLogitsWarper(top_k)(ids, scores)
        if top_p < 1.0:
            scores = TopPLogitsWarper(top_p)(ids, scores)
        if penalty != 1.0:
            scores = RepetitionPenaltyLogitsProcessor(penalty)(ids, scores)
        gpt2.append(scores)
    return {
        "logits": logits,
        "history": history.int(),
        "settings": torch.tensor(PROCESSOR_CASES),
        "llama": torch.cat(llama),
        "gpt2": torch.cat(gpt2),
    }


class Unhooked(AlignmentStreamAnalyzer):
    """The analyser, with attention maps given to it instead of spied."""

    def _add_attention_spy(self, *arguments: object) -> None:
        return None


def alignment_case(path: list[float], text: int, tokens: list[int], seed: int) -> dict[str, torch.Tensor]:
    """What the analyser does to flat logits while attention follows `path` (a text position for every frame)."""
    generator = torch.Generator().manual_seed(seed)
    before, stop = 5, 9
    analyzer = Unhooked(SimpleNamespace(), None, (before, before + text), eos_idx=stop)
    maps, changed = [], []
    for frame, position in enumerate(path):
        queries, keys = (before + text + 2, before + text + 2) if frame == 0 else (1, before + text + 2 + frame)
        attention = torch.rand(3, queries, keys, generator=generator) * 0.02
        columns = torch.arange(keys) - before
        attention += 0.8 * torch.exp(-((columns - position) ** 2) / 0.7)
        analyzer.last_aligned_attns = list(attention)
        maps.append(attention[:, -2:] if frame == 0 else attention)
        changed.append(analyzer.step(torch.ones(1, 12), next_token=tokens[frame])[0])
    return {
        "text": torch.tensor([before, before + text], dtype=torch.int32),
        "tokens": torch.tensor(tokens, dtype=torch.int32),
        "maps": torch.cat([torch.nn.functional.pad(m, (0, before + text + 2 + len(path) - m.size(2))) for m in maps], 1),
        "logits": torch.stack(changed),
    }


def alignment() -> dict[str, torch.Tensor]:
    steady = [i * 0.5 for i in range(36)]
    cases = {
        "steady": (steady, 18),
        "lingering": (steady + [17.0] * 14, 18),
        "back": (steady + [4.0] * 14, 18),
        "jumping": ([i * 0.5 for i in range(12)] + [15.0] * 8 + [6.0] * 4, 18),
        "short": ([min(i * 0.5, 5) for i in range(20)], 6),
    }
    result = {}
    for seed, (name, (path, text)) in enumerate(cases.items()):
        tokens = list(range(100, 100 + len(path)))
        result |= {f"{name}.{key}": value for key, value in alignment_case(path, text, tokens, seed).items()}
    stammer = [100, 101, 102, 103, 103, 104, 105, 105, 105, 106]
    case = alignment_case(steady[:10], 18, stammer, 9)
    return result | {f"stammer.{key}": value for key, value in case.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--stride", type=int, default=1)
    parser.add_argument("--text-length", type=int, default=20)
    parser.add_argument("--parts", type=Path)
    arguments = parser.parse_args()
    if arguments.parts:
        save_file({k: v.contiguous() for k, v in processors().items()}, arguments.parts / "t3_processors.safetensors")
        save_file({k: v.contiguous() for k, v in alignment().items()}, arguments.parts / "t3_alignment.safetensors")
    if arguments.folder:
        tensors = golden(arguments.folder, arguments.steps, arguments.stride, arguments.text_length)
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, arguments.out)
        print({name: list(tensor.shape) for name, tensor in tensors.items()}, tensors["speech_tokens"].tolist())


if __name__ == "__main__":
    main()
