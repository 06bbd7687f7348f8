"""Chatterbox in Swift against the reference in PyTorch, stage by stage and as a whole, in one run.

Both load the same checkpoint (random weights of the real shapes), speak the same ten words in the same voice with a
10 s prompt, 88 speech tokens long, on as many threads, and take turns. Reported are medians, their ratios, and for
every bar whether it was reached; the exit status is 1 and the bar is named when one was not.

    make bench BENCH=chatterbox_vs_reference PARITY=FOLDER
    FOLDER/…/python Benchmarks/chatterbox_vs_reference.py --models FOLDER/checkpoints/full [--only turbo] [--rounds 5]
    … --quick --models FOLDER   ours alone, once, no bars: whether it runs

Ours is `chatterbox-stages` (Benchmarks/Stages). The reference's stages are timed inside its own `generate()`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from report import machine, table, write_section

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Please do not leave any luggage alone in this hall."
TOKENS = 88
"""Speech tokens of every request: 3.52 s of audio."""
TEXT_TOKENS = 14
"""What a tokenizer makes of ten words."""


@dataclass
class Bar:
    """What has to be shown: a figure, what it must be, and whether it is."""

    name: str
    needed: str
    measured: str
    reached: bool


@dataclass
class Figures:
    """What was measured of one model, in seconds by stage."""

    ours: dict[str, list[float]] = field(default_factory=dict)
    theirs: dict[str, list[float]] = field(default_factory=dict)

    def add(self, side: dict[str, list[float]], **values: float) -> None:
        for stage, value in values.items():
            side.setdefault(stage, []).append(value)

    def our(self, stage: str) -> float:
        return median(self.ours[stage])

    def their(self, stage: str) -> float:
        return median(self.theirs[stage])

    def ratio(self, stage: str) -> float:
        return self.their(stage) / self.our(stage)


class Stages:
    """A `chatterbox-stages` process."""

    def __init__(self, program: Path, folder: Path, dtype: str, threads: int) -> None:
        if not program.exists():
            sys.exit(f"{program} is missing: run 'make bench', which builds it.")
        self.process = subprocess.Popen(
            [str(program), str(folder), dtype, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, command: str) -> dict[str, float]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"chatterbox-stages ended at '{command}' with status {self.process.wait()}; its message is above.")
        return json.loads(answer)

    def stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


class Reference:
    """The reference's pipeline, whose stages are timed from within."""

    def __init__(self, folder: Path, threads: int) -> None:
        sys.path.insert(0, str(ROOT / "tools/reference/chatterbox"))
        import torch
        from end_to_end import load_pipeline

        torch.set_num_threads(threads)
        self.version = torch.__version__
        self.torch = torch
        self.pipeline = load_pipeline(folder)
        self.calls: dict[str, list[tuple[float, float]]] = {}
        t3, s3gen = self.pipeline.t3, self.pipeline.s3gen
        self._limit(t3)
        t3.tfmr.forward = self._timed("t3", t3.tfmr.forward)
        s3gen.flow.encoder.forward = self._timed("encoder", s3gen.flow.encoder.forward)
        s3gen.flow.decoder.estimator.forward = self._timed("step", s3gen.flow.decoder.estimator.forward)
        s3gen.hift_inference = self._timed("vocoder", s3gen.hift_inference)

    @staticmethod
    def _limit(t3: Any) -> None:
        # inference_turbo's limit does not count the first token.
        method, limit = ("inference", {"max_new_tokens": TOKENS})
        if t3.is_gpt:
            method, limit = ("inference_turbo", {"max_gen_len": TOKENS - 1})
        generate = getattr(t3, method)
        setattr(t3, method, lambda **arguments: generate(**arguments | limit))

    def _timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            result = function(*arguments, **named)
            self.calls.setdefault(stage, []).append((start, time.perf_counter()))
            return result

        return call

    def request(self) -> dict[str, float]:
        """One request: seconds of its stages and of the whole."""
        self.calls.clear()
        start = time.perf_counter()
        with self.torch.inference_mode():
            audio = self.pipeline.generate(TEXT)
        whole = time.perf_counter() - start
        passes = self.calls["t3"]
        seconds = lambda stage: [end - begin for begin, end in self.calls[stage]]  # noqa: E731
        if len(passes) < TOKENS or abs(audio.shape[-1] / 24_000 - TOKENS / 25) > 0.3:
            sys.exit(f"the reference spoke {len(passes)} tokens and {audio.shape[-1]} samples: not the same work.")
        return {
            "prefill": seconds("t3")[0],
            # From the start of one pass to the next: the head and the choice of a token are part of it.
            "token": median(b[0] - a[0] for a, b in zip(passes[1:], passes[2:])),
            "encoder": sum(seconds("encoder")),
            "step": median(seconds("step")),
            "flow": sum(seconds("encoder")) + sum(seconds("step")),
            "vocoder": sum(seconds("vocoder")),
            "whole": whole,
        }


def our_round(stages: Stages, figures: Figures, is_turbo: bool) -> None:
    """One round of ours, stage by stage and whole."""
    # Turbo's speech ends in three tokens of silence.
    tokens = TOKENS + (3 if is_turbo else 0)
    flow = stages.ask(f"flow {tokens}")
    figures.add(
        figures.ours,
        prefill=stages.ask(f"prefill {TEXT_TOKENS}")["seconds"],
        token=stages.ask(f"decode {TOKENS}")["step"],
        encoder=flow["encoder"],
        step=flow["step"],
        flow=flow["seconds"],
        vocoder=stages.ask(f"vocoder {2 * tokens}")["seconds"],
    )
    whole, early = stages.ask(f"whole {TEXT}"), stages.ask(f"early {TEXT}")
    if abs(whole["audio"] - tokens / 25) > 0.3:
        sys.exit(f"ours spoke {whole['audio']:.2f} s: not the same work.")
    figures.add(figures.ours, whole=whole["seconds"], audio=whole["audio"])
    figures.add(figures.ours, early=early["seconds"], first_audio=early["first_audio"], gap=early["gap"])


def alternate(model: str, options: argparse.Namespace) -> tuple[Figures, Stages, str]:
    """Ours and theirs in turns."""
    folder = options.models / model
    stages = Stages(options.program, folder, options.dtype, options.threads)
    figures, is_turbo = Figures(), model in ("turbo", "nano")
    # The first of each warms caches, and takes the voice in.
    stages.ask("engine")
    our_round(stages, Figures(), is_turbo)
    if options.quick:
        our_round(stages, figures, is_turbo)
        return figures, stages, ""
    reference = Reference(folder, options.threads)
    reference.request()
    for _ in range(3 if model == "standard" else options.rounds):
        figures.add(figures.theirs, **reference.request())
        time.sleep(1)
        our_round(stages, figures, is_turbo)
        time.sleep(1)
    return figures, stages, reference.version


STAGES = {
    "prefill": "T3, ten words (voice warm)",
    "token": "T3, a token",
    "encoder": "S3Gen, encoder",
    "step": "S3Gen, a step of the flow",
    "vocoder": "HiFT",
    "whole": "a whole request",
}


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def stage_rows(model: str, figures: Figures) -> list[list[str]]:
    rows = [
        [f"{model}: {name}", shown(figures.our(stage)), shown(figures.their(stage)), f"{figures.ratio(stage):.1f}"]
        for stage, name in STAGES.items()
    ]
    factor = figures.our("whole") / figures.our("audio")
    theirs = figures.their("whole") / (TOKENS / 25)
    rows.append([f"{model}: real-time factor", f"{factor:.2f}", f"{theirs:.2f}", ""])
    rows.append([f"{model}: first audio, in pieces", shown(figures.our("first_audio")), "", ""])
    return rows


def at_least(name: str, value: float, bar: float) -> Bar:
    return Bar(name, f"≥ {bar}×", f"{value:.2f}×", value >= bar)


def at_most(name: str, value: float, bar: float, unit: str = "") -> Bar:
    return Bar(name, f"≤ {bar}{unit}", f"{value:.3g}{unit}", value <= bar)


def model_bars(model: str, figures: Figures) -> list[Bar]:
    factor = figures.our("whole") / figures.our("audio")
    if model == "nano":
        return [at_most("Nano, whole request, real-time factor", factor, 0.6)]
    if model == "standard":
        return [
            at_least("Standard, whole request", figures.ratio("whole"), 3.5),
            at_least("Standard, flow, per step", figures.ratio("step"), 1.8),
        ]
    first = figures.our("first_audio") / figures.our("whole")
    return [
        at_least("Turbo, whole request, warm voice", figures.ratio("whole"), 5),
        at_most("Turbo, whole request, real-time factor", factor, 1),
        at_least("T3 Turbo, per token", figures.ratio("token"), 6),
        at_most("T3 Turbo, per token", figures.our("token") * 1000, 13, " ms"),
        at_most("T3 Turbo, prefill of ten words, voice warm", figures.our("prefill"), 0.15, " s"),
        at_least("vocoder", figures.ratio("vocoder"), 1.3),
        at_least("Turbo, flow, per step", figures.ratio("step"), 1.8),
        at_most("Turbo, first audio, of a whole request's time", 100 * first, 40, " %"),
    ]


def turbo_bars(stages: Stages, figures: Figures, options: argparse.Namespace) -> tuple[list[Bar], list[list[str]]]:
    """What only Turbo is measured for: bandwidth, batching, memory, start."""
    bandwidth = stages.ask("bandwidth")["gigabytes_per_second"]
    rounds = [(stages.ask("batch 1 44"), stages.ask("batch 8 44"), stages.ask("bandwidth")) for _ in range(3)]
    bandwidth = median([bandwidth, *(line["gigabytes_per_second"] for _, _, line in rounds)])
    token = median(one["step"] for one, _, _ in rounds)
    line = rounds[0][0]["matrix_bytes"] / bandwidth / 1e9
    throughput = median(one["token"] / eight["token"] for one, eight, _ in rounds)
    longest = median(eight["longest"] / eight["step"] for _, eight, _ in rounds)
    together = stages.ask(f"together {TEXT}")
    starts = [measure_start(options) for _ in range(3)]
    loaded, used = measure_memory(options)
    soak = measure_soak(options)
    growth = 100 * (soak["megabytes_after"] / soak["megabytes_before"] - 1)
    bars = [
        at_most("T3 Turbo, per token, of the time to read its matrices", token / line, 1.3, "×"),
        at_least("T3, eight at once against eight in a row", throughput, 2),
        at_most("T3, eight at once, longest wait for a token against the median", longest, 3, "×"),
        at_most("Turbo, loaded", loaded / 1000, 1.3, " GB"),
        at_most("Turbo, after a request", used / 1000, 1.3, " GB"),
        at_most(f"Turbo, growth over {options.soak} requests", growth, 2, " %"),
        at_most("start, to the first token, files in the cache", median(starts), 2, " s"),
    ]
    rows = [
        ["memory bandwidth, reading", f"{bandwidth:.1f} GB/s"],
        ["T3 Turbo's matrices at that rate", shown(line)],
        ["a token", shown(token)],
        ["a token, eight at once", shown(median(eight["token"] for _, eight, _ in rounds))],
        ["eight requests at once", shown(together["seconds"])],
        ["eight requests in a row", shown(8 * figures.our("whole"))],
        ["the longest silence while a request in pieces is heard", shown(figures.our("gap"))],
        ["a request in pieces, all of it", shown(figures.our("early"))],
    ]
    return bars, rows


def measure_start(options: argparse.Namespace) -> float:
    begin = time.perf_counter()
    stages = Stages(options.program, options.models / "turbo", options.dtype, options.threads)
    stages.ask("start")
    seconds = time.perf_counter() - begin
    stages.stop()
    return seconds


def measure_memory(options: argparse.Namespace) -> tuple[float, float]:
    stages = Stages(options.program, options.models / "turbo", options.dtype, options.threads)
    loaded = stages.ask("engine")["megabytes"]
    stages.ask(f"whole {TEXT}")
    used = stages.ask("memory")["megabytes"]
    stages.stop()
    return loaded, used


def measure_soak(options: argparse.Namespace) -> dict[str, float]:
    stages = Stages(options.program, options.models / "turbo", options.dtype, options.threads)
    answer = stages.ask(f"soak {options.soak}")
    stages.stop()
    return answer


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", type=Path, required=True, help="a folder of model folders, each with a conds.pt")
    parser.add_argument("--only", help="turbo, nano or standard")
    parser.add_argument("--dtype", default="q8_0", help="of ours; the reference's is f32")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--soak", type=int, default=1000, help="requests between the two looks at the memory")
    parser.add_argument("--quick", action="store_true", help="ours alone, once: whether it runs")
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/chatterbox-stages")
    parser.add_argument("--document", type=Path, default=ROOT / "docs/performance.md")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    models = [options.only] if options.only else ["turbo", "nano", "standard"]
    bars: list[Bar] = []
    rows: list[list[str]] = []
    more: list[list[str]] = []
    version = ""
    for model in models:
        if not (options.models / model).exists():
            continue
        print(f"{model} …", flush=True)
        figures, stages, version = alternate(model, options)
        if options.quick:
            print(json.dumps({stage: round(figures.our(stage), 4) for stage in figures.ours}))
            stages.stop()
            continue
        rows += stage_rows(model, figures)
        bars += model_bars(model, figures)
        if model == "turbo":
            special, more = turbo_bars(stages, figures, options)
            bars += special
        stages.stop()
    if options.quick:
        return 0
    head = f"{machine()}. {options.threads} threads each; ours {options.dtype} in T3, the rest and the reference f32 "
    head += f"(PyTorch {version}); medians of alternating rounds, 88 speech tokens, a 10 s prompt, random weights."
    body = "\n\n".join([
        head,
        table(["", "ours", "reference", "ratio"], rows),
        *([table(["Turbo", ""], more)] if more else []),
        table(
            ["bar", "needed", "measured", ""],
            [[bar.name, bar.needed, bar.measured, "reached" if bar.reached else "MISSED"] for bar in bars],
        ),
    ])  # fmt: skip
    print(body)
    if not options.only:
        write_section(options.document, "chatterbox-vs-reference", body)
    missed = [bar for bar in bars if not bar.reached]
    for bar in missed:
        print(f"missed: {bar.name}: {bar.measured}, where {bar.needed} is needed", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
