"""Makes checkpoints in the official layout with random weights: file names, keys, dtypes and shapes are the real ones.

    python tools/reference/chatterbox/checkpoints.py --size small --out /tmp/checkpoints/small
    python tools/reference/chatterbox/checkpoints.py --size full --out /tmp/checkpoints/full --only turbo

Each model is a folder. A small one also holds sizes.json, which reference.py reads; a folder without it is full-size.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch

from checkpoint_files import Tensor, write_pytorch, write_safetensors, write_text
from conditionals import write_conditionals
from gpt2_tokenizer import write_gpt2_tokenizer
from modules import build_s3gen, build_t3, build_voice_encoder
from sizes import MODELS, Sizes, sizes
from weight_rules import Rule, distribution, s3gen_rules, t3_rules, voice_encoder_rules

# The two tokenizer files that cannot be made here; see shared/data/README.md.
TOKENIZERS = Path("/work/shared/data")
T3_FILES = {
    "standard": ["t3_cfg.safetensors"],
    "turbo": ["t3_turbo_v1.safetensors"],
    "nano": ["t3_nano_v1.safetensors"],
    "multilingual": ["t3_mtl23ls_v2.safetensors", "t3_mtl23ls_v3.safetensors"],
}
# Buffers that `S3Tokenizer.ignore_state_dict_missing` lets a checkpoint leave out.
OPTIONAL_BUFFERS = ("tokenizer._mel_filters", "tokenizer.window")


def tensors(role: str, module: torch.nn.Module, rules: list[tuple[str, Rule]]) -> list[Tensor]:
    """A module's state dict as tensors to write. `role` is part of every seed: the same role, the same weights."""
    result = []
    for name, value in module.state_dict().items():
        shape = tuple(value.shape)
        seed_name = f"{role}/{name}"
        if value.dtype == torch.int64:
            result.append(Tensor(name, shape, "I64", seed_name, given=torch.zeros(shape, dtype=value.dtype).numpy()))
        elif name in OPTIONAL_BUFFERS:
            result.append(Tensor(name, shape, "F32", seed_name, given=value.numpy()))
        else:
            result.append(Tensor(name, shape, "F32", seed_name, distribution(name, shape, rules)))
    return result


def t3_tensors(model: str, file: str, size: Sizes) -> list[Tensor]:
    with torch.device("meta"):
        return tensors(Path(file).stem, build_t3(model, size), t3_rules(size.backbone_layers))


def s3gen_tensors(size: Sizes, meanflow: bool) -> list[Tensor]:
    with torch.device("meta"):
        module = build_s3gen(size, meanflow)
    # Built on "meta" the window would have no values.
    module.tokenizer.window = torch.hann_window(module.tokenizer.n_fft)
    return tensors("s3gen_meanflow" if meanflow else "s3gen", module, s3gen_rules(size.encoder_width))


def voice_encoder_tensors(size: Sizes) -> list[Tensor]:
    with torch.device("meta"):
        return tensors("ve", build_voice_encoder(size), voice_encoder_rules())


def checkpoint_tensors(model: str, size: Sizes) -> dict[str, list[Tensor]]:
    """Every weight file of a model, by its official name."""
    files = {file: t3_tensors(model, file, size) for file in T3_FILES[model]}
    voice_encoder = voice_encoder_tensors(size)
    if model == "multilingual":
        return files | {"s3gen.pt": s3gen_tensors(size, False), "ve.pt": voice_encoder}
    if model == "standard":
        # `tts.py` loads this file with strict=False, so Swift must not need the optional buffers.
        s3gen = [tensor for tensor in s3gen_tensors(size, False) if tensor.name not in OPTIONAL_BUFFERS]
        return files | {"s3gen.safetensors": s3gen, "ve.safetensors": voice_encoder}
    return files | {"s3gen_meanflow.safetensors": s3gen_tensors(size, True), "ve.safetensors": voice_encoder}


def write_tokenizer(model: str, folder: Path, size: Sizes) -> None:
    if model == "standard":
        shutil.copyfile(TOKENIZERS / "tokenizer-en.json", folder / "tokenizer.json")
    elif model == "multilingual":
        name = "grapheme_mtl_merged_expanded_v1.json"
        shutil.copyfile(TOKENIZERS / name, folder / name)
    else:
        write_gpt2_tokenizer(folder, size.text_vocabulary)


def write_model(model: str, size_name: str, folder: Path) -> None:
    size = sizes(model, size_name)
    folder.mkdir(parents=True, exist_ok=True)
    if size_name != "full":
        write_text(folder / "sizes.json", json.dumps({"model": model} | size.as_json(), indent=2) + "\n")
    write_tokenizer(model, folder, size)
    write_conditionals(folder / "conds.pt", model, seconds=15 if size_name == "full" else 2)
    for file, content in checkpoint_tensors(model, size).items():
        if size_name == "full" and file.endswith("_v3.safetensors"):
            continue  # v3 has v2's layout; at full size one of them is enough
        (write_pytorch if file.endswith(".pt") else write_safetensors)(folder / file, content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("full", "small"), required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=MODELS, default=MODELS, metavar="MODEL")
    arguments = parser.parse_args()
    for model in arguments.only:
        write_model(model, arguments.size, arguments.out / model)
        print(f"wrote {arguments.out / model}")


if __name__ == "__main__":
    main()
