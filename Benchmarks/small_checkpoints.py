"""Small checkpoints in the official layout with random weights, from the lists in Tests/Fixtures/chatterbox.

Standard library only, so that `--quick` runs wherever the tests do. The values are not those of the tests: a short run
of random numbers is repeated, which is fast, and enough to see that a network runs.
"""

from __future__ import annotations

import json
import random
import shutil
import struct
import sys
from array import array
from collections.abc import Iterable
from math import prod
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "Tests/Fixtures"
T3_LISTS = {"turbo": "t3_turbo_v1", "nano": "t3_nano_v1", "standard": "t3_cfg"}
# A prime, so that no two rows of a matrix are alike.
RUN = 4093


def _values(count: int, mean: float, half_width: float, numbers: random.Random) -> bytes:
    run = array("f", (mean + half_width * numbers.uniform(-1, 1) for _ in range(min(count, RUN))))
    if sys.byteorder == "big":
        run.byteswap()
    return (run.tobytes() * (count // RUN + 1))[: 4 * count]


def _write_checkpoint(name: str, path: Path) -> None:
    """A list's tensors: [name, shape, mean, half width], [name, shape, stretches], or [name, shape] for integers."""
    content = json.loads((FIXTURES / "chatterbox" / f"{name}.json").read_text(encoding="utf-8"))
    numbers = random.Random(content["seed"])
    header, values = {}, bytearray()
    for key, shape, *distribution in content["tensors"]:
        start, count = len(values), prod(shape)
        if not distribution:
            values += bytes(8 * count)
        elif len(distribution) == 2:
            values += _values(count, *distribution, numbers)
        else:
            for stretch in distribution[0]:
                values += _values(*stretch, numbers)
        dtype = "F32" if distribution else "I64"
        header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [start, len(values)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + values)


def _write_model(model: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in (T3_LISTS[model], "s3gen" if model == "standard" else "s3gen_meanflow", "ve"):
        _write_checkpoint(name, folder / f"{name}.safetensors")
    shutil.copy(FIXTURES / "chatterbox/conds.pt", folder)
    if model == "standard":
        shutil.copy(FIXTURES / "tokenizers/tokenizer-en.json", folder / "tokenizer.json")
    else:
        shutil.copytree(FIXTURES / "chatterbox/turbo-tokenizer", folder, dirs_exist_ok=True)
    # What tools/reference/chatterbox needs to build the reference's networks as small.
    sys.path.append(str(ROOT / "tools/reference/chatterbox"))
    from sizes import sizes

    (folder / "sizes.json").write_text(json.dumps({"model": model} | sizes(model, "small").as_json()))


def write_small_checkpoints(folder: Path, models: Iterable[str]) -> None:
    """Each model's folder in `folder`."""
    for model in models:
        _write_model(model, folder / model)
