import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { client, fluxSchnell, llama8b, user } from "./gateway.mjs";

const ask = (content, more = {}) => client.chat.completions.create({ model: llama8b, messages: [user(content)], ...more });

async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("There was an answer where an error was expected.");
}

test("a request without messages is a typed 400 that names the parameter", async () => {
  const error = await errorOf(client.chat.completions.create({ model: llama8b }));

  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.equal(error.status, 400);
  assert.equal(error.type, "invalid_request_error");
  assert.equal(error.param, "messages");
  assert.match(error.message, /messages/);
  assert.ok(error.requestID);
});

test("a model nobody has is a typed 404", async () => {
  const error = await errorOf(ask("Hi", { model: "replicate/nobody/nothing-of-the-sort" }));

  assert.ok(error instanceof OpenAI.NotFoundError, String(error));
  assert.equal(error.code, "model_not_found");
  assert.match(error.message, /nobody\/nothing-of-the-sort/);
});

test("an address that does not exist is a typed 404", async () => {
  const error = await errorOf(client.moderations.create({ input: "hm" }));

  assert.ok(error instanceof OpenAI.NotFoundError, String(error));
  assert.equal(error.code, "unknown_url");
});

test("a throttled provider is a typed 429 that says when to come back", async () => {
  const error = await errorOf(ask("[throttle]"));

  assert.ok(error instanceof OpenAI.RateLimitError, String(error));
  assert.equal(error.status, 429);
  assert.ok(error.headers.get("retry-after") !== null);
});

test("the client's own retries get past a throttled provider", async () => {
  const reply = await client.chat.completions.create(
    { model: llama8b, messages: [user("[throttle once]")] },
    { maxRetries: 2 },
  );

  assert.match(reply.choices[0].message.content, /throttle once/);
});

test("a prediction that fails is a typed error with the model's own words", async () => {
  const error = await errorOf(ask("[fail]"));

  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.ok(error.status >= 400, String(error.status));
  assert.match(error.message, /simulated failure/);
});

test("a picture that the safety check refuses is a typed 400", async () => {
  const error = await errorOf(client.images.generate({ model: fluxSchnell, prompt: "[indecent]" }));

  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.match(String(error.code), /content/);
});

test("a stream that breaks throws after the pieces that came", async () => {
  const stream = await ask("[break the stream]", { stream: true });

  let text = "";
  const error = await errorOf(
    (async () => {
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
      }
    })(),
  );

  assert.equal(text, "Half an ans");
  assert.ok(error instanceof OpenAI.APIError, String(error));
  assert.match(error.message, /simulated failure/);
});

test("a response stream that breaks says so", async () => {
  const stream = await client.responses.create({ model: llama8b, input: "[break the stream]", stream: true });

  const types = [];
  let thrown = null;
  try {
    for await (const event of stream) {
      types.push(event.type);
    }
  } catch (error) {
    thrown = error;
  }

  assert.ok(types.includes("response.output_text.delta"));
  assert.ok(!types.includes("response.completed"));
  assert.ok(thrown instanceof OpenAI.APIError || types.at(-1) === "response.failed", `${types.at(-1)}, ${thrown}`);
});
