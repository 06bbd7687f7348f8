"""A byte-level BPE in GPT-2's file layout, trained on whatever English text this machine has, with Turbo's tags.

The merges are not GPT-2's; the layout, the byte alphabet, the sizes and the added tokens' places are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import ByteLevelBPETokenizer

from checkpoint_files import write_text

END_OF_TEXT = "<|endoftext|>"
TAGS = [
    "[angry]", "[fear]", "[surprised]", "[whispering]", "[advertisement]", "[dramatic]", "[narration]", "[crying]",
    "[happy]", "[sarcastic]", "[clear throat]", "[sigh]", "[shush]", "[cough]", "[groan]", "[sniff]", "[gasp]",
    "[chuckle]", "[laugh]",
]  # fmt: skip


def _texts(limit: int) -> Iterator[str]:
    """English-like text: the documentation in this environment's packages, in a fixed order."""
    root = Path(json.__file__).parent.parent
    read = 0
    for folder in (root, Path(__import__("numpy").__file__).parent.parent):
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text(encoding="utf-8", errors="ignore")
            read += len(text)
            yield text
            if read > limit:
                return


def write_gpt2_tokenizer(folder: Path, vocabulary: int) -> None:
    """Writes vocab.json, merges.txt, added_tokens.json and the two configuration files for `vocabulary` tokens."""
    base = vocabulary - len(TAGS)
    trainer = ByteLevelBPETokenizer()
    trainer.train_from_iterator(
        _texts(60_000_000 if base > 1000 else 200_000), vocab_size=base - 1, min_frequency=2, show_progress=False
    )
    model = json.loads(trainer._tokenizer.to_str())["model"]
    vocab = model["vocab"]
    if len(vocab) != base - 1:
        raise SystemExit(f"the text gives {len(vocab)} tokens, not the {base - 1} asked for")
    vocab[END_OF_TEXT] = base - 1
    merges = [pair if isinstance(pair, str) else " ".join(pair) for pair in model["merges"]]
    added = {tag: base + index for index, tag in enumerate(TAGS)}
    special = {"content": END_OF_TEXT, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
    tags = {
        str(identifier): {
            "content": tag, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False,
            "special": False,
        }
        for tag, identifier in added.items()
    }  # fmt: skip
    configuration = {
        "add_bos_token": False,
        "add_prefix_space": False,
        "added_tokens_decoder": {str(base - 1): special | {"special": True}} | tags,
        "bos_token": END_OF_TEXT,
        "clean_up_tokenization_spaces": False,
        "eos_token": END_OF_TEXT,
        "errors": "replace",
        "extra_special_tokens": {},
        "model_max_length": 1024,
        "pad_token": None,
        "tokenizer_class": "GPT2Tokenizer",
        "unk_token": END_OF_TEXT,
    }
    write_text(folder / "vocab.json", json.dumps(vocab, ensure_ascii=False))
    write_text(folder / "merges.txt", "#version: 0.2\n" + "\n".join(merges) + "\n")
    write_text(folder / "added_tokens.json", json.dumps(added, indent=2))
    write_text(folder / "tokenizer_config.json", json.dumps(configuration, indent=2))
    write_text(
        folder / "special_tokens_map.json",
        json.dumps({name: END_OF_TEXT for name in ("bos_token", "eos_token", "unk_token")}, indent=2),
    )
