// How the gateway is set, and its configuration as a file.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });
const client = async () => (await house.ask("GET", "/api/config")).body.client_config;

test("a setting that is saved is in force and still there after a reload", async () => {
  const page = await house.visit("settings");
  await page.getByLabel("Headers a call must have").fill("x-team");
  await page.getByText("1 change not saved").waitFor();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByText("Saved. It is in force.").waitFor();
  const call = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "hi" }] };
  assert.equal((await house.ask("POST", "/v1/chat/completions", call)).status, 400);
  assert.equal((await house.ask("POST", "/v1/chat/completions", call, { "x-team": "a" })).status, 200);
  await page.go("settings");
  assert.equal(await page.getByLabel("Headers a call must have").inputValue(), "x-team");
  assert.equal((await client()).allow_direct_keys, true);
  await house.ask("PUT", "/api/config", { client_config: { required_headers: null } });
  assert.deepEqual(page.broken, []);
});

test("mistakes in settings are told at their fields, wherever these are, and nothing changes", async () => {
  const page = await house.visit("settings?section=logging");
  await page.getByLabel("Rows (days)").fill("soon");
  await page.getByRole("link", { name: "Network" }).press("Enter");
  await page.getByLabel("Reach providers through a proxy").check();
  await page.getByRole("link", { name: "Requests" }).press("Enter");
  await page.getByLabel("Time to finish at a stop (s)").fill("7");
  await page.getByText("3 changes not saved").waitFor();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.waitForURL("**/settings?section=network");
  await page.getByRole("alert").filter({ hasText: "url" }).waitFor();
  await page.getByLabel("Reach providers through a proxy").uncheck();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.waitForURL("**/settings?section=logging");
  const field = page.locator(".field.is-wrong", { has: page.getByLabel("Rows (days)") });
  await field.getByText("Write a whole number").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("settings-mistake");
  assert.equal((await client()).shutdown_seconds, 30);
  await page.getByRole("button", { name: "Discard" }).press("Enter");
  await page.getByLabel("Unsaved changes").waitFor({ state: "detached" });
  assert.deepEqual(page.broken, []);
});

test("leaving settings with unsaved changes asks first", async () => {
  const page = await house.visit("settings?section=prices");
  await page.getByLabel("Refuse it").check();
  await page.getByText("1 change not saved").waitFor();
  await page.getByRole("link", { name: "Teams" }).press("Enter");
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Cancel" }).press("Enter");
  await question.waitFor({ state: "detached" });
  await page.getByText("1 change not saved").waitFor();
  assert.ok(page.url().includes("settings"));
  await page.getByRole("link", { name: "Teams" }).press("Enter");
  await question.getByRole("button", { name: "Leave" }).press("Enter");
  await page.waitForURL("**/ui/teams");
  assert.equal((await client()).unpriced_models, "allow");
  assert.deepEqual(page.broken, []);
});

test("the configuration is downloaded without a secret and taken back from the file", async () => {
  const page = await house.visit("settings?section=backup");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download config.json" }).press("Enter")]);
  const path = await download.path();
  const text = readFileSync(path, "utf8");
  assert.equal(JSON.parse(text).providers.openai.keys[0].value, "<redacted>");
  assert.ok(!text.includes("sk-upstream-secret"));
  const file = JSON.parse(text);
  file.client = { shutdown_seconds: 12 };
  file.providers.openai.network_config.max_retries = 1;
  const name = { name: "config.json", mimeType: "application/json" };
  await page.getByLabel("A config.json").setInputFiles({ ...name, buffer: Buffer.from("{ not json") });
  await page.getByText("This is not JSON").waitFor();
  await page.getByLabel("A config.json").setInputFiles({ ...name, buffer: Buffer.from(JSON.stringify(file)) });
  await page.getByRole("button", { name: "Take it" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Take it" }).press("Enter");
  await page.getByText("Taken. It is in force.").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal((await client()).shutdown_seconds, 12);
  assert.equal((await house.ask("GET", "/api/providers/openai")).body.network_config.max_retries, 1);
  const call = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "hi" }] };
  assert.equal((await house.ask("POST", "/v1/chat/completions", call)).status, 200);
  assert.equal(upstream.requests.at(-1).headers.authorization, "Bearer sk-upstream-secret");
  assert.deepEqual(page.broken, []);
});

test("a configuration is taken with the keyboard alone, from its text", async () => {
  const page = await house.visit("settings?section=backup");
  await page.getByLabel("Or its text").focus();
  await page.keyboard.insertText(JSON.stringify({ client: { shutdown_seconds: 14 }, padding: "x".repeat(100_000) }));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("Not taken: padding").or(page.getByText("padding")).first().waitFor();
  await page.getByRole("button", { name: "Take it" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Take it" }).press("Enter");
  await page.getByText("Taken. It is in force.").first().waitFor();
  assert.equal((await client()).shutdown_seconds, 14);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.broken, []);
});

test("of a file with mistakes nothing is taken, and all of them are told", async () => {
  const page = await house.visit("settings?section=backup");
  const before = await client();
  const file = {
    client: { shutdown_seconds: 13 },
    providers: { replicate: { keys: [{ name: "new", value: "<redacted>" }] } },
    auth_config: { admin_usrname: "x" },
  };
  const buffer = Buffer.from(JSON.stringify(file));
  await page.getByLabel("A config.json").setInputFiles({ name: "config.json", mimeType: "application/json", buffer });
  await page.getByRole("button", { name: "Take it" }).press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Take it" }).press("Enter");
  const told = page.getByRole("alert").filter({ hasText: "providers.replicate.keys[0].value" });
  await told.waitFor();
  assert.match(await told.innerText(), /auth_config\.admin_usrname/);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(await client(), before);
  assert.deepEqual(page.broken, []);
});

test("axe finds nothing in any section of the settings", async () => {
  const page = await house.visit("settings");
  for (const section of ["Security", "Logging", "Prices", "Network", "Requests", "Backup"]) {
    await page.getByLabel("Settings").getByRole("link", { name: section }).press("Enter");
    await page.locator(".tabs [aria-current=page]", { hasText: section }).waitFor();
    assert.deepEqual(await violations(page), [], section);
    await page.shot(`settings-${section.toLowerCase()}`);
  }
  assert.deepEqual(page.broken, []);
});

test("on a narrow screen the chosen tab is in sight, by a link and when it is chosen", async () => {
  const page = await house.visit("settings", { narrow: true });
  const isSeen = () =>
    page.waitForFunction(() => {
      const tab = document.querySelector(".tabs [aria-current=page]").getBoundingClientRect();
      return tab.left >= 0 && tab.right <= innerWidth;
    });
  for (const section of ["backup", "prices", "security", "network"]) {
    await page.go(`settings?section=${section}`);
    await isSeen();
  }
  await page.getByLabel("Settings").getByRole("link", { name: "Backup" }).press("Enter");
  await page.locator(".tabs [aria-current=page]", { hasText: "Backup" }).waitFor();
  await isSeen();
  assert.equal(await page.evaluate(() => scrollX), 0);
  assert.deepEqual(page.broken, []);
});

test("once an administrator is set, one must sign in", async () => {
  const page = await house.visit("settings");
  await page.getByLabel("Ask for a login").check();
  await page.getByLabel("Name", { exact: true }).fill("admin");
  await page.getByLabel("New password", { exact: true }).fill("a long enough password");
  await page.getByLabel("New password again").fill("another password here");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByText("The two are not the same").waitFor();
  await page.getByLabel("New password again").fill("a long enough password");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByRole("dialog", { name: "Change the account?" }).getByRole("button", { name: "Save" }).press("Enter");
  await page.waitForURL("**/ui/login?return=settings");
  await page.waitForSelector("html[data-live=true]");
  assert.equal((await house.ask("GET", "/api/config")).status, 401);
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password").fill("a long enough password");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ui/settings");
  assert.equal(await page.getByLabel("New password", { exact: true }).inputValue(), "");
  assert.ok(!(await page.content()).includes("a long enough password"));
  assert.deepEqual(page.broken, []);
});
