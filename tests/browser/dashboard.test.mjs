// The dashboard: sums, charts, periods.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });
const chat = (body, headers) => house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "hi" }], ...body }, headers);

test("the dashboard of a gateway that was never asked says what to do", async () => {
  const page = await house.visit("dashboard");
  await page.getByText("Nothing was asked in this period").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("dashboard-empty");
  assert.deepEqual(page.broken, []);
});

test("the dashboard adds up what was asked, and its charts can be read as tables", async () => {
  for (let i = 0; i < 4; i++) await chat({});
  upstream.status = 400;
  await chat({});
  upstream.status = 200;
  await house.ask("POST", "/api/governance/teams", { name: "search", budget: { max_limit: 5, reset_duration: "1M" } });
  await new Promise((r) => setTimeout(r, 1500));
  const page = await house.visit("dashboard?period=1h");
  const stats = page.getByRole("region", { name: "Sums", exact: true });
  await stats.getByText("80 %").waitFor();
  assert.equal(await stats.locator(".value").first().innerText(), "5");
  await page.getByText("Budgets nearest their end").waitFor();
  assert.ok(await page.getByRole("link", { name: "search" }).isVisible());
  const requests = page.locator("section", { has: page.getByRole("heading", { name: "Requests" }) });
  await requests.getByText("As a table").click();
  assert.match(await requests.getByRole("region").innerText(), /4\t1\t0/);
  for (const dark of [false, true]) {
    await page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    assert.deepEqual(await violations(page), []);
    await page.shot(`dashboard-${dark ? "dark" : "light"}`);
  }
  assert.deepEqual(page.broken, []);
});

test("figures come into a frame that is there already, and nothing moves", async () => {
  for (const narrow of [false, true]) {
    const page = await house.visit("about", { narrow });
    await page.addInitScript(() => {
      window.moved = [];
      new PerformanceObserver((list) => list.getEntries().forEach((s) => window.moved.push([s.value, ...s.sources.map((o) => o.node?.className ?? o.node?.nodeName)].join(" ")))).observe({ type: "layout-shift", buffered: true });
    });
    await page.go("dashboard?period=1h");
    await page.locator(".stats .value:not(.skeleton)").first().waitFor();
    await page.waitForTimeout(500);
    const moved = await page.evaluate(() => window.moved);
    assert.ok(moved.reduce((sum, line) => sum + Number.parseFloat(line), 0) < 0.02, moved.join("\n"));
    assert.deepEqual(page.broken, []);
  }
});

test("the period and the grouping are in the address, and come back with it", async () => {
  const page = await house.visit("dashboard");
  await page.getByRole("button", { name: "7 days" }).press("Enter");
  await page.waitForURL("**/dashboard?period=7d");
  await page.getByRole("button", { name: "Virtual key", exact: true }).press("Enter");
  await page.waitForURL("**by=virtual_key**");
  await page.reload();
  await page.waitForSelector("html[data-live=true]");
  assert.equal(await page.getByRole("button", { name: "7 days" }).getAttribute("aria-pressed"), "true");
  assert.equal(await page.getByRole("button", { name: "Virtual key", exact: true }).getAttribute("aria-pressed"), "true");
  assert.deepEqual(page.broken, []);
});

test("a period that makes no sense is taken for the last day", async () => {
  const page = await house.visit("dashboard?from=nonsense&to=also");
  await page.getByRole("heading", { name: "Dashboard" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "24 h" }).getAttribute("aria-pressed"), "true");
  assert.deepEqual(page.broken, []);
});
