"""Proves that tools/reference/vits is Piper's network: the starter voice's weights, the same waveform.

    python tools/reference/check_vits.py VOICE.onnx      # exit status 1 below 80 dB

Needs torch 2.13 besides tools/reference/requirements.txt.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from onnx_voice import load_voice
from phonemes import phoneme_ids, phonemize
from vits import VITS, Configuration

SMALLEST_SNR = 80.0
SENTENCES = ["Hello, world.", "When the morning came we packed our things and walked down to the harbour."]


def weights_by_name(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """Parameters by PyTorch name: initializers without a name of their own are found by their node's."""
    values = {initializer.name: numpy_helper.to_array(initializer) for initializer in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            values[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    named = {name: value for name, value in values.items() if not name.startswith(("onnx::", "/"))}
    for node in graph.node:
        if node.op_type == "Conv" and node.input[1].startswith("onnx::"):
            named[node.name.strip("/").removesuffix("/Conv").replace("/", ".") + ".weight"] = values[node.input[1]]
    # Exports of single-speaker voices call the embedding `sid`: the exporter's name for the missing input.
    if "sid" in named:
        named["enc_p.emb.weight"] = named.pop("sid")
    named.setdefault("dp.flows.0.logs", -np.log(values["/dp/flows.0/Exp_output_0"]))
    return named


def load(model: VITS, named: dict[str, np.ndarray]) -> None:
    """Fills the model; weight-normed layers get the weight as direction and its norm as length."""
    state = model.state_dict()
    for name, target in state.items():
        if name.startswith("dp.flows.1."):
            continue
        source = name.replace(".weight_g", ".weight").replace(".weight_v", ".weight")
        value = torch.from_numpy(named[source].copy())
        if name.endswith(".weight_g"):
            value = value.norm(dim=(1, 2), keepdim=True)
        assert target.shape == value.shape, name
        state[name] = value
    model.load_state_dict(state)


def signal_to_noise(expected: np.ndarray, actual: np.ndarray) -> float:
    """In decibels; the lengths must be equal."""
    noise = np.sum((expected.astype(np.float64) - actual) ** 2)
    return float(10 * np.log10(np.sum(expected.astype(np.float64) ** 2) / noise))


def main() -> None:
    """Compares the waveforms of two sentences."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("voice", type=Path, help="a medium-quality voice of one speaker")
    voice = load_voice(parser.parse_args().voice)
    model = VITS(Configuration()).eval()
    load(model, weights_by_name(onnx.load(voice.path).graph))

    lowest = np.inf
    for sentence in SENTENCES:
        ids = phoneme_ids(phonemize(sentence, voice.espeak_voice), voice.phoneme_id_map)
        expected, _, _ = voice.run(ids, 1.0, None)
        with torch.inference_mode():
            output = model(torch.tensor([ids]), torch.tensor([len(ids)]), torch.tensor([0.0, 1.0, 0.0]))
        actual = output.reshape(-1).numpy()
        if len(actual) != len(expected):
            sys.exit(f"{sentence}: {len(actual)} samples, expected {len(expected)}")
        snr = signal_to_noise(expected, actual)
        lowest = min(lowest, snr)
        print(f"{snr:6.1f} dB  {len(actual)} samples  {sentence}")
    sys.exit(lowest < SMALLEST_SNR)


if __name__ == "__main__":
    main()
