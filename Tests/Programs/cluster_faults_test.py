"""Faults in a cluster of several nodes: cluster_faults_test.py .build/debug/chatterbox [KILLS]

It needs redis-server and rclone. KILLS (or CLUSTER_KILLS) is how often a node is killed in mid-job, 100 by default.
ONLY=words runs only the tests whose names have these words; KEEP=1 leaves logs and data where they are.
"""

import concurrent.futures
import glob
import http.client
import http.server
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import support
from support import UNREACHABLE, checking, free_port, request, sentences, sha256, waiting

PROGRAM = sys.argv[1]
KILLS = int(sys.argv[2] if len(sys.argv) > 2 else os.environ.get("CLUSTER_KILLS") or 100)
KEYS = ("KEYID", "SECRETKEY")
BUCKET = "tts-audio"
PREFIX = "chatterbox:"
check = checking("cluster-faults")
until = waiting(check, 60)


def spoken(count, **others):
    return {"text": sentences(count), "model": "starter", "seed": count} | others


# The second half of a longer one is a piece of its own.
ORDERS = [spoken(3), spoken(4, format="flac"), spoken(5, format="opus"), spoken(7, format="mp3")]
SHORT, LONG = spoken(1), spoken(8)


def say(words):
    print(f"cluster-faults: {words}", flush=True)


class Redis:
    """A Redis server that writes down every change, and what lies in it."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)
        self.port = free_port()
        self.start()

    def start(self):
        with open(os.path.join(self.folder, "log"), "a") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder,
                 "--appendonly", "yes", "--save", ""], stdout=log, stderr=log)
        until(self.answers, "redis-server does not start")

    def answers(self):
        try:
            return self("PING") == "PONG"
        except (OSError, RuntimeError):
            return False

    def end(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait(20)

    def __call__(self, *words):
        command = b"*%d\r\n" % len(words)
        for word in words:
            data = str(word).encode()
            command += b"$%d\r\n%s\r\n" % (len(data), data)
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(command)
            with connection.makefile("rb") as answer:
                return self.reply(answer)

    def reply(self, answer):
        line = answer.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis has gone")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        count = int(rest)
        if count < 0:
            return None
        if kind == b"*":
            return [self.reply(answer) for _ in range(count)]
        return answer.read(count + 2)[:-2].decode(errors="replace")


class Store(http.server.ThreadingHTTPServer):
    """Stands between one node and the object store, and lets go wrong what it is told to."""

    daemon_threads = True

    def __init__(self, upstream):
        self.upstream = upstream
        self.fault = None
        """One of None, "500", "403", "hang" and "cut"."""
        self.over = threading.Event()
        self.faulted = {}
        self.on_audio_kept = None
        """Called, once, when an audio has been put and the node does not know it yet."""
        super().__init__(("127.0.0.1", 0), StoreHandler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, client_address):
        pass

    def begin(self, fault):
        self.over.clear()
        self.faulted = {}
        self.fault = fault

    def finish(self):
        self.fault = None
        self.over.set()


class StoreHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def forwarded(self, body):
        """What the store answers; every header goes as it came, for they are signed."""
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=60)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        return answer, content

    def reply(self, status, headers, content, cut=False):
        self.send_response_only(status)
        length = str(len(content))
        for name, value in headers:
            if self.command == "HEAD" and name.lower() == "content-length":
                length = value
            elif name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[:len(content) // 2] if cut else content)
        self.wfile.flush()

    def refuse(self, status, code):
        content = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>".encode()
        self.reply(status, [("Content-Type", "application/xml")], content)

    def handle_any(self):
        fault, length = self.server.fault, int(self.headers.get("Content-Length") or 0)
        if fault:
            seen = self.server.faulted[self.command] = self.server.faulted.get(self.command, 0) + 1
        if fault == "cut":
            self.close_connection = True
            if self.command == "PUT" and seen % 2 == 1:
                self.rfile.read(length // 2)
                return
            # The store has done it, and its answer does not get through.
            answer, content = self.forwarded(self.rfile.read(length))
            if self.command == "GET":
                self.reply(answer.status, answer.getheaders(), content, cut=True)
            return
        body = self.rfile.read(length)
        if fault == "500":
            return self.refuse(500, "InternalError")
        if fault == "403":
            return self.refuse(403, "SignatureDoesNotMatch")
        if fault == "hang":
            self.server.over.wait()
            self.close_connection = True
            return
        answer, content = self.forwarded(body)
        hook = self.server.on_audio_kept
        if hook and self.command == "PUT" and not self.path.endswith(".json"):
            self.server.on_audio_kept = None
            hook()
        self.reply(answer.status, answer.getheaders(), content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any


class Node(support.Server):
    def __init__(self, cluster, number, settings):
        super().__init__()
        self.cluster = cluster
        self.store = Store(cluster.rclone_port)
        self.data = os.path.join(cluster.folder, f"node{number}")
        self.log = os.path.join(cluster.folder, f"node{number}.log")
        self.settings = settings
        self.name = None
        self.process = None

    def launch(self):
        self.name = None
        with open(self.log, "a") as log:
            self.serve(
                PROGRAM, self.data, log, MONITORING_HEALTH_CHECK_INTERVAL=1, MODELS_THREADS=1, QUEUE_TYPE="redis",
                CACHE_REDIS_URL=f"redis://127.0.0.1:{self.cluster.redis.port}", STORAGE_TYPE="s3",
                STORAGE_BUCKET=BUCKET, STORAGE_ENDPOINT=self.store.address, STORAGE_ACCESS_KEY_ID=KEYS[0],
                STORAGE_SECRET_ACCESS_KEY=KEYS[1], **self.settings)

    def wait(self):
        def ready():
            check(self.process.poll() is None, f"a node has ended: {self.log}")
            return self.health() == 200
        until(ready, "a node is not ready")

    def start(self):
        self.launch()
        self.wait()

    def find_name(self):
        """Learns what the node is called in Redis, from the bell that its first request brings there."""
        bells = set(self.cluster.redis("KEYS", PREFIX + "bell:*"))
        body = {"text": "Hi.", "model": "starter", "seed": random.getrandbits(40)}
        status, headers, audio = self.call("/api/v1/tts/generate", body)
        check(status == 200 and sha256(audio) == headers["X-Audio-SHA256"], f"a node that starts answers {status}")
        (bell,) = set(self.cluster.redis("KEYS", PREFIX + "bell:*")) - bells
        self.name = bell.removeprefix(PREFIX + "bell:")

    def call(self, path, body=None, method=None, headers=(), timeout=150):
        return request(self.base + path, body, method, headers, timeout)


class Cluster:
    open = []

    def __init__(self, folder, nodes=2, **settings):
        self.folder = folder
        self.bucket = os.path.join(folder, "bucket", BUCKET)
        os.makedirs(self.bucket)
        self.redis = Redis(os.path.join(folder, "redis"))
        self.rclone_port = free_port()
        self.rclone = None
        self.jobs = {}
        """The orders of all jobs that were acknowledged."""
        self.retried = 0
        settings = {"QUEUE_LEASE_SECONDS": 2, "QUEUE_MAX_TRIES": 3, "QUEUE_CONCURRENT": 4} | settings
        self.nodes = [Node(self, number, settings) for number in range(nodes)]
        Cluster.open.append(self)
        self.start_rclone()
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.wait()

    def start_rclone(self):
        with open(os.path.join(self.folder, "rclone.log"), "a") as log:
            self.rclone = subprocess.Popen(
                ["rclone", "serve", "s3", "--auth-key", ",".join(KEYS), "--addr", f"127.0.0.1:{self.rclone_port}",
                 # It remembers what it has seen in the folder; and what objects are marked with, until it ends.
                 "--dir-cache-time", "1s", os.path.dirname(self.bucket)], stdout=log, stderr=log)

        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.rclone_port)) == 0
        until(answers, "rclone does not start")

    def end_processes(self):
        for process in [node.process for node in self.nodes] + [self.redis.process, self.rclone]:
            if process and process.poll() is None:
                process.kill()
                process.wait()

    def close(self):
        self.end_processes()
        for node in self.nodes:
            node.store.finish()
            node.store.shutdown()

    def post(self, order, key=None, node=None):
        """Posts a job until it is acknowledged, whatever happens to the nodes."""
        key = key or f"key-{random.getrandbits(64)}"
        while True:
            try:
                status, _, body = (node or random.choice(self.nodes)).call(
                    "/api/v1/jobs", order, headers={"Idempotency-Key": key}, timeout=20)
            except UNREACHABLE:
                status = 0
            if status == 202:
                job = json.loads(body)["id"]
                self.jobs[job] = order
                return job
            check(status in (0, 429, 503), f"a job was answered with {status}")
            self.retried += 1
            time.sleep(0.1)

    def record(self, job):
        """What Redis has of a job."""
        return json.loads(self.redis("HGET", f"{PREFIX}job:{job}", "record"))

    def job(self, job):
        """What a client sees of a job."""
        status, _, body = random.choice(self.nodes).call(f"/api/v1/jobs/{job}")
        check(status == 200, f"a job's status was answered with {status}")
        return json.loads(body)

    def held(self, job):
        """The node that has a job, by name, and the entry that proves it."""
        name, entry = self.redis("HMGET", f"{PREFIX}item:{job}", "node", "entry")
        return (name, entry) if entry else None

    def holder(self, job):
        held = self.held(job)
        return next((node for node in self.nodes if held and node.name == held[0]), None)

    def holders(self):
        """The names of the nodes that have jobs, one for each job."""
        held = [self.held(job) for job in self.redis("ZRANGE", PREFIX + "jobs:running", 0, -1)]
        return [name for name, _ in filter(None, held)]

    def unfinished(self):
        return sum(self.redis("ZCARD", f"{PREFIX}jobs:{status}") for status in ("queued", "running"))

    def failures(self):
        return self.redis("ZRANGE", PREFIX + "jobs:failed", 0, -1)

    def finish(self, seconds=60.0):
        """Waits until there are no jobs any more."""
        until(lambda: self.unfinished() == 0,
              lambda: f"jobs do not end: {[self.record(job)['status'] for job in self.jobs]} in {self.folder}", seconds)

    def objects(self):
        return {name for name in os.listdir(self.bucket) if not name.endswith(".json")}

    def prove(self, failed=()):
        """Every acknowledged job has ended with one right result, and nothing else is left.

        Returns the audios that no job refers to.
        """
        check(self.redis("ZCARD", PREFIX + "jobs") == len(self.jobs), "there are other jobs than were acknowledged")
        kept = set()
        for job, order in self.jobs.items():
            seen = self.job(job)
            if job in failed:
                continue
            check(seen["status"] == "done", f"a job has ended as {seen['status']}: {seen.get('error')}")
            check(seen["result"]["sha256"] == REFERENCE[json.dumps(order)],
                  f"job {job} was disturbed and sounds different, in {self.folder}")
            status, _, audio = random.choice(self.nodes).call(f"/api/v1/jobs/{job}/audio")
            check(status == 200, f"a job's audio was answered with {status}: {audio[:200]}")
            check(sha256(audio) == seen["result"]["sha256"], "a job's audio is not what its result says")
            result = self.record(job)["result"]
            name = next((name for name in self.objects() if name.startswith(result["id"])), None)
            check(name and name not in kept, "a job has no audio of its own")
            kept.add(name)
        check(self.redis("XPENDING", PREFIX + "work", "speakers")[0] == 0, "entries are pending")
        check(self.redis("XLEN", PREFIX + "work") == 0, "entries are left in the stream")
        for priority in ("emergency", "interactive", "batch"):
            check(self.redis("ZCARD", f"{PREFIX}line:{priority}") == 0, "something is left in the line")
        check(self.redis("KEYS", PREFIX + "item:*") == [], "items are left")
        return self.objects() - kept


def undisturbed(folder):
    """The checksums of what is spoken where nothing goes wrong."""
    cluster = Cluster(folder, nodes=2)
    jobs = {cluster.post(order): json.dumps(order) for order in ORDERS + [SHORT, LONG]}
    cluster.finish(120)
    check(not cluster.failures(), "jobs fail where nothing goes wrong")
    return {order: cluster.record(job)["result"]["sha256"] for job, order in jobs.items()}


def test_a_store_that_hangs_for_good_is_given_up_in_time(folder):
    cluster = Cluster(folder, nodes=1)
    (node,) = cluster.nodes
    job = cluster.post(SHORT)
    cluster.finish()
    node.store.begin("hang")
    start = time.monotonic()
    status, headers, body = node.call(f"/api/v1/jobs/{job}/audio", timeout=140)
    taken = time.monotonic() - start
    check(status == 503 and b'"storage_unavailable"' in body, f"it gave {status}: {body[:200]}")
    check(headers["Retry-After"], "it does not say when to try again")
    check(taken < 130, f"it took {taken:.0f} s")
    node.store.finish()
    check(cluster.prove() == set(), "there are other audios")
    return f"after {taken:.0f} s"


def test_every_job_ends_with_exactly_one_result_however_often_nodes_are_killed(folder):
    # One turn for jobs at each node.
    cluster = Cluster(folder, nodes=3, QUEUE_MAX_TRIES=50, QUEUE_CONCURRENT=2)
    for node in cluster.nodes:
        node.find_name()
    over = threading.Event()
    began = time.monotonic()

    def drive():
        count = 0
        while not over.is_set():
            if cluster.unfinished() >= 4:
                time.sleep(0.05)
                continue
            order, key = random.choice(ORDERS), f"drive-{count}"
            job = cluster.post(order, key)
            if count % 4 == 0:
                check(cluster.post(order, key) == job, "one key gave two jobs")
            count += 1

    cut = 0
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        driver = pool.submit(drive)
        try:
            for _ in range(KILLS):
                names = until(cluster.holders, lambda: f"no node has a job to be killed in: {driver}")
                time.sleep(random.uniform(0, 1))
                names = cluster.holders() or names
                victim = random.choice([node for node in cluster.nodes if node.name in names] or cluster.nodes)
                victim.process.kill()
                cut += cluster.holders().count(victim.name)
                victim.process.wait()
                victim.start()
                victim.find_name()
        finally:
            over.set()
        driver.result()
    cluster.finish(120)
    orphans = cluster.prove()
    seconds = time.monotonic() - began
    left = [file for node in cluster.nodes for file in glob.glob(f"{node.data}/jobs/*")
            + glob.glob(f"{node.data}/temporary/job-*")]
    return (f"{KILLS} kills cut off {cut} jobs of {len(cluster.jobs)} ({cluster.retried} posts repeated), "
            f"{len(orphans)} orphaned audios, {len(left)} files left at nodes, {seconds:.0f} s")


def test_audio_whose_node_died_before_the_result_was_written_is_swept(folder):
    cluster = Cluster(folder)
    struck = []

    def strike(node):
        for other in cluster.nodes:
            other.store.on_audio_kept = None
        struck.append(node)
        node.kill()

    for node in cluster.nodes:
        node.store.on_audio_kept = lambda node=node: strike(node)
    cluster.post(SHORT)
    until(lambda: struck, "nothing was put into the store")
    (node,) = struck
    cluster.finish()
    node.start()
    (orphan,) = cluster.prove()
    for name in os.listdir(cluster.bucket):
        if name.startswith(orphan[:32]):
            os.utime(os.path.join(cluster.bucket, name), (time.time() - 3 * 86_400,) * 2)
    node.kill()
    # rclone has to see how old it is.
    time.sleep(3)
    node.start()
    until(lambda: orphan not in cluster.objects(), "the audio is not swept")
    check(cluster.prove() == set(), "there are other audios")


def test_a_job_that_kills_every_node_is_put_aside_and_others_go_on(folder):
    # Each node has one turn for jobs, so that nothing else dies with it.
    cluster = Cluster(folder, QUEUE_CONCURRENT=2)
    for node in cluster.nodes:
        node.find_name()
    poison = cluster.post(LONG)
    others = []
    for _ in range(3):
        node = until(lambda: cluster.holder(poison), "nobody takes the job")
        others.append(cluster.post(SHORT, node=next(other for other in cluster.nodes if other is not node)))
        # It is begun, whichever way it kills.
        until(lambda: cluster.record(poison)["status"] == "running", "the job is not begun")
        time.sleep(0.3)
        node.kill()
        node.start()
        node.find_name()
    until(lambda: cluster.job(poison)["status"] == "failed", "the job is not put aside")
    code = cluster.job(poison)["error"]["code"]
    check(code == "dead_letter", f"it failed with {code}")
    dead = [dict(zip(fields[::2], fields[1::2])) for _, fields in cluster.redis("XRANGE", PREFIX + "dead", "-", "+")]
    check([(entry["item"], entry["tries"]) for entry in dead] == [(poison, "3")], f"put aside were {dead}")
    others.append(cluster.post(SHORT))
    cluster.finish()
    check(cluster.failures() == [poison], "others have failed with it")
    check(cluster.prove(failed=[poison]) == set(), "there are other audios")
    status, _, _ = cluster.nodes[0].call(f"/api/v1/jobs/{poison}/resume", method="POST")
    check(status == 202, f"resuming it gave {status}")
    cluster.finish()
    cluster.prove()


def zombie(folder, stop, **settings):
    """Lets a node fall silent in a job until another one has ended it, then lets it go on."""
    cluster = Cluster(folder, **settings)
    for node in cluster.nodes:
        node.find_name()
    node, job = stop(cluster)
    until(lambda: cluster.record(job)["status"] == "done", "nobody else ends the job")
    result = cluster.record(job)["result"]
    node.process.send_signal(signal.SIGCONT)
    time.sleep(3)
    check(cluster.record(job)["result"] == result, "the node that came back has written its own result")
    node.wait()
    cluster.post(SHORT, node=node)
    cluster.finish()
    orphans = cluster.prove()
    check(len(orphans) <= 1, f"the node that came back has left {len(orphans)} audios")
    return f"{len(orphans)} orphaned audios"


def test_a_result_of_a_node_that_was_silent_while_it_spoke_does_not_count(folder):
    def stop(cluster):
        for _ in range(10):
            job = cluster.post(ORDERS[2])
            node = until(lambda: cluster.holder(job) or cluster.record(job)["status"] == "done", "nobody takes the job")
            if node is True:
                continue
            time.sleep(0.5)
            node.process.send_signal(signal.SIGSTOP)
            if cluster.holder(job) is node:
                return node, job
            node.process.send_signal(signal.SIGCONT)
        raise SystemExit("cluster-faults: every job had ended before its node was stopped")
    return zombie(folder, stop)


def test_a_result_of_a_node_that_was_silent_after_it_kept_the_audio_does_not_count(folder):
    def stop(cluster):
        stopped = []

        def strike(node):
            for other in cluster.nodes:
                other.store.on_audio_kept = None
            node.process.send_signal(signal.SIGSTOP)
            stopped.append(node)

        for node in cluster.nodes:
            node.store.on_audio_kept = lambda node=node: strike(node)
        job = cluster.post(SHORT)
        until(lambda: stopped, "nothing was put into the store")
        return stopped[0], job
    return zombie(folder, stop)


def test_a_node_that_was_silent_may_take_its_own_job_again(folder):
    cluster = Cluster(folder, QUEUE_MAX_TRIES=50)
    for node in cluster.nodes:
        node.find_name()
    job = cluster.post(LONG)
    node = until(lambda: cluster.holder(job), "nobody takes the job")
    # The other one shall have no turn for it.
    (other,) = (other for other in cluster.nodes if other is not node)
    time.sleep(0.7)
    node.process.send_signal(signal.SIGSTOP)
    for _ in range(2):
        cluster.post(LONG, node=other)
    until(lambda: cluster.held(job) is None or cluster.holder(job) is other, "the job is not taken back")
    node.process.send_signal(signal.SIGCONT)
    taker = until(lambda: cluster.holder(job), "nobody takes the job")
    cluster.finish(90)
    return f"{'taken by itself' if taker is node else 'taken by the other one'}, {len(cluster.prove())} orphaned audios"


def redis_goes(folder, leave, come_back):
    """Takes Redis away in the middle of work and brings it back."""
    cluster = Cluster(folder)
    over = threading.Event()

    def drive():
        while not over.is_set():
            if len(cluster.jobs) < 8:
                cluster.post(random.choice(ORDERS))
            time.sleep(0.4)

    def speak(seed):
        body = spoken(2) | {"seed": seed}
        try:
            return random.choice(cluster.nodes).call("/api/v1/tts/generate", body)
        except UNREACHABLE as error:
            return 0, {}, repr(error).encode()

    is_away = False
    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        known = cluster.post(ORDERS[3])
        driver = pool.submit(drive)
        try:
            speeches = [pool.submit(speak, seed) for seed in range(5)]
            until(cluster.holders, "nothing is being spoken")
            time.sleep(0.7)
            in_flight = sum(not speech.done() for speech in speeches)
            leave(cluster.redis)
            is_away = True
            slowest = 0.0
            for number in range(3):
                for node in cluster.nodes:
                    for path, body in (
                        # The first is sent to a Redis that hangs, which must not do it once it goes on.
                        ("/api/v1/jobs", SHORT), (f"/api/v1/jobs/{known}", None),
                        ("/api/v1/tts/generate", {"text": "Now.", "model": "starter", "seed": 1_000 + number}),
                    ):
                        start = time.monotonic()
                        status, headers, answer = node.call(path, body)
                        taken = time.monotonic() - start
                        slowest = max(slowest, taken)
                        check(status == 503, f"{path} without Redis gave {status}: {answer[:200]}")
                        code = json.loads(answer)["error"]["code"]
                        check(code == "shared_store_unavailable", f"{path} without Redis gave {code}")
                        check(headers["Retry-After"], "it does not say when to try again")
                        # Two seconds; a busy machine may take longer, and nobody waits for ever.
                        check(taken < 6, f"{path} without Redis took {taken:.1f} s")
                    check(node.health("live") == 200, "it does not live without Redis")
                    check(node.health() == 503, "it is ready without Redis")
                time.sleep(0.3)
            come_back(cluster.redis)
            is_away = False
            start = time.monotonic()
            for node in cluster.nodes:
                until(lambda: node.health() == 200, "it is not ready again")
            back = time.monotonic() - start
            right = wrong = 0
            for speech in speeches:
                status, headers, body = speech.result()
                if status == 200:
                    check(sha256(body) == headers["X-Audio-SHA256"], "an answer is not whole")
                    right += 1
                else:
                    check(status in (502, 503, 504) and json.loads(body)["error"]["code"] and headers["Retry-After"],
                          f"a request in flight got {status}: {body[:200]}")
                    wrong += 1
            until(lambda: len(cluster.jobs) >= 8, "jobs are not taken any more")
        finally:
            over.set()
            if is_away:
                # The driver would try for ever.
                come_back(cluster.redis)
        driver.result()
    cluster.finish(90)
    orphans = cluster.prove()
    return (f"refused within {slowest:.1f} s, ready again after {back:.1f} s, {len(cluster.jobs)} jobs done; of "
            f"{in_flight} requests in flight and {5 - in_flight} before, {right} were answered right and {wrong} with "
            f"an error; {len(orphans)} orphaned audios")


def test_no_job_is_lost_when_redis_is_restarted(folder):
    return redis_goes(folder, lambda redis: redis.end(signal.SIGTERM), lambda redis: redis.start())


def test_no_job_is_lost_when_redis_is_killed(folder):
    return redis_goes(folder, lambda redis: redis.end(signal.SIGKILL), lambda redis: redis.start())


def test_no_job_is_lost_when_redis_hangs(folder):
    return redis_goes(
        folder, lambda redis: redis.process.send_signal(signal.SIGSTOP),
        lambda redis: redis.process.send_signal(signal.SIGCONT))


def test_no_job_is_lost_whatever_the_object_store_does(folder):
    cluster = Cluster(folder)
    before = cluster.post(ORDERS[0])
    cluster.finish()
    resumed = 0
    results = []

    def fetch(node):
        start = time.monotonic()
        return *node.call(f"/api/v1/jobs/{before}/audio"), time.monotonic() - start

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for fault in ("500", "403", "cut", "hang"):
            for node in cluster.nodes:
                node.store.begin(fault)
            start = time.monotonic()
            fetched = [pool.submit(fetch, node) for node in cluster.nodes]
            for order in (SHORT, ORDERS[0]):
                cluster.post(order)
            until(lambda: sum(node.store.faulted.get("PUT", 0) for node in cluster.nodes) >= 2,
                  f"nothing was put into a store with {fault}")
            until(lambda: any(json.loads(node.call("/health/ready")[2])["checks"]["storage"] != "ok" for node in cluster.nodes),
                  f"a store with {fault} does not show")
            check(all(node.health() == 200 for node in cluster.nodes),
                  "nodes that can speak are taken out for a store that is away")
            if fault != "hang":
                concurrent.futures.wait(fetched, 30)
            time.sleep(max(0.0, start + 4 - time.monotonic()))
            for node in cluster.nodes:
                node.store.finish()
            slowest = 0.0
            for fetch_one in fetched:
                status, headers, body, taken = fetch_one.result()
                slowest = max(slowest, taken)
                if fault == "hang" and status == 200:
                    check(sha256(body) == REFERENCE[json.dumps(ORDERS[0])], "it is another audio after a hang")
                    continue
                check(status == 503, f"with {fault} a stored audio gave {status}: {body[:200]}")
                code = json.loads(body)["error"]["code"]
                check(code == "storage_unavailable", f"with {fault} a stored audio gave {code}")
                check(headers["Retry-After"] and taken < 30, f"with {fault} it took {taken:.1f} s")
            end = time.monotonic()
            cluster.finish(90)
            for job in cluster.failures():
                code = cluster.job(job)["error"]["code"]
                check(code == "storage_unavailable", f"with {fault} a job failed with {code}")
                status, _, _ = cluster.nodes[0].call(f"/api/v1/jobs/{job}/resume", method="POST")
                check(status == 202, f"resuming a job gave {status}")
                resumed += 1
            cluster.finish(90)
            for node in cluster.nodes:
                until(lambda: node.health() == 200, f"it is not ready again after {fault}")
            cluster.prove()
            results.append(f"{fault} ({slowest:.1f} s; jobs done {time.monotonic() - end:.1f} s after it)")
    return f"{', '.join(results)}; {resumed} jobs resumed, {len(cluster.prove())} orphaned audios"


def run(name, test):
    folder = tempfile.mkdtemp(prefix="cluster-faults-")
    before = time.monotonic()
    try:
        words = test(folder)
    except BaseException as error:
        print(f"cluster-faults: FAILED {name} ({folder}): {error!r}", file=sys.stderr, flush=True)
        raise
    finally:
        for cluster in [cluster for cluster in Cluster.open if cluster.folder == folder]:
            cluster.close()
        if not os.environ.get("KEEP"):
            shutil.rmtree(folder, ignore_errors=True)
    if os.environ.get("KEEP"):
        print(f"{time.monotonic() - before:.0f} s for {name} in {folder}", flush=True)
    if name:
        say(name[5:].replace("_", " ") + (f": {words}" if isinstance(words, str) else ""))
    return words


def give_up(*_):
    for cluster in Cluster.open:
        cluster.end_processes()
    os._exit(1)


signal.signal(signal.SIGTERM, give_up)
for program in ("redis-server", "rclone"):
    check(shutil.which(program), f"{program} is not installed")
REFERENCE = run("", undisturbed)
TESTS = [(name, test) for name, test in list(globals().items())
         if name.startswith("test_") and os.environ.get("ONLY", "") in name.replace("_", " ")]
failures = 0
# Most of them wait most of the time.
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    for result in [pool.submit(run, *test) for test in TESTS]:
        failures += result.exception() is not None
check(not failures, f"{failures} tests failed")
