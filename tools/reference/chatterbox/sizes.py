"""The two sizes of every model: the official one, and one that a test loads in a moment.

The small one keeps every constant that cannot be read off a checkpoint's shapes: 64-wide heads, 4 perceiver heads over
32 queries, 80 mels, kernels, strides, the speech vocabulary.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Sizes:
    """What the constructors of the reference's modules take."""

    backbone_layers: int
    backbone_width: int
    backbone_inner: int
    text_positions: int
    speech_positions: int
    backbone_positions: int
    text_vocabulary: int
    encoder_width: int
    encoder_heads: int
    encoder_inner: int
    encoder_blocks: int
    encoder_up_blocks: int
    estimator_channels: int
    estimator_heads: int
    estimator_blocks: int
    estimator_mid_blocks: int
    vocoder_channels: int
    f0_channels: int
    tokenizer_width: int
    tokenizer_layers: int
    xvector_growth: int
    xvector_channels: int
    voice_encoder_width: int
    # (layer, head) pairs that the multilingual alignment analyser watches.
    aligned_heads: list[list[int]] = field(default_factory=lambda: [[12, 15], [13, 11], [9, 2]])

    def as_json(self) -> dict:
        return asdict(self)


MODELS = ("standard", "turbo", "nano", "multilingual")

_FULL_S3GEN = dict(
    encoder_width=512, encoder_heads=8, encoder_inner=2048, encoder_blocks=6, encoder_up_blocks=4,
    estimator_channels=256, estimator_heads=8, estimator_blocks=4, estimator_mid_blocks=12,
    vocoder_channels=512, f0_channels=512, tokenizer_width=1280, tokenizer_layers=6,
    xvector_growth=32, xvector_channels=128, voice_encoder_width=256,
)  # fmt: skip
_SMALL_S3GEN = dict(
    encoder_width=128, encoder_heads=2, encoder_inner=256, encoder_blocks=2, encoder_up_blocks=2,
    estimator_channels=64, estimator_heads=2, estimator_blocks=2, estimator_mid_blocks=2,
    vocoder_channels=64, f0_channels=32, tokenizer_width=128, tokenizer_layers=2,
    xvector_growth=8, xvector_channels=32, voice_encoder_width=64,
)  # fmt: skip

_FULL_BACKBONE = {
    "standard": dict(backbone_layers=30, backbone_width=1024, backbone_inner=4096, text_vocabulary=704),
    "multilingual": dict(backbone_layers=30, backbone_width=1024, backbone_inner=4096, text_vocabulary=2454),
    "turbo": dict(backbone_layers=24, backbone_width=1024, backbone_inner=4096, text_vocabulary=50276),
    "nano": dict(backbone_layers=12, backbone_width=768, backbone_inner=3072, text_vocabulary=50276),
}
_SMALL_BACKBONE = {
    "standard": dict(backbone_layers=3, backbone_width=128, backbone_inner=256, text_vocabulary=704),
    "multilingual": dict(
        backbone_layers=3, backbone_width=128, backbone_inner=256, text_vocabulary=2454,
        aligned_heads=[[1, 1], [2, 0], [0, 1]],
    ),
    "turbo": dict(backbone_layers=3, backbone_width=128, backbone_inner=512, text_vocabulary=531),
    "nano": dict(backbone_layers=2, backbone_width=64, backbone_inner=256, text_vocabulary=531),
}  # fmt: skip


def sizes(model: str, size: str) -> Sizes:
    """The sizes of one model, `size` being "full" or "small"."""
    if size == "full":
        positions = dict(text_positions=2050, speech_positions=4100, backbone_positions=8196)
        return Sizes(**positions, **_FULL_BACKBONE[model], **_FULL_S3GEN)
    positions = dict(text_positions=258, speech_positions=516, backbone_positions=768)
    return Sizes(**positions, **_SMALL_BACKBONE[model], **_SMALL_S3GEN)
