"""Faults, each against a server of its own: faults_test.py .build/debug/chatterbox"""

import concurrent.futures
import glob
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import support
from support import checking, request, sentences, sha256, waiting

PROGRAM = sys.argv[1]
SENTENCES = sentences(40)
check = checking("faults")
until = waiting(check, 60)


class Server(support.Server):
    def __init__(self, data, **settings):
        super().__init__()
        self.serve(PROGRAM, data, **settings)
        self.until(lambda: self.health() == 200, "the server is not ready")

    def until(self, condition, words, *seconds):
        until(lambda: condition() or check(self.process.poll() is None, "the server has ended"), words, *seconds)

    def call(self, path, body=None):
        return request(self.base + path, body, timeout=240)

    def json(self, path, body=None):
        return json.loads(self.call(path, body)[2])

    def running(self):
        return self.json("/api/v1/queue")["running"]

    def connect(self, path, body):
        """A request whose answer is not read."""
        data = json.dumps(body).encode()
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\n\r\n".encode() + data)
        return connection


def test_no_acknowledged_job_is_lost_however_often_the_server_is_killed(data):
    order = {"text": SENTENCES, "model": "starter", "seed": 7, "format": "flac"}
    server = Server(data)
    reference = server.json("/api/v1/jobs", order)["id"]
    server.until(lambda: server.json(f"/api/v1/jobs/{reference}")["status"] == "done", "the job does not end")
    whole = sha256(server.call(f"/api/v1/jobs/{reference}/audio")[2])
    jobs = []
    for _ in range(6):
        jobs.append(server.json("/api/v1/jobs", order)["id"])
        time.sleep(random.uniform(0, 1.5))
        server.kill()
        server = Server(data)
    for job in jobs:
        server.until(lambda: server.json(f"/api/v1/jobs/{job}")["status"] == "done", "a job was lost", 120)
        audio = server.call(f"/api/v1/jobs/{job}/audio")[2]
        check(sha256(audio) == whole, "a job that was cut off sounds different")
    listed = server.json("/api/v1/jobs?limit=200")["jobs"]
    check(len(listed) == len(jobs) + 1, f"{len(listed)} jobs came of {len(jobs) + 1}")
    server.kill()


def test_a_server_that_is_told_to_stop_finishes_what_it_began(data):
    server = Server(data, QUEUE_CONCURRENT=2, SERVER_DRAIN_SECONDS=180)
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = [
            pool.submit(server.call, "/api/v1/tts/generate", {"text": SENTENCES, "model": "starter", "seed": seed})
            for seed in range(6)]
        server.until(lambda: server.running() == 2, "nothing is being spoken")
        job = server.json("/api/v1/jobs", {"text": SENTENCES * 20, "model": "starter"})["id"]
        server.process.send_signal(signal.SIGTERM)
        server.until(lambda: server.health() == 503, "it is still ready")
        status, headers, body = server.call("/api/v1/tts/generate", {"text": "New.", "model": "starter"})
        check(status == 503 and headers["Retry-After"], f"a new request got {status}")
        for answer in answers:
            status, headers, body = answer.result()
            check(status == 200, f"a request in flight got {status}")
            check(sha256(body) == headers["X-Audio-SHA256"], "an answer is not whole")
    check(server.process.wait(200) == 0, "it did not end well")
    server = Server(data)
    check(server.json(f"/api/v1/jobs/{job}")["status"] in ("queued", "running"), "the job was not kept")
    check(server.stop() == 0, "it did not end well")


def test_readers_who_take_nothing_or_vanish_hold_nobody_up(data):
    server = Server(data, QUEUE_CONCURRENT=2)
    slow = [server.connect(path, {"text": SENTENCES, "model": "starter", "seed": seed})
            for seed in range(4) for path in ("/api/v1/tts/stream", "/api/v1/tts/generate")]
    server.until(lambda: server.running() == 0, "a reader who takes nothing keeps its turn", 120)
    check(server.call("/api/v1/tts/generate", {"text": "Hi.", "model": "starter"})[0] == 200, "others are held up")
    for connection in slow:
        connection.close()
    gone = [server.connect(path, {"text": SENTENCES * 40, "model": "starter", "seed": seed})
            for seed in range(4) for path in ("/api/v1/tts/stream", "/api/v1/tts/generate", "/v1/audio/speech")
            if path != "/v1/audio/speech"]
    gone.append(server.connect(
        "/v1/audio/speech", {"input": SENTENCES * 40, "model": "starter", "voice": "default"}))
    server.until(lambda: server.running() == 2, "nothing is being spoken")
    for connection in gone:
        connection.close()
    server.until(lambda: server.running() == 0, "work goes on for clients who have gone")
    waiting = server.json("/api/v1/queue")["waiting"]
    check(sum(waiting.values()) == 0, f"clients who have gone still wait: {waiting}")
    server.kill()


def test_a_changed_cache_file_is_noticed_and_never_served(data):
    body = {"text": "Hello there.", "model": "starter", "seed": 3}
    server = Server(data)
    first = server.call("/api/v1/tts/generate", body)[2]
    check(server.call("/api/v1/tts/generate", body)[1]["X-Cache"] == "hit", "the answer is not kept")
    server.stop()
    server = Server(data)
    check(server.call("/api/v1/tts/generate", body)[1]["X-Cache"] == "hit", "the answer did not outlive a restart")
    server.stop()
    (file,) = glob.glob(os.path.join(data, "cache", "*.speech"))
    with open(file, "r+b") as cached:
        cached.seek(-1000, os.SEEK_END)
        cached.write(b"damage")
    server = Server(data)
    status, headers, audio = server.call("/api/v1/tts/generate", body)
    check(status == 200 and headers["X-Cache"] == "miss", "the damaged file was taken")
    check(audio == first, "the audio is another")
    server.kill()


def test_a_full_disk_is_said_so_and_got_over(data):
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", data], capture_output=True)
    if mounted.returncode != 0:
        print("faults: a full disk was not tried, since mounting needs root")
        return
    try:
        server = Server(data, MONITORING_HEALTH_CHECK_INTERVAL=1)
        filler = os.path.join(data, "filler")
        descriptor = os.open(filler, os.O_CREAT | os.O_WRONLY)
        try:
            while True:
                os.write(descriptor, b"x" * 4096)
        except OSError:
            os.close(descriptor)
        server.until(lambda: server.health() == 503, "a full disk does not show")
        status, _, body = server.call("/api/v1/tts/generate", {"text": SENTENCES, "model": "starter"})
        check(status == 507, f"a full disk gave {status}")
        check(data.encode() not in body, "the answer has a path in it")
        status, _, _ = server.call("/api/v1/jobs", {"text": SENTENCES, "model": "starter"})
        check(status in (202, 500, 507), f"a job on a full disk gave {status}")
        os.remove(filler)
        server.until(lambda: server.health() == 200, "it does not get over it")
        check(server.call("/api/v1/tts/generate", {"text": "Hi.", "model": "starter"})[0] == 200, "it stays broken")
        server.kill()
    finally:
        subprocess.run(["umount", "--lazy", data], check=True)


for name, test in list(globals().items()):
    if not name.startswith("test_"):
        continue
    folder = tempfile.mkdtemp()
    try:
        test(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"faults: {name[5:].replace('_', ' ')}")
