"""The starter voice against piper-tts (onnxruntime): the same voice, texts and threads, side by side.

Both run as workers that have loaded the voice; they take turns, so that whatever else the machine does
falls on both. Reported are medians: time for a text, time for a second of audio, time to first audio.

    python3 -m venv .build-piper && .build-piper/bin/pip install -r Benchmarks/requirements.txt
    .build-piper/bin/python Benchmarks/starter_vs_piper.py

Exit status 1 when ours is slower, by the time for a text or for a second of audio: a ratio below 1.0.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from report import machine, table, write_section

BAR = 1.0

TEXTS = {
    "ten words": "Please do not leave any luggage alone in this hall.",
    "twenty-five words": "When the morning came we packed our things and walked down to the harbour, where the old "
    "boat was waiting to take us home again.",
    "five sentences": "The museum opens at nine in the morning. Tickets are sold at the main entrance and on the "
    "first floor. Please keep your ticket until the end of the visit. The garden behind the house is open to "
    "everyone. We wish you a pleasant stay.",
}


@dataclass(frozen=True)
class Timing:
    """What a worker reports of one text."""

    seconds_of_audio: float
    seconds: float
    first_audio_seconds: float

    @property
    def seconds_each(self) -> float:
        """Seconds of work for a second of audio: the real-time factor."""
        return self.seconds / self.seconds_of_audio


class Worker:
    """A process that speaks a line of text and answers with a line of timings."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            sys.exit(f"{name}: {shlex.join(command)} does not start: {error.strerror}. Is it built?")

    def speak(self, text: str) -> Timing:
        """Speaks a text to the end."""
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(text + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            sys.exit(f"{self.name}: the worker ended with status {self.process.wait()}; its message is above")
        return Timing(**json.loads(answer))

    def stop(self) -> None:
        """Ends the process by ending its input."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


# Seconds between two timings, the same for both.
REST = 0.2


def measure(ours: Worker, piper: Worker, text: str, rounds: int) -> tuple[list[Timing], list[Timing]]:
    """So many timings of each, taking turns; who begins alternates too."""
    timings: dict[str, list[Timing]] = {ours.name: [], piper.name: []}
    for round_number in range(rounds):
        for worker in (ours, piper) if round_number % 2 == 0 else (piper, ours):
            # onnxruntime's threads go on spinning after a run, and would take a core from whoever is next.
            time.sleep(REST)
            timings[worker.name].append(worker.speak(text))
    return timings[ours.name], timings[piper.name]


def middle(timings: list[Timing], value: Callable[[Timing], float]) -> float:
    """The median of one value."""
    return median(map(value, timings))


def row(name: str, timings: list[Timing]) -> list[str]:
    """A worker's medians for a text."""
    return [
        name,
        f"{middle(timings, lambda timing: timing.seconds) * 1000:.0f} ms",
        f"{middle(timings, lambda timing: timing.seconds_of_audio):.2f} s",
        f"{middle(timings, lambda timing: timing.seconds_each) * 1000:.1f} ms",
        f"{middle(timings, lambda timing: timing.first_audio_seconds) * 1000:.0f} ms",
    ]


def compare(ours: Worker, piper: Worker, rounds: int) -> tuple[str, float]:
    """The tables, and the lower of the two ratios over all texts."""
    rows: list[list[str]] = []
    totals = {"time for a text": [0.0, 0.0], "time for a second of audio": [0.0, 0.0]}
    for name, text in TEXTS.items():
        for worker in (ours, piper):
            worker.speak(text)
        our_timings, piper_timings = measure(ours, piper, text, rounds)
        rows += [row(f"{name}, ours", our_timings), row(f"{name}, piper-tts", piper_timings)]
        for which, timings in enumerate((our_timings, piper_timings)):
            totals["time for a text"][which] += middle(timings, lambda timing: timing.seconds)
            totals["time for a second of audio"][which] += middle(timings, lambda timing: timing.seconds_each)
    ratios = {name: piper_total / our_total for name, (our_total, piper_total) in totals.items()}
    header = ["text, engine", "time", "audio", "time per second of audio", "first audio"]
    verdict = [[name, f"{ratio:.2f}"] for name, ratio in ratios.items()]
    return f"{table(header, rows)}\n\n{table(['piper-tts ÷ ours', 'ratio'], verdict)}", min(ratios.values())


def main() -> None:
    """Runs the comparison and holds it to the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", default=".build/release/chatterbox bench-worker", help="our worker's command")
    parser.add_argument("--voice", type=Path, help="piper's voice (default: the packaged starter voice)")
    parser.add_argument("--threads", type=int, default=2, help="threads of either engine (default 2)")
    parser.add_argument("--rounds", type=int, default=9, help="timings of each text (default 9)")
    parser.add_argument("--quick", action="store_true", help="3 rounds")
    parser.add_argument("--markdown", type=Path, help="document whose section to rewrite: docs/performance.md")
    arguments = parser.parse_args()

    threads = ["--threads", str(arguments.threads)]
    reference = [sys.executable, str(Path(__file__).with_name("piper_reference.py")), *threads]
    if arguments.voice:
        reference += ["--voice", str(arguments.voice)]
    ours = Worker("ours", [*shlex.split(arguments.ours), *threads])
    piper = Worker("piper-tts", reference)
    rounds = 3 if arguments.quick else arguments.rounds
    tables, ratio = compare(ours, piper, rounds)
    ours.stop()
    piper.stop()

    conditions = f"{machine()}. {arguments.threads} threads each, medians of {rounds} alternating rounds."
    body = f"{conditions}\n\n{tables}"
    print(body)
    if arguments.markdown:
        write_section(arguments.markdown, "starter-vs-piper", body)
    if ratio < BAR:
        sys.exit(f"ours is slower than piper-tts: ratio {ratio:.2f}, the bar is {BAR:.1f}")


if __name__ == "__main__":
    main()
