// Providers and their keys.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });

test("a provider's keys are tried with one click, and why one does not work is told", async () => {
  const page = await house.visit("providers");
  const card = page.locator("section", { has: page.getByRole("heading", { name: "openai" }) });
  await card.getByRole("button", { name: "Test" }).press("Enter");
  await card.getByText("main works").waitFor();
  upstream.status = 401;
  await card.getByRole("button", { name: "Test" }).press("Enter");
  await card.getByText("refused to list its models with status 401").waitFor();
  upstream.status = 200;
  assert.deepEqual(await violations(page), []);
  await page.shot("providers");
  assert.ok(!(await page.content()).includes("sk-upstream-secret"));
  assert.deepEqual(page.broken, []);
});

test("a server of one's own is added, tried and used", async () => {
  const page = await house.visit("providers");
  await page.keyboard.press("n");
  await page.getByRole("button", { name: "A server of your own" }).click();
  await page.locator("#custom-name").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("my-llama");
  await page.getByLabel("Address").fill(upstream.url);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Save and try it" }).click();
  await page.getByRole("heading", { name: "my-llama" }).waitFor();
  const answer = await house.ask("POST", "/v1/chat/completions", { model: "my-llama/tiny", messages: [{ role: "user", content: "hi" }] });
  assert.equal(answer.status, 200);
  assert.deepEqual(page.broken, []);
});

test("a mistake in an address is told at its field, and nothing is saved", async () => {
  const page = await house.visit("providers?new=true");
  await page.getByRole("button", { name: "A server of your own" }).click();
  await page.locator("#custom-name").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("broken");
  await page.getByLabel("Address").fill("not an address");
  await page.getByRole("button", { name: "Save and try it" }).click();
  await page.locator(".field.is-wrong .wrong").first().waitFor();
  assert.equal((await house.ask("GET", "/api/providers/broken")).status, 404);
  assert.deepEqual(page.broken, []);
});

test("a key is switched off and on, and removed only after a question", async () => {
  await house.ask("POST", "/api/providers/openai/keys", { name: "second", value: "sk-second-secret", models: ["*"] });
  const page = await house.visit("providers");
  await page.getByRole("button", { name: "Switch off second" }).press("Enter");
  await page.getByRole("button", { name: "Switch on second" }).waitFor();
  await page.getByRole("button", { name: "Remove second" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Remove second" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).press("Enter");
  await page.getByRole("button", { name: "Remove second" }).waitFor({ state: "detached" });
  assert.deepEqual((await house.ask("GET", "/api/providers/openai/keys")).body.keys.map((k) => k.name), ["main"]);
  assert.deepEqual(page.broken, []);
});
