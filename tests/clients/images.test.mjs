import assert from "node:assert/strict";
import { test } from "node:test";
import { toFile } from "openai";
import { client, collect, fluxDev, fluxSchnell, sdxl } from "./gateway.mjs";
import { kindOf, png, sizeOfPng } from "./samples.mjs";

const bytesOf = (image) => Buffer.from(image.b64_json, "base64");

test("a picture is generated", async () => {
  const made = await client.images.generate({ model: fluxSchnell, prompt: "A bridge of light", response_format: "b64_json" });

  assert.equal(made.data.length, 1);
  assert.notEqual(kindOf(bytesOf(made.data[0])), "unknown");
  assert.ok(made.created > 0);
});

test("n pictures are generated", async () => {
  const made = await client.images.generate({ model: fluxSchnell, prompt: "Three boats", n: 3, response_format: "b64_json" });

  assert.equal(made.data.length, 3);
  assert.ok(made.data.every((image) => kindOf(bytesOf(image)) !== "unknown"));
});

test("output_format png makes a PNG", async () => {
  const made = await client.images.generate({
    model: fluxDev,
    prompt: "A kite",
    output_format: "png",
    response_format: "b64_json",
  });

  assert.equal(kindOf(bytesOf(made.data[0])), "png");
});

test("output_format jpeg makes a JPEG", async () => {
  const made = await client.images.generate({
    model: fluxDev,
    prompt: "A kite",
    output_format: "jpeg",
    response_format: "b64_json",
  });

  assert.equal(kindOf(bytesOf(made.data[0])), "jpeg");
});

test("size chooses width and height", async () => {
  const made = await client.images.generate({
    model: sdxl,
    prompt: "A tall tower",
    size: "1024x1536",
    response_format: "b64_json",
  });

  const bytes = bytesOf(made.data[0]);
  assert.equal(kindOf(bytes), "png");
  const [width, height] = sizeOfPng(bytes);
  assert.ok(Math.abs(width / height - 2 / 3) < 0.02, `${width}x${height}`);
});

test("size chooses the shape of a model that knows only shapes", async () => {
  const made = await client.images.generate({
    model: fluxSchnell,
    prompt: "A wide field",
    size: "1536x1024",
    output_format: "png",
    response_format: "b64_json",
  });

  const [width, height] = sizeOfPng(bytesOf(made.data[0]));
  assert.ok(Math.abs(width / height - 3 / 2) < 0.05, `${width}x${height}`);
});

test("a picture is handed over as an address", async () => {
  const made = await client.images.generate({
    model: fluxSchnell,
    prompt: "A letter box",
    output_format: "png",
    response_format: "url",
  });

  const fetched = await fetch(made.data[0].url);
  assert.equal(fetched.status, 200);
  assert.equal(kindOf(Buffer.from(await fetched.arrayBuffer())), "png");
  assert.equal(made.data[0].b64_json ?? null, null);
});

test("a generation streams its picture at the end", async () => {
  const events = await collect(
    await client.images.generate({ model: fluxSchnell, prompt: "Slowly", stream: true, output_format: "png" }),
  );

  const last = events.at(-1);
  assert.equal(last.type, "image_generation.completed");
  assert.equal(kindOf(bytesOf(last)), "png");
  assert.ok(events.slice(0, -1).every((event) => event.type === "image_generation.partial_image"));
});

test("an uploaded picture is edited", async () => {
  const made = await client.images.edit({
    model: fluxDev,
    prompt: "Make it blue",
    image: await toFile(png(64, 64), "red.png", { type: "image/png" }),
    response_format: "b64_json",
  });

  assert.equal(made.data.length, 1);
  assert.notEqual(kindOf(bytesOf(made.data[0])), "unknown");
});

test("several uploaded pictures are edited into one", async () => {
  const made = await client.images.edit({
    model: "replicate/google/nano-banana",
    prompt: "Put them side by side",
    image: [
      await toFile(png(16, 16), "red.png", { type: "image/png" }),
      await toFile(png(16, 16, [40, 40, 200, 255]), "blue.png", { type: "image/png" }),
    ],
    response_format: "b64_json",
  });

  assert.equal(made.data.length, 1);
  assert.notEqual(kindOf(bytesOf(made.data[0])), "unknown");
});

test("a mask says where to edit", async () => {
  const made = await client.images.edit({
    model: sdxl,
    prompt: "A bird in the middle",
    image: await toFile(png(64, 64), "scene.png", { type: "image/png" }),
    mask: await toFile(png(64, 64, [0, 0, 0, 0]), "mask.png", { type: "image/png" }),
    n: 2,
    response_format: "b64_json",
  });

  assert.equal(made.data.length, 2);
  assert.ok(made.data.every((image) => kindOf(bytesOf(image)) !== "unknown"));
});

test("an edit streams its picture at the end", async () => {
  const events = await collect(
    await client.images.edit({
      model: fluxDev,
      prompt: "Make it green",
      image: await toFile(png(64, 64), "red.png", { type: "image/png" }),
      stream: true,
    }),
  );

  assert.equal(events.at(-1).type, "image_edit.completed");
  assert.notEqual(kindOf(bytesOf(events.at(-1))), "unknown");
});
