// The whole first-run story: an empty gateway, three steps, the first request.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";
import { gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: { providers: {} } });

test("an empty gateway leads a newcomer from a provider's key to the first request, and notices it by itself", async () => {
  const page = await house.visit("");
  await page.waitForURL("**/ui/start");
  assert.deepEqual(await violations(page), []);
  await page.shot("start-empty");

  // 1. A key that does not work is told so before anybody relies on it.
  upstream.status = 401;
  await page.getByLabel("Provider", { exact: true }).selectOption("openai");
  await page.getByLabel("Key", { exact: true }).fill("sk-provider-secret-0123456789");
  await page.getByText("More", { exact: true }).click();
  await page.getByLabel("Address").fill(upstream.url);
  await page.getByRole("button", { name: "Save and try it" }).click();
  await page.getByText("main does not work").waitFor();
  await page.getByRole("button", { name: "Remove the key again" }).click();
  await page.getByText("main does not work").waitFor({ state: "detached" });
  upstream.status = 200;
  await page.getByRole("button", { name: "Save and try it" }).click();
  await page.getByText("Ready: openai").waitFor();

  // 2. A virtual key, shown once.
  await page.getByRole("button", { name: "Make the key" }).click();
  const value = await page.locator(".secret code").innerText();
  assert.match(value, /^sk-bf-/);

  // 3. The snippet is ready to run as it stands.
  await page.getByText("Waiting for the first request").waitFor();
  await page.getByRole("button", { name: "Python" }).click();
  assert.ok((await page.locator(".code pre", { hasText: "from openai" }).innerText()).includes(value));
  await page.getByRole("button", { name: "curl", exact: true }).click();
  const snippet = await page.locator(".code pre", { hasText: "curl " }).innerText();
  assert.ok(snippet.includes(value) && snippet.includes(house.address) && snippet.includes("openai/gpt-4o-mini"), snippet);
  // A call that fails is told as such, and the page goes on waiting for a good one.
  upstream.status = 500;
  await house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] }, { Authorization: `Bearer ${value}` });
  await page.getByText("A request arrived, and got no answer").waitFor();
  upstream.status = 200;
  // Not in step: the provider answers in this process.
  const { stdout: answer } = await promisify(execFile)("bash", ["-c", snippet.replace("curl ", "curl -s ")]);
  assert.ok(answer.includes(upstream.answer), answer);
  await page.getByText("The first request arrived.").waitFor();
  await page.shot("start-done");
  assert.deepEqual(await violations(page), []);

  // Neither secret is anywhere in a page that is opened afterwards.
  await page.reload();
  const text = await page.content();
  assert.ok(!text.includes(value) && !text.includes("sk-provider-secret"), "a secret is in the page");
  assert.deepEqual(page.broken, []);
});
