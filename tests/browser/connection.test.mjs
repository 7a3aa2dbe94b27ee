// A page outlives its connection and its gateway.
import assert from "node:assert/strict";
import test from "node:test";
import { configOf, gateway, live, provider } from "./house.mjs";

const upstream = await provider();
const house = await gateway({ config: configOf(upstream) });

test("after a restart of the gateway one is at the same place with what one typed", async () => {
  const page = await house.visit("providers?new=true");
  await page.getByRole("button", { name: "A known provider" }).waitFor();
  await page.getByLabel("Name", { exact: true }).fill("half typed");
  await page.getByLabel("Key", { exact: true }).fill("sk-never-kept-in-the-browser");
  await page.evaluate(() => (window.before = true));
  const port = house.port;
  await house.stop("SIGKILL");
  await page.getByText("Connection lost").waitFor();
  await house.start(port);
  await page.waitForFunction(() => !window.before && document.querySelector("#token-name")?.value === "half typed", undefined, { timeout: 20000 });
  await live(page);
  assert.match(page.url(), /providers\?new=true$/);
  assert.equal(await page.getByLabel("Key", { exact: true }).inputValue(), "");
  assert.ok(!(await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))).includes("sk-never-kept"));
  assert.ok(await page.locator("#connection").isHidden());
});

test("a connection that breaks for a moment is taken up again without a new page", async () => {
  const page = await house.visit("about");
  await page.evaluate(() => (window.same = true));
  const client = await page.context().newCDPSession(page);
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await page.waitForTimeout(300);
  await client.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await page.getByRole("link", { name: "Providers", exact: true }).click();
  await page.getByRole("heading", { name: "Providers" }).waitFor();
  assert.equal(await page.evaluate(() => window.same), true);
});

test("when the connection stands already, nothing goes on saying that it is lost", async () => {
  const page = await house.visit("about");
  await page.addInitScript(() => {
    const Real = WebSocket;
    window.WebSocket = class extends Real {
      constructor(...args) {
        super(...args);
        window.socket = this;
      }
    };
  });
  await page.go("about");
  await page.evaluate(() => {
    window.same = true;
    const real = Blazor.reconnect;
    // As when another try was quicker: it stands, and the handler hears of it before the loss of the first one.
    Blazor.reconnect = async () => {
      const stands = await real();
      document.querySelector("#connection").hidden = false;
      return stands;
    };
    window.socket.close();
  });
  await page.waitForFunction(() => window.socket.readyState === WebSocket.OPEN && document.querySelector("#connection").hidden);
  await page.getByRole("link", { name: "Providers", exact: true }).click();
  await page.getByRole("heading", { name: "Providers" }).waitFor();
  assert.equal(await page.evaluate(() => window.same), true);
  assert.ok(await page.locator("#connection").isHidden());
});
