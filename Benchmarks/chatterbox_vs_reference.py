"""Chatterbox in Swift against the reference in PyTorch, stage by stage and as a whole, in one run.

Both load the same checkpoints (random weights of the real shapes) and speak the same ten words in the same voice with
a 10 s prompt, 88 speech tokens long, watermark included, on as many threads. They take turns, and who begins a round
alternates too. Sizes are compared, so that neither does less. Reported are medians, their ratios, and for every bar of
chatterbox_bars.py whether it was reached.

    make bench BENCH=chatterbox_vs_reference

Exit status 1, and the bars named, when one is missed or was not measured. `--quick` only checks that all of this runs,
on small checkpoints that it makes itself: one round, the reference only where PyTorch is installed, and no bar judged.

Ours is `chatterbox-stages` (Benchmarks/Stages).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from chatterbox_bars import Figures, Verdict, judge
from chatterbox_sides import ROOT, SILENT_TOKENS, TEXT, Ours, Reference, model_store
from report import machine, table, write_section
from small_checkpoints import write_small_checkpoints

MODELS = ("turbo", "nano", "standard")
TOKENS = 88
"""Speech tokens of every request: 3.52 s of audio."""
AT_ONCE = 8
SAMPLES_OF_TOKEN = 960
# Seconds between two timings, the same for both: PyTorch's threads go on spinning after a request.
REST = 1.0


def worker(model: str, options: argparse.Namespace) -> Ours:
    return Ours(options.program, options.store / model, options.dtype, options.threads, options.tokens)


def our_round(ours: Ours, model: str, text: int, tokens: int) -> dict[str, float]:
    """Our figures of one round: stage by stage, a whole request, and one in pieces."""
    spoken = tokens + (0 if model == "standard" else SILENT_TOKENS)
    decode, flow = ours.ask("batch", 1, tokens - 1, text), ours.ask("flow", spoken)
    vocoder = ours.ask("vocoder", 2 * spoken)
    whole, early = ours.ask("whole", TEXT), ours.ask("early", TEXT)
    for request in (whole, early):
        if abs(request["audio"] - spoken / 25) > 0.1:
            sys.exit(f"ours spoke {request['audio']:.2f} s of {model}, not {spoken / 25:.2f} s: not the same work.")
    return {
        "prefill": ours.ask("prefill", text)["seconds"],
        "token": decode["step"],
        **{name: flow[name] for name in ("encoder", "step", "steps", "frames")},
        "flow": flow["seconds"],
        "vocoder": vocoder["seconds"],
        "samples": vocoder["samples"],
        "whole": whole["seconds"],
        "audio": whole["audio"],
        "early": early["seconds"],
        "first_audio": early["first_audio"],
        "silence": max(0.0, early["gap"]),
    }


def compare_sizes(model: str, ours: dict[str, float], theirs: dict[str, float]) -> None:
    """Ends the run when one of the two did other work."""
    for size in ("steps", "frames", "samples"):
        if ours[size] != theirs[size]:
            sys.exit(f"{model}: ours made {ours[size]:.0f} {size}, the reference {theirs[size]:.0f}: not the same work.")


def measure(model: str, ours: Ours, options: argparse.Namespace) -> Figures:
    """Ours and theirs in turns, after a round of each that warms caches and takes the voice in."""
    figures = Figures()
    text = 14
    if options.reference:
        reference = Reference(options.store / model, options.threads)
        text = int(reference.request(min(8, options.tokens), seed=0)["text"])
    ours.ask("engine")
    our_round(ours, model, text, options.tokens)
    # Standard's reference takes most of a minute.
    for number in range(min(options.rounds, 3) if model == "standard" else options.rounds):
        mine, their = {}, {}
        for side in ("theirs", "ours") if number % 2 == 0 else ("ours", "theirs"):
            time.sleep(0 if options.quick else REST)
            if side == "ours":
                mine = our_round(ours, model, text, options.tokens)
            elif options.reference:
                their = reference.request(options.tokens, seed=number + 1)
        if their:
            compare_sizes(model, mine, their)
        figures.add(figures.ours, mine)
        figures.add(figures.theirs, their)
    return figures


def measure_bandwidth(ours: Ours, figures: Figures, options: argparse.Namespace) -> None:
    """How fast this machine reads memory, and T3 alone and with several speeches at once beside it."""
    for _ in range(min(options.rounds, 3)):
        line = ours.ask("bandwidth")["gigabytes_per_second"]
        one = ours.ask("batch", 1, options.tokens // 2, 14)
        many = ours.ask("batch", AT_ONCE, options.tokens // 2, 14)
        reading = one["read_bytes"] / line / 1e9
        figures.add(figures.ours, {
            "bandwidth": line,
            "reading": reading,
            "token_by_line": one["step"] / reading,
            "throughput": (many["tokens"] / many["seconds"]) / (one["tokens"] / one["seconds"]),
            "token_of_many": many["step"] / AT_ONCE,
            "wait": many["longest"] / many["step"],
        })  # fmt: skip
        together = ours.ask("together", TEXT)
        figures.add(figures.ours, {"together": together["seconds"], "together_first": together["first_end"]})


def measure_process(model: str, figures: Figures, options: argparse.Namespace) -> None:
    """What takes a process of its own: its start, and its memory when loaded, used, and used often."""

    for _ in range(min(options.rounds, 3)):
        begin = time.perf_counter()
        with worker(model, options) as ours:
            ours.ask("start")
            figures.add(figures.ours, {"start": time.perf_counter() - begin})
    with worker(model, options) as ours:
        figures.add(figures.ours, {"loaded_gb": ours.ask("engine")["megabytes"] / 1000})
        ours.ask("whole", TEXT)
        figures.add(figures.ours, {"used_gb": ours.ask("memory")["megabytes"] / 1000})
    if options.soak:
        with worker(model, options) as ours:
            soak = ours.ask("soak", options.soak)
            growth = 100 * (soak["megabytes_after"] / soak["megabytes_before"] - 1)
            figures.add(figures.ours, {"growth_percent": growth})


STAGES = {
    "prefill": "T3 to the first token",
    "token": "T3, a token",
    "encoder": "S3Gen, encoder",
    "step": "S3Gen, a step of the flow",
    "flow": "S3Gen, all",
    "vocoder": "HiFT",
    "whole": "whole request",
    "first_audio": "first audio",
}


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def stage_table(measured: dict[str, Figures]) -> str:
    rows = []
    for model, figures in measured.items():
        for stage, name in STAGES.items():
            is_compared = stage in figures.theirs
            rows.append([
                f"{model}: {name}",
                shown(figures.our(stage)),
                shown(figures.their(stage)) if is_compared else "",
                f"{figures.ratio(stage):.1f}" if is_compared else "",
            ])  # fmt: skip
        theirs = f"{figures.their('whole') / figures.their('audio'):.2f}" if figures.theirs else ""
        rows.append([f"{model}: real-time factor", f"{figures.real_time_factor:.2f}", theirs, ""])
    return table(["", "ours", "reference", "reference ÷ ours"], rows)


def turbo_table(turbo: Figures) -> str:
    return table(["Turbo, ours", ""], [
        ["reading memory", f"{turbo.our('bandwidth'):.1f} GB/s"],
        ["T3's matrices, keys and values at that rate", shown(turbo.our("reading"))],
        ["a token's share, 8 speeches at once", shown(turbo.our("token_of_many"))],
        ["8 requests at once, the first and the last one's end",
         f"{shown(turbo.our('together_first'))}, {shown(turbo.our('together'))}"],
        ["8 requests in a row", shown(8 * turbo.our("whole"))],
        ["a request in pieces, all of it", shown(turbo.our("early"))],
        ["the longest silence between its pieces when heard at once", shown(turbo.our("silence"))],
        ["start to the first token", shown(turbo.our("start"))],
    ])  # fmt: skip


def bar_table(verdicts: list[Verdict], is_judged: bool) -> str:
    def word(verdict: Verdict) -> str:
        return "not judged" if not is_judged else "reached" if verdict.reached else "MISSED"

    rows = [[verdict.bar.name, verdict.bar.need, verdict.shown, word(verdict)] for verdict in verdicts]
    return table(["bar", "needed", "measured", ""], rows)


def conditions(options: argparse.Namespace) -> str:
    line = f"{machine()}. {options.threads} threads each, medians of {options.rounds} alternating rounds (Standard: "
    line += f"{min(options.rounds, 3)}). {options.tokens} speech tokens, a 10 s prompt, random weights. Ours: T3's "
    line += f"matrices {options.dtype}, all else f32."
    if options.reference:
        import torch
        from importlib.metadata import version

        line += f" The reference: chatterbox-tts {version('chatterbox-tts')}, PyTorch {torch.__version__}, f32; it takes "
        line += "the voice into T3 anew for every request."
    if options.soak:
        line += f" Memory's growth: over {options.soak} requests."
    return line


def options_of_run() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, help="the folder of the checkpoints: turbo, nano, standard")
    parser.add_argument("--watermark", type=Path, help="the folder of its weights (default: the model store's)")
    parser.add_argument("--only", nargs="+", choices=MODELS, default=MODELS, help="these models")
    parser.add_argument("--dtype", default="q8_0", help="of T3's matrices, ours (default q8_0)")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="of either (default: all cores)")
    parser.add_argument("--rounds", type=int, default=5, help="timings of each (default 5)")
    parser.add_argument("--soak", type=int, default=1000, help="requests over which memory may not grow; 0 for none")
    parser.add_argument("--quick", action="store_true", help="only check that it runs")
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/chatterbox-stages", help="ours")
    parser.add_argument("--markdown", type=Path, help="document whose section to rewrite: docs/performance.md")
    options = parser.parse_args()
    if not options.models and not options.quick:
        parser.error("--models is missing; 'make bench' makes the checkpoints")
    if options.markdown and (options.quick or set(options.only) != set(MODELS)):
        parser.error("--markdown wants all that a document shows: every model, not --quick")
    has_reference = all(importlib.util.find_spec(name) for name in ("torch", "chatterbox"))
    if not has_reference and not options.quick:
        parser.error("the reference is not installed in this Python; 'make bench' installs it")
    options.reference, options.tokens = has_reference, TOKENS
    if options.quick:
        options.rounds, options.soak, options.tokens = 1, min(options.soak, 3), 25
    if not options.watermark:
        store = subprocess.run([ROOT / "scripts/models-folder.sh"], capture_output=True, text=True, check=True).stdout
        options.watermark = Path(store.strip()) / "watermark"
    return options


def run(options: argparse.Namespace) -> dict[str, Figures]:
    """The figures of every model."""
    measured: dict[str, Figures] = {}
    for model in options.only:
        print(f"{model} …", file=sys.stderr, flush=True)
        with worker(model, options) as ours:
            measured[model] = measure(model, ours, options)
            if model == "turbo":
                measure_bandwidth(ours, measured[model], options)
        if model == "turbo":
            measure_process(model, measured[model], options)
    return measured


def main() -> None:
    """Runs the comparison and holds it to the bars."""
    options = options_of_run()
    with ExitStack() as stack:
        if not options.models:
            options.models = Path(stack.enter_context(TemporaryDirectory(prefix="chatterbox-small-")))
            write_small_checkpoints(options.models, options.only)
        options.store = stack.enter_context(model_store(options.models, options.watermark))
        measured = run(options)
    verdicts = judge(measured)
    parts = [conditions(options), stage_table(measured)]
    if "turbo" in measured:
        parts.append(turbo_table(measured["turbo"]))
    body = "\n\n".join([*parts, bar_table(verdicts, is_judged=not options.quick)])
    print(body)
    if options.quick:
        print("\nThe benchmark runs; small models and one round judge no bar.")
        return
    if options.markdown:
        write_section(options.markdown, "chatterbox-vs-reference", body)
    missed = [f"{it.bar.name}: {it.shown}, needed {it.bar.need}" for it in verdicts if not it.reached]
    if missed:
        sys.exit("missed:\n  " + "\n  ".join(missed))


if __name__ == "__main__":
    main()
