import assert from "node:assert/strict";
import { test } from "node:test";
import { client, collect, llama8b, llama70b } from "./gateway.mjs";

test("a prompt is completed", async () => {
  const completion = await client.completions.create({ model: llama8b, prompt: "Once upon a time" });

  assert.equal(completion.object, "text_completion");
  assert.equal(completion.model, llama8b);
  assert.equal(completion.choices.length, 1);
  assert.match(completion.choices[0].text, /Once upon a time/);
  assert.equal(completion.choices[0].finish_reason, "stop");
  assert.ok(completion.usage.prompt_tokens > 0);
  assert.ok(completion.usage.completion_tokens > 0);
  assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
});

test("several prompts are completed in order", async () => {
  const completion = await client.completions.create({ model: llama70b, prompt: ["Red is", "Blue is"], max_tokens: 60 });

  assert.deepEqual(
    completion.choices.map((choice) => choice.index),
    [0, 1],
  );
  assert.match(completion.choices[0].text, /Red is/);
  assert.match(completion.choices[1].text, /Blue is/);
});

test("a completion streams the text that it answers whole", async () => {
  const asked = { model: llama8b, prompt: "A poem about bridges" };
  const whole = await client.completions.create(asked);

  const chunks = await collect(await client.completions.create({ ...asked, stream: true }));

  assert.ok(chunks.length > 3);
  assert.ok(chunks.every((chunk) => chunk.object === "text_completion" && chunk.id === chunks[0].id));
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.text ?? "").join(""), whole.choices[0].text);
  assert.equal(chunks.findLast((chunk) => chunk.choices.length > 0).choices[0].finish_reason, "stop");
});

test("a streamed completion ends with its usage when asked", async () => {
  const chunks = await collect(
    await client.completions.create({ model: llama8b, prompt: "Hi", stream: true, stream_options: { include_usage: true } }),
  );

  const last = chunks.at(-1);
  assert.deepEqual(last.choices, []);
  assert.ok(last.usage.completion_tokens > 0);
});
