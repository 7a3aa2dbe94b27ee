import assert from "node:assert/strict";
import { test } from "node:test";
import { client, collect, deepseek, llama8b, llama70b, llava, user } from "./gateway.mjs";
import { png } from "./samples.mjs";

const ask = (content, more = {}) => client.chat.completions.create({ model: llama8b, messages: [user(content)], ...more });

test("a chat is answered", async () => {
  const reply = await ask("Good morning");

  assert.equal(reply.object, "chat.completion");
  assert.match(reply.id, /^chatcmpl-/);
  assert.equal(reply.model, llama8b);
  assert.equal(reply.choices.length, 1);
  assert.equal(reply.choices[0].message.role, "assistant");
  assert.match(reply.choices[0].message.content, /You said: "Good morning"/);
  assert.equal(reply.choices[0].finish_reason, "stop");
  assert.ok(Math.abs(reply.created - Date.now() / 1000) < 600);
});

test("usage counts what went in and what came out", async () => {
  const { usage } = await ask("Count these words, please");

  assert.ok(usage.prompt_tokens > 0);
  assert.ok(usage.completion_tokens > 0);
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
});

test("an answer tells its request id", async () => {
  const reply = await ask("Hi");

  assert.ok(reply._request_id?.length > 8, `request id: ${reply._request_id}`);
});

test("a stream brings the same text as the whole answer", async () => {
  const whole = await ask("Tell me about rainbows");

  const chunks = await collect(await ask("Tell me about rainbows", { stream: true }));

  assert.ok(chunks.length > 5);
  assert.ok(chunks.every((chunk) => chunk.object === "chat.completion.chunk" && chunk.id === chunks[0].id && chunk.model === llama8b));
  assert.equal(chunks[0].choices[0].delta.role, "assistant");
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), whole.choices[0].message.content);
  assert.equal(chunks.filter((chunk) => chunk.choices[0]?.finish_reason).length, 1);
  assert.equal(chunks.at(-1).choices[0].finish_reason, "stop");
});

test("usage is streamed last, without choices, when asked for", async () => {
  const chunks = await collect(await ask("Hello", { stream: true, stream_options: { include_usage: true } }));

  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  assert.ok(last.usage.prompt_tokens > 0);
  assert.ok(last.usage.completion_tokens > 0);
  assert.ok(chunks.slice(0, -1).every((chunk) => !chunk.usage));
});

test("usage is not streamed when not asked for", async () => {
  const chunks = await collect(await ask("Hello", { stream: true }));

  assert.ok(chunks.every((chunk) => !chunk.usage && chunk.choices.length === 1));
});

test("the client's own stream collector builds the whole answer", async () => {
  const stream = client.chat.completions.stream({ model: llama70b, messages: [user("Collect me")] });
  let text = "";
  stream.on("content", (delta) => (text += delta));

  const reply = await stream.finalChatCompletion();

  assert.match(reply.choices[0].message.content, /Collect me/);
  assert.equal(text, reply.choices[0].message.content);
});

test("a stream can be left early", async () => {
  const stream = await ask("Leave early", { stream: true });

  let seen = 0;
  for await (const _ of stream) {
    if (++seen === 2) {
      break;
    }
  }

  assert.equal(seen, 2);
  assert.ok(stream.controller.signal.aborted);
});

test("a system message goes along", async () => {
  const short = await ask("Hi");

  const reply = await client.chat.completions.create({
    model: llama70b,
    messages: [{ role: "system", content: "You are a very patient teacher of mathematics." }, user("Hi")],
  });

  assert.match(reply.choices[0].message.content, /You said: "Hi"/);
  assert.ok(reply.usage.prompt_tokens > short.usage.prompt_tokens);
});

test("a conversation of several turns is answered at its end", async () => {
  const reply = await client.chat.completions.create({
    model: llama8b,
    messages: [
      user("My name is Ada."),
      { role: "assistant", content: "Nice to meet you, Ada." },
      user([{ type: "text", text: "What is my name?" }]),
    ],
  });

  assert.match(reply.choices[0].message.content, /You said: "What is my name\?"/);
});

test("a picture in a message reaches the model", async () => {
  const url = `data:image/png;base64,${png(8, 8).toString("base64")}`;

  const reply = await client.chat.completions.create({
    model: llava,
    messages: [
      user([
        { type: "text", text: "What do you see?" },
        { type: "image_url", image_url: { url } },
      ]),
    ],
  });

  assert.match(reply.choices[0].message.content, /You also sent a picture/);
  assert.match(reply.choices[0].message.content, /What do you see\?/);
});

test("a picture in a message works in a stream too", async () => {
  const url = `data:image/png;base64,${png(8, 8).toString("base64")}`;

  const chunks = await collect(
    await client.chat.completions.create({
      model: llava,
      stream: true,
      messages: [
        user([
          { type: "image_url", image_url: { url } },
          { type: "text", text: "Describe it" },
        ]),
      ],
    }),
  );

  assert.match(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), /You also sent a picture/);
});

test("the text ends before a stop word", async () => {
  const reply = await ask("Stop me", { stop: ["standing in"] });

  assert.match(reply.choices[0].message.content, /^This is a simulated answer/);
  assert.doesNotMatch(reply.choices[0].message.content, /standing in/);
  assert.equal(reply.choices[0].finish_reason, "stop");
});

test("a streamed text ends before a stop word, torn or not", async () => {
  const chunks = await collect(await ask("Stop me", { stop: "standing in", stream: true }));

  const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
  assert.match(text, /^This is a simulated answer/);
  assert.doesNotMatch(text, /standing/);
  assert.equal(chunks.at(-1).choices[0].finish_reason, "stop");
});

test("a seed is taken, or dropped where the model has none", async () => {
  const reply = await ask("Plant a seed", { seed: 42, temperature: 0.2, top_p: 0.9 });

  assert.match(reply.choices[0].message.content, /Plant a seed/);
});

test("max_tokens ends an answer with finish_reason length", async () => {
  const reply = await ask("Be brief", { max_tokens: 5 });

  assert.equal(reply.usage.completion_tokens, 5);
  assert.equal(reply.choices[0].finish_reason, "length");
});

test("max_completion_tokens ends an answer with finish_reason length", async () => {
  const reply = await ask("Be brief", { max_completion_tokens: 7 });

  assert.equal(reply.usage.completion_tokens, 7);
  assert.equal(reply.choices[0].finish_reason, "length");
});

test("a stream that runs into its limit says length", async () => {
  const chunks = await collect(await ask("Be brief", { max_tokens: 5, stream: true }));

  assert.equal(chunks.at(-1).choices[0].finish_reason, "length");
});

test("deepseek's thoughts come apart from its answer", async () => {
  const reply = await client.chat.completions.create({ model: deepseek, messages: [user("Why is the sky blue?")] });

  const { content, reasoning_content: thoughts } = reply.choices[0].message;
  assert.match(thoughts, /The user says/);
  assert.doesNotMatch(thoughts, /<\/?think>/);
  assert.match(content, /^This is a simulated answer/);
  assert.doesNotMatch(content, /think>/);
});

test("deepseek's thoughts are streamed before its answer", async () => {
  const chunks = await collect(
    await client.chat.completions.create({ model: deepseek, messages: [user("Why is the sky blue?")], stream: true }),
  );

  const deltas = chunks.map((chunk) => chunk.choices[0]?.delta ?? {});
  const thoughts = deltas.map((delta) => delta.reasoning_content ?? "").join("");
  const content = deltas.map((delta) => delta.content ?? "").join("");
  assert.match(thoughts, /The user says/);
  assert.match(content, /^This is a simulated answer/);
  assert.doesNotMatch(thoughts + content, /think>/);
  assert.ok(deltas.findLastIndex((delta) => delta.reasoning_content) < deltas.findIndex((delta) => delta.content));
});

test("an answer in JSON parses", async () => {
  const reply = await ask("Give me a JSON object", { response_format: { type: "json_object" } });

  assert.equal(typeof JSON.parse(reply.choices[0].message.content), "object");
});
