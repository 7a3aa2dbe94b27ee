// Who may see and do what, and what a page may never do.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, provider, violations } from "./house.mjs";

const upstream = await provider();
const admin = { admin_username: "admin", admin_password: "a long enough password", is_enabled: true };
const house = await gateway({ config: configOf(upstream) });
const locked = await gateway({ config: configOf(upstream) });
await locked.ask("PUT", "/api/config", { auth_config: admin });

const pages = ["dashboard", "logs", "playground", "providers", "models", "virtual-keys", "teams", "customers", "business-units", "users", "limits", "settings", "about", "start"];

test("every page carries the headers of the checklist", async () => {
  for (const path of [...pages, "login", "no-such-page"]) {
    const answer = await fetch(`${house.address}/ui/${path}`);
    const policy = answer.headers.get("content-security-policy");
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /script-src 'self';/, path);
    assert.match(policy, /style-src 'self';/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.match(policy, /base-uri 'self'; form-action 'self'/, path);
    assert.equal(answer.headers.get("x-frame-options"), "DENY", path);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", path);
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer", path);
    assert.equal(answer.headers.get("cross-origin-opener-policy"), "same-origin", path);
    assert.match(answer.headers.get("cache-control"), /no-store/, path);
    assert.equal(answer.headers.get("server"), null, path);
  }
});

test("what a page may load is a list, and nothing else is on it", async () => {
  const answer = await fetch(`${house.address}/ui/dashboard`, { headers: { "X-Forwarded-Proto": "https" } });
  const policy = Object.fromEntries(answer.headers.get("content-security-policy").split(";").map((part) => part.trim().split(/ (.*)/).slice(0, 2)));
  assert.deepEqual(policy, {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "connect-src": "'self'",
    "img-src": "'self' data: blob: https:",
    "media-src": "'self' data: blob: https:",
    "font-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  });
  assert.equal(answer.headers.get("permissions-policy"), "camera=(), microphone=(), geolocation=()");
  assert.match(answer.headers.get("strict-transport-security"), /max-age=31536000/);
  assert.equal((await fetch(`${house.address}/ui/dashboard`)).headers.get("strict-transport-security"), null);
  const text = await answer.text();
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(text.replace(/<!--[\s\S]*?-->/g, "")), "a script stands in the page itself");
  for (const [, address] of text.matchAll(/(?:src|href)="([^"]+\.(?:js|css|svg)[^"]*)"/g)) {
    const asset = await fetch(new URL(address, `${house.address}/ui/`));
    assert.equal(asset.status, 200, address);
    assert.equal(asset.headers.get("x-content-type-options"), "nosniff", address);
    assert.match(asset.headers.get("content-security-policy"), /default-src 'none'/, address);
    assert.equal(new URL(asset.url).origin, house.address, address);
  }
});

/** All that comes to a page, by whatever way: pages and what they load, and every message of its connection. */
function heard(page) {
  const all = [];
  page.on("response", (r) => all.push(r.body().then((b) => b.toString("latin1")).catch(() => "")));
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => all.push(Promise.resolve(payload.toString("latin1")))));
  return async (secret) => (await Promise.all(all)).filter((text) => text.includes(secret)).length;
}

test("a secret comes to a page once, when it is made, and never again by any way", async () => {
  const kept = await gateway({ config: configOf(upstream) });
  const proxy = "proxy-password-9f3e";
  assert.equal((await kept.ask("PUT", "/api/proxy-config", { enabled: false, url: "http://127.0.0.1:9", username: "u", password: proxy })).status, 200);
  assert.equal((await kept.ask("PUT", "/api/config", { auth_config: admin })).status, 200);
  const page = await kept.visit("login");
  const times = heard(page);
  await page.getByLabel("Name").fill(admin.admin_username);
  await page.getByLabel("Password").fill(admin.admin_password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/login"));

  await page.go("virtual-keys?new=true");
  await page.getByLabel("Name", { exact: true }).fill("told once");
  await page.getByRole("button", { name: "Make it" }).press("Enter");
  const value = await page.locator("[data-secret]").innerText();
  assert.match(value, /^sk-bf-/);
  await page.getByRole("button", { name: "I have it" }).press("Enter");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  const told = await times(value);
  assert.ok(told > 0, "what is listened to does not hear the value, so the rest of this test would prove nothing");
  const [token] = (await page.context().cookies()).filter((c) => c.name === "token");
  const { body } = await kept.ask("GET", "/api/governance/virtual-keys?limit=1", undefined, { Authorization: `Bearer ${token.value}` });
  await kept.ask("POST", "/v1/chat/completions", { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "hi" }] }, { Authorization: `Bearer ${value}` });
  await new Promise((r) => setTimeout(r, 1200));

  const id = body.virtual_keys[0].id;
  const everywhere = [
    ...pages,
    ...["overview", "limits", "usage", "edit", "danger"].map((tab) => `virtual-keys?id=${id}&tab=${tab}`),
    ...["security", "logging", "prices", "network", "client", "backup"].map((section) => `settings?section=${section}`),
    "providers?id=openai",
  ];
  for (const path of everywhere) {
    await page.go(path);
    await page.waitForTimeout(250);
  }
  await page.go("logs");
  await page.locator("tr[data-row]").first().press("Enter");
  await page.getByRole("link", { name: "Request JSON" }).click();
  await page.getByRole("button", { name: /curl/i }).first().click().catch(() => {});
  await page.waitForTimeout(300);
  await page.go("providers");
  for (const button of await page.getByRole("button", { name: /Edit|Network|Change/ }).all()) {
    await button.click().catch(() => {});
    await page.waitForTimeout(150);
  }

  for (const secret of ["sk-upstream-secret", proxy, admin.admin_password]) assert.equal(await times(secret), 0, secret);
  assert.equal(await times(token.value), 0, "the session's token");
  assert.equal(await times(value), told, "the value of the virtual key was told again");
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  for (const secret of ["sk-upstream-secret", proxy, admin.admin_password, token.value, value]) assert.ok(!stored.includes(secret), secret);
  assert.deepEqual(page.broken, []);
});

test("the session's cookie cannot be read by scripts and is not sent by other sites", async () => {
  const answer = await locked.ask("POST", "/api/session/login", { username: admin.admin_username, password: admin.admin_password }, { "X-Requested-With": "test" });
  const cookie = answer.headers.get("set-cookie");
  assert.match(cookie, /httponly/i);
  assert.match(cookie, /samesite=(lax|strict)/i);
});

test("without a session no page shows anything but the way to sign in", async () => {
  for (const path of pages) {
    const answer = await fetch(`${locked.address}/ui/${path}`, { redirect: "manual" });
    const text = await answer.text();
    assert.ok(answer.status === 302 || !/openai|sk-/.test(text.replace(/<script[\s\S]*?<\/script>|<!--[\s\S]*?-->/g, "")), path);
  }
  const page = await locked.visit("virtual-keys");
  await page.waitForURL("**/ui/login?return=virtual-keys");
  assert.deepEqual(await violations(page), []);
});

test("signing in leads back to where one wanted to go, and signing out locks again", async () => {
  const page = await locked.visit("teams?search=x");
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password").fill("wrong password here");
  await page.keyboard.press("Enter");
  await page.locator("[role=alert]:not(:empty)").waitFor();
  await page.getByLabel("Password").fill(admin.admin_password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ui/teams?search=x");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/ui/login");
  await page.goto(`${locked.address}/ui/teams`);
  await page.waitForURL("**/ui/login?return=teams");
  assert.deepEqual(page.broken, []);
});

test("a session that ends while a page is open ends what the page can do", async () => {
  const page = await locked.visit("login");
  await page.getByLabel("Name").fill("admin");
  await page.getByLabel("Password").fill(admin.admin_password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/login"));
  await page.go("providers");
  const [token] = (await page.context().cookies()).filter((c) => c.name === "token");
  await locked.ask("POST", "/api/session/logout", undefined, { Authorization: `Bearer ${token.value}` });
  await page.getByRole("button", { name: "Test" }).first().click();
  await page.waitForURL("**/ui/login**");
});

test("a virtual key opens no page", async () => {
  const key = (await house.ask("POST", "/api/governance/virtual-keys", { name: "k" })).body.virtual_key.value;
  const answer = await fetch(`${locked.address}/ui/providers`, { headers: { Authorization: `Bearer ${key}` }, redirect: "manual" });
  assert.ok(!(await answer.text()).includes("sk-upstream"));
});

test("another site's page is refused, and so is its WebSocket", async () => {
  for (const path of ["/ui/dashboard", "/ui/_blazor/negotiate?negotiateVersion=1"]) {
    const answer = await fetch(house.address + path, { method: path.includes("negotiate") ? "POST" : "GET", headers: { Origin: "https://evil.example" } });
    assert.equal(answer.status, 403, path);
  }
});

test("a page asked for by another name than the machine's own is nobody's", async () => {
  const { request } = await import("node:http");
  const text = await new Promise((resolve, reject) =>
    request({ host: "127.0.0.1", port: house.port, path: "/ui/providers", headers: { Host: "rebound.example" } }, (r) => {
      let all = "";
      r.on("data", (d) => (all += d));
      r.on("end", () => resolve(`${r.statusCode} ${all}`));
    })
      .on("error", reject)
      .end(),
  );
  assert.ok(!/<h2[^>]*>openai/.test(text), text.slice(0, 300));
});

test("scripts in the names of things are shown as text on every page that shows them", async () => {
  const script = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
  const team = (await house.ask("POST", "/api/governance/teams", { name: script })).body.team;
  await house.ask("POST", "/api/governance/customers", { name: script });
  const key = (await house.ask("POST", "/api/governance/virtual-keys", { name: script, description: script, team_id: team.id, budget: { max_limit: 1, reset_duration: "1d" } })).body.virtual_key;
  upstream.answer = script;
  await house.ask("POST", "/v1/chat/completions", { model: `openai/${script}`, messages: [{ role: "user", content: script }] }, { Authorization: `Bearer ${key.value}` });
  await new Promise((r) => setTimeout(r, 1200));
  const id = (await house.ask("GET", "/api/logs?limit=1")).body.logs[0].id;
  const page = await house.visit("dashboard?by=virtual_key");
  for (const path of ["dashboard?by=model", "logs", `logs?id=${id}`, "virtual-keys", `virtual-keys?id=${key.id}`, "teams", `teams?id=${team.id}`, "customers", "limits", `logs?content_search=${encodeURIComponent(script)}`, `virtual-keys?search=${encodeURIComponent(script)}`, `models?query=${encodeURIComponent(script)}`, `playground?model=${encodeURIComponent(script)}`, `playground?replay=${id}`, `login?return=${encodeURIComponent("javascript:window.hacked=1")}`]) {
    await page.go(path);
    await page.waitForTimeout(150);
    assert.equal(await page.evaluate(() => window.hacked), undefined, path);
  }
  assert.deepEqual(page.broken, []);
});

test("after signing in a page of another site is never where one is led", async () => {
  for (const to of ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]) {
    const page = await locked.visit(`login?return=${encodeURIComponent(to)}`);
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password").fill(admin.admin_password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => !url.pathname.endsWith("/login"));
    assert.equal(new URL(page.url()).origin, locked.address, to);
  }
});
