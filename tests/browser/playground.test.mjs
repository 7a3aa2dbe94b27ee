// The playground: a model tried as a caller would.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider({ answer: "Words that come one after the other." });
const house = await gateway({ config: configOf(upstream) });
const demo = await gateway({ args: ["--demo"] });

test("an answer comes word by word, with its time, tokens and cost, by keyboard alone", async () => {
  const page = await house.visit("playground");
  await page.getByLabel("Model").fill("openai/gpt-4o-mini");
  await page.getByLabel("Message").fill("Say something.");
  await page.keyboard.press("Control+Enter");
  await page.locator("pre.said", { hasText: upstream.answer }).waitFor();
  const took = page.getByRole("list", { name: "What it took" });
  await took.getByText("12 + 6 tokens").waitFor();
  await took.getByText("$").waitFor();
  assert.equal(upstream.requests.at(-1).body.stream, true);
  assert.deepEqual(await violations(page), []);
  await page.shot("playground-chat");
  await took.getByRole("link", { name: "In the log" }).click();
  await page.waitForURL("**/ui/logs?id=**");
  await page.getByRole("dialog").getByText("Say something.").first().waitFor();
  assert.deepEqual(page.broken, []);
});

test("two models answer the same question side by side", async () => {
  const page = await house.visit("playground?model=openai/gpt-4o-mini");
  await page.getByRole("button", { name: "Compare" }).press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "model-1");
  await page.keyboard.type("openai/gpt-4o");
  await page.getByLabel("Message").fill("Which of you is quicker?");
  await page.keyboard.press("Control+Enter");
  await page.locator("pre.said").nth(1).waitFor();
  assert.deepEqual(upstream.requests.slice(-2).map((r) => r.body.model).sort(), ["gpt-4o", "gpt-4o-mini"]);
  assert.deepEqual(page.broken, []);
});

test("where keys are needed a call without one says so, and with one goes through, and the key is nowhere afterwards", async () => {
  const key = (await house.ask("POST", "/api/governance/virtual-keys", { name: "play" })).body.virtual_key.value;
  await house.ask("PUT", "/api/config", { client_config: { enforce_auth_on_inference: true } });
  try {
    const page = await house.visit("playground?model=openai/gpt-4o-mini");
    await page.getByLabel("Message").fill("Let me in.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("link", { name: "Make a virtual key" }).waitFor();
    await page.getByLabel("Through a virtual key").fill(key);
    await page.getByLabel("Message").fill("Let me in.");
    await page.keyboard.press("Control+Enter");
    await page.locator("pre.said").first().waitFor();
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }) + document.documentElement.outerHTML);
    assert.ok(!kept.includes(key));
    assert.deepEqual(page.broken, []);
  } finally {
    await house.ask("PUT", "/api/config", { client_config: { enforce_auth_on_inference: false } });
  }
});

test("a refusal of the provider is told in words, and the conversation can go on", async () => {
  const page = await house.visit("playground?model=openai/gpt-4o-mini");
  upstream.status = 400;
  upstream.error = "That is too much for me.";
  await page.getByLabel("Message").fill("A hard one.");
  await page.keyboard.press("Control+Enter");
  await page.getByText("That is too much for me.").waitFor();
  upstream.status = 200;
  await page.getByLabel("Message").fill("An easy one.");
  await page.keyboard.press("Control+Enter");
  await page.locator("pre.said").first().waitFor();
  assert.deepEqual(page.broken, []);
});

test("what keeps a call from being answered says where it is mended", async () => {
  const page = await demo.visit("playground?model=openai/gpt-4o,replicate/nobody/has-this");
  await page.getByText("openai/gpt-4o", { exact: true }).waitFor();
  await page.getByLabel("Message").fill("Hi");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("link", { name: "Providers and their keys" }).waitFor();
  await page.getByRole("link", { name: "See the models there are" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Make a virtual key" }).count(), 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.broken, []);
});

test("a picture is made and shown", async () => {
  const page = await demo.visit("playground?mode=image&model=replicate/black-forest-labs/flux-schnell");
  await page.getByLabel("What it should show").fill("a bridge of light");
  await page.keyboard.press("Control+Enter");
  const picture = page.locator("figure img").first();
  await picture.waitFor();
  await page.waitForFunction(() => document.querySelector("figure img")?.naturalWidth > 0);
  assert.deepEqual(await violations(page), []);
  await page.shot("playground-picture");
  assert.deepEqual(page.broken, []);
});

test("a request from the log is asked again", async () => {
  await house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Ask me twice." }] });
  await new Promise((r) => setTimeout(r, 1200));
  const id = (await house.ask("GET", "/api/logs?limit=1")).body.logs[0].id;
  const page = await house.visit(`playground?replay=${id}`);
  await page.waitForFunction(() => document.querySelector("#prompt")?.value === "Ask me twice.");
  assert.equal(await page.getByLabel("Model").inputValue(), "openai/gpt-4o-mini");
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("pre.said").first().waitFor();
  assert.deepEqual(page.broken, []);
});
