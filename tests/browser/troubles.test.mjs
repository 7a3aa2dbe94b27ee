// What a page says when there is nothing to show: why, and what to do.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const off = await gateway({ config: configOf(upstream) });

test("a log that is switched off says so, and where it is switched on", async () => {
  await off.ask("PUT", "/api/config", { client_config: { enable_logging: false } });
  await off.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "unseen" }] });
  const page = await off.visit("logs");
  await page.getByText("The log is off: requests leave no rows.").waitFor();
  assert.equal(await page.getByText("Waiting for the first request").count(), 0);
  assert.deepEqual(await violations(page), []);
  await page.go("dashboard");
  await page.getByRole("heading", { name: "The log is off" }).waitFor();
  await page.getByRole("link", { name: "Turn it on in the settings" }).click();
  await page.waitForURL("**/ui/settings?section=logging");
  assert.deepEqual(page.broken, []);
});
