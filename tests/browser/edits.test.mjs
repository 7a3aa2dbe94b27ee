// Two people change the same thing; what was done is taken back; and where the focus is afterwards.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });
const made = async (path, body) => Object.values((await house.ask("POST", `/api/governance/${path}`, body)).body).find((v) => v?.id);

const conflict = "Somebody else has changed this since you opened it.";

test("who saves a key second is told that it was changed, and can save upon the newest", async () => {
  const key = await made("virtual-keys", { name: "shared", description: "as it was" });
  const [one, two] = [await house.visit(`virtual-keys?id=${key.id}&tab=edit`), await house.visit(`virtual-keys?id=${key.id}&tab=edit`)];
  await one.getByLabel("Name", { exact: true }).fill("renamed by one");
  await two.locator("#key-description").fill("written by two");
  await one.getByRole("button", { name: "Save", exact: true }).click();
  await one.getByText("Saved. It is in force.").waitFor();
  await two.getByRole("button", { name: "Save", exact: true }).click();
  await two.getByText(conflict).waitFor();
  assert.deepEqual(await violations(two), []);
  const read = async () => (await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).body.virtual_key;
  assert.equal((await read()).description, "as it was");
  assert.equal(await two.locator("#key-description").inputValue(), "written by two");
  await two.getByRole("button", { name: "Save my changes into theirs" }).click();
  await two.getByText("Saved. It is in force.").waitFor();
  const now = await read();
  assert.equal(now.name, "renamed by one");
  assert.equal(now.description, "written by two");
  assert.deepEqual([...one.broken, ...two.broken], []);
});

test("who saves a team second can load what the other one wrote", async () => {
  const team = await made("teams", { name: "crew" });
  const [one, two] = [await house.visit(`teams?id=${team.id}&tab=edit`), await house.visit(`teams?id=${team.id}&tab=edit`)];
  await one.getByLabel("Name", { exact: true }).fill("crew of one");
  await one.getByRole("button", { name: "Save", exact: true }).click();
  await one.getByText("Saved. It is in force.").waitFor();
  await two.getByLabel("Name", { exact: true }).fill("crew of two");
  await two.getByRole("button", { name: "Save", exact: true }).click();
  await two.getByText(conflict).waitFor();
  await two.getByRole("button", { name: "Drop mine and load the new state" }).click();
  await two.getByText(conflict).waitFor({ state: "detached" });
  assert.equal(await two.getByLabel("Name", { exact: true }).inputValue(), "crew of one");
  await two.getByLabel("Name", { exact: true }).fill("crew of both");
  await two.getByRole("button", { name: "Save", exact: true }).click();
  await two.getByText("Saved. It is in force.").waitFor();
  assert.equal((await house.ask("GET", `/api/governance/teams/${team.id}`)).body.team.name, "crew of both");
});

test("a provider's network and the settings are not written over either", async () => {
  const page = await house.visit("providers");
  await page.getByRole("button", { name: "Network" }).click();
  await page.getByLabel("Retries").fill("4");
  await house.ask("PATCH", "/api/providers/openai", { network_config: { max_conns_per_host: 77 } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(conflict).waitFor();
  await page.getByRole("button", { name: "Save my changes into theirs" }).click();
  await page.getByText("is reached the new way from now on.").waitFor();
  const network = (await house.ask("GET", "/api/providers/openai")).body.network_config;
  assert.equal(network.max_conns_per_host, 77);
  assert.equal(network.max_retries, 4);

  await page.go("settings");
  const origins = page.locator("#client-config-allowed-origins");
  await origins.fill("https://mine.example");
  await page.keyboard.press("Tab");
  await page.getByText("1 change").waitFor();
  await house.ask("PUT", "/api/config", { client_config: { log_retention_days: 33 } });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText(conflict).waitFor();
  assert.equal(await origins.inputValue(), "https://mine.example");
  await page.getByRole("button", { name: "Save my changes into theirs" }).click();
  await page.getByText("Saved. It is in force.").waitFor();
  const config = (await house.ask("GET", "/api/config")).body.client_config;
  assert.equal(config.log_retention_days, 33);
  assert.deepEqual(config.allowed_origins, ["https://mine.example"]);
  assert.deepEqual(page.broken, []);
});

test("a key that was switched off is on again with one key on the keyboard", async () => {
  const key = await made("virtual-keys", { name: "switched" });
  const page = await house.visit(`virtual-keys?id=${key.id}`);
  const isOn = async () => (await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).body.virtual_key.is_active;
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByText("switched is off; its calls are refused.").waitFor();
  assert.equal(await isOn(), false);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("u");
  await page.getByText("switched is on.").waitFor();
  assert.equal(await isOn(), true);
  assert.equal(await page.locator("[data-undo]").count(), 0);
  // The same with the mouse, in the panel that makes everything behind it unreachable.
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("button", { name: "Switch off" }).waitFor();
  assert.equal(await isOn(), true);
  assert.deepEqual(page.broken, []);
});

test("a price that was deleted comes back as it was, and so does a view", async () => {
  const price = await made("pricing-overrides", { name: "Contract", scope_kind: "provider", provider_id: "openai", match_type: "exact", pattern: "gpt-4o-mini", rates: { input: 0.1, output: 0.5 } });
  const page = await house.visit(`models?tab=prices&price=${price.id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByText("The price Contract is gone.").waitFor();
  assert.equal((await house.ask("GET", `/api/governance/pricing-overrides/${price.id}`)).status, 404);
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The price Contract is there again.").waitFor();
  assert.deepEqual((await house.ask("GET", `/api/governance/pricing-overrides/${price.id}`)).body.pricing_override, price);
  await page.getByRole("link", { name: "Contract" }).waitFor();

  await house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "hello" }] });
  while ((await house.ask("GET", "/api/logs?limit=1")).body.logs.length === 0) await new Promise((r) => setTimeout(r, 100));
  await page.go("logs?period=7d");
  await page.getByRole("button", { name: "Views" }).click();
  for (const name of ["first", "second"]) {
    await page.getByLabel("Keep this list as").fill(name);
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByRole("link", { name, exact: true }).waitFor();
  }
  await page.getByRole("button", { name: "Forget view first" }).click();
  await page.getByRole("link", { name: "first", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await page.waitForFunction(() => JSON.parse(localStorage["bifrost-log-views"]).map((v) => v.name).join() === "first,second");
  assert.deepEqual(page.broken, []);
});

test("a raise that was taken back is there again", async () => {
  const team = await made("teams", { name: "raised", budgets: [{ max_limit: 10, reset_duration: "1M" }] });
  const budget = team.budgets[0];
  const path = `/api/governance/teams/${team.id}/budgets/${budget.id}/override`;
  await house.ask("PUT", path, { amount: 5, mode: "cycles", cycles: 2 });
  const page = await house.visit(`limits?budget=${budget.id}`);
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The budget is raised again.").waitFor();
  const now = (await house.ask("GET", `/api/governance/teams/${team.id}`)).body.team.budgets[0].override;
  assert.equal(now.amount, 5);
  assert.equal(now.cycles, 2);
});

test("when a panel closes the focus is where it was opened from", async () => {
  const key = await made("virtual-keys", { name: "focused" });
  const page = await house.visit("virtual-keys");
  const says = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  // A browser closes a panel at Escape by itself; it is gone when the page has heard of it.
  const closed = () => page.locator("dialog.sheet").waitFor({ state: "detached" });
  const open = () => page.waitForFunction(() => document.querySelector("dialog[open]")?.contains(document.activeElement));

  await page.getByRole("link", { name: "focused" }).press("Enter");
  await open();
  await page.keyboard.press("Escape");
  await closed();
  assert.equal(await says(), "focused");

  await page.keyboard.press("n");
  await open();
  await page.keyboard.press("Escape");
  await closed();

  // A question in a panel gives it back to the panel, and the panel to the list.
  await page.getByRole("link", { name: "focused" }).press("Enter");
  await page.getByRole("link", { name: "Rotate or delete" }).click();
  await page.getByRole("button", { name: "Delete this key" }).press("Enter");
  await page.getByLabel("Type delete to go on").waitFor();
  await page.keyboard.press("Escape");
  await page.getByLabel("Type delete to go on").waitFor({ state: "detached" });
  assert.equal(await says(), "Delete this key");

  // After something was changed the list is another one, and still it is there.
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.locator("#key-description").fill("changed meanwhile");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved. It is in force.").waitFor();
  await page.getByRole("button", { name: "Close" }).press("Enter");
  await closed();
  assert.equal(await says(), "focused");

  // What it was opened from is gone: then the page begins anew.
  await page.getByRole("link", { name: "focused" }).press("Enter");
  await page.getByRole("link", { name: "Rotate or delete" }).click();
  await page.getByRole("button", { name: "Delete this key" }).click();
  await page.getByLabel("Type delete to go on").fill("delete");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByText("focused is gone.").waitFor();
  await closed();
  await page.waitForFunction(() => document.activeElement?.matches("h1"));
  assert.ok(key.id);
  assert.deepEqual(page.broken, []);
});
