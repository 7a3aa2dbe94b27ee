import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI from "openai";
import { client, collect, fluxSchnell, llama8b, whisper } from "./gateway.mjs";

test("the list of models names those of the provider", async () => {
  const models = await collect(client.models.list());

  const ids = models.map((model) => model.id);
  for (const wanted of [fluxSchnell, llama8b, whisper]) {
    assert.ok(ids.includes(wanted), `${wanted} is not among ${ids.join(", ")}`);
  }
  assert.equal(new Set(ids).size, ids.length);
  for (const model of models) {
    assert.equal(model.object, "model");
    assert.equal(typeof model.created, "number");
    assert.equal(typeof model.owned_by, "string");
  }
});

test("a model is retrieved by its name with slashes", async () => {
  const model = await client.models.retrieve(llama8b);

  assert.equal(model.id, llama8b);
  assert.equal(model.object, "model");
  assert.equal(model.owned_by, "meta");
});

test("a model that nobody could call is a typed 404", async () => {
  await assert.rejects(client.models.retrieve("replicate/noslash"), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError, String(error));
    assert.equal(error.status, 404);
    assert.equal(error.code, "model_not_found");
    return true;
  });
});
