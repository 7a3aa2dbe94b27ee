// Models, what they cost, and prices of one's own.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const hostile = "<img/src=x/onerror=alert(1)>";
const upstream = await provider();
const config = configOf(upstream);
config.providers.openai.keys[0].models = ["gpt-4o-mini", "gpt-4o", "house-model", hostile];
const house = await gateway({ config });
const prices = "/api/governance/pricing-overrides";

test("models are found by words, and the words stay in the address", async () => {
  const page = await house.visit("models");
  await page.getByRole("row", { name: /gpt-4o-mini/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("models");
  await page.keyboard.press("/");
  await page.keyboard.type("4o mini");
  await page.getByRole("row", { name: /house-model/ }).waitFor({ state: "detached" });
  await page.waitForURL(/query=4o(%20|\+)mini/, { waitUntil: "commit" });
  await page.go(page.url().split("/ui/")[1]);
  assert.equal(await page.getByRole("searchbox").inputValue(), "4o mini");
  await page.getByRole("row", { name: /gpt-4o-mini/ }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Try openai/gpt-4o-mini", exact: true }).getAttribute("href"), "playground?model=openai%2Fgpt-4o-mini");
  assert.deepEqual(page.broken, []);
});

test("a model without a price gets one, seen before it is saved, and a call then costs that", async () => {
  const page = await house.visit("models?unpriced=true");
  const row = page.getByRole("row", { name: /house-model/ });
  await row.getByText("no price").waitFor();
  await row.getByRole("link", { name: "Set price" }).press("Enter");
  const sheet = page.getByRole("dialog", { name: "Set a price" });
  assert.equal(await sheet.getByLabel("Model").inputValue(), "house-model");
  await sheet.getByLabel("In, per million tokens", { exact: true }).fill("100");
  await sheet.getByLabel("Out, per million tokens", { exact: true }).fill("200");
  // 1000 in and 500 out.
  await sheet.getByText("$0.20", { exact: true }).waitFor();
  await sheet.getByText("no price", { exact: true }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("models-price");
  await sheet.getByRole("button", { name: "Set it" }).press("Enter");
  await sheet.waitFor({ state: "detached" });
  await page.go("models?query=house-model");
  await page.getByRole("link", { name: "your price", exact: true }).waitFor();
  const answer = await house.ask("POST", "/v1/chat/completions", { model: "openai/house-model", messages: [{ role: "user", content: "hi" }] }, { "x-bf-cost": "true" });
  // 12 in and 6 out.
  assert.equal(Number(answer.headers.get("x-bf-cost")), 0.0024);
  assert.deepEqual(page.broken, []);
});

test("a mistake is shown at its field as it is typed, and nothing is saved", async () => {
  const before = (await house.ask("GET", prices)).body.count;
  const page = await house.visit("models?tab=prices");
  await page.keyboard.press("n");
  const sheet = page.getByRole("dialog", { name: "Set a price" });
  await sheet.getByLabel("Model", { exact: true }).fill("gpt-4o");
  await sheet.getByLabel("In, per million tokens", { exact: true }).fill("1,5");
  await sheet.locator(".field", { hasText: "In, per million" }).getByRole("alert").getByText("is not a number").waitFor();
  await sheet.getByLabel("In, per million tokens", { exact: true }).fill("-1");
  await sheet.locator(".field", { hasText: "In, per million" }).getByRole("alert").getByText("zero or more").waitFor();
  await sheet.getByLabel("In, per million tokens", { exact: true }).fill("");
  await sheet.getByLabel("Whose calls").selectOption("provider");
  await sheet.getByRole("button", { name: "Set it" }).press("Enter");
  await sheet.locator(".field", { hasText: "Provider" }).getByRole("alert").getByText("is missing").waitFor();
  await sheet.locator("fieldset").getByText("Enter at least one price.").first().waitFor();
  assert.equal((await house.ask("GET", prices)).body.count, before);
  assert.deepEqual(page.broken, []);
});

test("a price is changed, and deleted", async () => {
  const made = await house.ask("POST", prices, { name: "our contract", scope_kind: "provider", provider_id: "openai", match_type: "wildcard", pattern: "gpt-4o*", rates: { input: 7, output: 8 } });
  const page = await house.visit("models?tab=prices");
  await page.getByRole("link", { name: "our contract" }).press("Enter");
  const sheet = page.getByRole("dialog", { name: "our contract", exact: true });
  await sheet.getByLabel("In, per million tokens", { exact: true }).fill("9");
  await sheet.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByRole("row", { name: /our contract.*in \$9\.00 per million, out \$8\.00 per million/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("models-prices");
  await page.getByRole("link", { name: "our contract" }).press("Enter");
  await sheet.getByRole("button", { name: "Delete" }).press("Enter");
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "our contract" }).waitFor({ state: "detached" });
  assert.equal((await house.ask("GET", `${prices}/${made.body.pricing_override.id}`)).status, 404);
  assert.deepEqual(page.broken, []);
});

test("a model's name is text, whatever is in it", async () => {
  await house.ask("POST", prices, { name: hostile, scope_kind: "global", match_type: "exact", pattern: hostile, rates: { input: 1 } });
  const page = await house.visit("models?query=onerror");
  await page.getByText(hostile).first().waitFor();
  await page.go("models?tab=prices");
  await page.getByRole("link", { name: hostile }).press("Enter");
  await page.getByRole("dialog").getByRole("heading", { name: hostile }).waitFor();
  assert.equal(await page.locator("img[src=x]").count(), 0);
  assert.deepEqual(page.broken, []);
});
