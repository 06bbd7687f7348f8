"""Writes the lists from which Swift tests make the small checkpoints themselves, instead of committing megabytes.

    python tools/reference/chatterbox/manifests.py --out Tests/Fixtures/chatterbox

One JSON file for each checkpoint file: `{"seed": prefix, "tensors": [[name, shape, mean, half_width], …]}`. A
tensor's values are `portable_random.uniform(seed + "/" + name, …)`. Some have stretches instead of a mean and a half
width, `[[count, mean, half_width], …]`, each seeded `seed + "/" + name + "/" + index`. int64 tensors are all 0 and have
only a shape. The speech tokenizer's two optional buffers are left out. Beside them lie `conds.pt`, which at this size is
the same for all models, and the tokenizer files that Turbo and Nano share.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from checkpoint_files import Tensor, write_text
from checkpoints import OPTIONAL_BUFFERS, checkpoint_tensors, write_tokenizer
from conditionals import write_conditionals
from sizes import MODELS, sizes

def _single(value: float) -> float:
    """A number as float32 holds it, which is how it is used."""
    return float(np.float32(value))


def _row(tensor: Tensor) -> list:
    if tensor.distribution is None:
        return [tensor.name, tensor.shape]
    if tensor.distribution.parts:
        parts = [[count, _single(mean), _single(half_width)] for count, mean, half_width in tensor.distribution.parts]
        return [tensor.name, tensor.shape, parts]
    return [tensor.name, tensor.shape, _single(tensor.distribution.mean), _single(tensor.distribution.half_width)]


def _manifest(tensors: list[Tensor]) -> str:
    kept = [tensor for tensor in tensors if tensor.name not in OPTIONAL_BUFFERS]
    seed = kept[0].seed_name.removesuffix("/" + kept[0].name)
    rows = ",\n".join(json.dumps(_row(tensor), separators=(",", ":")) for tensor in kept)
    return f'{{"seed":"{seed}","tensors":[\n{rows}\n]}}\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    for model in MODELS:
        for file, tensors in checkpoint_tensors(model, sizes(model, "small")).items():
            write_text(out / f"{Path(file).stem}.json", _manifest(tensors))
    write_conditionals(out / "conds.pt", "turbo", seconds=2)
    write_tokenizer("turbo", out / "turbo-tokenizer", sizes("turbo", "small"))


if __name__ == "__main__":
    main()
