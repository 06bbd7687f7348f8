"""The service under load, starter voice: what it adds to a cached answer, ten thousand requests, a full queue.

Standard library and `wrk` (Debian: apt-get install wrk).

    python3 Benchmarks/service_load.py                       # starts servers of its own
    python3 Benchmarks/service_load.py --requests 2000       # a shorter run

Exit status 1 when a bar is missed: P95 of a cached answer at ten at once below 5 ms; no error in ten thousand
requests at fifty at once, and memory that grows by less than 5 % over their second half; a thousand requests wait,
the next is refused, and an emergency overtakes them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from report import machine, table, write_section
from server_latency import Client, milliseconds, percentile, running_server

CACHED_BAR_SECONDS = 0.005
GROWTH_BAR = 0.05
QUEUED = 1_000

LUA = """
wrk.method = "POST"
wrk.body = '{"text": "Hello there.", "model": "starter", "seed": 1}'
wrk.headers["Content-Type"] = "application/json"
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %.3f %.3f %.3f\\n", summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency.max / 1000))
end
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def memory(port: int) -> float:
    """The server's resident memory in bytes, as it says itself."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    return float(re.search(r"^process_resident_memory_bytes (\S+)", text, re.M).group(1))


def post(url: str, body: dict, path: str = "/api/v1/tts/generate") -> tuple[int, http.client.HTTPMessage]:
    """A request on a connection of its own: the status and the headers."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=600)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers
    finally:
        connection.close()


def cached(url: str, at_once: int, seconds: int) -> tuple[list[str], float, int]:
    """What `wrk` measures of an answer that is in the cache: a row, P95 in seconds, errors."""
    post(url, {"text": "Hello there.", "model": "starter", "seed": 1})
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA)
        script.flush()
        output = subprocess.run(
            ["wrk", "-t", "1", "-c", str(at_once), "-d", f"{seconds}s", "-s", script.name,
             url + "/api/v1/tts/generate"], check=True, capture_output=True, text=True).stdout
    count, errors, median, p95, longest = re.search(r"RESULT (.*)", output).group(1).split()
    figures = [f"{float(value):.2f} ms" for value in (median, p95, longest)]
    return [f"{at_once} at a time", count, *figures, errors], float(p95) / 1000, int(errors)


def soak(url: str, port: int, requests: int, at_once: int) -> tuple[list[list[str]], float, int]:
    """Requests that no cache can answer: rows, growth of memory over the second half, errors."""
    lock, numbers, errors = threading.Lock(), iter(range(requests)), 0
    seconds: list[float] = []
    levels: dict[int, float] = {}

    def work() -> None:
        nonlocal errors
        client = Client(url)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                took = client.speak(f"Train {number}.")
            except (OSError, RuntimeError, http.client.HTTPException):
                with lock:
                    errors += 1
                client = Client(url)
                continue
            with lock:
                seconds.append(took)
                if len(seconds) % (requests // 10) == 0:
                    levels[len(seconds)] = memory(port)
                    print(f"  {len(seconds)} of {requests}: {levels[len(seconds)] / 1e6:.0f} MB", flush=True)

    start = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - start
    half = levels[min(levels, key=lambda count: abs(count - requests / 2))]
    last = levels[max(levels)]
    row = [
        f"{at_once} at a time", str(len(seconds)), milliseconds(percentile(seconds, 50)),
        milliseconds(percentile(seconds, 95)), f"{len(seconds) / elapsed:.0f}", str(errors),
        f"{half / 1e6:.0f} MB", f"{last / 1e6:.0f} MB"]
    return [row], last / half - 1, errors


def full_queue(url: str) -> tuple[str, bool]:
    """A thousand that wait, one more, and an emergency: a sentence, and whether it is as it should be."""
    long = "One two three four five six seven. " * 1_500
    connections = []

    def send(body: dict) -> None:
        address = urlsplit(url)
        connection = socket.create_connection((address.hostname, address.port))
        data = json.dumps(body).encode()
        connection.sendall(
            b"POST /api/v1/tts/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + f"Content-Length: {len(data)}\r\n\r\n".encode() + data)
        connections.append(connection)

    def running() -> int:
        with urllib.request.urlopen(url + "/api/v1/queue") as answer:
            return json.load(answer)["running"]

    def waiting() -> int:
        with urllib.request.urlopen(url + "/api/v1/queue") as answer:
            return sum(json.load(answer)["waiting"].values())

    send({"text": long, "model": "starter", "priority": "batch"})
    with_turn = time.monotonic() + 30
    while running() == 0 and time.monotonic() < with_turn:
        time.sleep(0.02)
    for number in range(QUEUED):
        send({"text": f"Number {number}.", "model": "starter", "priority": "batch"})
    deadline = time.monotonic() + 60
    while waiting() < QUEUED and time.monotonic() < deadline:
        time.sleep(0.05)
    depth = waiting()
    status, headers = post(url, {"text": "One more.", "model": "starter", "priority": "batch"})
    start = time.perf_counter()
    alert, _ = post(url, {"text": "Please leave the building now.", "model": "starter", "priority": "emergency"})
    took = time.perf_counter() - start
    for connection in connections:
        connection.close()
    is_right = depth == QUEUED and status == 429 and headers["Retry-After"] is not None and alert == 200
    return (
        f"{depth} requests waited; the next got {status} with `Retry-After: {headers['Retry-After']}`; an emergency "
        f"was answered whole in {milliseconds(took)} while a long batch request was being spoken.", is_right)


def main() -> None:
    """Runs all three and holds them to their bars."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", default=".build/release/chatterbox serve --port {port}", help="the server's command")
    parser.add_argument("--requests", type=int, default=10_000, help="of the long run")
    parser.add_argument("--seconds", type=int, default=15, help="of the cached run")
    parser.add_argument("--markdown", type=Path, help="document whose section to rewrite: docs/performance.md")
    arguments = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed (Debian: apt-get install wrk)")
    missed = []
    port = free_port()
    with tempfile.TemporaryDirectory() as data:
        os.environ["CHATTERBOX_SERVER_DATA_DIR"] = data
        os.environ["CHATTERBOX_MONITORING_PROMETHEUS_PORT"] = str(port)
        with running_server(arguments.serve, subprocess.DEVNULL) as url:
            kept, p95, errors = cached(url, 10, arguments.seconds)
            if p95 >= CACHED_BAR_SECONDS or errors:
                missed.append(f"P95 of a cached answer is {p95 * 1000:.1f} ms with {errors} errors; the bar is 5 ms")
            rows, growth, errors = soak(url, port, arguments.requests, 50)
            if errors or growth >= GROWTH_BAR:
                missed.append(f"{errors} errors, and memory grew by {growth:.1%} over the second half")
        os.environ["CHATTERBOX_QUEUE_CONCURRENT"] = "1"
        with running_server(arguments.serve, subprocess.DEVNULL) as url:
            sentence, is_right = full_queue(url)
            if not is_right:
                missed.append("the full queue did not do what it should")
    body = "\n\n".join([
        f"{machine()}. The starter voice, client and server on the same cores.",
        table(["cached answer", "requests", "P50", "P95", "max", "errors"], [kept]),
        table(["new sentences", "requests", "P50", "P95", "requests/s", "errors", "memory, half", "memory, end"], rows),
        sentence])
    print(body)
    if arguments.markdown:
        write_section(arguments.markdown, "service-load", body)
    if missed:
        sys.exit("; ".join(missed))


if __name__ == "__main__":
    main()
