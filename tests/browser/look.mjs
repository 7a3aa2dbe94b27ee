// Takes pictures of pages for a person to look at, and says what a machine can see: node look.mjs ADDRESS FOLDER PATH… [options]
//   --dark, --narrow        the other theme; 360 px
//   --width N, --height N   of the window; with --height the picture is of the window only, as it is first seen
//   --axe                   what axe finds
//   --slow                  1.6 Mbit/s and 150 ms, as on a phone; pictures of the way there are taken too
//   --block PATTERN         requests of the browser that fail, such as **/_blazor**; may be given several times
//   --keys "Tab Tab Enter"  pressed before the picture; says after each what has the focus
//   --wait N                milliseconds until the picture
//   --user NAME:PASSWORD    signs in first
//   --montage               pictures beside each other, some to a sheet: montage-1.png …
import { mkdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { cut, open, violations } from "./browser.mjs";

const flag = { type: "boolean", default: false };
const text = { type: "string" };
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...{ dark: flag, narrow: flag, axe: flag, slow: flag, montage: flag },
    ...{ width: text, height: text, keys: text, wait: text, user: text, block: { type: "string", multiple: true, default: [] } },
  },
});
const [address, folder, ...paths] = positionals;
mkdirSync(folder, { recursive: true });
const { browser, context, page } = await open(address, given);
const size = page.viewportSize();
await page.setViewportSize({ width: Number(given.width ?? size.width), height: Number(given.height ?? size.height) });
page.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(`${m.type()}: ${m.text()}`));
page.on("pageerror", (e) => console.log(`pageerror: ${e.message}`));
if (given.user) {
  const [username, ...password] = given.user.split(":");
  await page.goto(`${address}/ui/login`);
  await page.evaluate((who) => fetch("/api/session/login", { method: "POST", headers: { "Content-Type": "application/json", "X-Requested-With": "bifrost-ui" }, body: JSON.stringify(who) }), { username, password: password.join(":") });
}
for (const pattern of given.block) await page.route(pattern, (route) => route.abort());
if (given.slow) {
  const wire = await context.newCDPSession(page);
  await wire.send("Network.enable");
  await wire.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 94_000 });
}
await page.addInitScript(() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts.push({ value: shift.value, of: shift.sources.map((s) => s.node?.nodeType === 1 ? `${s.node.tagName.toLowerCase()}.${s.node.className}` : s.node?.nodeName) });
  }).observe({ type: "layout-shift", buffered: true });
});

const focused = () =>
  page.evaluate(() => {
    const at = document.activeElement;
    const box = at.getBoundingClientRect();
    const seen = getComputedStyle(at).outlineStyle !== "none" || at.matches("h1, h2, main");
    const where = box.width * box.height === 0 || box.bottom < 0 || box.top > innerHeight ? "  OUT OF SIGHT" : "";
    return `${at.tagName.toLowerCase()} ${(at.getAttribute("aria-label") ?? at.innerText ?? at.id ?? "").trim().replace(/\s+/g, " ").slice(0, 50)}${seen ? "" : "  NO RING"}${where}`;
  });

const taken = [];
for (const path of paths) {
  const name = `${folder}/${path.replace(/[^a-z0-9]+/gi, "-") || "home"}${given.dark ? "-dark" : ""}${given.narrow ? "-narrow" : ""}`;
  const take = async (suffix = "") => {
    await page.screenshot({ path: `${name}${suffix}.png`, fullPage: !given.height });
    taken.push(`${name}${suffix}.png`);
    console.log(`${name}${suffix}.png`);
  };
  const there = page.goto(`${address}/ui/${path}`, { waitUntil: given.slow ? "commit" : "load" });
  if (given.slow) {
    await there;
    await page.waitForSelector("main");
    await page.waitForTimeout(300);
    await take("-early");
  }
  await there;
  await page.waitForSelector("html[data-live=true]", { timeout: 10000 }).catch(() => console.log(`${path}: not live`));
  if (given.slow) await take("-live");
  await page.waitForTimeout(Number(given.wait ?? 700));
  for (const key of given.keys?.split(" ") ?? []) {
    await page.keyboard.press(key);
    await page.waitForTimeout(120);
    console.log(`  ${key.padEnd(10)} ${await focused()}`);
  }
  await take();
  for (const fault of await cut(page)) console.log(`  ${fault}`);
  const shifts = await page.evaluate(() => window.shifts);
  const moved = shifts.reduce((sum, s) => sum + s.value, 0);
  if (moved > 0.02) console.log(`  moved by ${moved.toFixed(3)}: ${[...new Set(shifts.flatMap((s) => s.of))].slice(0, 6).join(", ")}`);
  if (given.axe) for (const violation of await violations(page)) console.log(`  axe: ${violation}`);
}
if (given.montage) {
  const picture = (file) => `<figure style="margin:0"><figcaption>${file.split("/").pop()}</figcaption><img style="max-width:${given.narrow ? 240 : 640}px;max-height:800px;border:1px solid #888" src="data:image/png;base64,${readFileSync(file, "base64")}"></figure>`;
  const wall = await browser.newPage({ viewport: { width: 1320, height: 600 } });
  const many = given.narrow ? 10 : 6;
  for (let i = 0; i < taken.length; i += many) {
    await wall.setContent(`<body style="display:flex;flex-wrap:wrap;gap:12px;font:14px sans-serif;align-items:start;background:#ccc">${taken.slice(i, i + many).map(picture).join("")}`);
    await wall.screenshot({ path: `${folder}/montage-${1 + i / many}.png`, fullPage: true });
    console.log(`${folder}/montage-${1 + i / many}.png`);
  }
}
await browser.close();
