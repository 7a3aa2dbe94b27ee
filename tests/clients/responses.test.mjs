import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { client, collect, deepseek, llama8b, llama70b, user } from "./gateway.mjs";

async function ended(id) {
  for (let tries = 0; tries < 200; tries++) {
    const response = await client.responses.retrieve(id);
    if (!["queued", "in_progress"].includes(response.status)) {
      return response;
    }
    await wait(20);
  }
  throw new Error(`${id} has not ended after 200 looks`);
}

test("a text is responded to", async () => {
  const response = await client.responses.create({ model: llama8b, input: "Good evening" });

  assert.equal(response.object, "response");
  assert.match(response.id, /^resp_/);
  assert.equal(response.status, "completed");
  assert.equal(response.error, null);
  assert.match(response.output_text, /You said: "Good evening"/);
  const message = response.output.find((item) => item.type === "message");
  assert.equal(message.role, "assistant");
  assert.equal(message.content[0].type, "output_text");
  assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
});

test("items and instructions make one conversation", async () => {
  const plain = await client.responses.create({ model: llama70b, input: "And you?" });

  const response = await client.responses.create({
    model: llama70b,
    instructions: "Answer like a pirate who has all the time of the world.",
    input: [
      { role: "user", content: "How do you do?" },
      { role: "assistant", content: "Very well." },
      { type: "message", role: "user", content: [{ type: "input_text", text: "And you?" }] },
    ],
  });

  assert.match(response.output_text, /You said: "And you\?"/);
  assert.ok(response.usage.input_tokens > plain.usage.input_tokens);
});

test("max_output_tokens leaves a response incomplete", async () => {
  const response = await client.responses.create({ model: llama8b, input: "Long story", max_output_tokens: 16 });

  assert.equal(response.status, "incomplete");
  assert.equal(response.incomplete_details.reason, "max_output_tokens");
});

test("a stream has every event in order", async () => {
  const events = await collect(await client.responses.create({ model: llama8b, input: "Stream to me", stream: true }));

  const types = events.map((event) => event.type);
  const firstDelta = types.indexOf("response.output_text.delta");
  const afterDeltas = types.lastIndexOf("response.output_text.delta") + 1;
  assert.deepEqual(types.slice(0, firstDelta), [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
  ]);
  assert.ok(types.slice(firstDelta, afterDeltas).every((type) => type === "response.output_text.delta"));
  assert.deepEqual(types.slice(afterDeltas), [
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
  ]);
  assert.deepEqual(
    events.map((event) => event.sequence_number),
    events.map((_, index) => index),
  );
  const text = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta);
  assert.ok(text.length > 3);
  assert.equal(events.find((event) => event.type === "response.output_text.done").text, text.join(""));
  const { response } = events.at(-1);
  assert.equal(response.id, events[0].response.id);
  assert.equal(response.status, "completed");
  assert.equal(response.output[0].content[0].text, text.join(""));
  assert.ok(response.usage.output_tokens > 0);
});

test("the client's own stream collector builds the whole response", async () => {
  const response = await client.responses.stream({ model: llama70b, input: "Collect me" }).finalResponse();

  assert.equal(response.status, "completed");
  assert.match(response.output_text, /Collect me/);
});

test("thoughts are an item of their own before the message", async () => {
  const response = await client.responses.create({ model: deepseek, input: "Why?" });

  assert.deepEqual(
    response.output.map((item) => item.type),
    ["reasoning", "message"],
  );
  assert.doesNotMatch(response.output_text, /think>/);
});

test("a response in the background is fetched when it is done", async () => {
  const created = await client.responses.create({ model: llama8b, input: "Take your time", background: true });
  assert.ok(["queued", "in_progress", "completed"].includes(created.status), created.status);
  assert.equal(created.background, true);

  const response = await ended(created.id);

  assert.equal(response.id, created.id);
  assert.equal(response.status, "completed");
  assert.match(response.output_text, /Take your time/);
});

test("a response in the background is cancelled", async () => {
  const created = await client.responses.create({ model: llama8b, input: "[never finish]", background: true });
  assert.ok(["queued", "in_progress"].includes(created.status), created.status);

  const cancelled = await client.responses.cancel(created.id);

  assert.equal(cancelled.id, created.id);
  assert.equal(cancelled.status, "cancelled");
  assert.equal((await ended(created.id)).status, "cancelled");
});

test("pictures in items are understood", async () => {
  const response = await client.responses.create({
    model: "replicate/yorickvp/llava-13b",
    input: [
      user([
        { type: "input_text", text: "What is this?" },
        { type: "input_image", detail: "auto", image_url: "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==" },
      ]),
    ],
  });

  assert.match(response.output_text, /You also sent a picture/);
});
