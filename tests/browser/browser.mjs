// Debian's Chromium, driven as a person would drive it.
import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

// The shell draws pages and no window around them: half the work.
const programs = [process.env.CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function launch() {
  const executablePath = programs.find((p) => p && existsSync(p));
  if (!executablePath) throw new Error("There is no Chromium. ./test installs Debian's; elsewhere set CHROMIUM to its path.");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
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
  const found = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    // There are no frames, and without them axe needs no second page to add up on.
    .setLegacyMode()
    .analyze();
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary?.split("\n")[1]?.trim() ?? v.help}`));
}

/** What hangs out of the window, and what is cut off and cannot be read by pointing at it, one line each. */
export const cut = (page) =>
  page.evaluate(() => {
    const found = document.documentElement.scrollWidth > innerWidth + 1 ? ["the page scrolls sideways"] : [];
    for (const element of document.querySelectorAll("main *, dialog[open] *, nav *")) {
      if (!element.checkVisibility() || !element.innerText?.trim() || element.closest(".visually-hidden, [title]") || element.querySelector("[title]")) continue;
      if (getComputedStyle(element).overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1) found.push(`${element.className || element.tagName}: ${element.innerText.slice(0, 60)}`);
    }
    return found;
  });
