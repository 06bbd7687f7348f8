"""Builds the reference's own modules at a given size. At full size they are exactly what `chatterbox` builds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from chatterbox.models.s3gen import S3Gen
from chatterbox.models.s3gen import s3gen as s3gen_source
from chatterbox.models.s3gen.decoder import ConditionalDecoder
from chatterbox.models.s3gen.f0_predictor import ConvRNNF0Predictor
from chatterbox.models.s3gen.flow import CausalMaskedDiffWithXvec
from chatterbox.models.s3gen.hifigan import HiFTGenerator
from chatterbox.models.s3gen.transformer.upsample_encoder import (
    PreLookaheadLayer,
    UpsampleConformerEncoder,
    Upsample1D,
)
from chatterbox.models.s3gen.xvector import CAMPPlus
from chatterbox.models.t3 import T3
from chatterbox.models.t3.llama_configs import GPT2_MEDIUM_CONFIG, LLAMA_520M_CONFIG_DICT, LLAMA_CONFIGS
from chatterbox.models.t3.modules import cond_enc
from chatterbox.models.t3.modules.perceiver import Perceiver
from chatterbox.models.t3.modules.t3_config import T3Config
from chatterbox.models.voice_encoder import VoiceEncoder
from chatterbox.models.voice_encoder.config import VoiceEncConfig
from s3tokenizer.model_v2 import S3TokenizerV2

from sizes import Sizes


@contextlib.contextmanager
def replaced(owner: object, **attributes: object) -> Iterator[None]:
    """Sets attributes for the time of the block."""
    before = {name: getattr(owner, name) for name in attributes}
    for name, value in attributes.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(owner, name, value)


@contextlib.contextmanager
def without_initialisation() -> Iterator[None]:
    """Skips torch's random initialisation, for modules whose weights are loaded anyway."""
    names = [name for name in vars(torch.nn.init) if name.endswith("_") and not name.startswith("_")]
    with replaced(torch.nn.init, **{name: lambda tensor, *_, **__: tensor for name in names}):
        yield


def t3_configuration(model: str, sizes: Sizes) -> T3Config:
    """The hyper-parameters `tts.py`, `tts_turbo.py` and `mtl_tts.py` set, at these sizes."""
    name = f"{model}-{sizes.backbone_width}-{sizes.backbone_layers}"
    heads = sizes.backbone_width // 64
    configuration = T3Config(text_tokens_dict_size=sizes.text_vocabulary)
    configuration.llama_config_name = name
    if model in ("turbo", "nano"):
        LLAMA_CONFIGS[name] = GPT2_MEDIUM_CONFIG | dict(
            n_embd=sizes.backbone_width, hidden_size=sizes.backbone_width, n_layer=sizes.backbone_layers, n_head=heads,
            n_ctx=sizes.backbone_positions, n_positions=sizes.backbone_positions, vocab_size=sizes.text_vocabulary,
        )  # fmt: skip
        configuration.speech_tokens_dict_size = 6563
        configuration.input_pos_emb = None
        configuration.speech_cond_prompt_len = 375
        configuration.use_perceiver_resampler = False
        configuration.emotion_adv = False
    else:
        LLAMA_CONFIGS[name] = LLAMA_520M_CONFIG_DICT | dict(
            hidden_size=sizes.backbone_width, intermediate_size=sizes.backbone_inner,
            num_hidden_layers=sizes.backbone_layers, num_attention_heads=heads, num_key_value_heads=heads,
        )  # fmt: skip
        configuration.max_text_tokens = sizes.text_positions - 2
        configuration.max_speech_tokens = sizes.speech_positions - 4
    return configuration


def build_t3(model: str, sizes: Sizes) -> T3:
    """T3 of one of the four models; Turbo and Nano still hold `tfmr.wte`, as in their checkpoints."""
    width = sizes.backbone_width
    with replaced(cond_enc, Perceiver=lambda: Perceiver(pre_attention_query_size=width, embedding_dim=width)):
        return T3(t3_configuration(model, sizes))


def _encoder(sizes: Sizes, **arguments: object) -> UpsampleConformerEncoder:
    width = sizes.encoder_width
    encoder = UpsampleConformerEncoder(
        **arguments
        | dict(
            input_size=width, output_size=width, attention_heads=sizes.encoder_heads,
            linear_units=sizes.encoder_inner, num_blocks=sizes.encoder_blocks,
        )
    )  # fmt: skip
    if width != 512:
        encoder.pre_lookahead_layer = PreLookaheadLayer(channels=width, pre_lookahead_len=3)
        encoder.up_layer = Upsample1D(channels=width, out_channels=width, stride=2)
    encoder.up_encoders = encoder.up_encoders[: sizes.encoder_up_blocks]
    return encoder


def _estimator(sizes: Sizes, **arguments: object) -> ConditionalDecoder:
    return ConditionalDecoder(
        **arguments
        | dict(
            channels=[sizes.estimator_channels], n_blocks=sizes.estimator_blocks,
            num_mid_blocks=sizes.estimator_mid_blocks, num_heads=sizes.estimator_heads,
        )
    )  # fmt: skip


def build_s3gen(sizes: Sizes, meanflow: bool) -> S3Gen:
    """S3Gen with the constructors of its parts given these sizes, every other argument its own."""
    tokenizer_configuration = S3TokenizerV2.__init__.__defaults__[0]
    with (
        replaced(
            s3gen_source,
            UpsampleConformerEncoder=lambda **arguments: _encoder(sizes, **arguments),
            ConditionalDecoder=lambda **arguments: _estimator(sizes, **arguments),
            CausalMaskedDiffWithXvec=lambda **arguments: CausalMaskedDiffWithXvec(
                input_size=sizes.encoder_width, **arguments
            ),
            HiFTGenerator=lambda **arguments: HiFTGenerator(base_channels=sizes.vocoder_channels, **arguments),
            ConvRNNF0Predictor=lambda: ConvRNNF0Predictor(cond_channels=sizes.f0_channels),
            CAMPPlus=lambda **arguments: CAMPPlus(
                growth_rate=sizes.xvector_growth, init_channels=sizes.xvector_channels, **arguments
            ),
        ),
        replaced(
            tokenizer_configuration,
            n_audio_state=sizes.tokenizer_width,
            n_audio_head=sizes.tokenizer_width // 64,
            n_audio_layer=sizes.tokenizer_layers,
        ),
    ):
        return S3Gen(meanflow=meanflow)


def build_voice_encoder(sizes: Sizes) -> VoiceEncoder:
    configuration = VoiceEncConfig()
    configuration.ve_hidden_size = sizes.voice_encoder_width
    return VoiceEncoder(configuration)
