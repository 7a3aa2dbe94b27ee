// How fast pages show and answer: node paint.mjs ADDRESS [loads]. First the first load of each page, then several; then what people do.
import { open } from "./browser.mjs";

const [address, loads = "7"] = process.argv.slice(2);
const { browser, page } = await open(address);
await page.addInitScript(() => {
  window.shown = {};
  new PerformanceObserver((list) => list.getEntries().forEach((e) => (window.shown[e.name] = e.startTime))).observe({ type: "paint", buffered: true });
  new PerformanceObserver((list) => (window.shown.largest = list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
  new MutationObserver(() => document.documentElement.dataset.live && (window.shown.live ??= performance.now())).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-live"] });
});
const middle = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const line = (name, list) => console.log(`${name.padEnd(44)} median ${Math.round(middle(list)).toString().padStart(5)}  worst ${Math.round(Math.max(...list)).toString().padStart(5)}  of ${list.length} (ms)`);

const load = async (path) => {
  await page.goto(`${address}/ui/${path}`);
  await page.waitForSelector("html[data-live=true]");
  await page.waitForTimeout(500);
  return page.evaluate(() => ({ first: window.shown["first-contentful-paint"], largest: window.shown.largest, live: window.shown.live, byte: performance.getEntriesByType("navigation")[0].responseStart }));
};
const paths = ["dashboard", "dashboard?period=30d", "logs", "logs?period=30d"];
for (const path of paths) console.log(`first load ${path}: ${JSON.stringify(await load(path), (_, v) => (typeof v === "number" ? Math.round(v) : v))}`);
for (const path of paths) {
  const seen = [];
  for (let i = 0; i < Number(loads); i++) seen.push(await load(path));
  for (const what of ["byte", "first", "largest", "live"]) line(`${path}: ${what}`, seen.map((s) => s[what]).filter((v) => v !== undefined));
}

// From the press to the frame after the page shows what was asked for. Measured in the page, so that the driver's own time is not in it.
const timed = (press, done, arg) =>
  page.evaluate(
    ([press, done, arg]) =>
      new Promise((resolve, reject) => {
        const isDone = new Function("arg", `return (${done})(arg)`);
        const target = new Function("arg", `return (${press})(arg)`)(arg);
        const began = performance.now();
        const limit = setTimeout(() => reject(new Error("never")), 20_000);
        const check = () => {
          if (!isDone(arg)) return;
          watcher.disconnect();
          clearTimeout(limit);
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
        };
        const watcher = new MutationObserver(check);
        watcher.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        target.click();
        check();
      }),
    [String(press), String(done), arg],
  );
const several = async (name, times, act) => {
  const took = [];
  for (let i = 0; i < times; i++) {
    // Nothing within 20 s: said, and not counted.
    await act(i).then((ms) => took.push(ms), () => console.log(`${name}: nothing came`));
    await page.waitForTimeout(600);
  }
  if (took.length > 0) line(name, took);
};

await load("dashboard");
const periods = ["7 d", "30 d", "1 h", "24 h"];
const titles = await page.locator('[aria-label="Period"] button').allInnerTexts();
await several(`dashboard: period pressed (${titles.join(", ")})`, 8, (i) =>
  timed((t) => [...document.querySelectorAll('[aria-label="Period"] button')].find((b) => b.innerText === t), (t) => [...document.querySelectorAll('[aria-label="Period"] button')].find((b) => b.innerText === t).getAttribute("aria-pressed") === "true", titles[i % titles.length]),
);
for (const title of titles) {
  await several(`dashboard: sums of ${title} there`, 4, async (i) => {
    const other = titles[(titles.indexOf(title) + 1) % titles.length];
    await page.getByLabel("Period").getByRole("button", { name: other, exact: true }).click();
    await page.waitForTimeout(1500);
    await page.evaluate(() => (window.was = document.querySelector(".stats").innerText));
    return timed((t) => [...document.querySelectorAll('[aria-label="Period"] button')].find((b) => b.innerText === t), () => document.querySelector(".stats").innerText !== window.was && !document.querySelector(".stats .skeleton"), title);
  });
}
await several("dashboard: by another dimension", 6, (i) =>
  timed((n) => document.querySelectorAll('[aria-label="By"] button')[n], (n) => document.querySelectorAll('[aria-label="By"] button')[n].getAttribute("aria-pressed") === "true", (i + 1) % 4),
);

await load("logs");
await several("logs: drawer there", 8, async (i) => {
  const took = await timed((n) => document.querySelectorAll(".logs-table tbody tr")[n], () => document.querySelector("dialog.sheet[open]"), i);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  return took;
});
await several("logs: drawer with its content", 8, async (i) => {
  const took = await timed((n) => document.querySelectorAll(".logs-table tbody tr")[n + 8], () => document.querySelector("dialog.sheet .tabs"), i);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog.sheet"));
  return took;
});
const firstRow = () => page.evaluate(() => (window.row = document.querySelector(".logs-table tbody tr")?.dataset.row));
await several("logs: older", 8, async () => {
  await firstRow();
  return timed(() => [...document.querySelectorAll("main nav a, main nav button")].find((b) => /Older|Next/.test(b.innerText)), () => document.querySelector(".logs-table tbody tr")?.dataset.row !== window.row && !document.querySelector(".is-busy"));
});
await load("logs");
// The newest row must go, or nothing would be seen to have come.
const newest = await page.evaluate(() => document.querySelector(".logs-table tbody tr").innerText);
const status = newest.includes("error") ? 0 : 1;
await several(`logs: filtered by status ${["success", "error"][status]}, and back`, 8, async () => {
  await firstRow();
  return timed((n) => document.querySelectorAll("#logs-status input[type=checkbox]")[n], () => document.querySelector(".logs-table tbody tr")?.dataset.row !== window.row && !document.querySelector(".is-busy"), status);
});
await load("logs");
for (const title of await page.locator('[aria-label="Period"] button').allInnerTexts()) {
  await several(`logs: period ${title} pressed`, 3, async () => {
    await load("logs");
    await page.getByLabel("Period").getByRole("button", { name: title === titles[0] ? titles.at(-1) : titles[0], exact: true }).click();
    await page.waitForTimeout(1500);
    return timed((t) => [...document.querySelectorAll('[aria-label="Period"] button')].find((b) => b.innerText === t), (t) => [...document.querySelectorAll('[aria-label="Period"] button')].find((b) => b.innerText === t).getAttribute("aria-pressed") === "true" && !document.querySelector(".is-busy"), title);
  });
}
await load("logs?period=30d");
await several("logs, 30 d: sums there after a load", 4, async () => {
  await page.goto(`${address}/ui/logs?period=30d`);
  await page.waitForFunction(() => document.querySelector(".stats .value") && document.querySelector(".stats .value").innerText !== "…");
  return page.evaluate(() => performance.now());
});
await browser.close();
