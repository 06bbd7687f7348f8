"""Two nodes as one, with real Redis, S3 and nginx: cluster_test.py .build/debug/chatterbox"""

import asyncio
import collections
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import boto3
import botocore.config
import botocore.exceptions
import openai
import websockets

from support import checking, environment, request, sentences, sha256, waiting

PROGRAM = os.path.abspath(sys.argv[1])
SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "cluster" / "cluster.sh"
BUCKET = "tts-audio"
check = checking("cluster")
until = waiting(check, 120)


def free_port():
    """One below those that outgoing connections take: cluster.sh gives the ports next to it to the others."""
    while True:
        port = random.randrange(12_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def speech(text, **fields):
    return {"text": text, "model": "starter", "seed": 1} | fields


class Door:
    """Where requests are sent: nginx, or one node."""

    def __init__(self, port):
        self.port = port
        self.base = f"http://127.0.0.1:{port}"

    def call(self, path, body=None, method=None, headers=()):
        return request(self.base + path, body, method, headers, timeout=120)

    def json(self, path, body=None):
        return json.loads(self.call(path, body)[2])

    def order(self, body):
        status, _, answer = self.call("/api/v1/jobs", body)
        check(status == 202, f"a job got {status}: {answer[:200]}")
        return json.loads(answer)["id"]

    def status(self, job):
        return self.json(f"/api/v1/jobs/{job}").get("status")


class Cluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.environment = environment(QUEUE_CONCURRENT=2, QUEUE_LEASE_SECONDS=2, SERVER_DRAIN_SECONDS=60) | {
            "CLUSTER_DIR": str(folder), "SERVER": PROGRAM, "PORT": str(free_port())}

    def open(self):
        self.start()
        self.front = Door(self.port("nginx"))
        self.nodes = [Door(self.port(name)) for name in ("node1", "node2")]

    def script(self, *arguments):
        done = subprocess.run(
            [str(SCRIPT), *arguments], env=self.environment, capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def start(self):
        code, output = self.script("start", "2")
        check(code == 0, f"it did not start: {output}")

    def read(self, *names):
        return self.folder.joinpath(*names).read_text().strip()

    def port(self, name):
        return int(self.read("ports", name))

    def process(self, name):
        return int(self.read("pids", name).split()[0])

    def processes(self):
        return {file.name: self.process(file.name) for file in (self.folder / "pids").iterdir()}

    def redis(self, *command):
        done = subprocess.run(
            ["redis-cli", "--json", "-3", "-p", str(self.port("redis")), *command],
            env=os.environ | {"REDISCLI_AUTH": self.read("secrets", "redis-password")},
            text=True, capture_output=True)
        check(done.returncode == 0, f"redis-cli {command} failed: {done.stderr}")
        return json.loads(done.stdout)

    def s3(self, secret=None):
        return boto3.client(
            "s3", endpoint_url=f"http://127.0.0.1:{self.port('s3')}", region_name="us-east-1",
            aws_access_key_id=self.read("secrets", "s3-key-id"),
            aws_secret_access_key=secret or self.read("secrets", "s3-secret"),
            config=botocore.config.Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}))


def is_alive(process):
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def at_once(*calls):
    """What functions give that begin at the same time."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        return call()

    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_starting_twice_changes_nothing(cluster):
    before = cluster.processes()
    check(set(before) == {"nginx", "node1", "node2", "redis", "s3"}, f"there are {sorted(before)}")
    cluster.start()
    check(cluster.processes() == before, "something was started twice")
    for secret in (cluster.folder / "secrets").iterdir():
        check(secret.stat().st_mode & 0o777 == 0o600, f"{secret.name} can be read by others")


def test_a_job_is_heard_whichever_node_answers(cluster):
    job = cluster.front.order(speech(sentences(6), format="flac"))
    until(lambda: cluster.front.status(job) == "done", "the job does not end")
    doors = [cluster.front, *cluster.nodes]
    results = [door.json(f"/api/v1/jobs/{job}")["result"] for door in doors]
    audio = [door.call(f"/api/v1/jobs/{job}/audio")[2] for door in doors]
    check({sha256(bytes) for bytes in audio} == {results[0]["sha256"]}, "the audio is not what the job says")
    check(results[0] == results[1] == results[2], "the nodes say different things of a job")
    check(audio[0].startswith(b"fLaC"), "the audio is no FLAC")


def test_the_audio_of_a_job_lies_in_s3_for_those_with_the_secret(cluster):
    job = cluster.front.order(speech("This is kept in a bucket.", format="flac"))
    until(lambda: cluster.front.status(job) == "done", "the job does not end")
    audio = cluster.front.call(f"/api/v1/jobs/{job}/audio")[2]
    s3 = cluster.s3()
    objects = {item["Key"]: item["Size"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    same = [key for key, size in objects.items() if size == len(audio) and key.endswith(".flac")
            and s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == audio]
    check(len(same) == 1, f"the audio is not among {sorted(objects)}")
    check(same[0].replace(".flac", ".json") in objects, "there is no description beside the audio")
    stranger = cluster.s3("a wrong secret")
    for call in (stranger.list_objects_v2, lambda Bucket: stranger.get_object(Bucket=Bucket, Key=same[0])):
        try:
            call(Bucket=BUCKET)
            check(False, "a wrong secret was taken")
        except botocore.exceptions.ClientError as error:
            check(error.response["Error"]["Code"] == "SignatureDoesNotMatch", f"a wrong secret gave {error}")


def test_what_waits_is_seen_in_redis(cluster):
    jobs = [cluster.front.order(speech(sentences(400), seed=seed)) for seed in range(5)]
    until(lambda: cluster.redis("ZCARD", "chatterbox:line:batch") == 3, "three jobs of five do not wait")
    (group,) = cluster.redis("XINFO", "GROUPS", "chatterbox:work")
    check(group["name"] == "speakers" and group["pending"] == 2, f"the group is {group}")
    consumers = cluster.redis("XINFO", "CONSUMERS", "chatterbox:work", "speakers")
    check([one["pending"] for one in consumers if one["pending"]] == [1, 1], f"the nodes have {consumers}")
    for door in (cluster.front, *cluster.nodes):
        queue = door.json("/api/v1/queue")
        check(queue["running"] == 2 and queue["waiting"].get("batch") == 3, f"the queue is {queue}")
    for job in jobs:
        cluster.front.call(f"/api/v1/jobs/{job}", method="DELETE")
    until(lambda: cluster.redis("XLEN", "chatterbox:work") == 0, "cancelled jobs are worked on")
    check(cluster.redis("ZCARD", "chatterbox:line:batch") == 0, "cancelled jobs wait")


def test_what_one_node_cached_is_a_hit_on_the_other(cluster):
    one, other = cluster.nodes
    body = speech("This is kept for all.")
    _, first, audio = one.call("/api/v1/tts/generate", body)
    _, second, again = other.call("/api/v1/tts/generate", body)
    caches = first["X-Cache"], second["X-Cache"]
    check(caches == ("miss", "hit"), f"X-Cache was {caches}")
    check(audio == again and sha256(audio) == second["X-Audio-SHA256"], "the audio is another")


def spoken_once(cluster, path, seed):
    body = speech(sentences(8), seed=seed)
    answers = at_once(*(lambda door=door: door.call(path, body) for door in cluster.nodes * 2))
    statuses = [status for status, _, _ in answers]
    check(set(statuses) == {200}, f"{path} gave {statuses}")
    caches = sorted(headers["X-Cache"] for _, headers, _ in answers)
    check(caches == ["miss", "shared", "shared", "shared"], f"{path} was spoken more than once: {caches}")
    check(len({sha256(audio) for _, _, audio in answers}) == 1, f"{path} gave different audio")


def test_the_same_at_both_nodes_at_once_is_spoken_once(cluster):
    spoken_once(cluster, "/api/v1/tts/generate", 21)
    spoken_once(cluster, "/api/v1/tts/stream", 22)


def test_a_stream_through_nginx_begins_before_it_ends(cluster):
    connection = http.client.HTTPConnection("127.0.0.1", cluster.front.port, timeout=60)
    body = json.dumps(speech(sentences(12), seed=31, format="pcm"))
    start = time.monotonic()
    connection.request("POST", "/api/v1/tts/stream", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    check(answer.headers["Transfer-Encoding"] == "chunked", "the answer is not chunked")
    check(len(answer.read(1)) == 1, "there is no audio")
    first = time.monotonic() - start
    size = 1 + len(answer.read())
    last = time.monotonic() - start
    check(size > 500_000, f"there are {size} bytes")
    check(first < last / 3, f"the first byte came after {first:.2f} s, the last after {last:.2f} s")


async def socket_speaks(base):
    async with websockets.connect(base.replace("http", "ws", 1) + "/api/v1/tts/ws") as connection:
        await connection.send(json.dumps({"type": "start", "model": "starter", "format": "pcm", "seed": 1}))
        for word in "Hello there! This goes through a proxy.".split():
            await connection.send(json.dumps({"type": "text", "text": word + " "}))
        await connection.send(json.dumps({"type": "end"}))
        audio = b""
        while True:
            message = await asyncio.wait_for(connection.recv(), 30)
            if isinstance(message, bytes):
                audio += message
                continue
            event = json.loads(message)
            check(event["type"] != "error", f"a socket gave {event}")
            if event["type"] == "done":
                return audio, event["duration"]


def test_a_websocket_through_nginx_speaks(cluster):
    audio, duration = asyncio.run(socket_speaks(cluster.front.base))
    check(len(audio) > 48000, f"there are {len(audio)} bytes")
    check(abs(len(audio) / 48000 - duration) < 0.01, f"{len(audio)} bytes are said to be {duration} s")


def test_a_part_of_the_audio_can_be_had_through_nginx(cluster):
    job = cluster.front.order(speech("Only a part of this is asked for.", format="wav"))
    until(lambda: cluster.front.status(job) == "done", "the job does not end")
    whole = cluster.front.call(f"/api/v1/jobs/{job}/audio")[2]
    for asked, part in [("100-199", whole[100:200]), ("-50", whole[-50:]), ("1000-", whole[1000:])]:
        for door in (cluster.front, *cluster.nodes):
            status, headers, got = door.call(f"/api/v1/jobs/{job}/audio", headers={"Range": f"bytes={asked}"})
            check(status == 206 and got == part, f"bytes={asked} gave {status} and {len(got)} bytes")
            check(headers["Content-Range"].endswith(f"/{len(whole)}"), f"it says {headers['Content-Range']}")


def test_openais_client_speaks_through_nginx(cluster):
    client = openai.OpenAI(base_url=cluster.front.base + "/v1", api_key="any key", max_retries=0)
    audio = client.audio.speech.create(
        model="starter", voice="alloy", input="Hello there.", response_format="flac").content
    check(audio.startswith(b"fLaC"), f"the audio begins with {audio[:4]}")


def test_a_large_recording_and_an_identifier_pass_nginx(cluster):
    headers = {"Content-Type": "audio/wav", "X-Request-Id": "passed-through-nginx"}
    request = urllib.request.Request(
        cluster.front.base + "/api/v1/watermark/detect", b"\0" * (20 << 20), headers)
    try:
        urllib.request.urlopen(request, timeout=30)
        check(False, "zeros were taken for a recording")
    except urllib.error.HTTPError as error:
        check("json" in error.headers["Content-Type"], "the proxy refused what the server should have")
        check(error.headers["X-Request-Id"] == "passed-through-nginx", "the request has another identifier")


class Load:
    """Clients who send short requests, each another, and keep what is wrong with the answers."""

    def __init__(self, door, clients=30):
        self.door = door
        self.counts = collections.Counter()
        self.wrong = []
        self.lock = threading.Lock()
        self.is_over = threading.Event()
        self.pool = concurrent.futures.ThreadPoolExecutor(clients)
        self.clients = [self.pool.submit(self.run, client) for client in range(clients)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.pool.shutdown()

    def run(self, client):
        number = 0
        while not self.is_over.is_set():
            number += 1
            path = ("/api/v1/tts/generate", "/api/v1/tts/stream")[number % 2]
            outcome, wrong = self.ask(path, speech(f"{client}, {number}.", seed=client, format="wav"))
            if outcome != 200:
                time.sleep(0.2)
            with self.lock:
                self.counts[outcome] += 1
                if wrong:
                    self.wrong.append(wrong)

    def ask(self, path, body):
        try:
            status, headers, audio = self.door.call(path, body)
        except (http.client.HTTPException, OSError) as error:
            return f"{path} {type(error).__name__}", None
        if status == 200:
            return 200, self.fault(path, headers, audio)
        try:
            return status, None if json.loads(audio)["error"]["code"] else "an error without a code"
        except (ValueError, KeyError, TypeError):
            return status, f"{status} with {audio[:100]}"

    def fault(self, path, headers, audio):
        if not audio.startswith(b"RIFF") or len(audio) < 10_000:
            return f"{path} gave {len(audio)} bytes"
        if path.endswith("generate") and sha256(audio) != headers["X-Audio-SHA256"]:
            return f"{path} gave other bytes than it says"

    def answered(self, more):
        """Waits until so many more have been answered with 200."""
        goal = self.counts[200] + more
        until(lambda: self.counts[200] >= goal, "answers stop coming")

    def end(self):
        self.is_over.set()
        for client in self.clients:
            client.result(60)
        check(not self.wrong, f"wrong answers: {self.wrong[:3]}")
        return {outcome: count for outcome, count in self.counts.items() if outcome != 200}


def test_a_node_that_is_stopped_costs_no_request(cluster):
    node = cluster.process("node1")
    with Load(cluster.front) as load:
        load.answered(40)
        os.kill(node, signal.SIGTERM)
        until(lambda: not is_alive(node), "a node that was told to stop does not end")
        load.answered(40)
        cluster.start()
        load.answered(40)
        failures = load.end()
    check(not failures, f"{failures} beside {load.counts[200]} right answers")
    check(cluster.process("node1") != node, "the node was not started again")
    print(f"cluster: {load.counts[200]} requests while a node was stopped, none failed")


def test_a_node_that_is_killed_costs_few_requests(cluster):
    node = cluster.process("node2")
    with Load(cluster.front) as load:
        load.answered(40)
        os.kill(node, signal.SIGKILL)
        load.answered(60)
        failures = load.end()
    check(sum(failures.values()) <= 15, f"{failures} beside {load.counts[200]} right answers")
    print(f"cluster: {load.counts[200]} requests while a node was killed, failed: {failures or 'none'}")
    check(cluster.script("status")[0] == 1, "the dead node is not noticed")
    with Load(cluster.front) as afterwards:
        afterwards.answered(30)
        check(not afterwards.end(), "requests fail after the node's death")
    cluster.start()
    check(cluster.nodes[1].call("/health/ready")[0] == 200, "the killed node does not come back")


def test_a_killed_nodes_job_goes_on_to_the_same_bytes(cluster):
    body = speech(sentences(12), format="flac", seed=9)
    reference = cluster.front.order(body)
    until(lambda: cluster.front.status(reference) == "done", "the job does not end")
    jobs = [cluster.front.order(body) for _ in cluster.nodes]
    until(lambda: cluster.redis("XLEN", "chatterbox:work") == 2, "not each node has a job")
    os.kill(cluster.process("node2"), signal.SIGKILL)
    until(lambda: all(cluster.front.status(job) == "done" for job in jobs), "a job was lost")
    audio = {sha256(cluster.front.call(f"/api/v1/jobs/{job}/audio")[2]) for job in [reference, *jobs]}
    check(len(audio) == 1, "the job that changed nodes sounds different")
    cluster.start()


def test_stopping_ends_all_that_was_started(cluster):
    processes = cluster.processes()
    code, output = cluster.script("stop")
    check(code == 0, f"it did not stop: {output}")
    left = [name for name, process in processes.items() if is_alive(process)]
    check(not left, f"still running: {left}")
    check(cluster.script("stop")[0] == 0, "stopping twice is an error")


folder = tempfile.mkdtemp()
cluster = Cluster(folder)
try:
    cluster.open()
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            start = time.monotonic()
            test(cluster)
            print(f"cluster: {name[5:].replace('_', ' ')}")
            if "-v" in sys.argv:
                print(f"    {time.monotonic() - start:.1f} s")
finally:
    cluster.script("stop")
    shutil.rmtree(folder, ignore_errors=True)
