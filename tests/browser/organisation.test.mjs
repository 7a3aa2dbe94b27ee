// Teams, customers, business units, users, and the page of all limits.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });
const script = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';

const made = async (path, body) => {
  const answer = await house.ask(path === "providers/openai" ? "PUT" : "POST", `/api/governance/${path}`, body);
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return Object.values(answer.body).find((v) => typeof v === "object");
};

test("each kind of owner teaches what it is for while there is none", async () => {
  const page = await house.visit("teams");
  for (const name of ["Teams", "Customers", "Business units", "Users"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { name: `No ${name.toLowerCase()} yet` }).waitFor();
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), name);
  }
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.broken, []);
});

test("a team is made with its customer and a budget, and leads to its keys", async () => {
  await made("customers", { name: "Acme" });
  const page = await house.visit("teams");
  await page.keyboard.press("n");
  await page.waitForFunction(() => document.activeElement?.id === "team-name");
  await page.keyboard.type("search team");
  await page.getByLabel("Customer").selectOption("Acme");
  await page.getByRole("button", { name: "Add a budget" }).press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "team-budget-0-amount");
  await page.keyboard.type("-1");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("group", { name: "Budget 1" }).getByText("more than 0").waitFor();
  await page.getByRole("group", { name: "Budget 1" }).getByLabel("US dollars").fill("40");
  assert.deepEqual(await violations(page), []);
  await page.shot("teams-new");
  await page.getByRole("button", { name: "Make it" }).click();
  const row = page.getByRole("row", { name: /search team/ });
  await row.getByText("$0.00 of $40.00").waitFor();
  await row.getByText("Acme").waitFor();

  const team = (await house.ask("GET", "/api/governance/teams?search=search")).body.teams[0];
  await row.getByRole("link", { name: "search team", exact: true }).click();
  await page.getByRole("dialog", { name: "search team" }).getByRole("link", { name: "New virtual key" }).click();
  await page.getByLabel("Name", { exact: true }).fill("of the team");
  await page.keyboard.press("Enter");
  await page.locator("[data-secret]").waitFor();
  const key = (await house.ask("GET", `/api/governance/virtual-keys?team_id=${team.id}`)).body.virtual_keys[0];
  assert.equal(key.name, "of the team");
  await page.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("link", { name: "of the team" }).waitFor();
  assert.ok(page.url().includes(`team_id=${team.id}`));
  assert.deepEqual(page.broken, []);
});

test("a team is changed and deleted, and its name is text whatever stands in it", async () => {
  const team = await made("teams", { name: script });
  const page = await house.visit(`teams?id=${team.id}&tab=edit`);
  await page.getByRole("heading", { name: script }).waitFor();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await page.getByLabel("Name", { exact: true }).fill("renamed <b>team</b>");
  await page.getByLabel("Calls at once").fill("7");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "renamed <b>team</b>" }).waitFor();
  assert.equal((await house.ask("GET", `/api/governance/teams/${team.id}`)).body.team.rate_limit.concurrent_max_limit, 7);
  await page.getByRole("link", { name: "Overview" }).click();
  await page.locator("dialog").getByText("Calls at once: 0 of 7").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByLabel("Type delete to go on").fill("delete");
  await page.locator("dialog button.danger.primary:enabled").waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.search.includes("id="));
  assert.equal((await house.ask("GET", `/api/governance/teams/${team.id}`)).status, 404);
  assert.deepEqual(page.broken, []);
});

test("all budgets stand on one page, nearest their end first, with where they are heading", async () => {
  const fast = await made("virtual-keys", { name: "fast", budget: { max_limit: 0.000012, reset_duration: "1m" } });
  await made("customers", { name: "calm", budget: { max_limit: 1000, reset_duration: "1M" } });
  await house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] }, { Authorization: `Bearer ${fast.value}` });
  await new Promise((r) => setTimeout(r, 1200));
  const page = await house.visit("limits");
  const first = page.locator("tr[data-row]").first();
  await first.getByText("fast").waitFor();
  await first.getByText(/used up at|lasts/).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("limits");
  await page.getByLabel("Of", { exact: true }).selectOption("customer");
  await page.waitForFunction(() => document.querySelectorAll("tr[data-row]").length === 1);
  await page.getByRole("link", { name: "calm" }).waitFor();
  assert.deepEqual(page.broken, []);
});

test("a budget is raised for two periods and taken back, and a prepaid one is topped up", async () => {
  const key = await made("virtual-keys", { name: "raised", budget: { max_limit: 10, reset_duration: "1d" } });
  const prepaid = await made("users", { name: "Ada", budget: { max_limit: 5, reset_duration: "never" } });
  const page = await house.visit(`limits?budget=${key.budgets[0].id}`);
  await page.getByRole("button", { name: "Raise for a while" }).click();
  await page.getByLabel("US dollars").fill("0");
  await page.getByRole("button", { name: "Raise", exact: true }).click();
  await page.locator(".field.is-wrong").getByText("more than zero").waitFor();
  await page.getByLabel("US dollars").fill("15");
  await page.getByLabel("For how many periods").fill("2");
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Raise", exact: true }).click();
  await page.getByText("by $15.00 for 2 periods").waitFor();
  assert.equal((await house.ask("GET", `/api/governance/virtual-keys/${key.id}`)).body.virtual_key.budget.effective_max_limit, 25);
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByText("by $15.00 for 2 periods").waitFor({ state: "detached" });
  await page.shot("limits-budget");

  await page.go(`limits?budget=${prepaid.budgets[0].id}`);
  await page.getByRole("button", { name: "Top up" }).click();
  await page.getByLabel("US dollars").fill("2.5");
  await page.keyboard.press("Enter");
  await page.getByText("$0.00 of $7.50, prepaid").waitFor();
  assert.deepEqual(page.broken, []);
});

test("what a budget has used is set to zero", async () => {
  const key = await made("virtual-keys", { name: "spent", budget: { max_limit: 1, reset_duration: "1d" } });
  await house.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] }, { Authorization: `Bearer ${key.value}` });
  const page = await house.visit(`limits?budget=${key.budgets[0].id}`);
  await page.getByRole("button", { name: "Set what is used to zero" }).click();
  await page.getByRole("button", { name: "Set to zero" }).click();
  await page.locator("dialog").getByText("$0.00 of $1.00 a day").waitFor();
  assert.deepEqual(page.broken, []);
});

test("limits on models, providers and dimensions are made, changed and deleted", async () => {
  const page = await house.visit("limits?view=model-configs");
  await page.getByRole("heading", { name: "No model limits yet" }).waitFor();
  await page.keyboard.press("n");
  await page.getByLabel("Model", { exact: true }).fill("gpt-4o-mini");
  await page.getByLabel("Calls at once").fill("3");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("row", { name: /gpt-4o-mini/ }).getByText("Calls at once: 0 of 3").waitFor();

  await page.getByRole("link", { name: "Provider limits" }).click();
  await page.getByRole("heading", { name: "No provider limits yet" }).waitFor();
  await page.keyboard.press("n");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.locator(".field.is-wrong").getByText("is missing").waitFor();
  await page.locator("#provider-provider").selectOption("openai");
  await page.getByLabel("Requests", { exact: true }).fill("500");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("row", { name: /openai/ }).getByText("Requests: 0 of 500 a minute").waitFor();

  await page.getByRole("link", { name: "Dimension limits" }).click();
  await page.getByRole("heading", { name: "No dimension limits yet" }).waitFor();
  await page.keyboard.press("n");
  await page.getByLabel("Name", { exact: true }).fill("one run");
  await page.getByLabel("Header", { exact: true }).fill("authorization");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.locator(".field.is-wrong").getByText("carries secrets").waitFor();
  await page.getByLabel("Header", { exact: true }).fill("x-run-id");
  await page.getByLabel("Calls at once").fill("2");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("link", { name: "one run" }).click();
  await page.getByRole("dialog", { name: "one run" }).getByRole("button", { name: "Delete" }).click();
  await page.getByLabel("Type delete to go on").fill("delete");
  await page.locator("dialog button.danger.primary:enabled").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "No dimension limits yet" }).waitFor();

  await page.getByRole("link", { name: "Rate limits" }).click();
  await page.getByRole("row", { name: /openai/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.shot("limits-rates");
  assert.deepEqual(page.broken, []);
});

test("a link to what was deleted says so, and leads to the list", async () => {
  const page = await house.visit("limits?budget=nobody");
  const panel = page.getByRole("dialog", { name: "Budget" });
  await panel.getByText("There is no such budget.").waitFor();
  assert.deepEqual(await violations(page), []);
  await panel.getByRole("button", { name: "Show all budgets" }).press("Enter");
  await panel.waitFor({ state: "detached" });
  assert.ok(!page.url().includes("budget="));

  const team = await made("teams", { name: "short lived" });
  await page.go(`teams?id=${team.id}`);
  await page.getByRole("dialog", { name: "short lived" }).waitFor();
  await house.ask("DELETE", `/api/governance/teams/${team.id}`);
  await page.reload();
  await page.getByRole("dialog", { name: "Team" }).getByText("There is no such team.").waitFor();
  await page.getByRole("button", { name: "Show all teams" }).press("Enter");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  assert.deepEqual(page.broken, []);
});

test("on a narrow screen nothing of the organisation and the limits scrolls sideways", async () => {
  const page = await house.visit("teams", { narrow: true, dark: true });
  for (const path of ["teams", "teams?new=true", "limits", "limits?view=rates", "limits?view=model-configs"]) {
    await page.go(path);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
    assert.deepEqual(await violations(page), [], path);
  }
  await page.shot("limits-narrow");
  assert.deepEqual(page.broken, []);
});
