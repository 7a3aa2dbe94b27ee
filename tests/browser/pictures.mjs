// Takes the pictures of the README from a lively demo: node tests/browser/pictures.mjs ADDRESS
import { fileURLToPath } from "node:url";
import { open } from "./browser.mjs";

const address = process.argv[2];
const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const { browser, page } = await open(address);
const go = async (path) => {
  await page.goto(`${address}/ui/${path}`);
  await page.waitForSelector("html[data-live=true]");
  await page.waitForTimeout(800);
};
const take = (name) => page.screenshot({ path: `${folder}${name}.png` });
await go("dashboard");
await take("dashboard");
await go("virtual-keys");
await take("virtual-keys");
const rows = await (await fetch(`${address}/api/logs?limit=1`)).json();
await go(`logs?id=${rows.logs[0].id}`);
await take("logs");
await go("playground?model=replicate/meta/meta-llama-3-8b-instruct,replicate/meta/meta-llama-3-70b-instruct");
await page.getByLabel("Message").fill("Say hello in five words.");
await page.keyboard.press("Control+Enter");
await page.locator("ul.took").nth(1).waitFor();
await take("playground");
await browser.close();
