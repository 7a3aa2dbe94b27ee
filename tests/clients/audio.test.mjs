import assert from "node:assert/strict";
import { test } from "node:test";
import { toFile } from "openai";
import { client, collect, whisper } from "./gateway.mjs";
import { wav } from "./samples.mjs";

const recording = () => toFile(wav(), "speech.wav", { type: "audio/wav" });
const transcribe = async (more = {}) => client.audio.transcriptions.create({ model: whisper, file: await recording(), ...more });

test("speech is transcribed", async () => {
  const { text } = await transcribe();

  assert.match(text, /simulated transcript/);
});

test("verbose_json tells language, duration and segments", async () => {
  const transcript = await transcribe({ response_format: "verbose_json", language: "en" });

  assert.match(transcript.text, /simulated transcript/);
  assert.equal(transcript.language, "english");
  assert.equal(transcript.segments.length, 3);
  assert.deepEqual([transcript.segments[0].start, transcript.segments[0].end], [0, 3.2]);
  assert.match(transcript.segments[1].text, /No audio was heard/);
  assert.ok(transcript.duration > 0);
});

test("srt is plain text with times", async () => {
  const srt = await transcribe({ response_format: "srt" });

  assert.equal(typeof srt, "string");
  assert.match(srt, /^1\r?\n00:00:00,000 --> 00:00:03,200\r?\n/);
});

test("vtt is plain text with its heading", async () => {
  const vtt = await transcribe({ response_format: "vtt" });

  assert.match(vtt, /^WEBVTT/);
  assert.match(vtt, /00:00:03\.200 --> 00:00:06\.400/);
});

test("text is nothing but the words", async () => {
  const text = await transcribe({ response_format: "text" });

  assert.equal(typeof text, "string");
  assert.match(text, /^This is a simulated transcript/);
});

test("a transcript is streamed by a model that streams", async () => {
  const events = await collect(
    await client.audio.transcriptions.create({
      model: "replicate/openai/gpt-4o-transcribe",
      file: await recording(),
      stream: true,
    }),
  );

  const pieces = events.filter((event) => event.type === "transcript.text.delta").map((event) => event.delta);
  assert.ok(pieces.length > 3);
  assert.equal(events.at(-1).type, "transcript.text.done");
  assert.equal(events.at(-1).text, pieces.join(""));
});

test("speech is translated", async () => {
  const { text } = await client.audio.translations.create({ model: whisper, file: await recording() });

  assert.match(text, /simulated transcript/);
});

test("a translation comes as verbose_json too", async () => {
  const translation = await client.audio.translations.create({
    model: whisper,
    file: await recording(),
    response_format: "verbose_json",
  });

  assert.match(translation.text, /simulated transcript/);
  assert.equal(translation.segments.length, 3);
});
