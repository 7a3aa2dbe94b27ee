import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import OpenAI, { toFile } from "openai";
import { client, collect, gen4 } from "./gateway.mjs";
import { kindOf, png } from "./samples.mjs";

// This model makes films out of a first picture.
const order = async (prompt, more = {}) =>
  client.videos.create({
    model: gen4,
    prompt,
    input_reference: await toFile(png(64, 36), "first.png", { type: "image/png" }),
    ...more,
  });

async function ended(id) {
  for (let tries = 0; tries < 200; tries++) {
    const video = await client.videos.retrieve(id);
    if (video.status === "completed" || video.status === "failed") {
      return video;
    }
    await wait(20);
  }
  throw new Error(`${id} has not ended after 200 looks`);
}

test("a video is ordered", async () => {
  const video = await order("A whale in the clouds", { seconds: "5", size: "1280x720" });

  assert.equal(video.object, "video");
  assert.match(video.id, /^video_/);
  assert.equal(video.model, gen4);
  assert.ok(["queued", "in_progress", "completed"].includes(video.status), video.status);
  assert.equal(video.prompt, "A whale in the clouds");
  assert.equal(video.error, null);
});

test("an ordered video completes", async () => {
  const { id } = await order("A train at night");

  const video = await ended(id);

  assert.equal(video.status, "completed");
  assert.equal(video.progress, 100);
  assert.ok(video.completed_at >= video.created_at);
});

test("a model that needs a first picture asks for it", async () => {
  await assert.rejects(client.videos.create({ model: gen4, prompt: "From nothing" }), (error) => {
    assert.ok(error instanceof OpenAI.BadRequestError, String(error));
    assert.match(error.message, /needs the input `image`/);
    return true;
  });
});

test("a video is made from words alone by a model that can", async () => {
  const { id } = await client.videos.create({ model: "replicate/openai/sora-2", prompt: "Waves", seconds: "8", size: "1280x720" });

  const video = await ended(id);

  assert.equal(video.status, "completed");
  assert.equal(video.seconds, "8");
});

test("the film is downloaded", async () => {
  const { id } = await order("Waves");
  await ended(id);

  const response = await client.videos.downloadContent(id);

  assert.equal(response.headers.get("content-type"), "video/mp4");
  assert.equal(kindOf(Buffer.from(await response.arrayBuffer())), "mp4");
});

test("videos are listed page by page", async () => {
  const made = [];
  for (let i = 0; i < 3; i++) {
    made.push((await order(`Listed ${i}`)).id);
  }

  const page = await client.videos.list({ limit: 2 });
  assert.equal(page.data.length, 2);
  const ids = (await collect(client.videos.list({ limit: 2 }))).map((video) => video.id);

  assert.ok(made.every((id) => ids.includes(id)), `${made} are not all among ${ids}`);
  assert.equal(new Set(ids).size, ids.length);
});

test("a deleted video is gone", async () => {
  const { id } = await order("Soon gone");
  await ended(id);

  const deleted = await client.videos.delete(id);

  assert.equal(deleted.id, id);
  assert.equal(deleted.deleted, true);
  await assert.rejects(client.videos.retrieve(id), OpenAI.NotFoundError);
});

test("a video is remixed by a model that takes videos", async () => {
  const { id } = await order("A river", { model: "replicate/simulated/video-to-video", input_reference: undefined });
  await ended(id);

  const remix = await client.videos.remix(id, { prompt: "The same in winter" });

  assert.notEqual(remix.id, id);
  assert.equal(remix.remixed_from_video_id, id);
  assert.equal((await ended(remix.id)).status, "completed");
});

test("a model that takes no video says so when asked to remix", async () => {
  const { id } = await order("A river");
  await ended(id);

  await assert.rejects(client.videos.remix(id, { prompt: "The same in winter" }), (error) => {
    assert.ok(error instanceof OpenAI.APIError, String(error));
    assert.equal(error.status, 501);
    assert.equal(error.code, "not_supported");
    assert.match(error.message, /takes no video/);
    return true;
  });
});

test("a video that fails tells why", async () => {
  const { id } = await order("[fail]");

  const video = await ended(id);

  assert.equal(video.status, "failed");
  assert.match(video.error.message, /simulated failure/);
});
