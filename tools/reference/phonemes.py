"""Phoneme ids for a Piper voice, made with the espeak-ng program.

Piper's text front end in short: phonemes by clause with the clause's punctuation kept, decomposed (NFD),
one id a code point, `_` between all of them, `^` first and `$` last.
"""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Mapping, Sequence

CLAUSE = re.compile(r"([^,.;:!?]+)([,.;:!?]*)")


def phonemize(text: str, espeak_voice: str) -> str:
    """Returns the text as IPA, its punctuation kept."""
    clauses = []
    for words, punctuation in CLAUSE.findall(text):
        if not words.strip():
            continue
        command = ["espeak-ng", "-q", "--ipa", "-v", espeak_voice, words.strip()]
        spoken = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        clauses.append(" ".join(spoken.split()) + punctuation[:1])
    return unicodedata.normalize("NFD", " ".join(clauses))


def phoneme_ids(phonemes: str, id_map: Mapping[str, Sequence[int]]) -> list[int]:
    """Interleaves the phonemes' ids with padding, as the voice was trained."""
    pad = id_map["_"]
    ids = [*id_map["^"], *pad]
    for phoneme in phonemes:
        if phoneme in id_map:
            ids += [*id_map[phoneme], *pad]
    return [*ids, *id_map["$"]]
