// What holds for every page: keys, theme, menu, a lost connection.
import assert from "node:assert/strict";
import test from "node:test";
import { gateway, live, violations } from "./house.mjs";

const house = await gateway({ args: ["--demo"] });

test("the palette opens with Ctrl K, finds by words and leads to the page", async () => {
  const page = await house.visit("about");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("spend forecast");
  assert.equal(await page.locator("#palette [role=option]:visible").count(), 1);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/ui/limits");
  assert.deepEqual(page.broken, []);
});

test("a question mark shows the keys, and Escape closes them", async () => {
  const page = await house.visit("about");
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keyboard-help").isVisible());
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  assert.ok(!(await page.locator("#keyboard-help").isVisible()));
});

test("a chosen theme holds on the next page and after a reload", async () => {
  const page = await house.visit("about");
  await page.getByLabel("Theme").selectOption("dark");
  await page.reload();
  await live(page);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await page.getByLabel("Theme").inputValue(), "dark");
});

test("on a narrow screen the menu opens and closes, and nothing scrolls sideways", async () => {
  const page = await house.visit("about", { narrow: true });
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("link", { name: "Teams" }).click();
  await page.waitForURL("**/ui/teams");
  assert.ok(!(await page.locator("#menu").isVisible()));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});

test("an address that leads nowhere says so", async () => {
  const page = await house.visit("about");
  await page.goto(`${house.address}/ui/no-such-page`);
  await page.getByText("There is no page at this address").waitFor();
});
