// The log: found, narrowed, opened, followed.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, live, provider, violations } from "./house.mjs";

const evil = '<script>window.pwned=1</script><img src=x onerror="window.pwned=2">';
const upstream = await provider({ answer: `I heard ${evil}` });
const house = await gateway({ config: configOf(upstream) });
const say = (content, { to = house, ...more } = {}) => to.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content }], ...more });
const rows = (page) => page.locator(".logs-table tbody tr");
const logged = async (count) => {
  for (let i = 0; i < 100; i++) {
    const found = await house.ask("GET", "/api/logs?limit=1");
    if (found.body.pagination.total_count >= count) return;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`There are not ${count} rows.`);
};

await say("Good morning");
await say("Where does the lighthouse stand?");
await say(`Say ${evil}`);
await say("Tell me a long story about dusk", { max_tokens: 50 });
upstream.status = 429;
upstream.error = "Too many of them.";
await say("This one fails");
upstream.status = 200;
await logged(5);

test("an empty log shows how to send a request, and the first one appears by itself", async () => {
  const fresh = await gateway({ config: configOf(upstream) });
  const page = await fresh.visit("logs");
  await page.getByText("Waiting for the first request").waitFor();
  assert.ok((await page.locator(".code").innerText()).includes(`${fresh.address}/v1/chat/completions`));
  assert.deepEqual(await violations(page), []);
  await page.shot("logs-empty");
  await say("The very first question", { to: fresh });
  await page.getByText("The very first question").waitFor();
  assert.deepEqual(page.broken, []);
  await fresh.stop();
});

test("search narrows the list, stands in the address and survives a reload", async () => {
  const page = await house.visit("logs");
  await page.keyboard.press("/");
  await page.keyboard.type("lighthouse");
  await page.waitForURL(/content_search=lighthouse/);
  await page.waitForFunction(() => document.querySelectorAll(".logs-table tbody tr").length === 1);
  await page.reload();
  await live(page);
  assert.equal(await page.getByLabel("Words in prompt or answer").inputValue(), "lighthouse");
  assert.equal(await rows(page).count(), 1);
  await page.getByRole("button", { name: "Remove filter Words: lighthouse" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".logs-table tbody tr").length === 5);
  assert.deepEqual(page.broken, []);
});

test("a status is chosen by keyboard, shown as a chip, and a search without a match says what it looked for", async () => {
  const page = await house.visit("logs");
  await page.getByRole("button", { name: "Status" }).first().press("Enter");
  await page.getByRole("checkbox", { name: "error" }).press("Space");
  await page.waitForURL(/status=error/);
  await page.waitForFunction(() => document.querySelectorAll(".logs-table tbody tr").length === 1);
  assert.ok(await page.getByRole("checkbox", { name: "error" }).isChecked());
  assert.deepEqual(await violations(page), []);
  await page.shot("logs-filter");
  await page.keyboard.press("Escape");
  await page.go("logs?status=error&content_search=nowhere");
  await page.getByText("status “error”").waitFor();
  await page.getByText("words “nowhere”").waitFor();
  await page.getByRole("link", { name: "Clear the filters" }).click();
  await rows(page).nth(4).waitFor();
  assert.deepEqual(page.broken, []);
});

test("the list is sorted by a column, and the other way at the second press", async () => {
  const page = await house.visit("logs");
  const latency = page.getByRole("button", { name: "Latency" });
  await latency.press("Enter");
  await page.waitForURL(/sort_by=latency/);
  await page.locator('th[aria-sort="descending"]').getByText("Latency").waitFor();
  await latency.press("Enter");
  await page.waitForURL(/order=asc/);
  await page.locator('th[aria-sort="ascending"]').getByText("Latency").waitFor();
  assert.deepEqual(page.broken, []);
});

test("a row opens by keyboard, the next one with j, and Escape leads back to it", async () => {
  const page = await house.visit("logs");
  await rows(page).nth(4).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/id=/);
  const first = new URL(page.url()).searchParams.get("id");
  await page.getByRole("dialog").getByText("This one fails").waitFor();
  await page.getByRole("dialog").getByText("Too many of them.").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.searchParams.get("id") !== first);
  await page.getByRole("dialog").getByText("Tell me a long story").waitFor();
  await page.keyboard.press("ArrowUp");
  await page.waitForURL((url) => url.searchParams.get("id") === first);
  await page.getByRole("link", { name: "Facts and cost" }).click();
  await page.getByText("Where the time went").first().waitFor();
  await page.getByText("Try 1 failed").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("logs-facts");
  await page.reload();
  await live(page);
  await page.getByText("Try 1 failed").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  await page.waitForFunction((id) => document.activeElement?.dataset.row === id, first);
  assert.deepEqual(page.broken, []);
});

test("nothing moves when the names to filter by arrive", async () => {
  await house.ask("POST", "/api/governance/customers", { name: "Acme" });
  const page = await house.visit("logs");
  await page.locator(".stats .value", { hasText: /^\d/ }).first().waitFor();
  const moved = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = [];
        new PerformanceObserver((list) => seen.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(seen.reduce((sum, s) => sum + s.value, 0)), 500);
      }),
  );
  assert.ok(moved < 0.02, `moved by ${moved}`);
  for (const name of ["Team", "Customer"]) await page.getByRole("button", { name, exact: true }).waitFor();
  assert.deepEqual(page.broken, []);
});

test("what looks like a script in prompts, answers and model names stays text", async () => {
  await house.ask("POST", "/v1/chat/completions", { model: `openai/${evil}`, messages: [{ role: "user", content: "odd model" }] });
  await logged(6);
  const page = await house.visit("logs");
  await page.getByText("odd model").first().waitFor();
  assert.ok((await rows(page).first().innerText()).includes("<script>"));
  await page.go("logs?content_search=heard");
  await rows(page).filter({ hasText: "Say <script>" }).click();
  await page.getByRole("dialog").getByText(`I heard ${evil}`).waitFor();
  await page.getByRole("link", { name: "Response JSON" }).click();
  await page.getByRole("dialog").locator("pre").getByText("onerror").waitFor();
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.deepEqual(page.broken, []);
});

test("with Live on a new request appears on top, and its conversation can be opened", async () => {
  const page = await house.visit("logs");
  await page.getByRole("switch", { name: "Live" }).press("Space");
  await page.waitForURL(/live=true/);
  await page.locator(".logs-live .pulse").waitFor();
  await say("Fresh from the wire");
  await rows(page).first().getByText("Fresh from the wire").waitFor();
  await rows(page).nth(2).hover();
  await say("Held back");
  await page.getByText("holds still while you point at it: 1 new").waitFor();
  await page.mouse.move(5, 5);
  await rows(page).first().getByText("Held back").waitFor();
  await rows(page).nth(1).press("Enter");
  await page.getByRole("dialog").getByText("Fresh from the wire").waitFor();
  await page.getByRole("button", { name: "Copy as curl" }).waitFor();
  assert.ok((await page.getByRole("link", { name: "Replay" }).getAttribute("href")).startsWith("playground?replay="));
  assert.deepEqual(page.broken, []);
});

test("columns and a view are remembered in this browser", async () => {
  const page = await house.visit("logs?status=error");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Virtual key" }).click();
  await page.getByRole("columnheader", { name: "Virtual key" }).waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByLabel("Keep this list as").fill("What failed");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "What failed" }).waitFor();
  await page.go("logs");
  await page.getByRole("columnheader", { name: "Latency" }).waitFor();
  assert.equal(await page.getByRole("columnheader", { name: "Virtual key" }).count(), 0);
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("link", { name: "What failed" }).click();
  await page.waitForURL(/status=error/);
  assert.deepEqual(page.broken, []);
});

test("pages go on where the last one ended, and back again after a reload", async () => {
  for (let i = 0; i < 110; i += 10) await Promise.all(Array.from({ length: 10 }, (_, n) => say(`many ${i + n}`)));
  await logged(115);
  const page = await house.visit("logs");
  const ids = async () => page.$$eval("tr[data-row]", (all) => all.map((r) => r.dataset.row));
  const first = await ids();
  await page.getByRole("link", { name: "Older" }).click();
  await page.waitForURL(/page=2/);
  await page.waitForFunction((id) => !document.querySelector(`[data-row="${id}"]`), first[0]);
  const second = await ids();
  assert.equal(new Set([...first, ...second]).size, 100);
  await page.getByRole("link", { name: "Older" }).click();
  await page.waitForURL(/page=3/);
  await page.waitForFunction((id) => !document.querySelector(`[data-row="${id}"]`), second[0]);
  await page.reload();
  await live(page);
  await page.getByRole("button", { name: "Newer" }).click();
  await page.waitForURL(/page=2/);
  const same = (wanted) => JSON.stringify([...document.querySelectorAll("tr[data-row]")].map((r) => r.dataset.row)) === JSON.stringify(wanted);
  await page.waitForFunction(same, second).catch(async () => assert.deepEqual(await ids(), second));
  assert.deepEqual(page.broken, []);
});

test("a row opens wherever it is pressed, the list stays where it is, and whoever marks its text is left alone", async () => {
  const page = await house.visit("logs");
  const row = rows(page).nth(30);
  await row.scrollIntoViewIfNeeded();
  const at = await page.evaluate(() => scrollY);
  assert.ok(at > 0);
  await row.locator("td").nth(3).click();
  await page.getByRole("dialog").waitFor();
  assert.equal(new URL(page.url()).searchParams.get("id"), await row.getAttribute("data-row"));
  assert.equal(await page.evaluate(() => scrollY), at);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  assert.equal(await page.evaluate(() => scrollY), at);
  await row.locator("td").nth(3).dblclick();
  await page.waitForTimeout(300);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  assert.deepEqual(page.broken, []);
});

test("an older page comes without being dimmed before, and who pressed for it can press again", async () => {
  const page = await house.visit("logs");
  await page.evaluate(() => {
    window.dimmed = 0;
    new MutationObserver(() => (window.dimmed += document.querySelector(".logs-table")?.closest(".is-busy") ? 1 : 0)).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["class"] });
  });
  const first = await rows(page).first().getAttribute("data-row");
  await page.getByRole("link", { name: "Older" }).press("Enter");
  await page.waitForFunction((id) => document.querySelector("tr[data-row]").dataset.row !== id, first);
  assert.equal(await page.evaluate(() => window.dimmed), 0);
  assert.ok(await page.evaluate(() => document.activeElement?.innerText === "Older"));
  assert.deepEqual(page.broken, []);
});

test("recalculation says first what would change", async () => {
  const page = await house.visit("logs");
  await page.getByRole("button", { name: "Recalculate costs" }).click();
  const dialog = page.getByRole("dialog", { name: "Recalculate missing costs" });
  await dialog.getByText(/no cost|has a cost/).first().waitFor();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole("button", { name: "Recalculate" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(page.broken, []);
});

test("on a narrow dark screen nothing scrolls sideways, and axe finds nothing", async () => {
  const page = await house.visit("logs?status=error", { narrow: true, dark: true });
  await rows(page).first().waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await violations(page), []);
  await page.shot("logs-narrow");
});
