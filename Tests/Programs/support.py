"""What several of the tests beside it need: checks, checksums, requests, and servers of their own."""

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

UNREACHABLE = (OSError, http.client.HTTPException)


def checking(name):
    """A `check` that ends the program of that name, with words, if a condition does not hold."""

    def check(condition, words):
        if not condition:
            raise SystemExit(f"{name}: {words}")

    return check


def waiting(check, usual):
    """An `until` that waits for a condition, gives what it gave, and checks that it did so in time."""

    def until(condition, words, seconds=usual):
        end = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() >= end:
                check(False, words() if callable(words) else words)
            time.sleep(0.05)
        return found

    return until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def sentences(count):
    return " ".join(f"This is sentence number {index}, and it is spoken." for index in range(count))


def request(address, body=None, method=None, headers=(), timeout=120):
    """Sends a body as JSON; gives the status, the headers and the body of the answer, whatever its status."""
    data = None if body is None else json.dumps(body).encode()
    sent = urllib.request.Request(address, data, {"Content-Type": "application/json"} | dict(headers), method=method)
    try:
        with urllib.request.urlopen(sent, timeout=timeout) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def environment(**settings):
    return os.environ | {f"CHATTERBOX_{name}": str(value) for name, value in settings.items()}


class Server:
    def __init__(self):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"

    def serve(self, program, data, output=subprocess.DEVNULL, **settings):
        """Begins; it is not ready at once."""
        settings = {"SERVER_DATA_DIR": data, "MONITORING_ENABLED": "false"} | settings
        self.process = subprocess.Popen(
            [program, "serve", "--port", str(self.port)], env=environment(**settings), stdout=output, stderr=output)

    def health(self, probe="ready"):
        """The status that a probe gets, 0 without an answer."""
        try:
            return request(f"{self.base}/health/{probe}", timeout=5)[0]
        except UNREACHABLE:
            return 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)
