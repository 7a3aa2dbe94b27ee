import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { toFile } from "openai";
import { client, collect } from "./gateway.mjs";

const upload = async (text, name = "notes.txt", purpose = "user_data") =>
  client.files.create({ file: await toFile(Buffer.from(text), name, { type: "text/plain" }), purpose });

test("a file is uploaded", async () => {
  const file = await upload("eleven byte");

  assert.equal(file.object, "file");
  assert.match(file.id, /^file-/);
  assert.equal(file.filename, "notes.txt");
  assert.equal(file.bytes, 11);
  assert.equal(file.purpose, "user_data");
  assert.ok(Math.abs(file.created_at - Date.now() / 1000) < 600);
});

test("a file is found again", async () => {
  const { id } = await upload("find me", "lost.txt", "assistants");

  const file = await client.files.retrieve(id);

  assert.equal(file.id, id);
  assert.equal(file.filename, "lost.txt");
  assert.equal(file.purpose, "assistants");
});

test("a file's content comes back byte for byte", async () => {
  const text = "grüße, ½ and \u{1F309}\r\n\0 end";
  const { id } = await upload(text);

  const response = await client.files.content(id);

  assert.equal(Buffer.from(await response.arrayBuffer()).toString("utf8"), text);
});

test("a list of files pages by itself", async () => {
  const made = [];
  for (let i = 0; i < 5; i++) {
    made.push((await upload(`file ${i}`, `page-${i}.txt`, "batch")).id);
  }

  const page = await client.files.list({ limit: 2, purpose: "batch" });
  assert.equal(page.data.length, 2);
  assert.equal(page.hasNextPage(), true);
  const all = await collect(client.files.list({ limit: 2, purpose: "batch" }));

  const ids = all.map((file) => file.id);
  assert.deepEqual([...ids].sort(), [...made].sort());
  assert.ok(all.every((file) => file.purpose === "batch"));
});

test("a deleted file is gone", async () => {
  const { id } = await upload("short life");

  const deleted = await client.files.delete(id);

  assert.deepEqual({ id: deleted.id, object: deleted.object, deleted: deleted.deleted }, { id, object: "file", deleted: true });
  await assert.rejects(client.files.retrieve(id), OpenAI.NotFoundError);
});
