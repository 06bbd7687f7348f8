"""A Piper voice run by onnxruntime, with its intermediate tensors at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

# The durations before and after rounding up, in every export of Piper's.
DURATION, FRAMES = "/Mul_1_output_0", "/Ceil_output_0"

# Stage → tensor, in the order in which the network computes them. `{}` runs over all numbers that exist.
STAGES = {
    "enc_embedding": "/enc_p/Mul_1_output_0",
    "enc_attention_{}": "/enc_p/encoder/attn_layers.{}/conv_o/Conv_output_0",
    "enc_norm_1_{}": "/enc_p/encoder/norm_layers_1.{}/Transpose_1_output_0",
    "enc_layer_{}": "/enc_p/encoder/norm_layers_2.{}/Transpose_1_output_0",
    "enc_hidden": "/enc_p/encoder/Mul_2_output_0",
    "enc_m_p": "/enc_p/Split_output_0",
    "enc_logs_p": "/enc_p/Split_output_1",
    "dp_pre": "/dp/pre/Conv_output_0",
    "dp_convs": "/dp/convs/Mul_15_output_0",
    "dp_condition": "/dp/Mul_output_0",
    "dp_flow_{}_projection": "/dp/flows.{}/proj/Conv_output_0",
    "dp_flow_{}": "/dp/flows.{}/Mul_35_output_0",
    "dp_flow_0": "/dp/flows.0/Mul_1_output_0",
    "dp_logw": "/dp/Split_output_0",
    "dp_w": DURATION,
    "dp_w_ceil": FRAMES,
    "m_p_frames": "/Transpose_3_output_0",
    "logs_p_frames": "/Transpose_5_output_0",
    "z_p": "/Add_output_0",
    "flow_{}_pre": "/flow/flows.{}/pre/Conv_output_0",
    "flow_{}_wavenet": "/flow/flows.{}/enc/Mul_3_output_0",
    "flow_{}": "/flow/flows.{}/Concat_output_0",
    "z": "/Mul_7_output_0",
    "dec_pre": "/dec/conv_pre/Conv_output_0",
    "dec_up_{}": "/dec/ups.{}/ConvTranspose_output_0",
    "dec_resblock_{}": "/dec/resblocks.{}/Add_1_output_0",
    "dec_post": "/dec/conv_post/Conv_output_0",
    "output": "output",
}


@dataclass(frozen=True)
class Voice:
    """A voice's file and settings, and a session that also returns the durations."""

    path: Path
    espeak_voice: str
    phoneme_id_map: dict[str, list[int]]
    sample_rate: int
    session: onnxruntime.InferenceSession

    def run(
        self, ids: list[int], length_scale: float, speaker: int | None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The waveform, the durations before rounding and the frames per id; both noise scales 0."""
        outputs = self.session.run(["output", DURATION, FRAMES], inputs(ids, length_scale, speaker))
        return tuple(np.asarray(output).reshape(-1) for output in outputs)


def inputs(ids: list[int], length_scale: float, speaker: int | None) -> dict[str, np.ndarray]:
    """The network's inputs for one sentence without noise."""
    feed = {
        "input": np.array([ids], dtype=np.int64),
        "input_lengths": np.array([len(ids)], dtype=np.int64),
        "scales": np.array([0.0, length_scale, 0.0], dtype=np.float32),
    }
    if speaker is not None:
        feed["sid"] = np.array([speaker], dtype=np.int64)
    return feed


def load_voice(path: Path) -> Voice:
    """Opens a voice, its .onnx.json beside it."""
    settings = json.loads(path.with_suffix(".onnx.json").read_text(encoding="utf-8"))
    return Voice(
        path=path,
        espeak_voice=settings["espeak"]["voice"],
        phoneme_id_map=settings["phoneme_id_map"],
        sample_rate=settings["audio"]["sample_rate"],
        session=session_with(path, [DURATION, FRAMES]),
    )


def session_with(path: Path, extra_outputs: list[str]) -> onnxruntime.InferenceSession:
    """A session over the file with further tensors as outputs."""
    model = onnx.load(path)
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in extra_outputs)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


def stage_outputs(
    voice: Voice, ids: list[int], length_scale: float, speaker: int | None
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Stage name, tensor name and value of every stage that the file has."""
    stages = dict(expand_stages([name for node in onnx.load(voice.path).graph.node for name in node.output]))
    session = session_with(voice.path, [tensor for tensor in stages.values() if tensor != "output"])
    values = session.run(list(stages.values()), inputs(ids, length_scale, speaker))
    for (stage, tensor), value in zip(stages.items(), values, strict=True):
        yield stage, tensor, np.asarray(value)


def expand_stages(tensors: list[str]) -> Iterator[tuple[str, str]]:
    """Fills the numbers into `STAGES` from the tensors that exist, in the graph's order."""
    for stage, pattern in STAGES.items():
        expression = re.compile(re.escape(pattern).replace(r"\{\}", r"(\d+)"))
        for tensor in tensors:
            if match := expression.fullmatch(tensor):
                yield stage.format(*match.groups()), tensor
