// Debian's Chromium, driven as a person would drive it.
import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const programs = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const executablePath = programs.find((p) => p && existsSync(p));
  if (!executablePath) throw new Error("There is no Chromium. ./test installs Debian's; elsewhere set CHROMIUM to its path.");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-features=PreloadTopChromeWebUI"] });
}

export async function open(address, { dark = false, narrow = false, scripts = true, browser } = {}) {
  browser ??= await launch();
  const context = await browser.newContext({
    baseURL: address,
    colorScheme: dark ? "dark" : "light",
    viewport: narrow ? { width: 360, height: 740 } : { width: 1440, height: 900 },
    timezoneId: "Europe/Berlin",
    javaScriptEnabled: scripts,
  });
  // Slower than this is a defect, on a busy machine too.
  context.setDefaultTimeout(20_000);
  return { browser, context, page: await context.newPage() };
}

/** What axe finds against WCAG 2.2 AA, one line each; empty when it finds nothing. */
export async function violations(page) {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim() ?? v.help}`));
}
