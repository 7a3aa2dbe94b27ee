// Virtual keys: made by keyboard, shown once, limited, explained, rotated, deleted.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { configOf, cut, gateway, live, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });
const script = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';

const make = async (body) => {
  const answer = await house.ask("POST", "/api/governance/virtual-keys", body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body.virtual_key;
};
const call = (key) =>
  house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] }, { Authorization: `Bearer ${key}` });

test("without keys the page teaches what they are for", async () => {
  const page = await house.visit("virtual-keys");
  await page.getByRole("heading", { name: "No virtual keys yet" }).waitFor();
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.broken, []);
});

test("a key is made with the keyboard alone, shown once, works, and is gone after closing", async () => {
  const page = await house.visit("virtual-keys");
  await page.keyboard.press("n");
  await page.getByRole("dialog", { name: "New virtual key" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "key-name");
  await page.keyboard.type("keyboard key");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Keep this value" }).waitFor();
  const value = await page.locator("[data-secret]").textContent();
  assert.match(value, /^sk-bf-/);
  await page.getByRole("button", { name: "Python" }).click();
  const snippet = await page.locator(".code pre").textContent();
  assert.ok(snippet.includes(value) && snippet.includes(`${house.address}/v1`), snippet);
  assert.deepEqual(await violations(page), []);
  await page.shot("virtual-keys-reveal");

  assert.equal((await call(value)).status, 200);

  await page.keyboard.press("Escape");
  await page.getByText("Have you copied it?").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "keyboard key" }).waitFor();
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  assert.ok(!(await page.content()).includes(value));
  await page.reload();
  await live(page);
  assert.ok(!(await page.content()).includes(value));
  assert.ok(!(await (await fetch(page.url())).text()).includes(value));
  assert.ok(!(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).includes(value));
  assert.deepEqual(page.broken, []);
});

test("a shown value is gone after a reload", async () => {
  const page = await house.visit("virtual-keys?new=true");
  await page.getByLabel("Name", { exact: true }).fill("reloaded");
  await page.keyboard.press("Enter");
  const value = await page.locator("[data-secret]").textContent();
  await page.reload();
  await live(page);
  await page.getByRole("dialog", { name: "New virtual key" }).waitFor();
  assert.ok(!(await page.content()).includes(value));
  assert.deepEqual(page.broken, []);
});

test("mistakes in a form are shown at their fields", async () => {
  const page = await house.visit("virtual-keys?new=true");
  await page.getByText("More: owner").click();
  await page.getByRole("button", { name: "Add a budget" }).click();
  await page.getByRole("button", { name: "Add a budget" }).click();
  await page.getByRole("group", { name: "Budget 1" }).getByLabel("US dollars").fill("ten");
  await page.getByLabel("Requests", { exact: true }).fill("many");
  await page.getByRole("button", { name: "Make it" }).click();
  const wrong = (label) => page.locator(".field.is-wrong").filter({ has: page.getByLabel(label, { exact: true }) });
  await wrong("Name").getByText("is empty").waitFor();
  await wrong("Requests").getByText("Write a number").waitFor();
  await page.getByRole("group", { name: "Budget 1" }).getByText("Write a number").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("virtual-keys-mistakes");

  await page.getByLabel("Name", { exact: true }).fill("with limits");
  await page.getByLabel("Requests", { exact: true }).fill("60");
  await page.getByRole("group", { name: "Budget 1" }).getByLabel("US dollars").fill("12.5");
  await page.getByRole("group", { name: "Budget 2" }).getByLabel("US dollars").fill("1");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("dialog", { name: "Keep this value" }).waitFor();
  const made = (await house.ask("GET", "/api/governance/virtual-keys?search=with limits")).body.virtual_keys[0];
  assert.deepEqual(
    made.budgets.map((b) => [b.max_limit, b.reset_duration, b.calendar_aligned, b.time_zone]),
    [
      [12.5, "1M", true, "Europe/Berlin"],
      [1, "1d", true, "Europe/Berlin"],
    ],
  );
  assert.equal(made.rate_limit.request_max_limit, 60);
  assert.deepEqual(page.broken, []);
});

test("a budget is edited, and the tightest limit is explained in words", async () => {
  const key = await make({ name: "edited", budget: { max_limit: 5, reset_duration: "1d" }, rate_limit: { request_max_limit: 100, request_reset_duration: "1h" } });
  assert.equal((await call(key.value)).status, 200);
  const page = await house.visit(`virtual-keys?id=${key.id}&tab=edit`);
  await page.getByRole("group", { name: "Budget 1" }).getByLabel("US dollars").fill("7.25");
  await page.getByRole("group", { name: "Budget 1" }).getByLabel("Enforcement").selectOption("Hard");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved. It is in force.").waitFor();
  const changed = (await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).body.virtual_key;
  assert.equal(changed.budgets[0].max_limit, 7.25);
  assert.equal(changed.budgets[0].enforcement, "hard");
  assert.equal(changed.budgets[0].id, key.budgets[0].id);

  await page.getByRole("link", { name: "Limits", exact: true }).click();
  const first = page.locator(".binding li").first();
  await first.getByText("99 of 100 requests left in the hourly limit on requests of the key itself.").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("virtual-keys-limits");
  await page.getByRole("link", { name: "Usage" }).click();
  await page.getByRole("img", { name: "Cost" }).waitFor();
  await page.shot("virtual-keys-usage");
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.broken, []);
});

test("a key is switched off and on", async () => {
  const key = await make({ name: "switched" });
  const page = await house.visit(`virtual-keys?id=${key.id}`);
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Switch on" }).waitFor();
  assert.equal((await call(key.value)).status, 403);
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByRole("button", { name: "Switch off" }).waitFor();
  assert.equal((await call(key.value)).status, 200);
  assert.deepEqual(page.broken, []);
});

test("a rotated key has a new value at once, and the old one only as long as was said", async () => {
  const key = await make({ name: "rotated" });
  const page = await house.visit(`virtual-keys?id=${key.id}&tab=danger`);
  await page.getByLabel("The old value goes on to count").selectOption("not at all");
  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  const value = await page.locator("[data-secret]").textContent();
  assert.notEqual(value, key.value);
  assert.equal((await call(value)).status, 200);
  assert.equal((await call(key.value)).status, 403);
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("heading", { name: "Rotate", exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(value));
  assert.deepEqual(page.broken, []);
});

test("a key is deleted only after the word was typed", async () => {
  const key = await make({ name: "deleted" });
  const page = await house.visit(`virtual-keys?id=${key.id}&tab=danger`);
  await page.getByRole("button", { name: "Delete this key" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete deleted?" });
  assert.ok(await dialog.getByRole("button", { name: "Delete", exact: true }).isDisabled());
  assert.deepEqual(await violations(page), []);
  await dialog.getByLabel("Type delete to go on").fill("delete");
  await dialog.locator("button:enabled", { hasText: "Delete" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("deleted is gone.").waitFor();
  await page.waitForURL((url) => !url.search.includes("id="));
  assert.equal((await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).status, 404);
  assert.deepEqual(page.broken, []);
});

test("names and descriptions are text, whatever stands in them", async () => {
  const key = await make({ name: script, description: script, tags: ["<b>tag</b>"] });
  const page = await house.visit(`virtual-keys?id=${key.id}`);
  await page.getByRole("heading", { name: script }).waitFor();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator("img[src=x]").count(), 0);
  assert.deepEqual(page.broken, []);
});

test("a long list is gone through in parts, searched and filtered, and the address keeps it", async () => {
  const team = (await house.ask("POST", "/api/governance/teams", { name: "listed" })).body.team;
  for (let i = 10; i < 40; i++) await make({ name: `list-${i}`, team_id: i % 10 === 0 ? team.id : undefined });
  const page = await house.visit("virtual-keys?search=list-");
  await page.getByText("1 – 25 of 30").waitFor();
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("26 – 30 of 30").waitFor();
  await page.reload();
  await live(page);
  assert.equal(await page.locator("tr[data-row]").count(), 5);
  await page.keyboard.press("/");
  await page.keyboard.type("list-12");
  await page.waitForURL("**search=list-12");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-row]").length === 1);
  await page.keyboard.press("Tab");
  await page.go("virtual-keys?search=list-");
  await page.getByLabel("Team").selectOption("listed");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-row]").length === 3);
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Virtual keys" }).click();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "list-20" }).waitFor();
  assert.deepEqual(page.broken, []);
});

test("of an address that was made up only so much is believed as there is", async () => {
  const page = await house.visit("virtual-keys?search=list-1&after=garbage&at=25");
  await page.getByText("1 – 10 of 10").waitFor();
  await page.getByRole("link", { name: "To the beginning" }).click();
  await page.waitForURL((url) => !url.search.includes("at="));
  await page.go("virtual-keys?search=list-&at=25");
  await page.getByText("1 – 25 of 30").waitFor();
  assert.deepEqual(page.broken, []);
});

test("who saves a key stays at the button, and goes on from there with the keyboard", async () => {
  const key = await make({ name: "saved-twice" });
  const page = await house.visit(`virtual-keys?id=${key.id}&tab=edit`);
  const focused = () => page.waitForFunction(() => document.activeElement?.matches("dialog[open] button") && document.activeElement.innerText === "Save");
  for (const description of ["once", "twice"]) {
    await page.getByLabel("Description", { exact: true }).fill(description);
    await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
    await page.getByText("Saved. It is in force.").first().waitFor();
    await page.waitForTimeout(400);
    await focused();
  }
  assert.equal((await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).body.virtual_key.description, "twice");
  await page.getByLabel("Name", { exact: true }).fill("");
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await page.locator("[role=alert]:not(:empty)").first().waitFor();
  assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
  assert.deepEqual(page.broken, []);
});

test("the list is saved as CSV without secrets and without formulas", async () => {
  const key = await make({ name: '=HYPERLINK("http://evil")' });
  const page = await house.visit("virtual-keys?search=HYPERLINK");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save 1 as CSV" }).click()]);
  const text = readFileSync(await download.path(), "utf8");
  assert.ok(text.includes(`"'=HYPERLINK(""http://evil"")"`), text);
  assert.ok(!text.includes(key.value) && text.includes(key.value_preview));
  assert.deepEqual(page.broken, []);
});

test("on a narrow screen nothing of the keys scrolls sideways", async () => {
  const page = await house.visit("virtual-keys", { narrow: true, dark: true });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.deepEqual(await violations(page), []);
  await page.go("virtual-keys?new=true");
  await page.getByText("More: owner").click();
  await page.getByRole("button", { name: "Add a budget" }).click();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(await page.evaluate(() => document.querySelector("dialog .body").scrollWidth <= document.querySelector("dialog .body").clientWidth));
  assert.deepEqual(await violations(page), []);
  await page.shot("virtual-keys-narrow");
});

test("names of any length and large sums fit a wide window, and what is cut off is told on hover", async () => {
  const long = "Department for the Reconciliation of Invoices and Other Papers of the Northern Regions";
  const team = (await house.ask("POST", "/api/governance/teams", { name: `Team ${long}` })).body.team;
  const budgets = [{ max_limit: 12_345_678.9, reset_duration: "1Y" }, { max_limit: 999_999_999, reset_duration: "1M" }];
  await make({ name: long, team_id: team.id, tags: ["production", "a tag that is rather long", "eu-west"], budgets });
  const page = await house.visit("virtual-keys?search=Reconciliation");
  await page.getByRole("row", { name: /Reconciliation/ }).waitFor();
  const fits = () => page.locator("main .table").evaluate((t) => t.scrollWidth <= t.clientWidth + 1);
  assert.ok(await fits(), "the table does not fit 1440 px");
  assert.deepEqual(await cut(page), []);
  await page.shot("virtual-keys-long");
  await page.setViewportSize({ width: 360, height: 740 });
  assert.deepEqual(await cut(page), []);
  await page.go(`virtual-keys?id=${(await house.ask("GET", "/api/governance/virtual-keys?search=Reconciliation")).body.virtual_keys[0].id}`);
  await page.getByRole("dialog", { name: long }).waitFor();
  assert.deepEqual(await cut(page), []);
});
