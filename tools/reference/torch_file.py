"""Writes Tests/Fixtures/checkpoints/nested.pt: what torch.save makes of every kind of tensor that checkpoints
hold, nested as conds.pt and training checkpoints are."""

import pathlib
import sys
from collections import OrderedDict

import torch


def main() -> None:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "Tests/Fixtures/checkpoints")
    folder.mkdir(parents=True, exist_ok=True)
    base = torch.arange(12, dtype=torch.float32).reshape(3, 4) / 4
    state = OrderedDict(
        [
            ("weight", torch.nn.Parameter(base)),
            ("transposed", base.t()),
            ("row", base[1]),
            ("column", base[:, 2]),
            ("half", torch.tensor([1.5, -2.0, 65504.0, 2.0**-24, float("inf")], dtype=torch.float16)),
            ("brain", torch.tensor([1.5, -2.0, 3.0e38], dtype=torch.bfloat16)),
            ("double", torch.tensor([0.1, -1e30], dtype=torch.float64)),
            ("scalar", torch.tensor(7.0)),
            ("empty", torch.zeros(0, 4)),
        ]
    )
    torch.save(
        {
            "model": state,
            "gen": {"prompt_token": torch.tensor([[5, 6560, 0]]), "prompt_feat_len": None, "mask": torch.tensor([True, False])},
            "step": 250_000,
            "history": [torch.tensor([1, 2], dtype=torch.int32), {"name": "tensor", "rate": 0.5}],
        },
        folder / "nested.pt",
    )


if __name__ == "__main__":
    main()
