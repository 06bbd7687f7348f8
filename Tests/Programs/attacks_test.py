"""Attacks that must fail, against servers of its own: attacks_test.py .build/debug/chatterbox

ATTACKS_SKIP=webhook-private,… leaves tests out, ATTACKS_ONLY=word,… runs only those with a word in their name.
"""

import base64
import concurrent.futures
import contextlib
import csv
import datetime
import functools
import glob
import gzip
import hmac
import http.client
import io
import ipaddress
import json
import os
import re
import resource
import shutil
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import warnings
import zipfile

import openai
import websockets.exceptions
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from websockets.sync.client import connect

import support
from support import environment, free_port, sha256, waiting

PROGRAM = os.path.abspath(sys.argv[1])
SKIP = [word for word in os.environ.get("ATTACKS_SKIP", "").split(",") if word]
ONLY = [word for word in os.environ.get("ATTACKS_ONLY", "").split(",") if word]
# A crash is found at once, not after the half minute that a backtrace takes.
os.environ["SWIFT_BACKTRACE"] = "enable=no"
# A thousand connections need more than what many shells allow, here and in the servers.
MOST_FILES = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))
ROOT = tempfile.mkdtemp()
SECRET = "a secret of the tests, long enough for everybody: more than 64 bytes of it"
AUDIT_SECRET = "another secret, which only the audit log knows"
ISSUER, AUDIENCE = "https://id.example", "chatterbox"
SPEECH = {"text": "Hi.", "model": "starter", "seed": 1}
LONG = {"text": " ".join(f"This is sentence number {index}." for index in range(2_000)), "model": "starter"}
PROTECTION = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "",
    "Content-Security-Policy": "", "X-Request-Id": "",
}


class Failure(Exception):
    pass


def check(condition, words):
    if not condition:
        raise Failure(words)


until = waiting(check, 30)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        try:
            return self.json["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self):
        return f"{self.status} {self.body[:200]!r}"


class Server(support.Server):
    """A server, and what it answered to those that it did not let in."""

    made = []
    # What a client trusts where the server speaks TLS.
    context = None

    def __init__(self, data, ready=True, **settings):
        super().__init__()
        self.data, self.settings = data, settings
        self.log = os.path.join(ROOT, f"{os.path.basename(os.path.dirname(data))}.{self.port}.log")
        self.key, self.refused, self.bare = None, [], 0
        os.makedirs(data, exist_ok=True)
        with open(self.log, "wb") as log:
            self.serve(PROGRAM, data, log, **{
                "MODELS_VOICES_DIR": os.path.join(data, "voices"), "SERVER_LOG_FORMAT": "json"} | settings)
        Server.made.append(self)
        if ready:
            until(lambda: self.health() == 200 or self.process.poll() is not None, "a server is not ready", 60)
            check(self.process.poll() is None, f"a server has ended: {self.log_text[-500:]}")

    @classmethod
    def with_keys(cls, data, **settings):
        """A server that asks for keys, and has one of an administrator."""
        settings = {"SECURITY_API_KEY_ENABLED": "true"} | settings
        key = None
        os.makedirs(data, exist_ok=True)
        made = subprocess.run(
            [PROGRAM, "keys", "create", "first", "--scopes", "admin"],
            env=environment(**{"SERVER_DATA_DIR": data} | settings), capture_output=True, text=True, timeout=60)
        if made.returncode == 0:
            key = made.stdout.strip().splitlines()[-1]
        else:
            # A program without that command.
            open_settings = {
                name: value for name, value in settings.items()
                if not name.startswith(("SECURITY_API_KEY", "SECURITY_JWT", "SECURITY_RATE"))}
            server = cls(data, **open_settings)
            answer = server.call("POST", "/api/v1/keys", {"name": "first", "scopes": ["admin"]}, key=None)
            check(answer.status == 201, f"no first key was made: {answer}")
            key = answer.json["key"]
            server.stop()
        check(re.fullmatch("cbx_[0-9a-f]{12}_[0-9a-f]{64}", key), "the first key does not look like one")
        server = cls(data, **settings)
        server.key = key
        return server

    @property
    def log_text(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def call(self, method, path, body=None, key=..., headers=(), address=..., type="application/json", timeout=30):
        """A request by the administrator, unless another key is given; every answer is looked at."""
        sent = dict(headers)
        key = self.key if key is ... else key
        if key is not None:
            sent.setdefault("Authorization", f"Bearer {key}")
        if self.settings.get("SECURITY_TRUSTED_PROXIES") and address is ...:
            # Each comes from elsewhere: guesses are slowed down by address.
            address = "10.{}.{}.{}".format(*os.urandom(3))
        if address not in (..., None):
            sent["X-Forwarded-For"] = address
        if body is not None:
            if type is not None:
                sent.setdefault("Content-Type", type)
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.connection(timeout)
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            answer = Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self.look_at(answer, f"{method} {path[:60]}")
        return answer

    def connection(self, timeout):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def look_at(self, answer, what):
        for name, value in PROTECTION.items():
            check(answer.headers.get(name), f"{what} was answered with {answer.status} without {name}")
            check(value in answer.headers[name], f"{what} was answered with {name}: {answer.headers[name]}")
        if answer.status in (401, 403, 421, 429):
            self.refused.append((answer.headers["X-Request-Id"], answer.status, answer.code))

    def make_key(self, *scopes, name="a key", **more):
        answer = self.call("POST", "/api/v1/keys", {"name": name, "scopes": list(scopes)} | more)
        check(answer.status == 201, f"a key was not made: {answer}")
        return answer.json["key"]

    def send(self, data, seconds=10, whole=False):
        """Sends bytes as they are, and reads until the server closes, or has answered and says nothing for a while.

        Returns what it said, and whether it closed.
        """
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            try:
                connection.sendall(data)
            except OSError:
                pass
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                connection.settimeout(0.3 if received and not whole else max(0.01, end - time.monotonic()))
                try:
                    chunk = connection.recv(65_536)
                except TimeoutError:
                    if received:
                        return received, False
                    continue
                except OSError:
                    return received, True
                if not chunk:
                    return received, True
                received += chunk
        return received, False

    @property
    def memory(self):
        """In bytes."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s*(\d+)", file.read())[1]) * 1024

    def check_alive(self, what):
        check(self.process.poll() is None, f"the server has ended after {what}")
        check(self.health() == 200, f"the server is not ready after {what}")


def folder(name):
    return os.path.join(ROOT, name, "data")


class Servers:
    """Those that many tests share; each is started when it is first needed."""

    def __init__(self):
        self.made, self.lock = {}, threading.Lock()

    def __getattr__(self, name):
        with self.lock:
            if name not in self.made:
                self.made[name] = getattr(self, f"make_{name}")()
            return self.made[name]

    def forget_the_dead(self):
        """Lets those that have ended be started again, so that one fault is not everybody's.

        Returns the last words of those.
        """
        words = []
        with self.lock:
            for name, server in list(self.made.items()):
                if server.process.poll() not in (None, 0):
                    fatal = re.findall(r"[^\n]*(?:Fatal error|ssertion failed|recondition)[^\n]*", server.log_text)
                    words.append(f"the server '{name}' has ended: {fatal[-1:] or server.log_text[-300:]}")
                    del self.made[name]
        return words

    def make_main(self):
        return Server.with_keys(
            folder("main"), SECURITY_JWT_SECRET=SECRET, SECURITY_JWT_ISSUER=ISSUER, SECURITY_JWT_AUDIENCE=AUDIENCE,
            SECURITY_TRUSTED_PROXIES="127.0.0.1", SECURITY_AUDIT_SECRET=AUDIT_SECRET,
            JOBS_WEBHOOK_SECRET="hooks", JOBS_WEBHOOK_HOSTS="hooks.example", QUEUE_CONCURRENT=1)

    def make_provider(self):
        os.makedirs(folder("provider"), exist_ok=True)
        with open(os.path.join(ROOT, "provider", "keys.json"), "w") as file:
            json.dump({"keys": [jwk(RSA_KEY, "rsa"), jwk(EC_KEY, "ec")]}, file)
        return Server(
            folder("provider"), SECURITY_JWT_JWKS_FILE=os.path.join(ROOT, "provider", "keys.json"),
            SECURITY_JWT_AUDIENCE=AUDIENCE, SECURITY_TRUSTED_PROXIES="127.0.0.1")

    def make_limits(self):
        return Server.with_keys(
            folder("limits"), SECURITY_RATE_LIMIT_REQUESTS_PER_MINUTE=30, SECURITY_RATE_LIMIT_BURST=6,
            JOBS_WEBHOOK_SECRET="hooks", JOBS_WEBHOOK_HOSTS="localhost")

    def make_open(self):
        return Server(
            folder("open"), SECURITY_RATE_LIMIT_REQUESTS_PER_MINUTE=6, SECURITY_RATE_LIMIT_BURST=5,
            JOBS_WEBHOOK_SECRET="hooks", JOBS_WEBHOOK_HOSTS="localhost", JOBS_WEBHOOK_PRIVATE="true")

    def make_slow(self):
        return Server(folder("slow"))

    def make_tls(self):
        return TLSServer.with_keys(folder("tls"), **tls("server", "server"))

    def make_usual(self):
        """As it is when nobody has set anything: it asks for no keys."""
        return Server(folder("usual"))


servers = Servers()


# Tokens


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value, size):
    return base64url(value.to_bytes(size, "big"))


RSA_KEY = rsa.generate_private_key(65_537, 2_048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
OCTETS = {"kty": "oct", "kid": "octets", "alg": "HS256", "k": base64url(b"published by mistake" * 2)}
THEIR_RSA_KEY = rsa.generate_private_key(65_537, 2_048)
THEIR_EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key, name):
    public = key.public_key().public_numbers()
    if isinstance(key, rsa.RSAPrivateKey):
        return {"kty": "RSA", "kid": name, "alg": "RS256", "use": "sig", "n": number(public.n, 256), "e": "AQAB"}
    return {"kty": "EC", "kid": name, "alg": "ES256", "crv": "P-256",
            "x": number(public.x, 32), "y": number(public.y, 32)}


def claims(**changes):
    """Good claims with changes; None leaves one out."""
    usual = {"sub": "mia", "iss": ISSUER, "aud": AUDIENCE, "exp": time.time() + 600, "scope": "speak read"}
    return {key: value for key, value in (usual | changes).items() if value is not None}


def token(content, key=SECRET.encode(), algorithm="HS256", **header):
    """Content is signed as it is, whatever it is; a key of None signs nothing."""
    header = {"alg": algorithm, "typ": "JWT"} | header
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    signed = f"{base64url(json.dumps(header).encode())}.{base64url(content)}"
    if isinstance(key, bytes):
        digest = {"HS384": "sha384", "HS512": "sha512"}.get(algorithm, "sha256")
        signature = hmac.new(key, signed.encode(), digest).digest()
    elif isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    elif key is not None:
        r, s = utils.decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    else:
        signature = b""
    return f"{signed}.{base64url(signature)}"


def check_refused(server, key, what):
    answer = server.call("GET", "/api/v1/languages", key=key)
    check(answer.status == 401 and answer.code == "unauthorized", f"{what} was answered with {answer}")
    check("Bearer" in answer.headers["WWW-Authenticate"], f"{what} was refused without WWW-Authenticate")


def check_taken(server, key, what, path="/api/v1/languages"):
    answer = server.call("GET", path, key=key)
    check(answer.status == 200, f"{what} was answered with {answer}")


# Keys


def test_nobody_comes_in_without_a_key():
    main = servers.main
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "openapi", "openapi.json")) as file:
        described = json.load(file)["paths"]
    calls = [
        (method.upper(), re.sub(r"\{[^}]*\}", "x", path)) for path, methods in described.items() for method in methods
        if method in ("get", "post", "put", "delete")]
    calls += [("GET", "/api/v1/keys"), ("POST", "/api/v1/keys"), ("DELETE", "/api/v1/keys/x"),
              ("POST", "/api/v1/keys/x/rotate"), ("GET", "/api/v1/audit"), ("GET", "/api/v1/audit/verify"),
              ("DELETE", "/api/v1/audit/subjects/x"), ("HEAD", "/api/v1/keys"), ("GET", "//api/v1/keys"),
              ("GET", "/api/v1/keys/"), ("GET", "/api//v1/keys?x=/health/live")]
    count = 0
    for method, path in calls:
        # The page, its parts and the probes are open to everybody.
        if not re.match(r"/*(api|v1)/", path) or path == "/api/v1/health":
            continue
        answer = main.call(method, path, {} if method in ("POST", "PUT") else None, key=None)
        check(answer.status == 401, f"{method} {path} without a key was answered with {answer}")
        check("Bearer" in answer.headers["WWW-Authenticate"], "there is no WWW-Authenticate")
        count += 1
    check(count > 30, f"only {count} paths were tried")
    for method, path in (("GET", "/API/V1/KEYS"), ("GET", "/api/v1/%6beys"), ("GET", "/health/../api/v1/keys"),
                         ("GET", "/api/v1/health/..%2fkeys"), ("TRACE", "/api/v1/keys"), ("GET", "/api/v1/keys;x")):
        answer = main.call(method, path, key=None)
        check(answer.status in (401, 404, 405), f"{method} {path} was answered with {answer}")


def test_a_wrong_key_is_as_good_as_none():
    main = servers.main
    good = main.make_key("speak", "read")
    check_taken(main, good, "a good key")
    last = "0" if good[-1] != "0" else "1"
    middle = "0" if good[40] != "0" else "1"
    wrong = {
        "an invented key": "cbx_" + "0" * 12 + "_" + "0" * 64, "another last digit": good[:-1] + last,
        "another digit": good[:40] + middle + good[41:], "a digit less": good[:-1], "a digit more": good + "0",
        "only its identifier": good[:17], "its identifier and nothing": good[:17] + "_", "capitals": good.upper(),
        "another secret": good[:17] + main.make_key("read")[17:], "spaces": good[:20] + " " + good[20:],
        "an empty word": "", "a wildcard": "cbx_%_%", "SQL": "cbx_' OR 1=1 --", "two keys": f"{good} {good}",
        "a NUL": good + "%00", "letters of other scripts": good[:-1] + "\u00e9", "a long one": "cbx_" + "a" * 50_000,
    }
    for what, key in wrong.items():
        check_refused(main, key.encode().decode("latin-1"), what)
    for value in (good, f"Basic {base64.b64encode(f'{good}:'.encode()).decode()}", f"Token {good}", f"Bearer{good}"):
        answer = main.call("GET", "/api/v1/languages", key=None, headers={"Authorization": value})
        check(answer.status == 401, f"Authorization: {value[:12]}… was answered with {answer}")
    answer = main.call("GET", f"/api/v1/languages?access_token={good}", key=None)
    check(answer.status == 401, "a key in an address counts outside of WebSockets")


def test_a_key_is_taken_in_every_proper_way():
    main = servers.main
    good = main.make_key("read")
    for headers in ({"Authorization": f"bearer {good}"}, {"Authorization": f"BEARER {good}"},
                    {"Authorization": f"Bearer   {good}"}, {"X-API-Key": good}, {"x-api-key": good}):
        answer = main.call("GET", "/api/v1/languages", key=None, headers=headers)
        check(answer.status == 200, f"{list(headers.items())[0][1][:10]}… was answered with {answer}")


def test_a_revoked_key_is_good_for_nothing():
    main = servers.main
    key = main.make_key("speak", "read")
    check_taken(main, key, "a good key")
    answer = main.call("DELETE", f"/api/v1/keys/{key[4:16]}")
    check(answer.status == 200 and answer.json["revoked"], f"revoking was answered with {answer}")
    check_refused(main, key, "a revoked key")
    answer = main.call("POST", f"/api/v1/keys/{key[4:16]}/rotate", {"grace_hours": 24})
    check(answer.status == 409, f"a revoked key was rotated: {answer}")
    check_refused(main, key, "a revoked key")


def test_an_expired_key_is_good_for_nothing():
    main = servers.main
    key = main.make_key("read", expires_in_days=0.001)
    check_taken(main, key, "a key that has not expired")
    short = main.call("POST", "/api/v1/keys", {"name": "x", "scopes": ["read"], "expires_in_days": -1})
    check(short.status == 422, f"a key that never was valid was made: {short}")
    # The shortest time there is, 86.4 s, is too long to wait for: it is changed where it is kept.
    unused = main.make_key("read", expires_in_days=0.001)
    with contextlib.closing(sqlite3.connect(os.path.join(folder("main"), "node.sqlite"), timeout=10)) as database:
        (text,) = database.execute("SELECT key FROM apiKey WHERE id = ?", (unused[4:16],)).fetchone()
        kept = json.loads(text)
        # The database's driver writes milliseconds.
        kept["expires"] -= 90 * (1_000 if kept["expires"] > 1e11 else 1)
        changed = json.dumps(kept) if isinstance(text, str) else json.dumps(kept).encode()
        database.execute("UPDATE apiKey SET key = ? WHERE id = ?", (changed, unused[4:16]))
        database.commit()
    check_refused(main, unused, "an expired key")


def test_a_rotated_key_lives_for_its_grace_and_no_longer():
    main = servers.main
    old = main.make_key("read")
    check_taken(main, old, "a good key")
    new = main.call("POST", f"/api/v1/keys/{old[4:16]}/rotate", {"grace_hours": 1}).json["key"]
    check(new[:17] == old[:17] and new != old, "the new key is not the same with another secret")
    check_taken(main, old, "the key before, within its grace")
    check_taken(main, new, "the new key")
    newer = main.call("POST", f"/api/v1/keys/{old[4:16]}/rotate", {"grace_hours": 0}).json["key"]
    check_refused(main, new, "the key before without grace")
    check_refused(main, old, "the key before the one before")
    check_taken(main, newer, "the newest key")
    soon = main.call("POST", f"/api/v1/keys/{old[4:16]}/rotate", {"grace_hours": 1 / 3600}).json["key"]
    time.sleep(1.2)
    check_refused(main, newer, "the key before after its grace")
    check_taken(main, soon, "the newest key")


def test_a_key_does_only_what_its_scopes_allow():
    main = servers.main
    speak, read, voices = main.make_key("speak"), main.make_key("read"), main.make_key("voices")
    closed = [("GET", "/api/v1/keys"), ("POST", "/api/v1/keys"), ("DELETE", "/api/v1/keys/x"),
              ("POST", "/api/v1/keys/x/rotate"), ("POST", "/api/v1/models/starter/load"),
              ("POST", "/api/v1/models/starter/unload"), ("POST", "/api/v1/models/starter/activate"),
              ("GET", "/api/v1/audit"), ("GET", "/api/v1/audit/verify"), ("DELETE", "/api/v1/audit/subjects/x")]
    voice = [("POST", "/api/v1/voices"), ("DELETE", "/api/v1/voices/x"), ("POST", "/api/v1/presets"),
             ("PUT", "/api/v1/presets/x"), ("DELETE", "/api/v1/presets/x")]
    speech = [("POST", "/api/v1/tts/generate"), ("POST", "/api/v1/tts/stream"), ("POST", "/api/v1/tts/batch"),
              ("POST", "/api/v1/jobs"), ("GET", "/api/v1/jobs"), ("POST", "/v1/audio/speech"),
              ("GET", "/api/v1/audio/x"), ("GET", "/api/v1/jobs/x"), ("DELETE", "/api/v1/jobs/x"),
              ("GET", "/api/v1/jobs/x/audio"), ("POST", "/api/v1/watermark/detect")]
    reading = [("GET", "/api/v1/models"), ("GET", "/api/v1/voices"), ("GET", "/api/v1/queue"), ("GET", "/api/v1/usage")]
    refused = {speak: closed + voice + reading, read: closed + voice + speech, voices: closed + speech + reading}
    for key, calls in refused.items():
        for method, path in calls:
            answer = main.call(method, path, {} if method != "GET" else None, key=key)
            allowed = "/".join(name for name, its in (("speak", speak), ("read", read), ("voices", voices)) if its == key)
            check(answer.status == 403, f"{method} {path} with the scope {allowed} was answered with {answer}")
    check(main.call("POST", "/api/v1/tts/generate", SPEECH, key=speak).status == 200, "speak may not speak")
    check_taken(main, read, "the scope read", "/api/v1/voices")
    for scopes in ([], ["root"], ["admin\n"], "admin", {"admin": True}):
        answer = main.call("POST", "/api/v1/keys", {"name": "x", "scopes": scopes})
        check(answer.status == 422, f"a key with the scopes {scopes} was answered with {answer}")


def check_strangers(main, job, stranger, what):
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/resume"), ("GET", "/audio")):
        answer = main.call(method, f"/api/v1/jobs/{job}{path}", {} if method == "POST" else None, key=stranger)
        check(answer.status == 404 and answer.code == "unknown_job",
              f"{method} of another caller's job by {what} was answered with {answer}")
    listed = main.call("GET", "/api/v1/jobs?limit=200", key=stranger).json["jobs"]
    check(job not in [each["id"] for each in listed], f"another caller's job is listed for {what}")


def test_what_is_another_callers_stays_theirs():
    main = servers.main
    owner, stranger = main.make_key("speak", name="owner"), main.make_key("speak", "read", "voices")
    done = main.call("POST", "/api/v1/jobs", SPEECH, key=owner).json["id"]
    job = main.call("POST", "/api/v1/jobs", LONG, key=owner, headers={"Idempotency-Key": "same"}).json["id"]
    check_strangers(main, job, stranger, "a key")
    check_strangers(main, job, token(claims(sub="mia", scope="speak")), "a token")
    again = main.call("POST", "/api/v1/jobs", LONG, key=stranger, headers={"Idempotency-Key": "same"}).json["id"]
    check(again != job, "the same idempotency key gives another caller's job")
    main.call("DELETE", f"/api/v1/jobs/{again}", key=stranger)
    status = main.call("GET", f"/api/v1/jobs/{job}", key=owner)
    check(status.status == 200 and status.json["status"] in ("queued", "running"), f"the job is not untouched: {status}")
    check(main.call("GET", f"/api/v1/jobs/{job}").status == 200, "an administrator does not see a job")
    check(main.call("DELETE", f"/api/v1/jobs/{job}", key=owner).status == 200, "its owner cannot cancel a job")
    until(lambda: main.call("GET", f"/api/v1/jobs/{done}", key=owner).json["status"] == "done", "a job does not end")
    check_strangers(main, done, stranger, "a key")
    check(main.call("GET", f"/api/v1/jobs/{done}/audio", key=owner).status == 200, "its owner gets no audio")


def test_a_token_cannot_take_the_name_of_a_key():
    main = servers.main
    owner = main.make_key("speak")
    job = main.call("POST", "/api/v1/jobs", LONG, key=owner).json["id"]
    try:
        check_strangers(main, job, token(claims(sub=owner[4:16], scope="speak")), "a token whose subject is its key's id")
    finally:
        main.call("DELETE", f"/api/v1/jobs/{job}")


def test_idempotency_keys_of_two_callers_never_meet():
    main = servers.main
    first = token(claims(sub="eve", scope="speak"))
    second = token(claims(sub="eve smith", scope="speak"))
    job = main.call("POST", "/api/v1/jobs", SPEECH, key=second, headers={"Idempotency-Key": "book"}).json["id"]
    other = main.call("POST", "/api/v1/jobs", SPEECH, key=first, headers={"Idempotency-Key": "smith book"}).json["id"]
    check(job != other, "subject 'eve' with the key 'smith book' was given the job of 'eve smith' with the key 'book'")


# Tokens


def test_a_good_token_is_taken():
    main = servers.main
    check_taken(main, token(claims()), "a good token")
    check_taken(main, token(claims(aud=["others", AUDIENCE])), "a token for several")
    check_taken(main, token(claims(nbf=time.time() - 5), algorithm="HS384"), "a token with HS384")
    check_taken(main, token(claims(scope=None)), "a token that says nothing about scopes")
    check_taken(main, token(claims(scope=None, scp=["read"])), "a token with scp")
    answer = main.call("GET", "/api/v1/languages", key=None, headers={"Authorization": f"bEaReR {token(claims())}"})
    check(answer.status == 200, f"another case of the word Bearer was answered with {answer}")
    check_taken(main, token(claims(scope="admin")), "an administrator's token", "/api/v1/keys")
    for content in (claims(scope="read"), claims(scope=None, scp=["read"]), claims(scope=""), claims(scope="Speak"),
                    claims(scope="speak,admin"), claims(scope=None, scp=[])):
        answer = main.call("POST", "/api/v1/tts/generate", SPEECH, key=token(content))
        check(answer.status == 403, f"scopes {content.get('scope')} {content.get('scp')} were answered with {answer}")
    answer = main.call("GET", "/api/v1/keys", key=token(claims(scope=None)))
    check(answer.status == 403, f"a token that says nothing may do everything: {answer}")


def test_a_token_with_wrong_claims_is_refused():
    main, now = servers.main, time.time()
    wrong = {
        "an expired token": claims(exp=now - 1), "a token that is not valid yet": claims(nbf=now + 60),
        "a token without exp": claims(exp=None), "an exp that is text": claims(exp="9999999999"),
        "an exp that is true": claims(exp=True), "an exp of 0": claims(exp=0), "an exp below 0": claims(exp=-now),
        "an exp that is a list": claims(exp=[now + 60]), "another audience": claims(aud="others"),
        "no audience": claims(aud=None), "an audience that begins alike": claims(aud=AUDIENCE + ".evil"),
        "a list of other audiences": claims(aud=["a", "b"]),
        "another issuer": claims(iss="https://evil.example"), "no issuer": claims(iss=None),
        "an issuer that begins alike": claims(iss=ISSUER + ".evil"), "a list of issuers": claims(iss=[ISSUER]),
        "no subject": claims(sub=None), "an empty subject": claims(sub=""), "a long subject": claims(sub="a" * 300),
        "a subject that is a number": claims(sub=7), "claims that are a list": b"[1]", "claims that are no JSON": b"{",
        "claims that are nothing": b"", "claims nested deeply": b'{"sub":' * 3_000, "bytes": bytes(range(256)),
    }
    for what, content in wrong.items():
        check_refused(main, token(content), what)
    twice = json.dumps(claims(exp=now - 60))[:-1] + f', "exp": {now - 30}}}'
    check_refused(main, token(twice.encode()), "a token with exp twice")


def test_a_token_that_is_not_signed_is_refused():
    main = servers.main
    for name in ("none", "None", "NONE", "nOnE", "none ", "", "null", "HS256\u0000", "hs256", "HS1", "RS256", "ES256"):
        check_refused(main, token(claims(), None, name), f"alg {name!r} without a signature")
        check_refused(main, token(claims(), SECRET.encode(), name).rsplit(".", 1)[0] + ".", f"alg {name!r}")
    for name in ("none", "None", "nOnE"):
        check_refused(main, token(claims(), SECRET.encode(), name), f"alg {name!r} with a good signature")
        check_refused(main, token(claims(), None, name).rstrip("."), f"alg {name!r} without the last part")
    good, other = token(claims()), token(claims(sub="admin", scope="admin"))
    head, body, signature = good.split(".")
    changed = base64url(json.dumps(claims(scope="admin")).encode())
    for what, forged in {
        "a changed payload": f"{head}.{changed}.{signature}", "another token's signature": f"{head}.{body}.{other.split('.')[2]}",
        "no signature": f"{head}.{body}.", "half a signature": f"{head}.{body}.{signature[:20]}",
        "a signature in hexadecimal": f"{head}.{body}.{base64.urlsafe_b64decode(signature + '=').hex()}",
        "a longer signature": f"{head}.{body}.{signature}AAAA", "a header that is no JSON": f"e30.{body}.{signature}",
        "four parts": f"{good}.{signature}", "two parts": f"{head}.{body}", "empty parts": "..", "a thousand dots": "." * 1_000,
        "words": "not a token", "a huge token": token(claims(x="a" * 40_000)), "a huge header": token(claims(), x="a" * 40_000),
        "another secret": token(claims(), b"guess"), "an empty secret": token(claims(), b""),
        "a header with alg as a list": token(claims(), alg=["HS256"]),
    }.items():
        check_refused(main, forged, what)


def test_a_token_for_nobody_ends_no_server():
    main = servers.main
    check_refused(main, token(claims(aud=[]), b"guess"), "an empty list of audiences with another secret")
    check_refused(main, token(claims(aud=[])), "an empty list of audiences")


def test_a_tokens_header_does_not_choose_its_key():
    main, provider = servers.main, servers.provider
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/keys.json"
        for name in ("../../../../../../dev/null", "/dev/null", "", "\u0000", "x' UNION SELECT 'x' --", "' OR '1'='1",
                     "$(id)", "octets", address, "a" * 4_000):
            for secret in (b"", b"x", b"\0", name.encode()):
                check_refused(main, token(claims(), secret, kid=name), f"kid {name[:20]!r}")
            check_refused(provider, token(claims(), b"", kid=name), f"kid {name[:20]!r}")
            check_refused(provider, token(claims(), THEIR_RSA_KEY, "RS256", kid=name), f"kid {name[:20]!r}")
        their = jwk(THEIR_RSA_KEY, "theirs")
        der = THEIR_RSA_KEY.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        for header in ({"jwk": their}, {"jwk": their, "kid": "theirs"}, {"jwk": their, "kid": "rsa"}, {"jku": address},
                       {"jku": address, "kid": "theirs"}, {"x5u": address}, {"jwk": OCTETS, "kid": "octets"},
                       {"x5c": [base64.b64encode(der).decode()]}, {"x5c": [base64.b64encode(der).decode()], "kid": "rsa"}):
            check_refused(provider, token(claims(), THEIR_RSA_KEY, "RS256", **header), f"a header with {list(header)}")
            check_refused(main, token(claims(), THEIR_RSA_KEY, "RS256", **header), f"a header with {list(header)}")
        listener.settimeout(0.2)
        try:
            listener.accept()
            raise Failure("a token made the server connect to its author")
        except TimeoutError:
            pass


def test_a_public_key_is_no_secret():
    provider = servers.provider
    check_taken(provider, token(claims(), RSA_KEY, "RS256", kid="rsa"), "a good token with RS256")
    check_taken(provider, token(claims(), EC_KEY, "ES256", kid="ec"), "a good token with ES256")
    public = RSA_KEY.public_key()
    secrets = {
        f"{form} as {encoding}": public.public_bytes(encoding, form)
        for form in (serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PublicFormat.PKCS1)
        for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)}
    secrets |= {f"{name} without its end": secret.rstrip() for name, secret in secrets.items()}
    secrets["the modulus"] = jwk(RSA_KEY, "")["n"].encode()
    secrets["the modulus's bytes"] = public.public_numbers().n.to_bytes(256, "big")
    secrets["a secret among the public keys"] = base64.urlsafe_b64decode(OCTETS["k"] + "==")
    secrets["nothing"] = b""
    for what, secret in secrets.items():
        for algorithm in ("HS256", "HS384", "HS512"):
            for header in ({}, {"kid": "rsa"}, {"kid": "octets"}):
                check_refused(provider, token(claims(), secret, algorithm, **header), f"{algorithm} with {what}")
    zeros = token(claims(), None, "ES256", kid="ec")
    wrong = {
        "a signature of zeros": zeros + base64url(bytes(64)), "an empty signature": zeros,
        "an empty signature with RS256": token(claims(), None, "RS256", kid="rsa"),
        "another RSA key": token(claims(), THEIR_RSA_KEY, "RS256", kid="rsa"),
        "another EC key": token(claims(), THEIR_EC_KEY, "ES256", kid="ec"),
        "RS256 with the EC key's name": token(claims(), THEIR_RSA_KEY, "RS256", kid="ec"),
        "alg none": token(claims(), None, "none", kid="rsa"),
        "alg RS256, signed with ES256": token(claims(), EC_KEY, "RS256", kid="rsa"),
        "another audience": token(claims(aud="others"), RSA_KEY, "RS256", kid="rsa"),
        "no audience": token(claims(aud=None), RSA_KEY, "RS256", kid="rsa"),
        "an expired token": token(claims(exp=time.time() - 1), RSA_KEY, "RS256", kid="rsa"),
    }
    for what, forged in wrong.items():
        check_refused(provider, forged, what)
    check_refused(provider, "cbx_" + "0" * 12 + "_" + "0" * 64, "a key where none are taken")


def test_secrets_and_key_sets_of_any_size_are_borne():
    servers_ = []
    try:
        short = SECRET[:32]
        one = Server(folder("short"), SECURITY_JWT_SECRET=short)
        servers_.append(one)
        os.makedirs(folder("mixed"))
        with open(os.path.join(ROOT, "mixed", "keys.json"), "w") as file:
            json.dump({"keys": [
                OCTETS, {"kty": "unknown", "kid": "new"}, {"kty": "RSA", "kid": "half"}, jwk(RSA_KEY, "rsa"), jwk(EC_KEY, "ec")]}, file)
        two = Server(
            folder("mixed"), SECURITY_JWT_JWKS_FILE=os.path.join(ROOT, "mixed", "keys.json"), SECURITY_JWT_AUDIENCE=AUDIENCE)
        servers_.append(two)
        words = []
        try:
            check_taken(one, token(claims(), short.encode()), "a token with a secret of 32 bytes")
            check_refused(one, token(claims(), short[:31].encode()), "a token with another secret")
        except (OSError, http.client.HTTPException):
            words.append("with a secret of 32 bytes the server ends at the first token: " + one.log_text.strip()[-200:])
        try:
            check_taken(two, token(claims(), RSA_KEY, "RS256", kid="rsa"), "a token of a provider with keys of unknown kinds")
            check_refused(two, token(claims(), base64.urlsafe_b64decode(OCTETS["k"] + "=="), kid="octets"), "a published secret")
        except Failure as failure:
            words.append(str(failure))
        check(not words, "; ".join(words))
    finally:
        for server in servers_:
            server.kill()


# WebSockets


def open_socket(server, query="", **headers):
    more = {"X-Forwarded-For": "10.9.{}.{}".format(*os.urandom(2))} if server.settings.get("SECURITY_TRUSTED_PROXIES") else {}
    return connect(
        f"{'wss' if server.context else 'ws'}://127.0.0.1:{server.port}/api/v1/tts/ws{query}", ssl=server.context,
        additional_headers=headers | more, proxy=None, open_timeout=5, max_size=None)


def say(socket_, *messages):
    """Sends messages and waits for what ends them."""
    for message in messages:
        socket_.send(json.dumps(message))
    while True:
        event = socket_.recv(timeout=30)
        if isinstance(event, str) and json.loads(event)["type"] in ("done", "error", "pong"):
            return json.loads(event)


UTTERANCE = ({"type": "start", "model": "starter", "seed": 1}, {"type": "text", "text": "Hi there."}, {"type": "end"})


def check_no_socket(server, status, query="", **headers):
    try:
        with open_socket(server, query, **headers):
            pass
        raise Failure(f"a WebSocket with {query[:20]} {headers} was let in")
    except websockets.exceptions.InvalidStatus as refusal:
        found = refusal.response
        check(found.status_code == status, f"{query[:20]} {headers} was answered with {found.status_code}")
        server.look_at(Answer(found.status_code, found.headers, found.body or b""), "a WebSocket")


def test_a_websocket_needs_a_key_too():
    main = servers.main
    good, reader = main.make_key("speak"), main.make_key("read")
    for query, headers, status in (
        ("", {}, 401), ("?access_token=", {}, 401), ("?access_token=cbx_x", {}, 401),
        (f"?access_token={good[:-1]}", {}, 401), ("", {"Authorization": "Bearer x"}, 401),
        (f"?access_token={reader}", {}, 403), (f"?access_token={token(claims(exp=time.time() - 9))}", {}, 401),
        (f"?access_token={good}", {"Authorization": "Bearer wrong"}, 401),
    ):
        check_no_socket(main, status, query, **headers)
    for query, headers in ((f"?access_token={good}", {}), ("", {"Authorization": f"Bearer {good}"}),
                           ("", {"X-API-Key": good}), (f"?access_token={token(claims(scope='speak'))}", {})):
        with open_socket(main, query, **headers) as opened:
            check(say(opened, {"type": "ping"})["type"] == "pong", f"a WebSocket with {query[:20]} says nothing")


def test_a_revoked_key_ends_what_an_open_websocket_may():
    main = servers.main
    key = main.make_key("speak")
    with open_socket(main, f"?access_token={key}") as opened:
        first = say(opened, *UTTERANCE)
        check(first["type"] == "done", f"an utterance ended with {first}")
        main.call("DELETE", f"/api/v1/keys/{key[4:16]}")
        try:
            second = say(opened, *UTTERANCE)
            check(second["type"] == "error" and second["error"]["code"] == "unauthorized",
                  f"after its key was revoked an utterance ended with {second}")
        except websockets.exceptions.ConnectionClosed:
            return
    refused = [entry["core"] for entry in entries(main) if entry["core"]["action"] == "socket utterance"]
    check(any((core.get("status"), core["outcome"]) == (401, "unauthorized") for core in refused),
          "the refused utterance is not in the audit log")


def test_a_websocket_bears_what_is_too_large_or_malformed():
    main = servers.main
    key = main.make_key("speak")

    def closed(send):
        with open_socket(main, "?model=starter", Authorization=f"Bearer {key}") as opened:
            try:
                send(opened)
                while True:
                    event = opened.recv(timeout=10)
                    if isinstance(event, str) and json.loads(event)["type"] == "error":
                        return "error"
            except websockets.exceptions.ConnectionClosed as end:
                return end.rcvd.code if end.rcvd else 1006
            except TimeoutError:
                return "nothing"

    large = json.dumps({"type": "text", "text": "a" * 70_000})
    check(closed(lambda opened: opened.send(large)) in (1009, 1006), "a frame of 70 kB is taken")
    check(closed(lambda opened: opened.send("a" * 5_000_000)) in (1009, 1006), "a frame of 5 MB is taken")
    check(closed(lambda opened: opened.send(iter([large[:40_000]] * 40))) in (1009, 1006), "40 fragments are taken")
    check(closed(lambda opened: opened.send(b"\0" * 100)) == 1003, "a binary message is taken")
    check(closed(lambda opened: opened.send("[" * 60_000)) == "error", "nesting is not an error")
    check(closed(lambda opened: opened.send("{")) == "error", "half an object is not an error")
    check(closed(lambda opened: opened.socket.sendall(b"\x83\x80abcd")) in (1002, 1006), "an unknown opcode is taken")
    check(closed(lambda opened: opened.socket.sendall(b"\x81\xff" + b"\xff" * 8 + b"abcd")) in (1002, 1009, 1006),
          "a frame of 2^64 bytes is taken")
    check(closed(lambda opened: opened.socket.sendall(b"\x89\xfe\x01\x00" + bytes(260))) in (1002, 1006),
          "a ping of 256 bytes is taken")
    main.check_alive("WebSocket frames")


def test_a_websocket_takes_no_frame_that_is_not_masked_or_has_an_extension():
    """RFC 6455, sections 5.1 and 5.2."""
    main = servers.main
    key = main.make_key("speak")
    head = (f"GET /api/v1/tts/ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {key}\r\n\r\n").encode()
    wrong = []
    for what, frame in (("without a mask", b'\x81\x0f{"type":"ping"}'), ("with a reserved bit", b"\xc1\x80abcd")):
        with socket.create_connection(("127.0.0.1", main.port), timeout=5) as connection:
            connection.sendall(head)
            check(b" 101 " in connection.recv(4_096), "there is no WebSocket")
            connection.sendall(frame)
            said = connection.recv(4_096)
            if said and said[:1] != b"\x88":
                wrong.append(f"a frame {what} was answered with {said[:40]!r}")
    check(not wrong, "; ".join(wrong))


# Rates


def passed(server, count, path="/api/v1/languages", **more):
    """How many of that many requests were taken; the others must be told when to come again."""
    taken = 0
    for _ in range(count):
        answer = server.call("GET", path, **more)
        if answer.status == 429:
            check(answer.code == "rate_limited", f"the code is {answer.code}")
            check(1 <= int(answer.headers["Retry-After"]) <= 60, f"Retry-After is {answer.headers['Retry-After']}")
        taken += answer.status == 200
    return taken


def test_who_asks_too_often_has_to_wait():
    limits = servers.limits
    key = limits.make_key("read")
    start = time.monotonic()
    taken = passed(limits, 12, key=key)
    most = 6 + int((time.monotonic() - start) / 2) + 1
    check(6 <= taken <= most, f"{taken} of 12 were taken at once")
    time.sleep(int(limits.call("GET", "/api/v1/languages", key=key).headers["Retry-After"]))
    check(passed(limits, 1, key=key) == 1, "after Retry-After the next is refused, too")
    # Forbidden requests count as well.
    forbidden = limits.make_key("read", requests_per_minute=1, burst=3)
    status = [limits.call("GET", "/api/v1/keys", key=forbidden).status for _ in range(5)]
    check(status == [403, 403, 403, 429, 429], f"forbidden requests were answered with {status}")


def test_a_keys_own_limit_is_the_one_that_counts():
    limits = servers.limits
    time.sleep(2)
    less = limits.make_key("read", requests_per_minute=1, burst=2)
    time.sleep(2)
    more = limits.make_key("read", requests_per_minute=1, burst=15)
    check(passed(limits, 5, key=less) == 2, "a key's smaller limit does not count")
    check(passed(limits, 20, key=more) == 15, "a key's larger limit does not count")
    for headers in ({"X-Forwarded-For": "1.2.3.4"}, {"X-API-Key": less}, {"Forwarded": "for=1.2.3.4"}):
        check(passed(limits, 1, key=less, headers=headers) == 0, f"{list(headers)} gives a new bucket")


def test_guessing_is_slowed_down_wherever_it_says_it_comes_from():
    limits, main = servers.limits, servers.main

    def guess(server, address):
        return server.call("GET", "/api/v1/languages", key="cbx_" + os.urandom(6).hex() + "_" + "0" * 64, address=address).status

    status = [guess(limits, f"10.0.0.{index}") for index in range(90)]
    check(429 in status, "an untrusted peer may guess as often as it invents addresses")
    check(guess(limits, None) == 429, "an address in X-Forwarded-For gives an untrusted peer a new bucket")
    # A good key is not locked out by it.
    answer = limits.call("GET", "/api/v1/languages")
    check(answer.status in (200, 429) and answer.code in (None, "rate_limited"), f"a good key got {answer}")
    status = [guess(main, "198.51.100.7") for _ in range(90)]
    check(429 in status, "behind a trusted proxy one may guess as often as one likes")
    check(guess(main, "198.51.100.8") == 401, "a trusted proxy's clients share a bucket")
    for spoofed in ("203.0.113.{}, 198.51.100.7", "203.0.113.{},198.51.100.7, 127.0.0.1", "x, 203.0.113.{}, 198.51.100.7",
                    "203.0.113.{} , 198.51.100.7 "):
        found = [guess(main, spoofed.format(index)) for index in range(4)]
        check(429 in found, f"X-Forwarded-For: {spoofed} gives a new bucket")


def test_without_keys_the_address_counts_and_nothing_that_is_sent():
    server = servers.open
    taken = passed(server, 8)
    check(5 <= taken <= 6, f"{taken} of 8 were taken at once")
    for headers in ({"X-Forwarded-For": "10.1.1.1"}, {"X-API-Key": "x"}, {"X-Real-IP": "10.1.1.1"}, {"User-Agent": "y"}):
        check(passed(server, 3, headers=headers) <= 1, f"{list(headers)[0]} gives a new bucket")
    check(passed(server, 6, path="/api/v1/models") <= 1, "another path gives a new bucket")
    invented = sum(passed(server, 1, headers={"Authorization": f"Bearer {index}"}) for index in range(8))
    check(invented <= 2, f"an invented Authorization gives a new bucket: {invented} of 8 were taken")


def test_two_nodes_with_one_redis_count_and_revoke_together():
    if not shutil.which("redis-server"):
        return "not tried, since there is no redis-server"
    port = free_port()
    redis = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, "Redis does not start")
        address = f"redis://127.0.0.1:{port}"
        first = Server.with_keys(folder("node1"), CACHE_REDIS_URL=address)
        second = Server(folder("node2"), SECURITY_API_KEY_ENABLED="true", CACHE_REDIS_URL=address)
        second.key = first.key
        key = first.make_key("read", requests_per_minute=1, burst=10)
        taken = [passed(node, 4, key=key) for node in (first, second, first, second)]
        check(sum(taken) == 10, f"{taken} were taken by two nodes where 10 may be")
        other = first.make_key("read")
        check_taken(second, other, "another node's key")
        first.call("DELETE", f"/api/v1/keys/{other[4:16]}")
        check_refused(first, other, "a revoked key")
        until(lambda: second.call("GET", "/api/v1/languages", key=other).status == 401, "another node takes a revoked key", 7)
        found = subprocess.run(["redis-cli", "-p", str(port), "hvals", "chatterbox:keys"], capture_output=True, text=True)
        check(key[4:16] in found.stdout, "the keys are not where they were looked for")
        check(key[17:] not in found.stdout, "Redis has a key in clear")
    finally:
        redis.kill()
        redis.wait()
        for server in Server.made:
            if server.settings.get("CACHE_REDIS_URL"):
                server.kill()


# Web pages of others, which a browser lets send requests to any server


def foreign_pages(server):
    """What browsers say for pages that are not the server's own."""
    evil = "https://evil.example"
    return (
        {"Origin": evil, "Sec-Fetch-Site": "cross-site"}, {"Origin": evil}, {"Origin": "null"},
        {"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}, {"Origin": "http://127.0.0.1"},
        {"Origin": f"http://localhost:{server.port}"}, {"Origin": f"https://127.0.0.1:{server.port}.evil.example"},
        {"Origin": f"http://127.0.0.1:{server.port}@evil.example"}, {"Origin": f"chrome-extension://127.0.0.1:{server.port}"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    )


def test_a_page_of_another_site_may_ask_for_nothing_without_keys():
    usual = servers.usual
    upload, form_type = form({"name": "theirs"}, wav())
    # What a browser sends without asking the server first, and what it asks for: neither is done.
    calls = (
        ("POST", "/api/v1/keys", {"name": "theirs", "scopes": ["admin"]}, None),
        ("POST", "/api/v1/keys", {"name": "theirs", "scopes": ["admin"]}, "text/plain"),
        ("POST", "/api/v1/keys", {"name": "theirs", "scopes": ["admin"]}, "application/json"),
        ("POST", "/api/v1/keys/x/rotate", None, None), ("POST", "/api/v1/models/starter/unload", None, None),
        ("POST", "/api/v1/models/starter/load", None, None), ("POST", "/api/v1/voices", upload, form_type),
        ("POST", "/api/v1/tts/generate", SPEECH, None), ("POST", "/api/v1/tts/stream", SPEECH, None),
        ("POST", "/api/v1/jobs", SPEECH, None), ("POST", "/v1/audio/speech", {"model": "tts-1", "input": "Hi."}, None),
        ("POST", "/api/v1/watermark/detect", wav(), "text/plain"), ("GET", "/api/v1/keys", None, None),
        ("GET", "/api/v1/audit", None, None), ("GET", "/api/v1/voices/default/preview", None, None),
        ("GET", "/v1/models", None, None), ("HEAD", "/api/v1/keys", None, None), ("GET", "/api/v1/tts/ws", None, None),
        ("DELETE", "/api/v1/audit/subjects/x", None, None), ("PUT", "/api/v1/presets/theirs", {"model": "starter"}, None),
    )
    for headers in foreign_pages(usual):
        for method, path, body, its in calls:
            answer = usual.call(method, path, body, headers=headers, type=its)
            check(answer.status == 403 and (answer.code == "cross_site" or method == "HEAD"),
                  f"{method} {path} for a page with {headers} was answered with {answer}")
            check("Access-Control-Allow-Origin" not in answer.headers, f"{path} lets pages read its answers")
        answer = usual.call("OPTIONS", "/api/v1/keys", headers=headers | {
            "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"})
        check(answer.status >= 400, f"a browser that asks for {headers} was answered with {answer}")
    check(usual.call("GET", "/api/v1/keys").json["keys"] == [], "a page has made a key")
    usual.check_alive("requests of other sites' pages")


def test_the_servers_own_page_and_programs_are_served_without_keys():
    usual = servers.usual
    for headers in ({"Origin": f"http://127.0.0.1:{usual.port}", "Sec-Fetch-Site": "same-origin"},
                    {"Origin": f"http://localhost:{usual.port}", "Host": f"localhost:{usual.port}"},
                    {"Origin": f"http://[::1]:{usual.port}", "Host": f"[::1]:{usual.port}"},
                    {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
        for its in ("application/json", None):
            answer = usual.call("POST", "/api/v1/tts/generate", SPEECH, headers=headers, type=its)
            check(answer.status == 200, f"a request with {headers} and the type {its} was answered with {answer}")
        check(usual.call("GET", "/v1/models", headers=headers).status == 200, f"OpenAI's models with {headers}")
    # Whoever follows a link to the page sees it.
    for path in ("/", "/page.js", "/openapi.json", "/health/live", "/health/ready", "/api/v1/health"):
        answer = usual.call("GET", path, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})
        check(answer.status == 200, f"a link to {path} was answered with {answer}")
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{usual.port}/v1", api_key="any", max_retries=0)
    audio = client.audio.speech.create(model="tts-1", voice="alloy", input="Hi.", response_format="wav").content
    check(audio.startswith(b"RIFF"), "OpenAI's client gets no audio")


def test_a_name_of_somebody_else_does_not_become_this_machines():
    """DNS rebinding: a page's own name comes to stand for 127.0.0.1, and then a browser takes the server for its."""
    usual = servers.usual
    for host in ("evil.example", f"evil.example:{usual.port}", f"localhost.evil.example:{usual.port}", "127.0.0.1.evil.example",
                 "evil.localhost.example", "192.0.2.1", f"x@127.0.0.1:{usual.port}", "0", "2130706433", "[::2]"):
        for method, path in (("GET", "/api/v1/keys"), ("POST", "/api/v1/keys"), ("GET", "/v1/models")):
            for headers in ({}, {"Sec-Fetch-Site": "same-origin"}):
                answer = usual.call(method, path, {} if method == "POST" else None, headers=headers | {"Host": host})
                check(answer.status == 421 and answer.code == "misdirected",
                      f"{method} {path} at {host} was answered with {answer}")
        answer = usual.call("GET", "/api/v1/keys", headers={"Host": host, "Origin": f"http://{host}"})
        check(answer.status in (403, 421), f"a page of {host} at its own name was answered with {answer}")
        received, _ = usual.send(
            f"GET /api/v1/tts/ws?access_token=x HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
        check(status_of(received) in (403, 421), f"a WebSocket at {host} was answered with {received[:60]!r}")
    for host in ("localhost", f"LOCALHOST:{usual.port}", "127.0.0.1", "127.1.2.3:80", f"[::1]:{usual.port}"):
        answer = usual.call("GET", "/api/v1/keys", headers={"Host": host})
        check(answer.status == 200, f"this machine's own {host} was answered with {answer}")
    received, _ = usual.send(b"GET /api/v1/languages HTTP/1.0\r\n\r\n")
    check(status_of(received) == 200, f"HTTP/1.0 was answered with {received[:60]!r}")
    # With keys a page has none; and a proxy on this machine passes on what its clients call it.
    check(servers.limits.call("GET", "/api/v1/keys", headers={"Host": "evil.example"}, key=None).status == 401,
          "where keys are asked for, a name lets somebody in")
    proxied = Server(folder("proxied"), SECURITY_TRUSTED_PROXIES="127.0.0.1")
    try:
        for headers, status in (({"Host": "tts.example"}, 200), ({"Host": "tts.example", "Origin": "https://tts.example"}, 200),
                                ({"Host": "tts.example", "Origin": "https://evil.example"}, 403)):
            answer = proxied.call("GET", "/api/v1/keys", headers=headers)
            check(answer.status == status, f"behind a proxy {headers} was answered with {answer}")
    finally:
        proxied.kill()


def test_a_websocket_is_opened_for_no_page_of_another_site():
    usual, main = servers.usual, servers.main
    for headers in foreign_pages(usual):
        for query in ("", "?access_token=x", "?access_token=", f"?model=starter&access_token={'0' * 64}"):
            check_no_socket(usual, 403, query, **headers)
        check_no_socket(usual, 403, "", Authorization="Bearer x", **headers)
    for query, headers in (("", {}), ("?access_token=x", {}), ("", {"Origin": f"http://127.0.0.1:{usual.port}"})):
        with open_socket(usual, query, **headers) as opened:
            check(say(opened, *UTTERANCE)["type"] == "done", f"a WebSocket with {query} {headers} does not speak")
    # With keys it is the key that counts.
    good, origin = main.make_key("speak"), "https://app.example"
    with open_socket(main, f"?access_token={good}", Origin=origin) as opened:
        check(say(opened, {"type": "ping"})["type"] == "pong", "a page with a good key is not let in")
    check_no_socket(main, 401, "?access_token=x", Origin=origin)


# Names and files

NAMES = [
    "../../etc/passwd", "..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "../outside",
    "..%2foutside", "%2e%2e/outside", "..\\outside", "..%5coutside", "....//outside", "..%252foutside", "..%c0%afoutside",
    "outside%00", "..%2foutside%00.voice", "%00", ".", "..", "...", "%2e", "%2e%2e", "/etc/passwd", "%2fetc%2fpasswd",
    "~", "~root", "file:%2f%2f%2fetc%2fpasswd", "C:%5cWindows%5cwin.ini", "con", "a" * 300, "a" * 5_000, "%ff%fe", "%",
    "%zz", "%0d%0aX-Evil:%201", "%e2%80%ae", "%f0%9f%98%80", "a%2fb", "*", "-rf", "--help", "$(id)", "`id`", ";id",
    "' OR 1=1 --", "%27%20OR%201=1%20--", "node.sqlite", "..%2fnode.sqlite", "..%2faudit%2fhead.json",
    "../voices/x", "audit", ".hidden",
]


def outside():
    """What lies beside the data folder, and what is in it."""
    found = {}
    for path, _, files in os.walk(os.path.join(ROOT, "main")):
        for name in files:
            file = os.path.join(path, name)
            if not file.startswith(folder("main") + "/"):
                with open(file, "rb") as opened:
                    found[file] = opened.read()
    return found


def form(fields, file=b"RIFF", name="x.wav"):
    boundary = "bound" + os.urandom(8).hex()
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'.encode() + value.encode("utf-8", "surrogateescape") + b"\r\n"
        for key, value in fields.items())
    body += f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode(
        "utf-8", "surrogateescape") + file + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def status_of(received):
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", received)
    return int(found[1]) if found else 0


def check_failed(answer, what):
    if isinstance(answer, Answer):
        status, body = answer.status, answer.body
    else:
        status, body = status_of(answer[0]), answer[0]
        check(answer[1] or status, f"{what} was not answered, and not closed")
        if not status:
            return
    check(400 <= status < 500, f"{what} was answered with {status} {body[:200]!r}")
    check(b"root:" not in body and b"what lies outside" not in body, f"{what} shows a file")
    check(folder("main").encode() not in body, f"{what} shows a path")
    check(b"\nX-Evil" not in body.split(b"\r\n\r\n")[0] if not isinstance(answer, Answer) else True, f"{what} adds a header")


def test_no_name_leads_out_of_the_data_folder():
    main = servers.main
    for name in ("outside", "outside.voice", "outside.wav", "outside.recording", "passwd"):
        with open(os.path.join(ROOT, "main", name), "w") as file:
            file.write("what lies outside")
    before = outside()
    key = main.make_key("speak", "read", "voices", "admin")

    def raw(method, path):
        return main.send(
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n".encode(
                "utf-8", "surrogateescape"), 5, whole=True)

    def try_name(name):
        for method, path in (
            ("GET", "/api/v1/voices/{}"), ("DELETE", "/api/v1/voices/{}"), ("GET", "/api/v1/voices/{}/preview"),
            ("GET", "/api/v1/audio/{}"), ("GET", "/api/v1/jobs/{}"), ("GET", "/api/v1/jobs/{}/audio"),
            ("DELETE", "/api/v1/jobs/{}"), ("GET", "/api/v1/models/{}"), ("DELETE", "/api/v1/presets/{}"),
            ("POST", "/api/v1/models/{}/load"), ("DELETE", "/api/v1/keys/{}"),
        ):
            if name in (".", "..", "%2e", "%2e%2e") and path.startswith("/api/v1/models"):
                continue
            check_failed(raw(method, path.format(name)), f"{method} {path.format(name)[:80]}")

    def send_name(name):
        for plain in {name, urllib.parse.unquote(name, errors="surrogateescape")}:
            readable = plain.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            for body in ({"voice": readable}, {"voice_reference": readable}, {"voice_reference": readable + ".wav"},
                         {"model": readable}, {"use_case": readable}):
                check_failed(main.call("POST", "/api/v1/tts/generate", SPEECH | body, key=key), f"{body}"[:80])
            for fields, file in (({"name": plain}, "x.wav"), ({}, plain.replace('"', "") + ".wav"),
                                 ({"name": plain, "replace": "true"}, "x.voice")):
                body, type = form(fields, name=file)
                check_failed(main.call("POST", "/api/v1/voices", body, key=key, type=type), f"an upload of {plain!r}"[:80])

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(try_name, NAMES))
        list(pool.map(send_name, NAMES[:30]))
    check(outside() == before, "a file outside of the data folder was changed, made or removed")
    found = os.listdir(os.path.join(folder("main"), "voices"))
    check(found == [], f"voices were made: {found}")
    main.check_alive("traversal")


def wav(rate=24_000, channels=1, bits=16, claimed=None, data=b"\0\0" * 100, format=1, size=None):
    block = min(65_535, channels * bits // 8)
    header = struct.pack("<HHIIHH", format, channels, rate, rate * block & 0xFFFFFFFF, block, bits)
    claimed = len(data) if claimed is None else claimed
    return (b"RIFF" + struct.pack("<I", min(0xFFFFFFFF, 36 + claimed) if size is None else size) + b"WAVEfmt "
            + struct.pack("<I", 16) + header + b"data" + struct.pack("<I", claimed) + data)


def table(polynomial, bits):
    found = []
    for index in range(256):
        value = index << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value >> (bits - 1) else 0)) & ((1 << bits) - 1)
        found.append(value)
    return found


CRC8, CRC16 = table(0x07, 8), table(0x8005, 16)


def flac_of_silence(hours):
    """Frames that each say that all of their 65,535 samples are zero. Source: RFC 9639."""
    rate, block = 48_000, 65_535
    count = hours * 3_600 * rate // block
    stream = struct.pack(">HH", block, block) + bytes(6)
    stream += (rate << 44 | 0 << 41 | 15 << 36 | count * block).to_bytes(8, "big") + bytes(16)
    out = [b"fLaC\x80\x00\x00\x22" + stream]
    for index in range(count):
        coded = chr(index) if index < 0xD800 else None
        coded = coded.encode() if coded is not None else chr(index + 0).encode("utf-8", "surrogatepass")
        header = b"\xff\xf8\x70\x08" + coded + struct.pack(">H", block - 1)
        check8 = 0
        for byte in header:
            check8 = CRC8[check8 ^ byte]
        frame = header + bytes([check8, 0, 0, 0])
        check16 = 0
        for byte in frame:
            check16 = (check16 << 8 & 0xFFFF) ^ CRC16[check16 >> 8 ^ byte]
        out.append(frame + struct.pack(">H", check16))
    return b"".join(out)


def bombs():
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros.wav", b"\0" * (64 << 20))
    yield "a zip of zeros", zipped.getvalue()
    yield "a flac of ten hours of silence", flac_of_silence(10)
    yield "a flac that breaks off", flac_of_silence(1)[:5_000]
    yield "a wav that claims 4 GB", wav(claimed=0xFFFFFFFF)
    yield "a wav that claims 4 GB of 8 bits at 1 Hz", wav(claimed=0xFFFFFFF0, bits=8, rate=1)
    yield "a wav with 65535 channels", wav(channels=65_535, data=b"\0" * 400_000)
    yield "a wav without channels", wav(channels=0)
    yield "a wav of 0 Hz", wav(rate=0)
    yield "a wav of 2^31 Hz", wav(rate=1 << 31, data=b"\0\1" * 50_000)
    yield "a wav of 2^32-1 Hz", wav(rate=(1 << 32) - 1, data=b"\0\1" * 50_000)
    yield "a wav of 1 Hz", wav(rate=1, data=b"\0\1" * 500_000)
    yield "a wav of 0 bits", wav(bits=0)
    yield "a wav of 65535 bits", wav(bits=65_535)
    yield "a wav of an unknown format", wav(format=0xFFFF)
    yield "a wav whose chunk has no end", b"RIFF\xff\xff\xff\xffWAVE" + b"LIST\xff\xff\xff\xff" * 1_000
    yield "a wav that breaks off", wav()[:30]
    yield "a wav without samples", wav(data=b"")
    yield "a wav of numbers that are none", wav(format=3, bits=32, data=struct.pack("<f", float("nan")) * 48_000)
    yield "a wav of infinite numbers", wav(format=3, bits=32, data=struct.pack("<f", float("inf")) * 48_000)
    yield "an ogg of nothing", b"OggS" + bytes(5_000)
    yield "an mp3 of nothing", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(5_000)
    yield "random bytes", os.urandom(100_000)
    yield "a voice whose header is 2^60 bytes", struct.pack("<Q", 1 << 60) + b"{" + bytes(100)
    yield "a voice whose header is 2 GB", struct.pack("<Q", 1 << 31) + b"{" + bytes(100)
    yield "a voice whose tensors lie elsewhere", (lambda header: struct.pack("<Q", len(header)) + header)(
        b'{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,18446744073709551615]}}')
    yield "a voice of deep JSON", (lambda header: struct.pack("<Q", len(header)) + header)(b'{"a":' * 20_000)


def test_an_upload_cannot_be_a_bomb():
    main = servers.main
    key = main.make_key("speak", "voices")
    main.call("POST", "/api/v1/watermark/detect", wav(data=os.urandom(48_000)), key=key, type="audio/wav")
    before = main.memory
    # What is unusual and not wrong may be answered.
    harmless = ("a wav without samples", "a wav of 2^31 Hz", "a wav of 2^32-1 Hz", "a wav of 1 Hz", "a wav that claims 4 GB")
    for what, data in bombs():
        for path in ("/api/v1/watermark/detect", "/api/v1/voices"):
            start = time.monotonic()
            body, type = form({"name": "bomb"} if path.endswith("voices") else {}, data)
            try:
                answer = main.call("POST", path, body, key=key, type=type, timeout=25)
            except (TimeoutError, OSError, http.client.HTTPException) as error:
                raise Failure(f"{what} at {path} was not answered: {error!r}") from error
            isfine = 400 <= answer.status < 500 or answer.code == "model_not_installed"
            isfine = isfine or (answer.status == 200 and what in harmless)
            check(isfine, f"{what} at {path} was answered with {answer}")
            check(time.monotonic() - start < 20, f"{what} at {path} took {time.monotonic() - start:.0f} s")
            grown = (main.memory - before) >> 20
            check(grown < 300, f"{what} at {path} takes {grown} MB")
    for path in ("/api/v1/tts/generate", "/api/v1/voices", "/api/v1/watermark/detect"):
        packed = gzip.compress(b'{"text": "' + b"a" * (64 << 20) + b'"}')
        type = "application/json" if "tts" in path else form({})[1] if "voices" in path else "audio/wav"
        for encoding in ("gzip", "GZIP", "deflate", "br", "gzip, gzip", "x"):
            answer = main.call("POST", path, packed, key=key, type=type, headers={"Content-Encoding": encoding})
            check(answer.status == 415 and answer.code == "unsupported_encoding",
                  f"{encoding} at {path} was answered with {answer}")
    check(main.call("POST", "/api/v1/voices", bytes(26 << 20), key=key, type=form({})[1]).status == 413, "26 MB are taken")
    left = os.listdir(os.path.join(folder("main"), "temporary"))
    check(not left, f"uploads are left: {left}")
    check(os.listdir(os.path.join(folder("main"), "voices")) == [], "a bomb became a voice")
    main.check_alive("bombs")


def test_a_malformed_form_is_refused():
    main = servers.main
    key = main.make_key("voices")
    good, type = form({"name": "x"})
    boundary = type.split("=")[1].encode()
    part = b"--" + boundary + b'\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n'
    for what, body, its in (
        ("nothing", b"", type), ("no boundary", good, "multipart/form-data"), ("another boundary", good, type + "x"),
        ("an empty boundary", good, "multipart/form-data; boundary="), ("no end", good[:-10], type),
        ("a thousand parts", part * 1_000 + b"--" + boundary + b"--\r\n", type),
        ("a part twice", part * 2 + b"--" + boundary + b"--\r\n", type),
        ("a long header", good.replace(b"Content-D", b"X: " + b"a" * 100_000 + b"\r\nContent-D", 1), type),
        ("only boundaries", (b"--" + boundary + b"\r\n") * 50_000, type), ("a boundary of 10 kB", good, type + "b" * 10_000),
        ("a form of a form", good, "multipart/mixed; boundary=x"), ("JSON", b"{}", "application/json"),
        ("another field", form({"path": "/etc/passwd"})[0], None),
    ):
        its = its or "multipart/form-data; boundary=" + body[2:body.index(b"\r\n")].decode()
        start = time.monotonic()
        check_failed(main.call("POST", "/api/v1/voices", body, key=key, type=its), what)
        check(time.monotonic() - start < 5, f"{what} took {time.monotonic() - start:.1f} s")


# Webhooks


def test_a_webhook_goes_only_where_it_may():
    main = servers.main
    for address in (
        "http://127.0.0.1/", "http://127.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
        "http://0/", "http://localhost/", "http://LOCALHOST./", "http://10.0.0.1/", "http://192.168.0.1/", "http://[fe80::1]/",
        "http://hooks.example@127.0.0.1/", "http://127.0.0.1@hooks.example/", "http://a:b@hooks.example/",
        "http://@hooks.example/", "http://127.0.0.1#hooks.example/",
        "http://127.0.0.1?hooks.example", "http://127.0.0.1\\@hooks.example/", "http://hooks.example\\@127.0.0.1/",
        "http://hooks.example.evil.example/", "http://evilhooks.example/", "http://hooks.example%00.evil.example/",
        "http://hooks.example%2eevil.example/", "http://hooks%2eexample/", "http://hooks.example%0d%0a.evil/",
        "http://hooks.example:80@evil.example/", "http://hooks.example /", " http://hooks.example/", "http:///hooks.example/",
        "http:hooks.example", "//hooks.example/", "hooks.example", "file:///etc/passwd", "file://hooks.example/etc/passwd",
        "gopher://hooks.example/_x", "ftp://hooks.example/", "dict://hooks.example/", "jar:http://hooks.example!/",
        "data:text/plain,x", "javascript:alert(1)", "", "http://", "http://hooks.ex\u0430mple/",
        "http://hooks.example/" + "a" * 3_000, "http://\u2488\u20dd/", "http://\uff11\uff12\uff17.0.0.1/", "unix:///var/run/docker.sock",
    ):
        answer = main.call("POST", "/api/v1/jobs", SPEECH | {"webhook_url": address})
        check(answer.status == 422 and answer.code == "webhook_not_allowed",
              f"webhook_url {address[:60]!r} was answered with {answer}")
    for value in (7, ["http://hooks.example/"], {"url": "http://hooks.example/"}):
        answer = main.call("POST", "/api/v1/jobs", SPEECH | {"webhook_url": value})
        check(answer.status == 422, f"webhook_url {value} was answered with {answer}")
    answer = main.call("POST", "/api/v1/jobs", SPEECH | {"webhook_url": "http://hooks.example/done"})
    check(answer.status == 202, f"an allowed webhook was answered with {answer}")


class Listener:
    """Counts those who connect, and answers them."""

    def __init__(self, answer=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.requests, self.answer = self.socket.getsockname()[1], [], answer
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                connection.settimeout(2)
                self.requests.append(b"")
                with contextlib.suppress(OSError):
                    self.requests[-1] = connection.recv(65_536)
                    connection.sendall(self.answer)
                connection.close()


def test_webhook_private_addresses_are_never_connected_to():
    limits, server = servers.limits, servers.open
    never, second = Listener(), Listener()
    first = Listener(f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{second.port}/\r\nContent-Length: 0\r\n\r\n".encode())
    key = limits.make_key("speak", requests_per_minute=0)
    answer = limits.call("POST", "/api/v1/jobs", SPEECH | {"webhook_url": f"http://localhost:{never.port}/"}, key=key)
    # Refused at once, or never sent.
    check(answer.status == 202 or answer.code == "webhook_not_allowed", f"it was answered with {answer}")
    time.sleep(0.2)

    def order():
        other = server.call("POST", "/api/v1/jobs", SPEECH | {"webhook_url": f"http://localhost:{first.port}/"})
        return other.status == 202

    until(order, "a webhook is refused though private addresses are allowed", 25)
    until(lambda: first.requests and first.requests[0], "a webhook is not sent though private addresses are allowed", 20)
    check(b"X-Chatterbox-Signature" in first.requests[0] or b"x-chatterbox-signature" in first.requests[0].lower(),
          "a webhook is not signed")
    if answer.status == 202:
        path = f"/api/v1/jobs/{answer.json['id']}"
        until(lambda: limits.call("GET", path, key=key).json.get("webhook", {}).get("attempts", 0) > 0,
              "a webhook's attempt is not written down", 20)
    time.sleep(1)
    check(not never.requests, "a webhook was sent to 127.0.0.1, which jobs.webhook_private does not allow")
    check(not second.requests, "a webhook's redirect was followed")


# What is said must not become more than it is


def test_line_breaks_add_no_headers_and_no_log_lines():
    main = servers.main
    mark = "mark" + os.urandom(6).hex()
    key = main.make_key("read")
    head = f"Host: x\r\nAuthorization: Bearer {key}\r\n"
    sent = 0
    for text in ("%0d%0aX-Evil:%201", "%0aX-Evil:%201", "%0d", "%e2%80%a8X-Evil", "%c2%85X", "%1b%5b2J", "%22%7d%7b%22", "%5c",
                 "%00", "%ff"):
        received, _ = main.send(f"GET /api/v1/voices/{mark}{text} HTTP/1.1\r\n{head}Connection: close\r\n\r\n".encode(), whole=True)
        check(400 <= status_of(received) < 500, f"{text} was answered with {received[:100]!r}")
        check(b"\nx-evil" not in received.lower().split(b"\r\n\r\n")[0], f"{text} in a path adds a header")
        sent += 1
    for value in ("a%0d%0aX-Evil: 1", "a\tb", "a b", 'a"}\\n{"b', "\u00e9", "a" * 129, "", "<script>"):
        answer = main.call("GET", f"/api/v1/voices/{mark}", key=key, headers={"X-Request-Id": value.encode()}, timeout=6)
        check(re.fullmatch("[0-9a-f-]{36}", answer.headers["X-Request-Id"]), f"X-Request-Id {value!r} is given back")
        sent += 1
    # A line break in a header is its end, a fault, or a space: never part of what is answered.
    for value in (b"a\rX-Evil: 1", b"a\nX-Evil: 1", b"a\r\n X-Evil: 1", b"a\0X-Evil: 1", b"a\x0bX-Evil: 1", b"a\x7fX-Evil: 1"):
        received, closed = main.send(
            f"GET /api/v1/languages HTTP/1.1\r\n{head}Connection: close\r\nX-Request-Id: ".encode() + value
            + b"\r\nIdempotency-Key: " + value + b"\r\n\r\n", 5, whole=True)
        check(b"\nx-evil" not in received.lower(), f"{value!r} adds a header")
        check(closed, f"{value!r} leaves the connection open")
        check(status_of(received) in (0, 200, 400), f"{value!r} was answered with {received[:100]!r}")
    for name in ("a\r\nX-Evil: 1", "a\nb", "a\u2028b", "a\0b", "\u202eb", "<b>", "=1+1", "a" * 65, ""):
        answer = main.call("POST", "/api/v1/keys", {"name": name, "scopes": ["read"]})
        check(answer.status == 422, f"a key's name {name!r} was answered with {answer}")
        answer = main.call("POST", "/api/v1/presets", {"name": name, "model": "starter"})
        check(answer.status == 422, f"a preset's name {name!r} was answered with {answer}")
    for header in ("Traceparent", "Idempotency-Key", "User-Agent", "Origin", "Referer", "X-Forwarded-Proto", "X-Forwarded-Host"):
        answer = main.call("GET", "/api/v1/languages", key=key, headers={header: 'x"}\\r\\n{"level":"error"}<script>'})
        check(answer.status == 200, f"{header} was answered with {answer}")
    check("evil.example" not in str(main.call("GET", "/", key=None, headers={"Host": "evil.example"}).headers), "Host is given back")
    found = [line for line in main.log_text.splitlines() if mark in line]
    check(len(found) == sent, f"{sent} requests have {len(found)} lines in the log")
    check_log(main)


def check_log(server):
    for line in server.log_text.splitlines():
        try:
            read = json.loads(line)
        except ValueError as error:
            raise Failure(f"a line of the log is no JSON: {line[:200]!r}") from error
        check({"time", "level", "message"} <= set(read), f"a line of the log is none: {line[:200]!r}")


def test_keys_are_nowhere_in_clear():
    main = servers.main
    made = [main.make_key("speak", "read") for _ in range(3)]
    made.append(main.call("POST", f"/api/v1/keys/{made[0][4:16]}/rotate", {"grace_hours": 1}).json["key"])
    made.append(token(claims(sub="in-the-log")))
    for key in made:
        main.call("GET", f"/api/v1/languages?access_token={key}&api_key={key}", key=key)
        main.call("GET", f"/api/v1/nothing?key={key}", key=None, headers={"X-API-Key": key})
        main.call("GET", "/api/v1/keys", key=key)
        with contextlib.suppress(websockets.exceptions.InvalidStatus):
            with open_socket(main, f"?access_token={key}"):
                pass
    listed = main.call("GET", "/api/v1/keys").body + main.call("GET", "/api/v1/audit").body
    listed += main.call("GET", "/api/v1/audit?format=csv").body
    files = [main.log] + [os.path.join(path, name) for path, _, names in os.walk(folder("main")) for name in names]
    texts = {file: open(file, "rb").read() for file in files if os.path.exists(file)} | {"the interface": listed}
    check(len(texts) > 5, "there is nothing to look in")
    for key in made + [main.key]:
        secret = key.split("_")[2] if key.startswith("cbx_") else key.split(".")[2]
        for form_ in {secret.encode(), secret.upper().encode(), base64.b64encode(secret.encode())[:40]} | (
            {bytes.fromhex(secret), base64.b64encode(bytes.fromhex(secret))[:40]} if key.startswith("cbx_") else set()):
            for file, text in texts.items():
                check(form_ not in text, f"a key is in clear in {os.path.basename(file)}")
    for secret in (SECRET, AUDIT_SECRET):
        check(all(secret.encode() not in text for text in texts.values()), "a setting's secret is in clear")


def test_nothing_oversized_is_taken():
    main = servers.main
    key = main.make_key("speak", "read", "admin")
    head = f"Host: x\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n"
    for what, data in {
        "a header of 100 kB": f"GET /api/v1/languages HTTP/1.1\r\n{head}X-Large: {'a' * 100_000}\r\n\r\n",
        "headers of 1 MB": f"GET /api/v1/languages HTTP/1.1\r\n{head}" + "".join(f"X-{i}: {'a' * 100}\r\n" for i in range(10_000)) + "\r\n",
        "an address of 1 MB": f"GET /api/v1/languages?{'a' * (1 << 20)} HTTP/1.1\r\n{head}\r\n",
        "a path of 1 MB": f"GET /api/v1/voices/{'a' * (1 << 20)} HTTP/1.1\r\n{head}\r\n",
        "a method of 1 MB": f"{'A' * (1 << 20)} / HTTP/1.1\r\n{head}\r\n",
        "an idempotency key of 1 MB": f"POST /api/v1/jobs HTTP/1.1\r\n{head}Content-Length: 2\r\nIdempotency-Key: {'a' * (1 << 20)}\r\n\r\n{{}}",
        "a header without an end": f"GET / HTTP/1.1\r\nX-Large: {'a' * (1 << 20)}",
        "a header's name of 1 MB": f"GET / HTTP/1.1\r\n{'a' * (1 << 20)}: x\r\n\r\n",
        "a length of 20 digits": f"POST /api/v1/jobs HTTP/1.1\r\n{head}Content-Length: 99999999999999999999\r\n\r\n{{}}",
        "a length of 4 GB": f"POST /api/v1/jobs HTTP/1.1\r\n{head}Content-Length: 4294967296\r\n\r\n{{}}",
        "a length below 0": f"POST /api/v1/jobs HTTP/1.1\r\n{head}Content-Length: -1\r\n\r\n{{}}",
        "a chunk of 16 EB": f"POST /api/v1/jobs HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{{}}",
    }.items():
        received, closed = main.send(data.encode(), 10, whole=True)
        status = status_of(received)
        check((closed and status == 0) or 400 <= status < 500, f"{what} was answered with {received[:100]!r}, closed {closed}")
    for what, body in {
        "a body of 2 MB": {"text": "a" * (2 << 20), "model": "starter"}, "a text of 200,000": {"text": "a b " * 50_000},
        "nesting": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "a million items": b'{"items": [' + b"0," * 500_000 + b"0]}", "a million items of nothing": {"items": [{}] * 200_000},
        "a thousand and one items": {"items": [{"text": "a"}] * 1_001}, "a million fields": b"{" + b",".join(b'"%d":0' % i for i in range(90_000)) + b"}",
        "a large number": b'{"text": "a", "seed": ' + b"9" * 100_000 + b"}", "an exponent": b'{"text": "a", "speed": 1e999999999}',
        "numbers that are none": b'{"text": "a", "speed": NaN}', "a lone surrogate": b'{"text": "\\ud800"}', "bytes that are no text": b'{"text": "\xff\xfe"}',
        "a lexicon of 100,000": {"text": "a", "lexicon": {"en": {f"w{i}": "x" * 2 for i in range(40_000)}}, "speed": 99},
        "a long field": {"text": "a", "x" * 500_000: 1}, "a long model": {"text": "a", "model": "x" * 500_000},
        "a long voice": {"text": "a", "voice": "x" * 500_000}, "pauses": {"text": "[pause 999999999ms]" * 5_000, "model": "starter", "speed": 99},
        "nothing": b"", "null": b"null", "a list": b"[]", "a byte order mark": b"\xff\xfe{\0}\0",
    }.items():
        for path in ("/api/v1/tts/generate", "/api/v1/tts/batch", "/api/v1/jobs", "/v1/audio/speech", "/api/v1/keys"):
            try:
                answer = main.call("POST", path, body, key=key, timeout=20)
            except (BrokenPipeError, ConnectionResetError):
                continue
            check(400 <= answer.status < 500, f"{what} at {path} was answered with {answer}")
    main.check_alive("oversized requests")


def test_a_request_cannot_hide_in_another():
    main = servers.main
    hidden = "GET /api/v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    post = "POST /api/v1/languages HTTP/1.1\r\nHost: x\r\n"
    for what, data in {
        "a length and chunks": f"{post}Content-Length: {5 + len(hidden)}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{hidden}",
        "chunks and a length": f"{post}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n{hidden}",
        "two lengths": f"{post}Content-Length: 0\r\nContent-Length: {len(hidden)}\r\n\r\n{hidden}",
        "two lengths in one": f"{post}Content-Length: 0, {len(hidden)}\r\n\r\n{hidden}",
        "a length with a sign": f"{post}Content-Length: +0\r\n\r\n{hidden}",
        "a length in hexadecimal": f"{post}Content-Length: 0x0\r\n\r\n{hidden}",
        "a space before the colon": f"{post}Content-Length : 0\r\n\r\n{hidden}",
        "chunked twice": f"{post}Transfer-Encoding: chunked, chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{hidden}",
        "chunked before another": f"{post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{hidden}",
        "a tab in the coding": f"{post}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n{hidden}",
        "a folded coding": f"{post}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{hidden}",
        "a chunk's size with a sign": f"{post}Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n{hidden}",
        "a chunk's size in 0x": f"{post}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n{hidden}",
        "a length and another in hexadecimal": f"{post}Host: y\r\nContent-Length: 0, 0x1\r\n\r\n{hidden}",
        "a bare line feed before a length": f"{post}X: a\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{hidden}",
    }.items():
        received, closed = main.send(data.encode(), 4)
        statuses = [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]
        # A wrong method is refused before the body is looked at, and then the body for itself.
        check(statuses in ([400], [], [405, 400]), f"{what} was answered with {statuses}")
        check(b"hidden" not in received, f"{what} hides a request")
        check(closed or statuses[-1:] == [400], f"{what} leaves the connection open")
    main.check_alive("smuggling")


def test_a_body_of_an_unknown_coding_is_not_taken_for_a_request():
    """RFC 9112, section 6.3: whose length cannot be known is answered with 400, and the connection closed."""
    main = servers.main
    hidden = "GET /api/v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    wrong = []
    for coding in ("xchunked", "gzip", "identity", "chunked, identity"):
        received, _ = main.send(
            f"POST /api/v1/languages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {coding}\r\n\r\n{hidden}".encode(), 3)
        statuses = [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]
        # What nobody knows is answered with 404: it was read as a request of its own.
        if 404 in statuses or statuses[-1:] not in ([], [400]):
            wrong.append(f"{coding}: {statuses}")
    check(not wrong, "its body was answered, too: " + "; ".join(wrong))


def test_what_is_no_http_is_refused_at_once():
    main = servers.main
    wrong = []
    good = b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
    for what, data in (("words", b"GARBAGE\r\n\r\n"), ("a control character", b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x01\r\n\r\n"),
                       ("TLS", bytes.fromhex("160301020001000001fc0303") + os.urandom(200))):
        for first in (b"", good):
            received, closed = main.send(first + data, 3)
            last = [int(found) for found in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)][-1:]
            if not closed and last != [400]:
                wrong.append(f"{what} as the {'second' if first else 'first'} request: {last}, still open after 3 s")
    check(not wrong, "; ".join(wrong))


# TLS


class TLSServer(Server):
    """A server that speaks TLS, and is asked by who trusts its root."""

    @property
    def context(self):
        return trusting("root")

    def connection(self, timeout):
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=self.context)

    def health(self, probe="ready"):
        try:
            return self.call("GET", f"/health/{probe}", key=None, timeout=5).status
        except support.UNREACHABLE:
            return 0

    def look_at(self, answer, what):
        super().look_at(answer, what)
        check("max-age" in answer.headers.get("Strict-Transport-Security", ""), f"{what} has no Strict-Transport-Security")

    def open(self, context, name="127.0.0.1"):
        """A connection that has shaken hands."""
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=10), server_hostname=name)


def pem(name):
    """The path of a file of certificates(); another name's is missing."""
    certificates()
    return os.path.join(ROOT, "pem", name)


def tls(certificate, key):
    files = {"SECURITY_TLS_CERTIFICATE": certificate and f"{certificate}.crt", "SECURITY_TLS_KEY": key and f"{key}.key"}
    return {name: pem(file) for name, file in files.items() if file}


@functools.cache
def certificates():
    """Writes a root, a server's certificate with the one between, and what is wrong."""
    os.makedirs(os.path.join(ROOT, "pem"))

    def write(name, *parts):
        with open(os.path.join(ROOT, "pem", name), "wb") as file:
            file.writelines(parts)

    def issue(name, issuer=None, authority=True):
        key, start = rsa.generate_private_key(65_537, 2_048), datetime.datetime.now(datetime.timezone.utc)
        own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        above, signer = (issuer[0].subject, issuer[1]) if issuer else (own, key)
        certificate = (
            x509.CertificateBuilder(above, own, key.public_key(), x509.random_serial_number())
            .not_valid_before(start - datetime.timedelta(hours=1)).not_valid_after(start + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False).sign(signer, hashes.SHA256()))
        return certificate, key

    def text(certificate):
        return certificate.public_bytes(serialization.Encoding.PEM)

    def secret(key, form=serialization.PrivateFormat.PKCS8, encryption=serialization.NoEncryption()):
        return key.private_bytes(serialization.Encoding.PEM, form, encryption)

    root, other = issue("root"), issue("other")
    between = issue("between", root)
    server = issue("server", between, authority=False)
    password = serialization.BestAvailableEncryption(b"a password")
    write("root.crt", text(root[0]))
    write("other.crt", text(other[0]))
    write("other.key", secret(other[1]))
    write("server.crt", text(server[0]), text(between[0]))
    write("server.key", secret(server[1]))
    write("encrypted.key", secret(server[1], encryption=password))
    write("encrypted-before.key", secret(server[1], serialization.PrivateFormat.TraditionalOpenSSL, password))
    write("cut.key", secret(server[1])[:400])
    write("cut.crt", text(server[0])[:400])
    for kind in ("crt", "key"):
        write(f"garbage.{kind}", GARBAGE)
        write(f"empty.{kind}")
    write("swapped.key", text(server[0]))
    write("swapped.crt", secret(server[1]))


GARBAGE = b"a file's secret content\n"


def trusting(*names):
    """What a client brings that checks who it speaks to."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for name in names:
        context.load_verify_locations(pem(f"{name}.crt"))
    return context


def client_hello(version=0x0303, ciphers=(0xC02F, 0xC030, 0xC013, 0xC014, 0x002F, 0x0035), compressions=b"\0"):
    """What a client of TLS 1.2 or earlier says first, though no client of today would."""
    # Groups, points, and how may be signed.
    extensions = bytes.fromhex("000a00060004001d0017 000b00020100 000d000c000a08040805040105010201")
    body = struct.pack(">H", version) + os.urandom(32) + b"\0" + struct.pack(f">H{len(ciphers)}H", 2 * len(ciphers), *ciphers)
    body += bytes([len(compressions)]) + compressions + struct.pack(">H", len(extensions)) + extensions
    return b"\x16\x03\x01" + struct.pack(">HBBH", len(body) + 4, 1, 0, len(body)) + body


def check_alert(server, hello, alert, what):
    received, closed = server.send(hello, 5, whole=True)
    check(received[:1] == b"\x15" and received[6:7] == bytes([alert]) and closed, f"{what} was answered with {received[:60]!r}")


def test_what_is_no_tls_gets_no_answer_on_the_tls_port():
    server = servers.tls
    head = f"Host: localhost\r\nAuthorization: Bearer {server.key}\r\n"
    for what, data in {
        "a probe": b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.0": b"GET /health/live HTTP/1.0\r\n\r\n",
        "a key in clear": f"GET /api/v1/keys HTTP/1.1\r\n{head}\r\n".encode(),
        "a body in clear": f"POST /api/v1/tts/generate HTTP/1.1\r\n{head}Content-Length: 90000\r\n\r\n".encode() + b" " * 90_000,
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "SSL 2": b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + os.urandom(37),
        "data before the handshake": b"\x17\x03\x03\x00\x20" + os.urandom(32), "zeros": bytes(90_000),
        "a record too long": b"\x16\x03\x01\xff\xff" + os.urandom(65_535), "a hello of nothing": b"\x16\x03\x01\x00\x04\x01\x00\x00\x00",
        "a hello of 16 MB": b"\x16\x03\x01\x00\x04\x01\xff\xff\xff", "a hello in clear before HTTP": client_hello() + b"GET / HTTP/1.1\r\n\r\n",
    }.items():
        received, closed = server.send(data, 5, whole=True)
        check(b"HTTP" not in received and b"live" not in received, f"{what} was answered with {received[:100]!r}")
        check(closed, f"{what} leaves the connection open")
    with server.open(server.context) as opened, contextlib.suppress(OSError):
        with socket.socket(fileno=os.dup(opened.fileno())) as plain:
            plain.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        check(b"HTTP" not in opened.recv(4_096), "HTTP in clear after the handshake was answered")
    check(server.key[17:] not in server.log_text, "a key that was sent in clear is in the log")
    server.check_alive("what is no TLS")
    check_log(server)


def test_tls_before_1_2_is_refused():
    server, unable = servers.tls, []
    received, _ = server.send(client_hello(), 5)
    check(received[:1] == b"\x16", f"a hello of TLS 1.2 was answered with {received[:60]!r}")
    for version, name in ((0x0300, "SSL 3"), (0x0301, "TLS 1.0"), (0x0302, "TLS 1.1")):
        check_alert(server, client_hello(version), 70, name)
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = trusting("root")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version
        context.options &= ~ssl.OP_NO_COMPRESSION
        try:
            if version < ssl.TLSVersion.TLSv1_2:
                context.set_ciphers("DEFAULT:@SECLEVEL=0")
            with server.open(context) as opened:
                check(version >= ssl.TLSVersion.TLSv1_2, f"{opened.version()} is spoken")
                check(opened.compression() is None, f"{opened.version()} is compressed")
                opened.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
                check(status_of(opened.recv(4_096)) == 200, f"{opened.version()} is not answered")
        except ssl.SSLError as error:
            check(version < ssl.TLSVersion.TLSv1_2, f"{version.name} is refused: {error}")
            if "ALERT" not in (error.reason or ""):
                unable.append(version.name)
    return f"tried by bytes only, since Python's OpenSSL cannot: {', '.join(unable)}" if unable else None


def test_weak_tls_is_refused():
    server = servers.tls
    for what, ciphers in {
        "NULL": (0x0001, 0x0002, 0x003B, 0xC006, 0xC010, 0xC015),
        "an anonymous cipher": (0x0018, 0x001A, 0x001B, 0x0034, 0x003A, 0x006C, 0x006D, 0x00A6, 0x00A7, 0xC016, 0xC017, 0xC018, 0xC019),
        "an export cipher": (0x0003, 0x0006, 0x0008, 0x000B, 0x000E, 0x0011, 0x0014, 0x0017, 0x0019, 0x0062, 0x0064),
        "RC4": (0x0004, 0x0005, 0xC007, 0xC011), "DES": (0x0009, 0x000A, 0x0012, 0x0015, 0x0016, 0xC008, 0xC012),
        "a cipher without forward secrecy": (0x002F, 0x0035, 0x003C, 0x003D, 0x009C, 0x009D),
        "a cipher in CBC": (0xC009, 0xC00A, 0xC013, 0xC014, 0xC023, 0xC027, 0xC028),
    }.items():
        check_alert(server, client_hello(ciphers=ciphers), 40, what)
        for cipher in ciphers:
            check_alert(server, client_hello(ciphers=(cipher,)), 40, f"{what} {cipher:04x}")


def test_tls_is_not_compressed_and_its_handshake_not_repeated():
    server = servers.tls
    received, _ = server.send(client_hello(compressions=b"\x01\x40\0"), 5)
    # Behind the record's, the message's and the version's beginnings, and 32 random bytes: the session, the cipher.
    check(received[:1] == b"\x16" and received[46 + received[43]] == 0, f"compression was answered with {received[:90]!r}")
    check_alert(server, client_hello(compressions=b"\x01"), 47, "compression only")
    if not shutil.which("openssl"):
        return "renegotiation not tried, since there is no openssl"
    with subprocess.Popen(
        ["openssl", "s_client", "-tls1_2", "-CAfile", pem("root.crt"), "-verify_return_error", "-connect", f"127.0.0.1:{server.port}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0) as client:
        said = []
        thread = threading.Thread(target=lambda: said.extend(iter(lambda: client.stdout.read(4_096), b"")), daemon=True)
        thread.start()
        until(lambda: b"Verify return code: 0" in b"".join(said), lambda: f"openssl does not connect: {b''.join(said)[-300:]}", 10)
        client.stdin.write(b"R\n")
        until(lambda: b"RENEGOTIATING" in b"".join(said), "openssl does not try again", 5)
        time.sleep(0.5)
        with contextlib.suppress(OSError):
            client.stdin.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        thread.join(5)
        client.kill()
    check(not thread.is_alive() and b"HTTP/" not in b"".join(said), f"a second handshake is taken: {b''.join(said)[-300:]!r}")
    server.check_alive("renegotiation")


def test_tls_shows_who_the_server_is():
    server = servers.tls
    for names, name, reason in (
        (("root",), "127.0.0.1", None), (("root",), "localhost", None), (("root", "other"), "localhost", None), ((), "localhost", "issuer"),
        (("other",), "localhost", "issuer"), (("root",), "evil.example", "mismatch"), (("root",), "127.0.0.2", "mismatch"),
    ):
        try:
            with server.open(trusting(*names), name):
                check(reason is None, f"who trusts {names} takes the server for {name}")
        except ssl.SSLCertVerificationError as error:
            check(reason and reason in str(error), f"who trusts {names} cannot reach {name}: {error}")


def test_tls_with_a_wrong_certificate_or_key_does_not_start():
    for certificate, key, said in (
        ("server", "other", "tls_key"), ("server", "encrypted", "tls_key"), ("server", "encrypted-before", "tls_key"),
        ("server", "garbage", "tls_key"), ("server", "empty", "tls_key"), ("server", "cut", "tls_key"), ("server", "missing", "tls_key"),
        ("server", "swapped", "tls_key"), ("other", "server", "tls_key"), ("garbage", "server", "tls_certificate"),
        ("empty", "server", "tls_certificate"), ("cut", "server", "tls_certificate"), ("missing", "server", "tls_certificate"),
        ("swapped", "server", "tls_certificate"), ("server", None, "tls_key"), (None, "server", "tls_certificate"),
    ):
        what = f"{certificate}.crt with {key}.key"
        ended = subprocess.run(
            [PROGRAM, "serve", "--port", str(free_port())], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
            env=environment(SERVER_DATA_DIR=folder("wrong"), MONITORING_ENABLED="false", **tls(certificate, key)))
        lines = (ended.stdout + ended.stderr).strip().splitlines()
        check(ended.returncode == 1, f"{what} ends with {ended.returncode}: {lines}")
        check(len(lines) == 1 and lines[0].startswith("Error: ") and f"security.{said}" in lines[0], f"{what} is told as {lines}")
        check(not re.search(r"content|-----|BEGIN|MII|[A-Za-z0-9+/]{64}|BoringSSL|NIOSSL|\.swift", lines[0]), f"{what} is told as {lines}")


def test_tls_asks_for_keys_all_the_same():
    server = servers.tls
    good = server.make_key("speak", "read")
    check_taken(server, good, "a good key")
    for key in (None, "", good[:-1], "cbx_" + "0" * 12 + "_" + "0" * 64):
        check_refused(server, key, f"the key {key and key[:4]}")
    check(server.call("GET", "/api/v1/nothing").status == 404, "what is unknown is found")
    check_no_socket(server, 401)
    check_no_socket(server, 401, "?access_token=x")
    with open_socket(server, f"?access_token={good}") as opened:
        check(say(opened, *UTTERANCE)["type"] == "done", "a WebSocket over TLS does not speak")
    try:
        with connect(f"wss://127.0.0.1:{server.port}/api/v1/tts/ws?access_token={good}", ssl=trusting("other"), proxy=None):
            raise Failure("a WebSocket is opened by who does not trust the server")
    except ssl.SSLCertVerificationError:
        pass


@functools.cache
def half_open():
    """A thousand connections that do not get to a request, and when they were made."""
    server, hello, made = servers.tls, client_hello(), []
    for index in range(1_000):
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        connection.sendall((b"", hello[:40], hello, hello[:3])[index % 4])
        made.append(connection)
    for _ in range(20):
        made.append(server.open(server.context))
        made[-1].sendall(b"GET /health/live HTTP/1.1\r\nX-Half: ")
    return made, time.monotonic()


def test_half_open_tls_holds_nobody_up():
    server = servers.tls
    before = server.memory
    half_open()
    longest = 0
    for _ in range(10):
        start = time.monotonic()
        check_taken(server, server.key, "a request beside a thousand handshakes")
        longest = max(longest, time.monotonic() - start)
    check(longest < 2, f"others waited for {longest:.1f} s")
    with open_socket(server, Authorization=f"Bearer {server.key}") as opened:
        check(say(opened, *UTTERANCE)["type"] == "done", "a WebSocket beside a thousand handshakes does not speak")
    grown = (server.memory - before) >> 20
    check(grown < 300, f"a thousand handshakes take {grown} MB")


def test_half_open_tls_is_closed():
    made, start = half_open()
    time.sleep(max(0, start + 75 - time.monotonic()))

    def is_open(connection):
        connection.settimeout(0)
        try:
            while connection.recv(65_536):
                pass
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            pass
        return False

    left = [index for index, connection in enumerate(made) if is_open(connection)]
    for connection in made:
        connection.close()
    check(not left, f"{len(left)} of {len(made)} are open after 75 s: {left[:5]}…")
    servers.tls.check_alive("half-open connections")
    check_log(servers.tls)


# Slowness: begun first, looked at last


class Slow:
    """Connections that bring a byte a second."""

    def __init__(self):
        self.server = servers.slow
        self.start = time.monotonic()
        self.ended, self.longest, self.bodies, self.failure = {}, 0.0, {}, None
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            self.drip()
        except Exception as error:
            self.failure = repr(error)

    def drip(self):
        head = b"GET /api/v1/languages HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 1_000
        opened = []
        for index in range(200):
            opened.append([f"header {index}", self.connect(), head, 0])
        second = self.connect()
        second.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        opened.append(["second", second, head, 0])
        for name, path in (("json", "tts/generate"), ("unread", "nothing")):
            body = self.connect()
            body.sendall(
                f"POST /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{{".encode())
            opened.append([f"body {name}", body, b" " * 1_000, 0])
        probe = threading.Thread(target=self.probe, daemon=True)
        probe.start()
        while opened and time.monotonic() - self.start < 78:
            for each in list(opened):
                name, connection, data, position = each
                try:
                    connection.setblocking(False)
                    with contextlib.suppress(BlockingIOError):
                        while True:
                            read = connection.recv(4_096)
                            if not read:
                                raise ConnectionResetError
                            if name.startswith("body"):
                                self.bodies[name] = self.bodies.get(name, b"") + read
                    connection.send(data[position:position + 1])
                    each[3] += 1
                except BlockingIOError:
                    pass
                except OSError:
                    self.ended[name] = time.monotonic() - self.start
                    connection.close()
                    opened.remove(each)
            time.sleep(1)
        self.left = [each[0] for each in opened]
        for each in opened:
            each[1].close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.server.port))

    def probe(self):
        while self.thread.is_alive():
            start = time.monotonic()
            try:
                self.server.call("GET", "/api/v1/health", timeout=20)
            except OSError as error:
                self.failure = f"others are not answered: {error!r}"
            self.longest = max(self.longest, time.monotonic() - start)
            time.sleep(1)


slow = None


def test_slow_connections_hold_nobody_up_and_are_closed():
    slow.thread.join(100)
    check(slow.failure is None, slow.failure)
    check(slow.longest < 2, f"others waited for {slow.longest:.1f} s")
    heads = [name for name in slow.left if name.startswith("header")]
    check(not heads, f"{len(heads)} of 200 connections that bring a byte a second are open after 75 s")
    latest = max(at for name, at in slow.ended.items() if name.startswith("header"))
    check(latest < 75, f"a slow connection was closed after {latest:.0f} s")
    check("second" not in slow.left, "a slow second request's connection is open after 75 s")
    slow.server.check_alive("slow connections")


def test_a_body_that_comes_drop_by_drop_is_given_up():
    slow.thread.join(100)
    check("body json" in slow.ended and slow.ended["body json"] < 60 or b" 408 " in slow.bodies.get("body json", b""),
          f"a slow body is still waited for: {slow.ended.get('body json')} {slow.bodies.get('body json', b'')[:60]!r}")
    check(b"body_too_slow" in slow.bodies.get("body json", b"body_too_slow"), "a slow body got another answer")


def test_a_slow_body_that_nobody_reads_keeps_no_connection():
    slow.thread.join(100)
    check("body unread" not in slow.left, "its connection is open after 75 s")


def test_every_line_of_the_log_is_json():
    for server in (servers.main, servers.provider, servers.limits, servers.open, servers.usual):
        check_log(server)


# The audit log


def audit(server, **parameters):
    query = urllib.parse.urlencode(parameters)
    return server.call("GET", f"/api/v1/audit?{query}")


def verify(server):
    """The report, and of what kinds its problems are."""
    answer = server.call("GET", "/api/v1/audit/verify")
    check(answer.status == 200 and "problems" in answer.json, f"verifying was answered with {answer}")
    return answer.json, [problem["kind"] for problem in answer.json["problems"]]


def entries(server, **parameters):
    return [json.loads(line) for line in audit(server, **parameters).body.decode().splitlines()]


def test_everything_that_was_refused_is_in_the_audit_log():
    for server in (servers.main, servers.limits, servers.usual):
        refused = list(server.refused)
        check(len(refused) > 10, f"only {len(refused)} requests were refused")
        time.sleep(0.3)
        answer = None

        def is_read():
            nonlocal answer
            answer = audit(server)
            return answer.status == 200

        until(is_read, "the audit log is not shown", 10)
        found = {entry["core"]["requestID"]: entry for entry in map(json.loads, answer.body.decode().splitlines())}
        for request, status, code in refused:
            check(request in found, f"a request that was answered with {status} {code} is not in the audit log")
            core = found[request]["core"]
            check(core["status"] == status and core["outcome"] == (code or core["outcome"]) != "ok",
                  f"a {status} {code} is written down as {core['status']} {core['outcome']}")


def test_the_audit_log_says_whose_request_was_forbidden():
    main = servers.main
    key = main.make_key("read")
    answer = main.call("GET", "/api/v1/keys", key=key)
    check(answer.status == 403, f"it was answered with {answer}")
    time.sleep(0.3)
    (entry,) = [e for e in entries(main) if e["core"]["requestID"] == answer.headers["X-Request-Id"]]
    check(entry["personal"]["subject"] == key[4:16],
          f"a key's forbidden request is written down as {entry['personal']['subject']!r}'s")


def test_the_audit_log_has_the_address_that_a_trusted_proxy_saw():
    main = servers.main
    answer = main.call("GET", "/api/v1/languages", key="cbx_wrong", address="203.0.113.77")
    time.sleep(0.3)
    (entry,) = [e for e in entries(main) if e["core"]["requestID"] == answer.headers["X-Request-Id"]]
    check(entry["personal"].get("address") == "203.0.113.77",
          f"a wrong key from 203.0.113.77 is written down as from {entry['personal'].get('address')}")


def test_the_audit_log_as_a_table_has_no_formulas():
    main = servers.main
    for subject in ("=HYPERLINK(\"http://evil.example\")", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "\n=1",
                    'a"\n=1+1', "a,=1+1", " =1"):
        check_taken(main, token(claims(sub=subject)), f"the subject {subject!r}")
    for name in ("-1", "-2+3", "--"):
        main.call("GET", "/api/v1/languages", headers={"X-Request-Id": name})
    time.sleep(0.3)
    answer = audit(main, format="csv")
    check("text/csv" in answer.headers["Content-Type"], "it is no table")
    rows = list(csv.reader(io.StringIO(answer.body.decode(), newline="")))
    check(len({len(row) for row in rows}) == 1, "its rows are of different lengths")
    check(any("HYPERLINK" in cell for row in rows for cell in row), "what was sent is not in it")
    for row in rows:
        for cell in row:
            check(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), f"a cell is {cell[:40]!r}")
    check(audit(main, format="html").status == 422, "another format is taken")


def test_an_erased_subject_is_gone_and_the_chain_holds():
    main = servers.main
    subject, other = "erin." + os.urandom(4).hex() + "@example.com", "frank@example.com"
    for name in (subject, other):
        for _ in range(3):
            check_taken(main, token(claims(sub=name)), "a good token")
        check(main.call("GET", "/api/v1/keys", key=token(claims(sub=name))).status == 403, "it is not forbidden")
    job = main.call("POST", "/api/v1/jobs", SPEECH, key=token(claims(sub=subject))).json["id"]
    time.sleep(0.3)
    check(len(entries(main, subject=subject)) >= 3, "the subject is not in the log")
    before = entries(main)
    answer = main.call("DELETE", f"/api/v1/audit/subjects/{subject}")
    check(answer.status == 200 and answer.json["entries"] >= 3 and answer.json["jobs"] == 1, f"it was answered with {answer}")
    time.sleep(0.3)
    for file in glob.glob(os.path.join(folder("main"), "audit", "**"), recursive=True):
        if os.path.isfile(file):
            with open(file, "rb") as opened:
                check(subject.encode() not in opened.read(), f"{os.path.basename(file)} still has the subject")
    check(subject not in audit(main, format="csv").body.decode(), "the table still has the subject")
    check(entries(main, subject=subject) == [], "the subject is still found")
    check(len(entries(main, subject=other)) >= 3, "another subject was erased, too")
    check(len(entries(main)) >= len(before), "entries were removed")
    check(main.call("GET", f"/api/v1/jobs/{job}").status == 404, "the subject's job is still there")
    report, problems = verify(main)
    check(not problems and report["erased"] >= 3, f"after an erasure the chain is {report}")
    check(main.call("DELETE", "/api/v1/audit/subjects/nobody").json["entries"] == 0, "somebody unknown was erased")


def test_a_subject_of_any_signs_can_be_erased():
    main = servers.main
    missed = []
    for subject in ("erin+1@example.com", "auth0|erin", "a b", "\u00e9rin", "tenant/erin", "100%"):
        check_taken(main, token(claims(sub=subject)), "a good token")
        time.sleep(0.2)
        answer = main.call("DELETE", "/api/v1/audit/subjects/" + urllib.parse.quote(subject, safe=""))
        if answer.status != 200 or answer.json["entries"] < 1:
            missed.append(f"{subject!r}: {answer}")
    check(not missed, "not erased: " + "; ".join(missed))


def test_an_audit_log_that_was_changed_is_noticed():
    """The last of those that use the main server: it is stopped."""
    main = servers.main
    for _ in range(30):
        main.call("GET", "/api/v1/languages")
    time.sleep(0.3)
    report, problems = verify(main)
    check(not problems and report["entries"] > 20, f"the untouched chain is {report}")
    check(main.stop() == 0, "the server did not end well")
    origin = folder("main")

    def lines(data):
        file = sorted(glob.glob(os.path.join(data, "audit", "audit-*.jsonl")))[-1]
        with open(file, "rb") as opened:
            return file, opened.read().splitlines(keepends=True)

    def grow(data):
        file, found = lines(data)
        check(len(found) > 12, f"the last file has only {len(found)} entries")
        return file, found

    def edit(found):
        found[3] = re.sub(rb'"durationMicroseconds":\d+', b'"durationMicroseconds":1', found[3])

    def edit_subject(found):
        found[3] = re.sub(rb'"subject":"[^"]*"', b'"subject":"somebody else"', found[3])

    def remove(found):
        del found[4]

    def remove_personal(found):
        found[4] = re.sub(rb',"personal":\{.*?\}', b"", found[4])

    def reorder(found):
        found[5], found[6] = found[6], found[5]

    def repeat(found):
        found.insert(7, found[6])

    def truncate(found):
        del found[-5:]

    def rebuild(found):
        """Whoever does not know the secret makes a chain that hangs together."""
        previous = json.loads(found[2])["previous"].encode()
        for index in range(2, len(found)):
            core = found[index][len(b'{"core":'):found[index].index(b',"hash":')]
            core = core.replace(b'"status":200', b'"status":201')
            line = json.loads(found[index])
            own = sha256(previous + core).encode()
            personal = b',"personal":' + json.dumps(
                line["personal"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() if "personal" in line else b""
            found[index] = b'{"core":' + core + b',"hash":"' + own + b'"' + personal + b',"previous":"' + previous + b'"}\n'
            previous = own

    def notice(change):
        data = os.path.join(ROOT, f"changed-{change.__name__}", "data")
        shutil.copytree(origin, data)
        file, found = grow(data)
        change(found)
        with open(file, "wb") as opened:
            opened.writelines(found)
        server = Server(data, ready=False, **main.settings)
        server.key = main.key
        try:
            until(lambda: server.process.poll() is not None or server.health() == 200, "a server is not ready", 40)
            if server.process.poll() is not None:
                check(re.search("audit|damaged", server.log_text), f"{change.__name__}: the server has ended: {server.log_text[-300:]}")
                return change.__name__, ["not started"]
            return change.__name__, verify(server)[1]
        finally:
            server.kill()

    expected = {
        "edit": {"edited"}, "edit_subject": {"personalDataEdited", "personal_data_edited"}, "remove": {"removed"}, "remove_personal": {"missingPersonal", "missing_personal"},
        "reorder": {"reordered"}, "repeat": {"inserted"}, "truncate": {"truncated"},
        "rebuild": {"edited", "wrongSecret", "wrong_secret", "truncated", "not started"},
    }
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        changes = (edit, edit_subject, remove, remove_personal, reorder, repeat, truncate, rebuild)
        for name, kinds in pool.map(notice, changes):
            check(set(kinds) & expected[name], f"{name} of entries is noticed as {kinds}")


LAST = ("slow_connections", "a_body_that_comes", "a_slow_body", "half_open_tls_is_closed", "everything_that_was_refused", "every_line", "an_audit_log_that_was_changed")


def main():
    global slow
    tests = [(name[5:], test) for name, test in globals().items() if name.startswith("test_")]
    tests.sort(key=lambda each: next((1 + LAST.index(word) for word in LAST if each[0].startswith(word)), 0))
    chosen = [
        (name, test) for name, test in tests
        if not any(word.replace("-", "_") in name for word in SKIP) and (not ONLY or any(word in name for word in ONLY))]
    failures = 0
    if any(name.startswith(LAST[:3]) for name, _ in chosen):
        slow = Slow()
    for name, test in chosen:
        start = time.monotonic()
        words = name.replace("_", " ")
        try:
            said = test()
            print(f"attacks: {words}" + (f": {said}" if said else ""))
        except Failure as failure:
            failures += 1
            print(f"FAILED: {words}: {failure}")
        except Exception:
            failures += 1
            print(f"FAILED: {words}: {traceback.format_exc(limit=2)}")
        for said in servers.forget_the_dead():
            failures += 1
            print(f"FAILED: {said}")
        if os.environ.get("ATTACKS_TIMES"):
            print(f"  {time.monotonic() - start:.1f} s")
        sys.stdout.flush()
    return failures


try:
    FAILURES = main()
finally:
    for each in Server.made:
        each.kill()
    if not os.environ.get("ATTACKS_KEEP"):
        shutil.rmtree(ROOT, ignore_errors=True)
    else:
        print(ROOT)
if FAILURES:
    raise SystemExit(f"attacks: {FAILURES} tests failed")
