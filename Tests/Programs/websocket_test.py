"""The real `websockets` client against a server: websocket_test.py http://127.0.0.1:8000"""

import asyncio
import json
import sys
import urllib.request

import websockets

from support import checking

BASE = sys.argv[1]
SOCKET = BASE.replace("http", "ws", 1) + "/api/v1/tts/ws"
check = checking("websockets")


def running():
    with urllib.request.urlopen(BASE + "/api/v1/queue") as answer:
        return json.load(answer)["running"]


async def until(socket, kind, utterance=None):
    """Everything up to an event, and the bytes of audio among it."""
    events, audio = [], b""
    while True:
        message = await asyncio.wait_for(socket.recv(), 60)
        if isinstance(message, bytes):
            audio += message
            continue
        events.append(json.loads(message))
        last = events[-1]
        if last["type"] == kind and utterance in (None, last.get("utterance")):
            return events, audio


async def text_in_pieces():
    async with websockets.connect(SOCKET) as socket:
        await socket.send(json.dumps({"type": "start", "format": "pcm", "model": "starter", "seed": 3}))
        for word in "Hello there, my friend. How are you doing today? I am well.".split(" "):
            await socket.send(json.dumps({"type": "text", "text": word + " "}))
        await socket.send(json.dumps({"type": "end"}))
        events, audio = await until(socket, "done")
        kinds = [event["type"] for event in events]
        check(kinds[0] == "started" and kinds[-1] == "done", f"unexpected events {kinds}")
        marks = [event for event in events if event["type"] == "mark"]
        check(len(marks) >= 2 and marks[0]["text_start"] == 0, f"marks are {marks}")
        check(all(a["text_end"] == b["text_start"] for a, b in zip(marks, marks[1:])), "marks have gaps")
        check(abs(len(audio) / 48000 - events[-1]["duration"]) < 0.01, "the audio is not as long as it says")
        check(len(audio) > 48000, "there is too little audio")


async def several_utterances():
    async with websockets.connect(SOCKET + "?model=starter&format=wav&output=json") as socket:
        for number in (1, 2):
            await socket.send(json.dumps({"text": f"This is number {number}.", "flush": True}))
            await socket.send(json.dumps({"text": ""}))
        first, _ = await until(socket, "done", 1)
        second, _ = await until(socket, "done", 2)
        for events in (first, second):
            audio = [event for event in events if event["type"] == "audio"]
            check(audio and audio[0]["audio"].startswith("UklGR"), "an utterance is no WAV of its own")


async def cancelling():
    async with websockets.connect(SOCKET) as socket:
        await socket.send(json.dumps({"type": "start", "model": "starter"}))
        await socket.send(json.dumps({"type": "text", "text": "One two three four five. " * 400, "flush": True}))
        await until(socket, "started")
        await socket.send(json.dumps({"type": "cancel"}))
        await until(socket, "cancelled")
        await socket.send(json.dumps({"type": "ping"}))
        await until(socket, "pong")
        await socket.send(json.dumps({"type": "start", "model": "starter"}))
        await socket.send(json.dumps({"type": "text", "text": "Still here."}))
        await socket.send(json.dumps({"type": "end"}))
        await until(socket, "done")
        await socket.send(json.dumps({"type": "close"}))
        await socket.wait_closed()
        check(socket.close_code == 1000, f"closed with {socket.close_code}")


async def refusals():
    async with websockets.connect(SOCKET) as socket:
        for message, code in [
            ("{", "invalid_json"), ('{"type":"starr"}', "invalid_value"), ('{"type":"start","speed":9}', "invalid_value"),
            ('{"type":"start","voice":"nobody"}', "unknown_voice"), ('{"type":"start","foo":1}', "unknown_field"),
            ('{"text":5}', "invalid_value"),
        ]:
            await socket.send(message)
            events, _ = await until(socket, "error")
            check(events[-1]["error"]["code"] == code, f"{message} gave {events[-1]}")
        check(await (await socket.ping()) is not None, "no pong")
    for message, code in [(b"binary", 1003), ("x" * 70000, 1009)]:
        async with websockets.connect(SOCKET) as socket:
            await socket.send(message)
            await asyncio.wait_for(socket.wait_closed(), 10)
            check(socket.close_code == code, f"closed with {socket.close_code}, not {code}")
    async with websockets.connect(SOCKET + "?speed=9") as socket:
        await asyncio.wait_for(socket.wait_closed(), 10)
        check(socket.close_code == 1008, f"closed with {socket.close_code}, not 1008")


async def vanishing():
    socket = await websockets.connect(SOCKET)
    await socket.send(json.dumps({"type": "start", "model": "starter"}))
    await socket.send(json.dumps({"type": "text", "text": "One two three four five. " * 2000, "flush": True}))
    await until(socket, "started")
    check(running() >= 1, "nothing is being spoken")
    socket.transport.abort()
    for _ in range(100):
        if running() == 0:
            return
        await asyncio.sleep(0.1)
    raise SystemExit("websockets: the work went on after the client had gone")


for test in (text_in_pieces, several_utterances, cancelling, refusals, vanishing):
    asyncio.run(test())
    print(f"websockets: {test.__name__.replace('_', ' ')}")
