// Leaves pages open for a long time and writes down, each minute, what they and their gateway take: node watch.mjs ADDRESS FILE PATH… [options]
//   --minutes N      62
//   --model NAME     asked --rate times a second meanwhile (3), so that there is something to show
//   --pid N          the gateway, for its memory
//   --bound 0.05     how much more the last fifth may take than the second
// Exit code 1: something grew, or a page was loaded anew or is not live at the end.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { open } from "./browser.mjs";

const text = (value) => ({ type: "string", default: value });
const { values: given, positionals } = parseArgs({ allowPositionals: true, options: { minutes: text("62"), model: text(), rate: text("3"), pid: text(), bound: text("0.05") } });
const [address, file, ...paths] = positionals;

const { browser, context, page } = await open(address);
const seen = [];
for (const path of paths) {
  const tab = seen.length === 0 ? page : await context.newPage();
  tab.on("pageerror", (e) => console.log(`${path}: ${e.message}`));
  await tab.goto(`${address}/ui/${path}`);
  await tab.waitForSelector("html[data-live=true]");
  // A page that was loaded anew forgets this.
  await tab.evaluate(() => (window.stayed = true));
  const wire = await context.newCDPSession(tab);
  await wire.send("Performance.enable");
  seen.push({ path, tab, wire });
}

let asked = 0;
let failed = 0;
const asking =
  given.model &&
  setInterval(async () => {
    asked++;
    try {
      const body = JSON.stringify({ model: given.model, messages: [{ role: "user", content: `Question ${asked} of a long hour.` }] });
      const answer = await fetch(`${address}/v1/chat/completions`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      await answer.text();
      if (!answer.ok) failed++;
    } catch {
      failed++;
    }
  }, 1000 / Number(given.rate));

const memory = () => {
  if (!given.pid) return undefined;
  const rss = readFileSync(`/proc/${given.pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/);
  return rss ? Number(rss[1]) / 1024 : undefined;
};
const told = async () => {
  const page = await (await fetch(`${address}/metrics`)).text();
  const of = (name) => page.match(new RegExp(`^${name}(?:\\{[^}]*\\})? ([\\d.e+]+)`, "m"))?.[1];
  const heap = of("process_runtime_dotnet_gc_heap_size_bytes") ?? of("dotnet_gc_heap_size_bytes") ?? of("process_managed_memory_bytes");
  return heap ? Number(heap) / 1048576 : undefined;
};

const rows = [];
const names = [...seen.flatMap((s) => [`${s.path} heap MB`, `${s.path} nodes`, `${s.path} listeners`]), "gateway RSS MB", "gateway heap MB"];
writeFileSync(file, `minute\t${names.join("\t")}\tlive\tasked\tfailed\n`);
let isLive = true;
let isSame = true;
for (let minute = 0; minute <= Number(given.minutes); minute++) {
  const until = Date.now() + 60_000;
  const row = [];
  // A connection may be lost for a while; a page that had to be loaded anew has not come through.
  isLive = true;
  for (const { path, tab, wire } of seen) {
    await wire.send("HeapProfiler.enable");
    await wire.send("HeapProfiler.collectGarbage");
    await wire.send("HeapProfiler.disable");
    const { metrics } = await wire.send("Performance.getMetrics");
    const of = (name) => metrics.find((m) => m.name === name).value;
    row.push(of("JSHeapUsedSize") / 1048576, of("Nodes"), of("JSEventListeners"));
    const here = await tab.evaluate(() => ({ stayed: window.stayed === true, live: document.documentElement.dataset.live === "true", lost: document.querySelector("#connection")?.hidden === false }));
    isSame &&= here.stayed;
    if (!here.stayed || !here.live || here.lost) {
      isLive = false;
      console.log(`minute ${minute}: ${path}: ${JSON.stringify(here)}`);
    }
  }
  row.push(memory(), await told());
  rows.push(row);
  appendFileSync(file, `${minute}\t${row.map((v) => (v === undefined ? "" : v >= 1000 ? Math.round(v) : v.toFixed(2))).join("\t")}\t${isLive}\t${asked}\t${failed}\n`);
  await new Promise((r) => setTimeout(r, Math.max(0, until - Date.now())));
}
clearInterval(asking);

const fifth = (n, column) => {
  const part = rows.slice(Math.floor((rows.length * n) / 5), Math.floor((rows.length * (n + 1)) / 5)).map((r) => r[column]);
  return part.reduce((sum, v) => sum + v, 0) / part.length;
};
let grew = false;
names.forEach((name, column) => {
  if (rows[0][column] === undefined) return;
  const [then, now] = [fifth(1, column), fifth(4, column)];
  const isMore = now > then * (1 + Number(given.bound));
  grew ||= isMore;
  const line = `${name}: ${then.toFixed(2)} → ${now.toFixed(2)} (${((now / then - 1) * 100).toFixed(1)} %)${isMore ? "  GREW" : ""}`;
  console.log(line);
  appendFileSync(file, `# ${line}\n`);
});
await browser.close();
process.exitCode = grew || !isLive || !isSame ? 1 : 0;
