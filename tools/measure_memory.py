"""Does memory stay the same however long the text is? Peak memory of `say` on 100, 1,000 and 10,000 words.

    python3 tools/measure_memory.py

Exit status 1 when the peak at 10,000 words is above that at 1,000 by more than 5 % and 8 MB.
"""

from __future__ import annotations

import argparse
import os
import random
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LENGTHS = [100, 1_000, 10_000]
MEGABYTE = 1_000_000
GROWTH = 1.05
MARGIN = 8 * MEGABYTE

WHO = ["The old captain", "A young teacher", "My neighbour", "The head gardener", "Nobody in the village"]
WHAT = ["remembered", "carried", "described", "forgot", "looked for", "repaired", "sold", "painted"]
WHICH = ["the small wooden boat", "a letter from the city", "the garden wall", "his favourite song", "his last apple"]
WHERE = ["near the river", "at the station", "behind the church", "on the long road home", "in the kitchen"]
WHEN = ["before sunrise", "last winter", "every Sunday", "while the rain fell", "in the end", "without a word"]


@dataclass(frozen=True)
class Run:
    """What speaking one text took."""

    words: int
    peak_bytes: int
    seconds: float
    output_bytes: int


def words() -> Iterator[str]:
    """Plain sentences without end, the same on every run, word by word."""
    choice = random.Random(2).choice
    while True:
        sentence = " ".join(choice(part) for part in (WHO, WHAT, WHICH, WHERE, WHEN))
        yield from f"{sentence}.".split()


def text(length: int) -> str:
    """A text of so many words."""
    stream = words()
    return " ".join(next(stream) for _ in range(length - 1)) + " end."


def speak(command: list[str], length: int, folder: Path) -> Run:
    """Speaks a text from standard input into a file."""
    source, target = folder / f"{length}.txt", folder / f"{length}.wav"
    source.write_text(text(length), encoding="utf-8")
    start = time.monotonic()
    actions = [(os.POSIX_SPAWN_OPEN, 0, str(source), os.O_RDONLY, 0)]
    process = os.posix_spawnp(command[0], [*command, "-o", str(target)], os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(f"{shlex.join(command)} ended with status {code} on {length} words")
    # Linux counts in kilobytes, macOS in bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(length, peak, time.monotonic() - start, target.stat().st_size)


def main() -> None:
    """Speaks the three texts and compares the last two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--say", default=".build/release/chatterbox say", help="command, called as CMD -o FILE < TEXT")
    command = shlex.split(parser.parse_args().say)

    runs = []
    print(f"{'words':>6} {'peak memory':>12} {'time':>8} {'output':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for length in LENGTHS:
            run = speak(command, length, Path(folder))
            runs.append(run)
            peak, output = f"{run.peak_bytes / MEGABYTE:.1f} MB", f"{run.output_bytes / MEGABYTE:.1f} MB"
            print(f"{run.words:6,} {peak:>12} {run.seconds:6.1f} s {output:>10}", flush=True)

    _, medium, long = runs
    if long.output_bytes < 8 * medium.output_bytes:
        sys.exit("the 10,000 words made less than 8 times the audio of 1,000: they were not all spoken")
    allowed = medium.peak_bytes * GROWTH + MARGIN
    if long.peak_bytes > allowed:
        sys.exit(
            f"memory grows with the text: {long.peak_bytes / MEGABYTE:.1f} MB at 10,000 words, "
            f"at most {allowed / MEGABYTE:.1f} MB allowed"
        )


if __name__ == "__main__":
    main()
