"""The unmodified `openai` client against a server: openai_test.py http://127.0.0.1:8000"""

import sys
import wave

import openai

from support import checking

BASE = sys.argv[1]
check = checking("openai")
client = openai.OpenAI(base_url=BASE + "/v1", api_key="any key", max_retries=0)

BEGINNINGS = {"wav": b"RIFF", "flac": b"fLaC", "opus": b"OggS", "aac": b"\xff\xf9"}


def test_lists_models():
    names = [model.id for model in client.models.list()]
    check("tts-1" in names and "starter" in names, f"models are {names}")
    check(client.models.retrieve("tts-1").id == "tts-1", "a model cannot be retrieved")
    try:
        client.models.retrieve("no-such-model")
        check(False, "an unknown model was found")
    except openai.NotFoundError as error:
        check(error.code == "model_not_found", f"the code is {error.code}")


def test_speaks_all_formats():
    for name in ("mp3", "opus", "aac", "flac", "wav", "pcm"):
        answer = client.audio.speech.create(model="tts-1", voice="alloy", input="Hello there.", response_format=name)
        audio = answer.content
        check(len(audio) > 2000, f"{name} has {len(audio)} bytes")
        check(audio.startswith(BEGINNINGS.get(name, b"")), f"{name} begins with {audio[:4]}")
        if name == "mp3":
            check(audio[0] == 0xFF and audio[1] & 0xE0 == 0xE0, "the default is no MP3")
    default = client.audio.speech.create(model="tts-1", voice="alloy", input="Hello there.")
    check(default.response.headers["content-type"] == "audio/mpeg", "the default is not MP3")


def test_streams_into_a_file():
    with client.audio.speech.with_streaming_response.create(
        model="starter", voice="default", input="One. Two. Three.", response_format="wav"
    ) as answer:
        check(answer.headers["transfer-encoding"] == "chunked", "the answer is not streamed")
        pieces = list(answer.iter_bytes(1024))
    audio = b"".join(pieces)
    check(audio[4:8] == b"\xff\xff\xff\xff", "a streamed WAV claims to know its length")
    with open("/tmp/openai-test.wav", "wb") as file:
        file.write(audio)
    with wave.open("/tmp/openai-test.wav") as file:
        check(file.getframerate() == 24000 and file.getnchannels() == 1, "it is not mono at 24 kHz")


def test_streams_events():
    answer = client.audio.speech.create(
        model="tts-1", voice="alloy", input="One. Two. Three.", response_format="pcm", stream_format="sse")
    import json
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    kinds = [event["type"] for event in events]
    check(kinds[-1] == "speech.audio.done" and set(kinds[:-1]) == {"speech.audio.delta"}, f"events are {kinds}")
    usage = events[-1]["usage"]
    check(usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 0, f"usage is {usage}")


def test_takes_a_voice_by_id_and_own_fields():
    answer = client.audio.speech.create(
        model="starter", voice={"id": "default"}, input="Hello.", response_format="wav", speed=0.25,
        extra_body={"seed": 5, "language": "en"})
    check(answer.response.headers["x-chatterbox-seed"] == "5", "the seed is another")
    check("speed_limited" in answer.response.headers["x-chatterbox-warnings"], "nothing is said of the pace")


def refused(kind, code, **changes):
    fields = {"model": "tts-1", "voice": "alloy", "input": "Hello."} | changes
    try:
        client.audio.speech.create(**fields)
        check(False, f"{changes} was taken")
    except kind as error:
        check(error.code == code, f"{changes} gave {error.code}")
        check(error.type == "invalid_request_error", f"{changes} has the type {error.type}")
        return error


def test_raises_its_own_exceptions():
    check(refused(openai.BadRequestError, "unknown_voice", voice="nobody").param == "voice", "no param")
    check(refused(openai.BadRequestError, "empty_text", input="...").param == "input", "no param")
    refused(openai.NotFoundError, "model_not_found", model="tts-9")
    refused(openai.BadRequestError, "invalid_value", speed=9)
    refused(openai.BadRequestError, "invalid_value", response_format="mp4")


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
        print(f"openai: {name[5:].replace('_', ' ')}")
