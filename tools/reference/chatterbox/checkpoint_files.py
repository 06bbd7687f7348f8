"""Writes tensors into safetensors and PyTorch files without holding a whole checkpoint in memory.

Every file appears under its name only when it is complete.
"""

from __future__ import annotations

import contextlib
import json
import struct
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from portable_random import uniform
from weight_rules import Distribution


@dataclass(frozen=True)
class Tensor:
    """One tensor of a checkpoint: random by its seed name and distribution, or given."""

    name: str
    shape: tuple[int, ...]
    dtype: str  # as safetensors names it
    seed_name: str
    distribution: Distribution | None = None
    given: np.ndarray | None = None

    def values(self) -> np.ndarray:
        """The tensor's values, in its shape."""
        if self.given is not None:
            return self.given
        count = int(np.prod(self.shape, dtype=np.int64))
        if not self.distribution.parts:
            flat = uniform(self.seed_name, count, self.distribution.mean, self.distribution.half_width)
        else:
            flat = np.concatenate(
                [
                    uniform(f"{self.seed_name}/{index}", size, mean, half_width)
                    for index, (size, mean, half_width) in enumerate(self.distribution.parts)
                ]
            )
        return flat.reshape(self.shape)


ITEM_SIZES = {"F32": 4, "I64": 8}


@contextlib.contextmanager
def renamed_when_done(path: Path) -> Iterator[Path]:
    """A file to write to, which becomes `path` when the block ends well.

    It has the same name in a folder beside `path`: `torch.save` puts the file's name into the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
        unfinished = Path(folder) / path.name
        yield unfinished
        unfinished.replace(path)


def write_safetensors(path: Path, tensors: Iterable[Tensor]) -> None:
    ordered = sorted(tensors, key=lambda tensor: tensor.name)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for tensor in ordered:
        size = int(np.prod(tensor.shape, dtype=np.int64)) * ITEM_SIZES[tensor.dtype]
        header[tensor.name] = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with renamed_when_done(path) as unfinished, unfinished.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in ordered:
            file.write(np.ascontiguousarray(tensor.values()).tobytes())


def write_pytorch(path: Path, tensors: Iterable[Tensor]) -> None:
    """A state dict as `torch.save` writes it."""
    state = {tensor.name: torch.from_numpy(np.array(tensor.values())) for tensor in tensors}
    with renamed_when_done(path) as unfinished:
        torch.save(state, unfinished)


def write_text(path: Path, text: str) -> None:
    with renamed_when_done(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8")
