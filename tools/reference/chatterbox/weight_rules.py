"""Which distribution each tensor's random weights come from, so that activations stay near 1 through every layer.

A rule is a pattern of the tensor's name and how to scale it. Without any rule a bias is small, a vector is a norm's
weight around 1, and a matrix keeps the variance of its input.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

Shape = tuple[int, ...]
SPEECH_TOKENS = 6561


@dataclass(frozen=True)
class Distribution:
    """Uniform in `mean ± half_width`; or `parts`, stretches that differ: (count, mean, half width)."""

    mean: float
    half_width: float
    parts: tuple[tuple[int, float, float], ...] = ()


def deviation(std: float, mean: float = 0.0) -> Distribution:
    """The uniform distribution of this standard deviation."""
    return Distribution(mean, std * math.sqrt(3))


Rule = Callable[[Shape], Distribution]


def gain(factor: float) -> Rule:
    """A matrix or convolution, `[out, in, …]`, that multiplies its input's deviation by `factor`."""
    return lambda shape: deviation(factor / math.sqrt(math.prod(shape[1:])))


def input_first(factor: float) -> Rule:
    """The same for GPT-2's matrices, which are `[in, out]`."""
    return lambda shape: deviation(factor / math.sqrt(shape[0]))


def std(value: float, mean: float = 0.0) -> Rule:
    return lambda shape: deviation(value, mean)


def around(mean: float, half_width: float) -> Rule:
    return lambda shape: Distribution(mean, half_width)


def t3_rules(layers: int) -> list[tuple[str, Rule]]:
    """T3: the residual stream grows to about 2 over all layers; logits deviate by 4, so one token clearly wins."""
    residual = 1.5 / math.sqrt(2 * layers)
    return [
        (r"cond_enc\.spkr_enc\.weight|cond_enc\.emotion_adv_fc\.weight", std(1.0)),
        (r"pre_attention_query", std(1.0)),
        (r"perceiver\.attn\.proj_out\.weight", gain(1.5)),
        (r"^(text|speech)_emb\.weight|embed_tokens|wte", std(1.0)),
        (r"_pos_emb\.emb\.weight|wpe", std(0.3)),
        (r"^speech_head\.weight", _speech_head),
        (r"[qk]_proj\.weight", gain(1.2)),
        (r"o_proj\.weight", gain(1.5 * residual)),
        (r"down_proj\.weight", gain(1.6 * residual)),
        (r"attn\.c_attn\.weight", input_first(1.2)),
        (r"attn\.c_proj\.weight", input_first(1.5 * residual)),
        (r"mlp\.c_fc\.weight", input_first(1.0)),
        (r"mlp\.c_proj\.weight", input_first(1.6 * residual)),
    ]




def _speech_head(shape: Shape) -> Distribution:
    """Llama's 8194 rows hold 1633 that no vocoder token stands for; small, they are never chosen, as in trained models.

    The multilingual pipeline would otherwise hand them to the flow's embedding of 6561 rows and stop.
    """
    rows, width = shape
    if rows < 8194:
        return gain(4.0)(shape)
    wide, narrow = (gain(factor)(shape).half_width for factor in (4.0, 1.0))
    return Distribution(0, 0, ((SPEECH_TOKENS * width, 0.0, wide), ((rows - SPEECH_TOKENS) * width, 0.0, narrow)))


def s3gen_rules(encoder_width: int) -> list[tuple[str, Rule]]:
    """S3Gen: the flow, the vocoder, the speech tokenizer and the x-vector network."""
    # The position encoding multiplies its input by √width.
    embedded = 1 / math.sqrt(encoder_width)
    return [
        # Flow.
        (r"flow\.input_embedding\.weight", std(1.0)),
        (r"flow\.spk_embed_affine_layer\.weight", std(1.0)),
        (r"encoder\.(up_)?embed\.out\.1\.weight", around(embedded, 0.2 * embedded)),
        (r"encoder\.(up_)?embed\.out\.1\.bias", std(0.1 * embedded)),
        (r"pos_bias_[uv]", std(0.3)),
        (r"self_attn\.linear_out\.weight", gain(0.8)),
        (r"feed_forward\.w_2\.weight", gain(0.8)),
        (r"estimator\..*attn1\.to_out\.0\.weight", gain(0.8)),
        (r"estimator\..*ff\.net\.2\.weight", gain(0.8)),
        (r"estimator\..*res_conv\.weight", gain(0.6)),
        (r"estimator\.time_mlp\.linear_[12]\.weight", gain(1.5)),
        # Vocoder: original0 is the norm of each channel's weights, original1 their direction.
        (r"mel2wav\.ups\.0\..*original0", around(2.4, 0.3)),
        (r"mel2wav\.ups\.1\..*original0", around(1.9, 0.3)),
        (r"mel2wav\.ups\.2\..*original0", around(1.4, 0.2)),
        (r"mel2wav\.conv_pre\..*original0", around(0.6, 0.1)),
        (r"mel2wav\.conv_post\..*original0", around(0.2, 0.05)),
        (r"mel2wav\.conv_post\.bias", _magnitude_and_phase),
        (r"mel2wav\..*convs1\..*original0", around(0.8, 0.2)),
        (r"mel2wav\..*convs2\..*original0", around(0.3, 0.1)),
        (r"mel2wav\.f0_predictor\.condnet\.0\..*original0", around(0.6, 0.1)),
        (r"mel2wav\.f0_predictor\.condnet\..*original0", around(1.4, 0.2)),
        (r"mel2wav\.f0_predictor\.classifier\.weight", gain(100.0)),
        (r"mel2wav\.f0_predictor\.classifier\.bias", around(110.0, 1.0)),
        (r"mel2wav\.m_source\.l_linear\.weight", gain(3.0)),
        (r"mel2wav\.source_downs\.\d\.weight", gain(3.0)),
        (r"mel2wav\..*original1", std(1.0)),
        (r"alpha$", around(1.0, 0.3)),
        # Speech tokenizer.
        (r"tokenizer\.encoder\.conv1\.weight", gain(3.0)),
        (r"tokenizer\..*fsmn_block\.weight", gain(0.5)),
        (r"tokenizer\..*attn\.out\.weight|tokenizer\..*mlp\.2\.weight", gain(0.8)),
        (r"tokenizer\.quantizer\..*project_down\.weight", gain(1.0)),
        # x-vector network.
        (r"running_mean$", around(0.0, 0.3)),
        (r"running_var$", around(1.25, 0.7)),
        (r"speaker_encoder\.head\.conv1\.weight", gain(0.5)),
        (r"speaker_encoder\..*linear_local\.weight", gain(2.0)),
        (r"speaker_encoder\..*weight$", lambda shape: around(1.0, 0.2)(shape) if len(shape) == 1 else gain(1.4)(shape)),
    ]


def _magnitude_and_phase(shape: Shape) -> Distribution:
    """The vocoder's last bias: log magnitudes of the short frames' bins, then their phases."""
    half = shape[0] // 2
    return Distribution(0, 0, ((half, -1.8, 0.6), (half, 0.0, 3.0)))


def voice_encoder_rules() -> list[tuple[str, Rule]]:
    return [
        (r"weight_ih_l0", gain(3.0)),
        (r"weight_ih|weight_hh", gain(1.5)),
        (r"bias_", std(0.1)),
        (r"proj\.weight", gain(2.0)),
        (r"similarity_weight", around(10.0, 0.0)),
        (r"similarity_bias", around(-5.0, 0.0)),
    ]


def distribution(name: str, shape: Shape, rules: list[tuple[str, Rule]]) -> Distribution:
    """The first rule that matches, else the default for this kind of tensor."""
    for pattern, rule in rules:
        if re.search(pattern, name):
            return rule(shape)
    if name.endswith("bias"):
        return deviation(0.05)
    if len(shape) <= 1:
        return Distribution(1.0, 0.2)
    return gain(1.0)(shape)
