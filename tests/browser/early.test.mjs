// What a person does before a page is live, and where no script runs at all.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, live, provider, violations } from "./house.mjs";

const upstream = await provider();
const admin = { admin_username: "admin", admin_password: "a long enough password", is_enabled: true };
const house = await gateway({ config: configOf(upstream) });
const locked = await gateway({ config: configOf(upstream) });
await locked.ask("PUT", "/api/config", { auth_config: admin });

/** Opens a page whose connection stands only when `let it` is called: until then it is the first picture. */
async function slow(house, path) {
  const page = await house.visit("about");
  let through;
  const free = new Promise((r) => (through = r));
  await page.route("**/_blazor/negotiate**", async (route) => {
    await free;
    await route.continue();
  });
  await page.goto(`${house.address}/ui/${path}`);
  return {
    page,
    comeAlive: async () => {
      through();
      await live(page);
    },
  };
}

test("what is typed before a page is live is there afterwards, with the caret, and counts", async () => {
  for (const name of ["alpha", "beta"]) await house.ask("POST", "/api/governance/teams", { name });
  const { page, comeAlive } = await slow(house, "teams");
  const search = page.getByRole("searchbox").first();
  await search.click();
  await page.keyboard.type("alpXa");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Backspace");
  await comeAlive();
  assert.equal(await search.inputValue(), "alpa");
  await page.waitForFunction(() => document.activeElement?.matches("input[type=search]"));
  assert.equal(await page.evaluate(() => document.activeElement.selectionStart), 3);
  await page.keyboard.type("h");
  await page.waitForURL("**search=alpha**");
  await page.getByRole("link", { name: "beta", exact: true }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "alpha", exact: true }).waitFor();
  assert.equal(await search.inputValue(), "alpha");
  assert.deepEqual(page.broken, []);
});

test("what is switched and chosen before a page is live counts too", async () => {
  const { page, comeAlive } = await slow(house, "settings");
  const box = page.locator("form.settings input[type=checkbox]:visible").first();
  const was = await box.isChecked();
  await box.setChecked(!was);
  await page.locator("form.settings textarea:visible").first().fill("https://early.example");
  await comeAlive();
  await page.getByText("2 changes").waitFor();
  assert.equal(await box.isChecked(), !was);
  assert.equal(await page.locator("form.settings textarea:visible").first().inputValue(), "https://early.example");
  assert.deepEqual(page.broken, []);
});

test("a page on which nothing was typed begins at its heading", async () => {
  const { page, comeAlive } = await slow(house, "teams");
  await comeAlive();
  await page.waitForFunction(() => document.activeElement?.matches("h1"));
});

test("signing in works without any script, and says what was wrong", async () => {
  const page = await locked.visit("login", { scripts: false });
  await page.goto(`${locked.address}/ui/teams?search=x`);
  assert.match(page.url(), /\/ui\/login\?return=teams/);
  await page.locator("#username:focus").waitFor();
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password").fill("wrong password here");
  await page.keyboard.press("Enter");
  await page.getByText("User or password is wrong.").waitFor();
  assert.equal(await page.getByLabel("Name").inputValue(), "admin");
  assert.equal(await page.getByLabel("Password").inputValue(), "");
  await page.getByLabel("Password").fill(admin.admin_password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ui/teams?search=x");
  await page.getByRole("heading", { name: "Teams" }).first().waitFor();
  const [cookie] = (await page.context().cookies()).filter((c) => c.name === "token");
  assert.ok(cookie.httpOnly);
});

test("the page for signing in is accessible, before and after a mistake", async () => {
  const page = await locked.visit("login");
  assert.deepEqual(await violations(page), []);
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password").fill("wrong password here");
  await page.keyboard.press("Enter");
  await page.locator("[role=alert]:not(:empty)").waitFor();
  assert.deepEqual(await violations(page), []);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "password");
  assert.deepEqual(page.broken, []);
});

test("another site's form signs nobody in", async () => {
  const send = (headers) =>
    fetch(`${locked.address}/ui/login`, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams({ _handler: "sign-in", username: admin.admin_username, password: admin.admin_password }),
    });
  for (const headers of [{ Origin: "https://evil.example" }, { Origin: "null" }, { "Sec-Fetch-Site": "cross-site" }, {}]) {
    const answer = await send(headers);
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.equal(answer.headers.get("set-cookie"), null);
  }
  const own = await send({ Origin: locked.address });
  assert.equal(own.status, 302);
  assert.match(own.headers.get("set-cookie"), /^token=.*httponly/i);
});
