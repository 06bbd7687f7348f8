"""Several nodes on one Redis: how much more they speak than one, and what a request costs Redis and a node.

The engine is simulated: every turn takes a fixed time (`serve --simulated-cost`), since two real engines would share
the cores of one machine. All else is real. Needs redis-server.

    python3 Benchmarks/cluster_load.py                        # .build/release/chatterbox

Exit status 1 when the bar is missed: two nodes speak at least 1.9 times what one does, in one run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from report import machine, table, write_section

RATIO_BAR = 1.9
COST_SECONDS = 1.0
TURNS = 4
ROUNDS = 3
IDLE_SECONDS = 10


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Redis:
    """A Redis of its own, and what it says of itself."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--dir", str(folder), "--appendonly", "yes", "--save", ""],
            stdout=subprocess.DEVNULL)
        while self.ask("PING") != "PONG":
            time.sleep(0.05)

    def ask(self, *words: str) -> str:
        command = ["redis-cli", "-p", str(self.port), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def figures(self) -> dict[str, float]:
        info = dict(line.split(":", 1) for line in self.ask("INFO").splitlines() if ":" in line)
        return {
            "commands": float(info["total_commands_processed"]),
            "cpu": float(info["used_cpu_sys"]) + float(info["used_cpu_user"]),
            "bytes": float(info["total_net_output_bytes"]) + float(info["total_net_input_bytes"]),
        }


class Node:
    def __init__(self, program: str, redis: Redis, folder: Path) -> None:
        self.port = free_port()
        environment = os.environ | {
            "CHATTERBOX_SERVER_DATA_DIR": str(folder), "CHATTERBOX_QUEUE_TYPE": "redis",
            "CHATTERBOX_QUEUE_CONCURRENT": str(TURNS), "CHATTERBOX_CACHE_ENABLED": "false",
            "CHATTERBOX_CACHE_REDIS_URL": f"redis://127.0.0.1:{redis.port}", "CHATTERBOX_MONITORING_ENABLED": "false",
        }
        command = [program, "serve", "--port", str(self.port), "--simulated-cost", str(COST_SECONDS)]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self.is_ready():
            if self.process.poll() is not None:
                sys.exit(f"{program} does not start")
            time.sleep(0.1)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                return True
        except OSError:
            return False

    def speak(self, number: int) -> None:
        body = json.dumps({"text": f"Number {number}.", "model": "espeak", "seed": number}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/tts/generate", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            answer.read()

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def stopped(process: subprocess.Popen):
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def throughput(nodes: list[Node], seconds: float, numbers: itertools.count) -> float:
    """Requests a second, with twice as many clients as there are turns."""
    clients = 2 * TURNS * len(nodes)
    count = int(seconds * len(nodes) * TURNS / COST_SECONDS)
    work = [(nodes[index % len(nodes)], next(numbers)) for index in range(count)]
    start = time.monotonic()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda item: item[0].speak(item[1]), work))
    return count / (time.monotonic() - start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=".build/release/chatterbox")
    parser.add_argument("--seconds", type=float, default=6, help="how long each measurement takes, about")
    parser.add_argument("--markdown", type=Path, help="the document whose section is written anew")
    options = parser.parse_args()
    if not shutil.which("redis-server"):
        sys.exit("redis-server is not here: apt-get install redis-server")
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        redis = Redis(folder)
        stack.enter_context(stopped(redis.process))
        nodes = []
        for index in range(2):
            nodes.append(Node(options.program, redis, folder / f"node{index}"))
            stack.enter_context(stopped(nodes[-1].process))
        throughput(nodes, 1, numbers)
        before = redis.figures()
        time.sleep(IDLE_SECONDS)
        idle = {key: (value - before[key]) / IDLE_SECONDS / 2 for key, value in redis.figures().items()}
        alone, together, costs = [], [], []
        for _ in range(ROUNDS):
            # The second node would help the first: it has the same line.
            nodes[1].process.send_signal(19)
            time.sleep(1.2)
            alone.append(throughput(nodes[:1], options.seconds, numbers))
            nodes[1].process.send_signal(18)
            time.sleep(1)
            start, cpu, first = redis.figures(), [node.cpu_seconds() for node in nodes], next(numbers)
            together.append(throughput(nodes, options.seconds, numbers))
            count = next(numbers) - first - 1
            end = redis.figures()
            cost = {key: (end[key] - start[key]) / count for key in end}
            cost["node"] = sum(node.cpu_seconds() - was for node, was in zip(nodes, cpu, strict=True)) / count
            costs.append(cost)
        ratios = [two / one for one, two in zip(alone, together, strict=True)]
        median = {key: statistics.median(cost[key] for cost in costs) for key in costs[0]}
    rows = [
        ["one node, requests a second", f"{statistics.median(alone):.1f}"],
        ["two nodes, requests a second", f"{statistics.median(together):.1f}"],
        ["two nodes against one", f"{statistics.median(ratios):.2f} ×"],
        ["Redis: commands a request, with those inside scripts", f"{median['commands']:.0f}"],
        ["Redis: processor time a request", f"{median['cpu'] * 1e6:.0f} µs"],
        ["Redis: bytes in and out a request", f"{median['bytes'] / 1e3:.0f} kB"],
        ["node: processor time a request, engine of espeak included", f"{median['node'] * 1e3:.1f} ms"],
        ["Redis: commands a second for an idle node", f"{idle['commands']:.1f}"],
        ["Redis: processor time a second for an idle node", f"{idle['cpu'] * 1e6:.0f} µs"],
    ]
    body = table(["measured", "median of three"], rows)
    print(body)
    if options.markdown:
        note = f"{machine()}; a turn takes {COST_SECONDS} s, {TURNS} turns a node, {options.program}."
        write_section(options.markdown, "cluster_load", f"{note}\n\n{body}")
    is_met = statistics.median(ratios) >= RATIO_BAR
    print(f"two nodes against one: {statistics.median(ratios):.2f} × (bar {RATIO_BAR} ×): {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
