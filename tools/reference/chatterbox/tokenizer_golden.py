"""Writes what the reference's tokenizers make of a corpus, for Tests/TextTests/Tokenizers.

    python tools/reference/chatterbox/tokenizer_golden.py OFFICIAL_FILES [FIXTURES]

OFFICIAL_FILES holds tokenizer-en.json and grapheme_mtl_merged_expanded_v1.json. FIXTURES (by default
Tests/Fixtures/tokenizers) gets a made-up byte-level vocabulary with Turbo's tags in both of the layouts
that transformers reads, a made-up Cangjie table, and corpus.jsonl. Needs chatterbox-tts 0.1.7 with
tokenizers, transformers and pykakasi.

Russian and Hebrew are as the reference makes them without russian_text_stresser and dicta_onnx, Chinese as
without spacy_pkuseg, whose model cannot be had everywhere.
"""

import json
import logging
import random
import sys
import unicodedata
from pathlib import Path

from chatterbox import mtl_tts, tts, tts_turbo
from chatterbox.models.tokenizers import tokenizer as reference
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import AutoTokenizer, GPT2Tokenizer

from tokenizer_corpus import EDGES, KANJI, SENTENCES, lines

TAGS = (
    "angry,fear,surprised,whispering,advertisement,dramatic,narration,crying,happy,sarcastic,"
    "clear throat,sigh,shush,cough,groan,sniff,gasp,chuckle,laugh"
).split(",")


def write_byte_level(folder):
    """A small vocabulary, learnt from the corpus, as a Turbo checkpoint has it: four files of GPT-2's."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=900, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator([s for sentences in SENTENCES.values() for s in sentences] * 2, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = model["vocab"]
    vocabulary["<|endoftext|>"] = len(vocabulary)
    merges = [" ".join(m) if isinstance(m, list) else m for m in model["merges"]]
    added = {f"[{tag}]": len(vocabulary) + i for i, tag in enumerate(TAGS)}
    flags = {"lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
    end = vocabulary["<|endoftext|>"]
    decoder = {str(end): {"content": "<|endoftext|>", **flags, "special": True}}
    decoder |= {str(i): {"content": tag, **flags, "special": False} for tag, i in added.items()}
    configuration = {
        "add_bos_token": False, "add_prefix_space": False, "added_tokens_decoder": decoder,
        "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "errors": "replace",
        "model_max_length": 1024, "tokenizer_class": "GPT2Tokenizer", "unk_token": "<|endoftext|>",
    }
    write(folder / "vocab.json", vocabulary)
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    write(folder / "added_tokens.json", added)
    write(folder / "tokenizer_config.json", configuration)


def write_single_file(folder, target):
    """The same tokenizer in one tokenizer.json, with flags that the four files do not use."""
    target.mkdir(parents=True, exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(folder)._tokenizer
    document = json.loads(tokenizer.to_str())
    size = len(tokenizer.get_vocab())
    for offset, (content, changes) in enumerate([
        ("[left]", {"lstrip": True}), ("[right]", {"rstrip": True}), ("word", {"single_word": True}),
        ("[both]", {"lstrip": True, "rstrip": True}), ("[normal", {"normalized": True}),
        ("[normal]", {"normalized": True}), ("rmal] x", {"normalized": False}),
    ]):
        document["added_tokens"].append({
            "id": size + offset, "content": content, "single_word": False, "lstrip": False,
            "rstrip": False, "normalized": False, "special": False} | changes)
    write(target / "tokenizer.json", document)


def write_cangjie(path):
    """Codes that mean nothing, for most of the corpus's characters; some share one."""
    characters = sorted({c for s in SENTENCES["zh"] + KANJI for c in s if unicodedata.category(c) == "Lo"})
    chooser = random.Random(5)
    entries = []
    for character in characters:
        if character in "龘仮":
            continue
        code = "".join(chooser.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(chooser.randint(1, 2)))
        entries.append(f"{character}\t{code}" + ("\textra" if len(entries) % 7 == 0 else ""))
    entries.append(entries[3].split("\t")[0] + "\tzz")
    write(path, entries)


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def multilingual(folder, cangjie):
    """The reference's MTLTokenizer, with our Cangjie table and without a segmenter."""
    reference.ChineseCangjieConverter._load_cangjie_mapping = lambda self, _: None
    reference.ChineseCangjieConverter._init_segmenter = lambda self: None
    tokenizer = reference.MTLTokenizer(str(folder / "grapheme_mtl_merged_expanded_v1.json"))
    converter = tokenizer.cangjie_converter
    for entry in json.loads(cangjie.read_text(encoding="utf-8")):
        word, code = entry.split("\t")[:2]
        converter.word2cj[word] = code
        converter.cj2word.setdefault(code, []).append(word)
    return tokenizer


def has_kanji(text):
    return any(0x3400 <= ord(c) <= 0x9FFF or ord(c) > 0x1FFFF for c in unicodedata.normalize("NFKD", text))


def main(official, fixtures):
    logging.disable(logging.WARNING)
    write_byte_level(fixtures / "turbo")
    write_single_file(fixtures / "turbo", fixtures / "single")
    write_cangjie(fixtures / "Cangjie5_TC.json")
    english = reference.EnTokenizer(str(official / "tokenizer-en.json"))
    many = multilingual(official, fixtures / "Cangjie5_TC.json")
    turbo = AutoTokenizer.from_pretrained(fixtures / "turbo")
    single = Tokenizer.from_file(str(fixtures / "single" / "tokenizer.json"))
    assert isinstance(turbo, GPT2Tokenizer), type(turbo)
    with open(fixtures / "corpus.jsonl", "w", encoding="utf-8", newline="\n") as corpus:
        for text, language in lines():
            line = {"text": text, "multilingual": many.encode(text, language_id=language)}
            line["turbo"] = turbo(text).input_ids
            if language:
                line["language"] = language
            if language == "ja" and has_kanji(text):
                line["kanji"] = True
            if text.isascii() or language in ("en", "de", "el", None) or text in EDGES:
                line["english"] = english.encode(text)
            normalized = [m.punc_norm(text) for m in (tts, tts_turbo, mtl_tts)]
            line["normalized"] = normalized[:1] if len(set(normalized)) == 1 else normalized
            if normalized[0] == text and len(line["normalized"]) == 1:
                del line["normalized"]
            corpus.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    flags = ["a [left] b  [right]  c", "word sword words word", " \n[both] \t x[both][left] [right] [left]",
             "x[normal] x", "[normal", "[right] [left] y", "[laugh] word", "[left]", "  [left]  word,word_"]
    write(fixtures / "single" / "flags.json", [{"text": t, "tokens": single.encode(t).ids} for t in flags])


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[3]
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else root / "Tests/Fixtures/tokenizers")
