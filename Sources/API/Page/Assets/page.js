"use strict";

const element = (id) => document.getElementById(id);
const rate = 24000;
let session = null;

async function list(path, key) {
  const answer = await fetch(path);
  return answer.ok ? (await answer.json())[key] : [];
}

function option(select, value, text) {
  const entry = document.createElement("option");
  entry.value = value;
  entry.textContent = text;
  select.append(entry);
}

async function fill() {
  const [presets, voices, models, languages] = await Promise.all([
    list("/api/v1/presets", "presets"), list("/api/v1/voices", "voices"),
    list("/api/v1/models", "models"), list("/api/v1/languages", "languages"),
  ]);
  for (const preset of presets) option(element("preset"), preset.name, preset.name.replaceAll("_", " "));
  for (const voice of voices) option(element("voice"), voice.name, voice.name);
  for (const model of models) if (model.installed) option(element("model"), model.name, model.name);
  for (const language of languages) option(element("language"), language.code, language.name);
  element("language").value = "en";
  showCurl();
}

/** What is asked for; what was left open is left out. */
function request() {
  const body = { text: element("text").value };
  if (element("language").value) body.language = element("language").value;
  if (element("preset").value) body.use_case = element("preset").value;
  if (element("voice").value) body.voice = element("voice").value;
  if (element("model").value) body.model = element("model").value;
  return body;
}

/** A word that a shell takes as it is. */
const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function showCurl() {
  const format = element("format").value;
  const body = JSON.stringify({ ...request(), format });
  element("curl").textContent =
    `curl -s ${quoted(location.origin + "/api/v1/tts/generate")} -o ${quoted("speech." + format)} \\\n` +
    `  -H 'Content-Type: application/json' \\\n  -d ${quoted(body)}`;
}

function say(text, isBad = false) {
  element("status").textContent = text;
  element("status").classList.toggle("bad", isBad);
}

/** Plays samples as they come, one piece after the other without a gap. */
class Player {
  constructor() {
    this.context = new AudioContext({ sampleRate: rate });
    this.end = 0;
    this.last = null;
  }

  add(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const buffer = this.context.createBuffer(1, bytes.byteLength >> 1, rate);
    const samples = buffer.getChannelData(0);
    for (let index = 0; index < samples.length; index++) samples[index] = view.getInt16(2 * index, true) / 32768;
    this.last = this.context.createBufferSource();
    this.last.buffer = buffer;
    this.last.connect(this.context.destination);
    this.end = Math.max(this.end, this.context.currentTime + 0.05);
    this.last.start(this.end);
    this.end += buffer.duration;
  }

  /** Waits until everything has been heard. */
  heard() {
    return new Promise((resolve) => {
      if (!this.last || this.context.currentTime >= this.end) resolve();
      else this.last.onended = resolve;
    });
  }

  close() {
    if (this.context.state !== "closed") this.context.close();
  }
}

/** The events of a stream, as they come. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name) => lines.find((line) => line.startsWith(name + ": "))?.slice(name.length + 2);
      yield { name: field("event"), data: JSON.parse(field("data")) };
    }
  }
}

const decoded = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function showFacts(done) {
  element("facts").hidden = false;
  element("fact-model").textContent = done.model;
  element("fact-first").textContent = `${(done.time_to_first_audio * 1000).toFixed(0)} ms`;
  element("fact-duration").textContent = `${done.duration.toFixed(1)} s`;
  element("fact-factor").textContent = `${done.real_time_factor.toFixed(2)}`;
  for (const warning of done.warnings) {
    const entry = document.createElement("li");
    entry.textContent = warning.message;
    element("warnings").append(entry);
  }
}

function busy(isBusy) {
  element("speak").disabled = isBusy;
  element("stop").disabled = !isBusy;
}

async function speak() {
  const controller = new AbortController();
  const player = new Player();
  session = { controller, player };
  busy(true);
  element("warnings").replaceChildren();
  element("facts").hidden = true;
  element("download").hidden = true;
  element("progress").value = 0;
  say("Waiting for the first audio …");
  try {
    const answer = await fetch("/api/v1/tts/stream", {
      method: "POST", headers: { "Content-Type": "application/json" }, signal: controller.signal,
      body: JSON.stringify({ ...request(), format: "pcm", stream_format: "sse" }),
    });
    if (!answer.ok) throw new Error((await answer.json()).error.message);
    for await (const event of events(answer.body)) {
      if (event.name === "audio") {
        player.add(decoded(event.data.audio));
        element("progress").value = event.data.progress;
        say("Speaking …");
      } else if (event.name === "done") {
        showFacts(event.data);
        showDownload(event.data.seed);
      } else if (event.name === "error") {
        throw new Error(event.data.error.message);
      }
    }
    await player.heard();
    say("Done.");
  } catch (error) {
    if (error.name === "AbortError") say("Stopped.");
    else say(error.message, true);
  } finally {
    player.close();
    session = null;
    busy(false);
  }
}

/** Offers the same speech as a file. */
function showDownload(seed) {
  const format = element("format").value;
  const body = JSON.stringify({ ...request(), format, seed });
  const link = element("download");
  link.hidden = false;
  link.textContent = `Download ${format}`;
  link.href = "#";
  link.onclick = async (event) => {
    event.preventDefault();
    const answer = await fetch("/api/v1/tts/generate", {
      method: "POST", headers: { "Content-Type": "application/json" }, body,
    });
    if (!answer.ok) return say((await answer.json()).error.message, true);
    const file = document.createElement("a");
    file.href = URL.createObjectURL(await answer.blob());
    file.download = `speech.${format}`;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10000);
  };
}

element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!session) speak();
});
element("form").addEventListener("input", showCurl);
element("stop").addEventListener("click", () => {
  if (!session) return;
  session.controller.abort();
  session.player.close();
  session.player.last?.onended?.();
  say("Stopped.");
});
element("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(element("curl").textContent);
  element("copy").textContent = "Copied";
  setTimeout(() => { element("copy").textContent = "Copy"; }, 1500);
});
fill().catch(() => say("The server does not answer. Is it still running?", true));
