"""Word error rate over texts brought to one form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from whisper_normalizer.english import EnglishTextNormalizer

normalize_english = EnglishTextNormalizer()

# Forms of one word that the normaliser leaves apart.
SPELLINGS = [
    (re.compile(pattern, re.IGNORECASE), word)
    for pattern, word in [
        (r"°\s?F\b|\bdegrees F\b", " degrees Fahrenheit"),
        (r"\bkgs?\b", "kilograms"),
        (r"\bcm\b", "centimeters"),
        (r"\betc\b\.?|\bet cetera\b", "etcetera"),
        (r"&", " and "),
        (r"\bMissus\b", "Mrs."),
        (r"\blbs\b\.?", "pounds"),
        (r"(?<=\d)[:.](?=\d\d\s?[ap]\.?m)", ""),
        (r"\b([ap])\.?\s?m\b\.?", r"\1m"),
        (r"\bU\.?\s?S\b\.?", "us"),
        (r"\bSt\.(?=\s*$)", "Street"),
    ]
]


@dataclass(frozen=True)
class Score:
    """Errors against a reference of so many words."""

    errors: int
    words: int

    @property
    def rate(self) -> float:
        """Word error rate; may exceed 1."""
        return self.errors / self.words


def total(scores: list[Score]) -> Score:
    """All sentences as one."""
    return Score(sum(score.errors for score in scores), sum(score.words for score in scores))


def words(text: str) -> list[str]:
    """Lower case, no punctuation, numbers as digits, one spelling."""
    for pattern, word in SPELLINGS:
        text = pattern.sub(word, text)
    return normalize_english(text).split()


def score(reference: str, heard: str) -> Score:
    """Compares what was heard with what should have been said."""
    expected, actual = words(reference), words(heard)
    return Score(edit_distance(expected, actual), len(expected))


def edit_distance(expected: list[str], actual: list[str]) -> int:
    """Fewest insertions, deletions and substitutions (Levenshtein)."""
    distances = list(range(len(actual) + 1))
    for row, word in enumerate(expected, start=1):
        diagonal, distances[0] = distances[0], row
        for column, other in enumerate(actual, start=1):
            changed = diagonal + (word != other)
            diagonal = distances[column]
            distances[column] = min(changed, distances[column] + 1, distances[column - 1] + 1)
    return distances[-1]
