"""How fast a warm server answers ten words with the starter voice: one request at a time, then ten at once.

Standard library only. Every sentence is a new one, so no cache can answer.

    python3 Benchmarks/server_latency.py                              # starts a server of its own
    python3 Benchmarks/server_latency.py --url http://127.0.0.1:8000   # measures one that runs

Exit status 1 when P95 of the requests one at a time reaches 500 ms.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice, product
from pathlib import Path
from urllib.parse import urlsplit

from report import machine, table, write_section

BAR_SECONDS = 0.5
REQUESTS = 100
AT_ONCE = 10
STARTUP_SECONDS = 60
REQUEST_SECONDS = 60

PLACES = ["Boston", "Denver", "Chicago", "Portland", "Seattle", "Dallas", "Memphis", "Austin", "Detroit", "Phoenix"]
THINGS = ["train", "bus", "coach", "ferry", "tram", "flight", "shuttle", "express", "monorail", "minibus"]
DELAYS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve"]


def sentences() -> Iterator[str]:
    """Sentences of ten words, no two alike."""
    for delay, place, thing in product(DELAYS, PLACES, THINGS):
        yield f"The {thing} to {place} is about {delay} minutes late today."


class Client:
    """One connection to the server, kept open."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname
        self.connection = http.client.HTTPConnection(address.hostname, address.port or 80, timeout=REQUEST_SECONDS)

    def is_healthy(self) -> bool:
        """Whether the server answers."""
        try:
            self.connection.request("GET", "/api/v1/health")
            response = self.connection.getresponse()
            response.read()
            return response.status == 200
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return False

    def speak(self, text: str) -> float:
        """Seconds from the request to the last byte of its audio."""
        body = json.dumps({"text": text, "language": "en", "model": "starter"})
        start = time.perf_counter()
        self.connection.request("POST", "/api/v1/tts/generate", body, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        audio = response.read()
        seconds = time.perf_counter() - start
        if response.status != 200:
            raise RuntimeError(f"status {response.status} for {text!r}: {audio[:200].decode(errors='replace')}")
        if audio[:4] != b"RIFF" or len(audio) < 10_000:
            raise RuntimeError(f"the answer to {text!r} is no audio of a sentence ({len(audio)} bytes)")
        model = response.getheader("X-Chatterbox-Model")
        if model != "starter":
            raise RuntimeError(f"the model {model!r} answered; this benchmark is about 'starter'")
        return seconds


@contextmanager
def running_server(command: str, log: int | None = None) -> Iterator[str]:
    """A server on a free port, stopped at the end; its address. Its log goes where ours does, or elsewhere."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = command.format(port=port)
    try:
        process = subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL, stderr=log)
    except OSError as error:
        sys.exit(f"{command} does not start: {error.strerror}. Is it built?")
    try:
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + STARTUP_SECONDS
        while not Client(url).is_healthy():
            if process.poll() is not None:
                sys.exit(f"{command} ended with status {process.returncode}; its message is above")
            if time.monotonic() > deadline:
                sys.exit(f"{command} did not answer /api/v1/health within {STARTUP_SECONDS} s")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def measure(url: str, texts: list[str], at_once: int) -> list[float]:
    """Seconds for each text, shared among so many clients."""

    def work(share: list[str]) -> list[float]:
        client = Client(url)
        return [client.speak(text) for text in share]

    with ThreadPoolExecutor(at_once) as pool:
        shares = [texts[start::at_once] for start in range(at_once)]
        return [seconds for result in pool.map(work, shares) for seconds in result]


def percentile(values: list[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed (nearest rank)."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def milliseconds(seconds: float) -> str:
    """For a table."""
    return f"{seconds * 1000:.0f} ms"


def row(at_once: int, seconds: list[float], elapsed: float) -> list[str]:
    """A table's row."""
    figures = [percentile(seconds, 50), percentile(seconds, 95), max(seconds)]
    rate = f"{len(seconds) / elapsed:.1f}"
    return [f"{at_once} at a time", str(len(seconds)), *map(milliseconds, figures), rate]


def benchmark(url: str) -> tuple[str, float]:
    """Both tables, and P95 of the requests one at a time."""
    texts = sentences()
    measure(url, list(islice(texts, AT_ONCE)), 1)
    header = ["ten words", "requests", "P50", "P95", "max", "requests/s"]
    tables, alone = [], 0.0
    for at_once in (1, AT_ONCE):
        start = time.perf_counter()
        seconds = measure(url, list(islice(texts, REQUESTS)), at_once)
        elapsed = time.perf_counter() - start
        tables.append(table(header, [row(at_once, seconds, elapsed)]))
        if at_once == 1:
            alone = percentile(seconds, 95)
    return "\n\n".join(tables), alone


def main() -> None:
    """Runs the benchmark and holds it to the bar."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", default=".build/release/chatterbox serve --port {port}", help="the server's command")
    parser.add_argument("--url", help="measure this server instead of starting one")
    parser.add_argument("--markdown", type=Path, help="document whose section to rewrite: docs/performance.md")
    arguments = parser.parse_args()

    try:
        if arguments.url:
            tables, alone = benchmark(arguments.url)
        else:
            with running_server(arguments.serve) as url:
                tables, alone = benchmark(url)
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        sys.exit(f"the server's answer is not usable: {error}")
    body = f"{machine()}. A warm server, the starter voice, whole answers.\n\n{tables}"
    print(body)
    if arguments.markdown:
        write_section(arguments.markdown, "server-latency", body)
    if alone >= BAR_SECONDS:
        sys.exit(f"P95 one at a time is {milliseconds(alone)}; the bar is under {milliseconds(BAR_SECONDS)}")


if __name__ == "__main__":
    main()
