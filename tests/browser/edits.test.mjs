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
  await two.getByLabel("Description").fill("written by two");
  await one.getByRole("button", { name: "Save", exact: true }).click();
  await one.getByText("Saved. It is in force.").waitFor();
  await two.getByRole("button", { name: "Save", exact: true }).click();
  await two.getByText(conflict).waitFor();
  assert.deepEqual(await violations(two), []);
  const read = async () => (await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).body.virtual_key;
  assert.equal((await read()).description, "as it was");
  assert.equal(await two.getByLabel("Description").inputValue(), "written by two");
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
  const origins = page.locator("form.settings textarea:visible").first();
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
