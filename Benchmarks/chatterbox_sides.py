"""The two sides of chatterbox_vs_reference.py: our worker process, and the reference's pipeline in this one."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Please do not leave any luggage alone in this hall."
SILENT_TOKENS = 3
"""What Turbo and Nano put behind every speech."""


@contextmanager
def model_store(models: Path, watermark: Path) -> Iterator[Path]:
    """A folder of models as the engine wants it: those of a folder of checkpoints, and the watermark's weights."""
    with TemporaryDirectory(prefix="chatterbox-bench-") as name:
        store = Path(name)
        for folder in models.resolve().iterdir():
            if folder.is_dir() and folder.name != "watermark":
                (store / folder.name).symlink_to(folder)
        (store / "watermark").symlink_to(watermark.resolve())
        yield store


class Ours:
    """A `chatterbox-stages` process: does one piece of work for a line, and says in a line how long it took."""

    def __init__(self, program: Path, folder: Path, dtype: str, threads: int, tokens: int) -> None:
        command = [str(program), str(folder), dtype, str(threads), str(tokens)]
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            sys.exit(f"{program} does not start: {error.strerror}. 'make bench' builds it.")

    def ask(self, *command: object) -> dict[str, float]:
        assert self.process.stdin and self.process.stdout
        line = " ".join(map(str, command))
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            sys.exit(f"chatterbox-stages ended at '{line}' with status {self.process.wait()}; its message is above.")
        values = json.loads(answer)
        if "unknown" in values:
            sys.exit(f"chatterbox-stages does not know '{line}': it is older than this script; build it again.")
        return values

    def __enter__(self) -> Ours:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


class Reference:
    """The reference's pipeline. Its stages are timed inside its own `generate()`."""

    def __init__(self, folder: Path, threads: int) -> None:
        # Its progress bars and warnings would hide the figures, and take time.
        os.environ["TQDM_DISABLE"] = "1"
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        sys.path.insert(0, str(ROOT / "tools/reference/chatterbox"))
        import torch
        from end_to_end import load_pipeline

        self.torch = torch
        torch.set_num_threads(threads)
        with redirect_stdout(sys.stderr):
            self.pipeline = load_pipeline(folder)
        self.tokens = 0
        self.calls: dict[str, list[tuple[float, float]]] = {}
        self.sizes: dict[str, int] = {}
        t3, s3gen = self.pipeline.t3, self.pipeline.s3gen
        self._fix_tokens(t3)
        t3.tfmr.forward = self._timed("pass", t3.tfmr.forward)
        s3gen.flow_inference = self._timed("flow", s3gen.flow_inference)
        s3gen.flow.encoder.forward = self._timed("encoder", s3gen.flow.encoder.forward)
        s3gen.flow.decoder.estimator.forward = self._timed("step", s3gen.flow.decoder.estimator.forward, "frames")
        s3gen.hift_inference = self._timed("vocoder", s3gen.hift_inference)
        self.pipeline.watermarker.apply_watermark = self._timed("mark", self.pipeline.watermarker.apply_watermark)

    def _fix_tokens(self, t3: Any) -> None:
        """Random weights end a speech anywhere: it ends after `self.tokens`, and what goes on to S3Gen is given."""
        t3.hp.stop_speech_token = -1
        method = "inference_turbo" if t3.is_gpt else "inference"
        generate = getattr(t3, method)

        def speak(**arguments: Any) -> Any:
            self.sizes["text"] = arguments["text_tokens"].shape[-1] - (0 if t3.is_gpt else 2)
            # inference_turbo's limit does not count the first token.
            limit = {"max_gen_len": self.tokens - 1} if t3.is_gpt else {"max_new_tokens": self.tokens}
            start = time.perf_counter()
            spoken = generate(**arguments | limit)
            self.calls["t3"] = [(start, time.perf_counter())]
            self.sizes["tokens"] = spoken.shape[-1]
            return self.torch.arange(self.tokens)[None] * 71 % 6561

        setattr(t3, method, speak)

    def _timed(self, stage: str, function: Callable[..., Any], size: str | None = None) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            result = function(*arguments, **named)
            self.calls.setdefault(stage, []).append((start, time.perf_counter()))
            if size:
                self.sizes[size] = result.shape[-1]
            return result

        return call

    def request(self, tokens: int, seed: int) -> dict[str, float]:
        """One request of so many speech tokens: seconds of its stages and of the whole, and sizes."""
        self.tokens = tokens
        self.calls.clear()
        self.torch.manual_seed(seed)
        start = time.perf_counter()
        with self.torch.inference_mode(), redirect_stdout(sys.stderr):
            samples = self.pipeline.generate(TEXT).shape[-1]
        whole = time.perf_counter() - start
        if self.sizes["tokens"] != tokens:
            sys.exit(f"the reference spoke {self.sizes['tokens']} tokens where {tokens} were wanted.")
        starts = [begin for begin, _ in self.calls["pass"]]
        (t3,) = self.calls["t3"]
        return {
            # Everything until the second pass begins, so that the head and the choice of a token are part of it.
            "prefill": starts[1] - t3[0],
            "token": median(after - before for before, after in zip(starts[1:], starts[2:])),
            **{stage: sum(end - begin for begin, end in self.calls[stage]) for stage in ("encoder", "flow", "vocoder")},
            "step": median(end - begin for begin, end in self.calls["step"]),
            "watermark": sum(end - begin for begin, end in self.calls["mark"]),
            "whole": whole,
            "audio": samples / self.pipeline.sr,
            "samples": samples,
            "steps": len(self.calls["step"]),
            "frames": self.sizes["frames"],
            "text": self.sizes["text"],
        }
