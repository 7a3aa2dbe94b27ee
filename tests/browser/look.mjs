// Takes pictures of pages for a person to look at: node look.mjs ADDRESS FOLDER PATH… [--dark] [--narrow] [--axe]
import { mkdirSync } from "node:fs";
import { open, violations } from "./browser.mjs";

const [address, folder, ...rest] = process.argv.slice(2);
const flags = rest.filter((r) => r.startsWith("--"));
const paths = rest.filter((r) => !r.startsWith("--"));
mkdirSync(folder, { recursive: true });
const { browser, page } = await open(address, { dark: flags.includes("--dark"), narrow: flags.includes("--narrow") });
page.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(`${m.type()}: ${m.text()}`));
page.on("pageerror", (e) => console.log(`pageerror: ${e.message}`));
for (const path of paths) {
  await page.goto(`${address}/ui/${path}`);
  await page.waitForSelector("html[data-live=true]", { timeout: 10000 }).catch(() => console.log(`${path}: not live`));
  await page.waitForTimeout(700);
  const name = `${path.replace(/[^a-z0-9]+/gi, "-") || "home"}${flags.includes("--dark") ? "-dark" : ""}${flags.includes("--narrow") ? "-narrow" : ""}.png`;
  await page.screenshot({ path: `${folder}/${name}`, fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
  console.log(`${folder}/${name}${wide ? "  SCROLLS SIDEWAYS" : ""}`);
  if (flags.includes("--axe")) console.log(await violations(page));
}
await browser.close();
